#include "read/pt2_archive.h"

#include <stdarg.h>
#include <string.h>

#include "read/kind.h"

/* The folder that all entries are in, with its slash; "" when they share none. */
static tnn_status find_root(tnn_pt2 *pt2, tnn_error *err) {
    const tnn_zip *zip = pt2->zip;
    pt2->root = "";
    if (zip->n_entries == 0) return TNN_OK;
    const char *first = zip->entries[0].name;
    const char *slash = strchr(first, '/');
    if (slash == NULL) return TNN_OK;
    size_t length = (size_t)(slash - first) + 1;
    for (size_t i = 1; i < zip->n_entries; i++) {
        if (strncmp(zip->entries[i].name, first, length) != 0) return TNN_OK;
    }
    pt2->root = tnn_arena_strn(pt2->arena, first, length);
    return pt2->root == NULL ? tnn_fail_nomem(err) : TNN_OK;
}

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

/* A one-line text entry must hold `expected`. */
static tnn_status check_text(tnn_pt2 *pt2, const char *name, const char *expected, const char *advice,
                             tnn_error *err) {
    const tnn_zip_entry *entry = NULL;
    const uint8_t *bytes = NULL;
    TNN_TRY(tnn_pt2_entry(&entry, pt2, err, "%s", name));
    if (entry == NULL) return tnn_fail(err, TNN_ERR_MALFORMED, pt2->file->path, "archive has no entry \"%s\"", name);
    TNN_TRY(tnn_zip_read(pt2->zip, entry, pt2->arena, &bytes, err));
    size_t length = entry->size < 40 ? (size_t)entry->size : 40;
    char *text = tnn_arena_strn(pt2->arena, (const char *)bytes, length);
    if (text == NULL) return tnn_fail_nomem(err);
    text[strcspn(text, "\r\n")] = '\0';
    if (strcmp(text, expected) == 0) return TNN_OK;
    return tnn_fail(err, TNN_ERR_UNSUPPORTED, pt2->file->path, "%s is \"%s\", expected \"%s\"%s", name, text, expected,
                    advice);
}

/* NAME of models/NAME.json: "model", which torch.export.save uses, or the only one. */
static tnn_status find_model(tnn_pt2 *pt2, tnn_error *err) {
    char *prefix = tnn_arena_printf(pt2->arena, "%smodels/", pt2->root);
    if (prefix == NULL) return tnn_fail_nomem(err);
    size_t prefix_length = strlen(prefix), n_found = 0;
    for (size_t i = 0; i < pt2->zip->n_entries; i++) {
        const char *name = pt2->zip->entries[i].name;
        size_t length = strlen(name);
        bool fits = length > prefix_length + 5 && strncmp(name, prefix, prefix_length) == 0 &&
                    strcmp(name + length - 5, ".json") == 0;
        if (!fits) continue;
        n_found++;
        pt2->name = tnn_arena_strn(pt2->arena, name + prefix_length, length - prefix_length - 5);
        if (pt2->name == NULL) return tnn_fail_nomem(err);
        if (strcmp(pt2->name, "model") == 0) return TNN_OK;
    }
    if (n_found == 1) return TNN_OK;
    if (n_found > 1) {
        return tnn_fail(err, TNN_ERR_UNSUPPORTED, pt2->file->path,
                        "archive holds %zu models and none is called \"model\"; save one model in a file", n_found);
    }
    return tnn_fail(err, TNN_ERR_UNSUPPORTED, pt2->file->path,
                    "archive has no models/NAME.json (a compiled package?); save the model with torch.export.save");
}

static tnn_status parse_entry(tnn_pt2 *pt2, const tnn_zip_entry *entry, tnn_json *out, tnn_error *err) {
    const uint8_t *bytes = NULL;
    TNN_TRY(tnn_zip_read(pt2->zip, entry, pt2->arena, &bytes, err));
    char *where = tnn_arena_printf(pt2->arena, "%s: %s", pt2->file->path, entry->name);
    if (where == NULL) return tnn_fail_nomem(err);
    return tnn_json_parse(out, bytes, (size_t)entry->size, where, pt2->max_depth, err);
}

