/* What `tinynn inspect MODEL.pt2` says. */
#ifndef TNN_READ_DESCRIBE_H
#define TNN_READ_DESCRIBE_H

#include <stdbool.h>

#include "base/strbuf.h"
#include "tinynn/model.h"

/* Producer, entries of the archive, inputs and outputs with shapes, parameters and buffers, operators with counts,
 * multiply-accumulates, warnings, and the graph.
 *   json   true: one JSON object; false: text for people
 *   out    the text is added at its end; owned by the caller
 *   lacks  may be NULL; as for tnn_model_load
 * Errors: as tnn_model_load. */
tnn_status tnn_pt2_describe(const char *path, const tnn_load_options *options, bool json, tnn_strbuf *out,
                            tnn_lacks *lacks, tnn_error *err);

#endif
