#include "quant/simulate.h"

#include <math.h>

#include "base/alloc.h"
#include "ir/recipe.h"
#include "ops/row.h"
#include "quant/difference.h"
#include "quant/quant_rows.h"
#include "quant/scales.h"

/* ---- rounding ---- */

/* Adding it to a number below 2^22 leaves no bits for a fraction. */
#define WHOLE 12582912.0f

typedef struct grid {
    float low, high; /* in steps from zero */
    float scale, steps; /* steps = 1 / scale */
} grid;

static void round_run(float *x, int64_t n, int64_t stride, const grid *g) {
    float low = g->low, high = g->high, scale = g->scale, steps = g->steps;
    if (stride == 1) {
        for (int64_t i = 0; i < n; i++) {
            float q = x[i] * steps;
            q = q < low ? low : q;
            q = q > high ? high : q;
            x[i] = (q + WHOLE - WHOLE) * scale;
        }
        return;
    }
    for (int64_t i = 0; i < n; i++) round_run(x + i * stride, 1, 1, g);
}

static void round_dims(float *x, uint8_t rank, const int64_t *dims, const int64_t *strides, const grid *g) {
    if (rank == 0) round_run(x, 1, 1, g);
    else if (rank == 1) round_run(x, dims[0], strides[0], g);
    else
        for (int64_t i = 0; i < dims[0]; i++)
            round_dims(x + i * strides[0], (uint8_t)(rank - 1), dims + 1, strides + 1, g);
}

void tnn_round_view(const tnn_engine_view *view, const tnn_quant *quant) {
    int64_t dims[TNN_MAX_RANK], strides[TNN_MAX_RANK];
    float zero = (float)quant->zero_point[0], scale = quant->scale[0];
    grid g = {-128 - zero, 127 - zero, scale, 1 / scale};
    uint8_t rank = tnn_view_dims(view, dims, strides);
    round_dims(view->data, rank, dims, strides, &g);
}

void tnn_round_weights(float *weights, int64_t rows, int64_t row, const tnn_quant *quant) {
    double limit = tnn_quant_weight_limit(quant);
    for (int64_t r = 0; r < rows; r++) {
        double scale = (double)quant->scale[quant->n > 1 ? r : 0];
        for (float *w = weights + r * row, *end = w + row; scale > 0 && w < end; w++)
            *w = (float)(fmin(fmax(rint((double)*w / scale), -limit), limit) * scale);
    }
}

/* ---- weights ---- */

/* Rounded weights, as constants of an engine. */
typedef struct rounded {
    tnn_arena *arena; /* holds scales and the list */
    tnn_engine_constant *constants;
    size_t n;
} rounded;

/* A transposed convolution has its scales along dimension 1. */
static void round_along(float *weights, const tnn_recipe *recipe, uint8_t axis, const tnn_quant *quant) {
    int64_t outer = 1, inner = 1, n = recipe->dims[axis];
    for (uint8_t d = 0; d < axis; d++) outer *= recipe->dims[d];
    for (uint8_t d = (uint8_t)(axis + 1); d < recipe->rank; d++) inner *= recipe->dims[d];
    for (int64_t i = 0; i < outer; i++) tnn_round_weights(weights + i * n * inner, n, inner, quant);
}

tnn_status tnn_read_rounded_weights(float **out, const tnn_node *node, bool per_tensor, tnn_arena *arena,
                                    tnn_error *err) {
    const tnn_recipe *recipe = tnn_weights_of(node)->constant;
    tnn_weight_form form = {per_tensor, node->wants_int4, tnn_quant_weight_axis(node)};
    int64_t n = tnn_recipe_count(recipe);
    tnn_quant *quant;
    *out = NULL;
    TNN_TRY(tnn_quant_of_weights(&quant, arena, recipe, form, err));
    *out = tnn_alloc((size_t)n, sizeof **out);
    if (*out == NULL) return tnn_fail_nomem(err);
    TNN_TRY(tnn_recipe_read(recipe, 0, n, *out, err));
    round_along(*out, recipe, form.axis, quant);
    return TNN_OK;
}

static bool has(const rounded *r, const tnn_value *value) {
    for (size_t i = 0; i < r->n; i++)
        if (r->constants[i].value == value) return true;
    return false;
}

static tnn_status add(rounded *r, const tnn_node *node, bool per_tensor, tnn_error *err) {
    const tnn_value *value = tnn_weights_of(node);
    if (value == NULL || has(r, value)) return TNN_OK;
    float *weights;
    tnn_status status = tnn_read_rounded_weights(&weights, node, per_tensor, r->arena, err);
    if (weights != NULL) r->constants[r->n++] = (tnn_engine_constant){value, weights};
    return status;
}

static tnn_status round_all(rounded *r, const tnn_quant_plan *plan, bool per_tensor, const bool *nodes,
                            tnn_error *err) {
    r->constants = TNN_NEW_ARRAY(r->arena, plan->graph->n_nodes, tnn_engine_constant);
    if (r->constants == NULL) return tnn_fail_nomem(err);
    for (const tnn_node *node = plan->graph->first; node != NULL; node = node->next) {
        bool wanted = nodes != NULL ? nodes[node->outputs[0]->id] : tnn_quant_plan_is_integer(plan, node);
        if (wanted) TNN_TRY(add(r, node, per_tensor, err));
    }
    return TNN_OK;
}

tnn_status tnn_simulation_new(tnn_engine **out, const tnn_quant_plan *plan, bool per_tensor, const bool *nodes,
                              tnn_error *err) {
    rounded r = {.arena = tnn_arena_new()};
    *out = NULL;
    tnn_status status = r.arena != NULL ? round_all(&r, plan, per_tensor, nodes, err) : tnn_fail_nomem(err);
    if (status == TNN_OK) {
        tnn_engine_options options = tnn_engine_options_default();
        options.constants = r.constants;
        options.n_constants = r.n;
        status = tnn_engine_new(out, plan->graph, &options, err);
    }
    for (size_t i = 0; i < r.n; i++) tnn_free((void *)(uintptr_t)r.constants[i].data);
    tnn_arena_free(r.arena);
    return status;
}

/* ---- runs ---- */

static tnn_status fill(void *context, size_t sample, int thread, const void **inputs, tnn_error *err) {
    const tnn_simulation_job *job = context;
    return job->source->fill(job->source->context, sample, thread, inputs, err);
}

static tnn_status seen(void *context, size_t sample, int thread, const tnn_value *value, const tnn_engine_view *view,
                       tnn_error *err) {
    const tnn_simulation_job *job = context;
    const tnn_quant_class *class = tnn_quant_class_of(job->plan, value);
    bool rounds = class != NULL && (job->values == NULL || job->values[value->id]);
    if (rounds) tnn_round_view(view, class->quant);
    return job->seen != NULL ? job->seen(job->context, sample, thread, value, view, err) : TNN_OK;
}

static tnn_status done(void *context, size_t sample, int thread, const void *const *outputs, tnn_error *err) {
    const tnn_simulation_job *job = context;
    return job->done != NULL ? job->done(job->context, sample, thread, outputs, err) : TNN_OK;
}

tnn_status tnn_simulation_run(const tnn_engine *engine, const tnn_simulation_job *job, tnn_error *err) {
    size_t n = job->n_samples < job->source->n_samples ? job->n_samples : job->source->n_samples;
    tnn_engine_job runs = {(void *)(uintptr_t)job, n, job->n_threads, fill, seen, done};
    return tnn_engine_for_each(engine, &runs, err);
}
