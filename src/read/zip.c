#include "read/zip.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/cursor.h"

enum {
    LOCAL_SIGNATURE = 0x04034b50,
    CENTRAL_SIGNATURE = 0x02014b50,
    END_SIGNATURE = 0x06054b50,
    END64_SIGNATURE = 0x06064b50,
    LOCATOR64_SIGNATURE = 0x07064b50,
    END_BYTES = 22,
    LOCATOR64_BYTES = 20,
    LOCAL_BYTES = 30,
    MAX_COMMENT = 0xffff,
    FLAG_ENCRYPTED = 1u << 0,
    FLAG_DESCRIPTOR = 1u << 3, /* CRC and sizes stand behind the payload, the local header has zeros */
    FLAG_STRONG_ENCRYPTION = 1u << 6,
    EXTRA_ZIP64 = 1
};

/* Where the central directory is. */
typedef struct directory {
    uint64_t offset, size, n_entries;
    uint64_t end; /* where the end records begin */
} directory;

bool tnn_zip_is(const void *data, size_t size) {
    tnn_cursor c = tnn_cursor_init(data, size, 0);
    uint32_t signature = tnn_cursor_u32(&c);
    return !c.failed && (signature == LOCAL_SIGNATURE || signature == END_SIGNATURE);
}

static tnn_status malformed(const tnn_zip *zip, uint64_t position, const char *what, tnn_error *err) {
    return tnn_fail_at(err, TNN_ERR_MALFORMED, zip->name, position, "%s", what);
}

static tnn_cursor cursor_at(const tnn_zip *zip, uint64_t position) {
    tnn_cursor c = tnn_cursor_init(zip->data, zip->size, 0);
    tnn_cursor_seek(&c, position > zip->size ? zip->size : (size_t)position);
    return c;
}

/* The last end record whose comment reaches exactly to the end of the file. */
static bool find_end(const tnn_zip *zip, uint64_t *position) {
    if (zip->size < END_BYTES) return false;
    size_t last = zip->size - END_BYTES;
    size_t first = last > MAX_COMMENT ? last - MAX_COMMENT : 0;
    for (size_t at = last + 1; at-- > first;) {
        tnn_cursor c = cursor_at(zip, at);
        if (tnn_cursor_u32(&c) != END_SIGNATURE) continue;
        tnn_cursor_skip(&c, END_BYTES - 4 - 2);
        if (tnn_cursor_u16(&c) == last - at) {
            *position = at;
            return true;
        }
    }
    return false;
}

/* The zip64 records, which stand before the end record when one of its fields is too narrow. */
static tnn_status read_end64(const tnn_zip *zip, uint64_t end, directory *dir, tnn_error *err) {
    if (end < LOCATOR64_BYTES) return malformed(zip, end, "zip64 locator is missing", err);
    tnn_cursor c = cursor_at(zip, end - LOCATOR64_BYTES);
    if (tnn_cursor_u32(&c) != LOCATOR64_SIGNATURE) return malformed(zip, end, "zip64 locator is missing", err);
    tnn_cursor_u32(&c);
    uint64_t at = tnn_cursor_u64(&c);
    if (at >= end) return malformed(zip, end, "zip64 end record lies behind its locator", err);
    c = cursor_at(zip, at);
    if (tnn_cursor_u32(&c) != END64_SIGNATURE) return malformed(zip, at, "zip64 end record is missing", err);
    tnn_cursor_skip(&c, 8 + 2 + 2);
    uint32_t disk = tnn_cursor_u32(&c), dir_disk = tnn_cursor_u32(&c);
    uint64_t here = tnn_cursor_u64(&c);
    dir->n_entries = tnn_cursor_u64(&c);
    dir->size = tnn_cursor_u64(&c);
    dir->offset = tnn_cursor_u64(&c);
    dir->end = at;
    TNN_TRY(tnn_cursor_check(&c, zip->name, "the zip64 end record", err));
    if (disk != 0 || dir_disk != 0 || here != dir->n_entries) {
        return tnn_fail_at(err, TNN_ERR_UNSUPPORTED, zip->name, at, "zip archive in several parts");
    }
    return TNN_OK;
}

