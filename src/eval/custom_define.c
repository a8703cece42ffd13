/* The part of tinynn/custom.h that needs no file. */
#include <string.h>

#include "eval/parse.h"
#include "ops/custom_rows.h"

tnn_status tnn_custom_ops_new(tnn_custom_ops **out, tnn_error *err) {
    tnn_arena *arena = tnn_arena_new();
    tnn_custom_ops *ops = *out = arena ? TNN_NEW(arena, tnn_custom_ops) : NULL;
    if (ops) {
        ops->arena = arena;
        return TNN_OK;
    }
    tnn_arena_free(arena);
    return tnn_fail_nomem(err);
}

void tnn_custom_ops_free(tnn_custom_ops *ops) {
    if (ops) tnn_arena_free(ops->arena);
}

static const tnn_function *find_function(const tnn_block *block, const char *name) {
    for (size_t i = 0; i < block->n; i++) {
        const tnn_stmt *stmt = block->items[i];
        if (stmt->kind == TNN_STMT_DEF && strcmp(stmt->as.function->name, name) == 0) return stmt->as.function;
    }
    return NULL;
}

/* The function is called with all arguments by position. */
static tnn_status check_function(const tnn_custom_row *row, const tnn_function *function, const tnn_schema *schema,
                                 tnn_error *err) {
    bool fits = function->n_params == schema->n_args;
    for (size_t i = 0; i < function->n_params; i++) fits = fits && function->params[i].kind == TNN_PARAM_PLAIN;
    if (fits) return TNN_OK;
    return tnn_fail(err, TNN_ERR_INVALID, row->op.name,
                    "`%.60s` of its text must take the %zu arguments of %.200s by position", row->function,
                    schema->n_args, row->op.signature);
}

static tnn_status check_text(const tnn_custom_row *row, const tnn_schema *schema, tnn_arena *arena, tnn_error *err) {
    enum { MAX_DEPTH = 200 };
    tnn_block block;
    tnn_error why = {.message = ""};
    tnn_status status = tnn_parse(&block, arena, row->text, strlen(row->text), MAX_DEPTH, NULL, &why);
    if (status == TNN_ERR_NOMEM) return tnn_fail_nomem(err);
    if (status != TNN_OK) return tnn_fail(err, status, row->op.name, "its text, %s", why.message);
    const tnn_function *function = find_function(&block, row->function);
    if (function) return check_function(row, function, schema, err);
    return tnn_fail(err, TNN_ERR_INVALID, row->op.name, "its text has no function `%.60s`", row->function);
}

tnn_status tnn_custom_ops_add(tnn_custom_ops *ops, const tnn_custom_op *op, tnn_error *err) {
    const tnn_schema *schema;
    tnn_custom_row *row;
    TNN_TRY(tnn_custom_row_new(&row, &schema, ops->arena, op, err));
    if (row->text) TNN_TRY(check_text(row, schema, ops->arena, err));
    return tnn_custom_push(ops, ops->arena, row, err);
}
