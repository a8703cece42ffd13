/* TensorFlow Lite Metadata: what a file says of itself, as the caller of a conversion wants it. */
#ifndef TNN_TFLITE_METADATA_H
#define TNN_TFLITE_METADATA_H

#include "ir/graph.h"
#include "tflite/flatbuf.h"
#include "tinynn/metadata.h"

#define TNN_LABELS_FILE "labels.txt"

/* What goes into the file. */
typedef struct tnn_metadata_parts {
    tnn_fb_bytes entry; /* the content of the entry TFLITE_METADATA */
    char *labels;       /* the content of TNN_LABELS_FILE, a line each; NULL: none. Of the arena */
} tnn_metadata_parts;

/* Make it for a lowered graph, whose inputs and outputs it is about.
 *   out  release out->entry.data with tnn_free, also after an error
 * Errors: TNN_ERR_INVALID (numbers out of range; no input is such a picture; no output has as many positions as there
 * are labels; an empty label), TNN_ERR_NOMEM. */
tnn_status tnn_metadata_make(tnn_metadata_parts *out, const tnn_metadata *said, const tnn_graph *graph,
                             tnn_arena *arena, tnn_error *err);

/* For metadata.c: the lines of `text` with plain line ends, and how many there are.
 * Errors: TNN_ERR_INVALID (none at all; an empty one, which readers leave out), TNN_ERR_NOMEM. */
tnn_status tnn_metadata_labels(char **lines, size_t *n, const char *text, tnn_arena *arena, tnn_error *err);

/* The number of the output that `n` labels are for: the first whose last dimension has as many positions.
 * Errors: TNN_ERR_INVALID tells all outputs. */
tnn_status tnn_metadata_labelled(size_t *index, size_t n, const tnn_graph *graph, tnn_error *err);

#endif
