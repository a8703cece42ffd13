#include "eval/dispatch.h"

#include <string.h>

#include "eval/bind.h"
#include "eval/builtins.h"
#include "eval/frame.h"
#include "eval/out_args.h"
#include "eval/overlap.h"
#include "eval/strides.h"
#include "ops/refused.h"

static bool has_text(const char *text) { return text && *text; }

static tnn_target_scope scope_of(const tnn_interp *interp) {
    bool in_text = interp->n_texts > 0 || interp->options.expand_composites;
    return (tnn_target_scope){interp->graph->model->customs, in_text};
}

bool tnn_interp_knows(const tnn_interp *interp, const char *name, const char *overload) {
    tnn_target_set set;
    tnn_target_scope scope = scope_of(interp);
    tnn_targets_find(&set, &scope, name, overload);
    return set.n > 0 || set.builtin;
}

/* The meanings of a call, found once. */
static tnn_status find_set(tnn_interp *interp, const char *name, const char *overload, tnn_target_set **out,
                           tnn_error *err) {
    char key[160];
    tnn_target_scope scope = scope_of(interp);
    size_t n_name = strlen(name), n_overload = has_text(overload) ? strlen(overload) : 0;
    bool keep = n_name + n_overload + 3 <= sizeof(key);
    if (keep) {
        key[0] = scope.in_text ? 't' : 'p';
        memcpy(key + 1, name, n_name);
        key[n_name + 1] = '.';
        memcpy(key + n_name + 2, n_overload ? overload : "", n_overload + 1);
        *out = tnn_strmap_get(&interp->targets, key);
        if (*out) return TNN_OK;
    }
    *out = TNN_NEW(interp->arena, tnn_target_set);
    if (!*out) return tnn_fail_nomem(err);
    tnn_targets_find(*out, &scope, name, overload);
    if (keep && tnn_strmap_set(&interp->targets, key, *out) != TNN_OK) return tnn_fail_nomem(err);
    return TNN_OK;
}

static tnn_status prepare_schema(tnn_interp *interp, tnn_target *target, tnn_error *err) {
    tnn_schema *parsed;
    if (target->schema) return TNN_OK;
    if (target->op) return tnn_op_schema(&target->schema, interp->graph->model, target->op, err);
    TNN_TRY(tnn_schema_parse(&parsed, interp->arena, target->signature, err));
    target->schema = parsed;
    return TNN_OK;
}

/* Texts take the bound arguments in the order of the signature. */
tnn_status tnn_target_run_text(tnn_interp *interp, tnn_target *target, const tnn_obj *bound, tnn_obj *out,
                               tnn_error *err) {
    if (!target->function) TNN_TRY(tnn_run_definition(interp, target->text, &target->function, err));
    interp->n_texts++;
    tnn_status status = tnn_run_function(interp, target->function, bound, target->schema->n_args, NULL, 0, out, err);
    interp->n_texts--;
    return status;
}

static bool is_elementwise(const tnn_op *op) {
    const tnn_op_row *row = op->list == TNN_OPLIST_ATEN ? tnn_op_row_of(op) : NULL;
    return !row || row->op_class == TNN_CLASS_UNARY || row->op_class == TNN_CLASS_BINARY;
}

#define MAX_OPERANDS 8

/* Strides of the result of an operator with these operands. */
static void result_strides(const tnn_target *target, const tnn_obj *bound, const tnn_shape *shape,
                           int64_t *strides) {
    const tnn_handle *operands[MAX_OPERANDS];
    size_t n = 0;
    for (size_t k = 0; k < target->schema->n_args; k++)
        if (bound[k].kind == TNN_OBJ_TENSOR && bound[k].as.tensor->shape.rank <= shape->rank && n < MAX_OPERANDS)
            operands[n++] = bound[k].as.tensor;
    if (is_elementwise(target->op)) tnn_strides_elementwise(shape, operands, n, strides);
    else tnn_strides_contiguous(shape, strides);
}

static tnn_status append_node(tnn_interp *interp, const tnn_target *target, const tnn_obj *bound, tnn_obj *out,
                              tnn_error *err) {
    tnn_arg *args;
    tnn_node *node;
    int64_t strides[TNN_MAX_RANK];
    TNN_TRY(tnn_bind_args(interp, target->schema, bound, &args, err));
    TNN_TRY(tnn_op_append(&node, interp->graph, interp->before, target->op, args, target->schema->n_args,
                          interp->origin.name, err));
    node->name = interp->origin.name;
    node->scope = interp->origin.scope;
    node->source = interp->origin.source;
    if (node->n_outputs > 0) result_strides(target, bound, &node->outputs[0]->shape, strides);
    return tnn_bind_results(interp, node, strides, out, err);
}

