/* Names and sizes of element types. */
#include "tinynn/dtype.h"

#include <string.h>

typedef struct dtype_row {
    const char *name;
    uint32_t n_bytes;
} dtype_row;

static const dtype_row rows[TNN_DTYPE_COUNT] = {
    [TNN_DTYPE_NONE] = {"none", 0},       [TNN_DTYPE_BOOL] = {"bool", 1},
    [TNN_DTYPE_U8] = {"uint8", 1},        [TNN_DTYPE_I8] = {"int8", 1},
    [TNN_DTYPE_I16] = {"int16", 2},       [TNN_DTYPE_I32] = {"int32", 4},
    [TNN_DTYPE_I64] = {"int64", 8},       [TNN_DTYPE_F16] = {"float16", 2},
    [TNN_DTYPE_BF16] = {"bfloat16", 2},   [TNN_DTYPE_F32] = {"float32", 4},
    [TNN_DTYPE_F64] = {"float64", 8},
};

static const struct { const char *name; tnn_dtype dtype; } aliases[] = {
    {"half", TNN_DTYPE_F16}, {"float", TNN_DTYPE_F32}, {"double", TNN_DTYPE_F64},
    {"short", TNN_DTYPE_I16}, {"int", TNN_DTYPE_I32},  {"long", TNN_DTYPE_I64},
};

uint32_t tnn_dtype_bytes(tnn_dtype dtype) {
    size_t index = (size_t)dtype;
    return index < TNN_DTYPE_COUNT ? rows[index].n_bytes : 0;
}

const char *tnn_dtype_name(tnn_dtype dtype) {
    size_t index = (size_t)dtype;
    return index < TNN_DTYPE_COUNT ? rows[index].name : "unknown";
}

tnn_dtype tnn_dtype_from_name(const char *name) {
    if (name == NULL) return TNN_DTYPE_NONE;
    if (strncmp(name, "torch.", 6) == 0) name += 6;
    for (int d = TNN_DTYPE_NONE + 1; d < TNN_DTYPE_COUNT; d++)
        if (strcmp(name, rows[d].name) == 0) return (tnn_dtype)d;
    for (size_t i = 0; i < sizeof aliases / sizeof aliases[0]; i++)
        if (strcmp(name, aliases[i].name) == 0) return aliases[i].dtype;
    return TNN_DTYPE_NONE;
}
