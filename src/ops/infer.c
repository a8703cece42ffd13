/* What shape inference of all families shares. */
#include "ops/infer.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "ops/promote.h"

TNN_PRINTF(4, 0)
static tnn_status fail_call(const tnn_call *call, tnn_error *err, tnn_status code, const char *format,
                            va_list args) {
    char text[sizeof err->message];
    vsnprintf(text, sizeof text, format, args);
    return tnn_fail(err, code, call->where, "%s: %s", call->op->name, text);
}

tnn_status tnn_call_invalid(const tnn_call *call, tnn_error *err, const char *format, ...) {
    va_list args;
    va_start(args, format);
    tnn_status status = fail_call(call, err, TNN_ERR_INVALID, format, args);
    va_end(args);
    return status;
}

tnn_status tnn_call_unsupported(const tnn_call *call, tnn_error *err, const char *format, ...) {
    va_list args;
    va_start(args, format);
    tnn_status status = fail_call(call, err, TNN_ERR_UNSUPPORTED, format, args);
    va_end(args);
    return status;
}

static tnn_shape_text sizes_text(const tnn_size *sizes, size_t n) {
    tnn_shape_text out;
    tnn_strbuf buf = {0};
    tnn_strbuf_add(&buf, "[");
    for (size_t i = 0; i < n; i++) {
        if (i > 0) tnn_strbuf_add(&buf, ", ");
        tnn_size_print(&buf, sizes[i]);
    }
    tnn_strbuf_add(&buf, "]");
    snprintf(out.text, sizeof out.text, "%s", buf.failed ? "[…]" : buf.data);
    tnn_strbuf_free(&buf);
    return out;
}

tnn_shape_text tnn_shape_text_of(const tnn_shape *shape) {
    return sizes_text(shape->dims, shape->rank);
}

tnn_shape_text tnn_sizes_text_of(const tnn_arg *sizes) {
    return sizes_text(sizes->as.sizes, sizes->n);
}

const tnn_value *tnn_call_tensor(const tnn_call *call, size_t index) {
    return tnn_arg_tensor(&call->args[index]);
}

tnn_status tnn_call_result(tnn_type *outs, uint32_t *n_outs, tnn_dtype dtype, const tnn_shape *shape) {
    outs[0].dtype = dtype;
    outs[0].shape = *shape;
    *n_outs = 1;
    return TNN_OK;
}

tnn_status tnn_call_dim(const tnn_call *call, int64_t dim, uint8_t rank, uint8_t *out, tnn_error *err) {
    int64_t n = rank > 0 ? rank : 1;
    if (dim < -n || dim >= n) {
        return tnn_call_invalid(call, err, "dimension %lld is out of range, expected %lld to %lld", (long long)dim,
                                (long long)-n, (long long)(n - 1));
    }
    *out = (uint8_t)(dim < 0 ? dim + n : dim);
    return TNN_OK;
}

tnn_status tnn_call_dim_set(const tnn_call *call, const tnn_arg *dims, uint8_t rank, uint32_t *out, tnn_error *err) {
    uint32_t set = 0;
    for (uint32_t i = 0; i < dims->n; i++) {
        uint8_t dim = 0;
        TNN_TRY(tnn_call_dim(call, dims->as.sizes[i].hint, rank, &dim, err));
        if (set & (1u << dim)) return tnn_call_invalid(call, err, "dimension %u appears more than once", dim);
        set |= 1u << dim;
    }
    *out = set;
    return TNN_OK;
}

tnn_status tnn_call_need_float(const tnn_call *call, size_t index, tnn_error *err) {
    tnn_dtype dtype = tnn_call_tensor(call, index)->dtype;
    if (tnn_dtype_is_float(dtype)) return TNN_OK;
    return tnn_call_invalid(call, err, "%s is %s, expected a float type", call->schema->args[index].name,
                            tnn_dtype_name(dtype));
}

tnn_status tnn_call_need_dtype(const tnn_call *call, size_t index, tnn_dtype dtype, tnn_error *err) {
    const tnn_value *value = tnn_call_tensor(call, index);
    if (!value || value->dtype == dtype) return TNN_OK;
    return tnn_call_invalid(call, err, "%s is %s, expected %s as %s is", call->schema->args[index].name,
                            tnn_dtype_name(value->dtype), tnn_dtype_name(dtype), call->schema->args[0].name);
}

