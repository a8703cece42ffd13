/* def statements: functions and methods with their decorators. */
#include <string.h>

#include "eval/frame.h"

/* Decorators that mean something here, or nothing for a graph. */
static const struct {
    const char *name;
    tnn_method_form form;
} decorators[] = {
    {"staticmethod", TNN_METHOD_STATIC},     {"property", TNN_METHOD_PROPERTY},
    {"torch.no_grad", TNN_METHOD_PLAIN},     {"torch.inference_mode", TNN_METHOD_PLAIN},
    {"torch.jit.export", TNN_METHOD_PLAIN},  {"torch.jit.ignore", TNN_METHOD_PLAIN},
    {"torch.jit.unused", TNN_METHOD_PLAIN},  {"torch.jit.script", TNN_METHOD_PLAIN},
};

/* a.b.c as it is written; false: the expression is no such name, or a long one. */
static bool dotted(const tnn_ast *ast, char *out, size_t room) {
    if (ast->kind == TNN_AST_NAME) {
        strncat(out, ast->as.text, room - strlen(out) - 1);
        return strlen(out) + 1 < room;
    }
    if (ast->kind != TNN_AST_ATTRIBUTE || !dotted(ast->as.attribute.object, out, room)) return false;
    strncat(out, ".", room - strlen(out) - 1);
    strncat(out, ast->as.attribute.name, room - strlen(out) - 1);
    return strlen(out) + 1 < room;
}

static tnn_status decorate(tnn_frame *frame, const tnn_ast *decorator, tnn_name *name, tnn_error *err) {
    char text[60] = "";
    bool named = dotted(decorator->kind == TNN_AST_CALL ? decorator->as.call.function : decorator, text, sizeof(text));
    for (size_t k = 0; named && k < sizeof(decorators) / sizeof(decorators[0]); k++) {
        if (strcmp(decorators[k].name, text) != 0) continue;
        if (decorators[k].form != TNN_METHOD_PLAIN) name->form = decorators[k].form;
        return TNN_OK;
    }
    return tnn_frame_fail(frame, decorator, TNN_ERR_UNSUPPORTED, err, "a decorator that is not known: ", text);
}

tnn_status tnn_run_def(tnn_frame *frame, const tnn_stmt *stmt, const tnn_class *owner, tnn_obj *out, tnn_error *err) {
    const tnn_function *function = stmt->as.function;
    tnn_name name = {.kind = TNN_NAME_FUNCTION,
                     .text = function->name,
                     .function = function,
                     .type = owner,
                     .globals = frame->globals,
                     .file = frame->file};
    for (size_t k = 0; k < function->decorators.n; k++)
        TNN_TRY(decorate(frame, function->decorators.items[k], &name, err));
    return tnn_name_new(frame->interp, name, out, err);
}
