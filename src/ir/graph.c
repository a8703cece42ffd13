/* Models, graphs and values. */
#include "ir/graph.h"

#include <inttypes.h>
#include <stdio.h>

#include "ir/recipe.h"
#include "tinynn/model.h"

tnn_status tnn_graph_model_new(tnn_model **out, const char *path, tnn_error *err) {
    *out = NULL;
    tnn_arena *arena = tnn_arena_new();
    tnn_model *model = arena ? TNN_NEW(arena, tnn_model) : NULL;
    const char *copy = model ? tnn_arena_str(arena, path ? path : "") : NULL;
    if (!copy) {
        tnn_arena_free(arena);
        return tnn_fail_nomem(err);
    }
    model->arena = arena;
    model->path = copy;
    tnn_strmap_init(&model->said, arena);
    tnn_strmap_init(&model->schemas, arena);
    tnn_strmap_init(&model->module_types, arena);
    *out = model;
    return TNN_OK;
}

void tnn_graph_model_free(tnn_model *model) {
    if (model) tnn_arena_free(model->arena);
}

void tnn_model_free(tnn_model *model) {
    tnn_graph_model_free(model);
}

static void drop_file(void *file) {
    tnn_file_free(file);
}

tnn_status tnn_graph_model_keep_file(tnn_model *model, tnn_file *file, tnn_error *err) {
    tnn_file *kept = tnn_file_retain(file);
    if (tnn_arena_defer(model->arena, drop_file, kept) == TNN_OK) return TNN_OK;
    tnn_file_free(kept);
    return tnn_fail_nomem(err);
}

tnn_source tnn_graph_model_locate(const tnn_model *model, tnn_source source) {
    if (model->locator && source.file) model->locator->locate(model->locator, &source);
    return source;
}

tnn_status tnn_graph_model_warn(tnn_model *model, tnn_error *err, const char *format, ...) {
    va_list args;
    va_start(args, format);
    char *text = tnn_arena_vprintf(model->arena, format, args);
    va_end(args);
    if (!text) return tnn_fail_nomem(err);
    if (tnn_strmap_find(&model->said, text)) return TNN_OK;
    if (tnn_strmap_set(&model->said, text, text) != TNN_OK) return tnn_fail_nomem(err);
    const char **warnings = tnn_arena_grow(model->arena, model->warnings, model->n_warnings, &model->cap_warnings,
                                           model->n_warnings + 1, sizeof *warnings);
    if (!warnings) return tnn_fail_nomem(err);
    model->warnings = warnings;
    warnings[model->n_warnings++] = text;
    return TNN_OK;
}

tnn_status tnn_graph_model_schema(const tnn_schema **out, tnn_model *model, const tnn_op *op, tnn_error *err) {
    tnn_schema *schema = tnn_strmap_get(&model->schemas, op->signature);
    if (!schema) {
        TNN_TRY(tnn_schema_parse(&schema, model->arena, op->signature, err));
        if (tnn_strmap_set(&model->schemas, op->signature, schema) != TNN_OK) return tnn_fail_nomem(err);
    }
    *out = schema;
    return TNN_OK;
}

tnn_status tnn_graph_draft(tnn_graph **out, tnn_model *model, const char *name, tnn_error *err) {
    tnn_graph *graph = *out = TNN_NEW(model->arena, tnn_graph);
    const char *copy = tnn_arena_str(model->arena, name ? name : "");
    if (!graph || !copy) return tnn_fail_nomem(err);
    graph->model = model;
    graph->name = copy;
    tnn_strmap_init(&graph->value_names, model->arena);
    tnn_strmap_init(&graph->signature_names, model->arena);
    return TNN_OK;
}

tnn_status tnn_graph_new(tnn_graph **out, tnn_model *model, const char *name, tnn_error *err) {
    tnn_graph **graphs = tnn_arena_grow(model->arena, model->graphs, model->n_graphs, &model->cap_graphs,
                                        model->n_graphs + 1, sizeof(tnn_graph *));
    *out = NULL;
    if (!graphs) return tnn_fail_nomem(err);
    model->graphs = graphs;
    TNN_TRY(tnn_graph_draft(out, model, name, err));
    graphs[model->n_graphs++] = *out;
    return TNN_OK;
}

