/* linear: FULLY_CONNECTED. matmul: BATCH_MATMUL; one with a constant matrix has become linear before.
 *
 * FULLY_CONNECTED takes weights [O, K] and an input of any shape whose elements fall into rows of K; its result is
 * [rows, O], or with keep_num_dims the input's shape with O in place of its last dimension. */
#include "ops/list.h"
#include "tflite/layout.h"
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

/* Does PyTorch's program see the last two dimensions in the other order than they were made in? Element-wise steps
 * behind the permute change nothing. */
static bool lies_swapped(const tnn_value *v) {
    for (const tnn_node *node = v->producer; node != NULL; node = tnn_node_operand(node, 0)->producer) {
        const tnn_op_row *row = tnn_op_row_of(node->op);
        if (tnn_node_is(node, TNN_OP_permute)) {
            const tnn_arg *dims = tnn_node_arg(node, "dims");
            uint8_t rank = v->shape.rank;
            const tnn_size *from = dims->as.sizes + rank;
            return tnn_node_dim(from[-2].hint, rank) > tnn_node_dim(from[-1].hint, rank);
        }
        bool scales = tnn_node_is(node, TNN_OP_mul) && tnn_node_operand(node, 1) == NULL;
        if ((row->op_class != TNN_CLASS_UNARY && !scales) || tnn_node_operand(node, 0) == NULL) return false;
    }
    return false;
}

/* BATCH_MATMUL takes a matrix in either order of its dimensions. */
static void matmul_order(const tnn_node *node, int slot, uint8_t rank, uint8_t *order) {
    for (uint8_t k = 0; k < rank; k++) order[k] = k;
    if (slot < 0 || rank < 2) return;
    const tnn_value *v = tnn_node_operand(node, (size_t)slot);
    if (v->constant != NULL || !lies_swapped(v)) return;
    order[rank - 2] = (uint8_t)(rank - 1);
    order[rank - 1] = (uint8_t)(rank - 2);
}

/* Has layout put the last dimension before the one before it? */
static bool is_swapped(const tnn_value *v) {
    uint8_t last = (uint8_t)(v->shape.rank - 1);
    for (uint8_t k = 0; k < v->layout->n_atoms; k++) {
        const tnn_layout_atom *a = &v->layout->atoms[k];
        if (a->size != 1 && a->dim + 1 >= last) return a->dim == last;
    }
    return false;
}

/* One factor: its shape in PyTorch's order, a vector as a matrix, and how it lies. */
typedef struct factor {
    const tnn_value *value;
    tnn_box dims;
    bool swapped;
} factor;

/* A vector on the left is a row, on the right a column. */
static factor factor_of(const tnn_node *node, size_t slot) {
    factor f = {.value = tnn_node_operand(node, slot)};
    for (uint8_t d = 0; d < f.value->shape.rank; d++) f.dims.at[f.dims.rank++] = f.value->shape.dims[d].hint;
    if (f.dims.rank > 1) {
        f.swapped = is_swapped(f.value);
        return f;
    }
    int64_t n = f.dims.at[0];
    f.dims = slot == 0 ? (tnn_box){2, {1, n}} : (tnn_box){2, {n, 1}};
    return f;
}

static bool same_batch(const tnn_box *a, const tnn_box *b) {
    bool same = a->rank == b->rank;
    for (uint8_t k = 0; same && k + 2 < a->rank; k++) same = a->at[k] == b->at[k];
    return same;
}

/* The dimensions before the last two as one. */
static void merge_batch(tnn_box *dims) {
    int64_t n = 1, rows = dims->at[dims->rank - 2], columns = dims->at[dims->rank - 1];
    for (uint8_t k = 0; k + 2 < dims->rank; k++) n *= dims->at[k];
    *dims = (tnn_box){3, {n, rows, columns}};
}

static tnn_status get_factor(tnn_lower *l, const factor *f, tnn_value **out, tnn_error *err) {
    tnn_box dims = f->dims;
    if (f->swapped) {
        dims.at[dims.rank - 2] = f->dims.at[dims.rank - 1];
        dims.at[dims.rank - 1] = f->dims.at[dims.rank - 2];
    }
    return tnn_lower_get_shaped(l, f->value, &dims, out, err);
}

static tnn_box product_dims(const tnn_box *x, const tnn_box *y) {
    tnn_box lead_x = *x, lead_y = *y;
    lead_x.rank = (uint8_t)(x->rank - 2);
    lead_y.rank = (uint8_t)(y->rank - 2);
    tnn_box out = tnn_box_broadcast(&lead_x, &lead_y);
    out.at[out.rank++] = x->at[x->rank - 2];
    out.at[out.rank++] = y->at[y->rank - 1];
    return out;
}

static void drop_leading_one(tnn_box *dims) {
    if (dims->rank <= 2 || dims->at[0] != 1) return;
    dims->rank--;
    for (uint8_t k = 0; k < dims->rank; k++) dims->at[k] = dims->at[k + 1];
}

/* BATCH_MATMUL takes at most 5 dimensions, XNNPACK none that broadcast beyond 4. */
static void lower_ranks(tnn_box *x, tnn_box *y) {
    while ((x->rank > 4 && x->at[0] == 1 && (y->rank < x->rank || y->at[0] == 1)) ||
           (y->rank > 4 && y->at[0] == 1 && (x->rank < y->rank || x->at[0] == 1))) {
        uint8_t rank = x->rank > y->rank ? x->rank : y->rank;
        if (x->rank == rank) drop_leading_one(x);
        if (y->rank == rank) drop_leading_one(y);
    }
    if (!same_batch(x, y) || x->rank <= 4) return;
    merge_batch(x);
    merge_batch(y);
}

static tnn_status lower_matmul(tnn_lower *l, const tnn_node *node, tnn_error *err) {
    factor x = factor_of(node, 0), y = factor_of(node, 1);
    tnn_value *a, *b, *out;
    TNN_TRY(tnn_lower_need_float(node, err));
    lower_ranks(&x.dims, &y.dims);
    tnn_box dims = product_dims(&x.dims, &y.dims);
    if (dims.rank > 5) return tnn_lower_refuse(node, err, "has %u dimensions, BATCH_MATMUL takes 5", dims.rank);
    TNN_TRY(get_factor(l, &x, &a, err));
    TNN_TRY(get_factor(l, &y, &b, err));
    tnn_emit e;
    TNN_TRY(tnn_emit_begin(&e, l, &tnn_tfl_BATCH_MATMUL, err));
    tnn_emit_tensor(&e, a);
    tnn_emit_tensor(&e, b);
    tnn_emit_bool(&e, "adj_x", x.swapped);
    tnn_emit_bool(&e, "adj_y", y.swapped);
    TNN_TRY(tnn_emit_end(&e, NULL, TNN_DTYPE_F32, &dims, &out, err));
    tnn_lower_set(l, node->outputs[0], out);
    return TNN_OK;
}

static bool fuses_linear(const tnn_node *node, tnn_activation act) {
    (void)node;
    (void)act;
    return true;
}

const tnn_lower_row tnn_lowering_linear = {{TNN_DEMAND_LINEAR, NULL, NULL}, lower_linear, fuses_linear};
const tnn_lower_row tnn_lowering_matmul = {{TNN_DEMAND_FIXED, NULL, matmul_order}, lower_matmul, NULL};
