/* Statistics as a file of JSON:
 *
 *   {"tinynn_statistics": 1,                the version
 *    "samples": N,
 *    "values": [
 *      {"name": "...", "shape": [...],
 *       "samples": N,                       those that had numbers
 *       "low": X, "high": X,                of all numbers; not there when there are none, and nor is what follows
 *       "zeros": N,                         of the numbers counted
 *       "lows": [...], "highs": [...],      exact sums of the samples' extremes: quant/exact_sum.h
 *       "counts": [...]}, ...]}             of the bins from that of the lowest number to that of the highest
 *
 * Where the bins lie follows from the extremes (quant/histogram.h). Floats have 9 digits, which say which float it is. */
#include <inttypes.h>
#include <math.h>

#include "base/file.h"
#include "base/strbuf.h"
#include "quant/statistics.h"
#include "read/jsontree.h"

#define VERSION 1
#define MAX_DEPTH 8
#define MAX_COUNT ((int64_t)1 << 53) /* of numbers: sums of a few stay exact */
#define MAX_LIMB ((int64_t)1 << 32)
#define MAX_TOP_LIMB ((int64_t)1 << 60)

/* ---- writing ---- */

static void print_numbers(tnn_strbuf *out, const char *name, const int64_t *numbers, size_t n) {
    tnn_strbuf_printf(out, ", \"%s\": [", name);
    for (size_t i = 0; i < n; i++) tnn_strbuf_printf(out, i == 0 ? "%" PRId64 : ", %" PRId64, numbers[i]);
    tnn_strbuf_add(out, "]");
}

static void print_histogram(tnn_strbuf *out, const tnn_histogram *h) {
    size_t n_bins = tnn_histogram_n_bins(h);
    double low = (double)h->low + 0.0, high = (double)h->high + 0.0; /* one zero, not two */
    tnn_strbuf_printf(out, ", \"low\": %.9g, \"high\": %.9g, \"zeros\": %" PRIu64, low, high, h->n_zeros);
    print_numbers(out, "lows", h->lows.limbs, TNN_EXACT_LIMBS);
    print_numbers(out, "highs", h->highs.limbs, TNN_EXACT_LIMBS);
    tnn_strbuf_add(out, ",\n    \"counts\": [");
    for (size_t i = 0; i < n_bins; i++) tnn_strbuf_printf(out, i == 0 ? "%" PRIu64 : ",%" PRIu64, h->counts[i]);
    tnn_strbuf_add(out, "]");
}

static void print_entry(tnn_strbuf *out, const tnn_statistics_entry *entry, bool first) {
    tnn_strbuf_add(out, first ? "\n  {\"name\": " : ",\n  {\"name\": ");
    tnn_strbuf_json(out, entry->name);
    tnn_strbuf_add(out, ", \"shape\": [");
    for (uint8_t d = 0; d < entry->rank; d++)
        tnn_strbuf_printf(out, d == 0 ? "%" PRId64 : ", %" PRId64, entry->dims[d]);
    tnn_strbuf_printf(out, "], \"samples\": %" PRIu64, entry->histogram.n_samples);
    if (entry->histogram.n > 0) print_histogram(out, &entry->histogram);
    tnn_strbuf_add(out, "}");
}

static void print_all(tnn_strbuf *out, const tnn_statistics *s) {
    tnn_strbuf_printf(out, "{\"tinynn_statistics\": %d, \"samples\": %" PRIu64 ", \"values\": [", VERSION, s->n_samples);
    for (size_t i = 0; i < s->entries.n_entries; i++) print_entry(out, s->entries.entries[i].value, i == 0);
    tnn_strbuf_add(out, "]}\n");
}

static tnn_status write_text(const char *path, const tnn_strbuf *text, tnn_error *err) {
    tnn_out *out = NULL;
    TNN_TRY(tnn_out_open(&out, path, err));
    tnn_status status = tnn_out_write(out, text->data, text->length, err);
    if (status == TNN_OK) status = tnn_out_commit(out, err);
    tnn_out_free(out);
    return status;
}

