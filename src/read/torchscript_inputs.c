/* Arguments of the method: from the examples that a traced archive keeps, from what the user says, from defaults. */
#include <string.h>

#include "read/saved.h"
#include "read/torchscript_load.h"

/* "x_key" */
static const char *part_name(const tnn_ts_load *load, const char *name, const char *part) {
    return tnn_arena_printf(load->base.model->arena, "%s_%s", name, part);
}

/* From examples. */

static tnn_status from_example(tnn_ts_load *load, const char *name, const tnn_pickle *example, tnn_obj *out,
                               tnn_error *err);

static tnn_status example_items(tnn_ts_load *load, const char *name, const tnn_pickle *example, tnn_obj *out,
                                tnn_error *err) {
    tnn_obj_kind kind = example->kind == TNN_PICKLE_TUPLE ? TNN_OBJ_TUPLE : TNN_OBJ_LIST;
    tnn_obj *items = TNN_NEW_ARRAY(load->base.scratch, example->n_items, tnn_obj);
    if (items == NULL) return tnn_fail_nomem(err);
    for (size_t i = 0; i < example->n_items; i++) {
        const char *part = tnn_program_item_name(&load->base, name, i);
        if (part == NULL) return tnn_fail_nomem(err);
        TNN_TRY(from_example(load, part, example->items[i], &items[i], err));
    }
    return tnn_obj_list_new(load->base.interp, kind, items, example->n_items, out, err);
}

static tnn_status example_dict(tnn_ts_load *load, const char *name, const tnn_pickle *example, tnn_obj *out,
                               tnn_error *err) {
    TNN_TRY(tnn_dict_new(load->base.interp, out, err));
    for (size_t i = 0; i + 1 < example->n_items; i += 2) {
        tnn_obj value;
        const tnn_pickle *key = example->items[i];
        if (key->kind != TNN_PICKLE_STRING) {
            return tnn_fail(err, TNN_ERR_UNSUPPORTED, load->base.file, "input %s is a dict whose keys are no strings", name);
        }
        const char *part = part_name(load, name, key->text), *text = tnn_arena_str(load->base.model->arena, key->text);
        if (part == NULL || text == NULL) return tnn_fail_nomem(err);
        TNN_TRY(from_example(load, part, example->items[i + 1], &value, err));
        TNN_TRY(tnn_dict_set(load->base.interp, out->as.dict, tnn_obj_string(text), value, err));
    }
    return TNN_OK;
}

static tnn_status example_tensor(tnn_ts_load *load, const char *name, const tnn_pickle *example, tnn_obj *out,
                                 tnn_error *err) {
    tnn_saved_tensor saved;
    TNN_TRY(tnn_saved_tensor_read(&saved, example, load->base.file, err));
    if (saved.dtype == TNN_DTYPE_NONE)
        return tnn_fail(err, TNN_ERR_UNSUPPORTED, load->base.file, "input %s is of type %s", name, saved.type);
    tnn_example like = {.dtype = saved.dtype, .rank = saved.rank, .strides = saved.strides};
    memcpy(like.dims, saved.dims, sizeof like.dims);
    return tnn_program_tensor(&load->base, name, &like, out, err);
}

/* Numbers, strings and None were fixed when the model was traced. */
static tnn_status from_example(tnn_ts_load *load, const char *name, const tnn_pickle *example, tnn_obj *out,
                               tnn_error *err) {
    bool call = example->kind == TNN_PICKLE_REDUCE;
    *out = tnn_obj_none();
    if (tnn_saved_is_tensor(example)) return example_tensor(load, name, example, out, err);
    if (call && example->args->n_items > 0) return from_example(load, name, example->args->items[0], out, err);
    if (example->kind == TNN_PICKLE_LIST || example->kind == TNN_PICKLE_TUPLE)
        return example_items(load, name, example, out, err);
    if (example->kind == TNN_PICKLE_DICT) return example_dict(load, name, example, out, err);
    if (example->kind == TNN_PICKLE_INT) *out = tnn_obj_int(tnn_size_const(example->integer));
    if (example->kind == TNN_PICKLE_BOOL) *out = tnn_obj_bool(example->integer != 0);
    if (example->kind == TNN_PICKLE_FLOAT) *out = tnn_obj_float(example->number);
    if (example->kind == TNN_PICKLE_STRING) *out = tnn_obj_string(tnn_arena_str(load->base.model->arena, example->text));
    return TNN_OK;
}

/* The example inputs of the method; NULL: it was not traced. */
static const tnn_pickle *find_examples(const tnn_ts_load *load) {
    const tnn_pickle *dict = load->archive->examples;
    while (dict != NULL && dict->kind == TNN_PICKLE_REDUCE && dict->args->n_items > 0) dict = dict->args->items[0];
    const tnn_pickle *list = dict == NULL ? NULL : tnn_pickle_get(dict, load->base.method);
    while (list != NULL && list->kind == TNN_PICKLE_REDUCE && list->args->n_items > 0) list = list->args->items[0];
    bool fits = list != NULL && (list->kind == TNN_PICKLE_LIST || list->kind == TNN_PICKLE_TUPLE);
    return fits ? list : NULL;
}

tnn_status tnn_ts_inputs(tnn_ts_load *load, const tnn_function *method, const char ***names, tnn_obj **args,
                         size_t *n, tnn_error *err) {
    const tnn_pickle *examples = find_examples(load);
    *n = 0;
    *names = TNN_NEW_ARRAY(load->base.scratch, method->n_params, const char *);
    *args = TNN_NEW_ARRAY(load->base.scratch, method->n_params, tnn_obj);
    if (*names == NULL || *args == NULL) return tnn_fail_nomem(err);
    TNN_TRY(tnn_program_specs(&load->base, err));
    for (size_t i = 1; i < method->n_params; i++) {
        const tnn_param *param = &method->params[i];
        const tnn_pickle *example = examples != NULL && i <= examples->n_items ? examples->items[i - 1] : NULL;
        if (example == NULL && !tnn_program_wants(&load->base, param)) continue;
        (*names)[*n] = param->name;
        TNN_TRY(example != NULL ? from_example(load, param->name, example, &(*args)[*n], err)
                                : tnn_program_typed(&load->base, param->name, param->annotation, &(*args)[*n], err));
        ++*n;
    }
    return tnn_program_specs_check(&load->base, err);
}
