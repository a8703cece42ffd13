#include "read/result_form.h"

#include <string.h>

/* Into the model's arena; nothing when it makes no sense. */
static tnn_status keep(tnn_model *model, tnn_strbuf *text, bool good, tnn_error *err) {
    const char *kept = good && text->data ? tnn_arena_str(model->arena, text->data) : NULL;
    bool failed = text->failed || (good && text->data && !kept);
    tnn_strbuf_free(text);
    model->result_form = kept;
    return failed ? tnn_fail_nomem(err) : TNN_OK;
}

static void add_number(tnn_strbuf *text, long long number) { tnn_strbuf_printf(text, "%lld", number); }

/* ---- .pt2: [1, {"type": "builtins.dict", "context": "[\"a\"]", "children_spec": […]}] ---- */

typedef struct spec_reader {
    tnn_strbuf text;
    const char *const *leaves;
    size_t n_leaves, next;
} spec_reader;

static bool add_spec(spec_reader *reader, const json_t *spec);

static bool add_key(tnn_strbuf *text, const json_t *key) {
    if (json_is_string(key)) tnn_strbuf_json(text, json_string_value(key));
    else if (json_is_integer(key)) add_number(text, json_integer_value(key));
    else return false;
    tnn_strbuf_add(text, ": ");
    return true;
}

static bool add_children(spec_reader *reader, const json_t *children, const json_t *keys) {
    for (size_t i = 0; i < json_array_size(children); i++) {
        if (i > 0) tnn_strbuf_add(&reader->text, ", ");
        if (keys && !add_key(&reader->text, json_array_get(keys, i))) return false;
        if (!add_spec(reader, json_array_get(children, i))) return false;
    }
    return true;
}

static bool add_container(spec_reader *reader, const char *type, const json_t *children, const json_t *keys) {
    bool dict = json_array_size(keys) > 0 && json_array_size(keys) == json_array_size(children);
    bool list = !dict && strcmp(type, "builtins.list") == 0;
    tnn_strbuf_add(&reader->text, dict ? "{" : list ? "[" : "(");
    if (!add_children(reader, children, dict ? keys : NULL)) return false;
    if (!dict && !list && json_array_size(children) == 1) tnn_strbuf_add(&reader->text, ",");
    tnn_strbuf_add(&reader->text, dict ? "}" : list ? "]" : ")");
    return true;
}

static bool add_spec(spec_reader *reader, const json_t *spec) {
    const char *type = json_string_value(json_object_get(spec, "type"));
    const char *context = json_string_value(json_object_get(spec, "context"));
    if (!json_is_object(spec)) return false;
    if (!type) {
        if (reader->next == reader->n_leaves) return false;
        tnn_strbuf_add(&reader->text, reader->leaves[reader->next++]);
        return true;
    }
    json_t *keys = context ? json_loads(context, JSON_DECODE_ANY, NULL) : NULL;
    bool good = add_container(reader, type, json_object_get(spec, "children_spec"), json_is_array(keys) ? keys : NULL);
    json_decref(keys);
    return good;
}

/* The one of the whole program, which stands first. */
static const char *out_spec(const tnn_pt2_load *load) {
    const json_t *module = json_object_get(load->pt2->program.value, "graph_module");
    const json_t *first = json_array_get(json_object_get(module, "module_call_graph"), 0);
    return json_string_value(json_object_get(json_object_get(first, "signature"), "out_spec"));
}

tnn_status tnn_pt2_result_form(tnn_pt2_load *load, const char *const *leaves, size_t n_leaves, tnn_error *err) {
    spec_reader reader = {.leaves = leaves, .n_leaves = n_leaves};
    const char *text = out_spec(load);
    json_t *spec = text ? json_loads(text, 0, NULL) : NULL;
    bool good = spec && add_spec(&reader, json_array_get(spec, 1)) && reader.next == n_leaves;
    json_decref(spec);
    return keep(load->model, &reader.text, good, err);
}

/* ---- TorchScript ---- */

static bool add_obj(tnn_strbuf *text, const tnn_obj *obj);

static bool add_items(tnn_strbuf *text, const tnn_obj_list *list, bool tuple) {
    tnn_strbuf_add(text, tuple ? "(" : "[");
    for (size_t i = 0; i < list->n; i++) {
        if (i > 0) tnn_strbuf_add(text, ", ");
        if (!add_obj(text, &list->items[i])) return false;
    }
    tnn_strbuf_add(text, !tuple ? "]" : list->n == 1 ? ",)" : ")");
    return true;
}

static bool add_dict(tnn_strbuf *text, const tnn_obj_dict *dict) {
    tnn_strbuf_add(text, "{");
    for (size_t i = 0; i < dict->n; i++) {
        const tnn_obj *key = &dict->keys[i];
        if (i > 0) tnn_strbuf_add(text, ", ");
        if (key->kind == TNN_OBJ_STRING) tnn_strbuf_json(text, key->as.text);
        else if (key->kind == TNN_OBJ_INT) add_number(text, key->as.size.hint);
        else return false;
        tnn_strbuf_add(text, ": ");
        if (!add_obj(text, &dict->values[i])) return false;
    }
    tnn_strbuf_add(text, "}");
    return true;
}

/* Nesting was bounded when the outputs were taken out of the same object. */
static bool add_obj(tnn_strbuf *text, const tnn_obj *obj) {
    switch (obj->kind) {
    case TNN_OBJ_TENSOR: tnn_strbuf_add(text, "\1"); return true;
    case TNN_OBJ_LIST: return add_items(text, obj->as.list, false);
    case TNN_OBJ_TUPLE: return add_items(text, obj->as.list, true);
    case TNN_OBJ_DICT: return add_dict(text, obj->as.dict);
    case TNN_OBJ_NONE: tnn_strbuf_add(text, "None"); return true;
    case TNN_OBJ_BOOL: tnn_strbuf_add(text, obj->as.boolean ? "True" : "False"); return true;
    case TNN_OBJ_INT: add_number(text, obj->as.size.hint); return true;
    case TNN_OBJ_FLOAT: tnn_strbuf_printf(text, "%.17g", obj->as.number); return true;
    case TNN_OBJ_STRING: tnn_strbuf_json(text, obj->as.text); return true;
    case TNN_OBJ_DTYPE:
    case TNN_OBJ_MEMORY_FORMAT:
    case TNN_OBJ_INSTANCE:
    case TNN_OBJ_NAME: break;
    }
    return false;
}

tnn_status tnn_program_result_form(tnn_program_load *load, const tnn_obj *result, tnn_error *err) {
    tnn_strbuf text = {0};
    bool good = add_obj(&text, result);
    return keep(load->model, &text, good, err);
}
