/* The tables of a TFLite model, children before parents. The options of operators stand in fbs_options.c. */
#include "tflite/fbs.h"

#include <string.h>

#include "tflite/fbs_notation.h"

TABLE(static, CustomQuantization, "CustomQuantization", ALIGNED(0, custom, U8, 16))
TABLE(static, BlockwiseQuantization, "BlockwiseQuantization",
      SCALAR(0, scales, I32, 0), SCALAR(1, zero_points, I32, 0), SCALAR(2, block_size, I32, 0),
      VECTOR(3, block_shape, I32))
TABLE(static, MultiAxisQuantization, "MultiAxisQuantization",
      SCALAR(0, scales, I32, 0), SCALAR(1, zero_points, I32, 0), SCALAR(2, block_size, I32, 0),
      VECTOR(3, quantized_dimensions, I32))

static const tnn_fb_table *const details_tables[] = {
    NULL, &CustomQuantization, &BlockwiseQuantization, &MultiAxisQuantization};
static const tnn_fb_union QuantizationDetails = UNION_OF(details_tables);

TABLE(, tnn_fbs_QuantizationParameters, "QuantizationParameters",
      VECTOR(0, min, F32), VECTOR(1, max, F32), VECTOR(2, scale, F32), VECTOR(3, zero_point, I64),
      SCALAR(4, details_type, U8, 0), UNION(5, details, QuantizationDetails),
      SCALAR(6, quantized_dimension, I32, 0))
TABLE(static, Int32Vector, "Int32Vector", VECTOR(0, values, I32))
TABLE(static, Uint16Vector, "Uint16Vector", VECTOR(0, values, U16))
TABLE(static, Uint8Vector, "Uint8Vector", VECTOR(0, values, U8))

static const tnn_fb_table *const index_tables[] = {NULL, &Int32Vector, &Uint16Vector, &Uint8Vector};
static const tnn_fb_union SparseIndexVector = UNION_OF(index_tables);

TABLE(static, DimensionMetadata, "DimensionMetadata",
      SCALAR(0, format, I8, 0), SCALAR(1, dense_size, I32, 0), SCALAR(2, array_segments_type, U8, 0),
      UNION(3, array_segments, SparseIndexVector), SCALAR(4, array_indices_type, U8, 0),
      UNION(5, array_indices, SparseIndexVector))
TABLE(static, SparsityParameters, "SparsityParameters",
      VECTOR(0, traversal_order, I32), VECTOR(1, block_map, I32), CHILDREN(2, dim_metadata, DimensionMetadata))
TABLE(static, VariantSubType, "VariantSubType",
      VECTOR(0, shape, I32), SCALAR(1, type, I8, 0), SCALAR(2, has_rank, BOOL, 0))
TABLE(, tnn_fbs_Tensor, "Tensor",
      VECTOR(0, shape, I32), SCALAR(1, type, I8, 0), SCALAR(2, buffer, U32, 0), STRING(3, name),
      CHILD(4, quantization, tnn_fbs_QuantizationParameters), SCALAR(5, is_variable, BOOL, 0),
      CHILD(6, sparsity, SparsityParameters), VECTOR(7, shape_signature, I32), SCALAR(8, has_rank, BOOL, 0),
      CHILDREN(9, variant_tensors, VariantSubType), SCALAR(10, external_buffer, U32, 0))
TABLE(, tnn_fbs_OperatorCode, "OperatorCode",
      SCALAR(0, deprecated_builtin_code, I8, 0), STRING(1, custom_code), SCALAR(2, version, I32, 1),
      SCALAR(3, builtin_code, I32, 0))
