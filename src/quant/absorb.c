#include "quant/absorb.h"

#include <math.h>

#include "ir/value_moments.h"
#include "ops/list.h"
#include "passes/channel_affine.h"
#include "quant/layers.h"

#define DEVIATIONS 3.0

static bool pads_nowhere(const tnn_node *node) {
    const tnn_arg *padding = tnn_node_is(node, TNN_OP_convolution) ? tnn_node_arg(node, "padding") : NULL;
    for (uint32_t i = 0; padding != NULL && i < padding->n; i++)
        if (padding->as.sizes[i].hint != 0) return false;
    return true;
}

static bool takes_shift(const tnn_node *node, const tnn_value *value) {
    return tnn_layer_is_plain(node) && tnn_layer_has_its_channels(node) && tnn_node_operand(node, 0) == value &&
           pads_nowhere(node);
}

static bool can_absorb(const tnn_node *node) {
    const tnn_value *value = node->outputs[0];
    if (node->activation != TNN_ACT_RELU || !tnn_layer_is_plain(node) || !tnn_layer_has_its_channels(node)) return false;
    for (size_t i = 0; i < value->n_users; i++)
        if (!takes_shift(value->users[i], value)) return false;
    return value->n_users > 0 && tnn_value_n_output_uses(node->graph, value) == 0;
}

/* What each channel stays above; false: none is above 0. */
static bool find_shift(const tnn_channels *c, double *shift) {
    bool any = false;
    for (int64_t k = 0; k < c->n && c->count > 0; k++) {
        double mean = c->sum[k] / (double)c->count, square = c->square_sum[k] / (double)c->count;
        shift[k] = fmax(0, mean - DEVIATIONS * sqrt(fmax(0, square - mean * mean)));
        any = any || shift[k] > 0;
    }
    return any;
}

static tnn_status shift_moments(tnn_value *value, const double *shift, tnn_arena *arena, tnn_error *err) {
    if (value->moments == NULL) return TNN_OK;
    int64_t n = value->moments->n;
    tnn_moments *moments = TNN_NEW(arena, tnn_moments);
    double *mean = TNN_NEW_ARRAY(arena, (size_t)n, double);
    if (moments == NULL || mean == NULL) return tnn_fail_nomem(err);
    for (int64_t c = 0; c < n; c++) mean[c] = value->moments->mean[c] - shift[c];
    *moments = (tnn_moments){n, mean, value->moments->deviation};
    value->moments = moments;
    return TNN_OK;
}

static tnn_status give_to_reader(tnn_node *reader, const double *shift, tnn_arena *arena, tnn_error *err) {
    const tnn_recipe *weight = tnn_node_operand(reader, 1)->constant;
    double *sums = TNN_NEW_ARRAY(arena, (size_t)weight->dims[0], double);
    if (sums == NULL) return tnn_fail_nomem(err);
    TNN_TRY(tnn_add_shift_sums(sums, weight, tnn_layer_groups(reader), shift, err));
    return tnn_layer_add_bias(reader, sums, weight->dims[0], err);
}

static tnn_status absorb(tnn_node *node, double *shift, int64_t n, tnn_error *err) {
    tnn_arena *arena = node->graph->model->arena;
    tnn_value *value = node->outputs[0];
    for (size_t i = 0; i < value->n_users; i++) TNN_TRY(give_to_reader(value->users[i], shift, arena, err));
    TNN_TRY(shift_moments(value, shift, arena, err));
    for (int64_t c = 0; c < n; c++) shift[c] = -shift[c];
    return tnn_layer_add_bias(node, shift, n, err);
}

tnn_status tnn_absorb_biases(tnn_graph *graph, const tnn_channel_stats *stats, uint32_t *n_layers, tnn_error *err) {
    *n_layers = 0;
    for (tnn_node *node = graph->first; node != NULL; node = node->next) {
        const tnn_channels *c = can_absorb(node) ? stats->of[node->outputs[0]->id] : NULL;
        if (c == NULL) continue;
        double *shift = TNN_NEW_ARRAY(graph->model->arena, (size_t)c->n, double);
        if (shift == NULL) return tnn_fail_nomem(err);
        if (!find_shift(c, shift)) continue;
        TNN_TRY(absorb(node, shift, c->n, err));
        (*n_layers)++;
    }
    return TNN_OK;
}
