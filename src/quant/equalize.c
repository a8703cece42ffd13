#include "quant/equalize.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "ir/recipe.h"
#include "ops/list.h"
#include "passes/channel_affine.h"
#include "passes/rewrite.h"

#define MAX_SCALE 1024.0
#define CONSTANT 8.0 /* what rounded weights add is the same everywhere, and does not vanish in means over positions */
/* Where a ReLU6 cuts what is scaled: room above what samples showed, the least scale, and the share of noise that has to go, for other
 * samples are cut now and then all the same. */
#define HEADROOM 1.5
#define LEAST_SCALE 0.25
#define WORTHWHILE 0.5

/* ---- groups of values that are scaled alike ---- */

typedef struct work {
    tnn_graph *graph;
    tnn_arena *arena;
    const tnn_channel_stats *stats;
    bool per_tensor;
    uint32_t *parent; /* union-find, by id of a value */
    bool *blocked;    /* of a root */
    bool *bounded;    /* of a root: cut at 6 by its makers */
} work;

static uint32_t find(const work *w, uint32_t id) {
    while (w->parent[id] != id) id = w->parent[id] = w->parent[w->parent[id]];
    return id;
}

static void block(work *w, const tnn_value *v) {
    if (v != NULL && v->constant == NULL) w->blocked[find(w, v->id)] = true;
}

static void join(work *w, const tnn_value *a, const tnn_value *b) {
    const tnn_channels *x = w->stats->of[a->id], *y = w->stats->of[b->id];
    bool alike = x != NULL && y != NULL && x->n == y->n && tnn_channels_dim(a) == tnn_channels_dim(b);
    uint32_t p = find(w, a->id), q = find(w, b->id);
    bool blocked = !alike || w->blocked[p] || w->blocked[q];
    w->parent[p] = q;
    w->blocked[q] = blocked;
    w->bounded[q] = w->bounded[p] || w->bounded[q];
}

/* A layer whose rows and columns can be scaled. */
static bool is_layer(const tnn_node *node) {
    bool conv = tnn_node_is(node, TNN_OP_convolution) && !tnn_arg_bool(tnn_node_arg(node, "transposed"));
    if (!conv && !tnn_node_is(node, TNN_OP_linear)) return false;
    const tnn_value *weight = tnn_node_operand(node, 1), *bias = tnn_node_operand(node, 2);
    if (weight->constant == NULL || weight->dtype != TNN_DTYPE_F32 || weight->shape.rank < 2) return false;
    if (conv && tnn_node_operand(node, 0)->shape.rank != weight->shape.rank) return false;
    return bias == NULL || (bias->constant != NULL && bias->shape.rank == 1);
}

