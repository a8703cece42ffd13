/* Making steps: places of values, copies in other orders, buffers. */
#include "engine/engine_plan.h"

#include <string.h>

#include "base/alloc.h"
#include "engine/move.h"
#include "ops/row.h"

struct tnn_plan_copy {
    tnn_plan_copy *next;
    tnn_place place;
};

/* ---- buffers ---- */

tnn_status tnn_plan_buffer(tnn_planner *p, const tnn_buffer *buffer, uint32_t *index, tnn_error *err) {
    tnn_engine *e = p->engine;
    if (e->n_buffers >= UINT32_MAX) return tnn_fail(err, TNN_ERR_LIMIT, NULL, "the graph has too many values");
    e->buffers = tnn_arena_grow(e->arena, e->buffers, e->n_buffers, &e->cap_buffers, e->n_buffers + 1,
                                sizeof *e->buffers);
    if (e->buffers == NULL) return tnn_fail_nomem(err);
    *index = (uint32_t)e->n_buffers++;
    e->buffers[*index] = *buffer;
    e->buffers[*index].first = UINT32_MAX;
    return TNN_OK;
}

static void clear_tensor(void *tensor) {
    tnn_tensor_clear(tensor);
}

/* The engine has the numbers of `tensor` from now on. */
static tnn_status own_tensor(tnn_planner *p, tnn_tensor *tensor, tnn_place *out, tnn_error *err) {
    tnn_engine *e = p->engine;
    tnn_order plain = tnn_order_plain(tensor->rank);
    tnn_buffer buffer = {.kind = TNN_BUFFER_CONSTANT, .data = tensor->data};
    tnn_tensor *owned = tnn_arena_copy(e->arena, tensor, 1, sizeof *tensor);
    tnn_status status = owned != NULL ? tnn_arena_defer(e->arena, clear_tensor, owned) : tnn_fail_nomem(err);
    if (status != TNN_OK) {
        tnn_tensor_clear(tensor);
        return status;
    }
    *out = (tnn_place){.dtype = tensor->dtype, .rank = tensor->rank};
    memcpy(out->dims, tensor->dims, sizeof out->dims);
    tnn_order_strides(&plain, out->dims, out->strides);
    return tnn_plan_buffer(p, &buffer, &out->buffer, err);
}

/* ---- constants ---- */

static const void *replacement(const tnn_planner *p, const tnn_value *value) {
    for (size_t i = 0; i < p->options->n_constants; i++) {
        if (p->options->constants[i].value == value) return p->options->constants[i].data;
    }
    return NULL;
}

tnn_status tnn_plan_constant(tnn_planner *p, const tnn_value *value, tnn_tensor *out, tnn_error *err) {
    const void *data = replacement(p, value);
    *out = (tnn_tensor){0};
    if (data == NULL) return tnn_tensor_from_recipe(out, value->constant, err);
    int64_t dims[TNN_MAX_RANK];
    for (uint8_t d = 0; d < value->shape.rank; d++) dims[d] = value->shape.dims[d].hint;
    TNN_TRY(tnn_tensor_init(out, value->dtype, value->shape.rank, dims, err));
    memcpy(out->data, data, (size_t)out->n_elems * tnn_dtype_bytes(out->dtype));
    return TNN_OK;
}

tnn_status tnn_plan_number(tnn_planner *p, double number, tnn_place *out, tnn_error *err) {
    tnn_tensor tensor = {0};
    TNN_TRY(tnn_tensor_init(&tensor, TNN_DTYPE_F32, 0, NULL, err));
    tnn_tensor_set_number(&tensor, 0, number);
    return own_tensor(p, &tensor, out, err);
}

/* ---- places of values ---- */

void tnn_plan_set(tnn_planner *p, const tnn_value *value, const tnn_place *place) {
    p->engine->places[value->id] = *place;
    p->placed[value->id] = true;
}

