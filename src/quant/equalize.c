#include "quant/equalize.h"

#include <math.h>

#include "base/alloc.h"
#include "ir/recipe.h"
#include "ir/value_moments.h"
#include "ops/list.h"
#include "passes/channel_affine.h"
#include "passes/rewrite.h"
#include "quant/equalize_scales.h"
#include "quant/layers.h"

#define MAX_SWEEPS 4 /* two nearly always do */

/* ---- groups of values that are scaled alike ---- */

typedef struct work {
    tnn_graph *graph;
    tnn_arena *arena;
    tnn_channel_stats *stats;
    bool per_tensor;
    uint32_t *parent; /* union-find, by id of a value */
    bool *blocked;    /* of a root */
    bool *bounded;    /* of a root: cut at 6 by its makers */
    double **scale;   /* of a root, by channel: what it has come to; NULL: 1 */
} work;

static uint32_t find(const work *w, uint32_t id) {
    while (w->parent[id] != id) id = w->parent[id] = w->parent[w->parent[id]];
    return id;
}

static void block(work *w, const tnn_value *v) {
    if (v != NULL && v->constant == NULL) w->blocked[find(w, v->id)] = true;
}

static int64_t n_channels(const work *w, uint32_t id) { return w->stats->of[id]->n; }

/* The root has the fewest channels, each of which stands for a run of channels of the others. */
static void join(work *w, const tnn_value *a, const tnn_value *b, bool views) {
    const tnn_channels *x = w->stats->of[a->id], *y = w->stats->of[b->id];
    bool alike = x != NULL && y != NULL && (views || x->n == y->n) && tnn_channels_dim(a) == tnn_channels_dim(b);
    uint32_t p = find(w, a->id), q = find(w, b->id);
    bool usable = alike && x->n > 0 && y->n > 0 && !w->blocked[p] && !w->blocked[q];
    if (usable && n_channels(w, p) < n_channels(w, q)) {
        uint32_t fewer = p;
        p = q;
        q = fewer;
    }
    bool blocked = !usable || n_channels(w, p) % n_channels(w, q) != 0;
    w->parent[p] = q;
    w->blocked[q] = blocked;
    w->bounded[q] = w->bounded[p] || w->bounded[q];
}

static bool passes_scales(const tnn_node *node) {
    if (node->op->list != TNN_OPLIST_ATEN) return false;
    switch (node->op->id) {
    case TNN_OP_relu: case TNN_OP_leaky_relu: case TNN_OP_dropout: case TNN_OP_max_pool: case TNN_OP_avg_pool:
    case TNN_OP_adaptive_avg_pool: return node->n_outputs == 1;
    case TNN_OP_mean: return tnn_mean_keeps_channels(node);
    case TNN_OP_add: case TNN_OP_sub: {
        const tnn_value *a = tnn_node_operand(node, 0), *b = tnn_node_operand(node, 1);
        return a != NULL && b != NULL && a->constant == NULL && b->constant == NULL &&
               tnn_shape_equal_hints(&a->shape, &b->shape);
    }
    default: return false;
    }
}

/* Does a positive scale pass the activation? That of a ReLU6 does when it is at most 1 and what is scaled stays below 6. */
static bool is_simple(const tnn_node *node, bool layer) {
    return node->activation == TNN_ACT_NONE || node->activation == TNN_ACT_RELU ||
           (layer && node->activation == TNN_ACT_RELU6);
}

/* Channels that become runs of channels, or the other way round: flatten, and its inverse. */
static bool views_channels(const tnn_node *node) {
    if (!tnn_node_is(node, TNN_OP_reshape)) return false;
    const tnn_shape *a = &tnn_node_operand(node, 0)->shape, *b = &node->outputs[0]->shape;
    return a->rank >= 2 && b->rank >= 2 && a->dims[0].hint == b->dims[0].hint &&
           tnn_channels_dim(tnn_node_operand(node, 0)) == 1 && tnn_channels_dim(node->outputs[0]) == 1;
}

static void group_node(work *w, const tnn_node *node) {
    bool layer = tnn_layer_is_plain(node) && tnn_layer_has_its_channels(node), views = views_channels(node), passes = views || passes_scales(node);
    bool simple = is_simple(node, layer);
    for (size_t s = 0; s < tnn_node_n_operands(node); s++) {
        const tnn_value *v = tnn_node_operand(node, s);
        if (v == NULL || v->constant != NULL) continue;
        if (passes && simple) join(w, v, node->outputs[0], views);
        else if (!layer || s != 0) block(w, v);
    }
    for (uint32_t k = 0; k < node->n_outputs; k++)
        if (!simple || (!layer && !passes)) block(w, node->outputs[k]);
    if (node->activation == TNN_ACT_RELU6) w->bounded[find(w, node->outputs[0]->id)] = true;
}

