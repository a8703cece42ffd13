/* The forms that torch.save has had: from bytes to the object that was saved. */
#include <string.h>

#include "base/cursor.h"
#include "read/listing.h"
#include "read/tar.h"

static tnn_pickle_options lenient(void) {
    tnn_pickle_options options = tnn_pickle_options_default();
    options.lenient = true;
    return options;
}

tnn_status tnn_listing_of_zip(tnn_listing *out, tnn_zip *zip, tnn_error *err) {
    tnn_pickle_options options = lenient();
    tnn_saved saved;
    TNN_TRY(tnn_saved_read(&saved, zip, &options, err));
    return tnn_listing_make(out, zip->arena, "a torch.save file", saved.object, NULL, err);
}

/* The stream of torch 0.2 to 1.5, which torch.save still writes when asked to. */

static const char magic[] = "\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.";
enum { MAGIC_BYTES = sizeof magic - 1, PROTOCOL_AT = 1 };

/* The protocol byte may be another. */
static bool is_stream(const void *data, size_t size) {
    tnn_cursor c = tnn_cursor_init(data, size, 0);
    const uint8_t *bytes = tnn_cursor_bytes(&c, MAGIC_BYTES);
    return bytes != NULL && bytes[0] == 0x80 &&
           memcmp(bytes + PROTOCOL_AT + 1, magic + PROTOCOL_AT + 1, MAGIC_BYTES - PROTOCOL_AT - 1) == 0;
}

static tnn_status list_stream(tnn_listing *out, tnn_arena *arena, const void *data, size_t size, const char *name,
                              tnn_error *err) {
    tnn_pickle_options options = lenient();
    size_t position = MAGIC_BYTES;
    tnn_pickle *object = NULL;
    for (int i = 0; i < 3; i++) { /* version, machine, object */
        TNN_TRY(tnn_pickle_load_at(&object, arena, data, size, &position, name, &options, err));
    }
    return tnn_listing_make(out, arena, "a torch.save file in the form of torch 1.5 and earlier", object, NULL, err);
}

/* The tar archive of torch 0.1. */

/* "torch.FloatTensor": the type of its elements. */
static const char *tensor_type(const tnn_pickle *global) {
    static const char *const types[][2] = {
        {"Float", "float32"}, {"Double", "float64"}, {"Half", "float16"}, {"Long", "int64"},
        {"Int", "int32"},     {"Short", "int16"},    {"Char", "int8"},    {"Byte", "uint8"},
    };
    const char *text = global->kind == TNN_PICKLE_GLOBAL ? global->text : "";
    const char *dot = strrchr(text, '.');
    for (size_t i = 0; dot != NULL && i < sizeof types / sizeof *types; i++) {
        size_t length = strlen(types[i][0]);
        if (strncmp(dot + 1, types[i][0], length) == 0 && strcmp(dot + 1 + length, "Tensor") == 0) return types[i][1];
    }
    return "unknown";
}

/* Rank, sizes, strides and offset behind the pickle of a tensor. */
static tnn_status read_sizes(tnn_listed *out, tnn_cursor *c, const char *name, tnn_error *err) {
    uint32_t rank = tnn_cursor_u32(c);
    tnn_cursor_skip(c, 4);
    out->n_elems = 1;
    for (uint32_t i = 0; i < rank && !c->failed; i++) {
        int64_t dim = (int64_t)(tnn_cursor_u64(c) & INT64_MAX);
        if (i < TNN_MAX_RANK) out->dims[i] = dim;
        uint64_t n = (uint64_t)dim;
        out->n_elems = n != 0 && out->n_elems > UINT64_MAX / n ? UINT64_MAX : out->n_elems * n;
    }
    for (uint32_t i = 0; i < rank && !c->failed; i++) tnn_cursor_u64(c);
    tnn_cursor_u64(c);
    out->rank = (uint8_t)(rank < TNN_MAX_RANK ? rank : TNN_MAX_RANK);
    return tnn_cursor_check(c, name, "a tensor of a tar archive", err);
}

/* One tensor at `*position`, entered by its id. */
static tnn_status read_tensor(tnn_strmap *tensors, const void *data, size_t size, size_t *position, const char *name,
                              tnn_error *err) {
    tnn_pickle_options options = lenient();
    tnn_pickle *head = NULL;
    tnn_listed *tensor = TNN_NEW(tensors->arena, tnn_listed);
    if (tensor == NULL) return tnn_fail_nomem(err);
    TNN_TRY(tnn_pickle_load_at(&head, tensors->arena, data, size, position, name, &options, err));
    bool fits = head->kind == TNN_PICKLE_TUPLE && head->n_items == 3 &&
                (head->items[0]->kind == TNN_PICKLE_INT || head->items[0]->kind == TNN_PICKLE_STRING);
    if (!fits) return tnn_fail_at(err, TNN_ERR_MALFORMED, name, *position, "tensor is not (id, storage, type)");
    tnn_cursor c = tnn_cursor_init(data, size, 0);
    tnn_cursor_seek(&c, *position);
    TNN_TRY(read_sizes(tensor, &c, name, err));
    *position = c.pos;
    tensor->type = tensor_type(head->items[2]);
    uint32_t bytes = tnn_dtype_bytes(tnn_dtype_from_name(tensor->type));
    tensor->n_bytes = bytes != 0 && tensor->n_elems > UINT64_MAX / bytes ? UINT64_MAX : tensor->n_elems * bytes;
    const tnn_pickle *id = head->items[0];
    char *key = id->kind == TNN_PICKLE_STRING ? tnn_arena_str(tensors->arena, id->text)
                                              : tnn_arena_printf(tensors->arena, "%lld", (long long)id->integer);
    return key != NULL && tnn_strmap_set(tensors, key, tensor) == TNN_OK ? TNN_OK : tnn_fail_nomem(err);
}

