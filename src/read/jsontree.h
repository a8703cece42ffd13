/* JSON as a tree, by Jansson, with getters that name what they miss.
 *
 * A tnn_json is a place in the tree: the value and how it was reached. It is passed by value and lives on the
 * caller's stack; it points to its parent's place, which must live as long. So a message can say
 * `graph.nodes[3].inputs[0].arg: expected a string, found an integer` and good input pays nothing for it. */
#ifndef TNN_READ_JSONTREE_H
#define TNN_READ_JSONTREE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fail.h"

typedef struct tnn_json tnn_json;
struct tnn_json {
    const json_t *value;     /* NULL: absent (tnn_json_optional) */
    const tnn_json *parent;  /* NULL at the root */
    const char *key;         /* in the parent; NULL: `index` counts */
    size_t index;
    const char *file;        /* for messages; set at the root only */
};

/* Parse. `out->value` is owned by the caller, who releases the root with tnn_json_free; `file` is borrowed.
 * Of two keys of one name the last counts, as in Python, so that we see what PyTorch sees.
 * Errors: TNN_ERR_MALFORMED with the position, TNN_ERR_LIMIT (depth), TNN_ERR_NOMEM. */
tnn_status tnn_json_parse(tnn_json *out, const void *text, size_t n_bytes, const char *file, uint32_t max_depth,
                          tnn_error *err);
/* Accepts a root that holds nothing. */
void tnn_json_free(tnn_json *root);

/* TNN_ERR_MALFORMED about this place. */
tnn_status tnn_json_fail(const tnn_json *at, tnn_status code, tnn_error *err, const char *format, ...)
    TNN_PRINTF(4, 5);

/* Member of an object. Errors: TNN_ERR_MALFORMED (no object, no such key). */
tnn_status tnn_json_member(tnn_json *out, const tnn_json *object, const char *key, tnn_error *err);
/* The same; absent or null gives a place whose value is NULL, and so does a parent that is absent or no object. */
tnn_json tnn_json_optional(const tnn_json *object, const char *key);

/* Entries of an array. Errors: TNN_ERR_MALFORMED. `index` must be below the count. */
tnn_status tnn_json_count(size_t *out, const tnn_json *array, tnn_error *err);
tnn_json tnn_json_item(const tnn_json *array, size_t index);

/* An object with exactly one key, as the schema of PyTorch writes unions. `*key` lives as long as the tree. */
tnn_status tnn_json_union(const char **key, tnn_json *out, const tnn_json *object, tnn_error *err);

/* Scalars. A number may be an integer, or a string "Infinity", "-Infinity" or "NaN".
 * Errors: TNN_ERR_MALFORMED. The text lives as long as the tree. */
tnn_status tnn_json_text(const char **out, const tnn_json *at, tnn_error *err);
tnn_status tnn_json_int(int64_t *out, const tnn_json *at, tnn_error *err);
tnn_status tnn_json_number(double *out, const tnn_json *at, tnn_error *err);
tnn_status tnn_json_bool(bool *out, const tnn_json *at, tnn_error *err);

/* A member that is text, an integer, a bool: the two steps in one. */
tnn_status tnn_json_member_text(const char **out, const tnn_json *object, const char *key, tnn_error *err);
tnn_status tnn_json_member_int(int64_t *out, const tnn_json *object, const char *key, tnn_error *err);

#endif
