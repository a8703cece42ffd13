/* What `tinynn inspect MODEL.pt` says of a TorchScript archive. */
#ifndef TNN_READ_TORCHSCRIPT_DESCRIBE_H
#define TNN_READ_TORCHSCRIPT_DESCRIBE_H

#include <stdbool.h>

#include "base/file.h"
#include "base/strbuf.h"
#include "tinynn/model.h"

/* Entries of the archive, the tree of modules with their tensors, methods, and the graph of the method.
 *   is     out: false, and nothing is added, when the file is of another kind
 *   json   true: one JSON object; false: text for people
 *   out    the text is added at its end; owned by the caller. It has everything but the graph when that cannot be had
 *          (TNN_ERR_UNSUPPORTED, and TNN_ERR_INVALID: a shape is lacking)
 *   lacks  may be NULL; as for tnn_model_load
 * Errors: as tnn_model_load. */
tnn_status tnn_torchscript_describe(tnn_file *file, const tnn_load_options *options, bool json, bool *is,
                                    tnn_strbuf *out, tnn_lacks *lacks, tnn_error *err);

#endif