static tnn_status run_spelling(tnn_interp *interp, tnn_target *target, const tnn_obj *bound, tnn_obj *out,
                               tnn_error *err) {
    bool kept;
    TNN_TRY(tnn_kept_call(interp, target, bound, out, &kept, err));
    return kept ? TNN_OK : tnn_target_run_text(interp, target, bound, out, err);
}

static tnn_status run_target(tnn_interp *interp, tnn_target *target, const tnn_obj *bound, tnn_obj *out,
                             tnn_error *err) {
    switch (target->kind) {
    case TNN_TARGET_CUSTOM: return tnn_custom_call(interp, target, bound, out, err);
    case TNN_TARGET_SPELLING: return run_spelling(interp, target, bound, out, err);
    case TNN_TARGET_NATIVE: return target->native(interp, bound, out, err);
    case TNN_TARGET_PRIMITIVE: break;
    case TNN_TARGET_COMPOSITE:
        if (interp->options.expand_composites) return tnn_target_run_text(interp, target, bound, out, err);
        break;
    }
    return append_node(interp, target, bound, out, err);
}

/* The first meaning that the arguments fit; the last one's error when none does. */
static tnn_status choose_target(tnn_interp *interp, tnn_target_set *set, const tnn_call_args *call,
                                tnn_target **target, tnn_obj **bound, tnn_error *err) {
    for (size_t k = 0; k < set->n; k++) {
        bool last = k + 1 == set->n;
        *target = &set->items[k];
        TNN_TRY(prepare_schema(interp, *target, err));
        tnn_status status = tnn_bind(interp, (*target)->name, (*target)->schema, call, bound, err);
        if (status != TNN_ERR_INVALID || last) return status;
    }
    return TNN_OK;
}

/* What an operator reads while it writes into `self` may be all of it or none. */
static tnn_status check_overlap(tnn_interp *interp, const tnn_handle *self, const tnn_obj *bound, size_t n,
                                tnn_error *err) {
    for (size_t k = 0; k < n; k++)
        if (bound[k].kind == TNN_OBJ_TENSOR) TNN_TRY(tnn_overlap_check(interp, self, bound[k].as.tensor, err));
    return TNN_OK;
}

/* NAME_: the result goes into the first argument, which is what the call gives back. */
static tnn_status write_back(tnn_interp *interp, const tnn_obj *self, const tnn_obj *out, tnn_error *err) {
    if (tnn_obj_absent(out))
        return tnn_fail(err, TNN_ERR_UNSUPPORTED, interp->origin.name, "not supported: %s", tnn_obj_absent(out));
    if (self->kind != TNN_OBJ_TENSOR || out->kind != TNN_OBJ_TENSOR)
        return tnn_fail(err, TNN_ERR_INVALID, interp->origin.name, "an in-place operator on a %s",
                        tnn_obj_kind_text(self));
    return tnn_native_write_result(interp, self->as.tensor, out->as.tensor, err);
}

/* The first argument, which stays the same object, looks where the result does. */
static tnn_status move_to(tnn_interp *interp, const tnn_obj *self, const tnn_obj *out, tnn_error *err) {
    if (self->kind != TNN_OBJ_TENSOR || out->kind != TNN_OBJ_TENSOR ||
        self->as.tensor->storage != out->as.tensor->storage)
        return tnn_fail(err, TNN_ERR_INVALID, interp->origin.name, "an in-place view that is none");
    uint64_t made = self->as.tensor->made;
    *self->as.tensor = *out->as.tensor;
    self->as.tensor->made = made;
    return TNN_OK;
}

/* An in-place dropout outside of training gives back its input as it is: nothing is written. */
static bool shows_the_same(const tnn_obj *self, const tnn_obj *out) {
    if (self->kind != TNN_OBJ_TENSOR || out->kind != TNN_OBJ_TENSOR) return false;
    const tnn_view *view = out->as.tensor->view;
    while (view->base && view->step.kind == TNN_STEP_DROPOUT) view = view->base;
    return out->as.tensor->storage == self->as.tensor->storage && view == self->as.tensor->view;
}

static tnn_status copy_result(tnn_interp *interp, tnn_obj *out, tnn_error *err) {
    if (out->kind == TNN_OBJ_TENSOR) return tnn_interp_call(interp, "clone", "", out, 1, NULL, 0, out, err);
    bool list = out->kind == TNN_OBJ_LIST || out->kind == TNN_OBJ_TUPLE;
    for (size_t k = 0; list && k < out->as.list->n; k++) TNN_TRY(copy_result(interp, &out->as.list->items[k], err));
    return TNN_OK;
}

