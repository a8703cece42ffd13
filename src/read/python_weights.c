/* Parameters and buffers of the model: their names, and their numbers from the file of weights. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "eval/handle.h"
#include "read/module_type.h"
#include "read/python_load.h"

/* "model.py" to "model.pth"; NULL: out of memory. */
static const char *path_beside(const tnn_python_load *load) {
    const char *path = load->source->path;
    return tnn_arena_printf(load->base.scratch, "%.*s.pth", (int)(strlen(path) - strlen(".py")), path);
}

/* What the user names must be there; what is usual may be lacking where nothing needs it. */
static tnn_status open_state(tnn_python_load *load, tnn_error *err) {
    const char *path = load->base.options->weights;
    bool given = path != NULL;
    if (!given) path = path_beside(load);
    if (path == NULL) return tnn_fail_nomem(err);
    if (!given && access(path, F_OK) != 0 && errno == ENOENT) return TNN_OK;
    load->has_state = true;
    TNN_TRY(tnn_state_dict_open(&load->state, path, load->base.options, err));
    return tnn_graph_model_keep_file(load->base.model, load->state.file, err);
}

/* The handle shows what the window does, in the parameter's own dtype, as load_state_dict copies it. */
static tnn_status bind(tnn_python_load *load, const char *path, tnn_handle *handle, const tnn_window *window,
                       tnn_error *err) {
    tnn_dtype dtype = tnn_handle_dtype(handle);
    tnn_kept kept = handle->kept;
    tnn_obj loaded;
    TNN_TRY(tnn_weights_get(&load->base.weights, window, path, kept == TNN_KEPT_BUFFER ? "buffer" : "parameter",
                            &loaded, err));
    if (window->dtype != dtype) {
        tnn_obj args[] = {loaded, tnn_obj_dtype(dtype)};
        TNN_TRY(tnn_interp_call(load->base.interp, "to", "dtype", args, 2, NULL, 0, &loaded, err));
    }
    *handle = *loaded.as.tensor;
    handle->kept = kept;
    return TNN_OK;
}

/* A tensor under its name in state_dict(). PyTorch's old files do not have the count of batches. */
static tnn_status load_tensor(tnn_python_load *load, const char *path, const char *name, tnn_handle *handle,
                              tnn_error *err) {
    tnn_window window;
    bool found = false, optional = strcmp(name, "num_batches_tracked") == 0;
    load->needs_state = load->needs_state || !optional;
    if (!load->has_state) return TNN_OK;
    TNN_TRY(tnn_state_dict_get(&load->state, path, &handle->shape, optional, &window, &found, err));
    return found ? bind(load, path, handle, &window, err) : TNN_OK;
}

static tnn_status load_module(tnn_python_load *load, tnn_instance *module, const char *path, tnn_error *err);

static tnn_status load_attribute(tnn_python_load *load, tnn_instance *module, const char *name, tnn_obj *value,
                                 const char *path, tnn_error *err) {
    if (tnn_obj_is_module(value)) return load_module(load, value->as.instance, path, err);
    if (value->kind != TNN_OBJ_TENSOR) return TNN_OK;
    if (value->as.tensor->kept != TNN_KEPT_NOT) TNN_TRY(load_tensor(load, path, name, value->as.tensor, err));
    const tnn_program_attribute attribute = {module, name, path, value->as.tensor};
    return tnn_program_note(&load->base, &attribute, err);
}

/* For code generation: which layer of PyTorch's stands at the path. */
static tnn_status note_type(const tnn_python_load *load, const tnn_instance *module, tnn_error *err) {
    const char *dot = strrchr(module->type->name, '.');
    if (!load->base.options->as_written || module->type->file != NULL || dot == NULL) return TNN_OK;
    const char *full = tnn_arena_printf(load->base.scratch, "torch.nn.modules%s", dot);
    return full == NULL ? tnn_fail_nomem(err) : tnn_module_type_note(load->base.model, module->path, full, err);
}

/* The module's own tensors and those of the modules in it. One that stands in several places is called by the first. */
static tnn_status load_module(tnn_python_load *load, tnn_instance *module, const char *path, tnn_error *err) {
    const tnn_strmap *attributes = &module->attributes;
    TNN_TRY(tnn_interp_enter(load->base.interp, err));
    TNN_TRY(tnn_interp_step(load->base.interp, attributes->n_entries, err));
    if (module->path == NULL) module->path = path;
    TNN_TRY(note_type(load, module, err));
    for (size_t i = 0; i < attributes->n_entries; i++) {
        const char *name = attributes->entries[i].key;
        const char *inner = tnn_arena_printf(load->base.model->arena, "%s%s%s", path, *path == '\0' ? "" : ".", name);
        if (inner == NULL) return tnn_fail_nomem(err);
        TNN_TRY(load_attribute(load, module, name, attributes->entries[i].value, inner, err));
    }
    tnn_interp_leave(load->base.interp);
    return TNN_OK;
}

tnn_status tnn_python_weights(tnn_python_load *load, tnn_lacks *lacks, tnn_error *err) {
    tnn_interp_set_origin(load->base.interp, NULL, NULL, (tnn_source){.file = NULL});
    TNN_TRY(open_state(load, err));
    TNN_TRY(load_module(load, load->base.root, "", err));
    if (load->has_state) return tnn_state_dict_check(&load->state, load->base.model, lacks, err);
    if (!load->needs_state) return TNN_OK;
    return tnn_fail(err, TNN_ERR_IO, load->base.file, "the model has parameters, and there is no file %.200s: give "
                    "their file (--weights FILE)", tnn_program_last_part(path_beside(load)));
}

/* Has the value a use in the graph? */
static bool is_used(const tnn_graph *graph, const tnn_value *value) {
    bool used = value->n_users > 0;
    for (size_t i = 0; i < graph->n_outputs; i++) used = used || graph->outputs[i] == value;
    return used;
}

tnn_status tnn_python_check_unset(const tnn_python_load *load, tnn_error *err) {
    const tnn_interp *interp = load->base.interp;
    for (size_t i = 0; i < interp->n_unset; i++) {
        const tnn_unset *unset = &interp->unset[i];
        if (!is_used(load->base.graph, unset->value)) continue;
        tnn_interp_set_origin(load->base.interp, NULL, NULL, unset->source);
        return tnn_fail(err, TNN_ERR_UNSUPPORTED, NULL, "the model uses %s, which no file gives", unset->what);
    }
    return TNN_OK;
}
