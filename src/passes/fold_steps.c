#include "passes/fold_steps.h"

#include <string.h>

#include "ir/elems.h"
#include "ops/list.h"

/* The node and what most steps ask of it. */
typedef struct fold {
    const tnn_node *node;
    tnn_arena *arena;
    const tnn_recipe *input; /* of argument 0 where that is a tensor */
    uint8_t rank;            /* of the result */
    int64_t dims[TNN_MAX_RANK];
} fold;

static tnn_status step_reshape(const tnn_recipe **out, const fold *f, tnn_error *err) {
    return tnn_recipe_reshape(out, f->arena, f->input, f->rank, f->dims, err);
}

static tnn_status step_expand(const tnn_recipe **out, const fold *f, tnn_error *err) {
    return tnn_recipe_expand(out, f->arena, f->input, f->rank, f->dims, err);
}

static tnn_status step_permute(const tnn_recipe **out, const fold *f, tnn_error *err) {
    const tnn_arg *dims = tnn_node_arg(f->node, "dims");
    uint8_t order[TNN_MAX_RANK];
    for (uint8_t k = 0; k < f->rank; k++) {
        int64_t dim = dims->as.sizes[k].hint;
        order[k] = (uint8_t)(dim < 0 ? dim + f->rank : dim);
    }
    return tnn_recipe_permute(out, f->arena, f->input, order, err);
}

/* Python's rule for a bound of a slice. */
static int64_t clamp_bound(int64_t bound, int64_t size) {
    if (bound < 0) bound += size;
    return bound < 0 ? 0 : bound > size ? size : bound;
}

static tnn_status step_slice(const tnn_recipe **out, const fold *f, tnn_error *err) {
    int64_t dim = tnn_arg_int(tnn_node_arg(f->node, "dim"));
    uint8_t axis = (uint8_t)(dim < 0 ? dim + f->rank : dim);
    int64_t start = clamp_bound(tnn_arg_int(tnn_node_arg(f->node, "start")), f->input->dims[axis]);
    int64_t step = tnn_arg_int(tnn_node_arg(f->node, "step"));
    return tnn_recipe_slice(out, f->arena, f->input, axis, start, f->dims[axis], step, err);
}

static tnn_status step_to(const tnn_recipe **out, const fold *f, tnn_error *err) {
    return tnn_recipe_cast(out, f->arena, f->input, f->node->outputs[0]->dtype, err);
}

/* The last dimension comes first in PyTorch's list. */
static tnn_status step_pad(const tnn_recipe **out, const fold *f, tnn_error *err) {
    const tnn_arg *pad = tnn_node_arg(f->node, "pad"), *value = tnn_node_arg(f->node, "value");
    int64_t before[TNN_MAX_RANK] = {0}, after[TNN_MAX_RANK] = {0};
    if (strcmp(tnn_node_arg(f->node, "mode")->as.text, "constant") != 0) return TNN_OK;
    for (uint32_t i = 0; i < pad->n / 2 && i < f->rank; i++) {
        before[f->rank - 1 - i] = pad->as.sizes[2 * i].hint;
        after[f->rank - 1 - i] = pad->as.sizes[2 * i + 1].hint;
    }
    double fill = value->kind == TNN_ARG_NONE ? 0 : tnn_arg_number(value);
    return tnn_recipe_pad(out, f->arena, f->input, before, after, fill, err);
}

/* All tensors must be of the result's rank and dtype: PyTorch skips empty 1-D ones and promotes, recipes do not. */
static bool is_plain_cat(const fold *f) {
    const tnn_arg *tensors = &f->node->args[0];
    for (uint32_t i = 0; i < tensors->n; i++) {
        const tnn_value *tensor = tensors->as.tensors[i];
        if (tensor->dtype != f->node->outputs[0]->dtype || tensor->shape.rank != f->rank) return false;
    }
    return tensors->n > 0;
}

static tnn_status step_cat(const tnn_recipe **out, const fold *f, tnn_error *err) {
    const tnn_arg *tensors = &f->node->args[0];
    int64_t dim = tnn_arg_int(tnn_node_arg(f->node, "dim"));
    if (!is_plain_cat(f)) return TNN_OK;
    const tnn_recipe **parts = TNN_NEW_ARRAY(f->arena, tensors->n, const tnn_recipe *);
    if (!parts) return tnn_fail_nomem(err);
    for (uint32_t i = 0; i < tensors->n; i++) parts[i] = tensors->as.tensors[i]->constant;
    return tnn_recipe_concat(out, f->arena, parts, tensors->n, (uint8_t)(dim < 0 ? dim + f->rank : dim), err);
}

static tnn_status step_full(const tnn_recipe **out, const fold *f, tnn_error *err) {
    const tnn_arg *value = tnn_node_arg(f->node, "fill_value");
    tnn_dtype dtype = f->node->outputs[0]->dtype;
    if (value->kind == TNN_ARG_FLOAT && !tnn_dtype_is_float(dtype)) return TNN_OK; /* the kernel knows how to round */
    double number = tnn_arg_number(value);
    int64_t integer = value->kind == TNN_ARG_FLOAT ? 0 : tnn_arg_int(value);
    return tnn_recipe_fill(out, f->arena, dtype, f->rank, f->dims, number, integer, err);
}

static tnn_status step_of(const tnn_recipe **out, const fold *f, tnn_error *err) {
    switch (f->node->op->id) {
    case TNN_OP_reshape:
        return step_reshape(out, f, err);
    case TNN_OP_permute:
        return step_permute(out, f, err);
    case TNN_OP_expand:
        return step_expand(out, f, err);
    case TNN_OP_slice:
        return step_slice(out, f, err);
    case TNN_OP_to:
        return step_to(out, f, err);
    case TNN_OP_pad:
        return step_pad(out, f, err);
    case TNN_OP_cat:
        return step_cat(out, f, err);
    case TNN_OP_full:
        return step_full(out, f, err);
    default:
        return TNN_OK;
    }
}

tnn_status tnn_fold_step(const tnn_recipe **out, const tnn_node *node, tnn_error *err) {
    const tnn_value *result = node->outputs[0];
    fold f = {.node = node, .arena = node->graph->model->arena, .rank = result->shape.rank};
    for (uint8_t i = 0; i < f.rank; i++) f.dims[i] = result->shape.dims[i].hint;
    if (node->schema->n_args > 0 && node->args[0].kind == TNN_ARG_TENSOR) f.input = node->args[0].as.tensor->constant;
    *out = NULL;
    return step_of(out, &f, err);
}
