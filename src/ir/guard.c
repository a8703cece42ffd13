/* Comparisons of sizes. What the expressions leave open is decided by the hints, and written down. */
#include "ir/size_expr.h"
#include "ir/graph.h"

/* `a - b` is at least `bound` for every value of the symbols; not known when the difference leaves 64 bits. */
static tnn_status surely_at_least(bool *yes, tnn_model *model, tnn_size a, tnn_size b, int64_t bound,
                                  tnn_error *err) {
    tnn_size difference;
    int64_t low;
    *yes = false;
    tnn_status status = tnn_size_sub(&difference, model->arena, a, b, err);
    if (status != TNN_OK) return status == TNN_ERR_LIMIT ? TNN_OK : status;
    *yes = difference.expr ? tnn_expr_at_least(difference.expr, &low) && low >= bound : difference.hint >= bound;
    return TNN_OK;
}

static tnn_status keep_guard(tnn_model *model, const char *text, tnn_error *err) {
    if (tnn_strmap_find(&model->said, text)) return TNN_OK;
    if (tnn_strmap_set(&model->said, text, model) != TNN_OK) return tnn_fail_nomem(err);
    const char **guards = tnn_arena_grow(model->arena, model->guards, model->n_guards, &model->cap_guards,
                                         model->n_guards + 1, sizeof *guards);
    if (!guards) return tnn_fail_nomem(err);
    model->guards = guards;
    guards[model->n_guards++] = tnn_strmap_find(&model->said, text)->key;
    return TNN_OK;
}

static tnn_status record(tnn_model *model, tnn_size a, const char *relation, tnn_size b, tnn_error *err) {
    tnn_strbuf text = {0};
    tnn_size_print(&text, a);
    tnn_strbuf_add(&text, relation);
    tnn_size_print(&text, b);
    tnn_status status = text.failed ? tnn_fail_nomem(err) : keep_guard(model, text.data, err);
    tnn_strbuf_free(&text);
    return status;
}

tnn_status tnn_guard_equal(tnn_model *model, tnn_size a, tnn_size b, bool *equal, tnn_error *err) {
    bool larger, smaller;
    *equal = a.hint == b.hint;
    if ((!a.expr && !b.expr) || tnn_size_same(a, b)) return TNN_OK;
    TNN_TRY(surely_at_least(&larger, model, a, b, 1, err));
    TNN_TRY(surely_at_least(&smaller, model, b, a, 1, err));
    if (larger || smaller) {
        *equal = false;
        return TNN_OK;
    }
    bool swap = !a.expr || (b.expr && tnn_expr_compare(a.expr, b.expr) > 0);
    return record(model, swap ? b : a, *equal ? " == " : " != ", swap ? a : b, err);
}

tnn_status tnn_guard_less(tnn_model *model, tnn_size a, tnn_size b, bool *less, tnn_error *err) {
    bool surely, never;
    *less = a.hint < b.hint;
    if (!a.expr && !b.expr) return TNN_OK;
    TNN_TRY(surely_at_least(&surely, model, b, a, 1, err));
    TNN_TRY(surely_at_least(&never, model, a, b, 0, err));
    if (surely || never) {
        *less = surely;
        return TNN_OK;
    }
    if (!a.expr) return record(model, b, *less ? " > " : " <= ", a, err);
    return record(model, a, *less ? " < " : " >= ", b, err);
}
