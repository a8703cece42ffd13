#include "read/torchscript_archive.h"

#include <stdarg.h>
#include <string.h>

enum { MAX_VERSION = 10 };

tnn_status tnn_torchscript_entry(const tnn_zip_entry **out, const tnn_torchscript *archive, tnn_error *err,
                                 const char *format, ...) {
    *out = NULL;
    va_list args;
    va_start(args, format);
    char *name = tnn_arena_vprintf(archive->arena, format, args);
    va_end(args);
    char *full = name == NULL ? NULL : tnn_arena_printf(archive->arena, "%s%s", archive->root, name);
    if (full == NULL) return tnn_fail_nomem(err);
    *out = tnn_zip_find(archive->zip, full);
    return TNN_OK;
}

/* A one-line text entry; "" when there is none. */
static tnn_status read_text(tnn_torchscript *archive, const char *name, const char **out, tnn_error *err) {
    const tnn_zip_entry *entry = NULL;
    const uint8_t *bytes = NULL;
    *out = "";
    TNN_TRY(tnn_torchscript_entry(&entry, archive, err, "%s", name));
    if (entry == NULL) return TNN_OK;
    TNN_TRY(tnn_zip_read(archive->zip, entry, archive->arena, &bytes, err));
    size_t length = entry->size < 40 ? (size_t)entry->size : 40;
    char *text = tnn_arena_strn(archive->arena, (const char *)bytes, length);
    if (text == NULL) return tnn_fail_nomem(err);
    text[strcspn(text, "\r\n")] = '\0';
    *out = text;
    return TNN_OK;
}

static tnn_status check_byteorder(tnn_torchscript *archive, tnn_error *err) {
    const char *order = "";
    TNN_TRY(read_text(archive, "byteorder", &order, err));
    if (*order == '\0' || strcmp(order, "little") == 0) return TNN_OK;
    return tnn_fail(err, TNN_ERR_UNSUPPORTED, archive->file->path,
                    "byteorder is \"%s\", expected \"little\": save the model on a little-endian machine", order);
}

static tnn_status check_version(tnn_torchscript *archive, tnn_error *err) {
    const char *text = "";
    TNN_TRY(read_text(archive, "version", &text, err));
    if (*text == '\0') TNN_TRY(read_text(archive, ".data/version", &text, err));
    size_t n_digits = strspn(text, "0123456789");
    if (n_digits == 0 || n_digits > 4 || text[n_digits] != '\0') {
        return tnn_fail(err, TNN_ERR_MALFORMED, archive->file->path, "version is \"%s\", expected a number", text);
    }
    for (size_t i = 0; i < n_digits; i++) archive->version = archive->version * 10 + (text[i] - '0');
    if (archive->version >= 1 && archive->version <= MAX_VERSION) return TNN_OK;
    return tnn_fail(err, TNN_ERR_UNSUPPORTED, archive->file->path,
                    "TorchScript archive of version %lld, tinynn reads 1 to %d", (long long)archive->version,
                    MAX_VERSION);
}

/* `*out` is NULL when the entry is absent. */
static tnn_status read_pickle(tnn_torchscript *archive, const char *name, const tnn_pickle_options *options,
                              tnn_pickle **out, tnn_error *err) {
    const tnn_zip_entry *entry = NULL;
    const uint8_t *bytes = NULL;
    *out = NULL;
    TNN_TRY(tnn_torchscript_entry(&entry, archive, err, "%s", name));
    if (entry == NULL) return TNN_OK;
    TNN_TRY(tnn_zip_read(archive->zip, entry, archive->arena, &bytes, err));
    char *where = tnn_arena_printf(archive->arena, "%s: %s", archive->file->path, entry->name);
    if (where == NULL) return tnn_fail_nomem(err);
    return tnn_pickle_load(out, archive->arena, bytes, (size_t)entry->size, where, options, err);
}

static tnn_status read_pickles(tnn_torchscript *archive, const tnn_load_options *options, tnn_error *err) {
    tnn_pickle_options pickles = tnn_pickle_options_default();
    pickles.max_depth = options->max_depth;
    pickles.classes = true;
    TNN_TRY(read_pickle(archive, "data.pkl", &pickles, &archive->data, err));
    TNN_TRY(read_pickle(archive, "constants.pkl", &pickles, &archive->constants, err));
    TNN_TRY(read_pickle(archive, "traced_inputs.pkl", &pickles, &archive->examples, err));
    if (archive->data != NULL) return TNN_OK;
    return tnn_fail(err, TNN_ERR_MALFORMED, archive->file->path, "archive has no entry \"data.pkl\"");
}

/* constants.pkl tells TorchScript from all else. */
static tnn_status open_zip(tnn_torchscript *archive, const tnn_load_options *options, bool *is, tnn_error *err) {
    const tnn_file *file = archive->file;
    tnn_zip_options zip = {options->max_entries, options->max_inflated, options->ignore_crc};
    const tnn_zip_entry *constants = NULL, *format = NULL;
    *is = false;
    if (!tnn_zip_is(file->data, file->size)) return TNN_OK;
    TNN_TRY(tnn_zip_open(&archive->zip, archive->arena, file->data, file->size, file->path, &zip, err));
    TNN_TRY(tnn_zip_root(archive->zip, &archive->root, err));
    TNN_TRY(tnn_torchscript_entry(&constants, archive, err, "constants.pkl"));
    TNN_TRY(tnn_torchscript_entry(&format, archive, err, "archive_format"));
    *is = constants != NULL && format == NULL;
    return TNN_OK;
}

tnn_status tnn_torchscript_open(tnn_torchscript *out, tnn_file *file, const tnn_load_options *options, bool *is,
                                tnn_error *err) {
    memset(out, 0, sizeof *out);
    *is = false;
    out->file = tnn_file_retain(file);
    out->arena = tnn_arena_new();
    if (out->arena == NULL) return tnn_fail_nomem(err);
    TNN_TRY(open_zip(out, options, is, err));
    if (!*is) return TNN_OK;
    if (options->model != NULL)
        return tnn_fail(err, TNN_ERR_INVALID, file->path,
                        "a TorchScript archive holds one model, found \"%.60s\" as the name of one of several", options->model);
    TNN_TRY(check_byteorder(out, err));
    TNN_TRY(check_version(out, err));
    return read_pickles(out, options, err);
}

void tnn_torchscript_close(tnn_torchscript *archive) {
    tnn_arena_free(archive->arena);
    tnn_file_free(archive->file);
    memset(archive, 0, sizeof *archive);
}
