/* The operators of TFLite: a row for each that we may write, a name for all that exist.
 *
 * A row's signature lists the operands, then keyword arguments named as the fields of the operator's options table in
 * the schema (tflite/fbs.h), so that the writer fills the table by name. Shapes are physical, outermost first. */
#ifndef TNN_TFLITE_BUILTIN_H
#define TNN_TFLITE_BUILTIN_H

#include "ir/graph.h"

typedef struct tnn_tfl_row {
    tnn_op op;            /* first, so that a node's op pointer finds its row; op.id is the builtin code */
    const char *options;  /* name of the options table; NULL: the operator has none */
    const char *runtimes; /* first TensorFlow release that runs version 1, 2, …; "-": it never existed */
    /* Of a CUSTOM operator: its kernel's name. Its keyword arguments are the entries of a FlexBuffer map. NULL: builtin. */
    const char *custom_code;
} tnn_tfl_row;

#define TNN_TFL_OPS(X)                                                                             \
    X(ABS)                                                                                         \
    X(ADD)                                                                                         \
    X(ARG_MAX)                                                                                     \
    X(ARG_MIN)                                                                                     \
    X(ATAN2)                                                                                       \
    X(AVERAGE_POOL_2D)                                                                             \
    X(BATCH_MATMUL)                                                                                \
    X(BATCH_TO_SPACE_ND)                                                                           \
    X(BITCAST)                                                                                     \
    X(BITWISE_XOR)                                                                                 \
    X(BROADCAST_TO)                                                                                \
    X(CAST)                                                                                        \
    X(CEIL)                                                                                        \
    X(CONCATENATION)                                                                               \
    X(CONV_2D)                                                                                     \
    X(CONV_3D)                                                                                     \
    X(CONV_3D_TRANSPOSE)                                                                           \
    X(COS)                                                                                         \
    X(CUMSUM)                                                                                      \
    X(DEPTHWISE_CONV_2D)                                                                           \
    X(DEPTH_TO_SPACE)                                                                              \
    X(DEQUANTIZE)                                                                                  \
    X(DILATE)                                                                                      \
    X(DIV)                                                                                         \
    X(ELU)                                                                                         \
    X(EMBEDDING_LOOKUP)                                                                            \
    X(EQUAL)                                                                                       \
    X(EXP)                                                                                         \
    X(EXPAND_DIMS)                                                                                 \
    X(FILL)                                                                                        \
    X(FLOOR)                                                                                       \
    X(FLOOR_DIV)                                                                                   \
    X(FLOOR_MOD)                                                                                   \
    X(FULLY_CONNECTED)                                                                             \
    X(GATHER)                                                                                      \
    X(GATHER_ND)                                                                                   \
    X(GELU)                                                                                        \
    X(GREATER)                                                                                     \
    X(GREATER_EQUAL)                                                                               \
    X(HARD_SWISH)                                                                                  \
    X(L2_NORMALIZATION)                                                                            \
    X(L2_POOL_2D)                                                                                  \
    X(LEAKY_RELU)                                                                                  \
    X(LESS)                                                                                        \
    X(LESS_EQUAL)                                                                                  \
    X(LOCAL_RESPONSE_NORMALIZATION)                                                                \
    X(LOG)                                                                                         \
    X(LOGICAL_AND)                                                                                 \
    X(LOGICAL_NOT)                                                                                 \
    X(LOGICAL_OR)                                                                                  \
    X(LOGISTIC)                                                                                    \
    X(LOG_SOFTMAX)                                                                                 \
    X(MATRIX_DIAG)                                                                                 \
    X(MAXIMUM)                                                                                     \
    X(MAX_POOL_2D)                                                                                 \
    X(MEAN)                                                                                        \
    X(MINIMUM)                                                                                     \
    X(MIRROR_PAD)                                                                                  \
    X(MUL)                                                                                         \
    X(NEG)                                                                                         \
    X(NOT_EQUAL)                                                                                   \
    X(ONE_HOT)                                                                                     \
    X(PACK)                                                                                        \
    X(PAD)                                                                                         \
    X(PADV2)                                                                                       \
    X(POW)                                                                                         \
    X(PRELU)                                                                                       \
    X(QUANTIZE)                                                                                    \
    X(REDUCE_ALL)                                                                                  \
    X(REDUCE_ANY)                                                                                  \
    X(REDUCE_MAX)                                                                                  \
    X(REDUCE_MIN)                                                                                  \
    X(REDUCE_PROD)                                                                                 \
    X(RELU)                                                                                        \
    X(RELU6)                                                                                       \
    X(RELU_0_TO_1)                                                                                 \
    X(RELU_N1_TO_1)                                                                                \
    X(RESHAPE)                                                                                     \
    X(RESIZE_BILINEAR)                                                                             \
    X(RESIZE_NEAREST_NEIGHBOR)                                                                     \
    X(REVERSE_V2)                                                                                  \
    X(RIGHT_SHIFT)                                                                                 \
    X(ROUND)                                                                                       \
    X(RSQRT)                                                                                       \
    X(SCATTER_ND)                                                                                  \
    X(SELECT)                                                                                      \
    X(SELECT_V2)                                                                                   \
    X(SIGN)                                                                                        \
    X(SIN)                                                                                         \
    X(SLICE)                                                                                       \
    X(SOFTMAX)                                                                                     \
    X(SPACE_TO_BATCH_ND)                                                                           \
    X(SPACE_TO_DEPTH)                                                                              \
    X(SPLIT)                                                                                       \
    X(SPLIT_V)                                                                                     \
    X(SQRT)                                                                                        \
    X(SQUARE)                                                                                      \
    X(SQUARED_DIFFERENCE)                                                                          \
    X(SQUEEZE)                                                                                     \
    X(STRIDED_SLICE)                                                                               \
    X(SUB)                                                                                         \
    X(SUM)                                                                                         \
    X(TANH)                                                                                        \
    X(TILE)                                                                                        \
    X(TOPK_V2)                                                                                     \
    X(TRANSPOSE)                                                                                   \
    X(TRANSPOSE_CONV)                                                                              \
    X(UNPACK)                                                                                      \
    X(ZEROS_LIKE)

