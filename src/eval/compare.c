#include <string.h>

#include "eval/arith.h"
#include "eval/object.h"

static bool is_int(const tnn_obj *obj) { return obj->kind == TNN_OBJ_INT || obj->kind == TNN_OBJ_BOOL; }

static tnn_size size_of(const tnn_obj *obj) {
    return obj->kind == TNN_OBJ_BOOL ? tnn_size_const(obj->as.boolean) : obj->as.size;
}

static bool is_sequence(const tnn_obj *obj) { return obj->kind == TNN_OBJ_LIST || obj->kind == TNN_OBJ_TUPLE; }

static tnn_status lists_equal(tnn_interp *interp, const tnn_obj_list *a, const tnn_obj_list *b, bool *out,
                              tnn_error *err) {
    *out = a->n == b->n;
    if (!*out || a == b) return TNN_OK;
    TNN_TRY(tnn_interp_enter(interp, err));
    TNN_TRY(tnn_interp_step(interp, a->n, err));
    for (size_t k = 0; *out && k < a->n; k++) TNN_TRY(tnn_arith_equal(interp, &a->items[k], &b->items[k], out, err));
    tnn_interp_leave(interp);
    return TNN_OK;
}

static tnn_status numbers_equal(tnn_interp *interp, const tnn_obj *a, const tnn_obj *b, bool *out, tnn_error *err) {
    double x, y;
    if (is_int(a) && is_int(b)) return tnn_guard_equal(interp->graph->model, size_of(a), size_of(b), out, err);
    TNN_TRY(tnn_arith_number(interp, a, &x, err));
    TNN_TRY(tnn_arith_number(interp, b, &y, err));
    *out = x == y;
    return TNN_OK;
}

/* Objects of one kind that are neither numbers nor lists. */
static bool same_object(const tnn_obj *a, const tnn_obj *b) {
    switch (a->kind) {
    case TNN_OBJ_NONE: return true;
    case TNN_OBJ_TENSOR: return a->as.tensor == b->as.tensor;
    case TNN_OBJ_STRING: return strcmp(a->as.text, b->as.text) == 0;
    case TNN_OBJ_DTYPE: return a->as.dtype == b->as.dtype;
    case TNN_OBJ_MEMORY_FORMAT: return a->as.memory_format == b->as.memory_format;
    case TNN_OBJ_NAME: return a->as.name == b->as.name;
    case TNN_OBJ_DICT: return a->as.dict == b->as.dict;
    case TNN_OBJ_INSTANCE: return a->as.instance == b->as.instance;
    case TNN_OBJ_INT:
    case TNN_OBJ_FLOAT:
    case TNN_OBJ_BOOL:
    case TNN_OBJ_LIST:
    case TNN_OBJ_TUPLE: break;
    }
    return false;
}

tnn_status tnn_arith_equal(tnn_interp *interp, const tnn_obj *a, const tnn_obj *b, bool *out, tnn_error *err) {
    if (tnn_arith_is_number(a) && tnn_arith_is_number(b)) return numbers_equal(interp, a, b, out, err);
    *out = false;
    if (a->kind != b->kind) return TNN_OK;
    if (is_sequence(a)) return lists_equal(interp, a->as.list, b->as.list, out, err);
    *out = same_object(a, b);
    return TNN_OK;
}

/* Numbers that are `is` each other in CPython only by chance are compared by value. */
static tnn_status is_same(tnn_interp *interp, const tnn_obj *a, const tnn_obj *b, bool *out, tnn_error *err) {
    *out = false;
    if (a->kind != b->kind) return TNN_OK;
    if (is_sequence(a)) *out = a->as.list == b->as.list;
    else return tnn_arith_equal(interp, a, b, out, err);
    return TNN_OK;
}

