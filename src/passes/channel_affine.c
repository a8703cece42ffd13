#include "passes/channel_affine.h"

#include <math.h>

#include "base/alloc.h"
#include "ir/elems.h"
#include "ops/list.h"

/* The numbers of a constant [n], or `otherwise` n times when the operand is absent; NULL when it is neither. */
static tnn_status vector_of(double **out, const tnn_node *node, const char *name, int64_t n, double otherwise,
                            tnn_error *err) {
    const tnn_value *value = tnn_arg_tensor(tnn_node_arg(node, name));
    tnn_arena *arena = node->graph->model->arena;
    *out = NULL;
    if (value) {
        if (!value->constant || tnn_recipe_count(value->constant) != n) return TNN_OK;
        return tnn_recipe_numbers(out, arena, value->constant, err);
    }
    double *numbers = TNN_NEW_ARRAY(arena, (size_t)n, double);
    if (!numbers) return tnn_fail_nomem(err);
    for (int64_t i = 0; i < n; i++) numbers[i] = otherwise;
    *out = numbers;
    return TNN_OK;
}

/* Inference on given statistics, of a float type, with a fixed number of channels. */
static bool is_fixed(const tnn_node *node) {
    const tnn_value *input = node->args[0].as.tensor;
    return node->activation == TNN_ACT_NONE && !tnn_arg_bool(tnn_node_arg(node, "training")) &&
           tnn_dtype_is_float(input->dtype) && input->shape.rank >= 2 && !input->shape.dims[1].expr &&
           tnn_arg_tensor(tnn_node_arg(node, "running_mean")) && tnn_arg_tensor(tnn_node_arg(node, "running_var"));
}

tnn_status tnn_channel_affine_of(tnn_channel_affine *out, bool *known, const tnn_node *batch_norm, tnn_error *err) {
    double *weight, *bias, *mean, *variance;
    *known = false;
    if (!is_fixed(batch_norm)) return TNN_OK;
    int64_t n = batch_norm->args[0].as.tensor->shape.dims[1].hint;
    double eps = tnn_arg_number(tnn_node_arg(batch_norm, "eps"));
    TNN_TRY(vector_of(&weight, batch_norm, "weight", n, 1, err));
    TNN_TRY(vector_of(&bias, batch_norm, "bias", n, 0, err));
    TNN_TRY(vector_of(&mean, batch_norm, "running_mean", n, 0, err));
    TNN_TRY(vector_of(&variance, batch_norm, "running_var", n, 1, err));
    if (!weight || !bias || !mean || !variance) return TNN_OK;
    for (int64_t i = 0; i < n; i++) {
        double result = bias[i];
        weight[i] /= sqrt(variance[i] + eps);
        bias[i] -= mean[i] * weight[i];
        mean[i] = result;
        variance[i] = fabs(weight[i]) * sqrt(variance[i]);
    }
    *known = true;
    *out = (tnn_channel_affine){n, weight, bias, mean, variance};
    return TNN_OK;
}

bool tnn_channel_affine_shifts(const tnn_channel_affine *affine) {
    for (int64_t i = 0; i < affine->n; i++) {
        if (affine->shift[i] != 0) return true;
    }
    return false;
}

tnn_status tnn_scale_outer(const tnn_recipe **out, tnn_arena *arena, const tnn_recipe *weight, const double *scale,
                           tnn_error *err) {
    return tnn_recipe_affine(out, arena, weight, 0, scale, NULL, err);
}

/* The elements behind the first two dimensions. */
static int64_t rest_of(const tnn_recipe *weight) {
    int64_t rest = 1;
    for (uint8_t i = 2; i < weight->rank; i++) rest *= weight->dims[i];
    return rest;
}

/* [a, b, c, d] becomes [a, c, b, d]. */
static tnn_status swap_middle(const tnn_recipe **out, tnn_arena *arena, const tnn_recipe *child, const int64_t *abcd,
                              tnn_error *err) {
    static const uint8_t order[] = {0, 2, 1, 3};
    TNN_TRY(tnn_recipe_reshape(&child, arena, child, 4, abcd, err));
    return tnn_recipe_permute(out, arena, child, order, err);
}

/* Groups apart, channels to the front, scale, and back: the recipe folds all of it into strides. */
tnn_status tnn_scale_inner(const tnn_recipe **out, tnn_arena *arena, const tnn_recipe *weight, int64_t groups,
                           const double *scale, tnn_error *err) {
    if (groups == 1) return tnn_recipe_affine(out, arena, weight, 1, scale, NULL, err);
    int64_t p = weight->dims[0] / groups, q = weight->dims[1], rest = rest_of(weight);
    const int64_t apart[] = {groups, p, q, rest}, flat[] = {groups * q, p * rest}, back[] = {groups, q, p, rest};
    const tnn_recipe *step;
    TNN_TRY(swap_middle(&step, arena, weight, apart, err));
    TNN_TRY(tnn_recipe_reshape(&step, arena, step, 2, flat, err));
    TNN_TRY(tnn_recipe_affine(&step, arena, step, 0, scale, NULL, err));
    TNN_TRY(swap_middle(&step, arena, step, back, err));
    return tnn_recipe_reshape(out, arena, step, weight->rank, weight->dims, err);
}

/* Of float32 without taps, where most of the weights are: four sums at a time keep the processor busy. */
static double dot_of_floats(const float *row, int64_t q, const double *shift) {
    double sums[4] = {0};
    int64_t i = 0;
    for (; i + 4 <= q; i += 4)
        for (int64_t k = 0; k < 4; k++) sums[k] += (double)row[i + k] * shift[i + k];
    for (; i < q; i++) sums[0] += (double)row[i] * shift[i];
    return sums[0] + sums[1] + sums[2] + sums[3];
}

static double shifted_sum(const void *row, tnn_dtype dtype, int64_t q, int64_t rest, const double *shift) {
    double sum = 0;
    if (dtype == TNN_DTYPE_F32 && rest == 1) return dot_of_floats(row, q, shift);
    for (int64_t i = 0; i < q; i++) {
        double taps = 0;
        for (int64_t k = 0; k < rest; k++) taps += tnn_elem_number(row, dtype, i * rest + k);
        sum += taps * shift[i];
    }
    return sum;
}

tnn_status tnn_add_shift_sums(double *sums, const tnn_recipe *weight, int64_t groups, const double *shift,
                              tnn_error *err) {
    int64_t rows = weight->dims[0], q = weight->dims[1], rest = rest_of(weight);
    void *row = tnn_alloc((size_t)(q * rest), tnn_dtype_bytes(weight->dtype));
    tnn_status status = row ? TNN_OK : tnn_fail_nomem(err);
    for (int64_t i = 0; status == TNN_OK && i < rows; i++) {
        status = tnn_recipe_read(weight, i * q * rest, q * rest, row, err);
        if (status != TNN_OK) break;
        sums[i] += shifted_sum(row, weight->dtype, q, rest, shift + i / (rows / groups) * q);
    }
    tnn_free(row);
    return status;
}
