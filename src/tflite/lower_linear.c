/* linear and matmul: FULLY_CONNECTED where one side is a constant matrix, else BATCH_MATMUL.
 *
 * FULLY_CONNECTED takes weights [O, K] and an input of any shape whose elements fall into rows of K; its result is
 * [rows, O], or with keep_num_dims the input's shape with O in place of its last dimension. */
#include "ir/recipe.h"
#include "ops/list.h"
#include "tflite/lower.h"

static int64_t dim_of(const tnn_value *v, int dim) {
    return v->shape.dims[dim < 0 ? dim + v->shape.rank : dim].hint;
}

static int64_t n_rows(const tnn_value *output) {
    int64_t n = 1;
    for (int k = 0; k + 1 < output->shape.rank; k++) n *= dim_of(output, k);
    return n;
}

static tnn_status emit_fully_connected(tnn_lower *l, const tnn_node *node, tnn_value *x, tnn_value *weight,
                                       tnn_value *bias, bool keep_dims, const tnn_box *dims, tnn_error *err) {
    tnn_value *out;
    tnn_emit e;
    TNN_TRY(tnn_emit_begin(&e, l, &tnn_tfl_FULLY_CONNECTED, err));
    tnn_emit_tensor(&e, x);
    tnn_emit_tensor(&e, weight);
    tnn_emit_tensor(&e, bias);
    tnn_emit_bool(&e, "keep_num_dims", keep_dims);
    tnn_emit_activation(&e, node);
    TNN_TRY(tnn_emit_end(&e, NULL, TNN_DTYPE_F32, dims, &out, err));
    tnn_lower_set(l, node->outputs[0], out);
    return TNN_OK;
}

/* Rows of a result of one or two dimensions need no shape of their own; more dimensions are kept by the operator. */
static tnn_status fully_connected(tnn_lower *l, const tnn_node *node, const tnn_value *x, tnn_value *weight,
                                  tnn_value *bias, tnn_error *err) {
    const tnn_value *output = node->outputs[0];
    int64_t n_in = tnn_box_of(weight).at[1], n_out = tnn_box_of(weight).at[0];
    tnn_box dims = {.rank = 2, .at = {n_rows(output), n_out}}, in = {.rank = 2, .at = {n_rows(output), n_in}};
    tnn_value *tensor;
    if (output->shape.rank > 2) {
        TNN_TRY(tnn_lower_dims(output, &dims, err));
        in = dims;
        in.at[in.rank - 1] = n_in;
        TNN_TRY(tnn_lower_get_shaped(l, x, &in, &tensor, err));
        return emit_fully_connected(l, node, tensor, weight, bias, true, &dims, err);
    }
    TNN_TRY(tnn_lower_get_any(l, x, &tensor, err));
    if (tensor->shape.rank < 2) TNN_TRY(tnn_lower_reshape(l, tensor, &in, &tensor, err));
    return emit_fully_connected(l, node, tensor, weight, bias, false, &dims, err);
}

static tnn_status bias_or_zeros(tnn_lower *l, const tnn_value *bias, int64_t n_out, tnn_value **out, tnn_error *err) {
    tnn_box dims = {.rank = 1, .at = {n_out}};
    if (bias == NULL) return tnn_lower_fill(l, "bias", 0, &dims, out, err);
    return tnn_lower_get_shaped(l, bias, &dims, out, err);
}

static tnn_status lower_linear(tnn_lower *l, const tnn_node *node, tnn_error *err) {
    const tnn_value *weight = tnn_node_tensor(node, "weight");
    tnn_value *w, *b;
    TNN_TRY(tnn_lower_need_float(node, err));
    bool vector = weight->shape.rank == 1; /* one output feature, not a dimension of it */
    tnn_box dims = {.rank = 2, .at = {vector ? 1 : dim_of(weight, 0), dim_of(weight, -1)}};
    TNN_TRY(tnn_lower_get_shaped(l, weight, &dims, &w, err));
    TNN_TRY(bias_or_zeros(l, tnn_node_tensor(node, "bias"), dims.at[0], &b, err));
    if (vector) return tnn_lower_refuse(node, err, "its weight is a vector");
    return fully_connected(l, node, tnn_node_tensor(node, "input"), w, b, err);
}

