/* matmul: y[..., m, n] = sum over k of self[..., m, k] * other[..., k, n].
 *
 * A vector stands for a matrix of one row on the left and of one column on the right, whose dimension is not in the
 * result. The dimensions before the last two broadcast. */
#include "ops/infer.h"
#include "ops/link.h"
#include "ops/list.h"
#include "ops/product.h"
#include "ops/walk.h"

enum { SELF, OTHER };

static tnn_shape leading(const tnn_shape *shape) {
    tnn_shape out = *shape;
    out.rank = (uint8_t)(shape->rank > 2 ? shape->rank - 2 : 0);
    return out;
}

static tnn_status infer_matmul(const tnn_call *call, tnn_type *outs, uint32_t *n_outs, tnn_error *err) {
    const tnn_shape *a = &tnn_call_tensor(call, SELF)->shape, *b = &tnn_call_tensor(call, OTHER)->shape;
    tnn_dtype dtype = tnn_call_tensor(call, SELF)->dtype;
    TNN_TRY(tnn_call_need_dtype(call, OTHER, dtype, err));
    if (dtype == TNN_DTYPE_BOOL) return tnn_call_invalid(call, err, "self is bool, expected a number type");
    if (a->rank == 0 || b->rank == 0) {
        return tnn_call_invalid(call, err, "operands have %u and %u dimensions, expected 1 or more", a->rank,
                                b->rank);
    }
    TNN_TRY(tnn_call_need_size(call, "the contracted dimension of other", b->dims[b->rank > 1 ? b->rank - 2 : 0],
                               a->dims[a->rank - 1], err));
    tnn_shape shape = leading(a), other = leading(b);
    TNN_TRY(tnn_call_broadcast(call, &shape, &other, &shape, err));
    if (a->rank > 1) shape.dims[shape.rank++] = a->dims[a->rank - 2];
    if (b->rank > 1) shape.dims[shape.rank++] = b->dims[b->rank - 1];
    return tnn_call_result(outs, n_outs, dtype, &shape);
}

/* Strides over the batch for one side of the walk, in whole matrices. */
static void walk_matrices(tnn_walk *walk, int side, const tnn_tensor *tensor) {
    tnn_tensor batch = *tensor;
    batch.rank = (uint8_t)(tensor->rank > 2 ? tensor->rank - 2 : 0);
    tnn_walk_broadcast(walk, side, &batch);
}

static tnn_status run_matmul(const tnn_kernel_call *call, tnn_error *err) {
    const tnn_tensor *a = call->operands[SELF], *b = call->operands[OTHER];
    tnn_tensor *out = &call->outputs[0];
    tnn_product p = {.a = a, .b = b, .out = out, .m = a->rank > 1 ? a->dims[a->rank - 2] : 1,
                     .n = b->rank > 1 ? b->dims[b->rank - 1] : 1, .k = a->dims[a->rank - 1], .b_step_n = 1};
    p.b_step_k = p.n;
    int64_t n_batch = 1, n_matrix_dims = (a->rank > 1) + (b->rank > 1);
    tnn_walk walk = tnn_walk_start((uint8_t)(out->rank - n_matrix_dims), out->dims);
    walk_matrices(&walk, 0, a);
    walk_matrices(&walk, 1, b);
    for (uint8_t d = 0; d < walk.rank; d++) n_batch *= out->dims[d];
    for (int64_t i = 0; i < n_batch; i++, tnn_walk_step(&walk)) {
        p.a_start = walk.at[0] * p.m * p.k;
        p.b_start = walk.at[1] * p.k * p.n;
        p.out_start = i * p.m * p.n;
        TNN_TRY(tnn_product_run(&p, err));
    }
    return TNN_OK;
}

/* Batch dimensions of one operand, aligned at the last one; the result has `n` of them. */
static tnn_status link_batch(tnn_dimmap *map, const tnn_node *node, int slot, uint8_t n, tnn_error *err) {
    tnn_shape batch = leading(&tnn_node_operand(node, (size_t)slot)->shape);
    for (uint8_t d = 0; d < batch.rank; d++) {
        TNN_TRY(tnn_link_same(map, node, slot, d, TNN_RESULT, (uint8_t)(n - batch.rank + d), err));
    }
    return TNN_OK;
}

static tnn_status dims_matmul(const tnn_node *node, tnn_dimmap *map, tnn_error *err) {
    uint8_t a = tnn_node_operand(node, SELF)->shape.rank, b = tnn_node_operand(node, OTHER)->shape.rank;
    uint8_t rank = node->outputs[0]->shape.rank, n_batch = (uint8_t)(rank - (a > 1) - (b > 1));
    TNN_TRY(link_batch(map, node, SELF, n_batch, err));
    TNN_TRY(link_batch(map, node, OTHER, n_batch, err));
    if (a > 1) TNN_TRY(tnn_link_same(map, node, SELF, (uint8_t)(a - 2), TNN_RESULT, n_batch, err));
    if (b > 1) TNN_TRY(tnn_link_same(map, node, OTHER, (uint8_t)(b - 1), TNN_RESULT, (uint8_t)(rank - 1), err));
    return tnn_link_groups(map, node, TNN_LINK_CONTRACT, SELF, (uint8_t)(a - 1), OTHER, (uint8_t)(b > 1 ? b - 2 : 0),
                           1, err);
}

const tnn_op_row tnn_op_matmul = {
    .op = {"matmul", "matmul(Tensor self, Tensor other) -> Tensor", TNN_OP_matmul, TNN_OPLIST_ATEN},
    .op_class = TNN_CLASS_OTHER, .infer = infer_matmul, .kernel = run_matmul, .dims = dims_matmul,
};
