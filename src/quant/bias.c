#include "quant/bias.h"

#include <stdint.h>

#include "base/alloc.h"
#include "base/parallel.h"
#include "ops/list.h"
#include "ops/row.h"
#include "quant/channel_view.h"
#include "quant/layers.h"
#include "quant/quant_rows.h"
#include "quant/simulate.h"

/* Runs leave the activations of layers to us, so that we see, and change, what comes before. */
typedef struct layer {
    tnn_node *node;
    tnn_activation activation;
    uint8_t dim; /* of channels in the result */
    int64_t n;   /* channels */
    size_t step;
    double *wanted; /* means of the channels where nothing is rounded */
    double *shift;  /* what is added to the bias */
} layer;

struct tnn_bias_means {
    const tnn_quant_plan *plan;
    layer *layers;
    size_t n_layers;
};

/* A sample between steps of its run. */
typedef struct lane {
    tnn_engine_state *state;
    bool left_out;
    double *sums; /* of the layer's channels */
    int64_t count;
} lane;

typedef struct work {
    const tnn_quant_plan *plan;
    const tnn_sample_source *source;
    const tnn_bias_options *options;
    tnn_arena *arena;
    layer *layers;
    size_t n_layers;
    lane *lanes;     /* samples that are run side by side */
    size_t n_lanes;
    /* Of the pass that goes on. */
    const tnn_engine *engine;
    bool rounded; /* weights are */
    const layer *before, *layer; /* run from behind the one up to the other */
} work;

/* ---- layers ---- */

static bool is_layer(const tnn_quant_plan *plan, const tnn_node *node) {
    if (!tnn_node_is(node, TNN_OP_convolution) && !tnn_node_is(node, TNN_OP_linear)) return false;
    const tnn_value *weight = tnn_node_operand(node, 1), *bias = tnn_node_operand(node, 2);
    int64_t n;
    return tnn_quant_plan_is_integer(plan, node) && weight->constant != NULL &&
           (bias == NULL || (bias->constant != NULL && bias->shape.rank == 1)) &&
           tnn_shape_count(&node->outputs[0]->shape, &n) && n > 0;
}

static uint8_t channel_dim(const tnn_node *node) {
    uint8_t rank = node->outputs[0]->shape.rank;
    if (tnn_node_is(node, TNN_OP_linear)) return (uint8_t)(rank - 1);
    return (uint8_t)(rank + 1 - tnn_node_operand(node, 1)->shape.rank);
}

static tnn_status add_layer(work *w, tnn_node *node, tnn_error *err) {
    layer *l = &w->layers[w->n_layers++];
    *l = (layer){.node = node, .activation = node->activation, .dim = channel_dim(node)};
    l->n = node->outputs[0]->shape.dims[l->dim].hint;
    l->wanted = TNN_NEW_ARRAY(w->arena, (size_t)l->n, double);
    l->shift = TNN_NEW_ARRAY(w->arena, (size_t)l->n, double);
    return l->wanted != NULL && l->shift != NULL ? TNN_OK : tnn_fail_nomem(err);
}

static tnn_status find_layers(work *w, tnn_error *err) {
    w->layers = TNN_NEW_ARRAY(w->arena, w->plan->graph->n_nodes, layer);
    if (w->layers == NULL) return tnn_fail_nomem(err);
    for (tnn_node *node = w->plan->graph->first; node != NULL; node = node->next)
        if (is_layer(w->plan, node)) TNN_TRY(add_layer(w, node, err));
    return TNN_OK;
}

static int64_t widest(const work *w) {
    int64_t n = 1;
    for (size_t i = 0; i < w->n_layers; i++) n = w->layers[i].n > n ? w->layers[i].n : n;
    return n;
}

/* A plan in which the layers leave out their activations. */
static tnn_status new_engine(work *w, tnn_engine **out, bool rounded, tnn_error *err) {
    bool *none = TNN_NEW_ARRAY(w->arena, w->plan->n_values, bool);
    if (none == NULL) return tnn_fail_nomem(err);
    for (size_t i = 0; i < w->n_layers; i++) w->layers[i].node->activation = TNN_ACT_NONE;
    tnn_status status = tnn_simulation_new(out, w->plan, w->options->per_tensor, rounded ? NULL : none, err);
    for (size_t i = 0; i < w->n_layers; i++) {
        layer *l = &w->layers[i];
        l->node->activation = l->activation;
        if (status == TNN_OK) l->step = tnn_engine_step_of(*out, l->node->outputs[0]);
    }
    return status;
}

/* ---- a sample, from layer to layer ---- */

/* The first steps take the inputs, which do not stay. */
static tnn_status start(void *context, size_t index, int thread, tnn_error *err) {
    const work *w = context;
    lane *mine = &w->lanes[index];
    size_t n = w->plan->graph->n_inputs;
    const void **inputs = tnn_alloc_zero(n, sizeof *inputs);
    if (inputs == NULL) return tnn_fail_nomem(err);
    tnn_status status = w->source->fill(w->source->context, index, thread, inputs, err);
    mine->left_out = inputs[0] == NULL;
    if (status == TNN_OK && !mine->left_out) {
        tnn_engine_begin(w->engine, mine->state, inputs, NULL);
        status = tnn_engine_steps(w->engine, mine->state, 0, n, NULL, err);
    }
    tnn_free(inputs);
    return status;
}

