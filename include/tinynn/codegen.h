/* A model as a PyTorch program that a person can read, change and train. */
#ifndef TINYNN_CODEGEN_H
#define TINYNN_CODEGEN_H

#include "tinynn/model.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct tnn_codegen_options {
    const char *class_name; /* of the module, a Python identifier; NULL, the default: "Net" */
    bool force;             /* write over files that are there, which may have been edited; default false */
} tnn_codegen_options;

TNN_API tnn_codegen_options tnn_codegen_options_default(void);

/* Write `path`, which ends in ".py", and the weights beside it, in a file whose name ends in ".pth" instead: both or
 * neither. Equal models give equal bytes.
 *   model    read with tnn_load_options.as_written
 *   options  NULL: defaults
 * Errors: TNN_ERR_INVALID (the path, the name; a file that is there), TNN_ERR_UNSUPPORTED (an
 * operator that has no form in PyTorch), TNN_ERR_LIMIT (weights of more than 4 GiB), TNN_ERR_IO, TNN_ERR_NOMEM. */
TNN_API tnn_status tnn_model_codegen(const tnn_model *model, const char *path, const tnn_codegen_options *options,
                                     tnn_error *err);

#ifdef __cplusplus
}
#endif
#endif
