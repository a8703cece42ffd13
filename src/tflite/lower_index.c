/* Elements taken and put by their numbers: GATHER, ONE_HOT, SCATTER_ND, REVERSE_V2, TILE; and numbers that
 * are made. */
#include "ir/recipe.h"
#include "ops/list.h"
#include "tflite/layout.h"
#include "tflite/lower_conv.h"

static tnn_status hold(tnn_lower *l, const tnn_node *node, tnn_value *tensor) {
    tnn_lower_set(l, node->outputs[0], tensor);
    return TNN_OK;
}

static tnn_status emit_gather(tnn_lower *l, tnn_value *x, tnn_value *index, uint8_t axis, uint8_t batch_dims,
                              const tnn_box *dims, tnn_value **out, tnn_error *err) {
    tnn_emit e;
    TNN_TRY(tnn_emit_begin(&e, l, &tnn_tfl_GATHER, err));
    tnn_emit_tensor(&e, x);
    tnn_emit_tensor(&e, index);
    tnn_emit_int(&e, "axis", axis);
    tnn_emit_int(&e, "batch_dims", batch_dims);
    return tnn_emit_end(&e, NULL, x->dtype, dims, out, err);
}

/* `dims` with `in` in place of dimension `axis`. false: too many dimensions. */
static bool replace_axis(const tnn_box *dims, uint8_t axis, const tnn_box *in, tnn_box *out) {
    if (dims->rank + in->rank - 1 > TNN_MAX_RANK) return false;
    out->rank = 0;
    for (uint8_t k = 0; k < dims->rank; k++) {
        if (k != axis) out->at[out->rank++] = dims->at[k];
        for (uint8_t j = 0; k == axis && j < in->rank; j++) out->at[out->rank++] = in->at[j];
    }
    return true;
}

static uint8_t axis_of(const tnn_node *node, const tnn_value *value) {
    return tnn_lower_axis(value, tnn_node_dim(tnn_node_int(node, "dim"), value->shape.rank));
}

/* The index may lie under any shape, which the result then has in place of the axis: an embedding of [B, L] needs no
 * RESHAPE. */
static tnn_status lower_index_select(tnn_lower *l, const tnn_node *node, tnn_error *err) {
    const tnn_value *x = tnn_node_tensor(node, "self"), *index = tnn_node_tensor(node, "index");
    uint8_t axis = axis_of(node, x);
    tnn_box in, of_index, dims, flat = {1, {index->shape.dims[0].hint}};
    tnn_value *tensor, *numbers, *out;
    TNN_TRY(tnn_lower_get(l, x, &tensor, err));
    TNN_TRY(tnn_lower_get_any(l, index, &numbers, err));
    in = tnn_box_of(tensor);
    of_index = tnn_box_of(numbers);
    if (!replace_axis(&in, axis, &of_index, &dims)) {
        TNN_TRY(tnn_lower_reshape(l, numbers, &flat, &numbers, err));
        (void)replace_axis(&in, axis, &flat, &dims);
    }
    TNN_TRY(emit_gather(l, tensor, numbers, axis, 0, &dims, &out, err));
    return hold(l, node, out);
}

static uint8_t gather_dim(const tnn_node *node) {
    return tnn_node_dim(tnn_node_int(node, "dim"), node->outputs[0]->shape.rank);
}

/* Rows of the innermost dimension, each with numbers of its own. */
static tnn_status lower_gather(tnn_lower *l, const tnn_node *node, tnn_error *err) {
    const tnn_value *x = tnn_node_tensor(node, "self"), *index = tnn_node_tensor(node, "index");
    uint8_t dim = gather_dim(node);
    int64_t size = x->shape.dims[dim].hint, n = index->shape.dims[dim].hint, rows = 1;
    for (uint8_t d = 0; d < x->shape.rank; d++) rows *= d == dim ? 1 : x->shape.dims[d].hint;
    tnn_box from = {2, {rows, size}}, to = {2, {rows, n}};
    tnn_value *tensor, *numbers, *out;
    TNN_TRY(tnn_lower_get_shaped(l, x, &from, &tensor, err));
    TNN_TRY(tnn_lower_get_shaped(l, index, &to, &numbers, err));
    TNN_TRY(emit_gather(l, tensor, numbers, 1, 1, &to, &out, err));
    return hold(l, node, out);
}