/* ---- matmul ---- */

/* A constant [K, O] on the right: weights [O, K]. */
static tnn_status matmul_by_constant(tnn_lower *l, const tnn_node *node, const tnn_value *x, const tnn_value *y,
                                     tnn_error *err) {
    static const uint8_t swap[2] = {1, 0};
    const tnn_recipe *recipe;
    tnn_value *w, *b;
    TNN_TRY(tnn_recipe_permute(&recipe, l->arena, y->constant, swap, err));
    TNN_TRY(tnn_lower_constant(l, "weight", recipe, &w, err));
    TNN_TRY(bias_or_zeros(l, NULL, dim_of(y, 1), &b, err));
    return fully_connected(l, node, x, w, b, err);
}

/* A vector on the left is a row, on the right a column. */
static tnn_status matrix_of(tnn_lower *l, const tnn_value *v, bool left, tnn_value **out, tnn_error *err) {
    tnn_box dims;
    TNN_TRY(tnn_lower_dims(v, &dims, err));
    if (dims.rank == 1) {
        int64_t n = dims.at[0];
        dims = left ? (tnn_box){2, {1, n}} : (tnn_box){2, {n, 1}};
    }
    return tnn_lower_get_shaped(l, v, &dims, out, err);
}

static tnn_box product_dims(const tnn_value *a, const tnn_value *b) {
    tnn_box x = tnn_box_of(a), y = tnn_box_of(b), lead_x = x, lead_y = y;
    lead_x.rank = (uint8_t)(x.rank - 2);
    lead_y.rank = (uint8_t)(y.rank - 2);
    tnn_box out = tnn_box_broadcast(&lead_x, &lead_y);
    out.at[out.rank++] = x.at[x.rank - 2];
    out.at[out.rank++] = y.at[y.rank - 1];
    return out;
}

static tnn_status lower_matmul(tnn_lower *l, const tnn_node *node, tnn_error *err) {
    const tnn_value *x = tnn_node_tensor(node, "self"), *y = tnn_node_tensor(node, "other");
    tnn_value *a, *b, *out;
    TNN_TRY(tnn_lower_need_float(node, err));
    if (y->constant != NULL && y->shape.rank == 2) return matmul_by_constant(l, node, x, y, err);
    TNN_TRY(matrix_of(l, x, true, &a, err));
    TNN_TRY(matrix_of(l, y, false, &b, err));
    tnn_box dims = product_dims(a, b);
    if (dims.rank > 5) return tnn_lower_refuse(node, err, "has %u dimensions, BATCH_MATMUL takes 5", dims.rank);
    tnn_emit e;
    TNN_TRY(tnn_emit_begin(&e, l, &tnn_tfl_BATCH_MATMUL, err));
    tnn_emit_tensor(&e, a);
    tnn_emit_tensor(&e, b);
    TNN_TRY(tnn_emit_end(&e, NULL, TNN_DTYPE_F32, &dims, &out, err));
    tnn_lower_set(l, node->outputs[0], out);
    return TNN_OK;
}

static bool fuses_linear(const tnn_node *node, tnn_activation act) {
    (void)node;
    (void)act;
    return true;
}

static bool fuses_matmul(const tnn_node *node, tnn_activation act) {
    (void)act;
    const tnn_value *y = tnn_node_tensor(node, "other");
    return y->constant != NULL && y->shape.rank == 2;
}

const tnn_lower_row tnn_lowering_linear = {{TNN_DEMAND_LINEAR, NULL, NULL}, lower_linear, fuses_linear};
const tnn_lower_row tnn_lowering_matmul = {{TNN_DEMAND_FIXED, NULL, NULL}, lower_matmul, fuses_matmul};
