/* The same elements in other places, or again.
 *
 *   flip        out[..., i, ...] = self[..., size - 1 - i, ...] in every dimension of `dims`
 *   tile        out[i, ...] = self[i % size, ...], each dimension `dims` times as long; as many dims as self has
 *   diag_embed  out[..., i, i] = self[..., i], and 0 elsewhere */
#include "ops/class.h"
#include "ops/infer.h"
#include "ops/link.h"
#include "ops/list.h"
#include "ops/walk.h"

static tnn_status infer_flip(const tnn_call *call, tnn_type *outs, uint32_t *n_outs, tnn_error *err) {
    uint32_t set;
    TNN_TRY(tnn_call_dim_set(call, &call->args[1], tnn_call_tensor(call, 0)->shape.rank, &set, err));
    return tnn_infer_unary(call, outs, n_outs, err);
}

static tnn_status run_flip(const tnn_kernel_call *call, tnn_error *err) {
    (void)err;
    const tnn_tensor *in = call->operands[0];
    const tnn_arg *dims = &call->node->args[1];
    tnn_walk walk = tnn_walk_start(in->rank, in->dims);
    tnn_strides_of(in->rank, in->dims, walk.strides[0]);
    tnn_strides_of(in->rank, in->dims, walk.strides[1]);
    for (uint32_t i = 0; i < dims->n && in->n_elems > 0; i++) {
        int64_t dim = dims->as.sizes[i].hint < 0 ? dims->as.sizes[i].hint + in->rank : dims->as.sizes[i].hint;
        walk.at[1] += (in->dims[dim] - 1) * walk.strides[1][dim];
        walk.strides[1][dim] = -walk.strides[1][dim];
    }
    tnn_walk_copy(&walk, &call->outputs[0], in);
    return TNN_OK;
}

const tnn_op_row tnn_op_flip = {
    .op = {"flip", "flip(Tensor self, int[] dims) -> Tensor", TNN_OP_flip, TNN_OPLIST_ATEN},
    .op_class = TNN_CLASS_OTHER, .infer = infer_flip, .kernel = run_flip, .dims = tnn_dims_elementwise,
};

static tnn_status infer_tile(const tnn_call *call, tnn_type *outs, uint32_t *n_outs, tnn_error *err) {
    tnn_shape shape = tnn_call_tensor(call, 0)->shape;
    const tnn_arg *dims = &call->args[1];
    if (dims->n != shape.rank) {
        return tnn_call_invalid(call, err, "dims has %u entries, self %u dimensions", dims->n, shape.rank);
    }
    for (uint8_t d = 0; d < shape.rank; d++) {
        if (dims->as.sizes[d].hint < 0) {
            return tnn_call_invalid(call, err, "dims is %s, expected no negative entries",
                                    tnn_sizes_text_of(dims).text);
        }
        TNN_TRY(tnn_size_mul(&shape.dims[d], call->model->arena, shape.dims[d], dims->as.sizes[d], err));
    }
    return tnn_call_result(outs, n_outs, tnn_call_tensor(call, 0)->dtype, &shape);
}

/* One copy after another: each is a box of the result. */
static tnn_status run_tile(const tnn_kernel_call *call, tnn_error *err) {
    (void)err;
    const tnn_tensor *in = call->operands[0];
    tnn_tensor *out = &call->outputs[0];
    int64_t times[TNN_MAX_RANK], n = 1, strides[TNN_MAX_RANK];
    tnn_strides_of(out->rank, out->dims, strides);
    for (uint8_t d = 0; d < in->rank; d++) n *= times[d] = tnn_list_int(&call->node->args[1], d);
    if (in->n_elems == 0) return TNN_OK;
    tnn_walk copies = tnn_walk_start(in->rank, times);
    for (uint8_t d = 0; d < in->rank; d++) copies.strides[0][d] = strides[d] * in->dims[d];
    for (int64_t i = 0; i < n; i++, tnn_walk_step(&copies)) {
        tnn_walk walk = tnn_walk_start(in->rank, in->dims);
        tnn_strides_of(in->rank, in->dims, walk.strides[1]);
        for (uint8_t d = 0; d < in->rank; d++) walk.strides[0][d] = strides[d];
        walk.at[0] = copies.at[0];
        tnn_walk_copy(&walk, out, in);
    }
    return TNN_OK;
}

const tnn_op_row tnn_op_tile = {
    .op = {"tile", "tile(Tensor self, SymInt[] dims) -> Tensor", TNN_OP_tile, TNN_OPLIST_ATEN},
    .op_class = TNN_CLASS_OTHER, .infer = infer_tile, .kernel = run_tile, .dims = tnn_dims_elementwise,
};

static tnn_status infer_diag_embed(const tnn_call *call, tnn_type *outs, uint32_t *n_outs, tnn_error *err) {
    tnn_shape shape = tnn_call_tensor(call, 0)->shape;
    if (shape.rank == 0 || shape.rank == TNN_MAX_RANK) {
        return tnn_call_invalid(call, err, "self has %u dimensions, expected 1 to %d", shape.rank, TNN_MAX_RANK - 1);
    }
    shape.dims[shape.rank] = shape.dims[shape.rank - 1];
    shape.rank++;
    return tnn_call_result(outs, n_outs, tnn_call_tensor(call, 0)->dtype, &shape);
}

/* The diagonal of a matrix is what a step of a row and a column goes along. */
static tnn_status run_diag_embed(const tnn_kernel_call *call, tnn_error *err) {
    (void)err;
    const tnn_tensor *in = call->operands[0];
    tnn_tensor *out = &call->outputs[0];
    tnn_walk walk = tnn_walk_start(in->rank, in->dims);
    int64_t strides[TNN_MAX_RANK];
    if (in->n_elems == 0) return TNN_OK;
    tnn_strides_of(out->rank, out->dims, strides);
    tnn_strides_of(in->rank, in->dims, walk.strides[1]);
    for (uint8_t d = 0; d < in->rank; d++) walk.strides[0][d] = strides[d];
    walk.strides[0][in->rank - 1]++;
    tnn_walk_copy(&walk, out, in);
    return TNN_OK;
}

const tnn_op_row tnn_op_diag_embed = {
    .op = {"diag_embed", "diag_embed(Tensor self) -> Tensor", TNN_OP_diag_embed, TNN_OPLIST_ATEN},
    .op_class = TNN_CLASS_OTHER, .infer = infer_diag_embed, .kernel = run_diag_embed,
};
