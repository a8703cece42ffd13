/* Finding rows, appending nodes, operands by slot. */
#include "ops/row.h"

#include <stdio.h>
#include <string.h>

#include "ops/composites.h"
#include "ops/list.h"

const tnn_op_row *const tnn_op_rows[TNN_OP_COUNT] = {
#define X(name) [TNN_OP_##name] = &tnn_op_##name,
    TNN_PRIMITIVES(X)
#undef X
};

const tnn_composite_row *const tnn_composite_rows[TNN_COMPOSITE_COUNT] = {
#define X(name) [TNN_COMPOSITE_##name] = &tnn_composite_##name,
    TNN_COMPOSITES(X)
#undef X
};

static const tnn_spelling_table *const spelling_tables[] = {
#define X(name) &tnn_spellings_##name,
    TNN_SPELLING_FAMILIES(X)
#undef X
};

const tnn_op_row *tnn_op_find(const char *name) {
    for (size_t i = 0; i < TNN_OP_COUNT; i++) {
        if (strcmp(tnn_op_rows[i]->op.name, name) == 0) return tnn_op_rows[i];
    }
    return NULL;
}

const tnn_composite_row *tnn_composite_find(const char *name) {
    for (size_t i = 0; i < TNN_COMPOSITE_COUNT; i++) {
        if (strcmp(tnn_composite_rows[i]->op.name, name) == 0) return tnn_composite_rows[i];
    }
    return NULL;
}

const tnn_spelling_row *tnn_spelling_at(size_t index) {
    for (size_t t = 0; t < sizeof spelling_tables / sizeof *spelling_tables; t++) {
        if (index < spelling_tables[t]->n) return &spelling_tables[t]->rows[index];
        index -= spelling_tables[t]->n;
    }
    return NULL;
}

/* Most names differ in their first letter, and a model asks for thousands. */
static bool same_name(const char *a, const char *b) { return a[0] == b[0] && strcmp(a, b) == 0; }

static const tnn_spelling_row *find_spelling(const char *name) {
    for (size_t t = 0; t < sizeof spelling_tables / sizeof *spelling_tables; t++)
        for (size_t i = 0; i < spelling_tables[t]->n; i++)
            if (same_name(spelling_tables[t]->rows[i].name, name)) return &spelling_tables[t]->rows[i];
    return NULL;
}

const tnn_spelling_row *tnn_spelling_find(const char *name, const char *overload) {
    char whole[128];
    int length = snprintf(whole, sizeof whole, "%s.%s", name, overload ? overload : "");
    bool fits = length > 0 && (size_t)length < sizeof whole;
    const tnn_spelling_row *row = overload && fits ? find_spelling(whole) : NULL;
    return row ? row : find_spelling(name);
}

const tnn_op_row *tnn_op_row_of(const tnn_op *op) {
    return op->list == TNN_OPLIST_ATEN ? (const tnn_op_row *)(const void *)op : NULL;
}

tnn_status tnn_op_schema(const tnn_schema **out, tnn_model *model, const tnn_op *op, tnn_error *err) {
    return tnn_graph_model_schema(out, model, op, err);
}

static tnn_infer_fn *infer_of(const tnn_op *op) {
    const tnn_op_row *row = tnn_op_row_of(op);
    if (row) return row->infer;
    return op->list == TNN_OPLIST_COMPOSITE ? ((const tnn_composite_row *)(const void *)op)->infer : NULL;
}

/* The arguments with defaults filled in; their lists are borrowed. */
static tnn_status fill_args(tnn_arg *out, const tnn_op *op, const tnn_schema *schema, const tnn_arg *args,
                            size_t n_args, tnn_error *err) {
    if (n_args > schema->n_args) {
        return tnn_fail(err, TNN_ERR_INVALID, NULL, "%s: %zu arguments, expected at most %zu", op->name, n_args,
                        schema->n_args);
    }
    for (size_t i = 0; i < schema->n_args; i++) {
        const tnn_schema_arg *wanted = &schema->args[i];
        if (i >= n_args && !wanted->has_default) {
            return tnn_fail(err, TNN_ERR_INVALID, NULL, "%s: argument %s is missing", op->name, wanted->name);
        }
        out[i] = i < n_args ? args[i] : *wanted->default_value;
        if (tnn_arg_fits(&out[i], &wanted->type)) continue;
        return tnn_fail(err, TNN_ERR_INVALID, NULL, "%s: argument %s does not fit the signature %s", op->name,
                        wanted->name, op->signature);
    }
    return TNN_OK;
}

