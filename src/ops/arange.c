/* arange: start, start + step, … before end. */
#include <math.h>

#include "ops/infer.h"
#include "ops/list.h"

enum { START, END, STEP, DTYPE };

static bool is_float(const tnn_arg *arg) { return arg->kind == TNN_ARG_FLOAT; }

/* ceil((end - start) / step), with its expression where all three are integers. */
static tnn_status count_of(const tnn_call *call, tnn_size *out, tnn_error *err) {
    const tnn_arg *args = call->args;
    double n = ceil((tnn_arg_number(&args[END]) - tnn_arg_number(&args[START])) / tnn_arg_number(&args[STEP]));
    if (!(n >= 0 && n < 9e15)) {
        return tnn_call_invalid(call, err, "start %g does not reach end %g by steps of %g",
                                tnn_arg_number(&args[START]), tnn_arg_number(&args[END]),
                                tnn_arg_number(&args[STEP]));
    }
    *out = tnn_size_const((int64_t)n);
    if (is_float(&args[START]) || is_float(&args[END]) || is_float(&args[STEP]) || tnn_arg_int(&args[STEP]) != 1) {
        return TNN_OK;
    }
    tnn_size end = args[END].kind == TNN_ARG_INT ? args[END].as.size : tnn_size_const(tnn_arg_int(&args[END]));
    tnn_size start = args[START].kind == TNN_ARG_INT ? args[START].as.size : tnn_size_const(tnn_arg_int(&args[START]));
    return tnn_size_sub(out, call->model->arena, end, start, err);
}

static tnn_status infer_arange(const tnn_call *call, tnn_type *outs, uint32_t *n_outs, tnn_error *err) {
    tnn_shape shape = {.rank = 1};
    if (tnn_arg_number(&call->args[STEP]) == 0) return tnn_call_invalid(call, err, "step is 0");
    TNN_TRY(count_of(call, &shape.dims[0], err));
    return tnn_call_result(outs, n_outs, tnn_arg_dtype(&call->args[DTYPE]), &shape);
}

static tnn_status run_arange(const tnn_kernel_call *call, tnn_error *err) {
    (void)err;
    const tnn_arg *args = call->node->args;
    tnn_tensor *out = &call->outputs[0];
    bool floats = is_float(&args[START]) || is_float(&args[STEP]) || tnn_dtype_is_float(out->dtype);
    for (int64_t i = 0; i < out->n_elems; i++) {
        if (floats) {
            tnn_tensor_set_number(out, i, tnn_arg_number(&args[START]) + (double)i * tnn_arg_number(&args[STEP]));
        } else {
            tnn_tensor_set_integer(out, i, tnn_arg_int(&args[START]) + i * tnn_arg_int(&args[STEP]));
        }
    }
    return TNN_OK;
}

const tnn_op_row tnn_op_arange = {
    .op = {"arange", "arange(Scalar start, Scalar end, Scalar step, *, ScalarType dtype) -> Tensor", TNN_OP_arange,
           TNN_OPLIST_ATEN},
    .op_class = TNN_CLASS_OTHER, .infer = infer_arange, .kernel = run_arange,
};
