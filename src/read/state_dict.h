/* The weights of a model in a file of their own: a state dict that torch.save wrote.
 *
 *   state dict   names of parameters and buffers to tensors: what torch.save(model.state_dict(), path) writes. One level of
 *                wrapping is looked through: a checkpoint that has it as "state_dict", "model_state_dict" or "model"
 *
 * Names and shapes are compared with what the model wants, and all differences are told at once. */
#ifndef TNN_READ_STATE_DICT_H
#define TNN_READ_STATE_DICT_H

#include "ir/lacks.h"
#include "read/saved.h"
#include "read/weights.h"

typedef struct tnn_state_entry {
    tnn_saved_tensor tensor;
    bool wanted;
} tnn_state_entry;

/* What the file does not have as the model wants it. */
typedef struct tnn_state_fault {
    const char *name;
    const char *text; /* "has shape [3, 4], expected [3, 5]"; NULL: it is missing */
} tnn_state_fault;

struct tnn_state_dict {
    tnn_arena *arena; /* owned */
    tnn_file *file;   /* one reference is ours */
    tnn_saved saved;
    const char *name;   /* the path's last part, for messages */
    tnn_strmap entries; /* tnn_state_entry by name, in the file's order */
    tnn_state_fault *faults;
    size_t n_faults, cap_faults;
};

/* `out` is to be closed in every case, after all that uses its windows.
 * Errors: TNN_ERR_IO, TNN_ERR_MALFORMED, TNN_ERR_UNSUPPORTED (another kind of file), TNN_ERR_LIMIT, TNN_ERR_NOMEM. */
tnn_status tnn_state_dict_open(tnn_state_dict *out, const char *path, const tnn_load_options *options, tnn_error *err);
void tnn_state_dict_close(tnn_state_dict *state);

/* Where the tensor of that name lies. `*found` false: the file has none, or one of another shape, which is noted.
 *   optional  nothing is noted when it is missing
 * Errors: TNN_ERR_MALFORMED (no such storage), TNN_ERR_NOMEM. */
tnn_status tnn_state_dict_get(tnn_state_dict *state, const char *name, const tnn_shape *shape, bool optional,
                              tnn_window *window, bool *found, tnn_error *err);

/* The model has the name, and does not use what it stands for. */
void tnn_state_dict_know(tnn_state_dict *state, const char *name);

/* For a model that has weights of its own: open the file that the options name, if they do, and let its tensors take the
 * place of those that `weights` would give. The model keeps the file. `state` is to be closed in every case. */
tnn_status tnn_state_dict_give(tnn_state_dict *state, tnn_weights *weights, const tnn_load_options *options,
                               tnn_error *err);

/* All differences: TNN_ERR_INVALID that names the first ones, `lacks` (may be NULL) gets all. Names that the model does
 * not have, when there is nothing else, are warned of; when they are all that the file has it fits another model. Nothing
 * to do when `state` was not opened. */
tnn_status tnn_state_dict_check(const tnn_state_dict *state, tnn_model *model, tnn_lacks *lacks, tnn_error *err);

#endif