static tnn_status make_groups(work *w, tnn_error *err) {
    uint32_t n = w->stats->n_values;
    w->parent = TNN_NEW_ARRAY(w->arena, n, uint32_t);
    w->blocked = TNN_NEW_ARRAY(w->arena, n, bool);
    w->bounded = TNN_NEW_ARRAY(w->arena, n, bool);
    w->scale = TNN_NEW_ARRAY(w->arena, n, double *);
    if (w->parent == NULL || w->blocked == NULL || w->bounded == NULL || w->scale == NULL) return tnn_fail_nomem(err);
    for (uint32_t i = 0; i < n; i++) {
        w->parent[i] = i;
        w->blocked[i] = w->stats->of[i] == NULL;
    }
    for (size_t i = 0; i < w->graph->n_inputs; i++) block(w, w->graph->inputs[i]);
    for (const tnn_node *node = w->graph->first; node != NULL; node = node->next) group_node(w, node);
    for (size_t i = 0; i < w->graph->n_outputs; i++) block(w, w->graph->outputs[i]);
    return TNN_OK;
}

/* The root of the group that the layer makes, or reads. */
static uint32_t made_by(const work *w, const tnn_node *node) { return find(w, node->outputs[0]->id); }
static uint32_t read_by(const work *w, const tnn_node *node) { return find(w, tnn_node_operand(node, 0)->id); }

static bool makes(const work *w, const tnn_node *node, uint32_t root) {
    return tnn_layer_is_plain(node) && made_by(w, node) == root;
}

static bool reads(const work *w, const tnn_node *node, uint32_t root) {
    return tnn_layer_is_plain(node) && tnn_node_operand(node, 0)->constant == NULL && read_by(w, node) == root;
}

/* ---- weights with the scales so far ---- */

/* The scale of channel `c` of `n`. */
static double scale_of(const work *w, uint32_t root, int64_t c, int64_t n) {
    return w->scale[root] != NULL ? w->scale[root][c / (n / n_channels(w, root))] : 1;
}

static void scale_weights(const work *w, const tnn_node *node, float *weights) {
    const tnn_recipe *recipe = tnn_node_operand(node, 1)->constant;
    uint32_t in = read_by(w, node), out = made_by(w, node);
    int64_t rows = recipe->dims[0], width = recipe->dims[1], groups = tnn_layer_groups(node);
    int64_t taps = tnn_recipe_count(recipe) / (rows * width);
    if (w->scale[in] == NULL && w->scale[out] == NULL) return;
    for (int64_t o = 0; o < rows; o++)
        for (int64_t k = 0; k < width; k++) {
            double s = scale_of(w, in, o / (rows / groups) * width + k, width * groups) / scale_of(w, out, o, rows);
            for (int64_t t = 0; t < taps; t++) *weights = (float)((double)*weights * s), weights++;
        }
}

static tnn_status read_weights(const work *w, const tnn_node *node, float **out, tnn_error *err) {
    const tnn_recipe *recipe = tnn_node_operand(node, 1)->constant;
    int64_t n = tnn_recipe_count(recipe);
    *out = tnn_alloc((size_t)n, sizeof **out);
    if (*out == NULL) return tnn_fail_nomem(err);
    tnn_status status = tnn_recipe_read(recipe, 0, n, *out, err);
    if (status == TNN_OK) scale_weights(w, node, *out);
    else tnn_free(*out);
    return status;
}

/* ---- what is known of a group ---- */

static tnn_status add_reader(const work *w, tnn_equalized_group *g, const tnn_node *node, tnn_arena *arena,
                             tnn_error *err) {
    const tnn_recipe *recipe = tnn_node_operand(node, 1)->constant;
    tnn_equalized_reader *r = &g->readers[g->n_readers++];
    *r = (tnn_equalized_reader){.rows = recipe->dims[0], .width = recipe->dims[1], .groups = tnn_layer_groups(node)};
    size_t n = (size_t)(r->rows * r->width);
    r->taps = tnn_recipe_count(recipe) / (int64_t)n;
    r->run = r->width * r->groups / g->n;
    r->largest = TNN_NEW_ARRAY(arena, n, float);
    r->squares = TNN_NEW_ARRAY(arena, n, float);
    float *weights;
    if (r->largest == NULL || r->squares == NULL) return tnn_fail_nomem(err);
    TNN_TRY(read_weights(w, node, &weights, err));
    for (size_t i = 0; i < n; i++)
        for (int64_t t = 0; t < r->taps; t++) {
            float x = fabsf(weights[(int64_t)i * r->taps + t]);
            r->largest[i] = x > r->largest[i] ? x : r->largest[i];
            r->squares[i] += x * x;
        }
    tnn_free(weights);
    return TNN_OK;
}

