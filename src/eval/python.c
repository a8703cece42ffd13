#include "eval/python.h"

#include <string.h>

#include "eval/parse.h"

static tnn_frame top_frame(tnn_interp *interp, tnn_python *python) {
    return (tnn_frame){.interp = interp, .globals = &python->globals, .top = true, .where = python->file,
                       .file = python->file};
}

tnn_status tnn_python_define(tnn_interp *interp, const tnn_program_text *text, tnn_python *out, tnn_error *err) {
    tnn_flow flow;
    *out = (tnn_python){.file = text->file};
    tnn_strmap_init(&out->globals, interp->arena);
    tnn_frame frame = top_frame(interp, out);
    TNN_TRY(tnn_parse(&out->block, interp->arena, text->text, text->n_bytes, interp->options.max_depth, text->file,
                      err));
    return tnn_run_block(&frame, &out->block, &flow, err);
}

/* __name__ == "__main__" */
static bool is_main(const tnn_ast *condition) {
    if (condition->kind != TNN_AST_COMPARE || condition->as.compare.items.n != 2) return false;
    const tnn_ast *name = condition->as.compare.items.items[0], *text = condition->as.compare.items.items[1];
    return name->kind == TNN_AST_NAME && strcmp(name->as.text, "__name__") == 0 && text->kind == TNN_AST_STRING &&
           strcmp(text->as.text, "__main__") == 0;
}

tnn_status tnn_python_main(tnn_interp *interp, tnn_python *python, tnn_record *record, tnn_error *err) {
    tnn_frame frame = top_frame(interp, python);
    tnn_status status = TNN_OK;
    tnn_flow flow;
    frame.lenient = true;
    interp->record = record;
    for (size_t k = 0; k < python->block.n && status == TNN_OK; k++) {
        const tnn_stmt *stmt = python->block.items[k];
        if (stmt->kind != TNN_STMT_IF || !is_main(stmt->as.choice.branches[0].condition)) continue;
        status = tnn_run_block(&frame, &stmt->as.choice.branches[0].body, &flow, err);
    }
    interp->record = NULL;
    return status;
}

tnn_status tnn_record_call(tnn_interp *interp, tnn_instance *model, const tnn_call_args *call, tnn_error *err) {
    tnn_record *record = interp->record;
    tnn_recorded_call *grown = tnn_arena_grow(interp->arena, record->calls, record->n_calls, &record->cap_calls,
                                              record->n_calls + 1, sizeof(*grown));
    if (!grown) return tnn_fail_nomem(err);
    record->calls = grown;
    grown[record->n_calls++] = (tnn_recorded_call){model, *call};
    return TNN_OK;
}

tnn_status tnn_record_made(tnn_interp *interp, const tnn_obj *made, tnn_status status, tnn_error *err) {
    tnn_record *record = interp->record;
    bool counts = record && interp->n_making == 0 && tnn_obj_is_module(made) && made->as.instance->type->file;
    if (!counts) return status;
    record->failed = record->failed || status != TNN_OK;
    if (status != TNN_OK) return status;
    tnn_instance **grown = tnn_arena_grow(interp->arena, record->made, record->n_made, &record->cap_made,
                                          record->n_made + 1, sizeof(*grown));
    if (!grown) return tnn_fail_nomem(err);
    record->made = grown;
    grown[record->n_made++] = made->as.instance;
    return TNN_OK;
}
