#include "read/npy_make.h"

#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "ir/elems.h"
#include "read/npy.h"

enum { START_BYTES = 10, ALIGNMENT = 64 }; /* NumPy aligns the elements so */

static const char *descr_of(tnn_dtype dtype) {
    switch (dtype) {
    case TNN_DTYPE_BOOL: return "|b1";
    case TNN_DTYPE_U8: return "|u1";
    case TNN_DTYPE_I8: return "|i1";
    case TNN_DTYPE_I16: return "<i2";
    case TNN_DTYPE_I32: return "<i4";
    case TNN_DTYPE_I64: return "<i8";
    case TNN_DTYPE_F16: return "<f2";
    case TNN_DTYPE_BF16:
    case TNN_DTYPE_F32: return "<f4";
    case TNN_DTYPE_F64: return "<f8";
    case TNN_DTYPE_NONE:
    case TNN_DTYPE_COUNT: break;
    }
    return "|V1";
}

/* Version 1.0: the longest literal that eight sizes can make is far below what its 16 bits count. */
static void make_header(tnn_npy_made *out, const tnn_array *array) {
    char *text = out->header + START_BYTES;
    size_t room = sizeof out->header - START_BYTES;
    int n = snprintf(text, room, "{'descr': '%s', 'fortran_order': False, 'shape': (", descr_of(array->dtype));
    for (uint8_t k = 0; k < array->rank; k++)
        n += snprintf(text + n, room - (size_t)n, k == 0 ? "%lld," : " %lld,", (long long)array->dims[k]);
    if (array->rank > 1) n--; /* only a single size keeps its comma */
    n += snprintf(text + n, room - (size_t)n, "), }");
    out->header_bytes = (START_BYTES + (size_t)n + 1 + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    size_t text_bytes = out->header_bytes - START_BYTES;
    memset(text + n, ' ', text_bytes - (size_t)n);
    text[text_bytes - 1] = '\n';
    memcpy(out->header, "\x93NUMPY\1\0", 8);
    out->header[8] = (char)(text_bytes & 0xFF);
    out->header[9] = (char)(text_bytes >> 8);
}

tnn_status tnn_npy_make(tnn_npy_made *out, const tnn_array *array, tnn_error *err) {
    int64_t n_elems = 0;
    bool narrow = array->dtype == TNN_DTYPE_BF16;
    *out = (tnn_npy_made){.data = array->data};
    if (!tnn_dims_count(array->rank, array->dims, &n_elems) ||
        !tnn_mul_size((size_t)n_elems, tnn_dtype_bytes(narrow ? TNN_DTYPE_F32 : array->dtype), &out->data_bytes))
        return tnn_fail(err, TNN_ERR_LIMIT, NULL, "an array's size exceeds 63 bits");
    make_header(out, array);
    if (!narrow) return TNN_OK;
    out->data = out->widened = tnn_alloc((size_t)n_elems, sizeof(float));
    if (out->widened == NULL) return tnn_fail_nomem(err);
    tnn_convert_elems(out->widened, TNN_DTYPE_F32, array->data, array->dtype, n_elems);
    return TNN_OK;
}

void tnn_npy_made_clear(tnn_npy_made *made) { tnn_free(made->widened); }

tnn_status tnn_npy_save(const char *path, const tnn_array *array, tnn_error *err) {
    tnn_npy_made made;
    tnn_out *out = NULL;
    tnn_status status = tnn_npy_make(&made, array, err);
    if (status == TNN_OK) status = tnn_out_open(&out, path, err);
    if (status == TNN_OK) status = tnn_out_write(out, made.header, made.header_bytes, err);
    if (status == TNN_OK) status = tnn_out_write(out, made.data, made.data_bytes, err);
    if (status == TNN_OK) status = tnn_out_commit(out, err);
    tnn_out_free(out);
    tnn_npy_made_clear(&made);
    return status;
}
