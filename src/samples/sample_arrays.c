/* Samples from .npy and .npz: what lies in the file is copied, and converted, a sample at a time. */
#include <stdio.h>
#include <string.h>

#include "ir/elems.h"
#include "read/npz.h"
#include "samples/sample_set.h"

#define MAX_INFLATED (UINT64_C(4) << 30)

/* One for each input, and what a sample has of it. */
typedef struct column {
    tnn_npy npy;
    int64_t n_elems; /* of a sample */
} column;

typedef struct arrays {
    tnn_file *file;
    column *columns;
} arrays;

static void drop_file(void *file) { tnn_file_free(file); }

/* ---- does it fit? ---- */

static bool widens(tnn_dtype from, tnn_dtype to) {
    if (from == to || (tnn_dtype_is_float(from) && tnn_dtype_is_float(to))) return true;
    bool integers = from != TNN_DTYPE_BOOL && !tnn_dtype_is_float(from) && !tnn_dtype_is_float(to);
    return integers && to != TNN_DTYPE_BOOL && tnn_dtype_bytes(from) < tnn_dtype_bytes(to);
}

static void print_dims(char *out, size_t n_bytes, uint8_t rank, const int64_t *dims) {
    size_t n = (size_t)snprintf(out, n_bytes, "[");
    for (uint8_t k = 0; k < rank && n < n_bytes; k++)
        n += (size_t)snprintf(out + n, n_bytes - n, k == 0 ? "%lld" : ",%lld", (long long)dims[k]);
    if (n < n_bytes) snprintf(out + n, n_bytes - n, "]");
}

static tnn_status refuse_shape(const tnn_npy *npy, const tnn_value_info *wanted, tnn_error *err) {
    char found[160], expected[160];
    print_dims(found, sizeof found, npy->rank, npy->dims);
    print_dims(expected, sizeof expected, wanted->rank, wanted->dims);
    return tnn_fail(err, TNN_ERR_INVALID, wanted->name, "samples are %s%s side by side, the model's input is %s%s",
                    tnn_dtype_name(npy->dtype), found, tnn_dtype_name(wanted->dtype), expected);
}

/* [samples * N,…] or [samples,N,…] for [N,…]. */
static tnn_status count_samples(uint64_t *n, const tnn_npy *npy, const tnn_value_info *wanted, tnn_error *err) {
    bool stacked = npy->rank == wanted->rank + 1;
    uint8_t skip = stacked ? 0 : 1; /* dimensions of the input that need not agree */
    bool fits = widens(npy->dtype, wanted->dtype) && (stacked || (npy->rank == wanted->rank && npy->rank != 0));
    for (uint8_t k = skip; fits && k < wanted->rank; k++) fits = npy->dims[k + stacked] == wanted->dims[k];
    if (!fits) return refuse_shape(npy, wanted, err);
    int64_t batch = stacked ? 1 : wanted->dims[0];
    if (batch == 0 || npy->dims[0] % batch != 0) return refuse_shape(npy, wanted, err);
    *n = (uint64_t)(npy->dims[0] / batch);
    return TNN_OK;
}

static tnn_status set_column(tnn_sample_set *s, size_t i, const tnn_npy *npy, tnn_error *err) {
    column *c = &((arrays *)s->source)->columns[i];
    uint64_t n = 0;
    c->npy = *npy;
    TNN_TRY(count_samples(&n, npy, &s->wanted[i], err));
    if (i != 0 && n != s->n_source)
        return tnn_fail(err, TNN_ERR_INVALID, s->wanted[i].name, "has %llu samples, %s has %llu", (unsigned long long)n,
                        s->wanted[0].name, (unsigned long long)s->n_source);
    s->n_source = n;
    if (n == 0) return TNN_OK;
    c->n_elems = npy->n_elems / (int64_t)n;
    size_t n_bytes = (size_t)c->n_elems * tnn_dtype_bytes(npy->dtype);
    return npy->dtype == s->wanted[i].dtype ? TNN_OK : tnn_sample_set_scratch(s, i, n_bytes, err);
}

/* ---- which array is which input's ---- */

static const tnn_npz_item *item_of(const tnn_sample_set *s, const tnn_npz *npz, size_t i) {
    char nameless[32];
    const tnn_npz_item *item = tnn_npz_find(npz, s->wanted[i].name);
    if (item != NULL) return item;
    if (npz->n == 1 && s->n_inputs == 1) return &npz->items[0];
    snprintf(nameless, sizeof nameless, "arr_%zu", i);
    return tnn_npz_find(npz, nameless);
}

static tnn_status set_columns(tnn_sample_set *s, const tnn_npz *npz, const char *path, tnn_error *err) {
    for (size_t i = 0; i < s->n_inputs; i++) {
        const tnn_npz_item *item = item_of(s, npz, i);
        if (item == NULL)
            return tnn_fail(err, TNN_ERR_INVALID, path, "has no array for the input \"%s\"; it has %zu, the first \"%s\"",
                            s->wanted[i].name, npz->n, npz->n == 0 ? "" : npz->items[0].name);
        tnn_status status = set_column(s, i, &item->npy, err);
        if (status != TNN_OK) {
            tnn_error_prefix(err, path);
            return status;
        }
    }
    return TNN_OK;
}

static tnn_status read_arrays(const tnn_sample_set *s, uint64_t index, tnn_sample_room *room, tnn_error *err) {
    const arrays *a = s->source;
    (void)err;
    for (size_t i = 0; i < s->n_inputs; i++) {
        const column *c = &a->columns[i];
        tnn_array *input = &room->inputs[i];
        void *raw = room->scratch[i];
        tnn_npy_read(&c->npy, (int64_t)index * c->n_elems, c->n_elems, raw == NULL ? input->data : raw);
        if (raw != NULL) tnn_convert_elems(input->data, input->dtype, raw, c->npy.dtype, c->n_elems);
    }
    return TNN_OK;
}

/* One array alone is an archive of one. */
static tnn_status open_file(tnn_npz *out, tnn_sample_set *s, const tnn_file *file, const char *path, tnn_error *err) {
    if (!tnn_npy_is(file->data, file->size))
        return tnn_npz_open(out, s->arena, file->data, file->size, path, MAX_INFLATED, err);
    if (s->n_inputs != 1)
        return tnn_fail(err, TNN_ERR_INVALID, path, "is one array, the model has %zu inputs: use a .npz", s->n_inputs);
    *out = (tnn_npz){.items = TNN_NEW(s->arena, tnn_npz_item), .n = 1};
    if (out->items == NULL) return tnn_fail_nomem(err);
    out->items[0].name = s->wanted[0].name;
    return tnn_npy_open(&out->items[0].npy, file->data, file->size, path, err);
}

tnn_status tnn_sample_set_arrays(tnn_sample_set *s, const char *path, tnn_error *err) {
    arrays *a = TNN_NEW(s->arena, arrays);
    tnn_npz npz;
    if (a == NULL) return tnn_fail_nomem(err);
    a->columns = TNN_NEW_ARRAY(s->arena, s->n_inputs, column);
    if (a->columns == NULL) return tnn_fail_nomem(err);
    TNN_TRY(tnn_file_open(&a->file, path, err));
    if (tnn_arena_defer(s->arena, drop_file, a->file) != TNN_OK) {
        tnn_file_free(a->file);
        return tnn_fail_nomem(err);
    }
    s->source = a;
    s->read = read_arrays;
    TNN_TRY(open_file(&npz, s, a->file, path, err));
    return set_columns(s, &npz, path, err);
}
