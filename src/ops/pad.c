/* pad: more elements before and after the last dimensions. The list has two entries a dimension, before and after,
 * the last dimension first. A negative entry takes elements away.
 *
 *   constant   value
 *   reflect    2 1 | 0 1 2 | 1 0      the border is not repeated
 *   replicate  0 0 | 0 1 2 | 2 2
 *   circular   1 2 | 0 1 2 | 0 1      around what negative entries leave */
#include <string.h>

#include "ops/infer.h"
#include "ops/link.h"
#include "ops/list.h"
#include "ops/walk.h"

enum { SELF, PAD, MODE, VALUE };

static bool is_mode(const tnn_arg *args, const char *mode) {
    return strcmp(args[MODE].as.text, mode) == 0;
}

/* Entries for dimension `dim`, 0 where the list does not reach. */
static tnn_size amount(const tnn_arg *pad, uint8_t rank, uint8_t dim, bool after) {
    size_t index = 2u * (size_t)(rank - 1 - dim) + after;
    return index < pad->n ? pad->as.sizes[index] : tnn_size_const(0);
}

static tnn_status check_mode(const tnn_call *call, uint8_t rank, tnn_error *err) {
    const tnn_arg *pad = &call->args[PAD];
    if (is_mode(call->args, "constant")) return TNN_OK;
    if (!is_mode(call->args, "reflect") && !is_mode(call->args, "replicate") && !is_mode(call->args, "circular")) {
        return tnn_call_invalid(call, err, "mode is '%s', expected 'constant', 'reflect', 'replicate' or 'circular'",
                                call->args[MODE].as.text);
    }
    size_t n = pad->n / 2;
    if (tnn_call_tensor(call, SELF)->dtype == TNN_DTYPE_BOOL && !is_mode(call->args, "circular")) {
        return tnn_call_invalid(call, err, "self is bool, mode %s takes numbers", call->args[MODE].as.text);
    }
    if (n >= 1 && n <= 3 && (rank == n + 1 || rank == n + 2)) return TNN_OK;
    return tnn_call_invalid(call, err, "pad has %u entries for %u dimensions, mode %s takes 2 of 2 or 3, 4 of 3 or 4, "
                                       "6 of 4 or 5", pad->n, rank, call->args[MODE].as.text);
}

/* How far a mode can reach into what it copies; `other` is the entry of the dimension's other side. */
static tnn_status check_reach(const tnn_call *call, int64_t size, int64_t by, int64_t other, tnn_error *err) {
    int64_t most = size;
    if (is_mode(call->args, "constant") || by <= 0) return TNN_OK;
    if (is_mode(call->args, "reflect")) most = size - 1;
    if (is_mode(call->args, "circular") && other < 0) most = size + other;
    if (is_mode(call->args, "replicate")) most = size > 0 ? INT64_MAX : 0;
    if (by <= most) return TNN_OK;
    return tnn_call_invalid(call, err, "%lld elements of padding for a dimension of %lld, mode %s takes at most %lld",
                            (long long)by, (long long)size, call->args[MODE].as.text, (long long)most);
}

/* Negative entries must not take away more than there is. */
static bool cuts_too_much(int64_t size, int64_t before, int64_t after) {
    if (before < -size || after < -size) return true;
    return size + (before < 0 ? before : 0) + (after < 0 ? after : 0) < 0;
}

static tnn_status padded_size(const tnn_call *call, uint8_t rank, uint8_t dim, tnn_size *size, tnn_error *err) {
    tnn_size before = amount(&call->args[PAD], rank, dim, false), after = amount(&call->args[PAD], rank, dim, true);
    bool mirror = is_mode(call->args, "reflect") || is_mode(call->args, "replicate");
    int64_t old = size->hint, least = mirror && 2 * (rank - dim) <= (int)call->args[PAD].n ? 1 : 0;
    TNN_TRY(check_reach(call, old, before.hint, after.hint, err));
    TNN_TRY(check_reach(call, old, after.hint, before.hint, err));
    TNN_TRY(tnn_size_add(size, call->model->arena, *size, before, err));
    TNN_TRY(tnn_size_add(size, call->model->arena, *size, after, err));
    if (size->hint >= least && !cuts_too_much(old, before.hint, after.hint)) return TNN_OK;
    return tnn_call_invalid(call, err, "dimension %u of size %lld with padding %lld and %lld is less than %lld", dim,
                            (long long)old, (long long)before.hint, (long long)after.hint, (long long)least);
}

