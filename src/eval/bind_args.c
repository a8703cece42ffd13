#include "eval/bind.h"

#include "eval/handle.h"

static tnn_status tensors_arg(tnn_interp *interp, const tnn_obj_list *list, tnn_arg *out, tnn_error *err) {
    tnn_value **values = TNN_NEW_ARRAY(interp->arena, list->n + 1, tnn_value *);
    if (!values) return tnn_fail_nomem(err);
    for (size_t k = 0; k < list->n; k++)
        if (list->items[k].kind == TNN_OBJ_TENSOR)
            TNN_TRY(tnn_interp_read(interp, list->items[k].as.tensor, &values[k], err));
    *out = tnn_arg_of_tensors(values, list->n);
    return TNN_OK;
}

static tnn_status sizes_arg(tnn_interp *interp, const tnn_obj_list *list, tnn_arg *out, tnn_error *err) {
    tnn_size *sizes = TNN_NEW_ARRAY(interp->arena, list->n + 1, tnn_size);
    if (!sizes) return tnn_fail_nomem(err);
    for (size_t k = 0; k < list->n; k++) sizes[k] = list->items[k].as.size;
    *out = tnn_arg_of_sizes(sizes, list->n);
    return TNN_OK;
}

static tnn_status floats_arg(tnn_interp *interp, const tnn_obj_list *list, tnn_arg *out, tnn_error *err) {
    double *numbers = TNN_NEW_ARRAY(interp->arena, list->n + 1, double);
    if (!numbers) return tnn_fail_nomem(err);
    for (size_t k = 0; k < list->n; k++) numbers[k] = list->items[k].as.number;
    out->kind = TNN_ARG_FLOATS;
    out->n = (uint32_t)list->n;
    out->as.numbers = numbers;
    return TNN_OK;
}

static tnn_status bools_arg(tnn_interp *interp, const tnn_obj_list *list, tnn_arg *out, tnn_error *err) {
    uint8_t *bools = TNN_NEW_ARRAY(interp->arena, list->n + 1, uint8_t);
    if (!bools) return tnn_fail_nomem(err);
    for (size_t k = 0; k < list->n; k++) bools[k] = list->items[k].as.boolean;
    out->kind = TNN_ARG_BOOLS;
    out->n = (uint32_t)list->n;
    out->as.bools = bools;
    return TNN_OK;
}

static tnn_status texts_arg(tnn_interp *interp, const tnn_obj_list *list, tnn_arg *out, tnn_error *err) {
    const char **texts = TNN_NEW_ARRAY(interp->arena, list->n + 1, const char *);
    if (!texts) return tnn_fail_nomem(err);
    for (size_t k = 0; k < list->n; k++) texts[k] = list->items[k].as.text;
    out->kind = TNN_ARG_STRINGS;
    out->n = (uint32_t)list->n;
    out->as.texts = texts;
    return TNN_OK;
}

static tnn_status list_arg(tnn_interp *interp, const tnn_schema_type *type, const tnn_obj_list *list, tnn_arg *out,
                           tnn_error *err) {
    if (type->base == TNN_TYPE_TENSOR) return tensors_arg(interp, list, out, err);
    if (type->base == TNN_TYPE_INT) return sizes_arg(interp, list, out, err);
    if (type->base == TNN_TYPE_FLOAT) return floats_arg(interp, list, out, err);
    if (type->base == TNN_TYPE_BOOL) return bools_arg(interp, list, out, err);
    if (type->base == TNN_TYPE_STRING) return texts_arg(interp, list, out, err);
    return tnn_fail(err, TNN_ERR_UNSUPPORTED, interp->origin.name, "a list of this kind as an argument of a node");
}

static tnn_status item_arg(tnn_interp *interp, const tnn_obj *obj, tnn_arg *out, tnn_error *err) {
    tnn_value *value;
    *out = tnn_arg_none();
    switch (obj->kind) {
    case TNN_OBJ_TENSOR:
        TNN_TRY(tnn_interp_read(interp, obj->as.tensor, &value, err));
        *out = tnn_arg_of_tensor(value);
        break;
    case TNN_OBJ_INT: *out = tnn_arg_of_size(obj->as.size); break;
    case TNN_OBJ_FLOAT: *out = tnn_arg_of_float(obj->as.number); break;
    case TNN_OBJ_BOOL: *out = tnn_arg_of_bool(obj->as.boolean); break;
    case TNN_OBJ_STRING: *out = tnn_arg_of_string(obj->as.text); break;
    case TNN_OBJ_DTYPE: *out = tnn_arg_of_dtype(obj->as.dtype); break;
    case TNN_OBJ_MEMORY_FORMAT:
        out->kind = TNN_ARG_MEMORY_FORMAT;
        out->as.integer = obj->as.memory_format;
        break;
    case TNN_OBJ_NONE:
    case TNN_OBJ_LIST:
    case TNN_OBJ_TUPLE:
    case TNN_OBJ_DICT:
    case TNN_OBJ_INSTANCE:
    case TNN_OBJ_NAME: break;
    }
    return TNN_OK;
}

tnn_status tnn_bind_args(tnn_interp *interp, const tnn_schema *schema, const tnn_obj *bound, tnn_arg **out,
                         tnn_error *err) {
    *out = TNN_NEW_ARRAY(interp->arena, schema->n_args + 1, tnn_arg);
    if (!*out) return tnn_fail_nomem(err);
    for (size_t k = 0; k < schema->n_args; k++) {
        const tnn_schema_type *type = &schema->args[k].type;
        if (bound[k].kind == TNN_OBJ_LIST)
            TNN_TRY(list_arg(interp, type, bound[k].as.list, &(*out)[k], err));
        else TNN_TRY(item_arg(interp, &bound[k], &(*out)[k], err));
    }
    return TNN_OK;
}

tnn_status tnn_bind_results(tnn_interp *interp, const tnn_node *node, const int64_t *strides, tnn_obj *out,
                            tnn_error *err) {
    const tnn_schema *schema = node->schema;
    bool list = schema->n_returns == 1 && schema->returns[0].list;
    if (node->n_outputs == 1 && !list) return tnn_handle_new(interp, node->outputs[0], strides, out, err);
    TNN_TRY(tnn_list_new(interp, list ? TNN_OBJ_LIST : TNN_OBJ_TUPLE, node->n_outputs, out, err));
    for (uint32_t k = 0; k < node->n_outputs; k++) {
        tnn_obj item;
        TNN_TRY(tnn_handle_new(interp, node->outputs[k], NULL, &item, err));
        TNN_TRY(tnn_list_push(interp, out->as.list, item, err));
    }
    return TNN_OK;
}
