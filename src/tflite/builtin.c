/* One row an operator of TFLite: name, builtin code, options table, first TensorFlow release of version 1, 2, …,
 * signature. Which version a node needs says version.c. */
#include "tflite/builtin.h"

#include <string.h>

#define ROW(name, code, options, runtimes, signature)                                              \
    const tnn_tfl_row tnn_tfl_##name = {{#name, #name signature, code, TNN_OPLIST_TFLITE}, options, runtimes, NULL};

ROW(ABS, 101, "AbsOptions", "1.13.0 2.4.0 2.5.0 2.6.0 2.12.0", "(Tensor x) -> Tensor")
ROW(ADD, 0, "AddOptions", "1.5.0 1.14.0 2.4.0 2.6.0 2.13.0 2.23.0",
    "(Tensor x, Tensor y, *, int fused_activation_function=0, bool pot_scale_int16=True) -> Tensor")
ROW(ARG_MAX, 56, "ArgMaxOptions", "1.9.0 1.14.0 2.9.0",
    "(Tensor input, Tensor axis, *, int output_type=0) -> Tensor")
ROW(ARG_MIN, 79, "ArgMinOptions", "1.9.0 1.14.0 2.9.0",
    "(Tensor input, Tensor axis, *, int output_type=0) -> Tensor")
ROW(ATAN2, 156, "ATan2Options", "2.10.0", "(Tensor y, Tensor x) -> Tensor")
ROW(AVERAGE_POOL_2D, 1, "Pool2DOptions", "1.5.0 1.14.0 2.3.0",
    "(Tensor input, *, int padding=0, int stride_w=0, int stride_h=0, int filter_width=0, int "
    "filter_height=0, int fused_activation_function=0) -> Tensor")
ROW(BATCH_MATMUL, 126, "BatchMatMulOptions", "2.3.0 2.3.0 2.4.0 2.5.0",
    "(Tensor x, Tensor y, *, bool adj_x=False, bool adj_y=False, bool asymmetric_quantize_inputs=False) -> "
    "Tensor")
ROW(BATCH_TO_SPACE_ND, 37, "BatchToSpaceNDOptions", "1.6.0 1.14.0 2.3.0 2.12.0",
    "(Tensor input, Tensor block_shape, Tensor crops) -> Tensor")
ROW(BITCAST, 159, "BitcastOptions", "2.13.0", "(Tensor x) -> Tensor")
ROW(BITWISE_XOR, 160, "BitwiseXorOptions", "2.13.0", "(Tensor x, Tensor y) -> Tensor")
ROW(BROADCAST_TO, 130, "BroadcastToOptions", "- 2.5.0 2.5.0 2.23.0", "(Tensor input, Tensor shape) -> Tensor")
ROW(CAST, 53, "CastOptions", "1.5.0 2.7.0 2.8.0 2.9.0 2.12.0 2.15.0 2.17.0 2.21.0 2.23.0",
    "(Tensor x, *, int in_data_type=0, int out_data_type=0) -> Tensor")
ROW(CEIL, 104, NULL, "1.14.0", "(Tensor x) -> Tensor")
ROW(CONCATENATION, 2, "ConcatenationOptions", "1.5.0 1.14.0 2.3.0 2.14.0 2.21.0 2.23.0 2.23.0",
    "(Tensor[] values, *, int axis=0, int fused_activation_function=0) -> Tensor")
ROW(CONV_2D, 3, "Conv2DOptions", "1.5.0 1.14.0 1.14.0 2.3.0 2.4.0 2.9.0 2.11.0 2.15.0",
    "(Tensor input, Tensor filter, Tensor? bias=None, *, int padding=0, int stride_w=0, int stride_h=0, int "
    "fused_activation_function=0, int dilation_w_factor=1, int dilation_h_factor=1, int "
    "quantized_bias_type=0) -> Tensor")
