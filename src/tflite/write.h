/* A graph of TFLite operators to a .tflite file.
 *
 *   FlatBuffer  model, one subgraph, its tensors, operators, signature and metadata
 *   buffers     the constants, each as a `data` vector whose elements begin at a multiple of 16
 *
 * A FlatBuffer ends below 2 GiB. A larger file has its buffers behind the FlatBuffer, found by Buffer.offset and
 * Buffer.size, and 16 zero bytes at its end. Same graph, same bytes. */
#ifndef TNN_TFLITE_WRITE_H
#define TNN_TFLITE_WRITE_H

#include "base/file.h"
#include "base/progress.h"
#include "ir/graph.h"
#include "tflite/op_version.h"

typedef struct tnn_tflite_write_options {
    const char *description;       /* NULL: "tinynn VERSION" */
    uint64_t max_flatbuffer_bytes; /* a larger file has its buffers outside; default and most: INT32_MAX */
    const void *metadata; /* the content of an entry TFLITE_METADATA (tflite/metadata.h); NULL, the default: none */
    size_t metadata_bytes;
    const tnn_progress_span *progress; /* NULL, the default: nobody wants to know */
} tnn_tflite_write_options;

tnn_tflite_write_options tnn_tflite_write_options_default(void);

typedef struct tnn_tflite_stats {
    uint64_t file_bytes;
    uint64_t buffer_bytes; /* of constants; equal ones once */
    uint32_t n_operators, n_tensors, n_buffers;
    char min_runtime[TNN_RUNTIME_TEXT]; /* "" when the graph has no operators */
    bool buffers_outside;
} tnn_tflite_stats;

/* Append the file to `out`; commit is the caller's.
 *   graph    nodes of TNN_OPLIST_TFLITE; shapes physical, by their hints; the signature's names are those of the
 *            inputs and graph->output_names. LiteRT takes a value that is an output twice, and an input that is one.
 *   options  NULL: defaults
 *   out      empty
 *   stats    may be NULL
 * Holds in memory: the FlatBuffer and a tile of the buffer being written.
 * Errors: TNN_ERR_INTERNAL (a value that nothing makes; `where` is its name), TNN_ERR_UNSUPPORTED (a dtype that TFLite
 * lacks, a dimension beyond 31 bits), TNN_ERR_LIMIT (the FlatBuffer without buffers reaches 2 GiB), TNN_ERR_IO,
 * TNN_ERR_CANCELLED, TNN_ERR_NOMEM, and those of tnn_recipe_read. */
tnn_status tnn_tflite_write(const tnn_graph *graph, const tnn_tflite_write_options *options, tnn_out *out,
                            tnn_tflite_stats *stats, tnn_error *err);

#endif
