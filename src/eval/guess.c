/* Going on after something that is lacking, so that everything is found at once. */
#include <string.h>

#include "eval/builtins.h"
#include "eval/frame.h"
#include "eval/object.h"
#include "ops/refused.h"

tnn_status tnn_run_lack(tnn_interp *interp, const char *name, tnn_status code, const tnn_error *why, tnn_obj *out,
                        tnn_error *err) {
    char reason[sizeof why->message + 40];
    bool only_noted = interp->record && interp->n_making == 0; /* statements that fail are skipped there */
    if (code != TNN_ERR_UNSUPPORTED || !interp->options.lacks || only_noted) {
        if (err) *err = *why;
        return code;
    }
    strcpy(reason, why->message);
    if (interp->n_guesses > 0) strcat(reason, " (in a branch that may not run)");
    *out = tnn_obj_unknown();
    return tnn_lack_set_add(interp->options.lacks, name, reason, interp->origin.scope, interp->origin.source, err);
}

static bool has_unknown(const tnn_obj *items, size_t n, int depth) {
    for (size_t k = 0; k < n; k++) {
        if (tnn_obj_is_unknown(&items[k])) return true;
        bool list = items[k].kind == TNN_OBJ_LIST || items[k].kind == TNN_OBJ_TUPLE;
        if (list && depth > 0 && has_unknown(items[k].as.list->items, items[k].as.list->n, depth - 1)) return true;
    }
    return false;
}

/* "aten.conv2d", "quantized.conv2d", "torch.nn.functional.pad": those of other namespaces carry theirs. */
static const char *full_name(tnn_interp *interp, const tnn_name *name) {
    if (strchr(name->text, '.')) return name->text;
    return tnn_arena_printf(interp->arena, "aten.%s%s%s", name->text, name->overload ? "." : "",
                            name->overload ? name->overload : "");
}

/* Operators that torch.jit.optimize_for_inference and its like put in. */
static bool is_of_backend(const char *name) {
    static const char *const parts[] = {"mkldnn", "MKLDNN", "onednn", "prepacked", "metal", "vulkan", "xnnpack"};
    for (size_t k = 0; k < sizeof(parts) / sizeof(parts[0]); k++)
        if (strstr(name, parts[k])) return true;
    return false;
}

/* Not PyTorch's own; a definition of the user's may stand behind it. */
static bool is_foreign(const char *name) { return strchr(name, '.') || is_of_backend(name); }

static tnn_status fail_foreign(const char *name, tnn_error *err) {
    const char *reason = tnn_refused_reason(name, strlen(name));
    if (is_of_backend(name))
        return tnn_fail(err, TNN_ERR_UNSUPPORTED, NULL, "an operator of one backend only: save the model before it is "
                        "optimized for inference");
    if (reason) return tnn_fail(err, TNN_ERR_UNSUPPORTED, NULL, "%s", reason);
    return tnn_fail(err, TNN_ERR_UNSUPPORTED, NULL, "%s", tnn_undefined_operator);
}

/* torch.NAME(...) */
static tnn_status call_operator(tnn_interp *interp, const tnn_obj *callee, const tnn_call_args *call, tnn_obj *out,
                                tnn_error *err) {
    const tnn_name *name = tnn_obj_name(callee);
    const char *full = full_name(interp, name);
    tnn_error own = {.message = ""};
    uint32_t depth = interp->depth;
    tnn_status status = TNN_OK;
    if (!full) return tnn_fail_nomem(err);
    interp->origin.name = name->text;
    if (is_foreign(name->text) && !tnn_interp_knows(interp, name->text, name->overload))
        status = fail_foreign(name->text, &own);
    else if (has_unknown(call->args, call->n_args, 1) && tnn_interp_knows(interp, name->text, name->overload))
        *out = tnn_obj_unknown();
    else
        status = tnn_run_call(interp, callee, call->args, call->n_args, call->keywords, call->n_keywords, out, &own);
    interp->depth = depth;
    if (status == TNN_OK) return TNN_OK;
    return tnn_run_lack(interp, full, status, &own, out, err);
}

/* int(tensor) and others that ask for what only a run can tell */
static tnn_status call_builtin(tnn_interp *interp, const tnn_obj *callee, const tnn_call_args *call, tnn_obj *out,
                               tnn_error *err) {
    const tnn_name *name = tnn_obj_name(callee);
    tnn_error own = {.message = ""};
    tnn_status status = tnn_run_call(interp, callee, call->args, call->n_args, call->keywords, call->n_keywords, out,
                                     &own);
    return status == TNN_OK ? TNN_OK : tnn_run_lack(interp, name->builtin->name, status, &own, out, err);
}

/* "torch.nn.functional.pad" and "torch.nn.Conv2d" where a function or a module of PyTorch's library is called. */
static const char *library_name(const tnn_obj *callee) {
    const tnn_name *name = tnn_obj_name(callee);
    if (name && name->kind == TNN_NAME_FUNCTION && !name->file) return name->text;
    return tnn_obj_is_module(callee) && !callee->as.instance->type->file ? callee->as.instance->type->name : NULL;
}

