/* Dense arrays of numbers. */
#include "ir/tensor.h"

#include <string.h>

#include "base/alloc.h"

tnn_status tnn_tensor_init(tnn_tensor *tensor, tnn_dtype dtype, uint8_t rank, const int64_t *dims,
                           tnn_error *err) {
    memset(tensor, 0, sizeof *tensor);
    tensor->dtype = dtype;
    tensor->rank = rank;
    if (rank != 0) memcpy(tensor->dims, dims, rank * sizeof *dims);
    if (!tnn_dims_count(rank, dims, &tensor->n_elems) || (uint64_t)tensor->n_elems > SIZE_MAX)
        return tnn_fail(err, TNN_ERR_LIMIT, NULL, "a tensor's size exceeds 63 bits");
    tensor->data = tnn_alloc_zero((size_t)tensor->n_elems, tnn_dtype_bytes(dtype));
    return tensor->data == NULL ? tnn_fail_nomem(err) : TNN_OK;
}

tnn_status tnn_tensor_from_recipe(tnn_tensor *tensor, const tnn_recipe *recipe, tnn_error *err) {
    TNN_TRY(tnn_tensor_init(tensor, recipe->dtype, recipe->rank, recipe->dims, err));
    tnn_status status = tnn_recipe_read(recipe, 0, tensor->n_elems, tensor->data, err);
    if (status != TNN_OK) tnn_tensor_clear(tensor);
    return status;
}

void tnn_tensor_clear(tnn_tensor *tensor) {
    tnn_free(tensor->data);
    memset(tensor, 0, sizeof *tensor);
}

double tnn_tensor_number(const tnn_tensor *tensor, int64_t index) {
    return tnn_elem_number(tensor->data, tensor->dtype, index);
}

int64_t tnn_tensor_integer(const tnn_tensor *tensor, int64_t index) {
    return tnn_elem_integer(tensor->data, tensor->dtype, index);
}

void tnn_tensor_set_number(tnn_tensor *tensor, int64_t index, double value) {
    tnn_elem_set_number(tensor->data, tensor->dtype, index, value);
}

void tnn_tensor_set_integer(tnn_tensor *tensor, int64_t index, int64_t value) {
    tnn_elem_set_integer(tensor->data, tensor->dtype, index, value);
}
