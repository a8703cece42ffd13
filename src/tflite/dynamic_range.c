#include "tflite/dynamic_range.h"

#include <math.h>
#include <string.h>

#include "base/nearest.h"
#include "ir/recipe.h"
#include "ops/row.h"
#include "quant/scales.h"
#include "tflite/int4_weights.h"
#include "tflite/int8_rules.h"

/* Weights for each place that meets them, below which quantizing what meets them takes longer than the faster product saves. Measured
 * with LiteRT 2.3.0 on AVX2, time beside float: 1.5 at 8, 1.15 at 125, 1.07 at 188, 0.94 at 3000; processors with dot products
 * of bytes gain sooner. */
#define WEIGHTS_PER_PLACE 256

typedef struct work {
    tnn_graph *graph;
    tnn_arena *arena;
    const tnn_dynamic_range_options *options;
    tnn_dynamic_range_stats *stats;
    tnn_value **stored; /* by id of weights: their integers; NULL: not yet */
    uint32_t n_stored;
} work;

static bool is(const tnn_node *node, const tnn_tfl_row *row) { return node->op == &row->op; }

/* ---- which operators ---- */

static const tnn_value *weights_of(const tnn_node *node) {
    const tnn_int8_rule *rule = tnn_int8_rule_of(node);
    if (rule == NULL || rule->kind != TNN_INT8_WEIGHTS) return NULL;
    const tnn_value *weights = tnn_node_operand(node, rule->weights);
    bool fits = weights != NULL && weights->constant != NULL && weights->dtype == TNN_DTYPE_F32;
    return fits && node->outputs[0]->dtype == TNN_DTYPE_F32 ? weights : NULL;
}

static bool is_named(const work *w, const tnn_node *node) {
    for (size_t i = 0; i < w->options->n_floats; i++)
        if (strcmp(w->options->floats[i], node->outputs[0]->name) == 0) return true;
    return false;
}

static bool has_groups(const tnn_node *node, const tnn_value *weights) {
    const tnn_shape *in = &tnn_node_operand(node, 0)->shape, *shape = &weights->shape;
    return in->dims[in->rank - 1].hint != shape->dims[shape->rank - 1].hint;
}

/* Rows that meet the weights of a layer. */
static int64_t n_places(const tnn_node *node) {
    const tnn_shape *in = &tnn_node_operand(node, 0)->shape;
    int64_t n = 1;
    for (uint8_t d = 0; d + 1 < in->rank; d++) n *= in->dims[d].hint;
    return n;
}

/* Why its weights stay floats; NULL: they do not. */
static const char *why_float(const work *w, const tnn_node *node, const tnn_value *weights) {
    int64_t n = tnn_recipe_count(weights->constant);
    if (is_named(w, node)) return "is kept float by name";
    if (is(node, &tnn_tfl_DEPTHWISE_CONV_2D)) return "is slower with weights of 8 bits";
    if (!is(node, &tnn_tfl_CONV_2D) && !is(node, &tnn_tfl_FULLY_CONNECTED)) return "has no such kernel";
    if (w->options->linear_only && is(node, &tnn_tfl_CONV_2D)) return "is a convolution, which are left out";
    if (is(node, &tnn_tfl_CONV_2D) && has_groups(node, weights)) return "has groups, for which LiteRT has no such kernel";
    if (!w->options->even_if_slower && n / WEIGHTS_PER_PLACE < n_places(node))
        return "would be slower, because so much meets so few weights";
    return (uint64_t)n < w->options->min_elems ? "has few weights" : NULL;
}

/* All readers take the same weights, or the file would hold them twice. */
static const char *why_float_with_others(const work *w, const tnn_node *node, const tnn_value *weights) {
    const char *why = why_float(w, node, weights);
    for (size_t i = 0; why == NULL && i < weights->n_users; i++) {
        const tnn_node *user = weights->users[i];
        if (weights_of(user) != weights || why_float(w, user, weights) != NULL)
            why = "shares its weights with one that needs floats";
    }
    return why;
}

static tnn_status note_float(const work *w, const tnn_node *node, const char *why, tnn_error *err) {
    const char *line = tnn_arena_printf(w->arena, "%s: %s %s", node->outputs[0]->name, node->op->name, why);
    if (line == NULL) return tnn_fail_nomem(err);
    w->stats->reasons[w->stats->n_floats++] = line;
    return TNN_OK;
}

/* ---- weights ---- */

