/* What the files that turn a TorchScript archive into a graph share. */
#ifndef TNN_READ_TORCHSCRIPT_LOAD_H
#define TNN_READ_TORCHSCRIPT_LOAD_H

#include "eval/object.h"
#include "ir/lacks.h"
#include "read/torchscript_archive.h"
#include "read/weights.h"

/* What an attribute of a module held when the model was saved. */
typedef struct tnn_ts_attribute {
    const tnn_instance *owner;
    const char *name, *path;
    const tnn_handle *tensor;
} tnn_ts_attribute;

typedef struct tnn_ts_load {
    tnn_torchscript *archive;
    const tnn_load_options *options;
    tnn_arena *scratch; /* the archive's arena: gone when loading is done */
    tnn_model *model;
    tnn_graph *graph;
    tnn_interp *interp;
    tnn_program program;
    tnn_lack_set lacks;
    tnn_weights weights;
    tnn_ts_attribute *attributes; /* those that hold tensors */
    size_t n_attributes, cap_attributes;
    tnn_obj constants; /* the tuple of constants.pkl; NONE: there is none */
    tnn_instance *root;
    const char *method;
    const char *file; /* the path's last part, for `where` of errors */
    bool *used_specs; /* one an input spec */
    tnn_obj *inputs;  /* the tensors among the inputs, as those of the graph */
    size_t cap_inputs;
} tnn_ts_load;

/* The object of data.pkl, and the constants. Errors: TNN_ERR_MALFORMED, TNN_ERR_UNSUPPORTED, … */
tnn_status tnn_ts_objects(tnn_ts_load *load, tnn_error *err);

/* Arguments of the method, by keyword: inputs of the graph in their containers, and fixed numbers.
 *   names, args  out: as many as `*n`; arguments with defaults that nobody gave are left out
 * Errors: TNN_ERR_INVALID (a spec is lacking, or does not fit), TNN_ERR_UNSUPPORTED (an argument that cannot be an
 * input). */
tnn_status tnn_ts_inputs(tnn_ts_load *load, const tnn_function *method, const char ***names, tnn_obj **args,
                         size_t *n, tnn_error *err);

/* The tensors in what the method gave back, with their names. */
tnn_status tnn_ts_outputs(tnn_ts_load *load, const tnn_obj *result, tnn_error *err);
/* What becomes of what the program writes to, and whether there is an output at last. */
tnn_status tnn_ts_check(tnn_ts_load *load, tnn_error *err);

#endif
