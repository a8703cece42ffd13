/* max_pool, avg_pool and adaptive_avg_pool.
 *
 * TFLite pools two dimensions, channels last. One dimension gets a height of 1; three are pooled one after the other
 * pair: (H, W) with D in the batch, then (D, 1) with H and W merged. MAX_POOL_2D ignores padding; AVERAGE_POOL_2D
 * divides by the elements inside the input. Where PyTorch divides by something else, the sum over a zero-padded
 * window (kernel size times the average) is multiplied by a constant. */
#include <float.h>
#include <math.h>

#include "ir/recipe.h"
#include "ops/list.h"
#include "tflite/lower_conv.h"
#include "tflite/lower_window.h"

typedef struct pool {
    uint8_t n;       /* pooled dimensions of the node: 1 to 3 */
    uint8_t seen;    /* the same, 1-D as 2 */
    tnn_window w[3]; /* of the `seen` dimensions */
    tnn_box in, out; /* [N, spatial…, C] */
} pool;

static uint8_t n_pooled(const tnn_node *node) {
    const char *name = tnn_node_is(node, TNN_OP_adaptive_avg_pool) ? "output_size" : "kernel_size";
    return (uint8_t)tnn_node_list_n(node, name);
}

static void pool_order(const tnn_node *node, int slot, uint8_t rank, uint8_t *order) {
    (void)slot;
    tnn_channels_last_order(rank, n_pooled(node), order);
}

static void set_pool(pool *p, const tnn_node *node) {
    p->n = n_pooled(node);
    p->seen = p->n == 1 ? 2 : p->n;
    p->in = tnn_conv_dims(tnn_node_tensor(node, "self"), p->n);
    p->out = tnn_conv_dims(node->outputs[0], p->n);
    bool strides = tnn_node_list_n(node, "stride") > 0;
    for (uint8_t k = 0; k < p->seen; k++) {
        uint8_t own = p->n == 1 ? 0 : k;
        tnn_window *w = &p->w[k];
        *w = (tnn_window){.in = p->in.at[k + 1], .out = p->out.at[k + 1], .kernel = 1, .stride = 1, .dilation = 1};
        if (p->n == 1 && k == 0) continue;
        w->kernel = tnn_node_list_int(node, "kernel_size", own);
        w->stride = strides ? tnn_node_list_int(node, "stride", own) : w->kernel;
        w->before = tnn_node_list_int(node, "padding", own);
    }
}

/* One pooling operator over two dimensions of x [N, H, W, C]. */
static tnn_status emit_pool(tnn_lower *l, const tnn_node *node, const tnn_tfl_row *row, tnn_value *x,
                            const tnn_window *w, tnn_window_padding padding, const char *suffix, tnn_value **out,
                            tnn_error *err) {
    tnn_box dims = tnn_box_of(x);
    dims.at[1] = w[0].out;
    dims.at[2] = w[1].out;
    tnn_emit e;
    TNN_TRY(tnn_emit_begin(&e, l, row, err));
    tnn_emit_tensor(&e, x);
    tnn_emit_int(&e, "padding", padding == TNN_WINDOW_SAME ? TNN_TFL_PADDING_SAME : TNN_TFL_PADDING_VALID);
    tnn_emit_int(&e, "stride_h", w[0].stride);
    tnn_emit_int(&e, "stride_w", w[1].stride);
    tnn_emit_int(&e, "filter_height", w[0].kernel);
    tnn_emit_int(&e, "filter_width", w[1].kernel);
    if (suffix == NULL) tnn_emit_activation(&e, node);
    return tnn_emit_end(&e, suffix, x->dtype, &dims, out, err);
}

/* Padding settled and x padded: pool the two or three dimensions. Only a pool over two carries the activation. */
static tnn_status emit_pools(tnn_lower *l, const tnn_node *node, const tnn_tfl_row *row, const pool *p,
                             const tnn_window *w, tnn_window_padding padding, bool last, tnn_value *x, tnn_value **out,
                             tnn_error *err) {
    if (p->seen == 2) return emit_pool(l, node, row, x, w, padding, last ? NULL : "pool", out, err);
    tnn_box d = tnn_box_of(x);
    tnn_window none = {.in = 1, .out = 1, .kernel = 1, .stride = 1, .dilation = 1}, first[2] = {w[1], w[2]};
    tnn_box planes = {4, {d.at[0] * d.at[1], d.at[2], d.at[3], d.at[4]}};
    TNN_TRY(tnn_lower_reshape(l, x, &planes, &x, err));
    TNN_TRY(emit_pool(l, node, row, x, first, padding, "planes", &x, err));
    tnn_window second[2] = {w[0], none};
    second[1].in = second[1].out = w[1].out * w[2].out;
    tnn_box columns = {4, {d.at[0], d.at[1], second[1].in, d.at[4]}};
    TNN_TRY(tnn_lower_reshape(l, x, &columns, &x, err));
    return emit_pool(l, node, row, x, second, padding, "pool", out, err);
}

