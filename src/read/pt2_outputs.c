/* What the program gives back. */
#include <string.h>

#include "eval/state.h"
#include "read/pt2_load.h"
#include "read/result_form.h"
#include "read/written.h"

static tnn_status add_tensor(tnn_pt2_load *load, tnn_pt2_scope *scope, const tnn_json *tensor, tnn_error *err) {
    tnn_json name;
    tnn_obj obj;
    tnn_value *value = NULL;
    TNN_TRY(tnn_json_member(&name, tensor, "name", err));
    TNN_TRY(tnn_pt2_lookup(load, scope, &name, &obj, err));
    if (tnn_obj_absent(&obj))
        return tnn_lack_set_add(&load->lacks, json_string_value(name.value), tnn_obj_absent(&obj), "",
                                (tnn_source){0}, err);
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

/* {"arg": {"name": …}, "buffer_name": …}: the new value of a buffer or an input. */
static tnn_status mutation(tnn_pt2_load *load, tnn_pt2_scope *scope, const tnn_json *value, bool input,
                           tnn_error *err) {
    tnn_json arg, name;
    tnn_written_tensor written = {.role = input ? "input" : "buffer"};
    tnn_written option = input ? load->options->written_inputs : load->options->written_buffers;
    TNN_TRY(tnn_json_member_text(&written.name, value, input ? "user_input_name" : "buffer_name", err));
    if (!input) TNN_TRY(tnn_pt2_is_statistic(load, written.name, &written.is_statistic, err));
    TNN_TRY(tnn_json_member(&arg, value, "arg", err));
    TNN_TRY(tnn_json_member(&name, &arg, "name", err));
    TNN_TRY(tnn_pt2_lookup(load, scope, &name, &written.now, err));
    return tnn_written_settle(load->interp, load->graph, &written, option, load->file, err);
}

/* The model's own outputs come first, then what the program has written. */
enum { ROUND_OUTPUTS, ROUND_MUTATIONS, N_ROUNDS };

static tnn_status read_spec(tnn_pt2_load *load, tnn_pt2_scope *scope, const tnn_json *spec, size_t index, int round,
                            tnn_error *err) {
    const char *kind = NULL;
    tnn_json value;
    TNN_TRY(tnn_json_union(&kind, &value, spec, err));
    if (strcmp(kind, "token") == 0) return TNN_OK; /* orders effects, of which there are none */
    bool output = strcmp(kind, "user_output") == 0, input = strcmp(kind, "user_input_mutation") == 0;
    bool known = output || input || strcmp(kind, "buffer_mutation") == 0;
    if (!known) return tnn_json_fail(spec, TNN_ERR_UNSUPPORTED, err, "output of kind %.40s is not supported", kind);
    if (output != (round == ROUND_OUTPUTS)) return TNN_OK;
    return output ? user_output(load, scope, &value, index, err) : mutation(load, scope, &value, input, err);
}

/* Writes that the program does on its way, which its signature does not mention. */
static tnn_status check_input(tnn_pt2_load *load, tnn_pt2_scope *scope, const tnn_value *input, tnn_error *err) {
    const tnn_pt2_binding *binding = tnn_strmap_get(&scope->names, input->name);
    if (binding == NULL || binding->obj.kind != TNN_OBJ_TENSOR) return TNN_OK;
    if (!tnn_interp_was_written(binding->obj.as.tensor)) return TNN_OK;
    tnn_written_tensor written = {"input", input->name, binding->obj, false};
    return tnn_written_settle(load->interp, load->graph, &written, load->options->written_inputs, load->file, err);
}

/* What stands in the place of an output of the program. */
static const char *leaf_text(tnn_arena *arena, const json_t *arg) {
    const json_t *number = json_object_get(arg, "as_int"), *real = json_object_get(arg, "as_float");
    const json_t *boolean = json_object_get(arg, "as_bool");
    if (json_object_get(arg, "as_tensor")) return "\1";
    if (json_is_integer(number)) return tnn_arena_printf(arena, "%lld", (long long)json_integer_value(number));
    if (json_is_real(real)) return tnn_arena_printf(arena, "%.17g", json_real_value(real));
    if (json_is_boolean(boolean)) return json_is_true(boolean) ? "True" : "False";
    return "None";
}

static tnn_status read_form(tnn_pt2_load *load, const tnn_json *specs, size_t n, tnn_error *err) {
    const char **leaves = TNN_NEW_ARRAY(load->scratch, n + 1, const char *);
    size_t n_leaves = 0;
    if (leaves == NULL) return tnn_fail_nomem(err);
    for (size_t i = 0; i < n; i++) {
        const json_t *output = json_object_get(tnn_json_item(specs, i).value, "user_output");
        if (output == NULL) continue;
        leaves[n_leaves] = leaf_text(load->scratch, json_object_get(output, "arg"));
        if (leaves[n_leaves++] == NULL) return tnn_fail_nomem(err);
    }
    return tnn_pt2_result_form(load, leaves, n_leaves, err);
}

tnn_status tnn_pt2_outputs(tnn_pt2_load *load, tnn_pt2_scope *scope, const tnn_json *signature, tnn_error *err) {
    tnn_json specs;
    size_t n = 0;
    TNN_TRY(tnn_json_member(&specs, signature, "output_specs", err));
    TNN_TRY(tnn_json_count(&n, &specs, err));
    for (size_t i = 0; i < n * N_ROUNDS; i++) {
        tnn_json spec = tnn_json_item(&specs, i % n);
        TNN_TRY(read_spec(load, scope, &spec, i % n, (int)(i / n), err));
    }
    if (load->options->as_written) TNN_TRY(read_form(load, &specs, n, err));
    for (size_t i = 0; i < load->graph->n_inputs; i++) TNN_TRY(check_input(load, scope, load->graph->inputs[i], err));
    TNN_TRY(tnn_pt2_constants_check(load, err));
    if (load->graph->n_outputs > 0) return TNN_OK;
    return tnn_fail(err, TNN_ERR_UNSUPPORTED, load->file, "the program gives back no tensor");
}
