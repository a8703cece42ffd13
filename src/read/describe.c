#include "read/describe.h"

#include <string.h>

#include "read/facts.h"
#include "read/pt2_graph.h"

typedef struct subject {
    const tnn_pt2 *pt2;
    const tnn_graph *graph;
    tnn_facts facts;
} subject;

static unsigned long long ull(uint64_t number) { return (unsigned long long)number; }

/* Text. */

static bool is_tensor_data(const tnn_pt2 *pt2, const char *name) {
    const char *inside = name + strlen(pt2->root);
    bool data = strncmp(inside, "data/weights/", 13) == 0 || strncmp(inside, "data/constants/", 15) == 0;
    return data && strstr(inside, "_config.json") == NULL;
}

/* Tensors are summed up below; the other entries are few. */
static void text_entries(tnn_strbuf *out, const tnn_pt2 *pt2) {
    tnn_strbuf_printf(out, "entries (%zu, without tensors):\n", pt2->zip->n_entries);
    for (size_t i = 0; i < pt2->zip->n_entries; i++) {
        const tnn_zip_entry *entry = &pt2->zip->entries[i];
        if (is_tensor_data(pt2, entry->name)) continue;
        tnn_strbuf_printf(out, "  %12llu  %s%s\n", ull(entry->size), entry->name,
                          entry->method == TNN_ZIP_DEFLATE ? " (deflated)" : "");
    }
}

static void text_value(tnn_strbuf *out, const char *name, const tnn_value *value) {
    tnn_strbuf_printf(out, "  %s: %s", name, tnn_dtype_name(value->dtype));
    tnn_shape_print(out, &value->shape);
    tnn_strbuf_add(out, "\n");
}

static void text_values(tnn_strbuf *out, const tnn_graph *graph) {
    tnn_strbuf_printf(out, "inputs (%zu):\n", graph->n_inputs);
    for (size_t i = 0; i < graph->n_inputs; i++) text_value(out, graph->inputs[i]->name, graph->inputs[i]);
    tnn_strbuf_printf(out, "outputs (%zu):\n", graph->n_outputs);
    for (size_t i = 0; i < graph->n_outputs; i++) text_value(out, graph->output_names[i], graph->outputs[i]);
}

static void text_sum(tnn_strbuf *out, const char *name, const tnn_tensor_sum *sum) {
    tnn_strbuf_printf(out, "%s: %llu tensors, %llu elements, %llu bytes\n", name, ull(sum->n), ull(sum->n_elems),
                      ull(sum->n_bytes));
}

static void text_facts(tnn_strbuf *out, const subject *s) {
    text_sum(out, "parameters", &s->facts.parameters);
    text_sum(out, "buffers", &s->facts.buffers);
    text_sum(out, "constants", &s->facts.constants);
    tnn_strbuf_printf(out, "multiply-accumulates: %llu\n", ull(s->facts.macs));
    tnn_strbuf_printf(out, "operators (%zu nodes, %zu kinds):\n", s->graph->n_nodes, s->facts.n_ops);
    for (size_t i = 0; i < s->facts.n_ops; i++) {
        tnn_strbuf_printf(out, "  %6llu  %s\n", ull(s->facts.ops[i].n), s->facts.ops[i].name);
    }
}

static void text_all(tnn_strbuf *out, const subject *s) {
    const tnn_model *model = s->graph->model;
    tnn_strbuf_printf(out, "%s: torch.export program of torch %s, schema %lld.%lld, %llu bytes\n", model->path,
                      s->pt2->torch_version, (long long)s->pt2->schema_major, (long long)s->pt2->schema_minor,
                      ull(s->pt2->file->size));
    text_entries(out, s->pt2);
    text_values(out, s->graph);
    text_facts(out, s);
    for (size_t i = 0; i < model->n_warnings; i++) tnn_strbuf_printf(out, "warning: %s\n", model->warnings[i]);
    tnn_strbuf_add(out, "graph:\n");
    tnn_graph_print(out, s->graph);
}

/* JSON. */

static void json_entries(tnn_strbuf *out, const tnn_zip *zip) {
    tnn_strbuf_add(out, ",\n  \"entries\": [");
    for (size_t i = 0; i < zip->n_entries; i++) {
        tnn_strbuf_add(out, i == 0 ? "\n    {\"name\": " : ",\n    {\"name\": ");
        tnn_strbuf_json(out, zip->entries[i].name);
        tnn_strbuf_printf(out, ", \"bytes\": %llu, \"stored_bytes\": %llu}", ull(zip->entries[i].size),
                          ull(zip->entries[i].stored));
    }
    tnn_strbuf_add(out, "]");
}

/* Sizes by hint, and as expressions where they have one. */
static void json_shape(tnn_strbuf *out, const tnn_shape *shape) {
    tnn_strbuf_add(out, "\"shape\": [");
    for (unsigned i = 0; i < shape->rank; i++) {
        tnn_strbuf_printf(out, "%s%lld", i == 0 ? "" : ", ", (long long)shape->dims[i].hint);
    }
    tnn_strbuf_add(out, "], \"symbolic_shape\": [");
    for (unsigned i = 0; i < shape->rank; i++) {
        const char *quote = shape->dims[i].expr == NULL ? "" : "\"";
        tnn_strbuf_printf(out, "%s%s", i == 0 ? "" : ", ", quote);
        tnn_size_print(out, shape->dims[i]);
        tnn_strbuf_add(out, quote);
    }
    tnn_strbuf_add(out, "]");
}

