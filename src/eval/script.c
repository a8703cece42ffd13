/* What TorchScript writes as operators though no tensor takes part: torch.add(1, 2), torch.append(xs, x),
 * torch.format("{}", n). The same names may be operators on tensors: a row says which operands decide. */
#include "eval/script.h"

#include <math.h>
#include <string.h>

#include "eval/arith.h"
#include "eval/object.h"
#include "ir/dtype_code.h"

static const tnn_builtin_row range_row = {"range", 1, 3, .run = tnn_builtin_range};

typedef enum operands {
    FIRST_IS_PLAIN, /* the first operand is no tensor */
    BOTH_ARE_PLAIN, /* nor the second */
    ANY
} operands;

/* torch.pow gives a float for whole numbers too. */
static tnn_status run_pow(tnn_interp *interp, const tnn_builtin_args *in, tnn_obj *out, tnn_error *err) {
    double x, y;
    if (!tnn_arith_is_number(&in->items[0]) || !tnn_arith_is_number(&in->items[1]))
        return tnn_fail(err, TNN_ERR_INVALID, interp->origin.name, "pow: expected numbers");
    TNN_TRY(tnn_arith_number(interp, &in->items[0], &x, err));
    TNN_TRY(tnn_arith_number(interp, &in->items[1], &y, err));
    *out = tnn_obj_float(pow(x, y));
    return TNN_OK;
}

/* xs += ys */
static tnn_status run_extend(tnn_interp *interp, const tnn_builtin_args *in, tnn_obj *out, tnn_error *err) {
    tnn_obj ignored;
    *out = in->items[0];
    return tnn_method_run(interp, &in->items[0], "extend", &in->items[1], 1, &ignored, err);
}

static tnn_status run_contains(tnn_interp *interp, const tnn_builtin_args *in, tnn_obj *out, tnn_error *err) {
    if (in->items[0].kind == TNN_OBJ_INSTANCE)
        return tnn_instance_call(interp, in->items[0].as.instance, "__contains__", &in->items[1], 1, NULL, 0, out, err);
    return tnn_arith_compare(interp, TNN_AST_IN, &in->items[1], &in->items[0], out, err);
}

/* slice(list or text, start, end, step) */
static tnn_status run_slice(tnn_interp *interp, const tnn_builtin_args *in, tnn_obj *out, tnn_error *err) {
    tnn_obj none = tnn_obj_none();
    tnn_slice_bounds bounds = {in->n > 1 ? in->items[1] : none, in->n > 2 ? in->items[2] : none,
                               in->n > 3 ? in->items[3] : tnn_obj_int(tnn_size_const(1))};
    return tnn_slice_sequence(interp, &in->items[0], &bounds, out, err);
}

static tnn_status run_set_item(tnn_interp *interp, const tnn_builtin_args *in, tnn_obj *out, tnn_error *err) {
    size_t at = 0;
    *out = tnn_obj_none();
    if (in->items[0].kind == TNN_OBJ_DICT)
        return tnn_dict_set(interp, in->items[0].as.dict, in->items[1], in->items[2], err);
    if (in->items[0].kind != TNN_OBJ_LIST)
        return tnn_fail(err, TNN_ERR_INVALID, interp->origin.name, "an item of a %s is set",
                        tnn_obj_kind_text(&in->items[0]));
    TNN_TRY(tnn_index_of(interp, &in->items[1], in->items[0].as.list->n, &at, err));
    in->items[0].as.list->items[at] = in->items[2];
    return TNN_OK;
}

static tnn_status run_delete(tnn_interp *interp, const tnn_builtin_args *in, tnn_obj *out, tnn_error *err) {
    return tnn_method_run(interp, &in->items[0], "pop", &in->items[1], 1, out, err);
}

static tnn_status run_false(tnn_interp *interp, const tnn_builtin_args *in, tnn_obj *out, tnn_error *err) {
    (void)interp, (void)in, (void)err;
    *out = tnn_obj_bool(false);
    return TNN_OK;
}

/* torch.device("cpu"): devices are their names */
static tnn_status run_first(tnn_interp *interp, const tnn_builtin_args *in, tnn_obj *out, tnn_error *err) {
    (void)interp, (void)err;
    *out = in->items[0];
    return TNN_OK;
}

