/* What the program gives back. */
#include <string.h>

#include "read/pt2_load.h"

static tnn_status add_tensor(tnn_pt2_load *load, tnn_pt2_scope *scope, const tnn_json *tensor, tnn_error *err) {
    tnn_json name;
    tnn_obj obj;
    tnn_value *value = NULL;
    TNN_TRY(tnn_json_member(&name, tensor, "name", err));
    TNN_TRY(tnn_pt2_lookup(load, scope, &name, &obj, err));
    if (obj.kind != TNN_OBJ_TENSOR) return tnn_json_fail(&name, TNN_ERR_MALFORMED, err, "output is no tensor");
    TNN_TRY(tnn_interp_read(load->interp, obj.as.tensor, &value, err));
    return tnn_graph_output(load->graph, value, json_string_value(name.value), err);
}

static tnn_status user_output(tnn_pt2_load *load, tnn_pt2_scope *scope, const tnn_json *value, size_t index,
                              tnn_error *err) {
    const char *kind = NULL;
    tnn_json arg, inner;
    TNN_TRY(tnn_json_member(&arg, value, "arg", err));
    TNN_TRY(tnn_json_union(&kind, &inner, &arg, err));
    if (strcmp(kind, "as_tensor") == 0) return add_tensor(load, scope, &inner, err);
    if (strcmp(kind, "as_none") == 0) return TNN_OK;
    return tnn_graph_model_warn(load->model, err, "output %zu is no tensor (%.40s): it is left out", index, kind);
}

static tnn_status buffer_mutation(tnn_pt2_load *load, const tnn_json *value, tnn_error *err) {
    const char *name = NULL;
    TNN_TRY(tnn_json_member_text(&name, value, "buffer_name", err));
    return tnn_graph_model_warn(load->model, err,
                                "buffer \"%.100s\" is changed by the program: every run starts with its saved value",
                                name);
}

static const char advice[] = "a converted model cannot change its inputs: return the new value as an output, or "
                             "clone() the input before writing to it";

static tnn_status refuse_input_mutation(const tnn_pt2_load *load, const tnn_json *value, tnn_error *err) {
    const char *name = NULL;
    TNN_TRY(tnn_json_member_text(&name, value, "user_input_name", err));
    return tnn_fail(err, TNN_ERR_UNSUPPORTED, load->file, "input \"%.100s\" is written in place; %s", name, advice);
}

static tnn_status read_spec(tnn_pt2_load *load, tnn_pt2_scope *scope, const tnn_json *spec, size_t index,
                            tnn_error *err) {
    const char *kind = NULL;
    tnn_json value;
    TNN_TRY(tnn_json_union(&kind, &value, spec, err));
    if (strcmp(kind, "user_output") == 0) return user_output(load, scope, &value, index, err);
    if (strcmp(kind, "buffer_mutation") == 0) return buffer_mutation(load, &value, err);
    if (strcmp(kind, "user_input_mutation") == 0) return refuse_input_mutation(load, &value, err);
    return tnn_json_fail(spec, TNN_ERR_UNSUPPORTED, err, "output of kind %.40s is not supported", kind);
}

/* Writes that the program does on its way, which its signature does not mention. */

static tnn_status check_input(tnn_pt2_load *load, tnn_pt2_scope *scope, const tnn_value *input, tnn_error *err) {
    const tnn_pt2_binding *binding = tnn_strmap_get(&scope->names, input->name);
    bool written = binding != NULL && binding->obj.kind == TNN_OBJ_TENSOR &&
                   tnn_interp_was_written(binding->obj.as.tensor);
    if (!written) return TNN_OK;
    if (load->graph->n_outputs == 0) {
        return tnn_fail(err, TNN_ERR_UNSUPPORTED, load->file, "input \"%.100s\" is written in place; %s", input->name,
                        advice);
    }
    return tnn_graph_model_warn(load->model, err,
                                "input \"%.100s\" is written in place: the converted model leaves its input as it is",
                                input->name);
}

static tnn_status check_buffers(tnn_pt2_load *load, tnn_error *err) {
    for (size_t i = 0; i < load->constants.n_entries; i++) {
        const tnn_pt2_constant *constant = load->constants.entries[i].value;
        if (!tnn_interp_was_written(constant->obj.as.tensor)) continue;
        TNN_TRY(tnn_graph_model_warn(load->model, err,
                                     "%s \"%.100s\" is changed by the program: every run starts with its saved value",
                                     constant->role, constant->path));
    }
    return TNN_OK;
}

tnn_status tnn_pt2_outputs(tnn_pt2_load *load, tnn_pt2_scope *scope, const tnn_json *signature, tnn_error *err) {
    tnn_json specs;
    size_t n = 0;
    TNN_TRY(tnn_json_member(&specs, signature, "output_specs", err));
    TNN_TRY(tnn_json_count(&n, &specs, err));
    for (size_t i = 0; i < n; i++) {
        tnn_json spec = tnn_json_item(&specs, i);
        TNN_TRY(read_spec(load, scope, &spec, i, err));
    }
    for (size_t i = 0; i < load->graph->n_inputs; i++) TNN_TRY(check_input(load, scope, load->graph->inputs[i], err));
    TNN_TRY(check_buffers(load, err));
    if (load->graph->n_outputs > 0) return TNN_OK;
    return tnn_fail(err, TNN_ERR_UNSUPPORTED, load->file, "the program gives back no tensor");
}
