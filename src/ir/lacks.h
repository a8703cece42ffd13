/* Collecting all that a model needs and tinynn does not do, so that the user hears of everything at once. */
#ifndef TNN_IR_LACKS_H
#define TNN_IR_LACKS_H

#include "base/strmap.h"
#include "ir/graph.h"
#include "tinynn/model.h"

typedef struct tnn_lack_set {
    tnn_arena *arena;   /* of the table; texts are copied into it */
    tnn_strmap by_text; /* "op: reason" to tnn_lack, in order of first use */
    uint64_t n_uses;
    const tnn_model *model; /* that knows where its sources are from; or NULL */
} tnn_lack_set;

void tnn_lack_set_init(tnn_lack_set *set, tnn_arena *arena);

/* One use of `op` that cannot be done. `scope` may be NULL. Errors: TNN_ERR_NOMEM. */
tnn_status tnn_lack_set_add(tnn_lack_set *set, const char *op, const char *reason, const char *scope,
                            tnn_source source, tnn_error *err);

/* "model.py:12: x = self.rnn(x)", or what of it is known; "" when nothing is. NULL: out of memory. */
const char *tnn_source_text(tnn_arena *arena, tnn_source source);

/* TNN_OK when the set is empty; otherwise TNN_ERR_UNSUPPORTED that names all, and `*out` (may be NULL) gets them. */
tnn_status tnn_lack_set_report(const tnn_lack_set *set, const char *where, tnn_lacks *out, tnn_error *err);

#endif
