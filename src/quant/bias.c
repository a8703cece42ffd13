#include "quant/bias.h"

#include <math.h>

#include "base/alloc.h"
#include "ir/recipe.h"
#include "ops/row.h"
#include "passes/rewrite.h"
#include "quant/quant_rows.h"
#include "quant/scales.h"

/* What rounding changes: weights - rounded, in place. [rows, row], a scale a row or one. */
static void take_rounded_off(float *weights, int64_t rows, int64_t row, const tnn_quant *quant) {
    for (int64_t r = 0; r < rows; r++) {
        double scale = (double)quant->scale[quant->n > 1 ? r : 0];
        for (float *w = weights + r * row, *end = w + row; scale > 0 && w < end; w++) {
            double q = fmin(fmax(rint((double)*w / scale), -127), 127);
            *w = (float)((double)*w - q * scale);
        }
    }
}

/* The mean that rounding takes away from each output channel. */
static tnn_status lost_means(const tnn_calibration *c, const tnn_node *node, bool per_tensor, double *means,
                             tnn_error *err) {
    const tnn_recipe *recipe = tnn_node_operand(node, 1)->constant;
    int64_t n = tnn_recipe_count(recipe), rows = recipe->dims[0];
    tnn_quant *quant;
    TNN_TRY(tnn_quant_of_weights(&quant, c->arena, recipe, 0, per_tensor, err));
    float *weights = tnn_alloc((size_t)n, sizeof *weights);
    tnn_status status = weights != NULL ? tnn_recipe_read(recipe, 0, n, weights, err) : tnn_fail_nomem(err);
    if (status == TNN_OK) {
        take_rounded_off(weights, rows, n / rows, quant);
        tnn_taps_mean(c->taps[node->outputs[0]->id], node, weights, means);
    }
    tnn_free(weights);
    return status;
}

static tnn_status correct(const tnn_calibration *c, tnn_graph *graph, tnn_node *node, bool per_tensor,
                          tnn_error *err) {
    tnn_arena *arena = graph->model->arena;
    const tnn_value *weight = tnn_node_operand(node, 1), *bias = tnn_node_operand(node, 2);
    int64_t n = weight->constant->dims[0];
    double *means = TNN_NEW_ARRAY(arena, (size_t)n, double), *numbers;
    if (means == NULL) return tnn_fail_nomem(err);
    if (bias != NULL) {
        TNN_TRY(tnn_recipe_numbers(&numbers, arena, bias->constant, err));
        for (int64_t i = 0; i < n; i++) means[i] += numbers[i];
    }
    TNN_TRY(lost_means(c, node, per_tensor, means, err));
    const tnn_recipe *recipe;
    TNN_TRY(tnn_rewrite_numbers(&recipe, arena, TNN_DTYPE_F32, 1, &n, means, err));
    if (bias != NULL) return tnn_rewrite_constant(node, 2, recipe, err);
    tnn_value *value;
    TNN_TRY(tnn_graph_constant(&value, graph, "bias", recipe, err));
    return tnn_node_set_arg(node, 2, tnn_arg_of_tensor(value), err);
}

tnn_status tnn_bias_correct(const tnn_calibration *calibration, tnn_graph *graph, bool per_tensor, tnn_error *err) {
    for (tnn_node *node = graph->first; node != NULL; node = node->next) {
        const tnn_taps *taps = calibration->taps[node->outputs[0]->id];
        if (taps == NULL || taps->n == 0) continue;
        TNN_TRY(correct(calibration, graph, node, per_tensor, err));
    }
    return TNN_OK;
}
