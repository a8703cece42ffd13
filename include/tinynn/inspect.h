/* Look into a model file without converting it. */
#ifndef TINYNN_INSPECT_H
#define TINYNN_INSPECT_H

#include <stdbool.h>

#include "tinynn/model.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Describe `path` (.pt2, TorchScript or .tflite): operators with counts and versions, tensors, signatures, sizes, MACs.
 * Of files with weights and no program (torch.save): the tensors.
 *   options  as for tnn_model_load; NULL: defaults
 *   json     true: one JSON object; false: text for people
 *   out      owned by the caller, release with tnn_text_free. NULL after an error, but a TorchScript archive is described
 *            without its graph when that cannot be had (TNN_ERR_UNSUPPORTED; TNN_ERR_INVALID: the shape of an input is
 *            lacking)
 * Errors: as tnn_model_load. */
TNN_API tnn_status tnn_inspect(const char *path, const tnn_load_options *options, bool json, char **out,
                               tnn_lacks *lacks, tnn_error *err);

#ifdef __cplusplus
}
#endif
#endif
