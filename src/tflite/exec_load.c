/* From a verified .tflite file to tensors with their constants and operators with their kernels. */
#include <string.h>

#include "base/strbuf.h"
#include "tflite/builtin.h"
#include "tflite/exec_state.h"
#include "tflite/tflite_count.h"

static tnn_status unsupported(const tnn_exec *exec, tnn_fb_ref tensor, const char *what, tnn_error *err) {
    return tnn_fail_at(err, TNN_ERR_UNSUPPORTED, exec->file->path, tensor.pos, "tensor \"%.60s\" %s",
                       tnn_fb_string(tensor, "name"), what);
}

/* ---- tensors ---- */

static tnn_status load_shape(const tnn_exec *exec, tnn_exec_tensor *t, tnn_fb_ref tensor, tnn_error *err) {
    uint64_t n;
    t->rank = (uint8_t)tnn_fb_count(tensor, "shape");
    for (uint8_t k = 0; k < t->rank; k++) t->dims[k] = tnn_fb_int_at(tensor, "shape", k);
    if (!tnn_tflite_count(tensor, &n) || !tnn_dims_count(t->rank, t->dims, &t->n_elems))
        return unsupported(exec, tensor, "has no fixed size", err);
    return TNN_OK;
}

static tnn_status load_type(const tnn_exec *exec, tnn_exec_tensor *t, tnn_fb_ref tensor, tnn_error *err) {
    int64_t type = tnn_fb_int(tensor, "type");
    t->is_int4 = type == TNN_TFL_INT4;
    t->dtype = t->is_int4 ? TNN_DTYPE_I8 : tnn_tfl_dtype(type);
    if (t->dtype == TNN_DTYPE_NONE) return unsupported(exec, tensor, "has a type that exec does not know", err);
    if (tnn_fb_has(tensor, "sparsity") || tnn_fb_int(tensor, "external_buffer") != 0)
        return unsupported(exec, tensor, "is sparse or outside of the file", err);
    if (tnn_fb_int(tensor, "is_variable") != 0) return unsupported(exec, tensor, "keeps its value between runs", err);
    return TNN_OK;
}

static bool is_zero_point(const tnn_exec_tensor *t, int64_t zero) {
    if (!tnn_exec_is_small_int(t)) return zero == 0;
    return zero >= tnn_exec_type_min(t->dtype) && zero <= tnn_exec_type_max(t->dtype);
}

static tnn_status load_scales(tnn_exec *exec, tnn_exec_tensor *t, tnn_fb_ref quant, tnn_error *err) {
    size_t n = tnn_fb_count(quant, "scale");
    float *scales = TNN_NEW_ARRAY(exec->arena, n, float);
    int64_t *zeros = TNN_NEW_ARRAY(exec->arena, n, int64_t);
    if (scales == NULL || zeros == NULL) return tnn_fail_nomem(err);
    for (size_t i = 0; i < n; i++) {
        scales[i] = (float)tnn_fb_number_at(quant, "scale", i);
        zeros[i] = tnn_fb_int_at(quant, "zero_point", i);
        if (!is_zero_point(t, zeros[i]))
            return tnn_fail_at(err, TNN_ERR_MALFORMED, exec->file->path, quant.pos, "zero point %lld of tensor \"%.60s\"",
                               (long long)zeros[i], t->name);
    }
    t->n_scales = n;
    t->scales = scales;
    t->zero_points = zeros;
    return TNN_OK;
}

static tnn_status load_quantization(tnn_exec *exec, tnn_exec_tensor *t, tnn_fb_ref tensor, tnn_error *err) {
    tnn_fb_ref quant = tnn_fb_child(tensor, "quantization");
    if (tnn_fb_int(quant, "details_type") != 0) return unsupported(exec, tensor, "is quantized in blocks", err);
    if (tnn_fb_count(quant, "scale") == 0) return TNN_OK;
    TNN_TRY(load_scales(exec, t, quant, err));
    t->scale = t->scales[0];
    t->zero_point = (int32_t)t->zero_points[0];
    if (t->n_scales == 1) return TNN_OK;
    t->axis = (uint8_t)tnn_fb_int(quant, "quantized_dimension");
    if (t->axis < t->rank && t->dims[t->axis] == (int64_t)t->n_scales) return TNN_OK;
    return tnn_fail_at(err, TNN_ERR_MALFORMED, exec->file->path, quant.pos, "tensor \"%.60s\" has %zu scales", t->name,
                       t->n_scales);
}

/* Two numbers of 4 bits a byte, the first in the low half. */
static void unpack_int4(int8_t *out, const uint8_t *in, int64_t n) {
    for (int64_t i = 0; i < n; i++) {
        int nibble = i % 2 == 0 ? in[i / 2] & 15 : in[i / 2] >> 4;
        out[i] = (int8_t)(nibble >= 8 ? nibble - 16 : nibble);
    }
}

