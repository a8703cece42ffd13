/* Comparisons, logic, and choice by a condition. TFLite compares float32, int32 and int64; for equality bools too. */
#include "ops/list.h"
#include "ops/promote.h"
#include "tflite/lower_sides.h"

#define ROW(name, lower) const tnn_lower_row tnn_lowering_##name = {{TNN_DEMAND_FREE, NULL, NULL}, lower, NULL}

static tnn_status lower_compare(tnn_lower *l, const tnn_node *node, tnn_error *err) {
    static const tnn_tfl_row *const row[TNN_OP_COUNT] = {
        [TNN_OP_eq] = &tnn_tfl_EQUAL, [TNN_OP_ne] = &tnn_tfl_NOT_EQUAL,
        [TNN_OP_lt] = &tnn_tfl_LESS, [TNN_OP_le] = &tnn_tfl_LESS_EQUAL,
        [TNN_OP_gt] = &tnn_tfl_GREATER, [TNN_OP_ge] = &tnn_tfl_GREATER_EQUAL,
    };
    bool orders = !tnn_node_is(node, TNN_OP_eq) && !tnn_node_is(node, TNN_OP_ne);
    tnn_dtype dtype = tnn_lower_computed_in(tnn_promoted(node->args, 2));
    if (dtype == TNN_DTYPE_BOOL && orders) dtype = TNN_DTYPE_I32;
    return tnn_lower_two_sides(l, node, row[node->op->id], dtype, TNN_DTYPE_BOOL, err);
}

ROW(eq, lower_compare);
ROW(ne, lower_compare);
ROW(lt, lower_compare);
ROW(le, lower_compare);
ROW(gt, lower_compare);
ROW(ge, lower_compare);

static tnn_status lower_and(tnn_lower *l, const tnn_node *node, tnn_error *err) {
    return tnn_lower_two_sides(l, node, &tnn_tfl_LOGICAL_AND, TNN_DTYPE_BOOL, TNN_DTYPE_BOOL, err);
}

static tnn_status lower_or(tnn_lower *l, const tnn_node *node, tnn_error *err) {
    return tnn_lower_two_sides(l, node, &tnn_tfl_LOGICAL_OR, TNN_DTYPE_BOOL, TNN_DTYPE_BOOL, err);
}

static tnn_status lower_not(tnn_lower *l, const tnn_node *node, tnn_error *err) {
    tnn_value *x;
    TNN_TRY(tnn_lower_get_any(l, tnn_node_operand(node, 0), &x, err));
    TNN_TRY(tnn_lower_cast(l, x, TNN_DTYPE_BOOL, &x, err));
    TNN_TRY(tnn_emit_unary(l, &tnn_tfl_LOGICAL_NOT, NULL, x, &x, err));
    return tnn_lower_finish(l, node, x, err);
}

ROW(logical_and, lower_and);
ROW(logical_or, lower_or);
ROW(logical_not, lower_not);

static tnn_status lower_where(tnn_lower *l, const tnn_node *node, tnn_error *err) {
    tnn_dtype dtype = node->outputs[0]->dtype;
    tnn_value *sides[3], *out;
    TNN_TRY(tnn_lower_sides(l, node, 3, (tnn_dtype[]){TNN_DTYPE_BOOL, dtype, dtype}, 5, sides, err));
    TNN_TRY(tnn_emit_typed(l, &tnn_tfl_SELECT_V2, NULL, sides, 3, dtype, &out, err));
    return tnn_lower_finish(l, node, out, err);
}

ROW(where, lower_where);
