#include <inttypes.h>
#include <math.h>

#include "api/analysis.h"

/* JSON has no infinities: null is no noise, or nothing to measure. */
static void print_number(tnn_strbuf *out, const char *key, double number) {
    if (isfinite(number)) tnn_strbuf_printf(out, ", \"%s\": %.9g", key, number);
    else tnn_strbuf_printf(out, ", \"%s\": null", key);
}

static void print_ratio(tnn_strbuf *out, const char *key, double decibels) {
    if (isfinite(decibels)) tnn_strbuf_printf(out, ", \"%s\": %.2f", key, decibels);
    else tnn_strbuf_printf(out, ", \"%s\": null", key);
}

static void print_noise(tnn_strbuf *out, const char *key, double noise) { print_ratio(out, key, tnn_decibels(noise)); }

/* ---- what was excluded ---- */

static void print_exclusion(tnn_strbuf *out, const tnn_exclusion *e, bool first) {
    tnn_strbuf_add(out, first ? "\n      {\"name\": " : ",\n      {\"name\": ");
    tnn_strbuf_json(out, e->loss->value->name);
    tnn_strbuf_printf(out, ", \"because\": \"%s\", \"operators\": [", e->weights ? "weights" : "values");
    for (size_t i = 0; i < e->n_nodes; i++) {
        tnn_strbuf_add(out, i == 0 ? "" : ", ");
        tnn_strbuf_json(out, e->nodes[i]->outputs[0]->name);
    }
    tnn_strbuf_add(out, "]");
    print_ratio(out, "snr", e->decibels);
    tnn_strbuf_printf(out, ", \"taken_back\": %s}", e->taken_back ? "true" : "false");
}

static void print_exclusions(tnn_strbuf *out, const tnn_exclusions *e, double budget) {
    tnn_strbuf_printf(out, ",\n  \"auto_exclude\": {\n    \"budget\": %.9g", budget);
    print_ratio(out, "snr_before", e->before);
    print_ratio(out, "snr_after", e->after);
    tnn_strbuf_add(out, ",\n    \"steps\": [");
    for (size_t i = 0; i < e->n; i++) print_exclusion(out, &e->items[i], i == 0);
    tnn_strbuf_add(out, e->n == 0 ? "]\n  }" : "\n    ]\n  }");
}

/* ---- rows ---- */

static void print_names(tnn_strbuf *out, const tnn_analysis_row *row) {
    tnn_strbuf_json(out, row->value->name);
    tnn_strbuf_add(out, ", \"type\": \"");
    tnn_analysis_type(out, row);
    tnn_strbuf_add(out, "\", \"scope\": ");
    tnn_strbuf_json(out, row->node != NULL && row->node->scope != NULL ? row->node->scope : "");
    tnn_strbuf_add(out, ", \"shape\": [");
    for (uint8_t d = 0; d < row->value->shape.rank; d++)
        tnn_strbuf_printf(out, d == 0 ? "%" PRId64 : ", %" PRId64, row->value->shape.dims[d].hint);
    tnn_strbuf_printf(out, "], \"precision\": \"%s\"", row->is_integer ? "int8" : "float");
}

/* What is not rounded has no noise. */
static void print_loss(tnn_strbuf *out, const tnn_loss *loss) {
    static const tnn_loss none;
    const tnn_loss *l = loss != NULL ? loss : &none;
    print_noise(out, "weights_snr", l->own_noise);
    print_noise(out, "snr_by_weights", tnn_noise_of(&l->by_weights));
    print_noise(out, "snr_by_values", tnn_noise_of(&l->by_values));
    print_noise(out, "snr", tnn_noise_of(&l->by_both));
    print_number(out, "cosine", tnn_cosine_of(&l->by_both));
    print_noise(out, "outputs_by_weights", l->weights_cost);
    print_noise(out, "outputs_by_values", l->values_cost);
    print_noise(out, "outputs", tnn_loss_cost(l));
}

static void print_range(tnn_strbuf *out, const tnn_quant *quant) {
    double scale = (double)quant->scale[0], zero = (double)quant->zero_point[0];
    print_number(out, "scale", scale);
    tnn_strbuf_printf(out, ", \"zero_point\": %" PRId64, quant->zero_point[0]);
    print_number(out, "low", (-128 - zero) * scale);
    print_number(out, "high", (127 - zero) * scale);
}

static void print_histogram(tnn_strbuf *out, const tnn_histogram *histogram) {
    uint64_t counts[TNN_ANALYSIS_BINS];
    tnn_analysis_bins(histogram, counts);
    print_number(out, "seen_low", (double)histogram->low);
    print_number(out, "seen_high", (double)histogram->high);
    tnn_strbuf_add(out, ", \"histogram\": [");
    for (int i = 0; i < TNN_ANALYSIS_BINS; i++) tnn_strbuf_printf(out, i == 0 ? "%" PRIu64 : ", %" PRIu64, counts[i]);
    tnn_strbuf_add(out, "]");
}

typedef struct printing {
    tnn_strbuf *out;
    size_t n;
} printing;

static void print_row(void *context, const tnn_analysis_row *row) {
    printing *p = context;
    tnn_strbuf_add(p->out, p->n++ == 0 ? "\n      {\"name\": " : ",\n      {\"name\": ");
    print_names(p->out, row);
    print_loss(p->out, row->loss);
    print_noise(p->out, "accumulated_snr", tnn_noise_of(row->sum));
    print_number(p->out, "accumulated_cosine", tnn_cosine_of(row->sum));
    if (row->quant != NULL) print_range(p->out, row->quant);
    if (row->histogram != NULL) print_histogram(p->out, row->histogram);
    tnn_strbuf_add(p->out, "}");
}

void tnn_analysis_json(tnn_strbuf *out, const tnn_analysis *analysis) {
    printing p = {.out = out};
    tnn_strbuf_add(out, "\n ");
    print_ratio(out, "snr", analysis->decibels);
    if (analysis->budget > 0) print_exclusions(out, &analysis->exclusions, analysis->budget);
    tnn_strbuf_printf(out, ",\n  \"analysis\": {\n    \"samples\": %zu,\n    \"operators\": [",
                      analysis->sensitivity.n_samples);
    tnn_analysis_rows(analysis, print_row, &p);
    tnn_strbuf_add(out, p.n == 0 ? "]\n  }" : "\n    ]\n  }");
}
