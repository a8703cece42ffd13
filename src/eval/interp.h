/* The evaluator of the Python subset over an imperative tensor layer.
 *
 * Numbers, strings and lists are computed; tensors are symbols: a call of an operator appends a node to the graph.
 * A tensor is a handle {storage, view of it, strides, generation} on a storage {current value, generation}. A write
 * through a view makes a functional update of the storage; every other handle on it sees it when it is read next.
 * The text of spellings and composites (ops/list.h) runs here, and so do programs in model files. */
#ifndef TNN_EVAL_INTERP_H
#define TNN_EVAL_INTERP_H

#include "ir/graph.h"
#include "ir/lacks.h"
#include "ir/tensor.h"

typedef struct tnn_interp tnn_interp;
typedef struct tnn_handle tnn_handle;
typedef struct tnn_instance tnn_instance; /* eval/object.h */

typedef enum tnn_obj_kind {
    TNN_OBJ_NONE,
    TNN_OBJ_TENSOR,
    TNN_OBJ_INT, /* with expression */
    TNN_OBJ_FLOAT,
    TNN_OBJ_BOOL,
    TNN_OBJ_STRING,
    TNN_OBJ_LIST,
    TNN_OBJ_TUPLE,
    TNN_OBJ_DTYPE,
    TNN_OBJ_MEMORY_FORMAT,
    TNN_OBJ_DICT,
    TNN_OBJ_INSTANCE, /* of a class of the program: a module, a member of an enum */
    TNN_OBJ_NAME /* a function, method or module that only the evaluator handles */
} tnn_obj_kind;

typedef struct tnn_obj tnn_obj;
typedef struct tnn_obj_list {
    tnn_obj *items;
    size_t n, cap;
    const char *const *fields; /* n names when it is a named tuple, else NULL */
} tnn_obj_list;

/* In order of insertion. */
typedef struct tnn_obj_dict {
    tnn_obj *keys, *values;
    size_t n, cap_keys, cap_values;
} tnn_obj_dict;

struct tnn_obj {
    tnn_obj_kind kind;
    union {
        tnn_handle *tensor;
        tnn_size size;
        double number;
        bool boolean;
        const char *text;
        tnn_obj_list *list;
        tnn_obj_dict *dict;
        tnn_instance *instance;
        tnn_dtype dtype;
        tnn_memory_format memory_format;
        const void *name;
    } as;
};

/* The text of one module of a program. */
typedef struct tnn_program_text {
    const char *text; /* NULL: there is no such module */
    size_t n_bytes;
    const char *file; /* for messages and for the nodes that come from it */
} tnn_program_text;

/* Where a program's modules are found. */
typedef struct tnn_program {
    const char *root; /* the name all others begin with: "__torch__" */
    /* `module` is "__torch__.torch.nn.functional". Texts live as long as the interpreter. */
    tnn_status (*find)(void *data, const char *module, tnn_program_text *out, tnn_error *err);
    void *data;
} tnn_program;

typedef struct tnn_interp_options {
    uint64_t max_steps;  /* statements and calls; default 10 million; TNN_ERR_LIMIT beyond */
    uint32_t max_depth;  /* nested calls and expressions; default 200 */
    bool expand_composites; /* evaluate composites, and what users defined, away instead of appending nodes of them */
    bool keep_spellings; /* where a program calls one with tensors, it stays a node, of TNN_OPLIST_SPELLING */
    const tnn_program *program; /* NULL: the texts given are all there is; borrowed */
    bool python; /* the program is Python's: it imports PyTorch's library (eval/library.h), and names are Python's */
    /* Not NULL: what a program needs and cannot have is added here, and evaluation goes on with a stand-in, so that
     * all of it is found. The graph is worth nothing then. Borrowed. */
    tnn_lack_set *lacks;
} tnn_interp_options;

tnn_interp_options tnn_interp_options_default(void);