static tnn_status append(tnn_node **out, tnn_graph *graph, tnn_node *before, const tnn_call *call,
                         const char *name, tnn_error *err) {
    tnn_type types[TNN_MAX_OUTPUTS];
    tnn_infer_fn *infer = infer_of(call->op);
    uint32_t n = 0;
    if (!infer) return tnn_fail(err, TNN_ERR_INTERNAL, call->op->name, "no shape inference");
    TNN_TRY(infer(call, types, &n, err));
    TNN_TRY(tnn_graph_node(out, graph, before, call->op, call->args, call->schema->n_args, err));
    for (uint32_t i = 0; i < n; i++) {
        tnn_value *value;
        TNN_TRY(tnn_node_output(&value, *out, name, types[i].dtype, &types[i].shape, err));
    }
    return TNN_OK;
}

tnn_status tnn_op_append(tnn_node **out, tnn_graph *graph, tnn_node *before, const tnn_op *op,
                         const tnn_arg *args, size_t n_args, const char *name, tnn_error *err) {
    enum { MAX_ARGS = 32 };
    tnn_arg filled[MAX_ARGS];
    tnn_call call = {graph->model, op, NULL, filled, NULL};
    *out = NULL;
    TNN_TRY(tnn_op_schema(&call.schema, graph->model, op, err));
    if (call.schema->n_args > MAX_ARGS) {
        return tnn_fail(err, TNN_ERR_INTERNAL, op->name, "more than %d arguments", MAX_ARGS);
    }
    TNN_TRY(fill_args(filled, op, call.schema, args, n_args, err));
    return append(out, graph, before, &call, name, err);
}

static bool has_slots(const tnn_schema_type *type) {
    return type->base == TNN_TYPE_TENSOR || type->base == TNN_TYPE_OPERAND;
}

static size_t slots_of(const tnn_node *node, size_t arg) {
    const tnn_schema_type *type = &node->schema->args[arg].type;
    if (!has_slots(type)) return 0;
    return type->list ? node->args[arg].n : 1;
}

size_t tnn_node_n_operands(const tnn_node *node) {
    size_t n = 0;
    for (size_t i = 0; i < node->schema->n_args; i++) n += slots_of(node, i);
    return n;
}

/* The argument that holds `slot`, which becomes an index into its list. */
static size_t find_slot(const tnn_node *node, size_t *slot) {
    size_t arg = 0;
    while (*slot >= slots_of(node, arg)) *slot -= slots_of(node, arg++);
    return arg;
}

tnn_value *tnn_node_operand(const tnn_node *node, size_t slot) {
    const tnn_arg *arg = &node->args[find_slot(node, &slot)];
    if (arg->kind == TNN_ARG_TENSORS) return arg->as.tensors[slot];
    return arg->kind == TNN_ARG_TENSOR ? arg->as.tensor : NULL;
}

tnn_status tnn_node_set_operand(tnn_node *node, size_t slot, tnn_value *value, tnn_error *err) {
    size_t index = find_slot(node, &slot);
    tnn_arg arg = node->args[index];
    if (arg.kind != TNN_ARG_TENSORS) return tnn_node_set_arg(node, index, tnn_arg_of_tensor(value), err);
    tnn_arena *arena = node->graph->model->arena;
    arg.as.tensors = tnn_arena_copy(arena, arg.as.tensors, arg.n, sizeof *arg.as.tensors);
    if (!arg.as.tensors) return tnn_fail_nomem(err);
    arg.as.tensors[slot] = value;
    return tnn_node_set_arg(node, index, arg, err);
}