/* The layer gets its new bias, and its activation. */
static void finish(const work *w, const layer *l, const tnn_engine_state *state) {
    tnn_engine_view view = tnn_engine_view_of(w->engine, state, l->node->outputs[0]);
    tnn_channel_shift(&view, l->dim, l->shift, l->activation);
}

static tnn_status go_on(void *context, size_t index, int thread, tnn_error *err) {
    const work *w = context;
    lane *mine = &w->lanes[index];
    size_t first = w->before != NULL ? w->before->step + 1 : w->plan->graph->n_inputs;
    (void)thread;
    if (mine->left_out) return TNN_OK;
    if (w->before != NULL) finish(w, w->before, mine->state);
    TNN_TRY(tnn_engine_steps(w->engine, mine->state, first, w->layer->step + 1, NULL, err));
    tnn_engine_view view = tnn_engine_view_of(w->engine, mine->state, w->layer->node->outputs[0]);
    for (int64_t c = 0; c < w->layer->n; c++) mine->sums[c] = 0;
    tnn_channel_sums(&view, w->layer->dim, mine->sums);
    mine->count = 1;
    for (uint8_t d = 0; d < view.rank; d++) mine->count *= d == w->layer->dim ? 1 : view.dims[d];
    return TNN_OK;
}

/* ---- all of them ---- */

/* In the order of samples, so that sums do not depend on threads. */
static void take_means(const work *w, layer *l) {
    for (int64_t c = 0; c < l->n; c++) {
        double sum = 0, count = 0;
        for (size_t i = 0; i < w->n_lanes; i++) {
            if (w->lanes[i].left_out) continue;
            sum += w->lanes[i].sums[c];
            count += (double)w->lanes[i].count;
        }
        double mean = count > 0 ? sum / count : 0;
        if (w->rounded) l->shift[c] = l->wanted[c] - mean;
        else l->wanted[c] = mean;
    }
}

static tnn_status run_lanes(work *w, tnn_error *err) {
    w->before = NULL;
    TNN_TRY(tnn_parallel(w->n_lanes, w->options->n_threads, start, w, err));
    for (size_t i = 0; i < w->n_layers; i++) {
        w->layer = &w->layers[i];
        TNN_TRY(tnn_parallel(w->n_lanes, w->options->n_threads, go_on, w, err));
        take_means(w, &w->layers[i]);
        w->before = w->layer;
    }
    return TNN_OK;
}

/* As many as memory allows. */
static tnn_status new_lanes(work *w, tnn_error *err) {
    size_t n = w->options->max_samples < w->source->n_samples ? w->options->max_samples : w->source->n_samples;
    w->lanes = TNN_NEW_ARRAY(w->arena, n, lane);
    if (w->lanes == NULL) return tnn_fail_nomem(err);
    for (size_t bytes = 0; w->n_lanes < n && (w->n_lanes == 0 || bytes <= w->options->max_bytes);) {
        lane *next = &w->lanes[w->n_lanes++];
        TNN_TRY(tnn_engine_state_new(&next->state, w->engine, NULL, err));
        next->sums = TNN_NEW_ARRAY(w->arena, (size_t)widest(w), double);
        if (next->sums == NULL) return tnn_fail_nomem(err);
        bytes += 2 * tnn_engine_state_bytes(next->state); /* with the next one */
    }
    return TNN_OK;
}

static tnn_status pass(work *w, bool rounded, tnn_error *err) {
    tnn_engine *engine = NULL;
    w->rounded = rounded;
    w->n_lanes = 0;
    tnn_status status = new_engine(w, &engine, rounded, err);
    w->engine = engine;
    if (status == TNN_OK) status = new_lanes(w, err);
    if (status == TNN_OK) status = run_lanes(w, err);
    for (size_t i = 0; i < w->n_lanes; i++) tnn_engine_state_free(w->lanes[i].state);
    tnn_engine_free(engine);
    return status;
}

tnn_status tnn_bias_observe(tnn_bias_means **out, const tnn_quant_plan *plan, const tnn_sample_source *source,
                            const tnn_bias_options *options, tnn_error *err) {
    work w = {.plan = plan, .source = source, .options = options, .arena = plan->graph->model->arena};
    tnn_bias_means *means = *out = TNN_NEW(w.arena, tnn_bias_means);
    if (means == NULL) return tnn_fail_nomem(err);
    TNN_TRY(find_layers(&w, err));
    if (w.n_layers > 0) TNN_TRY(pass(&w, false, err));
    *means = (tnn_bias_means){plan, w.layers, w.n_layers};
    return TNN_OK;
}

tnn_status tnn_bias_correct(const tnn_bias_means *means, const tnn_sample_source *source, const tnn_bias_options *options,
                            uint32_t *n_layers, tnn_error *err) {
    work w = {.plan = means->plan, .source = source, .options = options, .arena = means->plan->graph->model->arena,
              .layers = means->layers, .n_layers = means->n_layers};
    *n_layers = (uint32_t)w.n_layers;
    if (w.n_layers == 0) return TNN_OK;
    TNN_TRY(pass(&w, true, err));
    for (size_t i = 0; i < w.n_layers; i++)
        TNN_TRY(tnn_layer_add_bias(w.layers[i].node, w.layers[i].shift, w.layers[i].n, err));
    return TNN_OK;
}
