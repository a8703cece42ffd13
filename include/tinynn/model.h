/* A model: read from a file, looked at, run by the reference kernels.
 *
 * Shapes are in PyTorch's order everywhere, dimension 0 outermost. Not thread-safe per model; models are independent
 * of one another. */
#ifndef TINYNN_MODEL_H
#define TINYNN_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tinynn/dtype.h"
#include "tinynn/error.h"

#ifdef __cplusplus
extern "C" {
#endif

#define TINYNN_MAX_RANK 8

typedef struct tnn_model tnn_model;
typedef struct tnn_custom_ops tnn_custom_ops; /* tinynn/custom.h */

/* What the user says of an input, replacing what the file says. */
typedef struct tnn_input_spec {
    const char *name; /* NULL: the next input in order */
    tnn_dtype dtype;  /* TNN_DTYPE_NONE: as in the file */
    uint8_t rank;
    int64_t dims[TINYNN_MAX_RANK]; /* at least 0 each */
} tnn_input_spec;

/* What becomes of a tensor that outlives a run and that the program writes to. */
typedef enum tnn_written {
    TNN_WRITTEN_REFUSE = 0, /* TNN_ERR_UNSUPPORTED names it */
    TNN_WRITTEN_RETURN,     /* its new value is one more output, NAME_written */
    TNN_WRITTEN_IGNORE      /* its new value is dropped, with a warning */
} tnn_written;

typedef struct tnn_load_options {
    const tnn_input_spec *inputs; /* borrowed for the call */
    size_t n_inputs;
    const char *model;        /* which one of an archive that holds several, or class of a Python program; NULL: "model",
                               * or the only one; of a program the one that it runs, or its last class */
    const char *weights;      /* a state dict that torch.save wrote, whose tensors take the place of the model's
                               * parameters and buffers; NULL: the model's own; of model.py those of model.pth */
    const char *method;       /* of a TorchScript model; NULL: "forward" */
    tnn_written written_inputs;  /* default TNN_WRITTEN_REFUSE */
    tnn_written written_buffers; /* default TNN_WRITTEN_IGNORE */
    uint64_t max_entries;     /* entries of an archive; default 1,000,000 */
    uint64_t max_inflated;    /* bytes that compressed entries may inflate to, in all; default 4 GiB */
    bool ignore_crc;          /* read entries whose checksum says that they are damaged; default false */
    uint32_t max_depth;       /* nesting in pickles and JSON; default 200 */
    uint64_t max_steps;       /* statements and calls of a program; default 10 million */
    bool as_written;          /* for tnn_model_codegen alone: operators stay as the program calls them, and modules keep
                                 their classes; default false */
    const tnn_custom_ops *custom_ops; /* operators that the user defined; borrowed for the call; NULL, the default: none */
} tnn_load_options;

TNN_API tnn_load_options tnn_load_options_default(void);

/* One thing that a model needs and tinynn does not do. */
typedef struct tnn_lack {
    const char *op;     /* "aten.gru.input", or the lowered operator */
    const char *reason; /* one line */
    const char *source; /* "model.py:12: x = self.rnn(x)" of the first use, or "" */
    const char *scope;  /* module path of the first use, or "" */
    uint64_t count;
} tnn_lack;

/* All that is lacking, in order of first use. Owned by the caller; release with tnn_lacks_free. */
typedef struct tnn_lacks {
    tnn_lack *items;
    size_t n;
    void *owner;
} tnn_lacks;

TNN_API void tnn_lacks_free(tnn_lacks *lacks);

/* Read a model file: what torch.export.save or torch.jit.save wrote, or a program in Python, whose name ends in ".py" and
 * of which nothing is executed (docs/editable-program.md). `options` NULL: defaults. `lacks` (may be NULL) is filled when
 * TNN_ERR_UNSUPPORTED comes of operators; with names of tensors and what is wrong with them when TNN_ERR_INVALID comes of
 * weights that do not fit; and is empty else. `*out` is NULL after an error.
 * Errors: TNN_ERR_IO, TNN_ERR_MALFORMED, TNN_ERR_UNSUPPORTED, TNN_ERR_LIMIT, TNN_ERR_INVALID (an input spec or weights
 * that do not fit), TNN_ERR_NOMEM. */
TNN_API tnn_status tnn_model_load(tnn_model **out, const char *path, const tnn_load_options *options,
                                  tnn_lacks *lacks, tnn_error *err);
/* Accepts NULL. */
TNN_API void tnn_model_free(tnn_model *model);

typedef struct tnn_value_info {
    const char *name; /* owned by the model */
    tnn_dtype dtype;
    uint8_t rank;
    int64_t dims[TINYNN_MAX_RANK];
} tnn_value_info;

TNN_API size_t tnn_model_n_inputs(const tnn_model *model);
TNN_API size_t tnn_model_n_outputs(const tnn_model *model);
/* `index` must be below the count. */
TNN_API tnn_value_info tnn_model_input(const tnn_model *model, size_t index);
TNN_API tnn_value_info tnn_model_output(const tnn_model *model, size_t index);

/* The graph as text, one line a node, with shapes and symbolic sizes. Owned by the caller; release with
 * tnn_text_free. */
TNN_API tnn_status tnn_model_text(const tnn_model *model, char **out, tnn_error *err);
/* The graph as one JSON object, for programs that walk it; `out` as above.
 *   "inputs"   names of values
 *   "outputs"  {"name", "value"}: the name in the signature and the value that it is
 *   "values"   {"name", "dtype", "shape", "symbolic_shape", "kind"}: all that inputs, nodes and outputs name. The kind is
 *              "input", "parameter", "buffer", "constant" or "result"; in the symbolic shape, sizes that depend on an
 *              input's are texts
 *   "nodes"    in an order in which they can be computed: {"op", "name", "scope", "text", "outputs", "macs", "source",
 *              "arguments"}. "text" is the node's line of tnn_model_text, "outputs" are names of values, "source" is
 *              {"file", "line", "text"} or null, and "arguments" are {"name", "value"} in the order of the operator's
 *              signature, a tensor being {"tensor": name}
 *   "guards"   comparisons of sizes that the example's sizes decided, as text
 * Errors: TNN_ERR_NOMEM. */
TNN_API tnn_status tnn_model_graph_json(const tnn_model *model, char **out, tnn_error *err);
TNN_API void tnn_text_free(char *text);

/* Warnings that reading gave, one line each; owned by the model. */
TNN_API size_t tnn_model_n_warnings(const tnn_model *model);
TNN_API const char *tnn_model_warning(const tnn_model *model, size_t index);

/* A dense row-major array. */
typedef struct tnn_array {
    tnn_dtype dtype;
    uint8_t rank;
    int64_t dims[TINYNN_MAX_RANK];
    void *data;
} tnn_array;

/* Run the graph by the reference kernels.
 *   inputs   tnn_model_n_inputs arrays, dtypes and shapes as tnn_model_input says; borrowed
 *   outputs  tnn_model_n_outputs arrays; dtype, shape as tnn_model_output says, data allocated by the caller
 * Errors: TNN_ERR_INVALID (dtype or shape of an array; `where` is the input's name), TNN_ERR_NOMEM. */
TNN_API tnn_status tnn_model_run(const tnn_model *model, const tnn_array *inputs, tnn_array *outputs,
                                 tnn_error *err);

/* A value of the graph as computed; its name is that of tnn_model_text. */
typedef struct tnn_named_array {
    const char *name;
    tnn_array array;
} tnn_named_array;

/* Owned by the caller; release with tnn_arrays_free. */
typedef struct tnn_arrays {
    tnn_named_array *items;
    size_t n;
    void *owner;
} tnn_arrays;

TNN_API void tnn_arrays_free(tnn_arrays *arrays);

/* Run the graph by the reference kernels, and keep what lies between inputs and outputs.
 *   inputs  as for tnn_model_run
 *   names   n_names inputs or results of operators, in the order wanted; only what they need is computed. NULL: all, in
 *           the order of the graph
 *   out     empty after an error
 * Errors: TNN_ERR_INVALID (an array of `inputs`; `where` is a name that the graph does not compute), TNN_ERR_LIMIT,
 * TNN_ERR_NOMEM. */
TNN_API tnn_status tnn_model_run_values(const tnn_model *model, const tnn_array *inputs, const char *const *names,
                                        size_t n_names, tnn_arrays *out, tnn_error *err);

#ifdef __cplusplus
}
#endif
#endif
