/* The text of a program. */
#include <string.h>

#include "codegen/code_function.h"
#include "codegen/code_sizes.h"
#include "codegen/literal.h"
#include "codegen/program.h"
#include "codegen/wrap.h"
#include "ir/elems.h"

typedef struct printer {
    tnn_code *code;
    tnn_strbuf *out;
    tnn_strbuf line; /* the statement being put together */
    tnn_error *err;
} printer;

static void end_line(printer *p, unsigned depth) {
    tnn_wrap_statement(p->out, p->line.data ? p->line.data : "", depth);
    p->out->failed = p->out->failed || p->line.failed;
    tnn_strbuf_free(&p->line);
}

/* ---- __init__ ---- */

static void add_shape(tnn_strbuf *out, const tnn_shape *shape) {
    for (unsigned k = 0; k < shape->rank; k++)
        tnn_strbuf_printf(out, "%s%lld", k > 0 ? ", " : "", (long long)shape->dims[k].hint);
}

static void print_module(printer *p, const tnn_code_module *module) {
    tnn_strbuf_printf(&p->line, "self.%s = %s.%s(%s)", module->name, tnn_module_package(module->row), module->row->name,
                      module->arguments);
    end_line(p, 2);
}

static bool is_own(const tnn_code *code, const tnn_code_module *module, const tnn_code_tensor *tensor) {
    const char *text = tnn_arena_printf(code->arena, "self.%s.%s", module->name, tensor->name);
    return !text || strcmp(code->texts[tensor->value->id], text) == 0;
}

/* Tensors that another module has, too. */
static void print_ties(printer *p, const tnn_code_module *module) {
    for (size_t k = 0; k < module->n_tensors; k++) {
        const tnn_code_tensor *tensor = &module->tensors[k];
        if (is_own(p->code, module, tensor)) continue;
        tnn_strbuf_printf(&p->line, "self.%s.%s = %s", module->name, tensor->name, p->code->texts[tensor->value->id]);
        end_line(p, 2);
    }
}

static void add_empty(tnn_strbuf *out, const tnn_value *value) {
    tnn_strbuf_add(out, "torch.empty((");
    add_shape(out, &value->shape);
    tnn_strbuf_add(out, value->shape.rank == 1 ? ",)" : ")");
    if (value->dtype != TNN_DTYPE_F32) tnn_strbuf_printf(out, ", dtype=torch.%s", tnn_dtype_name(value->dtype));
    tnn_strbuf_add(out, ")");
}

static tnn_status add_literal(printer *p, const tnn_code_constant *constant) {
    tnn_strbuf_add(&p->line, "torch.tensor(");
    TNN_TRY(tnn_literal_tensor(&p->line, constant->value->constant, p->code->arena, p->err));
    tnn_strbuf_printf(&p->line, ", dtype=torch.%s)", tnn_dtype_name(constant->value->dtype));
    return TNN_OK;
}

static tnn_status print_constant(printer *p, const tnn_code_constant *constant) {
    const tnn_value *value = constant->value;
    if (value->is_parameter) {
        tnn_strbuf_printf(&p->line, "self.%s = torch.nn.Parameter(", constant->name);
        add_empty(&p->line, value);
    } else {
        tnn_strbuf_printf(&p->line, "self.register_buffer(\"%s\", ", constant->name);
        if (constant->is_literal) TNN_TRY(add_literal(p, constant));
        else add_empty(&p->line, value);
        if (constant->is_literal) tnn_strbuf_add(&p->line, ", persistent=False");
    }
    tnn_strbuf_add(&p->line, ")");
    end_line(p, 2);
    return TNN_OK;
}

