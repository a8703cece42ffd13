#include "eval/out_args.h"

#include <string.h>

#include "eval/native.h"

tnn_status tnn_out_split(tnn_interp *interp, const tnn_call_args *call, const bool *is_out, tnn_call_args *plain,
                         tnn_obj_list *outs, tnn_error *err) {
    size_t n_positional = call->n_args - call->n_keywords, n = 0;
    *plain = *call;
    memset(outs, 0, sizeof(*outs));
    for (size_t k = 0; k < call->n_keywords; k++) n += is_out[k];
    if (n == 0) return TNN_OK;
    tnn_obj *args = tnn_arena_copy(interp->arena, call->args, call->n_args, sizeof(*args));
    const char **keywords = TNN_NEW_ARRAY(interp->arena, call->n_keywords, const char *);
    if (!args || !keywords) return tnn_fail_nomem(err);
    *plain = (tnn_call_args){args, n_positional, keywords, 0};
    for (size_t k = 0; k < call->n_keywords; k++) {
        if (is_out[k]) {
            TNN_TRY(tnn_list_push(interp, outs, call->args[n_positional + k], err));
            continue;
        }
        args[plain->n_args++] = call->args[n_positional + k];
        keywords[plain->n_keywords++] = call->keywords[k];
    }
    return TNN_OK;
}

/* An empty tensor takes the shape of what is written into it. */
static tnn_status become(tnn_interp *interp, tnn_handle *out, tnn_handle *result, tnn_error *err) {
    tnn_value *value;
    tnn_obj made;
    TNN_TRY(tnn_interp_read(interp, result, &value, err));
    TNN_TRY(tnn_emit_cast(interp, value, tnn_handle_dtype(out), &value, err));
    TNN_TRY(tnn_handle_new(interp, value, NULL, &made, err));
    *out = *made.as.tensor;
    return TNN_OK;
}

static tnn_status store(tnn_interp *interp, tnn_handle *out, tnn_handle *result, tnn_error *err) {
    int64_t count;
    if (tnn_shape_equal_hints(&out->shape, &result->shape))
        return tnn_native_write_result(interp, out, result, err);
    if (!tnn_shape_count(&out->shape, &count) || count != 0)
        return tnn_fail(err, TNN_ERR_UNSUPPORTED, interp->origin.name,
                        "the tensor given as `out` has another shape than the result");
    TNN_TRY(tnn_native_check_cast(interp, tnn_handle_dtype(result), tnn_handle_dtype(out), err));
    return become(interp, out, result, err);
}

tnn_status tnn_out_store(tnn_interp *interp, const tnn_obj_list *outs, tnn_obj *result, tnn_error *err) {
    bool list = result->kind == TNN_OBJ_TUPLE || result->kind == TNN_OBJ_LIST;
    size_t n = list ? result->as.list->n : 1;
    tnn_obj *results = list ? result->as.list->items : result;
    if (n != outs->n)
        return tnn_fail(err, TNN_ERR_INVALID, interp->origin.name, "%zu tensors given as `out` for %zu results",
                        outs->n, n);
    for (size_t k = 0; k < n; k++) {
        if (results[k].kind != TNN_OBJ_TENSOR)
            return tnn_fail(err, TNN_ERR_UNSUPPORTED, interp->origin.name, "`out` for a result that is no tensor");
        TNN_TRY(store(interp, outs->items[k].as.tensor, results[k].as.tensor, err));
        results[k] = outs->items[k];
    }
    return TNN_OK;
}