/* What the library's text lacks, the call lacks. */
static tnn_status call_known(tnn_interp *interp, const tnn_obj *callee, const char *name, const tnn_call_args *call,
                             tnn_obj *out, tnn_error *err) {
    tnn_error own = {.message = ""};
    uint32_t depth = interp->depth, n_making = interp->n_making;
    if (!name) return tnn_fail_nomem(err);
    interp->origin.name = callee->kind == TNN_OBJ_INSTANCE ? NULL : tnn_obj_name(callee)->text;
    const char *dot = interp->origin.name ? strrchr(interp->origin.name, '.') : NULL;
    if (dot) interp->origin.name = dot + 1;
    *out = tnn_obj_unknown();
    if (has_unknown(call->args, call->n_args, 1)) return TNN_OK;
    tnn_status status = tnn_run_call(interp, callee, call->args, call->n_args, call->keywords, call->n_keywords, out,
                                     &own);
    if (status == TNN_OK) return TNN_OK;
    interp->depth = depth;
    interp->n_making = n_making;
    return tnn_run_lack(interp, name, status, &own, out, err);
}

tnn_status tnn_run_program_call(tnn_interp *interp, const tnn_obj *callee, const tnn_call_args *call, tnn_obj *out,
                                tnn_error *err) {
    const tnn_name *name = tnn_obj_name(callee);
    if (name && name->kind == TNN_NAME_OPERATOR) return call_operator(interp, callee, call, out, err);
    if (name && name->kind == TNN_NAME_BUILTIN) return call_builtin(interp, callee, call, out, err);
    bool is_method = name && name->kind == TNN_NAME_METHOD && name->self.kind == TNN_OBJ_TENSOR;
    if (is_method && interp->options.python) return call_known(interp, callee, full_name(interp, name), call, out, err);
    if (library_name(callee)) return call_known(interp, callee, library_name(callee), call, out, err);
    return tnn_run_call(interp, callee, call->args, call->n_args, call->keywords, call->n_keywords, out, err);
}

static tnn_status forget_target(tnn_frame *frame, const tnn_ast *target, tnn_error *err) {
    if (target->kind == TNN_AST_NAME) return tnn_frame_set(frame, target->as.text, tnn_obj_unknown(), err);
    if (target->kind != TNN_AST_TUPLE && target->kind != TNN_AST_LIST) return TNN_OK;
    for (size_t k = 0; k < target->as.list.n; k++) TNN_TRY(forget_target(frame, target->as.list.items[k], err));
    return TNN_OK;
}

static tnn_status forget_block(tnn_frame *frame, const tnn_block *block, tnn_error *err);

static tnn_status forget_choice(tnn_frame *frame, const tnn_stmt *stmt, tnn_error *err) {
    for (size_t k = 0; k < stmt->as.choice.n; k++)
        TNN_TRY(forget_block(frame, &stmt->as.choice.branches[k].body, err));
    return forget_block(frame, &stmt->as.choice.otherwise, err);
}

static tnn_status forget_loop(tnn_frame *frame, const tnn_stmt *stmt, tnn_error *err) {
    if (stmt->as.loop.target) TNN_TRY(forget_target(frame, stmt->as.loop.target, err));
    return forget_block(frame, &stmt->as.loop.body, err);
}

static bool is_loop(tnn_stmt_kind kind) {
    return kind == TNN_STMT_FOR || kind == TNN_STMT_WHILE || kind == TNN_STMT_WITH;
}

static bool is_change(tnn_stmt_kind kind) { return kind == TNN_STMT_ANNOTATED || kind == TNN_STMT_AUGMENTED; }

tnn_status tnn_run_forget(tnn_frame *frame, const tnn_stmt *stmt, tnn_error *err) {
    TNN_TRY(tnn_interp_step(frame->interp, 1, err));
    if (stmt->kind == TNN_STMT_IF) TNN_TRY(forget_choice(frame, stmt, err));
    if (is_loop(stmt->kind)) TNN_TRY(forget_loop(frame, stmt, err));
    if (is_change(stmt->kind)) TNN_TRY(forget_target(frame, stmt->as.change.target, err));
    for (size_t k = 0; stmt->kind == TNN_STMT_ASSIGN && k < stmt->as.assign.targets.n; k++)
        TNN_TRY(forget_target(frame, stmt->as.assign.targets.items[k], err));
    if (stmt->kind == TNN_STMT_RETURN) frame->result = tnn_obj_unknown();
    return TNN_OK;
}

static tnn_status forget_block(tnn_frame *frame, const tnn_block *block, tnn_error *err) {
    for (size_t k = 0; k < block->n; k++) TNN_TRY(tnn_run_forget(frame, block->items[k], err));
    return TNN_OK;
}

tnn_status tnn_run_guess(tnn_frame *frame, const tnn_block *block, tnn_error *err) {
    tnn_interp *interp = frame->interp;
    tnn_origin origin = interp->origin;
    tnn_error own;
    tnn_flow flow;
    uint32_t depth = interp->depth;
    interp->n_guesses++;
    tnn_status status = tnn_run_block(frame, block, &flow, &own);
    interp->n_guesses--;
    interp->depth = depth;
    interp->origin = origin;
    if (status == TNN_ERR_NOMEM || status == TNN_ERR_LIMIT) {
        if (err) *err = own;
        return status;
    }
    return forget_block(frame, block, err);
}
