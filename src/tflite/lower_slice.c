/* slice and slice_scatter. Slices that together are a value cut in pieces (chunk, split, unbind) become one SPLIT. */
#include "ops/list.h"
#include "ops/slice.h"
#include "tflite/layout.h"
#include "tflite/lower_conv.h"

/* SLICE and STRIDED_SLICE take 5 dimensions, XNNPACK's split 6. */
enum { MAX_RANK_CUT = 5 };

static tnn_status hold(tnn_lower *l, const tnn_node *node, tnn_value *tensor) {
    tnn_lower_set(l, node->outputs[0], tensor);
    return TNN_OK;
}

typedef struct range {
    uint8_t dim;
    int64_t start, length, step, size;
} range;

static range node_range(const tnn_node *node, const tnn_value *x) {
    tnn_slice_range r = tnn_slice_range_of(node);
    return (range){.dim = r.dim, .start = r.start, .length = r.count, .step = r.step, .size = x->shape.dims[r.dim].hint};
}

/* ---- pieces ---- */

/* The slices of a value along one dimension, ordered by where they start. */
typedef struct pieces {
    const tnn_node **nodes;
    size_t n;
    bool equal; /* all of one length */
} pieces;

static bool is_piece(const tnn_node *node, const tnn_value *x, uint8_t dim) {
    if (!tnn_node_is(node, TNN_OP_slice)) return false;
    range r = node_range(node, x);
    return r.dim == dim && r.step == 1 && r.length > 0;
}

static void insert_piece(pieces *p, const tnn_node *node, const tnn_value *x) {
    size_t at = p->n++;
    for (; at > 0 && node_range(p->nodes[at - 1], x).start > node_range(node, x).start; at--)
        p->nodes[at] = p->nodes[at - 1];
    p->nodes[at] = node;
}

/* Do they cover the dimension, each element once? */
static bool cover(pieces *p, const tnn_value *x) {
    int64_t at = 0, size = node_range(p->nodes[0], x).size, first = node_range(p->nodes[0], x).length;
    p->equal = true;
    for (size_t i = 0; i < p->n; i++) {
        range r = node_range(p->nodes[i], x);
        if (r.start != at) return false;
        at += r.length;
        p->equal = p->equal && r.length == first;
    }
    return at == size;
}

static tnn_status find_pieces(tnn_lower *l, const tnn_value *x, uint8_t dim, pieces *p, bool *found, tnn_error *err) {
    *p = (pieces){.nodes = TNN_NEW_ARRAY(l->arena, x->n_users, const tnn_node *)};
    if (p->nodes == NULL) return tnn_fail_nomem(err);
    for (size_t i = 0; i < x->n_users; i++)
        if (is_piece(x->users[i], x, dim)) insert_piece(p, x->users[i], x);
    *found = p->n > 1 && x->dtype != TNN_DTYPE_BOOL && cover(p, x); /* SPLIT does not take bool */
    return TNN_OK;
}

/* SPLIT_V gives pieces of different lengths; their shapes are set afterwards. */
static tnn_status emit_uneven(tnn_lower *l, const pieces *p, const tnn_value *x, tnn_value *tensor, uint8_t axis,
                              tnn_value **parts, tnn_error *err) {
    int64_t *lengths = TNN_NEW_ARRAY(l->arena, p->n, int64_t);
    if (lengths == NULL) return tnn_fail_nomem(err);
    for (size_t i = 0; i < p->n; i++) lengths[i] = node_range(p->nodes[i], x).length;
    tnn_box dims = tnn_box_of(tensor), one = {.rank = 1, .at = {(int64_t)p->n}};
    tnn_value *sizes, *axis_tensor;
    tnn_emit e;
    TNN_TRY(tnn_lower_ints(l, "sizes", lengths, &one, &sizes, err));
    TNN_TRY(tnn_lower_scalar(l, TNN_DTYPE_I32, axis, &axis_tensor, err));
    TNN_TRY(tnn_emit_begin(&e, l, &tnn_tfl_SPLIT_V, err));
    tnn_emit_tensor(&e, tensor);
    tnn_emit_tensor(&e, sizes);
    tnn_emit_tensor(&e, axis_tensor);
    tnn_emit_int(&e, "num_splits", (int64_t)p->n);
    TNN_TRY(tnn_emit_end_many(&e, "split", tensor->dtype, &dims, parts, p->n, err));
    for (size_t i = 0; i < p->n; i++) parts[i]->shape.dims[axis] = tnn_size_const(lengths[i]);
    return TNN_OK;
}

/* Three dimensions, of which the middle one is cut: kernels take few. */
static tnn_status get_cut(tnn_lower *l, const tnn_value *x, uint8_t *axis, tnn_value **out, tnn_error *err) {
    tnn_box dims, three = {3, {1, 1, 1}};
    TNN_TRY(tnn_lower_dims(x, &dims, err));
    if (dims.rank <= MAX_RANK_CUT) return tnn_lower_get(l, x, out, err);
    for (uint8_t k = 0; k < dims.rank; k++) three.at[k < *axis ? 0 : k == *axis ? 1 : 2] *= dims.at[k];
    *axis = 1;
    return tnn_lower_get_shaped(l, x, &three, out, err);
}

