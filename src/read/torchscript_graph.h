/* From an open TorchScript archive to a model. */
#ifndef TNN_READ_TORCHSCRIPT_GRAPH_H
#define TNN_READ_TORCHSCRIPT_GRAPH_H

#include "eval/object.h"
#include "read/torchscript_archive.h"

/* The object of the archive, for those who describe it. Lives in the model. */
typedef struct tnn_torchscript_tree {
    const tnn_instance *root; /* NULL when reading did not come so far */
    const char *method;       /* the one that is evaluated */
} tnn_torchscript_tree;

/* Evaluate a method of the object into a graph. The model keeps the file; the archive may be closed after.
 *   out    set, with a graph that is worth nothing, even after TNN_ERR_UNSUPPORTED and TNN_ERR_INVALID when `tree` is
 *          asked for, which then can be looked at; otherwise NULL after an error
 *   tree   may be NULL
 *   lacks  may be NULL; filled when operators are missing
 * Errors: as tnn_model_load. */
tnn_status tnn_torchscript_to_model(tnn_model **out, tnn_torchscript *archive, const tnn_load_options *options,
                                    tnn_torchscript_tree *tree, tnn_lacks *lacks, tnn_error *err);

#endif
