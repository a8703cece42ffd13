/* Tensors of a TorchScript archive. */
#ifndef TNN_READ_TORCHSCRIPT_TENSOR_H
#define TNN_READ_TORCHSCRIPT_TENSOR_H

#include "read/torchscript_load.h"

/* A handle on the tensor; the same window gives the same handle. One of a type that tinynn does not have gives an object
 * that no operator takes.
 *   object  one for which tnn_saved_is_tensor holds
 *   folder  "data" or "constants"
 *   path    what the constant is called; lives as long as the model
 *   role    "parameter", "buffer" or "constant"
 * Errors: TNN_ERR_MALFORMED (no such storage, the window leaves it), TNN_ERR_UNSUPPORTED (rank), … */
tnn_status tnn_ts_tensor_get(tnn_ts_load *load, const tnn_pickle *object, const char *folder, const char *path,
                             const char *role, tnn_obj *out, tnn_error *err);

#endif
