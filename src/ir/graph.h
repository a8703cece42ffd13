/* The one graph: values and nodes, for ATen operators and for TFLite operators alike.
 *
 * Everything lives in the arena of the model. Nodes stand in a doubly linked list in an order in which every
 * use has its producer before it. A value knows its producer and its users. */
#ifndef TNN_IR_GRAPH_H
#define TNN_IR_GRAPH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/strbuf.h"
#include "base/strmap.h"
#include "ir/schema.h"
#include "ir/size.h"
#include "tinynn/dtype.h"

typedef struct tnn_value tnn_value;
typedef struct tnn_node tnn_node;
typedef struct tnn_graph tnn_graph;
typedef struct tnn_model tnn_model;
typedef struct tnn_recipe tnn_recipe; /* ir/recipe.h */
typedef struct tnn_layout tnn_layout; /* ir/value_layout.h */
typedef struct tnn_quant tnn_quant;   /* ir/value_quant.h */
typedef struct tnn_moments tnn_moments; /* ir/value_moments.h */
typedef struct tnn_custom_ops tnn_custom_ops; /* ops/custom_rows.h */

/* What a node's operator is: the head of a row in an operator list (ops/list.h, tflite/builtin.h). */
typedef struct tnn_op {
    const char *name;      /* canonical: "convolution", "CONV_2D" */
    const char *signature; /* ATen signature string; parsed once by tnn_schema_parse */
    uint16_t id;           /* index of the row in its list */
    uint8_t list;          /* TNN_OPLIST_… */
} tnn_op;

enum {
    TNN_OPLIST_ATEN = 0,
    TNN_OPLIST_COMPOSITE = 1,
    TNN_OPLIST_TFLITE = 2,
    TNN_OPLIST_CUSTOM = 3,
    TNN_OPLIST_SPELLING = 4 /* of a graph that is read to be written as a program */
};

typedef enum tnn_arg_kind {
    TNN_ARG_NONE = 0,
    TNN_ARG_TENSOR,   /* tensor */
    TNN_ARG_TENSORS,  /* tensors; entries may be NULL where the schema says Tensor?[] */
    TNN_ARG_INT,      /* size: int, SymInt, Scalar */
    TNN_ARG_FLOAT,    /* number: float, Scalar */
    TNN_ARG_BOOL,     /* integer 0 or 1: bool, Scalar */
    TNN_ARG_INTS,     /* sizes */
    TNN_ARG_FLOATS,   /* numbers */
    TNN_ARG_BOOLS,    /* bools */
    TNN_ARG_STRING,   /* text */
    TNN_ARG_STRINGS,  /* texts */
    TNN_ARG_DTYPE,    /* integer: tnn_dtype */
    TNN_ARG_MEMORY_FORMAT, /* integer: tnn_memory_format */
    TNN_ARG_GRAPH     /* graph: a branch or a loop body */
} tnn_arg_kind;

typedef enum tnn_memory_format {
    TNN_MEMORY_CONTIGUOUS = 0,
    TNN_MEMORY_PRESERVE,
    TNN_MEMORY_CHANNELS_LAST,
    TNN_MEMORY_CHANNELS_LAST_3D
} tnn_memory_format;

typedef struct tnn_arg {
    tnn_arg_kind kind;
    uint32_t n; /* items of the list kinds */
    union {
        tnn_value *tensor;
        tnn_value **tensors;
        tnn_size size;
        tnn_size *sizes;
        double number;
        double *numbers;
        uint8_t *bools;
        int64_t integer;
        const char *text;
        const char **texts;
        tnn_graph *graph;
    } as;
} tnn_arg;

/* An activation that the producing operator applies to its result before anybody reads it. */
typedef enum tnn_activation {
    TNN_ACT_NONE = 0,
    TNN_ACT_RELU,
    TNN_ACT_RELU6,
    TNN_ACT_RELU_N1_TO_1
} tnn_activation;

/* Where a node came from, for messages. All may be NULL or 0. */
typedef struct tnn_source {
    const char *file;
    uint32_t line;
    const char *text; /* the line of code */
    uint64_t calls;    /* tells apart ways of calls that led to the same line; 0: not known */
    uint64_t position; /* byte in a file of the model; for its locator */
    const struct tnn_source *caller; /* where the function that this is in was called; for the locator */
} tnn_source;

/* Turns places in the program that a model file holds into places in the one that its author wrote, which takes so long
 * that it is done only for messages. What is not known stays as it is. */
typedef struct tnn_locator tnn_locator;
struct tnn_locator {
    void (*locate)(tnn_locator *locator, tnn_source *source);
};

