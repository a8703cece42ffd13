/* Reading FlatBuffers in place. Bytes pass a cursor, so a field that leaves them reads as absent. */
#include <assert.h>
#include <string.h>

#include "base/cursor.h"
#include "tflite/flatbuf.h"

uint64_t tnn_fb_load(const uint8_t *from, size_t n_bytes) {
    uint64_t value = 0;
    for (size_t i = 0; i < n_bytes; i++) value |= (uint64_t)from[i] << (8 * i);
    return value;
}

static const uint8_t *bytes_at(tnn_fb_ref ref, size_t pos, size_t n_bytes) {
    tnn_cursor c = tnn_cursor_init(ref.data, ref.size, 0);
    tnn_cursor_seek(&c, pos);
    return tnn_cursor_bytes(&c, n_bytes);
}

/* 0 when it lies outside. */
static uint64_t load_at(tnn_fb_ref ref, size_t pos, size_t n_bytes) {
    const uint8_t *bytes = bytes_at(ref, pos, n_bytes);
    return bytes == NULL ? 0 : tnn_fb_load(bytes, n_bytes);
}

/* The field's position; 0 when it is absent. */
static size_t field_pos(tnn_fb_ref ref, const tnn_fb_field *field) {
    if (ref.type == NULL) return 0;
    int64_t vtable = (int64_t)ref.pos - (int32_t)load_at(ref, ref.pos, 4);
    if (vtable < 0) return 0;
    size_t vtable_bytes = (size_t)load_at(ref, (size_t)vtable, 2), entry = 4 + 2 * (size_t)field->id;
    if (entry + 2 > vtable_bytes) return 0;
    size_t offset = (size_t)load_at(ref, (size_t)vtable + entry, 2);
    return offset == 0 ? 0 : ref.pos + offset;
}

/* Where the offset in a field leads; 0 when the field is absent. */
static size_t target_pos(tnn_fb_ref ref, const tnn_fb_field *field) {
    size_t pos = field_pos(ref, field);
    return pos == 0 ? 0 : pos + (size_t)load_at(ref, pos, 4);
}

static const tnn_fb_field *field_of(tnn_fb_ref ref, const char *name) {
    static const tnn_fb_field none = {0};
    if (ref.type == NULL) return &none;
    const tnn_fb_field *field = tnn_fbs_field(ref.type, name);
    assert(field != NULL);
    return field != NULL ? field : &none;
}

tnn_fb_ref tnn_fb_root(const uint8_t *data, size_t size, const tnn_fb_table *type) {
    tnn_fb_ref ref = {data, size, 0, type};
    ref.pos = (size_t)load_at(ref, 0, 4);
    return ref;
}

bool tnn_fb_has(tnn_fb_ref ref, const char *field) { return field_pos(ref, field_of(ref, field)) != 0; }

static int64_t load_int(tnn_fb_ref ref, tnn_fb_type type, size_t pos) {
    uint64_t value = load_at(ref, pos, tnn_fb_type_bytes(type));
    switch (type) {
    case TNN_FB_I8: return (int8_t)value;
    case TNN_FB_I16: return (int16_t)value;
    case TNN_FB_I32: return (int32_t)value;
    case TNN_FB_BOOL: case TNN_FB_U8: case TNN_FB_U16: case TNN_FB_U32: case TNN_FB_I64: case TNN_FB_U64:
    case TNN_FB_F32: case TNN_FB_STRING: case TNN_FB_TABLE: case TNN_FB_UNION: break;
    }
    return (int64_t)value;
}

static double load_number(tnn_fb_ref ref, tnn_fb_type type, size_t pos) {
    if (type != TNN_FB_F32) return (double)load_int(ref, type, pos);
    uint32_t bits = (uint32_t)load_at(ref, pos, 4);
    float value;
    memcpy(&value, &bits, sizeof value);
    return (double)value;
}

