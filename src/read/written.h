/* What becomes of tensors that a program writes to and that outlive its run: inputs and buffers. */
#ifndef TNN_READ_WRITTEN_H
#define TNN_READ_WRITTEN_H

#include "eval/interp.h"
#include "tinynn/model.h"

typedef struct tnn_written_tensor {
    const char *role; /* "input", "buffer": for messages */
    const char *name; /* in the model; the output is called NAME_written */
    tnn_obj now;      /* the tensor as it is when the program ends */
    bool is_statistic; /* of a normalization that trains: what becomes of it is said for all of them at once */
} tnn_written_tensor;

/* Buffers that PyTorch's normalizations change in training, all of one module: running_mean, … */
enum { TNN_N_STATISTICS = 3 };
extern const char *const tnn_statistic_names[TNN_N_STATISTICS];

/* Do with it what the option says; nothing with a statistic.
 *   file  for `where` of the error
 * Errors: TNN_ERR_UNSUPPORTED (the option refuses it), TNN_ERR_NOMEM. */
tnn_status tnn_written_settle(tnn_interp *interp, tnn_graph *graph, const tnn_written_tensor *tensor,
                              tnn_written option, const char *file, tnn_error *err);

#endif
