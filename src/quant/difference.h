/* How far numbers of a run are from exact ones. */
#ifndef TNN_QUANT_DIFFERENCE_H
#define TNN_QUANT_DIFFERENCE_H

#include "engine/engine.h"

/* Sums of squares and products, of numbers and of what stands for them. */
typedef struct tnn_difference {
    double power;   /* of the exact numbers */
    double error;   /* of differences */
    double product; /* of both: for cosines */
    double length;  /* squares of the other numbers */
} tnn_difference;

/* The dimensions by their strides, the largest first, without those of size 1 and repeated ones; those that lie one in the
 * other without gaps are one. Returns how many. */
uint8_t tnn_view_dims(const tnn_engine_view *view, int64_t *dims, int64_t *strides);

/* Add up over two views of float32 that have the same strides. */
void tnn_view_compare(const tnn_engine_view *exact, const tnn_engine_view *other, tnn_difference *sums);
void tnn_dense_compare(const float *exact, const float *other, int64_t n, tnn_difference *sums);

void tnn_difference_add(tnn_difference *to, const tnn_difference *from);

/* Noise power as a part of the signal's; of a signal of zeros 0 or infinite. */
double tnn_noise_of(const tnn_difference *sums);
/* Of the angle; 1 where there are only zeros. */
double tnn_cosine_of(const tnn_difference *sums);

#endif
