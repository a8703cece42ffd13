/* Making a plan: inputs, nodes, outputs. */
#include "engine/engine.h"

#include "base/alloc.h"
#include "engine/move.h"
#include "ops/list.h"

tnn_engine_options tnn_engine_options_default(void) {
    return (tnn_engine_options){.n_threads = 1};
}

/* ---- inputs and outputs ---- */

/* The caller's array of a value, dense. */
static tnn_status array_place(tnn_planner *p, const tnn_value *value, tnn_buffer_kind kind, size_t index,
                              tnn_place *out, tnn_error *err) {
    tnn_order plain = tnn_order_plain(value->shape.rank);
    tnn_buffer buffer = {.kind = kind, .index = index};
    *out = (tnn_place){.dtype = value->dtype, .rank = value->shape.rank};
    for (uint8_t d = 0; d < out->rank; d++) out->dims[d] = value->shape.dims[d].hint;
    tnn_order_strides(&plain, out->dims, out->strides);
    return tnn_plan_buffer(p, &buffer, &out->buffer, err);
}

/* Does a convolution or pool over images read it, which wants channels innermost? */
static bool feeds_window(const tnn_value *value) {
    for (size_t i = 0; i < value->n_users; i++) {
        const tnn_op_row *row = tnn_op_row_of(value->users[i]->op);
        if (row != NULL && row->op_class == TNN_CLASS_WINDOW && value->shape.rank > 2) return true;
    }
    return false;
}

/* A copy, which a watch may write to, in the order that its reader wants. */
static tnn_status plan_input(tnn_planner *p, size_t index, tnn_error *err) {
    tnn_value **value = &p->engine->graph->inputs[index];
    uint8_t rank = (*value)->shape.rank;
    bool image = feeds_window(*value) && (*value)->dtype == TNN_DTYPE_F32;
    tnn_order order = image ? tnn_order_channels_last(rank, rank - 2u) : tnn_order_plain(rank);
    tnn_place from, to;
    TNN_TRY(array_place(p, *value, TNN_BUFFER_INPUT, index, &from, err));
    TNN_TRY(tnn_plan_result(p, *value, &order, &to, err));
    tnn_step step = {.run = tnn_run_copy, .in = &from, .n_in = 1, .out = &to, .n_out = 1, .ready = value, .n_ready = 1};
    return tnn_plan_add(p, &step, err);
}

static tnn_status plan_output(tnn_planner *p, size_t index, tnn_error *err) {
    const tnn_value *value = p->engine->graph->outputs[index];
    tnn_place from, to;
    TNN_TRY(tnn_plan_get(p, value, &from, err));
    TNN_TRY(array_place(p, value, TNN_BUFFER_OUTPUT, index, &to, err));
    return tnn_plan_add_copy(p, &from, &to, err);
}

/* ---- nodes ---- */

/* Kernels count on elements; what has none is left to the reference kernels. */
static bool has_elems(const tnn_value *value) {
    int64_t n;
    return value == NULL || (tnn_shape_count(&value->shape, &n) && n > 0);
}

static bool all_have_elems(const tnn_node *node) {
    for (size_t i = 0; i < tnn_node_n_operands(node); i++) {
        if (!has_elems(tnn_node_operand(node, i))) return false;
    }
    for (uint32_t i = 0; i < node->n_outputs; i++) {
        if (!has_elems(node->outputs[i])) return false;
    }
    return true;
}

static tnn_status plan_node(tnn_planner *p, const tnn_node *node, tnn_error *err) {
    bool done = false;
    if (tnn_op_row_of(node->op) == NULL)
        return tnn_fail(err, TNN_ERR_UNSUPPORTED, tnn_node_where(node), "%s has no kernel", node->op->name);
    const tnn_plan_row *row = &tnn_plan_rows[node->op->id];
    bool fits = row->plan != NULL && (row->activates || node->activation == TNN_ACT_NONE) && all_have_elems(node);
    if (fits) TNN_TRY(row->plan(p, node, &done, err));
    if (done) return TNN_OK;
    p->engine->n_reference++;
    return tnn_plan_reference(p, node, &done, err);
}

static tnn_status plan_graph(tnn_planner *p, tnn_error *err) {
    const tnn_graph *g = p->engine->graph;
    for (size_t i = 0; i < g->n_inputs; i++) TNN_TRY(plan_input(p, i, err));
    for (const tnn_node *node = g->first; node != NULL; node = node->next) TNN_TRY(plan_node(p, node, err));
    for (size_t i = 0; i < g->n_outputs; i++) TNN_TRY(plan_output(p, i, err));
    return TNN_OK;
}

/* ---- the engine ---- */

static void free_dnnl(void *dnnl) {
    tnn_dnnl_free(dnnl);
}

static tnn_status fill_engine(tnn_engine *e, const tnn_engine_options *options, tnn_error *err) {
    tnn_planner p = {.engine = e, .options = options};
    e->n_threads = options->n_threads;
    e->n_values = e->graph->model->next_value_id;
    e->places = TNN_NEW_ARRAY(e->arena, e->n_values, tnn_place);
    e->is_computed = p.placed = TNN_NEW_ARRAY(e->arena, e->n_values, bool);
    p.copies = TNN_NEW_ARRAY(e->arena, e->n_values, tnn_plan_copy *);
    if (e->places == NULL || p.placed == NULL || p.copies == NULL) return tnn_fail_nomem(err);
    TNN_TRY(tnn_dnnl_new(&e->dnnl, err));
    tnn_status status = tnn_arena_defer(e->arena, free_dnnl, e->dnnl);
    if (status != TNN_OK) {
        tnn_dnnl_free(e->dnnl);
        return tnn_fail_nomem(err);
    }
    int threads_before = tnn_dnnl_set_threads(e->n_threads);
    status = plan_graph(&p, err);
    tnn_dnnl_set_threads(threads_before);
    return status;
}

tnn_status tnn_engine_new(tnn_engine **out, const tnn_graph *graph, const tnn_engine_options *options, tnn_error *err) {
    tnn_engine_options defaults = tnn_engine_options_default();
    tnn_arena *arena = tnn_arena_new();
    tnn_engine *e = arena != NULL ? TNN_NEW(arena, tnn_engine) : NULL;
    *out = NULL;
    if (e == NULL) {
        tnn_arena_free(arena);
        return tnn_fail_nomem(err);
    }
    e->arena = arena;
    e->graph = graph;
    tnn_status status = fill_engine(e, options != NULL ? options : &defaults, err);
    if (status == TNN_OK) *out = e;
    else tnn_engine_free(e);
    return status;
}

void tnn_engine_free(tnn_engine *engine) {
    if (engine != NULL) tnn_arena_free(engine->arena);
}

size_t tnn_engine_n_reference(const tnn_engine *engine) {
    return engine->n_reference;
}

size_t tnn_engine_n_nodes(const tnn_engine *engine) {
    return engine->graph->n_nodes;
}
