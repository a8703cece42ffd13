/* What an operator is: one row an operator, everything that holds for any target.
 *
 * Operands are numbered by slots: the arguments of the schema in order, a tensor (or an operand that is a
 * number, or an optional tensor that is absent) takes one slot, a list of tensors as many as it has entries. */
#ifndef TNN_OPS_ROW_H
#define TNN_OPS_ROW_H

#include "ir/graph.h"
#include "ir/tensor.h"

/* A call whose results are wanted. Defaults are filled in; kinds fit the schema. */
typedef struct tnn_call {
    tnn_model *model; /* guards and size expressions go here */
    const tnn_op *op;
    const tnn_schema *schema;
    const tnn_arg *args;
    const char *where; /* for errors; may be NULL */
} tnn_call;

typedef struct tnn_type {
    tnn_dtype dtype;
    tnn_shape shape;
} tnn_type;

#define TNN_MAX_OUTPUTS 4

/* Shapes and dtypes of the results, PyTorch's rules exactly.
 * Errors: TNN_ERR_INVALID (PyTorch would raise), TNN_ERR_UNSUPPORTED (legal, but not done; says why). */
typedef tnn_status tnn_infer_fn(const tnn_call *call, tnn_type *outs, uint32_t *n_outs, tnn_error *err);

typedef struct tnn_kernel_call {
    const tnn_node *node;
    const tnn_tensor *const *operands; /* by slot; NULL: absent, or a number (read it from the node's argument) */
    size_t n_operands;
    tnn_tensor *outputs; /* allocated and zeroed, shapes and dtypes as inferred (hints) */
} tnn_kernel_call;

/* The defining formula, in double where float is meant, rounded once to the output's dtype. */
typedef tnn_status tnn_kernel_fn(const tnn_kernel_call *call, tnn_error *err);

/* How dimensions of operands and results correspond. */
typedef enum tnn_link_kind {
    TNN_LINK_SAME,    /* index from_offset + step * k is the same channel as index to_offset + k */
    TNN_LINK_PLACE,   /* the dimensions take the same place in a layout, indices are unrelated (a pool's height),
                         or one of the two has size 1 and is broadcast */
    TNN_LINK_CONTRACT /* index k of one operand meets index k of the other and is summed away */
} tnn_link_kind;

typedef struct tnn_dim_link {
    tnn_link_kind kind;
    int from, to; /* slots of operands; output k is -1 - k */
    uint8_t from_dim, to_dim;
    int64_t from_offset, to_offset, step, count; /* SAME: 0, 0, 1, all, unless part of a dimension is linked */
    int64_t groups; /* SAME and CONTRACT in grouped operators: the dimension is this many equal parts; 1 else */
} tnn_dim_link;

typedef struct tnn_dimmap {
    tnn_arena *arena;
    tnn_dim_link *links;
    size_t n_links, cap_links;
} tnn_dimmap;

typedef tnn_status tnn_dims_fn(const tnn_node *node, tnn_dimmap *map, tnn_error *err);

/* A numeric argument of an element's formula, both ways; an absent one is NaN and 0. */
typedef struct tnn_scalar {
    bool present;
    double number;
    int64_t integer;
} tnn_scalar;

/* The formula on one element. `args` are the node's numeric arguments in schema order behind the tensors. */
typedef double tnn_unary_fn(double x, const tnn_scalar *args);
typedef int64_t tnn_unary_int_fn(int64_t x, const tnn_scalar *args);
typedef double tnn_binary_fn(double x, double y, const tnn_scalar *args);
typedef int64_t tnn_binary_int_fn(int64_t x, int64_t y, const tnn_scalar *args);

typedef enum tnn_op_class {
    TNN_CLASS_OTHER,
    TNN_CLASS_UNARY,     /* element by element, one tensor */
    TNN_CLASS_BINARY,    /* element by element, broadcasting, two operands of which one may be a number */
    TNN_CLASS_REDUCTION, /* arguments dim and keepdim */
    TNN_CLASS_VIEW,      /* the same elements under another shape */
    TNN_CLASS_WINDOW     /* convolution and pooling: [N, C, spatial] */
} tnn_op_class;

/* A primitive. `op` is first, so that a node's op pointer finds its row. */
typedef struct tnn_op_row {
    tnn_op op;
    tnn_op_class op_class;
    tnn_infer_fn *infer;
    tnn_kernel_fn *kernel;
    tnn_dims_fn *dims; /* NULL: the class supplies it (ops/dimmap.c); VIEW and OTHER then have none */
    /* TNN_CLASS_UNARY and TNN_CLASS_BINARY: called by the class's kernel (ops/class.h) on elements of the result's
     * dtype. The integer ones are exact, wrapping around; NULL: through double. All are NULL where the operator has a
     * kernel of its own. */
    tnn_unary_fn *unary;
    tnn_unary_int_fn *unary_int;
    tnn_binary_fn *binary;
    tnn_binary_int_fn *binary_int;
} tnn_op_row;

/* A composite: its meaning is text in the Python subset. */
typedef struct tnn_composite_row {
    tnn_op op;
    const char *text; /* "def silu(self):\n    return self * torch.sigmoid(self)\n" */
    tnn_infer_fn *infer; /* of ops/class.h: tnn_infer_unary_float, tnn_infer_binary … */
} tnn_composite_row;

/* Another spelling of something: always evaluated away when it is read. `name` is PyTorch's name with or without
 * overload ("conv2d", "conv2d.padding"); the longer one wins. */
typedef struct tnn_spelling_row {
    const char *name;
    const char *signature; /* ATen's */
    const char *text;
} tnn_spelling_row;

/* Infer, append the node with outputs named `name` (NULL: from the operator), return it.
 * `args` as for tnn_graph_node: n_args of the schema, kinds checked here against it (TNN_ERR_INVALID). */
tnn_status tnn_op_append(tnn_node **out, tnn_graph *graph, tnn_node *before, const tnn_op *op,
                         const tnn_arg *args, size_t n_args, const char *name, tnn_error *err);

/* The parsed schema of an operator; parsed once a model, kept in its arena. */
tnn_status tnn_op_schema(const tnn_schema **out, tnn_model *model, const tnn_op *op, tnn_error *err);

/* The row of a canonical name; NULL when there is none. */
const tnn_op_row *tnn_op_find(const char *name);
const tnn_composite_row *tnn_composite_find(const char *name);
const tnn_spelling_row *tnn_spelling_find(const char *name, const char *overload);

/* The row of a node's operator; NULL when it is of another list. */
const tnn_op_row *tnn_op_row_of(const tnn_op *op);

/* Slots. */
size_t tnn_node_n_operands(const tnn_node *node);
tnn_value *tnn_node_operand(const tnn_node *node, size_t slot); /* NULL: absent or a number */
/* Replace the value in a slot that holds one. */
tnn_status tnn_node_set_operand(tnn_node *node, size_t slot, tnn_value *value, tnn_error *err);

/* The dimension map of a node, from its row or its class. */
tnn_status tnn_node_dims(const tnn_node *node, tnn_dimmap *map, tnn_error *err);
tnn_status tnn_dimmap_add(tnn_dimmap *map, tnn_dim_link link, tnn_error *err);

/* Run one node's reference kernel, its fused activation included. */
tnn_status tnn_node_run(const tnn_node *node, const tnn_tensor *const *operands, size_t n_operands,
                        tnn_tensor *outputs, tnn_error *err);

#endif
