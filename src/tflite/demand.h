/* What order of elements an operator wants when it is lowered to TFLite. Part of its lowering row. */
#ifndef TNN_TFLITE_DEMAND_H
#define TNN_TFLITE_DEMAND_H

#include "ir/graph.h"

typedef enum tnn_demand_kind {
    TNN_DEMAND_FREE = 0, /* any order, the same for operands and results along the dimension map */
    TNN_DEMAND_VIEW,     /* another name for the same elements: reshape, permute */
    TNN_DEMAND_LAST,     /* as FREE, but one dimension of operand 0 must be innermost */
    TNN_DEMAND_WHOLE,    /* as FREE, but one dimension of operand 0 stays in one piece, its elements in order */
    TNN_DEMAND_LAST_WHOLE, /* both */
    TNN_DEMAND_LINEAR,   /* as FREE in the leading dimensions; atoms of the contracted dimension innermost, in any
                            order (the constant weight follows) */
    TNN_DEMAND_FIXED     /* one order of dimensions a slot */
} tnn_demand_kind;

typedef struct tnn_demand {
    tnn_demand_kind kind;
    /* LAST, WHOLE: the dimension of operand 0 (not negative). */
    uint8_t (*last)(const tnn_node *node);
    /* FIXED: order[k] is the dimension at memory position k, for the value in `slot` (output k is slot -1 - k) of
     * rank `rank`. NULL: PyTorch's order. */
    void (*fixed)(const tnn_node *node, int slot, uint8_t rank, uint8_t *order);
} tnn_demand;

/* The demand of a node's operator in the lowering table. */
tnn_demand tnn_demand_of(const tnn_node *node);

#endif
