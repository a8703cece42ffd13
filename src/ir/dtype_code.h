/* The numbers that PyTorch's own files and programs have for dtypes (c10::ScalarType). */
#ifndef TNN_IR_DTYPE_CODE_H
#define TNN_IR_DTYPE_CODE_H

#include "tinynn/dtype.h"

/* TNN_DTYPE_NONE: a type that tinynn does not have, or no type. */
tnn_dtype tnn_dtype_of_code(int64_t code);
/* "complex64": PyTorch's name, of types that tinynn does not have, too; NULL: no such code. */
const char *tnn_dtype_code_name(int64_t code);
/* -1 for TNN_DTYPE_NONE. */
int64_t tnn_dtype_code(tnn_dtype dtype);

#endif
