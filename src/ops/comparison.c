/* Comparisons and logic: element by element, broadcasting, the result is bool. Operands are compared as their
 * promoted type; for logic what is not 0 is true. */
#include <math.h>

#include "ops/class.h"
#include "ops/infer.h"
#include "ops/list.h"
#include "ops/promote.h"
#include "ops/walk.h"

static tnn_status infer_bool(const tnn_call *call, tnn_type *outs, uint32_t *n_outs, tnn_error *err) {
    TNN_TRY(tnn_infer_binary(call, outs, n_outs, err));
    outs[0].dtype = TNN_DTYPE_BOOL;
    return TNN_OK;
}

/* How x stands to y. A NaN is only ever unequal. */
typedef struct order {
    bool less, equal, greater;
} order;

static order order_at(const tnn_tensor *a, int64_t ia, const tnn_tensor *b, int64_t ib) {
    if (tnn_dtype_is_float(a->dtype)) {
        double x = tnn_tensor_number(a, ia), y = tnn_tensor_number(b, ib);
        return (order){x < y, x == y, x > y};
    }
    int64_t x = tnn_tensor_integer(a, ia), y = tnn_tensor_integer(b, ib);
    return (order){x < y, x == y, x > y};
}

static bool holds(const tnn_node *node, order o) {
    switch (node->op->id) {
    case TNN_OP_eq: return o.equal;
    case TNN_OP_ne: return !o.equal;
    case TNN_OP_lt: return o.less;
    case TNN_OP_le: return o.less || o.equal;
    case TNN_OP_gt: return o.greater;
    default: return o.greater || o.equal;
    }
}

static void compare(const tnn_node *node, const tnn_tensor *a, const tnn_tensor *b, tnn_tensor *out) {
    tnn_walk walk = tnn_walk_start(out->rank, out->dims);
    tnn_walk_broadcast(&walk, 0, a);
    tnn_walk_broadcast(&walk, 1, b);
    for (int64_t i = 0; i < out->n_elems; i++, tnn_walk_step(&walk)) {
        tnn_tensor_set_integer(out, i, holds(node, order_at(a, walk.at[0], b, walk.at[1])));
    }
}

static tnn_status run_compare(const tnn_kernel_call *call, tnn_error *err) {
    const tnn_arg *args = call->node->args;
    tnn_dtype dtype = tnn_promoted(args, 2);
    tnn_tensor a = {0}, b = {0};
    tnn_status status = tnn_operand_as(&a, call->operands[0], &args[0], dtype, err);
    if (status == TNN_OK) status = tnn_operand_as(&b, call->operands[1], &args[1], dtype, err);
    if (status == TNN_OK) compare(call->node, &a, &b, &call->outputs[0]);
    tnn_tensor_clear(&a);
    tnn_tensor_clear(&b);
    return status;
}

#define COMPARE(id)                                                                                \
    const tnn_op_row tnn_op_##id = {                                                               \
        .op = {#id, #id "(Tensor|Scalar self, Tensor|Scalar other) -> Tensor", TNN_OP_##id,        \
               TNN_OPLIST_ATEN},                                                                   \
        .op_class = TNN_CLASS_BINARY, .infer = infer_bool, .kernel = run_compare,                  \
    }

COMPARE(eq);
COMPARE(ne);
COMPARE(lt);
COMPARE(le);
COMPARE(gt);
COMPARE(ge);

/* The kernels below see operands as bools, the result's dtype. */

static int64_t both(int64_t x, int64_t y, const tnn_scalar *args) {
    (void)args;
    return x & y;
}

const tnn_op_row tnn_op_logical_and = {
    .op = {"logical_and", "logical_and(Tensor self, Tensor other) -> Tensor", TNN_OP_logical_and, TNN_OPLIST_ATEN},
    .op_class = TNN_CLASS_BINARY, .infer = infer_bool, .kernel = tnn_kernel_binary, .binary_int = both,
};

static int64_t either(int64_t x, int64_t y, const tnn_scalar *args) {
    (void)args;
    return x | y;
}

const tnn_op_row tnn_op_logical_or = {
    .op = {"logical_or", "logical_or(Tensor self, Tensor other) -> Tensor", TNN_OP_logical_or, TNN_OPLIST_ATEN},
    .op_class = TNN_CLASS_BINARY, .infer = infer_bool, .kernel = tnn_kernel_binary, .binary_int = either,
};

static tnn_status infer_not(const tnn_call *call, tnn_type *outs, uint32_t *n_outs, tnn_error *err) {
    TNN_TRY(tnn_infer_unary(call, outs, n_outs, err));
    outs[0].dtype = TNN_DTYPE_BOOL;
    return TNN_OK;
}

static int64_t negation(int64_t x, const tnn_scalar *args) {
    (void)args;
    return !x;
}

const tnn_op_row tnn_op_logical_not = {
    .op = {"logical_not", "logical_not(Tensor self) -> Tensor", TNN_OP_logical_not, TNN_OPLIST_ATEN},
    .op_class = TNN_CLASS_UNARY, .infer = infer_not, .kernel = tnn_kernel_unary, .unary_int = negation,
};
