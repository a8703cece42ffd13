/* What the program consists of: steps, modules, constants, their names, and who reads what last. */
#include <string.h>

#include "codegen/code_function.h"
#include "codegen/code_sizes.h"
#include "codegen/literal.h"
#include "codegen/program.h"
#include "ir/elems.h"
#include "ir/recipe.h"
#include "ops/list.h"

/* Constants of more elements are kept beside the program. */
#define MAX_LITERAL 50

/* ---- the mode ---- */

typedef struct mode_votes {
    bool trains, evaluates;
} mode_votes;

/* Without statistics a normalization takes those of its batch in either mode. */
static void ask_node(const tnn_node *node, mode_votes *votes) {
    const tnn_arg *flag = tnn_node_arg(node, "training"), *mean = tnn_node_arg(node, "running_mean");
    if (!flag) flag = tnn_node_arg(node, "train");
    if (!flag || flag->kind != TNN_ARG_BOOL) return;
    if (!flag->as.integer) votes->evaluates = true;
    else if (!mean || mean->kind != TNN_ARG_NONE) votes->trains = true;
}

static bool trains(const tnn_graph *graph) {
    mode_votes votes = {false, false};
    for (const tnn_node *node = graph->first; node; node = node->next) ask_node(node, &votes);
    return votes.trains && !votes.evaluates;
}

/* ---- reads ---- */

void tnn_code_step_reads(const tnn_code_step *step, tnn_code_read_fn *read, void *own) {
    const tnn_node *node = step->node;
    for (size_t i = 0; step->module && i < step->n_operands; i++) read(own, step->operands[i]);
    for (size_t k = 0; !step->module && k < node->schema->n_args; k++) {
        const tnn_arg *arg = &node->args[k];
        if (arg->kind == TNN_ARG_TENSOR) read(own, arg->as.tensor);
        for (uint32_t i = 0; arg->kind == TNN_ARG_TENSORS && i < arg->n; i++)
            if (arg->as.tensors[i]) read(own, arg->as.tensors[i]);
    }
}

/* The results of a node are one variable. */
static uint32_t variable_of(const tnn_value *value) {
    return value->producer ? value->producer->outputs[0]->id : value->id;
}

typedef struct reading {
    tnn_code *code;
    const tnn_code_step *step;
} reading;

static void note_read(void *own, tnn_value *value) {
    const reading *r = own;
    const tnn_code_step **reader = &r->code->readers[variable_of(value)];
    if (!*reader) *reader = r->step;
}

static bool is_read(const tnn_code *code, const tnn_node *node) {
    uint32_t variable = node->outputs[0]->id;
    return code->readers[variable] || code->returned[variable];
}

/* From the last step to the first, so that the first reader met is the last one. Steps that nobody reads go. */
static void find_readers(tnn_code *code) {
    size_t n_live = code->n_steps;
    for (size_t i = 0; i < code->graph->n_outputs; i++) code->returned[variable_of(code->graph->outputs[i])] = true;
    for (size_t i = code->n_steps; i-- > 0;) {
        reading r = {code, &code->steps[i]};
        if (!is_read(code, code->steps[i].node)) continue;
        code->steps[--n_live] = code->steps[i];
        r.step = &code->steps[n_live];
        tnn_code_step_reads(r.step, note_read, &r);
    }
    code->n_steps -= n_live;
    code->steps += n_live;
}

/* ---- names ---- */

/* What torch.nn.Module has under these names must stay. */
static const char *const module_members[] = {
    "T_destination", "add_module", "apply", "bfloat16", "buffers", "call_super_init", "children", "compile", "cpu", "cuda",
    "double", "dump_patches", "eval", "extra_repr", "float", "forward", "get_buffer", "get_extra_state",
    "get_parameter", "get_submodule", "half", "ipu", "load_state_dict", "modules", "mtia", "named_buffers",
    "named_children", "named_modules", "named_parameters", "parameters", "register_backward_hook", "register_buffer",
    "register_forward_hook", "register_forward_pre_hook", "register_full_backward_hook", "register_module",
    "register_parameter", "requires_grad_", "set_extra_state", "set_submodule", "share_memory", "state_dict", "to",
    "to_empty", "train", "training", "type", "xpu", "zero_grad",
};

/* The names of builtin functions and of sizes, in forward. */
static const char *const forward_words[] = {"float", "min", "max"};

static tnn_status reserve_names(tnn_code *code, const tnn_code *followed, tnn_error *err) {
    if (tnn_names_init(&code->variables, code->arena, followed ? &followed->variables : NULL) != TNN_OK ||
        tnn_names_init(&code->attributes, code->arena, followed ? &followed->attributes : NULL) != TNN_OK)
        return tnn_fail_nomem(err);
    size_t n_members = sizeof module_members / sizeof *module_members;
    size_t n_words = sizeof forward_words / sizeof *forward_words;
    if (tnn_names_reserve(&code->attributes, module_members, n_members) != TNN_OK ||
        tnn_names_reserve(&code->variables, forward_words, n_words) != TNN_OK)
        return tnn_fail_nomem(err);
    return tnn_code_sizes_reserve(code, err);
}

static tnn_status set_text(tnn_code *code, const tnn_value *value, const char *text, tnn_error *err) {
    code->texts[value->id] = text;
    return text ? TNN_OK : tnn_fail_nomem(err);
}

/* LSTM gives (output, (h, c)). */
static const char *lstm_part(uint32_t k) {
    static const char *const parts[] = {"[0]", "[1][0]", "[1][1]"};
    return parts[k];
}