/* Keywords of torch.tensor: only the type counts. It is looked for among what was written. */
static tnn_status run_tensor(tnn_interp *interp, const tnn_builtin_args *in, tnn_obj *out, tnn_error *err) {
    tnn_dtype dtype = TNN_DTYPE_NONE;
    if (in->n > 1 && in->items[1].kind == TNN_OBJ_DTYPE) dtype = in->items[1].as.dtype;
    if (in->n > 1 && in->items[1].kind == TNN_OBJ_INT) dtype = tnn_dtype_of_code(in->items[1].as.size.hint);
    return tnn_tensor_of_numbers(interp, &in->items[0], dtype, out, err);
}

/* Sizes are lists in TorchScript, where Python has tuples. */
static tnn_status run_size(tnn_interp *interp, const tnn_builtin_args *in, tnn_obj *out, tnn_error *err) {
    TNN_TRY(tnn_interp_call(interp, "size", "", in->items, in->n, NULL, 0, out, err));
    if (out->kind == TNN_OBJ_TUPLE) out->kind = TNN_OBJ_LIST;
    return TNN_OK;
}

/* __range_length(low, high, step): how often a loop over range runs */
static tnn_status run_range_length(tnn_interp *interp, const tnn_builtin_args *in, tnn_obj *out, tnn_error *err) {
    tnn_obj range;
    tnn_builtin_args of_range = {&range_row, in->items, in->n};
    TNN_TRY(tnn_builtin_range(interp, &of_range, &range, err));
    *out = tnn_obj_int(tnn_size_const((int64_t)range.as.list->n));
    return TNN_OK;
}

/* __derive_index(k, low, step): low + k * step */
static tnn_status run_derive_index(tnn_interp *interp, const tnn_builtin_args *in, tnn_obj *out, tnn_error *err) {
    tnn_obj way;
    TNN_TRY(tnn_arith_binary(interp, TNN_AST_MUL, &in->items[0], &in->items[2], &way, err));
    return tnn_arith_binary(interp, TNN_AST_ADD, &in->items[1], &way, out, err);
}

static tnn_status run_divmod(tnn_interp *interp, const tnn_builtin_args *in, tnn_obj *out, tnn_error *err) {
    tnn_obj pair[2];
    TNN_TRY(tnn_arith_binary(interp, TNN_AST_FLOORDIV, &in->items[0], &in->items[1], &pair[0], err));
    TNN_TRY(tnn_arith_binary(interp, TNN_AST_MOD, &in->items[0], &in->items[1], &pair[1], err));
    return tnn_obj_list_new(interp, TNN_OBJ_TUPLE, pair, 2, out, err);
}

/* Half goes to even in the rounding mode that every program starts with. */
static double round_number(double x) { return nearbyint(x); }

typedef struct script_row {
    tnn_builtin_row row;
    operands plain;
} script_row;

