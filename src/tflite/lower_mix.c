/* One dimension multiplied by a constant matrix. */
#include "ir/recipe.h"
#include "tflite/lower_conv.h"

/* x seen as [outer, in, inner], multiplied from the left. */
tnn_status tnn_lower_mix_axis(tnn_lower *l, tnn_value *x, uint8_t axis, const float *matrix, int64_t n_out,
                              const char *suffix, tnn_value **out, tnn_error *err) {
    tnn_box dims = tnn_box_of(x), flat = {3, {1, dims.at[axis], 1}}, sides = {3, {1, n_out, dims.at[axis]}};
    const tnn_recipe *recipe;
    tnn_value *factor;
    tnn_emit e;
    for (uint8_t k = 0; k < axis; k++) flat.at[0] *= dims.at[k];
    for (uint8_t k = (uint8_t)(axis + 1); k < dims.rank; k++) flat.at[2] *= dims.at[k];
    TNN_TRY(tnn_recipe_copy(&recipe, l->arena, matrix, TNN_DTYPE_F32, sides.rank, sides.at, err));
    TNN_TRY(tnn_lower_constant(l, suffix, recipe, &factor, err));
    TNN_TRY(tnn_lower_reshape(l, x, &flat, &x, err));
    flat.at[1] = n_out;
    dims.at[axis] = n_out;
    TNN_TRY(tnn_emit_begin(&e, l, &tnn_tfl_BATCH_MATMUL, err));
    tnn_emit_tensor(&e, factor);
    tnn_emit_tensor(&e, x);
    TNN_TRY(tnn_emit_end(&e, suffix, TNN_DTYPE_F32, &flat, &x, err));
    return tnn_lower_reshape(l, x, &dims, out, err);
}
