/* What a program needs that has no meaning here: listed before anything is evaluated. */
#include <string.h>

#include "ops/refused.h"
#include "read/pt2_load.h"
#include "read/pt2_origin.h"

#define MAX_GRAPH_DEPTH 16 /* graphs inside of graphs */

/* The operator among the arguments. One that takes graphs stays unknown. */
static tnn_status target_with_effects(tnn_pt2_target *out, tnn_pt2_load *load, const tnn_json *node, tnn_error *err) {
    tnn_json inputs, arg;
    const char *text = NULL;
    TNN_TRY(tnn_json_member(&inputs, node, "inputs", err));
    tnn_json input = tnn_json_item(&inputs, 1);
    TNN_TRY(tnn_json_member(&arg, &input, "arg", err));
    TNN_TRY(tnn_json_member_text(&text, &arg, "as_operator", err));
    TNN_TRY(tnn_pt2_target_read(out, load->scratch, load->interp, text, err));
    if (out->kind == TNN_PT2_TARGET_INLINE) out->kind = TNN_PT2_TARGET_UNKNOWN;
    out->first_input = 2;
    out->first_output = 1;
    return TNN_OK;
}

tnn_status tnn_pt2_node_target(tnn_pt2_target *out, tnn_pt2_load *load, const tnn_json *node, tnn_error *err) {
    const char *text = NULL;
    TNN_TRY(tnn_json_member_text(&text, node, "target", err));
    if (strcmp(text, TNN_PT2_WITH_EFFECTS) == 0) return target_with_effects(out, load, node, err);
    return tnn_pt2_target_read(out, load->scratch, load->interp, text, err);
}

static tnn_status scan_graph(tnn_pt2_load *load, const tnn_pt2_scope *outer, const tnn_json *graph, tnn_error *err) {
    tnn_pt2_scope scope;
    TNN_TRY(tnn_pt2_scope_init(load, &scope, graph, err));
    scope.depth = outer->depth + 1;
    return tnn_pt2_scan(load, &scope, err);
}

/* Graphs among the arguments of a node. */
static tnn_status scan_arguments(tnn_pt2_load *load, const tnn_pt2_scope *scope, const tnn_json *node,
                                 tnn_error *err) {
    tnn_json inputs;
    size_t n = 0;
    TNN_TRY(tnn_json_member(&inputs, node, "inputs", err));
    TNN_TRY(tnn_json_count(&n, &inputs, err));
    for (size_t i = 0; i < n; i++) {
        tnn_json input = tnn_json_item(&inputs, i);
        tnn_json arg = tnn_json_optional(&input, "arg"), holder = tnn_json_optional(&arg, "as_graph");
        tnn_json graph = tnn_json_optional(&holder, "graph");
        if (graph.value != NULL) TNN_TRY(scan_graph(load, scope, &graph, err));
    }
    return TNN_OK;
}

/* Argument `index` of a node; a place whose value is NULL where there is none. */
static tnn_json argument(const tnn_json *inputs, size_t index, tnn_json *input) {
    *input = tnn_json_item(inputs, index);
    return tnn_json_optional(input, "arg");
}

/* Does a graph hold a tensor of one of two types? */
static bool has_type(const tnn_json *graph, tnn_dtype a, tnn_dtype b) {
    tnn_json values = tnn_json_optional(graph, "tensor_values");
    json_t *object = (json_t *)values.value;
    for (void *at = json_object_iter(object); at != NULL; at = json_object_iter_next(object, at)) {
        tnn_json value = tnn_json_optional(&values, json_object_iter_key(at)), code = tnn_json_optional(&value, "dtype");
        tnn_dtype dtype = TNN_DTYPE_NONE;
        if (code.value != NULL && tnn_pt2_dtype(&dtype, &code, NULL) == TNN_OK && (dtype == a || dtype == b)) return true;
    }
    return false;
}

/* autocast changes the types that operators compute in, which the graph does not show; for another device than the
 * example's, or switched off, it changes nothing. The types of the results that the file records tell. */
static bool casts_silently(const tnn_json *node, const tnn_pt2_target *target) {
    tnn_json inputs = tnn_json_optional(node, "inputs"), input[3];
    tnn_json type = argument(&inputs, 1, &input[0]), enabled = argument(&inputs, 2, &input[1]);
    tnn_json holder = argument(&inputs, target->graph_index, &input[2]);
    tnn_json on = tnn_json_optional(&enabled, "as_bool"), code = tnn_json_optional(&type, "as_scalar_type");
    tnn_json named = tnn_json_optional(&holder, "as_graph"), graph = tnn_json_optional(&named, "graph");
    tnn_dtype dtype = TNN_DTYPE_NONE;
    if (json_is_false(on.value)) return false;
    if (code.value == NULL || tnn_pt2_dtype(&dtype, &code, NULL) != TNN_OK) {
        return has_type(&graph, TNN_DTYPE_F16, TNN_DTYPE_BF16);
    }
    return has_type(&graph, dtype, dtype);
}

/* Of "svd" and "torchvision.nms", and of what is no operator ("higher_order.map"): why they cannot be. */
static const char *reason_unknown(const tnn_pt2_target *target) {
    const char *name = target->name, *reason = name == NULL ? NULL : tnn_refused_reason(name, strlen(name));
    if (reason != NULL) return reason;
    bool foreign = name != NULL && strchr(name, '.') != NULL && strncmp(name, "prims.", 6) != 0;
    return foreign ? tnn_undefined_operator : "tinynn has no such operator";
}

static tnn_status scan_node(tnn_pt2_load *load, const tnn_pt2_scope *scope, const tnn_json *node, tnn_error *err) {
    tnn_pt2_target target;
    const char *reason = NULL;
    TNN_TRY(tnn_pt2_node_target(&target, load, node, err));
    if (target.kind == TNN_PT2_TARGET_UNKNOWN) reason = reason_unknown(&target);
    if (target.casts && casts_silently(node, &target)) {
        reason = "autocast computes in a smaller type: export without it, or after run_decompositions()";
    }
    if (reason != NULL) {
        tnn_pt2_origin origin;
        TNN_TRY(tnn_pt2_origin_read(&origin, load->scratch, node, err));
        TNN_TRY(tnn_lack_set_add(&load->lacks, target.shown, reason, origin.scope, origin.source, err));
    }
    return scan_arguments(load, scope, node, err);
}

tnn_status tnn_pt2_scan(tnn_pt2_load *load, const tnn_pt2_scope *scope, tnn_error *err) {
    size_t n = 0;
    if (scope->depth > MAX_GRAPH_DEPTH) {
        return tnn_json_fail(&scope->graph, TNN_ERR_LIMIT, err, "graphs are nested deeper than %d", MAX_GRAPH_DEPTH);
    }
    TNN_TRY(tnn_json_count(&n, &scope->nodes, err));
    for (size_t i = 0; i < n; i++) {
        tnn_json node = tnn_json_item(&scope->nodes, i);
        TNN_TRY(scan_node(load, scope, &node, err));
    }
    return TNN_OK;
}
