/* Integers bit by bit. TFLite has BITWISE_XOR and RIGHT_SHIFT for up to 32 bits; int64 is seen as two halves. The others
 * are written as arithmetic where that is exact:
 *
 *   x & (2^n - 1)   x mod 2^n              x | y   x + y - (x & y)
 *   x & -2^n        x - x mod 2^n          x << n  x * 2^n, and x >> n of int64 is x / 2^n, rounded down
 *   x & y           2 ((x >> 1) & (y >> 1)) + (x mod 2) (y mod 2), where 2 (a & b) = a + b - (a ^ b)
 *
 * Bools are logic. */
#include "tflite/lower_bits.h"

#include "ir/recipe.h"
#include "ops/list.h"
#include "tflite/lower_int64.h"
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

static bool is_short(const tnn_node *node) { return tnn_dtype_bytes(node->outputs[0]->dtype) < 4; }

/* Of 32 bits. */
static tnn_status emit_and(tnn_lower *l, const tnn_node *node, tnn_value *x, tnn_value *y, tnn_value **out,
                           tnn_error *err) {
    tnn_value *a, *b, *low;
    if (is_short(node)) {
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

/* The operands in 32 bits; the halves of int64 are one more dimension. */
static tnn_status get_bits(tnn_lower *l, const tnn_node *node, tnn_value **sides, tnn_error *err) {
    tnn_dtype dtype = type_of(node);
    bool halves = dtype == TNN_DTYPE_I64;
    TNN_TRY(tnn_lower_sides(l, node, 2, (tnn_dtype[]){dtype, dtype}, halves ? 3 : 4, sides, err));
    for (int i = 0; halves && i < 2; i++) TNN_TRY(tnn_lower_halves(l, sides[i], &sides[i], err));
    return TNN_OK;
}

static tnn_status finish_bits(tnn_lower *l, const tnn_node *node, tnn_value *out, tnn_error *err) {
    if (type_of(node) == TNN_DTYPE_I64) TNN_TRY(tnn_lower_whole(l, out, &out, err));
    return tnn_lower_finish(l, node, out, err);
}

/* x & mask by arithmetic; `done` false: not with these operands. */
static tnn_status mask_out(tnn_lower *l, const tnn_node *node, tnn_value **out, bool *done, tnn_error *err) {
    int64_t mask = 0;
    tnn_value *x;
    TNN_TRY(number_and_tensor(l, node, &mask, &x, done, err));
    return *done ? emit_mask(l, x, mask, out, done, err) : TNN_OK;
}

static tnn_status lower_and(tnn_lower *l, const tnn_node *node, tnn_error *err) {
    tnn_value *out, *sides[2];
    bool done;
    if (type_of(node) == TNN_DTYPE_BOOL)
        return tnn_lower_two_sides(l, node, &tnn_tfl_LOGICAL_AND, TNN_DTYPE_BOOL, TNN_DTYPE_BOOL, err);
    TNN_TRY(mask_out(l, node, &out, &done, err));
    if (done) return tnn_lower_finish(l, node, out, err);
    TNN_TRY(get_bits(l, node, sides, err));
    TNN_TRY(emit_and(l, node, sides[0], sides[1], &out, err));
    return finish_bits(l, node, out, err);
}

/* x + y - (x & y), which wraps around to the right bits. */
static tnn_status emit_or(tnn_lower *l, tnn_value *x, tnn_value *y, tnn_value *both, tnn_value **out,
                          tnn_error *err) {
    TNN_TRY(tnn_emit_binary(l, &tnn_tfl_SUB, "rest", x, both, out, err));
    return tnn_emit_binary(l, &tnn_tfl_ADD, NULL, *out, y, out, err);
}

static tnn_status lower_or(tnn_lower *l, const tnn_node *node, tnn_error *err) {
    tnn_dtype dtype = type_of(node);
    tnn_value *both, *sides[2], *out;
    bool done;
    if (dtype == TNN_DTYPE_BOOL)
        return tnn_lower_two_sides(l, node, &tnn_tfl_LOGICAL_OR, TNN_DTYPE_BOOL, TNN_DTYPE_BOOL, err);
    TNN_TRY(mask_out(l, node, &both, &done, err));
    if (done) {
        TNN_TRY(tnn_lower_sides(l, node, 2, (tnn_dtype[]){dtype, dtype}, 4, sides, err));
        TNN_TRY(emit_or(l, sides[0], sides[1], both, &out, err));
        return tnn_lower_finish(l, node, out, err);
    }
    TNN_TRY(get_bits(l, node, sides, err));
    TNN_TRY(emit_and(l, node, sides[0], sides[1], &both, err));
    TNN_TRY(emit_or(l, sides[0], sides[1], both, &out, err));
    return finish_bits(l, node, out, err);
}

static tnn_status lower_xor(tnn_lower *l, const tnn_node *node, tnn_error *err) {
    tnn_value *sides[2], *out;
    if (type_of(node) == TNN_DTYPE_BOOL)
        return tnn_lower_two_sides(l, node, &tnn_tfl_NOT_EQUAL, TNN_DTYPE_BOOL, TNN_DTYPE_BOOL, err);
    TNN_TRY(get_bits(l, node, sides, err));
    TNN_TRY(tnn_emit_binary(l, &tnn_tfl_BITWISE_XOR, NULL, sides[0], sides[1], &out, err));
    return finish_bits(l, node, out, err);
}

static tnn_status power_table(tnn_lower *l, tnn_dtype dtype, int64_t bits, tnn_value **out, tnn_error *err) {
    int64_t powers[66] = {0}, n = bits + 2;
    const tnn_recipe *recipe;
    for (int64_t k = 0; k < bits; k++) powers[k + 1] = (int64_t)(UINT64_C(1) << k);
    TNN_TRY(tnn_recipe_copy(&recipe, l->arena, powers, TNN_DTYPE_I64, 1, &n, err));
    TNN_TRY(tnn_recipe_cast(&recipe, l->arena, recipe, dtype, err));
    return tnn_lower_constant(l, "powers", recipe, out, err);
}

/* From a table with 0 at both ends. */
tnn_status tnn_lower_powers_of_two(tnn_lower *l, tnn_value *n, tnn_value **out, tnn_error *err) {
    int64_t bits = 8 * (int64_t)tnn_dtype_bytes(n->dtype);
    tnn_value *table;
    tnn_box dims = tnn_box_of(n);
    tnn_emit e;
    TNN_TRY(power_table(l, n->dtype, bits, &table, err));
    TNN_TRY(with_number(l, &tnn_tfl_MAXIMUM, n, -1, &n, err));
    TNN_TRY(with_number(l, &tnn_tfl_MINIMUM, n, (double)bits, &n, err));
    TNN_TRY(with_number(l, &tnn_tfl_ADD, n, 1, &n, err));
    TNN_TRY(tnn_emit_begin(&e, l, &tnn_tfl_GATHER, err));
    tnn_emit_tensor(&e, table);
    tnn_emit_tensor(&e, n);
    return tnn_emit_end(&e, "powers", table->dtype, &dims, out, err);
}

static tnn_status number_power(tnn_lower *l, tnn_dtype dtype, int64_t n, tnn_value **out, tnn_error *err) {
    bool fits = n >= 0 && n < 8 * (int64_t)tnn_dtype_bytes(dtype);
    const tnn_recipe *recipe;
    int64_t power = fits ? (int64_t)(UINT64_C(1) << n) : 0;
    if (dtype == TNN_DTYPE_I32) power = (int32_t)(uint32_t)power;
    TNN_TRY(tnn_recipe_fill(&recipe, l->arena, dtype, 0, NULL, 0, power, err));
    return tnn_lower_constant(l, "power", recipe, out, err);
}

static tnn_status lower_shift_left(tnn_lower *l, const tnn_node *node, tnn_error *err) {
    const tnn_arg *count = tnn_node_arg(node, "other");
    tnn_dtype dtype = type_of(node);
    tnn_value *sides[2], *out;
    TNN_TRY(tnn_lower_sides(l, node, 2, (tnn_dtype[]){dtype, dtype}, 4, sides, err));
    if (is_number(count)) TNN_TRY(number_power(l, dtype, tnn_arg_int(count), &sides[1], err));
    else TNN_TRY(tnn_lower_powers_of_two(l, sides[1], &sides[1], err));
    TNN_TRY(tnn_emit_binary(l, &tnn_tfl_MUL, NULL, sides[0], sides[1], &out, err));
    return tnn_lower_finish(l, node, out, err);
}

static tnn_status lower_shift_right(tnn_lower *l, const tnn_node *node, tnn_error *err) {
    const tnn_arg *count = tnn_node_arg(node, "other");
    tnn_dtype dtype = type_of(node);
    tnn_value *x, *power;
    if (dtype != TNN_DTYPE_I64) return tnn_lower_two_sides(l, node, &tnn_tfl_RIGHT_SHIFT, dtype, dtype, err);
    int64_t n = is_number(count) ? tnn_arg_int(count) : -1;
    if (n < 0 || n > 62 || is_number(&node->args[0]))
        return tnn_lower_refuse(node, err, "TFLite's RIGHT_SHIFT takes up to 32 bits, this is int64; one by a constant "
                                           "can be expressed");
    TNN_TRY(tnn_lower_get_any(l, tnn_node_operand(node, 0), &x, err));
    TNN_TRY(tnn_lower_cast(l, x, dtype, &x, err));
    TNN_TRY(tnn_lower_scalar(l, dtype, (double)((int64_t)1 << n), &power, err));
    TNN_TRY(tnn_lower_divide_int64(l, x, power, true, &x, err));
    return tnn_lower_finish(l, node, x, err);
}

ROW(bitwise_and, lower_and);
ROW(bitwise_or, lower_or);
ROW(bitwise_xor, lower_xor);
ROW(bitwise_left_shift, lower_shift_left);
ROW(bitwise_right_shift, lower_shift_right);
