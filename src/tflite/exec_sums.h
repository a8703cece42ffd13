/* From sums of products to the elements of a convolution's or matrix product's result.
 *
 * Products of numbers of 16 bits and their sums are exact in double, so that one loop serves floats and integers: it adds
 * up what tnn_exec_floats gives. What differs comes after: the bias, the rescaling of integers, the activation.
 * Hybrid operators have float operands, weights of 8 bits, and quantize the operand for each run of the model. */
#ifndef TNN_TFLITE_EXEC_SUMS_H
#define TNN_TFLITE_EXEC_SUMS_H

#include "tflite/exec_clamp.h"
#include "tflite/exec_fixed.h"

typedef struct tnn_exec_sums {
    tnn_exec_tensor *out;
    tnn_exec_bounds bounds;
    const double *bias;       /* one a channel; NULL: none */
    const tnn_fixed *factors; /* of integers, one a channel */
    const double *reals;      /* the same, not rounded */
    const float *scales;      /* of hybrid weights, one a channel */
    bool is_wide;             /* sums of 64 bits: of 16-bit operands without a bias of 32 */
    bool is_real;             /* integers are rescaled in double, and rounded once */
    bool is_hybrid;
    float dynamic_scale;      /* of the hybrid operand's part at hand */
} tnn_exec_sums;

/* `bias` NULL: none; `n` channels, for which `weights` have a scale each or one together. `float_product`: the product of
 * the operands' scales is rounded to float, as LiteRT does where a single factor serves all channels. Errors: TNN_ERR_UNSUPPORTED (types),
 * TNN_ERR_MALFORMED. */
tnn_status tnn_exec_sums_begin(const tnn_exec_call *call, tnn_exec_sums *sums, const tnn_exec_tensor *in,
                               const tnn_exec_tensor *weights, const tnn_exec_tensor *bias, int64_t n, bool float_product,
                               tnn_error *err);

/* Element `i` of the result, of channel `c`. */
void tnn_exec_sums_put(const tnn_exec_sums *sums, int64_t i, int64_t c, double sum);

/* The sum of the products of `n` floats. */
double tnn_exec_dot(const float *a, const float *b, int64_t n);

/* Quantize `n` floats to 8 bits as a hybrid operator does, symmetric or with a zero point, which is taken off.
 * Returns their scale. */
float tnn_exec_quantize_dynamic(float *out, const float *in, int64_t n, bool is_symmetric);

#endif
