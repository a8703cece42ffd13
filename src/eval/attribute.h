/* Attributes of the module `torch`. */
#ifndef TNN_EVAL_ATTRIBUTE_H
#define TNN_EVAL_ATTRIBUTE_H

#include "eval/state.h"

/* A dtype, memory format or number of that name, else the operator. */
tnn_status tnn_torch_attribute(tnn_interp *interp, const char *name, tnn_obj *out, tnn_error *err);

#endif