static tnn_status print_init(printer *p) {
    const tnn_code *code = p->code;
    tnn_strbuf_add(p->out, "    def __init__(self):\n        super().__init__()\n");
    for (size_t i = 0; i < code->modules.n_entries; i++) {
        const tnn_code_module *module = code->modules.entries[i].value;
        if (module->name) print_module(p, module);
    }
    for (size_t i = 0; i < code->n_constants; i++) TNN_TRY(print_constant(p, &code->constants[i]));
    for (size_t i = 0; i < code->modules.n_entries; i++) {
        const tnn_code_module *module = code->modules.entries[i].value;
        if (module->name) print_ties(p, module);
    }
    return TNN_OK;
}

/* ---- forward ---- */

static void add_operands(printer *p, const tnn_code_step *step) {
    bool states = step->n_operands == 3;
    for (size_t i = 0; i < step->n_operands; i++)
        tnn_strbuf_printf(&p->line, "%s%s%s%s", i > 0 ? ", " : "", states && i == 1 ? "(" : "",
                          p->code->texts[step->operands[i]->id], states && i == 2 ? ")" : "");
}

typedef struct ending {
    printer *p;
    const tnn_code_step *step;
} ending;

/* What is read for the last time is let go. */
static void print_end(void *own, tnn_value *value) {
    const ending *e = own;
    tnn_code *code = e->p->code;
    if (value->constant) return;
    uint32_t variable = value->producer ? value->producer->outputs[0]->id : value->id;
    if (code->readers[variable] != e->step || code->returned[variable]) return;
    code->readers[variable] = NULL; /* said once */
    const char *text = code->texts[variable];
    tnn_strbuf_printf(e->p->out, "        %.*s = None\n", (int)strcspn(text, "["), text);
}

static tnn_status print_step(printer *p, const tnn_code_step *step) {
    ending e = {p, step};
    tnn_strbuf_printf(&p->line, "%s = ", step->name);
    if (step->module) {
        tnn_strbuf_printf(&p->line, "self.%s(", step->module->name);
        add_operands(p, step);
        tnn_strbuf_add(&p->line, ")");
    } else TNN_TRY(tnn_code_function(p->code, step->node, &p->line, p->err));
    end_line(p, 2);
    tnn_code_step_reads(step, print_end, &e);
    return TNN_OK;
}

static void print_return(printer *p) {
    const tnn_graph *graph = p->code->graph;
    const char *form = p->code->model->result_form;
    size_t n = 0;
    tnn_strbuf_add(&p->line, "return ");
    for (const char *c = form ? form : ""; *c; c++) {
        if (*c == '\1' && n < graph->n_outputs) tnn_strbuf_add(&p->line, p->code->texts[graph->outputs[n++]->id]);
        else tnn_strbuf_addn(&p->line, c, 1);
    }
    for (; !form && n < graph->n_outputs; n++)
        tnn_strbuf_printf(&p->line, "%s%s", n > 0 ? ", " : graph->n_outputs > 1 ? "(" : "",
                          p->code->texts[graph->outputs[n]->id]);
    if (!form && n > 1) tnn_strbuf_add(&p->line, ")");
    end_line(p, 2);
}

static void print_head(printer *p) {
    const tnn_graph *graph = p->code->graph;
    tnn_strbuf_add(&p->line, "def forward(self");
    for (size_t i = 0; i < graph->n_inputs; i++)
        tnn_strbuf_printf(&p->line, ", %s", p->code->texts[graph->inputs[i]->id]);
    tnn_strbuf_add(&p->line, "):");
    end_line(p, 1);
}

static tnn_status print_forward(printer *p) {
    const tnn_code *code = p->code;
    tnn_strbuf *out = p->out, body = {0};
    p->out = &body;
    tnn_status status = TNN_OK;
    for (size_t i = 0; i < code->n_steps && status == TNN_OK; i++) status = print_step(p, &code->steps[i]);
    if (status == TNN_OK) print_return(p);
    p->out = out;
    tnn_strbuf_free(&p->line); /* of a step that failed */
    print_head(p);
    if (status == TNN_OK) status = tnn_code_sizes_print(code, body.data ? body.data : "", out, p->err);
    tnn_strbuf_add(out, body.data ? body.data : "");
    out->failed = out->failed || body.failed;
    tnn_strbuf_free(&body);
    return status;
}

