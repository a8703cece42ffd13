/* Inputs and outputs under the names that the caller wants. */
#ifndef TNN_API_IO_NAMES_H
#define TNN_API_IO_NAMES_H

#include "ir/graph.h"
#include "tinynn/convert.h"

/* Are there as many names as inputs and outputs, none empty, none twice?
 * Errors: TNN_ERR_INVALID. */
tnn_status tnn_io_names_check(const tnn_model *model, const tnn_convert_options *options, tnn_error *err);

/* Name the inputs and outputs of the lowered graph: its tensors, and the outputs of its signature. An output called as
 * an input is so in the signature; its tensor keeps the model's name. */
tnn_status tnn_io_names_apply(tnn_graph *lowered, const tnn_convert_options *options, tnn_error *err);

#endif
