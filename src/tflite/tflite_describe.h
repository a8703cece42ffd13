/* What `tinynn inspect` says of a .tflite file. */
#ifndef TNN_TFLITE_TFLITE_DESCRIBE_H
#define TNN_TFLITE_TFLITE_DESCRIBE_H

#include "base/file.h"
#include "base/strbuf.h"
#include "tflite/tflite_count.h"
#include "tflite/tflite_describe_metadata.h"

/* Description, versions, signatures, operators with counts and versions, MACs, bytes, nodes with shapes.
 *   json  one JSON object; else text for people, where names are cut and control characters replaced
 * Errors: those of tnn_tflite_open, TNN_ERR_NOMEM. */
tnn_status tnn_tflite_describe(const tnn_file *file, bool json, tnn_strbuf *out, tnn_error *err);

/* For tflite_describe.c and tflite_describe_json.c: a checked file with its sums. */
typedef struct tnn_tflite_view {
    tnn_tflite file;
    tnn_tflite_sums sums;
    char min_runtime[32];
    tnn_tflite_said said;
    const char **op_names; /* by operator code of the file */
    tnn_arena *arena;
} tnn_tflite_view;

void tnn_tflite_describe_json(const tnn_tflite_view *view, tnn_strbuf *out);

/* A text of the file's on a terminal: no control characters, not too long. */
void tnn_tflite_print_name(tnn_strbuf *out, const char *name);
/* "float32", "int4"; in PyTorch's spelling where PyTorch has the type. */
void tnn_tflite_print_type(tnn_strbuf *out, int64_t type);
/* "[1, 224, 224, 3]"; -1 where the signature of the shape says so. */
void tnn_tflite_print_shape(tnn_strbuf *out, tnn_fb_ref tensor);

#endif
