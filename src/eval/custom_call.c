/* Calls of operators that the user defined (ops/custom_rows.h). */
#include <string.h>

#include "eval/dispatch.h"
#include "eval/frame.h"
#include "eval/handle.h"

/* An error in the user's text, which is neither ours nor the model's. Of texts inside of each other the innermost is
 * told. */
static tnn_status explain(const tnn_custom_row *row, tnn_status status, tnn_error *err) {
    static const char begin[] = "in the text of ";
    if (status == TNN_OK || status == TNN_ERR_NOMEM || !err) return status;
    if (strncmp(err->message, begin, sizeof begin - 1) == 0) return status;
    return tnn_fail(err, status, NULL, "%s%s: %s", begin, row->op.name, err->message);
}

static tnn_status run_function(tnn_interp *interp, const tnn_custom_row *row, const tnn_obj *args, size_t n_args,
                               tnn_obj *out, tnn_error *err) {
    const tnn_name *function;
    TNN_TRY(tnn_run_module(interp, row->text, row->function, &function, err));
    return tnn_run_function(interp, function, args, n_args, NULL, 0, out, err);
}

static tnn_status run_text(tnn_interp *interp, const tnn_custom_row *row, const tnn_obj *args, size_t n_args,
                           tnn_obj *out, tnn_error *err) {
    interp->n_texts++;
    tnn_status status = run_function(interp, row, args, n_args, out, err);
    interp->n_texts--;
    return explain(row, status, err);
}

/* ---- types of a node's results ---- */

/* `value` as the draft knows it: the same type, and the same elements where they are constant. */
static tnn_status draft_value(tnn_graph *draft, const tnn_value *value, tnn_value **out, tnn_error *err) {
    if (value->constant) return tnn_graph_constant(out, draft, value->name, value->constant, err);
    return tnn_graph_value(out, draft, value->name, value->dtype, &value->shape, err);
}

static tnn_status draft_arg(tnn_graph *draft, tnn_arg *arg, tnn_error *err) {
    if (arg->kind == TNN_ARG_TENSOR) return draft_value(draft, arg->as.tensor, &arg->as.tensor, err);
    if (arg->kind != TNN_ARG_TENSORS) return TNN_OK;
    tnn_value **values = TNN_NEW_ARRAY(draft->model->arena, arg->n, tnn_value *);
    if (!values) return tnn_fail_nomem(err);
    for (uint32_t i = 0; i < arg->n; i++)
        if (arg->as.tensors[i]) TNN_TRY(draft_value(draft, arg->as.tensors[i], &values[i], err));
    arg->as.tensors = values;
    return TNN_OK;
}

static tnn_status draft_args(tnn_interp *interp, const tnn_arg *args, size_t n_args, tnn_obj **out, tnn_error *err) {
    *out = TNN_NEW_ARRAY(interp->arena, n_args, tnn_obj);
    if (!*out) return tnn_fail_nomem(err);
    for (size_t i = 0; i < n_args; i++) {
        tnn_arg arg = args[i];
        TNN_TRY(draft_arg(interp->graph, &arg, err));
        TNN_TRY(tnn_obj_of_arg(interp, &arg, &(*out)[i], err));
    }
    return TNN_OK;
}

static tnn_status fail_result(const tnn_custom_row *row, const tnn_obj *result, tnn_error *err) {
    return tnn_fail(err, TNN_ERR_INVALID, NULL, "the text of %s gives a %s, which is not what its schema says: %s",
                    row->op.name, tnn_obj_kind_text(result), row->op.signature);
}

static tnn_status types_of(const tnn_custom_row *row, const tnn_obj *result, tnn_type *types, size_t n,
                           tnn_error *err) {
    bool list = result->kind == TNN_OBJ_TUPLE || result->kind == TNN_OBJ_LIST;
    if (list ? result->as.list->n != n : n != 1) return fail_result(row, result, err);
    for (size_t i = 0; i < n; i++) {
        const tnn_obj *item = list ? &result->as.list->items[i] : result;
        if (item->kind != TNN_OBJ_TENSOR) return fail_result(row, item, err);
        tnn_interp_type(item->as.tensor, &types[i].dtype, &types[i].shape);
    }
    return TNN_OK;
}