tnn_status tnn_plan_get(tnn_planner *p, const tnn_value *value, tnn_place *out, tnn_error *err) {
    if (!p->placed[value->id]) {
        tnn_tensor tensor;
        if (value->constant == NULL) return tnn_fail(err, TNN_ERR_INTERNAL, value->name, "value has no producer");
        TNN_TRY(tnn_plan_constant(p, value, &tensor, err));
        TNN_TRY(own_tensor(p, &tensor, out, err));
        tnn_plan_set(p, value, out);
    }
    *out = p->engine->places[value->id];
    return TNN_OK;
}

/* A place of its own for elements of `like`, in `order`. */
static tnn_status new_place(tnn_planner *p, const tnn_place *like, const tnn_order *order, tnn_place *out,
                            tnn_error *err) {
    tnn_buffer buffer = {.kind = TNN_BUFFER_STATE};
    *out = *like;
    out->offset = 0;
    tnn_order_strides(order, out->dims, out->strides);
    if (!tnn_mul_size((size_t)tnn_place_elems(out), tnn_dtype_bytes(out->dtype), &buffer.bytes))
        return tnn_fail(err, TNN_ERR_LIMIT, NULL, "a value is too large");
    return tnn_plan_buffer(p, &buffer, &out->buffer, err);
}

tnn_status tnn_plan_result(tnn_planner *p, const tnn_value *value, const tnn_order *order, tnn_place *out,
                           tnn_error *err) {
    tnn_place like = {.dtype = value->dtype, .rank = value->shape.rank};
    int64_t n_elems;
    if (!tnn_shape_count(&value->shape, &n_elems))
        return tnn_fail(err, TNN_ERR_LIMIT, value->name, "the value is too large");
    for (uint8_t d = 0; d < like.rank; d++) like.dims[d] = value->shape.dims[d].hint;
    TNN_TRY(new_place(p, &like, order, out, err));
    tnn_plan_set(p, value, out);
    return TNN_OK;
}

/* ---- copies in another order ---- */

/* Constants are copied while planning. */
static tnn_status copy_constant(tnn_planner *p, const tnn_place *from, const tnn_order *order, tnn_place *to,
                                tnn_error *err) {
    tnn_tensor tensor = {0};
    TNN_TRY(tnn_tensor_init(&tensor, from->dtype, from->rank, from->dims, err));
    TNN_TRY(own_tensor(p, &tensor, to, err));
    tnn_order_strides(order, to->dims, to->strides);
    const tnn_buffer *buffers = p->engine->buffers;
    const uint8_t *data = buffers[from->buffer].data;
    size_t offset = (size_t)from->offset * tnn_dtype_bytes(from->dtype);
    tnn_copy_elems(from, data + offset, to, buffers[to->buffer].data);
    return TNN_OK;
}

static tnn_status make_copy(tnn_planner *p, const tnn_place *from, const tnn_order *order, tnn_place *to,
                            tnn_error *err) {
    if (p->engine->buffers[from->buffer].kind == TNN_BUFFER_CONSTANT) return copy_constant(p, from, order, to, err);
    TNN_TRY(new_place(p, from, order, to, err));
    return tnn_plan_add_copy(p, from, to, err);
}

tnn_status tnn_plan_get_in(tnn_planner *p, const tnn_value *value, const tnn_order *order, tnn_place *out,
                           tnn_error *err) {
    TNN_TRY(tnn_plan_get(p, value, out, err));
    if (tnn_place_is_dense(out, order)) return TNN_OK;
    for (const tnn_plan_copy *copy = p->copies[value->id]; copy != NULL; copy = copy->next) {
        if (!tnn_place_is_dense(&copy->place, order)) continue;
        *out = copy->place;
        return TNN_OK;
    }
    tnn_plan_copy *copy = TNN_NEW(p->engine->arena, tnn_plan_copy);
    if (copy == NULL) return tnn_fail_nomem(err);
    tnn_place from = *out;
    TNN_TRY(make_copy(p, &from, order, out, err));
    *copy = (tnn_plan_copy){p->copies[value->id], *out};
    p->copies[value->id] = copy;
    return TNN_OK;
}