static tnn_status emit_pieces(tnn_lower *l, const pieces *p, const tnn_value *x, uint8_t axis, tnn_error *err) {
    tnn_value *tensor, **parts = TNN_NEW_ARRAY(l->arena, p->n, tnn_value *);
    if (parts == NULL) return tnn_fail_nomem(err);
    TNN_TRY(get_cut(l, x, &axis, &tensor, err));
    if (p->equal) TNN_TRY(tnn_lower_split(l, tensor, axis, (int64_t)p->n, &parts, err));
    else TNN_TRY(emit_uneven(l, p, x, tensor, axis, parts, err));
    for (size_t i = 0; i < p->n; i++) {
        TNN_TRY(tnn_lower_name(l, parts[i], p->nodes[i]->outputs[0]->name, err));
        parts[i]->quant = p->nodes[i]->outputs[0]->quant; /* siblings are not looked at again */
        TNN_TRY(hold(l, p->nodes[i], parts[i]));
    }
    return TNN_OK;
}

static tnn_status lower_slice(tnn_lower *l, const tnn_node *node, tnn_error *err) {
    const tnn_value *x = tnn_node_tensor(node, "self");
    range r = node_range(node, x);
    uint8_t axis = tnn_lower_axis(x, r.dim);
    pieces p;
    bool found;
    tnn_value *tensor, *out;
    if (l->held[node->outputs[0]->id] != NULL) return TNN_OK; /* a piece that a sibling has cut */
    TNN_TRY(find_pieces(l, x, r.dim, &p, &found, err));
    if (found) return emit_pieces(l, &p, x, axis, err);
    TNN_TRY(get_cut(l, x, &axis, &tensor, err));
    TNN_TRY(tnn_lower_slice(l, tensor, axis, r.start, r.length, r.step, NULL, &out, err));
    return hold(l, node, out);
}

/* ---- writing a slice ---- */

/* Where each element along the axis comes from in self ++ src. */
static tnn_status scatter_indices(tnn_lower *l, const range *r, tnn_value **out, tnn_error *err) {
    tnn_box dims = {.rank = 1, .at = {r->size}};
    int64_t *from = TNN_NEW_ARRAY(l->arena, (size_t)r->size, int64_t);
    if (from == NULL) return tnn_fail_nomem(err);
    for (int64_t i = 0; i < r->size; i++) from[i] = i;
    for (int64_t k = 0; k < r->length; k++) from[r->start + k * r->step] = r->size + k;
    return tnn_lower_ints(l, "indices", from, &dims, out, err);
}

static tnn_status scatter_strided(tnn_lower *l, const range *r, uint8_t axis, tnn_value *self, tnn_value *src,
                                  tnn_value **out, tnn_error *err) {
    tnn_value *both, *indices, *parts[2] = {self, src};
    tnn_box dims = tnn_box_of(self);
    tnn_emit e;
    TNN_TRY(tnn_lower_concat(l, parts, 2, axis, "both", &both, err));
    TNN_TRY(scatter_indices(l, r, &indices, err));
    TNN_TRY(tnn_emit_begin(&e, l, &tnn_tfl_GATHER, err));
    tnn_emit_tensor(&e, both);
    tnn_emit_tensor(&e, indices);
    tnn_emit_int(&e, "axis", axis);
    return tnn_emit_end(&e, NULL, self->dtype, &dims, out, err);
}

/* What lies before the written part, the part, what lies behind. */
static tnn_status scatter_run(tnn_lower *l, const range *r, uint8_t axis, tnn_value *self, tnn_value *src,
                              tnn_value **out, tnn_error *err) {
    tnn_value *parts[3];
    size_t n = 0;
    int64_t end = r->start + r->length;
    if (r->start > 0) TNN_TRY(tnn_lower_slice(l, self, axis, 0, r->start, 1, "before", &parts[n++], err));
    parts[n++] = src;
    if (end < r->size) TNN_TRY(tnn_lower_slice(l, self, axis, end, r->size - end, 1, "behind", &parts[n++], err));
    if (n == 1) {
        *out = src;
        return TNN_OK;
    }
    return tnn_lower_concat(l, parts, n, axis, NULL, out, err);
}

static tnn_status lower_slice_scatter(tnn_lower *l, const tnn_node *node, tnn_error *err) {
    const tnn_value *x = tnn_node_tensor(node, "self");
    range r = node_range(node, x);
    uint8_t axis = tnn_lower_axis(x, r.dim);
    tnn_value *self, *src, *out;
    TNN_TRY(tnn_lower_get(l, x, &self, err));
    TNN_TRY(tnn_lower_get(l, tnn_node_tensor(node, "src"), &src, err));
    TNN_TRY(tnn_lower_cast(l, src, self->dtype, &src, err));
    if (r.length == 0) return hold(l, node, self);
    if (r.step > 1) TNN_TRY(scatter_strided(l, &r, axis, self, src, &out, err));
    else TNN_TRY(scatter_run(l, &r, axis, self, src, &out, err));
    return hold(l, node, out);
}

const tnn_lower_row tnn_lowering_slice = {{TNN_DEMAND_FREE, NULL, NULL}, lower_slice, NULL};
const tnn_lower_row tnn_lowering_slice_scatter = {{TNN_DEMAND_FREE, NULL, NULL}, lower_slice_scatter, NULL};
