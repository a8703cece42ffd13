/* What the texts of PyTorch's modules are made of, and getattr and its like. */
#include <string.h>

#include "eval/builtins.h"
#include "eval/handle.h"
#include "eval/object.h"
#include "ir/recipe.h"

static tnn_status want_text(tnn_interp *interp, const tnn_builtin_args *in, size_t index, tnn_error *err) {
    if (in->items[index].kind == TNN_OBJ_STRING) return TNN_OK;
    return tnn_fail(err, TNN_ERR_INVALID, interp->origin.name, "%s: expected a text, found a %s", in->row->name,
                    tnn_obj_kind_text(&in->items[index]));
}

static tnn_status want_instance(tnn_interp *interp, const tnn_builtin_args *in, tnn_error *err) {
    if (in->items[0].kind == TNN_OBJ_INSTANCE) return TNN_OK;
    return tnn_fail(err, TNN_ERR_INVALID, interp->origin.name, "%s of a %s, expected an object", in->row->name,
                    tnn_obj_kind_text(&in->items[0]));
}

/* Is there an attribute, method or member of that name? */
static bool has(const tnn_instance *instance, const char *name) {
    return tnn_strmap_get(&instance->attributes, name) || tnn_class_member(instance->type, name);
}

/* getattr(self, "0"), or getattr(self, "0", other) */
tnn_status tnn_builtin_getattr(tnn_interp *interp, const tnn_builtin_args *in, tnn_obj *out, tnn_error *err) {
    TNN_TRY(want_text(interp, in, 1, err));
    *out = in->items[in->n - 1];
    bool absent = in->n == 3 && in->items[0].kind == TNN_OBJ_INSTANCE &&
                  !has(in->items[0].as.instance, in->items[1].as.text);
    return absent ? TNN_OK : tnn_run_attribute(interp, &in->items[0], in->items[1].as.text, out, err);
}

tnn_status tnn_builtin_hasattr(tnn_interp *interp, const tnn_builtin_args *in, tnn_obj *out, tnn_error *err) {
    TNN_TRY(want_instance(interp, in, err));
    TNN_TRY(want_text(interp, in, 1, err));
    *out = tnn_obj_bool(has(in->items[0].as.instance, in->items[1].as.text));
    return TNN_OK;
}

tnn_status tnn_builtin_setattr(tnn_interp *interp, const tnn_builtin_args *in, tnn_obj *out, tnn_error *err) {
    TNN_TRY(want_instance(interp, in, err));
    TNN_TRY(want_text(interp, in, 1, err));
    *out = tnn_obj_none();
    return tnn_instance_set(interp, in->items[0].as.instance, in->items[1].as.text, in->items[2], err);
}

/* children(module): a pair (name, module) for each attribute that is a module, in order */
tnn_status tnn_builtin_children(tnn_interp *interp, const tnn_builtin_args *in, tnn_obj *out, tnn_error *err) {
    TNN_TRY(want_instance(interp, in, err));
    const tnn_strmap *attributes = &in->items[0].as.instance->attributes;
    tnn_obj made, pair;
    TNN_TRY(tnn_list_new(interp, TNN_OBJ_LIST, 0, &made, err));
    for (size_t k = 0; k < attributes->n_entries; k++) {
        const tnn_obj *child = attributes->entries[k].value;
        tnn_obj items[] = {tnn_obj_string(attributes->entries[k].key), *child};
        if (!tnn_obj_is_module(child)) continue;
        TNN_TRY(tnn_obj_list_new(interp, TNN_OBJ_TUPLE, items, 2, &pair, err));
        TNN_TRY(tnn_list_push(interp, made.as.list, pair, err));
    }
    *out = made;
    return TNN_OK;
}

/* Tensors in modules. */

static tnn_status shape_of(tnn_interp *interp, const tnn_obj *sizes, int64_t *dims, uint8_t *rank, tnn_error *err) {
    tnn_obj items;
    TNN_TRY(tnn_iterate(interp, sizes, &items, err));
    if (items.as.list->n > TNN_MAX_RANK)
        return tnn_fail(err, TNN_ERR_LIMIT, interp->origin.name, "a tensor of %zu dimensions, at most %d are possible",
                        items.as.list->n, TNN_MAX_RANK);
    *rank = (uint8_t)items.as.list->n;
    for (size_t k = 0; k < items.as.list->n; k++) {
        TNN_TRY(tnn_obj_to_int(interp, &items.as.list->items[k], &dims[k], err));
        if (dims[k] < 0)
            return tnn_fail(err, TNN_ERR_INVALID, interp->origin.name, "a tensor with a size of %lld",
                            (long long)dims[k]);
    }
    return TNN_OK;
}

