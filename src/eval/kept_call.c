/* Spellings that stay nodes, for a program that is written out again: a person wrote `lstm` or `std`, not what it is
 * made of. The text runs on a draft of the operands, a graph that nobody keeps, to say the types of the results. */
#include <string.h>

#include "eval/bind.h"
#include "eval/dispatch.h"
#include "eval/handle.h"

/* Operators of our own, tinynn.quant_stub, mark a place in a network and give back their operand. */
static bool is_marker(const tnn_target *target) { return strncmp(target->name, "tinynn.", 7) == 0; }

/* Texts of internal names, and views, whose results are other looks at what is there, are evaluated away. */
static bool may_stay(const tnn_target *target) {
    if (target->name[0] == '_') return false;
    for (size_t k = 0; k < target->schema->n_args; k++)
        if (target->schema->args[k].alias || target->schema->args[k].written) return false;
    return true;
}

/* Numbers that a program computes in tensors, as tracing writes sizes, are short chains of nodes on constants: longer
 * ones are not followed. */
#define MAX_CHAIN 64

static bool has_operand(const tnn_arg *args, size_t n, int *budget);

/* Does it hang on an input, a parameter or a buffer? */
static bool is_operand(const tnn_value *value, int *budget) {
    if (!value) return false;
    if (value->constant) return value->is_parameter || value->is_buffer;
    if (!value->producer || --*budget < 0) return true;
    return has_operand(value->producer->args, value->producer->schema->n_args, budget);
}

static bool has_operand(const tnn_arg *args, size_t n, int *budget) {
    for (size_t k = 0; k < n; k++) {
        if (args[k].kind == TNN_ARG_TENSOR && is_operand(args[k].as.tensor, budget)) return true;
        for (uint32_t i = 0; args[k].kind == TNN_ARG_TENSORS && i < args[k].n; i++)
            if (is_operand(args[k].as.tensors[i], budget)) return true;
    }
    return false;
}

/* ---- on the draft ---- */

/* `value` as the draft knows it: the same type, and the same elements where they are constant. */
static tnn_status draft_value(tnn_graph *draft, tnn_value **value, tnn_error *err) {
    const tnn_value *old = *value;
    if (!old) return TNN_OK;
    if (old->constant) return tnn_graph_constant(value, draft, old->name, old->constant, err);
    return tnn_graph_value(value, draft, old->name, old->dtype, &old->shape, err);
}

static tnn_status draft_arg(tnn_graph *draft, tnn_arg *arg, tnn_error *err) {
    if (arg->kind == TNN_ARG_TENSOR) return draft_value(draft, &arg->as.tensor, err);
    if (arg->kind != TNN_ARG_TENSORS) return TNN_OK;
    tnn_value **values = TNN_NEW_ARRAY(draft->model->arena, arg->n + 1, tnn_value *);
    if (!values) return tnn_fail_nomem(err);
    if (arg->n > 0) memcpy(values, arg->as.tensors, arg->n * sizeof *values);
    for (uint32_t i = 0; i < arg->n; i++) TNN_TRY(draft_value(draft, &values[i], err));
    arg->as.tensors = values;
    return TNN_OK;
}

static tnn_status run_draft(tnn_interp *interp, tnn_target *target, const tnn_arg *args, tnn_obj *out,
                            tnn_error *err) {
    size_t n = target->schema->n_args;
    tnn_obj *bound = TNN_NEW_ARRAY(interp->arena, n + 1, tnn_obj);
    if (!bound) return tnn_fail_nomem(err);
    for (size_t k = 0; k < n; k++) {
        tnn_arg arg = args[k];
        TNN_TRY(draft_arg(interp->graph, &arg, err));
        TNN_TRY(tnn_obj_of_arg(interp, &arg, &bound[k], err));
    }
    return tnn_target_run_text(interp, target, bound, out, err);
}

static tnn_status results_on_draft(tnn_interp *interp, tnn_target *target, const tnn_arg *args, tnn_obj *out,
                                   tnn_error *err) {
    tnn_graph *graph = interp->graph, *draft;
    tnn_node *before = interp->before;
    TNN_TRY(tnn_graph_draft(&draft, graph->model, target->name, err));
    interp->graph = draft;
    interp->before = NULL;
    tnn_status status = run_draft(interp, target, args, out, err);
    interp->graph = graph;
    interp->before = before;
    return status;
}

/* ---- the node ---- */

static bool is_sequence(const tnn_obj *obj) { return obj->kind == TNN_OBJ_LIST || obj->kind == TNN_OBJ_TUPLE; }

/* New tensors that depend on the operands; what shows an operand itself is a view. */
static bool is_new(const tnn_obj *obj) { return obj->kind == TNN_OBJ_TENSOR && obj->as.tensor->storage->value->producer; }

static bool all_new(const tnn_obj *results) {
    if (!is_sequence(results)) return is_new(results);
    for (size_t k = 0; k < results->as.list->n; k++)
        if (!is_new(&results->as.list->items[k])) return false;
    return true;
}

static tnn_status add_output(tnn_interp *interp, tnn_node *node, tnn_obj *result, tnn_error *err) {
    const tnn_handle *drafted = result->as.tensor;
    tnn_value *value;
    TNN_TRY(tnn_node_output(&value, node, interp->origin.name, tnn_handle_dtype(drafted), &drafted->shape, err));
    return tnn_handle_new(interp, value, drafted->strides, result, err);
}

/* `results`, which are the draft's, become the node's. */
static tnn_status append_node(tnn_interp *interp, tnn_target *target, const tnn_arg *args, tnn_obj *results,
                              tnn_error *err) {
    tnn_node *node;
    tnn_op *op = TNN_NEW(interp->arena, tnn_op);
    if (!op) return tnn_fail_nomem(err);
    *op = (tnn_op){.name = target->name, .signature = target->signature, .list = TNN_OPLIST_SPELLING};
    TNN_TRY(tnn_graph_node(&node, interp->graph, interp->before, op, args, target->schema->n_args, err));
    node->name = interp->origin.name;
    node->scope = interp->origin.scope;
    node->source = interp->origin.source;
    if (!is_sequence(results)) return add_output(interp, node, results, err);
    for (size_t k = 0; k < results->as.list->n; k++)
        TNN_TRY(add_output(interp, node, &results->as.list->items[k], err));
    return TNN_OK;
}

tnn_status tnn_kept_call(tnn_interp *interp, tnn_target *target, const tnn_obj *bound, tnn_obj *out, bool *kept,
                         tnn_error *err) {
    tnn_arg *args;
    int budget = MAX_CHAIN;
    *kept = false;
    if (!interp->options.keep_spellings || interp->n_texts > 0 || !may_stay(target)) return TNN_OK;
    TNN_TRY(tnn_bind_args(interp, target->schema, bound, &args, err));
    if (!has_operand(args, target->schema->n_args, &budget)) return TNN_OK;
    TNN_TRY(results_on_draft(interp, target, args, out, err));
    *kept = is_marker(target) || all_new(out);
    return *kept ? append_node(interp, target, args, out, err) : TNN_OK;
}
