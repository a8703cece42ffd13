/* Graphs as text. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "ir/graph.h"

/* The shortest decimal that reads back as the same double, always recognisable as a float. */
static void print_number(tnn_strbuf *out, double number) {
    char text[40] = "nan";
    if (isinf(number)) {
        tnn_strbuf_add(out, number < 0 ? "-inf" : "inf");
        return;
    }
    for (int digits = 6; digits <= 17 && !isnan(number); digits++) {
        (void)snprintf(text, sizeof text, "%.*g", digits, number);
        if (strtod(text, NULL) == number) break;
    }
    tnn_strbuf_add(out, text);
    if (!strpbrk(text, ".en")) tnn_strbuf_add(out, ".0");
}

static void print_value(tnn_strbuf *out, const tnn_value *value) {
    if (value) tnn_strbuf_printf(out, "%%%s", value->name);
    else tnn_strbuf_add(out, "None");
}

static void print_bool(tnn_strbuf *out, bool value) {
    tnn_strbuf_add(out, value ? "True" : "False");
}

static void print_item(tnn_strbuf *out, const tnn_arg *arg, uint32_t i) {
    if (arg->kind == TNN_ARG_TENSORS) print_value(out, arg->as.tensors[i]);
    else if (arg->kind == TNN_ARG_INTS) tnn_size_print(out, arg->as.sizes[i]);
    else if (arg->kind == TNN_ARG_FLOATS) print_number(out, arg->as.numbers[i]);
    else if (arg->kind == TNN_ARG_STRINGS) tnn_strbuf_printf(out, "'%s'", arg->as.texts[i]);
    else print_bool(out, arg->as.bools[i]);
}

static void print_list(tnn_strbuf *out, const tnn_arg *arg) {
    tnn_strbuf_add(out, "[");
    for (uint32_t i = 0; i < arg->n; i++) {
        if (i > 0) tnn_strbuf_add(out, ", ");
        print_item(out, arg, i);
    }
    tnn_strbuf_add(out, "]");
}

static const char *memory_format_name(int64_t format) {
    static const char *const names[] = {"contiguous_format", "preserve_format", "channels_last",
                                        "channels_last_3d"};
    return format >= 0 && format < 4 ? names[format] : "memory_format";
}

void tnn_arg_print(tnn_strbuf *out, const tnn_arg *arg) {
    switch (arg->kind) {
    case TNN_ARG_NONE:
        tnn_strbuf_add(out, "None");
        break;
    case TNN_ARG_TENSOR:
        print_value(out, arg->as.tensor);
        break;
    case TNN_ARG_INT:
        tnn_size_print(out, arg->as.size);
        break;
    case TNN_ARG_FLOAT:
        print_number(out, arg->as.number);
        break;
    case TNN_ARG_BOOL:
        print_bool(out, arg->as.integer != 0);
        break;
    case TNN_ARG_TENSORS:
    case TNN_ARG_INTS:
    case TNN_ARG_FLOATS:
    case TNN_ARG_BOOLS:
    case TNN_ARG_STRINGS:
        print_list(out, arg);
        break;
    case TNN_ARG_STRING:
        tnn_strbuf_printf(out, "'%s'", arg->as.text);
        break;
    case TNN_ARG_DTYPE:
        tnn_strbuf_add(out, tnn_dtype_name((tnn_dtype)arg->as.integer));
        break;
    case TNN_ARG_MEMORY_FORMAT:
        tnn_strbuf_add(out, memory_format_name(arg->as.integer));
        break;
    case TNN_ARG_GRAPH:
        tnn_strbuf_printf(out, "@%s", arg->as.graph->name);
        break;
    }
}

