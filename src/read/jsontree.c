#include "read/jsontree.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Jansson recurses, and its own limit is fixed when it is built: brackets are counted before it sees the text. */
static tnn_status check_depth(const void *text, size_t n_bytes, const char *file, uint32_t max_depth,
                              tnn_error *err) {
    const char *bytes = text;
    uint32_t depth = 0;
    bool in_string = false;
    for (size_t i = 0; i < n_bytes; i++) {
        char c = bytes[i];
        if (in_string) {
            if (c == '\\') i++;
            else if (c == '"') in_string = false;
        } else if (c == '"') {
            in_string = true;
        } else if (c == '[' || c == '{') {
            if (++depth > max_depth) {
                return tnn_fail_at(err, TNN_ERR_LIMIT, file, i, "JSON is nested deeper than %u", max_depth);
            }
        } else if ((c == ']' || c == '}') && depth > 0) {
            depth--;
        }
    }
    return TNN_OK;
}

tnn_status tnn_json_parse(tnn_json *out, const void *text, size_t n_bytes, const char *file, uint32_t max_depth,
                          tnn_error *err) {
    memset(out, 0, sizeof *out);
    out->file = file;
    TNN_TRY(check_depth(text, n_bytes, file, max_depth, err));
    json_error_t error;
    out->value = json_loadb(text, n_bytes, 0, &error);
    if (out->value != NULL) return TNN_OK;
    if (json_error_code(&error) == json_error_out_of_memory) return tnn_fail_nomem(err);
    uint64_t position = error.position < 0 ? TNN_NO_POSITION : (uint64_t)error.position;
    return tnn_fail_at(err, TNN_ERR_MALFORMED, file, position, "not JSON: %s", error.text);
}

void tnn_json_free(tnn_json *root) {
    json_decref((json_t *)root->value);
    root->value = NULL;
}

/* Messages. */

typedef struct path_buffer {
    char text[160];
    size_t length;
} path_buffer;

static void path_add(path_buffer *path, const char *format, ...) TNN_PRINTF(2, 3);
static void path_add(path_buffer *path, const char *format, ...) {
    va_list args;
    va_start(args, format);
    int n = vsnprintf(path->text + path->length, sizeof path->text - path->length, format, args);
    va_end(args);
    size_t left = sizeof path->text - 1 - path->length;
    if (n > 0) path->length += (size_t)n < left ? (size_t)n : left;
}

/* From the root down; the depth is that of the parse. Returns the root. */
static const tnn_json *path_write(path_buffer *path, const tnn_json *at) {
    if (at->parent == NULL) return at;
    const tnn_json *root = path_write(path, at->parent);
    if (at->key == NULL) path_add(path, "[%zu]", at->index);
    else path_add(path, "%s%.60s", path->length == 0 ? "" : ".", at->key);
    return root;
}

tnn_status tnn_json_fail(const tnn_json *at, tnn_status code, tnn_error *err, const char *format, ...) {
    path_buffer path = {.length = 0};
    const tnn_json *root = path_write(&path, at);
    char message[400];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    return tnn_fail(err, code, root->file, "%s%s%s", path.text, path.length == 0 ? "" : ": ", message);
}

static const char *type_name(const json_t *value) {
    if (value == NULL) return "nothing";
    switch (json_typeof(value)) {
    case JSON_OBJECT: return "an object";
    case JSON_ARRAY: return "an array";
    case JSON_STRING: return "a string";
    case JSON_INTEGER: return "an integer";
    case JSON_REAL: return "a real number";
    case JSON_TRUE:
    case JSON_FALSE: return "a bool";
    case JSON_NULL: return "null";
    }
    return "nothing";
}

static tnn_status wrong_type(const tnn_json *at, const char *expected, tnn_error *err) {
    return tnn_json_fail(at, TNN_ERR_MALFORMED, err, "expected %s, found %s", expected, type_name(at->value));
}

/* Places. */

static tnn_json place(const tnn_json *parent, const char *key, size_t index, const json_t *value) {
    tnn_json at = {.value = value, .parent = parent, .key = key, .index = index};
    return at;
}

tnn_status tnn_json_member(tnn_json *out, const tnn_json *object, const char *key, tnn_error *err) {
    if (!json_is_object(object->value)) return wrong_type(object, "an object", err);
    *out = place(object, key, 0, json_object_get(object->value, key));
    if (out->value != NULL) return TNN_OK;
    return tnn_json_fail(object, TNN_ERR_MALFORMED, err, "has no \"%s\"", key);
}

tnn_json tnn_json_optional(const tnn_json *object, const char *key) {
    const json_t *value = object->value == NULL ? NULL : json_object_get(object->value, key);
    return place(object, key, 0, json_is_null(value) ? NULL : value);
}

tnn_status tnn_json_count(size_t *out, const tnn_json *array, tnn_error *err) {
    *out = 0;
    if (!json_is_array(array->value)) return wrong_type(array, "an array", err);
    *out = json_array_size(array->value);
    return TNN_OK;
}

tnn_json tnn_json_item(const tnn_json *array, size_t index) {
    return place(array, NULL, index, json_array_get(array->value, index));
}

tnn_status tnn_json_union(const char **key, tnn_json *out, const tnn_json *object, tnn_error *err) {
    if (!json_is_object(object->value)) return wrong_type(object, "an object", err);
    if (json_object_size(object->value) != 1) {
        return tnn_json_fail(object, TNN_ERR_MALFORMED, err, "a union has one key, found %zu",
                             json_object_size(object->value));
    }
    void *iterator = json_object_iter((json_t *)object->value);
    *key = json_object_iter_key(iterator);
    *out = place(object, *key, 0, json_object_iter_value(iterator));
    return TNN_OK;
}

/* Scalars. */

tnn_status tnn_json_text(const char **out, const tnn_json *at, tnn_error *err) {
    *out = json_string_value(at->value);
    return *out != NULL ? TNN_OK : wrong_type(at, "a string", err);
}

tnn_status tnn_json_int(int64_t *out, const tnn_json *at, tnn_error *err) {
    *out = json_integer_value(at->value);
    return json_is_integer(at->value) ? TNN_OK : wrong_type(at, "an integer", err);
}

tnn_status tnn_json_number(double *out, const tnn_json *at, tnn_error *err) {
    *out = json_number_value(at->value);
    if (json_is_number(at->value)) return TNN_OK;
    const char *text = json_string_value(at->value);
    if (text == NULL) return wrong_type(at, "a number", err);
    if (strcmp(text, "Infinity") == 0) *out = INFINITY;
    else if (strcmp(text, "-Infinity") == 0) *out = -INFINITY;
    else if (strcmp(text, "NaN") == 0) *out = NAN;
    else return tnn_json_fail(at, TNN_ERR_MALFORMED, err, "expected a number, found \"%.60s\"", text);
    return TNN_OK;
}

tnn_status tnn_json_bool(bool *out, const tnn_json *at, tnn_error *err) {
    *out = json_is_true(at->value);
    return json_is_boolean(at->value) ? TNN_OK : wrong_type(at, "a bool", err);
}

tnn_status tnn_json_member_text(const char **out, const tnn_json *object, const char *key, tnn_error *err) {
    tnn_json at;
    TNN_TRY(tnn_json_member(&at, object, key, err));
    return tnn_json_text(out, &at, err);
}

tnn_status tnn_json_member_int(int64_t *out, const tnn_json *object, const char *key, tnn_error *err) {
    tnn_json at = {0};
    TNN_TRY(tnn_json_member(&at, object, key, err));
    return tnn_json_int(out, &at, err);
}