tnn_status tnn_plan_get_packed(tnn_planner *p, const tnn_value *value, tnn_place *out, tnn_error *err) {
    TNN_TRY(tnn_plan_get(p, value, out, err));
    if (tnn_place_is_packed(out)) return TNN_OK;
    tnn_order plain = tnn_order_plain(out->rank);
    return tnn_plan_get_in(p, value, &plain, out, err);
}

/* ---- steps ---- */

static void use(tnn_engine *e, uint32_t buffer, uint32_t step) {
    tnn_buffer *b = &e->buffers[buffer];
    if (b->first == UINT32_MAX) b->first = step;
    b->last = step;
}

/* The lists of a step, copied, and what it uses noted. */
static tnn_status keep_places(tnn_engine *e, tnn_step *step, tnn_error *err) {
    uint32_t index = (uint32_t)e->n_steps;
    step->in = tnn_arena_copy(e->arena, step->in, step->n_in, sizeof *step->in);
    step->out = tnn_arena_copy(e->arena, step->out, step->n_out, sizeof *step->out);
    if (step->in == NULL || step->out == NULL) return tnn_fail_nomem(err);
    for (uint32_t i = 0; i < step->n_in; i++) use(e, step->in[i].buffer, index);
    for (uint32_t i = 0; i < step->n_out; i++) use(e, step->out[i].buffer, index);
    for (uint32_t i = 0; i < step->n_ready; i++) use(e, e->places[step->ready[i]->id].buffer, index);
    if (step->scratch_bytes > 0) use(e, step->scratch, index);
    if (step->n_in > e->max_in) e->max_in = step->n_in;
    if (step->n_out > e->max_out) e->max_out = step->n_out;
    return TNN_OK;
}

tnn_status tnn_plan_add(tnn_planner *p, const tnn_step *step, tnn_error *err) {
    tnn_engine *e = p->engine;
    tnn_step copy = *step;
    if (step->scratch_bytes > 0) {
        tnn_buffer buffer = {.kind = TNN_BUFFER_STATE, .bytes = step->scratch_bytes};
        TNN_TRY(tnn_plan_buffer(p, &buffer, &copy.scratch, err));
    }
    if (e->n_steps >= UINT32_MAX - 1) return tnn_fail(err, TNN_ERR_LIMIT, NULL, "the graph has too many nodes");
    TNN_TRY(keep_places(e, &copy, err));
    e->steps = tnn_arena_grow(e->arena, e->steps, e->n_steps, &e->cap_steps, e->n_steps + 1, sizeof *e->steps);
    if (e->steps == NULL) return tnn_fail_nomem(err);
    e->steps[e->n_steps++] = copy;
    return TNN_OK;
}

tnn_status tnn_plan_add_node(tnn_planner *p, const tnn_node *node, tnn_step_fn *run, const void *data,
                             const tnn_place *in, uint32_t n_in, const tnn_place *out, tnn_activation activation,
                             size_t scratch_bytes, tnn_error *err) {
    tnn_step step = {.run = run, .node = node, .data = data, .in = in, .n_in = n_in, .out = out, .n_out = 1,
                     .scratch_bytes = scratch_bytes, .activation = activation, .ready = node->outputs,
                     .n_ready = node->n_outputs};
    return tnn_plan_add(p, &step, err);
}

tnn_status tnn_plan_add_view(tnn_planner *p, const tnn_node *node, tnn_error *err) {
    tnn_step step = {.node = node, .ready = node->outputs, .n_ready = node->n_outputs};
    return tnn_plan_add(p, &step, err);
}

tnn_status tnn_plan_add_copy(tnn_planner *p, const tnn_place *from, const tnn_place *to, tnn_error *err) {
    tnn_step step = {.run = tnn_run_copy, .in = from, .n_in = 1, .out = to, .n_out = 1};
    return tnn_plan_add(p, &step, err);
}
