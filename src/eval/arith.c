#include "eval/arith.h"
#include "eval/methods.h"

#include <math.h>
#include <string.h>

static bool is_int(const tnn_obj *obj) { return obj->kind == TNN_OBJ_INT || obj->kind == TNN_OBJ_BOOL; }

bool tnn_arith_is_number(const tnn_obj *obj) { return is_int(obj) || obj->kind == TNN_OBJ_FLOAT; }

static tnn_size size_of(const tnn_obj *obj) {
    return obj->kind == TNN_OBJ_BOOL ? tnn_size_const(obj->as.boolean) : obj->as.size;
}

tnn_status tnn_arith_number(tnn_interp *interp, const tnn_obj *obj, double *out, tnn_error *err) {
    int64_t integer;
    if (obj->kind == TNN_OBJ_FLOAT) {
        *out = obj->as.number;
        return TNN_OK;
    }
    TNN_TRY(tnn_obj_to_int(interp, obj, &integer, err));
    *out = (double)integer;
    return TNN_OK;
}

tnn_status tnn_arith_to_size(tnn_interp *interp, double number, tnn_obj *out, tnn_error *err) {
    /* 2^63, the first double that does not fit */
    if (!(number >= -9223372036854775808.0 && number < 9223372036854775808.0))
        return tnn_fail(err, TNN_ERR_INVALID, interp->origin.name, "%g does not fit into a 64-bit integer", number);
    *out = tnn_obj_int(tnn_size_const((int64_t)number));
    return TNN_OK;
}

static tnn_status fail_types(tnn_interp *interp, tnn_ast_op op, const tnn_obj *a, const tnn_obj *b,
                             tnn_error *err) {
    const char *absent = tnn_obj_absent(a) ? tnn_obj_absent(a) : tnn_obj_absent(b);
    if (absent) return tnn_fail(err, TNN_ERR_UNSUPPORTED, interp->origin.name, "not supported: %s", absent);
    return tnn_fail(err, TNN_ERR_INVALID, interp->origin.name, "operator %s between %s and %s", tnn_ast_op_text(op),
                    tnn_obj_kind_text(a), tnn_obj_kind_text(b));
}

static tnn_status fail_zero(tnn_interp *interp, tnn_error *err) {
    return tnn_fail(err, TNN_ERR_INVALID, interp->origin.name, "division by zero");
}

/* What PyTorch calls the operators, TNN_AST_ADD to TNN_AST_INVERT. */
static const char *const tensor_names[] = {"add",        "sub",         "mul",         "div",
                                           "floor_divide", "remainder", "pow",         "matmul",
                                           "bitwise_and", "bitwise_or", "bitwise_xor", "__lshift__",
                                           "__rshift__", "neg",         "positive",    "bitwise_not"};

static tnn_status call_tensor(tnn_interp *interp, tnn_ast_op op, const tnn_obj *a, const tnn_obj *b, tnn_obj *out,
                              tnn_error *err) {
    tnn_obj args[2] = {*a, b ? *b : *a};
    return tnn_interp_call(interp, tensor_names[op], "", args, b ? 2 : 1, NULL, 0, out, err);
}

/* By squaring; the exponent is at least 0. Overflow ends it early. */
static tnn_status int_power(tnn_interp *interp, tnn_size base, int64_t exponent, tnn_size *out, tnn_error *err) {
    *out = tnn_size_const(1);
    while (exponent > 0) {
        if (exponent & 1) TNN_TRY(tnn_size_mul(out, interp->arena, *out, base, err));
        exponent >>= 1;
        if (exponent > 0) TNN_TRY(tnn_size_mul(&base, interp->arena, base, base, err));
    }
    return TNN_OK;
}

static tnn_status float_binary(tnn_interp *interp, tnn_ast_op op, double a, double b, tnn_obj *out, tnn_error *err) {
    double result = 0;
    if (b == 0 && (op == TNN_AST_DIV || op == TNN_AST_FLOORDIV || op == TNN_AST_MOD)) return fail_zero(interp, err);
    if (op == TNN_AST_ADD) result = a + b;
    else if (op == TNN_AST_SUB) result = a - b;
    else if (op == TNN_AST_MUL) result = a * b;
    else if (op == TNN_AST_DIV) result = a / b;
    else if (op == TNN_AST_POW) result = pow(a, b);
    else {
        double rest = fmod(a, b);
        if (rest != 0 && (rest < 0) != (b < 0)) rest += b;
        result = op == TNN_AST_MOD ? rest : round((a - rest) / b);
    }
    *out = tnn_obj_float(result);
    return TNN_OK;
}

static tnn_status int_shift(tnn_interp *interp, bool left, int64_t a, int64_t n, tnn_size *out, tnn_error *err) {
    tnn_size power;
    if (n < 0 || n > 62)
        return tnn_fail(err, TNN_ERR_INVALID, interp->origin.name, "a shift by %lld bits", (long long)n);
    power = tnn_size_const((int64_t)1 << n);
    if (left) return tnn_size_mul(out, interp->arena, tnn_size_const(a), power, err);
    return tnn_size_floordiv(out, interp->arena, tnn_size_const(a), power, err);
}

