/* Shared by the convolutions and the pools. */
#ifndef TNN_TFLITE_LOWER_CONV_H
#define TNN_TFLITE_LOWER_CONV_H

#include "tflite/lower.h"

/* 1, 2 or 3. */
uint8_t tnn_conv_n_spatial(const tnn_node *node);

/* [N, C, spatial…] or [C, spatial…] to channels last. */
void tnn_channels_last_order(uint8_t rank, uint8_t n_spatial, uint8_t *order);

/* [N, spatial…, C] of an input or result that may have no batch; 1-D gets a height of 1. */
tnn_box tnn_conv_dims(const tnn_value *value, uint8_t n_spatial);

tnn_status tnn_conv_bias(tnn_lower *lower, const tnn_node *node, int64_t n_channels, tnn_value **out,
                         tnn_error *err);

/* lower_tconv.c */
tnn_status tnn_lower_transposed_conv(tnn_lower *lower, const tnn_node *node, tnn_error *err);

/* lower_parts.c: `n_parts` equal pieces along an axis (constants: recipe steps), in the arena; and back, which may use
 * `parts` up. */
tnn_status tnn_lower_split(tnn_lower *lower, tnn_value *x, uint8_t axis, int64_t n_parts, tnn_value ***out,
                           tnn_error *err);
tnn_status tnn_lower_concat(tnn_lower *lower, tnn_value **parts, size_t n_parts, uint8_t axis, const char *suffix,
                            tnn_value **out, tnn_error *err);
/* The box of size `dims` that begins at `begin`. */
tnn_status tnn_lower_crop(tnn_lower *lower, tnn_value *x, const int64_t *begin, const tnn_box *dims,
                          const char *suffix, tnn_value **out, tnn_error *err);
/* Elements [start, start + length * step) of an axis, one in `step`. */
tnn_status tnn_lower_slice(tnn_lower *lower, tnn_value *x, uint8_t axis, int64_t start, int64_t length, int64_t step,
                           const char *suffix, tnn_value **out, tnn_error *err);

/* lower_mix.c: out[.., i, ..] = sum over k of matrix[i, k] * x[.., k, ..] along an axis; [n_out, n_in], copied. */
tnn_status tnn_lower_mix_axis(tnn_lower *lower, tnn_value *x, uint8_t axis, const float *matrix, int64_t n_out,
                              const char *suffix, tnn_value **out, tnn_error *err);

#endif
