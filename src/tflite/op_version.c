/* Versions of operators. The first rule of an operator that a node meets gives its version; none met: the operator's
 * first version.
 * Source: GetBuiltinOperatorVersion of LiteRT (tflite/converter/tools/versioning/op_version.cc). Differs from it:
 * int16 tensors count as quantized only where we write quantization parameters. */
#include "tflite/op_version.h"

#include <string.h>

#include "ir/value_quant.h"

typedef enum condition {
    IS,        /* input `input` has dtype `value` */
    GIVES,     /* output 0 has dtype `value` */
    RANK_OVER, /* of input 0 */
    RANK_IS_NOT,
    RANK_IS,     /* of any input */
    BROADCAST_OVER, /* inputs 0 and 1 have different shapes, and one has a rank above `value` */
    OPTION_IS_NOT,  /* option `option` has another number than `value` */
    HAS_INPUT,
    GROUPED, /* the filter has fewer input channels than the input */
    INT8_FILTER_ON_FLOAT,
    INT4_FILTER
} condition;

typedef struct rule {
    const tnn_tfl_row *row;
    int32_t version;
    condition when;
    int32_t value;
    uint8_t input;
    const char *option;
} rule;

#define RULE(name, version, when, value) {&tnn_tfl_##name, version, when, value, 0, NULL}
#define INPUT(name, version, input, dtype) {&tnn_tfl_##name, version, IS, TNN_DTYPE_##dtype, input, NULL}
#define INT8(name, version) INPUT(name, version, 0, I8)
#define INT16(name, version) INPUT(name, version, 0, I16)
#define OPTION(name, version, option, usual) {&tnn_tfl_##name, version, OPTION_IS_NOT, usual, 0, option}
#define OUTPUT(name, version, dtype) RULE(name, version, GIVES, TNN_DTYPE_##dtype)