static tnn_status name_outputs(tnn_code *code, const tnn_code_step *step, tnn_error *err) {
    const tnn_node *node = step->node;
    bool lstm = step->module && strcmp(step->module->row->name, "LSTM") == 0;
    bool list = node->n_outputs > 1 || node->schema->returns[0].list;
    for (uint32_t k = 0; k < node->n_outputs; k++) {
        const char *text = step->name;
        if (lstm) text = tnn_arena_printf(code->arena, "%s%s", step->name, lstm_part(k));
        else if (list) text = tnn_arena_printf(code->arena, "%s[%u]", step->name, k);
        TNN_TRY(set_text(code, node->outputs[k], text, err));
    }
    return TNN_OK;
}

static tnn_status name_inputs(tnn_code *code, tnn_error *err) {
    for (size_t i = 0; i < code->graph->n_inputs; i++) {
        const char *key = tnn_arena_printf(code->arena, "input %zu", i);
        if (!key) return tnn_fail_nomem(err);
        TNN_TRY(set_text(code, code->graph->inputs[i], tnn_names_numbered(&code->variables, key, "input", "_f"), err));
    }
    return TNN_OK;
}

static tnn_status name_steps(tnn_code *code, tnn_error *err) {
    for (size_t i = 0; i < code->n_steps; i++) {
        tnn_code_step *step = &code->steps[i];
        step->name = tnn_code_name_step(code, step);
        if (!step->name) return tnn_fail_nomem(err);
        TNN_TRY(name_outputs(code, step, err));
    }
    return TNN_OK;
}

/* ---- constants ---- */

/* "layer1.0.conv1.weight" of the module there is self.layer1_0_conv1.weight. */
static tnn_status name_tensors(tnn_code *code, tnn_error *err) {
    for (size_t i = 0; i < code->modules.n_entries; i++) {
        const tnn_code_module *module = code->modules.entries[i].value;
        for (size_t k = 0; module->name && k < module->n_tensors; k++) {
            const tnn_code_tensor *tensor = &module->tensors[k];
            if (code->texts[tensor->value->id]) continue;
            const char *text = tnn_arena_printf(code->arena, "self.%s.%s", module->name, tensor->name);
            TNN_TRY(set_text(code, tensor->value, text, err));
        }
    }
    return TNN_OK;
}

static tnn_status add_constant(tnn_code *code, const tnn_value *value, const tnn_code_step *reader, tnn_error *err) {
    if (!value->constant || code->texts[value->id]) return TNN_OK;
    tnn_code_constant *grown = tnn_arena_grow(code->arena, code->constants, code->n_constants, &code->cap_constants,
                                              code->n_constants + 1, sizeof *grown);
    const char *name = tnn_code_name_constant(code, value, reader);
    if (!grown || !name) return tnn_fail_nomem(err);
    int64_t n = tnn_recipe_count(value->constant);
    bool literal = !value->is_parameter && !value->is_buffer && n > 0 && n <= MAX_LITERAL;
    code->constants = grown;
    grown[code->n_constants++] = (tnn_code_constant){value, name, literal};
    return set_text(code, value, tnn_arena_printf(code->arena, "self.%s", name), err);
}

typedef struct adding {
    tnn_code *code;
    const tnn_code_step *reader;
    tnn_status status;
    tnn_error *err;
} adding;

static void add_read(void *own, tnn_value *value) {
    adding *a = own;
    if (a->status == TNN_OK) a->status = add_constant(a->code, value, a->reader, a->err);
}

static tnn_status find_constants(tnn_code *code, tnn_error *err) {
    adding a = {code, NULL, TNN_OK, err};
    for (size_t i = 0; i < code->n_steps && a.status == TNN_OK; i++) {
        a.reader = &code->steps[i];
        tnn_code_step_reads(a.reader, add_read, &a);
    }
    a.reader = NULL;
    for (size_t i = 0; i < code->graph->n_outputs && a.status == TNN_OK; i++) add_read(&a, code->graph->outputs[i]);
    return a.status;
}

/* ---- all ---- */

static tnn_status find_steps(tnn_code *code, tnn_error *err) {
    size_t n = 0;
    code->steps = TNN_NEW_ARRAY(code->arena, code->graph->n_nodes + 1, tnn_code_step);
    if (!code->steps) return tnn_fail_nomem(err);
    for (const tnn_node *node = code->graph->first; node; node = node->next) {
        code->steps[n].node = node;
        TNN_TRY(tnn_code_find_module(code, &code->steps[n++], err));
    }
    code->n_steps = n;
    return TNN_OK;
}

tnn_status tnn_code_plan(tnn_code *code, const tnn_model *model, const tnn_code *followed, tnn_arena *arena,
                         tnn_error *err) {
    *code = (tnn_code){.model = model, .graph = model->graphs[0], .arena = arena};
    code->trains = trains(code->graph);
    code->texts = TNN_NEW_ARRAY(arena, model->next_value_id, const char *);
    code->readers = TNN_NEW_ARRAY(arena, model->next_value_id, const tnn_code_step *);
    code->returned = TNN_NEW_ARRAY(arena, model->next_value_id, bool);
    tnn_strmap_init(&code->modules, arena);
    tnn_strmap_init(&code->ordinals, arena);
    if (!code->texts || !code->readers || !code->returned) return tnn_fail_nomem(err);
    TNN_TRY(reserve_names(code, followed, err));
    TNN_TRY(find_steps(code, err));
    find_readers(code);
    TNN_TRY(name_inputs(code, err));
    TNN_TRY(name_steps(code, err));
    TNN_TRY(name_tensors(code, err));
    return find_constants(code, err);
}
