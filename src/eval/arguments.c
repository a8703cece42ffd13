/* Arguments of a call as it is written: f(a, *b, c=d, **e). */
#include "eval/builtins.h"
#include "eval/frame.h"

/* What is being gathered: as many keywords as there are objects behind the positional ones. */
typedef struct gathered {
    tnn_obj_list items;
    const char **keywords;
    size_t n_keywords, cap_keywords;
} gathered;

static tnn_status push_keyword(tnn_frame *frame, gathered *g, const char *keyword, tnn_obj value, tnn_error *err) {
    const char **grown = tnn_arena_grow(frame->interp->arena, (void *)g->keywords, g->n_keywords, &g->cap_keywords,
                                        g->n_keywords + 1, sizeof(*grown));
    if (!grown) return tnn_fail_nomem(err);
    g->keywords = grown;
    grown[g->n_keywords++] = keyword;
    return tnn_list_push(frame->interp, &g->items, value, err);
}

/* *b */
static tnn_status push_items(tnn_frame *frame, gathered *g, const tnn_ast *starred, tnn_error *err) {
    tnn_obj source, items;
    TNN_TRY(tnn_run_expr(frame, starred->as.pair.left, &source, err));
    TNN_TRY(tnn_iterate(frame->interp, &source, &items, err));
    size_t n = items.as.list->n;
    for (size_t k = 0; k < n; k++) TNN_TRY(tnn_list_push(frame->interp, &g->items, items.as.list->items[k], err));
    return TNN_OK;
}

/* **e */
static tnn_status push_dict(tnn_frame *frame, gathered *g, const tnn_ast *starred, tnn_error *err) {
    tnn_obj source;
    TNN_TRY(tnn_run_expr(frame, starred->as.pair.left, &source, err));
    if (source.kind != TNN_OBJ_DICT)
        return tnn_frame_fail(frame, starred, TNN_ERR_INVALID, err, "** of a ", tnn_obj_kind_text(&source));
    for (size_t k = 0; k < source.as.dict->n; k++) {
        const tnn_obj *key = &source.as.dict->keys[k];
        if (key->kind != TNN_OBJ_STRING)
            return tnn_frame_fail(frame, starred, TNN_ERR_INVALID, err, "** of a dict whose keys are no texts", "");
        TNN_TRY(push_keyword(frame, g, key->as.text, source.as.dict->values[k], err));
    }
    return TNN_OK;
}

static tnn_status push_argument(tnn_frame *frame, gathered *g, const tnn_ast *call, size_t index, tnn_error *err) {
    const tnn_ast *arg = call->as.call.args.items[index];
    size_t n_positional = call->as.call.args.n - call->as.call.n_keywords;
    const char *keyword = index < n_positional ? NULL : call->as.call.keywords[index - n_positional];
    tnn_obj value;
    if (arg->kind == TNN_AST_STARRED && arg->op == TNN_AST_MUL) return push_items(frame, g, arg, err);
    if (arg->kind == TNN_AST_STARRED) return push_dict(frame, g, arg, err);
    TNN_TRY(tnn_run_expr(frame, arg, &value, err));
    if (keyword) return push_keyword(frame, g, keyword, value, err);
    return tnn_list_push(frame->interp, &g->items, value, err);
}

tnn_status tnn_run_arguments(tnn_frame *frame, const tnn_ast *call, tnn_call_args *out, tnn_error *err) {
    gathered g = {.keywords = NULL};
    size_t n = call->as.call.args.n;
    g.items.items = TNN_NEW_ARRAY(frame->interp->arena, n + 1, tnn_obj);
    if (!g.items.items) return tnn_fail_nomem(err);
    g.items.cap = n + 1;
    for (size_t k = 0; k < n; k++) TNN_TRY(push_argument(frame, &g, call, k, err));
    *out = (tnn_call_args){g.items.items, g.items.n, g.keywords, g.n_keywords};
    return TNN_OK;
}
