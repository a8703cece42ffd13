/* Parts of one dimension: slice takes one out, slice_scatter puts one in. Bounds are Python's:
 *
 *   start, end   a negative one counts from the end; then both are moved into 0 … size
 *   count        (end - start + step - 1) // step, or 0 where end is before start */
#include "ops/slice.h"

#include "ops/class.h"
#include "ops/infer.h"
#include "ops/link.h"
#include "ops/list.h"
#include "ops/walk.h"

/* slice_scatter has src behind self. */
enum { SELF, SRC };

static const tnn_arg *args_from_dim(const tnn_op *op, const tnn_arg *args) {
    return args + (op->id == TNN_OP_slice_scatter ? 2 : 1);
}

/* A bound, moved into low … size. */
static tnn_status clamp_bound(const tnn_call *call, tnn_size bound, tnn_size low, tnn_size size, tnn_size *out,
                              tnn_error *err) {
    tnn_size zero = tnn_size_const(0);
    bool yes;
    TNN_TRY(tnn_guard_less(call->model, bound, zero, &yes, err));
    if (yes) TNN_TRY(tnn_size_add(&bound, call->model->arena, bound, size, err));
    TNN_TRY(tnn_guard_less(call->model, bound, low, &yes, err));
    *out = low;
    if (yes) return TNN_OK;
    /* "To the end" is written as the largest integer, which says nothing of the size. */
    yes = bound.hint == INT64_MAX && !bound.expr;
    if (!yes) TNN_TRY(tnn_guard_less(call->model, size, bound, &yes, err));
    *out = yes ? size : bound;
    return TNN_OK;
}

static tnn_status count_of(const tnn_call *call, const tnn_arg *args, tnn_size size, tnn_size *out, tnn_error *err) {
    tnn_arena *arena = call->model->arena;
    tnn_size start, end, step = args[3].as.size;
    TNN_TRY(clamp_bound(call, args[1].as.size, tnn_size_const(0), size, &start, err));
    TNN_TRY(clamp_bound(call, args[2].as.size, start, size, &end, err));
    TNN_TRY(tnn_size_sub(out, arena, end, start, err));
    TNN_TRY(tnn_size_add(out, arena, *out, step, err));
    TNN_TRY(tnn_size_sub(out, arena, *out, tnn_size_const(1), err));
    return tnn_size_floordiv(out, arena, *out, step, err);
}

/* Shape of what is taken. */
static tnn_status slice_shape(const tnn_call *call, tnn_shape *shape, tnn_error *err) {
    const tnn_arg *args = args_from_dim(call->op, call->args);
    uint8_t dim;
    *shape = tnn_call_tensor(call, SELF)->shape;
    if (shape->rank == 0) return tnn_call_invalid(call, err, "self has no dimensions, expected 1 or more");
    TNN_TRY(tnn_call_dim(call, tnn_arg_int(&args[0]), shape->rank, &dim, err));
    if (tnn_arg_int(&args[3]) < 1) {
        return tnn_call_invalid(call, err, "step is %lld, expected 1 or more", (long long)tnn_arg_int(&args[3]));
    }
    return count_of(call, args, shape->dims[dim], &shape->dims[dim], err);
}

static tnn_status infer_slice(const tnn_call *call, tnn_type *outs, uint32_t *n_outs, tnn_error *err) {
    tnn_shape shape;
    TNN_TRY(slice_shape(call, &shape, err));
    return tnn_call_result(outs, n_outs, tnn_call_tensor(call, SELF)->dtype, &shape);
}

static tnn_status infer_slice_scatter(const tnn_call *call, tnn_type *outs, uint32_t *n_outs, tnn_error *err) {
    const tnn_value *self = tnn_call_tensor(call, SELF), *src = tnn_call_tensor(call, SRC);
    tnn_shape shape;
    bool equal;
    TNN_TRY(slice_shape(call, &shape, err));
    equal = src->shape.rank == shape.rank;
    for (uint8_t d = 0; d < shape.rank && equal; d++) {
        TNN_TRY(tnn_guard_equal(call->model, src->shape.dims[d], shape.dims[d], &equal, err));
    }
    if (equal) return tnn_call_result(outs, n_outs, self->dtype, &self->shape);
    return tnn_call_invalid(call, err, "src has shape %s, expected %s as the slice of self",
                            tnn_shape_text_of(&src->shape).text, tnn_shape_text_of(&shape).text);
}