static tnn_status int_bits(tnn_interp *interp, tnn_ast_op op, const tnn_obj *a, const tnn_obj *b, tnn_obj *out,
                           tnn_error *err) {
    int64_t x, y;
    bool bools = a->kind == TNN_OBJ_BOOL && b->kind == TNN_OBJ_BOOL;
    tnn_size result;
    TNN_TRY(tnn_obj_to_int(interp, a, &x, err));
    TNN_TRY(tnn_obj_to_int(interp, b, &y, err));
    if (op == TNN_AST_BIT_AND) result = tnn_size_const(x & y);
    else if (op == TNN_AST_BIT_OR) result = tnn_size_const(x | y);
    else if (op == TNN_AST_BIT_XOR) result = tnn_size_const(x ^ y);
    else return int_shift(interp, op == TNN_AST_SHIFT_LEFT, x, y, &out->as.size, err);
    *out = bools ? tnn_obj_bool(result.hint != 0) : tnn_obj_int(result);
    return TNN_OK;
}

static tnn_status int_binary(tnn_interp *interp, tnn_ast_op op, const tnn_obj *oa, const tnn_obj *ob, tnn_obj *out,
                             tnn_error *err) {
    tnn_size a = size_of(oa), b = size_of(ob);
    int64_t exponent;
    *out = tnn_obj_int(a);
    if (b.hint == 0 && (op == TNN_AST_FLOORDIV || op == TNN_AST_MOD)) return fail_zero(interp, err);
    if (op == TNN_AST_ADD) return tnn_size_add(&out->as.size, interp->arena, a, b, err);
    if (op == TNN_AST_SUB) return tnn_size_sub(&out->as.size, interp->arena, a, b, err);
    if (op == TNN_AST_MUL) return tnn_size_mul(&out->as.size, interp->arena, a, b, err);
    if (op == TNN_AST_FLOORDIV) return tnn_size_floordiv(&out->as.size, interp->arena, a, b, err);
    if (op == TNN_AST_MOD) return tnn_size_mod(&out->as.size, interp->arena, a, b, err);
    if (op != TNN_AST_POW) return int_bits(interp, op, oa, ob, out, err);
    TNN_TRY(tnn_obj_to_int(interp, ob, &exponent, err));
    if (exponent < 0) return float_binary(interp, op, (double)a.hint, (double)exponent, out, err);
    return int_power(interp, a, exponent, &out->as.size, err);
}

static tnn_status number_binary(tnn_interp *interp, tnn_ast_op op, const tnn_obj *a, const tnn_obj *b, tnn_obj *out,
                                tnn_error *err) {
    double x, y;
    if (op == TNN_AST_MATMUL || (op >= TNN_AST_BIT_AND && !(is_int(a) && is_int(b))))
        return fail_types(interp, op, a, b, err);
    if (is_int(a) && is_int(b) && op != TNN_AST_DIV) return int_binary(interp, op, a, b, out, err);
    TNN_TRY(tnn_arith_number(interp, a, &x, err));
    TNN_TRY(tnn_arith_number(interp, b, &y, err));
    return float_binary(interp, op, x, y, out, err);
}

static bool is_sequence(const tnn_obj *obj) { return obj->kind == TNN_OBJ_LIST || obj->kind == TNN_OBJ_TUPLE; }

static tnn_status list_concat(tnn_interp *interp, const tnn_obj *a, const tnn_obj *b, tnn_obj *out,
                              tnn_error *err) {
    const tnn_obj_list *first = a->as.list, *second = b->as.list;
    tnn_obj made;
    TNN_TRY(tnn_list_new(interp, a->kind, first->n + second->n, &made, err));
    memcpy(made.as.list->items, first->items, first->n * sizeof(tnn_obj));
    memcpy(made.as.list->items + first->n, second->items, second->n * sizeof(tnn_obj));
    made.as.list->n = first->n + second->n;
    *out = made;
    return TNN_OK;
}

static tnn_status list_repeat(tnn_interp *interp, const tnn_obj *list, const tnn_obj *times, tnn_obj *out,
                              tnn_error *err) {
    int64_t n;
    tnn_obj made;
    TNN_TRY(tnn_obj_to_int(interp, times, &n, err));
    TNN_TRY(tnn_list_new(interp, list->kind, 0, &made, err));
    for (int64_t k = 0; k < n && list->as.list->n > 0; k++)
        for (size_t j = 0; j < list->as.list->n; j++)
            TNN_TRY(tnn_list_push(interp, made.as.list, list->as.list->items[j], err));
    *out = made;
    return TNN_OK;
}

static tnn_status string_concat(tnn_interp *interp, const char *a, const char *b, tnn_obj *out, tnn_error *err) {
    TNN_TRY(tnn_interp_step(interp, strlen(a) + strlen(b), err));
    *out = tnn_obj_string(tnn_arena_printf(interp->arena, "%s%s", a, b));
    return out->as.text ? TNN_OK : tnn_fail_nomem(err);
}

