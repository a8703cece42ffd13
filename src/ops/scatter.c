/* Elements put to places by their numbers.
 *
 *   index_copy    out = self, then out[o, index[j], i] = source[o, j, i] for every j in order
 *   scatter_rows  out[k, i] = sum of source[j, i] over the j with index[j] == k; `size` rows
 *
 * index_copy needs an index that is known when the model is converted; scatter_rows takes any. */
#include <string.h>

#include "base/alloc.h"
#include "ops/class.h"
#include "ops/index.h"
#include "ops/infer.h"
#include "ops/link.h"
#include "ops/list.h"

enum { SELF, DIM, INDEX, SOURCE };

/* ---- index_copy ---- */

static tnn_status infer_index_copy(const tnn_call *call, tnn_type *outs, uint32_t *n_outs, tnn_error *err) {
    const tnn_value *self = tnn_call_tensor(call, SELF), *source = tnn_call_tensor(call, SOURCE);
    tnn_shape wanted = self->shape;
    uint8_t dim;
    TNN_TRY(tnn_call_need_index(call, INDEX, err));
    TNN_TRY(tnn_call_need_dtype(call, SOURCE, self->dtype, err));
    if (wanted.rank == 0 || source->shape.rank != wanted.rank || tnn_call_tensor(call, INDEX)->shape.rank != 1) {
        return tnn_call_invalid(call, err, "self has shape %s, source %s, expected 1 or more and as many dimensions, "
                                           "and an index of 1",
                                tnn_shape_text_of(&wanted).text, tnn_shape_text_of(&source->shape).text);
    }
    TNN_TRY(tnn_call_dim(call, tnn_arg_int(&call->args[DIM]), wanted.rank, &dim, err));
    wanted.dims[dim] = tnn_call_tensor(call, INDEX)->shape.dims[0];
    for (uint8_t d = 0; d < wanted.rank; d++) {
        TNN_TRY(tnn_call_need_size(call, "a dimension of source", source->shape.dims[d], wanted.dims[d], err));
    }
    return tnn_call_result(outs, n_outs, self->dtype, &self->shape);
}

static tnn_status run_index_copy(const tnn_kernel_call *call, tnn_error *err) {
    const tnn_tensor *index = call->operands[1], *source = call->operands[2];
    tnn_tensor *out = &call->outputs[0];
    tnn_index_split s = tnn_index_split_of(out, tnn_arg_int(&call->node->args[DIM]));
    size_t run_bytes = (size_t)s.inner * tnn_dtype_bytes(out->dtype);
    TNN_TRY(tnn_kernel_convert(call, err));
    for (int64_t j = 0; j < index->n_elems; j++) {
        int64_t at;
        TNN_TRY(tnn_index_at(call, index, j, s.size, &at, err));
        for (int64_t o = 0; o < s.outer && run_bytes > 0; o++) {
            memcpy((char *)out->data + (size_t)(o * s.size + at) * run_bytes,
                   (const char *)source->data + (size_t)(o * index->n_elems + j) * run_bytes, run_bytes);
        }
    }
    return TNN_OK;
}

static tnn_status dims_index_copy(const tnn_node *node, tnn_dimmap *map, tnn_error *err) {
    int64_t given = tnn_arg_int(&node->args[DIM]), rank = node->outputs[0]->shape.rank;
    uint8_t dim = (uint8_t)(given < 0 ? given + rank : given);
    TNN_TRY(tnn_link_others(map, node, 0, dim, err));
    TNN_TRY(tnn_link_others(map, node, 2, dim, err));
    TNN_TRY(tnn_link_place(map, node, 0, dim, TNN_RESULT, dim, err));
    TNN_TRY(tnn_link_place(map, node, 2, dim, TNN_RESULT, dim, err));
    return tnn_link_place(map, node, 1, 0, TNN_RESULT, dim, err);
}

const tnn_op_row tnn_op_index_copy = {
    .op = {"index_copy", "index_copy(Tensor self, int dim, Tensor index, Tensor source) -> Tensor", TNN_OP_index_copy,
           TNN_OPLIST_ATEN},
    .op_class = TNN_CLASS_OTHER, .infer = infer_index_copy, .kernel = run_index_copy, .dims = dims_index_copy,
};

/* ---- scatter_rows ---- */

static tnn_status infer_scatter_rows(const tnn_call *call, tnn_type *outs, uint32_t *n_outs, tnn_error *err) {
    const tnn_value *index = tnn_call_tensor(call, 0), *source = tnn_call_tensor(call, 1);
    tnn_shape shape = source->shape;
    TNN_TRY(tnn_call_need_index(call, 0, err));
    if (index->shape.rank != 1 || shape.rank == 0) {
        return tnn_call_invalid(call, err, "index has %u dimensions, source %u, expected 1, and 1 or more",
                                index->shape.rank, shape.rank);
    }
    TNN_TRY(tnn_call_need_size(call, "dimension 0 of source", shape.dims[0], index->shape.dims[0], err));
    shape.dims[0] = call->args[2].as.size;
    return tnn_call_result(outs, n_outs, source->dtype, &shape);
}

/* Row `from` of the source onto row `to` of the result, whose float sums are `sums`. */
static void add_row(tnn_tensor *out, double *sums, const tnn_tensor *source, int64_t to, int64_t from, int64_t n) {
    for (int64_t i = 0; i < n; i++) {
        int64_t a = to * n + i, b = from * n + i;
        if (tnn_dtype_is_float(out->dtype)) {
            sums[a] += tnn_tensor_number(source, b);
            tnn_tensor_set_number(out, a, sums[a]);
        } else {
            uint64_t sum = (uint64_t)tnn_tensor_integer(out, a) + (uint64_t)tnn_tensor_integer(source, b);
            tnn_tensor_set_integer(out, a, (int64_t)sum);
        }
    }
}

static tnn_status run_scatter_rows(const tnn_kernel_call *call, tnn_error *err) {
    const tnn_tensor *index = call->operands[0], *source = call->operands[1];
    tnn_tensor *out = &call->outputs[0];
    tnn_index_split s = tnn_index_split_of(out, 0);
    double *sums = tnn_alloc_zero((size_t)out->n_elems, sizeof *sums);
    tnn_status status = sums ? TNN_OK : tnn_fail_nomem(err);
    for (int64_t j = 0; j < index->n_elems && status == TNN_OK; j++) {
        int64_t at;
        status = tnn_index_at(call, index, j, s.size, &at, err);
        if (status == TNN_OK) add_row(out, sums, source, at, j, s.inner);
    }
    tnn_free(sums);
    return status;
}

static tnn_status dims_scatter_rows(const tnn_node *node, tnn_dimmap *map, tnn_error *err) {
    TNN_TRY(tnn_link_others(map, node, 1, 0, err));
    TNN_TRY(tnn_link_same(map, node, 0, 0, 1, 0, err));
    return tnn_link_place(map, node, 1, 0, TNN_RESULT, 0, err);
}

const tnn_op_row tnn_op_scatter_rows = {
    .op = {"scatter_rows", "scatter_rows(Tensor index, Tensor source, SymInt size) -> Tensor", TNN_OP_scatter_rows,
           TNN_OPLIST_ATEN},
    .op_class = TNN_CLASS_OTHER, .infer = infer_scatter_rows, .kernel = run_scatter_rows, .dims = dims_scatter_rows,
};
