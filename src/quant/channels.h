/* How large the channels of a graph's values are, over a few samples. */
#ifndef TNN_QUANT_CHANNELS_H
#define TNN_QUANT_CHANNELS_H

#include "quant/calibrate.h"

typedef struct tnn_channels {
    int64_t n;
    float *largest;     /* magnitude, by channel */
    double *sum, *square_sum; /* of all numbers of the channel */
    int64_t count;      /* numbers of one channel */
} tnn_channels;

/* The dimension of channels: 1, of three dimensions as linear layers have them the last. */
uint8_t tnn_channels_dim(const tnn_value *value);

typedef struct tnn_channel_stats {
    tnn_channels **of; /* by id of a value of the graph; NULL: not float32, or no channels */
    uint32_t n_values;
} tnn_channel_stats;

/* The first samples of the source, at most `max_samples`. The same for any number of threads. Errors: as tnn_calibrate. */
tnn_status tnn_channel_stats_collect(tnn_channel_stats *out, const tnn_graph *graph, const tnn_sample_source *source,
                                     size_t max_samples, int n_threads, tnn_arena *arena, tnn_error *err);

#endif
