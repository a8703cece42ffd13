#include "tflite/lower_int64.h"

#include "ir/recipe.h"
#include "ir/tensor.h"
#include "tflite/lower_sides.h"

/* ---- division ----
 *
 * FLOOR_MOD, MUL and SUB have int64 kernels. What is left of a without its remainder is a multiple of b, and its quotient
 * in float32 is known to 22 bits. Taken away, that leaves a multiple with a quotient of 22 bits less: three rounds find
 * all 63 bits. Only the last has to be rounded, for which the sum with 1/2 is rounded down: LiteRT's reference kernels
 * have no ROUND. */

enum { ROUNDS = 3 };

/* The quotient by float32, as an integer. */
static tnn_status estimate(tnn_lower *l, tnn_value *a, tnn_value *b, bool rounds, tnn_value **out, tnn_error *err) {
    tnn_value *x, *y, *half;
    TNN_TRY(tnn_lower_cast(l, a, TNN_DTYPE_F32, &x, err));
    TNN_TRY(tnn_lower_cast(l, b, TNN_DTYPE_F32, &y, err));
    TNN_TRY(tnn_emit_binary(l, &tnn_tfl_DIV, "estimate", x, y, &x, err));
    if (rounds) {
        TNN_TRY(tnn_lower_scalar(l, TNN_DTYPE_F32, 0.5, &half, err));
        TNN_TRY(tnn_emit_binary(l, &tnn_tfl_ADD, "estimate", x, half, &x, err));
        TNN_TRY(tnn_emit_unary(l, &tnn_tfl_FLOOR, "estimate", x, &x, err));
    }
    return tnn_lower_cast(l, x, TNN_DTYPE_I64, out, err);
}

/* a is a multiple of b. */
static tnn_status divide_multiple(tnn_lower *l, tnn_value *a, tnn_value *b, tnn_value **out, tnn_error *err) {
    tnn_value *part, *found;
    TNN_TRY(estimate(l, a, b, false, out, err));
    part = *out;
    for (int round = 2; round <= ROUNDS; round++) {
        TNN_TRY(tnn_emit_binary(l, &tnn_tfl_MUL, "found", part, b, &found, err));
        TNN_TRY(tnn_emit_binary(l, &tnn_tfl_SUB, "left", a, found, &a, err));
        TNN_TRY(estimate(l, a, b, round == ROUNDS, &part, err));
        TNN_TRY(tnn_emit_binary(l, &tnn_tfl_ADD, "quotient", *out, part, out, err));
    }
    return TNN_OK;
}

static tnn_status is_negative(tnn_lower *l, tnn_value *x, tnn_value **out, tnn_error *err) {
    tnn_value *sides[2] = {x};
    TNN_TRY(tnn_lower_scalar(l, x->dtype, 0, &sides[1], err));
    return tnn_emit_typed(l, &tnn_tfl_LESS, "negative", sides, 2, TNN_DTYPE_BOOL, out, err);
}

/* Rounded down, a quotient below zero that is not whole is one too small. */
static tnn_status round_to_zero(tnn_lower *l, tnn_value *a, tnn_value *b, tnn_value *rest, tnn_value **out,
                                tnn_error *err) {
    tnn_value *signs[2], *both[2], *up;
    TNN_TRY(is_negative(l, a, &signs[0], err));
    TNN_TRY(is_negative(l, b, &signs[1], err));
    TNN_TRY(tnn_emit_typed(l, &tnn_tfl_NOT_EQUAL, "below", signs, 2, TNN_DTYPE_BOOL, &both[0], err));
    TNN_TRY(tnn_lower_cast(l, rest, TNN_DTYPE_BOOL, &both[1], err));
    TNN_TRY(tnn_emit_typed(l, &tnn_tfl_LOGICAL_AND, "up", both, 2, TNN_DTYPE_BOOL, &up, err));
    TNN_TRY(tnn_lower_cast(l, up, TNN_DTYPE_I64, &up, err));
    return tnn_emit_binary(l, &tnn_tfl_ADD, NULL, *out, up, out, err);
}

tnn_status tnn_lower_divide_int64(tnn_lower *l, tnn_value *a, tnn_value *b, bool down, tnn_value **out,
                                  tnn_error *err) {
    tnn_value *rest, *multiple;
    TNN_TRY(tnn_emit_binary(l, &tnn_tfl_FLOOR_MOD, "rest", a, b, &rest, err));
    TNN_TRY(tnn_emit_binary(l, &tnn_tfl_SUB, "multiple", a, rest, &multiple, err));
    TNN_TRY(divide_multiple(l, multiple, b, out, err));
    return down ? TNN_OK : round_to_zero(l, a, b, rest, out, err);
}

/* ---- halves ---- */

static tnn_status bitcast(tnn_lower *l, tnn_value *tensor, tnn_dtype dtype, const tnn_box *dims, tnn_value **out,
                          tnn_error *err) {
    tnn_emit e;
    TNN_TRY(tnn_emit_begin(&e, l, &tnn_tfl_BITCAST, err));
    tnn_emit_tensor(&e, tensor);
    return tnn_emit_end(&e, "bits", dtype, dims, out, err);
}

static tnn_status split_elems(tnn_lower *l, const tnn_tensor *whole, const tnn_box *dims, tnn_value **out,
                              tnn_error *err) {
    int32_t *halves = tnn_arena_alloc(l->arena, (size_t)whole->n_elems * 2, sizeof *halves);
    const tnn_recipe *recipe;
    if (halves == NULL) return tnn_fail_nomem(err);
    for (int64_t i = 0; i < whole->n_elems; i++) {
        uint64_t bits = (uint64_t)tnn_tensor_integer(whole, i);
        halves[2 * i] = (int32_t)(uint32_t)bits;
        halves[2 * i + 1] = (int32_t)(uint32_t)(bits >> 32);
    }
    TNN_TRY(tnn_recipe_copy(&recipe, l->arena, halves, TNN_DTYPE_I32, dims->rank, dims->at, err));
    return tnn_lower_constant(l, "bits", recipe, out, err);
}

tnn_status tnn_lower_halves(tnn_lower *l, tnn_value *tensor, tnn_value **out, tnn_error *err) {
    tnn_tensor whole = {0};
    tnn_box dims = tnn_box_of(tensor);
    dims.at[dims.rank++] = 2;
    if (tensor->constant == NULL) return bitcast(l, tensor, TNN_DTYPE_I32, &dims, out, err);
    TNN_TRY(tnn_tensor_from_recipe(&whole, tensor->constant, err));
    tnn_status status = split_elems(l, &whole, &dims, out, err);
    tnn_tensor_clear(&whole);
    return status;
}

tnn_status tnn_lower_whole(tnn_lower *l, tnn_value *halves, tnn_value **out, tnn_error *err) {
    tnn_box dims = tnn_box_of(halves);
    dims.rank--;
    return bitcast(l, halves, TNN_DTYPE_I64, &dims, out, err);
}
