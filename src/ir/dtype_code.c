#include "ir/dtype_code.h"

/* Byte, Char, Short, Int, Long, Half, Float, Double, three complex ones, Bool, three quantized ones, BFloat16. */
static const tnn_dtype dtypes[] = {
    TNN_DTYPE_U8,  TNN_DTYPE_I8,   TNN_DTYPE_I16,  TNN_DTYPE_I32,  TNN_DTYPE_I64,  TNN_DTYPE_F16,
    TNN_DTYPE_F32, TNN_DTYPE_F64,  TNN_DTYPE_NONE, TNN_DTYPE_NONE, TNN_DTYPE_NONE, TNN_DTYPE_BOOL,
    TNN_DTYPE_NONE, TNN_DTYPE_NONE, TNN_DTYPE_NONE, TNN_DTYPE_BF16,
};

enum { N_CODES = sizeof dtypes / sizeof *dtypes };

tnn_dtype tnn_dtype_of_code(int64_t code) {
    return code >= 0 && code < N_CODES ? dtypes[code] : TNN_DTYPE_NONE;
}

int64_t tnn_dtype_code(tnn_dtype dtype) {
    for (int64_t code = 0; dtype != TNN_DTYPE_NONE && code < N_CODES; code++)
        if (dtypes[code] == dtype) return code;
    return -1;
}
