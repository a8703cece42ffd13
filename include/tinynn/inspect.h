/* Look into a model file without converting it. */
#ifndef TINYNN_INSPECT_H
#define TINYNN_INSPECT_H

#include <stdbool.h>

#include "tinynn/model.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Describe `path` (.pt2 or .tflite): operators with counts and versions, tensors, signatures, sizes, MACs.
 *   json  true: one JSON object; false: text for people
 *   out   owned by the caller, release with tnn_text_free
 * Errors: as tnn_model_load. */
TNN_API tnn_status tnn_inspect(const char *path, bool json, char **out, tnn_lacks *lacks, tnn_error *err);

#ifdef __cplusplus
}
#endif
#endif
