#include "api/operators.h"

#include <string.h>

#include "base/glob.h"
#include "ops/row.h"
#include "quant/quant_rows.h"

/* ---- which nodes became which ---- */

typedef struct work {
    tnn_arena *arena;
    tnn_strmap prepared; /* names of results to their values */
    tnn_strmap model;
} work;

static tnn_status note_results(tnn_strmap *names, const tnn_graph *graph, tnn_error *err) {
    for (const tnn_node *node = graph->first; node != NULL; node = node->next)
        for (uint32_t k = 0; k < node->n_outputs; k++)
            if (tnn_strmap_set(names, node->outputs[k]->name, node->outputs[k]) != TNN_OK) return tnn_fail_nomem(err);
    return TNN_OK;
}

/* The model's node that gives a result of this name; of "silu/mul" the one of "silu". */
static tnn_status find_origin(const work *w, const char *name, const tnn_node **out, bool *whole, tnn_error *err) {
    char *prefix = tnn_arena_str(w->arena, name);
    if (prefix == NULL) return tnn_fail_nomem(err);
    const tnn_value *value = tnn_strmap_get(&w->model, prefix);
    *whole = value != NULL;
    for (char *slash; value == NULL && (slash = strrchr(prefix, '/')) != NULL;) {
        *slash = '\0';
        value = tnn_strmap_get(&w->model, prefix);
    }
    *out = value != NULL ? value->producer : NULL;
    return TNN_OK;
}

static bool has_part(const tnn_operator *op, const tnn_node *part) {
    for (size_t i = 0; i < op->n_parts; i++)
        if (op->parts[i] == part) return true;
    return false;
}

static tnn_status add_part(const work *w, tnn_operator *op, size_t *cap, const tnn_node *part, tnn_error *err) {
    if (has_part(op, part)) return TNN_OK;
    op->parts = tnn_arena_grow(w->arena, op->parts, op->n_parts, cap, op->n_parts + 1, sizeof *op->parts);
    if (op->parts == NULL) return tnn_fail_nomem(err);
    op->parts[op->n_parts++] = part;
    return TNN_OK;
}

/* A node that is gone without its result, and did more than move numbers, is part of what reads it. */
static bool is_absorbed(const work *w, const tnn_node *node) {
    return tnn_strmap_find(&w->prepared, node->outputs[0]->name) == NULL && tnn_quant_kind_of(node) != TNN_QUANT_SAME;
}

/* From the last part back to the one that is of the node's own type. */
static tnn_status add_parts(const work *w, tnn_operator *op, const tnn_node *last, tnn_error *err) {
    size_t cap = 0;
    TNN_TRY(add_part(w, op, &cap, last, err));
    for (size_t i = 0; i < op->n_parts; i++) {
        const tnn_node *part = op->parts[i];
        if (strcmp(part->op->name, op->node->op->name) == 0 || part->op->list != TNN_OPLIST_ATEN) continue;
        for (size_t s = 0; s < tnn_node_n_operands(part); s++) {
            const tnn_value *v = tnn_node_operand(part, s);
            bool absorbed = v != NULL && v->producer != NULL && is_absorbed(w, v->producer);
            if (absorbed) TNN_TRY(add_part(w, op, &cap, v->producer, err));
        }
    }
    return TNN_OK;
}

static tnn_status find_parts(const work *w, tnn_operator *op, tnn_error *err) {
    const tnn_node *origin;
    size_t cap = 0;
    bool whole;
    TNN_TRY(find_origin(w, op->node->outputs[0]->name, &origin, &whole, err));
    if (origin == NULL) return TNN_OK;
    return whole ? add_parts(w, op, origin, err) : add_part(w, op, &cap, origin, err);
}

/* What a composite became has values without names before its result: they are parts of it too. */
static void inherit_parts(tnn_operator *op, tnn_operator *const *of_value) {
    const tnn_value *result = op->node->outputs[0];
    for (size_t i = 0; op->n_parts == 0 && i < result->n_users; i++) {
        const tnn_operator *reader = of_value[result->users[i]->outputs[0]->id];
        if (reader == NULL || reader->n_parts == 0 || reader->parts[0]->op->list != TNN_OPLIST_COMPOSITE) continue;
        op->parts = reader->parts;
        op->n_parts = reader->n_parts;
    }
}

static tnn_status inherit_all(tnn_operators *ops, tnn_arena *arena, tnn_error *err) {
    tnn_operator **of_value = TNN_NEW_ARRAY(arena, ops->n_values, tnn_operator *);
    if (of_value == NULL) return tnn_fail_nomem(err);
    for (size_t i = 0; i < ops->n; i++) of_value[ops->items[i].node->outputs[0]->id] = &ops->items[i];
    for (size_t i = ops->n; i-- > 0;) inherit_parts(&ops->items[i], of_value);
    return TNN_OK;
}

