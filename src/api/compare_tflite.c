/* tnn_comparison: the model's numbers by the engine, or by the reference kernels where those in between are wanted, and
 * the file's by its kernels. The file may hold a tensor in another order of dimensions. Of inputs and outputs the layout
 * says which; of tensors in between all orders that the shape allows are tried, and the nearest counts. */
#include "tinynn/compare.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/arena.h"
#include "ir/elems.h"
#include "tinynn/run.h"
#include "tinynn/run_tflite.h"

typedef uint8_t dim_order[TINYNN_MAX_RANK]; /* of each dimension in the file, the model's */

/* Sums over the elements of all inputs so far. */
typedef struct error_sums {
    double max_error, max_expected;
    double expected_2, error_2, got_2, product;
} error_sums;

typedef struct compare_row {
    const char *name;
    size_t tensor; /* of the file */
    bool is_output;
    error_sums sums;
} compare_row;

struct tnn_comparison {
    const tnn_model *model;
    tnn_compare_options options;
    tnn_tflite_program *program;
    tnn_runner *runner;
    tnn_arena *arena;
    compare_row *rows; /* outputs, then tensors */
    size_t n_rows, n_outputs;
    tnn_array *inputs, *outputs; /* of the file's inputs, of the model's outputs: with memory */
};

tnn_compare_options tnn_compare_options_default(void) {
    return (tnn_compare_options){.tolerance = 1e-4, .layout = TNN_LAYOUT_NHWC};
}

/* ---- orders of dimensions ---- */

static bool fits(const int64_t *in_file, const int64_t *in_model, uint8_t rank, const uint8_t *order) {
    for (uint8_t k = 0; k < rank; k++)
        if (in_file[k] != in_model[order[k]]) return false;
    return true;
}

/* The order of an input or output. False when there is none. */
static bool border_order(const tnn_array *file, const tnn_array *model, tnn_io_layout layout, dim_order order) {
    static const dim_order plain = {0, 1, 2, 3, 4, 5, 6, 7}, last = {0, 2, 3, 1};
    const uint8_t *first = layout == TNN_LAYOUT_NHWC && model->rank == 4 ? last : plain;
    const uint8_t *second = first == last || model->rank != 4 ? plain : last;
    if (file->rank != model->rank) return false;
    const uint8_t *found = fits(file->dims, model->dims, model->rank, first) ? first : second;
    memcpy(order, found, sizeof(dim_order));
    return fits(file->dims, model->dims, model->rank, found);
}

static void swap_dims(uint8_t *order, int a, int b) {
    uint8_t dim = order[a];
    order[a] = order[b];
    order[b] = dim;
}

/* The next order in the sequence of the dictionary; false after the last. */
static bool next_order(uint8_t *order, int rank) {
    int k = rank - 2, m = rank - 1;
    while (k >= 0 && order[k] > order[k + 1]) k--;
    if (k < 0) return false;
    while (order[m] < order[k]) m--;
    swap_dims(order, k, m);
    for (int a = k + 1, b = rank - 1; a < b; a++, b--) swap_dims(order, a, b);
    return true;
}

/* Where element `i` of the file's array lies in the model's. */
static int64_t place_in_model(const tnn_array *file, const int64_t *model_dims, const uint8_t *order, int64_t i) {
    int64_t steps[TINYNN_MAX_RANK], step = 1, at = 0;
    for (uint8_t k = file->rank; k-- > 0; step *= model_dims[k]) steps[k] = step;
    for (uint8_t k = file->rank; k-- > 0; i /= file->dims[k]) at += i % file->dims[k] * steps[order[k]];
    return at;
}

static int64_t count(const tnn_array *array) {
    int64_t n = 1;
    for (uint8_t k = 0; k < array->rank; k++) n *= array->dims[k];
    return n;
}

/* ---- differences ---- */

