/* Taking tensors apart and putting them together. */
#include "ir/recipe.h"
#include "tflite/lower_conv.h"

static tnn_status split_constant(tnn_lower *l, const tnn_value *x, uint8_t axis, int64_t n_parts, tnn_value **parts,
                                 tnn_error *err) {
    int64_t length = tnn_box_of(x).at[axis] / n_parts;
    for (int64_t g = 0; g < n_parts; g++) {
        const tnn_recipe *recipe;
        TNN_TRY(tnn_recipe_slice(&recipe, l->arena, x->constant, axis, g * length, length, 1, err));
        TNN_TRY(tnn_lower_constant(l, "part", recipe, &parts[g], err));
    }
    return TNN_OK;
}

tnn_status tnn_lower_split(tnn_lower *l, tnn_value *x, uint8_t axis, int64_t n_parts, tnn_value ***out,
                           tnn_error *err) {
    tnn_value **parts = TNN_NEW_ARRAY(l->arena, (size_t)n_parts, tnn_value *);
    if (parts == NULL) return tnn_fail_nomem(err);
    *out = parts;
    if (x->constant != NULL) return split_constant(l, x, axis, n_parts, parts, err);
    tnn_value *axis_tensor;
    tnn_box dims = tnn_box_of(x);
    dims.at[axis] /= n_parts;
    tnn_emit e;
    TNN_TRY(tnn_lower_scalar(l, TNN_DTYPE_I32, axis, &axis_tensor, err));
    TNN_TRY(tnn_emit_begin(&e, l, &tnn_tfl_SPLIT, err));
    tnn_emit_tensor(&e, axis_tensor);
    tnn_emit_tensor(&e, x);
    tnn_emit_int(&e, "num_splits", n_parts);
    return tnn_emit_end_many(&e, "split", x->dtype, &dims, parts, (size_t)n_parts, err);
}

static tnn_status emit_concat(tnn_lower *l, tnn_value **parts, size_t n_parts, uint8_t axis, const char *suffix,
                              tnn_value **out, tnn_error *err) {
    tnn_box dims = tnn_box_of(parts[0]);
    dims.at[axis] = 0;
    for (size_t i = 0; i < n_parts; i++) dims.at[axis] += tnn_box_of(parts[i]).at[axis];
    tnn_emit e;
    TNN_TRY(tnn_emit_begin(&e, l, &tnn_tfl_CONCATENATION, err));
    tnn_emit_tensors(&e, parts, n_parts);
    tnn_emit_int(&e, "axis", axis);
    return tnn_emit_end(&e, suffix, parts[0]->dtype, &dims, out, err);
}

/* Every `most` neighbours become one. */
static tnn_status join_neighbours(tnn_lower *l, tnn_value **parts, size_t *n_parts, size_t most, uint8_t axis,
                                  tnn_error *err) {
    size_t n = 0;
    for (size_t i = 0; i < *n_parts; i += most) {
        size_t count = *n_parts - i < most ? *n_parts - i : most;
        if (count == 1) parts[n] = parts[i];
        else TNN_TRY(emit_concat(l, &parts[i], count, axis, "part", &parts[n], err));
        n++;
    }
    *n_parts = n;
    return TNN_OK;
}

tnn_status tnn_lower_concat(tnn_lower *l, tnn_value **parts, size_t n_parts, uint8_t axis, const char *suffix,
                            tnn_value **out, tnn_error *err) {
    size_t most = l->options.max_concat_inputs;
    while (most > 0 && n_parts > most) TNN_TRY(join_neighbours(l, parts, &n_parts, most, axis, err));
    return emit_concat(l, parts, n_parts, axis, suffix, out, err);
}

tnn_status tnn_lower_crop(tnn_lower *l, tnn_value *x, const int64_t *begin, const tnn_box *dims,
                          const char *suffix, tnn_value **out, tnn_error *err) {
    tnn_box one = {.rank = 1, .at = {dims->rank}};
    tnn_value *begins, *sizes;
    tnn_emit e;
    TNN_TRY(tnn_lower_ints(l, "begin", begin, &one, &begins, err));
    TNN_TRY(tnn_lower_ints(l, "size", dims->at, &one, &sizes, err));
    TNN_TRY(tnn_emit_begin(&e, l, &tnn_tfl_SLICE, err));
    tnn_emit_tensor(&e, x);
    tnn_emit_tensor(&e, begins);
    tnn_emit_tensor(&e, sizes);
    return tnn_emit_end(&e, suffix, x->dtype, dims, out, err);
}

static tnn_status emit_strided(tnn_lower *l, tnn_value *x, uint8_t axis, const int64_t *begin, const int64_t *end,
                               int64_t step, const tnn_box *dims, const char *suffix, tnn_value **out,
                               tnn_error *err) {
    tnn_box one = {.rank = 1, .at = {dims->rank}};
    int64_t steps[TNN_MAX_RANK];
    for (uint8_t k = 0; k < dims->rank; k++) steps[k] = k == axis ? step : 1;
    tnn_value *begins, *ends, *strides;
    tnn_emit e;
    TNN_TRY(tnn_lower_ints(l, "begin", begin, &one, &begins, err));
    TNN_TRY(tnn_lower_ints(l, "end", end, &one, &ends, err));
    TNN_TRY(tnn_lower_ints(l, "strides", steps, &one, &strides, err));
    TNN_TRY(tnn_emit_begin(&e, l, &tnn_tfl_STRIDED_SLICE, err));
    tnn_emit_tensor(&e, x);
    tnn_emit_tensor(&e, begins);
    tnn_emit_tensor(&e, ends);
    tnn_emit_tensor(&e, strides);
    return tnn_emit_end(&e, suffix, x->dtype, dims, out, err);
}

tnn_status tnn_lower_slice(tnn_lower *l, tnn_value *x, uint8_t axis, int64_t start, int64_t length, int64_t step,
                           const char *suffix, tnn_value **out, tnn_error *err) {
    tnn_box dims = tnn_box_of(x);
    int64_t begin[TNN_MAX_RANK] = {0}, end[TNN_MAX_RANK];
    for (uint8_t k = 0; k < dims.rank; k++) end[k] = dims.at[k];
    begin[axis] = start;
    end[axis] = length == 0 ? start : start + (length - 1) * step + 1;
    dims.at[axis] = length;
    if (step == 1) return tnn_lower_crop(l, x, begin, &dims, suffix, out, err);
    return emit_strided(l, x, axis, begin, end, step, &dims, suffix, out, err);
}
