/* What the method gives back, flattened, and what is to be said about the program. */
#include <string.h>

#include "eval/state.h"
#include "read/program_load.h"
#include "read/result_form.h"
#include "read/written.h"

/* `name` is NULL where the value's own is good enough. */
static tnn_status add(tnn_program_load *load, const tnn_obj *obj, const char *name, tnn_error *err);

/* "out_aux", or the part alone at the top. */
static tnn_status add_part(tnn_program_load *load, const tnn_obj *obj, const char *name, const char *part,
                           tnn_error *err) {
    if (part == NULL) return tnn_fail_nomem(err);
    const char *whole = name == NULL ? part : tnn_arena_printf(load->model->arena, "%s_%s", name, part);
    return whole == NULL ? tnn_fail_nomem(err) : add(load, obj, whole, err);
}

static tnn_status add_items(tnn_program_load *load, const tnn_obj_list *list, const char *name, tnn_error *err) {
    for (size_t i = 0; i < list->n; i++) {
        const char *field = list->fields == NULL ? NULL : list->fields[i];
        if (field == NULL && name == NULL) {
            TNN_TRY(add(load, &list->items[i], NULL, err));
            continue;
        }
        if (field == NULL) field = tnn_arena_printf(load->model->arena, "%zu", i);
        TNN_TRY(add_part(load, &list->items[i], name, field, err));
    }
    return TNN_OK;
}

static tnn_status add_dict(tnn_program_load *load, const tnn_obj_dict *dict, const char *name, tnn_error *err) {
    for (size_t i = 0; i < dict->n; i++) {
        const tnn_obj *key = &dict->keys[i];
        const char *part = key->kind == TNN_OBJ_STRING ? key->as.text : NULL;
        if (key->kind == TNN_OBJ_INT) {
            part = tnn_arena_printf(load->model->arena, "%lld", (long long)key->as.size.hint);
        } else if (part == NULL) {
            part = "item";
        }
        TNN_TRY(add_part(load, &dict->values[i], name, part, err));
    }
    return TNN_OK;
}

static tnn_status add_tensor(tnn_program_load *load, const tnn_obj *obj, const char *name, tnn_error *err) {
    tnn_value *value = NULL;
    TNN_TRY(tnn_interp_read(load->interp, obj->as.tensor, &value, err));
    return tnn_graph_output(load->graph, value, name, err);
}

static tnn_status add(tnn_program_load *load, const tnn_obj *obj, const char *name, tnn_error *err) {
    TNN_TRY(tnn_interp_enter(load->interp, err));
    tnn_status status = TNN_OK;
    if (obj->kind == TNN_OBJ_TENSOR) status = add_tensor(load, obj, name, err);
    else if (obj->kind == TNN_OBJ_LIST || obj->kind == TNN_OBJ_TUPLE)
        status = add_items(load, obj->as.list, name, err);
    else if (obj->kind == TNN_OBJ_DICT) status = add_dict(load, obj->as.dict, name, err);
    else if (tnn_obj_absent(obj))
        status = tnn_lack_set_add(&load->lacks, name == NULL ? "output" : name, tnn_obj_absent(obj), "",
                                  (tnn_source){0}, err);
    else if (obj->kind != TNN_OBJ_NONE)
        status = tnn_graph_model_warn(load->model, err, "output %s%sis a %s, no tensor: it is left out",
                                      name == NULL ? "" : name, name == NULL ? "" : " ", tnn_obj_kind_text(obj));
    tnn_interp_leave(load->interp);
    return status;
}

tnn_status tnn_program_outputs(tnn_program_load *load, const tnn_obj *result, tnn_error *err) {
    TNN_TRY(add(load, result, NULL, err));
    return load->options->as_written ? tnn_program_result_form(load, result, err) : TNN_OK;
}

/* What the program writes to. */

static tnn_status settle_input(tnn_program_load *load, size_t index, tnn_error *err) {
    tnn_written_tensor written = {"input", load->graph->inputs[index]->name, load->inputs[index], false};
    if (!tnn_interp_was_written(written.now.as.tensor)) return TNN_OK;
    return tnn_written_settle(load->interp, load->graph, &written, load->options->written_inputs, load->file, err);
}

/* Modules that have all of them are normalizations. */
static bool is_statistic(const tnn_program_attribute *attribute) {
    bool named = false;
    for (size_t i = 0; i < TNN_N_STATISTICS; i++) {
        if (tnn_strmap_get(&attribute->owner->attributes, tnn_statistic_names[i]) == NULL) return false;
        named = named || strcmp(attribute->name, tnn_statistic_names[i]) == 0;
    }
    return named;
}

/* An attribute may be written to, or be given another tensor. */
static tnn_status settle_attribute(tnn_program_load *load, const tnn_program_attribute *attribute, tnn_error *err) {
    const tnn_obj *now = tnn_strmap_get(&attribute->owner->attributes, attribute->name);
    bool same = now->kind == TNN_OBJ_TENSOR && now->as.tensor == attribute->tensor;
    if (same && !tnn_interp_was_written(attribute->tensor)) return TNN_OK;
    tnn_written_tensor written = {"buffer", attribute->path, *now, is_statistic(attribute)};
    return tnn_written_settle(load->interp, load->graph, &written, load->options->written_buffers, load->file, err);
}

tnn_status tnn_program_note(tnn_program_load *load, const tnn_program_attribute *attribute, tnn_error *err) {
    tnn_program_attribute *grown = tnn_arena_grow(load->scratch, load->attributes, load->n_attributes,
                                                  &load->cap_attributes, load->n_attributes + 1, sizeof *grown);
    if (grown == NULL) return tnn_fail_nomem(err);
    load->attributes = grown;
    grown[load->n_attributes++] = *attribute;
    return TNN_OK;
}

tnn_status tnn_program_check(tnn_program_load *load, tnn_error *err) {
    TNN_TRY(tnn_weights_check(&load->weights, err));
    for (size_t i = 0; i < load->graph->n_inputs; i++) TNN_TRY(settle_input(load, i, err));
    for (size_t i = 0; i < load->n_attributes; i++) TNN_TRY(settle_attribute(load, &load->attributes[i], err));
    if (load->graph->n_outputs > 0) return TNN_OK;
    return tnn_fail(err, TNN_ERR_UNSUPPORTED, load->file, "%s gives back no tensor", load->method);
}
