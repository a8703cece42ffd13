/* Operators that a user defined: rows that are made at run time.
 *
 * A set of them is filled before a model is read; the model then gets a copy of its own, in its arena, which the
 * lookup of names asks before all tables (eval/dispatch.h). A row with a custom code is a node of the graph, of
 * TNN_OPLIST_CUSTOM, which the row's text expands where the graph is run and which lowering keeps; a row without is
 * text that is evaluated away, as a spelling is. */
#ifndef TNN_OPS_CUSTOM_ROWS_H
#define TNN_OPS_CUSTOM_ROWS_H

#include "ir/graph.h"
#include "tinynn/custom.h"

typedef struct tnn_custom_row {
    tnn_op op;            /* "mylib::swish", "swish(Tensor x, float beta=1.0) -> Tensor" */
    const char *spelling; /* as programs name it: "mylib.swish", "mylib.swish.out", "grid_sampler" */
    const char *function; /* "swish" */
    const char *text;     /* defines the function; NULL: results are as the first tensor */
    const char *custom_code; /* NULL: no node */
    tnn_custom_attribute *attributes; /* with keys */
    size_t n_attributes;
    bool channels_last;
    bool is_aten; /* named as an operator of PyTorch's */
    bool used;    /* some call of the model meant it */
} tnn_custom_row;

struct tnn_custom_ops {
    tnn_arena *arena; /* NULL: the set is part of a model */
    tnn_custom_row **rows;
    size_t n, cap;
};

/* A row in `arena` and its schema; everything but the text is checked.
 * Errors: TNN_ERR_INVALID, TNN_ERR_NOMEM. */
tnn_status tnn_custom_row_new(tnn_custom_row **out, const tnn_schema **schema, tnn_arena *arena,
                              const tnn_custom_op *op, tnn_error *err);

/* Add it to a set in the same arena. Errors: TNN_ERR_INVALID (the operator has a row), TNN_ERR_NOMEM. */
tnn_status tnn_custom_push(tnn_custom_ops *ops, tnn_arena *arena, tnn_custom_row *row, tnn_error *err);

/* A copy in the model's arena, which becomes the model's; `ops` NULL: the model has none. */
tnn_status tnn_custom_give(tnn_model *model, const tnn_custom_ops *ops, tnn_error *err);

/* One warning for each definition that nothing in the model meant. */
tnn_status tnn_custom_warn_unused(tnn_model *model, tnn_error *err);

/* The row of a node's operator; NULL when it is of another list. */
const tnn_custom_row *tnn_custom_row_of(const tnn_op *op);

#endif
