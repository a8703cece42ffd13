#include "quant/int4_plan.h"

#include <fnmatch.h>

#include "ops/list.h"
#include "ir/recipe.h"
#include "quant/quant_rows.h"

tnn_status tnn_int4_note(tnn_int4_stats *stats, const char *name, const char *op, const char *why, tnn_error *err) {
    const char *line = tnn_arena_printf(stats->arena, "%s: %s %s", name, op, why);
    stats->reasons = tnn_arena_grow(stats->arena, stats->reasons, stats->n_reasons, &stats->cap_reasons,
                                    stats->n_reasons + 1, sizeof *stats->reasons);
    if (line == NULL || stats->reasons == NULL) return tnn_fail_nomem(err);
    stats->reasons[stats->n_reasons++] = line;
    return TNN_OK;
}

/* ---- layers ---- */

static bool fits(const char *pattern, const tnn_node *node) {
    return fnmatch(pattern, node->outputs[0]->name, 0) == 0 || (node->scope != NULL && fnmatch(pattern, node->scope, 0) == 0);
}

static bool is_chosen(const tnn_int4_options *options, const tnn_node *node) {
    if (options->linear_only && !tnn_node_is(node, TNN_OP_linear)) return false;
    for (size_t i = 0; i < options->n_layers; i++)
        if (fits(options->layers[i], node)) return true;
    return options->n_layers == 0;
}

/* Why a layer that is chosen keeps 8 bits; NULL: it does not. */
static const char *why_eight(const tnn_int4_options *options, const char *linear_why, const tnn_node *node,
                             const tnn_value *weights) {
    bool conv = tnn_node_is(node, TNN_OP_convolution);
    if (conv && tnn_arg_bool(tnn_node_arg(node, "transposed"))) return "is transposed, for which LiteRT has no such kernel";
    bool has_groups = conv && tnn_arg_int(tnn_node_arg(node, "groups")) > 1;
    if (has_groups && weights->shape.dims[1].hint == 1) return "is depthwise, for which LiteRT's reference kernels have none";
    if (weights->shape.rank > 4) return "has three dimensions, for which LiteRT has no such kernel";
    if ((uint64_t)tnn_recipe_count(weights->constant) < options->min_elems) return "has few weights";
    return conv ? linear_why : NULL;
}

static tnn_status mark(const tnn_int4_options *options, const char *linear_why, tnn_node *node, tnn_int4_stats *stats,
                       tnn_error *err) {
    const tnn_value *weights = tnn_weights_of(node);
    if (weights == NULL || !is_chosen(options, node)) return TNN_OK;
    const char *why = why_eight(options, linear_why, node, weights);
    node->wants_int4 = why == NULL;
    return why == NULL ? TNN_OK : tnn_int4_note(stats, node->outputs[0]->name, node->op->name, why, err);
}

/* All readers take the same weights, or the file would hold them twice. */
static tnn_status unmark_shared(tnn_node *node, tnn_int4_stats *stats, tnn_error *err) {
    const tnn_value *weights = node->wants_int4 ? tnn_weights_of(node) : NULL;
    bool alike = true;
    for (size_t i = 0; weights != NULL && i < weights->n_users; i++) alike = alike && weights->users[i]->wants_int4;
    node->wants_int4 = node->wants_int4 && alike;
    if (alike) return TNN_OK;
    return tnn_int4_note(stats, node->outputs[0]->name, node->op->name, "shares its weights with one that keeps 8 bits", err);
}

static tnn_status check_patterns(const tnn_graph *graph, const tnn_int4_options *options, tnn_error *err) {
    for (size_t i = 0; i < options->n_layers; i++) {
        bool any = false;
        for (const tnn_node *node = graph->first; node != NULL; node = node->next)
            any = any || (tnn_weights_of(node) != NULL && fits(options->layers[i], node));
        if (!any)
            return tnn_fail(err, TNN_ERR_INVALID, options->layers[i], "is to have weights of 4 bits, and no layer is called so");
    }
    return TNN_OK;
}

tnn_status tnn_int4_plan(tnn_graph *graph, const tnn_int4_options *options, const char *linear_why, tnn_int4_stats *stats,
                         tnn_error *err) {
    TNN_TRY(check_patterns(graph, options, err));
    for (tnn_node *node = graph->first; node != NULL; node = node->next) TNN_TRY(mark(options, linear_why, node, stats, err));
    for (tnn_node *node = graph->first; node != NULL; node = node->next) TNN_TRY(unmark_shared(node, stats, err));
    return TNN_OK;
}
