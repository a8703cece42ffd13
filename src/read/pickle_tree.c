/* What a pickle's tree promises to its users, and looking things up in it. */
#include <string.h>

#include "read/pickle.h"

#define OPEN UINT32_MAX /* height of an object whose children are being walked */

static tnn_status measure(tnn_pickle *object, uint32_t depth_left, const char *name, tnn_error *err);

/* Measure `child` and raise `height` to its. */
static tnn_status measure_child(tnn_pickle *child, uint32_t depth_left, uint32_t *height, const char *name,
                                tnn_error *err) {
    if (child == NULL) return TNN_OK;
    TNN_TRY(measure(child, depth_left, name, err));
    if (child->height > *height) *height = child->height;
    return TNN_OK;
}

/* A shared object is walked once; its height still counts wherever it hangs. */
static tnn_status measure(tnn_pickle *object, uint32_t depth_left, const char *name, tnn_error *err) {
    if (object->height == OPEN) {
        return tnn_fail(err, TNN_ERR_UNSUPPORTED, name, "pickle holds an object that contains itself");
    }
    if (object->height > depth_left || depth_left == 0) {
        return tnn_fail(err, TNN_ERR_LIMIT, name, "pickle is nested deeper than the limit");
    }
    if (object->height != 0) return TNN_OK;
    object->height = OPEN;
    uint32_t height = 0;
    for (size_t i = 0; i < object->n_items; i++) {
        TNN_TRY(measure_child(object->items[i], depth_left - 1, &height, name, err));
    }
    TNN_TRY(measure_child(object->args, depth_left - 1, &height, name, err));
    TNN_TRY(measure_child(object->state, depth_left - 1, &height, name, err));
    object->height = height + 1;
    return TNN_OK;
}

tnn_status tnn_pickle_check(tnn_pickle *root, uint32_t max_depth, const char *name, tnn_error *err) {
    return measure(root, max_depth, name, err);
}

tnn_pickle *tnn_pickle_get(const tnn_pickle *dict, const char *key) {
    if (dict->kind != TNN_PICKLE_DICT) return NULL;
    for (size_t i = 0; i + 1 < dict->n_items; i += 2) {
        const tnn_pickle *found = dict->items[i];
        if (found->kind == TNN_PICKLE_STRING && strcmp(found->text, key) == 0) return dict->items[i + 1];
    }
    return NULL;
}

bool tnn_pickle_calls(const tnn_pickle *object, const char *global) {
    return object->kind == TNN_PICKLE_REDUCE && object->callable->kind == TNN_PICKLE_GLOBAL &&
           strcmp(object->callable->text, global) == 0;
}
