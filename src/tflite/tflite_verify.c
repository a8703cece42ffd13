/* What a .tflite file must obey beyond being a sound FlatBuffer. */
#include <stdarg.h>
#include <stdio.h>

#include "tflite/tflite_read.h"

static tnn_status fail(const tnn_tflite *f, tnn_fb_ref at, tnn_error *err, const char *format, ...) TNN_PRINTF(4, 5);

static tnn_status fail(const tnn_tflite *f, tnn_fb_ref at, tnn_error *err, const char *format, ...) {
    char text[256];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return tnn_fail_at(err, TNN_ERR_MALFORMED, f->file->path, at.pos, "%s", text);
}

/* Each entry of an index list is at least `least` (-1: it may be absent) and below `n`. */
static tnn_status check_indices(const tnn_tflite *f, tnn_fb_ref owner, const char *field, int64_t least, size_t n,
                                tnn_error *err) {
    size_t count = tnn_fb_count(owner, field);
    for (size_t i = 0; i < count; i++) {
        int64_t index = tnn_fb_int_at(owner, field, i);
        if (index < least || index >= (int64_t)n)
            return fail(f, owner, err, "%s.%s[%zu] is %lld, there are %zu", owner.type->name, field, i,
                        (long long)index, n);
    }
    return TNN_OK;
}

static tnn_status check_index(const tnn_tflite *f, tnn_fb_ref owner, const char *field, size_t n, tnn_error *err) {
    uint64_t index = (uint64_t)tnn_fb_int(owner, field);
    if (index < n) return TNN_OK;
    return fail(f, owner, err, "%s.%s is %llu, there are %zu", owner.type->name, field, (unsigned long long)index, n);
}

static tnn_status check_buffers(const tnn_tflite *f, tnn_error *err) {
    size_t n = tnn_fb_count(f->model, "buffers");
    for (size_t i = 0; i < n; i++) {
        tnn_fb_ref buffer = tnn_fb_child_at(f->model, "buffers", i);
        uint64_t offset = (uint64_t)tnn_fb_int(buffer, "offset"), size = (uint64_t)tnn_fb_int(buffer, "size");
        if (offset <= 1) continue;
        if (offset > f->file->size || size > f->file->size - offset)
            return fail(f, buffer, err, "buffer %zu has bytes %llu to %llu, the file has %zu", i,
                        (unsigned long long)offset, (unsigned long long)(offset + size), f->file->size);
    }
    return TNN_OK;
}

/* Constant data must be as long as the shape says. Sparse tensors, strings and types of a later schema are their own
 * affair. */
static tnn_status check_data(const tnn_tflite *f, tnn_fb_ref tensor, tnn_error *err) {
    size_t n_bytes;
    uint64_t n_elems, bits = tnn_tflite_type_bits(tnn_fb_int(tensor, "type"));
    tnn_tflite_buffer(f, (size_t)tnn_fb_int(tensor, "buffer"), &n_bytes);
    if (n_bytes == 0 || bits == 0 || tnn_fb_has(tensor, "sparsity")) return TNN_OK;
    if (!tnn_tflite_count(tensor, &n_elems) || n_elems > UINT64_MAX / 128)
        return fail(f, tensor, err, "tensor %.60s is a constant, but has no size", tnn_fb_string(tensor, "name"));
    if ((n_elems * bits + 7) / 8 == n_bytes) return TNN_OK;
    return fail(f, tensor, err, "tensor %.60s needs %llu bytes, its buffer has %zu", tnn_fb_string(tensor, "name"),
                (unsigned long long)((n_elems * bits + 7) / 8), n_bytes);
}

static tnn_status check_quantization(const tnn_tflite *f, tnn_fb_ref tensor, tnn_error *err) {
    tnn_fb_ref quantization = tnn_fb_child(tensor, "quantization");
    size_t n_scales = tnn_fb_count(quantization, "scale"), n_zeros = tnn_fb_count(quantization, "zero_point");
    if (n_zeros != 0 && n_zeros != n_scales)
        return fail(f, quantization, err, "%zu scales, but %zu zero points", n_scales, n_zeros);
    if (n_scales <= 1) return TNN_OK;
    int64_t axis = tnn_fb_int(quantization, "quantized_dimension");
    if (axis < 0 || axis >= (int64_t)tnn_fb_count(tensor, "shape"))
        return fail(f, quantization, err, "quantized_dimension is %lld, the tensor has %zu dimensions", (long long)axis,
                    tnn_fb_count(tensor, "shape"));
    return TNN_OK;
}