/* Operands stand without their names as long as nothing before them was left out. */
static void print_args(tnn_strbuf *out, const tnn_node *node) {
    bool first = true, all = true;
    for (size_t i = 0; i < node->schema->n_args; i++) {
        const tnn_schema_arg *arg = &node->schema->args[i];
        if (arg->has_default && tnn_arg_equal(&node->args[i], arg->default_value)) {
            all = false;
            continue;
        }
        if (!first) tnn_strbuf_add(out, ", ");
        first = false;
        bool operand = arg->type.base == TNN_TYPE_TENSOR || arg->type.base == TNN_TYPE_OPERAND;
        if (!operand || !all || arg->keyword_only) tnn_strbuf_printf(out, "%s=", arg->name);
        tnn_arg_print(out, &node->args[i]);
    }
}

/* "%relu: float32[1, 8]" */
static void print_typed(tnn_strbuf *out, const tnn_value *value) {
    print_value(out, value);
    tnn_strbuf_printf(out, ": %s", tnn_dtype_name(value->dtype));
    tnn_shape_print(out, &value->shape);
}

static const char *activation_text(tnn_activation activation) {
    switch (activation) {
    case TNN_ACT_NONE:
        return "";
    case TNN_ACT_RELU:
        return " +relu";
    case TNN_ACT_RELU6:
        return " +relu6";
    case TNN_ACT_RELU_N1_TO_1:
        return " +relu_n1_to_1";
    }
    return "";
}

void tnn_node_print(tnn_strbuf *out, const tnn_node *node) {
    for (uint32_t i = 0; i < node->n_outputs; i++) {
        if (i > 0) tnn_strbuf_add(out, ", ");
        print_typed(out, node->outputs[i]);
    }
    tnn_strbuf_printf(out, "%s%s(", node->n_outputs > 0 ? " = " : "", node->op->name);
    print_args(out, node);
    tnn_strbuf_printf(out, ")%s", activation_text(node->activation));
    if (node->scope && node->scope[0]) tnn_strbuf_printf(out, "  # %s", node->scope);
}

/* A line for a constant that has none yet. */
static void print_constant(tnn_strbuf *out, const tnn_value *value, uint8_t *printed) {
    if (!value || !value->constant || printed[value->id]) return;
    printed[value->id] = 1;
    tnn_strbuf_add(out, "const ");
    print_typed(out, value);
    tnn_strbuf_add(out, "\n");
}

static void print_constants(tnn_strbuf *out, const tnn_graph *graph, uint8_t *printed) {
    for (const tnn_node *node = graph->first; node; node = node->next) {
        for (size_t i = 0; i < node->schema->n_args; i++) {
            const tnn_arg *arg = &node->args[i];
            if (arg->kind == TNN_ARG_TENSOR) print_constant(out, arg->as.tensor, printed);
            for (uint32_t k = 0; arg->kind == TNN_ARG_TENSORS && k < arg->n; k++) {
                print_constant(out, arg->as.tensors[k], printed);
            }
        }
    }
    for (size_t i = 0; i < graph->n_outputs; i++) print_constant(out, graph->outputs[i], printed);
}

static void print_outputs(tnn_strbuf *out, const tnn_graph *graph) {
    for (size_t i = 0; i < graph->n_outputs; i++) {
        tnn_strbuf_add(out, "output ");
        print_value(out, graph->outputs[i]);
        tnn_strbuf_printf(out, " as \"%s\"\n", graph->output_names[i]);
    }
    for (size_t i = 0; i < graph->model->n_guards; i++) {
        tnn_strbuf_printf(out, "guard %s\n", graph->model->guards[i]);
    }
}

void tnn_graph_print(tnn_strbuf *out, const tnn_graph *graph) {
    uint8_t *printed = tnn_alloc_zero(graph->model->next_value_id, 1);
    if (!printed) {
        out->failed = true;
        return;
    }
    for (size_t i = 0; i < graph->n_inputs; i++) {
        tnn_strbuf_add(out, "input ");
        print_typed(out, graph->inputs[i]);
        tnn_strbuf_add(out, "\n");
    }
    print_constants(out, graph, printed);
    for (const tnn_node *node = graph->first; node; node = node->next) {
        tnn_node_print(out, node);
        tnn_strbuf_add(out, "\n");
    }
    print_outputs(out, graph);
    tnn_free(printed);
}
