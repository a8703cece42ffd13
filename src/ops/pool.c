/* Pooling over 1, 2 or 3 spatial dimensions: the largest element or the mean of a window.
 *
 *   self    [N, C, spatial] or [C, spatial]
 *   result  the same, with the spatial dimensions as many as there are windows */
#include "ops/pool.h"

#include "ops/infer.h"
#include "ops/link.h"
#include "ops/list.h"

enum { SELF, KERNEL, STRIDE, PADDING };
enum { MAX_DILATION = 4, MAX_CEIL };
enum { AVG_CEIL = 4, AVG_INCLUDE_PAD, AVG_DIVISOR };
enum { ADAPTIVE_SIZE = 1 };

static tnn_status check_rank(const tnn_call *call, size_t n, tnn_error *err) {
    const tnn_shape *shape = &tnn_call_tensor(call, SELF)->shape;
    if (n < 1 || n > TNN_WINDOW_DIMS) {
        return tnn_call_invalid(call, err, "%s has %zu entries, expected 1 to 3", call->schema->args[1].name, n);
    }
    if (shape->rank != n + 1 && shape->rank != n + 2) {
        return tnn_call_invalid(call, err, "self has shape %s, expected %zu or %zu dimensions",
                                tnn_shape_text_of(shape).text, n + 1, n + 2);
    }
    for (size_t d = shape->rank - n - 1; d < shape->rank; d++) {
        if (shape->dims[d].hint > 0) continue;
        return tnn_call_invalid(call, err, "self has shape %s, only its batch may be empty",
                                tnn_shape_text_of(shape).text);
    }
    return TNN_OK;
}

/* PyTorch wants every window to hold an element that is not padding. */
static tnn_status check_padding(const tnn_call *call, size_t n, tnn_error *err) {
    for (size_t i = 0; i < n; i++) {
        int64_t kernel = tnn_list_int(&call->args[KERNEL], i), pad = tnn_list_int(&call->args[PADDING], i);
        if (pad <= kernel / 2) continue;
        return tnn_call_invalid(call, err, "padding is %lld, expected at most half of the kernel's %lld",
                                (long long)pad, (long long)kernel);
    }
    return TNN_OK;
}

static tnn_status infer_pool(const tnn_call *call, size_t ceil_index, const tnn_arg *dilation, tnn_type *outs,
                             uint32_t *n_outs, tnn_error *err) {
    const tnn_arg *args = call->args, *stride = args[STRIDE].n > 0 ? &args[STRIDE] : &args[KERNEL];
    size_t n = args[KERNEL].n;
    TNN_TRY(check_rank(call, n, err));
    TNN_TRY(tnn_window_check(call, KERNEL, n, false, 1, err));
    if (args[STRIDE].n > 0) TNN_TRY(tnn_window_check(call, STRIDE, n, false, 1, err));
    TNN_TRY(tnn_window_check(call, PADDING, n, false, 0, err));
    TNN_TRY(check_padding(call, n, err));
    tnn_shape shape = tnn_call_tensor(call, SELF)->shape;
    for (size_t i = 0; i < n; i++) {
        tnn_size *dim = &shape.dims[shape.rank - n + i];
        tnn_window_size size = {*dim, tnn_list_size(&args[KERNEL], i), tnn_list_size(stride, i),
                                dilation ? tnn_list_size(dilation, i) : tnn_size_const(1),
                                tnn_list_size(&args[PADDING], i), tnn_list_size(&args[PADDING], i)};
        TNN_TRY(tnn_window_out(call, &size, tnn_arg_bool(&args[ceil_index]), dim, err));
    }
    return tnn_call_result(outs, n_outs, tnn_call_tensor(call, SELF)->dtype, &shape);
}

static tnn_status infer_max_pool(const tnn_call *call, tnn_type *outs, uint32_t *n_outs, tnn_error *err) {
    if (tnn_call_tensor(call, SELF)->dtype == TNN_DTYPE_BOOL) {
        return tnn_call_invalid(call, err, "self is bool, expected a number type");
    }
    TNN_TRY(tnn_window_check(call, MAX_DILATION, call->args[KERNEL].n, false, 1, err));
    return infer_pool(call, MAX_CEIL, &call->args[MAX_DILATION], outs, n_outs, err);
}

/* PyTorch's rule for three dimensions: padding does not help. */
static tnn_status check_kernel_fits(const tnn_call *call, tnn_error *err) {
    const tnn_shape *shape = &tnn_call_tensor(call, SELF)->shape;
    for (uint8_t i = 0; i < 3; i++) {
        int64_t size = shape->dims[shape->rank - 3 + i].hint, kernel = tnn_list_int(&call->args[KERNEL], i);
        if (size >= kernel) continue;
        return tnn_call_invalid(call, err, "self has shape %s, expected %lld or more in dimension %d",
                                tnn_shape_text_of(shape).text, (long long)kernel, shape->rank - 3 + i);
    }
    return TNN_OK;
}

