/* Objects to bytes, front to back: a table, then what its fields point at, depth first. */
#include <assert.h>
#include <string.h>

#include "base/alloc.h"
#include "tflite/flatbuf.h"

typedef enum slot_state {
    SLOT_ABSENT,
    SLOT_INT,
    SLOT_NUMBER,
    SLOT_STRING,
    SLOT_CHILD,
    SLOT_ITEMS,
    SLOT_CHILDREN,
    SLOT_LATER
} slot_state;

typedef struct slot {
    slot_state state;
    size_t n; /* ITEMS, CHILDREN */
    union {
        int64_t integer;
        double number;
        const void *items;
        const char *text;
        const tnn_fb_object *child;
        tnn_fb_object *const *children;
        uint32_t *place;
    } as;
} slot;

struct tnn_fb_object {
    const tnn_fb_table *type;
    slot *slots; /* one a field of the type */
};

/* ---- the tree ---- */

tnn_fb_object *tnn_fb_new(tnn_arena *arena, const tnn_fb_table *type) {
    tnn_fb_object *object = TNN_NEW(arena, tnn_fb_object);
    slot *slots = TNN_NEW_ARRAY(arena, type->n_fields, slot);
    if (object == NULL || slots == NULL) return NULL;
    object->type = type;
    object->slots = slots;
    return object;
}

static void set(tnn_fb_object *object, const char *name, slot value) {
    if (object == NULL) return;
    const tnn_fb_field *field = tnn_fbs_field(object->type, name);
    assert(field != NULL);
    if (field != NULL) object->slots[field - object->type->fields] = value;
}

void tnn_fb_set_int(tnn_fb_object *object, const char *field, int64_t value) {
    set(object, field, (slot){.state = SLOT_INT, .as.integer = value});
}

void tnn_fb_set_number(tnn_fb_object *object, const char *field, double value) {
    set(object, field, (slot){.state = SLOT_NUMBER, .as.number = value});
}

void tnn_fb_set_string(tnn_fb_object *object, const char *field, const char *text) {
    set(object, field, (slot){.state = text != NULL ? SLOT_STRING : SLOT_ABSENT, .as.text = text});
}

void tnn_fb_set_child(tnn_fb_object *object, const char *field, tnn_fb_object *child) {
    set(object, field, (slot){.state = child != NULL ? SLOT_CHILD : SLOT_ABSENT, .as.child = child});
}

void tnn_fb_set_union(tnn_fb_object *object, const char *name, tnn_fb_object *child) {
    if (object == NULL || child == NULL) return;
    const tnn_fb_field *field = tnn_fbs_field(object->type, name);
    assert(field != NULL && field->type == TNN_FB_UNION);
    uint8_t member = tnn_fbs_member(field->members, child->type->name);
    assert(member != 0);
    tnn_fb_set_int(object, field[-1].name, member);
    tnn_fb_set_child(object, name, child);
}

void tnn_fb_set_items(tnn_fb_object *object, const char *field, const void *items, size_t n) {
    set(object, field, (slot){.state = SLOT_ITEMS, .n = n, .as.items = items});
}

void tnn_fb_set_children(tnn_fb_object *object, const char *field, tnn_fb_object *const *children, size_t n) {
    set(object, field, (slot){.state = SLOT_CHILDREN, .n = n, .as.children = children});
}

void tnn_fb_set_later(tnn_fb_object *object, const char *field, uint32_t *place) {
    set(object, field, (slot){.state = SLOT_LATER, .as.place = place});
}

/* ---- the bytes ---- */

#define MAX_BYTES ((size_t)INT32_MAX)

typedef struct writer {
    tnn_fb_bytes *out;
    size_t *vtables; /* positions */
    size_t n_vtables, cap_vtables;
    tnn_error *err;
} writer;

static void put(uint8_t *to, uint64_t value, size_t n_bytes) {
    for (size_t i = 0; i < n_bytes; i++) to[i] = (uint8_t)(value >> (8 * i));
}

void tnn_fb_put_u32(uint8_t *to, uint32_t value) { put(to, value, 4); }
void tnn_fb_put_u64(uint8_t *to, uint64_t value) { put(to, value, 8); }