static tnn_status lower_one_hot(tnn_lower *l, const tnn_node *node, tnn_error *err) {
    const tnn_value *x = tnn_node_tensor(node, "self");
    tnn_value *index, *depth, *on, *off, *out;
    tnn_box dims;
    tnn_emit e;
    TNN_TRY(tnn_lower_dims(node->outputs[0], &dims, err));
    TNN_TRY(tnn_lower_get(l, x, &index, err));
    TNN_TRY(tnn_lower_scalar(l, TNN_DTYPE_I32, (double)tnn_node_int(node, "num_classes"), &depth, err));
    TNN_TRY(tnn_lower_scalar(l, TNN_DTYPE_I64, 1, &on, err));
    TNN_TRY(tnn_lower_scalar(l, TNN_DTYPE_I64, 0, &off, err));
    TNN_TRY(tnn_emit_begin(&e, l, &tnn_tfl_ONE_HOT, err));
    tnn_emit_tensor(&e, index);
    tnn_emit_tensor(&e, depth);
    tnn_emit_tensor(&e, on);
    tnn_emit_tensor(&e, off);
    tnn_emit_int(&e, "axis", -1);
    TNN_TRY(tnn_emit_end(&e, NULL, TNN_DTYPE_I64, &dims, &out, err));
    return hold(l, node, out);
}

/* ---- putting ---- */

/* Where each of `size` elements along the axis comes from in self ++ source. */
static tnn_status copy_table(tnn_lower *l, const tnn_value *index, int64_t size, tnn_value **out, tnn_error *err) {
    tnn_tensor numbers = {0};
    tnn_box dims = {1, {size}};
    int64_t *from = TNN_NEW_ARRAY(l->arena, (size_t)size, int64_t);
    if (from == NULL) return tnn_fail_nomem(err);
    for (int64_t i = 0; i < size; i++) from[i] = i;
    TNN_TRY(tnn_tensor_from_recipe(&numbers, index->constant, err));
    for (int64_t j = 0; j < numbers.n_elems; j++) {
        int64_t at = tnn_tensor_integer(&numbers, j);
        if (at >= 0 && at < size) from[at] = size + j;
    }
    tnn_tensor_clear(&numbers);
    return tnn_lower_ints(l, "indices", from, &dims, out, err);
}

static tnn_status lower_index_copy(tnn_lower *l, const tnn_node *node, tnn_error *err) {
    const tnn_value *x = tnn_node_tensor(node, "self"), *index = tnn_node_tensor(node, "index");
    uint8_t axis = axis_of(node, x);
    tnn_value *parts[2], *both, *table, *out;
    if (index->constant == NULL) return tnn_lower_refuse(node, err, "its index is computed by the model");
    TNN_TRY(tnn_lower_get(l, x, &parts[0], err));
    TNN_TRY(tnn_lower_get(l, tnn_node_tensor(node, "source"), &parts[1], err));
    tnn_box dims = tnn_box_of(parts[0]);
    TNN_TRY(copy_table(l, index, dims.at[axis], &table, err));
    TNN_TRY(tnn_lower_concat(l, parts, 2, axis, "both", &both, err));
    TNN_TRY(emit_gather(l, both, table, axis, 0, &dims, &out, err));
    return hold(l, node, out);
}

