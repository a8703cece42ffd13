/* Is every offset of a FlatBuffer sound? The walk follows the schema table, which has no cycles. */
#include <string.h>

#include "tflite/flatbuf.h"

typedef struct check {
    const uint8_t *data;
    size_t size;
    tnn_fb_limits left;
    const char *where;
    tnn_error *err;
} check;

static tnn_status fail(const check *c, size_t pos, const char *table, const char *field, const char *what) {
    const char *dot = field[0] != '\0' ? "." : "";
    return tnn_fail_at(c->err, TNN_ERR_MALFORMED, c->where, pos, "%s%s%s: %s", table, dot, field, what);
}

static bool inside(const check *c, size_t pos, size_t n_bytes) { return pos <= c->size && n_bytes <= c->size - pos; }

static tnn_status spend(check *c, size_t pos, uint64_t n_tables, uint64_t n_bytes) {
    if (n_tables > c->left.max_tables || n_bytes > c->left.max_bytes)
        return tnn_fail_at(c->err, TNN_ERR_LIMIT, c->where, pos, "tables or lists are used too many times over");
    c->left.max_tables -= n_tables;
    c->left.max_bytes -= n_bytes;
    return TNN_OK;
}

static tnn_status check_table(check *c, size_t pos, const tnn_fb_table *type);

static tnn_status check_string(check *c, size_t pos, const tnn_fb_table *type, const tnn_fb_field *field) {
    if (pos % 4 != 0 || !inside(c, pos, 4)) return fail(c, pos, type->name, field->name, "the string lies outside");
    size_t length = (size_t)tnn_fb_load(c->data + pos, 4);
    if (!inside(c, pos + 4, length) || pos + 4 + length == c->size)
        return fail(c, pos, type->name, field->name, "the string lies outside");
    if (c->data[pos + 4 + length] != 0) return fail(c, pos, type->name, field->name, "the string does not end in NUL");
    return spend(c, pos, 0, length);
}

static tnn_status check_children(check *c, size_t pos, size_t n, const tnn_fb_field *field) {
    for (size_t i = 0; i < n; i++) {
        size_t place = pos + 4 + 4 * i;
        TNN_TRY(check_table(c, place + (size_t)tnn_fb_load(c->data + place, 4), field->table));
    }
    return TNN_OK;
}

static tnn_status check_vector(check *c, size_t pos, const tnn_fb_table *type, const tnn_fb_field *field) {
    size_t item_bytes = tnn_fb_type_bytes(field->type);
    if (pos % 4 != 0 || !inside(c, pos, 4)) return fail(c, pos, type->name, field->name, "the vector lies outside");
    size_t n = (size_t)tnn_fb_load(c->data + pos, 4);
    if (n > c->size / item_bytes || !inside(c, pos + 4, n * item_bytes))
        return fail(c, pos, type->name, field->name, "the vector lies outside");
    if (n > 0 && (pos + 4) % item_bytes != 0) return fail(c, pos, type->name, field->name, "the vector is not aligned");
    if (field->type != TNN_FB_U8) TNN_TRY(spend(c, pos, 0, n * item_bytes));
    return field->type == TNN_FB_TABLE ? check_children(c, pos, n, field) : TNN_OK;
}

/* `tag` is the member's number. */
static tnn_status check_union(check *c, size_t pos, const tnn_fb_field *field, size_t tag) {
    if (tag == 0 || tag >= field->members->n_tables) return TNN_OK;
    return check_table(c, pos, field->members->tables[tag]);
}

/* Where field `id` of the table at `pos` lies; 0: absent. The vtable has been checked. */
static size_t place_of(const check *c, size_t pos, size_t vtable, uint16_t id) {
    size_t entry = 4 + 2 * (size_t)id;
    if (entry + 2 > tnn_fb_load(c->data + vtable, 2)) return 0;
    size_t offset = (size_t)tnn_fb_load(c->data + vtable + entry, 2);
    return offset == 0 ? 0 : pos + offset;
}

static tnn_status check_field(check *c, size_t pos, size_t vtable, const tnn_fb_table *type,
                              const tnn_fb_field *field) {
    size_t place = place_of(c, pos, vtable, field->id);
    if (place == 0) return TNN_OK;
    size_t width = field->vector ? 4 : tnn_fb_type_bytes(field->type);
    size_t table_bytes = (size_t)tnn_fb_load(c->data + vtable + 2, 2);
    if (place - pos + width > table_bytes) return fail(c, pos, type->name, field->name, "the field leaves its table");
    if (place % width != 0) return fail(c, place, type->name, field->name, "the field is not aligned");
    bool is_offset = field->vector || field->table != NULL || field->members != NULL || field->type == TNN_FB_STRING;
    if (!is_offset) return TNN_OK;
    size_t target = place + (size_t)tnn_fb_load(c->data + place, 4);
    if (field->vector) return check_vector(c, target, type, field);
    if (field->type == TNN_FB_STRING) return check_string(c, target, type, field);
    if (field->type == TNN_FB_TABLE) return check_table(c, target, field->table);
    size_t tag = place_of(c, pos, vtable, (uint16_t)(field->id - 1));
    return check_union(c, target, field, tag == 0 ? 0 : c->data[tag]);
}

static tnn_status check_table(check *c, size_t pos, const tnn_fb_table *type) {
    if (pos % 4 != 0 || !inside(c, pos, 4)) return fail(c, pos, type->name, "", "the table lies outside");
    int64_t vtable = (int64_t)pos - (int32_t)tnn_fb_load(c->data + pos, 4);
    if (vtable < 0 || vtable % 2 != 0 || !inside(c, (size_t)vtable, 4))
        return fail(c, pos, type->name, "", "the vtable lies outside");
    size_t vtable_bytes = (size_t)tnn_fb_load(c->data + vtable, 2);
    size_t table_bytes = (size_t)tnn_fb_load(c->data + vtable + 2, 2);
    if (vtable_bytes < 4 || vtable_bytes % 2 != 0 || !inside(c, (size_t)vtable, vtable_bytes))
        return fail(c, pos, type->name, "", "the vtable lies outside");
    if (table_bytes < 4 || !inside(c, pos, table_bytes)) return fail(c, pos, type->name, "", "the table lies outside");
    TNN_TRY(spend(c, pos, 1, 0));
    for (size_t i = 0; i < type->n_fields; i++)
        TNN_TRY(check_field(c, pos, (size_t)vtable, type, &type->fields[i]));
    return TNN_OK;
}

tnn_status tnn_fb_verify(const uint8_t *data, size_t size, const tnn_fb_table *root, const char *identifier,
                         const tnn_fb_limits *limits, const char *where, tnn_error *err) {
    check c = {data, size, *limits, where, err};
    if (size < 8) return tnn_fail_at(err, TNN_ERR_MALFORMED, where, 0, "has %zu bytes, a FlatBuffer needs 8", size);
    if (memcmp(data + 4, identifier, 4) != 0)
        return tnn_fail_at(err, TNN_ERR_MALFORMED, where, 4, "the file identifier is not %s", identifier);
    return check_table(&c, (size_t)tnn_fb_load(data, 4), root);
}
