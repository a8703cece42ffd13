/* The caller's arrays as tensors. */
#ifndef TNN_API_RUN_MODEL_H
#define TNN_API_RUN_MODEL_H

#include "ir/graph.h"
#include "ir/tensor.h"
#include "tinynn/model.h"

/* TNN_ERR_INVALID, `where` being `name`, unless dtype and shape are those of the value. */
tnn_status tnn_array_check(const tnn_array *array, const tnn_value *value, const char *name, tnn_error *err);

/* Borrows the data: not for tnn_tensor_clear. */
tnn_tensor tnn_array_borrow(const tnn_array *array);

/* The data stays the tensor's. */
tnn_array tnn_array_of(const tnn_tensor *tensor);

#endif
