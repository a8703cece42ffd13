/* convolution: CONV_2D, DEPTHWISE_CONV_2D, CONV_3D; 1-D ones are 2-D with a height of 1. Transposed ones are in
 * lower_tconv.c.
 *
 * Weights come from layout in TFLite's order: [O, H, W, I], depthwise [1, H, W, O], 3-D [D, H, W, I, O]. */
#include "tflite/lower_conv.h"

#include "ops/list.h"
#include "tflite/lower_window.h"

uint8_t tnn_conv_n_spatial(const tnn_node *node) {
    return (uint8_t)(tnn_node_tensor(node, "weight")->shape.rank - 2);
}

static int64_t dim_of(const tnn_value *v, uint8_t dim) { return v->shape.dims[dim].hint; }

/* Each channel on its own: TFLite numbers the results c * multiplier + m, as PyTorch does. */
static bool is_depthwise(const tnn_node *node) {
    const tnn_value *weight = tnn_node_tensor(node, "weight");
    int64_t groups = tnn_node_int(node, "groups");
    return tnn_conv_n_spatial(node) < 3 && groups > 1 && dim_of(weight, 1) == 1;
}

/* Weights are [O, I, spatial…], transposed [I, O, spatial…]; TFLite's order is in the drawing above, transposed
 * [O, H, W, I] and [D, H, W, O, I]. */
static void weight_order(const tnn_node *node, uint8_t n, uint8_t *order) {
    uint8_t first = tnn_node_bool(node, "transposed") || is_depthwise(node) ? 1 : 0, second = (uint8_t)(1 - first);
    if (n == 3) { /* CONV_3D ends [I, O], CONV_3D_TRANSPOSE [O, I]: dimensions 1, 0 both times */
        for (uint8_t k = 0; k < n; k++) order[k] = (uint8_t)(k + 2);
        order[n] = 1;
        order[n + 1] = 0;
        return;
    }
    order[0] = first;
    for (uint8_t k = 0; k < n; k++) order[k + 1] = (uint8_t)(k + 2);
    order[n + 1] = second;
}

void tnn_channels_last_order(uint8_t rank, uint8_t n_spatial, uint8_t *order) {
    uint8_t lead = (uint8_t)(rank - n_spatial - 1); /* 1: a batch; 0: none */
    if (lead) order[0] = 0;
    for (uint8_t k = 0; k < n_spatial; k++) order[lead + k] = (uint8_t)(lead + 1 + k);
    order[rank - 1] = lead;
}

static void conv_order(const tnn_node *node, int slot, uint8_t rank, uint8_t *order) {
    uint8_t n = tnn_conv_n_spatial(node);
    if (slot == 1) weight_order(node, n, order);
    else if (slot == 2) order[0] = 0;
    else tnn_channels_last_order(rank, n, order);
}

/* [N, spatial…, C] of an input or output that may have no batch; 1-D gets a height of 1. */
tnn_box tnn_conv_dims(const tnn_value *value, uint8_t n_spatial) {
    uint8_t rank = value->shape.rank, lead = (uint8_t)(rank - n_spatial - 1);
    tnn_box out = {.rank = 0};
    out.at[out.rank++] = lead ? dim_of(value, 0) : 1;
    if (n_spatial == 1) out.at[out.rank++] = 1;
    for (uint8_t k = 0; k < n_spatial; k++) out.at[out.rank++] = dim_of(value, (uint8_t)(lead + 1 + k));
    out.at[out.rank++] = dim_of(value, lead);
    return out;
}

/* The bias, or zeros. */
tnn_status tnn_conv_bias(tnn_lower *l, const tnn_node *node, int64_t n_channels, tnn_value **out, tnn_error *err) {
    const tnn_value *bias = tnn_node_tensor(node, "bias");
    tnn_box dims = {.rank = 1, .at = {n_channels}};
    if (bias != NULL) return tnn_lower_get(l, bias, out, err);
    return tnn_lower_fill(l, "bias", 0, &dims, out, err);
}

/* The weight under four or five dimensions. */
static tnn_status conv_weight(tnn_lower *l, const tnn_node *node, tnn_value **out, tnn_error *err) {
    const tnn_value *weight = tnn_node_tensor(node, "weight");
    tnn_box dims;
    TNN_TRY(tnn_lower_dims(weight, &dims, err));
    if (tnn_conv_n_spatial(node) == 1) dims = (tnn_box){4, {dims.at[0], 1, dims.at[1], dims.at[2]}};
    return tnn_lower_get_shaped(l, weight, &dims, out, err);
}

static int64_t spatial_arg(const tnn_node *node, const char *name, uint8_t n, uint8_t k) {
    return n == 1 ? (k == 0 ? 1 : tnn_node_list_int(node, name, 0)) : tnn_node_list_int(node, name, k);
}

/* Windows of the 2 or 3 dimensions that TFLite sees. */
static uint8_t conv_windows(const tnn_node *node, const tnn_box *in, const tnn_box *out, tnn_window *w) {
    uint8_t n = tnn_conv_n_spatial(node), seen = n == 1 ? 2 : n;
    const tnn_value *weight = tnn_node_tensor(node, "weight");
    for (uint8_t k = 0; k < seen; k++) {
        bool added = n == 1 && k == 0;
        uint8_t own = n == 1 ? 0 : k;
        w[k] = (tnn_window){.in = in->at[k + 1], .out = out->at[k + 1],
                            .kernel = added ? 1 : dim_of(weight, (uint8_t)(own + 2)),
                            .stride = spatial_arg(node, "stride", n, k),
                            .dilation = spatial_arg(node, "dilation", n, k),
                            .before = added ? 0 : tnn_node_list_int(node, "padding", own)};
    }
    return seen;
}