static tnn_status lower_scatter_rows(tnn_lower *l, const tnn_node *node, tnn_error *err) {
    const tnn_value *index = tnn_node_tensor(node, "index");
    tnn_box dims, column = {2, {index->shape.dims[0].hint, 1}};
    tnn_value *numbers, *source, *shape, *out;
    tnn_emit e;
    TNN_TRY(tnn_lower_dims(node->outputs[0], &dims, err));
    tnn_box one = {1, {dims.rank}};
    TNN_TRY(tnn_lower_get_shaped(l, index, &column, &numbers, err));
    TNN_TRY(tnn_lower_cast(l, numbers, TNN_DTYPE_I32, &numbers, err));
    TNN_TRY(tnn_lower_get(l, tnn_node_tensor(node, "source"), &source, err));
    if (source->dtype == TNN_DTYPE_I16) TNN_TRY(tnn_lower_cast(l, source, TNN_DTYPE_I32, &source, err));
    TNN_TRY(tnn_lower_ints(l, "shape", dims.at, &one, &shape, err));
    TNN_TRY(tnn_emit_begin(&e, l, &tnn_tfl_SCATTER_ND, err));
    tnn_emit_tensor(&e, numbers);
    tnn_emit_tensor(&e, source);
    tnn_emit_tensor(&e, shape);
    TNN_TRY(tnn_emit_end(&e, NULL, source->dtype, &dims, &out, err));
    TNN_TRY(tnn_lower_cast(l, out, node->outputs[0]->dtype, &out, err));
    return hold(l, node, out);
}

/* ---- backwards ---- */

static tnn_status emit_reverse(tnn_lower *l, tnn_value *x, const int64_t *axes, int64_t n, tnn_value **out,
                               tnn_error *err) {
    tnn_box dims = tnn_box_of(x), one = {1, {n}};
    tnn_value *axes_tensor;
    tnn_emit e;
    TNN_TRY(tnn_lower_ints(l, "axes", axes, &one, &axes_tensor, err));
    TNN_TRY(tnn_emit_begin(&e, l, &tnn_tfl_REVERSE_V2, err));
    tnn_emit_tensor(&e, x);
    tnn_emit_tensor(&e, axes_tensor);
    return tnn_emit_end(&e, NULL, x->dtype, &dims, out, err);
}

/* REVERSE_V2 takes axes that follow one another: one operator for each run of them. */
static tnn_status lower_flip(tnn_lower *l, const tnn_node *node, tnn_error *err) {
    const tnn_value *x = tnn_node_tensor(node, "self");
    uint8_t positions[TNN_MAX_ATOMS];
    bool turned[TNN_MAX_ATOMS] = {false};
    tnn_value *out;
    TNN_TRY(tnn_lower_get(l, x, &out, err));
    for (size_t i = 0; i < tnn_node_list_n(node, "dims"); i++) {
        uint8_t dim = tnn_node_dim(tnn_node_arg(node, "dims")->as.sizes[i].hint, x->shape.rank);
        uint8_t n = tnn_layout_positions(x, dim, positions);
        for (uint8_t k = 0; k < n; k++) turned[positions[k]] = true;
    }
    int64_t axes[TNN_MAX_ATOMS], n = 0;
    for (uint8_t k = 0; k <= out->shape.rank; k++) {
        if (k < out->shape.rank && turned[k]) {
            axes[n++] = k;
            continue;
        }
        if (n > 0) TNN_TRY(emit_reverse(l, out, axes, n, &out, err));
        n = 0;
    }
    return hold(l, node, out);
}

/* ---- again ---- */

