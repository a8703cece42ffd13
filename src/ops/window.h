/* Windows that slide over the spatial dimensions: shared by convolution and pooling. */
#ifndef TNN_OPS_WINDOW_H
#define TNN_OPS_WINDOW_H

#include "ops/row.h"

#define TNN_WINDOW_DIMS 3

/* By hints. Always three spatial dimensions; where there are fewer, the first ones have size 1. */
typedef struct tnn_window_geometry {
    int64_t in[TNN_WINDOW_DIMS], out[TNN_WINDOW_DIMS], kernel[TNN_WINDOW_DIMS];
    int64_t stride[TNN_WINDOW_DIMS], dilation[TNN_WINDOW_DIMS];
    int64_t before[TNN_WINDOW_DIMS], after[TNN_WINDOW_DIMS]; /* padding */
} tnn_window_geometry;

/* The window of `n` spatial dimensions, the last ones of `in` and `out`. `padding` has 1, n or 2n entries; a NULL or
 * empty list of strides means the kernel's sizes, no list of dilations means 1. `kernel` has n entries. */
tnn_window_geometry tnn_window_make(size_t n, const tnn_tensor *in, const tnn_tensor *out, const int64_t *kernel,
                           const tnn_arg *stride, const tnn_arg *padding, const tnn_arg *dilation);

int64_t tnn_window_product(const int64_t *sizes);

/* Padding before and after spatial dimension `index` of n: the list has 1, n or 2n entries. */
tnn_size tnn_padding_before(const tnn_arg *padding, size_t n, size_t index);
tnn_size tnn_padding_after(const tnn_arg *padding, size_t n, size_t index);

/* Argument `index` must be a list of 1 or n entries (2n too with `sides`), each `least` or more and below
 * 2^31, so that kernels cannot overflow. Errors: TNN_ERR_INVALID. */
tnn_status tnn_window_check(const tnn_call *call, size_t index, size_t n, bool sides, int64_t least, tnn_error *err);

/* One spatial dimension in symbols. */
typedef struct tnn_window_size {
    tnn_size in, kernel, stride, dilation, before, after;
} tnn_window_size;

/* (in + before + after - dilation * (kernel - 1) - 1) // stride + 1. With `ceil_mode` rounded up, less the window
 * that would start behind the input and its padding before.
 * Errors: TNN_ERR_INVALID (the window is larger than the padded input). */
tnn_status tnn_window_out(const tnn_call *call, const tnn_window_size *size, bool ceil_mode, tnn_size *out,
                          tnn_error *err);

/* Batch and channel dimensions SAME, spatial ones PLACE, operand 0 to the result; n spatial dimensions. */
tnn_status tnn_window_link(tnn_dimmap *map, const tnn_node *node, size_t n, tnn_error *err);

#endif
