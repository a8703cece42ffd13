#include "quant/quality.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"

/* ---- exact outputs ---- */

typedef struct reference {
    const tnn_quality *quality;
    const tnn_graph *graph;
    tnn_arena *arena;
    bool *left_out; /* by sample */
} reference;

static tnn_status fill(void *context, size_t sample, int thread, const void **inputs, tnn_error *err) {
    const reference *r = context;
    const tnn_sample_source *source = &r->quality->source;
    TNN_TRY(source->fill(source->context, sample, thread, inputs, err));
    r->left_out[sample] = inputs[0] == NULL;
    return TNN_OK;
}

static bool is_real(const tnn_value *output, int64_t *n) {
    return output->dtype == TNN_DTYPE_F32 && tnn_shape_count(&output->shape, n);
}

static tnn_status keep(void *context, size_t sample, int thread, const void *const *outputs, tnn_error *err) {
    const reference *r = context;
    float **wanted = r->quality->wanted + sample * r->quality->n_outputs;
    (void)thread;
    for (size_t i = 0; i < r->quality->n_outputs; i++) {
        int64_t n;
        if (r->left_out[sample] || !is_real(r->graph->outputs[i], &n)) continue;
        wanted[i] = tnn_arena_copy(r->arena, outputs[i], (size_t)n, sizeof(float));
        if (wanted[i] == NULL) return tnn_fail_nomem(err);
    }
    return TNN_OK;
}

static size_t output_bytes(const tnn_graph *graph) {
    size_t bytes = 0;
    for (size_t i = 0; i < graph->n_outputs; i++) {
        int64_t n;
        if (is_real(graph->outputs[i], &n)) bytes += (size_t)n * sizeof(float);
    }
    return bytes;
}

static size_t count_samples(const tnn_quality *q, const tnn_graph *graph) {
    size_t n = q->source.n_samples < q->options.max_samples ? q->source.n_samples : q->options.max_samples;
    while (n > 1 && n * output_bytes(graph) > q->options.max_bytes) n--;
    return n;
}

tnn_status tnn_quality_new(tnn_quality *out, const tnn_graph *graph, const tnn_sample_source *source,
                           const tnn_quality_options *options, tnn_arena *arena, tnn_error *err) {
    reference r = {out, graph, arena, NULL};
    tnn_engine *engine = NULL;
    *out = (tnn_quality){.source = *source, .options = *options, .n_outputs = graph->n_outputs};
    size_t n = out->source.n_samples = count_samples(out, graph);
    out->wanted = TNN_NEW_ARRAY(arena, n * out->n_outputs, float *);
    r.left_out = TNN_NEW_ARRAY(arena, n, bool);
    if (out->wanted == NULL || r.left_out == NULL) return tnn_fail_nomem(err);
    TNN_TRY(tnn_engine_new(&engine, graph, NULL, err));
    tnn_engine_job job = {&r, n, options->n_threads, fill, NULL, keep};
    tnn_status status = tnn_engine_for_each(engine, &job, err);
    tnn_engine_free(engine);
    return status;
}

/* ---- distances ---- */

typedef struct sums {
    const tnn_quality *quality;
    const tnn_graph *graph;
    double *power, *error; /* by output, over the samples so far */
} sums;

static tnn_status add_sample(void *context, size_t sample, int thread, const void *const *outputs, tnn_error *err) {
    const sums *s = context;
    (void)thread;
    (void)err;
    for (size_t i = 0; i < s->quality->n_outputs; i++) {
        const float *wanted = s->quality->wanted[sample * s->quality->n_outputs + i], *got = outputs[i];
        int64_t n = 0;
        if (wanted == NULL || !is_real(s->graph->outputs[i], &n)) continue;
        for (int64_t k = 0; k < n; k++) {
            double difference = (double)got[k] - (double)wanted[k];
            s->power[i] += (double)wanted[k] * (double)wanted[k];
            s->error[i] += difference * difference;
        }
    }
    return TNN_OK;
}

static double decibels_of(const sums *s) {
    double noise = 0, n = 0;
    for (size_t i = 0; i < s->quality->n_outputs; i++) {
        if (!(s->power[i] > 0)) continue;
        noise += s->error[i] / s->power[i];
        n++;
    }
    return n > 0 ? -10 * log10(noise / n) : (double)NAN;
}

static tnn_status add_samples(const sums *s, const tnn_quant_plan *plan, tnn_error *err) {
    const tnn_quality *q = s->quality;
    tnn_engine *engine;
    TNN_TRY(tnn_simulation_new(&engine, plan, q->options.per_tensor, NULL, err));
    tnn_simulation_job job = {.plan = plan, .source = &q->source, .n_samples = q->source.n_samples,
                              .n_threads = q->options.n_threads, .context = (void *)(uintptr_t)s, .done = add_sample};
    tnn_status status = tnn_simulation_run(engine, &job, err);
    tnn_engine_free(engine);
    return status;
}

tnn_status tnn_quality_measure(const tnn_quality *quality, const tnn_quant_plan *plan, double *decibels, tnn_error *err) {
    size_t n = quality->n_outputs;
    sums s = {quality, plan->graph, tnn_alloc_zero(2 * n, sizeof *s.power), NULL};
    if (s.power == NULL) return tnn_fail_nomem(err);
    s.error = s.power + n;
    tnn_status status = add_samples(&s, plan, err);
    *decibels = decibels_of(&s);
    tnn_free(s.power);
    return status;
}