static tnn_status contains(tnn_interp *interp, const tnn_obj *item, const tnn_obj *in, bool *out, tnn_error *err) {
    *out = false;
    if (in->kind == TNN_OBJ_STRING && item->kind == TNN_OBJ_STRING) {
        *out = strstr(in->as.text, item->as.text) != NULL;
        return TNN_OK;
    }
    if (in->kind == TNN_OBJ_DICT) return tnn_dict_find(interp, in->as.dict, item, out, NULL, err);
    if (!is_sequence(in))
        return tnn_fail(err, TNN_ERR_INVALID, interp->origin.name, "`in` needs a list, found a %s",
                        tnn_obj_kind_text(in));
    for (size_t k = 0; !*out && k < in->as.list->n; k++) {
        TNN_TRY(tnn_interp_step(interp, 1, err));
        TNN_TRY(tnn_arith_equal(interp, item, &in->as.list->items[k], out, err));
    }
    return TNN_OK;
}

static tnn_status less(tnn_interp *interp, const tnn_obj *a, const tnn_obj *b, bool *out, tnn_error *err) {
    double x, y;
    if (is_int(a) && is_int(b)) return tnn_guard_less(interp->graph->model, size_of(a), size_of(b), out, err);
    TNN_TRY(tnn_arith_number(interp, a, &x, err));
    TNN_TRY(tnn_arith_number(interp, b, &y, err));
    *out = x < y;
    return TNN_OK;
}

/* NaN makes <= more than the negation of >. */
static tnn_status less_equal(tnn_interp *interp, const tnn_obj *a, const tnn_obj *b, bool *out, tnn_error *err) {
    bool is_less;
    TNN_TRY(tnn_arith_equal(interp, a, b, out, err));
    if (*out) return TNN_OK;
    TNN_TRY(less(interp, a, b, &is_less, err));
    *out = is_less;
    return TNN_OK;
}

static tnn_status order(tnn_interp *interp, tnn_ast_op op, const tnn_obj *a, const tnn_obj *b, bool *out,
                        tnn_error *err) {
    if (!tnn_arith_is_number(a) || !tnn_arith_is_number(b))
        return tnn_fail(err, TNN_ERR_INVALID, interp->origin.name, "operator %s between %s and %s",
                        tnn_ast_op_text(op), tnn_obj_kind_text(a), tnn_obj_kind_text(b));
    if (op == TNN_AST_LT) return less(interp, a, b, out, err);
    if (op == TNN_AST_GT) return less(interp, b, a, out, err);
    if (op == TNN_AST_LE) return less_equal(interp, a, b, out, err);
    return less_equal(interp, b, a, out, err);
}

static bool negates(tnn_ast_op op) { return op == TNN_AST_NE || op == TNN_AST_IS_NOT || op == TNN_AST_NOT_IN; }

static const char *tensor_name(tnn_ast_op op) {
    static const char *const names[] = {"eq", "ne", "lt", "le", "gt", "ge"};
    return op >= TNN_AST_EQ && op <= TNN_AST_GE ? names[op - TNN_AST_EQ] : NULL;
}

tnn_status tnn_arith_compare(tnn_interp *interp, tnn_ast_op op, const tnn_obj *a, const tnn_obj *b, tnn_obj *out,
                             tnn_error *err) {
    bool result;
    bool asks_identity = op == TNN_AST_IS || op == TNN_AST_IS_NOT;
    if (tnn_obj_is_unknown(a) || (tnn_obj_is_unknown(b) && !asks_identity)) {
        *out = tnn_obj_unknown();
        return TNN_OK;
    }
    if (tensor_name(op) && (a->kind == TNN_OBJ_TENSOR || b->kind == TNN_OBJ_TENSOR)) {
        tnn_obj args[] = {*a, *b};
        return tnn_interp_call(interp, tensor_name(op), "", args, 2, NULL, 0, out, err);
    }
    if (op == TNN_AST_EQ || op == TNN_AST_NE) TNN_TRY(tnn_arith_equal(interp, a, b, &result, err));
    else if (op == TNN_AST_IS || op == TNN_AST_IS_NOT) TNN_TRY(is_same(interp, a, b, &result, err));
    else if (op == TNN_AST_IN || op == TNN_AST_NOT_IN) TNN_TRY(contains(interp, a, b, &result, err));
    else TNN_TRY(order(interp, op, a, b, &result, err));
    *out = tnn_obj_bool(negates(op) ? !result : result);
    return TNN_OK;
}
