/* The options tables of operators, and the two unions that number them. */
#include "tflite/fbs_notation.h"

#define OPTIONS(name, ...) TABLE(static, name, #name, __VA_ARGS__)
#define EMPTY(name) static const tnn_fb_table name = {#name, NULL, 0};

OPTIONS(Conv2DOptions,
        SCALAR(0, padding, I8, 0), SCALAR(1, stride_w, I32, 0), SCALAR(2, stride_h, I32, 0),
        SCALAR(3, fused_activation_function, I8, 0), SCALAR(4, dilation_w_factor, I32, 1),
        SCALAR(5, dilation_h_factor, I32, 1), SCALAR(6, quantized_bias_type, I8, 0))
OPTIONS(DepthwiseConv2DOptions,
        SCALAR(0, padding, I8, 0), SCALAR(1, stride_w, I32, 0), SCALAR(2, stride_h, I32, 0),
        SCALAR(3, depth_multiplier, I32, 0), SCALAR(4, fused_activation_function, I8, 0),
        SCALAR(5, dilation_w_factor, I32, 1), SCALAR(6, dilation_h_factor, I32, 1))
OPTIONS(ConcatEmbeddingsOptions,
        SCALAR(0, num_channels, I32, 0), VECTOR(1, num_columns_per_channel, I32),
        VECTOR(2, embedding_dim_per_channel, I32))
OPTIONS(LSHProjectionOptions, SCALAR(0, type, I8, 0))
OPTIONS(Pool2DOptions,
        SCALAR(0, padding, I8, 0), SCALAR(1, stride_w, I32, 0), SCALAR(2, stride_h, I32, 0),
        SCALAR(3, filter_width, I32, 0), SCALAR(4, filter_height, I32, 0),
        SCALAR(5, fused_activation_function, I8, 0))
OPTIONS(SVDFOptions,
        SCALAR(0, rank, I32, 0), SCALAR(1, fused_activation_function, I8, 0),
        SCALAR(2, asymmetric_quantize_inputs, BOOL, 0))
OPTIONS(RNNOptions, SCALAR(0, fused_activation_function, I8, 0), SCALAR(1, asymmetric_quantize_inputs, BOOL, 0))
OPTIONS(FullyConnectedOptions,
        SCALAR(0, fused_activation_function, I8, 0), SCALAR(1, weights_format, I8, 0),
        SCALAR(2, keep_num_dims, BOOL, 0), SCALAR(3, asymmetric_quantize_inputs, BOOL, 0),
        SCALAR(4, quantized_bias_type, I8, 0), VECTOR(5, quant_spec, U8))
OPTIONS(SoftmaxOptions, SCALAR(0, beta, F32, 0))
OPTIONS(ConcatenationOptions, SCALAR(0, axis, I32, 0), SCALAR(1, fused_activation_function, I8, 0))
OPTIONS(AddOptions, SCALAR(0, fused_activation_function, I8, 0), SCALAR(1, pot_scale_int16, BOOL, 1))
OPTIONS(L2NormOptions, SCALAR(0, fused_activation_function, I8, 0))
OPTIONS(LocalResponseNormalizationOptions,
        SCALAR(0, radius, I32, 0), SCALAR(1, bias, F32, 0), SCALAR(2, alpha, F32, 0), SCALAR(3, beta, F32, 0))
OPTIONS(LSTMOptions,
        SCALAR(0, fused_activation_function, I8, 0), SCALAR(1, cell_clip, F32, 0), SCALAR(2, proj_clip, F32, 0),
        SCALAR(3, kernel_type, I8, 0), SCALAR(4, asymmetric_quantize_inputs, BOOL, 0))