/* A name that the map lacks: `wanted`, or with a suffix. The map holds for each name the number that its next copy
 * gets. */
static tnn_status claim_name(const char **out, tnn_strmap *names, const char *wanted, tnn_error *err) {
    const char *name = wanted;
    uint32_t *count = tnn_strmap_get(names, wanted);
    while (tnn_strmap_find(names, name)) {
        name = tnn_arena_printf(names->arena, "%s_%" PRIu32, wanted, (*count)++);
        if (!name) return tnn_fail_nomem(err);
    }
    uint32_t *next = TNN_NEW(names->arena, uint32_t);
    if (!next) return tnn_fail_nomem(err);
    *next = 1;
    if (tnn_strmap_set(names, name, next) != TNN_OK) return tnn_fail_nomem(err);
    *out = tnn_strmap_find(names, name)->key;
    return TNN_OK;
}

tnn_status tnn_graph_value(tnn_value **out, tnn_graph *graph, const char *name, tnn_dtype dtype,
                           const tnn_shape *shape, tnn_error *err) {
    tnn_model *model = graph->model;
    tnn_value *value = TNN_NEW(model->arena, tnn_value);
    char generated[32] = "";
    *out = NULL;
    if (!value) return tnn_fail_nomem(err);
    if (!name) (void)snprintf(generated, sizeof generated, "value_%" PRIu32, model->next_value_id);
    TNN_TRY(claim_name(&value->name, &graph->value_names, name ? name : generated, err));
    value->id = model->next_value_id++;
    value->dtype = dtype;
    value->shape = *shape;
    *out = value;
    return TNN_OK;
}

tnn_status tnn_graph_constant(tnn_value **out, tnn_graph *graph, const char *name, const tnn_recipe *recipe,
                              tnn_error *err) {
    tnn_shape shape = {.rank = recipe->rank};
    for (uint8_t i = 0; i < recipe->rank; i++) shape.dims[i] = tnn_size_const(recipe->dims[i]);
    TNN_TRY(tnn_graph_value(out, graph, name, recipe->dtype, &shape, err));
    (*out)->constant = recipe;
    return TNN_OK;
}

tnn_status tnn_graph_input(tnn_value **out, tnn_graph *graph, const char *name, tnn_dtype dtype,
                           const tnn_shape *shape, tnn_error *err) {
    tnn_value **inputs = tnn_arena_grow(graph->model->arena, graph->inputs, graph->n_inputs, &graph->cap_inputs,
                                        graph->n_inputs + 1, sizeof *inputs);
    *out = NULL;
    if (!inputs) return tnn_fail_nomem(err);
    graph->inputs = inputs;
    TNN_TRY(tnn_graph_value(out, graph, name, dtype, shape, err));
    inputs[graph->n_inputs++] = *out;
    return TNN_OK;
}

tnn_status tnn_graph_output(tnn_graph *graph, tnn_value *value, const char *name, tnn_error *err) {
    tnn_arena *arena = graph->model->arena;
    size_t want = graph->n_outputs + 1;
    tnn_value **outputs = tnn_arena_grow(arena, graph->outputs, graph->n_outputs, &graph->cap_outputs, want,
                                         sizeof *outputs);
    if (!outputs) return tnn_fail_nomem(err);
    graph->outputs = outputs;
    const char **names = tnn_arena_grow(arena, graph->output_names, graph->n_outputs, &graph->cap_output_names, want,
                                        sizeof *names);
    if (!names) return tnn_fail_nomem(err);
    graph->output_names = names;
    TNN_TRY(claim_name(&names[graph->n_outputs], &graph->signature_names, name ? name : value->name, err));
    outputs[graph->n_outputs++] = value;
    return TNN_OK;
}

size_t tnn_value_n_output_uses(const tnn_graph *graph, const tnn_value *value) {
    size_t n = 0;
    for (size_t i = 0; i < graph->n_outputs; i++) n += graph->outputs[i] == value;
    return n;
}
