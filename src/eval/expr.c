#include <math.h>
#include <string.h>

#include "eval/arith.h"
#include "eval/bind.h"
#include "eval/builtins.h"
#include "eval/object.h"

/* Names that mean something without being defined: modules and types. Functions are rows of builtins.c. */
static const struct {
    const char *text;
    tnn_name_kind kind;
} known_names[] = {
    {"torch", TNN_NAME_MODULE},
    {"ops", TNN_NAME_MODULE},
    {"math", TNN_NAME_MODULE},
    {"CONSTANTS", TNN_NAME_MODULE},
    {"Tensor", TNN_NAME_TYPE},
};

/* Floats that TorchScript writes as names. */
static bool find_float(const char *text, tnn_obj *out) {
    bool infinite = strcmp(text, "inf") == 0;
    *out = tnn_obj_float(infinite ? INFINITY : NAN);
    return infinite || strcmp(text, "nan") == 0;
}

static tnn_status find_builtin(tnn_frame *frame, const char *text, tnn_obj *out, bool *found, tnn_error *err) {
    char full[80] = "builtins.";
    *found = false;
    if (strlen(text) + strlen(full) >= sizeof(full)) return TNN_OK;
    strcat(full, text);
    const tnn_builtin_row *row = tnn_builtin_find(full);
    if (!row || (row->is_ours && tnn_frame_is_python(frame))) return TNN_OK;
    *found = true;
    return tnn_name_new(frame->interp, (tnn_name){.kind = TNN_NAME_BUILTIN, .text = text, .builtin = row}, out, err);
}

/* What a module of Python calls itself: never "__main__", so that such blocks are skipped. */
static bool find_own_name(const char *text, tnn_obj *out) {
    *out = tnn_obj_string("model");
    return strcmp(text, "__name__") == 0;
}

static tnn_status run_name(tnn_frame *frame, const tnn_ast *ast, tnn_obj *out, tnn_error *err) {
    const char *text = ast->as.text;
    const tnn_obj *held = frame->top ? NULL : tnn_strmap_get(&frame->locals, text);
    bool found;
    if (!held) held = tnn_strmap_get(frame->globals, text);
    if (held) {
        *out = *held;
        return TNN_OK;
    }
    const tnn_program *program = frame->interp->options.program;
    if (program && strcmp(program->root, text) == 0)
        return tnn_name_new(frame->interp, (tnn_name){.kind = TNN_NAME_PACKAGE, .text = program->root}, out, err);
    bool python = tnn_frame_is_python(frame);
    for (size_t k = 0; !python && k < sizeof(known_names) / sizeof(known_names[0]); k++)
        if (strcmp(known_names[k].text, text) == 0)
            return tnn_name_new(frame->interp, (tnn_name){.kind = known_names[k].kind, .text = known_names[k].text},
                                out, err);
    TNN_TRY(find_builtin(frame, text, out, &found, err));
    found = found || (python ? find_own_name(text, out) : find_float(text, out));
    return found ? TNN_OK : tnn_frame_fail(frame, ast, TNN_ERR_INVALID, err, "unknown name ", text);
}

/* *xs: its items, one by one */
static tnn_status push_all(tnn_frame *frame, const tnn_ast *starred, tnn_obj_list *list, tnn_error *err) {
    tnn_obj source, items;
    TNN_TRY(tnn_run_expr(frame, starred->as.pair.left, &source, err));
    TNN_TRY(tnn_iterate(frame->interp, &source, &items, err));
    size_t n = items.as.list->n;
    for (size_t k = 0; k < n; k++) TNN_TRY(tnn_list_push(frame->interp, list, items.as.list->items[k], err));
    return TNN_OK;
}

static tnn_status run_items(tnn_frame *frame, const tnn_ast *ast, tnn_obj *out, tnn_error *err) {
    tnn_obj made, item;
    tnn_obj_kind kind = ast->kind == TNN_AST_LIST ? TNN_OBJ_LIST : TNN_OBJ_TUPLE;
    TNN_TRY(tnn_list_new(frame->interp, kind, ast->as.list.n, &made, err));
    for (size_t k = 0; k < ast->as.list.n; k++) {
        const tnn_ast *part = ast->as.list.items[k];
        if (part->kind == TNN_AST_STARRED) {
            TNN_TRY(push_all(frame, part, made.as.list, err));
            continue;
        }
        TNN_TRY(tnn_run_expr(frame, part, &item, err));
        TNN_TRY(tnn_list_push(frame->interp, made.as.list, item, err));
    }
    *out = made;
    return TNN_OK;
}

