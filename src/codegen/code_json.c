/* What a program's parts are called, for programs that look at it. */
#include <string.h>

#include "codegen/code_function.h"

static void add_member(tnn_strbuf *out, const char *name, const char *text) {
    tnn_strbuf_printf(out, "\"%s\": ", name);
    if (text) tnn_strbuf_json(out, text);
    else tnn_strbuf_add(out, "null");
}

typedef struct name_list {
    const tnn_code *code;
    tnn_strbuf *out;
    size_t n;
} name_list;

/* The variable that a value is in: "lstm" of "lstm[1][0]". Constants are in none. */
static void add_variable(void *own, tnn_value *value) {
    name_list *list = own;
    const char *text = list->code->texts[value->id];
    if (value->constant || !text) return;
    tnn_strbuf_add(list->out, list->n++ > 0 ? ", " : "");
    tnn_strbuf_printf(list->out, "\"%.*s\"", (int)strcspn(text, "["), text);
}

static void add_values(const tnn_code *code, tnn_strbuf *out, const char *name, tnn_value **values, size_t n) {
    name_list list = {code, out, 0};
    tnn_strbuf_printf(out, "\"%s\": [", name);
    for (size_t i = 0; i < n; i++) add_variable(&list, values[i]);
    tnn_strbuf_add(out, "]");
}

static void add_step(const tnn_code *code, tnn_strbuf *out, const tnn_code_step *step) {
    name_list reads = {code, out, 0};
    tnn_strbuf_add(out, "{");
    add_member(out, "name", step->name);
    tnn_strbuf_add(out, ", ");
    add_member(out, "kind", step->module ? step->module->row->name : tnn_code_kind(code, step->node));
    tnn_strbuf_add(out, ", ");
    add_member(out, "module", step->module ? step->module->path : NULL);
    tnn_strbuf_add(out, ", \"reads\": [");
    tnn_code_step_reads(step, add_variable, &reads);
    tnn_strbuf_add(out, "]}");
}

static void add_attribute(tnn_strbuf *out, size_t *n, const char *name, const char *path) {
    tnn_strbuf_add(out, (*n)++ > 0 ? ", {" : "{");
    add_member(out, "name", name);
    tnn_strbuf_add(out, ", ");
    add_member(out, "path", path);
    tnn_strbuf_add(out, "}");
}

static void add_attributes(const tnn_code *code, tnn_strbuf *out) {
    size_t n = 0;
    for (size_t i = 0; i < code->modules.n_entries; i++) {
        const tnn_code_module *module = code->modules.entries[i].value;
        if (module->name) add_attribute(out, &n, module->name, module->path);
    }
    for (size_t i = 0; i < code->n_constants; i++) {
        const tnn_code_constant *constant = &code->constants[i];
        bool has_path = constant->value->is_parameter || constant->value->is_buffer;
        add_attribute(out, &n, constant->name, has_path ? constant->value->name : NULL);
    }
}

void tnn_code_json(const tnn_code *code, tnn_strbuf *out) {
    tnn_strbuf_printf(out, "{\"trains\": %s, ", code->trains ? "true" : "false");
    add_values(code, out, "inputs", code->graph->inputs, code->graph->n_inputs);
    tnn_strbuf_add(out, ", \"nodes\": [");
    for (size_t i = 0; i < code->n_steps; i++) {
        tnn_strbuf_add(out, i > 0 ? ", " : "");
        add_step(code, out, &code->steps[i]);
    }
    tnn_strbuf_add(out, "], ");
    add_values(code, out, "outputs", code->graph->outputs, code->graph->n_outputs);
    tnn_strbuf_add(out, ", \"attributes\": [");
    add_attributes(code, out);
    tnn_strbuf_add(out, "]}");
}
