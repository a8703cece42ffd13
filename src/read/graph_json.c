#include "read/graph_json.h"

#include <inttypes.h>
#include <math.h>

#include "base/alloc.h"
#include "read/facts.h"

/* Sizes. */

static void json_size(tnn_strbuf *out, tnn_size size) {
    const char *quote = size.expr == NULL ? "" : "\"";
    tnn_strbuf_add(out, quote);
    tnn_size_print(out, size);
    tnn_strbuf_add(out, quote);
}

void tnn_graph_json_shape(tnn_strbuf *out, const tnn_shape *shape) {
    tnn_strbuf_add(out, "\"shape\": [");
    for (unsigned i = 0; i < shape->rank; i++)
        tnn_strbuf_printf(out, "%s%" PRId64, i == 0 ? "" : ", ", shape->dims[i].hint);
    tnn_strbuf_add(out, "], \"symbolic_shape\": [");
    for (unsigned i = 0; i < shape->rank; i++) {
        if (i > 0) tnn_strbuf_add(out, ", ");
        json_size(out, shape->dims[i]);
    }
    tnn_strbuf_add(out, "]");
}

/* Values: inputs, then each where a node first uses or makes it. */

typedef struct values {
    tnn_strbuf *out;
    uint8_t *printed; /* by id */
    bool any;
} values;

static const char *kind_of(const tnn_value *value) {
    if (value->producer != NULL) return "result";
    if (value->constant == NULL) return "input";
    if (value->is_parameter) return "parameter";
    return value->is_buffer ? "buffer" : "constant";
}

static void json_value(values *v, const tnn_value *value) {
    if (value == NULL || v->printed[value->id]) return;
    v->printed[value->id] = 1;
    tnn_strbuf_add(v->out, v->any ? ",\n    {\"name\": " : "\n    {\"name\": ");
    v->any = true;
    tnn_strbuf_json(v->out, value->name);
    tnn_strbuf_printf(v->out, ", \"dtype\": \"%s\", ", tnn_dtype_name(value->dtype));
    tnn_graph_json_shape(v->out, &value->shape);
    tnn_strbuf_printf(v->out, ", \"kind\": \"%s\"}", kind_of(value));
}

static void json_operands(values *v, const tnn_node *node) {
    for (size_t i = 0; i < node->schema->n_args; i++) {
        const tnn_arg *arg = &node->args[i];
        if (arg->kind == TNN_ARG_TENSOR) json_value(v, arg->as.tensor);
        for (uint32_t k = 0; arg->kind == TNN_ARG_TENSORS && k < arg->n; k++) json_value(v, arg->as.tensors[k]);
    }
}

static void json_values(tnn_strbuf *out, const tnn_graph *graph) {
    values v = {.out = out, .printed = tnn_alloc_zero(graph->model->next_value_id, 1)};
    out->failed = out->failed || v.printed == NULL;
    if (out->failed) return;
    for (size_t i = 0; i < graph->n_inputs; i++) json_value(&v, graph->inputs[i]);
    for (const tnn_node *node = graph->first; node != NULL; node = node->next) {
        json_operands(&v, node);
        for (uint32_t i = 0; i < node->n_outputs; i++) json_value(&v, node->outputs[i]);
    }
    for (size_t i = 0; i < graph->n_outputs; i++) json_value(&v, graph->outputs[i]);
    tnn_free(v.printed);
}

/* Arguments. */

static void json_tensor(tnn_strbuf *out, const tnn_value *value) {
    if (value == NULL) {
        tnn_strbuf_add(out, "null");
        return;
    }
    tnn_strbuf_add(out, "{\"tensor\": ");
    tnn_strbuf_json(out, value->name);
    tnn_strbuf_add(out, "}");
}

/* JSON has no numbers for infinities and NaN: they are texts. */
static void json_number(tnn_strbuf *out, double number) {
    tnn_arg arg = tnn_arg_of_float(number);
    const char *quote = isfinite(number) ? "" : "\"";
    tnn_strbuf_add(out, quote);
    tnn_arg_print(out, &arg);
    tnn_strbuf_add(out, quote);
}

static void json_bool(tnn_strbuf *out, bool value) { tnn_strbuf_add(out, value ? "true" : "false"); }

static void json_list(tnn_strbuf *out, const tnn_arg *arg) {
    tnn_strbuf_add(out, "[");
    for (uint32_t i = 0; i < arg->n; i++) {
        if (i > 0) tnn_strbuf_add(out, ", ");
        if (arg->kind == TNN_ARG_TENSORS) json_tensor(out, arg->as.tensors[i]);
        else if (arg->kind == TNN_ARG_INTS) json_size(out, arg->as.sizes[i]);
        else if (arg->kind == TNN_ARG_FLOATS) json_number(out, arg->as.numbers[i]);
        else if (arg->kind == TNN_ARG_STRINGS) tnn_strbuf_json(out, arg->as.texts[i]);
        else json_bool(out, arg->as.bools[i]);
    }
    tnn_strbuf_add(out, "]");
}

/* What has a name in PyTorch, as that name. */
static void json_printed(tnn_strbuf *out, const tnn_arg *arg) {
    tnn_strbuf text = {0};
    tnn_arg_print(&text, arg);
    out->failed = out->failed || text.failed;
    if (!text.failed) tnn_strbuf_json(out, text.data);
    tnn_strbuf_free(&text);
}