static tnn_status add_maker(const work *w, tnn_equalized_group *g, const tnn_node *node, tnn_error *err) {
    const tnn_recipe *recipe = tnn_node_operand(node, 1)->constant;
    const tnn_channels *input = w->stats->of[tnn_node_operand(node, 0)->id];
    int64_t n = tnn_recipe_count(recipe), part = n / g->n, row = n / recipe->dims[0];
    float *weights;
    TNN_TRY(read_weights(w, node, &weights, err));
    for (int64_t i = 0; i < n; i++) g->made[i / part] = fmax(g->made[i / part], fabs((double)weights[i]));
    tnn_free(weights);
    double power = 0;
    for (int64_t c = 0; input != NULL && c < input->n; c++) power += input->square_sum[c] / (double)input->count;
    if (input != NULL) power *= (double)row / (double)input->n;
    g->input_power = fmax(g->input_power, power);
    return TNN_OK;
}

static void add_value(tnn_equalized_group *g, const tnn_channels *c) {
    int64_t run = c->n / g->n;
    for (int64_t k = 0; k < c->n; k++) {
        g->range[k / run] = fmax(g->range[k / run], (double)c->largest[k]);
        g->power[k / run] = fmax(g->power[k / run], c->square_sum[k] / (double)c->count);
    }
}

static tnn_status gather(const work *w, uint32_t root, tnn_equalized_group *g, tnn_arena *arena, size_t *n_makers,
                         tnn_error *err) {
    *g = (tnn_equalized_group){.n = n_channels(w, root), .per_tensor = w->per_tensor, .bounded = w->bounded[root]};
    g->range = TNN_NEW_ARRAY(arena, (size_t)g->n, double);
    g->power = TNN_NEW_ARRAY(arena, (size_t)g->n, double);
    g->made = TNN_NEW_ARRAY(arena, (size_t)g->n, double);
    g->readers = TNN_NEW_ARRAY(arena, w->graph->n_nodes, tnn_equalized_reader);
    if (g->range == NULL || g->power == NULL || g->made == NULL || g->readers == NULL) return tnn_fail_nomem(err);
    for (const tnn_node *node = w->graph->first; node != NULL; node = node->next) {
        bool maker = makes(w, node, root);
        *n_makers += maker;
        if (maker) TNN_TRY(add_maker(w, g, node, err));
        if (reads(w, node, root)) TNN_TRY(add_reader(w, g, node, arena, err));
        for (uint32_t k = 0; k < node->n_outputs; k++)
            if (find(w, node->outputs[k]->id) == root) add_value(g, w->stats->of[node->outputs[k]->id]);
    }
    return TNN_OK;
}

/* ---- scaling ---- */

static void scale_stats(tnn_channels *c, const double *scale, int64_t run) {
    for (int64_t k = 0; k < c->n; k++) {
        double s = scale[k / run];
        c->largest[k] = (float)((double)c->largest[k] / s);
        c->square_sum[k] /= s * s;
    }
}

static tnn_status take_scales(work *w, uint32_t root, const double *scale, tnn_error *err) {
    int64_t n = n_channels(w, root);
    double *total = w->scale[root];
    if (total == NULL) total = TNN_NEW_ARRAY(w->arena, (size_t)n, double);
    if (total == NULL) return tnn_fail_nomem(err);
    for (int64_t c = 0; c < n; c++) total[c] = w->scale[root] != NULL ? total[c] * scale[c] : scale[c];
    w->scale[root] = total;
    for (const tnn_node *node = w->graph->first; node != NULL; node = node->next)
        for (uint32_t k = 0; k < node->n_outputs; k++) {
            uint32_t id = node->outputs[k]->id;
            if (find(w, id) == root) scale_stats(w->stats->of[id], scale, n_channels(w, id) / n);
        }
    return TNN_OK;
}

/* What a ReLU6 bounds is scaled once: its bounds are those of the numbers that were seen. */
static tnn_status choose(work *w, uint32_t root, bool *changed, tnn_arena *arena, tnn_error *err) {
    tnn_equalized_group g;
    size_t n_makers = 0;
    double *scale;
    if (w->bounded[root] && w->scale[root] != NULL) return TNN_OK;
    TNN_TRY(gather(w, root, &g, arena, &n_makers, err));
    if (n_makers == 0 || g.n_readers == 0) return TNN_OK;
    TNN_TRY(tnn_equalized_scales(&scale, &g, arena, err));
    if (scale == NULL) return TNN_OK;
    *changed = true;
    return take_scales(w, root, scale, err);
}

static tnn_status sweep(work *w, bool *changed, tnn_error *err) {
    tnn_status status = TNN_OK;
    *changed = false;
    for (uint32_t id = 0; status == TNN_OK && id < w->stats->n_values; id++) {
        if (w->parent[id] != id || w->blocked[id]) continue;
        tnn_arena *arena = tnn_arena_new();
        status = arena != NULL ? choose(w, id, changed, arena, err) : tnn_fail_nomem(err);
        tnn_arena_free(arena);
    }
    return status;
}

