/* What a user may call the operators of a prepared graph.
 *
 * A prepared node may be several of the model's: a convolution with its batch norm and activation, or one of many that a
 * composite became. It has the names of all of them. */
#ifndef TNN_API_OPERATORS_H
#define TNN_API_OPERATORS_H

#include "ir/graph.h"

typedef struct tnn_operator {
    const tnn_node *node;   /* of the prepared graph */
    const tnn_node **parts; /* of the model's: the first gives the result that the node is called by */
    size_t n_parts;         /* 0: a pass made the node of nothing that had a name */
} tnn_operator;

typedef struct tnn_operators {
    const tnn_graph *model;
    uint32_t n_values; /* of the prepared graph: ids are below */
    tnn_operator *items; /* those that read or give real numbers, in order */
    size_t n;
} tnn_operators;

/* Both graphs must stay as long as the list, which is in `arena`. Errors: TNN_ERR_NOMEM. */
tnn_status tnn_operators_list(tnn_operators *out, const tnn_graph *model, const tnn_graph *prepared, tnn_arena *arena,
                              tnn_error *err);

/* By its name in either graph, or that of its module, whose dots may be underscores. */
bool tnn_operator_is_called(const tnn_operator *op, const char *name);
/* Has one of its names this pattern? */
bool tnn_operator_is_like(const tnn_operator *op, const char *pattern);
/* Is it of a type, or what a composite of this type became? */
bool tnn_operator_has_type(const tnn_operator *op, const char *pattern);
/* Is it in a module of this path, or in one inside of it? */
bool tnn_operator_is_in(const tnn_operator *op, const char *pattern);

/* Does the model have something of this name, whatever became of it? */
bool tnn_operators_know(const tnn_operators *ops, const char *name);

#endif