/* The text runs on a draft of the operands, so that nothing of it is left in the graph. */
static tnn_status infer_by_text(tnn_interp *interp, const tnn_target *target, const tnn_arg *args, tnn_type *types,
                                tnn_error *err) {
    tnn_interp_options options = tnn_interp_options_default();
    size_t n_args = target->schema->n_args;
    tnn_graph *draft;
    tnn_interp *inner;
    tnn_obj *objects, result;
    options.max_steps = interp->options.max_steps;
    options.max_depth = interp->options.max_depth;
    TNN_TRY(tnn_graph_draft(&draft, interp->graph->model, target->custom->function, err));
    TNN_TRY(tnn_interp_new(&inner, draft, NULL, &options, err));
    inner->depth = interp->depth; /* a text may call its own operator */
    tnn_status status = draft_args(inner, args, n_args, &objects, err);
    if (status == TNN_OK) status = run_text(inner, target->custom, objects, n_args, &result, err);
    tnn_interp_free(inner);
    return status == TNN_OK ? types_of(target->custom, &result, types, target->schema->n_returns, err) : status;
}

/* The first tensor among the arguments; a definition without text has one (ops/custom_rows.c). */
static const tnn_value *first_tensor(const tnn_arg *args, size_t n_args) {
    for (size_t i = 0; i < n_args; i++) {
        if (args[i].kind == TNN_ARG_TENSOR) return args[i].as.tensor;
        if (args[i].kind == TNN_ARG_TENSORS && args[i].n > 0 && args[i].as.tensors[0]) return args[i].as.tensors[0];
    }
    return NULL;
}

static tnn_status infer_as_first(const tnn_target *target, const tnn_arg *args, tnn_type *types, tnn_error *err) {
    const tnn_value *first = first_tensor(args, target->schema->n_args);
    if (!first) return tnn_fail(err, TNN_ERR_INVALID, NULL, "%s is called without a tensor", target->name);
    for (size_t i = 0; i < target->schema->n_returns; i++) types[i] = (tnn_type){first->dtype, first->shape};
    return TNN_OK;
}

/* ---- calls ---- */

static tnn_status append_node(tnn_interp *interp, const tnn_target *target, const tnn_obj *bound, tnn_obj *out,
                              tnn_error *err) {
    tnn_type types[TNN_MAX_OUTPUTS];
    tnn_arg *args;
    tnn_node *node;
    TNN_TRY(tnn_bind_args(interp, target->schema, bound, &args, err));
    if (target->custom->text) TNN_TRY(infer_by_text(interp, target, args, types, err));
    else TNN_TRY(infer_as_first(target, args, types, err));
    TNN_TRY(tnn_graph_node(&node, interp->graph, interp->before, target->op, args, target->schema->n_args, err));
    node->name = interp->origin.name;
    node->scope = interp->origin.scope;
    node->source = interp->origin.source;
    for (size_t i = 0; i < target->schema->n_returns; i++) {
        tnn_value *value;
        TNN_TRY(tnn_node_output(&value, node, interp->origin.name, types[i].dtype, &types[i].shape, err));
    }
    return tnn_bind_results(interp, node, NULL, out, err);
}

tnn_status tnn_custom_call(tnn_interp *interp, const tnn_target *target, const tnn_obj *bound, tnn_obj *out,
                           tnn_error *err) {
    tnn_custom_row *row = target->custom;
    row->used = true;
    if (row->custom_code && !interp->options.expand_composites) return append_node(interp, target, bound, out, err);
    if (row->text) return run_text(interp, row, bound, target->schema->n_args, out, err);
    return tnn_fail(err, TNN_ERR_UNSUPPORTED, interp->origin.name,
                    "%s cannot be computed here: its definition has no text", row->op.name);
}