static bool stands_for_reals(const tnn_array *array, const tnn_tflite_scale *scale) {
    bool is_small = array->dtype == TNN_DTYPE_I8 || array->dtype == TNN_DTYPE_U8 || array->dtype == TNN_DTYPE_I16;
    return is_small && scale->scale > 0;
}

static double real_number(const tnn_array *array, const tnn_tflite_scale *scale, int64_t i) {
    double stored = tnn_elem_number(array->data, array->dtype, i);
    return stands_for_reals(array, scale) ? (stored - scale->zero_point) * (double)scale->scale : stored;
}

/* As QUANTIZE does. */
static double stored_number(tnn_dtype dtype, const tnn_tflite_scale *scale, double real) {
    double half = dtype == TNN_DTYPE_I16 ? 32768 : 128, least = dtype == TNN_DTYPE_U8 ? 0 : -half;
    return fmin(fmax(round(real / (double)scale->scale) + scale->zero_point, least), least + 2 * half - 1);
}

static void add_element(error_sums *sums, double expected, double got) {
    if (!isfinite(expected) && (expected == got || (isnan(expected) && isnan(got)))) return;
    double error = fabs(expected - got);
    sums->max_error = error <= sums->max_error ? sums->max_error : isnan(error) ? INFINITY : error;
    sums->max_expected = fmax(sums->max_expected, fabs(expected));
    sums->expected_2 += expected * expected;
    sums->error_2 += error * error;
    sums->got_2 += got * got;
    sums->product += expected * got;
}

static void add_array(error_sums *sums, const tnn_array *expected, const tnn_array *got, const tnn_tflite_scale *scale,
                      const uint8_t *order) {
    for (int64_t i = 0, n = count(got); i < n; i++)
        add_element(sums, tnn_elem_number(expected->data, expected->dtype, place_in_model(got, expected->dims, order, i)),
                    real_number(got, scale, i));
}

/* By the order that gives the smallest error. False when no order fits. */
static bool add_nearest(error_sums *sums, const tnn_array *expected, const tnn_array *got, const tnn_tflite_scale *scale) {
    dim_order order = {0, 1, 2, 3, 4, 5, 6, 7};
    error_sums best = {0};
    bool found = false;
    if (expected->rank != got->rank) return false;
    do {
        if (!fits(got->dims, expected->dims, got->rank, order)) continue;
        error_sums tried = *sums;
        add_array(&tried, expected, got, scale, order);
        if (!found || tried.error_2 < best.error_2) best = tried;
        found = true;
    } while (next_order(order, got->rank));
    if (found) *sums = best;
    return found;
}

tnn_difference tnn_comparison_at(const tnn_comparison *comparison, size_t index) {
    tnn_tflite_scale scale;
    const compare_row *row = &comparison->rows[index];
    const error_sums *s = &row->sums;
    tnn_difference d = {.name = row->name, .is_output = row->is_output, .max_error = s->max_error, .cosine = 1};
    d.dtype = tnn_tflite_tensor(comparison->program, row->tensor, &scale).array.dtype;
    d.relative = s->max_expected > 0 ? s->max_error / s->max_expected : s->max_error;
    d.snr = s->error_2 == 0 ? INFINITY : 10 * log10(s->expected_2 / s->error_2);
    double lengths = sqrt(s->expected_2) * sqrt(s->got_2);
    if (lengths > 0) d.cosine = s->product / lengths;
    else d.cosine = s->max_error == 0;
    d.departs = !(d.relative <= comparison->options.tolerance);
    return d;
}

size_t tnn_comparison_count(const tnn_comparison *comparison) { return comparison->n_rows; }

/* ---- running ---- */