static tnn_status get_pool_input(tnn_lower *l, const tnn_node *node, const pool *p, tnn_value **x, tnn_error *err) {
    return tnn_lower_get_shaped(l, tnn_node_tensor(node, "self"), &p->in, x, err);
}

/* ---- maximum ---- */

/* A dilated window: the largest of `kernel` strided slices, along each dimension in turn. */
static tnn_status max_of_slices(tnn_lower *l, const tnn_node *node, const pool *p, tnn_value *x, tnn_value **out,
                                tnn_error *err) {
    for (uint8_t k = 0; k < p->seen; k++) {
        const tnn_window *w = &p->w[k];
        tnn_value *best = NULL;
        for (int64_t i = 0; i < w->kernel; i++) {
            tnn_value *slice;
            TNN_TRY(tnn_lower_slice(l, x, (uint8_t)(k + 1), i * w->dilation, w->out, w->stride, "tap", &slice, err));
            if (best == NULL) best = slice;
            else TNN_TRY(tnn_emit_binary(l, &tnn_tfl_MAXIMUM, "max", best, slice, &best, err));
        }
        x = best;
    }
    (void)node;
    *out = x;
    return TNN_OK;
}

static bool is_dilated(const tnn_node *node) {
    for (size_t k = 0; k < tnn_node_list_n(node, "dilation"); k++)
        if (tnn_node_list_int(node, "dilation", k) != 1) return true;
    return false;
}

/* The kernels of small integers are those of quantized numbers. */
static bool fits_in_float32(tnn_dtype dtype) { return dtype == TNN_DTYPE_F32 || tnn_dtype_bytes(dtype) < 4; }

static tnn_status lower_max_pool(tnn_lower *l, const tnn_node *node, tnn_error *err) {
    pool p;
    tnn_value *x, *out;
    if (!fits_in_float32(node->outputs[0]->dtype)) return tnn_lower_need_float(node, err);
    set_pool(&p, node);
    TNN_TRY(get_pool_input(l, node, &p, &x, err));
    TNN_TRY(tnn_lower_cast(l, x, TNN_DTYPE_F32, &x, err));
    bool dilated = is_dilated(node);
    for (uint8_t k = 0; k < p.seen && dilated; k++)
        if (p.n > 1 || k == 1) p.w[k].dilation = tnn_node_list_int(node, "dilation", p.n == 1 ? 0 : k);
    tnn_window_padding padding = tnn_window_choose(p.w, p.seen);
    if (padding == TNN_WINDOW_PAD || (dilated && padding != TNN_WINDOW_VALID)) {
        TNN_TRY(tnn_window_pad(l, p.w, p.seen, -FLT_MAX, &x, err));
        padding = TNN_WINDOW_VALID;
    }
    if (dilated) TNN_TRY(max_of_slices(l, node, &p, x, &out, err));
    else TNN_TRY(emit_pools(l, node, &tnn_tfl_MAX_POOL_2D, &p, p.w, padding, true, x, &out, err));
    TNN_TRY(tnn_lower_cast(l, out, node->outputs[0]->dtype, &out, err));
    tnn_lower_set(l, node->outputs[0], out);
    return TNN_OK;
}

/* ---- average ---- */

/* Elements of window `i` that PyTorch counts along one dimension. */
static int64_t counted(const tnn_window *w, int64_t i, bool with_padding) {
    int64_t start = i * w->stride - w->before, end = start + w->kernel;
    int64_t low = with_padding ? -w->before : 0, high = w->in + (with_padding ? w->before : 0);
    if (start < low) start = low;
    if (end > high) end = high;
    return end - start;
}

static bool counts_kernel(const tnn_window *w, bool with_padding) {
    for (int64_t i = 0; i < w->out; i++)
        if (counted(w, i, with_padding) != w->kernel) return false;
    return true;
}

/* kernel size / divisor for every window, [1, spatial…, 1]. */
static tnn_status correction(tnn_lower *l, const pool *p, bool with_padding, int64_t override, tnn_value **out,
                             tnn_error *err) {
    tnn_box dims = p->out;
    dims.at[0] = dims.at[dims.rank - 1] = 1;
    int64_t n = tnn_box_count(&dims);
    float *factor = TNN_NEW_ARRAY(l->arena, (size_t)n, float);
    if (factor == NULL) return tnn_fail_nomem(err);
    for (int64_t i = 0; i < n; i++) {
        int64_t rest = i, kernel = 1, divisor = 1;
        for (uint8_t k = p->seen; k > 0; k--) {
            const tnn_window *w = &p->w[k - 1];
            divisor *= counted(w, rest % w->out, with_padding);
            kernel *= w->kernel;
            rest /= w->out;
        }
        factor[i] = (float)((double)kernel / (double)(override != 0 ? override : divisor));
    }
    const tnn_recipe *recipe;
    TNN_TRY(tnn_recipe_copy(&recipe, l->arena, factor, TNN_DTYPE_F32, dims.rank, dims.at, err));
    return tnn_lower_constant(l, "factor", recipe, out, err);
}

