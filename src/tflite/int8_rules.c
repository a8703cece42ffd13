#include "tflite/int8_rules.h"

#define FREE(name) {.row = &tnn_tfl_##name, .kind = TNN_INT8_FREE}
#define SAME(name) {.row = &tnn_tfl_##name, .kind = TNN_INT8_SAME}
#define READS(name) {.row = &tnn_tfl_##name, .kind = TNN_INT8_READS}
#define ROOT(name) {.row = &tnn_tfl_##name, .kind = TNN_INT8_FREE, .no_negatives = true}
#define COMPARES(name) {.row = &tnn_tfl_##name, .kind = TNN_INT8_READS, .scales_below_one = true}
#define FIXED(name, s, z) {.row = &tnn_tfl_##name, .kind = TNN_INT8_FIXED, .scale = s, .zero_point = z}
#define WEIGHTS(name, x, w, b, a, four)                                                            \
    {.row = &tnn_tfl_##name, .kind = TNN_INT8_WEIGHTS, .input = x, .weights = w, .bias = b, .axis = a, .takes_int4 = four}

static const tnn_int8_rule rules[] = {
    WEIGHTS(CONV_2D, 0, 1, 2, 0, true),
    WEIGHTS(DEPTHWISE_CONV_2D, 0, 1, 2, 3, false),
    WEIGHTS(FULLY_CONNECTED, 0, 1, 2, 0, true),
    WEIGHTS(TRANSPOSE_CONV, 2, 1, 3, 0, false),

    FREE(ABS), FREE(ADD), FREE(BATCH_MATMUL), FREE(ELU), FREE(EXP), FREE(GELU), FREE(HARD_SWISH), FREE(LEAKY_RELU),
    FREE(LOG), FREE(MEAN), FREE(MUL), FREE(PRELU), FREE(REDUCE_PROD), FREE(RELU), FREE(RELU6), FREE(RELU_N1_TO_1),
    ROOT(RSQRT), ROOT(SQRT), FREE(SUB), FREE(SUM),

    SAME(AVERAGE_POOL_2D), SAME(BROADCAST_TO), SAME(CONCATENATION), SAME(DEPTH_TO_SPACE), SAME(GATHER), SAME(MAXIMUM),
    SAME(MAX_POOL_2D), SAME(MINIMUM), SAME(MIRROR_PAD), SAME(PAD), SAME(PADV2), SAME(REDUCE_MAX), SAME(REDUCE_MIN),
    SAME(RESHAPE), SAME(RESIZE_BILINEAR), SAME(RESIZE_NEAREST_NEIGHBOR), SAME(REVERSE_V2), SAME(SELECT_V2), SAME(SLICE),
    SAME(SPACE_TO_DEPTH), SAME(SPLIT), SAME(SPLIT_V), SAME(STRIDED_SLICE), SAME(TILE), SAME(TOPK_V2), SAME(TRANSPOSE),

    FIXED(LOGISTIC, 1.0f / 256, -128), FIXED(LOG_SOFTMAX, 16.0f / 256, 127), FIXED(SOFTMAX, 1.0f / 256, -128),
    FIXED(TANH, 1.0f / 128, 0),

    READS(ARG_MAX), READS(ARG_MIN), COMPARES(EQUAL), COMPARES(GREATER), COMPARES(GREATER_EQUAL), COMPARES(LESS),
    COMPARES(LESS_EQUAL), COMPARES(NOT_EQUAL),
};

const tnn_int8_rule *tnn_int8_rule_at(size_t index) { return index < sizeof rules / sizeof *rules ? &rules[index] : NULL; }

const tnn_int8_rule *tnn_int8_rule_of(const tnn_node *node) {
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        if (&rules[i].row->op == node->op) return &rules[i];
    return NULL;
}

const char *tnn_int8_rule_text(const tnn_int8_rule *rule) {
    if (rule->no_negatives) return "operand and result have scales of their own; the operand has no numbers below 0";
    if (rule->scales_below_one) return "operands have scales below 1";
    switch (rule->kind) {
    case TNN_INT8_FREE: return "operands and result have scales of their own";
    case TNN_INT8_SAME: return "operands have the scale of the result";
    case TNN_INT8_FIXED: return "its result has a scale that is given";
    case TNN_INT8_WEIGHTS: return "its weights are constants with a scale a channel";
    case TNN_INT8_READS: return "its result is no real number";
    }
    return "";
}
