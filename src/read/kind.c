#include "read/kind.h"

#include <string.h>

#include "base/cursor.h"
#include "read/listing.h"

static const char advice[] = "tinynn reads .pt2 files of torch.export.save and .pt files of torch.jit.save";

/* `size` bytes of `magic` at `offset`? */
static bool has_bytes(const void *data, size_t size, size_t offset, const char *magic, size_t n_bytes) {
    tnn_cursor c = tnn_cursor_init(data, size, 0);
    tnn_cursor_seek(&c, offset);
    const uint8_t *bytes = tnn_cursor_bytes(&c, n_bytes);
    return bytes != NULL && memcmp(bytes, magic, n_bytes) == 0;
}

typedef struct magic {
    size_t offset;
    const char *bytes;
    size_t n_bytes;
    const char *what;
    tnn_status code;
} magic;

static const magic magics[] = {
    {4, "TFL3", 4, "a TensorFlow Lite model", TNN_ERR_UNSUPPORTED},
    {4, "ET12", 4, "an ExecuTorch program", TNN_ERR_UNSUPPORTED},
    {0, "GGUF", 4, "a GGUF model", TNN_ERR_UNSUPPORTED},
    {0, "\x89HDF\r\n", 6, "an HDF5 file (Keras)", TNN_ERR_UNSUPPORTED},
    {257, "ustar", 5, "a tar archive", TNN_ERR_UNSUPPORTED},
    {0, "\x1f\x8b", 2, "a gzip file: unpack it first", TNN_ERR_UNSUPPORTED},
    {0, "\x89PNG", 4, "a PNG picture", TNN_ERR_MALFORMED},
    {0, "\xff\xd8\xff", 3, "a JPEG picture", TNN_ERR_MALFORMED},
    {0, "%PDF", 4, "a PDF document", TNN_ERR_MALFORMED},
    {0, "\x7f" "ELF", 4, "a program or shared library", TNN_ERR_MALFORMED},
};

/* ModelProto begins with ir_version (field 1, a small varint), then a string or a message among its first fields. */
static bool is_onnx(const void *data, size_t size) {
    tnn_cursor c = tnn_cursor_init(data, size, 0);
    uint8_t tag = tnn_cursor_u8(&c), version = tnn_cursor_u8(&c), next = tnn_cursor_u8(&c);
    return !c.failed && tag == 0x08 && version > 0 && version < 64 && (next & 7) == 2 && next >> 3 >= 2 &&
           next >> 3 <= 8;
}

/* Eight bytes with the length of the JSON that follows. */
static bool is_safetensors(const void *data, size_t size) {
    tnn_cursor c = tnn_cursor_init(data, size, 0);
    uint64_t length = tnn_cursor_u64(&c);
    uint8_t first = tnn_cursor_u8(&c), second = tnn_cursor_u8(&c);
    return !c.failed && length <= size - 8 && first == '{' && second == '"';
}

static bool is_text(const void *data, size_t size) {
    tnn_cursor c = tnn_cursor_init(data, size < 512 ? size : 512, 0);
    while (tnn_cursor_left(&c) > 0) {
        uint8_t byte = tnn_cursor_u8(&c);
        if (byte < 0x20 && byte != '\n' && byte != '\r' && byte != '\t' && byte != '\f') return false;
    }
    return true;
}

static tnn_status refuse(const char *where, tnn_status code, const char *what, tnn_error *err) {
    return tnn_fail(err, code, where, "this is %s; %s", what, advice);
}

static tnn_status refuse_unknown(const void *data, size_t size, const char *path, tnn_error *err) {
    for (size_t i = 0; i < sizeof magics / sizeof *magics; i++) {
        const magic *m = &magics[i];
        if (has_bytes(data, size, m->offset, m->bytes, m->n_bytes)) return refuse(path, m->code, m->what, err);
    }
    if (is_onnx(data, size)) return refuse(path, TNN_ERR_UNSUPPORTED, "an ONNX model", err);
    if (is_safetensors(data, size)) {
        return refuse(path, TNN_ERR_UNSUPPORTED, "a safetensors file: weights without a program", err);
    }
    if (is_text(data, size)) return refuse(path, TNN_ERR_MALFORMED, "a text file", err);
    return tnn_fail_at(err, TNN_ERR_MALFORMED, path, 0, "the file is no archive and of no kind that is known; %s",
                       advice);
}

/* Older forms of torch.save; `*found` false: none of them. */
static tnn_status refuse_saved(bool *found, const void *data, size_t size, const char *path, tnn_error *err) {
    tnn_listing listing;
    tnn_arena *arena = tnn_arena_new();
    if (arena == NULL) return tnn_fail_nomem(err);
    tnn_status status = tnn_listing_of_bytes(&listing, found, arena, data, size, path, err);
    if (status == TNN_OK && *found) status = tnn_listing_refuse(&listing, path, err);
    tnn_arena_free(arena);
    return status;
}

tnn_status tnn_kind_refuse(const void *data, size_t size, const char *path, tnn_error *err) {
    bool found = false;
    if (size == 0) return tnn_fail(err, TNN_ERR_MALFORMED, path, "the file is empty; %s", advice);
    TNN_TRY(refuse_saved(&found, data, size, path, err));
    return refuse_unknown(data, size, path, err);
}

static const tnn_zip_entry *find_under(const tnn_zip *zip, const char *root, const char *name, tnn_error *err) {
    char *full = tnn_arena_printf(zip->arena, "%s%s", root, name);
    if (full == NULL) {
        tnn_fail_nomem(err);
        return NULL;
    }
    return tnn_zip_find(zip, full);
}

typedef struct archive_kind {
    const char *entry;
    const char *what;
} archive_kind;

/* Entries that only one kind of archive has. */
static const archive_kind archive_kinds[] = {
    {"constants.pkl", "a TorchScript archive (torch.jit.save)"},
    {"config.json", "a Keras archive"},
};

tnn_status tnn_kind_check_archive(tnn_zip *zip, const char *root, tnn_error *err) {
    tnn_error nomem = {.code = TNN_OK};
    if (find_under(zip, root, "archive_format", &nomem) != NULL) return TNN_OK;
    if (find_under(zip, root, "serialized_exported_program.json", &nomem) != NULL) return TNN_OK;
    for (size_t i = 0; i < sizeof archive_kinds / sizeof *archive_kinds; i++) {
        if (find_under(zip, root, archive_kinds[i].entry, &nomem) != NULL) {
            return refuse(zip->name, TNN_ERR_UNSUPPORTED, archive_kinds[i].what, err);
        }
    }
    const tnn_zip_entry *pickle = find_under(zip, root, "data.pkl", &nomem);
    if (nomem.code != TNN_OK) return tnn_fail_nomem(err);
    tnn_listing listing;
    if (pickle != NULL) {
        TNN_TRY(tnn_listing_of_zip(&listing, zip, err));
        return tnn_listing_refuse(&listing, zip->name, err);
    }
    return refuse(zip->name, TNN_ERR_MALFORMED, "a zip archive without a PyTorch model", err);
}