static tnn_status infer_pad(const tnn_call *call, tnn_type *outs, uint32_t *n_outs, tnn_error *err) {
    const tnn_value *self = tnn_call_tensor(call, SELF);
    const tnn_arg *pad = &call->args[PAD];
    tnn_shape shape = self->shape;
    if (pad->n % 2 != 0 || pad->n > 2u * shape.rank) {
        return tnn_call_invalid(call, err, "pad has %u entries, expected an even number up to %u", pad->n,
                                2u * shape.rank);
    }
    TNN_TRY(check_mode(call, shape.rank, err));
    for (uint8_t d = 0; d < shape.rank; d++) TNN_TRY(padded_size(call, shape.rank, d, &shape.dims[d], err));
    return tnn_call_result(outs, n_outs, self->dtype, &shape);
}

static void fill(const tnn_kernel_call *call) {
    const tnn_arg *value = &call->node->args[VALUE];
    tnn_tensor *out = &call->outputs[0];
    if (value->kind == TNN_ARG_NONE) return;
    for (int64_t i = 0; i < out->n_elems; i++) tnn_tensor_set_number(out, i, tnn_arg_number(value));
}

/* The common part of input and result, over the filling. */
static void run_constant(const tnn_kernel_call *call) {
    const tnn_tensor *in = call->operands[SELF];
    tnn_tensor *out = &call->outputs[0];
    tnn_walk walk = tnn_walk_start(in->rank, in->dims);
    fill(call);
    tnn_strides_of(out->rank, out->dims, walk.strides[0]);
    tnn_strides_of(in->rank, in->dims, walk.strides[1]);
    for (uint8_t d = 0; d < in->rank; d++) {
        int64_t before = amount(&call->node->args[PAD], in->rank, d, false).hint;
        int64_t after = amount(&call->node->args[PAD], in->rank, d, true).hint;
        int64_t cut = before < 0 ? -before : 0;
        walk.at[0] += (before > 0 ? before : 0) * walk.strides[0][d];
        walk.at[1] += cut * walk.strides[1][d];
        walk.dims[d] -= cut + (after < 0 ? -after : 0);
    }
    tnn_walk_copy(&walk, out, in);
}

/* The place in dimension `dim` of `in` whose element stands at `index` of the result. */
static int64_t source_place(const tnn_arg *args, const tnn_tensor *in, uint8_t dim, int64_t index) {
    int64_t before = amount(&args[PAD], in->rank, dim, false).hint, size = in->dims[dim];
    int64_t after = amount(&args[PAD], in->rank, dim, true).hint, place = index - before;
    int64_t first = before < 0 ? -before : 0, end = after < 0 ? size + after : size;
    if (is_mode(args, "replicate")) return place < 0 ? 0 : place >= size ? size - 1 : place;
    if (is_mode(args, "circular")) {
        int64_t period = end - first;
        return place < first ? place + period : place >= end ? place - period : place;
    }
    return place < 0 ? -place : place >= size ? 2 * (size - 1) - place : place;
}

static void run_mirror(const tnn_kernel_call *call) {
    const tnn_tensor *in = call->operands[SELF];
    tnn_tensor *out = &call->outputs[0];
    const tnn_arg *args = call->node->args;
    tnn_walk walk = tnn_walk_start(out->rank, out->dims);
    int64_t strides[TNN_MAX_RANK];
    size_t elem = tnn_dtype_bytes(in->dtype);
    tnn_strides_of(in->rank, in->dims, strides);
    for (int64_t i = 0; i < out->n_elems; i++, tnn_walk_step(&walk)) {
        int64_t from = 0;
        for (uint8_t d = 0; d < in->rank; d++) {
            from += source_place(args, in, d, walk.index[d]) * strides[d];
        }
        memcpy((char *)out->data + (size_t)i * elem, (const char *)in->data + (size_t)from * elem, elem);
    }
}

static tnn_status run_pad(const tnn_kernel_call *call, tnn_error *err) {
    (void)err;
    if (is_mode(call->node->args, "constant")) run_constant(call);
    else run_mirror(call);
    return TNN_OK;
}

static tnn_status dims_pad(const tnn_node *node, tnn_dimmap *map, tnn_error *err) {
    const tnn_shape *shape = &tnn_node_operand(node, SELF)->shape;
    for (uint8_t d = 0; d < shape->rank; d++) {
        int64_t before = amount(&node->args[PAD], shape->rank, d, false).hint;
        int64_t after = amount(&node->args[PAD], shape->rank, d, true).hint;
        int64_t cut = before < 0 ? -before : 0, count = shape->dims[d].hint - cut - (after < 0 ? -after : 0);
        TNN_TRY(tnn_link_part(map, node, SELF, TNN_RESULT, d, cut, before > 0 ? before : 0, 1, count, err));
    }
    return TNN_OK;
}

const tnn_op_row tnn_op_pad = {
    .op = {"pad", "pad(Tensor self, SymInt[] pad, str mode='constant', float? value=None) -> Tensor", TNN_OP_pad,
           TNN_OPLIST_ATEN},
    .op_class = TNN_CLASS_OTHER, .infer = infer_pad, .kernel = run_pad, .dims = dims_pad,
};
