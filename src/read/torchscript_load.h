/* What the files that turn a TorchScript archive into a graph share. */
#ifndef TNN_READ_TORCHSCRIPT_LOAD_H
#define TNN_READ_TORCHSCRIPT_LOAD_H

#include "read/program_load.h"
#include "read/state_dict.h"
#include "read/torchscript_archive.h"

typedef struct tnn_ts_load {
    tnn_program_load base; /* `scratch` is the archive's arena */
    tnn_torchscript *archive;
    tnn_program program;
    tnn_state_dict state; /* instead of the archive's weights, where the options name one */
    tnn_obj constants; /* the tuple of constants.pkl; NONE: there is none */
} tnn_ts_load;

/* The object of data.pkl, and the constants. Errors: TNN_ERR_MALFORMED, TNN_ERR_UNSUPPORTED, … */
tnn_status tnn_ts_objects(tnn_ts_load *load, tnn_error *err);

/* Arguments of the method, by keyword: inputs of the graph in their containers, and fixed numbers.
 *   names, args  out: as many as `*n`; arguments with defaults that nobody gave are left out
 * Errors: TNN_ERR_INVALID (a spec is lacking, or does not fit), TNN_ERR_UNSUPPORTED (an argument that cannot be an
 * input). */
tnn_status tnn_ts_inputs(tnn_ts_load *load, const tnn_function *method, const char ***names, tnn_obj **args,
                         size_t *n, tnn_error *err);

#endif
