/* Elements by dtype. Everything goes through double (float types) or int64 (integers), which hold every value of
 * their kind exactly. */
#include "ir/elems.h"

#include <string.h>

#define BLOCK 256 /* elements converted at a time */

static uint8_t load_u8(const void *elems, int64_t index) {
    return ((const uint8_t *)elems)[index];
}

static uint16_t load_u16(const void *elems, int64_t index) {
    uint16_t value;
    memcpy(&value, (const uint8_t *)elems + index * 2, sizeof value);
    return value;
}

static int32_t load_i32(const void *elems, int64_t index) {
    int32_t value;
    memcpy(&value, (const uint8_t *)elems + index * 4, sizeof value);
    return value;
}

static int64_t load_i64(const void *elems, int64_t index) {
    int64_t value;
    memcpy(&value, (const uint8_t *)elems + index * 8, sizeof value);
    return value;
}

static float load_f32(const void *elems, int64_t index) {
    float value;
    memcpy(&value, (const uint8_t *)elems + index * 4, sizeof value);
    return value;
}

static double load_f64(const void *elems, int64_t index) {
    double value;
    memcpy(&value, (const uint8_t *)elems + index * 8, sizeof value);
    return value;
}

static void store(void *elems, int64_t index, const void *value, size_t n_bytes) {
    memcpy((uint8_t *)elems + index * (int64_t)n_bytes, value, n_bytes);
}

static void store_u8(void *elems, int64_t index, uint8_t value) {
    ((uint8_t *)elems)[index] = value;
}

static void store_u16(void *elems, int64_t index, uint16_t value) {
    store(elems, index, &value, sizeof value);
}

static void store_i32(void *elems, int64_t index, int32_t value) {
    store(elems, index, &value, sizeof value);
}

static void store_i64(void *elems, int64_t index, int64_t value) {
    store(elems, index, &value, sizeof value);
}

static void store_f32(void *elems, int64_t index, float value) {
    store(elems, index, &value, sizeof value);
}

static void store_f64(void *elems, int64_t index, double value) {
    store(elems, index, &value, sizeof value);
}

static int64_t truncate_64(double value) {
    return value >= -0x1p63 && value < 0x1p63 ? (int64_t)value : INT64_MIN;
}

static int32_t truncate_32(double value) {
    return value > -0x1p31 && value < 0x1p31 ? (int32_t)value : INT32_MIN;
}

int64_t tnn_elem_integer(const void *elems, tnn_dtype dtype, int64_t index) {
    switch (dtype) {
    case TNN_DTYPE_BOOL: return load_u8(elems, index) != 0;
    case TNN_DTYPE_U8: return load_u8(elems, index);
    case TNN_DTYPE_I8: return (int8_t)load_u8(elems, index);
    case TNN_DTYPE_I16: return (int16_t)load_u16(elems, index);
    case TNN_DTYPE_I32: return load_i32(elems, index);
    case TNN_DTYPE_I64: return load_i64(elems, index);
    case TNN_DTYPE_F16:
    case TNN_DTYPE_BF16:
    case TNN_DTYPE_F32:
    case TNN_DTYPE_F64: return truncate_64(tnn_elem_number(elems, dtype, index));
    case TNN_DTYPE_NONE:
    case TNN_DTYPE_COUNT: break;
    }
    return 0;
}

double tnn_elem_number(const void *elems, tnn_dtype dtype, int64_t index) {
    switch (dtype) {
    case TNN_DTYPE_F32: return (double)load_f32(elems, index);
    case TNN_DTYPE_F64: return load_f64(elems, index);
    case TNN_DTYPE_F16: return tnn_f16_to_double(load_u16(elems, index));
    case TNN_DTYPE_BF16: return tnn_bf16_to_double(load_u16(elems, index));
    case TNN_DTYPE_BOOL:
    case TNN_DTYPE_U8:
    case TNN_DTYPE_I8:
    case TNN_DTYPE_I16:
    case TNN_DTYPE_I32:
    case TNN_DTYPE_I64: return (double)tnn_elem_integer(elems, dtype, index);
    case TNN_DTYPE_NONE:
    case TNN_DTYPE_COUNT: break;
    }
    return 0;
}

void tnn_elem_set_number(void *elems, tnn_dtype dtype, int64_t index, double value) {
    switch (dtype) {
    case TNN_DTYPE_F32: store_f32(elems, index, (float)value); break;
    case TNN_DTYPE_F64: store_f64(elems, index, value); break;
    case TNN_DTYPE_F16: store_u16(elems, index, tnn_f16_from_double(value)); break;
    case TNN_DTYPE_BF16: store_u16(elems, index, tnn_bf16_from_double(value)); break;
    case TNN_DTYPE_BOOL: store_u8(elems, index, value != 0); break;
    case TNN_DTYPE_U8:
    case TNN_DTYPE_I8: store_u8(elems, index, (uint8_t)truncate_32(value)); break;
    case TNN_DTYPE_I16: store_u16(elems, index, (uint16_t)truncate_32(value)); break;
    case TNN_DTYPE_I32: store_i32(elems, index, truncate_32(value)); break;
    case TNN_DTYPE_I64: store_i64(elems, index, truncate_64(value)); break;
    case TNN_DTYPE_NONE:
    case TNN_DTYPE_COUNT: break;
    }
}

