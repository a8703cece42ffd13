/* Numbers: conversions, math, Python's operators as functions. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "eval/arith.h"
#include "eval/builtins.h"

static tnn_status fail_kind(tnn_interp *interp, const char *name, const tnn_obj *obj, tnn_error *err) {
    return tnn_fail(err, TNN_ERR_INVALID, interp->origin.name, "%s of a %s", name, tnn_obj_kind_text(obj));
}

static tnn_status parse_int(tnn_interp *interp, const char *text, tnn_obj *out, tnn_error *err) {
    char *end;
    errno = 0;
    long long value = strtoll(text, &end, 10);
    if (end == text || *end || errno)
        return tnn_fail(err, TNN_ERR_INVALID, interp->origin.name, "int of the text '%.40s'", text);
    *out = tnn_obj_int(tnn_size_const(value));
    return TNN_OK;
}

/* The number in a tensor, as the argument of the same function. */
static tnn_status of_tensor(tnn_interp *interp, const tnn_builtin_args *in, tnn_obj *out, tnn_error *err) {
    tnn_builtin_args number = {in->row, out, 1};
    bool known;
    TNN_TRY(tnn_interp_number(interp, in->items[0].as.tensor, out, &known, err));
    if (known) return in->row->run(interp, &number, out, err);
    return tnn_fail(err, TNN_ERR_UNSUPPORTED, interp->origin.name,
                    "a number out of a tensor whose content depends on an input");
}

/* int(x) cuts toward zero. */
tnn_status tnn_builtin_int(tnn_interp *interp, const tnn_builtin_args *in, tnn_obj *out, tnn_error *err) {
    if (in->items[0].kind == TNN_OBJ_TENSOR) return of_tensor(interp, in, out, err);
    if (in->items[0].kind == TNN_OBJ_STRING) return parse_int(interp, in->items[0].as.text, out, err);
    if (in->items[0].kind == TNN_OBJ_FLOAT) return tnn_arith_to_size(interp, trunc(in->items[0].as.number), out, err);
    if (!tnn_arith_is_number(&in->items[0])) return fail_kind(interp, "int", &in->items[0], err);
    return tnn_arith_unary(interp, TNN_AST_POS, &in->items[0], out, err);
}

/* The spellings of numbers that C's locale does not know of. */
static tnn_status parse_float(tnn_interp *interp, const char *text, tnn_obj *out, tnn_error *err) {
    double value = INFINITY;
    const char *digits = text + (*text == '-');
    if (strcmp(digits, "nan") == 0) value = NAN;
    else if (strcmp(digits, "inf") != 0 && strcmp(digits, "infinity") != 0)
        return tnn_fail(err, TNN_ERR_UNSUPPORTED, interp->origin.name, "float of the text '%.40s'", text);
    *out = tnn_obj_float(*text == '-' ? -value : value);
    return TNN_OK;
}

tnn_status tnn_builtin_float(tnn_interp *interp, const tnn_builtin_args *in, tnn_obj *out, tnn_error *err) {
    double number;
    if (in->items[0].kind == TNN_OBJ_TENSOR) return of_tensor(interp, in, out, err);
    if (in->items[0].kind == TNN_OBJ_STRING) return parse_float(interp, in->items[0].as.text, out, err);
    if (!tnn_arith_is_number(&in->items[0])) return fail_kind(interp, "float", &in->items[0], err);
    TNN_TRY(tnn_arith_number(interp, &in->items[0], &number, err));
    *out = tnn_obj_float(number);
    return TNN_OK;
}

tnn_status tnn_builtin_bool(tnn_interp *interp, const tnn_builtin_args *in, tnn_obj *out, tnn_error *err) {
    bool truth;
    TNN_TRY(tnn_arith_truth(interp, &in->items[0], &truth, err));
    *out = tnn_obj_bool(truth);
    return TNN_OK;
}

tnn_status tnn_builtin_abs(tnn_interp *interp, const tnn_builtin_args *in, tnn_obj *out, tnn_error *err) {
    tnn_obj zero = tnn_obj_int(tnn_size_const(0)), negative;
    if (in->items[0].kind == TNN_OBJ_TENSOR) return tnn_interp_call(interp, "abs", "", in->items, 1, NULL, 0, out, err);
    if (!tnn_arith_is_number(&in->items[0])) return fail_kind(interp, "abs", &in->items[0], err);
    if (in->items[0].kind == TNN_OBJ_FLOAT) {
        *out = tnn_obj_float(fabs(in->items[0].as.number));
        return TNN_OK;
    }
    TNN_TRY(tnn_arith_compare(interp, TNN_AST_LT, &in->items[0], &zero, &negative, err));
    return tnn_arith_unary(interp, negative.as.boolean ? TNN_AST_NEG : TNN_AST_POS, &in->items[0], out, err);
}