static tnn_status read_end(const tnn_zip *zip, directory *dir, tnn_error *err) {
    uint64_t end = 0;
    if (!find_end(zip, &end)) {
        return malformed(zip, zip->size, "zip archive has no end record: the file is cut short or damaged", err);
    }
    tnn_cursor c = cursor_at(zip, end + 4);
    uint16_t disk = tnn_cursor_u16(&c), dir_disk = tnn_cursor_u16(&c), here = tnn_cursor_u16(&c);
    dir->n_entries = tnn_cursor_u16(&c);
    dir->size = tnn_cursor_u32(&c);
    dir->offset = tnn_cursor_u32(&c);
    dir->end = end;
    TNN_TRY(tnn_cursor_check(&c, zip->name, "the end record", err));
    bool wide = here == 0xffff || dir->n_entries == 0xffff || dir->size == 0xffffffff || dir->offset == 0xffffffff;
    if (wide) {
        TNN_TRY(read_end64(zip, end, dir, err));
    } else if (disk != 0 || dir_disk != 0 || here != dir->n_entries) {
        return tnn_fail_at(err, TNN_ERR_UNSUPPORTED, zip->name, end, "zip archive in several parts");
    }
    if (dir->offset > dir->end || dir->size > dir->end - dir->offset) {
        return malformed(zip, end, "central directory lies outside the archive", err);
    }
    return TNN_OK;
}

/* A name that stays inside the archive. */
static bool name_is_tame(const char *name, size_t length) {
    if (length == 0 || name[0] == '/') return false;
    for (size_t i = 0; i < length; i++) {
        if ((unsigned char)name[i] < 0x20 || name[i] == '\\') return false;
        bool starts = i == 0 || name[i - 1] == '/';
        bool dots = length - i >= 2 && name[i] == '.' && name[i + 1] == '.';
        if (starts && dots && (i + 2 == length || name[i + 2] == '/')) return false;
    }
    return true;
}

/* Sizes and offset that did not fit 32 bits stand in the zip64 extra field, in this order. */
static tnn_status widen(const tnn_zip *zip, tnn_cursor extra, tnn_zip_entry *entry, uint64_t *local,
                        tnn_error *err) {
    uint64_t *fields[3] = {&entry->size, &entry->stored, local};
    while (tnn_cursor_left(&extra) >= 4) {
        uint16_t id = tnn_cursor_u16(&extra), n_bytes = tnn_cursor_u16(&extra);
        const uint8_t *bytes = tnn_cursor_bytes(&extra, n_bytes);
        if (bytes == NULL) break;
        if (id != EXTRA_ZIP64) continue;
        tnn_cursor c = tnn_cursor_init(bytes, n_bytes, 0);
        for (size_t i = 0; i < 3; i++) {
            if (*fields[i] == 0xffffffff) *fields[i] = tnn_cursor_u64(&c);
        }
        return tnn_cursor_check(&c, zip->name, "the zip64 field of an entry", err);
    }
    return TNN_OK;
}

/* Names are unique: with two of a kind, two readers would see two different models. */
static tnn_status keep_name(tnn_zip *zip, tnn_zip_entry *entry, const char *name, size_t length, uint64_t at,
                            tnn_error *err) {
    if (!name_is_tame(name, length)) return malformed(zip, at, "entry has an unsafe name", err);
    char *copy = tnn_arena_strn(zip->arena, name, length);
    if (copy == NULL) return tnn_fail_nomem(err);
    if (tnn_strmap_find(&zip->by_name, copy) != NULL) {
        return tnn_fail_at(err, TNN_ERR_MALFORMED, zip->name, at, "two entries are called \"%s\"", copy);
    }
    entry->name = copy;
    if (tnn_strmap_set(&zip->by_name, copy, entry) != TNN_OK) return tnn_fail_nomem(err);
    return TNN_OK;
}