static const rule rules[] = {
    INPUT(ABS, 5, 0, I32), INT16(ABS, 4), INT8(ABS, 2), INPUT(ABS, 2, 0, U8),
    INPUT(ADD, 6, 0, F16), INT16(ADD, 5), INPUT(ADD, 4, 0, I64), INT8(ADD, 2),
    INPUT(ARG_MAX, 3, 0, BOOL), INT8(ARG_MAX, 2),
    INPUT(ARG_MIN, 3, 0, BOOL), INT8(ARG_MIN, 2),
    INT16(AVERAGE_POOL_2D, 3), INT8(AVERAGE_POOL_2D, 2),
    INT16(BATCH_MATMUL, 3), INT8(BATCH_MATMUL, 2), OPTION(BATCH_MATMUL, 4, "asymmetric_quantize_inputs", 0),
    INT16(BATCH_TO_SPACE_ND, 4), RULE(BATCH_TO_SPACE_ND, 3, RANK_IS_NOT, 4), INT8(BATCH_TO_SPACE_ND, 2),
    INT8(BROADCAST_TO, 3), INT16(BROADCAST_TO, 3),
    INPUT(CAST, 7, 0, BF16), OUTPUT(CAST, 7, BF16), INPUT(CAST, 5, 0, F64), OUTPUT(CAST, 5, F64),
    INPUT(CAST, 5, 0, F16), OUTPUT(CAST, 5, F16), INT8(CAST, 3), OUTPUT(CAST, 3, I8),
    INPUT(CONCATENATION, 6, 0, F16), INT16(CONCATENATION, 3), INT8(CONCATENATION, 2),
    OPTION(CONV_2D, 8, "quantized_bias_type", 0), RULE(CONV_2D, 7, INT4_FILTER, 0), RULE(CONV_2D, 6, GROUPED, 0), INT8(CONV_2D, 3),
    RULE(CONV_2D, 5, INT8_FILTER_ON_FLOAT, 0),
    INPUT(COS, 2, 0, F16),
    RULE(DEPTHWISE_CONV_2D, 6, INT8_FILTER_ON_FLOAT, 0), INT8(DEPTHWISE_CONV_2D, 3),
    OPTION(DEPTHWISE_CONV_2D, 2, "dilation_w_factor", 1), OPTION(DEPTHWISE_CONV_2D, 2, "dilation_h_factor", 1),
    INT8(DEPTH_TO_SPACE, 2),
    INT16(DEQUANTIZE, 3), INPUT(DEQUANTIZE, 3, 0, F16), INT8(DEQUANTIZE, 2),
    RULE(DIV, 2, BROADCAST_OVER, 4),
    INT16(EQUAL, 5), INT8(EQUAL, 2),
    INT8(EXP, 2), INT16(EXP, 2),
    INPUT(FILL, 4, 1, F16), INPUT(FILL, 3, 1, I8), INPUT(FILL, 3, 1, I16), INPUT(FILL, 2, 1, BOOL),
    INT16(FLOOR_DIV, 3), INT8(FLOOR_DIV, 3), INPUT(FLOOR_DIV, 2, 0, F32),
    INT16(FLOOR_MOD, 2), INT8(FLOOR_MOD, 2),
    RULE(FULLY_CONNECTED, 12, INT8_FILTER_ON_FLOAT, 0), RULE(FULLY_CONNECTED, 10, INT4_FILTER, 0),
    OPTION(FULLY_CONNECTED, 11, "quantized_bias_type", 0),
    OPTION(FULLY_CONNECTED, 5, "keep_num_dims", 0), INT8(FULLY_CONNECTED, 4),
    OPTION(FULLY_CONNECTED, 2, "weights_format", 0),
    INPUT(GATHER, 6, 1, I16), OPTION(GATHER, 5, "batch_dims", 0), INT16(GATHER, 4), INPUT(GATHER, 3, 0, BOOL),
    INT8(GATHER, 2),
    INPUT(GATHER_ND, 5, 0, BOOL), INPUT(GATHER_ND, 4, 1, I16), INT16(GATHER_ND, 3),
    INT8(GELU, 2), INPUT(GELU, 2, 0, U8),
    INT8(GREATER, 2),
    INT16(GREATER_EQUAL, 3), INT8(GREATER_EQUAL, 2),
    OUTPUT(L2_NORMALIZATION, 2, I8),
    INT16(LEAKY_RELU, 2),
    INT16(LESS, 3), INT8(LESS, 2),
    INT8(LESS_EQUAL, 2),
    INT8(LOG, 2), INT16(LOG, 2),
    INT16(LOGISTIC, 3), INT8(LOGISTIC, 2),
    INT8(LOG_SOFTMAX, 2),
    INT16(MAXIMUM, 4), RULE(MAXIMUM, 3, BROADCAST_OVER, 4), INT8(MAXIMUM, 2),
    INT16(MAX_POOL_2D, 3), INT8(MAX_POOL_2D, 2),
    INT16(MEAN, 3), INT8(MEAN, 2),
    INT16(MINIMUM, 4), RULE(MINIMUM, 3, BROADCAST_OVER, 4), INT8(MINIMUM, 2),
    INT16(MIRROR_PAD, 3), INT8(MIRROR_PAD, 2),
    INPUT(MUL, 8, 0, F16), INT16(MUL, 7), INPUT(MUL, 5, 0, I64), INT8(MUL, 2),
    INT16(NOT_EQUAL, 4), INT8(NOT_EQUAL, 2),
    INT8(PACK, 2), INT16(PACK, 3),
    INPUT(PAD, 5, 0, BOOL), RULE(PAD, 4, RANK_OVER, 4), INT16(PAD, 3), INT8(PAD, 2),
    INPUT(PADV2, 5, 0, BOOL), RULE(PADV2, 4, RANK_OVER, 4), INT16(PADV2, 3), INT8(PADV2, 2),
    OUTPUT(QUANTIZE, 2, I16),
    INT16(REDUCE_MAX, 3), INT8(REDUCE_MAX, 2),
    INT16(REDUCE_MIN, 3), INT8(REDUCE_MIN, 2),
    INT8(REDUCE_PROD, 2), INT16(REDUCE_PROD, 2),
    INT16(RELU, 3), INT8(RELU, 2), INPUT(RELU, 2, 0, U8),
    INT16(RELU6, 3), INT8(RELU6, 2),
    INT16(RESIZE_BILINEAR, 4), OPTION(RESIZE_BILINEAR, 3, "half_pixel_centers", 0), INT8(RESIZE_BILINEAR, 2),
    INT16(RESIZE_NEAREST_NEIGHBOR, 4), OPTION(RESIZE_NEAREST_NEIGHBOR, 3, "half_pixel_centers", 0),
    OPTION(RESIZE_NEAREST_NEIGHBOR, 3, "align_corners", 0), INT8(RESIZE_NEAREST_NEIGHBOR, 2),
    INT8(REVERSE_V2, 3), INPUT(REVERSE_V2, 2, 0, BOOL),
    INT16(RSQRT, 3), INT8(RSQRT, 2),
    RULE(SELECT, 3, RANK_IS, 5), INT8(SELECT, 2),
    INPUT(SIGN, 2, 0, I32),
    INPUT(SIN, 2, 0, F16),
    INPUT(SLICE, 8, 0, F16), RULE(SLICE, 5, RANK_OVER, 4), INT16(SLICE, 4), INT8(SLICE, 2),
    INPUT(SOFTMAX, 4, 0, F16), INT16(SOFTMAX, 3), INT8(SOFTMAX, 2),
    INT16(SPACE_TO_BATCH_ND, 4), RULE(SPACE_TO_BATCH_ND, 3, RANK_IS_NOT, 4), INT8(SPACE_TO_BATCH_ND, 2),
    INT8(SPACE_TO_DEPTH, 2),
    INPUT(SPLIT, 4, 1, I16), INPUT(SPLIT, 3, 1, I32), INPUT(SPLIT, 2, 1, I8),
    INT8(SPLIT_V, 2),
    INT8(SQRT, 2), INT16(SQRT, 2),
    INT8(SQUARED_DIFFERENCE, 2),
    OPTION(STRIDED_SLICE, 8, "offset", 0), OPTION(STRIDED_SLICE, 6, "ellipsis_mask", 0),
    OPTION(STRIDED_SLICE, 6, "new_axis_mask", 0), RULE(STRIDED_SLICE, 4, RANK_OVER, 4),
    INPUT(STRIDED_SLICE, 3, 0, BOOL), INT8(STRIDED_SLICE, 2),
    INT16(SUB, 5), INPUT(SUB, 4, 0, I64), RULE(SUB, 3, BROADCAST_OVER, 4), INT8(SUB, 2),
    INT8(SUM, 2),
    INT16(TANH, 3), INT8(TANH, 2),
    INT8(TILE, 3),
    INT16(TOPK_V2, 3), INPUT(TOPK_V2, 3, 1, I16), INT8(TOPK_V2, 2),
    INPUT(TRANSPOSE, 9, 0, F16), INPUT(TRANSPOSE, 8, 0, BF16), RULE(TRANSPOSE, 8, RANK_OVER, 6),
    RULE(TRANSPOSE, 6, RANK_OVER, 5), INT16(TRANSPOSE, 5), RULE(TRANSPOSE, 4, RANK_OVER, 4),
    INPUT(TRANSPOSE, 3, 0, BOOL), INT8(TRANSPOSE, 2),
    OPTION(TRANSPOSE_CONV, 5, "quantized_bias_type", 0), OPTION(TRANSPOSE_CONV, 4, "fused_activation_function", 0),
    {&tnn_tfl_TRANSPOSE_CONV, 3, HAS_INPUT, 0, 3, NULL}, INPUT(TRANSPOSE_CONV, 2, 1, I8),
    INT8(UNPACK, 2), INPUT(UNPACK, 2, 0, U8), INPUT(UNPACK, 3, 0, BOOL), INT16(UNPACK, 4), INPUT(UNPACK, 5, 0, F16),
    INPUT(UNPACK, 5, 0, BF16),
};