static tnn_status run_dict(tnn_frame *frame, const tnn_ast *ast, tnn_obj *out, tnn_error *err) {
    tnn_obj made, key, value;
    TNN_TRY(tnn_dict_new(frame->interp, &made, err));
    for (size_t k = 0; k < ast->as.dict.keys.n; k++) {
        TNN_TRY(tnn_run_expr(frame, ast->as.dict.keys.items[k], &key, err));
        TNN_TRY(tnn_run_expr(frame, ast->as.dict.values.items[k], &value, err));
        TNN_TRY(tnn_dict_set(frame->interp, made.as.dict, key, value, err));
    }
    *out = made;
    return TNN_OK;
}

/* All conditions of a comprehension hold for the item just assigned. */
static tnn_status conditions_hold(tnn_frame *frame, const tnn_ast *ast, bool *hold, tnn_error *err) {
    tnn_obj value;
    *hold = true;
    for (size_t k = 0; *hold && k < ast->as.comprehension.conditions.n; k++) {
        TNN_TRY(tnn_run_expr(frame, ast->as.comprehension.conditions.items[k], &value, err));
        TNN_TRY(tnn_arith_truth(frame->interp, &value, hold, err));
    }
    return TNN_OK;
}

static tnn_status run_comprehension(tnn_frame *frame, const tnn_ast *ast, tnn_obj *out, tnn_error *err) {
    tnn_obj source, made, item;
    bool hold;
    TNN_TRY(tnn_run_expr(frame, ast->as.comprehension.source, &source, err));
    TNN_TRY(tnn_iterate(frame->interp, &source, &source, err));
    TNN_TRY(tnn_list_new(frame->interp, TNN_OBJ_LIST, 0, &made, err));
    for (size_t k = 0; k < source.as.list->n; k++) {
        TNN_TRY(tnn_interp_step(frame->interp, 1, err));
        TNN_TRY(tnn_run_assign(frame, ast->as.comprehension.target, source.as.list->items[k], err));
        TNN_TRY(conditions_hold(frame, ast, &hold, err));
        if (!hold) continue;
        TNN_TRY(tnn_run_expr(frame, ast->as.comprehension.item, &item, err));
        TNN_TRY(tnn_list_push(frame->interp, made.as.list, item, err));
    }
    *out = made;
    return TNN_OK;
}

static tnn_status run_call(tnn_frame *frame, const tnn_ast *ast, tnn_obj *out, tnn_error *err) {
    tnn_obj callee;
    tnn_call_args call;
    bool done;
    TNN_TRY(tnn_run_special(frame, ast, out, &done, err));
    if (done) return TNN_OK;
    TNN_TRY(tnn_run_expr(frame, ast->as.call.function, &callee, err));
    TNN_TRY(tnn_run_arguments(frame, ast, &call, err));
    if (frame->file) {
        frame->interp->origin.source.position = ast->position;
        return tnn_run_program_call(frame->interp, &callee, &call, out, err);
    }
    return tnn_run_call(frame->interp, &callee, call.args, call.n_args, call.keywords, call.n_keywords, out, err);
}

/* What an operator of Python makes is called by what it does, not as the call before it. */
static void name_plainly(tnn_frame *frame) {
    if (tnn_frame_is_python(frame)) frame->interp->origin.name = NULL;
}

static tnn_status run_pair(tnn_frame *frame, const tnn_ast *ast, tnn_obj *out, tnn_error *err) {
    tnn_obj left, right;
    TNN_TRY(tnn_run_expr(frame, ast->as.pair.left, &left, err));
    if (ast->kind == TNN_AST_UNARY) name_plainly(frame);
    if (ast->kind == TNN_AST_UNARY) return tnn_arith_unary(frame->interp, ast->op, &left, out, err);
    TNN_TRY(tnn_run_expr(frame, ast->as.pair.right, &right, err));
    name_plainly(frame);
    return tnn_arith_binary(frame->interp, ast->op, &left, &right, out, err);
}

