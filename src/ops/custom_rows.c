#include "ops/custom_rows.h"

#include <string.h>

#include "ops/row.h"

/* "mylib::swish.out" taken apart. */
typedef struct op_name {
    const char *space, *name, *overload; /* overload "" when there is none */
    const char *signature;               /* from the name on, without overload */
} op_name;

static tnn_status fail_name(const char *schema, tnn_error *err) {
    return tnn_fail(err, TNN_ERR_INVALID, NULL,
                    "schema \"%.120s\": expected \"namespace::name(arguments) -> results\", as PyTorch prints it",
                    schema);
}

static tnn_status split_name(op_name *out, tnn_arena *arena, const char *schema, tnn_error *err) {
    const char *colons = strstr(schema, "::"), *open = strchr(schema, '(');
    if (!colons || !open || colons > open || colons == schema) return fail_name(schema, err);
    const char *name = colons + 2, *dot = memchr(name, '.', (size_t)(open - name)), *end = dot ? dot : open;
    if (end == name) return fail_name(schema, err);
    out->space = tnn_arena_strn(arena, schema, (size_t)(colons - schema));
    out->name = tnn_arena_strn(arena, name, (size_t)(end - name));
    out->overload = dot ? tnn_arena_strn(arena, dot + 1, (size_t)(open - dot - 1)) : "";
    if (!out->space || !out->name || !out->overload) return tnn_fail_nomem(err);
    out->signature = tnn_arena_printf(arena, "%s%s", out->name, open);
    return out->signature ? TNN_OK : tnn_fail_nomem(err);
}

static tnn_status parse_schema(const tnn_schema **out, tnn_arena *arena, const tnn_custom_row *row, tnn_error *err) {
    tnn_error why = {.message = ""};
    tnn_schema *schema;
    tnn_status status = tnn_schema_parse(&schema, arena, row->op.signature, &why);
    *out = schema;
    if (status != TNN_ERR_MALFORMED) return status == TNN_OK ? TNN_OK : tnn_fail_nomem(err);
    return tnn_fail(err, TNN_ERR_INVALID, row->op.name, "schema \"%.200s\": %.200s", row->op.signature, why.message);
}

static tnn_status set_names(tnn_custom_row *row, tnn_arena *arena, const char *schema, tnn_error *err) {
    op_name name = {0};
    TNN_TRY(split_name(&name, arena, schema, err));
    const char *dot = *name.overload ? "." : "";
    row->is_aten = strcmp(name.space, "aten") == 0;
    row->op.signature = name.signature;
    row->op.list = TNN_OPLIST_CUSTOM;
    row->op.name = tnn_arena_printf(arena, "%s::%s%s%s", name.space, name.name, dot, name.overload);
    row->spelling = tnn_arena_printf(arena, "%s%s%s%s%s", row->is_aten ? "" : name.space, row->is_aten ? "" : ".",
                                     name.name, dot, name.overload);
    row->function = name.name;
    return row->op.name && row->spelling ? TNN_OK : tnn_fail_nomem(err);
}

/* ---- what a node of the graph needs ---- */

static bool can_be_attribute(const tnn_schema_type *type) {
    if (type->base == TNN_TYPE_SCALAR) return !type->list;
    return type->base == TNN_TYPE_INT || type->base == TNN_TYPE_FLOAT || type->base == TNN_TYPE_BOOL ||
           type->base == TNN_TYPE_STRING;
}