/* The model's input in the file's order and type. */
static tnn_status fill_input(const tnn_comparison *c, size_t i, const tnn_array *from, tnn_error *err) {
    tnn_array *to = &c->inputs[i];
    tnn_tflite_scale scale;
    dim_order order;
    (void)tnn_tflite_tensor(c->program, tnn_tflite_input_tensor(c->program, i), &scale);
    if (!border_order(to, from, c->options.layout, order))
        return tnn_fail(err, TNN_ERR_INVALID, tnn_model_input(c->model, i).name, "the file's input has another shape");
    for (int64_t k = 0, n = count(to); k < n; k++) {
        int64_t at = place_in_model(to, from->dims, order, k);
        if (tnn_dtype_is_float(from->dtype)) {
            double real = tnn_elem_number(from->data, from->dtype, at);
            tnn_elem_set_number(to->data, to->dtype, k,
                                stands_for_reals(to, &scale) ? stored_number(to->dtype, &scale, real) : real);
        } else tnn_elem_set_integer(to->data, to->dtype, k, tnn_elem_integer(from->data, from->dtype, at));
    }
    return TNN_OK;
}

static tnn_status add_outputs(tnn_comparison *c, tnn_error *err) {
    for (size_t i = 0; i < c->n_outputs; i++) {
        tnn_tflite_scale scale;
        tnn_named_array got = tnn_tflite_tensor(c->program, c->rows[i].tensor, &scale);
        dim_order order;
        if (!border_order(&got.array, &c->outputs[i], c->options.layout, order))
            return tnn_fail(err, TNN_ERR_INVALID, c->rows[i].name, "the file's output has another shape");
        add_array(&c->rows[i].sums, &c->outputs[i], &got.array, &scale, order);
    }
    return TNN_OK;
}

static const tnn_array *value_of(const tnn_arrays *values, const char *name) {
    for (size_t i = 0; i < values->n; i++)
        if (strcmp(values->items[i].name, name) == 0) return &values->items[i].array;
    return NULL;
}

static bool is_output(const tnn_comparison *c, size_t tensor) {
    for (size_t i = 0; i < c->n_outputs; i++)
        if (c->rows[i].tensor == tensor) return true;
    return false;
}

/* Tensors of the file that the model computes under the same name. */
static void add_tensors(tnn_comparison *c, const tnn_arrays *values) {
    size_t row = c->n_outputs;
    for (size_t t = 0; t < tnn_tflite_n_tensors(c->program); t++) {
        tnn_tflite_scale scale;
        tnn_named_array got = tnn_tflite_tensor(c->program, t, &scale);
        const tnn_array *expected = value_of(values, got.name);
        if (got.array.data == NULL || expected == NULL || is_output(c, t)) continue;
        compare_row *r = &c->rows[row];
        r->name = got.name;
        r->tensor = t;
        if (add_nearest(&r->sums, expected, &got.array, &scale)) row++;
    }
    c->n_rows = row;
}

static tnn_status run_model(tnn_comparison *c, const tnn_array *inputs, tnn_error *err) {
    if (c->runner != NULL) return tnn_runner_run(c->runner, inputs, c->outputs, err);
    return tnn_model_run(c->model, inputs, c->outputs, err);
}

static tnn_status check_input(const tnn_comparison *c, size_t i, const tnn_array *array, tnn_error *err) {
    tnn_value_info info = tnn_model_input(c->model, i);
    bool same = array->dtype == info.dtype && array->rank == info.rank;
    for (uint8_t k = 0; k < info.rank && same; k++) same = array->dims[k] == info.dims[k];
    return same ? TNN_OK : tnn_fail(err, TNN_ERR_INVALID, info.name, "the array has another type or shape");
}

tnn_status tnn_comparison_add(tnn_comparison *c, const tnn_array *inputs, tnn_error *err) {
    for (size_t i = 0; i < tnn_model_n_inputs(c->model); i++) {
        TNN_TRY(check_input(c, i, &inputs[i], err));
        TNN_TRY(fill_input(c, i, &inputs[i], err));
    }
    TNN_TRY(run_model(c, inputs, err));
    TNN_TRY(tnn_tflite_run(c->program, c->inputs, c->options.tensors, err));
    TNN_TRY(add_outputs(c, err));
    if (!c->options.tensors) return TNN_OK;
    tnn_arrays values;
    TNN_TRY(tnn_model_run_values(c->model, inputs, NULL, 0, &values, err));
    add_tensors(c, &values);
    tnn_arrays_free(&values);
    return TNN_OK;
}

