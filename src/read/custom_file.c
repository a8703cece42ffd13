/* Definitions of operators in a YAML file:
 *
 *   operators:
 *     - schema: "mylib::blur(Tensor x, int radius) -> Tensor"
 *       text: |                 # the meaning, or what says shape and dtype of the results
 *         def blur(x, radius): …
 *       custom_code: MyBlur     # a CUSTOM operator of that name
 *       attributes: [radius]    # or a mapping from keys to arguments
 *       layout: nhwc            # or nchw, the default */
#include <string.h>

#include "base/file.h"
#include "ops/custom_rows.h"
#include "read/yamltree.h"

static tnn_status read_list(tnn_custom_attribute *out, const tnn_yaml *list, tnn_error *err) {
    for (size_t i = 0; i < list->n; i++) TNN_TRY(tnn_yaml_text(&out[i].argument, list->items[i], err));
    return TNN_OK;
}

static tnn_status read_map(tnn_custom_attribute *out, const tnn_yaml *map, tnn_error *err) {
    for (size_t i = 0; i < map->n; i++) {
        out[i].key = map->keys[i]->text;
        TNN_TRY(tnn_yaml_text(&out[i].argument, map->items[i], err));
    }
    return TNN_OK;
}

static tnn_status read_attributes(tnn_custom_op *op, const tnn_yaml *at, tnn_arena *arena, tnn_error *err) {
    if (at == NULL) return TNN_OK;
    if (at->kind == TNN_YAML_SCALAR) return tnn_yaml_expect(at, TNN_YAML_SEQUENCE, err);
    tnn_custom_attribute *attributes = TNN_NEW_ARRAY(arena, at->n, tnn_custom_attribute);
    if (attributes == NULL) return tnn_fail_nomem(err);
    op->attributes = attributes;
    op->n_attributes = at->n;
    return at->kind == TNN_YAML_MAPPING ? read_map(attributes, at, err) : read_list(attributes, at, err);
}

static tnn_status read_layout(tnn_custom_op *op, const tnn_yaml *at, tnn_error *err) {
    const char *layout;
    TNN_TRY(tnn_yaml_text(&layout, at, err));
    op->channels_last = layout != NULL && strcmp(layout, "nhwc") == 0;
    if (layout == NULL || op->channels_last || strcmp(layout, "nchw") == 0) return TNN_OK;
    return tnn_yaml_fail(at, TNN_ERR_MALFORMED, err, "layout \"%.60s\": expected nchw or nhwc", layout);
}

static tnn_status read_operator(tnn_custom_op *op, const tnn_yaml *at, tnn_arena *arena, tnn_error *err) {
    static const char *const keys[] = {"schema", "text", "custom_code", "attributes", "layout"};
    TNN_TRY(tnn_yaml_expect_keys(at, keys, sizeof keys / sizeof *keys, err));
    TNN_TRY(tnn_yaml_text(&op->schema, tnn_yaml_get(at, "schema"), err));
    TNN_TRY(tnn_yaml_text(&op->text, tnn_yaml_get(at, "text"), err));
    TNN_TRY(tnn_yaml_text(&op->custom_code, tnn_yaml_get(at, "custom_code"), err));
    TNN_TRY(read_attributes(op, tnn_yaml_get(at, "attributes"), arena, err));
    return read_layout(op, tnn_yaml_get(at, "layout"), err);
}

/* What a caller may not say, a file may not hold. */
static tnn_status explain(const tnn_yaml *at, tnn_status status, const tnn_error *why, tnn_error *err) {
    if (status == TNN_OK || status == TNN_ERR_NOMEM) return status == TNN_OK ? TNN_OK : tnn_fail_nomem(err);
    return tnn_yaml_fail(at, status == TNN_ERR_INVALID ? TNN_ERR_MALFORMED : status, err, "%s%s%s", why->where,
                         *why->where != '\0' ? ": " : "", why->message);
}

static tnn_status add_all(tnn_custom_ops *ops, const tnn_yaml *list, tnn_arena *arena, tnn_error *err) {
    TNN_TRY(tnn_yaml_expect(list, TNN_YAML_SEQUENCE, err));
    for (size_t i = 0; i < list->n; i++) {
        tnn_custom_op op = {.schema = NULL};
        tnn_error why = {.message = ""};
        TNN_TRY(read_operator(&op, list->items[i], arena, err));
        TNN_TRY(explain(list->items[i], tnn_custom_ops_add(ops, &op, &why), &why, err));
    }
    return TNN_OK;
}

static tnn_status read_file(tnn_custom_ops *ops, const tnn_file *file, tnn_arena *arena, tnn_error *err) {
    static const char *const keys[] = {"operators"};
    const tnn_yaml *root = NULL;
    TNN_TRY(tnn_yaml_parse(&root, arena, file->data, file->size, file->path, NULL, err));
    TNN_TRY(tnn_yaml_expect_keys(root, keys, 1, err));
    const tnn_yaml *list = tnn_yaml_get(root, "operators");
    if (list == NULL) return tnn_yaml_fail(root, TNN_ERR_MALFORMED, err, "\"operators\" is missing");
    return add_all(ops, list, arena, err);
}

tnn_status tnn_custom_ops_read(tnn_custom_ops *ops, const char *path, tnn_error *err) {
    tnn_file *file;
    TNN_TRY(tnn_file_open(&file, path, err));
    tnn_arena *arena = tnn_arena_new();
    tnn_status status = arena == NULL ? tnn_fail_nomem(err) : read_file(ops, file, arena, err);
    tnn_arena_free(arena);
    tnn_file_free(file);
    return status;
}