/* A dimension that is repeated moves as a block, so that it has one position. */
static tnn_status lower_tile(tnn_lower *l, const tnn_node *node, tnn_error *err) {
    const tnn_value *x = tnn_node_tensor(node, "self");
    int64_t times[TNN_MAX_RANK];
    tnn_value *tensor, *multiples, *out;
    tnn_box dims;
    tnn_emit e;
    TNN_TRY(tnn_lower_get(l, x, &tensor, err));
    dims = tnn_box_of(tensor);
    for (uint8_t k = 0; k < dims.rank; k++) times[k] = 1;
    for (uint8_t d = 0; d < x->shape.rank; d++) {
        int64_t n = tnn_node_arg(node, "dims")->as.sizes[d].hint;
        if (n != 1) times[tnn_lower_axis(x, d)] = n;
    }
    for (uint8_t k = 0; k < dims.rank; k++) dims.at[k] *= times[k];
    tnn_box one = {1, {dims.rank}};
    TNN_TRY(tnn_lower_ints(l, "multiples", times, &one, &multiples, err));
    TNN_TRY(tnn_emit_begin(&e, l, &tnn_tfl_TILE, err));
    tnn_emit_tensor(&e, tensor);
    tnn_emit_tensor(&e, multiples);
    TNN_TRY(tnn_emit_end(&e, NULL, tensor->dtype, &dims, &out, err));
    return hold(l, node, out);
}

/* ---- numbers that are made ---- */

/* What was too large or too open in its size to be folded. */
static tnn_status lower_arange(tnn_lower *l, const tnn_node *node, tnn_error *err) {
    const tnn_value *result = node->outputs[0];
    int64_t n = result->shape.dims[0].hint;
    tnn_tensor numbers = {0};
    const tnn_recipe *recipe;
    tnn_value *out;
    tnn_status status = tnn_tensor_init(&numbers, result->dtype, 1, &n, err);
    if (status == TNN_OK) status = tnn_node_run(node, NULL, 0, &numbers, err);
    if (status == TNN_OK) status = tnn_recipe_copy(&recipe, l->arena, numbers.data, result->dtype, 1, &n, err);
    if (status == TNN_OK) status = tnn_lower_constant(l, NULL, recipe, &out, err);
    tnn_tensor_clear(&numbers);
    return status == TNN_OK ? hold(l, node, out) : status;
}

static tnn_status lower_diag_embed(tnn_lower *l, const tnn_node *node, tnn_error *err) {
    tnn_value *x, *out;
    tnn_box dims;
    tnn_emit e;
    TNN_TRY(tnn_lower_dims(node->outputs[0], &dims, err));
    TNN_TRY(tnn_lower_get(l, tnn_node_tensor(node, "self"), &x, err));
    tnn_dtype dtype = x->dtype == TNN_DTYPE_BOOL ? TNN_DTYPE_U8 : x->dtype; /* the kernel takes no bools */
    TNN_TRY(tnn_lower_cast(l, x, dtype, &x, err));
    TNN_TRY(tnn_emit_begin(&e, l, &tnn_tfl_MATRIX_DIAG, err));
    tnn_emit_tensor(&e, x);
    TNN_TRY(tnn_emit_end(&e, NULL, dtype, &dims, &out, err));
    TNN_TRY(tnn_lower_cast(l, out, node->outputs[0]->dtype, &out, err));
    return hold(l, node, out);
}

#define FREE {TNN_DEMAND_FREE, NULL, NULL}
#define FIXED {TNN_DEMAND_FIXED, NULL, NULL}

const tnn_lower_row tnn_lowering_index_select = {FREE, lower_index_select, NULL};
const tnn_lower_row tnn_lowering_gather = {{TNN_DEMAND_LAST, gather_dim, NULL}, lower_gather, NULL};
const tnn_lower_row tnn_lowering_one_hot = {FIXED, lower_one_hot, NULL};
const tnn_lower_row tnn_lowering_index_copy = {FREE, lower_index_copy, NULL};
const tnn_lower_row tnn_lowering_scatter_rows = {FIXED, lower_scatter_rows, NULL};
const tnn_lower_row tnn_lowering_flip = {FREE, lower_flip, NULL};
const tnn_lower_row tnn_lowering_tile = {FREE, lower_tile, NULL};
const tnn_lower_row tnn_lowering_diag_embed = {FIXED, lower_diag_embed, NULL};
const tnn_lower_row tnn_lowering_arange = {FIXED, lower_arange, NULL};