/* Nodes go into `graph`, before `before` (NULL: at the end). The evaluator uses the model's arena. */
tnn_status tnn_interp_new(tnn_interp **out, tnn_graph *graph, tnn_node *before,
                          const tnn_interp_options *options, tnn_error *err);
void tnn_interp_free(tnn_interp *interp);

/* What the nodes appended next are called and where they came from; strings live in the model's arena. */
void tnn_interp_set_origin(tnn_interp *interp, const char *name, const char *scope, tnn_source source);

/* What an error just now was about: set by what is evaluated last. */
const struct tnn_origin *tnn_interp_origin(const tnn_interp *interp);

/* A handle on a new storage that holds `value` (an input, a constant, a node's output). `strides` in elements
 * (rank of them), or NULL for contiguous. */
tnn_status tnn_interp_tensor(tnn_interp *interp, tnn_value *value, const int64_t *strides, tnn_obj *out,
                             tnn_error *err);

/* The value in the graph that holds what the handle shows now. */
tnn_status tnn_interp_read(tnn_interp *interp, tnn_handle *handle, tnn_value **out, tnn_error *err);

/* Say that `value` is what the handle shows now: until its storage is written to, reading it needs no nodes. */
void tnn_interp_shows(tnn_handle *handle, tnn_value *value);

/* What the handle shows, without reading it. */
void tnn_interp_type(const tnn_handle *handle, tnn_dtype *dtype, tnn_shape *shape);

/* Whether the storage under the handle was written to after the handle on it was first made. */
bool tnn_interp_was_written(const tnn_handle *handle);

/* Is there a meaning for this operator of PyTorch ("conv2d", "default"; "add_", "Tensor")? */
bool tnn_interp_knows(const tnn_interp *interp, const char *name, const char *overload);

/* Call an operator of PyTorch: a view, an in-place form, a primitive, a composite or a spelling. Keyword arguments
 * follow the positional ones: the last n_keywords of `args` belong to `keywords`.
 * Errors: TNN_ERR_INVALID (what PyTorch would refuse), TNN_ERR_UNSUPPORTED (names it), TNN_ERR_LIMIT. */
tnn_status tnn_interp_call(tnn_interp *interp, const char *name, const char *overload, const tnn_obj *args,
                           size_t n_args, const char *const *keywords, size_t n_keywords, tnn_obj *out,
                           tnn_error *err);

/* Run a module of the subset (function definitions), then call one of its functions. */
tnn_status tnn_interp_run(tnn_interp *interp, const char *text, const char *function, const tnn_obj *args,
                          size_t n_args, tnn_obj *out, tnn_error *err);

/* Tracing makes tensors of a program's numbers. As operands beside tensors they are numbers again, as PyTorch has it;
 * views and copies of them are tensors. */
void tnn_interp_is_number(tnn_handle *handle);

/* The elements of a tensor that depends on constants alone, released by tnn_tensor_clear; false when it does not.
 * Errors: TNN_ERR_NOMEM, those of kernels. */
tnn_status tnn_interp_elements(tnn_interp *interp, tnn_handle *handle, tnn_tensor *out, bool *known, tnn_error *err);

/* The value of such a tensor that has one element; false when it is none.
 * Errors: TNN_ERR_NOMEM, those of kernels. */
tnn_status tnn_interp_number(tnn_interp *interp, tnn_handle *handle, tnn_obj *out, bool *known, tnn_error *err);

/* Makers. */
tnn_obj tnn_obj_none(void);
tnn_obj tnn_obj_int(tnn_size size);
tnn_obj tnn_obj_float(double number);
tnn_obj tnn_obj_bool(bool boolean);
tnn_obj tnn_obj_string(const char *text);
tnn_obj tnn_obj_dtype(tnn_dtype dtype);
tnn_obj tnn_obj_memory_format(tnn_memory_format format);
/* A list or tuple of `n` items, copied into the model's arena. */
tnn_status tnn_obj_list_new(tnn_interp *interp, tnn_obj_kind kind, const tnn_obj *items, size_t n,
                            tnn_obj *out, tnn_error *err);

#endif