/* and, or: the operand that decides */
static tnn_status run_logic(tnn_frame *frame, const tnn_ast *ast, tnn_obj *out, tnn_error *err) {
    bool truth;
    TNN_TRY(tnn_run_expr(frame, ast->as.pair.left, out, err));
    TNN_TRY(tnn_arith_truth(frame->interp, out, &truth, err));
    if (truth == (ast->op == TNN_AST_OR)) return TNN_OK;
    return tnn_run_expr(frame, ast->as.pair.right, out, err);
}

/* a < b < c: the first comparison that fails decides */
static tnn_status run_compare(tnn_frame *frame, const tnn_ast *ast, tnn_obj *out, tnn_error *err) {
    tnn_obj left, right;
    const tnn_ast_items *items = &ast->as.compare.items;
    TNN_TRY(tnn_run_expr(frame, items->items[0], &left, err));
    for (size_t k = 1; k < items->n; k++) {
        bool truth;
        TNN_TRY(tnn_run_expr(frame, items->items[k], &right, err));
        TNN_TRY(tnn_arith_compare(frame->interp, ast->as.compare.ops[k - 1], &left, &right, out, err));
        if (k + 1 == items->n) break;
        TNN_TRY(tnn_arith_truth(frame->interp, out, &truth, err));
        if (!truth) break;
        left = right;
    }
    return TNN_OK;
}

static tnn_status run_ternary(tnn_frame *frame, const tnn_ast *ast, tnn_obj *out, tnn_error *err) {
    tnn_obj condition;
    bool truth;
    TNN_TRY(tnn_run_expr(frame, ast->as.ternary.condition, &condition, err));
    TNN_TRY(tnn_arith_truth(frame->interp, &condition, &truth, err));
    return tnn_run_expr(frame, truth ? ast->as.ternary.then : ast->as.ternary.otherwise, out, err);
}

static tnn_status run_attribute(tnn_frame *frame, const tnn_ast *ast, tnn_obj *out, tnn_error *err) {
    tnn_obj object;
    TNN_TRY(tnn_run_expr(frame, ast->as.attribute.object, &object, err));
    return tnn_run_attribute(frame->interp, &object, ast->as.attribute.name, out, err);
}

/* f"block{i}" */
static tnn_status run_format(tnn_frame *frame, const tnn_ast *ast, tnn_obj *out, tnn_error *err) {
    const tnn_builtin_row *row = tnn_builtin_find("builtins.str");
    const char *text = "";
    for (size_t k = 0; k < ast->as.list.n; k++) {
        tnn_obj value, part;
        TNN_TRY(tnn_run_expr(frame, ast->as.list.items[k], &value, err));
        TNN_TRY(tnn_builtin_call(frame->interp, row, &value, 1, NULL, 0, &part, err));
        if (part.kind != TNN_OBJ_STRING)
            return tnn_frame_fail(frame, ast, TNN_ERR_UNSUPPORTED, err, "an f-string with a ",
                                  tnn_obj_kind_text(&value));
        text = tnn_arena_printf(frame->interp->arena, "%s%s", text, part.as.text);
        if (!text) return tnn_fail_nomem(err);
        TNN_TRY(tnn_interp_step(frame->interp, strlen(text), err));
    }
    *out = tnn_obj_string(text);
    return TNN_OK;
}

