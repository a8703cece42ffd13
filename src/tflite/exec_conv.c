/* CONV_2D and DEPTHWISE_CONV_2D. Letters: N batch, H W rows and columns, C channels in, O channels out. */
#include "tflite/exec_sums.h"
#include "tflite/exec_window.h"

typedef struct conv {
    const tnn_exec_tensor *in, *filter;
    tnn_exec_tensor *out;
    tnn_exec_window h, w;
    int64_t each; /* channels of the operand that one channel of the result sees */
    tnn_exec_sums sums;
    const float *x, *weights;
    float *quantized; /* of a hybrid operator: room for one batch */
} conv;

static tnn_status read_windows(const tnn_exec_call *call, conv *c, tnn_error *err) {
    tnn_fb_ref o = call->options;
    int64_t padding = tnn_fb_int(o, "padding");
    TNN_TRY(tnn_exec_need_rank(call, c->in, 4, err));
    TNN_TRY(tnn_exec_need_rank(call, c->filter, 4, err));
    TNN_TRY(tnn_exec_need_rank(call, c->out, 4, err));
    if (c->in->dims[0] != c->out->dims[0]) return tnn_exec_malformed(call, err, "the batch changes");
    c->h = (tnn_exec_window){c->in->dims[1], c->out->dims[1], c->filter->dims[1], tnn_fb_int(o, "stride_h"),
                             tnn_fb_int(o, "dilation_h_factor"), 0};
    c->w = (tnn_exec_window){c->in->dims[2], c->out->dims[2], c->filter->dims[2], tnn_fb_int(o, "stride_w"),
                             tnn_fb_int(o, "dilation_w_factor"), 0};
    TNN_TRY(tnn_exec_window_fit(call, &c->h, padding, err));
    return tnn_exec_window_fit(call, &c->w, padding, err);
}

static tnn_status begin(const tnn_exec_call *call, conv *c, tnn_error *err) {
    *c = (conv){.in = call->in[0], .filter = call->in[1], .out = call->out[0]};
    const tnn_exec_tensor *bias = call->n_in > 2 ? call->in[2] : NULL;
    TNN_TRY(read_windows(call, c, err));
    TNN_TRY(tnn_exec_sums_begin(call, &c->sums, c->in, c->filter, bias, c->out->dims[3], c->in->dtype == TNN_DTYPE_U8, err));
    TNN_TRY(tnn_exec_floats(call, c->in, &c->x, err));
    TNN_TRY(tnn_exec_floats(call, c->filter, &c->weights, err));
    if (!c->sums.is_hybrid) return TNN_OK;
    c->quantized = TNN_NEW_ARRAY(call->arena, (size_t)tnn_exec_inner(c->in, 1), float);
    return c->quantized != NULL ? TNN_OK : tnn_fail_nomem(err);
}

/* The operand of batch `n`, [H, W, C]. */
static const float *batch(conv *c, int64_t n, bool is_symmetric) {
    int64_t size = tnn_exec_inner(c->in, 1);
    const float *x = c->x + n * size;
    if (!c->sums.is_hybrid) return x;
    c->sums.dynamic_scale = tnn_exec_quantize_dynamic(c->quantized, x, size, is_symmetric);
    return c->quantized;
}

/* Filter [O, KH, KW, C of the group]. */
static double conv_at(const conv *c, const float *x, int64_t y_out, int64_t x_out, int64_t o) {
    int64_t channels = c->in->dims[3], group = o / (c->out->dims[3] / (channels / c->each));
    int64_t y0, y1, x0, x1;
    const float *filter = c->weights + o * c->h.size * c->w.size * c->each;
    double sum = 0;
    tnn_exec_window_range(&c->h, y_out, &y0, &y1);
    tnn_exec_window_range(&c->w, x_out, &x0, &x1);
    for (int64_t ky = y0; ky < y1; ky++) {
        for (int64_t kx = x0; kx < x1; kx++) {
            int64_t place = tnn_exec_window_at(&c->h, y_out, ky) * c->w.in + tnn_exec_window_at(&c->w, x_out, kx);
            sum += tnn_exec_dot(x + place * channels + group * c->each, filter + (ky * c->w.size + kx) * c->each, c->each);
        }
    }
    return sum;
}