tnn_status tnn_statistics_save(const tnn_statistics *statistics, const char *path, tnn_error *err) {
    tnn_strbuf text = {0};
    print_all(&text, statistics);
    tnn_status status = text.failed ? tnn_fail_nomem(err) : write_text(path, &text, err);
    tnn_strbuf_free(&text);
    return status;
}

/* ---- reading ---- */

static tnn_status read_int(int64_t *out, const tnn_json *at, int64_t low, int64_t high, tnn_error *err) {
    TNN_TRY(tnn_json_int(out, at, err));
    if (*out >= low && *out <= high) return TNN_OK;
    return tnn_json_fail(at, TNN_ERR_MALFORMED, err, "is %" PRId64 ", expected %" PRId64 " to %" PRId64, *out, low, high);
}

static tnn_status read_count(uint64_t *out, const tnn_json *object, const char *key, tnn_error *err) {
    tnn_json at;
    int64_t number;
    TNN_TRY(tnn_json_member(&at, object, key, err));
    TNN_TRY(read_int(&number, &at, 0, MAX_COUNT, err));
    *out = (uint64_t)number;
    return TNN_OK;
}

static tnn_status read_float(float *out, const tnn_json *object, const char *key, tnn_error *err) {
    tnn_json at;
    double number;
    TNN_TRY(tnn_json_member(&at, object, key, err));
    TNN_TRY(tnn_json_number(&number, &at, err));
    *out = (float)number;
    return isfinite(*out) ? TNN_OK : tnn_json_fail(&at, TNN_ERR_MALFORMED, err, "is %g, expected a float32", number);
}

static tnn_status read_shape(uint8_t *rank, int64_t *dims, const tnn_json *object, tnn_error *err) {
    tnn_json list;
    size_t n;
    TNN_TRY(tnn_json_member(&list, object, "shape", err));
    TNN_TRY(tnn_json_count(&n, &list, err));
    if (n > TNN_MAX_RANK) return tnn_json_fail(&list, TNN_ERR_MALFORMED, err, "has %zu dimensions, at most %d", n, TNN_MAX_RANK);
    *rank = (uint8_t)n;
    for (size_t d = 0; d < n; d++) {
        tnn_json at = tnn_json_item(&list, d);
        TNN_TRY(read_int(&dims[d], &at, 0, INT64_MAX, err));
    }
    return TNN_OK;
}

static tnn_status read_sum(tnn_exact_sum *out, const tnn_json *object, const char *key, tnn_error *err) {
    tnn_json list;
    size_t n;
    TNN_TRY(tnn_json_member(&list, object, key, err));
    TNN_TRY(tnn_json_count(&n, &list, err));
    if (n != TNN_EXACT_LIMBS)
        return tnn_json_fail(&list, TNN_ERR_MALFORMED, err, "has %zu numbers, expected %d", n, TNN_EXACT_LIMBS);
    for (size_t k = 0; k + 1 < n; k++) {
        tnn_json at = tnn_json_item(&list, k);
        TNN_TRY(read_int(&out->limbs[k], &at, 0, MAX_LIMB - 1, err));
    }
    tnn_json top = tnn_json_item(&list, n - 1);
    return read_int(&out->limbs[n - 1], &top, -MAX_TOP_LIMB, MAX_TOP_LIMB, err);
}

static tnn_status read_counts(tnn_histogram *h, const tnn_json *object, tnn_error *err) {
    tnn_json list;
    size_t n;
    TNN_TRY(tnn_json_member(&list, object, "counts", err));
    TNN_TRY(tnn_json_count(&n, &list, err));
    if (n != tnn_histogram_n_bins(h))
        return tnn_json_fail(&list, TNN_ERR_MALFORMED, err, "of %zu bins, the extremes need %zu", n, tnn_histogram_n_bins(h));
    for (size_t i = 0; i < n; i++) {
        tnn_json at = tnn_json_item(&list, i);
        int64_t count;
        TNN_TRY(read_int(&count, &at, 0, MAX_COUNT, err));
        h->counts[i] = (uint64_t)count;
        h->n += h->counts[i];
    }
    if (h->n == 0) return tnn_json_fail(&list, TNN_ERR_MALFORMED, err, "are all 0");
    return TNN_OK;
}

