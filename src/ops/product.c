/* Products of matrices: floats in double, integers exact and wrapping around. */
#include "ops/product.h"

#include "base/alloc.h"

static void load_numbers(double *out, const tnn_tensor *tensor, int64_t start, int64_t step, int64_t n) {
    if (tensor->dtype == TNN_DTYPE_F32 && step == 1) {
        const float *elems = (const float *)tensor->data + start;
        for (int64_t i = 0; i < n; i++) out[i] = (double)elems[i];
        return;
    }
    for (int64_t i = 0; i < n; i++) out[i] = tnn_tensor_number(tensor, start + i * step);
}

/* Four sums, so that one addition need not wait for the one before. */
static double dot(const double *a, const double *b, int64_t n) {
    double sums[4] = {0, 0, 0, 0};
    int64_t i = 0;
    for (; i + 4 <= n; i += 4) {
        for (int j = 0; j < 4; j++) sums[j] += a[i + j] * b[i + j];
    }
    for (; i < n; i++) sums[0] += a[i] * b[i];
    return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

/* Column by column of b: each is read once, which matters where b is a large weight. */
static tnn_status run_numbers(const tnn_product *p, tnn_error *err) {
    double *a = tnn_alloc((size_t)(p->m * p->k), sizeof *a), *column = tnn_alloc((size_t)p->k, sizeof *column);
    if (a && column) {
        load_numbers(a, p->a, p->a_start, 1, p->m * p->k);
        for (int64_t n = 0; n < p->n; n++) {
            double bias = p->bias ? tnn_tensor_number(p->bias, n) : 0;
            load_numbers(column, p->b, p->b_start + n * p->b_step_n, p->b_step_k, p->k);
            for (int64_t m = 0; m < p->m; m++) {
                double sum = dot(a + m * p->k, column, p->k) + bias;
                tnn_tensor_set_number(p->out, p->out_start + m * p->n + n, sum);
            }
        }
    }
    tnn_status status = a && column ? TNN_OK : tnn_fail_nomem(err);
    tnn_free(a);
    tnn_free(column);
    return status;
}

static int64_t integer_sum(const tnn_product *p, int64_t m, int64_t n) {
    uint64_t sum = p->bias ? (uint64_t)tnn_tensor_integer(p->bias, n) : 0;
    for (int64_t k = 0; k < p->k; k++) {
        sum += (uint64_t)tnn_tensor_integer(p->a, p->a_start + m * p->k + k) *
               (uint64_t)tnn_tensor_integer(p->b, p->b_start + k * p->b_step_k + n * p->b_step_n);
    }
    return (int64_t)sum;
}

tnn_status tnn_product_run(const tnn_product *p, tnn_error *err) {
    if (tnn_dtype_is_float(p->out->dtype)) return run_numbers(p, err);
    for (int64_t m = 0; m < p->m; m++) {
        for (int64_t n = 0; n < p->n; n++) {
            tnn_tensor_set_integer(p->out, p->out_start + m * p->n + n, integer_sum(p, m, n));
        }
    }
    return TNN_OK;
}
