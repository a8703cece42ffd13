#include "quant/concat.h"

#include <math.h>

#include "ops/list.h"

#define CLASH 8.0 /* of widths: less than 32 of 256 levels are left */

/* ---- ranges of all values ---- */

static void widen(tnn_range *range, tnn_range by) {
    range->low = fmin(range->low, by.low);
    range->high = fmax(range->high, by.high);
}

/* What was seen, what is given, or the ranges of what the value was made of by moving numbers. */
static tnn_range range_of(const tnn_quant_plan *plan, const tnn_calibration *calibration, const tnn_value *value,
                          const tnn_range *ranges) {
    const tnn_quant_class *class = tnn_quant_class_of(plan, value);
    const tnn_calibrated *seen = calibration->values[value->id];
    tnn_range range = {0, 0};
    if (class != NULL && class->is_fixed) {
        double scale = (double)class->quant->scale[0], zero = (double)class->quant->zero_point[0];
        return (tnn_range){(-128 - zero) * scale, (127 - zero) * scale};
    }
    if (seen != NULL) {
        const tnn_histogram *h = &seen->histogram;
        if (h->n_samples > 0) widen(&range, (tnn_range){(double)h->low, (double)h->high});
        return range;
    }
    for (size_t s = 0; value->producer != NULL && s < tnn_node_n_operands(value->producer); s++) {
        const tnn_value *from = tnn_node_operand(value->producer, s);
        if (from != NULL) widen(&range, ranges[from->id]);
    }
    return range;
}

static tnn_status find_ranges(tnn_range **out, const tnn_quant_plan *plan, const tnn_calibration *calibration,
                              tnn_error *err) {
    const tnn_graph *graph = plan->graph;
    *out = TNN_NEW_ARRAY(plan->arena, plan->n_values, tnn_range);
    if (*out == NULL) return tnn_fail_nomem(err);
    for (size_t i = 0; i < graph->n_inputs; i++)
        (*out)[graph->inputs[i]->id] = range_of(plan, calibration, graph->inputs[i], *out);
    for (const tnn_node *node = graph->first; node != NULL; node = node->next)
        for (uint32_t k = 0; k < node->n_outputs; k++)
            (*out)[node->outputs[k]->id] = range_of(plan, calibration, node->outputs[k], *out);
    return TNN_OK;
}

/* ---- clashes ---- */

static double width(tnn_range range) { return range.high - range.low; }

/* Parts that are always 0 fit every scale. */
static bool clashes(const tnn_node *node, const tnn_range *ranges, tnn_concat_clash *out) {
    *out = (tnn_concat_clash){.narrow_range = {0, INFINITY}};
    for (size_t s = 0; s < tnn_node_n_operands(node); s++) {
        const tnn_value *part = tnn_node_operand(node, s);
        tnn_range range = ranges[part->id];
        if (part->constant != NULL || !(width(range) > 0)) continue;
        if (width(range) > width(out->wide_range)) out->wide = part, out->wide_range = range;
        if (width(range) < width(out->narrow_range)) out->narrow = part, out->narrow_range = range;
    }
    return out->wide != NULL && width(out->wide_range) > CLASH * width(out->narrow_range);
}

tnn_status tnn_concat_find(tnn_concat_clashes *out, const tnn_quant_plan *plan, const tnn_calibration *calibration,
                           tnn_error *err) {
    tnn_range *ranges;
    *out = (tnn_concat_clashes){TNN_NEW_ARRAY(plan->arena, plan->graph->n_nodes, tnn_concat_clash), 0};
    if (out->list == NULL) return tnn_fail_nomem(err);
    TNN_TRY(find_ranges(&ranges, plan, calibration, err));
    for (tnn_node *node = plan->graph->first; node != NULL; node = node->next) {
        tnn_concat_clash *clash = &out->list[out->n];
        if (!tnn_node_is(node, TNN_OP_cat) || !tnn_quant_plan_is_integer(plan, node) || !clashes(node, ranges, clash)) continue;
        clash->node = node;
        out->n++;
    }
    return TNN_OK;
}

static tnn_status warn(const tnn_concat_clash *c, const tnn_graph *graph, const char *then, tnn_error *err) {
    double levels = 1 + 255 * width(c->narrow_range) / width(c->wide_range);
    return tnn_graph_model_warn(graph->model, err,
                                "concatenation \"%s\": \"%s\" ranges from %.4g to %.4g and \"%s\" from %.4g to %.4g, which leaves "
                                "the latter about %.0f of 256 levels; %s",
                                c->node->outputs[0]->name, c->wide->name, c->wide_range.low, c->wide_range.high,
                                c->narrow->name, c->narrow_range.low, c->narrow_range.high, levels, then);
}

tnn_status tnn_concat_warn(const tnn_concat_clashes *clashes, const tnn_graph *graph, const char *then, tnn_error *err) {
    for (size_t i = 0; i < clashes->n; i++) TNN_TRY(warn(&clashes->list[i], graph, then, err));
    return TNN_OK;
}

/* ---- what to do ---- */

static const tnn_concat_clash *clash_of(const tnn_concat_clashes *clashes, const tnn_value *output) {
    for (size_t i = 0; i < clashes->n; i++)
        if (clashes->list[i].node->outputs[0] == output) return &clashes->list[i];
    return NULL;
}

static tnn_status add_parts(tnn_graph *graph, const tnn_concat_clash *clash, tnn_error *err) {
    for (size_t s = 0; s < tnn_node_n_operands(clash->node); s++)
        TNN_TRY(tnn_graph_output(graph, tnn_node_operand(clash->node, s), NULL, err));
    return warn(clash, graph, "its parts are outputs in its place", err);
}

tnn_status tnn_concat_split(const tnn_concat_clashes *clashes, tnn_graph *graph, tnn_error *err) {
    tnn_value **outputs = graph->outputs;
    const char **names = graph->output_names;
    size_t n = graph->n_outputs;
    graph->outputs = NULL;
    graph->output_names = NULL;
    graph->n_outputs = graph->cap_outputs = graph->cap_output_names = 0;
    tnn_strmap_init(&graph->signature_names, graph->model->arena);
    for (size_t i = 0; i < n; i++) {
        const tnn_concat_clash *clash = clash_of(clashes, outputs[i]);
        if (clash != NULL) TNN_TRY(add_parts(graph, clash, err));
        else TNN_TRY(tnn_graph_output(graph, outputs[i], names[i], err));
    }
    tnn_graph_drop_unused(graph);
    return TNN_OK;
}

static bool follows(const bool *marks, const tnn_node *node) {
    for (size_t s = 0; s < tnn_node_n_operands(node); s++) {
        const tnn_value *v = tnn_node_operand(node, s);
        if (v != NULL && v->producer != NULL && marks[v->producer->outputs[0]->id]) return true;
    }
    return false;
}

tnn_status tnn_concat_mark(bool **out, const tnn_concat_clashes *clashes, const tnn_graph *graph, tnn_error *err) {
    bool *marks = *out = TNN_NEW_ARRAY(graph->model->arena, graph->model->next_value_id, bool);
    if (marks == NULL) return tnn_fail_nomem(err);
    for (const tnn_node *node = graph->first; node != NULL; node = node->next)
        marks[node->outputs[0]->id] = clash_of(clashes, node->outputs[0]) != NULL || follows(marks, node);
    return TNN_OK;
}
