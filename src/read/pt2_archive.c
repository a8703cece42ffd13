#include "read/pt2_archive.h"

#include <stdarg.h>
#include <string.h>

#include "read/kind.h"

tnn_status tnn_pt2_entry(const tnn_zip_entry **out, const tnn_pt2 *pt2, tnn_error *err, const char *format, ...) {
    *out = NULL;
    va_list args;
    va_start(args, format);
    char *name = tnn_arena_vprintf(pt2->arena, format, args);
    va_end(args);
    char *full = name == NULL ? NULL : tnn_arena_printf(pt2->arena, "%s%s", pt2->root, name);
    if (full == NULL) return tnn_fail_nomem(err);
    *out = tnn_zip_find(pt2->zip, full);
    return TNN_OK;
}

tnn_status tnn_pt2_parse(tnn_pt2 *pt2, const tnn_zip_entry *entry, tnn_json *out, tnn_error *err) {
    const uint8_t *bytes = NULL;
    TNN_TRY(tnn_zip_read(pt2->zip, entry, pt2->arena, &bytes, err));
    char *where = tnn_arena_printf(pt2->arena, "%s: %s", pt2->file->path, entry->name);
    if (where == NULL) return tnn_fail_nomem(err);
    return tnn_json_parse(out, bytes, (size_t)entry->size, where, pt2->max_depth, err);
}

/* {"major": 8, "minor": 20}; before torch 2.3 one number. */
static tnn_status read_schema_version(tnn_pt2 *pt2, tnn_error *err) {
    tnn_json version;
    TNN_TRY(tnn_json_member(&version, &pt2->program, "schema_version", err));
    if (json_is_integer(version.value)) return tnn_json_int(&pt2->schema_major, &version, err);
    TNN_TRY(tnn_json_member_int(&pt2->schema_major, &version, "major", err));
    return tnn_json_member_int(&pt2->schema_minor, &version, "minor", err);
}

static tnn_status parse_program(tnn_pt2 *pt2, tnn_error *err) {
    TNN_TRY(tnn_pt2_parse(pt2, pt2->program_entry, &pt2->program, err));
    tnn_json torch_version = tnn_json_optional(&pt2->program, "torch_version");
    pt2->torch_version = "unknown";
    if (torch_version.value != NULL) TNN_TRY(tnn_json_text(&pt2->torch_version, &torch_version, err));
    TNN_TRY(read_schema_version(pt2, err));
    if (pt2->schema_major == 8) return TNN_OK;
    return tnn_fail(err, TNN_ERR_UNSUPPORTED, pt2->file->path,
                    "program has schema %lld.%lld (torch %s), tinynn reads schema 8 with any minor version",
                    (long long)pt2->schema_major, (long long)pt2->schema_minor, pt2->torch_version);
}

static tnn_status open_zip(tnn_pt2 *pt2, tnn_error *err) {
    const tnn_file *file = pt2->file;
    if (!tnn_zip_is(file->data, file->size)) return tnn_kind_refuse(file->data, file->size, file->path, err);
    TNN_TRY(tnn_zip_open(&pt2->zip, pt2->arena, file->data, file->size, file->path, &pt2->zip_options, err));
    TNN_TRY(tnn_zip_root(pt2->zip, &pt2->root, err));
    return tnn_kind_check_archive(pt2->zip, pt2->root, err);
}

tnn_status tnn_pt2_open_file(tnn_pt2 *out, tnn_file *file, const tnn_load_options *options, tnn_error *err) {
    memset(out, 0, sizeof *out);
    out->file = tnn_file_retain(file);
    out->stores[TNN_PT2_WEIGHTS].kind = "weights";
    out->stores[TNN_PT2_CONSTANTS].kind = "constants";
    out->max_depth = options->max_depth;
    out->zip_options = (tnn_zip_options){options->max_entries, options->max_inflated, options->ignore_crc};
    out->pickle_options = tnn_pickle_options_default();
    out->pickle_options.max_depth = options->max_depth;
    out->arena = tnn_arena_new();
    if (out->arena == NULL) return tnn_fail_nomem(err);
    TNN_TRY(open_zip(out, err));
    if (options->method != NULL)
        return tnn_fail(err, TNN_ERR_INVALID, file->path,
                        "a program of torch.export has no methods, found \"%.60s\" as the name of one", options->method);
    TNN_TRY(tnn_pt2_locate(out, options->model, err));
    return parse_program(out, err);
}

tnn_status tnn_pt2_open(tnn_pt2 *out, const char *path, const tnn_load_options *options, tnn_error *err) {
    memset(out, 0, sizeof *out);
    tnn_file *file = NULL;
    TNN_TRY(tnn_file_open(&file, path, err));
    tnn_status status = tnn_pt2_open_file(out, file, options, err);
    tnn_file_free(file);
    return status;
}

void tnn_pt2_close(tnn_pt2 *pt2) {
    tnn_json_free(&pt2->program);
    for (int i = 0; i < TNN_PT2_STORES; i++) tnn_json_free(&pt2->stores[i].config);
    tnn_arena_free(pt2->arena);
    tnn_file_free(pt2->file);
    memset(pt2, 0, sizeof *pt2);
}
