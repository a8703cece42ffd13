#include "tflite/lower.h"

#include <string.h>

#include "ir/lacks.h"
#include "ir/recipe.h"
#include "ops/list.h"
#include "tflite/half_weights.h"
#include "tflite/layout.h"
#include "tflite/sharing.h"

/* ---- shapes ---- */

tnn_box tnn_box_make(uint8_t rank, const int64_t *dims) {
    tnn_box out = {.rank = rank};
    for (uint8_t k = 0; k < rank; k++) out.at[k] = dims[k];
    return out;
}

int64_t tnn_box_count(const tnn_box *dims) {
    int64_t n = 1;
    for (uint8_t k = 0; k < dims->rank; k++) n *= dims->at[k];
    return n;
}

bool tnn_box_equal(const tnn_box *a, const tnn_box *b) {
    return a->rank == b->rank && memcmp(a->at, b->at, a->rank * sizeof a->at[0]) == 0;
}

tnn_box tnn_box_of(const tnn_value *tensor) {
    tnn_box out = {.rank = tensor->shape.rank};
    for (uint8_t k = 0; k < out.rank; k++) out.at[k] = tensor->shape.dims[k].hint;
    return out;
}

tnn_status tnn_lower_dims(const tnn_value *value, tnn_box *out, tnn_error *err) {
    int64_t dims[TNN_MAX_ATOMS];
    uint8_t rank;
    TNN_TRY(tnn_layout_physical(value, &rank, dims, err));
    *out = tnn_box_make(rank, dims);
    return TNN_OK;
}

uint8_t tnn_lower_axis(const tnn_value *value, uint8_t dim) {
    uint8_t positions[TNN_MAX_ATOMS];
    (void)tnn_layout_positions(value, dim, positions);
    return positions[0];
}

/* ---- what holds a source value ---- */

void tnn_lower_set(tnn_lower *l, const tnn_value *value, tnn_value *tensor) { l->held[value->id] = tensor; }

tnn_status tnn_lower_get_any(tnn_lower *l, const tnn_value *value, tnn_value **out, tnn_error *err) {
    if (l->held[value->id] == NULL) {
        if (value->constant == NULL)
            return tnn_fail(err, TNN_ERR_INTERNAL, value->name, "read before it is made");
        const tnn_recipe *recipe;
        TNN_TRY(tnn_layout_recipe(value, l->arena, &recipe, err));
        TNN_TRY(tnn_graph_constant(&l->held[value->id], l->out, value->name, recipe, err));
    }
    *out = l->held[value->id];
    return TNN_OK;
}

tnn_status tnn_lower_get_shaped(tnn_lower *l, const tnn_value *value, const tnn_box *dims, tnn_value **out,
                                tnn_error *err) {
    tnn_value *tensor = NULL;
    TNN_TRY(tnn_lower_get_any(l, value, &tensor, err));
    return tnn_lower_reshape(l, tensor, dims, out, err);
}

tnn_status tnn_lower_get(tnn_lower *l, const tnn_value *value, tnn_value **out, tnn_error *err) {
    tnn_box dims;
    TNN_TRY(tnn_lower_dims(value, &dims, err));
    return tnn_lower_get_shaped(l, value, &dims, out, err);
}

/* ---- names ---- */

/* The tensor among the results so far that has this name. */
static tnn_value *find_named(const tnn_graph *g, const char *name) {
    for (const tnn_node *n = g->last; n != NULL; n = n->prev)
        for (uint32_t k = 0; k < n->n_outputs; k++)
            if (strcmp(n->outputs[k]->name, name) == 0) return n->outputs[k];
    return NULL;
}

/* A name that nothing in the graph has; the next value that wants it gets number 1 behind it. */
static tnn_status take_name(tnn_lower *l, const char *name, tnn_error *err) {
    uint32_t *next = TNN_NEW(l->out->value_names.arena, uint32_t);
    if (next == NULL) return tnn_fail_nomem(err);
    *next = 1;
    return tnn_strmap_set(&l->out->value_names, name, next) == TNN_OK ? TNN_OK : tnn_fail_nomem(err);
}

