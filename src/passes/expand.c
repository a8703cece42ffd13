/* Composites become what their text says. */
#include "eval/interp.h"
#include "ops/list.h"
#include "ops/row.h"
#include "passes/expand_norm.h"
#include "passes/passes.h"
#include "passes/rewrite.h"

static tnn_status item_object(tnn_interp *interp, const tnn_arg *arg, uint32_t i, tnn_obj *out, tnn_error *err) {
    *out = tnn_obj_none();
    if (arg->kind == TNN_ARG_INTS) *out = tnn_obj_int(arg->as.sizes[i]);
    else if (arg->kind == TNN_ARG_FLOATS) *out = tnn_obj_float(arg->as.numbers[i]);
    else if (arg->kind == TNN_ARG_BOOLS) *out = tnn_obj_bool(arg->as.bools[i] != 0);
    else if (arg->as.tensors[i]) return tnn_interp_tensor(interp, arg->as.tensors[i], NULL, out, err);
    return TNN_OK;
}

static tnn_status list_object(tnn_interp *interp, tnn_arena *arena, const tnn_arg *arg, tnn_obj *out,
                              tnn_error *err) {
    tnn_obj *items = TNN_NEW_ARRAY(arena, arg->n, tnn_obj);
    if (!items) return tnn_fail_nomem(err);
    for (uint32_t i = 0; i < arg->n; i++) TNN_TRY(item_object(interp, arg, i, &items[i], err));
    return tnn_obj_list_new(interp, TNN_OBJ_LIST, items, arg->n, out, err);
}

/* An argument of a node as the evaluator knows it. */
static tnn_status object_of(tnn_interp *interp, const tnn_node *node, const tnn_arg *arg, tnn_obj *out,
                            tnn_error *err) {
    switch (arg->kind) {
    case TNN_ARG_NONE:
        *out = tnn_obj_none();
        return TNN_OK;
    case TNN_ARG_TENSOR:
        return tnn_interp_tensor(interp, arg->as.tensor, NULL, out, err);
    case TNN_ARG_TENSORS:
    case TNN_ARG_INTS:
    case TNN_ARG_FLOATS:
    case TNN_ARG_BOOLS:
        return list_object(interp, node->graph->model->arena, arg, out, err);
    case TNN_ARG_INT:
        *out = tnn_obj_int(arg->as.size);
        return TNN_OK;
    case TNN_ARG_FLOAT:
        *out = tnn_obj_float(arg->as.number);
        return TNN_OK;
    case TNN_ARG_BOOL:
        *out = tnn_obj_bool(arg->as.integer != 0);
        return TNN_OK;
    case TNN_ARG_STRING:
        *out = tnn_obj_string(arg->as.text);
        return TNN_OK;
    case TNN_ARG_DTYPE:
        *out = tnn_obj_dtype((tnn_dtype)arg->as.integer);
        return TNN_OK;
    case TNN_ARG_MEMORY_FORMAT:
        *out = tnn_obj_memory_format((tnn_memory_format)arg->as.integer);
        return TNN_OK;
    case TNN_ARG_GRAPH:
        break;
    }
    return tnn_fail(err, TNN_ERR_UNSUPPORTED, tnn_node_where(node), "%s takes a graph and has no expansion",
                    node->op->name);
}

/* Call the operator, or what `text` defines under its name, with the node's arguments: by position up to the first that
 * is keyword-only. */
static tnn_status call(tnn_interp *interp, const tnn_node *node, const char *text, tnn_obj *out, tnn_error *err) {
    const tnn_schema *schema = node->schema;
    tnn_arena *arena = node->graph->model->arena;
    tnn_obj *args = TNN_NEW_ARRAY(arena, schema->n_args, tnn_obj);
    const char **keywords = TNN_NEW_ARRAY(arena, schema->n_args, const char *);
    size_t n_keywords = 0;
    if (!args || !keywords) return tnn_fail_nomem(err);
    for (size_t i = 0; i < schema->n_args; i++) {
        TNN_TRY(object_of(interp, node, &node->args[i], &args[i], err));
        if (schema->args[i].keyword_only) keywords[n_keywords++] = schema->args[i].name;
    }
    tnn_interp_set_origin(interp, node->name, node->scope, node->source);
    if (text) return tnn_interp_run(interp, text, node->op->name, args, schema->n_args, out, err);
    return tnn_interp_call(interp, node->op->name, NULL, args, schema->n_args, keywords, n_keywords, out, err);
}

static tnn_status fail_result(const tnn_node *node, tnn_error *err) {
    return tnn_fail(err, TNN_ERR_INTERNAL, tnn_node_where(node), "the text of %s gives another type than its inference",
                    node->op->name);
}

/* The value that the text gives stands for the node's output. One that was there before keeps its name. */
static tnn_status put_result(tnn_node *node, tnn_value *value, uint32_t first_new_id, tnn_error *err) {
    const tnn_value *output = node->outputs[0];
    if (value->dtype != output->dtype || !tnn_shape_equal_hints(&value->shape, &output->shape)) {
        return fail_result(node, err);
    }
    if (value->id < first_new_id) return tnn_rewrite_node(node, value, err);
    return tnn_rewrite_renamed(node, value, err);
}

static tnn_status run_text(tnn_interp *interp, tnn_node *node, const char *text, tnn_error *err) {
    uint32_t first_new_id = node->graph->model->next_value_id;
    tnn_value *value;
    tnn_obj result;
    TNN_TRY(call(interp, node, text, &result, err));
    if (node->n_outputs != 1 || result.kind != TNN_OBJ_TENSOR) return fail_result(node, err);
    TNN_TRY(tnn_interp_read(interp, result.as.tensor, &value, err));
    return put_result(node, value, first_new_id, err);
}

/* `text` NULL: the operator's own. */
static tnn_status expand_by_text(tnn_node *node, const char *text, tnn_error *err) {
    tnn_interp_options options = tnn_interp_options_default();
    tnn_interp *interp;
    options.expand_composites = true;
    TNN_TRY(tnn_interp_new(&interp, node->graph, node, &options, err));
    tnn_status status = run_text(interp, node, text, err);
    tnn_interp_free(interp);
    return status;
}

static tnn_status expand_batch_norm(tnn_node *node, tnn_error *err) {
    bool done;
    TNN_TRY(tnn_expand_fixed_batch_norm(node, &done, err));
    return done ? TNN_OK : expand_by_text(node, tnn_batch_norm_text, err);
}

tnn_status tnn_pass_expand(tnn_graph *graph, bool (*keeps)(const tnn_op *op), tnn_error *err) {
    for (tnn_node *node = graph->first, *next; node; node = next) {
        next = node->next;
        if (keeps && keeps(node->op)) continue;
        if (node->op->list == TNN_OPLIST_COMPOSITE) TNN_TRY(expand_by_text(node, NULL, err));
        else if (tnn_node_is(node, TNN_OP_batch_norm)) TNN_TRY(expand_batch_norm(node, err));
    }
    return TNN_OK;
}
