/* Collecting everything that cannot be lowered, one entry for each operator and reason. */
#ifndef TNN_TFLITE_LACK_H
#define TNN_TFLITE_LACK_H

#include "ir/graph.h"
#include "tinynn/model.h"

typedef struct tnn_lack_list {
    tnn_arena *arena;
    tnn_lack *items; /* strings in the arena or the model */
    size_t n, cap;
} tnn_lack_list;

tnn_status tnn_lack_add(tnn_lack_list *list, const tnn_node *node, const char *reason, tnn_error *err);

/* TNN_ERR_UNSUPPORTED: "2 operators WHAT: pad (3), softmax (1)". */
tnn_status tnn_lack_fail(const tnn_lack_list *list, const char *what, tnn_error *err);

/* A copy that the user owns (tnn_lacks_free). */
tnn_status tnn_lack_export(const tnn_lack_list *list, tnn_lacks *out, tnn_error *err);

#endif