static const script_row rows[] = {
    {{"add", 2, 3, .run = tnn_builtin_binary, .op = TNN_AST_ADD}, BOTH_ARE_PLAIN},
    {{"sub", 2, 3, .run = tnn_builtin_binary, .op = TNN_AST_SUB}, BOTH_ARE_PLAIN},
    {{"mul", 2, 2, .run = tnn_builtin_binary, .op = TNN_AST_MUL}, BOTH_ARE_PLAIN},
    {{"div", 2, 2, .run = tnn_builtin_binary, .op = TNN_AST_DIV}, BOTH_ARE_PLAIN},
    {{"floordiv", 2, 2, .run = tnn_builtin_binary, .op = TNN_AST_FLOORDIV}, BOTH_ARE_PLAIN},
    {{"floor_divide", 2, 2, .run = tnn_builtin_binary, .op = TNN_AST_FLOORDIV}, BOTH_ARE_PLAIN},
    {{"remainder", 2, 2, .run = tnn_builtin_binary, .op = TNN_AST_MOD}, BOTH_ARE_PLAIN},
    {{"pow", 2, 2, .run = run_pow}, BOTH_ARE_PLAIN},
    {{"__and__", 2, 2, .run = tnn_builtin_binary, .op = TNN_AST_BIT_AND}, BOTH_ARE_PLAIN},
    {{"__or__", 2, 2, .run = tnn_builtin_binary, .op = TNN_AST_BIT_OR}, BOTH_ARE_PLAIN},
    {{"__xor__", 2, 2, .run = tnn_builtin_binary, .op = TNN_AST_BIT_XOR}, BOTH_ARE_PLAIN},
    {{"__lshift__", 2, 2, .run = tnn_builtin_binary, .op = TNN_AST_SHIFT_LEFT}, BOTH_ARE_PLAIN},
    {{"__rshift__", 2, 2, .run = tnn_builtin_binary, .op = TNN_AST_SHIFT_RIGHT}, BOTH_ARE_PLAIN},
    {{"neg", 1, 1, .run = tnn_builtin_unary, .op = TNN_AST_NEG}, FIRST_IS_PLAIN},
    {{"bitwise_not", 1, 1, .run = tnn_builtin_unary, .op = TNN_AST_INVERT}, FIRST_IS_PLAIN},
    {{"__not__", 1, 1, .run = tnn_builtin_unary, .op = TNN_AST_NOT}, ANY},
    {{"eq", 2, 2, .run = tnn_builtin_compare, .op = TNN_AST_EQ}, BOTH_ARE_PLAIN},
    {{"ne", 2, 2, .run = tnn_builtin_compare, .op = TNN_AST_NE}, BOTH_ARE_PLAIN},
    {{"lt", 2, 2, .run = tnn_builtin_compare, .op = TNN_AST_LT}, BOTH_ARE_PLAIN},
    {{"le", 2, 2, .run = tnn_builtin_compare, .op = TNN_AST_LE}, BOTH_ARE_PLAIN},
    {{"gt", 2, 2, .run = tnn_builtin_compare, .op = TNN_AST_GT}, BOTH_ARE_PLAIN},
    {{"ge", 2, 2, .run = tnn_builtin_compare, .op = TNN_AST_GE}, BOTH_ARE_PLAIN},
    {{"__is__", 2, 2, .run = tnn_builtin_compare, .op = TNN_AST_IS}, ANY},
    {{"__isnot__", 2, 2, .run = tnn_builtin_compare, .op = TNN_AST_IS_NOT}, ANY},
    {{"__contains__", 2, 2, .run = run_contains}, ANY},
    {{"__getitem__", 2, 2, .run = tnn_builtin_getitem}, FIRST_IS_PLAIN},
    {{"len", 1, 1, .run = tnn_builtin_len}, ANY},
    {{"size", 1, 2, .run = run_size}, ANY},
    {{"__range_length", 3, 3, .run = run_range_length}, FIRST_IS_PLAIN},
    {{"__derive_index", 3, 3, .run = run_derive_index}, FIRST_IS_PLAIN},
    {{"divmod", 2, 2, .run = run_divmod}, FIRST_IS_PLAIN},
    {{"abs", 1, 1, .run = tnn_builtin_abs}, FIRST_IS_PLAIN},
    {{"sum", 1, 1, .run = tnn_builtin_sum}, FIRST_IS_PLAIN},
    {{"all", 1, 1, .run = tnn_builtin_all}, FIRST_IS_PLAIN},
    {{"any", 1, 1, .run = tnn_builtin_any}, FIRST_IS_PLAIN},
    {{"floor", 1, 1, .run = tnn_builtin_whole, .math = floor}, FIRST_IS_PLAIN},
    {{"ceil", 1, 1, .run = tnn_builtin_whole, .math = ceil}, FIRST_IS_PLAIN},
    {{"trunc", 1, 1, .run = tnn_builtin_whole, .math = trunc}, FIRST_IS_PLAIN},
    {{"round", 1, 1, .run = tnn_builtin_math, .math = round_number}, FIRST_IS_PLAIN},
    {{"sqrt", 1, 1, .run = tnn_builtin_math, .math = sqrt}, FIRST_IS_PLAIN},
    {{"exp", 1, 1, .run = tnn_builtin_math, .math = exp}, FIRST_IS_PLAIN},
    {{"log", 1, 1, .run = tnn_builtin_math, .math = log}, FIRST_IS_PLAIN},
    {{"log2", 1, 1, .run = tnn_builtin_math, .math = log2}, FIRST_IS_PLAIN},
    {{"log10", 1, 1, .run = tnn_builtin_math, .math = log10}, FIRST_IS_PLAIN},
    {{"log1p", 1, 1, .run = tnn_builtin_math, .math = log1p}, FIRST_IS_PLAIN},
    {{"fabs", 1, 1, .run = tnn_builtin_math, .math = fabs}, FIRST_IS_PLAIN},
    {{"sin", 1, 1, .run = tnn_builtin_math, .math = sin}, FIRST_IS_PLAIN},
    {{"cos", 1, 1, .run = tnn_builtin_math, .math = cos}, FIRST_IS_PLAIN},
    {{"tan", 1, 1, .run = tnn_builtin_math, .math = tan}, FIRST_IS_PLAIN},
    {{"tanh", 1, 1, .run = tnn_builtin_math, .math = tanh}, FIRST_IS_PLAIN},
    {{"Int", 1, 1, .run = tnn_builtin_int}, ANY},
    {{"IntImplicit", 1, 1, .run = tnn_builtin_int}, ANY},
    {{"Float", 1, 1, .run = tnn_builtin_float}, ANY},
    {{"FloatImplicit", 1, 1, .run = tnn_builtin_float}, ANY},
    {{"Bool", 1, 1, .run = tnn_builtin_bool}, ANY},
    {{"ScalarImplicit", 1, 1, .run = tnn_builtin_item}, ANY},
    {{"item", 1, 1, .run = tnn_builtin_item}, ANY},
    {{"str", 1, 1, .run = tnn_builtin_str}, ANY},
    {{"list", 1, 1, .run = tnn_builtin_list}, FIRST_IS_PLAIN},
    {{"dict", 0, 1, .run = tnn_builtin_dict}, FIRST_IS_PLAIN},
    {{"add_", 2, 2, .run = run_extend}, FIRST_IS_PLAIN},
    {{"slice", 1, 4, .run = run_slice}, FIRST_IS_PLAIN},
    {{"_set_item", 3, 3, .run = run_set_item, .takes_unknown = true}, FIRST_IS_PLAIN},
    {{"Delete", 2, 2, .run = run_delete}, FIRST_IS_PLAIN},
    {{"device", 1, 2, .run = run_first}, FIRST_IS_PLAIN},
    {{"tensor", 1, 2, .run = run_tensor}, ANY},
    {{"as_tensor", 1, 2, .run = run_tensor}, FIRST_IS_PLAIN},
    {{"warn", 1, 2, .run = tnn_builtin_nothing}, ANY},
    {{"is_grad_enabled", 0, 0, .run = run_false}, ANY},
    {{"set_grad_enabled", 1, 1, .run = tnn_builtin_nothing}, ANY},
    {{"is_autocast_enabled", 0, 0, .run = run_false}, ANY},
    {{"is_autocast_cpu_enabled", 0, 0, .run = run_false}, ANY},
};

