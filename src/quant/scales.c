#include "quant/scales.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "ir/recipe.h"

#define TILE_ELEMS 65536

tnn_status tnn_quant_one(const tnn_quant **out, tnn_arena *arena, tnn_dtype dtype, float scale, int64_t zero_point,
                         tnn_error *err) {
    tnn_quant *quant = TNN_NEW(arena, tnn_quant);
    float *scales = TNN_NEW(arena, float);
    int64_t *zero_points = TNN_NEW(arena, int64_t);
    if (quant == NULL || scales == NULL || zero_points == NULL) return tnn_fail_nomem(err);
    *scales = scale;
    *zero_points = zero_point;
    *quant = (tnn_quant){.dtype = dtype, .n = 1, .scale = scales, .zero_point = zero_points};
    *out = quant;
    return TNN_OK;
}

tnn_status tnn_quant_of_range(const tnn_quant **out, tnn_arena *arena, double low, double high, tnn_error *err) {
    low = low < 0 ? low : 0;
    high = high > 0 ? high : 0;
    float scale = (float)((high - low) / 255);
    if (!(scale >= FLT_MIN) || !isfinite(scale)) scale = 1;
    double zero = rint(-128 - low / (double)scale);
    return tnn_quant_one(out, arena, TNN_DTYPE_I8, scale, (int64_t)fmin(fmax(zero, -128), 127), err);
}

bool tnn_quant_equal(const tnn_quant *a, const tnn_quant *b) {
    if (a == b) return true;
    return a->dtype == b->dtype && a->is_int4 == b->is_int4 && a->n == b->n && a->axis == b->axis &&
           memcmp(a->scale, b->scale, a->n * sizeof *a->scale) == 0 &&
           memcmp(a->zero_point, b->zero_point, a->n * sizeof *a->zero_point) == 0;
}

/* ---- constants ---- */

/* Called with elements [start, start + count). */
typedef void tile_fn(void *context, const float *tile, int64_t start, int64_t count);

static tnn_status for_each_tile(const tnn_recipe *recipe, tile_fn *fn, void *context, tnn_error *err) {
    int64_t n = tnn_recipe_count(recipe);
    float *tile = tnn_alloc(TILE_ELEMS, sizeof *tile);
    tnn_status status = tile != NULL ? TNN_OK : tnn_fail_nomem(err);
    for (int64_t start = 0; status == TNN_OK && start < n; start += TILE_ELEMS) {
        int64_t count = n - start < TILE_ELEMS ? n - start : TILE_ELEMS;
        status = tnn_recipe_read(recipe, start, count, tile, err);
        if (status == TNN_OK) fn(context, tile, start, count);
    }
    tnn_free(tile);
    tnn_recipe_release(recipe);
    return status;
}

typedef struct extent {
    float low, high;
} extent;

static void widen(void *context, const float *tile, int64_t start, int64_t count) {
    extent *e = context;
    (void)start;
    for (int64_t i = 0; i < count; i++) {
        e->low = tile[i] < e->low ? tile[i] : e->low;
        e->high = tile[i] > e->high ? tile[i] : e->high;
    }
}

tnn_status tnn_quant_extent(const tnn_recipe *recipe, float *low, float *high, tnn_error *err) {
    extent e = {INFINITY, -INFINITY};
    TNN_TRY(for_each_tile(recipe, widen, &e, err));
    *low = e.low <= e.high ? e.low : 0;
    *high = e.low <= e.high ? e.high : 0;
    return TNN_OK;
}

/* Largest magnitudes, by index of one dimension. */
typedef struct magnitudes {
    float *largest;
    int64_t n, inner; /* sizes of the dimension and of all behind it */
} magnitudes;

static void add_magnitudes(void *context, const float *tile, int64_t start, int64_t count) {
    magnitudes *m = context;
    for (int64_t i = 0; i < count;) {
        int64_t at = start + i, run = m->inner - at % m->inner;
        float *largest = &m->largest[at / m->inner % m->n];
        for (run = run < count - i ? run : count - i; run > 0; run--, i++) {
            float x = fabsf(tile[i]);
            *largest = x > *largest ? x : *largest;
        }
    }
}