/* Zero-padded windows, and a factor where they do not divide as PyTorch does. */
static tnn_status average_padded(tnn_lower *l, const tnn_node *node, const pool *p, bool with_padding, int64_t override,
                                 bool exact, tnn_value *x, tnn_value **out, tnn_error *err) {
    tnn_window w[3] = {p->w[0], p->w[1], p->w[2]};
    if (tnn_window_choose(w, p->seen) != TNN_WINDOW_VALID) TNN_TRY(tnn_window_pad(l, w, p->seen, 0, &x, err));
    TNN_TRY(emit_pools(l, node, &tnn_tfl_AVERAGE_POOL_2D, p, w, TNN_WINDOW_VALID, exact, x, out, err));
    if (exact) return TNN_OK;
    tnn_value *factor;
    tnn_box dims = p->out;
    tnn_emit e;
    TNN_TRY(correction(l, p, with_padding, override, &factor, err));
    TNN_TRY(tnn_lower_reshape(l, *out, &dims, out, err));
    TNN_TRY(tnn_emit_begin(&e, l, &tnn_tfl_MUL, err));
    tnn_emit_tensor(&e, *out);
    tnn_emit_tensor(&e, factor);
    tnn_emit_activation(&e, node);
    return tnn_emit_end(&e, NULL, TNN_DTYPE_F32, &dims, out, err);
}

/* Zeros around the input and one divisor for all windows: a depthwise convolution by 1 / divisor, padded SAME. */
static tnn_status average_by_conv(tnn_lower *l, const tnn_node *node, const pool *p, int64_t divisor, tnn_value *x,
                                  tnn_value **out, tnn_error *err) {
    int64_t n_channels = p->in.at[3];
    tnn_box filter = {4, {1, p->w[0].kernel, p->w[1].kernel, n_channels}}, bias = {1, {n_channels}};
    tnn_value *weights, *zeros;
    tnn_emit e;
    TNN_TRY(tnn_lower_fill(l, "average", 1.0 / (double)divisor, &filter, &weights, err));
    TNN_TRY(tnn_lower_fill(l, "bias", 0, &bias, &zeros, err));
    TNN_TRY(tnn_emit_begin(&e, l, &tnn_tfl_DEPTHWISE_CONV_2D, err));
    tnn_emit_tensor(&e, x);
    tnn_emit_tensor(&e, weights);
    tnn_emit_tensor(&e, zeros);
    tnn_emit_int(&e, "padding", TNN_TFL_PADDING_SAME);
    tnn_emit_int(&e, "stride_h", p->w[0].stride);
    tnn_emit_int(&e, "stride_w", p->w[1].stride);
    tnn_emit_int(&e, "depth_multiplier", 1);
    tnn_emit_activation(&e, node);
    return tnn_emit_end(&e, NULL, TNN_DTYPE_F32, &p->out, out, err);
}

static tnn_status lower_avg_pool(tnn_lower *l, const tnn_node *node, tnn_error *err) {
    pool p;
    tnn_value *x, *out;
    TNN_TRY(tnn_lower_need_float(node, err));
    set_pool(&p, node);
    TNN_TRY(get_pool_input(l, node, &p, &x, err));
    bool with_padding = tnn_node_bool(node, "count_include_pad");
    int64_t override = (int64_t)tnn_node_number(node, "divisor_override", 0), kernel = 1;
    bool exact = true, unpadded = true;
    for (uint8_t k = 0; k < p.seen; k++) {
        exact = exact && counts_kernel(&p.w[k], with_padding);
        unpadded = unpadded && p.w[k].before == 0;
        kernel *= p.w[k].kernel;
    }
    if (override != 0) exact = override == kernel;
    /* TFLite's own SAME divides by what lies inside, as PyTorch does without the padding. */
    bool same = p.seen == 2 && tnn_window_choose(p.w, p.seen) == TNN_WINDOW_SAME;
    bool inside = override == 0 && (!with_padding || unpadded);
    if (same && !inside && (exact || override != 0))
        TNN_TRY(average_by_conv(l, node, &p, override != 0 ? override : kernel, x, &out, err));
    else if (same && inside)
        TNN_TRY(emit_pools(l, node, &tnn_tfl_AVERAGE_POOL_2D, &p, p.w, TNN_WINDOW_SAME, true, x, &out, err));
    else
        TNN_TRY(average_padded(l, node, &p, with_padding, override, exact, x, &out, err));
    tnn_lower_set(l, node->outputs[0], out);
    return TNN_OK;
}