OPTIONS(ResizeBilinearOptions, SCALAR(2, align_corners, BOOL, 0), SCALAR(3, half_pixel_centers, BOOL, 0))
OPTIONS(CallOptions, SCALAR(0, subgraph, U32, 0))
OPTIONS(ReshapeOptions, VECTOR(0, new_shape, I32))
OPTIONS(SkipGramOptions,
        SCALAR(0, ngram_size, I32, 0), SCALAR(1, max_skip_size, I32, 0), SCALAR(2, include_all_ngrams, BOOL, 0))
OPTIONS(SpaceToDepthOptions, SCALAR(0, block_size, I32, 0))
OPTIONS(EmbeddingLookupSparseOptions, SCALAR(0, combiner, I8, 0))
OPTIONS(MulOptions, SCALAR(0, fused_activation_function, I8, 0))
EMPTY(PadOptions)
OPTIONS(GatherOptions, SCALAR(0, axis, I32, 0), SCALAR(1, batch_dims, I32, 0))
EMPTY(BatchToSpaceNDOptions)
EMPTY(SpaceToBatchNDOptions)
EMPTY(TransposeOptions)
OPTIONS(ReducerOptions, SCALAR(0, keep_dims, BOOL, 0))
OPTIONS(SubOptions, SCALAR(0, fused_activation_function, I8, 0), SCALAR(1, pot_scale_int16, BOOL, 1))
OPTIONS(DivOptions, SCALAR(0, fused_activation_function, I8, 0))
OPTIONS(SqueezeOptions, VECTOR(0, squeeze_dims, I32))
OPTIONS(SequenceRNNOptions,
        SCALAR(0, time_major, BOOL, 0), SCALAR(1, fused_activation_function, I8, 0),
        SCALAR(2, asymmetric_quantize_inputs, BOOL, 0))
OPTIONS(StridedSliceOptions,
        SCALAR(0, begin_mask, I32, 0), SCALAR(1, end_mask, I32, 0), SCALAR(2, ellipsis_mask, I32, 0),
        SCALAR(3, new_axis_mask, I32, 0), SCALAR(4, shrink_axis_mask, I32, 0), SCALAR(5, offset, BOOL, 0))
EMPTY(ExpOptions)
EMPTY(TopKV2Options)
OPTIONS(SplitOptions, SCALAR(0, num_splits, I32, 0))
EMPTY(LogSoftmaxOptions)
OPTIONS(CastOptions, SCALAR(0, in_data_type, I8, 0), SCALAR(1, out_data_type, I8, 0))
EMPTY(DequantizeOptions)
EMPTY(MaximumMinimumOptions)
OPTIONS(ArgMaxOptions, SCALAR(0, output_type, I8, 0))
EMPTY(LessOptions)
EMPTY(NegOptions)
EMPTY(PadV2Options)
EMPTY(GreaterOptions)
EMPTY(GreaterEqualOptions)
EMPTY(LessEqualOptions)
EMPTY(SelectOptions)
EMPTY(SliceOptions)
OPTIONS(TransposeConvOptions,
        SCALAR(0, padding, I8, 0), SCALAR(1, stride_w, I32, 0), SCALAR(2, stride_h, I32, 0),
        SCALAR(3, fused_activation_function, I8, 0), SCALAR(4, quantized_bias_type, I8, 0))
OPTIONS(SparseToDenseOptions, SCALAR(0, validate_indices, BOOL, 0))
EMPTY(TileOptions)
EMPTY(ExpandDimsOptions)
EMPTY(EqualOptions)
EMPTY(NotEqualOptions)
OPTIONS(ShapeOptions, SCALAR(0, out_type, I8, 0))
EMPTY(PowOptions)
OPTIONS(ArgMinOptions, SCALAR(0, output_type, I8, 0))
OPTIONS(FakeQuantOptions,
        SCALAR(0, min, F32, 0), SCALAR(1, max, F32, 0), SCALAR(2, num_bits, I32, 0),
        SCALAR(3, narrow_range, BOOL, 0))
