#include "tflite/tflite_count.h"

#include <stdlib.h>
#include <string.h>

#include "tflite/builtin.h"
#include "tflite/op_macs.h"

/* ---- multiply-accumulates ---- */

static tnn_fb_ref tensor_of(tnn_fb_ref subgraph, tnn_fb_ref op, const char *list, size_t index) {
    int64_t tensor = index < tnn_fb_count(op, list) ? tnn_fb_int_at(op, list, index) : -1;
    if (tensor < 0) return (tnn_fb_ref){0};
    return tnn_fb_child_at(subgraph, "tensors", (size_t)tensor);
}

static uint64_t elements(tnn_fb_ref tensor) {
    uint64_t n;
    return tensor.type != NULL && tnn_tflite_count(tensor, &n) ? n : 0;
}

uint64_t tnn_tflite_macs(const tnn_tflite *file, tnn_fb_ref subgraph, tnn_fb_ref op) {
    tnn_fb_ref row = tnn_fb_child_at(file->model, "operator_codes", (size_t)tnn_fb_int(op, "opcode_index"));
    int32_t code = tnn_tflite_code(row);
    bool shape_first = code == tnn_tfl_TRANSPOSE_CONV.op.id || code == tnn_tfl_CONV_3D_TRANSPOSE.op.id;
    tnn_fb_ref data = tensor_of(subgraph, op, "inputs", shape_first ? 2 : 0);
    tnn_fb_ref filter = tensor_of(subgraph, op, "inputs", 1), result = tensor_of(subgraph, op, "outputs", 0);
    if (elements(filter) == 0) return 0;
    int64_t dims[TNN_TFLITE_MAX_RANK] = {0};
    size_t rank = tnn_fb_count(filter, "shape");
    for (size_t k = 0; k < rank && k < TNN_TFLITE_MAX_RANK; k++) dims[k] = tnn_fb_int_at(filter, "shape", k);
    bool adj_y = tnn_fb_int(tnn_fb_member(op, "builtin_options", "BatchMatMulOptions"), "adj_y") != 0;
    return tnn_tfl_macs(code, elements(data), elements(result), dims, (uint8_t)rank, adj_y);
}

/* ---- operators ---- */

const char *tnn_tflite_op_name(int32_t code, const char *custom, tnn_arena *arena) {
    const char *name = tnn_tfl_code_name(code);
    if (custom[0] != '\0') return tnn_arena_printf(arena, "CUSTOM:%.80s", custom);
    return name != NULL ? name : tnn_arena_printf(arena, "OPERATOR_%d", code);
}

static int by_frequency(const void *a, const void *b) {
    const tnn_tflite_op_count *x = a, *y = b;
    if (x->n != y->n) return x->n > y->n ? -1 : 1;
    if (x->code != y->code) return x->code < y->code ? -1 : 1;
    return x->version != y->version ? (x->version < y->version ? -1 : 1) : strcmp(x->custom, y->custom);
}

static tnn_status list_codes(tnn_tflite_sums *sums, const tnn_tflite *file, tnn_arena *arena, tnn_error *err) {
    sums->n_ops = tnn_fb_count(file->model, "operator_codes");
    sums->ops = TNN_NEW_ARRAY(arena, sums->n_ops, tnn_tflite_op_count);
    if (sums->ops == NULL) return tnn_fail_nomem(err);
    for (size_t i = 0; i < sums->n_ops; i++) {
        tnn_fb_ref code = tnn_fb_child_at(file->model, "operator_codes", i);
        sums->ops[i].code = tnn_tflite_code(code);
        sums->ops[i].version = (int32_t)tnn_fb_int(code, "version");
        sums->ops[i].custom = tnn_fb_string(code, "custom_code");
    }
    return TNN_OK;
}

static void sum_operators(tnn_tflite_sums *sums, const tnn_tflite *file, tnn_fb_ref subgraph) {
    size_t n = tnn_fb_count(subgraph, "operators");
    for (size_t i = 0; i < n; i++) {
        tnn_fb_ref op = tnn_fb_child_at(subgraph, "operators", i);
        tnn_tflite_op_count *count = &sums->ops[tnn_fb_int(op, "opcode_index")];
        count->n++;
        sums->n_operators++;
        if (count->code == tnn_tfl_TRANSPOSE.op.id) sums->n_transposes++;
        sums->macs += tnn_tflite_macs(file, subgraph, op);
    }
}

/* ---- bytes ---- */

static void sum_buffers(tnn_tflite_sums *sums, const tnn_tflite *file, tnn_fb_ref subgraph, bool *seen) {
    size_t n = tnn_fb_count(subgraph, "tensors"), n_bytes;
    for (size_t i = 0; i < n; i++) {
        size_t buffer = (size_t)tnn_fb_int(tnn_fb_child_at(subgraph, "tensors", i), "buffer");
        if (seen[buffer]) continue;
        seen[buffer] = true;
        tnn_tflite_buffer(file, buffer, &n_bytes);
        sums->weight_bytes += n_bytes;
    }
}

tnn_status tnn_tflite_sum(tnn_tflite_sums *out, const tnn_tflite *file, tnn_arena *arena, tnn_error *err) {
    bool *seen = TNN_NEW_ARRAY(arena, tnn_fb_count(file->model, "buffers"), bool);
    *out = (tnn_tflite_sums){0};
    if (seen == NULL) return tnn_fail_nomem(err);
    TNN_TRY(list_codes(out, file, arena, err));
    for (size_t i = 0; i < tnn_fb_count(file->model, "subgraphs"); i++) {
        tnn_fb_ref subgraph = tnn_fb_child_at(file->model, "subgraphs", i);
        sum_operators(out, file, subgraph);
        sum_buffers(out, file, subgraph, seen);
    }
    if (out->n_ops > 0) qsort(out->ops, out->n_ops, sizeof *out->ops, by_frequency);
    out->structure_bytes = out->weight_bytes < file->file->size ? file->file->size - out->weight_bytes : 0;
    return TNN_OK;
}

void tnn_tflite_min_runtime(const tnn_tflite *file, char out[32]) {
    size_t n_bytes;
    const uint8_t *bytes = tnn_tflite_entry(file, "min_runtime_version", &n_bytes);
    memset(out, 0, 32);
    if (bytes != NULL) memcpy(out, bytes, n_bytes < 31 ? n_bytes : 31);
}
