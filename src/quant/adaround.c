#include "quant/adaround.h"

#include <string.h>

#include "base/alloc.h"
#include "base/parallel.h"
#include "engine/engine.h"
#include "ir/recipe.h"
#include "ops/row.h"
#include "passes/rewrite.h"
#include "quant/layers.h"
#include "quant/patches.h"
#include "quant/round_search.h"
#include "quant/scales.h"

typedef struct work {
    const tnn_quant_plan *plan;
    const tnn_sample_source *source;
    const tnn_adaround_options *options;
    const tnn_engine *engine;
    tnn_node **layers;
    size_t n_layers;
    size_t n_samples;
    tnn_patches *patches; /* of the layers that are looked at in one pass over the samples */
    size_t n_patches;
} work;

/* ---- layers ---- */

static bool is_wanted(const tnn_quant_plan *plan, const tnn_node *node) {
    int64_t n;
    return tnn_layer_is_plain(node) && tnn_quant_plan_is_integer(plan, node) &&
           tnn_node_operand(node, 0)->constant == NULL && tnn_node_operand(node, 1)->n_users == 1 &&
           tnn_shape_count(&node->outputs[0]->shape, &n) && n > 0 && tnn_recipe_count(tnn_node_operand(node, 1)->constant) > 0;
}

static tnn_status find_layers(work *w, uint32_t *n_too_large, tnn_error *err) {
    const tnn_graph *graph = w->plan->graph;
    w->layers = TNN_NEW_ARRAY(w->plan->arena, graph->n_nodes, tnn_node *);
    if (w->layers == NULL) return tnn_fail_nomem(err);
    for (tnn_node *node = graph->first; node != NULL; node = node->next) {
        if (!is_wanted(w->plan, node)) continue;
        const tnn_recipe *weight = tnn_node_operand(node, 1)->constant;
        if (tnn_recipe_count(weight) / weight->dims[0] > TNN_ADAROUND_MAX_ROW) (*n_too_large)++;
        else w->layers[w->n_layers++] = node;
    }
    return TNN_OK;
}

/* ---- one layer ---- */

typedef struct rounding {
    const tnn_patches *patches;
    const float *inputs; /* of one group, without samples that were left out */
    size_t n_inputs;
    double *mean;        /* zeros: not centred */
    float *gram;
    float *weights;       /* of one group: [n_rows, row] */
    const double *scales; /* of these rows */
    int64_t n_rows;
    tnn_round_room *rooms; /* by thread */
    int bits;
} rounding;

static tnn_status fill_gram(void *context, size_t part, int thread, tnn_error *err) {
    const rounding *r = context;
    (void)thread;
    (void)err;
    tnn_gram_part(r->gram, (int64_t)part * TNN_GRAM_ROWS, r->inputs, r->n_inputs, r->patches->row, r->mean);
    return TNN_OK;
}

static tnn_status round_some(void *context, size_t part, int thread, tnn_error *err) {
    const rounding *r = context;
    int64_t n = r->patches->row, first = (int64_t)part * TNN_ROUND_ROWS, left = r->n_rows - first;
    (void)err;
    tnn_round_rows(r->weights + first * n, left < TNN_ROUND_ROWS ? left : TNN_ROUND_ROWS, n, r->scales + first, r->bits,
                   r->gram, &r->rooms[thread]);
    return TNN_OK;
}

/* Inputs of samples that were left out go from among the others. */
static size_t close_gaps(const tnn_patches *p, float *inputs) {
    size_t part = p->per_sample * (size_t)p->row, n = 0;
    for (size_t s = 0; s < p->n_samples; s++) {
        if (!p->taken[s]) continue;
        if (n != s) memmove(inputs + n * part, inputs + s * part, part * sizeof *inputs);
        n++;
    }
    return n * p->per_sample;
}

static size_t parts_of(int64_t n, int64_t part) { return (size_t)((n + part - 1) / part); }

