/* Integers bit by bit. TFLite has BITWISE_XOR and RIGHT_SHIFT for up to 32 bits; the others are written as arithmetic
 * where that is exact:
 *
 *   x & (2^n - 1)   x mod 2^n              x | y   x + y - (x & y)
 *   x & -2^n        x - x mod 2^n          x << n  x * 2^n
 *   x & y           2 ((x >> 1) & (y >> 1)) + (x mod 2) (y mod 2), where 2 (a & b) = a + b - (a ^ b)
 *
 * Bools are logic. */
#include "ops/list.h"
#include "tflite/lower_sides.h"

#define ROW(name, lower) const tnn_lower_row tnn_lowering_##name = {{TNN_DEMAND_FREE, NULL, NULL}, lower, NULL}

static tnn_dtype type_of(const tnn_node *node) { return tnn_lower_computed_in(node->outputs[0]->dtype); }

static bool is_number(const tnn_arg *arg) { return arg->kind == TNN_ARG_INT || arg->kind == TNN_ARG_BOOL; }

/* The number among the two operands, and the tensor in the type of computation. false: both are tensors. */
static tnn_status number_and_tensor(tnn_lower *l, const tnn_node *node, int64_t *number, tnn_value **tensor,
                                    bool *found, tnn_error *err) {
    size_t at = is_number(&node->args[0]) ? 0 : 1;
    *found = is_number(&node->args[at]);
    if (!*found) return TNN_OK;
    *number = tnn_arg_int(&node->args[at]);
    TNN_TRY(tnn_lower_get_any(l, tnn_node_operand(node, 1 - at), tensor, err));
    return tnn_lower_cast(l, *tensor, type_of(node), tensor, err);
}

static bool is_power(uint64_t x) { return x != 0 && (x & (x - 1)) == 0; }

/* x & mask; false when the mask is not of the two forms. */
static tnn_status emit_mask(tnn_lower *l, tnn_value *x, int64_t mask, tnn_value **out, bool *done, tnn_error *err) {
    tnn_value *modulus;
    uint64_t low = (uint64_t)mask + 1, high = 0 - (uint64_t)mask;
    int64_t limit = x->dtype == TNN_DTYPE_I32 ? (int64_t)1 << 30 : (int64_t)1 << 52;
    bool keeps_low = mask > 0 && is_power(low) && mask < limit;
    *done = keeps_low || (mask < 0 && is_power(high) && -mask <= limit);
    if (!*done) return TNN_OK;
    TNN_TRY(tnn_lower_scalar(l, x->dtype, (double)(keeps_low ? low : high), &modulus, err));
    TNN_TRY(tnn_emit_binary(l, &tnn_tfl_FLOOR_MOD, "low", x, modulus, out, err));
    return keeps_low ? TNN_OK : tnn_emit_binary(l, &tnn_tfl_SUB, "high", x, *out, out, err);
}

static tnn_status refuse(const tnn_node *node, tnn_error *err) {
    return tnn_lower_refuse(node, err, "TFLite has operators for up to 32 bits, this is int64; masks 2^n - 1 and -2^n "
                                       "can be expressed");
}

static tnn_status with_number(tnn_lower *l, const tnn_tfl_row *row, tnn_value *x, double number, tnn_value **out,
                              tnn_error *err) {
    tnn_value *constant;
    TNN_TRY(tnn_lower_scalar(l, x->dtype, number, &constant, err));
    return tnn_emit_binary(l, row, "bits", x, constant, out, err);
}

/* 2 (a & b), for operands of 31 bits. */
static tnn_status emit_twice_and(tnn_lower *l, tnn_value *a, tnn_value *b, tnn_value **out, tnn_error *err) {
    tnn_value *sum, *differ;
    TNN_TRY(tnn_emit_binary(l, &tnn_tfl_ADD, "sum", a, b, &sum, err));
    TNN_TRY(tnn_emit_binary(l, &tnn_tfl_BITWISE_XOR, "differ", a, b, &differ, err));
    return tnn_emit_binary(l, &tnn_tfl_SUB, "both", sum, differ, out, err);
}

static tnn_status emit_and(tnn_lower *l, const tnn_node *node, tnn_value *x, tnn_value *y, tnn_value **out,
                           tnn_error *err) {
    tnn_value *a, *b, *low;
    if (node->outputs[0]->dtype != TNN_DTYPE_I32) {
        TNN_TRY(emit_twice_and(l, x, y, out, err));
        return with_number(l, &tnn_tfl_RIGHT_SHIFT, *out, 1, out, err);
    }
    TNN_TRY(with_number(l, &tnn_tfl_RIGHT_SHIFT, x, 1, &a, err));
    TNN_TRY(with_number(l, &tnn_tfl_RIGHT_SHIFT, y, 1, &b, err));
    TNN_TRY(emit_twice_and(l, a, b, out, err));
    TNN_TRY(with_number(l, &tnn_tfl_FLOOR_MOD, x, 2, &a, err));
    TNN_TRY(with_number(l, &tnn_tfl_FLOOR_MOD, y, 2, &b, err));
    TNN_TRY(tnn_emit_binary(l, &tnn_tfl_MUL, "low", a, b, &low, err));
    return tnn_emit_binary(l, &tnn_tfl_ADD, "and", *out, low, out, err);
}