tnn_status tnn_arith_binary(tnn_interp *interp, tnn_ast_op op, const tnn_obj *a, const tnn_obj *b, tnn_obj *out,
                            tnn_error *err) {
    if (tnn_obj_is_unknown(a) || tnn_obj_is_unknown(b)) {
        *out = tnn_obj_unknown();
        return TNN_OK;
    }
    if (a->kind == TNN_OBJ_TENSOR || b->kind == TNN_OBJ_TENSOR) return call_tensor(interp, op, a, b, out, err);
    if (tnn_arith_is_number(a) && tnn_arith_is_number(b)) return number_binary(interp, op, a, b, out, err);
    if (op == TNN_AST_ADD && is_sequence(a) && a->kind == b->kind) return list_concat(interp, a, b, out, err);
    if (op == TNN_AST_MUL && is_sequence(a) && is_int(b)) return list_repeat(interp, a, b, out, err);
    if (op == TNN_AST_MUL && is_sequence(b) && is_int(a)) return list_repeat(interp, b, a, out, err);
    if (op == TNN_AST_ADD && a->kind == TNN_OBJ_STRING && b->kind == TNN_OBJ_STRING)
        return string_concat(interp, a->as.text, b->as.text, out, err);
    if (op == TNN_AST_MOD && a->kind == TNN_OBJ_STRING) return tnn_text_percent(interp, a->as.text, b, out, err);
    return fail_types(interp, op, a, b, err);
}

static tnn_status number_unary(tnn_interp *interp, tnn_ast_op op, const tnn_obj *a, tnn_obj *out, tnn_error *err) {
    tnn_size zero = tnn_size_const(0);
    int64_t bits;
    *out = is_int(a) ? tnn_obj_int(size_of(a)) : *a;
    if (op == TNN_AST_POS) return TNN_OK;
    if (op == TNN_AST_INVERT) {
        TNN_TRY(tnn_obj_to_int(interp, a, &bits, err));
        *out = tnn_obj_int(tnn_size_const(~bits));
        return TNN_OK;
    }
    if (is_int(a)) return tnn_size_sub(&out->as.size, interp->arena, zero, size_of(a), err);
    out->as.number = -a->as.number;
    return TNN_OK;
}

tnn_status tnn_arith_unary(tnn_interp *interp, tnn_ast_op op, const tnn_obj *a, tnn_obj *out, tnn_error *err) {
    bool truth;
    if (tnn_obj_is_unknown(a)) {
        *out = *a;
        return TNN_OK;
    }
    if (op == TNN_AST_NOT) {
        TNN_TRY(tnn_arith_truth(interp, a, &truth, err));
        *out = tnn_obj_bool(!truth);
        return TNN_OK;
    }
    if (a->kind == TNN_OBJ_TENSOR) return call_tensor(interp, op, a, NULL, out, err);
    if (tnn_arith_is_number(a)) return number_unary(interp, op, a, out, err);
    return tnn_fail(err, TNN_ERR_INVALID, interp->origin.name, "operator %s on a %s", tnn_ast_op_text(op),
                    tnn_obj_kind_text(a));
}

static tnn_status tensor_truth(tnn_interp *interp, const tnn_obj *obj, bool *out, tnn_error *err) {
    tnn_obj number;
    bool known;
    TNN_TRY(tnn_interp_number(interp, obj->as.tensor, &number, &known, err));
    if (known) return tnn_arith_truth(interp, &number, out, err);
    return tnn_fail(err, TNN_ERR_UNSUPPORTED, interp->origin.name,
                    "a decision on the content of a tensor is not supported");
}

tnn_status tnn_arith_truth(tnn_interp *interp, const tnn_obj *obj, bool *out, tnn_error *err) {
    bool zero;
    *out = true;
    switch (obj->kind) {
    case TNN_OBJ_NONE: *out = false; break;
    case TNN_OBJ_BOOL: *out = obj->as.boolean; break;
    case TNN_OBJ_FLOAT: *out = obj->as.number != 0; break;
    case TNN_OBJ_STRING: *out = obj->as.text[0] != '\0'; break;
    case TNN_OBJ_LIST:
    case TNN_OBJ_TUPLE: *out = obj->as.list->n > 0; break;
    case TNN_OBJ_INT:
        TNN_TRY(tnn_guard_equal(interp->graph->model, obj->as.size, tnn_size_const(0), &zero, err));
        *out = !zero;
        break;
    case TNN_OBJ_DICT: *out = obj->as.dict->n > 0; break;
    case TNN_OBJ_TENSOR: return tensor_truth(interp, obj, out, err);
    case TNN_OBJ_INSTANCE:
    case TNN_OBJ_DTYPE:
    case TNN_OBJ_MEMORY_FORMAT:
    case TNN_OBJ_NAME: break;
    }
    return TNN_OK;
}
