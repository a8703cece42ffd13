#include "read/pt2_meta.h"

#include <string.h>

#include "ir/checked.h"

enum { LAYOUT_STRIDED = 7, MAX_SCALAR_TYPE = 35 };

typedef struct scalar_type {
    const char *name;
    const char *schema_name; /* as older files spell the code */
    tnn_dtype dtype; /* TNN_DTYPE_NONE: not done */
} scalar_type;

/* By the code of torch's export schema, which is not ATen's. */
static const scalar_type scalar_types[MAX_SCALAR_TYPE + 1] = {
    [0] = {"unknown", "UNKNOWN", TNN_DTYPE_NONE},
    [1] = {"uint8", "BYTE", TNN_DTYPE_U8},
    [2] = {"int8", "CHAR", TNN_DTYPE_I8},
    [3] = {"int16", "SHORT", TNN_DTYPE_I16},
    [4] = {"int32", "INT", TNN_DTYPE_I32},
    [5] = {"int64", "LONG", TNN_DTYPE_I64},
    [6] = {"float16", "HALF", TNN_DTYPE_F16},
    [7] = {"float32", "FLOAT", TNN_DTYPE_F32},
    [8] = {"float64", "DOUBLE", TNN_DTYPE_F64},
    [9] = {"complex32", "COMPLEXHALF", TNN_DTYPE_NONE},
    [10] = {"complex64", "COMPLEXFLOAT", TNN_DTYPE_NONE},
    [11] = {"complex128", "COMPLEXDOUBLE", TNN_DTYPE_NONE},
    [12] = {"bool", "BOOL", TNN_DTYPE_BOOL},
    [13] = {"bfloat16", "BFLOAT16", TNN_DTYPE_BF16},
    [28] = {"uint16", "UINT16", TNN_DTYPE_NONE},
    [29] = {"float8_e4m3fn", "FLOAT8E4M3FN", TNN_DTYPE_NONE},
    [30] = {"float8_e5m2", "FLOAT8E5M2", TNN_DTYPE_NONE},
    [31] = {"float8_e4m3fnuz", "FLOAT8E4M3FNUZ", TNN_DTYPE_NONE},
    [32] = {"float8_e5m2fnuz", "FLOAT8E5M2FNUZ", TNN_DTYPE_NONE},
    [33] = {"float8_e8m0fnu", "FLOAT8E8M0FNU", TNN_DTYPE_NONE},
    [34] = {"uint32", "UINT32", TNN_DTYPE_NONE},
    [35] = {"uint64", "UINT64", TNN_DTYPE_NONE},
};

bool tnn_pt2_enum_is(const tnn_json *at, const char *name) {
    const char *text = json_string_value(at->value);
    const char *dot = text == NULL ? NULL : strrchr(text, '.');
    return text != NULL && strcmp(dot == NULL ? text : dot + 1, name) == 0;
}

/* NULL: there is no such type. */
static const scalar_type *find_scalar_type(const tnn_json *code) {
    for (size_t i = 0; i <= MAX_SCALAR_TYPE; i++) {
        const scalar_type *type = &scalar_types[i];
        if (type->name == NULL) continue;
        if (json_is_integer(code->value) ? json_integer_value(code->value) == (json_int_t)i
                                         : tnn_pt2_enum_is(code, type->schema_name)) {
            return type;
        }
    }
    return NULL;
}

tnn_status tnn_pt2_dtype(tnn_dtype *out, const tnn_json *code, tnn_error *err) {
    int64_t number = 0;
    const scalar_type *type = find_scalar_type(code);
    if (type == NULL && json_is_string(code->value)) {
        return tnn_json_fail(code, TNN_ERR_MALFORMED, err, "\"%.60s\" is no element type", json_string_value(code->value));
    }
    if (type == NULL) {
        TNN_TRY(tnn_json_int(&number, code, err));
        return tnn_json_fail(code, TNN_ERR_MALFORMED, err, "%lld is no element type", (long long)number);
    }
    *out = type->dtype;
    if (type->dtype != TNN_DTYPE_NONE) return TNN_OK;
    return tnn_json_fail(code, TNN_ERR_UNSUPPORTED, err, "element type %s is not supported", type->name);
}

static tnn_status check_layout(const tnn_json *meta, tnn_error *err) {
    int64_t layout = 0;
    tnn_json code;
    TNN_TRY(tnn_json_member(&code, meta, "layout", err));
    if (tnn_pt2_enum_is(&code, "Strided")) return TNN_OK;
    TNN_TRY(tnn_json_int(&layout, &code, err));
    if (layout == LAYOUT_STRIDED) return TNN_OK;
    return tnn_json_fail(meta, TNN_ERR_UNSUPPORTED, err, "layout %lld is not dense (%d)", (long long)layout,
                         LAYOUT_STRIDED);
}

tnn_status tnn_pt2_meta_type(tnn_pt2_meta *out, tnn_symbols *symbols, const tnn_json *meta, tnn_error *err) {
    memset(out, 0, sizeof *out);
    tnn_json dtype, sizes;
    size_t rank = 0;
    TNN_TRY(tnn_json_member(&dtype, meta, "dtype", err));
    TNN_TRY(tnn_pt2_dtype(&out->dtype, &dtype, err));
    TNN_TRY(tnn_json_member(&sizes, meta, "sizes", err));
    TNN_TRY(tnn_json_count(&rank, &sizes, err));
    if (rank > TNN_MAX_RANK) {
        return tnn_json_fail(&sizes, TNN_ERR_UNSUPPORTED, err, "tensor has %zu dimensions, at most %d are supported",
                             rank, TNN_MAX_RANK);
    }
    out->shape.rank = (uint8_t)rank;
    for (size_t i = 0; i < rank; i++) {
        tnn_json size = tnn_json_item(&sizes, i);
        TNN_TRY(tnn_symbols_size(symbols, &size, &out->shape.dims[i], err));
        if (out->shape.dims[i].hint < 0) return tnn_json_fail(&size, TNN_ERR_MALFORMED, err, "size is negative");
    }
    return TNN_OK;
}

tnn_status tnn_pt2_meta_read(tnn_pt2_meta *out, tnn_symbols *symbols, const tnn_json *meta, tnn_error *err) {
    tnn_json strides, offset_json;
    tnn_size offset;
    size_t n = 0;
    TNN_TRY(tnn_pt2_meta_type(out, symbols, meta, err));
    TNN_TRY(check_layout(meta, err));
    TNN_TRY(tnn_json_member(&strides, meta, "strides", err));
    TNN_TRY(tnn_json_count(&n, &strides, err));
    if (n != out->shape.rank) {
        return tnn_json_fail(&strides, TNN_ERR_MALFORMED, err, "%zu strides for %u sizes", n, out->shape.rank);
    }
    for (size_t i = 0; i < n; i++) {
        tnn_json item = tnn_json_item(&strides, i);
        tnn_size stride;
        TNN_TRY(tnn_symbols_size(symbols, &item, &stride, err));
        if (stride.hint < 0) return tnn_json_fail(&item, TNN_ERR_MALFORMED, err, "stride is negative");
        out->strides[i] = stride.hint;
    }
    TNN_TRY(tnn_json_member(&offset_json, meta, "storage_offset", err));
    TNN_TRY(tnn_symbols_size(symbols, &offset_json, &offset, err));
    out->offset = offset.hint;
    return out->offset >= 0 ? TNN_OK : tnn_json_fail(&offset_json, TNN_ERR_MALFORMED, err, "offset is negative");
}
