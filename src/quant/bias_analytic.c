#include "quant/bias_analytic.h"

#include <math.h>

#include "base/alloc.h"
#include "ir/recipe.h"
#include "ir/value_moments.h"
#include "ops/list.h"
#include "quant/channels.h"
#include "quant/layers.h"
#include "quant/scales.h"
#include "quant/simulate.h"

/* Means of channels. */
typedef struct means {
    int64_t n;
    double *of; /* NULL: not known */
} means;

/* ---- means of all values ---- */

#define ROOT_2 1.4142135623730951
#define ROOT_2_PI 2.5066282746310002

/* E[max(0, x)] of a normal x. */
static double above_zero(double mean, double deviation) {
    if (!(deviation > 0)) return fmax(0, mean);
    double z = mean / deviation;
    return mean * 0.5 * erfc(-z / ROOT_2) + deviation * exp(-z * z / 2) / ROOT_2_PI;
}

/* E[activation(x)]: a ReLU between two bounds is the difference of two. */
static double activated(double mean, double deviation, tnn_activation activation) {
    switch (activation) {
    case TNN_ACT_RELU: return above_zero(mean, deviation);
    case TNN_ACT_RELU6: return above_zero(mean, deviation) - above_zero(mean - 6, deviation);
    case TNN_ACT_RELU_N1_TO_1: return above_zero(mean + 1, deviation) - above_zero(mean - 1, deviation) - 1;
    case TNN_ACT_NONE: break;
    }
    return mean;
}

static int64_t n_channels(const tnn_value *value) {
    return value->shape.rank < 2 ? 0 : value->shape.dims[tnn_channels_dim(value)].hint;
}

/* Of an operand whose channels the result has, or runs of them. */
static const means *passed_on(const tnn_node *node, const means *all) {
    if (node->activation != TNN_ACT_NONE || node->op->list != TNN_OPLIST_ATEN) return NULL;
    const tnn_value *in = tnn_node_operand(node, 0), *out = node->outputs[0];
    switch (node->op->id) {
    case TNN_OP_avg_pool: case TNN_OP_adaptive_avg_pool: case TNN_OP_dropout: case TNN_OP_reshape: break;
    case TNN_OP_mean: if (tnn_mean_keeps_channels(node)) break; return NULL;
    default: return NULL;
    }
    bool fits = in != NULL && all[in->id].of != NULL && n_channels(out) > 0 && n_channels(out) % all[in->id].n == 0 &&
                tnn_channels_dim(in) == tnn_channels_dim(out) && in->shape.dims[0].hint == out->shape.dims[0].hint;
    return fits ? &all[in->id] : NULL;
}

static bool adds_means(const tnn_node *node, const means *all) {
    if (!tnn_node_is(node, TNN_OP_add) || node->activation != TNN_ACT_NONE) return false;
    const tnn_value *a = tnn_node_operand(node, 0), *b = tnn_node_operand(node, 1);
    return a != NULL && b != NULL && all[a->id].of != NULL && all[b->id].of != NULL && all[a->id].n == all[b->id].n &&
           tnn_arg_number(tnn_node_arg(node, "alpha")) == 1 && n_channels(node->outputs[0]) == all[a->id].n;
}

static tnn_status find_means(const tnn_node *node, means *all, tnn_arena *arena, tnn_error *err) {
    const tnn_value *out = node->outputs[0];
    const tnn_moments *moments = out->moments;
    const means *from = passed_on(node, all);
    bool adds = adds_means(node, all);
    if (moments == NULL && from == NULL && !adds) return TNN_OK;
    int64_t n = moments != NULL ? moments->n : n_channels(out);
    double *mean = TNN_NEW_ARRAY(arena, (size_t)n, double);
    if (mean == NULL) return tnn_fail_nomem(err);
    for (int64_t c = 0; c < n; c++) {
        if (moments != NULL) mean[c] = activated(moments->mean[c], moments->deviation[c], node->activation);
        else if (adds) mean[c] = all[tnn_node_operand(node, 0)->id].of[c] + all[tnn_node_operand(node, 1)->id].of[c];
        else mean[c] = from->of[c / (n / from->n)];
    }
    all[out->id] = (means){n, mean};
    return TNN_OK;
}

/* ---- layers ---- */

/* Sums over the inputs of (weights - rounded weights) * mean, by output. */
static tnn_status find_shift(const tnn_node *node, const double *mean, bool per_tensor, double *shift, tnn_arena *arena,
                             tnn_error *err) {
    const tnn_recipe *recipe = tnn_node_operand(node, 1)->constant;
    int64_t n = tnn_recipe_count(recipe), rows = recipe->dims[0], width = recipe->dims[1], row = n / rows;
    float *exact = TNN_NEW_ARRAY(arena, (size_t)n, float), *rounded;
    tnn_quant *quant;
    if (exact == NULL) return tnn_fail_nomem(err);
    TNN_TRY(tnn_quant_of_weights(&quant, arena, recipe, (tnn_weight_form){per_tensor, node->wants_int4, 0}, err));
    TNN_TRY(tnn_recipe_read(recipe, 0, n, exact, err));
    rounded = tnn_arena_copy(arena, exact, (size_t)n, sizeof *exact);
    if (rounded == NULL) return tnn_fail_nomem(err);
    tnn_round_weights(rounded, rows, row, quant);
    for (int64_t i = 0; i < n; i++) {
        int64_t o = i / row, first = o / (rows / tnn_layer_groups(node)) * width;
        shift[o] += ((double)exact[i] - (double)rounded[i]) * mean[first + i % row / (row / width)];
    }
    return TNN_OK;
}

static tnn_status correct(tnn_node *node, const double *mean, bool per_tensor, tnn_error *err) {
    int64_t n = tnn_node_operand(node, 1)->constant->dims[0];
    tnn_arena *arena = tnn_arena_new();
    double *shift = arena != NULL ? TNN_NEW_ARRAY(arena, (size_t)n, double) : NULL;
    tnn_status status = shift != NULL ? find_shift(node, mean, per_tensor, shift, arena, err) : tnn_fail_nomem(err);
    if (status == TNN_OK) status = tnn_layer_add_bias(node, shift, n, err);
    tnn_arena_free(arena);
    return status;
}

static bool is_known(const tnn_quant_plan *plan, const tnn_node *node, const means *all) {
    if (!tnn_layer_is_plain(node) || !tnn_layer_has_its_channels(node) || !tnn_quant_plan_is_integer(plan, node)) return false;
    const means *m = &all[tnn_node_operand(node, 0)->id];
    return m->of != NULL && m->n == tnn_node_operand(node, 1)->constant->dims[1] * tnn_layer_groups(node);
}

tnn_status tnn_bias_correct_analytically(const tnn_quant_plan *plan, bool per_tensor, uint32_t *n_layers, tnn_error *err) {
    means *all = TNN_NEW_ARRAY(plan->arena, plan->graph->model->next_value_id, means);
    *n_layers = 0;
    if (all == NULL) return tnn_fail_nomem(err);
    for (tnn_node *node = plan->graph->first; node != NULL; node = node->next) {
        if (is_known(plan, node, all)) {
            TNN_TRY(correct(node, all[tnn_node_operand(node, 0)->id].of, per_tensor, err));
            (*n_layers)++;
        }
        TNN_TRY(find_means(node, all, plan->arena, err));
    }
    return TNN_OK;
}