static tnn_status run_kind(tnn_frame *frame, const tnn_ast *ast, tnn_obj *out, tnn_error *err) {
    switch (ast->kind) {
    case TNN_AST_NAME: return run_name(frame, ast, out, err);
    case TNN_AST_INT: *out = tnn_obj_int(tnn_size_const(ast->as.integer)); return TNN_OK;
    case TNN_AST_FLOAT: *out = tnn_obj_float(ast->as.number); return TNN_OK;
    case TNN_AST_STRING: *out = tnn_obj_string(ast->as.text); return TNN_OK;
    case TNN_AST_FORMAT: return run_format(frame, ast, out, err);
    case TNN_AST_NONE: *out = tnn_obj_none(); return TNN_OK;
    case TNN_AST_TRUE: *out = tnn_obj_bool(true); return TNN_OK;
    case TNN_AST_FALSE: *out = tnn_obj_bool(false); return TNN_OK;
    case TNN_AST_LIST:
    case TNN_AST_TUPLE: return run_items(frame, ast, out, err);
    case TNN_AST_COMPREHENSION: return run_comprehension(frame, ast, out, err);
    case TNN_AST_ATTRIBUTE: return run_attribute(frame, ast, out, err);
    case TNN_AST_SUBSCRIPT: return tnn_run_subscript(frame, ast, out, err);
    case TNN_AST_CALL: return run_call(frame, ast, out, err);
    case TNN_AST_UNARY:
    case TNN_AST_BINARY: return run_pair(frame, ast, out, err);
    case TNN_AST_COMPARE: return run_compare(frame, ast, out, err);
    case TNN_AST_LOGIC: return run_logic(frame, ast, out, err);
    case TNN_AST_TERNARY: return run_ternary(frame, ast, out, err);
    case TNN_AST_DICT: return run_dict(frame, ast, out, err);
    case TNN_AST_ELLIPSIS:
    case TNN_AST_STARRED:
    case TNN_AST_SLICE: break;
    }
    return tnn_frame_fail(frame, ast, TNN_ERR_UNSUPPORTED, err, "this expression is not evaluated", "");
}

tnn_status tnn_run_expr(tnn_frame *frame, const tnn_ast *ast, tnn_obj *out, tnn_error *err) {
    TNN_TRY(tnn_interp_enter(frame->interp, err));
    TNN_TRY(tnn_interp_step(frame->interp, 1, err));
    TNN_TRY(run_kind(frame, ast, out, err));
    tnn_interp_leave(frame->interp);
    return TNN_OK;
}

static tnn_status assign_items(tnn_frame *frame, const tnn_ast *target, const tnn_obj *value, tnn_error *err) {
    for (size_t k = 0; tnn_obj_is_unknown(value) && k < target->as.list.n; k++)
        TNN_TRY(tnn_run_assign(frame, target->as.list.items[k], *value, err));
    if (tnn_obj_is_unknown(value)) return TNN_OK;
    tnn_obj items;
    TNN_TRY(tnn_iterate(frame->interp, value, &items, err));
    value = &items;
    if (value->as.list->n != target->as.list.n)
        return tnn_frame_fail(frame, target, TNN_ERR_INVALID, err, "the number of names and of values differs", "");
    for (size_t k = 0; k < target->as.list.n; k++)
        TNN_TRY(tnn_run_assign(frame, target->as.list.items[k], value->as.list->items[k], err));
    return TNN_OK;
}

/* object.name = value */
static tnn_status assign_attribute(tnn_frame *frame, const tnn_ast *target, tnn_obj value, tnn_error *err) {
    tnn_obj object;
    TNN_TRY(tnn_run_expr(frame, target->as.attribute.object, &object, err));
    if (object.kind == TNN_OBJ_INSTANCE)
        return tnn_instance_set(frame->interp, object.as.instance, target->as.attribute.name, value, err);
    bool of_training = strcmp(target->as.attribute.name, "requires_grad") == 0;
    if (object.kind == TNN_OBJ_TENSOR && of_training) return TNN_OK;
    return tnn_frame_fail(frame, target, TNN_ERR_UNSUPPORTED, err, "an assignment to an attribute of a ",
                          tnn_obj_kind_text(&object));
}

tnn_status tnn_run_assign(tnn_frame *frame, const tnn_ast *target, tnn_obj value, tnn_error *err) {
    if (target->kind == TNN_AST_NAME) return tnn_frame_set(frame, target->as.text, value, err);
    if (target->kind == TNN_AST_SUBSCRIPT) return tnn_run_subscript_set(frame, target, value, err);
    if (target->kind == TNN_AST_TUPLE || target->kind == TNN_AST_LIST)
        return assign_items(frame, target, &value, err);
    if (target->kind == TNN_AST_ATTRIBUTE) return assign_attribute(frame, target, value, err);
    return tnn_frame_fail(frame, target, TNN_ERR_INVALID, err, "this cannot be assigned to", "");
}
