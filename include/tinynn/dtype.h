/* Element types. Names are PyTorch's. */
#ifndef TINYNN_DTYPE_H
#define TINYNN_DTYPE_H

#include <stdint.h>

#include "tinynn/error.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum tnn_dtype {
    TNN_DTYPE_NONE = 0,
    TNN_DTYPE_BOOL,
    TNN_DTYPE_U8,
    TNN_DTYPE_I8,
    TNN_DTYPE_I16,
    TNN_DTYPE_I32,
    TNN_DTYPE_I64,
    TNN_DTYPE_F16,
    TNN_DTYPE_BF16,
    TNN_DTYPE_F32,
    TNN_DTYPE_F64,
    TNN_DTYPE_COUNT
} tnn_dtype;

/* Bytes of one element; 0 for TNN_DTYPE_NONE. */
TNN_API uint32_t tnn_dtype_bytes(tnn_dtype dtype);

/* PyTorch's name without the prefix: "float32", "int64", "bool". Never NULL. */
TNN_API const char *tnn_dtype_name(tnn_dtype dtype);

/* The type that a name gives, with or without "torch."; TNN_DTYPE_NONE when there is none. */
TNN_API tnn_dtype tnn_dtype_from_name(const char *name);

#ifdef __cplusplus
}
#endif
#endif
