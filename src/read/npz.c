#include "read/npz.h"

#include <string.h>

#include "base/strbuf.h"
#include "base/zip_write.h"
#include "read/npy_make.h"
#include "read/zip.h"

#define SUFFIX ".npy"
#define MAX_ENTRIES 65536

/* Every entry is an array: what another ending means is nothing that NumPy wrote. */
static tnn_status open_item(tnn_npz_item *out, tnn_zip *zip, const tnn_zip_entry *entry, tnn_error *err) {
    size_t n = strlen(entry->name), s = strlen(SUFFIX);
    const uint8_t *bytes = NULL;
    if (n < s || strcmp(entry->name + n - s, SUFFIX) != 0)
        return tnn_fail(err, TNN_ERR_MALFORMED, zip->name, "entry \"%s\" does not end in " SUFFIX, entry->name);
    TNN_TRY(tnn_zip_read(zip, entry, zip->arena, &bytes, err));
    out->name = tnn_arena_strn(zip->arena, entry->name, n - s);
    if (out->name == NULL) return tnn_fail_nomem(err);
    tnn_status status = tnn_npy_open(&out->npy, bytes, (size_t)entry->size, entry->name, err);
    if (status != TNN_OK) tnn_error_prefix(err, zip->name);
    return status;
}

tnn_status tnn_npz_open(tnn_npz *out, tnn_arena *arena, const void *data, size_t size, const char *name,
                        uint64_t max_inflated, tnn_error *err) {
    tnn_zip *zip = NULL;
    tnn_zip_options options = {.max_entries = MAX_ENTRIES, .max_inflated = max_inflated};
    *out = (tnn_npz){0};
    TNN_TRY(tnn_zip_open(&zip, arena, data, size, name, &options, err));
    tnn_npz_item *items = TNN_NEW_ARRAY(arena, zip->n_entries, tnn_npz_item);
    if (items == NULL) return tnn_fail_nomem(err);
    for (size_t i = 0; i < zip->n_entries; i++) TNN_TRY(open_item(&items[i], zip, &zip->entries[i], err));
    *out = (tnn_npz){.items = items, .n = zip->n_entries};
    return TNN_OK;
}

const tnn_npz_item *tnn_npz_find(const tnn_npz *npz, const char *name) {
    for (size_t i = 0; i < npz->n; i++)
        if (strcmp(npz->items[i].name, name) == 0) return &npz->items[i];
    return NULL;
}

static tnn_status write_item(tnn_zip_writer *writer, const tnn_named_array *item, tnn_error *err) {
    tnn_npy_made made;
    tnn_strbuf name = {0};
    tnn_strbuf_printf(&name, "%s" SUFFIX, item->name);
    tnn_status status = tnn_npy_make(&made, &item->array, err);
    if (status == TNN_OK && name.failed) status = tnn_fail_nomem(err);
    if (status == TNN_OK) {
        tnn_zip_part parts[2] = {{made.header, made.header_bytes}, {made.data, made.data_bytes}};
        status = tnn_zip_write_entry(writer, name.data, parts, 2, err);
    }
    tnn_npy_made_clear(&made);
    tnn_strbuf_free(&name);
    return status;
}

tnn_status tnn_npz_save(const char *path, const tnn_named_array *items, size_t n, tnn_error *err) {
    tnn_zip_writer writer = {0};
    tnn_status status = tnn_out_open(&writer.out, path, err);
    for (size_t i = 0; i < n && status == TNN_OK; i++) status = write_item(&writer, &items[i], err);
    if (status == TNN_OK) status = tnn_zip_write_end(&writer, err);
    if (status == TNN_OK) status = tnn_out_commit(writer.out, err);
    tnn_out_free(writer.out);
    tnn_zip_writer_clear(&writer);
    return status;
}
