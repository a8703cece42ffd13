#include <string.h>

#include "eval/arith.h"
#include "eval/builtins.h"
#include "eval/library.h"
#include "eval/object.h"
#include "eval/python.h"

static tnn_status run_stmt(tnn_frame *frame, const tnn_stmt *stmt, tnn_flow *flow, tnn_error *err);

static tnn_status fail_stmt(const tnn_frame *frame, const tnn_stmt *stmt, tnn_status code, tnn_error *err,
                            const char *message, const char *detail) {
    return tnn_fail_at(err, code, frame->where, stmt->position, "line %lu: %s%.300s", (unsigned long)stmt->line,
                       message, detail);
}

/* A statement that may fail. A limit, and a model of the program that cannot be made, are errors all the same. */
static tnn_status try_stmt(tnn_frame *frame, const tnn_stmt *stmt, tnn_flow *flow, tnn_error *err) {
    uint32_t depth = frame->interp->depth;
    tnn_status status = run_stmt(frame, stmt, flow, err);
    if (status == TNN_OK || status == TNN_ERR_NOMEM || status == TNN_ERR_LIMIT) return status;
    if (frame->interp->record->failed) return status;
    frame->interp->depth = depth;
    return tnn_run_forget(frame, stmt, err);
}

tnn_status tnn_run_block(tnn_frame *frame, const tnn_block *block, tnn_flow *flow, tnn_error *err) {
    *flow = TNN_FLOW_NEXT;
    for (size_t k = 0; k < block->n && *flow == TNN_FLOW_NEXT; k++) {
        if (frame->lenient) TNN_TRY(try_stmt(frame, block->items[k], flow, err));
        else TNN_TRY(run_stmt(frame, block->items[k], flow, err));
    }
    return TNN_OK;
}

/* `*known` is false where a stand-in decides. */
static tnn_status decide(tnn_frame *frame, const tnn_ast *condition, bool *truth, bool *known, tnn_error *err) {
    tnn_interp *interp = frame->interp;
    tnn_obj value, stand_in;
    tnn_error own = {.message = ""};
    TNN_TRY(tnn_run_expr(frame, condition, &value, err));
    *known = !tnn_obj_is_unknown(&value);
    if (!*known) return TNN_OK;
    tnn_status status = tnn_arith_truth(interp, &value, truth, &own);
    if (status == TNN_OK) return TNN_OK;
    *known = false;
    return tnn_run_lack(interp, "prim.If", status, &own, &stand_in, err);
}

static tnn_status is_true(tnn_frame *frame, const tnn_ast *condition, bool *truth, tnn_error *err) {
    tnn_obj value;
    TNN_TRY(tnn_run_expr(frame, condition, &value, err));
    return tnn_arith_truth(frame->interp, &value, truth, err);
}

/* All that may follow an `if` from branch `first` on. */
static tnn_status guess_branches(tnn_frame *frame, const tnn_stmt *stmt, size_t first, tnn_error *err) {
    for (size_t k = first; k < stmt->as.choice.n; k++)
        TNN_TRY(tnn_run_guess(frame, &stmt->as.choice.branches[k].body, err));
    return tnn_run_guess(frame, &stmt->as.choice.otherwise, err);
}

static tnn_status run_if(tnn_frame *frame, const tnn_stmt *stmt, tnn_flow *flow, tnn_error *err) {
    for (size_t k = 0; k < stmt->as.choice.n; k++) {
        const tnn_branch *branch = &stmt->as.choice.branches[k];
        bool truth = false, known;
        TNN_TRY(decide(frame, branch->condition, &truth, &known, err));
        if (!known) return guess_branches(frame, stmt, k, err);
        if (truth) return tnn_run_block(frame, &branch->body, flow, err);
    }
    return tnn_run_block(frame, &stmt->as.choice.otherwise, flow, err);
}