tnn_status tnn_lower_name(tnn_lower *l, tnn_value *tensor, const char *name, tnn_error *err) {
    if (strcmp(tensor->name, name) == 0) return TNN_OK;
    tnn_value *holder = find_named(l->out, name);
    if (holder != NULL) holder->name = tensor->name;
    else if (tnn_strmap_find(&l->out->value_names, name) != NULL) return TNN_OK;
    else TNN_TRY(take_name(l, name, err));
    tensor->name = name;
    return TNN_OK;
}

/* ---- the driver ---- */

static tnn_status declare_input(tnn_lower *l, tnn_value *value, tnn_error *err) {
    tnn_box dims;
    TNN_TRY(tnn_lower_dims(value, &dims, err));
    tnn_shape shape = {.rank = dims.rank};
    for (uint8_t k = 0; k < dims.rank; k++) shape.dims[k] = tnn_size_const(dims.at[k]);
    TNN_TRY(tnn_graph_input(&l->held[value->id], l->out, value->name, value->dtype, &shape, err));
    l->held[value->id]->quant = value->quant;
    return TNN_OK;
}

/* An output of the file must be made by an operator, under its own shape, and once. */
static tnn_status make_output(tnn_lower *l, tnn_value *tensor, const tnn_box *dims, const char *name, tnn_value **out,
                              tnn_error *err) {
    tnn_value *shape;
    tnn_box one = {.rank = 1, .at = {dims->rank}};
    tnn_emit e;
    l->node = NULL;
    TNN_TRY(tnn_lower_ints(l, "output_shape", dims->at, &one, &shape, err));
    TNN_TRY(tnn_emit_begin(&e, l, &tnn_tfl_RESHAPE, err));
    tnn_emit_tensor(&e, tensor);
    tnn_emit_tensor(&e, shape);
    return tnn_emit_end(&e, name, tensor->dtype, dims, out, err);
}

static bool is_output(const tnn_graph *g, const tnn_value *tensor) {
    return tnn_value_n_output_uses(g, tensor) > 0;
}

static tnn_status declare_output(tnn_lower *l, size_t index, tnn_error *err) {
    const tnn_value *value = l->source->outputs[index];
    const char *name = l->source->output_names[index];
    tnn_value *tensor = NULL;
    tnn_box dims;
    l->node = value->producer;
    TNN_TRY(tnn_lower_dims(value, &dims, err));
    TNN_TRY(tnn_lower_get(l, value, &tensor, err));
    if (tensor->producer == NULL || is_output(l->out, tensor))
        TNN_TRY(make_output(l, tensor, &dims, name, &tensor, err));
    else
        TNN_TRY(tnn_lower_name(l, tensor, value->name, err));
    return tnn_graph_output(l->out, tensor, name, err);
}

/* Stand-ins for the results of a node that could not be lowered, so that the others are still looked at. */
static tnn_status hold_stand_ins(tnn_lower *l, const tnn_node *node, tnn_error *err) {
    for (uint32_t k = 0; k < node->n_outputs; k++) {
        tnn_box dims;
        TNN_TRY(tnn_lower_dims(node->outputs[k], &dims, err));
        tnn_shape shape = {.rank = dims.rank};
        for (uint8_t d = 0; d < dims.rank; d++) shape.dims[d] = tnn_size_const(dims.at[d]);
        TNN_TRY(tnn_graph_value(&l->held[node->outputs[k]->id], l->out, node->outputs[k]->name,
                                node->outputs[k]->dtype, &shape, err));
    }
    return TNN_OK;
}

static bool has_tflite_type(tnn_dtype dtype) {
    switch (dtype) {
    case TNN_DTYPE_BOOL: case TNN_DTYPE_U8: case TNN_DTYPE_I8: case TNN_DTYPE_I16: case TNN_DTYPE_I32:
    case TNN_DTYPE_I64: case TNN_DTYPE_F32: return true;
    case TNN_DTYPE_F16: case TNN_DTYPE_BF16: case TNN_DTYPE_F64: case TNN_DTYPE_NONE: case TNN_DTYPE_COUNT: break;
    }
    return false;
}

bool tnn_lower_is_empty(const tnn_value *value) {
    for (uint8_t d = 0; d < value->shape.rank; d++)
        if (value->shape.dims[d].hint == 0) return true;
    return false;
}

/* What can be computed without elements has been (passes/fold_constants.c); with other operands beside, kernels give
 * wrong results or crash. */