static void json_arg(tnn_strbuf *out, const tnn_arg *arg) {
    switch (arg->kind) {
    case TNN_ARG_NONE: tnn_strbuf_add(out, "null"); break;
    case TNN_ARG_TENSOR: json_tensor(out, arg->as.tensor); break;
    case TNN_ARG_INT: json_size(out, arg->as.size); break;
    case TNN_ARG_FLOAT: json_number(out, arg->as.number); break;
    case TNN_ARG_BOOL: json_bool(out, arg->as.integer != 0); break;
    case TNN_ARG_TENSORS:
    case TNN_ARG_INTS:
    case TNN_ARG_FLOATS:
    case TNN_ARG_BOOLS:
    case TNN_ARG_STRINGS: json_list(out, arg); break;
    case TNN_ARG_STRING: tnn_strbuf_json(out, arg->as.text); break;
    case TNN_ARG_DTYPE:
    case TNN_ARG_MEMORY_FORMAT:
    case TNN_ARG_GRAPH: json_printed(out, arg); break;
    }
}

static void json_args(tnn_strbuf *out, const tnn_node *node) {
    tnn_strbuf_add(out, ", \"arguments\": [");
    for (size_t i = 0; i < node->schema->n_args; i++) {
        tnn_strbuf_printf(out, "%s{\"name\": \"%s\", \"value\": ", i == 0 ? "" : ", ", node->schema->args[i].name);
        json_arg(out, &node->args[i]);
        tnn_strbuf_add(out, "}");
    }
    tnn_strbuf_add(out, "]");
}

/* Nodes. */

static void json_member(tnn_strbuf *out, const char *key, const char *text) {
    tnn_strbuf_printf(out, ", \"%s\": ", key);
    tnn_strbuf_json(out, text == NULL ? "" : text);
}

static void json_source(tnn_strbuf *out, const tnn_node *node) {
    tnn_source source = tnn_graph_model_locate(node->graph->model, node->source);
    tnn_strbuf_add(out, ", \"source\": ");
    if (source.file == NULL) {
        tnn_strbuf_add(out, "null");
        return;
    }
    tnn_strbuf_add(out, "{\"file\": ");
    tnn_strbuf_json(out, source.file);
    tnn_strbuf_printf(out, ", \"line\": %" PRIu32, source.line);
    json_member(out, "text", source.text);
    tnn_strbuf_add(out, "}");
}

static void json_text(tnn_strbuf *out, const tnn_node *node) {
    tnn_strbuf text = {0};
    tnn_node_print(&text, node);
    out->failed = out->failed || text.failed;
    json_member(out, "text", text.data);
    tnn_strbuf_free(&text);
}

static void json_node(tnn_strbuf *out, const tnn_node *node) {
    tnn_strbuf_add(out, "\n    {\"op\": ");
    tnn_strbuf_json(out, node->op->name);
    json_member(out, "name", node->name);
    json_member(out, "scope", node->scope);
    json_text(out, node);
    tnn_strbuf_add(out, ", \"outputs\": [");
    for (uint32_t i = 0; i < node->n_outputs; i++) {
        if (i > 0) tnn_strbuf_add(out, ", ");
        tnn_strbuf_json(out, node->outputs[i]->name);
    }
    tnn_strbuf_printf(out, "], \"macs\": %" PRIu64, tnn_facts_node_macs(node));
    json_source(out, node);
    json_args(out, node);
    tnn_strbuf_add(out, "}");
}

void tnn_graph_json_members(tnn_strbuf *out, const tnn_graph *graph) {
    tnn_strbuf_add(out, ",\n  \"values\": [");
    json_values(out, graph);
    tnn_strbuf_add(out, "],\n  \"nodes\": [");
    for (const tnn_node *node = graph->first; node != NULL; node = node->next) {
        json_node(out, node);
        if (node->next != NULL) tnn_strbuf_add(out, ",");
    }
    tnn_strbuf_add(out, "]");
}

static void json_signature(tnn_strbuf *out, const tnn_graph *graph) {
    tnn_strbuf_add(out, "{\n  \"inputs\": [");
    for (size_t i = 0; i < graph->n_inputs; i++) {
        if (i > 0) tnn_strbuf_add(out, ", ");
        tnn_strbuf_json(out, graph->inputs[i]->name);
    }
    tnn_strbuf_add(out, "],\n  \"outputs\": [");
    for (size_t i = 0; i < graph->n_outputs; i++) {
        tnn_strbuf_add(out, i > 0 ? ", {\"name\": " : "{\"name\": ");
        tnn_strbuf_json(out, graph->output_names[i]);
        json_member(out, "value", graph->outputs[i]->name);
        tnn_strbuf_add(out, "}");
    }
    tnn_strbuf_add(out, "]");
}

void tnn_graph_json(tnn_strbuf *out, const tnn_graph *graph) {
    const tnn_model *model = graph->model;
    json_signature(out, graph);
    tnn_graph_json_members(out, graph);
    tnn_strbuf_add(out, ",\n  \"guards\": [");
    for (size_t i = 0; i < model->n_guards; i++) {
        if (i > 0) tnn_strbuf_add(out, ", ");
        tnn_strbuf_json(out, model->guards[i]);
    }
    tnn_strbuf_add(out, "]\n}\n");
}