TABLE(, tnn_fbs_Operator, "Operator",
      SCALAR(0, opcode_index, U32, 0), VECTOR(1, inputs, I32), VECTOR(2, outputs, I32),
      SCALAR(3, builtin_options_type, U8, 0), UNION(4, builtin_options, tnn_fbs_BuiltinOptions),
      ALIGNED(5, custom_options, U8, 16), SCALAR(6, custom_options_format, I8, 0),
      VECTOR(7, mutating_variable_inputs, BOOL), VECTOR(8, intermediates, I32),
      SCALAR(9, large_custom_options_offset, U64, 0), SCALAR(10, large_custom_options_size, U64, 0),
      SCALAR(11, builtin_options_2_type, U8, 0), UNION(12, builtin_options_2, tnn_fbs_BuiltinOptions2),
      SCALAR(13, debug_metadata_index, I32, -1))
TABLE(, tnn_fbs_SubGraph, "SubGraph",
      CHILDREN(0, tensors, tnn_fbs_Tensor), VECTOR(1, inputs, I32), VECTOR(2, outputs, I32),
      CHILDREN(3, operators, tnn_fbs_Operator), STRING(4, name), SCALAR(5, debug_metadata_index, I32, -1))
TABLE(, tnn_fbs_Buffer, "Buffer",
      ALIGNED(0, data, U8, 16), SCALAR(1, offset, U64, 0), SCALAR(2, size, U64, 0))
TABLE(static, ExternalBufferGroup, "ExternalBufferGroup", STRING(0, name))
TABLE(static, ExternalBuffer, "ExternalBuffer",
      SCALAR(0, id, U32, 0), SCALAR(1, group, U32, 0), SCALAR(2, offset, U64, 0), SCALAR(3, length, U64, 0),
      STRING(4, packing))
TABLE(, tnn_fbs_Metadata, "Metadata", STRING(0, name), SCALAR(1, buffer, U32, 0))
TABLE(, tnn_fbs_TensorMap, "TensorMap", STRING(0, name), SCALAR(1, tensor_index, U32, 0))
TABLE(, tnn_fbs_SignatureDef, "SignatureDef",
      CHILDREN(0, inputs, tnn_fbs_TensorMap), CHILDREN(1, outputs, tnn_fbs_TensorMap),
      STRING(2, signature_key), SCALAR(4, subgraph_index, U32, 0))
TABLE(, tnn_fbs_Model, "Model",
      SCALAR(0, version, U32, 0), CHILDREN(1, operator_codes, tnn_fbs_OperatorCode),
      CHILDREN(2, subgraphs, tnn_fbs_SubGraph), STRING(3, description),
      CHILDREN(4, buffers, tnn_fbs_Buffer), VECTOR(5, metadata_buffer, I32),
      CHILDREN(6, metadata, tnn_fbs_Metadata), CHILDREN(7, signature_defs, tnn_fbs_SignatureDef),
      CHILDREN(8, external_buffer_groups, ExternalBufferGroup), CHILDREN(9, external_buffers, ExternalBuffer))

const tnn_fb_field *tnn_fbs_field(const tnn_fb_table *table, const char *name) {
    for (size_t i = 0; i < table->n_fields; i++) {
        if (strcmp(table->fields[i].name, name) == 0) return &table->fields[i];
    }
    return NULL;
}

uint8_t tnn_fbs_member(const tnn_fb_union *members, const char *table_name) {
    for (size_t i = 1; i < members->n_tables; i++) {
        if (strcmp(members->tables[i]->name, table_name) == 0) return (uint8_t)i;
    }
    return 0;
}

uint32_t tnn_fb_type_bytes(tnn_fb_type type) {
    static const uint8_t n_bytes[] = {
        [TNN_FB_BOOL] = 1, [TNN_FB_I8] = 1,  [TNN_FB_U8] = 1,  [TNN_FB_I16] = 2,    [TNN_FB_U16] = 2,
        [TNN_FB_I32] = 4,  [TNN_FB_U32] = 4, [TNN_FB_I64] = 8, [TNN_FB_U64] = 8,    [TNN_FB_F32] = 4,
        [TNN_FB_STRING] = 4, [TNN_FB_TABLE] = 4, [TNN_FB_UNION] = 4,
    };
    return n_bytes[type];
}
