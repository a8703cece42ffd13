/* What turns the evaluation of a program's method into a graph, be the program TorchScript's or Python's. */
#ifndef TNN_READ_PROGRAM_LOAD_H
#define TNN_READ_PROGRAM_LOAD_H

#include "eval/object.h"
#include "ir/lacks.h"
#include "read/weights.h"
#include "tinynn/model.h"

/* What an attribute of a module holds before the method runs. */
typedef struct tnn_program_attribute {
    const tnn_instance *owner;
    const char *name, *path;
    const tnn_handle *tensor;
} tnn_program_attribute;

typedef struct tnn_program_load {
    const tnn_load_options *options;
    tnn_arena *scratch; /* gone when loading is done */
    tnn_model *model;
    tnn_graph *graph;
    tnn_interp *interp;
    tnn_lack_set lacks;
    tnn_weights weights;
    tnn_program_attribute *attributes; /* those that hold tensors */
    size_t n_attributes, cap_attributes;
    tnn_instance *root;
    const char *method;
    const char *file;  /* the path's last part, for `where` of errors */
    bool *used_specs;  /* one an input spec */
    tnn_obj *inputs;   /* the tensors among the inputs, as those of the graph */
    size_t cap_inputs;
} tnn_program_load;

/* What a tensor among the arguments is like where the file shows one. */
typedef struct tnn_example {
    tnn_dtype dtype; /* TNN_DTYPE_NONE: it shows none */
    uint8_t rank;
    int64_t dims[TNN_MAX_RANK];
    const int64_t *strides; /* NULL: contiguous */
} tnn_example;

/* The path's last part. */
const char *tnn_program_last_part(const char *path);

/* Begin with the specs of the user, and end: TNN_ERR_INVALID when one fits no input. */
tnn_status tnn_program_specs(tnn_program_load *load, tnn_error *err);
tnn_status tnn_program_specs_check(const tnn_program_load *load, tnn_error *err);

/* An input of the graph, by a spec of the user or by the example.
 * Errors: TNN_ERR_INVALID (neither is there, or the spec does not fit). */
tnn_status tnn_program_tensor(tnn_program_load *load, const char *name, const tnn_example *example, tnn_obj *out,
                              tnn_error *err);
/* An argument of that type (NULL: a tensor): inputs of the graph in their containers, or a number that a spec fixes.
 * Errors: TNN_ERR_INVALID (a spec is lacking), TNN_ERR_UNSUPPORTED (a type that cannot be an input). */
tnn_status tnn_program_typed(tnn_program_load *load, const char *name, const tnn_ast *type, tnn_obj *out,
                             tnn_error *err);
/* An argument without an example is left to its default, unless the user speaks of it. */
bool tnn_program_wants(const tnn_program_load *load, const tnn_param *param);
/* "x_0": the name of item `index`. NULL: out of memory. */
const char *tnn_program_item_name(const tnn_program_load *load, const char *name, size_t index);

/* So that changes by the program are noticed. */
tnn_status tnn_program_note(tnn_program_load *load, const tnn_program_attribute *attribute, tnn_error *err);

/* The tensors in what the method gave back, with their names. */
tnn_status tnn_program_outputs(tnn_program_load *load, const tnn_obj *result, tnn_error *err);
/* What becomes of what the program writes to, and whether there is an output at last. */
tnn_status tnn_program_check(tnn_program_load *load, tnn_error *err);

/* Say where in the program an error was. */
void tnn_program_explain(const tnn_program_load *load, tnn_error *err);

#endif