/* One header of the central directory. `entry->offset` is the local header's until that one is read. */
static tnn_status read_central(tnn_zip *zip, tnn_cursor *c, tnn_zip_entry *entry, tnn_error *err) {
    uint64_t at = c->base + c->pos;
    uint32_t signature = tnn_cursor_u32(c);
    tnn_cursor_skip(c, 4);
    uint16_t flags = tnn_cursor_u16(c);
    entry->method = tnn_cursor_u16(c);
    tnn_cursor_skip(c, 4);
    entry->crc = tnn_cursor_u32(c);
    entry->stored = tnn_cursor_u32(c);
    entry->size = tnn_cursor_u32(c);
    uint16_t name_bytes = tnn_cursor_u16(c), extra_bytes = tnn_cursor_u16(c), comment_bytes = tnn_cursor_u16(c);
    uint16_t disk = tnn_cursor_u16(c);
    tnn_cursor_skip(c, 6);
    entry->offset = tnn_cursor_u32(c);
    const uint8_t *name = tnn_cursor_bytes(c, name_bytes), *extra = tnn_cursor_bytes(c, extra_bytes);
    tnn_cursor_skip(c, comment_bytes);
    TNN_TRY(tnn_cursor_check(c, zip->name, "the central directory", err));
    if (signature != CENTRAL_SIGNATURE) return malformed(zip, at, "central directory is damaged", err);
    if (disk != 0) return tnn_fail_at(err, TNN_ERR_UNSUPPORTED, zip->name, at, "zip archive in several parts");
    TNN_TRY(keep_name(zip, entry, (const char *)name, name_bytes, at, err));
    if (flags & (FLAG_ENCRYPTED | FLAG_STRONG_ENCRYPTION)) {
        return tnn_fail_at(err, TNN_ERR_UNSUPPORTED, zip->name, at, "entry \"%s\" is encrypted", entry->name);
    }
    TNN_TRY(widen(zip, tnn_cursor_init(extra, extra_bytes, 0), entry, &entry->offset, err));
    if (entry->method == TNN_ZIP_STORED && entry->stored != entry->size) {
        return malformed(zip, at, "entry that is not compressed has two sizes", err);
    }
    return TNN_OK;
}

/* The local header says where the payload begins, and must not contradict the directory. */
static tnn_status read_local(const tnn_zip *zip, const directory *dir, tnn_zip_entry *entry, tnn_error *err) {
    uint64_t at = entry->offset;
    if (at > dir->offset || dir->offset - at < LOCAL_BYTES) {
        return malformed(zip, at, "entry lies outside the archive", err);
    }
    tnn_cursor c = cursor_at(zip, at);
    uint32_t signature = tnn_cursor_u32(&c);
    tnn_cursor_skip(&c, 2);
    uint16_t flags = tnn_cursor_u16(&c), method = tnn_cursor_u16(&c);
    tnn_cursor_skip(&c, 4);
    uint32_t crc = tnn_cursor_u32(&c), stored = tnn_cursor_u32(&c), size = tnn_cursor_u32(&c);
    uint16_t name_bytes = tnn_cursor_u16(&c), extra_bytes = tnn_cursor_u16(&c);
    const uint8_t *name = tnn_cursor_bytes(&c, name_bytes);
    tnn_cursor_skip(&c, extra_bytes);
    TNN_TRY(tnn_cursor_check(&c, zip->name, "a local header", err));
    bool known = !(flags & FLAG_DESCRIPTOR);
    bool agrees = signature == LOCAL_SIGNATURE && method == entry->method && strlen(entry->name) == name_bytes &&
                  memcmp(name, entry->name, name_bytes) == 0 && (!known || crc == entry->crc) &&
                  (!known || stored == 0xffffffff || stored == entry->stored) &&
                  (!known || size == 0xffffffff || size == entry->size);
    if (!agrees) return malformed(zip, at, "local header contradicts the central directory", err);
    entry->offset = c.pos;
    if (entry->offset > dir->offset || entry->stored > dir->offset - entry->offset) {
        return malformed(zip, at, "entry lies outside the archive", err);
    }
    return TNN_OK;
}

typedef struct extent {
    uint64_t begin, end;
} extent;

static int compare_extents(const void *a, const void *b) {
    const extent *x = a, *y = b;
    if (x->begin != y->begin) return x->begin < y->begin ? -1 : 1;
    return x->end < y->end ? -1 : x->end > y->end;
}

/* Overlapping entries are how small archives unpack to enormous sizes. */
static tnn_status check_overlap(const tnn_zip *zip, extent *extents, tnn_error *err) {
    size_t n = zip->n_entries;
    bool in_order = true;
    for (size_t i = 1; i < n && in_order; i++) in_order = extents[i - 1].begin <= extents[i].begin;
    if (!in_order) qsort(extents, n, sizeof *extents, compare_extents);
    for (size_t i = 1; i < n; i++) {
        if (extents[i].begin < extents[i - 1].end) return malformed(zip, extents[i].begin, "entries overlap", err);
    }
    return TNN_OK;
}

