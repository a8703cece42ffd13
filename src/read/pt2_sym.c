#include "read/pt2_sym.h"

#include <string.h>

#include "read/srepr.h"

void tnn_symbols_init(tnn_symbols *symbols, tnn_arena *arena, tnn_arena *scratch) {
    memset(symbols, 0, sizeof *symbols);
    symbols->arena = arena;
    tnn_strmap_init(&symbols->hints, scratch);
    tnn_strmap_init(&symbols->parsed, scratch);
}

tnn_status tnn_symbols_set(tnn_symbols *symbols, const char *name, int64_t hint, tnn_error *err) {
    int64_t *kept = tnn_strmap_get(&symbols->hints, name);
    if (kept == NULL) {
        kept = TNN_NEW(symbols->arena, int64_t);
        if (kept == NULL || tnn_strmap_set(&symbols->hints, name, kept) != TNN_OK) return tnn_fail_nomem(err);
    }
    *kept = hint;
    return TNN_OK;
}

const int64_t *tnn_symbols_hint(const tnn_symbols *symbols, const char *name) {
    return tnn_strmap_get(&symbols->hints, name);
}

/* The number of `text` when `name` has the number `hint`. */
static tnn_status try_hint(tnn_symbols *symbols, const char *text, const char *name, int64_t hint, int64_t *out,
                           tnn_error *err) {
    tnn_size size;
    TNN_TRY(tnn_symbols_set(symbols, name, hint, err));
    TNN_TRY(tnn_srepr_parse(symbols, text, &size, err));
    *out = size.hint;
    return TNN_OK;
}

/* Two values give the line; the third shows that it is one. */
tnn_status tnn_symbols_solve(tnn_symbols *symbols, const char *text, int64_t value, tnn_error *err) {
    tnn_size size;
    symbols->missing = NULL;
    tnn_status status = tnn_srepr_parse(symbols, text, &size, err);
    if (status == TNN_OK || symbols->missing == NULL) return status;
    const char *name = symbols->missing;
    int64_t at1 = 0, at2 = 0, at = 0;
    TNN_TRY(try_hint(symbols, text, name, 1, &at1, err));
    TNN_TRY(try_hint(symbols, text, name, 2, &at2, err));
    bool small = at1 > -INT32_MAX && at1 < INT32_MAX && at2 > -INT32_MAX && at2 < INT32_MAX && value < INT32_MAX;
    int64_t slope = small ? at2 - at1 : 0;
    if (slope == 0) {
        return tnn_fail(err, TNN_ERR_UNSUPPORTED, NULL, "size %s cannot be found from %s = %lld", name, text,
                        (long long)value);
    }
    int64_t hint = 1 + (value - at1) / slope;
    TNN_TRY(try_hint(symbols, text, name, hint, &at, err));
    if (at == value && hint >= 1) return TNN_OK;
    return tnn_fail(err, TNN_ERR_INVALID, NULL, "no size %s makes %s = %lld", name, text, (long long)value);
}

tnn_status tnn_symbols_parse(tnn_symbols *symbols, const char *text, tnn_size *out, tnn_error *err) {
    const tnn_size *known = tnn_strmap_get(&symbols->parsed, text);
    if (known != NULL) {
        *out = *known;
        return TNN_OK;
    }
    TNN_TRY(tnn_srepr_parse(symbols, text, out, err));
    tnn_size *kept = TNN_NEW(symbols->arena, tnn_size);
    if (kept == NULL) return tnn_fail_nomem(err);
    *kept = *out;
    return tnn_strmap_set(&symbols->parsed, text, kept) == TNN_OK ? TNN_OK : tnn_fail_nomem(err);
}

tnn_status tnn_sym_int_read(const tnn_json *sym_int, const char **text, bool *has_hint, int64_t *hint,
                            tnn_error *err) {
    const char *kind = NULL;
    tnn_json value;
    *text = NULL;
    *has_hint = true;
    TNN_TRY(tnn_json_union(&kind, &value, sym_int, err));
    if (strcmp(kind, "as_int") == 0) return tnn_json_int(hint, &value, err);
    if (strcmp(kind, "as_expr") != 0) {
        return tnn_json_fail(sym_int, TNN_ERR_MALFORMED, err, "expected as_int or as_expr, found %.40s", kind);
    }
    TNN_TRY(tnn_json_member_text(text, &value, "expr_str", err));
    tnn_json file_hint = tnn_json_optional(&value, "hint");
    tnn_json number = tnn_json_optional(&file_hint, "as_int");
    *has_hint = number.value != NULL;
    return *has_hint ? tnn_json_int(hint, &number, err) : TNN_OK;
}

tnn_status tnn_symbols_size(tnn_symbols *symbols, const tnn_json *sym_int, tnn_size *out, tnn_error *err) {
    const char *text = NULL;
    bool has_hint = false;
    int64_t hint = 0;
    TNN_TRY(tnn_sym_int_read(sym_int, &text, &has_hint, &hint, err));
    if (text == NULL) {
        *out = tnn_size_const(hint);
        return TNN_OK;
    }
    return tnn_symbols_parse(symbols, text, out, err);
}
