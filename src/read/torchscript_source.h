/* The author's own lines, from the .debug_pkl files beside the program of a TorchScript archive. */
#ifndef TNN_READ_TORCHSCRIPT_SOURCE_H
#define TNN_READ_TORCHSCRIPT_SOURCE_H

#include "ir/graph.h"
#include "read/torchscript_archive.h"

/* The model gets a locator, which works as long as the model lives: the model must keep the archive's file. The debug
 * files are read when a message asks for them; one that is damaged or missing tells nothing. Errors: TNN_ERR_NOMEM. */
tnn_status tnn_ts_locator_set(tnn_model *model, const tnn_torchscript *archive, const tnn_load_options *options,
                              tnn_error *err);

#endif