/* `*usable` false: they hold what is not finite. Channels of zeros get a scale, too. */
static tnn_status choose_scales(const work *w, const tnn_node *node, const tnn_value *weights, const tnn_quant **out,
                                bool *usable, tnn_error *err) {
    tnn_quant *quant;
    tnn_weight_form form = {w->options->per_tensor, tnn_int4_takes(node), tnn_int8_rule_of(node)->axis};
    TNN_TRY(tnn_quant_of_weights(&quant, w->arena, weights->constant, form, err));
    float *scales = TNN_NEW_ARRAY(w->arena, quant->n, float);
    if (scales == NULL) return tnn_fail_nomem(err);
    *usable = true;
    for (uint32_t i = 0; i < quant->n; i++) {
        scales[i] = quant->scale[i] > 0 ? quant->scale[i] : 1;
        *usable = *usable && isfinite(scales[i]);
    }
    quant->scale = scales;
    *out = quant;
    return TNN_OK;
}

static tnn_status store(work *w, tnn_value *weights, const tnn_quant *quant, tnn_error *err) {
    const tnn_recipe *recipe;
    tnn_value **stored = &w->stored[weights->id];
    TNN_TRY(tnn_quant_recipe(&recipe, w->arena, weights->constant, quant, err));
    TNN_TRY(tnn_graph_constant(stored, w->graph, weights->name, recipe, err));
    (*stored)->quant = quant;
    return TNN_OK;
}

static tnn_status ask_for_zero_points(const work *w, tnn_node *node, tnn_error *err) {
    if (w->options->symmetric_inputs || !is(node, &tnn_tfl_FULLY_CONNECTED)) return TNN_OK;
    size_t index = (size_t)(tnn_node_arg(node, "asymmetric_quantize_inputs") - node->args);
    return tnn_node_set_arg(node, index, tnn_arg_of_bool(true), err);
}

static tnn_status convert_node(work *w, tnn_node *node, tnn_error *err) {
    tnn_value *weights = (tnn_value *)(uintptr_t)weights_of(node);
    if (weights == NULL) return TNN_OK;
    const char *why = why_float_with_others(w, node, weights);
    const tnn_quant *quant = NULL;
    bool usable = true;
    if (why == NULL && w->stored[weights->id] == NULL) {
        TNN_TRY(choose_scales(w, node, weights, &quant, &usable, err));
        if (usable) TNN_TRY(store(w, weights, quant, err));
        else why = "has weights that are not finite";
    }
    if (why != NULL) return note_float(w, node, why, err);
    w->stats->n_operators++;
    TNN_TRY(ask_for_zero_points(w, node, err));
    return tnn_node_set_operand(node, tnn_int8_rule_of(node)->weights, w->stored[weights->id], err);
}

/* ---- the graph ---- */

static tnn_status check_names(const work *w, tnn_error *err) {
    const char **names = TNN_NEW_ARRAY(w->arena, w->graph->n_nodes, const char *);
    size_t n = 0;
    if (names == NULL) return tnn_fail_nomem(err);
    for (const tnn_node *node = w->graph->first; node != NULL; node = node->next)
        if (node->n_outputs > 0) names[n++] = node->outputs[0]->name;
    for (size_t i = 0; i < w->options->n_floats; i++) {
        const char *wanted = w->options->floats[i], *near = tnn_nearest(wanted, names, n);
        if (near == NULL)
            return tnn_fail(err, TNN_ERR_INVALID, wanted, "is to stay float, and no operator gives a tensor of this name");
        if (strcmp(near, wanted) != 0)
            return tnn_fail(err, TNN_ERR_INVALID, wanted,
                            "is to stay float, and no operator gives a tensor of this name; nearest is \"%s\"", near);
    }
    return TNN_OK;
}

tnn_status tnn_dynamic_range(tnn_graph *graph, const tnn_dynamic_range_options *options, tnn_dynamic_range_stats *stats,
                             tnn_error *err) {
    work w = {.graph = graph, .arena = graph->model->arena, .options = options, .stats = stats,
              .n_stored = graph->model->next_value_id};
    *stats = (tnn_dynamic_range_stats){0};
    w.stored = TNN_NEW_ARRAY(w.arena, w.n_stored, tnn_value *);
    stats->reasons = TNN_NEW_ARRAY(w.arena, graph->n_nodes, const char *);
    if (w.stored == NULL || stats->reasons == NULL) return tnn_fail_nomem(err);
    TNN_TRY(check_names(&w, err));
    for (tnn_node *node = graph->first; node != NULL; node = node->next) TNN_TRY(convert_node(&w, node, err));
    return TNN_OK;
}