static tnn_status read_entries(tnn_zip *zip, const directory *dir, extent *extents, tnn_error *err) {
    tnn_cursor whole = cursor_at(zip, dir->offset);
    const uint8_t *bytes = tnn_cursor_bytes(&whole, (size_t)dir->size);
    tnn_cursor c = tnn_cursor_init(bytes, (size_t)dir->size, dir->offset);
    for (size_t i = 0; i < zip->n_entries; i++) {
        TNN_TRY(read_central(zip, &c, &zip->entries[i], err));
        extents[i].begin = zip->entries[i].offset;
        TNN_TRY(read_local(zip, dir, &zip->entries[i], err));
        extents[i].end = zip->entries[i].offset + zip->entries[i].stored;
    }
    if (tnn_cursor_left(&c) != 0) {
        return malformed(zip, c.base + c.pos, "central directory holds more than it says", err);
    }
    return check_overlap(zip, extents, err);
}

static tnn_status check_count(const tnn_zip *zip, const directory *dir, uint64_t max_entries, tnn_error *err) {
    if (dir->n_entries > max_entries) {
        return tnn_fail_at(err, TNN_ERR_LIMIT, zip->name, dir->end, "archive has %llu entries, the limit is %llu",
                           (unsigned long long)dir->n_entries, (unsigned long long)max_entries);
    }
    if (dir->n_entries > dir->size / 46) {
        return malformed(zip, dir->end, "central directory is too small for its entries", err);
    }
    return TNN_OK;
}

tnn_status tnn_zip_open(tnn_zip **out, tnn_arena *arena, const void *data, size_t size, const char *name,
                        const tnn_zip_options *options, tnn_error *err) {
    *out = NULL;
    tnn_zip *zip = TNN_NEW(arena, tnn_zip);
    if (zip == NULL) return tnn_fail_nomem(err);
    zip->data = data;
    zip->size = size;
    zip->name = name;
    zip->arena = arena;
    zip->inflated_left = options->max_inflated;
    zip->ignore_crc = options->ignore_crc;
    tnn_strmap_init(&zip->by_name, arena);
    directory dir = {0};
    TNN_TRY(read_end(zip, &dir, err));
    TNN_TRY(check_count(zip, &dir, options->max_entries, err));
    zip->n_entries = (size_t)dir.n_entries;
    zip->entries = TNN_NEW_ARRAY(arena, zip->n_entries, tnn_zip_entry);
    extent *extents = tnn_alloc(zip->n_entries, sizeof *extents);
    tnn_status status = zip->entries == NULL || extents == NULL ? tnn_fail_nomem(err)
                                                                : read_entries(zip, &dir, extents, err);
    tnn_free(extents);
    if (status == TNN_OK) *out = zip;
    return status;
}

const tnn_zip_entry *tnn_zip_find(const tnn_zip *zip, const char *name) {
    return tnn_strmap_get(&zip->by_name, name);
}

tnn_status tnn_zip_root(const tnn_zip *zip, const char **out, tnn_error *err) {
    *out = "";
    if (zip->n_entries == 0) return TNN_OK;
    const char *first = zip->entries[0].name;
    const char *slash = strchr(first, '/');
    if (slash == NULL) return TNN_OK;
    size_t length = (size_t)(slash - first) + 1;
    for (size_t i = 1; i < zip->n_entries; i++) {
        if (strncmp(zip->entries[i].name, first, length) != 0) return TNN_OK;
    }
    *out = tnn_arena_strn(zip->arena, first, length);
    return *out == NULL ? tnn_fail_nomem(err) : TNN_OK;
}

static bool ends_in_part(const char *name, const char *suffix) {
    size_t n = strlen(name), s = strlen(suffix);
    if (n < s || strcmp(name + (n - s), suffix) != 0) return false;
    return n == s || name[n - s - 1] == '/';
}

const tnn_zip_entry *tnn_zip_find_suffix(const tnn_zip *zip, const char *suffix) {
    const tnn_zip_entry *found = NULL;
    for (size_t i = 0; i < zip->n_entries; i++) {
        if (!ends_in_part(zip->entries[i].name, suffix)) continue;
        if (found != NULL) return NULL;
        found = &zip->entries[i];
    }
    return found;
}
