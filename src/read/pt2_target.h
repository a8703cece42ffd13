/* What a node of a .pt2 program calls. */
#ifndef TNN_READ_PT2_TARGET_H
#define TNN_READ_PT2_TARGET_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/fail.h"

typedef enum tnn_pt2_target_kind {
    TNN_PT2_TARGET_UNKNOWN,
    TNN_PT2_TARGET_OPERATOR, /* of ATen: name and overload */
    TNN_PT2_TARGET_PYTHON,   /* a function of Python on numbers: text defines f */
    TNN_PT2_TARGET_INLINE    /* evaluates the graph that argument `graph_index` is, on the arguments from `first_input` on */
} tnn_pt2_target_kind;

typedef struct tnn_pt2_target {
    tnn_pt2_target_kind kind;
    const char *name;     /* "conv2d" */
    const char *overload; /* "default", or "" */
    const char *text;     /* PYTHON: Python's subset */
    size_t graph_index, first_input; /* INLINE */
    bool casts;           /* INLINE: arguments 1 and 2 say which type operators compute in, and whether */
    const char *shown;    /* for messages: "aten.conv2d.default" */
} tnn_pt2_target;

/* `text` is the node's target, "torch.ops.aten.conv2d.default"; borrowed. Errors: TNN_ERR_NOMEM. */
tnn_status tnn_pt2_target_read(tnn_pt2_target *out, tnn_arena *arena, const char *text, tnn_error *err);

#endif