/* ---- making ---- */

static tnn_status make_array(tnn_comparison *c, tnn_array *array, const tnn_value_info *info, tnn_error *err) {
    *array = (tnn_array){.dtype = info->dtype, .rank = info->rank};
    memcpy(array->dims, info->dims, sizeof array->dims);
    array->data = tnn_arena_alloc(c->arena, (size_t)count(array), tnn_dtype_bytes(info->dtype));
    return array->data == NULL ? tnn_fail_nomem(err) : TNN_OK;
}

static tnn_status check_counts(const tnn_comparison *c, const char *tflite, tnn_error *err) {
    size_t n_in = tnn_tflite_n_inputs(c->program), n_out = tnn_tflite_n_outputs(c->program);
    if (n_in == tnn_model_n_inputs(c->model) && n_out == tnn_model_n_outputs(c->model)) return TNN_OK;
    return tnn_fail(err, TNN_ERR_INVALID, tflite, "has %zu inputs and %zu outputs, the model %zu and %zu", n_in, n_out,
                    tnn_model_n_inputs(c->model), tnn_model_n_outputs(c->model));
}

static tnn_status make_arrays(tnn_comparison *c, tnn_error *err) {
    size_t n_in = tnn_model_n_inputs(c->model);
    c->n_rows = c->n_outputs = tnn_model_n_outputs(c->model);
    c->inputs = TNN_NEW_ARRAY(c->arena, n_in, tnn_array);
    c->outputs = TNN_NEW_ARRAY(c->arena, c->n_outputs, tnn_array);
    c->rows = TNN_NEW_ARRAY(c->arena, c->n_outputs + tnn_tflite_n_tensors(c->program) + 1, compare_row);
    if (c->inputs == NULL || c->outputs == NULL || c->rows == NULL) return tnn_fail_nomem(err);
    for (size_t i = 0; i < n_in; i++) {
        tnn_value_info info = tnn_tflite_input(c->program, i);
        TNN_TRY(make_array(c, &c->inputs[i], &info, err));
    }
    for (size_t i = 0; i < c->n_outputs; i++) {
        tnn_value_info info = tnn_model_output(c->model, i);
        TNN_TRY(make_array(c, &c->outputs[i], &info, err));
        c->rows[i] = (compare_row){
            .name = info.name, .tensor = tnn_tflite_output_tensor(c->program, i), .is_output = true};
    }
    return TNN_OK;
}

static tnn_status begin(tnn_comparison *c, const char *tflite, tnn_error *err) {
    c->arena = tnn_arena_new();
    if (c->arena == NULL) return tnn_fail_nomem(err);
    TNN_TRY(tnn_tflite_load(&c->program, tflite, err));
    TNN_TRY(check_counts(c, tflite, err));
    TNN_TRY(make_arrays(c, err));
    return c->options.tensors ? TNN_OK : tnn_runner_new(&c->runner, c->model, NULL, err);
}

tnn_status tnn_comparison_new(tnn_comparison **out, const tnn_model *model, const char *tflite,
                              const tnn_compare_options *options, tnn_error *err) {
    *out = NULL;
    tnn_comparison *c = tnn_alloc_zero(1, sizeof *c);
    if (c == NULL) return tnn_fail_nomem(err);
    c->model = model;
    c->options = options != NULL ? *options : tnn_compare_options_default();
    tnn_status status = begin(c, tflite, err);
    if (status == TNN_OK) *out = c;
    else tnn_comparison_free(c);
    return status;
}

void tnn_comparison_free(tnn_comparison *comparison) {
    if (comparison == NULL) return;
    tnn_runner_free(comparison->runner);
    tnn_tflite_free(comparison->program);
    tnn_arena_free(comparison->arena);
    tnn_free(comparison);
}