/* Keys are names of arguments in a signature of ours (tflite/lower_custom.c). */
static bool is_key(const char *key) {
    size_t n = strspn(key, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.:");
    return n > 0 && key[n] == '\0';
}

static tnn_status add_attribute(tnn_custom_row *row, tnn_arena *arena, const char *argument, const char *key,
                                tnn_error *err) {
    tnn_custom_attribute attribute = {tnn_arena_str(arena, argument), tnn_arena_str(arena, key ? key : argument)};
    if (!attribute.argument || !attribute.key) return tnn_fail_nomem(err);
    if (!is_key(attribute.key))
        return tnn_fail(err, TNN_ERR_INVALID, row->op.name,
                        "key \"%.60s\": expected letters, digits, \"_\", \".\", \":\"", attribute.key);
    for (size_t i = 0; i < row->n_attributes; i++)
        if (strcmp(row->attributes[i].key, attribute.key) == 0)
            return tnn_fail(err, TNN_ERR_INVALID, row->op.name, "two attributes are called \"%.60s\"", attribute.key);
    row->attributes[row->n_attributes++] = attribute;
    return TNN_OK;
}

static tnn_status default_attributes(tnn_custom_row *row, tnn_arena *arena, const tnn_schema *schema, tnn_error *err) {
    row->attributes = TNN_NEW_ARRAY(arena, schema->n_args, tnn_custom_attribute);
    if (!row->attributes) return tnn_fail_nomem(err);
    for (size_t i = 0; i < schema->n_args; i++)
        if (can_be_attribute(&schema->args[i].type))
            TNN_TRY(add_attribute(row, arena, schema->args[i].name, NULL, err));
    return TNN_OK;
}

static tnn_status given_attributes(tnn_custom_row *row, tnn_arena *arena, const tnn_schema *schema,
                                   const tnn_custom_op *op, tnn_error *err) {
    row->attributes = TNN_NEW_ARRAY(arena, op->n_attributes, tnn_custom_attribute);
    if (!row->attributes) return tnn_fail_nomem(err);
    for (size_t i = 0; i < op->n_attributes; i++) {
        const char *argument = op->attributes[i].argument;
        int index = tnn_schema_find(schema, argument);
        if (index < 0)
            return tnn_fail(err, TNN_ERR_INVALID, row->op.name, "attribute \"%.60s\" is no argument of %.200s",
                            argument, row->op.signature);
        if (!can_be_attribute(&schema->args[index].type))
            return tnn_fail(err, TNN_ERR_INVALID, row->op.name,
                            "argument \"%.60s\" cannot be an attribute: those are int, float, bool, str, lists of "
                            "these, and Scalar", argument);
        TNN_TRY(add_attribute(row, arena, argument, op->attributes[i].key, err));
    }
    return TNN_OK;
}

static bool gives_tensors(const tnn_schema *schema) {
    for (size_t i = 0; i < schema->n_returns; i++)
        if (schema->returns[i].base != TNN_TYPE_TENSOR || schema->returns[i].list || schema->returns[i].optional)
            return false;
    return schema->n_returns > 0 && schema->n_returns <= TNN_MAX_OUTPUTS;
}

static bool takes_tensor(const tnn_schema *schema) {
    for (size_t i = 0; i < schema->n_args; i++)
        if (schema->args[i].type.base == TNN_TYPE_TENSOR && !schema->args[i].type.optional) return true;
    return false;
}

static tnn_status check_node(const tnn_custom_row *row, const tnn_schema *schema, tnn_error *err) {
    if (*row->custom_code == '\0') return tnn_fail(err, TNN_ERR_INVALID, row->op.name, "its custom code is empty");
    for (size_t i = 0; i < schema->n_args; i++)
        if (schema->args[i].written)
            return tnn_fail(err, TNN_ERR_INVALID, row->op.name,
                            "a CUSTOM operator cannot write to its argument \"%.60s\"", schema->args[i].name);
    if (!gives_tensors(schema))
        return tnn_fail(err, TNN_ERR_INVALID, row->op.name, "a CUSTOM operator gives one to %d tensors",
                        TNN_MAX_OUTPUTS);
    if (!row->text && !takes_tensor(schema))
        return tnn_fail(err, TNN_ERR_INVALID, row->op.name,
                        "it takes no tensor, so that a text must say the type of its result");
    return TNN_OK;
}

static tnn_status set_node(tnn_custom_row *row, tnn_arena *arena, const tnn_schema *schema, const tnn_custom_op *op,
                           tnn_error *err) {
    row->custom_code = tnn_arena_str(arena, op->custom_code);
    row->channels_last = op->channels_last;
    if (!row->custom_code) return tnn_fail_nomem(err);
    TNN_TRY(check_node(row, schema, err));
    if (op->attributes) return given_attributes(row, arena, schema, op, err);
    return default_attributes(row, arena, schema, err);
}

/* Without a node there is nothing to attach attributes or a layout to. */
static tnn_status check_text_only(const tnn_custom_row *row, const tnn_custom_op *op, tnn_error *err) {
    if (!row->text)
        return tnn_fail(err, TNN_ERR_INVALID, row->op.name, "it needs a text, a custom code, or both");
    if (op->attributes || op->channels_last)
        return tnn_fail(err, TNN_ERR_INVALID, row->op.name,
                        "attributes and a layout are for operators with a custom code");
    return TNN_OK;
}

tnn_status tnn_custom_row_new(tnn_custom_row **out, const tnn_schema **schema, tnn_arena *arena,
                              const tnn_custom_op *op, tnn_error *err) {
    tnn_custom_row *row = *out = TNN_NEW(arena, tnn_custom_row);
    if (!row) return tnn_fail_nomem(err);
    if (!op->schema) return tnn_fail(err, TNN_ERR_INVALID, NULL, "an operator needs a schema");
    TNN_TRY(set_names(row, arena, op->schema, err));
    TNN_TRY(parse_schema(schema, arena, row, err));
    row->text = tnn_arena_str(arena, op->text);
    if (op->text && !row->text) return tnn_fail_nomem(err);
    return op->custom_code ? set_node(row, arena, *schema, op, err) : check_text_only(row, op, err);
}

/* ---- sets ---- */

tnn_status tnn_custom_push(tnn_custom_ops *ops, tnn_arena *arena, tnn_custom_row *row, tnn_error *err) {
    for (size_t i = 0; i < ops->n; i++)
        if (strcmp(ops->rows[i]->op.name, row->op.name) == 0)
            return tnn_fail(err, TNN_ERR_INVALID, row->op.name, "it is defined twice");
    tnn_custom_row **rows = tnn_arena_grow(arena, ops->rows, ops->n, &ops->cap, ops->n + 1, sizeof(tnn_custom_row *));
    if (!rows) return tnn_fail_nomem(err);
    ops->rows = rows;
    row->op.id = (uint16_t)ops->n;
    rows[ops->n++] = row;
    return TNN_OK;
}

/* What made the row makes it again. */
static tnn_status add_copy(tnn_custom_ops *ops, tnn_arena *arena, const tnn_custom_row *row, tnn_error *err) {
    const char *open = strchr(row->op.signature, '(');
    const char *schema = tnn_arena_printf(arena, "%s%s", row->op.name, open);
    tnn_custom_op op = {schema, row->text, row->custom_code, row->attributes, row->n_attributes, row->channels_last};
    const tnn_schema *parsed;
    tnn_custom_row *copy;
    if (!schema) return tnn_fail_nomem(err);
    TNN_TRY(tnn_custom_row_new(&copy, &parsed, arena, &op, err));
    return tnn_custom_push(ops, arena, copy, err);
}

tnn_status tnn_custom_give(tnn_model *model, const tnn_custom_ops *ops, tnn_error *err) {
    if (!ops || ops->n == 0) return TNN_OK;
    model->customs = TNN_NEW(model->arena, tnn_custom_ops);
    if (!model->customs) return tnn_fail_nomem(err);
    for (size_t i = 0; i < ops->n; i++) TNN_TRY(add_copy(model->customs, model->arena, ops->rows[i], err));
    return TNN_OK;
}

tnn_status tnn_custom_warn_unused(tnn_model *model, tnn_error *err) {
    for (size_t i = 0; model->customs && i < model->customs->n; i++) {
        const tnn_custom_row *row = model->customs->rows[i];
        if (!row->used)
            TNN_TRY(tnn_graph_model_warn(model, err, "the definition of %s is not used: the model does not call it",
                                         row->op.name));
    }
    return TNN_OK;
}

const tnn_custom_row *tnn_custom_row_of(const tnn_op *op) {
    return op->list == TNN_OPLIST_CUSTOM ? (const tnn_custom_row *)(const void *)op : NULL;
}
