/* Arguments of forward: as the block for `__main__` calls the model, or as the user says. */
#include <string.h>

#include "eval/handle.h"
#include "read/python_load.h"

static tnn_status from_example(tnn_python_load *load, const char *name, const tnn_obj *example, tnn_obj *out,
                               tnn_error *err);

static tnn_status example_tensor(tnn_python_load *load, const char *name, const tnn_obj *example, tnn_obj *out,
                                 tnn_error *err) {
    tnn_example like = {.dtype = TNN_DTYPE_NONE};
    tnn_shape shape;
    tnn_interp_type(example->as.tensor, &like.dtype, &shape);
    like.rank = shape.rank;
    for (unsigned i = 0; i < shape.rank; i++) like.dims[i] = shape.dims[i].hint;
    return tnn_program_tensor(&load->base, name, &like, out, err);
}

static tnn_status example_items(tnn_python_load *load, const char *name, const tnn_obj *example, tnn_obj *out,
                                tnn_error *err) {
    const tnn_obj_list *list = example->as.list;
    tnn_obj made, item;
    TNN_TRY(tnn_list_new(load->base.interp, example->kind, list->n, &made, err));
    for (size_t i = 0; i < list->n; i++) {
        const char *part = tnn_program_item_name(&load->base, name, i);
        if (part == NULL) return tnn_fail_nomem(err);
        TNN_TRY(from_example(load, part, &list->items[i], &item, err));
        TNN_TRY(tnn_list_push(load->base.interp, made.as.list, item, err));
    }
    *out = made;
    return TNN_OK;
}

static tnn_status example_dict(tnn_python_load *load, const char *name, const tnn_obj *example, tnn_obj *out,
                               tnn_error *err) {
    const tnn_obj_dict *dict = example->as.dict;
    tnn_obj made, value;
    TNN_TRY(tnn_dict_new(load->base.interp, &made, err));
    for (size_t i = 0; i < dict->n; i++) {
        const char *key = dict->keys[i].kind == TNN_OBJ_STRING ? dict->keys[i].as.text : "item";
        const char *part = tnn_arena_printf(load->base.model->arena, "%s_%s", name, key);
        if (part == NULL) return tnn_fail_nomem(err);
        TNN_TRY(from_example(load, part, &dict->values[i], &value, err));
        TNN_TRY(tnn_dict_set(load->base.interp, made.as.dict, dict->keys[i], value, err));
    }
    *out = made;
    return TNN_OK;
}

/* Numbers, texts and None are as the block has them; of what it could not evaluate only the user can say the shape. */
static tnn_status from_example(tnn_python_load *load, const char *name, const tnn_obj *example, tnn_obj *out,
                               tnn_error *err) {
    const tnn_example none = {.dtype = TNN_DTYPE_NONE};
    *out = *example;
    TNN_TRY(tnn_interp_enter(load->base.interp, err));
    tnn_status status = TNN_OK;
    if (example->kind == TNN_OBJ_TENSOR) status = example_tensor(load, name, example, out, err);
    else if (example->kind == TNN_OBJ_LIST || example->kind == TNN_OBJ_TUPLE)
        status = example_items(load, name, example, out, err);
    else if (example->kind == TNN_OBJ_DICT) status = example_dict(load, name, example, out, err);
    else if (tnn_obj_is_unknown(example)) status = tnn_program_tensor(&load->base, name, &none, out, err);
    tnn_interp_leave(load->base.interp);
    return status;
}

/* What the call in the block gives for parameter number `index`, counted without self; NULL: nothing. */
static const tnn_obj *find_example(const tnn_call_args *call, const tnn_param *param, size_t index) {
    size_t n_positional = call->n_args - call->n_keywords;
    if (index < n_positional && param->kind == TNN_PARAM_PLAIN) return &call->args[index];
    for (size_t i = 0; i < call->n_keywords; i++) {
        if (strcmp(call->keywords[i], param->name) == 0) return &call->args[n_positional + i];
    }
    return NULL;
}

/* *args and **kwargs of forward are empty unless the block fills the first. */
static tnn_status push_rest(tnn_python_load *load, const tnn_param *param, size_t index, tnn_obj_list *args,
                            tnn_error *err) {
    const tnn_call_args *call = &load->example.call;
    size_t n_positional = call->n_args - call->n_keywords;
    tnn_obj value;
    if (param->kind == TNN_PARAM_KEYWORDS) return TNN_OK;
    for (size_t i = index; i < n_positional; i++) {
        const char *name = tnn_program_item_name(&load->base, param->name, i - index);
        if (name == NULL) return tnn_fail_nomem(err);
        TNN_TRY(from_example(load, name, &call->args[i], &value, err));
        TNN_TRY(tnn_list_push(load->base.interp, args, value, err));
    }
    return TNN_OK;
}

/* An annotation that says what the argument is; NULL: it does not, and the argument is a tensor. */
static const tnn_ast *type_of(const tnn_param *param) {
    static const char *const names[] = {"int", "float", "bool", "str"};
    const tnn_ast *type = param->annotation;
    if (type == NULL || type->kind == TNN_AST_SUBSCRIPT) return type;
    for (size_t i = 0; type->kind == TNN_AST_NAME && i < sizeof names / sizeof *names; i++) {
        if (strcmp(names[i], type->as.text) == 0) return type;
    }
    return NULL;
}

typedef struct gathered {
    tnn_obj_list positional, named;
    const char **keywords;
} gathered;

static tnn_status push_param(tnn_python_load *load, const tnn_function *method, size_t index, gathered *g,
                             tnn_error *err) {
    const tnn_param *param = &method->params[index + 1];
    tnn_obj value;
    if (param->kind == TNN_PARAM_REST || param->kind == TNN_PARAM_KEYWORDS)
        return push_rest(load, param, index, &g->positional, err);
    const tnn_obj *example = find_example(&load->example.call, param, index);
    bool is_default = param->default_value != NULL && !tnn_program_wants(&load->base, param);
    if (example == NULL && is_default) return TNN_OK;
    if (example != NULL) TNN_TRY(from_example(load, param->name, example, &value, err));
    else TNN_TRY(tnn_program_typed(&load->base, param->name, type_of(param), &value, err));
    if (param->kind == TNN_PARAM_PLAIN && g->positional.n == index)
        return tnn_list_push(load->base.interp, &g->positional, value, err);
    g->keywords[g->named.n] = param->name;
    return tnn_list_push(load->base.interp, &g->named, value, err);
}

tnn_status tnn_python_inputs(tnn_python_load *load, const tnn_function *method, tnn_call_args *out, tnn_error *err) {
    size_t n = method->n_params == 0 ? 0 : method->n_params - 1;
    gathered g = {.keywords = TNN_NEW_ARRAY(load->base.scratch, n + 1, const char *)};
    if (g.keywords == NULL) return tnn_fail_nomem(err);
    TNN_TRY(tnn_program_specs(&load->base, err));
    for (size_t i = 0; i < n; i++) TNN_TRY(push_param(load, method, i, &g, err));
    TNN_TRY(tnn_program_specs_check(&load->base, err));
    for (size_t i = 0; i < g.named.n; i++)
        TNN_TRY(tnn_list_push(load->base.interp, &g.positional, g.named.items[i], err));
    *out = (tnn_call_args){g.positional.items, g.positional.n, g.keywords, g.named.n};
    return TNN_OK;
}