/* A constant is read where it lies in the file, unless it is packed or not aligned. */
static tnn_status load_data(tnn_exec *exec, tnn_exec_tensor *t, tnn_fb_ref tensor, tnn_error *err) {
    size_t n_bytes, elem_bytes = tnn_dtype_bytes(t->dtype);
    const uint8_t *bytes = tnn_tflite_buffer(&exec->model, (size_t)tnn_fb_int(tensor, "buffer"), &n_bytes);
    t->is_constant = n_bytes > 0;
    if (!t->is_constant) return TNN_OK;
    if (!t->is_int4 && (uintptr_t)bytes % elem_bytes == 0) {
        t->data = (void *)(uintptr_t)bytes; /* kernels never write to an operand */
        return TNN_OK;
    }
    t->data = tnn_arena_alloc(exec->arena, (size_t)t->n_elems, elem_bytes);
    if (t->data == NULL) return tnn_fail_nomem(err);
    if (t->is_int4) unpack_int4(t->data, bytes, t->n_elems);
    else memcpy(t->data, bytes, n_bytes);
    return TNN_OK;
}

static tnn_status load_tensor(tnn_exec *exec, tnn_exec_tensor *t, tnn_fb_ref tensor, tnn_error *err) {
    t->name = tnn_fb_string(tensor, "name");
    TNN_TRY(load_type(exec, t, tensor, err));
    TNN_TRY(load_shape(exec, t, tensor, err));
    TNN_TRY(load_quantization(exec, t, tensor, err));
    return load_data(exec, t, tensor, err);
}

/* ---- operators ---- */

/* Names of all operators that have no kernel. */
static tnn_status check_codes(const tnn_exec *exec, tnn_fb_ref subgraph, tnn_error *err) {
    size_t n_codes = tnn_fb_count(exec->model.model, "operator_codes"), n = tnn_fb_count(subgraph, "operators");
    bool *is_used = TNN_NEW_ARRAY(exec->arena, n_codes, bool);
    if (is_used == NULL) return tnn_fail_nomem(err);
    for (size_t i = 0; i < n; i++) is_used[tnn_fb_int(tnn_fb_child_at(subgraph, "operators", i), "opcode_index")] = true;
    tnn_strbuf names = {0};
    for (size_t i = 0; i < n_codes; i++) {
        tnn_fb_ref code = tnn_fb_child_at(exec->model.model, "operator_codes", i);
        if (!is_used[i] || tnn_exec_find(tnn_tflite_code(code)) != NULL) continue;
        const char *name = tnn_tflite_op_name(tnn_tflite_code(code), tnn_fb_string(code, "custom_code"), exec->arena);
        tnn_strbuf_printf(&names, "%s%s", names.length > 0 ? ", " : "", name != NULL ? name : "?");
    }
    tnn_status status = TNN_OK;
    if (names.failed) status = tnn_fail_nomem(err);
    else if (names.length > 0)
        status = tnn_fail(err, TNN_ERR_UNSUPPORTED, exec->file->path, "exec has no kernel for %s", names.data);
    tnn_strbuf_free(&names);
    return status;
}

static tnn_status wrong_op(const tnn_exec_op *op, const tnn_exec_tensor *t, const char *what, tnn_error *err) {
    return tnn_fail(err, TNN_ERR_MALFORMED, op->where, "tensor \"%.60s\" %s", t->name, what);
}

static tnn_status link_inputs(tnn_exec *exec, tnn_exec_op *op, size_t number, tnn_fb_ref object, tnn_error *err) {
    for (size_t i = 0; i < op->n_in; i++) {
        int64_t index = tnn_fb_int_at(object, "inputs", i);
        if (index < 0) continue;
        tnn_exec_slot *slot = &exec->slots[index];
        if (!slot->has_producer && !slot->is_input && !slot->tensor.is_constant && slot->tensor.n_elems > 0)
            return wrong_op(op, &slot->tensor, "is used before it is computed", err);
        slot->last_use = number;
        op->in[i] = &slot->tensor;
    }
    return TNN_OK;
}

static tnn_status link_outputs(tnn_exec *exec, tnn_exec_op *op, tnn_fb_ref object, tnn_error *err) {
    for (size_t i = 0; i < op->n_out; i++) {
        tnn_exec_slot *slot = &exec->slots[tnn_fb_int_at(object, "outputs", i)];
        if (slot->has_producer || slot->is_input || slot->tensor.is_constant)
            return wrong_op(op, &slot->tensor, "is computed, but has a value before", err);
        slot->has_producer = true;
        op->out[i] = &slot->tensor;
    }
    return TNN_OK;
}

