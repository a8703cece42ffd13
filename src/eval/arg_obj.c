/* Arguments of nodes as the evaluator knows them. */
#include "eval/bind.h"

static tnn_status item_obj(tnn_interp *interp, const tnn_arg *arg, uint32_t i, tnn_obj *out, tnn_error *err) {
    *out = tnn_obj_none();
    if (arg->kind == TNN_ARG_INTS) *out = tnn_obj_int(arg->as.sizes[i]);
    else if (arg->kind == TNN_ARG_FLOATS) *out = tnn_obj_float(arg->as.numbers[i]);
    else if (arg->kind == TNN_ARG_BOOLS) *out = tnn_obj_bool(arg->as.bools[i] != 0);
    else if (arg->kind == TNN_ARG_STRINGS) *out = tnn_obj_string(arg->as.texts[i]);
    else if (arg->as.tensors[i]) return tnn_interp_tensor(interp, arg->as.tensors[i], NULL, out, err);
    return TNN_OK;
}

static tnn_status list_obj(tnn_interp *interp, const tnn_arg *arg, tnn_obj *out, tnn_error *err) {
    TNN_TRY(tnn_list_new(interp, TNN_OBJ_LIST, arg->n, out, err));
    for (uint32_t i = 0; i < arg->n; i++) {
        tnn_obj item;
        TNN_TRY(item_obj(interp, arg, i, &item, err));
        TNN_TRY(tnn_list_push(interp, out->as.list, item, err));
    }
    return TNN_OK;
}

tnn_status tnn_obj_of_arg(tnn_interp *interp, const tnn_arg *arg, tnn_obj *out, tnn_error *err) {
    *out = tnn_obj_none();
    switch (arg->kind) {
    case TNN_ARG_NONE: break;
    case TNN_ARG_TENSOR: return tnn_interp_tensor(interp, arg->as.tensor, NULL, out, err);
    case TNN_ARG_TENSORS:
    case TNN_ARG_INTS:
    case TNN_ARG_FLOATS:
    case TNN_ARG_BOOLS:
    case TNN_ARG_STRINGS: return list_obj(interp, arg, out, err);
    case TNN_ARG_INT: *out = tnn_obj_int(arg->as.size); break;
    case TNN_ARG_FLOAT: *out = tnn_obj_float(arg->as.number); break;
    case TNN_ARG_BOOL: *out = tnn_obj_bool(arg->as.integer != 0); break;
    case TNN_ARG_STRING: *out = tnn_obj_string(arg->as.text); break;
    case TNN_ARG_DTYPE: *out = tnn_obj_dtype((tnn_dtype)arg->as.integer); break;
    case TNN_ARG_MEMORY_FORMAT: *out = tnn_obj_memory_format((tnn_memory_format)arg->as.integer); break;
    case TNN_ARG_GRAPH:
        return tnn_fail(err, TNN_ERR_UNSUPPORTED, interp->origin.name, "a graph as an argument is not supported");
    }
    return TNN_OK;
}
