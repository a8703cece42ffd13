/* How each operator behaves when its numbers are 8-bit integers: one row a primitive (quant_rows.c). A primitive without a
 * row is a link error. */
#ifndef TNN_QUANT_ROWS_H
#define TNN_QUANT_ROWS_H

#include "ir/graph.h"

typedef enum tnn_quant_kind {
    TNN_QUANT_FLOAT = 0, /* TFLite has no integer kernel: it stays float */
    TNN_QUANT_FREE,      /* operands and result have scales of their own */
    TNN_QUANT_SAME,      /* all have one scale: numbers are moved, or the largest are taken */
    TNN_QUANT_FIXED,     /* the scale of the result is given */
    TNN_QUANT_READS      /* the result is no real number */
} tnn_quant_kind;

typedef struct tnn_quant_row {
    tnn_quant_kind kind;
    float scale;        /* FIXED */
    int8_t zero_point;  /* FIXED */
    /* Which kind a node is of, when its arguments matter. NULL: `kind`. */
    tnn_quant_kind (*kind_of)(const tnn_node *node);
    /* The operand that holds the weights when it is constant, and their dimension of output channels; FREE. */
    bool has_weights;
    uint8_t weights, bias;
    const char *why; /* FLOAT, or when `kind_of` says so: one line for the report */
} tnn_quant_row;

/* Of a primitive by its id. */
const tnn_quant_row *tnn_quant_row_at(size_t id);

/* NULL for nodes of other lists. */
const tnn_quant_row *tnn_quant_row_of(const tnn_node *node);
tnn_quant_kind tnn_quant_kind_of(const tnn_node *node);

/* The constant weights of float32 that a node rounds when it is computed in integers; NULL: none. */
const tnn_value *tnn_weights_of(const tnn_node *node);

/* The dimension of the weights that counts the output channels of one group, which a transposed convolution has second. */
uint8_t tnn_quant_weight_axis(const tnn_node *node);

#endif
