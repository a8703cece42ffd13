#include "eval/bind.h"

#include <string.h>

#include "eval/handle.h"
#include "ir/dtype_code.h"

/* Names of the user's operators have their namespace. */
static const char *space_of(const char *name) { return strstr(name, "::") ? "" : "aten."; }

static bool is_number(const tnn_obj *obj) {
    return obj->kind == TNN_OBJ_INT || obj->kind == TNN_OBJ_FLOAT || obj->kind == TNN_OBJ_BOOL;
}

static bool is_int(const tnn_obj *obj) { return obj->kind == TNN_OBJ_INT || obj->kind == TNN_OBJ_BOOL; }

static bool is_sequence(const tnn_obj *obj) { return obj->kind == TNN_OBJ_LIST || obj->kind == TNN_OBJ_TUPLE; }

static const char *base_text(tnn_type_base base) {
    static const char *const texts[] = {"Tensor", "Tensor or number", "int",   "float",         "bool", "number",
                                        "str",    "dtype",            "memory format", "graph", "anything"};
    return texts[base];
}

static tnn_obj as_int(const tnn_obj *obj) {
    return obj->kind == TNN_OBJ_BOOL ? tnn_obj_int(tnn_size_const(obj->as.boolean)) : *obj;
}

static tnn_obj as_float(const tnn_obj *obj) {
    if (obj->kind == TNN_OBJ_FLOAT) return *obj;
    return tnn_obj_float(obj->kind == TNN_OBJ_BOOL ? (double)obj->as.boolean : (double)obj->as.size.hint);
}

/* TorchScript writes numbers for what has names in Python: ATen's codes of types and of memory formats. */
static bool fit_dtype(const tnn_obj *obj, tnn_obj *out) {
    if (obj->kind == TNN_OBJ_DTYPE) return true;
    if (obj->kind != TNN_OBJ_INT) return false;
    *out = tnn_obj_dtype(tnn_dtype_of_code(obj->as.size.hint));
    return out->as.dtype != TNN_DTYPE_NONE;
}

static bool fit_memory_format(const tnn_obj *obj, tnn_obj *out) {
    if (obj->kind == TNN_OBJ_MEMORY_FORMAT) return true;
    if (obj->kind != TNN_OBJ_INT || obj->as.size.hint < 0 || obj->as.size.hint > TNN_MEMORY_CHANNELS_LAST_3D)
        return false;
    *out = tnn_obj_memory_format((tnn_memory_format)obj->as.size.hint);
    return true;
}

/* One item as `base` wants it; false when it does not fit. */
static bool fit_item(tnn_type_base base, const tnn_obj *obj, tnn_obj *out) {
    *out = *obj;
    switch (base) {
    case TNN_TYPE_TENSOR: return obj->kind == TNN_OBJ_TENSOR;
    case TNN_TYPE_OPERAND: return obj->kind == TNN_OBJ_TENSOR || is_number(obj);
    case TNN_TYPE_INT:
        *out = as_int(obj);
        return is_int(obj);
    case TNN_TYPE_FLOAT:
        if (is_number(obj)) *out = as_float(obj);
        return is_number(obj);
    case TNN_TYPE_BOOL: return obj->kind == TNN_OBJ_BOOL;
    case TNN_TYPE_SCALAR: return is_number(obj);
    case TNN_TYPE_STRING: return obj->kind == TNN_OBJ_STRING;
    case TNN_TYPE_DTYPE: return fit_dtype(obj, out);
    case TNN_TYPE_MEMORY_FORMAT: return fit_memory_format(obj, out);
    case TNN_TYPE_GRAPH: return false;
    case TNN_TYPE_ANY:
        return obj->kind != TNN_OBJ_TENSOR && obj->kind != TNN_OBJ_DTYPE && obj->kind != TNN_OBJ_INT;
    }
    return false;
}

/* What was given for which argument of which operator. */
typedef struct binding {
    tnn_interp *interp;
    const char *name;
    const tnn_schema_arg *arg;
} binding;

static tnn_status fail_type(const binding *b, const tnn_obj *given, tnn_error *err) {
    const tnn_schema_type *type = &b->arg->type;
    if (tnn_obj_absent(given))
        return tnn_fail(err, TNN_ERR_UNSUPPORTED, b->interp->origin.name, "not supported: %s", tnn_obj_absent(given));
    if (type->base == TNN_TYPE_DTYPE && given->kind == TNN_OBJ_INT && tnn_dtype_code_name(given->as.size.hint))
        return tnn_fail(err, TNN_ERR_UNSUPPORTED, b->interp->origin.name, "element type %s is not supported",
                        tnn_dtype_code_name(given->as.size.hint));
    return tnn_fail(err, TNN_ERR_INVALID, b->interp->origin.name, "%s%s: argument `%s` is a %s, expected %s%s%s",
                    space_of(b->name), b->name, b->arg->name, tnn_obj_kind_text(given), type->list ? "a list of " : "",
                    base_text(type->base), type->optional ? " or None" : "");
}

