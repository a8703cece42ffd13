/* pad: PAD, PADV2, MIRROR_PAD; edges that repeat or wrap around are concatenated from slices. */
#include "ops/list.h"
#include "tflite/layout.h"
#include "tflite/lower_conv.h"

typedef struct edges {
    tnn_box in;
    int64_t before[TNN_MAX_RANK], after[TNN_MAX_RANK]; /* of the physical dimensions; negative: cut off */
} edges;

/* PyTorch lists pairs from the last dimension on. */
static tnn_status read_edges(const tnn_node *node, edges *e, tnn_error *err) {
    const tnn_value *x = tnn_node_tensor(node, "self");
    *e = (edges){.in = {.rank = 0}};
    TNN_TRY(tnn_lower_dims(x, &e->in, err));
    size_t n = tnn_node_list_n(node, "pad") / 2;
    for (size_t i = 0; i < n; i++) {
        uint8_t positions[TNN_MAX_ATOMS];
        (void)tnn_layout_positions(x, (uint8_t)(x->shape.rank - 1 - i), positions);
        const tnn_arg *pads = tnn_node_arg(node, "pad");
        e->before[positions[0]] = pads->as.sizes[2 * i].hint;
        e->after[positions[0]] = pads->as.sizes[2 * i + 1].hint;
    }
    return TNN_OK;
}

/* An edge is cut off and the other one is grown: what grows may come from what is cut off. */
static bool is_mixed(const edges *e, uint8_t k) { return e->before[k] * e->after[k] < 0; }

/* Negative edges are cut off; `late` ones, of mixed dimensions, behind what grows. */
static tnn_status cut_edges(tnn_lower *l, edges *e, bool late, tnn_value **x, tnn_error *err) {
    int64_t begin[TNN_MAX_RANK] = {0};
    bool any = false;
    for (uint8_t k = 0; k < e->in.rank; k++) {
        if (!late && is_mixed(e, k)) continue;
        if (e->before[k] < 0) begin[k] = -e->before[k], e->in.at[k] += e->before[k], e->before[k] = 0, any = true;
        if (e->after[k] < 0) e->in.at[k] += e->after[k], e->after[k] = 0, any = true;
    }
    return any ? tnn_lower_crop(l, *x, begin, &e->in, "crop", x, err) : TNN_OK;
}

/* The edges that grow. */
static edges grown(const edges *e) {
    edges out = *e;
    for (uint8_t k = 0; k < out.in.rank; k++) {
        if (out.before[k] < 0) out.before[k] = 0;
        if (out.after[k] < 0) out.after[k] = 0;
    }
    return out;
}

static bool has_edges(const edges *e) {
    for (uint8_t k = 0; k < e->in.rank; k++)
        if (e->before[k] != 0 || e->after[k] != 0) return true;
    return false;
}

static tnn_status pad_operator(tnn_lower *l, const edges *e, const tnn_tfl_row *row, tnn_value *x, tnn_value *fill,
                               tnn_value **out, tnn_error *err) {
    tnn_box dims = e->in, table = {.rank = 2, .at = {dims.rank, 2}};
    int64_t pads[2 * TNN_MAX_RANK];
    for (uint8_t k = 0; k < dims.rank; k++) {
        pads[2 * k] = e->before[k];
        pads[2 * k + 1] = e->after[k];
        dims.at[k] += e->before[k] + e->after[k];
    }
    tnn_value *amounts;
    tnn_emit emit;
    TNN_TRY(tnn_lower_ints(l, "paddings", pads, &table, &amounts, err));
    TNN_TRY(tnn_emit_begin(&emit, l, row, err));
    tnn_emit_tensor(&emit, x);
    tnn_emit_tensor(&emit, amounts);
    if (fill != NULL) tnn_emit_tensor(&emit, fill);
    if (row == &tnn_tfl_MIRROR_PAD) tnn_emit_int(&emit, "mode", TNN_TFL_MIRROR_REFLECT);
    return tnn_emit_end(&emit, NULL, x->dtype, &dims, out, err);
}

