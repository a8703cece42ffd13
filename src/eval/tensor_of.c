/* Tensors of numbers that a program writes out, and numbers taken back. */
#include <string.h>

#include "eval/arith.h"
#include "eval/handle.h"
#include "eval/script.h"
#include "ir/tensor.h"

/* What is being filled. */
typedef struct filling {
    tnn_interp *interp;
    tnn_tensor *tensor;
    int64_t next;
} filling;

static bool is_sequence(const tnn_obj *obj) { return obj->kind == TNN_OBJ_LIST || obj->kind == TNN_OBJ_TUPLE; }

/* Sizes by the first item of every level; the first number behind them tells the type. */
static tnn_status measure(tnn_interp *interp, const tnn_obj *numbers, uint8_t *rank, int64_t *dims,
                          const tnn_obj **first, tnn_error *err) {
    *rank = 0;
    while (is_sequence(numbers)) {
        if (*rank == TNN_MAX_RANK)
            return tnn_fail(err, TNN_ERR_LIMIT, interp->origin.name, "tensor: lists are nested more than %d deep",
                            TNN_MAX_RANK);
        dims[(*rank)++] = (int64_t)numbers->as.list->n;
        if (numbers->as.list->n == 0) break;
        numbers = &numbers->as.list->items[0];
    }
    *first = numbers;
    return TNN_OK;
}

static tnn_status fill_number(filling *f, const tnn_obj *number, tnn_error *err) {
    double value;
    if (number->kind == TNN_OBJ_INT) {
        tnn_tensor_set_integer(f->tensor, f->next++, number->as.size.hint);
        return TNN_OK;
    }
    if (!tnn_arith_is_number(number))
        return tnn_fail(err, TNN_ERR_UNSUPPORTED, f->interp->origin.name, "a tensor made of a %s",
                        tnn_obj_kind_text(number));
    TNN_TRY(tnn_arith_number(f->interp, number, &value, err));
    tnn_tensor_set_number(f->tensor, f->next++, value);
    return TNN_OK;
}

static tnn_status fill(filling *f, const tnn_obj *numbers, uint8_t level, tnn_error *err) {
    TNN_TRY(tnn_interp_step(f->interp, 1, err));
    if (level == f->tensor->rank) return fill_number(f, numbers, err);
    if (!is_sequence(numbers) || (int64_t)numbers->as.list->n != f->tensor->dims[level])
        return tnn_fail(err, TNN_ERR_INVALID, f->interp->origin.name, "tensor: lists of different lengths");
    for (size_t k = 0; k < numbers->as.list->n; k++)
        TNN_TRY(fill(f, &numbers->as.list->items[k], (uint8_t)(level + 1), err));
    return TNN_OK;
}

static tnn_dtype dtype_of(const tnn_obj *number) {
    if (number->kind == TNN_OBJ_BOOL) return TNN_DTYPE_BOOL;
    return number->kind == TNN_OBJ_INT ? TNN_DTYPE_I64 : TNN_DTYPE_F32;
}

static tnn_status new_constant(tnn_interp *interp, const tnn_tensor *tensor, tnn_obj *out, tnn_error *err) {
    const tnn_recipe *recipe;
    tnn_value *value;
    TNN_TRY(tnn_recipe_copy(&recipe, interp->arena, tensor->data, tensor->dtype, tensor->rank, tensor->dims, err));
    TNN_TRY(tnn_graph_constant(&value, interp->graph, "tensor", recipe, err));
    return tnn_handle_new(interp, value, NULL, out, err);
}

tnn_status tnn_tensor_of_numbers(tnn_interp *interp, const tnn_obj *numbers, tnn_dtype dtype, tnn_obj *out,
                                 tnn_error *err) {
    tnn_tensor tensor = {.data = NULL};
    filling f = {interp, &tensor, 0};
    int64_t dims[TNN_MAX_RANK];
    const tnn_obj *first = numbers;
    uint8_t rank;
    TNN_TRY(measure(interp, numbers, &rank, dims, &first, err));
    if (first->kind == TNN_OBJ_TENSOR && rank == 0) {
        tnn_obj args[] = {*first, dtype == TNN_DTYPE_NONE ? tnn_obj_none() : tnn_obj_dtype(dtype),
                          tnn_obj_bool(false), tnn_obj_bool(true)};
        return tnn_interp_call(interp, "to", "dtype", args, 4, NULL, 0, out, err);
    }
    if (dtype == TNN_DTYPE_NONE) dtype = dtype_of(first);
    tnn_status status = tnn_tensor_init(&tensor, dtype, rank, dims, err);
    if (status == TNN_OK) status = fill(&f, numbers, 0, err);
    if (status == TNN_OK) status = new_constant(interp, &tensor, out, err);
    tnn_tensor_clear(&tensor);
    return status;
}

/* tensor.item() */
tnn_status tnn_builtin_item(tnn_interp *interp, const tnn_builtin_args *in, tnn_obj *out, tnn_error *err) {
    bool known;
    *out = in->items[0];
    if (in->items[0].kind != TNN_OBJ_TENSOR) return TNN_OK;
    TNN_TRY(tnn_interp_number(interp, in->items[0].as.tensor, out, &known, err));
    if (known) return TNN_OK;
    return tnn_fail(err, TNN_ERR_UNSUPPORTED, interp->origin.name,
                    "a number out of a tensor whose content depends on an input");
}