static void json_value(tnn_strbuf *out, const char *name, const tnn_value *value) {
    tnn_strbuf_add(out, "\n    {\"name\": ");
    tnn_strbuf_json(out, name);
    tnn_strbuf_printf(out, ", \"dtype\": \"%s\", ", tnn_dtype_name(value->dtype));
    json_shape(out, &value->shape);
    tnn_strbuf_add(out, "}");
}

static void json_values(tnn_strbuf *out, const char *key, tnn_value *const *values, const char *const *names,
                        size_t n) {
    tnn_strbuf_printf(out, ",\n  \"%s\": [", key);
    for (size_t i = 0; i < n; i++) {
        if (i > 0) tnn_strbuf_add(out, ",");
        json_value(out, names == NULL ? values[i]->name : names[i], values[i]);
    }
    tnn_strbuf_add(out, "]");
}

static void json_sum(tnn_strbuf *out, const char *key, const tnn_tensor_sum *sum) {
    tnn_strbuf_printf(out, ",\n  \"%s\": {\"tensors\": %llu, \"elements\": %llu, \"bytes\": %llu}", key, ull(sum->n),
                      ull(sum->n_elems), ull(sum->n_bytes));
}

static void json_ops(tnn_strbuf *out, const tnn_facts *facts) {
    tnn_strbuf_printf(out, ",\n  \"macs\": %llu,\n  \"operators\": {", ull(facts->macs));
    for (size_t i = 0; i < facts->n_ops; i++) {
        tnn_strbuf_printf(out, "%s\n    \"%s\": %llu", i == 0 ? "" : ",", facts->ops[i].name, ull(facts->ops[i].n));
    }
    tnn_strbuf_add(out, "}");
}

static void json_texts(tnn_strbuf *out, const char *key, const char *const *texts, size_t n) {
    tnn_strbuf_printf(out, ",\n  \"%s\": [", key);
    for (size_t i = 0; i < n; i++) {
        tnn_strbuf_add(out, i == 0 ? "" : ", ");
        tnn_strbuf_json(out, texts[i]);
    }
    tnn_strbuf_add(out, "]");
}

static void json_graph(tnn_strbuf *out, const tnn_graph *graph) {
    tnn_strbuf text = {0};
    tnn_graph_print(&text, graph);
    tnn_strbuf_add(out, ",\n  \"graph\": ");
    tnn_strbuf_json(out, text.data == NULL ? "" : text.data);
    out->failed = out->failed || text.failed;
    tnn_strbuf_free(&text);
}

static void json_all(tnn_strbuf *out, const subject *s) {
    const tnn_model *model = s->graph->model;
    tnn_strbuf_add(out, "{\n  \"format\": \"pt2\",\n  \"path\": ");
    tnn_strbuf_json(out, model->path);
    tnn_strbuf_add(out, ",\n  \"torch_version\": ");
    tnn_strbuf_json(out, s->pt2->torch_version);
    tnn_strbuf_printf(out, ",\n  \"schema_version\": \"%lld.%lld\",\n  \"bytes\": %llu",
                      (long long)s->pt2->schema_major, (long long)s->pt2->schema_minor, ull(s->pt2->file->size));
    json_values(out, "inputs", s->graph->inputs, NULL, s->graph->n_inputs);
    json_values(out, "outputs", s->graph->outputs, s->graph->output_names, s->graph->n_outputs);
    json_sum(out, "parameters", &s->facts.parameters);
    json_sum(out, "buffers", &s->facts.buffers);
    json_sum(out, "constants", &s->facts.constants);
    json_ops(out, &s->facts);
    json_texts(out, "warnings", model->warnings, model->n_warnings);
    json_texts(out, "guards", model->guards, model->n_guards);
    json_entries(out, s->pt2->zip);
    json_graph(out, s->graph);
    tnn_strbuf_add(out, "\n}\n");
}

static tnn_status describe(const tnn_pt2 *pt2, const tnn_graph *graph, bool json, tnn_strbuf *out, tnn_error *err) {
    subject s = {.pt2 = pt2, .graph = graph};
    TNN_TRY(tnn_facts_collect(&s.facts, pt2, graph, err));
    if (json) json_all(out, &s);
    else text_all(out, &s);
    return out->failed ? tnn_fail_nomem(err) : TNN_OK;
}

tnn_status tnn_pt2_describe(const char *path, bool json, tnn_strbuf *out, tnn_lacks *lacks, tnn_error *err) {
    tnn_load_options options = tnn_load_options_default();
    tnn_model *model = NULL;
    tnn_pt2 pt2;
    if (lacks != NULL) memset(lacks, 0, sizeof *lacks);
    tnn_status status = tnn_pt2_open(&pt2, path, &options, err);
    if (status == TNN_OK) status = tnn_pt2_to_model(&model, &pt2, &options, lacks, err);
    if (status == TNN_OK) status = describe(&pt2, model->graphs[0], json, out, err);
    tnn_graph_model_free(model);
    tnn_pt2_close(&pt2);
    return status;
}