static int64_t clamp_hint(int64_t bound, int64_t low, int64_t size) {
    if (bound < 0) bound += size;
    if (bound < low) return low;
    return bound > size ? size : bound;
}

tnn_slice_range tnn_slice_range_of(const tnn_node *node) {
    const tnn_arg *args = args_from_dim(node->op, node->args);
    const tnn_shape *shape = &tnn_node_operand(node, SELF)->shape;
    int64_t dim = tnn_arg_int(&args[0]);
    tnn_slice_range range = {.dim = (uint8_t)(dim < 0 ? dim + shape->rank : dim), .step = tnn_arg_int(&args[3])};
    int64_t size = shape->dims[range.dim].hint;
    range.start = clamp_hint(tnn_arg_int(&args[1]), 0, size);
    int64_t length = clamp_hint(tnn_arg_int(&args[2]), range.start, size) - range.start;
    range.count = length / range.step + (length % range.step != 0 ? 1 : 0);
    return range;
}

/* Copy between the slice's places in the whole tensor (side `whole` of the walk) and the dense part. */
static void copy_part(const tnn_kernel_call *call, const tnn_tensor *part, int whole, tnn_tensor *out,
                      const tnn_tensor *in) {
    tnn_slice_range range = tnn_slice_range_of(call->node);
    const tnn_tensor *self = call->operands[SELF];
    tnn_walk walk = tnn_walk_start(part->rank, part->dims);
    tnn_strides_of(self->rank, self->dims, walk.strides[whole]);
    tnn_strides_of(part->rank, part->dims, walk.strides[1 - whole]);
    walk.at[whole] = range.start * walk.strides[whole][range.dim];
    walk.strides[whole][range.dim] *= range.count > 1 ? range.step : 0; /* the step of a single place may be huge */
    tnn_walk_copy(&walk, out, in);
}

static tnn_status run_slice(const tnn_kernel_call *call, tnn_error *err) {
    (void)err;
    copy_part(call, &call->outputs[0], 1, &call->outputs[0], call->operands[SELF]);
    return TNN_OK;
}

static tnn_status run_slice_scatter(const tnn_kernel_call *call, tnn_error *err) {
    tnn_tensor src = {0};
    TNN_TRY(tnn_kernel_convert(call, err));
    TNN_TRY(tnn_operand_as(&src, call->operands[SRC], NULL, call->outputs[0].dtype, err));
    copy_part(call, &src, 0, &call->outputs[0], &src);
    tnn_tensor_clear(&src);
    return TNN_OK;
}

static tnn_status dims_slice(const tnn_node *node, tnn_dimmap *map, tnn_error *err) {
    tnn_slice_range range = tnn_slice_range_of(node);
    TNN_TRY(tnn_link_others(map, node, SELF, range.dim, err));
    return tnn_link_part(map, node, SELF, TNN_RESULT, range.dim, range.start, 0, range.step, range.count, err);
}

static tnn_status dims_slice_scatter(const tnn_node *node, tnn_dimmap *map, tnn_error *err) {
    tnn_slice_range range = tnn_slice_range_of(node);
    TNN_TRY(tnn_link_broadcast(map, node, SELF, err));
    TNN_TRY(tnn_link_others(map, node, SRC, range.dim, err));
    return tnn_link_part(map, node, TNN_RESULT, SRC, range.dim, range.start, 0, range.step, range.count, err);
}

const tnn_op_row tnn_op_slice = {
    .op = {"slice", "slice(Tensor self, int dim, SymInt start, SymInt end, SymInt step=1) -> Tensor", TNN_OP_slice,
           TNN_OPLIST_ATEN},
    .op_class = TNN_CLASS_OTHER, .infer = infer_slice, .kernel = run_slice, .dims = dims_slice,
};

const tnn_op_row tnn_op_slice_scatter = {
    .op = {"slice_scatter",
           "slice_scatter(Tensor self, Tensor src, int dim, SymInt start, SymInt end, SymInt step=1) -> Tensor",
           TNN_OP_slice_scatter, TNN_OPLIST_ATEN},
    .op_class = TNN_CLASS_OTHER, .infer = infer_slice_scatter, .kernel = run_slice_scatter,
    .dims = dims_slice_scatter,
};