/* Scales of `n` channels, inverted for layers that make them. */
static tnn_status along(const work *w, uint32_t root, int64_t n, bool inverse, double **out, tnn_error *err) {
    *out = TNN_NEW_ARRAY(w->arena, (size_t)n, double);
    if (*out == NULL) return tnn_fail_nomem(err);
    for (int64_t c = 0; c < n; c++) (*out)[c] = inverse ? 1 / scale_of(w, root, c, n) : scale_of(w, root, c, n);
    return TNN_OK;
}

static tnn_status scale_rows(const work *w, tnn_node *node, tnn_error *err) {
    const tnn_value *weight = tnn_node_operand(node, 1), *bias = tnn_node_operand(node, 2);
    const tnn_recipe *recipe;
    double *factor;
    TNN_TRY(along(w, made_by(w, node), weight->constant->dims[0], true, &factor, err));
    TNN_TRY(tnn_scale_outer(&recipe, w->arena, weight->constant, factor, err));
    TNN_TRY(tnn_rewrite_constant(node, 1, recipe, err));
    if (bias == NULL) return TNN_OK;
    TNN_TRY(tnn_scale_outer(&recipe, w->arena, bias->constant, factor, err));
    return tnn_rewrite_constant(node, 2, recipe, err);
}

static tnn_status scale_columns(const work *w, tnn_node *node, tnn_error *err) {
    const tnn_recipe *weight = tnn_node_operand(node, 1)->constant, *recipe;
    int64_t groups = tnn_layer_groups(node);
    double *factor;
    TNN_TRY(along(w, read_by(w, node), weight->dims[1] * groups, false, &factor, err));
    TNN_TRY(tnn_scale_inner(&recipe, w->arena, weight, groups, factor, err));
    return tnn_rewrite_constant(node, 1, recipe, err);
}

/* They are those of what the layer gives. */
static tnn_status scale_moments(const work *w, tnn_value *value, uint32_t root, tnn_error *err) {
    if (value->moments == NULL) return TNN_OK;
    int64_t n = value->moments->n;
    tnn_moments *moments = TNN_NEW(w->arena, tnn_moments);
    double *mean = TNN_NEW_ARRAY(w->arena, (size_t)n, double), *deviation = TNN_NEW_ARRAY(w->arena, (size_t)n, double);
    if (moments == NULL || mean == NULL || deviation == NULL) return tnn_fail_nomem(err);
    for (int64_t c = 0; c < n; c++) {
        mean[c] = value->moments->mean[c] / scale_of(w, root, c, n);
        deviation[c] = value->moments->deviation[c] / scale_of(w, root, c, n);
    }
    *moments = (tnn_moments){n, mean, deviation};
    value->moments = moments;
    return TNN_OK;
}

static tnn_status scale_layers(const work *w, tnn_error *err) {
    for (tnn_node *node = w->graph->first; node != NULL; node = node->next) {
        if (!tnn_layer_is_plain(node)) continue;
        uint32_t made = made_by(w, node);
        if (w->scale[made] != NULL) TNN_TRY(scale_rows(w, node, err));
        if (w->scale[made] != NULL) TNN_TRY(scale_moments(w, node->outputs[0], made, err));
        if (w->scale[read_by(w, node)] != NULL) TNN_TRY(scale_columns(w, node, err));
    }
    return TNN_OK;
}

/* The numbers are no longer those that the model calls so. */
static tnn_status rename_values(const work *w, tnn_error *err) {
    for (tnn_node *node = w->graph->first; node != NULL; node = node->next)
        for (uint32_t k = 0; k < node->n_outputs; k++) {
            tnn_value *value = node->outputs[k];
            if (w->scale[find(w, value->id)] == NULL) continue;
            const char *name = tnn_arena_printf(w->arena, "%s/scaled", value->name);
            if (name == NULL) return tnn_fail_nomem(err);
            TNN_TRY(tnn_graph_rename(w->graph, value, name, err));
        }
    return TNN_OK;
}

tnn_status tnn_equalize(tnn_graph *graph, tnn_channel_stats *stats, bool per_tensor, uint32_t *n_scaled,
                        tnn_error *err) {
    work w = {.graph = graph, .arena = graph->model->arena, .stats = stats, .per_tensor = per_tensor};
    bool changed = true;
    *n_scaled = 0;
    TNN_TRY(make_groups(&w, err));
    for (int i = 0; changed && i < MAX_SWEEPS; i++) TNN_TRY(sweep(&w, &changed, err));
    for (uint32_t id = 0; id < stats->n_values; id++) *n_scaled += w.scale[id] != NULL;
    TNN_TRY(scale_layers(&w, err));
    return rename_values(&w, err);
}