static void emit_windows(tnn_emit *e, const tnn_window *w, uint8_t n, tnn_window_padding padding) {
    static const char *const stride[2][3] = {{"stride_h", "stride_w", NULL}, {"stride_d", "stride_h", "stride_w"}};
    static const char *const dilation[2][3] = {{"dilation_h_factor", "dilation_w_factor", NULL},
                                               {"dilation_d_factor", "dilation_h_factor", "dilation_w_factor"}};
    tnn_emit_int(e, "padding", padding == TNN_WINDOW_SAME ? TNN_TFL_PADDING_SAME : TNN_TFL_PADDING_VALID);
    for (uint8_t k = 0; k < n; k++) {
        tnn_emit_int(e, stride[n - 2][k], w[k].stride);
        tnn_emit_int(e, dilation[n - 2][k], w[k].dilation);
    }
}

typedef struct conv_parts {
    tnn_value *x, *weight, *bias;
    const tnn_tfl_row *row;
    tnn_window w[3];
    uint8_t n;
    tnn_window_padding padding;
} conv_parts;

static tnn_status emit_conv(tnn_lower *l, const tnn_node *node, const conv_parts *c, const char *suffix,
                            const tnn_box *dims, tnn_value **out, tnn_error *err) {
    tnn_emit e;
    TNN_TRY(tnn_emit_begin(&e, l, c->row, err));
    tnn_emit_tensor(&e, c->x);
    tnn_emit_tensor(&e, c->weight);
    tnn_emit_tensor(&e, c->bias);
    emit_windows(&e, c->w, c->n, c->padding);
    if (c->row == &tnn_tfl_DEPTHWISE_CONV_2D)
        tnn_emit_int(&e, "depth_multiplier", dims->at[3] / tnn_box_of(c->x).at[3]);
    tnn_emit_activation(&e, node);
    return tnn_emit_end(&e, suffix, TNN_DTYPE_F32, dims, out, err);
}

/* CONV_3D has no groups, and CONV_2D has them in newer runtimes only. */
static bool must_split(const tnn_lower *l, const tnn_node *node, const conv_parts *c) {
    if (tnn_node_int(node, "groups") == 1) return false;
    return c->n == 3 || (c->row == &tnn_tfl_CONV_2D && l->options.split_groups);
}

/* The channels are taken apart and put together again. */
static tnn_status emit_split(tnn_lower *l, const tnn_node *node, const conv_parts *c, const tnn_box *dims,
                             tnn_value **out, tnn_error *err) {
    int64_t groups = tnn_node_int(node, "groups");
    uint8_t last = (uint8_t)(dims->rank - 1);
    tnn_value **x, **weight, **bias, **y = TNN_NEW_ARRAY(l->arena, (size_t)groups, tnn_value *);
    if (y == NULL) return tnn_fail_nomem(err);
    TNN_TRY(tnn_lower_split(l, c->x, last, groups, &x, err));
    TNN_TRY(tnn_lower_split(l, c->weight, c->n == 3 ? last : 0, groups, &weight, err));
    TNN_TRY(tnn_lower_split(l, c->bias, 0, groups, &bias, err));
    tnn_box part = *dims;
    part.at[last] /= groups;
    for (int64_t g = 0; g < groups; g++) {
        conv_parts one = *c;
        one.x = x[g], one.weight = weight[g], one.bias = bias[g];
        TNN_TRY(emit_conv(l, node, &one, "group", &part, &y[g], err));
    }
    return tnn_lower_concat(l, y, (size_t)groups, last, NULL, out, err);
}

static tnn_status lower_plain(tnn_lower *l, const tnn_node *node, tnn_error *err) {
    const tnn_value *input = tnn_node_tensor(node, "input"), *output = node->outputs[0];
    uint8_t n = tnn_conv_n_spatial(node);
    tnn_box in = tnn_conv_dims(input, n), dims = tnn_conv_dims(output, n);
    conv_parts c = {.row = n == 3 ? &tnn_tfl_CONV_3D : is_depthwise(node) ? &tnn_tfl_DEPTHWISE_CONV_2D
                                                                         : &tnn_tfl_CONV_2D};
    TNN_TRY(tnn_lower_get_shaped(l, input, &in, &c.x, err));
    TNN_TRY(conv_weight(l, node, &c.weight, err));
    TNN_TRY(tnn_conv_bias(l, node, dims.at[dims.rank - 1], &c.bias, err));
    c.n = conv_windows(node, &in, &dims, c.w);
    c.padding = tnn_window_choose(c.w, c.n);
    if (c.padding == TNN_WINDOW_PAD) TNN_TRY(tnn_window_pad(l, c.w, c.n, 0, &c.x, err));
    tnn_value *out;
    if (must_split(l, node, &c)) TNN_TRY(emit_split(l, node, &c, &dims, &out, err));
    else TNN_TRY(emit_conv(l, node, &c, NULL, &dims, &out, err));
    tnn_lower_set(l, output, out);
    return TNN_OK;
}

static tnn_status lower_convolution(tnn_lower *l, const tnn_node *node, tnn_error *err) {
    TNN_TRY(tnn_lower_need_float(node, err));
    return tnn_node_bool(node, "transposed") ? tnn_lower_transposed_conv(l, node, err) : lower_plain(l, node, err);
}

static bool fuses(const tnn_node *node, tnn_activation act) {
    (void)act;
    return !tnn_node_bool(node, "transposed");
}

const tnn_lower_row tnn_lowering_convolution = {{TNN_DEMAND_FIXED, NULL, conv_order}, lower_convolution, fuses};
