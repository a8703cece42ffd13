/* The same elements under another shape: reshape, permute, expand. */
#include "ops/class.h"
#include "ops/infer.h"
#include "ops/link.h"
#include "ops/list.h"
#include "ops/walk.h"

enum { SELF, SIZES };

static bool is_minus_one(tnn_size size) {
    return size.hint == -1 && !size.expr;
}

static tnn_status check_max_rank(const tnn_call *call, uint32_t n, tnn_error *err) {
    if (n <= TNN_MAX_RANK) return TNN_OK;
    return tnn_call_unsupported(call, err, "%u dimensions, at most %d are supported", n, TNN_MAX_RANK);
}

/* The shape as asked for, with 1 in place of -1, whose index is `open` (-1: there is none). */
static tnn_status asked_shape(const tnn_call *call, tnn_shape *shape, int *open, tnn_error *err) {
    const tnn_arg *sizes = &call->args[SIZES];
    TNN_TRY(check_max_rank(call, sizes->n, err));
    shape->rank = 0;
    *open = -1;
    for (uint32_t i = 0; i < sizes->n; i++) {
        tnn_size size = sizes->as.sizes[i];
        if (size.hint < 0 && (!is_minus_one(size) || *open >= 0)) {
            return tnn_call_invalid(call, err, "shape is %s, expected no negative entries but one -1 at most",
                                    tnn_sizes_text_of(sizes).text);
        }
        if (is_minus_one(size)) *open = (int)i;
        shape->dims[shape->rank++] = is_minus_one(size) ? tnn_size_const(1) : size;
    }
    return TNN_OK;
}

static tnn_status misfit(const tnn_call *call, tnn_error *err) {
    return tnn_call_invalid(call, err, "self has shape %s, whose elements do not fit shape %s",
                            tnn_shape_text_of(&tnn_call_tensor(call, SELF)->shape).text,
                            tnn_sizes_text_of(&call->args[SIZES]).text);
}

/* What -1 stands for: `total` elements over `rest`, those of the other dimensions. */
static tnn_status open_size(const tnn_call *call, tnn_size total, tnn_size rest, tnn_size *out, tnn_error *err) {
    tnn_size remainder;
    bool divides;
    if (rest.hint == 0) {
        return tnn_call_invalid(call, err, "shape is %s, where -1 could be any size as another one is 0",
                                tnn_sizes_text_of(&call->args[SIZES]).text);
    }
    TNN_TRY(tnn_size_mod(&remainder, call->model->arena, total, rest, err));
    TNN_TRY(tnn_guard_equal(call->model, remainder, tnn_size_const(0), &divides, err));
    if (!divides) return misfit(call, err);
    return tnn_size_floordiv(out, call->model->arena, total, rest, err);
}

static tnn_status infer_reshape(const tnn_call *call, tnn_type *outs, uint32_t *n_outs, tnn_error *err) {
    const tnn_value *self = tnn_call_tensor(call, SELF);
    tnn_shape shape;
    tnn_size total, asked;
    bool fits = true;
    int open;
    TNN_TRY(asked_shape(call, &shape, &open, err));
    TNN_TRY(tnn_call_count(call, &self->shape, &total, err));
    TNN_TRY(tnn_call_count(call, &shape, &asked, err));
    if (open >= 0) TNN_TRY(open_size(call, total, asked, &shape.dims[open], err));
    else TNN_TRY(tnn_guard_equal(call->model, total, asked, &fits, err));
    return fits ? tnn_call_result(outs, n_outs, self->dtype, &shape) : misfit(call, err);
}

const tnn_op_row tnn_op_reshape = {
    .op = {"reshape", "reshape(Tensor self, SymInt[] shape) -> Tensor", TNN_OP_reshape, TNN_OPLIST_ATEN},
    .op_class = TNN_CLASS_VIEW, .infer = infer_reshape, .kernel = tnn_kernel_convert,
};

static tnn_status infer_permute(const tnn_call *call, tnn_type *outs, uint32_t *n_outs, tnn_error *err) {
    const tnn_value *self = tnn_call_tensor(call, SELF);
    const tnn_arg *dims = &call->args[SIZES];
    tnn_shape shape = self->shape;
    uint32_t set;
    if (dims->n != shape.rank) {
        return tnn_call_invalid(call, err, "dims has %u entries, self of shape %s has %u dimensions", dims->n,
                                tnn_shape_text_of(&shape).text, shape.rank);
    }
    TNN_TRY(tnn_call_dim_set(call, dims, shape.rank, &set, err));
    for (uint8_t i = 0; i < shape.rank; i++) {
        uint8_t from;
        TNN_TRY(tnn_call_dim(call, dims->as.sizes[i].hint, shape.rank, &from, err));
        shape.dims[i] = self->shape.dims[from];
    }
    return tnn_call_result(outs, n_outs, self->dtype, &shape);
}

