/* Integers bit by bit; bools are integers of one bit. */
#include "ops/class.h"
#include "ops/infer.h"
#include "ops/list.h"
#include "ops/promote.h"

static tnn_status infer_bits(const tnn_call *call, tnn_type *outs, uint32_t *n_outs, tnn_error *err) {
    TNN_TRY(tnn_infer_binary(call, outs, n_outs, err));
    if (tnn_dtype_is_integral(outs[0].dtype)) return TNN_OK;
    return tnn_call_invalid(call, err, "the operands are %s, expected integers or bools",
                            tnn_dtype_name(outs[0].dtype));
}

static tnn_status infer_shift(const tnn_call *call, tnn_type *outs, uint32_t *n_outs, tnn_error *err) {
    TNN_TRY(infer_bits(call, outs, n_outs, err));
    if (outs[0].dtype == TNN_DTYPE_BOOL) return tnn_call_invalid(call, err, "two bools, expected integers");
    return TNN_OK;
}

#define BITS(id, infer_fn, fn)                                                                     \
    const tnn_op_row tnn_op_##id = {                                                               \
        .op = {#id, #id "(Tensor|Scalar self, Tensor|Scalar other) -> Tensor", TNN_OP_##id,        \
               TNN_OPLIST_ATEN},                                                                   \
        .op_class = TNN_CLASS_BINARY, .infer = infer_fn, .kernel = tnn_kernel_binary,              \
        .binary_int = fn,                                                                          \
    }

static int64_t bits_of_both(int64_t x, int64_t y, const tnn_scalar *args) {
    (void)args;
    return x & y;
}

BITS(bitwise_and, infer_bits, bits_of_both);

static int64_t bits_of_either(int64_t x, int64_t y, const tnn_scalar *args) {
    (void)args;
    return x | y;
}

BITS(bitwise_or, infer_bits, bits_of_either);

static int64_t bits_of_one(int64_t x, int64_t y, const tnn_scalar *args) {
    (void)args;
    return x ^ y;
}

BITS(bitwise_xor, infer_bits, bits_of_one);

/* Beyond the width of the type, and for negative counts, PyTorch shifts everything out. Bits that leave a narrower
 * type are cut off when the result is stored. */
static int64_t shift_left(int64_t x, int64_t n, const tnn_scalar *args) {
    (void)args;
    return n < 0 || n > 63 ? 0 : (int64_t)((uint64_t)x << n);
}

BITS(bitwise_left_shift, infer_shift, shift_left);

/* x / 2^n, rounded down. */
static int64_t shift_right(int64_t x, int64_t n, const tnn_scalar *args) {
    (void)args;
    int64_t fill = x < 0 ? -1 : 0;
    return n < 0 || n > 62 ? fill : (x - fill) / ((int64_t)1 << n) + fill;
}

BITS(bitwise_right_shift, infer_shift, shift_right);
