/* For tests: write all samples of PATH for a model to OUT.npz, input NAME of sample K as "K/NAME", and print
 *
 *   sample NAME     each sample
 *   warning LINE
 *
 * or the error, and exit with 1.
 *
 *   show_samples MODEL PATH OUT.npz [resize=H] [width=W] [crop=N] [white=N] [mean=A,B,C] [std=A,B,C] [max=N] [bgr]
 *                [channels_last] [strict] */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "ir/elems.h"
#include "read/npz.h"
#include "tinynn/samples.h"

enum { THREADS = 3 }; /* rooms to read into */

static double means[8], stds[8];

static size_t read_list(double *out, const char *text) {
    size_t n = 0;
    for (char *rest = NULL; n < 8; text = rest + 1) {
        out[n++] = strtod(text, &rest);
        if (*rest != ',') break;
    }
    return n;
}

static void read_option(tnn_sample_options *o, const char *text) {
    const char *equals = strchr(text, '=');
    uint32_t number = equals == NULL ? 0 : (uint32_t)strtoul(equals + 1, NULL, 10);
    if (strncmp(text, "resize=", 7) == 0) o->resize_height = number;
    if (strncmp(text, "width=", 6) == 0) o->resize_width = number;
    if (strncmp(text, "crop=", 5) == 0) o->crop = number;
    if (strncmp(text, "white=", 6) == 0) o->white = number;
    if (strncmp(text, "max=", 4) == 0) o->max_samples = number;
    if (strncmp(text, "mean=", 5) == 0) o->n_mean = read_list(means, equals + 1), o->mean = means;
    if (strncmp(text, "std=", 4) == 0) o->n_std = read_list(stds, equals + 1), o->std = stds;
    if (strcmp(text, "bgr") == 0) o->bgr = true;
    if (strcmp(text, "channels_last") == 0) o->channels_last = true;
    if (strcmp(text, "strict") == 0) o->strict = true;
}

typedef struct kept {
    tnn_arena *arena;
    tnn_named_array *items;
    size_t n, cap;
} kept;

static void keep(kept *k, size_t sample, const char *name, const tnn_array *array) {
    int64_t n_elems = 0;
    tnn_dims_count(array->rank, array->dims, &n_elems);
    k->items = tnn_arena_grow(k->arena, k->items, k->n, &k->cap, k->n + 1, sizeof *k->items);
    tnn_named_array *item = &k->items[k->n++];
    item->name = tnn_arena_printf(k->arena, "%zu/%s", sample, name);
    item->array = *array;
    item->array.data = tnn_arena_copy(k->arena, array->data, (size_t)n_elems, tnn_dtype_bytes(array->dtype));
}

static tnn_status show(const tnn_model *model, tnn_sample_set *samples, const char *out, tnn_error *err) {
    kept k = {.arena = tnn_arena_new()};
    const tnn_array *inputs = NULL;
    tnn_status status = TNN_OK;
    uint64_t count = tnn_sample_set_count(samples);
    for (uint64_t i = 0; i < count && status == TNN_OK; i++) {
        status = tnn_sample_set_read(samples, i, (uint32_t)(i % THREADS), &inputs, err);
        printf("sample %s\n", tnn_sample_set_name(samples, i));
        for (size_t n = 0; n < tnn_model_n_inputs(model) && inputs != NULL; n++)
            keep(&k, (size_t)i, tnn_model_input(model, n).name, &inputs[n]);
    }
    for (uint64_t i = 0; i < count; i++)
        if (tnn_sample_set_warning(samples, i) != NULL) printf("warning %s\n", tnn_sample_set_warning(samples, i));
    if (status == TNN_OK) status = tnn_npz_save(out, k.items, k.n, err);
    tnn_arena_free(k.arena);
    return status;
}

int main(int argc, char **argv) {
    tnn_sample_options options = tnn_sample_options_default();
    tnn_model *model = NULL;
    tnn_sample_set *samples = NULL;
    tnn_error err;
    if (argc < 4) return 2;
    options.n_threads = THREADS;
    for (int i = 4; i < argc; i++) read_option(&options, argv[i]);
    tnn_status status = tnn_model_load(&model, argv[1], NULL, NULL, &err);
    if (status == TNN_OK) status = tnn_sample_set_open(&samples, argv[2], model, &options, &err);
    if (status == TNN_OK) status = show(model, samples, argv[3], &err);
    if (status != TNN_OK) {
        char text[1200];
        tnn_error_format(&err, text, sizeof text);
        printf("%s: %s\n", tnn_status_name(err.code), text);
    }
    tnn_sample_set_free(samples);
    tnn_model_free(model);
    return status != TNN_OK;
}
