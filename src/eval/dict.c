/* Dicts are short: keys are compared one by one. */
#include <string.h>

#include "eval/arith.h"
#include "eval/object.h"

tnn_status tnn_dict_new(tnn_interp *interp, tnn_obj *out, tnn_error *err) {
    out->kind = TNN_OBJ_DICT;
    out->as.dict = TNN_NEW(interp->arena, tnn_obj_dict);
    return out->as.dict ? TNN_OK : tnn_fail_nomem(err);
}

tnn_status tnn_dict_find(tnn_interp *interp, const tnn_obj_dict *dict, const tnn_obj *key, bool *found, size_t *at,
                         tnn_error *err) {
    *found = false;
    for (size_t k = 0; k < dict->n; k++) {
        TNN_TRY(tnn_interp_step(interp, 1, err));
        TNN_TRY(tnn_arith_equal(interp, &dict->keys[k], key, found, err));
        if (!*found) continue;
        if (at) *at = k;
        return TNN_OK;
    }
    return TNN_OK;
}

tnn_status tnn_dict_set(tnn_interp *interp, tnn_obj_dict *dict, tnn_obj key, tnn_obj value, tnn_error *err) {
    size_t at = dict->n;
    bool found;
    TNN_TRY(tnn_dict_find(interp, dict, &key, &found, &at, err));
    if (!found) {
        TNN_TRY(tnn_interp_step(interp, 1, err));
        tnn_obj *keys = tnn_arena_grow(interp->arena, dict->keys, dict->n, &dict->cap_keys, dict->n + 1,
                                       sizeof(*keys));
        tnn_obj *values = tnn_arena_grow(interp->arena, dict->values, dict->n, &dict->cap_values, dict->n + 1,
                                         sizeof(*values));
        if (keys) dict->keys = keys;
        if (values) dict->values = values;
        if (!keys || !values) return tnn_fail_nomem(err);
        keys[at] = key;
        dict->n++;
    }
    dict->values[at] = value;
    return TNN_OK;
}

tnn_status tnn_dict_get(tnn_interp *interp, const tnn_obj_dict *dict, const tnn_obj *key, tnn_obj *out,
                        tnn_error *err) {
    bool found;
    size_t at = 0;
    TNN_TRY(tnn_dict_find(interp, dict, key, &found, &at, err));
    if (!found)
        return tnn_fail(err, TNN_ERR_INVALID, interp->origin.name, "the dict has no such key%s%.60s",
                        key->kind == TNN_OBJ_STRING ? ": " : "", key->kind == TNN_OBJ_STRING ? key->as.text : "");
    *out = dict->values[at];
    return TNN_OK;
}

void tnn_dict_remove(tnn_obj_dict *dict, size_t at) {
    dict->n--;
    memmove(&dict->keys[at], &dict->keys[at + 1], (dict->n - at) * sizeof(*dict->keys));
    memmove(&dict->values[at], &dict->values[at + 1], (dict->n - at) * sizeof(*dict->values));
}
