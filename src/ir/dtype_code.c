#include "ir/dtype_code.h"

#include <stddef.h>

/* By code. NULL: no tensors of such a type are saved. */
static const char *const names[] = {
    "uint8", "int8", "int16", "int32", "int64", "float16", "float32", "float64", "complex32", "complex64", "complex128",
    "bool", "qint8", "quint8", "qint32", "bfloat16", "quint4x2", "quint2x4", NULL, NULL, NULL, NULL, NULL,
    "float8_e5m2", "float8_e4m3fn", "float8_e5m2fnuz", "float8_e4m3fnuz", "uint16", "uint32", "uint64",
};

enum { N_CODES = sizeof names / sizeof *names };

const char *tnn_dtype_code_name(int64_t code) { return code >= 0 && code < N_CODES ? names[code] : NULL; }

tnn_dtype tnn_dtype_of_code(int64_t code) { return tnn_dtype_from_name(tnn_dtype_code_name(code)); }

int64_t tnn_dtype_code(tnn_dtype dtype) {
    for (int64_t code = 0; dtype != TNN_DTYPE_NONE && code < N_CODES; code++)
        if (tnn_dtype_of_code(code) == dtype) return code;
    return -1;
}