static bool decides(const script_row *row, const tnn_obj *args, size_t n_args) {
    if (row->plain == ANY) return true;
    if (n_args > 0 && args[0].kind == TNN_OBJ_TENSOR) return false;
    return row->plain == FIRST_IS_PLAIN || n_args < 2 || args[1].kind != TNN_OBJ_TENSOR;
}

static const script_row *find_row(const char *name, const tnn_obj *args, size_t n_args) {
    for (size_t k = 0; k < sizeof(rows) / sizeof(rows[0]); k++)
        if (strcmp(rows[k].row.name, name) == 0) return decides(&rows[k], args, n_args) ? &rows[k] : NULL;
    return NULL;
}

/* torch.tensor(data, dtype=…, device=…): the type becomes the second argument, the rest has no meaning here. */
static size_t keep_dtype(const tnn_obj *args, size_t n_args, const char *const *keywords, size_t n_keywords,
                         tnn_obj *kept) {
    kept[0] = args[0];
    kept[1] = tnn_obj_none();
    for (size_t k = 0; k < n_keywords; k++)
        if (strcmp(keywords[k], "dtype") == 0) kept[1] = args[n_args - n_keywords + k];
    return 2;
}

tnn_status tnn_run_script_call(tnn_interp *interp, const tnn_name *name, const tnn_obj *args, size_t n_args,
                               const char *const *keywords, size_t n_keywords, tnn_obj *out, bool *done,
                               tnn_error *err) {
    tnn_obj kept[2];
    *done = !name->overload && n_args > 0 && n_keywords == 0 && tnn_method_exists(&args[0], name->text);
    if (*done) return tnn_method_run(interp, &args[0], name->text, args + 1, n_args - 1, out, err);
    const script_row *row = name->overload ? NULL : find_row(name->text, args, n_args);
    *done = row != NULL;
    if (!row) return TNN_OK;
    if (row->row.run == run_tensor && n_args > n_keywords) {
        n_args = keep_dtype(args, n_args, keywords, n_keywords, kept);
        args = kept;
        n_keywords = 0;
    }
    return tnn_builtin_call(interp, &row->row, args, n_args, keywords, n_keywords, out, err);
}