static tnn_status read_tensors(tnn_strmap *tensors, const void *data, size_t size, const char *name, tnn_error *err) {
    tnn_pickle_options options = lenient();
    tnn_pickle *count = NULL;
    size_t position = 0;
    TNN_TRY(tnn_pickle_load_at(&count, tensors->arena, data, size, &position, name, &options, err));
    for (int64_t i = 0; count->kind == TNN_PICKLE_INT && i < count->integer; i++) {
        TNN_TRY(read_tensor(tensors, data, size, &position, name, err));
    }
    return TNN_OK;
}

static tnn_status list_tar(tnn_listing *out, bool *found, tnn_arena *arena, const void *data, size_t size,
                           const char *name, tnn_error *err) {
    size_t pickle_bytes = 0, tensor_bytes = 0, position = 0;
    const uint8_t *pickle = tnn_tar_find(data, size, "pickle", &pickle_bytes);
    const uint8_t *tensor_table = tnn_tar_find(data, size, "tensors", &tensor_bytes);
    tnn_pickle_options options = lenient();
    tnn_pickle *object = NULL;
    tnn_strmap tensors;
    *found = pickle != NULL && tensor_table != NULL;
    if (!*found) return TNN_OK;
    tnn_strmap_init(&tensors, arena);
    TNN_TRY(read_tensors(&tensors, tensor_table, tensor_bytes, name, err));
    TNN_TRY(tnn_pickle_load_at(&object, arena, pickle, pickle_bytes, &position, name, &options, err));
    return tnn_listing_make(out, arena, "a torch.save file in the form of torch 0.1 (a tar archive)", object, &tensors, err);
}

/* A pickle without anything around it. */

static tnn_status list_pickle(tnn_listing *out, tnn_arena *arena, const void *data, size_t size, const char *name,
                              tnn_error *err) {
    tnn_pickle_options options = lenient();
    size_t position = 0;
    tnn_pickle *object = NULL;
    TNN_TRY(tnn_pickle_load_at(&object, arena, data, size, &position, name, &options, err));
    return tnn_listing_make(out, arena, "a bare Python pickle", object, NULL, err);
}

static bool is_pickle(const void *data, size_t size) {
    tnn_cursor c = tnn_cursor_init(data, size, 0);
    uint8_t code = tnn_cursor_u8(&c), protocol = tnn_cursor_u8(&c);
    return !c.failed && code == 0x80 && protocol >= 2 && protocol <= 5;
}

tnn_status tnn_listing_of_bytes(tnn_listing *out, bool *found, tnn_arena *arena, const void *data, size_t size,
                                const char *name, tnn_error *err) {
    *found = false;
    if (tnn_tar_is(data, size)) return list_tar(out, found, arena, data, size, name, err);
    *found = is_pickle(data, size);
    if (!*found) return TNN_OK;
    return is_stream(data, size) ? list_stream(out, arena, data, size, name, err)
                                 : list_pickle(out, arena, data, size, name, err);
}

/* Describing a file. */

static bool has_entry(const tnn_zip *zip, const char *root, const char *name) {
    char *full = tnn_arena_printf(zip->arena, "%s%s", root, name);
    return full != NULL && tnn_zip_find(zip, full) != NULL;
}

/* Entries that other archives with a data.pkl have. */
static bool is_other_archive(const tnn_zip *zip, const char *root) {
    return has_entry(zip, root, "constants.pkl") || has_entry(zip, root, "archive_format") ||
           has_entry(zip, root, "serialized_exported_program.json");
}

static tnn_status list_archive(tnn_listing *out, bool *found, tnn_arena *arena, const tnn_file *file,
                               const tnn_load_options *options, tnn_error *err) {
    tnn_zip_options zip_options = {options->max_entries, options->max_inflated, options->ignore_crc};
    tnn_zip *zip = NULL;
    const char *root = "";
    TNN_TRY(tnn_zip_open(&zip, arena, file->data, file->size, file->path, &zip_options, err));
    TNN_TRY(tnn_zip_root(zip, &root, err));
    *found = has_entry(zip, root, "data.pkl") && !is_other_archive(zip, root);
    return *found ? tnn_listing_of_zip(out, zip, err) : TNN_OK;
}

tnn_status tnn_listing_describe(const tnn_file *file, const tnn_load_options *options, bool json, tnn_strbuf *out,
                                bool *found, tnn_error *err) {
    tnn_listing listing;
    tnn_arena *arena = tnn_arena_new();
    *found = false;
    if (arena == NULL) return tnn_fail_nomem(err);
    tnn_status status = tnn_zip_is(file->data, file->size)
                            ? list_archive(&listing, found, arena, file, options, err)
                            : tnn_listing_of_bytes(&listing, found, arena, file->data, file->size, file->path, err);
    if (status == TNN_OK && *found) {
        if (json) tnn_listing_json(out, &listing, file->path, file->size);
        else tnn_listing_text(out, &listing, file->path, file->size);
        if (out->failed) status = tnn_fail_nomem(err);
    }
    tnn_arena_free(arena);
    return status;
}
