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
    const char *weights_path; /* of the weights; NULL, the default: beside the program, as tnn_model_codegen says */
    const tnn_model *names_of; /* the same network in another mode, read likewise: what both share is called as in its
                                  program. Borrowed for the call. NULL, the default: none */
    const tnn_input_spec *examples; /* what the program's __main__ runs it with, one an input, in order; borrowed for the
                                       call. NULL, the default: what the model was exported or traced with */
    size_t n_examples;
} tnn_codegen_options;

TNN_API tnn_codegen_options tnn_codegen_options_default(void);

/* Write `path`, which ends in ".py", and the weights beside it, in a file whose name ends in ".pth" instead: both or
 * neither. Equal models give equal bytes.
 *
 * What two programs share by `names_of` is: modules, parameters and buffers of the same path, and calls of the same kind
 * in the same module, that stand on the same line of the author's program. All else has names that the other lacks.
 *   model    read with tnn_load_options.as_written
 *   options  NULL: defaults
 * Errors: TNN_ERR_INVALID (the path, the name; a file that is there; examples that do not fit), TNN_ERR_UNSUPPORTED (an
 * operator that has no form in PyTorch), TNN_ERR_LIMIT (weights of more than 4 GiB), TNN_ERR_IO, TNN_ERR_NOMEM. */
TNN_API tnn_status tnn_model_codegen(const tnn_model *model, const char *path, const tnn_codegen_options *options,
                                     tnn_error *err);

/* What the parts of the program are called, as JSON:
 *   {"trains": bool,             the graph is that of the training mode
 *    "inputs": [names], "outputs": [names],
 *    "nodes": [{"name", "kind",  "conv1", "Conv2d"; "add_0_f", "add"
 *               "module",        path of the module that is called, in the model; null: a function
 *               "reads"}],       names of inputs and nodes
 *    "attributes": [{"name",     of the module, parameter or buffer in the program
 *                    "path"}]}   in the model; null: the program alone has it
 *   out       owned by the caller, release with tnn_text_free
 *   model     read with tnn_load_options.as_written
 *   names_of  as in tnn_codegen_options
 * Errors: TNN_ERR_UNSUPPORTED, TNN_ERR_NOMEM. */
TNN_API tnn_status tnn_model_program_json(const tnn_model *model, const tnn_model *names_of, char **out, tnn_error *err);

#ifdef __cplusplus
}
#endif
#endif