struct tnn_value {
    uint32_t id;      /* unique in the model, in order of creation */
    const char *name; /* unique in its graph; kept from the model file where it has one */
    tnn_dtype dtype;
    tnn_shape shape;
    const tnn_recipe *constant; /* or NULL */
    const tnn_layout *layout;   /* set by the layout stage; NULL: PyTorch's order */
    const tnn_quant *quant;     /* how the file stores a float32 value; NULL: as floats */
    const tnn_moments *moments; /* of its channels, before the activation; NULL: not known */
    tnn_node *producer;         /* NULL: input of the graph, or constant */
    uint32_t output_index;      /* which output of the producer */
    tnn_node **users;           /* one entry a use, in no particular order */
    size_t n_users, cap_users;
    bool is_parameter, is_buffer; /* a constant that the model file calls so */
};

struct tnn_node {
    tnn_graph *graph;
    tnn_node *prev, *next;
    const tnn_op *op;
    const tnn_schema *schema;
    tnn_arg *args; /* schema->n_args, in the order of the schema; defaults filled in */
    tnn_value **outputs;
    uint32_t n_outputs;
    tnn_activation activation; /* of output 0 */
    const char *why_float;     /* why it stays float in a file of integers, one line; NULL: it need not */
    bool wants_int4;           /* weights of 4 bits, where the file can have them */
    const char *name;          /* of the node in the file, or NULL */
    const char *scope;         /* module path, "features.0.1", or NULL */
    tnn_source source;
};

struct tnn_graph {
    tnn_model *model;
    const char *name;
    tnn_node *first, *last;
    size_t n_nodes;
    tnn_value **inputs;
    size_t n_inputs, cap_inputs;
    tnn_value **outputs; /* may repeat, may be inputs or constants */
    const char **output_names; /* n_outputs names for the signature */
    size_t n_outputs, cap_outputs;
    size_t cap_output_names;
    tnn_strmap value_names;  /* all that were ever given in the graph */
    tnn_strmap signature_names; /* the output names so far */
};

struct tnn_model {
    tnn_arena *arena;
    const char *path; /* where it was read from, for messages */
    tnn_graph **graphs;
    size_t n_graphs, cap_graphs;
    const char **guards; /* comparisons of sizes that were decided by hints, as text; no repeats */
    size_t n_guards, cap_guards;
    const char **warnings; /* one line each; no repeats */
    size_t n_warnings, cap_warnings;
    tnn_strmap said; /* guards and warnings so far */
    tnn_strmap schemas; /* by text of the signature */
    tnn_locator *locator; /* NULL: sources are the author's already */
    tnn_custom_ops *customs; /* operators that the user defined; NULL: none. In the arena, a clone borrows them */
    tnn_strmap module_types; /* class of a module by its path, "Conv2d" by "features.0"; empty unless asked for */
    const char *result_form; /* what the program gives back, as Python: "{"a": \1}", \1 being the next output; or NULL */
    uint32_t next_value_id;
};

/* Owner of everything; tnn_graph_model_free releases it and the files it retained. */
tnn_status tnn_graph_model_new(tnn_model **out, const char *path, tnn_error *err);
void tnn_graph_model_free(tnn_model *model);
/* The model keeps `file` open as long as it lives (recipes point into it). */
tnn_status tnn_graph_model_keep_file(tnn_model *model, tnn_file *file, tnn_error *err);
tnn_status tnn_graph_model_warn(tnn_model *model, tnn_error *err, const char *format, ...) TNN_PRINTF(3, 4);

/* The source as the author of the model knows it. */
tnn_source tnn_graph_model_locate(const tnn_model *model, tnn_source source);

/* The schema of an operator: parsed once a model. */
tnn_status tnn_graph_model_schema(const tnn_schema **out, tnn_model *model, const tnn_op *op, tnn_error *err);

tnn_status tnn_graph_new(tnn_graph **out, tnn_model *model, const char *name, tnn_error *err);
/* A graph for trying something out: in the model's arena, and none of its graphs. */
tnn_status tnn_graph_draft(tnn_graph **out, tnn_model *model, const char *name, tnn_error *err);

/* A value without producer. `name` is made unique by a suffix "_1", "_2" …; NULL gives "value_ID". */
tnn_status tnn_graph_value(tnn_value **out, tnn_graph *graph, const char *name, tnn_dtype dtype,
                           const tnn_shape *shape, tnn_error *err);
tnn_status tnn_graph_constant(tnn_value **out, tnn_graph *graph, const char *name,
                              const tnn_recipe *recipe, tnn_error *err);
