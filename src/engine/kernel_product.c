/* linear and matmul by oneDNN. */
#include "engine/kernels.h"

/* ---- linear: [..., k] by a weight [n, k] ---- */

/* A convolution with a kernel of one place over all rows: its weights are packed once, while a product by a matrix
 * packs them in every run. */
static tnn_dnnl_conv describe_linear(const tnn_node *node) {
    const tnn_shape *input = &node->args[0].as.tensor->shape, *weight = &node->args[1].as.tensor->shape;
    int64_t m = 1;
    for (uint8_t d = 0; d + 1 < input->rank; d++) m *= input->dims[d].hint;
    return (tnn_dnnl_conv){.n_spatial = 1, .batch = 1, .groups = 1, .in_channels = weight->dims[1].hint,
                           .out_channels = weight->dims[0].hint, .in = {m}, .out = {m}, .kernel = {1}, .stride = {1},
                           .dilation = {1}, .activation = node->activation};
}

tnn_status tnn_plan_linear(tnn_planner *p, const tnn_node *node, bool *done, tnn_error *err) {
    const tnn_value *input = node->args[0].as.tensor, *weight = node->args[1].as.tensor, *result = node->outputs[0];
    const tnn_value *bias = node->args[2].kind == TNN_ARG_TENSOR ? node->args[2].as.tensor : NULL;
    tnn_order plain = tnn_order_plain(input->shape.rank), out_plain = tnn_order_plain(result->shape.rank);
    tnn_dnnl_op *op;
    tnn_place in, out;
    bool fits = tnn_plan_is_f32(result) && weight->constant != NULL && weight->shape.rank == 2;
    if (!fits || (bias != NULL && (bias->constant == NULL || bias->shape.rank != 1))) return TNN_OK;
    tnn_dnnl_conv conv = describe_linear(node);
    TNN_TRY(tnn_plan_dnnl_conv(p, &conv, weight, bias, &op, err));
    if (op == NULL) return TNN_OK;
    TNN_TRY(tnn_plan_get_in(p, input, &plain, &in, err));
    TNN_TRY(tnn_plan_result(p, result, &out_plain, &out, err));
    *done = true;
    return tnn_plan_add_node(p, node, tnn_run_dnnl, op, &in, 1, &out, TNN_ACT_NONE, tnn_dnnl_scratch_bytes(op), err);
}

/* ---- matmul ---- */

/* One side with `rank` dimensions; dimensions that are lacking have size 1. A vector is a row on the left, a column on
 * the right. */
static void lay_side(const tnn_place *place, bool left, int rank, int64_t *dims, int64_t *strides) {
    int behind = place->rank == 1 && !left; /* the column's own dimension */
    for (int d = 0; d < rank; d++) {
        int source = d - (rank - behind - place->rank);
        bool there = source >= 0 && source < place->rank;
        dims[d] = there ? place->dims[source] : 1;
        strides[d] = there ? place->strides[source] : 0;
    }
}

/* Strides of dimensions of size 1 as if all were dense: oneDNN looks at them, too. */
static void mend_strides(int rank, const int64_t *dims, int64_t *strides) {
    for (int d = rank; d-- > 0;) {
        if (dims[d] == 1) strides[d] = d + 1 < rank ? strides[d + 1] * dims[d + 1] : 1;
    }
}

static bool rows_or_columns_are_dense(int rank, const int64_t *strides) {
    return strides[rank - 1] == 1 || strides[rank - 2] == 1;
}

/* False where the strides are not oneDNN's kind: expanded, or neither rows nor columns in one piece. */
static bool describe_matmul(const tnn_place *a, const tnn_place *b, tnn_dnnl_matmul *m) {
    m->rank = a->rank > b->rank ? a->rank : b->rank;
    if (m->rank < 2) m->rank = 2;
    lay_side(a, true, m->rank, m->a_dims, m->a_strides);
    lay_side(b, false, m->rank, m->b_dims, m->b_strides);
    mend_strides(m->rank, m->a_dims, m->a_strides);
    mend_strides(m->rank, m->b_dims, m->b_strides);
    for (int d = 0; d < m->rank; d++) {
        m->out_dims[d] = m->a_dims[d] > m->b_dims[d] ? m->a_dims[d] : m->b_dims[d];
        if (m->a_strides[d] == 0 || m->b_strides[d] == 0) return false;
    }
    m->out_dims[m->rank - 2] = m->a_dims[m->rank - 2];
    m->out_dims[m->rank - 1] = m->b_dims[m->rank - 1];
    m->out_strides[m->rank - 1] = 1;
    for (int d = m->rank - 1; d-- > 0;) m->out_strides[d] = m->out_strides[d + 1] * m->out_dims[d + 1];
    return rows_or_columns_are_dense(m->rank, m->a_strides) && rows_or_columns_are_dense(m->rank, m->b_strides);
}

static tnn_status make_matmul(tnn_planner *p, const tnn_place *in, tnn_activation act, tnn_dnnl_op **op,
                              tnn_error *err) {
    tnn_dnnl_matmul m = {.activation = act};
    *op = NULL;
    if (!describe_matmul(&in[0], &in[1], &m)) return TNN_OK;
    TNN_TRY(tnn_dnnl_matmul_new(op, p->engine->dnnl, &m, err));
    return tnn_plan_own_dnnl(p, *op, err);
}

static tnn_status get_plain(tnn_planner *p, const tnn_value *value, tnn_place *out, tnn_error *err) {
    tnn_order plain = tnn_order_plain(value->shape.rank);
    return tnn_plan_get_in(p, value, &plain, out, err);
}

/* Operands as they lie, where oneDNN takes them so; else in PyTorch's order. */
tnn_status tnn_plan_matmul(tnn_planner *p, const tnn_node *node, bool *done, tnn_error *err) {
    const tnn_value *a = node->args[0].as.tensor, *b = node->args[1].as.tensor, *result = node->outputs[0];
    tnn_order plain = tnn_order_plain(result->shape.rank);
    tnn_dnnl_op *op = NULL;
    tnn_place in[2], out;
    if (!tnn_plan_is_f32(result) || p->engine->dnnl == NULL) return TNN_OK;
    TNN_TRY(tnn_plan_get(p, a, &in[0], err));
    TNN_TRY(tnn_plan_get(p, b, &in[1], err));
    TNN_TRY(make_matmul(p, in, node->activation, &op, err));
    if (op == NULL) {
        TNN_TRY(get_plain(p, a, &in[0], err));
        TNN_TRY(get_plain(p, b, &in[1], err));
        TNN_TRY(make_matmul(p, in, node->activation, &op, err));
    }
    if (op == NULL) return TNN_OK;
    TNN_TRY(tnn_plan_result(p, result, &plain, &out, err));
    *done = true;
    return tnn_plan_add_node(p, node, tnn_run_dnnl, op, in, 2, &out, TNN_ACT_NONE, tnn_dnnl_scratch_bytes(op), err);
}