/* ---- the list ---- */

static bool is_real(const tnn_value *v) { return v != NULL && v->dtype == TNN_DTYPE_F32 && v->constant == NULL; }

static bool touches_reals(const tnn_node *node) {
    for (uint32_t k = 0; k < node->n_outputs; k++)
        if (is_real(node->outputs[k])) return true;
    for (size_t s = 0; s < tnn_node_n_operands(node); s++)
        if (is_real(tnn_node_operand(node, s))) return true;
    return false;
}

tnn_status tnn_operators_list(tnn_operators *out, const tnn_graph *model, const tnn_graph *prepared, tnn_arena *arena,
                              tnn_error *err) {
    work w = {.arena = arena};
    *out = (tnn_operators){.model = model, .n_values = prepared->model->next_value_id};
    tnn_strmap_init(&w.prepared, arena);
    tnn_strmap_init(&w.model, arena);
    TNN_TRY(note_results(&w.prepared, prepared, err));
    TNN_TRY(note_results(&w.model, model, err));
    out->items = TNN_NEW_ARRAY(arena, prepared->n_nodes, tnn_operator);
    if (out->items == NULL) return tnn_fail_nomem(err);
    for (const tnn_node *node = prepared->first; node != NULL; node = node->next) {
        if (!touches_reals(node)) continue;
        out->items[out->n] = (tnn_operator){.node = node};
        TNN_TRY(find_parts(&w, &out->items[out->n++], err));
    }
    return inherit_all(out, arena, err);
}

/* ---- names ---- */

typedef bool fits_fn(const char *wanted, const char *name);

static bool is_same(const char *wanted, const char *name) { return strcmp(wanted, name) == 0; }

static bool is_like(const char *wanted, const char *name) { return tnn_glob(wanted, name, strlen(name)); }

static bool node_fits(const tnn_node *node, fits_fn *fits, const char *wanted) {
    for (uint32_t k = 0; k < node->n_outputs; k++)
        if (fits(wanted, node->outputs[k]->name)) return true;
    return node->name != NULL && fits(wanted, node->name);
}

static bool name_fits(const tnn_operator *op, fits_fn *fits, const char *wanted) {
    for (size_t i = 0; i < op->n_parts; i++)
        if (node_fits(op->parts[i], fits, wanted)) return true;
    return node_fits(op->node, fits, wanted);
}

/* "features_0_1" is "features.0.1". */
static bool is_scope(const char *wanted, const char *scope) {
    for (; *wanted != '\0' && (*wanted == *scope || (*wanted == '_' && *scope == '.')); wanted++) scope++;
    return *wanted == '\0' && *scope == '\0';
}

static bool scope_is(const tnn_node *node, const char *name) { return node->scope != NULL && is_scope(name, node->scope); }

bool tnn_operator_is_called(const tnn_operator *op, const char *name) {
    if (name_fits(op, is_same, name) || scope_is(op->node, name)) return true;
    for (size_t i = 0; i < op->n_parts; i++)
        if (scope_is(op->parts[i], name)) return true;
    return false;
}

bool tnn_operator_is_like(const tnn_operator *op, const char *pattern) { return name_fits(op, is_like, pattern); }

bool tnn_operator_has_type(const tnn_operator *op, const char *pattern) {
    bool composite = op->n_parts > 0 && op->parts[0]->op->list == TNN_OPLIST_COMPOSITE;
    return is_like(pattern, op->node->op->name) || (composite && is_like(pattern, op->parts[0]->op->name));
}

/* The whole path, or one up to a dot. */
static bool is_inside(const tnn_node *node, const char *pattern) {
    const char *scope = node->scope;
    for (size_t i = 0; scope != NULL; i++) {
        if ((scope[i] == '.' || scope[i] == '\0') && tnn_glob(pattern, scope, i)) return true;
        if (scope[i] == '\0') return false;
    }
    return false;
}

bool tnn_operator_is_in(const tnn_operator *op, const char *pattern) {
    for (size_t i = 0; i < op->n_parts; i++)
        if (is_inside(op->parts[i], pattern)) return true;
    return is_inside(op->node, pattern);
}

bool tnn_operators_know(const tnn_operators *ops, const char *name) {
    for (const tnn_node *node = ops->model->first; node != NULL; node = node->next)
        if (node_fits(node, is_same, name) || scope_is(node, name)) return true;
    return false;
}
