/* What a program takes out of tensors: int(x), float(x), bool(x), the places where a mask is true. It exists where the
 * tensor depends on constants alone; its small producers are then run. */
#include "eval/handle.h"
#include "ir/tensor.h"

enum { MAX_ELEMS = 1 << 22, MAX_OPERANDS = 16 };

static bool is_small(const tnn_value *value) {
    int64_t n;
    return tnn_shape_count(&value->shape, &n) && n <= MAX_ELEMS;
}

static tnn_status evaluate(tnn_interp *interp, const tnn_value *value, tnn_tensor *out, bool *known, tnn_error *err);

static tnn_status new_tensor(const tnn_value *value, tnn_tensor *out, tnn_error *err) {
    int64_t dims[TNN_MAX_RANK];
    for (int k = 0; k < value->shape.rank; k++) dims[k] = value->shape.dims[k].hint;
    return tnn_tensor_init(out, value->dtype, value->shape.rank, dims, err);
}

static tnn_status run_operands(tnn_interp *interp, const tnn_node *node, tnn_tensor *operands,
                               const tnn_tensor **pointers, bool *known, tnn_error *err) {
    size_t n = tnn_node_n_operands(node);
    for (size_t k = 0; *known && k < n; k++) {
        const tnn_value *operand = tnn_node_operand(node, k);
        if (!operand) continue;
        TNN_TRY(evaluate(interp, operand, &operands[k], known, err));
        pointers[k] = &operands[k];
    }
    return TNN_OK;
}

/* A node of one result that has a kernel, on known operands. */
static tnn_status run_node(tnn_interp *interp, const tnn_node *node, tnn_tensor *out, bool *known, tnn_error *err) {
    tnn_tensor operands[MAX_OPERANDS] = {{.data = NULL}};
    const tnn_tensor *pointers[MAX_OPERANDS] = {NULL};
    size_t n = tnn_node_n_operands(node);
    const tnn_op_row *row = node->op->list == TNN_OPLIST_ATEN ? tnn_op_row_of(node->op) : NULL;
    *known = row && row->kernel && n <= MAX_OPERANDS && node->n_outputs == 1;
    if (!*known) return TNN_OK;
    tnn_status status = run_operands(interp, node, operands, pointers, known, err);
    if (status == TNN_OK && *known) status = new_tensor(node->outputs[0], out, err);
    if (status == TNN_OK && *known) status = tnn_node_run(node, pointers, n, out, err);
    for (size_t k = 0; k < n; k++) tnn_tensor_clear(&operands[k]);
    return status;
}

static tnn_status evaluate(tnn_interp *interp, const tnn_value *value, tnn_tensor *out, bool *known, tnn_error *err) {
    *known = is_small(value) && (value->constant || value->producer);
    if (!*known) return TNN_OK;
    TNN_TRY(tnn_interp_step(interp, 1, err));
    if (value->constant) return tnn_tensor_from_recipe(out, value->constant, err);
    TNN_TRY(tnn_interp_enter(interp, err));
    TNN_TRY(run_node(interp, value->producer, out, known, err));
    tnn_interp_leave(interp);
    return TNN_OK;
}

static tnn_obj first_element(const tnn_tensor *tensor) {
    if (tnn_dtype_is_float(tensor->dtype)) return tnn_obj_float(tnn_tensor_number(tensor, 0));
    if (tensor->dtype == TNN_DTYPE_BOOL) return tnn_obj_bool(tnn_tensor_integer(tensor, 0) != 0);
    return tnn_obj_int(tnn_size_const(tnn_tensor_integer(tensor, 0)));
}

tnn_status tnn_interp_elements(tnn_interp *interp, tnn_handle *handle, tnn_tensor *out, bool *known, tnn_error *err) {
    tnn_value *value;
    uint32_t depth = interp->depth;
    TNN_TRY(tnn_interp_read(interp, handle, &value, err));
    *known = value->constant != NULL;
    if (*known) return tnn_tensor_from_recipe(out, value->constant, err);
    tnn_status status = evaluate(interp, value, out, known, err);
    interp->depth = depth;
    return status;
}

tnn_status tnn_interp_number(tnn_interp *interp, tnn_handle *handle, tnn_obj *out, bool *known, tnn_error *err) {
    tnn_tensor tensor = {.data = NULL};
    int64_t n;
    *known = false;
    if (!tnn_shape_count(&handle->shape, &n) || n != 1) return TNN_OK;
    tnn_status status = tnn_interp_elements(interp, handle, &tensor, known, err);
    if (status == TNN_OK && *known) *out = first_element(&tensor);
    tnn_tensor_clear(&tensor);
    return status;
}