static tnn_status finish(tnn_interp *interp, const tnn_target_set *set, const tnn_target *target,
                         const tnn_obj *self, const tnn_obj *bound, tnn_obj *out, tnn_error *err) {
    tnn_call_form form = set->form == TNN_FORM_WRITES && shows_the_same(self, out) ? TNN_FORM_MOVES : set->form;
    switch (form) {
    case TNN_FORM_PLAIN: return TNN_OK;
    case TNN_FORM_COPIES: return copy_result(interp, out, err);
    case TNN_FORM_MOVES: TNN_TRY(move_to(interp, self, out, err)); break;
    case TNN_FORM_WRITES:
        if (self->kind == TNN_OBJ_TENSOR)
            TNN_TRY(check_overlap(interp, self->as.tensor, bound, target->schema->n_args, err));
        TNN_TRY(write_back(interp, self, out, err));
        break;
    }
    *out = *self;
    return TNN_OK;
}

static tnn_status call_set(tnn_interp *interp, tnn_target_set *set, const tnn_call_args *call, tnn_obj *out,
                           tnn_error *err) {
    tnn_target *target = NULL;
    tnn_obj *bound = NULL;
    TNN_TRY(tnn_interp_step(interp, 1, err));
    TNN_TRY(choose_target(interp, set, call, &target, &bound, err));
    tnn_obj self = target->schema->n_args > 0 ? bound[0] : tnn_obj_none();
    TNN_TRY(tnn_interp_enter(interp, err));
    TNN_TRY(run_target(interp, target, bound, out, err));
    return finish(interp, set, target, &self, bound, out, err);
}

/* Has a meaning an argument of that name? */
static tnn_status find_keyword(tnn_interp *interp, tnn_target_set *set, const char *keyword, bool *found,
                               tnn_error *err) {
    *found = false;
    for (size_t k = 0; k < set->n && !*found; k++) {
        TNN_TRY(prepare_schema(interp, &set->items[k], err));
        *found = tnn_bind_find(set->items[k].schema, keyword) >= 0;
    }
    return TNN_OK;
}

/* A tensor under a name that no meaning has, be it `out`, `values` or `max_indices`, is to be written. */
static tnn_status find_outs(tnn_interp *interp, tnn_target_set *set, const tnn_call_args *call, bool **outs,
                            tnn_error *err) {
    const tnn_obj *given = call->args + (call->n_args - call->n_keywords);
    *outs = TNN_NEW_ARRAY(interp->arena, call->n_keywords, bool);
    if (!*outs) return tnn_fail_nomem(err);
    for (size_t k = 0; k < call->n_keywords; k++) {
        bool known = true;
        if (given[k].kind == TNN_OBJ_TENSOR) TNN_TRY(find_keyword(interp, set, call->keywords[k], &known, err));
        (*outs)[k] = !known;
    }
    return TNN_OK;
}

/* A call with `out` arguments taken off; they get the results. */
static tnn_status call_with_out(tnn_interp *interp, tnn_target_set *set, const tnn_call_args *call, tnn_obj *out,
                                tnn_error *err) {
    tnn_call_args plain;
    tnn_obj_list outs;
    bool *is_out;
    if (call->n_keywords == 0) return call_set(interp, set, call, out, err);
    TNN_TRY(find_outs(interp, set, call, &is_out, err));
    TNN_TRY(tnn_out_split(interp, call, is_out, &plain, &outs, err));
    TNN_TRY(call_set(interp, set, &plain, out, err));
    return outs.n == 0 ? TNN_OK : tnn_out_store(interp, &outs, out, err);
}

static tnn_status fail_unknown(const tnn_interp *interp, const char *name, const char *overload, tnn_error *err) {
    const char *reason = tnn_refused_reason(name, strlen(name)), *space = strchr(name, '.') ? "" : "aten.";
    if (reason) return tnn_fail(err, TNN_ERR_UNSUPPORTED, interp->origin.name, "%s", reason);
    return tnn_fail(err, TNN_ERR_UNSUPPORTED, interp->origin.name, "operator %s%s%s%s is not supported", space, name,
                    has_text(overload) ? "." : "", has_text(overload) ? overload : "");
}

tnn_status tnn_interp_call(tnn_interp *interp, const char *name, const char *overload, const tnn_obj *args,
                           size_t n_args, const char *const *keywords, size_t n_keywords, tnn_obj *out,
                           tnn_error *err) {
    tnn_target_set *set;
    tnn_call_args call = {args, n_args, keywords, n_keywords};
    uint32_t depth = interp->depth;
    TNN_TRY(find_set(interp, name, overload, &set, err));
    if (set->builtin) return tnn_builtin_call(interp, set->builtin, args, n_args, keywords, n_keywords, out, err);
    if (set->n == 0) return fail_unknown(interp, name, overload, err);
    tnn_status status = call_with_out(interp, set, &call, out, err);
    interp->depth = depth;
    return status;
}
