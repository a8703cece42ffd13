#include "tinynn/codegen.h"

#include <string.h>
#include <sys/stat.h>

#include "codegen/torch_save.h"

tnn_codegen_options tnn_codegen_options_default(void) {
    tnn_codegen_options options = {.class_name = NULL, .force = false, .weights_path = NULL,
                                   .names_of = NULL, .examples = NULL, .n_examples = 0};
    return options;
}

static bool is_identifier(const char *name) {
    for (const char *c = name; *c; c++) {
        bool letter = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || *c == '_';
        if (!letter && (c == name || *c < '0' || *c > '9')) return false;
    }
    return *name != '\0';
}

static bool exists(const char *path) {
    struct stat info;
    return stat(path, &info) == 0;
}

/* "net.pth" of "net.py", unless there is another `wanted`. */
static tnn_status weights_path(const char *path, const char *wanted, tnn_arena *arena, const char **out,
                               tnn_error *err) {
    size_t n = strlen(path);
    if (n < 4 || strcmp(path + n - 3, ".py") != 0 || path[n - 4] == '/')
        return tnn_fail(err, TNN_ERR_INVALID, path, "a program's name ends in .py");
    *out = wanted ? wanted : tnn_arena_printf(arena, "%.*s.pth", (int)(n - 3), path);
    return *out ? TNN_OK : tnn_fail_nomem(err);
}

static tnn_status check(const char *path, const char *weights, const char *class_name, bool force, tnn_error *err) {
    if (!is_identifier(class_name))
        return tnn_fail(err, TNN_ERR_INVALID, NULL, "class name \"%.60s\" is no identifier of Python", class_name);
    const char *there = exists(path) ? path : exists(weights) ? weights : NULL;
    if (!there || force) return TNN_OK;
    return tnn_fail(err, TNN_ERR_INVALID, there, "the file is there and may have been edited; it is kept unless forced");
}

static const char *last_part(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* How the program names its weights: by the name alone, or, from another folder, by the path. */
static const char *weights_name(const char *path, const char *weights, tnn_arena *arena) {
    const char *name = last_part(weights);
    size_t folder = (size_t)(last_part(path) - path), other = (size_t)(name - weights);
    if (folder == other && memcmp(path, weights, folder) == 0) return name;
    return other > 0 ? weights : tnn_arena_printf(arena, "./%s", weights);
}

typedef struct output_pair {
    tnn_out *program, *weights;
} output_pair;

static tnn_status write_pair(output_pair *pair, tnn_code *code, const char *class_name, const char *weights,
                             tnn_error *err) {
    tnn_strbuf text = {0};
    tnn_status status = tnn_code_text(code, class_name, weights, &text, err);
    if (status == TNN_OK) status = tnn_out_write(pair->program, text.data, text.length, err);
    tnn_strbuf_free(&text);
    if (status == TNN_OK) status = tnn_code_weights(code, pair->weights, err);
    if (status == TNN_OK) status = tnn_out_finish(pair->program, err);
    if (status == TNN_OK) status = tnn_out_finish(pair->weights, err);
    if (status == TNN_OK) status = tnn_out_commit(pair->weights, err);
    return status == TNN_OK ? tnn_out_commit(pair->program, err) : status;
}

static tnn_status fail_example(const tnn_value *input, tnn_error *err) {
    tnn_strbuf shape = {0};
    tnn_shape_print(&shape, &input->shape);
    tnn_status status = tnn_fail(err, TNN_ERR_INVALID, input->name, "an example does not fit this input, which is %s%s",
                                 tnn_dtype_name(input->dtype), shape.data ? shape.data : "");
    tnn_strbuf_free(&shape);
    return status;
}

/* Sizes may differ where any will do. */
static tnn_status check_example(const tnn_value *input, const tnn_input_spec *example, tnn_error *err) {
    bool named = !example->name || strcmp(example->name, input->name) == 0;
    bool typed = !example->dtype || example->dtype == input->dtype;
    bool fits = named && typed && example->rank == input->shape.rank;
    for (unsigned k = 0; fits && k < example->rank; k++)
        fits = input->shape.dims[k].expr || input->shape.dims[k].hint == example->dims[k];
    return fits ? TNN_OK : fail_example(input, err);
}

static tnn_status set_examples(tnn_code *code, const tnn_codegen_options *options, tnn_error *err) {
    size_t n = code->graph->n_inputs;
    if (!options->examples) return TNN_OK;
    if (options->n_examples != n)
        return tnn_fail(err, TNN_ERR_INVALID, NULL, "the model has %zu inputs, found %zu examples", n, options->n_examples);
    for (size_t i = 0; i < n; i++) TNN_TRY(check_example(code->graph->inputs[i], &options->examples[i], err));
    code->examples = options->examples;
    return TNN_OK;
}

static tnn_status plan(tnn_code *out, const tnn_model *model, const tnn_model *names_of, tnn_arena *arena,
                       tnn_error *err) {
    tnn_code *followed = names_of ? TNN_NEW(arena, tnn_code) : NULL;
    if (names_of && !followed) return tnn_fail_nomem(err);
    if (names_of) TNN_TRY(tnn_code_plan(followed, names_of, NULL, arena, err));
    return tnn_code_plan(out, model, followed, arena, err);
}

static tnn_status generate(const tnn_model *model, const char *path, const tnn_codegen_options *options,
                           tnn_arena *arena, tnn_error *err) {
    const char *weights = NULL, *class_name = options->class_name ? options->class_name : "Net";
    output_pair pair = {NULL, NULL};
    tnn_code code;
    TNN_TRY(weights_path(path, options->weights_path, arena, &weights, err));
    TNN_TRY(check(path, weights, class_name, options->force, err));
    const char *shown = weights_name(path, weights, arena);
    if (!shown) return tnn_fail_nomem(err);
    TNN_TRY(plan(&code, model, options->names_of, arena, err));
    TNN_TRY(set_examples(&code, options, err));
    tnn_status status = tnn_out_open(&pair.program, path, err);
    if (status == TNN_OK) status = tnn_out_open(&pair.weights, weights, err);
    if (status == TNN_OK) status = write_pair(&pair, &code, class_name, shown, err);
    tnn_out_free(pair.program);
    tnn_out_free(pair.weights);
    return status;
}

tnn_status tnn_model_codegen(const tnn_model *model, const char *path, const tnn_codegen_options *options,
                             tnn_error *err) {
    tnn_codegen_options defaults = tnn_codegen_options_default();
    tnn_arena *arena = tnn_arena_new();
    if (!arena) return tnn_fail_nomem(err);
    tnn_status status = generate(model, path, options ? options : &defaults, arena, err);
    tnn_arena_free(arena);
    return status;
}

tnn_status tnn_model_program_json(const tnn_model *model, const tnn_model *names_of, char **out, tnn_error *err) {
    tnn_code code;
    tnn_strbuf text = {0};
    tnn_arena *arena = tnn_arena_new();
    *out = NULL;
    if (!arena) return tnn_fail_nomem(err);
    tnn_status status = plan(&code, model, names_of, arena, err);
    if (status == TNN_OK) {
        tnn_code_json(&code, &text);
        *out = tnn_strbuf_take(&text);
        if (!*out) status = tnn_fail_nomem(err);
    }
    tnn_arena_free(arena);
    return status;
}