static bool passes_scales(const tnn_node *node) {
    if (node->op->list != TNN_OPLIST_ATEN) return false;
    switch (node->op->id) {
    case TNN_OP_relu: case TNN_OP_leaky_relu: case TNN_OP_dropout: case TNN_OP_max_pool: case TNN_OP_avg_pool:
    case TNN_OP_adaptive_avg_pool: return node->n_outputs == 1;
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

static void group_node(work *w, const tnn_node *node) {
    bool layer = is_layer(node), passes = passes_scales(node), simple = is_simple(node, layer);
    for (size_t s = 0; s < tnn_node_n_operands(node); s++) {
        const tnn_value *v = tnn_node_operand(node, s);
        if (v == NULL || v->constant != NULL) continue;
        if (passes && simple) join(w, v, node->outputs[0]);
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
    if (w->parent == NULL || w->blocked == NULL || w->bounded == NULL) return tnn_fail_nomem(err);
    for (uint32_t i = 0; i < n; i++) {
        w->parent[i] = i;
        w->blocked[i] = w->stats->of[i] == NULL;
    }
    for (size_t i = 0; i < w->graph->n_inputs; i++) block(w, w->graph->inputs[i]);
    for (const tnn_node *node = w->graph->first; node != NULL; node = node->next) group_node(w, node);
    for (size_t i = 0; i < w->graph->n_outputs; i++) block(w, w->graph->outputs[i]);
    return TNN_OK;
}

static bool makes(const work *w, const tnn_node *node, uint32_t root) {
    return is_layer(node) && find(w, node->outputs[0]->id) == root;
}

static bool reads(const work *w, const tnn_node *node, uint32_t root) {
    const tnn_value *v = is_layer(node) ? tnn_node_operand(node, 0) : NULL;
    return v != NULL && v->constant == NULL && find(w, v->id) == root;
}

/* ---- what scales promise ---- */

/* A reading layer, as numbers: weights of output o and input channel c stand in magnitudes [o, c]. */
typedef struct reader {
    int64_t rows, width, groups, taps;
    float *largest;  /* [rows, width]: magnitude over the taps */
    float *squares;  /* [rows, width]: sum of squares over the taps */
} reader;

typedef struct group {
    uint32_t root;
    int64_t n;          /* channels */
    bool bounded;       /* by ReLU6: scales are at most 1, and keep a channel below 6 */
    double *range;      /* largest magnitude of any value of the group, by channel */
    double *power;      /* mean square, by channel, of the largest value */
    double *made;       /* largest weight that makes the channel */
    double input_power; /* of what makes it: sum over the fan-in, the largest of all layers */
    reader *readers;
    size_t n_readers;
} group;

static int64_t groups_of(const tnn_node *node) {
    return tnn_node_is(node, TNN_OP_convolution) ? tnn_arg_int(tnn_node_arg(node, "groups")) : 1;
}

static tnn_status read_weights(const tnn_node *node, float **out, tnn_error *err) {
    const tnn_recipe *recipe = tnn_node_operand(node, 1)->constant;
    int64_t n = tnn_recipe_count(recipe);
    *out = tnn_alloc((size_t)n, sizeof **out);
    if (*out == NULL) return tnn_fail_nomem(err);
    tnn_status status = tnn_recipe_read(recipe, 0, n, *out, err);
    if (status != TNN_OK) tnn_free(*out);
    return status;
}

static tnn_status add_reader(work *w, group *g, const tnn_node *node, tnn_error *err) {
    const tnn_recipe *recipe = tnn_node_operand(node, 1)->constant;
    reader *r = &g->readers[g->n_readers++];
    *r = (reader){.rows = recipe->dims[0], .width = recipe->dims[1], .groups = groups_of(node), .taps = 1};
    for (uint8_t d = 2; d < recipe->rank; d++) r->taps *= recipe->dims[d];
    size_t n = (size_t)(r->rows * r->width);
    r->largest = TNN_NEW_ARRAY(w->arena, n, float);
    r->squares = TNN_NEW_ARRAY(w->arena, n, float);
    float *weights;
    if (r->largest == NULL || r->squares == NULL) return tnn_fail_nomem(err);
    TNN_TRY(read_weights(node, &weights, err));
    for (size_t i = 0; i < n; i++)
        for (int64_t t = 0; t < r->taps; t++) {
            float x = fabsf(weights[(int64_t)i * r->taps + t]);
            r->largest[i] = x > r->largest[i] ? x : r->largest[i];
            r->squares[i] += x * x;
        }
    tnn_free(weights);
    return TNN_OK;
}

static tnn_status add_maker(work *w, group *g, const tnn_node *node, tnn_error *err) {
    const tnn_recipe *recipe = tnn_node_operand(node, 1)->constant;
    const tnn_channels *input = w->stats->of[tnn_node_operand(node, 0)->id];
    int64_t row = tnn_recipe_count(recipe) / recipe->dims[0];
    float *weights;
    TNN_TRY(read_weights(node, &weights, err));
    for (int64_t c = 0; c < g->n; c++)
        for (int64_t i = 0; i < row; i++) g->made[c] = fmax(g->made[c], fabs((double)weights[c * row + i]));
    tnn_free(weights);
    double power = 0;
    for (int64_t c = 0; input != NULL && c < input->n; c++) power += input->square_sum[c] / (double)input->count;
    if (input != NULL) power *= (double)row / (double)input->n;
    g->input_power = fmax(g->input_power, power);
    return TNN_OK;
}

static void add_value(const work *w, group *g, const tnn_value *v) {
    const tnn_channels *c = w->stats->of[v->id];
    if (c == NULL || find(w, v->id) != g->root) return;
    for (int64_t k = 0; k < g->n; k++) {
        g->range[k] = fmax(g->range[k], (double)c->largest[k]);
        g->power[k] = fmax(g->power[k], c->square_sum[k] / (double)c->count);
    }
}

/* Mean squares of the noise that rounding puts into the results of all readers; that of weights counts more. */
static double noise(const group *g, const double *scale, bool per_tensor) {
    double widest = 0, made = 0, total = 0;
    for (int64_t c = 0; c < g->n; c++) {
        widest = fmax(widest, g->range[c] / scale[c]);
        made = fmax(made, g->made[c] / scale[c]);
    }
    double step = 2 * widest / 255, input_step = per_tensor ? made / 127 : 0;
    double each = (step * step + input_step * input_step * g->input_power) / 12;
    for (size_t i = 0; i < g->n_readers; i++) {
        const reader *r = &g->readers[i];
        double largest_of_all = 0, weight_noise = 0;
        for (int64_t o = 0; o < r->rows; o++) {
            int64_t first = o / (r->rows / r->groups) * r->width;
            double largest = 0, power = 0;
            for (int64_t k = 0; k < r->width; k++) {
                double s = scale[first + k];
                largest = fmax(largest, (double)r->largest[o * r->width + k] * s);
                power += g->power[first + k] / (s * s) * (double)r->taps;
                total += each * s * s * (double)r->squares[o * r->width + k];
            }
            largest_of_all = fmax(largest_of_all, largest);
            weight_noise += per_tensor ? power : largest * largest * power;
        }
        if (per_tensor) weight_noise *= largest_of_all * largest_of_all;
        total += CONSTANT * weight_noise / (127.0 * 127 * 12);
    }
    return total;
}

/* ---- choosing ---- */

/* Geometric mean 1, bounded; channels without numbers stay. */
static void normalize(const group *g, double *scale) {
    double sum = 0;
    int64_t n = 0;
    for (int64_t c = 0; c < g->n; c++) {
        bool usable = scale[c] > 0 && isfinite(scale[c]);
        if (usable) sum += log(scale[c]), n++;
        else scale[c] = 0;
    }
    double mean = n > 0 ? exp(sum / (double)n) : 1;
    for (int64_t c = 0; c < g->n; c++)
        scale[c] = scale[c] > 0 ? fmin(fmax(scale[c] / mean, 1 / MAX_SCALE), MAX_SCALE) : 1;
}

/* The largest weight that reads each channel. */
static void read_by(const group *g, double *out) {
    memset(out, 0, (size_t)g->n * sizeof *out);
    for (size_t i = 0; i < g->n_readers; i++) {
        const reader *r = &g->readers[i];
        for (int64_t o = 0; o < r->rows; o++)
            for (int64_t k = 0; k < r->width; k++) {
                int64_t c = o / (r->rows / r->groups) * r->width + k;
                out[c] = fmax(out[c], (double)r->largest[o * r->width + k]);
            }
    }
}

/* The largest scale is 1; a channel that reaches 6 keeps 1, others stay below. Channels without numbers stay. */
static void bound(const group *g, double *scale) {
    double largest = 0;
    for (int64_t c = 0; c < g->n; c++)
        if (isfinite(scale[c])) largest = fmax(largest, scale[c]);
    for (int64_t c = 0; c < g->n; c++) {
        bool usable = scale[c] > 0 && isfinite(scale[c]) && g->range[c] > 0;
        double least = fmax(HEADROOM * g->range[c] / 6, LEAST_SCALE);
        scale[c] = usable ? fmin(fmax(scale[c] / largest, least), 1) : 1;
    }
}

enum { N_POWERS = 4, N_RULES = N_POWERS + 2 };

/* Rule 0 to N_POWERS - 1: a power of the channel's range. Then: rows as large as columns; rows alike. */
static void apply_rule(const group *g, int rule, const double *read, double *scale) {
    for (int64_t c = 0; c < g->n; c++) {
        if (rule < N_POWERS) scale[c] = pow(g->range[c], (rule + 1.0) / N_POWERS);
        else if (rule == N_POWERS) scale[c] = sqrt(g->made[c] / read[c]);
        else scale[c] = g->made[c];
    }
    if (g->bounded) bound(g, scale);
    else normalize(g, scale);
}

/* The scales of the best rule; NULL: those of 1. */
static tnn_status choose(const work *w, const group *g, double **out, tnn_error *err) {
    double *tried = TNN_NEW_ARRAY(w->arena, (size_t)g->n, double), *read = TNN_NEW_ARRAY(w->arena, (size_t)g->n, double);
    double *best = TNN_NEW_ARRAY(w->arena, (size_t)g->n, double);
    *out = NULL;
    if (tried == NULL || read == NULL || best == NULL) return tnn_fail_nomem(err);
    for (int64_t c = 0; c < g->n; c++) tried[c] = 1;
    double least = noise(g, tried, w->per_tensor) * (g->bounded ? WORTHWHILE : 1);
    read_by(g, read);
    for (int rule = 0; rule < N_RULES; rule++) {
        apply_rule(g, rule, read, tried);
        double found = noise(g, tried, w->per_tensor);
        if (!(found < least)) continue;
        least = found;
        memcpy(best, tried, (size_t)g->n * sizeof *best);
        *out = best;
    }
    return TNN_OK;
}

/* ---- scaling ---- */

static tnn_status scale_rows(tnn_node *node, tnn_arena *arena, const double *scale, tnn_error *err) {
    const tnn_value *weight = tnn_node_operand(node, 1), *bias = tnn_node_operand(node, 2);
    int64_t n = weight->constant->dims[0];
    double *inverse = TNN_NEW_ARRAY(arena, (size_t)n, double);
    const tnn_recipe *recipe;
    if (inverse == NULL) return tnn_fail_nomem(err);
    for (int64_t c = 0; c < n; c++) inverse[c] = 1 / scale[c];
    TNN_TRY(tnn_scale_outer(&recipe, arena, weight->constant, inverse, err));
    TNN_TRY(tnn_rewrite_constant(node, 1, recipe, err));
    if (bias == NULL) return TNN_OK;
    TNN_TRY(tnn_scale_outer(&recipe, arena, bias->constant, inverse, err));
    return tnn_rewrite_constant(node, 2, recipe, err);
}

static tnn_status scale_columns(tnn_node *node, tnn_arena *arena, const double *scale, tnn_error *err) {
    const tnn_recipe *recipe;
    TNN_TRY(tnn_scale_inner(&recipe, arena, tnn_node_operand(node, 1)->constant, groups_of(node), scale, err));
    return tnn_rewrite_constant(node, 1, recipe, err);
}

static tnn_status gather(work *w, group *g, size_t *n_makers, tnn_error *err) {
    g->range = TNN_NEW_ARRAY(w->arena, (size_t)g->n, double);
    g->power = TNN_NEW_ARRAY(w->arena, (size_t)g->n, double);
    g->made = TNN_NEW_ARRAY(w->arena, (size_t)g->n, double);
    g->readers = TNN_NEW_ARRAY(w->arena, w->graph->n_nodes, reader);
    if (g->range == NULL || g->power == NULL || g->made == NULL || g->readers == NULL) return tnn_fail_nomem(err);
    for (const tnn_node *node = w->graph->first; node != NULL; node = node->next) {
        bool maker = makes(w, node, g->root);
        *n_makers += maker;
        if (maker) TNN_TRY(add_maker(w, g, node, err));
        if (reads(w, node, g->root)) TNN_TRY(add_reader(w, g, node, err));
        for (uint32_t k = 0; k < node->n_outputs; k++) add_value(w, g, node->outputs[k]);
    }
    return TNN_OK;
}

static tnn_status equalize_group(work *w, uint32_t root, tnn_error *err) {
    group g = {.root = root, .n = w->stats->of[root]->n, .bounded = w->bounded[root]};
    size_t n_makers = 0;
    double *scale;
    TNN_TRY(gather(w, &g, &n_makers, err));
    if (n_makers == 0 || g.n_readers == 0) return TNN_OK;
    TNN_TRY(choose(w, &g, &scale, err));
    if (scale == NULL) return TNN_OK;
    for (tnn_node *node = w->graph->first; node != NULL; node = node->next) {
        if (makes(w, node, root)) TNN_TRY(scale_rows(node, w->arena, scale, err));
        if (reads(w, node, root)) TNN_TRY(scale_columns(node, w->arena, scale, err));
    }
    return TNN_OK;
}

tnn_status tnn_equalize(tnn_graph *graph, const tnn_channel_stats *stats, bool per_tensor, tnn_error *err) {
    work w = {.graph = graph, .arena = graph->model->arena, .stats = stats, .per_tensor = per_tensor};
    TNN_TRY(make_groups(&w, err));
    for (uint32_t id = 0; id < stats->n_values; id++)
        if (w.parent[id] == id && !w.blocked[id]) TNN_TRY(equalize_group(&w, id, err));
    return TNN_OK;
}
