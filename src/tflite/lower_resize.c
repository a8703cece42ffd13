/* upsample: RESIZE_NEAREST_NEIGHBOR and RESIZE_BILINEAR where they take what PyTorch takes; else GATHER along each
 * dimension, or each dimension multiplied by a constant matrix.
 *
 * TFLite resizes two dimensions, channels last. One dimension gets a height of 1; three are resized one after the
 * other pair, (H, W) with D in the batch, then (D, H * W) of which the second stays. */
#include <math.h>

#include "ops/list.h"
#include "ops/upsample.h"
#include "tflite/lower_conv.h"

typedef struct resize {
    uint8_t n; /* resampled dimensions, 1-D as 2 */
    tnn_upsample_axis axes[3];
    tnn_box in, out; /* [N, spatial…, C] */
} resize;

static uint8_t n_resized(const tnn_node *node) { return (uint8_t)tnn_node_list_n(node, "output_size"); }

static void resize_order(const tnn_node *node, int slot, uint8_t rank, uint8_t *order) {
    (void)slot;
    tnn_channels_last_order(rank, n_resized(node), order);
}

static void set_resize(resize *r, const tnn_node *node) {
    uint8_t n = n_resized(node), lead = n == 1;
    r->n = (uint8_t)(n + lead);
    r->in = tnn_conv_dims(tnn_node_tensor(node, "self"), n);
    r->out = tnn_conv_dims(node->outputs[0], n);
    for (uint8_t k = 0; k < n; k++) r->axes[lead + k] = tnn_upsample_axis_of(node, k);
    if (!lead) return;
    r->axes[0] = r->axes[1];
    r->axes[0].in = r->axes[0].out = 1;
    r->axes[0].scale = 1;
}

/* ---- what TFLite's operators take ---- */

/* Source: GetNearestNeighbor of LiteRT's reference kernels, without align_corners. */
static bool picks_as_tflite(const tnn_upsample_axis *axis) {
    float scale = (float)axis->in / (float)axis->out, shift = axis->mode == TNN_UPSAMPLE_NEAREST ? 0.0f : 0.5f;
    for (int64_t i = 0; i < axis->out; i++) {
        int64_t x = (int64_t)floorf(((float)i + shift) * scale);
        if ((x < axis->in ? x : axis->in - 1) != tnn_upsample_nearest(axis, i)) return false;
    }
    return true;
}

/* The scale is that of the sizes. */
static bool has_own_scale(const tnn_upsample_axis *axis) {
    return !axis->align_corners && fabs(axis->scale * (double)axis->out / (double)axis->in - 1) > 1e-9;
}

static bool fits_tflite(const tnn_upsample_axis *axis) {
    if (axis->mode == TNN_UPSAMPLE_LINEAR) return !has_own_scale(axis);
    return tnn_upsample_is_nearest(axis) && picks_as_tflite(axis);
}

/* ---- operators ---- */

/* x [N, H, W, C] to [N, height, width, C]. */
static tnn_status emit_resize(tnn_lower *l, const tnn_upsample_axis *axis, int64_t height, int64_t width, tnn_value *x,
                              tnn_value **out, tnn_error *err) {
    bool linear = axis->mode == TNN_UPSAMPLE_LINEAR;
    tnn_box dims = tnn_box_of(x), one = {1, {2}};
    int64_t sizes[2] = {height, width};
    tnn_value *size;
    tnn_emit e;
    *out = x;
    if (dims.at[1] == height && dims.at[2] == width) return TNN_OK;
    dims.at[1] = height;
    dims.at[2] = width;
    TNN_TRY(tnn_lower_ints(l, "size", sizes, &one, &size, err));
    TNN_TRY(tnn_emit_begin(&e, l, linear ? &tnn_tfl_RESIZE_BILINEAR : &tnn_tfl_RESIZE_NEAREST_NEIGHBOR, err));
    tnn_emit_tensor(&e, x);
    tnn_emit_tensor(&e, size);
    tnn_emit_bool(&e, "align_corners", axis->align_corners);
    tnn_emit_bool(&e, "half_pixel_centers", !axis->align_corners && axis->mode != TNN_UPSAMPLE_NEAREST);
    return tnn_emit_end(&e, "resize", x->dtype, &dims, out, err);
}

static tnn_status resize_two(tnn_lower *l, const resize *r, tnn_value *x, tnn_value **out, tnn_error *err) {
    return emit_resize(l, &r->axes[1], r->axes[0].out, r->axes[1].out, x, out, err);
}