ROW(CONV_3D, 132, "Conv3DOptions", "2.5.0",
    "(Tensor input, Tensor filter, Tensor? bias=None, *, int padding=0, int stride_d=0, int stride_w=0, int "
    "stride_h=0, int fused_activation_function=0, int dilation_d_factor=1, int dilation_w_factor=1, int "
    "dilation_h_factor=1) -> Tensor")
ROW(CONV_3D_TRANSPOSE, 141, "Conv3DOptions", "2.6.0",
    "(Tensor output_shape, Tensor filter, Tensor input, Tensor? bias=None, *, int padding=0, int stride_d=0, "
    "int stride_w=0, int stride_h=0, int fused_activation_function=0, int dilation_d_factor=1, int "
    "dilation_w_factor=1, int dilation_h_factor=1) -> Tensor")
ROW(COS, 108, "CosOptions", "1.14.0 2.23.0", "(Tensor x) -> Tensor")
ROW(CUMSUM, 128, "CumsumOptions", "2.4.0",
    "(Tensor input, Tensor axis, *, bool exclusive=False, bool reverse=False) -> Tensor")
ROW(DEPTHWISE_CONV_2D, 4, "DepthwiseConv2DOptions", "1.5.0 1.12.0 1.14.0 2.2.0 2.3.0 2.3.0 2.11.0",
    "(Tensor input, Tensor filter, Tensor? bias=None, *, int padding=0, int stride_w=0, int stride_h=0, int "
    "depth_multiplier=0, int fused_activation_function=0, int dilation_w_factor=1, int dilation_h_factor=1) "
    "-> Tensor")
ROW(DEPTH_TO_SPACE, 5, "DepthToSpaceOptions", "2.1.0 2.5.0", "(Tensor input, *, int block_size=0) -> Tensor")
ROW(DEQUANTIZE, 6, "DequantizeOptions", "1.13.1 1.14.0 1.15.0 2.2.0 2.7.0 2.18.0 2.21.0 2.22.0 2.23.0",
    "(Tensor input) -> Tensor")
ROW(DILATE, 203, "DilateOptions", "2.15.0", "(Tensor input, Tensor dilations, Tensor padding_value) -> Tensor")
ROW(DIV, 42, "DivOptions", "1.6.0 2.3.0", "(Tensor x, Tensor y, *, int fused_activation_function=0) -> Tensor")
ROW(ELU, 111, NULL, "1.14.0", "(Tensor x) -> Tensor")
ROW(EMBEDDING_LOOKUP, 7, NULL, "1.13.0 1.14.0 1.14.0 2.18.0 2.21.0", "(Tensor ids, Tensor table) -> Tensor")
ROW(EQUAL, 71, "EqualOptions", "1.14.0 1.14.0 2.3.0 2.13.0 2.21.0", "(Tensor x, Tensor y) -> Tensor")
ROW(EXP, 47, "ExpOptions", "1.7.0 2.12.0", "(Tensor x) -> Tensor")
ROW(EXPAND_DIMS, 70, "ExpandDimsOptions", "1.10.0", "(Tensor input, Tensor axis) -> Tensor")
ROW(FILL, 94, "FillOptions", "1.13.0 2.3.0 2.5.0 2.12.0 2.23.0", "(Tensor dims, Tensor value) -> Tensor")
ROW(FLOOR, 8, NULL, "1.9.0", "(Tensor x) -> Tensor")
ROW(FLOOR_DIV, 90, "FloorDivOptions", "1.14.0 1.14.0 2.13.0", "(Tensor x, Tensor y) -> Tensor")
ROW(FLOOR_MOD, 95, "FloorModOptions", "1.13.0 2.13.0", "(Tensor x, Tensor y) -> Tensor")
ROW(FULLY_CONNECTED, 9, "FullyConnectedOptions",
    "1.5.0 1.10.0 1.14.0 1.14.0 2.0.0 2.1.0 2.3.0 2.3.0 2.3.0 2.11.0 2.15.0 2.17.0 2.18.0 2.21.0",
    "(Tensor input, Tensor weights, Tensor? bias=None, *, int fused_activation_function=0, int "
    "weights_format=0, bool keep_num_dims=False, bool asymmetric_quantize_inputs=False, int "
    "quantized_bias_type=0) -> Tensor")
