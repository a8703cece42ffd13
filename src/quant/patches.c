#include "quant/patches.h"

#include "base/alloc.h"
#include "ir/recipe.h"
#include "ops/list.h"
#include "ops/window.h"
#include "ops/infer.h"
#include "quant/layers.h"

enum { STRIDE = 3, PADDING, DILATION }; /* arguments of a convolution */

/* Windows of all samples together: twice as many as the row has numbers, within bounds. */
#define LEAST 256
#define MOST 1024

static int64_t row_of(const tnn_node *node) {
    const tnn_recipe *weight = tnn_node_operand(node, 1)->constant;
    return weight->dims[0] > 0 ? tnn_recipe_count(weight) / weight->dims[0] : 0;
}

static size_t count_per_sample(const tnn_node *node, size_t n_samples) {
    int64_t wanted = row_of(node);
    wanted = wanted < LEAST ? LEAST : wanted > MOST ? MOST : wanted;
    return ((size_t)wanted + n_samples - 1) / n_samples;
}

size_t tnn_patches_bytes(const tnn_node *node, size_t n_samples) {
    size_t n = n_samples * count_per_sample(node, n_samples);
    return n * (size_t)(row_of(node) * tnn_layer_groups(node)) * sizeof(float);
}

tnn_status tnn_patches_init(tnn_patches *out, const tnn_node *node, size_t n_samples, tnn_error *err) {
    *out = (tnn_patches){.node = node, .groups = tnn_layer_groups(node), .row = row_of(node), .n_samples = n_samples};
    out->per_sample = count_per_sample(node, n_samples);
    out->taken = tnn_alloc_zero(n_samples, sizeof *out->taken);
    out->numbers = tnn_alloc(tnn_patches_bytes(node, n_samples), 1);
    return out->taken != NULL && out->numbers != NULL ? TNN_OK : tnn_fail_nomem(err);
}

void tnn_patches_clear(tnn_patches *patches) {
    tnn_free(patches->taken);
    tnn_free(patches->numbers);
}

static int64_t random_below(int64_t n, uint32_t *state) {
    *state = *state * 1664525u + 1013904223u;
    return (int64_t)(((uint64_t)*state * (uint64_t)n) >> 32);
}

/* One channel of a window whose corner is at `corner`; zeros outside of the input. */
static float *take_channel(const tnn_node *node, const tnn_engine_view *v, const float *channel, const int64_t *corner,
                           uint8_t d, float *out) {
    const tnn_recipe *weight = tnn_node_operand(node, 1)->constant;
    if (d == weight->rank) {
        *out = *channel;
        return out + 1;
    }
    int64_t step = tnn_list_int(&node->args[DILATION], d - 2u), rest = 1;
    for (uint8_t i = (uint8_t)(d + 1); i < weight->rank; i++) rest *= weight->dims[i];
    for (int64_t k = 0; k < weight->dims[d]; k++) {
        int64_t at = corner[d] + k * step;
        bool inside = at >= 0 && at < v->dims[d];
        for (int64_t i = 0; !inside && i < rest; i++) *out++ = 0;
        if (inside) out = take_channel(node, v, channel + at * v->strides[d], corner, (uint8_t)(d + 1), out);
    }
    return out;
}

static void take_window(tnn_patches *p, const tnn_engine_view *v, size_t index, uint32_t *state) {
    const tnn_node *node = p->node;
    const tnn_shape *out = &node->outputs[0]->shape;
    size_t n = (size_t)v->rank - 2, total = p->n_samples * p->per_sample;
    int64_t corner[TNN_MAX_RANK], width = tnn_node_operand(node, 1)->constant->dims[1];
    const float *batch = (const float *)v->data + random_below(v->dims[0], state) * v->strides[0];
    for (uint8_t d = 2; d < v->rank; d++)
        corner[d] = random_below(out->dims[d].hint, state) * tnn_list_int(&node->args[STRIDE], d - 2u) -
                    tnn_padding_before(&node->args[PADDING], n, d - 2u).hint;
    for (int64_t g = 0; g < p->groups; g++) {
        float *to = p->numbers + ((size_t)g * total + index) * (size_t)p->row;
        for (int64_t k = 0; k < width; k++)
            to = take_channel(node, v, batch + (g * width + k) * v->strides[1], corner, 2, to);
    }
}

/* The last dimension at one place of all others. */
static void take_vector(tnn_patches *p, const tnn_engine_view *v, size_t index, uint32_t *state) {
    uint8_t last = (uint8_t)(v->rank - 1);
    const float *from = v->data;
    float *to = p->numbers + index * (size_t)p->row;
    for (uint8_t d = 0; d < last; d++) from += random_below(v->dims[d], state) * v->strides[d];
    for (int64_t i = 0; i < p->row; i++) to[i] = from[i * v->strides[last]];
}

void tnn_patches_take(tnn_patches *p, size_t sample, const tnn_engine_view *view) {
    bool linear = tnn_node_is(p->node, TNN_OP_linear);
    uint32_t state = (uint32_t)sample;
    for (size_t i = 0; i < p->per_sample; i++) {
        size_t index = sample * p->per_sample + i;
        if (linear) take_vector(p, view, index, &state);
        else take_window(p, view, index, &state);
    }
    p->taken[sample] = true;
}