#define X(name) extern const tnn_tfl_row tnn_tfl_##name;
TNN_TFL_OPS(X)
#undef X

/* CUSTOM operators have rows of their own: those that lowering makes for the user's (lower_custom.c), and these. */
#define TNN_TFL_CUSTOM 32
#define TNN_TFL_CUSTOM_RUNTIMES "1.5.0"

extern const tnn_tfl_row tnn_tfl_MTK_TRANSPOSE_CONV; /* of MediaTek's runtime: TRANSPOSE_CONV */

/* Values of options, as in the schema. */
enum { TNN_TFL_PADDING_SAME = 0, TNN_TFL_PADDING_VALID = 1 };

enum {
    TNN_TFL_ACT_NONE = 0,
    TNN_TFL_ACT_RELU = 1,
    TNN_TFL_ACT_RELU_N1_TO_1 = 2,
    TNN_TFL_ACT_RELU6 = 3,
    TNN_TFL_ACT_TANH = 4,
    TNN_TFL_ACT_SIGN_BIT = 5
};

enum { TNN_TFL_MIRROR_REFLECT = 0, TNN_TFL_MIRROR_SYMMETRIC = 1 };

/* The row of a name; NULL when we do not write this operator. */
const tnn_tfl_row *tnn_tfl_find(const char *name);

/* The row of a node's operator; NULL when it is of another list. */
const tnn_tfl_row *tnn_tfl_row_of(const tnn_op *op);

/* The name of a builtin code, ours or not; NULL when there is none. */
const char *tnn_tfl_code_name(int32_t code);

/* TensorType of the schema for a dtype, as the options `in_data_type`, `out_data_type`, `output_type` want it; -1 for
 * TNN_DTYPE_NONE. And back: TNN_DTYPE_NONE for types that we do not have. */
int32_t tnn_tfl_type(tnn_dtype dtype);
tnn_dtype tnn_tfl_dtype(int64_t type);

/* TensorType of two integers in a byte, which no dtype is: int8 in a graph (tnn_quant.is_int4). */
#define TNN_TFL_INT4 17

/* "FLOAT32", "INT4"; NULL when there is none. */
const char *tnn_tfl_type_name(int64_t type);

#endif
