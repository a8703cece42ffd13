#include "eval/builtins.h"

#include <math.h>
#include <string.h>

#include "eval/script.h"

/* Half goes to even, as in Python. */
static double round_even(double x) {
    double rest = x - floor(x);
    if (rest != 0.5) return floor(x + 0.5);
    return 2 * floor(x / 2 + 0.5);
}

const tnn_builtin_row tnn_builtin_rows[] = {
    {"builtins.len", 1, 1, .run = tnn_builtin_len},
    {"builtins.range", 1, 3, .run = tnn_builtin_range},
    {"builtins.int", 1, 1, .run = tnn_builtin_int},
    {"builtins.float", 1, 1, .run = tnn_builtin_float},
    {"builtins.bool", 1, 1, .run = tnn_builtin_bool},
    {"builtins.str", 1, 1, .run = tnn_builtin_str},
    {"builtins.list", 0, 1, .run = tnn_builtin_list},
    {"builtins.tuple", 0, 1, .run = tnn_builtin_tuple},
    {"builtins.dict", 0, 1, .run = tnn_builtin_dict},
    {"builtins.abs", 1, 1, .run = tnn_builtin_abs},
    {"builtins.min", 1, SIZE_MAX, .run = tnn_builtin_min},
    {"builtins.max", 1, SIZE_MAX, .run = tnn_builtin_max},
    {"builtins.sum", 1, 2, .run = tnn_builtin_sum, .keyword = "start"},
    {"builtins.round", 1, 1, .run = tnn_builtin_whole, .math = round_even},
    {"builtins.all", 1, 1, .run = tnn_builtin_all},
    {"builtins.any", 1, 1, .run = tnn_builtin_any},
    {"builtins.zip", 1, SIZE_MAX, .run = tnn_builtin_zip},
    {"builtins.enumerate", 1, 2, .run = tnn_builtin_enumerate, .keyword = "start"},
    {"builtins.reversed", 1, 1, .run = tnn_builtin_reversed},
    {"builtins.getattr", 2, 3, .run = tnn_builtin_getattr},
    {"builtins.setattr", 3, 3, .run = tnn_builtin_setattr, .takes_unknown = true},
    {"builtins.hasattr", 2, 2, .run = tnn_builtin_hasattr},
    {"builtins.print", 0, SIZE_MAX, .run = tnn_builtin_nothing, .takes_unknown = true},
    {"builtins.__new__", 1, 1, .run = tnn_builtin_new, .is_ours = true},
    {"builtins.absent", 1, 1, .run = tnn_builtin_absent, .is_ours = true},
    {"builtins.known", 1, 1, .run = tnn_builtin_known, .is_ours = true},
    {"builtins.places", 1, 1, .run = tnn_builtin_places, .is_ours = true},
    {"builtins.children", 1, 1, .run = tnn_builtin_children, .is_ours = true},
    {"builtins.unset", 3, 3, .run = tnn_builtin_unset, .is_ours = true},
    {"builtins.copied", 1, 1, .run = tnn_builtin_copied, .is_ours = true},
    {"builtins.kept", 2, 2, .run = tnn_builtin_kept, .is_ours = true},
    {"math.floor", 1, 1, .run = tnn_builtin_whole, .math = floor},
    {"math.ceil", 1, 1, .run = tnn_builtin_whole, .math = ceil},
    {"math.trunc", 1, 1, .run = tnn_builtin_whole, .math = trunc},
    {"math.sqrt", 1, 1, .run = tnn_builtin_math, .math = sqrt},
    {"math.exp", 1, 1, .run = tnn_builtin_math, .math = exp},
    {"math.log", 1, 1, .run = tnn_builtin_math, .math = log},
    {"math.log2", 1, 1, .run = tnn_builtin_math, .math = log2},
    {"math.log10", 1, 1, .run = tnn_builtin_math, .math = log10},
    {"math.pow", 2, 2, .run = tnn_builtin_pow},
    {"math.fabs", 1, 1, .run = tnn_builtin_math, .math = fabs},
    {"_operator.add", 2, 2, .run = tnn_builtin_binary, .op = TNN_AST_ADD},
    {"_operator.sub", 2, 2, .run = tnn_builtin_binary, .op = TNN_AST_SUB},
    {"_operator.mul", 2, 2, .run = tnn_builtin_binary, .op = TNN_AST_MUL},
    {"_operator.truediv", 2, 2, .run = tnn_builtin_binary, .op = TNN_AST_DIV},
    {"_operator.floordiv", 2, 2, .run = tnn_builtin_binary, .op = TNN_AST_FLOORDIV},
    {"_operator.mod", 2, 2, .run = tnn_builtin_binary, .op = TNN_AST_MOD},
    {"_operator.pow", 2, 2, .run = tnn_builtin_binary, .op = TNN_AST_POW},
    {"_operator.neg", 1, 1, .run = tnn_builtin_unary, .op = TNN_AST_NEG},
    {"_operator.pos", 1, 1, .run = tnn_builtin_unary, .op = TNN_AST_POS},
    {"_operator.not_", 1, 1, .run = tnn_builtin_unary, .op = TNN_AST_NOT},
    {"_operator.and_", 2, 2, .run = tnn_builtin_binary, .op = TNN_AST_BIT_AND},
    {"_operator.or_", 2, 2, .run = tnn_builtin_binary, .op = TNN_AST_BIT_OR},
    {"_operator.eq", 2, 2, .run = tnn_builtin_compare, .op = TNN_AST_EQ},
    {"_operator.ne", 2, 2, .run = tnn_builtin_compare, .op = TNN_AST_NE},
    {"_operator.lt", 2, 2, .run = tnn_builtin_compare, .op = TNN_AST_LT},
    {"_operator.le", 2, 2, .run = tnn_builtin_compare, .op = TNN_AST_LE},
    {"_operator.gt", 2, 2, .run = tnn_builtin_compare, .op = TNN_AST_GT},
    {"_operator.ge", 2, 2, .run = tnn_builtin_compare, .op = TNN_AST_GE},
    {"_operator.getitem", 2, 2, .run = tnn_builtin_getitem},
    {"sym_max", 2, 2, .run = tnn_builtin_max},
    {"sym_min", 2, 2, .run = tnn_builtin_min},
    {"sym_int", 1, 1, .run = tnn_builtin_int},
    {"sym_float", 1, 1, .run = tnn_builtin_float},
    {"sym_not", 1, 1, .run = tnn_builtin_unary, .op = TNN_AST_NOT},
};

