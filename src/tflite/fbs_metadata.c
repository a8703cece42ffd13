/* The tables of TensorFlow Lite Metadata, children before parents. */
#include "tflite/fbs_metadata.h"

#include "tflite/fbs_notation.h"

TABLE(, tnn_fbs_AssociatedFile, "AssociatedFile",
      STRING(0, name), STRING(1, description), SCALAR(2, type, I8, 0), STRING(3, locale))

/* What a tensor holds. */

const tnn_fb_table tnn_fbs_FeatureProperties = {"FeatureProperties", NULL, 0};
TABLE(static, ImageSize, "ImageSize", SCALAR(0, width, U32, 0), SCALAR(1, height, U32, 0))
TABLE(, tnn_fbs_ImageProperties, "ImageProperties",
      SCALAR(0, color_space, I8, 0), CHILD(1, default_size, ImageSize))
TABLE(static, BoundingBoxProperties, "BoundingBoxProperties",
      VECTOR(0, index, U32), SCALAR(1, type, I8, 0), SCALAR(2, coordinate_type, I8, 0))

static const tnn_fb_table *const properties[] = {
    NULL, &tnn_fbs_FeatureProperties, &tnn_fbs_ImageProperties, &BoundingBoxProperties};
static const tnn_fb_union ContentProperties = UNION_OF(properties);

TABLE(static, ValueRange, "ValueRange", SCALAR(0, min, I32, 0), SCALAR(1, max, I32, 0))
TABLE(, tnn_fbs_Content, "Content",
      SCALAR(0, content_properties_type, U8, 0), UNION(1, content_properties, ContentProperties),
      CHILD(2, range, ValueRange))

/* What is done to a tensor before or after the model. */

TABLE(, tnn_fbs_NormalizationOptions, "NormalizationOptions", VECTOR(0, mean, F32), VECTOR(1, std, F32))
TABLE(static, ScoreCalibrationOptions, "ScoreCalibrationOptions",
      SCALAR(0, score_transformation, I8, 0), SCALAR(1, default_score, F32, 0))
TABLE(static, ScoreThresholdingOptions, "ScoreThresholdingOptions", SCALAR(0, global_score_threshold, F32, 0))
TABLE(static, BertTokenizerOptions, "BertTokenizerOptions", CHILDREN(0, vocab_file, tnn_fbs_AssociatedFile))
TABLE(static, SentencePieceTokenizerOptions, "SentencePieceTokenizerOptions",
      CHILDREN(0, sentencePiece_model, tnn_fbs_AssociatedFile), CHILDREN(1, vocab_file, tnn_fbs_AssociatedFile))

static const tnn_fb_table *const units[] = {
    NULL, &tnn_fbs_NormalizationOptions, &ScoreCalibrationOptions, &ScoreThresholdingOptions, &BertTokenizerOptions,
    &SentencePieceTokenizerOptions};
static const tnn_fb_union ProcessUnitOptions = UNION_OF(units);

TABLE(, tnn_fbs_ProcessUnit, "ProcessUnit",
      SCALAR(0, options_type, U8, 0), UNION(1, options, ProcessUnitOptions))
TABLE(static, Stats, "Stats", VECTOR(0, max, F32), VECTOR(1, min, F32))

/* dimension_names, number 2 of a TensorMetadata, is a list of texts, which nothing here needs. */
TABLE(, tnn_fbs_TensorMetadata, "TensorMetadata",
      STRING(0, name), STRING(1, description), CHILD(3, content, tnn_fbs_Content),
      CHILDREN(4, process_units, tnn_fbs_ProcessUnit), CHILD(5, stats, Stats),
      CHILDREN(6, associated_files, tnn_fbs_AssociatedFile))
TABLE(, tnn_fbs_SubGraphMetadata, "SubGraphMetadata",
      STRING(0, name), STRING(1, description), CHILDREN(2, input_tensor_metadata, tnn_fbs_TensorMetadata),
      CHILDREN(3, output_tensor_metadata, tnn_fbs_TensorMetadata),
      CHILDREN(4, associated_files, tnn_fbs_AssociatedFile), CHILDREN(5, input_process_units, tnn_fbs_ProcessUnit),
      CHILDREN(6, output_process_units, tnn_fbs_ProcessUnit))
TABLE(, tnn_fbs_ModelMetadata, "ModelMetadata",
      STRING(0, name), STRING(1, description), STRING(2, version),
      CHILDREN(3, subgraph_metadata, tnn_fbs_SubGraphMetadata), STRING(4, author), STRING(5, license),
      CHILDREN(6, associated_files, tnn_fbs_AssociatedFile), STRING(7, min_parser_version))
