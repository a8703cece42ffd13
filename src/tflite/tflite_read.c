#include "tflite/tflite_read.h"

#include <string.h>

#include "ir/checked.h"

bool tnn_tflite_is(const tnn_file *file) {
    return file->size >= 8 && memcmp(file->data + 4, TNN_TFLITE_IDENTIFIER, 4) == 0;
}

tnn_status tnn_tflite_open(tnn_tflite *out, const tnn_file *file, tnn_error *err) {
    /* What nobody shares is visited once; twice leaves room for writers that share. So no file makes us work or print
     * more than in proportion to its size. */
    const tnn_fb_limits limits = {file->size / 2 + 1024, 2 * (uint64_t)file->size + 1024};
    TNN_TRY(tnn_fb_verify(file->data, file->size, &tnn_fbs_Model, TNN_TFLITE_IDENTIFIER, &limits, file->path, err));
    out->file = file;
    out->model = tnn_fb_root(file->data, file->size, &tnn_fbs_Model);
    return tnn_tflite_verify(out, err);
}

const uint8_t *tnn_tflite_buffer(const tnn_tflite *file, size_t index, size_t *n_bytes) {
    tnn_fb_ref buffer = tnn_fb_child_at(file->model, "buffers", index);
    uint64_t offset = (uint64_t)tnn_fb_int(buffer, "offset"), size = (uint64_t)tnn_fb_int(buffer, "size");
    *n_bytes = 0;
    if (offset <= 1) return tnn_fb_bytes_of(buffer, "data", n_bytes);
    if (offset > file->file->size || size > file->file->size - offset) return NULL;
    *n_bytes = (size_t)size;
    return file->file->data + offset;
}

const uint8_t *tnn_tflite_entry(const tnn_tflite *file, const char *name, size_t *n_bytes) {
    *n_bytes = 0;
    for (size_t i = 0; i < tnn_fb_count(file->model, "metadata"); i++) {
        tnn_fb_ref entry = tnn_fb_child_at(file->model, "metadata", i);
        if (strcmp(tnn_fb_string(entry, "name"), name) == 0)
            return tnn_tflite_buffer(file, (size_t)tnn_fb_int(entry, "buffer"), n_bytes);
    }
    return NULL;
}

/* Old files have the code in one byte, newer ones in both fields. */
int32_t tnn_tflite_code(tnn_fb_ref operator_code) {
    int32_t old = (int32_t)tnn_fb_int(operator_code, "deprecated_builtin_code");
    int32_t code = (int32_t)tnn_fb_int(operator_code, "builtin_code");
    return code > old ? code : old;
}

bool tnn_tflite_count(tnn_fb_ref tensor, uint64_t *n_elems) {
    int64_t n = 1;
    for (size_t k = 0; k < tnn_fb_count(tensor, "shape"); k++) {
        int64_t dim = tnn_fb_int_at(tensor, "shape", k);
        if (dim < 0 || !tnn_mul_i64(n, dim, &n)) return false;
    }
    *n_elems = (uint64_t)n;
    return true;
}

uint32_t tnn_tflite_type_bits(int64_t type) {
    /* In the order of the enumeration TensorType. */
    static const uint8_t bits[] = {32, 16, 32, 8, 64, 0, 8, 16, 64, 8, 64, 128, 64, 0, 0, 32, 16, 4, 16, 2, 4, 8, 8};
    return type >= 0 && (size_t)type < sizeof bits ? bits[type] : 0;
}
