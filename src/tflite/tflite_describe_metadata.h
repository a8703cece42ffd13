/* What `tinynn inspect` says of the metadata of a .tflite file. */
#ifndef TNN_TFLITE_TFLITE_DESCRIBE_METADATA_H
#define TNN_TFLITE_TFLITE_DESCRIBE_METADATA_H

#include "base/strbuf.h"
#include "tflite/tflite_read.h"

/* The entry TFLITE_METADATA. */
typedef struct tnn_tflite_said {
    tnn_fb_ref model;    /* a ModelMetadata; none when the file has no such entry, or one that breaks its format */
    tnn_fb_ref subgraph; /* the first SubGraphMetadata, or none */
    tnn_error wrong;     /* TNN_OK, or what is wrong with the entry */
} tnn_tflite_said;

tnn_tflite_said tnn_tflite_read_said(const tnn_tflite *file);

/* "rgb", "grayscale", or NULL when the TensorMetadata is not of a picture. */
const char *tnn_tflite_color(tnn_fb_ref tensor);
/* The NormalizationOptions of a TensorMetadata, or none. */
tnn_fb_ref tnn_tflite_normalization(tnn_fb_ref tensor);

/* Lines of text; nothing when there is no entry. */
void tnn_tflite_print_said(tnn_strbuf *out, const tnn_tflite_said *said);

#endif
