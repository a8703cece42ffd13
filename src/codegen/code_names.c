/* Which names the parts of a program get, and their keys, by which the programs of both modes of a network share them. */
#include "codegen/code_function.h"

/* Distinguishes the keys of several calls on one line, in a loop or of a module that is used twice: " 0", " 1" … */
static const char *with_ordinal(tnn_code *code, const char *key) {
    uint32_t *count = key ? tnn_strmap_get(&code->ordinals, key) : NULL;
    if (!key) return NULL;
    if (!count) {
        count = TNN_NEW(code->arena, uint32_t);
        if (!count || tnn_strmap_set(&code->ordinals, key, count) != TNN_OK) return NULL;
    }
    return tnn_arena_printf(code->arena, "%s %u", key, (*count)++);
}

/* A step is the one of that kind, module and line of the author's program, reached by the same calls. Without lines, as in a
 * file that was stripped of them, the module says less: an additional call before a shared one is taken for it. */
static const char *step_key(tnn_code *code, const tnn_code_step *step, const char *kind) {
    const tnn_node *node = step->node;
    tnn_source source = tnn_graph_model_locate(code->model, node->source);
    const char *scope = node->scope ? node->scope : "", *file = source.file ? source.file : "";
    return with_ordinal(code, tnn_arena_printf(code->arena, "%s %s %s:%u %llx", kind, scope, file, source.line,
                                              (unsigned long long)source.calls));
}

/* The first call of a module is named as the module is, the next with a number. */
static const char *name_call(tnn_code *code, const tnn_code_step *step) {
    tnn_code_module *module = step->module;
    if (!module->name) module->name = tnn_names_of_path(&code->attributes, module->path, module->path, "module_");
    const char *key = module->name ? step_key(code, step, "") : NULL;
    return key ? tnn_names_of_path(&code->variables, key, module->name, "") : NULL;
}

const char *tnn_code_name_step(tnn_code *code, const tnn_code_step *step) {
    if (step->module) return name_call(code, step);
    const char *kind = tnn_code_kind(code, step->node);
    const char *key = kind ? step_key(code, step, kind) : NULL;
    return key ? tnn_names_numbered(&code->variables, key, kind, "_f") : NULL;
}

const char *tnn_code_name_constant(tnn_code *code, const tnn_value *value, const tnn_code_step *reader) {
    if (value->is_parameter) return tnn_names_of_path(&code->attributes, value->name, value->name, "param_");
    if (value->is_buffer) return tnn_names_of_path(&code->attributes, value->name, value->name, "buffer_");
    const char *place = tnn_arena_printf(code->arena, "constant of %s", reader ? reader->name : "return");
    const char *key = with_ordinal(code, place);
    return key ? tnn_names_numbered(&code->attributes, key, "tensor", "") : NULL;
}