static tnn_status note_unset(tnn_interp *interp, tnn_value *value, const char *what, tnn_error *err) {
    tnn_unset *grown = tnn_arena_grow(interp->arena, interp->unset, interp->n_unset, &interp->cap_unset,
                                      interp->n_unset + 1, sizeof(*grown));
    if (!grown) return tnn_fail_nomem(err);
    interp->unset = grown;
    grown[interp->n_unset++] = (tnn_unset){value, what, interp->origin.source};
    return TNN_OK;
}

/* unset(sizes, dtype or None, what): a tensor whose numbers nobody gave; they read as zeros, and take no memory. */
tnn_status tnn_builtin_unset(tnn_interp *interp, const tnn_builtin_args *in, tnn_obj *out, tnn_error *err) {
    static const uint8_t zeros[16];
    int64_t dims[TNN_MAX_RANK], strides[TNN_MAX_RANK] = {0};
    tnn_dtype dtype = in->items[1].kind == TNN_OBJ_DTYPE ? in->items[1].as.dtype : TNN_DTYPE_F32;
    const tnn_recipe *recipe;
    tnn_value *value;
    uint8_t rank = 0;
    TNN_TRY(want_text(interp, in, 2, err));
    TNN_TRY(shape_of(interp, &in->items[0], dims, &rank, err));
    TNN_TRY(tnn_recipe_source(&recipe, interp->arena, NULL, zeros, sizeof(zeros), dtype, rank, dims, strides, 0, err));
    TNN_TRY(tnn_graph_constant(&value, interp->graph, "unset", recipe, err));
    TNN_TRY(note_unset(interp, value, in->items[2].as.text, err));
    return tnn_handle_new(interp, value, NULL, out, err);
}

/* A tensor of a copied module: one of its own, kept as the other is. */
static tnn_status copy_tensor(tnn_interp *interp, const tnn_obj *tensor, tnn_obj *out, tnn_error *err) {
    tnn_kept kept = tensor->as.tensor->kept;
    TNN_TRY(tnn_interp_call(interp, "clone", "", tensor, 1, NULL, 0, out, err));
    out->as.tensor->kept = kept;
    return TNN_OK;
}

static tnn_status copy_module(tnn_interp *interp, const tnn_obj *module, tnn_obj *out, tnn_error *err) {
    const tnn_strmap *attributes = &module->as.instance->attributes;
    tnn_obj made, value;
    TNN_TRY(tnn_interp_enter(interp, err));
    TNN_TRY(tnn_instance_new(interp, module->as.instance->type, NULL, &made, err));
    for (size_t k = 0; k < attributes->n_entries; k++) {
        value = *(const tnn_obj *)attributes->entries[k].value;
        if (value.kind == TNN_OBJ_TENSOR) TNN_TRY(copy_tensor(interp, &value, &value, err));
        if (tnn_obj_is_module(&value)) TNN_TRY(copy_module(interp, &value, &value, err));
        TNN_TRY(tnn_instance_set(interp, made.as.instance, attributes->entries[k].key, value, err));
    }
    tnn_interp_leave(interp);
    *out = made;
    return TNN_OK;
}

/* copied(module): with tensors and modules of its own */
tnn_status tnn_builtin_copied(tnn_interp *interp, const tnn_builtin_args *in, tnn_obj *out, tnn_error *err) {
    if (tnn_obj_is_module(&in->items[0])) return copy_module(interp, &in->items[0], out, err);
    return tnn_fail(err, TNN_ERR_UNSUPPORTED, interp->origin.name, "a copy of a %s, which is no module",
                    tnn_obj_kind_text(&in->items[0]));
}

bool tnn_is_unset(const tnn_interp *interp, const tnn_value *value) {
    for (size_t k = 0; k < interp->n_unset; k++)
        if (interp->unset[k].value == value) return true;
    return false;
}

/* kept(tensor, "parameter" or "buffer"): what a module keeps it as, under the names it is given */
tnn_status tnn_builtin_kept(tnn_interp *interp, const tnn_builtin_args *in, tnn_obj *out, tnn_error *err) {
    *out = in->items[0];
    TNN_TRY(want_text(interp, in, 1, err));
    if (in->items[0].kind == TNN_OBJ_NONE) return TNN_OK;
    if (in->items[0].kind != TNN_OBJ_TENSOR)
        return tnn_fail(err, TNN_ERR_INVALID, interp->origin.name, "a %s made of a %s, expected a Tensor",
                        in->items[1].as.text, tnn_obj_kind_text(&in->items[0]));
    TNN_TRY(tnn_interp_call(interp, "detach", "", in->items, 1, NULL, 0, out, err));
    out->as.tensor->kept = strcmp(in->items[1].as.text, "buffer") == 0 ? TNN_KEPT_BUFFER : TNN_KEPT_PARAMETER;
    return TNN_OK;
}
