/* The weights of a program as torch.save writes a state dict: an archive that torch.load(weights_only=True) reads.
 *
 *   archive/data.pkl       an OrderedDict of tensors, by name, whose storages are entries
 *   archive/byteorder      "little"
 *   archive/data/0 …       the bytes of a storage, at multiples of 64
 *   archive/version        "3"
 *
 * Tensors that are one in the model share an entry. */
#ifndef TNN_CODEGEN_TORCH_SAVE_H
#define TNN_CODEGEN_TORCH_SAVE_H

#include "base/file.h"
#include "codegen/program.h"

/* Errors: TNN_ERR_LIMIT (more than 4 GiB), TNN_ERR_IO, TNN_ERR_NOMEM. */
tnn_status tnn_code_weights(const tnn_code *code, tnn_out *out, tnn_error *err);

#endif
