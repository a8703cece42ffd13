/* Keyword arguments that a call writes its results into: torch.add(a, b, out=c). */
#ifndef TNN_EVAL_OUT_ARGS_H
#define TNN_EVAL_OUT_ARGS_H

#include "eval/bind.h"

/* `call` without the tensors that it is to write, which `outs` gets in order; both live in the model's arena.
 *   is_out  which of the keywords are to be written */
tnn_status tnn_out_split(tnn_interp *interp, const tnn_call_args *call, const bool *is_out, tnn_call_args *plain,
                         tnn_obj_list *outs, tnn_error *err);

/* Write `result`, a tensor or a tuple of them, into `outs`; it then is these. An empty tensor takes the shape of its
 * result.
 * Errors: TNN_ERR_INVALID (type does not fit), TNN_ERR_UNSUPPORTED (shape differs, which PyTorch only warns of). */
tnn_status tnn_out_store(tnn_interp *interp, const tnn_obj_list *outs, tnn_obj *result, tnn_error *err);

#endif
