/* The inputs that take bytes as they are. */
#ifndef TNN_API_RAW_INPUTS_H
#define TNN_API_RAW_INPUTS_H

#include "quant/raw_input.h"
#include "tinynn/quantize.h"

typedef struct tnn_raw_inputs {
    tnn_raw_map *maps;  /* one an input of the graph, in its arena; NULL: there are none */
    tnn_dtype *dtypes;  /* of the file's inputs, one an input; NULL: as all */
} tnn_raw_inputs;

/* Change the prepared graph to what `options->input_stats` say. Errors: those of tnn_raw_input; TNN_ERR_INVALID (no such input, or one
 * that is named twice). */
tnn_status tnn_raw_inputs_apply(tnn_raw_inputs *out, tnn_graph *graph, const tnn_quantize_options *options,
                                tnn_error *err);

#endif
