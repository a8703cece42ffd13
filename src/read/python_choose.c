/* Which object is the model. */
#include <string.h>

#include "read/python_load.h"

/* "Net" of "model.Net": classes of the file have no module. */
static bool is_named(const tnn_class *type, const char *name) { return name == NULL || strcmp(type->name, name) == 0; }

static bool is_model_class(const tnn_obj *obj) {
    const tnn_name *name = tnn_obj_name(obj);
    return name != NULL && name->kind == TNN_NAME_CLASS && name->type->file != NULL &&
           name->type->base == TNN_BASE_MODULE;
}

/* The last call of a module of that class in the block; of the last one called when no class is asked for. */
static const tnn_recorded_call *find_call(const tnn_record *record, const char *name) {
    for (size_t i = record->n_calls; i-- > 0;) {
        if (record->calls[i].model->type->file != NULL && is_named(record->calls[i].model->type, name))
            return &record->calls[i];
    }
    return NULL;
}

static tnn_instance *find_made(const tnn_record *record, const char *name) {
    for (size_t i = record->n_made; i-- > 0;) {
        if (is_named(record->made[i]->type, name)) return record->made[i];
    }
    return NULL;
}

/* The last class in the file that is a module, and has the name where one is asked for. */
static const tnn_class *find_class(const tnn_strmap *globals, const char *name) {
    for (size_t i = globals->n_entries; i-- > 0;) {
        const tnn_obj *obj = globals->entries[i].value;
        if (is_model_class(obj) && is_named(tnn_obj_name(obj)->type, name)) return tnn_obj_name(obj)->type;
    }
    return NULL;
}

static tnn_status no_class(const tnn_python_load *load, tnn_error *err) {
    const tnn_strmap *globals = &load->program.globals;
    const char *wanted = load->base.options->model;
    tnn_strbuf names = {0};
    for (size_t i = 0; i < globals->n_entries; i++) {
        if (!is_model_class(globals->entries[i].value)) continue;
        tnn_strbuf_printf(&names, "%s%s", names.length == 0 ? "" : ", ", globals->entries[i].key);
    }
    tnn_status status = TNN_ERR_UNSUPPORTED;
    if (names.data == NULL)
        tnn_fail(err, status, load->base.file, "the file has no class that derives from torch.nn.Module");
    else status = tnn_fail(err, TNN_ERR_INVALID, load->base.file, "the file has no module called \"%.60s\"; it has: %s",
                           wanted == NULL ? "" : wanted, names.data);
    tnn_strbuf_free(&names);
    return status;
}

static tnn_status make(tnn_python_load *load, const tnn_class *type, tnn_error *err) {
    tnn_obj made;
    TNN_TRY(tnn_class_call(load->base.interp, type, NULL, 0, NULL, 0, &made, err));
    load->base.root = made.as.instance;
    return TNN_OK;
}

tnn_status tnn_python_choose(tnn_python_load *load, tnn_error *err) {
    const char *name = load->base.options->model;
    const tnn_recorded_call *call = find_call(&load->record, name);
    if (call != NULL) load->example = *call;
    load->base.root = call != NULL ? call->model : find_made(&load->record, name);
    if (load->base.root != NULL) return TNN_OK;
    const tnn_class *type = find_class(&load->program.globals, name);
    return type == NULL ? no_class(load, err) : make(load, type, err);
}
