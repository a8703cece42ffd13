#include "samples/sample_set.h"

#include <string.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "base/strbuf.h"
#include "ir/elems.h"
#include "read/npy.h"
#include "read/zip.h"

#define MAX_THREADS 1024

tnn_sample_options tnn_sample_options_default(void) { return (tnn_sample_options){.white = 1, .n_threads = 1}; }

/* ---- rooms ---- */

static tnn_status make_input(tnn_array *input, tnn_arena *arena, const tnn_value_info *wanted, tnn_error *err) {
    int64_t n_elems = 0;
    *input = (tnn_array){.dtype = wanted->dtype, .rank = wanted->rank};
    memcpy(input->dims, wanted->dims, sizeof input->dims);
    if (!tnn_dims_count(wanted->rank, wanted->dims, &n_elems))
        return tnn_fail(err, TNN_ERR_LIMIT, wanted->name, "the input's size exceeds 63 bits");
    input->data = tnn_arena_alloc(arena, (size_t)n_elems, tnn_dtype_bytes(wanted->dtype));
    return input->data == NULL ? tnn_fail_nomem(err) : TNN_OK;
}

static tnn_status make_rooms(tnn_sample_set *set, tnn_error *err) {
    set->rooms = TNN_NEW_ARRAY(set->arena, set->n_rooms, tnn_sample_room);
    if (set->rooms == NULL) return tnn_fail_nomem(err);
    for (uint32_t k = 0; k < set->n_rooms; k++) {
        tnn_sample_room *room = &set->rooms[k];
        room->inputs = TNN_NEW_ARRAY(set->arena, set->n_inputs, tnn_array);
        room->scratch = TNN_NEW_ARRAY(set->arena, set->n_inputs, void *);
        if (room->inputs == NULL || room->scratch == NULL) return tnn_fail_nomem(err);
        for (size_t i = 0; i < set->n_inputs; i++)
            TNN_TRY(make_input(&room->inputs[i], set->arena, &set->wanted[i], err));
    }
    return TNN_OK;
}

tnn_status tnn_sample_set_scratch(tnn_sample_set *set, size_t i, size_t n_bytes, tnn_error *err) {
    for (uint32_t k = 0; k < set->n_rooms; k++) {
        set->rooms[k].scratch[i] = tnn_arena_alloc(set->arena, n_bytes, 1);
        if (set->rooms[k].scratch[i] == NULL) return tnn_fail_nomem(err);
    }
    return TNN_OK;
}

/* ---- opening ---- */

static tnn_status copy_wanted(tnn_sample_set *set, const tnn_model *model, tnn_error *err) {
    set->n_inputs = tnn_model_n_inputs(model);
    set->wanted = TNN_NEW_ARRAY(set->arena, set->n_inputs, tnn_value_info);
    if (set->wanted == NULL) return tnn_fail_nomem(err);
    for (size_t i = 0; i < set->n_inputs; i++) {
        set->wanted[i] = tnn_model_input(model, i);
        set->wanted[i].name = tnn_arena_str(set->arena, set->wanted[i].name);
        if (set->wanted[i].name == NULL) return tnn_fail_nomem(err);
    }
    return TNN_OK;
}

static tnn_status open_kind(tnn_sample_set *set, const char *path, const tnn_sample_options *options, tnn_error *err) {
    struct stat info;
    if (stat(path, &info) == 0 && S_ISDIR(info.st_mode)) return tnn_sample_set_pictures(set, path, options, err);
    tnn_file *file = NULL;
    TNN_TRY(tnn_file_open(&file, path, err));
    bool has_arrays = tnn_npy_is(file->data, file->size) || tnn_zip_is(file->data, file->size);
    tnn_file_free(file);
    return has_arrays ? tnn_sample_set_arrays(set, path, err) : tnn_sample_set_pictures(set, path, options, err);
}