OPTIONS(PackOptions, SCALAR(0, values_count, I32, 0), SCALAR(1, axis, I32, 0))
EMPTY(LogicalOrOptions)
OPTIONS(OneHotOptions, SCALAR(0, axis, I32, 0))
EMPTY(LogicalAndOptions)
EMPTY(LogicalNotOptions)
OPTIONS(UnpackOptions, SCALAR(0, num, I32, 0), SCALAR(1, axis, I32, 0))
EMPTY(FloorDivOptions)
EMPTY(SquareOptions)
EMPTY(ZerosLikeOptions)
EMPTY(FillOptions)
OPTIONS(BidirectionalSequenceLSTMOptions,
        SCALAR(0, fused_activation_function, I8, 0), SCALAR(1, cell_clip, F32, 0), SCALAR(2, proj_clip, F32, 0),
        SCALAR(3, merge_outputs, BOOL, 0), SCALAR(4, time_major, BOOL, 1),
        SCALAR(5, asymmetric_quantize_inputs, BOOL, 0))
OPTIONS(BidirectionalSequenceRNNOptions,
        SCALAR(0, time_major, BOOL, 0), SCALAR(1, fused_activation_function, I8, 0),
        SCALAR(2, merge_outputs, BOOL, 0), SCALAR(3, asymmetric_quantize_inputs, BOOL, 0))
OPTIONS(UnidirectionalSequenceLSTMOptions,
        SCALAR(0, fused_activation_function, I8, 0), SCALAR(1, cell_clip, F32, 0), SCALAR(2, proj_clip, F32, 0),
        SCALAR(3, time_major, BOOL, 0), SCALAR(4, asymmetric_quantize_inputs, BOOL, 0),
        SCALAR(5, diagonal_recurrent_tensors, BOOL, 0))
EMPTY(FloorModOptions)
EMPTY(RangeOptions)
OPTIONS(ResizeNearestNeighborOptions, SCALAR(0, align_corners, BOOL, 0), SCALAR(1, half_pixel_centers, BOOL, 0))
OPTIONS(LeakyReluOptions, SCALAR(0, alpha, F32, 0))
EMPTY(SquaredDifferenceOptions)
OPTIONS(MirrorPadOptions, SCALAR(0, mode, I8, 0))
EMPTY(AbsOptions)
OPTIONS(SplitVOptions, SCALAR(0, num_splits, I32, 0))
OPTIONS(UniqueOptions, SCALAR(0, idx_out_type, I8, 2))
EMPTY(ReverseV2Options)
EMPTY(AddNOptions)
EMPTY(GatherNdOptions)
EMPTY(CosOptions)
EMPTY(WhereOptions)
EMPTY(RankOptions)
OPTIONS(ReverseSequenceOptions, SCALAR(0, seq_dim, I32, 0), SCALAR(1, batch_dim, I32, 0))
EMPTY(MatrixDiagOptions)
EMPTY(QuantizeOptions)
EMPTY(MatrixSetDiagOptions)
EMPTY(HardSwishOptions)
OPTIONS(IfOptions, SCALAR(0, then_subgraph_index, I32, 0), SCALAR(1, else_subgraph_index, I32, 0))
OPTIONS(WhileOptions, SCALAR(0, cond_subgraph_index, I32, 0), SCALAR(1, body_subgraph_index, I32, 0))
OPTIONS(DepthToSpaceOptions, SCALAR(0, block_size, I32, 0))
EMPTY(NonMaxSuppressionV4Options)
EMPTY(NonMaxSuppressionV5Options)
EMPTY(ScatterNdOptions)
EMPTY(SelectV2Options)
EMPTY(DensifyOptions)
EMPTY(SegmentSumOptions)
OPTIONS(BatchMatMulOptions,
        SCALAR(0, adj_x, BOOL, 0), SCALAR(1, adj_y, BOOL, 0), SCALAR(2, asymmetric_quantize_inputs, BOOL, 0))