/* Sizes keep their expressions: min and max of them are expressions, not decisions. */
static tnn_status pick(tnn_interp *interp, bool larger, const tnn_obj *a, const tnn_obj *b, tnn_obj *out,
                       tnn_error *err) {
    tnn_obj less;
    if (a->kind == TNN_OBJ_INT && b->kind == TNN_OBJ_INT) {
        tnn_size size;
        TNN_TRY(larger ? tnn_size_max(&size, interp->arena, a->as.size, b->as.size, err)
                       : tnn_size_min(&size, interp->arena, a->as.size, b->as.size, err));
        *out = tnn_obj_int(size);
        return TNN_OK;
    }
    TNN_TRY(tnn_arith_compare(interp, TNN_AST_LT, larger ? a : b, larger ? b : a, &less, err));
    if (less.kind != TNN_OBJ_BOOL) return fail_kind(interp, "min or max", &less, err);
    *out = less.as.boolean ? *b : *a;
    return TNN_OK;
}

static tnn_status extreme(tnn_interp *interp, bool larger, const tnn_obj *args, size_t n, tnn_obj *out,
                          tnn_error *err) {
    if (n == 1 && (args[0].kind == TNN_OBJ_LIST || args[0].kind == TNN_OBJ_TUPLE)) {
        n = args[0].as.list->n;
        args = args[0].as.list->items;
    }
    if (n == 0) return tnn_fail(err, TNN_ERR_INVALID, interp->origin.name, "min or max of nothing");
    TNN_TRY(tnn_interp_step(interp, n, err));
    tnn_obj best = args[0];
    for (size_t k = 1; k < n; k++) TNN_TRY(pick(interp, larger, &best, &args[k], &best, err));
    *out = best;
    return TNN_OK;
}

tnn_status tnn_builtin_min(tnn_interp *interp, const tnn_builtin_args *in, tnn_obj *out, tnn_error *err) {
    return extreme(interp, false, in->items, in->n, out, err);
}

tnn_status tnn_builtin_max(tnn_interp *interp, const tnn_builtin_args *in, tnn_obj *out, tnn_error *err) {
    return extreme(interp, true, in->items, in->n, out, err);
}

/* A whole number stays what it is; a float goes through `change` to an int. */
static tnn_status to_whole(tnn_interp *interp, const tnn_obj *x, double (*change)(double), tnn_obj *out,
                           tnn_error *err) {
    if (x->kind == TNN_OBJ_FLOAT) return tnn_arith_to_size(interp, change(x->as.number), out, err);
    if (!tnn_arith_is_number(x)) return fail_kind(interp, "a whole number", x, err);
    return tnn_arith_unary(interp, TNN_AST_POS, x, out, err);
}

/* floor, ceil, trunc, round: an int of a float */
tnn_status tnn_builtin_whole(tnn_interp *interp, const tnn_builtin_args *in, tnn_obj *out, tnn_error *err) {
    return to_whole(interp, &in->items[0], in->row->math, out, err);
}

/* The functions of math with one number */
tnn_status tnn_builtin_math(tnn_interp *interp, const tnn_builtin_args *in, tnn_obj *out, tnn_error *err) {
    double number;
    if (!tnn_arith_is_number(&in->items[0])) return fail_kind(interp, in->row->name, &in->items[0], err);
    TNN_TRY(tnn_arith_number(interp, &in->items[0], &number, err));
    *out = tnn_obj_float(in->row->math(number));
    return TNN_OK;
}

/* math.pow gives a float always. */
tnn_status tnn_builtin_pow(tnn_interp *interp, const tnn_builtin_args *in, tnn_obj *out, tnn_error *err) {
    double x, y;
    TNN_TRY(tnn_arith_number(interp, &in->items[0], &x, err));
    TNN_TRY(tnn_arith_number(interp, &in->items[1], &y, err));
    *out = tnn_obj_float(pow(x, y));
    return TNN_OK;
}

tnn_status tnn_builtin_binary(tnn_interp *interp, const tnn_builtin_args *in, tnn_obj *out, tnn_error *err) {
    return tnn_arith_binary(interp, in->row->op, &in->items[0], &in->items[1], out, err);
}

tnn_status tnn_builtin_unary(tnn_interp *interp, const tnn_builtin_args *in, tnn_obj *out, tnn_error *err) {
    return tnn_arith_unary(interp, in->row->op, &in->items[0], out, err);
}

tnn_status tnn_builtin_compare(tnn_interp *interp, const tnn_builtin_args *in, tnn_obj *out, tnn_error *err) {
    return tnn_arith_compare(interp, in->row->op, &in->items[0], &in->items[1], out, err);
}