static tnn_status infer_avg_pool(const tnn_call *call, tnn_type *outs, uint32_t *n_outs, tnn_error *err) {
    const tnn_arg *divisor = &call->args[AVG_DIVISOR];
    if (tnn_call_tensor(call, SELF)->dtype != TNN_DTYPE_I64) TNN_TRY(tnn_call_need_float(call, SELF, err));
    if (divisor->kind == TNN_ARG_INT && tnn_arg_int(divisor) == 0) {
        return tnn_call_invalid(call, err, "divisor_override is 0");
    }
    TNN_TRY(infer_pool(call, AVG_CEIL, NULL, outs, n_outs, err));
    return call->args[KERNEL].n == 3 ? check_kernel_fits(call, err) : TNN_OK;
}

static tnn_status infer_adaptive(const tnn_call *call, tnn_type *outs, uint32_t *n_outs, tnn_error *err) {
    const tnn_arg *sizes = &call->args[ADAPTIVE_SIZE];
    tnn_shape shape = tnn_call_tensor(call, SELF)->shape;
    TNN_TRY(tnn_call_need_float(call, SELF, err));
    TNN_TRY(check_rank(call, sizes->n, err));
    TNN_TRY(tnn_window_check(call, ADAPTIVE_SIZE, sizes->n, false, 0, err));
    for (size_t i = 0; i < sizes->n; i++) shape.dims[shape.rank - sizes->n + i] = sizes->as.sizes[i];
    return tnn_call_result(outs, n_outs, tnn_call_tensor(call, SELF)->dtype, &shape);
}

/* Of the list `sizes`: kernel sizes, or anything where only the sizes of the sides matter. */
static tnn_window_geometry window_of(const tnn_kernel_call *call, const tnn_arg *sizes, const tnn_arg *stride,
                            const tnn_arg *padding, const tnn_arg *dilation) {
    int64_t kernel[TNN_WINDOW_DIMS];
    for (size_t i = 0; i < sizes->n; i++) kernel[i] = sizes->as.sizes[i].hint;
    return tnn_window_make(sizes->n, call->operands[SELF], &call->outputs[0], kernel, stride, padding, dilation);
}

static tnn_status run_max_pool(const tnn_kernel_call *call, tnn_error *err) {
    (void)err;
    const tnn_arg *args = call->node->args;
    tnn_window_geometry window = window_of(call, &args[KERNEL], &args[STRIDE], &args[PADDING], &args[MAX_DILATION]);
    tnn_pool_max(&window, call->operands[SELF], &call->outputs[0]);
    return TNN_OK;
}

static tnn_status run_avg_pool(const tnn_kernel_call *call, tnn_error *err) {
    (void)err;
    const tnn_arg *args = call->node->args;
    tnn_window_geometry window = window_of(call, &args[KERNEL], &args[STRIDE], &args[PADDING], NULL);
    int64_t divisor = args[AVG_DIVISOR].kind == TNN_ARG_INT ? tnn_arg_int(&args[AVG_DIVISOR]) : 0;
    tnn_pool_mean(&window, call->operands[SELF], &call->outputs[0], tnn_arg_bool(&args[AVG_INCLUDE_PAD]), divisor);
    return TNN_OK;
}

static tnn_status run_adaptive(const tnn_kernel_call *call, tnn_error *err) {
    (void)err;
    tnn_window_geometry window = window_of(call, &call->node->args[ADAPTIVE_SIZE], NULL, NULL, NULL);
    tnn_pool_adaptive(&window, call->operands[SELF], &call->outputs[0]);
    return TNN_OK;
}

static tnn_status dims_pool(const tnn_node *node, tnn_dimmap *map, tnn_error *err) {
    return tnn_window_link(map, node, node->args[KERNEL].n, err);
}

const tnn_op_row tnn_op_max_pool = {
    .op = {"max_pool",
           "max_pool(Tensor self, int[] kernel_size, int[] stride=[], int[] padding=0, int[] dilation=1, "
           "bool ceil_mode=False) -> Tensor",
           TNN_OP_max_pool, TNN_OPLIST_ATEN},
    .op_class = TNN_CLASS_WINDOW, .infer = infer_max_pool, .kernel = run_max_pool, .dims = dims_pool,
};

const tnn_op_row tnn_op_avg_pool = {
    .op = {"avg_pool",
           "avg_pool(Tensor self, int[] kernel_size, int[] stride=[], int[] padding=0, bool ceil_mode=False, "
           "bool count_include_pad=True, int? divisor_override=None) -> Tensor",
           TNN_OP_avg_pool, TNN_OPLIST_ATEN},
    .op_class = TNN_CLASS_WINDOW, .infer = infer_avg_pool, .kernel = run_avg_pool, .dims = dims_pool,
};

const tnn_op_row tnn_op_adaptive_avg_pool = {
    .op = {"adaptive_avg_pool", "adaptive_avg_pool(Tensor self, SymInt[] output_size) -> Tensor",
           TNN_OP_adaptive_avg_pool, TNN_OPLIST_ATEN},
    .op_class = TNN_CLASS_WINDOW, .infer = infer_adaptive, .kernel = run_adaptive, .dims = dims_pool,
};
