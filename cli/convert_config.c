#include "convert_config.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool cli_config_is(const char *path) {
    size_t length = strlen(path);
    return length > 5 && strcmp(path + length - 5, ".json") == 0;
}

void cli_config_free(cli_config *config) {
    free(config->model);
    free(config->output);
    free(config->inputs);
    free(config->input_layouts);
    free(config->output_layouts);
}

static cli_exit no_memory(void) {
    cli_complain("out of memory");
    return CLI_NOMEM;
}

/* ---- inputs and outputs ---- */

static bool read_shape(const json_t *shape, tnn_input_spec *out) {
    size_t rank = json_array_size(shape);
    if (!json_is_array(shape) || rank > TINYNN_MAX_RANK) return false;
    out->rank = (uint8_t)rank;
    for (size_t k = 0; k < rank; k++) {
        const json_t *dim = json_array_get(shape, k);
        if (!json_is_integer(dim) || json_integer_value(dim) < 0) return false;
        out->dims[k] = json_integer_value(dim);
    }
    return true;
}

static bool read_layout(const json_t *entry, tnn_io_layout *out) {
    const json_t *transpose = json_object_get(entry, "transpose");
    *out = json_is_true(transpose) ? TNN_LAYOUT_NHWC : TNN_LAYOUT_NCHW;
    return json_is_boolean(transpose);
}

static bool read_input(const json_t *entry, tnn_input_spec *out) {
    const char *type = json_string_value(json_object_get(entry, "type"));
    out->dtype = type ? tnn_dtype_from_name(type) : TNN_DTYPE_NONE;
    return out->dtype != TNN_DTYPE_NONE && read_shape(json_object_get(entry, "shape"), out);
}

static cli_exit wrong_entry(const char *path, const char *side, size_t index) {
    cli_complain("%s: %s[%zu] lacks a proper \"shape\", \"type\" or \"transpose\"", path, side, index);
    return CLI_INPUT;
}

static cli_exit read_inputs(const char *path, const json_t *entries, cli_config *out) {
    out->n_inputs = json_array_size(entries);
    out->inputs = calloc(out->n_inputs + 1, sizeof *out->inputs);
    out->input_layouts = calloc(out->n_inputs + 1, sizeof *out->input_layouts);
    if (!out->inputs || !out->input_layouts) return no_memory();
    for (size_t i = 0; i < out->n_inputs; i++) {
        const json_t *entry = json_array_get(entries, i);
        if (!read_input(entry, &out->inputs[i]) || !read_layout(entry, &out->input_layouts[i]))
            return wrong_entry(path, "inputs", i);
    }
    return CLI_OK;
}

static cli_exit read_outputs(const char *path, const json_t *entries, cli_config *out) {
    out->n_outputs = json_array_size(entries);
    out->output_layouts = calloc(out->n_outputs + 1, sizeof *out->output_layouts);
    if (!out->output_layouts) return no_memory();
    for (size_t i = 0; i < out->n_outputs; i++)
        if (!read_layout(json_array_get(entries, i), &out->output_layouts[i])) return wrong_entry(path, "outputs", i);
    return CLI_OK;
}

/* ---- paths ---- */

static const char *last_part(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* The file of the folder of `beside` that has the name of `path`, or a copy of `path`; NULL without memory. */
static char *place(const char *path, const char *beside) {
    size_t folder = beside ? (size_t)(last_part(beside) - beside) : 0;
    const char *name = beside ? last_part(path) : path;
    size_t length = strlen(name) + 1;
    char *out = malloc(folder + length);
    if (!out) return NULL;
    if (folder) memcpy(out, beside, folder);
    memcpy(out + folder, name, length);
    return out;
}

static cli_exit read_paths(const char *path, const json_t *root, cli_config *out) {
    const char *model = json_string_value(json_object_get(root, "src_model"));
    const char *output = json_string_value(json_object_get(root, "dst_model"));
    if (!model || !output) {
        cli_complain("%s: \"src_model\" and \"dst_model\" must be the paths of the model and of the output", path);
        return CLI_INPUT;
    }
    const char *beside = access(model, F_OK) == 0 ? NULL : path;
    out->model = place(model, beside);
    out->output = place(output, beside);
    return out->model && out->output ? CLI_OK : no_memory();
}

cli_exit cli_config_read(const char *path, cli_config *out) {
    json_error_t error;
    *out = (cli_config){0};
    json_t *root = json_load_file(path, 0, &error);
    if (!root) {
        if (error.line > 0) cli_complain("%s:%d: %s", path, error.line, error.text);
        else cli_complain("%s", error.text);
        return CLI_INPUT;
    }
    cli_exit code = read_paths(path, root, out);
    if (code == CLI_OK) code = read_inputs(path, json_object_get(root, "inputs"), out);
    if (code == CLI_OK) code = read_outputs(path, json_object_get(root, "outputs"), out);
    json_decref(root);
    return code;
}