static tnn_status round_group(const work *w, rounding *r, tnn_error *err) {
    int64_t n = r->patches->row;
    if (w->options->centred) tnn_row_mean(r->mean, r->inputs, r->n_inputs, n);
    TNN_TRY(tnn_parallel(parts_of(n, TNN_GRAM_ROWS), w->options->n_threads, fill_gram, r, err));
    tnn_gram_finish(r->gram, n);
    return tnn_parallel(parts_of(r->n_rows, TNN_ROUND_ROWS), w->options->n_threads, round_some, r, err);
}

static tnn_status set_weights(tnn_node *node, const float *weights, tnn_arena *arena, tnn_error *err) {
    const tnn_recipe *old = tnn_node_operand(node, 1)->constant, *recipe;
    int64_t n = tnn_recipe_count(old);
    double *numbers = TNN_NEW_ARRAY(arena, (size_t)n, double);
    if (numbers == NULL) return tnn_fail_nomem(err);
    for (int64_t i = 0; i < n; i++) numbers[i] = (double)weights[i];
    TNN_TRY(tnn_rewrite_numbers(&recipe, node->graph->model->arena, TNN_DTYPE_F32, old->rank, old->dims, numbers, err));
    return tnn_rewrite_constant(node, 1, recipe, err);
}

static tnn_status make_rooms(rounding *r, size_t row, int n_threads, tnn_arena *arena, tnn_error *err) {
    r->mean = TNN_NEW_ARRAY(arena, row, double);
    r->gram = TNN_NEW_ARRAY(arena, row * row, float);
    r->rooms = TNN_NEW_ARRAY(arena, (size_t)n_threads, tnn_round_room);
    if (r->mean == NULL || r->gram == NULL || r->rooms == NULL) return tnn_fail_nomem(err);
    for (int t = 0; t < n_threads; t++) {
        tnn_round_room *room = &r->rooms[t];
        room->errors = TNN_NEW_ARRAY(arena, TNN_ROUND_ROWS * row, float);
        room->products = TNN_NEW_ARRAY(arena, TNN_ROUND_ROWS * row, float);
        room->row = TNN_NEW_ARRAY(arena, 2 * row, double);
        if (room->errors == NULL || room->products == NULL || room->row == NULL) return tnn_fail_nomem(err);
    }
    return TNN_OK;
}

/* A scale for each row of the layer. */
static tnn_status spread_scales(const tnn_quant *quant, int64_t n, tnn_arena *arena, double **out, tnn_error *err) {
    *out = TNN_NEW_ARRAY(arena, (size_t)n, double);
    if (*out == NULL) return tnn_fail_nomem(err);
    for (int64_t i = 0; i < n; i++) (*out)[i] = (double)quant->scale[quant->n > 1 ? i : 0];
    return TNN_OK;
}

/* `arena` lives as long as this. */
static tnn_status round_layer(const work *w, tnn_patches *p, tnn_node *node, tnn_arena *arena, tnn_error *err) {
    const tnn_recipe *recipe = tnn_node_operand(node, 1)->constant;
    size_t row = (size_t)p->row, part = p->n_samples * p->per_sample * row;
    int64_t rows = recipe->dims[0] / p->groups;
    tnn_weight_form form = {w->options->per_tensor, node->wants_int4, 0};
    tnn_quant *quant;
    double *scales;
    TNN_TRY(tnn_quant_of_weights(&quant, arena, recipe, form, err));
    TNN_TRY(spread_scales(quant, recipe->dims[0], arena, &scales, err));
    rounding r = {.patches = p, .n_rows = rows, .bits = node->wants_int4 ? 4 : 8};
    TNN_TRY(make_rooms(&r, row, w->options->n_threads, arena, err));
    float *weights = TNN_NEW_ARRAY(arena, (size_t)tnn_recipe_count(recipe), float);
    if (weights == NULL) return tnn_fail_nomem(err);
    TNN_TRY(tnn_recipe_read(recipe, 0, tnn_recipe_count(recipe), weights, err));
    for (int64_t g = 0; g < p->groups; g++) {
        float *inputs = p->numbers + (size_t)g * part;
        r.n_inputs = close_gaps(p, inputs);
        r.inputs = inputs;
        r.scales = scales + g * rows;
        r.weights = weights + g * rows * p->row;
        if (r.n_inputs > 0) TNN_TRY(round_group(w, &r, err));
    }
    return set_weights(node, weights, arena, err);
}