const size_t tnn_n_builtin_rows = sizeof(tnn_builtin_rows) / sizeof(tnn_builtin_rows[0]);

const tnn_builtin_row *tnn_builtin_find(const char *name) {
    for (size_t k = 0; k < tnn_n_builtin_rows; k++)
        if (strcmp(tnn_builtin_rows[k].name, name) == 0) return &tnn_builtin_rows[k];
    for (size_t k = 0; k < tnn_n_prim_rows; k++)
        if (strcmp(tnn_prim_rows[k].name, name) == 0) return &tnn_prim_rows[k];
    return NULL;
}

tnn_status tnn_builtin_call(tnn_interp *interp, const tnn_builtin_row *row, const tnn_obj *args, size_t n_args,
                            const char *const *keywords, size_t n_keywords, tnn_obj *out, tnn_error *err) {
    bool last = n_keywords == 1 && n_args == row->max_args && row->keyword && strcmp(row->keyword, keywords[0]) == 0;
    TNN_TRY(tnn_interp_step(interp, 1, err));
    if (n_keywords > 0 && !last)
        return tnn_fail(err, TNN_ERR_UNSUPPORTED, interp->origin.name, "%s takes no keyword arguments", row->name);
    if (n_args < row->min_args || n_args > row->max_args)
        return tnn_fail(err, TNN_ERR_INVALID, interp->origin.name, "%s: %zu arguments, expected %s%zu", row->name,
                        n_args, n_args < row->min_args ? "at least " : "at most ",
                        n_args < row->min_args ? row->min_args : row->max_args);
    for (size_t k = 0; k < n_args && !row->takes_unknown; k++) {
        *out = args[k];
        if (tnn_obj_is_unknown(&args[k])) return TNN_OK;
    }
    tnn_builtin_args in = {row, args, n_args};
    return row->run(interp, &in, out, err);
}