/* ---- adaptive average ---- */

/* PyTorch's window i: from floor(i * in / out) to ceil((i + 1) * in / out). As a matrix [out, in] of 1/length. */
static tnn_status average_axis(tnn_lower *l, tnn_value *x, uint8_t axis, int64_t n_out, tnn_value **out,
                               tnn_error *err) {
    int64_t n_in = tnn_box_of(x).at[axis];
    float *m = TNN_NEW_ARRAY(l->arena, (size_t)(n_in * n_out), float);
    if (m == NULL) return tnn_fail_nomem(err);
    for (int64_t i = 0; i < n_out; i++) {
        int64_t start = i * n_in / n_out, end = ((i + 1) * n_in + n_out - 1) / n_out;
        for (int64_t k = start; k < end; k++) m[i * n_in + k] = (float)(1.0 / (double)(end - start));
    }
    return tnn_lower_mix_axis(l, x, axis, m, n_out, "average", out, err);
}

/* Over everything: MEAN. */
static tnn_status lower_global(tnn_lower *l, const tnn_node *node, const pool *p, tnn_value *x, tnn_error *err) {
    int64_t axes[3] = {1, 2, 3};
    tnn_box one = {.rank = 1, .at = {p->seen}};
    tnn_value *axes_tensor, *out;
    tnn_emit e;
    TNN_TRY(tnn_lower_ints(l, "axes", axes, &one, &axes_tensor, err));
    TNN_TRY(tnn_emit_begin(&e, l, &tnn_tfl_MEAN, err));
    tnn_emit_tensor(&e, x);
    tnn_emit_tensor(&e, axes_tensor);
    tnn_emit_bool(&e, "keep_dims", true);
    TNN_TRY(tnn_emit_end(&e, NULL, TNN_DTYPE_F32, &p->out, &out, err));
    tnn_lower_set(l, node->outputs[0], out);
    return TNN_OK;
}

static tnn_status lower_adaptive_avg_pool(tnn_lower *l, const tnn_node *node, tnn_error *err) {
    pool p = {.n = n_pooled(node)};
    tnn_value *x;
    TNN_TRY(tnn_lower_need_float(node, err));
    p.seen = p.n == 1 ? 2 : p.n;
    p.in = tnn_conv_dims(tnn_node_tensor(node, "self"), p.n);
    p.out = tnn_conv_dims(node->outputs[0], p.n);
    TNN_TRY(get_pool_input(l, node, &p, &x, err));
    bool global = true, divides = true, same = true;
    for (uint8_t k = 0; k < p.seen; k++) {
        tnn_window *w = &p.w[k];
        *w = (tnn_window){.in = p.in.at[k + 1], .out = p.out.at[k + 1], .dilation = 1};
        if (w->out == 0) return tnn_lower_refuse(node, err, "its output is empty");
        w->kernel = w->stride = w->in / w->out;
        global = global && w->out == 1;
        divides = divides && w->in % w->out == 0;
        same = same && w->in == w->out;
    }
    if (same) {
        tnn_lower_set(l, node->outputs[0], x);
        return TNN_OK;
    }
    if (global) return lower_global(l, node, &p, x, err);
    if (divides) {
        TNN_TRY(emit_pools(l, node, &tnn_tfl_AVERAGE_POOL_2D, &p, p.w, TNN_WINDOW_VALID, false, x, &x, err));
    } else {
        for (uint8_t k = 0; k < p.seen; k++)
            if (p.w[k].in != p.w[k].out) TNN_TRY(average_axis(l, x, (uint8_t)(k + 1), p.w[k].out, &x, err));
    }
    tnn_lower_set(l, node->outputs[0], x);
    return TNN_OK;
}

/* Two dimensions pooled by one operator, which then is the last. */
static bool fuses_max(const tnn_node *node, tnn_activation act) {
    (void)act;
    return n_pooled(node) < 3 && !is_dilated(node);
}

static bool fuses_avg(const tnn_node *node, tnn_activation act) {
    (void)act;
    return n_pooled(node) < 3;
}

const tnn_lower_row tnn_lowering_max_pool = {{TNN_DEMAND_FIXED, NULL, pool_order}, lower_max_pool, fuses_max};
const tnn_lower_row tnn_lowering_avg_pool = {{TNN_DEMAND_FIXED, NULL, pool_order}, lower_avg_pool, fuses_avg};
const tnn_lower_row tnn_lowering_adaptive_avg_pool = {{TNN_DEMAND_FIXED, NULL, pool_order}, lower_adaptive_avg_pool,
                                                   NULL};