ROW(GATHER, 36, "GatherOptions", "1.6.0 1.14.0 1.15.0 2.4.0 2.5.0 2.13.0 2.15.0 2.23.0",
    "(Tensor input, Tensor positions, *, int axis=0, int batch_dims=0) -> Tensor")
ROW(GATHER_ND, 107, "GatherNdOptions", "1.14.0 2.3.0 2.5.0 2.13.0 2.16.0 2.23.0",
    "(Tensor input, Tensor indices) -> Tensor")
ROW(GELU, 150, "GeluOptions", "2.9.0 2.9.0 2.23.0", "(Tensor x, *, bool approximate=False) -> Tensor")
ROW(GREATER, 61, "GreaterOptions", "1.14.0 1.14.0", "(Tensor x, Tensor y) -> Tensor")
ROW(GREATER_EQUAL, 62, "GreaterEqualOptions", "1.14.0 1.14.0 2.13.0", "(Tensor x, Tensor y) -> Tensor")
ROW(HARD_SWISH, 117, "HardSwishOptions", "1.15.0", "(Tensor x) -> Tensor")
ROW(L2_NORMALIZATION, 11, "L2NormOptions", "1.5.0 1.14.0",
    "(Tensor x, *, int fused_activation_function=0) -> Tensor")
ROW(L2_POOL_2D, 12, "Pool2DOptions", "1.5.0",
    "(Tensor input, *, int padding=0, int stride_w=0, int stride_h=0, int filter_width=0, int "
    "filter_height=0, int fused_activation_function=0) -> Tensor")
ROW(LEAKY_RELU, 98, "LeakyReluOptions", "1.13.1 2.3.0", "(Tensor x, *, float alpha=0) -> Tensor")
ROW(LESS, 58, "LessOptions", "1.14.0 1.14.0 2.13.0", "(Tensor x, Tensor y) -> Tensor")
ROW(LESS_EQUAL, 63, "LessEqualOptions", "1.14.0 1.14.0", "(Tensor x, Tensor y) -> Tensor")
ROW(LOCAL_RESPONSE_NORMALIZATION, 13, "LocalResponseNormalizationOptions", "1.5.0",
    "(Tensor x, *, int radius=0, float bias=0, float alpha=0, float beta=0) -> Tensor")
ROW(LOG, 73, NULL, "1.14.0 2.15.0", "(Tensor x) -> Tensor")
ROW(LOGICAL_AND, 86, "LogicalAndOptions", "1.11.0", "(Tensor x, Tensor y) -> Tensor")
ROW(LOGICAL_NOT, 87, "LogicalNotOptions", "1.11.0", "(Tensor x) -> Tensor")
ROW(LOGICAL_OR, 84, "LogicalOrOptions", "1.11.0", "(Tensor x, Tensor y) -> Tensor")
ROW(LOGISTIC, 14, NULL, "1.14.0 1.14.0 2.3.0", "(Tensor x) -> Tensor")
ROW(LOG_SOFTMAX, 50, "LogSoftmaxOptions", "1.14.0 1.14.0", "(Tensor x) -> Tensor")
ROW(MATRIX_DIAG, 113, "MatrixDiagOptions", "1.14.0", "(Tensor diagonal) -> Tensor")
ROW(MAXIMUM, 55, "MaximumMinimumOptions", "1.14.0 1.14.0 2.3.0 2.3.0", "(Tensor x, Tensor y) -> Tensor")
ROW(MAX_POOL_2D, 17, "Pool2DOptions", "1.5.0 1.14.0 2.3.0",
    "(Tensor input, *, int padding=0, int stride_w=0, int stride_h=0, int filter_width=0, int "
    "filter_height=0, int fused_activation_function=0) -> Tensor")
