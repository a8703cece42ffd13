/* Symbolic sizes of a .pt2 program: named sizes with their numbers, and expressions over them.
 *
 * A SymInt in the JSON is {"as_int": n} or {"as_expr": {"expr_str": text, "hint": {"as_int": n}}}; the text is what
 * sympy's srepr prints, Add(Symbol('s0', positive=True, integer=True), Integer(-1)), or in older files its str, s0 - 1. */
#ifndef TNN_READ_PT2_SYM_H
#define TNN_READ_PT2_SYM_H

#include "base/strmap.h"
#include "ir/size.h"
#include "read/jsontree.h"

typedef struct tnn_symbols {
    tnn_arena *arena;  /* of the sizes: the model's */
    tnn_strmap hints;  /* symbol to its number, int64_t */
    tnn_strmap parsed; /* text to its size, so that each text is parsed once */
    const char *missing; /* the symbol without a number that the last failing parse met, or NULL */
} tnn_symbols;

/* Sizes go to `arena`, the tables to `scratch`. */
void tnn_symbols_init(tnn_symbols *symbols, tnn_arena *arena, tnn_arena *scratch);

/* Numbers are given to all symbols before the first size is asked for. */
tnn_status tnn_symbols_set(tnn_symbols *symbols, const char *name, int64_t hint, tnn_error *err);
/* The symbol's number; NULL: it has none. */
const int64_t *tnn_symbols_hint(const tnn_symbols *symbols, const char *name);

/* Give the one symbol in `text` that has no number the number that makes the text `value`. Does nothing when all
 * have numbers. Errors: TNN_ERR_UNSUPPORTED (the text is not linear in the symbol), TNN_ERR_INVALID (no whole number
 * does). */
tnn_status tnn_symbols_solve(tnn_symbols *symbols, const char *text, int64_t value, tnn_error *err);

/* Errors: TNN_ERR_MALFORMED, TNN_ERR_UNSUPPORTED (a function that sizes do not have; a symbol without a number:
 * it depends on data), TNN_ERR_LIMIT, TNN_ERR_NOMEM. */
tnn_status tnn_symbols_parse(tnn_symbols *symbols, const char *text, tnn_size *out, tnn_error *err);
tnn_status tnn_symbols_size(tnn_symbols *symbols, const tnn_json *sym_int, tnn_size *out, tnn_error *err);

/* The parts of a SymInt: its text (NULL: a plain number) and its number in the file (false: it has none). */
tnn_status tnn_sym_int_read(const tnn_json *sym_int, const char **text, bool *has_hint, int64_t *hint,
                            tnn_error *err);

/* When `text` is one symbol alone: its name with `*length`, borrowed from the text. Otherwise NULL. */
const char *tnn_srepr_symbol(const char *text, size_t *length);

#endif
