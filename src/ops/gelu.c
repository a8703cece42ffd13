/* gelu, exact and by tanh. */
#include <math.h>
#include <string.h>

#include "ops/class.h"
#include "ops/infer.h"
#include "ops/list.h"

enum { SELF, APPROXIMATE };

#define SQRT_HALF 0.70710678118654752440
#define SQRT_2_OVER_PI 0.79788456080286535588

/* x * P(X <= x) for a standard normal X */
static double gelu_exact(double x, const tnn_scalar *args) {
    (void)args;
    return 0.5 * x * (1 + erf(x * SQRT_HALF));
}

static double gelu_tanh(double x, const tnn_scalar *args) {
    (void)args;
    return 0.5 * x * (1 + tanh(SQRT_2_OVER_PI * (x + 0.044715 * x * x * x)));
}

static tnn_status infer_gelu(const tnn_call *call, tnn_type *outs, uint32_t *n_outs, tnn_error *err) {
    const char *mode = call->args[APPROXIMATE].as.text;
    if (strcmp(mode, "none") != 0 && strcmp(mode, "tanh") != 0) {
        return tnn_call_invalid(call, err, "approximate is '%s', expected 'none' or 'tanh'", mode);
    }
    return tnn_infer_unary_float(call, outs, n_outs, err);
}

static tnn_status run_gelu(const tnn_kernel_call *call, tnn_error *err) {
    bool by_tanh = strcmp(call->node->args[APPROXIMATE].as.text, "tanh") == 0;
    return tnn_map_unary(call, by_tanh ? gelu_tanh : gelu_exact, NULL, err);
}

const tnn_op_row tnn_op_gelu = {
    .op = {"gelu", "gelu(Tensor self, *, str approximate='none') -> Tensor", TNN_OP_gelu, TNN_OPLIST_ATEN},
    .op_class = TNN_CLASS_UNARY, .infer = infer_gelu, .kernel = run_gelu,
};