/* Operands that must be there are there. */
static tnn_status check_arity(const tnn_exec_op *op, tnn_error *err) {
    const tnn_exec_row *row = op->row;
    bool fits = op->n_in >= row->min_in && (row->max_in == 255 || op->n_in <= row->max_in) &&
                (row->n_out == 255 ? op->n_out > 0 : op->n_out == row->n_out);
    for (size_t i = 0; i < op->n_in && fits; i++) fits = op->in[i] != NULL || (i >= row->min_in && row->max_in != 255);
    if (fits) return TNN_OK;
    return tnn_fail(err, TNN_ERR_MALFORMED, op->where, "%zu operands and %zu results do not fit the operator", op->n_in,
                    op->n_out);
}

static tnn_status load_op(tnn_exec *exec, size_t number, tnn_fb_ref object, tnn_error *err) {
    tnn_exec_op *op = &exec->ops[number];
    int32_t code = tnn_tflite_code(
        tnn_fb_child_at(exec->model.model, "operator_codes", (size_t)tnn_fb_int(object, "opcode_index")));
    const char *name = tnn_tfl_code_name(code);
    const tnn_tfl_row *written = tnn_tfl_find(name);
    op->row = tnn_exec_find(code);
    op->where = tnn_arena_printf(exec->arena, "operator %zu, %s", number, name);
    op->n_in = tnn_fb_count(object, "inputs");
    op->n_out = tnn_fb_count(object, "outputs");
    op->in = TNN_NEW_ARRAY(exec->arena, op->n_in, const tnn_exec_tensor *);
    op->out = TNN_NEW_ARRAY(exec->arena, op->n_out, tnn_exec_tensor *);
    if (op->where == NULL || op->in == NULL || op->out == NULL) return tnn_fail_nomem(err);
    if (written != NULL && written->options != NULL)
        op->options = tnn_fb_member(object, "builtin_options", written->options);
    TNN_TRY(link_inputs(exec, op, number, object, err));
    TNN_TRY(link_outputs(exec, op, object, err));
    return check_arity(op, err);
}

/* ---- the subgraph ---- */

static tnn_status load_list(tnn_exec *exec, tnn_fb_ref subgraph, const char *field, size_t **out, size_t *n,
                            tnn_error *err) {
    *n = tnn_fb_count(subgraph, field);
    *out = TNN_NEW_ARRAY(exec->arena, *n, size_t);
    if (*out == NULL) return tnn_fail_nomem(err);
    for (size_t i = 0; i < *n; i++) (*out)[i] = (size_t)tnn_fb_int_at(subgraph, field, i);
    return TNN_OK;
}

static tnn_status load_slots(tnn_exec *exec, tnn_fb_ref subgraph, tnn_error *err) {
    exec->n_slots = tnn_fb_count(subgraph, "tensors");
    exec->slots = TNN_NEW_ARRAY(exec->arena, exec->n_slots, tnn_exec_slot);
    if (exec->slots == NULL) return tnn_fail_nomem(err);
    for (size_t i = 0; i < exec->n_slots; i++)
        TNN_TRY(load_tensor(exec, &exec->slots[i].tensor, tnn_fb_child_at(subgraph, "tensors", i), err));
    TNN_TRY(load_list(exec, subgraph, "inputs", &exec->inputs, &exec->n_inputs, err));
    TNN_TRY(load_list(exec, subgraph, "outputs", &exec->outputs, &exec->n_outputs, err));
    for (size_t i = 0; i < exec->n_inputs; i++) {
        tnn_exec_slot *slot = &exec->slots[exec->inputs[i]];
        if (slot->is_input || slot->tensor.is_constant)
            return tnn_fail(err, TNN_ERR_MALFORMED, exec->file->path, "input \"%.60s\" stands twice or is a constant",
                            slot->tensor.name);
        slot->is_input = true;
    }
    for (size_t i = 0; i < exec->n_outputs; i++) exec->slots[exec->outputs[i]].is_output = true;
    return TNN_OK;
}

static tnn_status check_outputs(const tnn_exec *exec, tnn_error *err) {
    for (size_t i = 0; i < exec->n_outputs; i++) {
        const tnn_exec_slot *slot = &exec->slots[exec->outputs[i]];
        if (!slot->has_producer && !slot->is_input && !slot->tensor.is_constant)
            return tnn_fail(err, TNN_ERR_MALFORMED, exec->file->path, "output \"%.60s\" is never computed",
                            slot->tensor.name);
    }
    return TNN_OK;
}

tnn_status tnn_exec_load(tnn_exec *exec, tnn_error *err) {
    tnn_fb_ref subgraph = tnn_fb_child_at(exec->model.model, "subgraphs", 0);
    TNN_TRY(check_codes(exec, subgraph, err));
    TNN_TRY(load_slots(exec, subgraph, err));
    exec->n_ops = tnn_fb_count(subgraph, "operators");
    exec->ops = TNN_NEW_ARRAY(exec->arena, exec->n_ops, tnn_exec_op);
    if (exec->ops == NULL) return tnn_fail_nomem(err);
    for (size_t i = 0; i < exec->n_ops; i++)
        TNN_TRY(load_op(exec, i, tnn_fb_child_at(subgraph, "operators", i), err));
    return check_outputs(exec, err);
}
