#include <string.h>

#include "eval/builtins.h"
#include "eval/dispatch.h"
#include "ops/list.h"

/* Longest name of an operator that is asked for its in-place form. */
#define MAX_NAME 128

static void add_target(tnn_target_set *set, tnn_target target) {
    if (set->n < TNN_MAX_TARGETS) set->items[set->n++] = target;
}

static void add_spelling(tnn_target_set *set, const tnn_spelling_row *row) {
    add_target(set, (tnn_target){.kind = TNN_TARGET_SPELLING,
                                 .name = row->name,
                                 .signature = row->signature,
                                 .text = row->text});
}

static void add_native(tnn_target_set *set, const tnn_native_row *row) {
    add_target(set, (tnn_target){.kind = TNN_TARGET_NATIVE,
                                 .name = row->name,
                                 .signature = row->signature,
                                 .native = row->run});
}

/* How well a row's name answers a call: 2 exactly, 1 by name alone, 0 not. */
static int match(const char *row, const char *name, const char *overload) {
    size_t n = strlen(name);
    if (row[0] != name[0] || strncmp(row, name, n) != 0 || (row[n] != '\0' && row[n] != '.')) return 0;
    if (row[n] == '\0') return strcmp(overload, "default") == 0 ? 2 : 1;
    if (*overload == '\0') return 1;
    return strcmp(row + n + 1, overload) == 0 ? 2 : 0;
}

static const tnn_native_row *find_native(const char *name, const char *overload) {
    const tnn_native_row *found = NULL;
    for (size_t k = 0; k < tnn_n_native_rows; k++) {
        int quality = match(tnn_native_rows[k].name, name, overload);
        if (quality == 2) return &tnn_native_rows[k];
        if (quality == 1) found = &tnn_native_rows[k];
    }
    return found;
}

/* Rows that name the overload come before those that stand for all. */
static void find_custom(tnn_target_set *set, const tnn_target_scope *scope, const char *name, const char *overload) {
    int best = 0;
    for (size_t k = 0; scope->customs && k < scope->customs->n; k++) {
        tnn_custom_row *row = scope->customs->rows[k];
        int quality = match(row->spelling, name, overload ? overload : "");
        if (quality == 0 || quality < best || (row->is_aten && scope->in_text)) continue;
        if (quality > best) set->n = 0;
        best = quality;
        add_target(set, (tnn_target){.kind = TNN_TARGET_CUSTOM,
                                     .name = row->op.name,
                                     .signature = row->op.signature,
                                     .op = &row->op,
                                     .custom = row});
    }
}

static void find_open(tnn_target_set *set, const char *name) {
    const tnn_spelling_row *row;
    for (size_t k = 0; (row = tnn_spelling_at(k)) != NULL; k++)
        if (match(row->name, name, "")) add_spelling(set, row);
    for (size_t k = 0; k < tnn_n_native_rows; k++)
        if (match(tnn_native_rows[k].name, name, "")) add_native(set, &tnn_native_rows[k]);
}

static void find_exact(tnn_target_set *set, const char *name, const char *overload) {
    const tnn_spelling_row *spelling = tnn_spelling_find(name, overload);
    const tnn_native_row *native = spelling ? NULL : find_native(name, overload);
    if (spelling) add_spelling(set, spelling);
    if (native) add_native(set, native);
}

static void find_op(tnn_target_set *set, const char *name) {
    const tnn_op_row *row = tnn_op_find(name);
    const tnn_composite_row *composite = row ? NULL : tnn_composite_find(name);
    if (row)
        add_target(set, (tnn_target){.kind = TNN_TARGET_PRIMITIVE,
                                     .name = row->op.name,
                                     .signature = row->op.signature,
                                     .op = &row->op});
    if (composite)
        add_target(set, (tnn_target){.kind = TNN_TARGET_COMPOSITE,
                                     .name = composite->op.name,
                                     .signature = composite->op.signature,
                                     .text = composite->text,
                                     .op = &composite->op});
}

static void find_plain(tnn_target_set *set, const tnn_target_scope *scope, const char *name, const char *overload) {
    if (overload && strcmp(overload, "primitive") == 0) {
        find_op(set, name);
        return;
    }
    find_custom(set, scope, name, overload);
    if (set->n > 0) return;
    if (overload && *overload) find_exact(set, name, overload);
    else find_open(set, name);
    if (set->n == 0 || !overload || !*overload) find_op(set, name);
}

/* "Tensor(a)" of the first argument: a view. */
static bool is_view(const tnn_target *target) { return strstr(target->signature, "(Tensor(a)") != NULL; }

/* `name` without `tail` at its end; false when it has none. */
static bool strip(const char *name, const char *tail, char *out) {
    size_t n = strlen(name), n_tail = strlen(tail);
    if (n <= n_tail || n > MAX_NAME || strcmp(name + n - n_tail, tail) != 0) return false;
    memcpy(out, name, n - n_tail);
    out[n - n_tail] = '\0';
    return true;
}

/* The views that PyTorch has an in-place form of. */
static bool moves_in_place(const char *name) {
    static const char *const names[] = {"squeeze", "unsqueeze", "t", "transpose", "swapaxes", "swapdims", "as_strided"};
    for (size_t k = 0; k < sizeof names / sizeof *names; k++)
        if (strcmp(name, names[k]) == 0) return true;
    return false;
}

static void find_in_place(tnn_target_set *set, const tnn_target_scope *scope, const char *name,
                          const char *overload) {
    char base[MAX_NAME];
    if (!strip(name, "_", base) || base[strlen(base) - 1] == '_') return;
    find_plain(set, scope, base, overload);
    if (set->n == 0) find_plain(set, scope, base, ""); /* transpose_ is the in-place form of transpose.int */
    if (set->n > 0) set->form = is_view(&set->items[0]) ? TNN_FORM_MOVES : TNN_FORM_WRITES;
    if (set->form == TNN_FORM_MOVES && !moves_in_place(base)) set->n = 0;
}

static void keep_views(tnn_target_set *set) {
    size_t n = 0;
    for (size_t k = 0; k < set->n; k++)
        if (is_view(&set->items[k])) set->items[n++] = set->items[k];
    set->n = n;
}

static void find_copy(tnn_target_set *set, const tnn_target_scope *scope, const char *name, const char *overload) {
    char base[MAX_NAME];
    if (!strip(name, "_copy", base)) return;
    find_plain(set, scope, base, overload);
    keep_views(set);
    if (set->n > 0) set->form = TNN_FORM_COPIES;
}

/* Overloads of which PyTorch says that their keyword arguments are written. */
static bool is_out_overload(const char *overload) {
    static const char *const names[] = {"out", "out_mode", "dim_max", "dim_min", "values", "dim_values"};
    size_t n = strlen(overload);
    for (size_t k = 0; k < sizeof names / sizeof *names; k++)
        if (strcmp(overload, names[k]) == 0) return true;
    return n > 4 && strcmp(overload + n - 4, "_out") == 0;
}

void tnn_targets_find(tnn_target_set *out, const tnn_target_scope *scope, const char *name, const char *overload) {
    memset(out, 0, sizeof(*out));
    out->builtin = tnn_builtin_find(name);
    if (out->builtin) return;
    if (overload && is_out_overload(overload)) overload = "";
    find_plain(out, scope, name, overload);
    if (out->n == 0) find_in_place(out, scope, name, overload);
    if (out->n == 0) find_copy(out, scope, name, overload);
}