static tnn_status pad_constant(tnn_lower *l, const tnn_node *node, const edges *e, tnn_value *x, tnn_value **out,
                               tnn_error *err) {
    double value = tnn_node_number(node, "value", 0);
    tnn_value *fill = NULL;
    if (value != 0) TNN_TRY(tnn_lower_scalar(l, x->dtype, value, &fill, err));
    return pad_operator(l, e, fill != NULL ? &tnn_tfl_PADV2 : &tnn_tfl_PAD, x, fill, out, err);
}

/* One edge of `n` elements: copies of the border element, or the other end's last `n`. */
static tnn_status edge_parts(tnn_lower *l, tnn_value *x, uint8_t axis, bool wraps, bool front, int64_t n,
                             tnn_value **parts, size_t *n_parts, tnn_error *err) {
    int64_t size = tnn_box_of(x).at[axis];
    if (n == 0) return TNN_OK;
    if (wraps) return tnn_lower_slice(l, x, axis, front ? size - n : 0, n, 1, "wrap", &parts[(*n_parts)++], err);
    tnn_value *border;
    TNN_TRY(tnn_lower_slice(l, x, axis, front ? 0 : size - 1, 1, 1, "border", &border, err));
    for (int64_t i = 0; i < n; i++) parts[(*n_parts)++] = border;
    return TNN_OK;
}

static tnn_status pad_edges(tnn_lower *l, const edges *e, bool wraps, tnn_value *x, tnn_value **out, tnn_error *err) {
    for (uint8_t k = 0; k < e->in.rank; k++) {
        if (e->before[k] == 0 && e->after[k] == 0) continue;
        tnn_value **parts = TNN_NEW_ARRAY(l->arena, (size_t)(e->before[k] + e->after[k] + 1), tnn_value *);
        size_t n = 0;
        if (parts == NULL) return tnn_fail_nomem(err);
        TNN_TRY(edge_parts(l, x, k, wraps, true, e->before[k], parts, &n, err));
        parts[n++] = x;
        TNN_TRY(edge_parts(l, x, k, wraps, false, e->after[k], parts, &n, err));
        TNN_TRY(tnn_lower_concat(l, parts, n, k, "edge", &x, err));
    }
    *out = x;
    return TNN_OK;
}

/* Reflected and repeated elements are those of the whole input. A constant edge is the same in either order, and what
 * wraps around is cut first. */
static tnn_status pad_by_mode(tnn_lower *l, const tnn_node *node, edges *e, tnn_value **x, tnn_error *err) {
    const char mode = tnn_node_arg(node, "mode")->as.text[2]; /* coNstant, reFlect, rePlicate, ciRcular */
    bool of_whole = mode == 'f' || mode == 'p';
    TNN_TRY(cut_edges(l, e, !of_whole, x, err));
    edges more = grown(e);
    if (has_edges(&more)) {
        if (mode == 'n') TNN_TRY(pad_constant(l, node, &more, *x, x, err));
        else if (mode == 'f') TNN_TRY(pad_operator(l, &more, &tnn_tfl_MIRROR_PAD, *x, NULL, x, err));
        else TNN_TRY(pad_edges(l, &more, mode == 'r', *x, x, err));
    }
    e->in = tnn_box_of(*x);
    return cut_edges(l, e, true, x, err);
}

static tnn_status lower_pad(tnn_lower *l, const tnn_node *node, tnn_error *err) {
    edges e;
    tnn_value *x;
    TNN_TRY(read_edges(node, &e, err));
    TNN_TRY(tnn_lower_get(l, tnn_node_tensor(node, "self"), &x, err));
    TNN_TRY(pad_by_mode(l, node, &e, &x, err));
    tnn_lower_set(l, node->outputs[0], x);
    return TNN_OK;
}

const tnn_lower_row tnn_lowering_pad = {{TNN_DEMAND_FREE, NULL, NULL}, lower_pad, NULL};