/* Operand `index` of the node; of a list its first entry. NULL: absent. */
static const tnn_value *input_of(const tnn_node *node, size_t index) {
    if (index >= node->schema->n_args) return NULL;
    const tnn_arg *arg = &node->args[index];
    if (arg->kind == TNN_ARG_TENSORS) return arg->n > 0 ? arg->as.tensors[0] : NULL;
    return arg->kind == TNN_ARG_TENSOR ? arg->as.tensor : NULL;
}

static bool has_dtype(const tnn_value *value, int32_t dtype) {
    return value != NULL && value->dtype == (tnn_dtype)dtype;
}

static bool is_rank_in(const tnn_node *node, int32_t rank) {
    for (size_t i = 0; i < node->schema->n_args; i++) {
        const tnn_value *value = input_of(node, i);
        if (value != NULL && value->shape.rank == rank) return true;
    }
    return false;
}

static bool broadcasts_over(const tnn_node *node, int32_t rank) {
    const tnn_value *a = input_of(node, 0), *b = input_of(node, 1);
    if (a == NULL || b == NULL || tnn_shape_equal_hints(&a->shape, &b->shape)) return false;
    return a->shape.rank > rank || b->shape.rank > rank;
}

static bool is_grouped(const tnn_value *input, const tnn_value *filter) {
    if (input == NULL || filter == NULL || input->shape.rank != 4 || filter->shape.rank != 4) return false;
    return input->shape.dims[3].hint != filter->shape.dims[3].hint;
}