/* ---- passes over the samples ---- */

static tnn_status fill(void *context, size_t sample, int thread, const void **inputs, tnn_error *err) {
    const work *w = context;
    return w->source->fill(w->source->context, sample, thread, inputs, err);
}

static tnn_status seen(void *context, size_t sample, int thread, const tnn_value *value, const tnn_engine_view *view,
                       tnn_error *err) {
    const work *w = context;
    (void)thread;
    (void)err;
    for (size_t i = 0; i < w->n_patches; i++)
        if (tnn_node_operand(w->patches[i].node, 0) == value) tnn_patches_take(&w->patches[i], sample, view);
    return TNN_OK;
}

/* The inputs of as many layers as memory allows; `*first` becomes the next one. */
static tnn_status collect(work *w, size_t *first, tnn_error *err) {
    size_t bytes = 0;
    for (w->n_patches = 0; *first < w->n_layers; (*first)++) {
        const tnn_node *node = w->layers[*first];
        bytes += tnn_patches_bytes(node, w->n_samples);
        if (w->n_patches > 0 && bytes > w->options->max_bytes) break;
        TNN_TRY(tnn_patches_init(&w->patches[w->n_patches++], node, w->n_samples, err));
    }
    tnn_engine_job job = {w, w->n_samples, w->options->n_threads, fill, seen, NULL};
    return tnn_engine_for_each(w->engine, &job, err);
}

static tnn_status round_layers(work *w, tnn_node **layers, tnn_error *err) {
    tnn_status status = TNN_OK;
    for (size_t i = 0; status == TNN_OK && i < w->n_patches; i++) {
        tnn_arena *arena = tnn_arena_new();
        status = arena != NULL ? round_layer(w, &w->patches[i], layers[i], arena, err) : tnn_fail_nomem(err);
        tnn_arena_free(arena);
        tnn_patches_clear(&w->patches[i]);
        w->patches[i] = (tnn_patches){0};
    }
    return status;
}

static tnn_status run(work *w, tnn_error *err) {
    tnn_status status = TNN_OK;
    for (size_t next = 0; status == TNN_OK && next < w->n_layers;) {
        tnn_node **layers = &w->layers[next];
        status = collect(w, &next, err);
        if (status == TNN_OK) status = round_layers(w, layers, err);
    }
    for (size_t i = 0; i < w->n_patches; i++) tnn_patches_clear(&w->patches[i]);
    return status;
}

tnn_status tnn_adaround(const tnn_quant_plan *plan, const tnn_sample_source *source, const tnn_adaround_options *options,
                        uint32_t *n_layers, uint32_t *n_too_large, tnn_error *err) {
    work w = {.plan = plan, .source = source, .options = options};
    tnn_engine *engine;
    *n_layers = *n_too_large = 0;
    w.n_samples = source->n_samples < options->max_samples ? source->n_samples : options->max_samples;
    TNN_TRY(find_layers(&w, n_too_large, err));
    *n_layers = (uint32_t)w.n_layers;
    if (w.n_layers == 0) return TNN_OK;
    w.patches = TNN_NEW_ARRAY(plan->arena, w.n_layers, tnn_patches);
    if (w.patches == NULL) return tnn_fail_nomem(err);
    TNN_TRY(tnn_engine_new(&engine, plan->graph, NULL, err));
    w.engine = engine;
    tnn_status status = run(&w, err);
    tnn_engine_free(engine);
    return status;
}