/* By the shortest way there is; `done` false: there is none. */
static tnn_status any_and(tnn_lower *l, const tnn_node *node, tnn_value **out, bool *done, tnn_error *err) {
    tnn_dtype dtype = type_of(node);
    int64_t mask = 0;
    tnn_value *x, *sides[2];
    TNN_TRY(number_and_tensor(l, node, &mask, &x, done, err));
    if (*done) TNN_TRY(emit_mask(l, x, mask, out, done, err));
    if (*done || dtype == TNN_DTYPE_I64) return TNN_OK;
    *done = true;
    TNN_TRY(tnn_lower_sides(l, node, 2, (tnn_dtype[]){dtype, dtype}, 4, sides, err));
    return emit_and(l, node, sides[0], sides[1], out, err);
}

static tnn_status lower_and(tnn_lower *l, const tnn_node *node, tnn_error *err) {
    tnn_value *out;
    bool done;
    if (type_of(node) == TNN_DTYPE_BOOL)
        return tnn_lower_two_sides(l, node, &tnn_tfl_LOGICAL_AND, TNN_DTYPE_BOOL, TNN_DTYPE_BOOL, err);
    TNN_TRY(any_and(l, node, &out, &done, err));
    return done ? tnn_lower_finish(l, node, out, err) : refuse(node, err);
}

/* x + y - (x & y), which wraps around to the right bits. */
static tnn_status lower_or(tnn_lower *l, const tnn_node *node, tnn_error *err) {
    tnn_dtype dtype = type_of(node);
    tnn_value *both, *sides[2], *out;
    bool done;
    if (dtype == TNN_DTYPE_BOOL)
        return tnn_lower_two_sides(l, node, &tnn_tfl_LOGICAL_OR, TNN_DTYPE_BOOL, TNN_DTYPE_BOOL, err);
    TNN_TRY(any_and(l, node, &both, &done, err));
    if (!done) return refuse(node, err);
    TNN_TRY(tnn_lower_sides(l, node, 2, (tnn_dtype[]){dtype, dtype}, 4, sides, err));
    TNN_TRY(tnn_emit_binary(l, &tnn_tfl_SUB, "rest", sides[0], both, &out, err));
    TNN_TRY(tnn_emit_binary(l, &tnn_tfl_ADD, NULL, out, sides[1], &out, err));
    return tnn_lower_finish(l, node, out, err);
}

static tnn_status lower_xor(tnn_lower *l, const tnn_node *node, tnn_error *err) {
    tnn_dtype dtype = type_of(node);
    if (dtype == TNN_DTYPE_BOOL)
        return tnn_lower_two_sides(l, node, &tnn_tfl_NOT_EQUAL, TNN_DTYPE_BOOL, TNN_DTYPE_BOOL, err);
    if (dtype == TNN_DTYPE_I64)
        return tnn_lower_refuse(node, err, "TFLite's BITWISE_XOR takes up to 32 bits, this is int64");
    return tnn_lower_two_sides(l, node, &tnn_tfl_BITWISE_XOR, dtype, dtype, err);
}

/* By a number; more bits than the type has leave nothing. */
static tnn_status lower_shift_left(tnn_lower *l, const tnn_node *node, tnn_error *err) {
    const tnn_arg *count = tnn_node_arg(node, "other");
    tnn_value *x, *factor;
    int64_t n = is_number(count) ? tnn_arg_int(count) : -1;
    if (n < 0 || n > 62 || is_number(&node->args[0]))
        return tnn_lower_refuse(node, err, "TFLite has no left shift; one by a constant can be expressed");
    TNN_TRY(tnn_lower_get_any(l, tnn_node_operand(node, 0), &x, err));
    TNN_TRY(tnn_lower_cast(l, x, type_of(node), &x, err));
    double power = n > 30 && x->dtype == TNN_DTYPE_I32 ? 0 : (double)((int64_t)1 << n);
    if (n == 31 && x->dtype == TNN_DTYPE_I32) power = -0x1p31;
    TNN_TRY(tnn_lower_scalar(l, x->dtype, power, &factor, err));
    TNN_TRY(tnn_emit_binary(l, &tnn_tfl_MUL, NULL, x, factor, &x, err));
    return tnn_lower_finish(l, node, x, err);
}

static tnn_status lower_shift_right(tnn_lower *l, const tnn_node *node, tnn_error *err) {
    tnn_dtype dtype = type_of(node);
    if (dtype == TNN_DTYPE_I64)
        return tnn_lower_refuse(node, err, "TFLite's RIGHT_SHIFT takes up to 32 bits, this is int64");
    return tnn_lower_two_sides(l, node, &tnn_tfl_RIGHT_SHIFT, dtype, dtype, err);
}

ROW(bitwise_and, lower_and);
ROW(bitwise_or, lower_or);
ROW(bitwise_xor, lower_xor);
ROW(bitwise_left_shift, lower_shift_left);
ROW(bitwise_right_shift, lower_shift_right);