/* Run a loop's body once; `again` says whether the loop goes on. */
static tnn_status run_body(tnn_frame *frame, const tnn_block *body, tnn_flow *flow, bool *again, tnn_error *err) {
    TNN_TRY(tnn_interp_step(frame->interp, 1, err));
    TNN_TRY(tnn_run_block(frame, body, flow, err));
    *again = *flow == TNN_FLOW_NEXT || *flow == TNN_FLOW_CONTINUE;
    if (*flow != TNN_FLOW_RETURN) *flow = TNN_FLOW_NEXT;
    return TNN_OK;
}

static tnn_status run_while(tnn_frame *frame, const tnn_stmt *stmt, tnn_flow *flow, tnn_error *err) {
    bool again = true;
    while (again) {
        bool truth = false, known;
        TNN_TRY(decide(frame, stmt->as.loop.source, &truth, &known, err));
        if (!known) return tnn_run_guess(frame, &stmt->as.loop.body, err);
        if (!truth) break;
        TNN_TRY(run_body(frame, &stmt->as.loop.body, flow, &again, err));
    }
    return TNN_OK;
}

/* The list may grow or shrink under the loop, as in Python. */
static tnn_status run_for(tnn_frame *frame, const tnn_stmt *stmt, tnn_flow *flow, tnn_error *err) {
    tnn_obj source;
    bool again = true;
    TNN_TRY(tnn_run_expr(frame, stmt->as.loop.source, &source, err));
    if (tnn_obj_is_unknown(&source)) {
        TNN_TRY(tnn_run_assign(frame, stmt->as.loop.target, source, err));
        return tnn_run_guess(frame, &stmt->as.loop.body, err);
    }
    TNN_TRY(tnn_iterate(frame->interp, &source, &source, err));
    for (size_t k = 0; again && k < source.as.list->n; k++) {
        TNN_TRY(tnn_run_assign(frame, stmt->as.loop.target, source.as.list->items[k], err));
        TNN_TRY(run_body(frame, &stmt->as.loop.body, flow, &again, err));
    }
    return TNN_OK;
}

static tnn_status call_if_there(tnn_frame *frame, const tnn_obj *context, const char *method, tnn_obj *out,
                                tnn_error *err) {
    tnn_obj nothing[3] = {tnn_obj_none(), tnn_obj_none(), tnn_obj_none()};
    size_t n_args = strcmp(method, "__exit__") == 0 ? 3 : 0;
    *out = tnn_obj_none();
    if (context->kind != TNN_OBJ_INSTANCE || !tnn_class_method(context->as.instance->type, method)) return TNN_OK;
    return tnn_instance_call(frame->interp, context->as.instance, method, nothing, n_args, NULL, 0, out, err);
}

/* with context as target: its __enter__, the body, its __exit__ */
static tnn_status run_with(tnn_frame *frame, const tnn_stmt *stmt, tnn_flow *flow, tnn_error *err) {
    tnn_obj context, entered, ignored;
    TNN_TRY(tnn_run_expr(frame, stmt->as.loop.source, &context, err));
    TNN_TRY(call_if_there(frame, &context, "__enter__", &entered, err));
    if (stmt->as.loop.target) TNN_TRY(tnn_run_assign(frame, stmt->as.loop.target, entered, err));
    TNN_TRY(tnn_run_block(frame, &stmt->as.loop.body, flow, err));
    return call_if_there(frame, &context, "__exit__", &ignored, err);
}

static tnn_status run_assign(tnn_frame *frame, const tnn_stmt *stmt, tnn_error *err) {
    tnn_obj value;
    TNN_TRY(tnn_run_expr(frame, stmt->as.assign.value, &value, err));
    for (size_t k = 0; k < stmt->as.assign.targets.n; k++)
        TNN_TRY(tnn_run_assign(frame, stmt->as.assign.targets.items[k], value, err));
    return TNN_OK;
}

