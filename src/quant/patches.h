/* What the weights of a layer are multiplied with: the windows of its input at some places, one behind the other. */
#ifndef TNN_QUANT_PATCHES_H
#define TNN_QUANT_PATCHES_H

#include "engine/engine.h"

typedef struct tnn_patches {
    const tnn_node *node; /* plain: quant/layers.h */
    int64_t groups, row;  /* numbers of a window of one group, in the order of a row of weights */
    size_t n_samples, per_sample;
    bool *taken;          /* by sample */
    float *numbers;       /* [groups, n_samples, per_sample, row] */
} tnn_patches;

/* Bytes of `numbers`. */
size_t tnn_patches_bytes(const tnn_node *node, size_t n_samples);

tnn_status tnn_patches_init(tnn_patches *out, const tnn_node *node, size_t n_samples, tnn_error *err);
void tnn_patches_clear(tnn_patches *patches);

/* Those of one sample; `view` is the layer's input. At places that look random, always the same. For several samples at a time. */
void tnn_patches_take(tnn_patches *patches, size_t sample, const tnn_engine_view *view);

#endif