static tnn_status run_permute(const tnn_kernel_call *call, tnn_error *err) {
    (void)err;
    const tnn_tensor *in = call->operands[SELF];
    tnn_tensor *out = &call->outputs[0];
    int64_t strides[TNN_MAX_RANK];
    tnn_walk walk = tnn_walk_start(out->rank, out->dims);
    tnn_walk_broadcast(&walk, 0, out);
    tnn_strides_of(in->rank, in->dims, strides);
    for (uint8_t d = 0; d < out->rank; d++) {
        int64_t from = call->node->args[SIZES].as.sizes[d].hint;
        walk.strides[1][d] = strides[from < 0 ? from + in->rank : from];
    }
    tnn_walk_copy(&walk, out, in);
    return TNN_OK;
}

const tnn_op_row tnn_op_permute = {
    .op = {"permute", "permute(Tensor self, int[] dims) -> Tensor", TNN_OP_permute, TNN_OPLIST_ATEN},
    .op_class = TNN_CLASS_VIEW, .infer = infer_permute, .kernel = run_permute,
};

/* Dimension `index` of the result; `in` is the dimension it comes from. */
static tnn_status expanded_size(const tnn_call *call, uint32_t index, tnn_size in, tnn_size *out, tnn_error *err) {
    tnn_size want = call->args[SIZES].as.sizes[index];
    bool fits;
    *out = is_minus_one(want) ? in : want;
    if (is_minus_one(want) || (!in.expr && in.hint == 1)) return TNN_OK;
    TNN_TRY(tnn_guard_equal(call->model, in, want, &fits, err));
    *out = in.expr ? want : in;
    if (fits) return TNN_OK;
    *out = want;
    TNN_TRY(tnn_guard_equal(call->model, in, tnn_size_const(1), &fits, err));
    if (fits) return TNN_OK;
    return tnn_call_invalid(call, err, "size %lld in dimension %u, self has %lld there, expected the same or 1",
                            (long long)want.hint, index, (long long)in.hint);
}

static tnn_status infer_expand(const tnn_call *call, tnn_type *outs, uint32_t *n_outs, tnn_error *err) {
    const tnn_value *self = tnn_call_tensor(call, SELF);
    const tnn_arg *sizes = &call->args[SIZES];
    tnn_shape shape = {0};
    TNN_TRY(check_max_rank(call, sizes->n, err));
    if (sizes->n < self->shape.rank) {
        return tnn_call_invalid(call, err, "size is %s, self of shape %s has more dimensions",
                                tnn_sizes_text_of(sizes).text, tnn_shape_text_of(&self->shape).text);
    }
    uint32_t lead = sizes->n - self->shape.rank;
    for (uint32_t i = 0; i < sizes->n; i++) {
        if (sizes->as.sizes[i].hint < (i < lead ? 0 : -1)) {
            return tnn_call_invalid(call, err, "size is %s, entry %u must not be negative",
                                    tnn_sizes_text_of(sizes).text, i);
        }
        tnn_size in = i < lead ? tnn_size_const(1) : self->shape.dims[i - lead];
        TNN_TRY(expanded_size(call, i, in, &shape.dims[shape.rank++], err));
    }
    return tnn_call_result(outs, n_outs, self->dtype, &shape);
}

static tnn_status run_expand(const tnn_kernel_call *call, tnn_error *err) {
    (void)err;
    tnn_tensor *out = &call->outputs[0];
    tnn_walk walk = tnn_walk_start(out->rank, out->dims);
    tnn_walk_broadcast(&walk, 0, out);
    tnn_walk_broadcast(&walk, 1, call->operands[SELF]);
    tnn_walk_copy(&walk, out, call->operands[SELF]);
    return TNN_OK;
}

const tnn_op_row tnn_op_expand = {
    .op = {"expand", "expand(Tensor self, SymInt[] size) -> Tensor", TNN_OP_expand, TNN_OPLIST_ATEN},
    .op_class = TNN_CLASS_OTHER, .infer = infer_expand, .kernel = run_expand, .dims = tnn_dims_elementwise,
};
