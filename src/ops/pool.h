/* The reference kernels of pooling. Shapes as in pool.c: every plane of `self` gives one of `out`. */
#ifndef TNN_OPS_POOL_H
#define TNN_OPS_POOL_H

#include "ops/window.h"

void tnn_pool_max(const tnn_window_geometry *window, const tnn_tensor *self, tnn_tensor *out);

/* The sum is divided by `divisor`, or where that is 0 by the window's places: those in the input, and with
 * `include_pad` those in the padding too. */
void tnn_pool_mean(const tnn_window_geometry *window, const tnn_tensor *self, tnn_tensor *out, bool include_pad,
                   int64_t divisor);

/* Window i covers places floor(i * in / out) to ceil((i + 1) * in / out). */
void tnn_pool_adaptive(const tnn_window_geometry *window, const tnn_tensor *self, tnn_tensor *out);

#endif
