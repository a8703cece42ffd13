#include "api/precision.h"

#include <string.h>

#include "base/nearest.h"
#include "quant/quant_rows.h"
#include "read/precision_file.h"

/* ---- one rule ---- */

static bool fits(const tnn_precision_rule *rule, const tnn_operator *op) {
    if (rule->name != NULL) return tnn_operator_is_called(op, rule->name);
    return (rule->like == NULL || tnn_operator_is_like(op, rule->like)) &&
           (rule->type == NULL || tnn_operator_has_type(op, rule->type)) &&
           (rule->scope == NULL || tnn_operator_is_in(op, rule->scope));
}

typedef struct choice {
    const tnn_operators *ops;
    tnn_arena *arena;
    bool *floats;
    tnn_error *err;
} choice;

/* ---- complaints ---- */

typedef struct name_list {
    const char **items;
    size_t n, cap;
} name_list;

static tnn_status add_name(const choice *c, name_list *list, const char *name) {
    if (name == NULL || *name == '\0') return TNN_OK;
    list->items = tnn_arena_grow(c->arena, list->items, list->n, &list->cap, list->n + 1, sizeof *list->items);
    if (list->items == NULL) return tnn_fail_nomem(c->err);
    list->items[list->n++] = name;
    return TNN_OK;
}

/* What the rule may have meant: names, types or scopes. */
static tnn_status add_names_of(const choice *c, const tnn_precision_rule *rule, name_list *list, const tnn_node *node) {
    bool by_name = rule->name != NULL || rule->like != NULL, by_type = rule->type != NULL && !by_name;
    bool by_scope = rule->name != NULL || (rule->scope != NULL && !by_name && !by_type);
    for (uint32_t k = 0; by_name && k < node->n_outputs; k++) TNN_TRY(add_name(c, list, node->outputs[k]->name));
    if (by_type) TNN_TRY(add_name(c, list, node->op->name));
    return by_scope ? add_name(c, list, node->scope) : TNN_OK;
}

static tnn_status list_names(const choice *c, const tnn_precision_rule *rule, name_list *list) {
    for (size_t i = 0; i < c->ops->n; i++) {
        const tnn_operator *op = &c->ops->items[i];
        TNN_TRY(add_names_of(c, rule, list, op->node));
        for (size_t k = 0; k < op->n_parts; k++) TNN_TRY(add_names_of(c, rule, list, op->parts[k]));
    }
    return TNN_OK;
}

static tnn_status fail_unknown(const choice *c, const tnn_precision_rule *rule) {
    const char *patterns[] = {rule->name, rule->like, rule->type, rule->scope}, *wanted = NULL;
    static const char *const kinds[] = {"is called", "is called", "has the type", "is in the scope"};
    const char *kind = NULL;
    name_list list = {0};
    for (size_t i = 0; wanted == NULL && i < sizeof patterns / sizeof *patterns; i++) {
        wanted = patterns[i];
        kind = kinds[i];
    }
    TNN_TRY(list_names(c, rule, &list));
    const char *near = tnn_nearest(wanted, list.items, list.n);
    bool exact = near != NULL && strcmp(near, wanted) == 0; /* another pattern of the rule fails */
    if (near == NULL || exact)
        return tnn_yaml_fail(rule->at, TNN_ERR_MALFORMED, c->err, "no operator %s \"%.80s\"%s", kind, wanted,
                             exact ? " and fits the rest of the rule" : "");
    return tnn_yaml_fail(rule->at, TNN_ERR_MALFORMED, c->err, "no operator %s \"%.80s\", did you mean \"%s\"?", kind, wanted,
                         near);
}

static tnn_status fail_no_kernel(const choice *c, const tnn_precision_rule *rule, const tnn_node *node) {
    const tnn_quant_row *row = tnn_quant_row_of(node);
    return tnn_yaml_fail(rule->at, TNN_ERR_MALFORMED, c->err, "\"%.80s\" cannot be int8: %s: %s", rule->name,
                         node->op->name, row != NULL && row->why != NULL ? row->why : "there is no integer kernel for it");
}

/* ---- all of them ---- */

static tnn_status apply(const choice *c, const tnn_precision_rule *rule) {
    const tnn_node *without_kernel = NULL;
    size_t n = 0, n_kernels = 0;
    for (size_t i = 0; i < c->ops->n; i++) {
        const tnn_node *node = c->ops->items[i].node;
        if (!fits(rule, &c->ops->items[i])) continue;
        bool has_kernel = tnn_quant_kind_of(node) != TNN_QUANT_FLOAT;
        if (!has_kernel) without_kernel = node;
        c->floats[node->outputs[0]->id] = rule->is_float;
        n_kernels += has_kernel;
        n++;
    }
    bool named = rule->name != NULL, is_default = !named && rule->like == NULL && rule->type == NULL && rule->scope == NULL;
    if (n == 0 && !is_default && !(named && tnn_operators_know(c->ops, rule->name))) return fail_unknown(c, rule);
    return named && !rule->is_float && n > 0 && n_kernels == 0 ? fail_no_kernel(c, rule, without_kernel) : TNN_OK;
}

tnn_status tnn_precision_choose(bool **floats, const tnn_precision *precision, const tnn_operators *ops,
                                tnn_arena *arena, tnn_error *err) {
    choice c = {.ops = ops, .arena = arena, .err = err};
    *floats = c.floats = TNN_NEW_ARRAY(arena, ops->n_values, bool);
    if (c.floats == NULL) return tnn_fail_nomem(err);
    for (size_t i = 0; i < precision->n_rules; i++) TNN_TRY(apply(&c, &precision->rules[i]));
    return TNN_OK;
}