static tnn_status read_histogram(tnn_histogram *h, const tnn_json *object, tnn_error *err) {
    float low, high;
    TNN_TRY(read_count(&h->n_samples, object, "samples", err));
    if (tnn_json_optional(object, "low").value == NULL) return TNN_OK;
    TNN_TRY(read_float(&low, object, "low", err));
    TNN_TRY(read_float(&high, object, "high", err));
    if (low > high || h->n_samples == 0)
        return tnn_json_fail(object, TNN_ERR_MALFORMED, err, "numbers from %g to %g of %" PRIu64 " samples", (double)low,
                             (double)high, h->n_samples);
    tnn_histogram_span(h, low, high);
    TNN_TRY(read_count(&h->n_zeros, object, "zeros", err));
    TNN_TRY(read_sum(&h->lows, object, "lows", err));
    TNN_TRY(read_sum(&h->highs, object, "highs", err));
    TNN_TRY(read_counts(h, object, err));
    if (h->n_zeros <= h->n) return TNN_OK;
    return tnn_json_fail(object, TNN_ERR_MALFORMED, err, "%" PRIu64 " zeros of %" PRIu64 " numbers", h->n_zeros, h->n);
}

static tnn_status read_entry(tnn_statistics *s, const tnn_json *object, tnn_error *err) {
    tnn_statistics_entry *entry;
    const char *name;
    uint8_t rank = 0;
    int64_t dims[TNN_MAX_RANK] = {0};
    TNN_TRY(tnn_json_member_text(&name, object, "name", err));
    TNN_TRY(read_shape(&rank, dims, object, err));
    TNN_TRY(tnn_statistics_add(&entry, s, name, rank, dims, err));
    return read_histogram(&entry->histogram, object, err);
}

static tnn_status read_all(tnn_statistics *s, const tnn_json *root, tnn_error *err) {
    tnn_json version, values;
    int64_t number;
    size_t n;
    TNN_TRY(tnn_json_member(&version, root, "tinynn_statistics", err));
    TNN_TRY(tnn_json_int(&number, &version, err));
    if (number != VERSION)
        return tnn_json_fail(&version, TNN_ERR_UNSUPPORTED, err, "is version %" PRId64 ", this tinynn reads %d", number, VERSION);
    TNN_TRY(read_count(&s->n_samples, root, "samples", err));
    TNN_TRY(tnn_json_member(&values, root, "values", err));
    TNN_TRY(tnn_json_count(&n, &values, err));
    for (size_t i = 0; i < n; i++) {
        tnn_json entry = tnn_json_item(&values, i);
        TNN_TRY(read_entry(s, &entry, err));
    }
    return TNN_OK;
}

static tnn_status parse(tnn_statistics *s, const char *path, tnn_error *err) {
    tnn_file *file = NULL;
    tnn_json root = {0};
    TNN_TRY(tnn_file_open(&file, path, err));
    tnn_status status = tnn_json_parse(&root, file->data, file->size, path, MAX_DEPTH, err);
    if (status == TNN_OK) status = read_all(s, &root, err);
    tnn_json_free(&root);
    tnn_file_free(file);
    return status;
}

tnn_status tnn_statistics_load(tnn_statistics **out, const char *path, tnn_error *err) {
    TNN_TRY(tnn_statistics_new(out, path, err));
    tnn_status status = parse(*out, path, err);
    if (status == TNN_OK) return TNN_OK;
    tnn_statistics_free(*out);
    *out = NULL;
    return status;
}
