/* Operators that move elements: views, concatenation, expansion, casts, and what layout inserted. */
#include "ops/list.h"
#include "tflite/layout.h"
#include "tflite/lower_conv.h"

static tnn_status hold(tnn_lower *l, const tnn_node *node, tnn_value *tensor) {
    tnn_lower_set(l, node->outputs[0], tensor);
    return TNN_OK;
}

/* The same elements in the same order: nothing to do until somebody asks for the shape. */
static tnn_status lower_view(tnn_lower *l, const tnn_node *node, tnn_error *err) {
    tnn_value *x;
    TNN_TRY(tnn_lower_get_any(l, tnn_node_operand(node, 0), &x, err));
    return hold(l, node, x);
}

static tnn_status lower_to(tnn_lower *l, const tnn_node *node, tnn_error *err) {
    tnn_value *x;
    TNN_TRY(tnn_lower_get_any(l, tnn_node_operand(node, 0), &x, err));
    TNN_TRY(tnn_lower_cast(l, x, node->outputs[0]->dtype, &x, err));
    return hold(l, node, x);
}

/* ---- transposes ---- */

/* Each atom of the wanted order as an axis of what is there. */
static void axes_between(const tnn_layout *from, const tnn_layout *to, tnn_box *in, tnn_box *out, int64_t *perm) {
    in->rank = out->rank = 0;
    for (uint8_t k = 0; k < from->n_atoms; k++)
        if (from->atoms[k].size != 1) in->at[in->rank++] = from->atoms[k].size;
    for (uint8_t k = 0; k < to->n_atoms; k++) {
        const tnn_layout_atom *a = &to->atoms[k];
        if (a->size == 1) continue;
        uint8_t at = 0;
        for (uint8_t j = 0; from->atoms[j].dim != a->dim || from->atoms[j].part != a->part; j++)
            at = (uint8_t)(at + (from->atoms[j].size != 1));
        perm[out->rank] = at;
        out->at[out->rank++] = a->size;
    }
}

/* Axes that stay neighbours move as one. */
static void merge_axes(tnn_box *in, tnn_box *out, int64_t *perm) {
    for (uint8_t k = 0; k + 1 < out->rank;) {
        if (perm[k] + 1 != perm[k + 1]) {
            k++;
            continue;
        }
        int64_t gone = perm[k + 1];
        in->at[perm[k]] *= in->at[gone];
        out->at[k] *= out->at[k + 1];
        for (uint8_t j = (uint8_t)gone; j + 1 < in->rank; j++) in->at[j] = in->at[j + 1];
        for (uint8_t j = (uint8_t)(k + 1); j + 1 < out->rank; j++) out->at[j] = out->at[j + 1], perm[j] = perm[j + 1];
        in->rank--;
        out->rank--;
        for (uint8_t j = 0; j < out->rank; j++)
            if (perm[j] > gone) perm[j]--;
    }
}

static tnn_status emit_transpose(tnn_lower *l, tnn_value *x, const int64_t *perm, const tnn_box *dims,
                                 tnn_value **out, tnn_error *err) {
    tnn_box one = {.rank = 1, .at = {dims->rank}};
    tnn_value *order;
    tnn_emit e;
    TNN_TRY(tnn_lower_ints(l, "perm", perm, &one, &order, err));
    TNN_TRY(tnn_emit_begin(&e, l, &tnn_tfl_TRANSPOSE, err));
    tnn_emit_tensor(&e, x);
    tnn_emit_tensor(&e, order);
    return tnn_emit_end(&e, NULL, x->dtype, dims, out, err);
}

/* The physical dimensions where they will do, of which there are `most` at most: a transpose of [1,3,224,224] reads as
 * one. Else nothing is changed. */
static bool whole_dims(const tnn_value *from, const tnn_value *to, uint8_t most, tnn_box *out, int64_t *perm) {
    if (to->layout->n_atoms > most) return false;
    for (uint8_t k = 0; k < from->layout->n_atoms; k++)
        if (from->layout->atoms[k].part != 0) return false;
    if (tnn_lower_dims(to, out, NULL) != TNN_OK) return false;
    for (uint8_t k = 0; k < out->rank; k++) perm[k] = tnn_lower_axis(from, to->layout->atoms[k].dim);
    return true;
}

static tnn_status lower_relayout(tnn_lower *l, const tnn_node *node, tnn_error *err) {
    const tnn_value *from = tnn_node_operand(node, 0), *to = node->outputs[0];
    uint8_t most = l->options.max_transpose_dims;
    tnn_value *x;
    tnn_box in, out;
    int64_t perm[TNN_MAX_RANK * 2];
    axes_between(from->layout, to->layout, &in, &out, perm);
    merge_axes(&in, &out, perm);
    if (in.rank <= 1) { /* only dimensions of 1 change places */
        TNN_TRY(tnn_lower_get_any(l, from, &x, err));
        return hold(l, node, x);
    }
    if (most > 0 && in.rank > most)
        return tnn_lower_refuse(node, err, "%%%s needs a TRANSPOSE of %u dimensions, %u are allowed", from->name,
                                (unsigned)in.rank, (unsigned)most);
    if (whole_dims(from, to, most > 0 && most < 6 ? most : 6, &out, perm)) TNN_TRY(tnn_lower_get(l, from, &x, err));
    else TNN_TRY(tnn_lower_get_shaped(l, from, &in, &x, err));
    TNN_TRY(emit_transpose(l, x, perm, &out, &x, err));
    return hold(l, node, x);
}