/* ---- the rest ---- */

/* "(1, 3, 224, 224)" */
static void add_example(printer *p, size_t i) {
    const tnn_shape *shape = &p->code->graph->inputs[i]->shape;
    const tnn_input_spec *example = p->code->examples ? &p->code->examples[i] : NULL;
    tnn_strbuf_add(&p->line, "(");
    for (unsigned k = 0; k < shape->rank; k++)
        tnn_strbuf_printf(&p->line, "%s%lld", k > 0 ? ", " : "",
                          (long long)(example ? example->dims[k] : shape->dims[k].hint));
    tnn_strbuf_add(&p->line, shape->rank == 1 ? ",)" : ")");
}

static bool has_stubs(const tnn_code *code) {
    for (size_t i = 0; i < code->n_steps; i++)
        if (code->steps[i].module && tnn_module_is_stub(code->steps[i].module->row)) return true;
    return false;
}

static void print_imports(printer *p) {
    tnn_strbuf_add(p->out, "import pathlib\n\nimport torch\n");
    if (has_stubs(p->code)) tnn_strbuf_add(p->out, "import torch.ao.quantization\n");
    tnn_strbuf_add(p->out, "import torch.nn\nimport torch.nn.functional\n\n\n");
}

static void print_main(printer *p, const char *class_name, const char *weights_name) {
    const tnn_graph *graph = p->code->graph;
    tnn_strbuf_printf(p->out, "\n\nif __name__ == \"__main__\":\n    model = %s()\n", class_name);
    bool beside = !strchr(weights_name, '/');
    tnn_strbuf_printf(&p->line, "weights = %s(", beside ? "pathlib.Path(__file__).with_name" : "pathlib.Path");
    tnn_strbuf_json(&p->line, weights_name);
    tnn_strbuf_add(&p->line, ")");
    end_line(p, 1);
    tnn_strbuf_add(p->out, "    model.load_state_dict(torch.load(weights, weights_only=True))\n");
    tnn_strbuf_printf(p->out, "    model.%s()\n\n", p->code->trains ? "train" : "eval");
    for (size_t i = 0; i < graph->n_inputs; i++) {
        const tnn_value *input = graph->inputs[i];
        bool real = tnn_dtype_is_float(input->dtype);
        tnn_strbuf_printf(&p->line, "dummy_input_%zu = torch.%s(", i, real ? "randn" : "zeros");
        add_example(p, i);
        if (input->dtype != TNN_DTYPE_F32) tnn_strbuf_printf(&p->line, ", dtype=torch.%s", tnn_dtype_name(input->dtype));
        tnn_strbuf_add(&p->line, ")");
        end_line(p, 1);
    }
    tnn_strbuf_add(&p->line, "output = model(");
    for (size_t i = 0; i < graph->n_inputs; i++) tnn_strbuf_printf(&p->line, "%sdummy_input_%zu", i > 0 ? ", " : "", i);
    tnn_strbuf_add(&p->line, ")");
    end_line(p, 1);
    tnn_strbuf_add(p->out, "    print(output)\n");
}

tnn_status tnn_code_text(tnn_code *code, const char *class_name, const char *weights_name, tnn_strbuf *out,
                         tnn_error *err) {
    printer p = {code, out, {0}, err};
    print_imports(&p);
    tnn_strbuf_printf(out, "class %s(torch.nn.Module):\n", class_name);
    tnn_status status = print_init(&p);
    tnn_strbuf_add(out, "\n");
    if (status == TNN_OK) status = print_forward(&p);
    if (status == TNN_OK) print_main(&p, class_name, weights_name);
    tnn_strbuf_free(&p.line);
    if (status == TNN_OK && out->failed) return tnn_fail_nomem(err);
    return status;
}
