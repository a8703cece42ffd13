/* What a program in Python may import: PyTorch's library (ops/torch_library.h) and names of a few modules of Python's. */
#ifndef TNN_EVAL_LIBRARY_H
#define TNN_EVAL_LIBRARY_H

#include "eval/frame.h"

/* Bind what the statement imports. Errors: TNN_ERR_UNSUPPORTED (another module, a name that it does not have here). */
tnn_status tnn_library_import(tnn_frame *frame, const tnn_import *import, tnn_error *err);

/* `name` in a module that was imported: "torch.nn" and "Conv2d". Errors: TNN_ERR_UNSUPPORTED (no such name). */
tnn_status tnn_library_get(tnn_interp *interp, const char *module, const char *name, tnn_obj *out, tnn_error *err);

/* A method of tensors that ATen has not; `*found` false: there is none. */
tnn_status tnn_library_method(tnn_interp *interp, const char *name, tnn_obj *out, bool *found, tnn_error *err);

/* torch.max(x, 1) and its like give tuples with fields: values, indices. */
void tnn_library_fields(const char *operator_name, tnn_obj *result);

#endif
