/* What the files that turn a .pt2 program into a graph share. */
#ifndef TNN_READ_PT2_LOAD_H
#define TNN_READ_PT2_LOAD_H

#include "eval/interp.h"
#include "ir/graph.h"
#include "ir/lacks.h"
#include "read/listing.h"
#include "read/pt2_archive.h"
#include "read/pt2_meta.h"
#include "read/pt2_sym.h"
#include "read/pt2_target.h"
#include "read/state_dict.h"
#include "read/weights.h"
#include "tinynn/model.h"

typedef struct tnn_pt2_load {
    tnn_pt2 *pt2;
    const tnn_load_options *options;
    tnn_arena *scratch; /* the archive's arena: gone when loading is done */
    tnn_model *model;
    tnn_graph *graph;
    tnn_interp *interp;
    tnn_symbols symbols;
    tnn_weights weights;
    tnn_state_dict state; /* instead of the archive's weights, where the options name one */
    tnn_lack_set lacks;
    bool overridden; /* the user gave sizes: the file's own are no longer expected */
    bool checks;     /* results are compared with the file's types */
    bool broken;     /* a weight cannot be had: no operator is to blame, and going on makes no sense */
    const char *file; /* the path's last part, for `where` of errors about nodes */
} tnn_pt2_load;

/* What a name stands for. */
typedef struct tnn_pt2_binding {
    tnn_obj obj;
    const char *constant; /* path of a constant that nobody has asked for yet; NULL: `obj` counts */
    const char *role;     /* "parameter", "buffer", "tensor_constant" */
} tnn_pt2_binding;

/* A graph being evaluated: the program's, or one that a node of it holds. */
typedef struct tnn_pt2_scope {
    tnn_json graph, nodes, tensor_values;
    tnn_strmap names; /* to tnn_pt2_binding */
    unsigned depth;
} tnn_pt2_scope;

/* `graph` is an object of the schema's Graph; its place must outlive the scope. Errors: TNN_ERR_MALFORMED. */
tnn_status tnn_pt2_scope_init(tnn_pt2_load *load, tnn_pt2_scope *scope, const tnn_json *graph, tnn_error *err);

tnn_status tnn_pt2_bind(tnn_pt2_load *load, tnn_pt2_scope *scope, const char *name, tnn_obj obj, tnn_error *err);
/* The object of a name; a constant is made when it is asked for first. Errors: TNN_ERR_MALFORMED (no such name). */
tnn_status tnn_pt2_lookup(tnn_pt2_load *load, tnn_pt2_scope *scope, const tnn_json *name, tnn_obj *out,
                          tnn_error *err);

/* A handle on the parameter, buffer or constant of that path ("features.0.0.weight").
 * Errors: TNN_ERR_MALFORMED (no such weight, its window leaves its storage), TNN_ERR_UNSUPPORTED (pickled), … */
tnn_status tnn_pt2_constant_get(tnn_pt2_load *load, const char *path, const char *role, tnn_obj *out,
                                tnn_error *err);

/* Is it a buffer that a normalization changes in training (read/written.h)? Errors: TNN_ERR_NOMEM. */
tnn_status tnn_pt2_is_statistic(tnn_pt2_load *load, const char *path, bool *is, tnn_error *err);

/* After all nodes: warn of constants that were written to. Errors: TNN_ERR_UNSUPPORTED (others should have seen it). */
tnn_status tnn_pt2_constants_check(tnn_pt2_load *load, tnn_error *err);

/* One Argument of the schema to an object of the evaluator. Errors: TNN_ERR_MALFORMED, TNN_ERR_UNSUPPORTED. */
tnn_status tnn_pt2_argument(tnn_pt2_load *load, tnn_pt2_scope *scope, const tnn_json *arg, tnn_obj *out,
                            tnn_error *err);

/* The tensors of the example inputs, in the order of the program's inputs; none when the archive has no example or one
 * that cannot be read. Errors: TNN_ERR_NOMEM. */
tnn_status tnn_pt2_samples(tnn_pt2_load *load, tnn_listing *out, tnn_error *err);

/* Inputs, parameters and constants get their names, symbols their numbers. */
tnn_status tnn_pt2_inputs(tnn_pt2_load *load, tnn_pt2_scope *scope, const tnn_json *signature, tnn_error *err);
/* The graph's outputs, once the nodes are evaluated. */
tnn_status tnn_pt2_outputs(tnn_pt2_load *load, tnn_pt2_scope *scope, const tnn_json *signature, tnn_error *err);

/* What a node calls. Errors: TNN_ERR_MALFORMED, TNN_ERR_NOMEM. */
tnn_status tnn_pt2_node_target(tnn_pt2_target *out, tnn_pt2_load *load, const tnn_json *node, tnn_error *err);

/* List all operators without a meaning, those of nested graphs too. */
tnn_status tnn_pt2_scan(tnn_pt2_load *load, const tnn_pt2_scope *scope, tnn_error *err);
/* Evaluate all nodes in order. */
tnn_status tnn_pt2_run(tnn_pt2_load *load, tnn_pt2_scope *scope, tnn_error *err);

#endif