/* A single number n times. */
static tnn_status repeat_item(const binding *b, tnn_obj item, tnn_obj *out, tnn_error *err) {
    size_t n = b->arg->type.fixed_n > 0 ? (size_t)b->arg->type.fixed_n : 1;
    TNN_TRY(tnn_list_new(b->interp, TNN_OBJ_LIST, n, out, err));
    for (size_t k = 0; k < n; k++) TNN_TRY(tnn_list_push(b->interp, out->as.list, item, err));
    return TNN_OK;
}

static tnn_status fit_list(const binding *b, const tnn_obj *given, tnn_obj *out, tnn_error *err) {
    const tnn_schema_type *type = &b->arg->type;
    tnn_obj item;
    if (!is_sequence(given)) {
        if (type->base == TNN_TYPE_TENSOR || !fit_item(type->base, given, &item)) return fail_type(b, given, err);
        return repeat_item(b, item, out, err);
    }
    const tnn_obj_list *list = given->as.list;
    if (list->n == 1 && type->fixed_n > 1 && fit_item(type->base, &list->items[0], &item))
        return repeat_item(b, item, out, err);
    TNN_TRY(tnn_list_new(b->interp, TNN_OBJ_LIST, list->n, out, err));
    for (size_t k = 0; k < list->n; k++) {
        bool absent = type->item_optional && list->items[k].kind == TNN_OBJ_NONE;
        item = list->items[k];
        if (!absent && !fit_item(type->base, &list->items[k], &item)) return fail_type(b, &list->items[k], err);
        TNN_TRY(tnn_list_push(b->interp, out->as.list, item, err));
    }
    return TNN_OK;
}

static tnn_status fit_arg(const binding *b, const tnn_obj *given, tnn_obj *out, tnn_error *err) {
    if (given->kind == TNN_OBJ_NONE && (b->arg->type.optional || b->arg->type.base == TNN_TYPE_ANY)) {
        *out = *given;
        return TNN_OK;
    }
    if (b->arg->type.list) return fit_list(b, given, out, err);
    if (b->arg->type.base == TNN_TYPE_ANY && given->kind == TNN_OBJ_INT && strcmp(b->arg->name, "layout") == 0) {
        *out = tnn_obj_none();
        return TNN_OK;
    }
    if (!fit_item(b->arg->type.base, given, out)) return fail_type(b, given, err);
    return TNN_OK;
}

/* What PyTorch's functions in Python call arguments whose ATen name is another. */
static const char *other_name(const char *keyword) {
    static const char *const names[][2] = {{"input", "self"}, {"axis", "dim"}, {"keepdims", "keepdim"}, {"x", "self"},
                                           {"dims", "dim"},   {"mat", "other"}, {"tensor", "self"}};
    for (size_t k = 0; k < sizeof(names) / sizeof(names[0]); k++)
        if (strcmp(names[k][0], keyword) == 0) return names[k][1];
    return keyword;
}

int tnn_bind_find(const tnn_schema *schema, const char *keyword) {
    int index = tnn_schema_find(schema, keyword);
    return index >= 0 ? index : tnn_schema_find(schema, other_name(keyword));
}

static const tnn_obj *find_keyword(const tnn_call_args *call, const tnn_schema *schema, size_t index) {
    size_t n_positional = call->n_args - call->n_keywords;
    for (size_t k = 0; k < call->n_keywords; k++)
        if (tnn_bind_find(schema, call->keywords[k]) == (int)index) return &call->args[n_positional + k];
    return NULL;
}

/* Every keyword must name an argument that no positional one has filled. */
static tnn_status check_keywords(tnn_interp *interp, const char *name, const tnn_schema *schema,
                                 const tnn_call_args *call, tnn_error *err) {
    size_t n_positional = call->n_args - call->n_keywords;
    for (size_t k = 0; k < call->n_keywords; k++) {
        int index = tnn_bind_find(schema, call->keywords[k]);
        if (index < 0)
            return tnn_fail(err, TNN_ERR_INVALID, interp->origin.name, "%s%s has no argument `%s`",
                            space_of(name), name, call->keywords[k]);
        if ((size_t)index < n_positional)
            return tnn_fail(err, TNN_ERR_INVALID, interp->origin.name, "%s%s: argument `%s` is given twice",
                            space_of(name), name, call->keywords[k]);
    }
    return TNN_OK;
}

