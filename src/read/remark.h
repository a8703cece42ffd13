/* What is to be said of a model that was read as it was saved, though its author may have meant something else. */
#ifndef TNN_READ_REMARK_H
#define TNN_READ_REMARK_H

#include "ir/graph.h"
#include "ir/lacks.h"

/* " (3 times, first in layers.0, model.py:12: x = self.bn(x))" of `n` nodes, what of it is known; in the model's arena.
 * NULL: out of memory. */
const char *tnn_remark_place(const tnn_node *first, uint64_t n);

/* In which mode a model was saved. A program of torch.export does not say: what is random inside of a submodule is taken
 * for a layer in training mode, what is random in the model's own forward for the author's wish. */
typedef enum tnn_saved_mode {
    TNN_SAVED_TRAINING,
    TNN_SAVED_EVALUATION,
    TNN_SAVED_UNKNOWN
} tnn_saved_mode;

/* One warning for each kind of operator that is in training mode. What draws random numbers in a model that was not saved
 * in training mode goes into `lacks`. Errors: TNN_ERR_NOMEM. */
tnn_status tnn_remark_training(const tnn_graph *graph, tnn_saved_mode mode, tnn_lack_set *lacks, tnn_error *err);

/* Warnings of what tracing seems to have taken from the values of its example: `n` tensors that the program holds and that
 * are neither parameters nor buffers, and inputs that nothing reads. Errors: TNN_ERR_NOMEM. */
tnn_status tnn_remark_tracing(const tnn_graph *graph, tnn_value *const *constants, size_t n, tnn_error *err);

#endif