/* The config of `kind` ("weights", "constants"); absent is fine when there is nothing of the kind. */
static tnn_status parse_config(tnn_pt2 *pt2, const char *kind, tnn_json *out, tnn_error *err) {
    const tnn_zip_entry *config = NULL, *pickled = NULL;
    TNN_TRY(tnn_pt2_entry(&config, pt2, err, "data/%s/%s_%s_config.json", kind, pt2->name, kind));
    if (config != NULL) return parse_entry(pt2, config, out, err);
    TNN_TRY(tnn_pt2_entry(&pickled, pt2, err, "data/%s/%s.pt", kind, pt2->name));
    if (pickled == NULL) return TNN_OK;
    return tnn_fail(err, TNN_ERR_UNSUPPORTED, pt2->file->path,
                    "torch 2.8 wrote this container (its %s are pickled in %s); load it with torch 2.9 or later and "
                    "save it again", kind, pickled->name);
}

static tnn_status parse_program(tnn_pt2 *pt2, tnn_error *err) {
    const tnn_zip_entry *entry = NULL;
    TNN_TRY(tnn_pt2_entry(&entry, pt2, err, "models/%s.json", pt2->name));
    TNN_TRY(parse_entry(pt2, entry, &pt2->program, err));
    tnn_json version;
    TNN_TRY(tnn_json_member(&version, &pt2->program, "schema_version", err));
    TNN_TRY(tnn_json_member_int(&pt2->schema_major, &version, "major", err));
    TNN_TRY(tnn_json_member_int(&pt2->schema_minor, &version, "minor", err));
    tnn_json torch_version = tnn_json_optional(&pt2->program, "torch_version");
    pt2->torch_version = "unknown";
    if (torch_version.value != NULL) TNN_TRY(tnn_json_text(&pt2->torch_version, &torch_version, err));
    if (pt2->schema_major == 8) return TNN_OK;
    return tnn_fail(err, TNN_ERR_UNSUPPORTED, pt2->file->path,
                    "program has schema %lld.%lld (torch %s), tinynn reads schema 8 with any minor version",
                    (long long)pt2->schema_major, (long long)pt2->schema_minor, pt2->torch_version);
}

static tnn_status open_zip(tnn_pt2 *pt2, tnn_error *err) {
    const tnn_file *file = pt2->file;
    if (!tnn_zip_is(file->data, file->size)) return tnn_kind_refuse(file->data, file->size, file->path, err);
    TNN_TRY(tnn_zip_open(&pt2->zip, pt2->arena, file->data, file->size, file->path, &pt2->zip_options, err));
    TNN_TRY(find_root(pt2, err));
    TNN_TRY(tnn_kind_check_archive(pt2->zip, pt2->root, err));
    TNN_TRY(check_text(pt2, "archive_format", "pt2", "", err));
    TNN_TRY(check_text(pt2, "archive_version", "0", "", err));
    return check_text(pt2, "byteorder", "little", ": save the model on a little-endian machine", err);
}

tnn_status tnn_pt2_open_file(tnn_pt2 *out, tnn_file *file, const tnn_load_options *options, tnn_error *err) {
    memset(out, 0, sizeof *out);
    out->file = tnn_file_retain(file);
    out->max_depth = options->max_depth;
    out->zip_options.max_entries = options->max_entries;
    out->zip_options.max_inflated = options->max_inflated;
    out->arena = tnn_arena_new();
    if (out->arena == NULL) return tnn_fail_nomem(err);
    TNN_TRY(open_zip(out, err));
    TNN_TRY(find_model(out, err));
    TNN_TRY(parse_config(out, "weights", &out->weights, err));
    TNN_TRY(parse_config(out, "constants", &out->constants, err));
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
    tnn_json_free(&pt2->weights);
    tnn_json_free(&pt2->constants);
    tnn_arena_free(pt2->arena);
    tnn_file_free(pt2->file);
    memset(pt2, 0, sizeof *pt2);
}
