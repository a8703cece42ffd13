/* The lowering rows, by operator. A primitive without a row is a link error. */
#include "ops/custom_rows.h"
#include "ops/list.h"
#include "tflite/lower.h"

#define X(name) extern const tnn_lower_row tnn_lowering_##name;
TNN_PRIMITIVES(X)
#undef X

static const tnn_lower_row *const rows[TNN_OP_COUNT] = {
#define X(name) [TNN_OP_##name] = &tnn_lowering_##name,
    TNN_PRIMITIVES(X)
#undef X
};

extern const tnn_lower_row tnn_lowering_custom, tnn_lowering_custom_nhwc; /* of all operators that users define */

const tnn_lower_row *tnn_lower_row_of(const tnn_node *node) {
    const tnn_custom_row *custom = tnn_custom_row_of(node->op);
    if (custom == NULL) return rows[node->op->id];
    return custom->channels_last ? &tnn_lowering_custom_nhwc : &tnn_lowering_custom;
}

tnn_demand tnn_demand_of(const tnn_node *node) { return tnn_lower_row_of(node)->demand; }

bool tnn_lower_keeps(const tnn_op *op) { return op->list == TNN_OPLIST_CUSTOM; }

bool tnn_lower_can_fuse(const tnn_node *node, tnn_activation act) {
    if (node->op->list != TNN_OPLIST_ATEN) return false;
    const tnn_lower_row *row = rows[node->op->id];
    return row->fuses != NULL && row->fuses(node, act);
}