OPTIONS(CumsumOptions, SCALAR(0, exclusive, BOOL, 0), SCALAR(1, reverse, BOOL, 0))
OPTIONS(CallOnceOptions, SCALAR(0, init_subgraph_index, I32, 0))
EMPTY(BroadcastToOptions)
EMPTY(Rfft2dOptions)
OPTIONS(Conv3DOptions,
        SCALAR(0, padding, I8, 0), SCALAR(1, stride_d, I32, 0), SCALAR(2, stride_w, I32, 0),
        SCALAR(3, stride_h, I32, 0), SCALAR(4, fused_activation_function, I8, 0),
        SCALAR(5, dilation_d_factor, I32, 1), SCALAR(6, dilation_w_factor, I32, 1),
        SCALAR(7, dilation_h_factor, I32, 1))
OPTIONS(HashtableOptions,
        SCALAR(0, table_id, I32, 0), SCALAR(1, key_dtype, I8, 0), SCALAR(2, value_dtype, I8, 0))
EMPTY(HashtableFindOptions)
EMPTY(HashtableImportOptions)
EMPTY(HashtableSizeOptions)
OPTIONS(VarHandleOptions, STRING(0, container), STRING(1, shared_name))
EMPTY(ReadVariableOptions)
EMPTY(AssignVariableOptions)
OPTIONS(RandomOptions, SCALAR(0, seed, I64, 0), SCALAR(1, seed2, I64, 0))
OPTIONS(BucketizeOptions, VECTOR(0, boundaries, F32))
OPTIONS(GeluOptions, SCALAR(0, approximate, BOOL, 0))
EMPTY(DynamicUpdateSliceOptions)
EMPTY(UnsortedSegmentProdOptions)
EMPTY(UnsortedSegmentMaxOptions)
EMPTY(UnsortedSegmentMinOptions)
EMPTY(UnsortedSegmentSumOptions)
EMPTY(ATan2Options)
EMPTY(SignOptions)
EMPTY(BitcastOptions)
EMPTY(BitwiseXorOptions)
EMPTY(RightShiftOptions)
OPTIONS(StablehloConcatenateOptions, SCALAR(0, dimension, I64, 0))
OPTIONS(StablehloBroadcastInDimOptions, VECTOR(0, broadcast_dimensions, I64))
OPTIONS(StablehloSliceOptions,
        VECTOR(0, start_indices, I64), VECTOR(1, limit_indices, I64), VECTOR(2, strides, I64))
OPTIONS(StablehloConvolutionOptions,
        VECTOR(0, window_strides, I64), VECTOR(1, padding, I64), VECTOR(2, lhs_dilation, I64),
        VECTOR(3, rhs_dilation, I64), VECTOR(4, window_reversal, BOOL), SCALAR(5, input_batch_dimension, I64, 0),
        SCALAR(6, input_feature_dimension, I64, 0), VECTOR(7, input_spatial_dimensions, I64),
        SCALAR(8, kernel_input_feature_dimension, I64, 0), SCALAR(9, kernel_output_feature_dimension, I64, 0),
        VECTOR(10, kernel_spatial_dimensions, I64), SCALAR(11, output_batch_dimension, I64, 0),
        SCALAR(12, output_feature_dimension, I64, 0), VECTOR(13, output_spatial_dimensions, I64),
        SCALAR(14, feature_group_count, I64, 0), SCALAR(15, batch_group_count, I64, 0),
        VECTOR(16, precision_config, U32))
OPTIONS(StablehloCustomCallOptions,
        STRING(0, call_target_name), SCALAR(1, has_side_effect, BOOL, 0), STRING(2, backend_config),
        SCALAR(3, api_version, I32, 0), VECTOR(4, called_computations, I32), VECTOR(5, custom_attributes, U8))