static tnn_status fill_set(tnn_sample_set *set, const char *path, const tnn_model *model,
                           const tnn_sample_options *options, tnn_error *err) {
    if (options->n_threads < 1 || options->n_threads > MAX_THREADS)
        return tnn_fail(err, TNN_ERR_INVALID, NULL, "n_threads is %lu, expected 1 to %d",
                        (unsigned long)options->n_threads, MAX_THREADS);
    set->n_rooms = options->n_threads;
    set->name = tnn_arena_str(set->arena, path);
    if (set->name == NULL) return tnn_fail_nomem(err);
    TNN_TRY(copy_wanted(set, model, err));
    if (set->n_inputs == 0)
        return tnn_fail(err, TNN_ERR_INVALID, path, "the model has no inputs, and needs no samples");
    TNN_TRY(make_rooms(set, err));
    TNN_TRY(open_kind(set, set->name, options, err));
    if (set->n_source == 0) return tnn_fail(err, TNN_ERR_INVALID, path, "there are no samples");
    bool fewer = options->max_samples != 0 && options->max_samples < set->n_source;
    set->count = fewer ? options->max_samples : set->n_source;
    set->warnings = TNN_NEW_ARRAY(set->arena, (size_t)set->count, char *);
    return set->warnings == NULL ? tnn_fail_nomem(err) : TNN_OK;
}

tnn_status tnn_sample_set_open(tnn_sample_set **out, const char *path, const tnn_model *model,
                               const tnn_sample_options *options, tnn_error *err) {
    tnn_sample_options defaults = tnn_sample_options_default();
    tnn_arena *arena = tnn_arena_new();
    tnn_sample_set *set = arena == NULL ? NULL : TNN_NEW(arena, tnn_sample_set);
    *out = NULL;
    if (set == NULL) {
        tnn_arena_free(arena);
        return tnn_fail_nomem(err);
    }
    set->arena = arena;
    tnn_status status = fill_set(set, path, model, options == NULL ? &defaults : options, err);
    if (status == TNN_OK) *out = set;
    else tnn_sample_set_free(set);
    return status;
}

void tnn_sample_set_free(tnn_sample_set *set) {
    if (set == NULL) return;
    for (uint64_t i = 0; set->warnings != NULL && i < set->count; i++) tnn_free(set->warnings[i]);
    tnn_arena_free(set->arena);
}

/* ---- reading ---- */

uint64_t tnn_sample_set_count(const tnn_sample_set *set) { return set->count; }

/* At even distances: of a folder sorted by class some of every class are taken. */
static uint64_t source_index(const tnn_sample_set *set, uint64_t index) {
    if (set->count == set->n_source) return index;
    return (uint64_t)((double)index * (double)set->n_source / (double)set->count);
}

const char *tnn_sample_set_name(const tnn_sample_set *set, uint64_t index) {
    return set->names == NULL ? set->name : set->names[source_index(set, index)];
}

static tnn_status skip(tnn_sample_set *set, uint64_t index, const tnn_error *cause, tnn_error *err) {
    tnn_strbuf line = {0};
    tnn_strbuf_printf(&line, "%s: skipped: %s", cause->where, cause->message);
    set->warnings[index] = tnn_strbuf_take(&line);
    return set->warnings[index] == NULL ? tnn_fail_nomem(err) : TNN_OK;
}

tnn_status tnn_sample_set_read(tnn_sample_set *set, uint64_t index, uint32_t thread, const tnn_array **inputs,
                               tnn_error *err) {
    tnn_sample_room *room = &set->rooms[thread];
    tnn_error cause;
    *inputs = NULL;
    if (set->warnings[index] != NULL) return TNN_OK;
    tnn_status status = set->read(set, source_index(set, index), room, &cause);
    if (status == TNN_OK) {
        *inputs = room->inputs;
        return TNN_OK;
    }
    if (set->may_skip && status != TNN_ERR_NOMEM) return skip(set, index, &cause, err);
    if (err != NULL) *err = cause;
    return status;
}

const char *tnn_sample_set_warning(const tnn_sample_set *set, uint64_t index) { return set->warnings[index]; }

static tnn_status read_from_set(void *context, uint64_t index, uint32_t thread, const tnn_array **inputs,
                                tnn_error *err) {
    return tnn_sample_set_read(context, index, thread, inputs, err);
}

tnn_sample_reader tnn_sample_set_reader(tnn_sample_set *set) {
    return (tnn_sample_reader){set, tnn_sample_set_count(set), read_from_set};
}
