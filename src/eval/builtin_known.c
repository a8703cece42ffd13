/* What can be said of the content of a tensor while a program is read. */
#include "eval/builtins.h"
#include "ir/recipe.h"
#include "ir/tensor.h"
#include "ops/row.h"

static tnn_status value_is_known(tnn_interp *interp, const tnn_value *value, bool *known, tnn_error *err);

static tnn_status operands_are_known(tnn_interp *interp, const tnn_node *node, bool *known, tnn_error *err) {
    size_t n = tnn_node_n_operands(node);
    for (size_t k = 0; *known && k < n; k++) {
        const tnn_value *operand = tnn_node_operand(node, k);
        if (operand) TNN_TRY(value_is_known(interp, operand, known, err));
    }
    return TNN_OK;
}

static tnn_status value_is_known(tnn_interp *interp, const tnn_value *value, bool *known, tnn_error *err) {
    *known = value->constant != NULL || value->producer != NULL;
    if (!*known || value->constant) return TNN_OK;
    TNN_TRY(tnn_interp_step(interp, 1, err));
    TNN_TRY(tnn_interp_enter(interp, err));
    TNN_TRY(operands_are_known(interp, value->producer, known, err));
    tnn_interp_leave(interp);
    return TNN_OK;
}

/* known(size): whether it is the same for all inputs; known(tensor): whether its content depends on no input, so that it
 * is a constant once all is folded; of one element: whether its number can be taken now. */
tnn_status tnn_builtin_known(tnn_interp *interp, const tnn_builtin_args *in, tnn_obj *out, tnn_error *err) {
    tnn_value *value;
    bool known;
    if (in->items[0].kind == TNN_OBJ_INT) {
        *out = tnn_obj_bool(in->items[0].as.size.expr == NULL);
        return TNN_OK;
    }
    if (in->items[0].kind != TNN_OBJ_TENSOR)
        return tnn_fail(err, TNN_ERR_INVALID, interp->origin.name, "known: expected a Tensor or an int, found a %s",
                        tnn_obj_kind_text(&in->items[0]));
    tnn_obj number;
    int64_t n;
    TNN_TRY(tnn_interp_read(interp, in->items[0].as.tensor, &value, err));
    TNN_TRY(value_is_known(interp, value, &known, err));
    if (known && tnn_shape_count(&value->shape, &n) && n == 1)
        TNN_TRY(tnn_interp_number(interp, in->items[0].as.tensor, &number, &known, err));
    *out = tnn_obj_bool(known);
    return TNN_OK;
}

/* ---- places ---- */

/* The true elements of a mask: index k of each in `places[k]`, an array of `n`. */
typedef struct places {
    int64_t n;
    int64_t *at[TNN_MAX_RANK];
} places;

static tnn_status find_places(tnn_interp *interp, const tnn_tensor *mask, places *out, tnn_error *err) {
    for (int64_t i = 0; i < mask->n_elems; i++) out->n += tnn_tensor_integer(mask, i) != 0;
    TNN_TRY(tnn_interp_step(interp, (uint64_t)mask->n_elems, err));
    for (uint8_t d = 0; d < mask->rank; d++) {
        out->at[d] = TNN_NEW_ARRAY(interp->arena, (size_t)out->n + 1, int64_t);
        if (!out->at[d]) return tnn_fail_nomem(err);
    }
    for (int64_t i = 0, found = 0; i < mask->n_elems; i++) {
        int64_t rest = i;
        if (tnn_tensor_integer(mask, i) == 0) continue;
        for (uint8_t d = mask->rank; d-- > 0; rest /= mask->dims[d]) out->at[d][found] = rest % mask->dims[d];
        found++;
    }
    return TNN_OK;
}

static tnn_status list_places(tnn_interp *interp, const places *p, uint8_t rank, tnn_obj *out, tnn_error *err) {
    TNN_TRY(tnn_list_new(interp, TNN_OBJ_LIST, rank, out, err));
    for (uint8_t d = 0; d < rank; d++) {
        const tnn_recipe *recipe;
        tnn_value *value;
        tnn_obj tensor;
        TNN_TRY(tnn_recipe_copy(&recipe, interp->arena, p->at[d], TNN_DTYPE_I64, 1, &p->n, err));
        TNN_TRY(tnn_graph_constant(&value, interp->graph, "places", recipe, err));
        TNN_TRY(tnn_interp_tensor(interp, value, NULL, &tensor, err));
        TNN_TRY(tnn_list_push(interp, out->as.list, tensor, err));
    }
    return TNN_OK;
}

/* places(mask): where a mask that depends on constants alone is true, a tensor of numbers for each dimension. */
tnn_status tnn_builtin_places(tnn_interp *interp, const tnn_builtin_args *in, tnn_obj *out, tnn_error *err) {
    tnn_tensor mask = {0};
    places p = {0};
    bool known = false;
    if (in->items[0].kind != TNN_OBJ_TENSOR)
        return tnn_fail(err, TNN_ERR_INVALID, interp->origin.name, "places: expected a Tensor, found a %s",
                        tnn_obj_kind_text(&in->items[0]));
    tnn_status status = tnn_interp_elements(interp, in->items[0].as.tensor, &mask, &known, err);
    if (status == TNN_OK && !known)
        status = tnn_fail(err, TNN_ERR_UNSUPPORTED, interp->origin.name,
                          "a mask that the model computes gives as many elements as are true; use torch.where");
    if (status == TNN_OK) status = find_places(interp, &mask, &p, err);
    if (status == TNN_OK) status = list_places(interp, &p, mask.rank, out, err);
    tnn_tensor_clear(&mask);
    return status;
}