static tnn_status run_annotated(tnn_frame *frame, const tnn_stmt *stmt, tnn_error *err) {
    tnn_obj value;
    if (!stmt->as.change.value) return TNN_OK;
    TNN_TRY(tnn_run_expr(frame, stmt->as.change.value, &value, err));
    return tnn_run_assign(frame, stmt->as.change.target, value, err);
}

/* The names of x += y on a tensor, which writes into it. */
static const char *in_place_name(tnn_ast_op op) {
    if (op == TNN_AST_ADD) return "add_";
    if (op == TNN_AST_SUB) return "sub_";
    if (op == TNN_AST_MUL) return "mul_";
    if (op == TNN_AST_DIV) return "div_";
    if (op == TNN_AST_FLOORDIV) return "floor_divide_";
    if (op == TNN_AST_MOD) return "remainder_";
    return op == TNN_AST_POW ? "pow_" : NULL;
}

/* x op= y: tensors and lists change in place, the rest is x = x op y. */
static tnn_status run_augmented(tnn_frame *frame, const tnn_stmt *stmt, tnn_error *err) {
    tnn_obj args[2], result;
    const char *name = in_place_name(stmt->op);
    TNN_TRY(tnn_run_expr(frame, stmt->as.change.target, &args[0], err));
    TNN_TRY(tnn_run_expr(frame, stmt->as.change.value, &args[1], err));
    if (args[0].kind == TNN_OBJ_TENSOR && name)
        return tnn_interp_call(frame->interp, name, "", args, 2, NULL, 0, &result, err);
    if (args[0].kind == TNN_OBJ_LIST && args[1].kind == TNN_OBJ_LIST && stmt->op == TNN_AST_ADD) {
        size_t n = args[1].as.list->n;
        for (size_t k = 0; k < n; k++)
            TNN_TRY(tnn_list_push(frame->interp, args[0].as.list, args[1].as.list->items[k], err));
        return TNN_OK;
    }
    TNN_TRY(tnn_arith_binary(frame->interp, stmt->op, &args[0], &args[1], &result, err));
    return tnn_run_assign(frame, stmt->as.change.target, result, err);
}

static tnn_status run_return(tnn_frame *frame, const tnn_stmt *stmt, tnn_flow *flow, tnn_error *err) {
    if (frame->top) return fail_stmt(frame, stmt, TNN_ERR_MALFORMED, err, "return outside of a function", "");
    *flow = TNN_FLOW_RETURN;
    return stmt->as.value ? tnn_run_expr(frame, stmt->as.value, &frame->result, err) : TNN_OK;
}

/* The text in raise Error("text"); exceptions themselves are not built. */
static const char *raised_text(const tnn_ast *value) {
    if (!value) return "";
    if (value->kind == TNN_AST_NAME || value->kind == TNN_AST_STRING) return value->as.text;
    if (value->kind == TNN_AST_ATTRIBUTE) return value->as.attribute.name;
    if (value->kind != TNN_AST_CALL) return "";
    if (value->as.call.args.n == 0) return raised_text(value->as.call.function);
    return raised_text(value->as.call.args.items[0]);
}

/* raise NotImplementedError says what tinynn lacks, all else what the program refuses. */
static tnn_status run_raise(tnn_frame *frame, const tnn_stmt *stmt, tnn_error *err) {
    const tnn_ast *value = stmt->as.value;
    const tnn_ast *type = value && value->kind == TNN_AST_CALL ? value->as.call.function : value;
    bool lack = type && type->kind == TNN_AST_NAME && strcmp(type->as.text, "NotImplementedError") == 0;
    return fail_stmt(frame, stmt, lack ? TNN_ERR_UNSUPPORTED : TNN_ERR_INVALID, err,
                     lack ? "" : "the program raises: ", raised_text(value));
}

static tnn_status run_assert(tnn_frame *frame, const tnn_stmt *stmt, tnn_error *err) {
    bool truth;
    TNN_TRY(is_true(frame, stmt->as.check.condition, &truth, err));
    if (truth) return TNN_OK;
    return fail_stmt(frame, stmt, TNN_ERR_INVALID, err, "an assertion does not hold: ",
                     raised_text(stmt->as.check.message));
}

