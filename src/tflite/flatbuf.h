/* FlatBuffers by schema table: a tree of objects to bytes, and bytes read in place within bounds.
 *
 *   0   u32    distance to the root table
 *   4   4      file identifier
 *       table  i32 distance back to its vtable, then the fields that are present
 *       vtable u16 own bytes, u16 bytes of the table, u16 place in the table of field 0, 1, … (0: absent)
 *       vector u32 count, elements; string the same with a final NUL that is not counted
 *
 * Strings, vectors and tables in a field are u32 distances forward. All is little-endian and aligned to its size.
 * Source: FlatBuffers internals, flatbuffers.dev/internals. */
#ifndef TNN_TFLITE_FLATBUF_H
#define TNN_TFLITE_FLATBUF_H

#include "base/arena.h"
#include "tflite/fbs.h"

/* ---- writing ---- */

typedef struct tnn_fb_object tnn_fb_object;

/* A table without fields. NULL when memory ran out; the setters accept NULL and do nothing, as does a child that
 * is NULL, so that a tree needs one check at its root. Field names and types are the caller's word: a wrong one is a
 * mistake of ours. */
tnn_fb_object *tnn_fb_new(tnn_arena *arena, const tnn_fb_table *type);

/* Values equal to the default of the schema are left out. */
void tnn_fb_set_int(tnn_fb_object *object, const char *field, int64_t value);
void tnn_fb_set_number(tnn_fb_object *object, const char *field, double value);
/* Everything below is borrowed until the tree is written. */
void tnn_fb_set_string(tnn_fb_object *object, const char *field, const char *text);
void tnn_fb_set_child(tnn_fb_object *object, const char *field, tnn_fb_object *child);
/* The member's number is found by the child's table. */
void tnn_fb_set_union(tnn_fb_object *object, const char *field, tnn_fb_object *child);
/* `items` in the field's C type (int32_t for I32, …). */
void tnn_fb_set_items(tnn_fb_object *object, const char *field, const void *items, size_t n);
void tnn_fb_set_children(tnn_fb_object *object, const char *field, tnn_fb_object *const *children, size_t n);
/* A field that the caller fills after writing: `*place` becomes the position of its zero bytes. A vector must then
 * be put behind the tree, and its distance here. */
void tnn_fb_set_later(tnn_fb_object *object, const char *field, uint32_t *place);

typedef struct tnn_fb_bytes {
    uint8_t *data; /* release with tnn_free */
    size_t size, cap;
} tnn_fb_bytes;

/* Write the tree, each child once for every use. `out` is empty before.
 * Errors: TNN_ERR_LIMIT (2 GiB or more), TNN_ERR_NOMEM (also when `root` is NULL). */
tnn_status tnn_fb_write(const tnn_fb_object *root, const char *identifier, tnn_fb_bytes *out, tnn_error *err);

void tnn_fb_put_u32(uint8_t *to, uint32_t value);
void tnn_fb_put_u64(uint8_t *to, uint64_t value);

/* ---- reading ---- */

/* A table in bytes, or none (`type` NULL), whose fields are all absent. Reading never leaves the bytes: what does not
 * fit is absent. Names are the caller's word. */
typedef struct tnn_fb_ref {
    const uint8_t *data;
    size_t size;
    size_t pos;
    const tnn_fb_table *type;
} tnn_fb_ref;

tnn_fb_ref tnn_fb_root(const uint8_t *data, size_t size, const tnn_fb_table *type);

bool tnn_fb_has(tnn_fb_ref ref, const char *field);
int64_t tnn_fb_int(tnn_fb_ref ref, const char *field);
double tnn_fb_number(tnn_fb_ref ref, const char *field);
/* NUL-terminated; "" when absent. */
const char *tnn_fb_string(tnn_fb_ref ref, const char *field);
/* A child, or the member of a union; none for a member that the schema table does not know. */
tnn_fb_ref tnn_fb_child(tnn_fb_ref ref, const char *field);
/* The member of a union where it is the table of that name; none where the bytes have another one. */
tnn_fb_ref tnn_fb_member(tnn_fb_ref ref, const char *field, const char *table_name);

/* Vectors. */
size_t tnn_fb_count(tnn_fb_ref ref, const char *field);
int64_t tnn_fb_int_at(tnn_fb_ref ref, const char *field, size_t index);
double tnn_fb_number_at(tnn_fb_ref ref, const char *field, size_t index);
tnn_fb_ref tnn_fb_child_at(tnn_fb_ref ref, const char *field, size_t index);
/* The elements' bytes; NULL when absent. */
const uint8_t *tnn_fb_bytes_of(tnn_fb_ref ref, const char *field, size_t *n_bytes);

/* ---- verifying ---- */

typedef struct tnn_fb_limits {
    uint64_t max_tables; /* visits: a table that is used twice counts twice */
    uint64_t max_bytes;  /* of strings and of vectors other than U8, counted in the same way */
} tnn_fb_limits;

/* Every offset, vtable, vector and string that the schema table knows lies inside and is aligned, strings end in NUL.
 * Fields and union members that the schema table does not know are not looked at.
 * Errors: TNN_ERR_MALFORMED with position and the field's name, TNN_ERR_LIMIT. */
tnn_status tnn_fb_verify(const uint8_t *data, size_t size, const tnn_fb_table *root, const char *identifier,
                         const tnn_fb_limits *limits, const char *where, tnn_error *err);

/* For flatbuf_read.c and flatbuf_verify.c: a little-endian number of `n_bytes`, which lie in bounds. */
uint64_t tnn_fb_load(const uint8_t *from, size_t n_bytes);

#endif