void tnn_elem_set_integer(void *elems, tnn_dtype dtype, int64_t index, int64_t value) {
    switch (dtype) {
    case TNN_DTYPE_BOOL: store_u8(elems, index, value != 0); break;
    case TNN_DTYPE_U8:
    case TNN_DTYPE_I8: store_u8(elems, index, (uint8_t)value); break;
    case TNN_DTYPE_I16: store_u16(elems, index, (uint16_t)value); break;
    case TNN_DTYPE_I32: store_i32(elems, index, (int32_t)(uint32_t)value); break;
    case TNN_DTYPE_I64: store_i64(elems, index, value); break;
    case TNN_DTYPE_F16: store_u16(elems, index, tnn_f16_from_double((double)(float)value)); break;
    case TNN_DTYPE_BF16: store_u16(elems, index, tnn_bf16_from_double((double)(float)value)); break;
    case TNN_DTYPE_F32: store_f32(elems, index, (float)value); break;
    case TNN_DTYPE_F64: store_f64(elems, index, (double)value); break;
    case TNN_DTYPE_NONE:
    case TNN_DTYPE_COUNT: break;
    }
}

static void load_numbers(double *out, const void *in, tnn_dtype dtype, int64_t n) {
    if (dtype == TNN_DTYPE_F32)
        for (int64_t i = 0; i < n; i++) out[i] = (double)load_f32(in, i);
    else if (dtype == TNN_DTYPE_F16)
        tnn_f16_to_doubles(out, in, n);
    else if (dtype == TNN_DTYPE_BF16)
        tnn_bf16_to_doubles(out, in, n);
    else
        for (int64_t i = 0; i < n; i++) out[i] = tnn_elem_number(in, dtype, i);
}

static void store_numbers(void *out, tnn_dtype dtype, const double *in, int64_t n) {
    if (dtype == TNN_DTYPE_F32)
        for (int64_t i = 0; i < n; i++) store_f32(out, i, (float)in[i]);
    else
        for (int64_t i = 0; i < n; i++) tnn_elem_set_number(out, dtype, i, in[i]);
}

static void convert_block(void *out, tnn_dtype out_dtype, const void *in, tnn_dtype in_dtype, int64_t n) {
    if (!tnn_dtype_is_float(in_dtype)) {
        for (int64_t i = 0; i < n; i++)
            tnn_elem_set_integer(out, out_dtype, i, tnn_elem_integer(in, in_dtype, i));
        return;
    }
    if (in_dtype == TNN_DTYPE_F32 && out_dtype == TNN_DTYPE_F16) {
        tnn_f16_from_floats(out, in, n);
        return;
    }
    double numbers[BLOCK];
    load_numbers(numbers, in, in_dtype, n);
    if (in_dtype == TNN_DTYPE_F64 && (out_dtype == TNN_DTYPE_F16 || out_dtype == TNN_DTYPE_BF16))
        for (int64_t i = 0; i < n; i++) numbers[i] = (double)(float)numbers[i];
    store_numbers(out, out_dtype, numbers, n);
}

void tnn_convert_elems(void *out, tnn_dtype out_dtype, const void *in, tnn_dtype in_dtype, int64_t n) {
    int64_t out_bytes = tnn_dtype_bytes(out_dtype), in_bytes = tnn_dtype_bytes(in_dtype);
    if (out_dtype == in_dtype) {
        if (n > 0) memcpy(out, in, (size_t)(n * in_bytes));
        return;
    }
    for (int64_t done = 0; done < n; done += BLOCK) {
        int64_t part = n - done < BLOCK ? n - done : BLOCK;
        convert_block((uint8_t *)out + done * out_bytes, out_dtype, (const uint8_t *)in + done * in_bytes,
                      in_dtype, part);
    }
}

bool tnn_dims_count(uint8_t rank, const int64_t *dims, int64_t *n_elems) {
    int64_t product = 1;
    bool empty = false;
    for (uint8_t d = 0; d < rank; d++) {
        if (dims[d] < 0) return false;
        if (dims[d] == 0) empty = true;
        if (dims[d] != 0 && product > INT64_MAX / dims[d]) return false;
        if (dims[d] != 0) product *= dims[d];
    }
    *n_elems = empty ? 0 : product;
    return true;
}