/* `n_bytes` zero bytes behind the last, such that `aligned_at` bytes behind them is a multiple of `align`. */
static tnn_status reserve(writer *w, size_t n_bytes, size_t align, size_t aligned_at, size_t *pos) {
    tnn_fb_bytes *out = w->out;
    size_t pad = (align - (out->size + aligned_at) % align) % align;
    if (n_bytes > MAX_BYTES - pad - out->size)
        return tnn_fail(w->err, TNN_ERR_LIMIT, NULL, "the FlatBuffer has 2 GiB or more");
    size_t size = out->size + pad + n_bytes;
    if (size > out->cap) {
        size_t cap = size + size / 2 + 1024;
        uint8_t *data = tnn_realloc(out->data, cap, 1);
        if (data == NULL) return tnn_fail_nomem(w->err);
        out->data = data;
        out->cap = cap;
    }
    memset(out->data + out->size, 0, size - out->size);
    *pos = out->size + pad;
    out->size = size;
    return TNN_OK;
}

/* What the offset at `place` points at comes at `pos`. */
static void point(writer *w, size_t place, size_t pos) {
    tnn_fb_put_u32(w->out->data + place, (uint32_t)(pos - place));
}

static void put_number(uint8_t *to, double value) {
    float single = (float)value;
    uint32_t bits;
    memcpy(&bits, &single, sizeof bits);
    tnn_fb_put_u32(to, bits);
}

static tnn_status write_string(writer *w, size_t place, const char *text) {
    size_t length = strlen(text), pos;
    if (length > MAX_BYTES) return tnn_fail(w->err, TNN_ERR_LIMIT, NULL, "a name has 2 GiB or more");
    TNN_TRY(reserve(w, 4 + length + 1, 4, 0, &pos));
    point(w, place, pos);
    tnn_fb_put_u32(w->out->data + pos, (uint32_t)length);
    memcpy(w->out->data + pos + 4, text, length);
    return TNN_OK;
}

/* Items of the machine's byte order to little-endian. */
static void put_items(uint8_t *to, const uint8_t *items, size_t n, size_t item_bytes) {
    for (size_t i = 0; i < n; i++, to += item_bytes, items += item_bytes) {
        uint8_t b8;
        uint16_t b16;
        uint32_t b32;
        uint64_t b64;
        switch (item_bytes) {
        case 1: memcpy(&b8, items, 1), put(to, b8, 1); break;
        case 2: memcpy(&b16, items, 2), put(to, b16, 2); break;
        case 4: memcpy(&b32, items, 4), put(to, b32, 4); break;
        default: memcpy(&b64, items, 8), put(to, b64, 8); break;
        }
    }
}

static tnn_status reserve_vector(writer *w, size_t place, const tnn_fb_field *field, size_t n, size_t *pos) {
    size_t item_bytes = tnn_fb_type_bytes(field->type), n_bytes;
    size_t align = field->align > 4 ? field->align : item_bytes > 4 ? item_bytes : 4;
    if (n > UINT32_MAX || !tnn_mul_size(n, item_bytes, &n_bytes) || n_bytes > MAX_BYTES)
        return tnn_fail(w->err, TNN_ERR_LIMIT, NULL, "field %s has too many items", field->name);
    TNN_TRY(reserve(w, 4 + n_bytes, align, 4, pos));
    point(w, place, *pos);
    tnn_fb_put_u32(w->out->data + *pos, (uint32_t)n);
    return TNN_OK;
}

static tnn_status write_items(writer *w, size_t place, const tnn_fb_field *field, const slot *s) {
    size_t pos;
    TNN_TRY(reserve_vector(w, place, field, s->n, &pos));
    put_items(w->out->data + pos + 4, s->as.items, s->n, tnn_fb_type_bytes(field->type));
    return TNN_OK;
}

static tnn_status write_object(writer *w, size_t place, const tnn_fb_object *object);

static tnn_status write_children(writer *w, size_t place, const tnn_fb_field *field, const slot *s) {
    size_t pos;
    TNN_TRY(reserve_vector(w, place, field, s->n, &pos));
    for (size_t i = 0; i < s->n; i++) {
        if (s->as.children[i] == NULL) return tnn_fail_nomem(w->err);
        TNN_TRY(write_object(w, pos + 4 + 4 * i, s->as.children[i]));
    }
    return TNN_OK;
}

static bool is_default(const tnn_fb_field *field, const slot *s) {
    switch (s->state) {
    case SLOT_ABSENT: return true;
    case SLOT_INT: return s->as.integer == field->if_absent;
    case SLOT_NUMBER: return s->as.number == 0;
    case SLOT_STRING: case SLOT_CHILD: case SLOT_ITEMS: case SLOT_CHILDREN: case SLOT_LATER: break;
    }
    return false;
}

static size_t inline_bytes(const tnn_fb_field *field) { return field->vector ? 4 : tnn_fb_type_bytes(field->type); }