ROW(MEAN, 40, "ReducerOptions", "1.6.0 1.14.0 2.4.0",
    "(Tensor input, Tensor axes, *, bool keep_dims=False) -> Tensor")
ROW(MINIMUM, 57, "MaximumMinimumOptions", "1.14.0 1.14.0 2.3.0 2.3.0", "(Tensor x, Tensor y) -> Tensor")
ROW(MIRROR_PAD, 100, "MirrorPadOptions", "1.13.1 2.3.0 2.12.0",
    "(Tensor input, Tensor paddings, *, int mode=0) -> Tensor")
ROW(MUL, 18, "MulOptions", "1.5.0 1.14.0 1.15.0 2.3.0 2.6.0 2.11.0 2.13.0 2.23.0",
    "(Tensor x, Tensor y, *, int fused_activation_function=0) -> Tensor")
ROW(NEG, 59, "NegOptions", "1.9.0", "(Tensor x) -> Tensor")
ROW(NOT_EQUAL, 72, "NotEqualOptions", "1.14.0 1.14.0 2.3.0 2.21.0", "(Tensor x, Tensor y) -> Tensor")
ROW(ONE_HOT, 85, "OneHotOptions", "1.11.0",
    "(Tensor indices, Tensor depth, Tensor on_value, Tensor off_value, *, int axis=0) -> Tensor")
ROW(PACK, 83, "PackOptions", "1.11.0 1.14.0 2.3.0 2.13.0 2.23.0",
    "(Tensor[] values, *, int values_count=0, int axis=0) -> Tensor")
ROW(PAD, 34, "PadOptions", "1.5.0 1.14.0 2.4.0 2.6.0 2.20.0 2.23.0",
    "(Tensor input, Tensor paddings) -> Tensor")
ROW(PADV2, 60, "PadV2Options", "1.9.0 1.14.0 2.4.0 2.6.0 2.20.0 2.23.0",
    "(Tensor input, Tensor paddings, Tensor constant_values) -> Tensor")
ROW(POW, 78, "PowOptions", "1.10.0", "(Tensor x, Tensor y) -> Tensor")
ROW(PRELU, 54, NULL, "1.8.0", "(Tensor x, Tensor alpha) -> Tensor")
ROW(QUANTIZE, 114, "QuantizeOptions", "1.14.0 1.15.0 2.7.0 2.21.0 2.21.0 2.21.0", "(Tensor input) -> Tensor")
ROW(REDUCE_ALL, 140, "ReducerOptions", "2.6.0",
    "(Tensor input, Tensor axes, *, bool keep_dims=False) -> Tensor")
ROW(REDUCE_ANY, 91, "ReducerOptions", "1.11.0",
    "(Tensor input, Tensor axes, *, bool keep_dims=False) -> Tensor")
ROW(REDUCE_MAX, 82, "ReducerOptions", "1.11.0 1.14.0 2.5.0",
    "(Tensor input, Tensor axes, *, bool keep_dims=False) -> Tensor")
ROW(REDUCE_MIN, 89, "ReducerOptions", "1.11.0 1.14.0 2.5.0",
    "(Tensor input, Tensor axes, *, bool keep_dims=False) -> Tensor")
ROW(REDUCE_PROD, 81, "ReducerOptions", "1.11.0 2.6.0",
    "(Tensor input, Tensor axes, *, bool keep_dims=False) -> Tensor")
ROW(RELU, 19, NULL, "1.5.0 2.1.0 2.5.0", "(Tensor x) -> Tensor")
ROW(RELU6, 21, NULL, "1.5.0 1.14.0 2.5.0", "(Tensor x) -> Tensor")
ROW(RELU_0_TO_1, 152, NULL, "2.10.0", "(Tensor x) -> Tensor")
ROW(RELU_N1_TO_1, 20, NULL, "1.5.0", "(Tensor x) -> Tensor")
ROW(RESHAPE, 22, "ReshapeOptions", "1.5.0",
    "(Tensor input, Tensor? shape=None, *, int[] new_shape=[]) -> Tensor")
