/* Elements taken by their numbers.
 *
 *   index_select  out[o, j, i] = self[o, index[j], i]
 *   gather        out[o, j, i] = self[o, index[o, j, i], i]
 *   one_hot       out[..., c] = 1 where self[...] is c, else 0
 *
 * o stands for the dimensions before `dim`, i for those behind it. Numbers are not negative. */
#include <string.h>

#include "ops/index.h"
#include "ops/infer.h"
#include "ops/link.h"
#include "ops/list.h"

enum { SELF, DIM, INDEX };

tnn_index_split tnn_index_split_of(const tnn_tensor *tensor, int64_t dim) {
    tnn_index_split split = {.outer = 1, .size = 1, .inner = 1};
    int64_t axis = dim < 0 ? dim + tensor->rank : dim;
    for (int64_t d = 0; d < tensor->rank; d++) {
        int64_t *part = d < axis ? &split.outer : d == axis ? &split.size : &split.inner;
        *part *= tensor->dims[d];
    }
    return split;
}

tnn_status tnn_index_at(const tnn_kernel_call *call, const tnn_tensor *index, int64_t i, int64_t size, int64_t *out,
                        tnn_error *err) {
    *out = tnn_tensor_integer(index, i);
    if (*out >= 0 && *out < size) return TNN_OK;
    return tnn_fail(err, TNN_ERR_INVALID, tnn_node_where(call->node), "%s: index %lld is out of range for size %lld",
                    call->node->op->name, (long long)*out, (long long)size);
}

tnn_status tnn_call_need_index(const tnn_call *call, size_t argument, tnn_error *err) {
    tnn_dtype dtype = tnn_call_tensor(call, argument)->dtype;
    if (dtype == TNN_DTYPE_I32 || dtype == TNN_DTYPE_I64) return TNN_OK;
    return tnn_call_invalid(call, err, "%s is %s, expected int32 or int64", call->schema->args[argument].name,
                            tnn_dtype_name(dtype));
}

/* ---- index_select ---- */

static tnn_status infer_index_select(const tnn_call *call, tnn_type *outs, uint32_t *n_outs, tnn_error *err) {
    const tnn_value *self = tnn_call_tensor(call, SELF), *index = tnn_call_tensor(call, INDEX);
    tnn_shape shape = self->shape;
    uint8_t dim;
    TNN_TRY(tnn_call_need_index(call, INDEX, err));
    if (shape.rank == 0 || index->shape.rank != 1) {
        return tnn_call_invalid(call, err, "self has %u dimensions, index %u, expected 1 or more, and 1", shape.rank,
                                index->shape.rank);
    }
    TNN_TRY(tnn_call_dim(call, tnn_arg_int(&call->args[DIM]), shape.rank, &dim, err));
    shape.dims[dim] = index->shape.dims[0];
    return tnn_call_result(outs, n_outs, self->dtype, &shape);
}

static tnn_status run_index_select(const tnn_kernel_call *call, tnn_error *err) {
    const tnn_tensor *in = call->operands[SELF], *index = call->operands[1];
    tnn_index_split s = tnn_index_split_of(in, tnn_arg_int(&call->node->args[DIM]));
    size_t run_bytes = (size_t)s.inner * tnn_dtype_bytes(in->dtype);
    for (int64_t j = 0; j < index->n_elems; j++) {
        int64_t at;
        TNN_TRY(tnn_index_at(call, index, j, s.size, &at, err));
        for (int64_t o = 0; o < s.outer && run_bytes > 0; o++) {
            memcpy((char *)call->outputs[0].data + (size_t)(o * index->n_elems + j) * run_bytes,
                   (const char *)in->data + (size_t)(o * s.size + at) * run_bytes, run_bytes);
        }
    }
    return TNN_OK;
}

static uint8_t dim_of(const tnn_node *node) {
    int64_t dim = tnn_arg_int(&node->args[DIM]), rank = node->outputs[0]->shape.rank;
    return (uint8_t)(dim < 0 ? dim + rank : dim);
}

/* The indexed dimension keeps its place; what lies along it is another matter. */
static tnn_status dims_index_select(const tnn_node *node, tnn_dimmap *map, tnn_error *err) {
    uint8_t dim = dim_of(node);
    TNN_TRY(tnn_link_others(map, node, SELF, dim, err));
    TNN_TRY(tnn_link_place(map, node, SELF, dim, TNN_RESULT, dim, err));
    return tnn_link_same(map, node, 1, 0, TNN_RESULT, dim, err);
}

const tnn_op_row tnn_op_index_select = {
    .op = {"index_select", "index_select(Tensor self, int dim, Tensor index) -> Tensor", TNN_OP_index_select,
           TNN_OPLIST_ATEN},
    .op_class = TNN_CLASS_OTHER, .infer = infer_index_select, .kernel = run_index_select, .dims = dims_index_select,
};

/* ---- gather ---- */