static tnn_status check_tensor(const tnn_tflite *f, tnn_fb_ref tensor, tnn_error *err) {
    size_t rank = tnn_fb_count(tensor, "shape");
    if (rank > TNN_TFLITE_MAX_RANK || tnn_fb_count(tensor, "shape_signature") > TNN_TFLITE_MAX_RANK)
        return tnn_fail_at(err, TNN_ERR_LIMIT, f->file->path, tensor.pos, "a tensor has %zu dimensions", rank);
    for (size_t k = 0; k < rank; k++) {
        int64_t dim = tnn_fb_int_at(tensor, "shape", k);
        if (dim < -1) return fail(f, tensor, err, "dimension %zu of a tensor is %lld", k, (long long)dim);
    }
    TNN_TRY(check_index(f, tensor, "buffer", tnn_fb_count(f->model, "buffers"), err));
    TNN_TRY(check_quantization(f, tensor, err));
    return check_data(f, tensor, err);
}

static tnn_status check_operators(const tnn_tflite *f, tnn_fb_ref subgraph, size_t n_tensors, tnn_error *err) {
    size_t n = tnn_fb_count(subgraph, "operators"), n_codes = tnn_fb_count(f->model, "operator_codes");
    for (size_t i = 0; i < n; i++) {
        tnn_fb_ref op = tnn_fb_child_at(subgraph, "operators", i);
        TNN_TRY(check_index(f, op, "opcode_index", n_codes, err));
        TNN_TRY(check_indices(f, op, "inputs", -1, n_tensors, err));
        TNN_TRY(check_indices(f, op, "outputs", 0, n_tensors, err));
        TNN_TRY(check_indices(f, op, "intermediates", 0, n_tensors, err));
    }
    return TNN_OK;
}

static tnn_status check_subgraph(const tnn_tflite *f, tnn_fb_ref subgraph, tnn_error *err) {
    size_t n = tnn_fb_count(subgraph, "tensors");
    for (size_t i = 0; i < n; i++) TNN_TRY(check_tensor(f, tnn_fb_child_at(subgraph, "tensors", i), err));
    TNN_TRY(check_indices(f, subgraph, "inputs", 0, n, err));
    TNN_TRY(check_indices(f, subgraph, "outputs", 0, n, err));
    return check_operators(f, subgraph, n, err);
}

static tnn_status check_maps(const tnn_tflite *f, tnn_fb_ref signature, const char *field, size_t n_tensors,
                             tnn_error *err) {
    size_t n = tnn_fb_count(signature, field);
    for (size_t i = 0; i < n; i++)
        TNN_TRY(check_index(f, tnn_fb_child_at(signature, field, i), "tensor_index", n_tensors, err));
    return TNN_OK;
}

static tnn_status check_signature(const tnn_tflite *f, tnn_fb_ref signature, tnn_error *err) {
    TNN_TRY(check_index(f, signature, "subgraph_index", tnn_fb_count(f->model, "subgraphs"), err));
    size_t which = (size_t)tnn_fb_int(signature, "subgraph_index");
    size_t n = tnn_fb_count(tnn_fb_child_at(f->model, "subgraphs", which), "tensors");
    TNN_TRY(check_maps(f, signature, "inputs", n, err));
    return check_maps(f, signature, "outputs", n, err);
}

static tnn_status check_codes(const tnn_tflite *f, tnn_error *err) {
    size_t n = tnn_fb_count(f->model, "operator_codes");
    for (size_t i = 0; i < n; i++) {
        tnn_fb_ref code = tnn_fb_child_at(f->model, "operator_codes", i);
        if (tnn_tflite_code(code) < 0 || tnn_fb_int(code, "version") < 1)
            return fail(f, code, err, "operator code %zu has builtin code %d, version %lld", i, tnn_tflite_code(code),
                        (long long)tnn_fb_int(code, "version"));
    }
    return TNN_OK;
}

static tnn_status check_metadata(const tnn_tflite *f, tnn_error *err) {
    size_t n = tnn_fb_count(f->model, "metadata"), n_buffers = tnn_fb_count(f->model, "buffers");
    for (size_t i = 0; i < n; i++)
        TNN_TRY(check_index(f, tnn_fb_child_at(f->model, "metadata", i), "buffer", n_buffers, err));
    return TNN_OK;
}

tnn_status tnn_tflite_verify(const tnn_tflite *f, tnn_error *err) {
    int64_t version = tnn_fb_int(f->model, "version");
    if (version != TNN_TFLITE_SCHEMA_VERSION)
        return tnn_fail_at(err, TNN_ERR_UNSUPPORTED, f->file->path, f->model.pos,
                           "schema version %lld, only %d is known", (long long)version, TNN_TFLITE_SCHEMA_VERSION);
    size_t n = tnn_fb_count(f->model, "subgraphs"), n_signatures = tnn_fb_count(f->model, "signature_defs");
    if (n == 0) return fail(f, f->model, err, "the model has no subgraph");
    TNN_TRY(check_buffers(f, err));
    TNN_TRY(check_codes(f, err));
    TNN_TRY(check_metadata(f, err));
    for (size_t i = 0; i < n; i++) TNN_TRY(check_subgraph(f, tnn_fb_child_at(f->model, "subgraphs", i), err));
    for (size_t i = 0; i < n_signatures; i++)
        TNN_TRY(check_signature(f, tnn_fb_child_at(f->model, "signature_defs", i), err));
    return TNN_OK;
}