static tnn_status run_def(tnn_frame *frame, const tnn_stmt *stmt, tnn_error *err) {
    tnn_obj function;
    if (!frame->top) return fail_stmt(frame, stmt, TNN_ERR_UNSUPPORTED, err, "a function inside a function", "");
    TNN_TRY(tnn_run_def(frame, stmt, NULL, &function, err));
    return tnn_frame_set(frame, stmt->as.function->name, function, err);
}

static tnn_status run_class(tnn_frame *frame, const tnn_stmt *stmt, tnn_error *err) {
    tnn_obj made;
    if (!frame->top) return fail_stmt(frame, stmt, TNN_ERR_UNSUPPORTED, err, "a class inside a function", "");
    TNN_TRY(tnn_class_define(frame, stmt, &made, err));
    return tnn_frame_set(frame, stmt->as.class_def.name, made, err);
}

static tnn_status run_del(tnn_frame *frame, const tnn_stmt *stmt, tnn_error *err) {
    const tnn_ast *target = stmt->as.value;
    if (target->kind == TNN_AST_SUBSCRIPT) return tnn_run_subscript_del(frame, target, err);
    return TNN_OK; /* a name that nobody may use again */
}

static tnn_status run_import(tnn_frame *frame, const tnn_stmt *stmt, tnn_error *err) {
    if (!tnn_frame_is_python(frame)) return fail_stmt(frame, stmt, TNN_ERR_UNSUPPORTED, err, "an import", "");
    for (size_t k = 0; k < stmt->as.imports.n; k++)
        TNN_TRY(tnn_library_import(frame, &stmt->as.imports.items[k], err));
    return TNN_OK;
}

static void set_source(const tnn_frame *frame, const tnn_stmt *stmt) {
    if (frame->interp->options.python) frame->interp->origin.name = NULL;
    frame->interp->origin.source = (tnn_source){
        .file = frame->file, .line = stmt->line, .position = stmt->position, .caller = frame->caller};
}

static tnn_status run_stmt(tnn_frame *frame, const tnn_stmt *stmt, tnn_flow *flow, tnn_error *err) {
    tnn_obj ignored;
    TNN_TRY(tnn_interp_step(frame->interp, 1, err));
    if (frame->file) set_source(frame, stmt);
    switch (stmt->kind) {
    case TNN_STMT_EXPR: return tnn_run_expr(frame, stmt->as.value, &ignored, err);
    case TNN_STMT_ASSIGN: return run_assign(frame, stmt, err);
    case TNN_STMT_ANNOTATED: return run_annotated(frame, stmt, err);
    case TNN_STMT_AUGMENTED: return run_augmented(frame, stmt, err);
    case TNN_STMT_RETURN: return run_return(frame, stmt, flow, err);
    case TNN_STMT_RAISE: return run_raise(frame, stmt, err);
    case TNN_STMT_DEL: return run_del(frame, stmt, err);
    case TNN_STMT_ASSERT: return run_assert(frame, stmt, err);
    case TNN_STMT_PASS: return TNN_OK;
    case TNN_STMT_BREAK: *flow = TNN_FLOW_BREAK; return TNN_OK;
    case TNN_STMT_CONTINUE: *flow = TNN_FLOW_CONTINUE; return TNN_OK;
    case TNN_STMT_IF: return run_if(frame, stmt, flow, err);
    case TNN_STMT_FOR: return run_for(frame, stmt, flow, err);
    case TNN_STMT_WHILE: return run_while(frame, stmt, flow, err);
    case TNN_STMT_DEF: return run_def(frame, stmt, err);
    case TNN_STMT_WITH: return run_with(frame, stmt, flow, err);
    case TNN_STMT_IMPORT: return run_import(frame, stmt, err);
    case TNN_STMT_CLASS: break;
    }
    return run_class(frame, stmt, err);
}