static tnn_status check_operand(const tnn_node *node, const tnn_value *operand, tnn_error *err) {
    if (!has_tflite_type(operand->dtype))
        return tnn_lower_refuse(node, err, "%s has no TFLite kernels", tnn_dtype_name(operand->dtype));
    if (tnn_lower_is_empty(operand) && !tnn_node_is(node, TNN_OP_cat))
        return tnn_lower_refuse(node, err, "an operand has no elements");
    return TNN_OK;
}

static tnn_status check_types(const tnn_node *node, tnn_error *err) {
    for (size_t s = 0; s < tnn_node_n_operands(node); s++) {
        const tnn_value *v = tnn_node_operand(node, s);
        if (v != NULL) TNN_TRY(check_operand(node, v, err));
    }
    for (uint32_t k = 0; k < node->n_outputs; k++)
        if (!has_tflite_type(node->outputs[k]->dtype))
            return tnn_lower_refuse(node, err, "%s has no TFLite kernels", tnn_dtype_name(node->outputs[k]->dtype));
    return TNN_OK;
}

/* The tensor that a node's last operator made is called as the node's result, and stored as it. */
static tnn_status name_results(tnn_lower *l, const tnn_node *node, uint32_t first_new, tnn_error *err) {
    for (uint32_t k = 0; k < node->n_outputs; k++) {
        tnn_value *tensor = l->held[node->outputs[k]->id];
        if (tensor == NULL || tensor->id < first_new) continue;
        TNN_TRY(tnn_lower_name(l, tensor, node->outputs[k]->name, err));
        tensor->quant = node->outputs[k]->quant;
    }
    return TNN_OK;
}

static tnn_status lower_node(tnn_lower *l, const tnn_node *node, tnn_lack_set *lacks, tnn_error *err) {
    tnn_error own;
    uint32_t first_new = l->out->model->next_value_id;
    l->node = node;
    tnn_status status = check_types(node, &own);
    if (status == TNN_OK) status = tnn_lower_row_of(node)->lower(l, node, &own);
    if (status == TNN_OK) status = name_results(l, node, first_new, &own);
    if (status != TNN_OK && status != TNN_ERR_UNSUPPORTED && err != NULL) *err = own;
    if (status != TNN_ERR_UNSUPPORTED) return status;
    TNN_TRY(tnn_lack_set_add(lacks, node->op->name, own.message, node->scope, node->source, err));
    return hold_stand_ins(l, node, err);
}

static tnn_status lower_all(tnn_lower *l, tnn_lack_set *lacks, tnn_error *err) {
    for (size_t i = 0; i < l->source->n_inputs; i++) TNN_TRY(declare_input(l, l->source->inputs[i], err));
    for (const tnn_node *n = l->source->first; n != NULL; n = n->next) TNN_TRY(lower_node(l, n, lacks, err));
    if (lacks->n_uses > 0) return TNN_OK;
    for (size_t i = 0; i < l->source->n_outputs; i++) TNN_TRY(declare_output(l, i, err));
    return TNN_OK;
}

/* What concerns the file as a whole. */
static tnn_status finish(const tnn_lower *l, tnn_error *err) {
    const tnn_lower_options *options = &l->options;
    if (options->dynamic_range != NULL)
        TNN_TRY(tnn_dynamic_range(l->out, options->dynamic_range, options->dynamic_stats, err));
    if (options->float16) TNN_TRY(tnn_half_weights(l->out, l->source->model, err));
    return tnn_sharing_guard(l->out, err);
}

tnn_status tnn_lower_graph(const tnn_graph *source, tnn_model *out_model, const tnn_lower_options *options,
                           tnn_lacks *lacks, tnn_graph **out, tnn_error *err) {
    tnn_lower l = {.source = source, .arena = out_model->arena};
    if (options != NULL) l.options = *options;
    TNN_TRY(tnn_graph_new(&l.out, out_model, source->name, err));
    l.n_held = source->model->next_value_id;
    l.held = TNN_NEW_ARRAY(l.arena, (size_t)l.n_held + 1, tnn_value *);
    if (l.held == NULL) return tnn_fail_nomem(err);
    tnn_lack_set set;
    tnn_lack_set_init(&set, l.arena);
    set.model = source->model;
    TNN_TRY(lower_all(&l, &set, err));
    if (set.n_uses == 0) TNN_TRY(finish(&l, err));
    *out = l.out;
    return tnn_lack_set_report(&set, source->model->path, lacks, err);
}