OPTIONS(StablehloReduceOptions, VECTOR(0, dimensions, I64), SCALAR(1, body_subgraph_index, I32, 0))
OPTIONS(StablehloScatterOptions,
        SCALAR(0, indices_are_sorted, BOOL, 0), VECTOR(1, update_window_dims, I64),
        VECTOR(2, inserted_window_dims, I64), VECTOR(3, scatter_dims_to_operand_dims, I64),
        SCALAR(4, index_vector_dim, I64, 0), SCALAR(5, unique_indices, BOOL, 0),
        SCALAR(6, update_computation_subgraph_index, I32, 0))
OPTIONS(StablehloCompareOptions, SCALAR(0, comparison_direction, U32, 0), SCALAR(1, compare_type, U32, 0))
OPTIONS(StablehloDynamicSliceOptions, VECTOR(0, slice_sizes, I64))
OPTIONS(StablehloPadOptions,
        VECTOR(0, edge_padding_low, I64), VECTOR(1, edge_padding_high, I64), VECTOR(2, interior_padding, I64))
OPTIONS(StablehloIotaOptions, SCALAR(0, iota_dimension, I64, 0))
OPTIONS(StablehloDotGeneralOptions,
        VECTOR(0, lhs_batching_dimensions, I64), VECTOR(1, rhs_batching_dimensions, I64),
        VECTOR(2, lhs_contracting_dimensions, I64), VECTOR(3, rhs_contracting_dimensions, I64),
        VECTOR(4, precision_config, U32))
OPTIONS(StablehloReduceWindowOptions,
        VECTOR(0, window_dimensions, I64), VECTOR(1, window_strides, I64), VECTOR(2, base_dilations, I64),
        VECTOR(3, window_dilations, I64), VECTOR(4, padding, I64), SCALAR(5, body_subgraph_index, I32, 0))
OPTIONS(StablehloSortOptions,
        SCALAR(0, dimension, I64, 0), SCALAR(1, is_stable, BOOL, 0), SCALAR(2, comparator_subgraph_index, I32, 0))
OPTIONS(StablehloWhileOptions, SCALAR(0, cond_subgraph_index, I32, 0), SCALAR(1, body_subgraph_index, I32, 0))
OPTIONS(StablehloGatherOptions,
        VECTOR(0, offset_dims, I64), VECTOR(1, collapsed_slice_dims, I64), VECTOR(2, start_index_map, I64),
        SCALAR(3, index_vector_dim, I64, 0), VECTOR(4, slice_sizes, I64), SCALAR(5, indices_are_sorted, BOOL, 0))
OPTIONS(StablehloTransposeOptions, VECTOR(0, permutation, I64))
EMPTY(DilateOptions)
OPTIONS(StablehloRngBitGeneratorOptions, SCALAR(0, algorithm, I8, 0))
OPTIONS(ReduceWindowOptions, SCALAR(0, reduce_function, I32, 0))
OPTIONS(StableHLOCompositeOptions,
        STRING(0, name), SCALAR(1, decomposition_subgraph_index, I32, 0), VECTOR(2, composite_attributes, U8),
        SCALAR(3, composite_attributes_format, I8, 0), SCALAR(4, version, I32, 0))
EMPTY(StablehloShiftLeftOptions)
OPTIONS(StablehloCaseOptions, VECTOR(0, branch_subgraph_indices, I32))

