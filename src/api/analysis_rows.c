#include <math.h>
#include <string.h>

#include "api/analysis.h"

static const tnn_loss *loss_of(const tnn_analysis *a, const tnn_value *value) {
    for (size_t i = 0; i < a->sensitivity.n; i++)
        if (a->sensitivity.losses[i].value == value) return &a->sensitivity.losses[i];
    return NULL;
}

static void give_row(const tnn_analysis *a, const tnn_node *node, const tnn_value *value,
                     void (*row)(void *context, const tnn_analysis_row *row), void *context) {
    const tnn_quant_class *class = tnn_quant_class_of(a->plan, value);
    const tnn_calibrated *seen = value->id < a->plan->n_values ? a->calibration->values[value->id] : NULL;
    if (value->dtype != TNN_DTYPE_F32 || value->id >= a->plan->n_values) return;
    tnn_analysis_row one = {.node = node, .value = value, .loss = loss_of(a, value),
                            .sum = &a->values[value->id],
                            .quant = class != NULL ? class->quant : NULL,
                            .histogram = seen != NULL ? &seen->histogram : NULL,
                            .is_integer = node != NULL ? tnn_quant_plan_is_integer(a->plan, node) : class != NULL};
    row(context, &one);
}

void tnn_analysis_rows(const tnn_analysis *analysis, void (*row)(void *context, const tnn_analysis_row *row),
                       void *context) {
    const tnn_graph *graph = analysis->plan->graph;
    for (size_t i = 0; i < graph->n_inputs; i++) give_row(analysis, NULL, graph->inputs[i], row, context);
    for (const tnn_node *node = graph->first; node != NULL; node = node->next)
        give_row(analysis, node, node->outputs[0], row, context);
}

void tnn_analysis_type(tnn_strbuf *out, const tnn_analysis_row *row) {
    static const char *const activations[] = {"", " + relu", " + relu6", " + relu_n1_to_1"};
    tnn_strbuf_add(out, row->node != NULL ? row->node->op->name : "input");
    if (row->node != NULL) tnn_strbuf_add(out, activations[row->node->activation]);
}

void tnn_analysis_bins(const tnn_histogram *histogram, uint64_t *counts) {
    double low = (double)histogram->low, width = ((double)histogram->high - low) / TNN_ANALYSIS_BINS;
    memset(counts, 0, TNN_ANALYSIS_BINS * sizeof *counts);
    for (int k = 0; k < TNN_HISTOGRAM_BINS; k++) {
        if (histogram->counts[k] == 0) continue;
        double at = width > 0 ? (tnn_histogram_middle(histogram, k) - low) / width : 0;
        int bin = (int)fmin(fmax(at, 0), TNN_ANALYSIS_BINS - 1);
        counts[bin] += histogram->counts[k];
    }
}

double tnn_decibels(double noise) { return -10 * log10(noise); }

double tnn_loss_cost(const tnn_loss *loss) { return loss->weights_cost + loss->values_cost; }