/* The vtable of `object` into `vtable` (room for all ids): wide fields first, so that there are few gaps. */
static void make_vtable(const tnn_fb_object *object, uint16_t *vtable, size_t *align) {
    const tnn_fb_table *type = object->type;
    size_t n_ids = 0, end = 4;
    *align = 4;
    for (size_t width = 8; width >= 1; width /= 2) {
        for (size_t i = 0; i < type->n_fields; i++) {
            const tnn_fb_field *field = &type->fields[i];
            if (inline_bytes(field) != width || is_default(field, &object->slots[i])) continue;
            end = (end + width - 1) / width * width;
            vtable[2 + field->id] = (uint16_t)end;
            end += width;
            if (field->id >= n_ids) n_ids = field->id + 1u;
            if (width > *align) *align = width;
        }
    }
    vtable[0] = (uint16_t)(4 + 2 * n_ids);
    vtable[1] = (uint16_t)end;
}

static bool same_vtable(const writer *w, size_t pos, const uint16_t *vtable) {
    const uint8_t *at = w->out->data + pos;
    for (size_t i = 0; i < vtable[0] / 2u; i++, at += 2) {
        if (tnn_fb_load(at, 2) != vtable[i]) return false;
    }
    return true;
}

static tnn_status remember_vtable(writer *w, size_t pos) {
    if (w->n_vtables == w->cap_vtables) {
        size_t cap = 2 * w->cap_vtables + 32;
        size_t *vtables = tnn_realloc(w->vtables, cap, sizeof *vtables);
        if (vtables == NULL) return tnn_fail_nomem(w->err);
        w->vtables = vtables;
        w->cap_vtables = cap;
    }
    w->vtables[w->n_vtables++] = pos;
    return TNN_OK;
}

/* Equal vtables are written once. */
static tnn_status write_vtable(writer *w, const uint16_t *vtable, size_t *pos) {
    for (size_t i = 0; i < w->n_vtables; i++) {
        *pos = w->vtables[i];
        if (same_vtable(w, *pos, vtable)) return TNN_OK;
    }
    TNN_TRY(reserve(w, vtable[0], 2, 0, pos));
    for (size_t i = 0; i < vtable[0] / 2u; i++) put(w->out->data + *pos + 2 * i, vtable[i], 2);
    return remember_vtable(w, *pos);
}

/* A field at its place in the table; what it points at comes behind. */
static tnn_status write_field(writer *w, size_t place, const tnn_fb_field *field, const slot *s) {
    switch (s->state) {
    case SLOT_INT: put(w->out->data + place, (uint64_t)s->as.integer, inline_bytes(field)); break;
    case SLOT_NUMBER: put_number(w->out->data + place, s->as.number); break;
    case SLOT_STRING: return write_string(w, place, s->as.text);
    case SLOT_CHILD: return write_object(w, place, s->as.child);
    case SLOT_ITEMS: return write_items(w, place, field, s);
    case SLOT_CHILDREN: return write_children(w, place, field, s);
    case SLOT_LATER: *s->as.place = (uint32_t)place; break;
    case SLOT_ABSENT: break;
    }
    return TNN_OK;
}

enum { MAX_IDS = 32 };

static tnn_status write_object(writer *w, size_t place, const tnn_fb_object *object) {
    const tnn_fb_table *type = object->type;
    uint16_t vtable[2 + MAX_IDS] = {0};
    size_t vtable_pos, pos, align;
    assert(type->n_fields == 0 || type->fields[type->n_fields - 1].id < MAX_IDS);
    make_vtable(object, vtable, &align);
    TNN_TRY(write_vtable(w, vtable, &vtable_pos));
    TNN_TRY(reserve(w, vtable[1], align, 0, &pos));
    point(w, place, pos);
    tnn_fb_put_u32(w->out->data + pos, (uint32_t)(pos - vtable_pos));
    for (size_t i = 0; i < type->n_fields; i++) {
        const tnn_fb_field *field = &type->fields[i];
        if (vtable[2 + field->id] != 0)
            TNN_TRY(write_field(w, pos + vtable[2 + field->id], field, &object->slots[i]));
    }
    return TNN_OK;
}

tnn_status tnn_fb_write(const tnn_fb_object *root, const char *identifier, tnn_fb_bytes *out, tnn_error *err) {
    writer w = {.out = out, .err = err};
    size_t pos;
    if (root == NULL) return tnn_fail_nomem(err);
    tnn_status status = reserve(&w, 8, 4, 0, &pos);
    if (status == TNN_OK) {
        memcpy(out->data + 4, identifier, 4);
        status = write_object(&w, 0, root);
    }
    tnn_free(w.vtables);
    return status;
}