static const tnn_fb_table *const options_tables[] = {
    NULL, &Conv2DOptions, &DepthwiseConv2DOptions, &ConcatEmbeddingsOptions, &LSHProjectionOptions,
    &Pool2DOptions, &SVDFOptions, &RNNOptions, &FullyConnectedOptions, &SoftmaxOptions, &ConcatenationOptions,
    &AddOptions, &L2NormOptions, &LocalResponseNormalizationOptions, &LSTMOptions, &ResizeBilinearOptions,
    &CallOptions, &ReshapeOptions, &SkipGramOptions, &SpaceToDepthOptions, &EmbeddingLookupSparseOptions,
    &MulOptions, &PadOptions, &GatherOptions, &BatchToSpaceNDOptions, &SpaceToBatchNDOptions,
    &TransposeOptions, &ReducerOptions, &SubOptions, &DivOptions, &SqueezeOptions, &SequenceRNNOptions,
    &StridedSliceOptions, &ExpOptions, &TopKV2Options, &SplitOptions, &LogSoftmaxOptions, &CastOptions,
    &DequantizeOptions, &MaximumMinimumOptions, &ArgMaxOptions, &LessOptions, &NegOptions, &PadV2Options,
    &GreaterOptions, &GreaterEqualOptions, &LessEqualOptions, &SelectOptions, &SliceOptions,
    &TransposeConvOptions, &SparseToDenseOptions, &TileOptions, &ExpandDimsOptions, &EqualOptions,
    &NotEqualOptions, &ShapeOptions, &PowOptions, &ArgMinOptions, &FakeQuantOptions, &PackOptions,
    &LogicalOrOptions, &OneHotOptions, &LogicalAndOptions, &LogicalNotOptions, &UnpackOptions,
    &FloorDivOptions, &SquareOptions, &ZerosLikeOptions, &FillOptions, &BidirectionalSequenceLSTMOptions,
    &BidirectionalSequenceRNNOptions, &UnidirectionalSequenceLSTMOptions, &FloorModOptions, &RangeOptions,
    &ResizeNearestNeighborOptions, &LeakyReluOptions, &SquaredDifferenceOptions, &MirrorPadOptions,
    &AbsOptions, &SplitVOptions, &UniqueOptions, &ReverseV2Options, &AddNOptions, &GatherNdOptions,
    &CosOptions, &WhereOptions, &RankOptions, &ReverseSequenceOptions, &MatrixDiagOptions, &QuantizeOptions,
    &MatrixSetDiagOptions, &HardSwishOptions, &IfOptions, &WhileOptions, &DepthToSpaceOptions,
    &NonMaxSuppressionV4Options, &NonMaxSuppressionV5Options, &ScatterNdOptions, &SelectV2Options,
    &DensifyOptions, &SegmentSumOptions, &BatchMatMulOptions, &CumsumOptions, &CallOnceOptions,
    &BroadcastToOptions, &Rfft2dOptions, &Conv3DOptions, &HashtableOptions, &HashtableFindOptions,
    &HashtableImportOptions, &HashtableSizeOptions, &VarHandleOptions, &ReadVariableOptions,
    &AssignVariableOptions, &RandomOptions, &BucketizeOptions, &GeluOptions, &DynamicUpdateSliceOptions,
    &UnsortedSegmentProdOptions, &UnsortedSegmentMaxOptions, &UnsortedSegmentMinOptions,
    &UnsortedSegmentSumOptions, &ATan2Options, &SignOptions, &BitcastOptions, &BitwiseXorOptions,
    &RightShiftOptions};
const tnn_fb_union tnn_fbs_BuiltinOptions = UNION_OF(options_tables);

static const tnn_fb_table *const options_2_tables[] = {
    NULL, &StablehloConcatenateOptions, &StablehloBroadcastInDimOptions, &StablehloSliceOptions,
    &StablehloConvolutionOptions, &StablehloCustomCallOptions, &StablehloReduceOptions,
    &StablehloScatterOptions, &StablehloCompareOptions, &StablehloDynamicSliceOptions, &StablehloPadOptions,
    &StablehloIotaOptions, &StablehloDotGeneralOptions, &StablehloReduceWindowOptions, &StablehloSortOptions,
    &StablehloWhileOptions, &StablehloGatherOptions, &StablehloTransposeOptions, &DilateOptions,
    &StablehloRngBitGeneratorOptions, &ReduceWindowOptions, &StableHLOCompositeOptions,
    &StablehloShiftLeftOptions, &StablehloCaseOptions};
const tnn_fb_union tnn_fbs_BuiltinOptions2 = UNION_OF(options_2_tables);