static tnn_status bind_one(const binding *b, const tnn_schema *schema, const tnn_call_args *call, size_t index,
                           tnn_obj *out, tnn_error *err) {
    const tnn_obj *given = NULL;
    tnn_obj made;
    size_t n_positional = call->n_args - call->n_keywords;
    if (index < n_positional && !b->arg->keyword_only) given = &call->args[index];
    else given = find_keyword(call, schema, index);
    if (!given && !b->arg->has_default)
        return tnn_fail(err, TNN_ERR_INVALID, b->interp->origin.name, "%s%s: argument `%s` is missing",
                        space_of(b->name), b->name, b->arg->name);
    if (!given) {
        TNN_TRY(tnn_obj_of_arg(b->interp, b->arg->default_value, &made, err));
        given = &made;
        if (made.kind == TNN_OBJ_NONE) {
            *out = made;
            return TNN_OK;
        }
    }
    return fit_arg(b, given, out, err);
}

static size_t count_positional(const tnn_schema *schema) {
    size_t n = 0;
    while (n < schema->n_args && !schema->args[n].keyword_only) n++;
    return n;
}

/* x.view(2, 3): sizes that were not put into a list, where the list is the only other argument. */
static tnn_status gather_varargs(tnn_interp *interp, const tnn_schema *schema, tnn_call_args *call,
                                 tnn_error *err) {
    size_t n_positional = call->n_args - call->n_keywords;
    if (count_positional(schema) != 2 || n_positional < 3 || !schema->args[1].type.list) return TNN_OK;
    for (size_t k = 1; k < n_positional; k++)
        if (!is_int(&call->args[k])) return TNN_OK;
    tnn_obj *args = TNN_NEW_ARRAY(interp->arena, 2 + call->n_keywords, tnn_obj);
    if (!args) return tnn_fail_nomem(err);
    args[0] = call->args[0];
    TNN_TRY(tnn_obj_list_new(interp, TNN_OBJ_LIST, call->args + 1, n_positional - 1, &args[1], err));
    if (call->n_keywords > 0)
        memcpy(args + 2, call->args + n_positional, call->n_keywords * sizeof(*args));
    call->args = args;
    call->n_args = 2 + call->n_keywords;
    return TNN_OK;
}

static bool is_tensor(const tnn_obj *obj) { return obj->kind == TNN_OBJ_TENSOR && !obj->as.tensor->is_number; }

/* Numbers that tracing made tensors of are numbers again, where one operand at least is a tensor. */
static tnn_status unwrap_numbers(tnn_interp *interp, const tnn_schema *schema, tnn_obj *bound, tnn_error *err) {
    size_t n_tensors = 0;
    for (size_t k = 0; k < schema->n_args; k++) n_tensors += is_tensor(&bound[k]);
    for (size_t k = 0; k < schema->n_args && n_tensors > 0; k++) {
        bool known;
        tnn_obj number;
        if (schema->args[k].type.base != TNN_TYPE_OPERAND || bound[k].kind != TNN_OBJ_TENSOR || is_tensor(&bound[k]))
            continue;
        TNN_TRY(tnn_interp_number(interp, bound[k].as.tensor, &number, &known, err));
        if (known) bound[k] = number;
    }
    return TNN_OK;
}

tnn_status tnn_bind(tnn_interp *interp, const char *name, const tnn_schema *schema, const tnn_call_args *given,
                    tnn_obj **out, tnn_error *err) {
    tnn_call_args call = *given;
    TNN_TRY(gather_varargs(interp, schema, &call, err));
    size_t n_positional = call.n_args - call.n_keywords;
    if (n_positional > count_positional(schema))
        return tnn_fail(err, TNN_ERR_INVALID, interp->origin.name,
                        "%s%s takes %zu positional arguments, %zu are given", space_of(name), name,
                        count_positional(schema), n_positional);
    TNN_TRY(check_keywords(interp, name, schema, &call, err));
    *out = TNN_NEW_ARRAY(interp->arena, schema->n_args + 1, tnn_obj);
    if (!*out) return tnn_fail_nomem(err);
    for (size_t k = 0; k < schema->n_args; k++) {
        binding b = {interp, name, &schema->args[k]};
        TNN_TRY(bind_one(&b, schema, &call, k, &(*out)[k], err));
    }
    return unwrap_numbers(interp, schema, *out, err);
}
