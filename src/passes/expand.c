/* Composites become what their text says. */
#include "eval/bind.h"
#include "ops/custom_rows.h"
#include "ops/list.h"
#include "ops/row.h"
#include "passes/expand_norm.h"
#include "passes/passes.h"
#include "passes/rewrite.h"

/* A function of a text that takes a node's place; `text` NULL: the operator's own, by its name. */
typedef struct expansion {
    const char *text, *function;
} expansion;

/* Arguments by position up to the first that is keyword-only; texts take all by position. */
static tnn_status call(tnn_interp *interp, const tnn_node *node, const expansion *by, tnn_obj *out, tnn_error *err) {
    const tnn_schema *schema = node->schema;
    tnn_arena *arena = node->graph->model->arena;
    tnn_obj *args = TNN_NEW_ARRAY(arena, schema->n_args, tnn_obj);
    const char **keywords = TNN_NEW_ARRAY(arena, schema->n_args, const char *);
    size_t n_keywords = 0;
    if (!args || !keywords) return tnn_fail_nomem(err);
    for (size_t i = 0; i < schema->n_args; i++) {
        TNN_TRY(tnn_obj_of_arg(interp, &node->args[i], &args[i], err));
        if (schema->args[i].keyword_only) keywords[n_keywords++] = schema->args[i].name;
    }
    tnn_interp_set_origin(interp, node->name, node->scope, node->source);
    if (by->text) return tnn_interp_run(interp, by->text, by->function, args, schema->n_args, out, err);
    return tnn_interp_call(interp, node->op->name, NULL, args, schema->n_args, keywords, n_keywords, out, err);
}

static tnn_status fail_result(const tnn_node *node, tnn_error *err) {
    return tnn_fail(err, TNN_ERR_INTERNAL, tnn_node_where(node), "the text of %s gives another type than its inference",
                    node->op->name);
}

/* A value that the text gives stands for an output of the node. One that was there before keeps its name. */
static tnn_status put_result(tnn_node *node, uint32_t index, tnn_value *value, uint32_t first_new_id, tnn_error *err) {
    tnn_value *output = node->outputs[index];
    if (value->dtype != output->dtype || !tnn_shape_equal_hints(&value->shape, &output->shape)) {
        return fail_result(node, err);
    }
    TNN_TRY(tnn_value_replace(node->graph, output, value, err));
    if (value->id >= first_new_id) tnn_rewrite_swap_names(value, output);
    return TNN_OK;
}

static tnn_status put_results(tnn_interp *interp, tnn_node *node, const tnn_obj *result, uint32_t first_new_id,
                              tnn_error *err) {
    bool one = result->kind == TNN_OBJ_TENSOR;
    if (!one && result->kind != TNN_OBJ_TUPLE && result->kind != TNN_OBJ_LIST) return fail_result(node, err);
    if (node->n_outputs != (one ? 1 : result->as.list->n)) return fail_result(node, err);
    for (uint32_t i = 0; i < node->n_outputs; i++) {
        const tnn_obj *item = one ? result : &result->as.list->items[i];
        tnn_value *value;
        if (item->kind != TNN_OBJ_TENSOR) return fail_result(node, err);
        TNN_TRY(tnn_interp_read(interp, item->as.tensor, &value, err));
        TNN_TRY(put_result(node, i, value, first_new_id, err));
    }
    tnn_node_remove(node);
    return TNN_OK;
}

static tnn_status expand(tnn_node *node, const expansion *by, tnn_error *err) {
    tnn_interp_options options = tnn_interp_options_default();
    uint32_t first_new_id = node->graph->model->next_value_id;
    tnn_interp *interp;
    tnn_obj result;
    options.expand_composites = true;
    TNN_TRY(tnn_interp_new(&interp, node->graph, node, &options, err));
    tnn_status status = call(interp, node, by, &result, err);
    if (status == TNN_OK) status = put_results(interp, node, &result, first_new_id, err);
    tnn_interp_free(interp);
    return status;
}

static tnn_status expand_custom(tnn_node *node, tnn_error *err) {
    const tnn_custom_row *row = tnn_custom_row_of(node->op);
    expansion by = {row->text, row->function};
    if (row->text) return expand(node, &by, err);
    return tnn_fail(err, TNN_ERR_UNSUPPORTED, tnn_node_where(node),
                    "%s cannot be computed here: its definition has no text", row->op.name);
}

static tnn_status expand_batch_norm(tnn_node *node, tnn_error *err) {
    expansion by = {tnn_batch_norm_text, "batch_norm"};
    bool done;
    TNN_TRY(tnn_expand_fixed_batch_norm(node, &done, err));
    return done ? TNN_OK : expand(node, &by, err);
}

tnn_status tnn_pass_expand(tnn_graph *graph, bool (*keeps)(const tnn_op *op), tnn_error *err) {
    expansion own_text = {NULL, NULL};
    for (tnn_node *node = graph->first, *next; node; node = next) {
        next = node->next;
        if (keeps && keeps(node->op)) continue;
        if (node->op->list == TNN_OPLIST_COMPOSITE) TNN_TRY(expand(node, &own_text, err));
        else if (node->op->list == TNN_OPLIST_CUSTOM) TNN_TRY(expand_custom(node, err));
        else if (tnn_node_is(node, TNN_OP_batch_norm)) TNN_TRY(expand_batch_norm(node, err));
    }
    return TNN_OK;
}