/* Filter [1, KH, KW, O]. */
static double depthwise_at(const conv *c, const float *x, int64_t y_out, int64_t x_out, int64_t o) {
    int64_t channels = c->in->dims[3], n_out = c->out->dims[3], channel = o / (n_out / channels);
    int64_t y0, y1, x0, x1;
    double sum = 0;
    tnn_exec_window_range(&c->h, y_out, &y0, &y1);
    tnn_exec_window_range(&c->w, x_out, &x0, &x1);
    for (int64_t ky = y0; ky < y1; ky++) {
        for (int64_t kx = x0; kx < x1; kx++) {
            int64_t place = tnn_exec_window_at(&c->h, y_out, ky) * c->w.in + tnn_exec_window_at(&c->w, x_out, kx);
            sum += (double)x[place * channels + channel] * (double)c->weights[(ky * c->w.size + kx) * n_out + o];
        }
    }
    return sum;
}

typedef double conv_place(const conv *c, const float *x, int64_t y_out, int64_t x_out, int64_t o);

static void run_places(conv *c, conv_place *at, bool is_symmetric) {
    int64_t i = 0, n_out = c->out->dims[3];
    for (int64_t n = 0; n < c->out->dims[0]; n++) {
        const float *x = batch(c, n, is_symmetric);
        for (int64_t y_out = 0; y_out < c->h.out; y_out++)
            for (int64_t x_out = 0; x_out < c->w.out; x_out++)
                for (int64_t o = 0; o < n_out; o++, i++) tnn_exec_sums_put(&c->sums, i, o, at(c, x, y_out, x_out, o));
    }
}

/* LiteRT takes scales that are all alike for one, and then quantizes what meets the filter without a zero point. */
static bool has_one_scale(const tnn_exec_tensor *filter) {
    for (size_t i = 1; i < filter->n_scales; i++)
        if (filter->scales[i] != filter->scales[0]) return false;
    return true;
}

static tnn_status run_conv_2d(const tnn_exec_call *call, tnn_error *err) {
    conv c;
    TNN_TRY(begin(call, &c, err));
    int64_t channels = c.in->dims[3], n_out = c.out->dims[3];
    c.each = c.filter->dims[3];
    if (c.each < 1 || channels % c.each != 0 || channels == 0 || n_out % (channels / c.each) != 0 ||
        c.filter->dims[0] != n_out)
        return tnn_exec_malformed(call, err, "%lld channels, a filter of %lld by %lld, a result of %lld",
                                  (long long)channels, (long long)c.filter->dims[0], (long long)c.each, (long long)n_out);
    if (c.filter->n_scales > 1 && c.filter->axis != 0) return tnn_exec_no_kernel(call, c.filter, err);
    if (c.out->n_elems == 0) return TNN_OK;
    TNN_TRY(tnn_exec_spend_product(call, c.out->n_elems, tnn_exec_inner(c.filter, 1), err));
    run_places(&c, conv_at, has_one_scale(c.filter));
    return TNN_OK;
}

static tnn_status run_depthwise(const tnn_exec_call *call, tnn_error *err) {
    conv c;
    TNN_TRY(begin(call, &c, err));
    int64_t channels = c.in->dims[3], n_out = c.out->dims[3];
    if (channels == 0 || n_out % channels != 0 || c.filter->dims[0] != 1 || c.filter->dims[3] != n_out)
        return tnn_exec_malformed(call, err, "%lld channels become %lld", (long long)channels, (long long)n_out);
    if (c.filter->n_scales > 1 && c.filter->axis != 3) return tnn_exec_no_kernel(call, c.filter, err);
    if (c.out->n_elems == 0) return TNN_OK;
    TNN_TRY(tnn_exec_spend_product(call, c.out->n_elems, c.h.size * c.w.size, err));
    run_places(&c, depthwise_at, false);
    return TNN_OK;
}

const tnn_exec_row tnn_exec_CONV_2D = {run_conv_2d, 2, 3, 1, NULL};
const tnn_exec_row tnn_exec_DEPTHWISE_CONV_2D = {run_depthwise, 2, 3, 1, NULL};