/* ---- cat ---- */

static tnn_status lower_cat(tnn_lower *l, const tnn_node *node, tnn_error *err) {
    const tnn_arg *tensors = tnn_node_arg(node, "tensors");
    const tnn_value *result = node->outputs[0];
    uint8_t axis = tnn_lower_axis(result, tnn_node_dim(tnn_node_int(node, "dim"), result->shape.rank));
    tnn_value **parts = TNN_NEW_ARRAY(l->arena, tensors->n, tnn_value *), *out;
    size_t n = 0;
    if (parts == NULL) return tnn_fail_nomem(err);
    for (uint32_t i = 0; i < tensors->n; i++) {
        if (tnn_lower_is_empty(tensors->as.tensors[i])) continue;
        TNN_TRY(tnn_lower_get(l, tensors->as.tensors[i], &parts[n], err));
        TNN_TRY(tnn_lower_cast(l, parts[n], result->dtype, &parts[n], err));
        n++;
    }
    if (n == 0) return tnn_lower_refuse(node, err, "its result is empty");
    if (n == 1) return hold(l, node, parts[0]);
    TNN_TRY(tnn_lower_concat(l, parts, n, axis, NULL, &out, err));
    return hold(l, node, out);
}

/* ---- expand ---- */

static tnn_status lower_expand(tnn_lower *l, const tnn_node *node, tnn_error *err) {
    const tnn_value *x = tnn_node_tensor(node, "self"), *result = node->outputs[0];
    tnn_box dims, in = {.rank = 0};
    TNN_TRY(tnn_lower_dims(result, &dims, err));
    int lead = result->shape.rank - x->shape.rank;
    in = dims;
    for (uint8_t d = 0; d < result->shape.rank; d++) {
        int own = (int)d - lead;
        if (own >= 0 && x->shape.dims[own].hint == result->shape.dims[d].hint) continue;
        uint8_t positions[TNN_MAX_ATOMS], n = tnn_layout_positions(result, d, positions);
        for (uint8_t k = 0; k < n; k++) in.at[positions[k]] = 1;
    }
    tnn_box one = {.rank = 1, .at = {dims.rank}};
    tnn_value *tensor, *shape, *out;
    tnn_emit e;
    TNN_TRY(tnn_lower_get_shaped(l, x, &in, &tensor, err));
    TNN_TRY(tnn_lower_ints(l, "shape", dims.at, &one, &shape, err));
    TNN_TRY(tnn_emit_begin(&e, l, &tnn_tfl_BROADCAST_TO, err));
    tnn_emit_tensor(&e, tensor);
    tnn_emit_tensor(&e, shape);
    TNN_TRY(tnn_emit_end(&e, NULL, tensor->dtype, &dims, &out, err));
    return hold(l, node, out);
}

/* ---- full ---- */

/* What was too large or too open in its size to be folded. */
static tnn_status lower_full(tnn_lower *l, const tnn_node *node, tnn_error *err) {
    const tnn_value *result = node->outputs[0];
    const tnn_arg *value = tnn_node_arg(node, "fill_value");
    tnn_box dims;
    const tnn_recipe *recipe;
    tnn_value *out;
    TNN_TRY(tnn_lower_dims(result, &dims, err));
    double number = tnn_arg_number(value);
    int64_t integer = value->kind == TNN_ARG_FLOAT ? (int64_t)number : tnn_arg_int(value);
    TNN_TRY(tnn_recipe_fill(&recipe, l->arena, result->dtype, dims.rank, dims.at, number, integer, err));
    TNN_TRY(tnn_lower_constant(l, NULL, recipe, &out, err));
    return hold(l, node, out);
}

/* ---- never reached ---- */

static tnn_status lower_gone(tnn_lower *l, const tnn_node *node, tnn_error *err) {
    (void)l;
    return tnn_fail(err, TNN_ERR_INTERNAL, tnn_node_where(node), "a pass should have removed this %s", node->op->name);
}

#define FREE {TNN_DEMAND_FREE, NULL, NULL}
#define VIEW {TNN_DEMAND_VIEW, NULL, NULL}

const tnn_lower_row tnn_lowering_reshape = {VIEW, lower_view, NULL};
const tnn_lower_row tnn_lowering_permute = {VIEW, lower_view, NULL};
const tnn_lower_row tnn_lowering_to = {FREE, lower_to, NULL};
const tnn_lower_row tnn_lowering_relayout = {FREE, lower_relayout, NULL};
const tnn_lower_row tnn_lowering_cat = {FREE, lower_cat, NULL};
const tnn_lower_row tnn_lowering_expand = {FREE, lower_expand, NULL};
const tnn_lower_row tnn_lowering_dropout = {FREE, lower_view, NULL};
const tnn_lower_row tnn_lowering_batch_norm = {FREE, lower_gone, NULL};
const tnn_lower_row tnn_lowering_full = {FREE, lower_full, NULL};
