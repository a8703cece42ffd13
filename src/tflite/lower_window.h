/* Sliding windows: PyTorch's explicit padding against TFLite's SAME and VALID.
 *
 * Along one dimension, window `i` of PyTorch starts at i * stride - before. TFLite has two ways:
 *   VALID  before = 0, out = (in - reach) / stride + 1
 *   SAME   out = ceil(in / stride), before = max((out - 1) * stride + reach - in, 0) / 2
 * with reach = (kernel - 1) * dilation + 1. What is neither needs a PAD in front and then is VALID. */
#ifndef TNN_TFLITE_LOWER_WINDOW_H
#define TNN_TFLITE_LOWER_WINDOW_H

#include "tflite/lower.h"

typedef struct tnn_window {
    int64_t in, out, kernel, stride, dilation, before; /* before: padding; after follows from `out` */
} tnn_window;

typedef enum tnn_window_padding { TNN_WINDOW_VALID, TNN_WINDOW_SAME, TNN_WINDOW_PAD } tnn_window_padding;

/* One answer for all `n` dimensions. */
tnn_window_padding tnn_window_choose(const tnn_window *windows, size_t n);

/* Elements that must stand behind the input, padding in front included, for the last window. Not negative. */
int64_t tnn_window_after(const tnn_window *w);

/* Pad the dimensions 1 … n of `x` (channels last) as the windows need and make them unpadded. `value` 0 gives PAD, all
 * others PADV2. */
tnn_status tnn_window_pad(tnn_lower *lower, tnn_window *windows, size_t n, double value, tnn_value **x,
                          tnn_error *err);

#endif