int64_t tnn_fb_int(tnn_fb_ref ref, const char *name) {
    const tnn_fb_field *field = field_of(ref, name);
    size_t pos = field_pos(ref, field);
    return pos == 0 ? field->if_absent : load_int(ref, field->type, pos);
}

double tnn_fb_number(tnn_fb_ref ref, const char *name) {
    const tnn_fb_field *field = field_of(ref, name);
    size_t pos = field_pos(ref, field);
    return pos == 0 ? field->if_absent : load_number(ref, field->type, pos);
}

const char *tnn_fb_string(tnn_fb_ref ref, const char *name) {
    size_t pos = target_pos(ref, field_of(ref, name));
    if (pos == 0) return "";
    size_t length = (size_t)load_at(ref, pos, 4);
    const uint8_t *text = bytes_at(ref, pos + 4, length + 1);
    return text != NULL && text[length] == 0 ? (const char *)text : "";
}

tnn_fb_ref tnn_fb_child(tnn_fb_ref ref, const char *name) {
    const tnn_fb_field *field = field_of(ref, name);
    tnn_fb_ref child = {ref.data, ref.size, target_pos(ref, field), NULL};
    if (child.pos == 0) return child;
    if (field->type == TNN_FB_UNION) {
        uint64_t member = (uint64_t)tnn_fb_int(ref, field[-1].name);
        child.type = member < field->members->n_tables ? field->members->tables[member] : NULL;
    } else {
        child.type = field->table;
    }
    return child;
}

tnn_fb_ref tnn_fb_member(tnn_fb_ref ref, const char *name, const char *table_name) {
    tnn_fb_ref child = tnn_fb_child(ref, name);
    if (child.type != NULL && strcmp(child.type->name, table_name) != 0) child.type = NULL;
    return child;
}

size_t tnn_fb_count(tnn_fb_ref ref, const char *name) {
    size_t pos = target_pos(ref, field_of(ref, name));
    return pos == 0 ? 0 : (size_t)load_at(ref, pos, 4);
}

/* The position of an element; 0 when there is no such element. */
static size_t item_pos(tnn_fb_ref ref, const tnn_fb_field *field, size_t index) {
    size_t pos = target_pos(ref, field);
    if (pos == 0 || index >= load_at(ref, pos, 4)) return 0;
    return pos + 4 + index * tnn_fb_type_bytes(field->type);
}

int64_t tnn_fb_int_at(tnn_fb_ref ref, const char *name, size_t index) {
    const tnn_fb_field *field = field_of(ref, name);
    size_t pos = item_pos(ref, field, index);
    return pos == 0 ? 0 : load_int(ref, field->type, pos);
}

double tnn_fb_number_at(tnn_fb_ref ref, const char *name, size_t index) {
    const tnn_fb_field *field = field_of(ref, name);
    size_t pos = item_pos(ref, field, index);
    return pos == 0 ? 0 : load_number(ref, field->type, pos);
}

tnn_fb_ref tnn_fb_child_at(tnn_fb_ref ref, const char *name, size_t index) {
    const tnn_fb_field *field = field_of(ref, name);
    size_t pos = item_pos(ref, field, index);
    tnn_fb_ref child = {ref.data, ref.size, 0, NULL};
    if (pos == 0) return child;
    child.pos = pos + (size_t)load_at(ref, pos, 4);
    child.type = field->table;
    return child;
}

const uint8_t *tnn_fb_bytes_of(tnn_fb_ref ref, const char *name, size_t *n_bytes) {
    const tnn_fb_field *field = field_of(ref, name);
    size_t pos = target_pos(ref, field);
    *n_bytes = 0;
    if (pos == 0) return NULL;
    size_t n = (size_t)load_at(ref, pos, 4) * tnn_fb_type_bytes(field->type);
    const uint8_t *bytes = bytes_at(ref, pos + 4, n);
    if (bytes != NULL) *n_bytes = n;
    return bytes;
}