static tnn_status resize_three(tnn_lower *l, const resize *r, tnn_value *x, tnn_value **out, tnn_error *err) {
    const int64_t *in = r->in.at, *to = r->out.at;
    tnn_box planes = {4, {in[0] * in[1], in[2], in[3], in[4]}}, columns = {4, {in[0], in[1], to[2] * to[3], in[4]}};
    TNN_TRY(tnn_lower_reshape(l, x, &planes, &x, err));
    TNN_TRY(emit_resize(l, &r->axes[1], to[2], to[3], x, &x, err));
    TNN_TRY(tnn_lower_reshape(l, x, &columns, &x, err));
    return emit_resize(l, &r->axes[0], to[1], to[2] * to[3], x, out, err);
}

static tnn_status pick_axis(tnn_lower *l, const tnn_upsample_axis *axis, uint8_t at, tnn_value *x, tnn_value **out,
                            tnn_error *err) {
    tnn_box dims = tnn_box_of(x), one = {1, {axis->out}};
    int64_t *from = TNN_NEW_ARRAY(l->arena, (size_t)axis->out, int64_t);
    tnn_value *table;
    tnn_emit e;
    if (from == NULL) return tnn_fail_nomem(err);
    for (int64_t i = 0; i < axis->out; i++) from[i] = tnn_upsample_nearest(axis, i);
    dims.at[at] = axis->out;
    TNN_TRY(tnn_lower_ints(l, "indices", from, &one, &table, err));
    TNN_TRY(tnn_emit_begin(&e, l, &tnn_tfl_GATHER, err));
    tnn_emit_tensor(&e, x);
    tnn_emit_tensor(&e, table);
    tnn_emit_int(&e, "axis", at);
    return tnn_emit_end(&e, "resize", x->dtype, &dims, out, err);
}

static tnn_status mix_axis(tnn_lower *l, const tnn_upsample_axis *axis, uint8_t at, tnn_value *x, tnn_value **out,
                           tnn_error *err) {
    double *weights = TNN_NEW_ARRAY(l->arena, (size_t)axis->in, double);
    float *matrix = TNN_NEW_ARRAY(l->arena, (size_t)(axis->in * axis->out), float);
    if (weights == NULL || matrix == NULL) return tnn_fail_nomem(err);
    for (int64_t i = 0; i < axis->out; i++) {
        tnn_upsample_weights(axis, i, weights);
        for (int64_t k = 0; k < axis->in; k++) matrix[i * axis->in + k] = (float)weights[k];
    }
    return tnn_lower_mix_axis(l, x, at, matrix, axis->out, "resize", out, err);
}

/* An axis that stays as it is needs nothing, unless its scale is another. */
static bool stays(const tnn_upsample_axis *axis) { return axis->in == axis->out && !has_own_scale(axis); }

static tnn_status lower_upsample(tnn_lower *l, const tnn_node *node, tnn_error *err) {
    resize r;
    tnn_value *x;
    bool fits = node->outputs[0]->dtype == TNN_DTYPE_F32;
    set_resize(&r, node);
    if (!tnn_upsample_is_nearest(&r.axes[1])) TNN_TRY(tnn_lower_need_float(node, err));
    TNN_TRY(tnn_lower_get_shaped(l, tnn_node_tensor(node, "self"), &r.in, &x, err));
    for (uint8_t k = 0; k < r.n; k++) fits = fits && fits_tflite(&r.axes[k]);
    if (fits && r.n == 2) TNN_TRY(resize_two(l, &r, x, &x, err));
    else if (fits) TNN_TRY(resize_three(l, &r, x, &x, err));
    for (uint8_t k = 0; k < r.n && !fits; k++) {
        const tnn_upsample_axis *axis = &r.axes[k];
        if (stays(axis)) continue;
        if (tnn_upsample_is_nearest(axis)) TNN_TRY(pick_axis(l, axis, (uint8_t)(k + 1), x, &x, err));
        else TNN_TRY(mix_axis(l, axis, (uint8_t)(k + 1), x, &x, err));
    }
    tnn_lower_set(l, node->outputs[0], x);
    return TNN_OK;
}

const tnn_lower_row tnn_lowering_upsample = {{TNN_DEMAND_FIXED, NULL, resize_order}, lower_upsample, NULL};