tnn_status tnn_call_need_size(const tnn_call *call, const char *what, tnn_size found, tnn_size expected,
                              tnn_error *err) {
    bool equal;
    TNN_TRY(tnn_guard_equal(call->model, found, expected, &equal, err));
    if (equal) return TNN_OK;
    return tnn_call_invalid(call, err, "%s is %lld, expected %lld", what, (long long)found.hint,
                            (long long)expected.hint);
}

tnn_status tnn_call_broadcast_size(const tnn_call *call, tnn_size a, tnn_size b, tnn_size *out, bool *fits,
                                   tnn_error *err) {
    bool yes;
    *fits = true;
    *out = !a.expr && a.hint == 1 ? b : a;
    if ((!a.expr && a.hint == 1) || (!b.expr && b.hint == 1)) return TNN_OK;
    TNN_TRY(tnn_guard_equal(call->model, a, b, &yes, err));
    *out = a.expr ? b : a; /* a plain number says more */
    if (yes) return TNN_OK;
    TNN_TRY(tnn_guard_equal(call->model, a, tnn_size_const(1), &yes, err));
    *out = b;
    if (yes) return TNN_OK;
    TNN_TRY(tnn_guard_equal(call->model, b, tnn_size_const(1), fits, err));
    *out = a;
    return TNN_OK;
}

tnn_status tnn_call_broadcast(const tnn_call *call, const tnn_shape *a, const tnn_shape *b, tnn_shape *out,
                              tnn_error *err) {
    const tnn_shape *longer = a->rank >= b->rank ? a : b, *shorter = a->rank >= b->rank ? b : a;
    uint8_t lead = (uint8_t)(longer->rank - shorter->rank);
    tnn_shape result = *longer;
    for (uint8_t i = 0; i < shorter->rank; i++) {
        bool fits;
        tnn_size *dim = &result.dims[lead + i];
        TNN_TRY(tnn_call_broadcast_size(call, longer->dims[lead + i], shorter->dims[i], dim, &fits, err));
        if (!fits) {
            return tnn_call_invalid(call, err, "shapes %s and %s do not broadcast: dimension %u is %lld and %lld",
                                    tnn_shape_text_of(a).text, tnn_shape_text_of(b).text, lead + i,
                                    (long long)longer->dims[lead + i].hint, (long long)shorter->dims[i].hint);
        }
    }
    *out = result;
    return TNN_OK;
}

tnn_status tnn_call_count(const tnn_call *call, const tnn_shape *shape, tnn_size *out, tnn_error *err) {
    *out = tnn_size_const(1);
    for (uint8_t i = 0; i < shape->rank; i++) {
        TNN_TRY(tnn_size_mul(out, call->model->arena, *out, shape->dims[i], err));
    }
    return TNN_OK;
}

tnn_size tnn_list_size(const tnn_arg *list, size_t index) {
    return list->as.sizes[list->n == 1 ? 0 : index];
}

int64_t tnn_list_int(const tnn_arg *list, size_t index) {
    return tnn_list_size(list, index).hint;
}

tnn_dtype tnn_arg_dtype(const tnn_arg *arg) {
    return arg->kind == TNN_ARG_DTYPE ? (tnn_dtype)arg->as.integer : TNN_DTYPE_NONE;
}

tnn_call tnn_call_of_node(const tnn_node *node) {
    tnn_call call = {node->graph->model, node->op, node->schema, node->args, tnn_node_where(node)};
    return call;
}

static void accept_outputs(const tnn_node *node, tnn_dtype *dtypes, tnn_shape *shapes) {
    for (uint32_t i = 0; i < node->n_outputs; i++) {
        dtypes[i] = node->outputs[i]->dtype;
        shapes[i] = node->outputs[i]->shape;
    }
}

tnn_status tnn_ops_verify_infer(const tnn_node *node, tnn_dtype *dtypes, tnn_shape *shapes, tnn_error *err) {
    const tnn_op_row *row = tnn_op_row_of(node->op);
    tnn_call call = tnn_call_of_node(node);
    tnn_type types[TNN_MAX_OUTPUTS];
    uint32_t n = 0;
    accept_outputs(node, dtypes, shapes);
    if (!row) return TNN_OK;
    TNN_TRY(row->infer(&call, types, &n, err));
    if (n != node->n_outputs) {
        return tnn_fail(err, TNN_ERR_INTERNAL, call.where, "%s has %u outputs, expected %u", node->op->name,
                        node->n_outputs, n);
    }
    for (uint32_t i = 0; i < n; i++) {
        dtypes[i] = types[i].dtype;
        shapes[i] = types[i].shape;
    }
    return TNN_OK;
}