/* Sizes agree in all dimensions but `dim`; the spelling of that name cuts self where index is smaller. */
static tnn_status infer_gather(const tnn_call *call, tnn_type *outs, uint32_t *n_outs, tnn_error *err) {
    const tnn_value *self = tnn_call_tensor(call, SELF), *index = tnn_call_tensor(call, INDEX);
    uint8_t dim;
    TNN_TRY(tnn_call_need_index(call, INDEX, err));
    if (self->shape.rank == 0 || index->shape.rank != self->shape.rank) {
        return tnn_call_invalid(call, err, "self has %u dimensions, index %u, expected 1 or more, and as many",
                                self->shape.rank, index->shape.rank);
    }
    TNN_TRY(tnn_call_dim(call, tnn_arg_int(&call->args[DIM]), self->shape.rank, &dim, err));
    for (uint8_t d = 0; d < self->shape.rank; d++) {
        if (d == dim) continue;
        TNN_TRY(tnn_call_need_size(call, "a dimension of index", index->shape.dims[d], self->shape.dims[d], err));
    }
    return tnn_call_result(outs, n_outs, self->dtype, &index->shape);
}

static tnn_status run_gather(const tnn_kernel_call *call, tnn_error *err) {
    const tnn_tensor *in = call->operands[SELF], *index = call->operands[1];
    int64_t dim = tnn_arg_int(&call->node->args[DIM]);
    tnn_index_split s = tnn_index_split_of(in, dim), t = tnn_index_split_of(index, dim);
    size_t elem = tnn_dtype_bytes(in->dtype);
    for (int64_t i = 0; i < index->n_elems; i++) {
        int64_t at, outer = i / (t.size * t.inner);
        TNN_TRY(tnn_index_at(call, index, i, s.size, &at, err));
        int64_t from = (outer * s.size + at) * s.inner + i % t.inner;
        memcpy((char *)call->outputs[0].data + (size_t)i * elem, (const char *)in->data + (size_t)from * elem, elem);
    }
    return TNN_OK;
}

static tnn_status dims_gather(const tnn_node *node, tnn_dimmap *map, tnn_error *err) {
    uint8_t dim = dim_of(node);
    TNN_TRY(tnn_link_others(map, node, SELF, dim, err));
    TNN_TRY(tnn_link_place(map, node, SELF, dim, TNN_RESULT, dim, err));
    return tnn_link_broadcast(map, node, 1, err);
}

const tnn_op_row tnn_op_gather = {
    .op = {"gather", "gather(Tensor self, int dim, Tensor index) -> Tensor", TNN_OP_gather, TNN_OPLIST_ATEN},
    .op_class = TNN_CLASS_OTHER, .infer = infer_gather, .kernel = run_gather, .dims = dims_gather,
};

/* ---- one_hot ---- */

static tnn_status infer_one_hot(const tnn_call *call, tnn_type *outs, uint32_t *n_outs, tnn_error *err) {
    tnn_shape shape = tnn_call_tensor(call, SELF)->shape;
    int64_t n = tnn_arg_int(&call->args[1]);
    TNN_TRY(tnn_call_need_index(call, SELF, err));
    if (n <= 0) {
        return tnn_call_unsupported(call, err, "num_classes is %lld: the number of classes would be taken from the "
                                               "data; name it",
                                    (long long)n);
    }
    if (shape.rank == TNN_MAX_RANK) {
        return tnn_call_unsupported(call, err, "%d dimensions, at most %d are supported", shape.rank + 1,
                                    TNN_MAX_RANK);
    }
    shape.dims[shape.rank++] = call->args[1].as.size;
    return tnn_call_result(outs, n_outs, TNN_DTYPE_I64, &shape);
}

static tnn_status run_one_hot(const tnn_kernel_call *call, tnn_error *err) {
    const tnn_tensor *in = call->operands[SELF];
    int64_t n = tnn_arg_int(&call->node->args[1]);
    for (int64_t i = 0; i < in->n_elems; i++) {
        int64_t at;
        TNN_TRY(tnn_index_at(call, in, i, n, &at, err));
        tnn_tensor_set_integer(&call->outputs[0], i * n + at, 1);
    }
    return TNN_OK;
}

static tnn_status dims_one_hot(const tnn_node *node, tnn_dimmap *map, tnn_error *err) {
    uint8_t rank = tnn_node_operand(node, SELF)->shape.rank;
    for (uint8_t d = 0; d < rank; d++) TNN_TRY(tnn_link_same(map, node, SELF, d, TNN_RESULT, d, err));
    return TNN_OK;
}

const tnn_op_row tnn_op_one_hot = {
    .op = {"one_hot", "one_hot(Tensor self, SymInt num_classes=-1) -> Tensor", TNN_OP_one_hot, TNN_OPLIST_ATEN},
    .op_class = TNN_CLASS_OTHER, .infer = infer_one_hot, .kernel = run_one_hot, .dims = dims_one_hot,
};
