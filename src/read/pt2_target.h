/* What a node of a .pt2 program calls. */
#ifndef TNN_READ_PT2_TARGET_H
#define TNN_READ_PT2_TARGET_H

#include <stdbool.h>

#include "eval/interp.h"

typedef enum tnn_pt2_target_kind {
    TNN_PT2_TARGET_UNKNOWN,
    TNN_PT2_TARGET_OPERATOR, /* name and overload */
    TNN_PT2_TARGET_PYTHON,   /* a function of Python on numbers: text defines f */
    TNN_PT2_TARGET_INLINE    /* evaluates the graph that argument `graph_index` is, on the arguments from `first_input` on */
} tnn_pt2_target_kind;

typedef struct tnn_pt2_target {
    tnn_pt2_target_kind kind;
    const char *name;     /* "conv2d"; of another namespace than ATen's "mylib.swish" */
    const char *overload; /* "default", or "" */
    const char *text;     /* PYTHON: Python's subset */
    size_t graph_index;   /* INLINE */
    size_t first_input;   /* the node's arguments before it are not the operator's */
    size_t first_output;  /* the node's results before it are not the operator's */
    bool casts;           /* INLINE: arguments 1 and 2 say which type operators compute in, and whether */
    const char *shown;    /* for messages: "aten.conv2d.default" */
} tnn_pt2_target;

/* A node that calls an operator which orders effects: argument 0 and result 0 are a token, argument 1 is the operator. */
#define TNN_PT2_WITH_EFFECTS "torch.ops.higher_order.with_effects"

/* `text` is the node's target, "torch.ops.aten.conv2d.default"; borrowed. Errors: TNN_ERR_NOMEM. */
tnn_status tnn_pt2_target_read(tnn_pt2_target *out, tnn_arena *arena, const tnn_interp *interp, const char *text,
                               tnn_error *err);

#endif