ROW(RESIZE_BILINEAR, 23, "ResizeBilinearOptions", "1.7.0 1.14.0 2.2.0 2.5.0",
    "(Tensor input, Tensor size, *, bool align_corners=False, bool half_pixel_centers=False) -> Tensor")
ROW(RESIZE_NEAREST_NEIGHBOR, 97, "ResizeNearestNeighborOptions", "1.13.1 1.14.0 2.3.0 2.4.0",
    "(Tensor input, Tensor size, *, bool align_corners=False, bool half_pixel_centers=False) -> Tensor")
ROW(REVERSE_V2, 105, "ReverseV2Options", "1.14.0 2.2.0 2.5.0 2.23.0", "(Tensor input, Tensor axis) -> Tensor")
ROW(RIGHT_SHIFT, 161, "RightShiftOptions", "2.13.0", "(Tensor x, Tensor y) -> Tensor")
ROW(ROUND, 116, NULL, "1.14.0", "(Tensor x) -> Tensor")
ROW(RSQRT, 76, NULL, "1.10.0 2.5.0 2.15.0", "(Tensor x) -> Tensor")
ROW(SCATTER_ND, 122, "ScatterNdOptions", "2.1.0", "(Tensor indices, Tensor updates, Tensor shape) -> Tensor")
ROW(SELECT, 64, "SelectOptions", "1.14.0 1.14.0 2.12.0 2.12.0",
    "(Tensor condition, Tensor x, Tensor y) -> Tensor")
ROW(SELECT_V2, 123, "SelectV2Options", "2.2.0 2.12.0", "(Tensor condition, Tensor x, Tensor y) -> Tensor")
ROW(SIGN, 158, "SignOptions", "2.11.0 2.12.0", "(Tensor x) -> Tensor")
ROW(SIN, 66, NULL, "1.9.0 2.23.0", "(Tensor x) -> Tensor")
ROW(SLICE, 65, "SliceOptions", "1.14.0 1.14.0 1.14.0 2.4.0 2.5.0 2.14.0 2.21.0 2.23.0",
    "(Tensor input, Tensor begin, Tensor size) -> Tensor")
ROW(SOFTMAX, 25, "SoftmaxOptions", "1.5.0 1.14.0 2.3.0 2.23.0", "(Tensor input, *, float beta=0) -> Tensor")
ROW(SPACE_TO_BATCH_ND, 38, "SpaceToBatchNDOptions", "1.6.0 1.14.0 2.3.0 2.12.0",
    "(Tensor input, Tensor block_shape, Tensor paddings) -> Tensor")
ROW(SPACE_TO_DEPTH, 26, "SpaceToDepthOptions", "1.5.0 1.14.0", "(Tensor input, *, int block_size=0) -> Tensor")
ROW(SPLIT, 49, "SplitOptions", "1.5.0 1.14.0 1.14.0 2.3.0 2.23.0",
    "(Tensor axis, Tensor input, *, int num_splits=0) -> Tensor[]")
ROW(SPLIT_V, 102, "SplitVOptions", "1.13.1 2.3.0 2.23.0",
    "(Tensor input, Tensor size_splits, Tensor axis, *, int num_splits=0) -> Tensor[]")