int32_t tnn_quant_weight_limit(const tnn_quant *quant) { return quant->is_int4 ? 7 : 127; }

tnn_status tnn_quant_of_weights(tnn_quant **out, tnn_arena *arena, const tnn_recipe *weights, tnn_weight_form form,
                                tnn_error *err) {
    magnitudes m = {.n = form.per_tensor ? 1 : weights->dims[form.axis], .inner = 1};
    for (uint8_t d = (uint8_t)(form.axis + 1); !form.per_tensor && d < weights->rank; d++) m.inner *= weights->dims[d];
    tnn_quant *quant = TNN_NEW(arena, tnn_quant);
    m.largest = TNN_NEW_ARRAY(arena, (size_t)m.n, float);
    int64_t *zero_point = TNN_NEW_ARRAY(arena, (size_t)m.n, int64_t);
    if (quant == NULL || m.largest == NULL || zero_point == NULL) return tnn_fail_nomem(err);
    TNN_TRY(for_each_tile(weights, add_magnitudes, &m, err));
    *quant = (tnn_quant){TNN_DTYPE_I8, form.per_tensor ? 0 : form.axis, (uint32_t)m.n, m.largest, zero_point, form.is_int4};
    for (int64_t i = 0; i < m.n; i++) m.largest[i] /= (float)tnn_quant_weight_limit(quant);
    *out = quant;
    return TNN_OK;
}

/* ---- recipes ---- */

typedef struct limits {
    int32_t low, high;
} limits;

/* Symmetric integers leave out the lowest one. */
static limits limits_of(const tnn_quant *quant) {
    bool symmetric = quant->n > 1 || quant->zero_point[0] == 0;
    if (quant->is_int4) return (limits){-tnn_quant_weight_limit(quant), tnn_quant_weight_limit(quant)};
    switch (quant->dtype) {
    case TNN_DTYPE_U8: return (limits){0, 255};
    case TNN_DTYPE_I16: return (limits){-32768, 32767};
    case TNN_DTYPE_I32: return (limits){-INT32_MAX, INT32_MAX};
    case TNN_DTYPE_I8: case TNN_DTYPE_NONE: case TNN_DTYPE_BOOL: case TNN_DTYPE_I64: case TNN_DTYPE_F16:
    case TNN_DTYPE_BF16: case TNN_DTYPE_F32: case TNN_DTYPE_F64: case TNN_DTYPE_COUNT: break;
    }
    return (limits){symmetric ? -127 : -128, 127};
}

tnn_status tnn_quant_recipe(const tnn_recipe **out, tnn_arena *arena, const tnn_recipe *recipe, const tnn_quant *quant,
                            tnn_error *err) {
    limits range = limits_of(quant);
    const tnn_recipe *child = recipe;
    if (recipe->rank == 0) TNN_TRY(tnn_recipe_reshape(&child, arena, recipe, 1, (int64_t[]){1}, err));
    uint8_t axis = quant->n > 1 ? quant->axis : 0;
    size_t n = (size_t)child->dims[axis];
    double *scale = TNN_NEW_ARRAY(arena, n, double), *shift = TNN_NEW_ARRAY(arena, n, double);
    if (scale == NULL || shift == NULL) return tnn_fail_nomem(err);
    for (size_t i = 0; i < n; i++) {
        size_t k = quant->n > 1 ? i : 0;
        scale[i] = (double)quant->scale[k];
        shift[i] = (double)quant->zero_point[k];
    }
    TNN_TRY(tnn_recipe_quantize(out, arena, child, quant->dtype, axis, scale, shift, range.low, range.high, err));
    return recipe->rank == 0 ? tnn_recipe_reshape(out, arena, *out, 0, NULL, err) : TNN_OK;
}