tnn_status tnn_graph_input(tnn_value **out, tnn_graph *graph, const char *name, tnn_dtype dtype,
                           const tnn_shape *shape, tnn_error *err);
/* `name` NULL: the value's; made unique among the names of outputs. */
tnn_status tnn_graph_output(tnn_graph *graph, tnn_value *value, const char *name, tnn_error *err);

/* Call the value so. Another value of the graph that has the name gets the old one in exchange. */
tnn_status tnn_graph_rename(tnn_graph *graph, tnn_value *value, const char *name, tnn_error *err);

/* A node before `before` (NULL: at the end). `args` (n_args of them) is copied with its lists; what the schema has
 * beyond them takes its default; tensors gain a user. Its outputs are added by tnn_node_output.
 * Errors: TNN_ERR_INTERNAL (too many or too few arguments, a kind that does not fit), TNN_ERR_NOMEM. */
tnn_status tnn_graph_node(tnn_node **out, tnn_graph *graph, tnn_node *before, const tnn_op *op,
                          const tnn_arg *args, size_t n_args, tnn_error *err);
tnn_status tnn_node_output(tnn_value **out, tnn_node *node, const char *name, tnn_dtype dtype,
                           const tnn_shape *shape, tnn_error *err);

/* Replace argument `index`; users are kept right. */
tnn_status tnn_node_set_arg(tnn_node *node, size_t index, tnn_arg arg, tnn_error *err);

/* Every use of `old`, as an argument and as an output of the graph, becomes a use of `with`. */
tnn_status tnn_value_replace(tnn_graph *graph, tnn_value *old, tnn_value *with, tnn_error *err);

/* How often the value is an output of its graph. */
size_t tnn_value_n_output_uses(const tnn_graph *graph, const tnn_value *value);

/* Take a node out; its outputs must have no users. */
void tnn_node_remove(tnn_node *node);

/* Take out the nodes whose results nobody reads. */
void tnn_graph_drop_unused(tnn_graph *graph);

/* Argument of the schema by name, or NULL when the schema has none of that name. */
const tnn_arg *tnn_node_arg(const tnn_node *node, const char *name);

/* Readers of arguments; the kind has been checked by the schema, so a mismatch is our mistake (assert). */
int64_t tnn_arg_int(const tnn_arg *arg);      /* INT, BOOL, DTYPE: the hint */
double tnn_arg_number(const tnn_arg *arg);    /* FLOAT, INT, BOOL as double */
bool tnn_arg_bool(const tnn_arg *arg);
tnn_value *tnn_arg_tensor(const tnn_arg *arg); /* NULL for NONE */

/* May an argument of this kind stand where the schema has this type? */
bool tnn_arg_fits(const tnn_arg *arg, const tnn_schema_type *type);
/* Same kind and same content; sizes by expression. */
bool tnn_arg_equal(const tnn_arg *a, const tnn_arg *b);

/* Makers of arguments. Lists are borrowed. */
tnn_arg tnn_arg_none(void);
tnn_arg tnn_arg_of_tensor(tnn_value *value); /* NULL gives NONE */
tnn_arg tnn_arg_of_tensors(tnn_value **values, size_t n);
tnn_arg tnn_arg_of_int(int64_t value);
tnn_arg tnn_arg_of_size(tnn_size size);
tnn_arg tnn_arg_of_sizes(tnn_size *sizes, size_t n);
tnn_arg tnn_arg_of_float(double value);
tnn_arg tnn_arg_of_bool(bool value);
tnn_arg tnn_arg_of_string(const char *text);
tnn_arg tnn_arg_of_dtype(tnn_dtype dtype);

/* Compare by hint. When hints decide what the expressions leave open, the decision is recorded in
 * model->guards as "s0 == 2" or "s0 != 2". */
tnn_status tnn_guard_equal(tnn_model *model, tnn_size a, tnn_size b, bool *equal, tnn_error *err);
tnn_status tnn_guard_less(tnn_model *model, tnn_size a, tnn_size b, bool *less, tnn_error *err);

/* One line a node:
 *   %relu: float32[s0, 32, 112, 112] = relu(%conv2d)  # features.0.2
 * preceded by inputs, followed by outputs and guards. Arguments equal to their defaults are left out. */
void tnn_graph_print(tnn_strbuf *out, const tnn_graph *graph);
void tnn_node_print(tnn_strbuf *out, const tnn_node *node);
void tnn_arg_print(tnn_strbuf *out, const tnn_arg *arg);

/* "node NAME (module.path)" or what of it is known, for `where` of an error; in the arena. */
const char *tnn_node_where(const tnn_node *node);

#endif