static bool is_int4(const tnn_value *value) {
    return value != NULL && value->quant != NULL && value->quant->is_int4;
}

static bool meets(const tnn_node *node, const rule *r) {
    const tnn_value *first = input_of(node, 0);
    int32_t rank = first != NULL ? first->shape.rank : 0;
    switch (r->when) {
    case IS: return has_dtype(input_of(node, r->input), r->value);
    case GIVES: return node->n_outputs > 0 && has_dtype(node->outputs[0], r->value);
    case RANK_OVER: return rank > r->value;
    case RANK_IS_NOT: return rank != r->value;
    case RANK_IS: return is_rank_in(node, r->value);
    case BROADCAST_OVER: return broadcasts_over(node, r->value);
    case OPTION_IS_NOT: return tnn_arg_int(tnn_node_arg(node, r->option)) != r->value;
    case HAS_INPUT: return input_of(node, r->input) != NULL;
    case GROUPED: return is_grouped(first, input_of(node, 1));
    case INT8_FILTER_ON_FLOAT:
        return has_dtype(first, TNN_DTYPE_F32) && has_dtype(input_of(node, 1), TNN_DTYPE_I8);
    case INT4_FILTER: return is_int4(input_of(node, 1));
    }
    return false;
}

int32_t tnn_tfl_version(const tnn_node *node) {
    const tnn_tfl_row *row = tnn_tfl_row_of(node->op);
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        if (rules[i].row == row && meets(node, &rules[i])) return rules[i].version;
    }
    int32_t first = 1;
    for (const char *at = row->runtimes; at[0] == '-'; at += 2) first++;
    return first;
}

void tnn_tfl_runtime(const tnn_tfl_row *row, int32_t version, char out[TNN_RUNTIME_TEXT]) {
    const char *at = row->runtimes;
    for (int32_t v = 1; v < version && *at != '\0'; v++) {
        at += strcspn(at, " ");
        at += strspn(at, " ");
    }
    size_t length = at[0] == '-' ? 0 : strcspn(at, " ");
    if (length >= TNN_RUNTIME_TEXT) length = 0;
    memset(out, 0, TNN_RUNTIME_TEXT);
    memcpy(out, at, length);
}

/* The number at `*at`, which moves behind it and its dot; -1 at the end. */
static long next_number(const char **at) {
    if (**at < '0' || **at > '9') return -1;
    long number = 0;
    for (; **at >= '0' && **at <= '9'; (*at)++) number = number < 1000000 ? 10 * number + (**at - '0') : number;
    if (**at == '.') (*at)++;
    return number;
}

int tnn_tfl_runtime_compare(const char *a, const char *b) {
    for (;;) {
        long x = next_number(&a), y = next_number(&b);
        if (x != y) return x < y ? -1 : 1;
        if (x < 0) return 0;
    }
}
