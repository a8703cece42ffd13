/* The schema of TensorFlow Lite Metadata, in the same notation as that of the model.
 * Source: tensorflow_lite_support/metadata/metadata_schema.fbs, version 1.1.0. */
#ifndef TNN_TFLITE_FBS_METADATA_H
#define TNN_TFLITE_FBS_METADATA_H

#include "tflite/fbs.h"

#define TNN_METADATA_ENTRY "TFLITE_METADATA" /* what Model.metadata calls it */
#define TNN_METADATA_IDENTIFIER "M001"

/* AssociatedFileType */
enum { TNN_FILE_AXIS_LABELS = 2 };

/* ColorSpaceType */
enum { TNN_COLOR_RGB = 1, TNN_COLOR_GRAYSCALE = 2 };

extern const tnn_fb_table tnn_fbs_ModelMetadata; /* the root */
extern const tnn_fb_table tnn_fbs_SubGraphMetadata;
extern const tnn_fb_table tnn_fbs_TensorMetadata;
extern const tnn_fb_table tnn_fbs_AssociatedFile;
extern const tnn_fb_table tnn_fbs_Content;
extern const tnn_fb_table tnn_fbs_FeatureProperties;
extern const tnn_fb_table tnn_fbs_ImageProperties;
extern const tnn_fb_table tnn_fbs_ProcessUnit;
extern const tnn_fb_table tnn_fbs_NormalizationOptions;

#endif
