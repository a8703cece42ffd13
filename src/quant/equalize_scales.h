/* Scales for the channels of one group of values: those that promise the least noise in what reads them.
 *
 * Layers that make the channels are divided by the scales, layers that read them multiplied. */
#ifndef TNN_QUANT_EQUALIZE_SCALES_H
#define TNN_QUANT_EQUALIZE_SCALES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"

/* A reading layer. The weights of output o and input channel k of its part are summed up in [o, k]. */
typedef struct tnn_equalized_reader {
    int64_t rows, width, groups, taps;
    int64_t run;     /* neighbouring input channels that are one channel of the group */
    float *largest;  /* [rows, width]: magnitude over the taps */
    float *squares;  /* [rows, width]: sum of squares over the taps */
} tnn_equalized_reader;

typedef struct tnn_equalized_group {
    int64_t n;          /* channels */
    bool per_tensor;    /* one scale for all weights of a layer */
    bool bounded;       /* by ReLU6: scales are at most 1, and keep a channel below 6 */
    double *range;      /* largest magnitude of any value of the group, by channel */
    double *power;      /* mean square, by channel, of the largest value */
    double *made;       /* largest weight that makes the channel */
    double input_power; /* of what makes it: sum over the fan-in, the largest of all layers */
    tnn_equalized_reader *readers;
    size_t n_readers;
} tnn_equalized_group;

/* The scales of the best of several rules, in `arena`; `*out` is NULL when none gains much beside scales of 1. */
tnn_status tnn_equalized_scales(double **out, const tnn_equalized_group *group, tnn_arena *arena, tnn_error *err);

#endif
