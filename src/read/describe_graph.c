#include "read/describe_graph.h"

#include "read/graph_json.h"

static unsigned long long ull(uint64_t number) { return (unsigned long long)number; }

/* Text. */

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

static void text_facts(tnn_strbuf *out, const tnn_graph *graph, const tnn_facts *facts) {
    text_sum(out, "parameters", &facts->parameters);
    text_sum(out, "buffers", &facts->buffers);
    text_sum(out, "constants", &facts->constants);
    tnn_strbuf_printf(out, "multiply-accumulates: %llu\n", ull(facts->macs));
    tnn_strbuf_printf(out, "operators (%zu nodes, %zu kinds):\n", graph->n_nodes, facts->n_ops);
    for (size_t i = 0; i < facts->n_ops; i++) {
        tnn_strbuf_printf(out, "  %6llu  %s\n", ull(facts->ops[i].n), facts->ops[i].name);
    }
}

void tnn_describe_graph_text(tnn_strbuf *out, const tnn_graph *graph, const tnn_facts *facts) {
    const tnn_model *model = graph->model;
    text_values(out, graph);
    text_facts(out, graph, facts);
    for (size_t i = 0; i < model->n_warnings; i++) tnn_strbuf_printf(out, "warning: %s\n", model->warnings[i]);
    tnn_strbuf_add(out, "graph:\n");
    tnn_graph_print(out, graph);
}

/* JSON. */

static void json_value(tnn_strbuf *out, const char *name, const tnn_value *value) {
    tnn_strbuf_add(out, "\n    {\"name\": ");
    tnn_strbuf_json(out, name);
    tnn_strbuf_printf(out, ", \"dtype\": \"%s\", ", tnn_dtype_name(value->dtype));
    tnn_graph_json_shape(out, &value->shape);
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

void tnn_describe_graph_json(tnn_strbuf *out, const tnn_graph *graph, const tnn_facts *facts) {
    const tnn_model *model = graph->model;
    json_values(out, "inputs", graph->inputs, NULL, graph->n_inputs);
    json_values(out, "outputs", graph->outputs, graph->output_names, graph->n_outputs);
    json_sum(out, "parameters", &facts->parameters);
    json_sum(out, "buffers", &facts->buffers);
    json_sum(out, "constants", &facts->constants);
    json_ops(out, facts);
    json_texts(out, "warnings", model->warnings, model->n_warnings);
    json_texts(out, "guards", model->guards, model->n_guards);
    tnn_graph_json_members(out, graph);
    json_graph(out, graph);
}
