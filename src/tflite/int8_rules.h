/* Which of the operators that lowering emits TFLite computes in integers, and what it asks of scales and zero points.
 * Source: the quantization specification of LiteRT (tflite/g3doc/performance/quantization_spec.md), its operator property
 * table (tflite/converter/tools/optimize/operator_property.cc) and the checks of its kernels. */
#ifndef TNN_TFLITE_INT8_RULES_H
#define TNN_TFLITE_INT8_RULES_H

#include "tflite/builtin.h"

typedef enum tnn_int8_kind {
    TNN_INT8_FREE,    /* operands and results have scales of their own */
    TNN_INT8_SAME,    /* operands have the scale of the results */
    TNN_INT8_FIXED,   /* the scale of the result is given */
    TNN_INT8_WEIGHTS, /* one operand are constant weights with a scale a channel; the bias has the product of scales */
    TNN_INT8_READS    /* the results are no real numbers */
} tnn_int8_kind;

typedef struct tnn_int8_rule {
    const tnn_tfl_row *row;
    tnn_int8_kind kind;
    uint8_t input, weights, bias; /* WEIGHTS: slots */
    uint8_t axis;                 /* WEIGHTS: the dimension of output channels */
    bool takes_int4;              /* WEIGHTS: of 4 bits */
    float scale;                  /* FIXED */
    int8_t zero_point;            /* FIXED */
    bool scales_below_one;        /* its kernel computes nonsense with other operands' scales */
    bool no_negatives;            /* its kernel stops at them, so the operand's zero point has to be the least number */
} tnn_int8_rule;

/* All rules in turn; NULL behind the last. */
const tnn_int8_rule *tnn_int8_rule_at(size_t index);

/* One line for users. */
const char *tnn_int8_rule_text(const tnn_int8_rule *rule);

/* NULL: the operator has no integer kernel. */
const tnn_int8_rule *tnn_int8_rule_of(const tnn_node *node);

#endif
