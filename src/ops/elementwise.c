/* Kernels of element-wise operators: a formula on every element, with broadcasting. */
#include <math.h>
#include <string.h>

#include "ops/class.h"
#include "ops/walk.h"

static tnn_scalar scalar_of(const tnn_arg *arg) {
    if (arg->kind == TNN_ARG_NONE) return (tnn_scalar){false, NAN, 0};
    double number = tnn_arg_number(arg);
    int64_t integer = arg->kind == TNN_ARG_FLOAT ? 0 : tnn_arg_int(arg);
    if (arg->kind == TNN_ARG_FLOAT && fabs(number) < 0x1p63) integer = (int64_t)number;
    return (tnn_scalar){true, number, integer};
}

static bool is_scalar_type(const tnn_schema_type *type) {
    return !type->list && (type->base == TNN_TYPE_SCALAR || type->base == TNN_TYPE_INT ||
                           type->base == TNN_TYPE_FLOAT || type->base == TNN_TYPE_BOOL);
}

size_t tnn_node_scalars(const tnn_node *node, tnn_scalar *out) {
    size_t n = 0;
    for (size_t i = 0; i < node->schema->n_args && n < TNN_MAX_SCALARS; i++) {
        if (is_scalar_type(&node->schema->args[i].type)) out[n++] = scalar_of(&node->args[i]);
    }
    return n;
}

tnn_status tnn_operand_as(tnn_tensor *out, const tnn_tensor *operand, const tnn_arg *arg, tnn_dtype dtype,
                          tnn_error *err) {
    if (operand) {
        TNN_TRY(tnn_tensor_init(out, dtype, operand->rank, operand->dims, err));
        tnn_convert_elems(out->data, dtype, operand->data, operand->dtype, operand->n_elems);
        return TNN_OK;
    }
    TNN_TRY(tnn_tensor_init(out, dtype, 0, NULL, err));
    if (arg->kind == TNN_ARG_FLOAT) tnn_tensor_set_number(out, 0, tnn_arg_number(arg));
    else tnn_tensor_set_integer(out, 0, tnn_arg_int(arg));
    return TNN_OK;
}

tnn_status tnn_kernel_convert(const tnn_kernel_call *call, tnn_error *err) {
    (void)err;
    const tnn_tensor *in = call->operands[0], *out = &call->outputs[0];
    tnn_convert_elems(out->data, out->dtype, in->data, in->dtype, out->n_elems);
    return TNN_OK;
}

/* In place, in the result. */
tnn_status tnn_map_unary(const tnn_kernel_call *call, tnn_unary_fn *fn, tnn_unary_int_fn *fn_int, tnn_error *err) {
    tnn_scalar scalars[TNN_MAX_SCALARS];
    tnn_tensor *out = &call->outputs[0];
    (void)tnn_node_scalars(call->node, scalars);
    TNN_TRY(tnn_kernel_convert(call, err));
    for (int64_t i = 0; i < out->n_elems; i++) {
        if (fn_int && !tnn_dtype_is_float(out->dtype)) {
            tnn_tensor_set_integer(out, i, fn_int(tnn_tensor_integer(out, i), scalars));
        } else {
            tnn_tensor_set_number(out, i, fn(tnn_tensor_number(out, i), scalars));
        }
    }
    return TNN_OK;
}

tnn_status tnn_kernel_unary(const tnn_kernel_call *call, tnn_error *err) {
    const tnn_op_row *row = tnn_op_row_of(call->node->op);
    return tnn_map_unary(call, row->unary, row->unary_int, err);
}

/* Both operands have the result's dtype. */
static void map_pairs(tnn_tensor *out, const tnn_tensor *a, const tnn_tensor *b, tnn_binary_fn *fn,
                      tnn_binary_int_fn *fn_int, const tnn_scalar *scalars) {
    tnn_walk walk = tnn_walk_start(out->rank, out->dims);
    tnn_walk_broadcast(&walk, 0, a);
    tnn_walk_broadcast(&walk, 1, b);
    for (int64_t i = 0; i < out->n_elems; i++, tnn_walk_step(&walk)) {
        int64_t ia = walk.at[0], ib = walk.at[1];
        if (fn_int && !tnn_dtype_is_float(out->dtype)) {
            tnn_tensor_set_integer(out, i, fn_int(tnn_tensor_integer(a, ia), tnn_tensor_integer(b, ib), scalars));
        } else {
            tnn_tensor_set_number(out, i, fn(tnn_tensor_number(a, ia), tnn_tensor_number(b, ib), scalars));
        }
    }
}

tnn_status tnn_map_binary(const tnn_kernel_call *call, tnn_binary_fn *fn, tnn_binary_int_fn *fn_int,
                          tnn_error *err) {
    tnn_tensor *out = &call->outputs[0], a = {0}, b = {0};
    const tnn_arg *args = call->node->args;
    tnn_scalar scalars[TNN_MAX_SCALARS];
    (void)tnn_node_scalars(call->node, scalars);
    tnn_status status = tnn_operand_as(&a, call->operands[0], &args[0], out->dtype, err);
    if (status == TNN_OK) status = tnn_operand_as(&b, call->operands[1], &args[1], out->dtype, err);
    if (status == TNN_OK) map_pairs(out, &a, &b, fn, fn_int, scalars);
    tnn_tensor_clear(&a);
    tnn_tensor_clear(&b);
    return status;
}

tnn_status tnn_kernel_binary(const tnn_kernel_call *call, tnn_error *err) {
    const tnn_op_row *row = tnn_op_row_of(call->node->op);
    return tnn_map_binary(call, row->binary, row->binary_int, err);
}