ROW(SQRT, 75, NULL, "1.10.0 2.21.0", "(Tensor x) -> Tensor")
ROW(SQUARE, 92, "SquareOptions", "1.12.0", "(Tensor x) -> Tensor")
ROW(SQUARED_DIFFERENCE, 99, "SquaredDifferenceOptions", "1.13.1 2.5.0", "(Tensor x, Tensor y) -> Tensor")
ROW(SQUEEZE, 43, "SqueezeOptions", "1.6.0 2.5.0", "(Tensor input, *, int[] squeeze_dims=[]) -> Tensor")
ROW(STRIDED_SLICE, 45, "StridedSliceOptions", "1.6.0 1.14.0 2.1.0 2.2.0 2.5.0 2.6.0 2.14.0 2.14.0",
    "(Tensor input, Tensor begin, Tensor end, Tensor strides, *, int begin_mask=0, int end_mask=0, int "
    "ellipsis_mask=0, int new_axis_mask=0, int shrink_axis_mask=0, bool offset=False) -> Tensor")
ROW(SUB, 41, "SubOptions", "1.6.0 1.14.0 2.3.0 2.4.0 2.4.0",
    "(Tensor x, Tensor y, *, int fused_activation_function=0, bool pot_scale_int16=True) -> Tensor")
ROW(SUM, 74, "ReducerOptions", "1.10.0 1.15.0",
    "(Tensor input, Tensor axes, *, bool keep_dims=False) -> Tensor")
ROW(TANH, 28, NULL, "1.14.0 1.14.0 2.3.0", "(Tensor x) -> Tensor")
ROW(TILE, 69, "TileOptions", "1.10.1 2.2.0 2.8.0", "(Tensor input, Tensor multiples) -> Tensor")
ROW(TOPK_V2, 48, "TopKV2Options", "1.7.0 1.14.0 2.13.0", "(Tensor input, Tensor k) -> (Tensor, Tensor)")
ROW(TRANSPOSE, 39, "TransposeOptions", "1.6.0 1.14.0 1.15.0 2.3.0 2.4.0 2.12.0 2.14.4 2.22.0 2.23.0",
    "(Tensor input, Tensor perm) -> Tensor")
ROW(TRANSPOSE_CONV, 67, "TransposeConvOptions", "1.9.0 2.2.0 2.3.0 2.13.0 2.15.0",
    "(Tensor output_shape, Tensor weights, Tensor input, Tensor? bias=None, *, int padding=0, int stride_w=0, "
    "int stride_h=0, int fused_activation_function=0, int quantized_bias_type=0) -> Tensor")
ROW(UNPACK, 88, "UnpackOptions", "1.11.0 1.14.0 2.2.0 2.3.0 2.22.0 2.23.0",
    "(Tensor input, *, int num=0, int axis=0) -> Tensor[]")
ROW(ZEROS_LIKE, 93, "ZerosLikeOptions", "1.12.0", "(Tensor x) -> Tensor")

/* Its kernel refuses a depth_multiplier other than 1. */
const tnn_tfl_row tnn_tfl_MTK_TRANSPOSE_CONV = {
    {"CUSTOM:MTK_TRANSPOSE_CONV",
     "MTK_TRANSPOSE_CONV(Tensor output_shape, Tensor weights, Tensor input, Tensor? bias=None, *, int PaddingType=0, int "
     "activation=0, int depth_multiplier=1, int dilation_height_factor=1, int dilation_width_factor=1, int "
     "stride_height=0, int stride_width=0) -> Tensor",
     TNN_TFL_CUSTOM, TNN_OPLIST_TFLITE},
    NULL, TNN_TFL_CUSTOM_RUNTIMES, "MTK_TRANSPOSE_CONV"};

static const tnn_tfl_row *const rows[] = {
#define X(name) &tnn_tfl_##name,
    TNN_TFL_OPS(X)
#undef X
};

const tnn_tfl_row *tnn_tfl_find(const char *name) {
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (strcmp(rows[i]->op.name, name) == 0) return rows[i];
    }
    return NULL;
}

const tnn_tfl_row *tnn_tfl_row_of(const tnn_op *op) {
    return op->list == TNN_OPLIST_TFLITE ? (const tnn_tfl_row *)(const void *)op : NULL;
}
