/* CONV_3D, and the transposed convolutions of two and three dimensions. One of two dimensions is one of depth 1. */
#include "tflite/exec_sums.h"
#include "tflite/exec_window.h"

typedef struct volume {
    const tnn_exec_tensor *in, *filter;
    tnn_exec_tensor *out;
    tnn_exec_window d, h, w; /* transposed: they slide over the result */
    int64_t n_in, n_out;     /* channels */
    int64_t step_d, step_h, step_w, step_in, step_out; /* in the filter */
    tnn_exec_sums sums;
    const float *x, *weights;
} volume;

static tnn_status fit(const tnn_exec_call *call, volume *v, tnn_error *err) {
    int64_t padding = tnn_fb_int(call->options, "padding");
    TNN_TRY(tnn_exec_window_fit(call, &v->d, padding, err));
    TNN_TRY(tnn_exec_window_fit(call, &v->h, padding, err));
    return tnn_exec_window_fit(call, &v->w, padding, err);
}

static tnn_status begin_sums(const tnn_exec_call *call, volume *v, const tnn_exec_tensor *bias, tnn_error *err) {
    if (v->in->dims[0] != v->out->dims[0]) return tnn_exec_malformed(call, err, "the batch changes");
    TNN_TRY(tnn_exec_sums_begin(call, &v->sums, v->in, v->filter, bias, v->n_out, v->in->dtype == TNN_DTYPE_U8, err));
    if (v->sums.is_hybrid || (v->filter->n_scales > 1 && v->filter->axis != 0))
        return tnn_exec_no_kernel(call, v->filter, err);
    TNN_TRY(tnn_exec_floats(call, v->in, &v->x, err));
    TNN_TRY(tnn_exec_floats(call, v->filter, &v->weights, err));
    return tnn_exec_spend_product(call, v->in->n_elems, v->filter->n_elems / v->n_in, err);
}

static int64_t place_of(const volume *v, int64_t d, int64_t h, int64_t w) { return (d * v->h.in + h) * v->w.in + w; }

/* ---- CONV_3D ---- */

static double conv_at(const volume *v, const float *x, int64_t d, int64_t h, int64_t w, int64_t o) {
    int64_t d0, d1, h0, h1, w0, w1;
    double sum = 0;
    tnn_exec_window_range(&v->d, d, &d0, &d1);
    tnn_exec_window_range(&v->h, h, &h0, &h1);
    tnn_exec_window_range(&v->w, w, &w0, &w1);
    for (int64_t kd = d0; kd < d1; kd++) {
        for (int64_t kh = h0; kh < h1; kh++) {
            for (int64_t kw = w0; kw < w1; kw++) {
                int64_t place = place_of(v, tnn_exec_window_at(&v->d, d, kd), tnn_exec_window_at(&v->h, h, kh),
                                         tnn_exec_window_at(&v->w, w, kw));
                const float *weights = v->weights + kd * v->step_d + kh * v->step_h + kw * v->step_w + o * v->step_out;
                for (int64_t i = 0; i < v->n_in; i++)
                    sum += (double)x[place * v->n_in + i] * (double)weights[i * v->step_in];
            }
        }
    }
    return sum;
}

static tnn_status run_conv_3d(const tnn_exec_call *call, tnn_error *err) {
    volume v = {.in = call->in[0], .filter = call->in[1], .out = call->out[0]};
    const int64_t *in = v.in->dims, *k = v.filter->dims, *out = v.out->dims;
    tnn_fb_ref o = call->options;
    TNN_TRY(tnn_exec_need_rank(call, v.in, 5, err));
    TNN_TRY(tnn_exec_need_rank(call, v.filter, 5, err));
    TNN_TRY(tnn_exec_need_rank(call, v.out, 5, err));
    v.n_in = in[4];
    v.n_out = out[4];
    if (k[3] != v.n_in || k[4] != v.n_out || v.n_in == 0) return tnn_exec_malformed(call, err, "channels do not fit");
    if (v.in->dtype != TNN_DTYPE_F32) return tnn_exec_no_kernel(call, v.in, err);
    v.d = (tnn_exec_window){in[1], out[1], k[0], tnn_fb_int(o, "stride_d"), tnn_fb_int(o, "dilation_d_factor"), 0};
    v.h = (tnn_exec_window){in[2], out[2], k[1], tnn_fb_int(o, "stride_h"), tnn_fb_int(o, "dilation_h_factor"), 0};
    v.w = (tnn_exec_window){in[3], out[3], k[2], tnn_fb_int(o, "stride_w"), tnn_fb_int(o, "dilation_w_factor"), 0};
    v.step_out = 1;
    v.step_in = k[4];
    v.step_w = k[3] * v.step_in;
    v.step_h = k[2] * v.step_w;
    v.step_d = k[1] * v.step_h;
    TNN_TRY(fit(call, &v, err));
    TNN_TRY(begin_sums(call, &v, call->n_in > 2 ? call->in[2] : NULL, err));
    TNN_TRY(tnn_exec_spend_product(call, v.out->n_elems, tnn_exec_outer(v.filter, 4), err));
    for (int64_t i = 0; i < v.out->n_elems; i++) {
        int64_t c = i % v.n_out, w = i / v.n_out % out[3], h = i / (v.n_out * out[3]) % out[2];
        int64_t d = i / (v.n_out * out[3] * out[2]) % out[1], n = i / (v.n_out * out[3] * out[2] * out[1]);
        tnn_exec_sums_put(&v.sums, i, c, conv_at(&v, v.x + n * tnn_exec_inner(v.in, 1), d, h, w, c));
    }
    return TNN_OK;
}

const tnn_exec_row tnn_exec_CONV_3D = {run_conv_3d, 2, 3, 1, NULL};

/* ---- transposed ---- */

/* What the operand's place (d, h, w) adds to the sums [D, H, W, O] of its batch. */
static void add_place(const volume *v, double *sums, const float *x, int64_t d, int64_t h, int64_t w) {
    int64_t d0, d1, h0, h1, w0, w1;
    tnn_exec_window_range(&v->d, d, &d0, &d1);
    tnn_exec_window_range(&v->h, h, &h0, &h1);
    tnn_exec_window_range(&v->w, w, &w0, &w1);
    for (int64_t kd = d0; kd < d1; kd++) {
        for (int64_t kh = h0; kh < h1; kh++) {
            for (int64_t kw = w0; kw < w1; kw++) {
                int64_t place = place_of(v, tnn_exec_window_at(&v->d, d, kd), tnn_exec_window_at(&v->h, h, kh),
                                         tnn_exec_window_at(&v->w, w, kw));
                const float *weights = v->weights + kd * v->step_d + kh * v->step_h + kw * v->step_w;
                for (int64_t o = 0; o < v->n_out; o++)
                    for (int64_t i = 0; i < v->n_in; i++)
                        sums[place * v->n_out + o] +=
                            (double)x[i] * (double)weights[o * v->step_out + i * v->step_in];
            }
        }
    }
}

static tnn_status run_transposed(const tnn_exec_call *call, volume *v, tnn_error *err) {
    TNN_TRY(fit(call, v, err));
    if (v->n_in == 0) return tnn_exec_malformed(call, err, "no channels");
    TNN_TRY(begin_sums(call, v, call->n_in > 3 ? call->in[3] : NULL, err));
    double *sums = TNN_NEW_ARRAY(call->arena, (size_t)v->out->n_elems, double);
    if (sums == NULL) return tnn_fail_nomem(err);
    int64_t size = v->out->n_elems == 0 ? 0 : tnn_exec_inner(v->out, 1);
    const float *x = v->x;
    for (int64_t n = 0; n < v->in->dims[0]; n++)
        for (int64_t d = 0; d < v->d.out; d++)
            for (int64_t h = 0; h < v->h.out; h++)
                for (int64_t w = 0; w < v->w.out; w++, x += v->n_in) add_place(v, sums + n * size, x, d, h, w);
    for (int64_t i = 0; i < v->out->n_elems; i++) tnn_exec_sums_put(&v->sums, i, i % v->n_out, sums[i]);
    return TNN_OK;
}

/* Filter [O, KH, KW, C]. */
static tnn_status run_transpose_conv(const tnn_exec_call *call, tnn_error *err) {
    volume v = {.in = call->in[2], .filter = call->in[1], .out = call->out[0]};
    const int64_t *in = v.in->dims, *k = v.filter->dims, *out = v.out->dims;
    TNN_TRY(tnn_exec_need_rank(call, v.in, 4, err));
    TNN_TRY(tnn_exec_need_rank(call, v.filter, 4, err));
    TNN_TRY(tnn_exec_need_rank(call, v.out, 4, err));
    v.n_in = in[3];
    v.n_out = out[3];
    if (k[3] != v.n_in || k[0] != v.n_out) return tnn_exec_malformed(call, err, "channels do not fit");
    v.d = (tnn_exec_window){1, 1, 1, 1, 1, 0};
    v.h = (tnn_exec_window){out[1], in[1], k[1], tnn_fb_int(call->options, "stride_h"), 1, 0};
    v.w = (tnn_exec_window){out[2], in[2], k[2], tnn_fb_int(call->options, "stride_w"), 1, 0};
    v.step_in = 1;
    v.step_w = k[3];
    v.step_h = k[2] * v.step_w;
    v.step_out = k[1] * v.step_h;
    return run_transposed(call, &v, err);
}

/* Filter [KD, KH, KW, O, C]. */
static tnn_status run_conv_3d_transpose(const tnn_exec_call *call, tnn_error *err) {
    volume v = {.in = call->in[2], .filter = call->in[1], .out = call->out[0]};
    const int64_t *in = v.in->dims, *k = v.filter->dims, *out = v.out->dims;
    tnn_fb_ref o = call->options;
    TNN_TRY(tnn_exec_need_rank(call, v.in, 5, err));
    TNN_TRY(tnn_exec_need_rank(call, v.filter, 5, err));
    TNN_TRY(tnn_exec_need_rank(call, v.out, 5, err));
    v.n_in = in[4];
    v.n_out = out[4];
    if (k[4] != v.n_in || k[3] != v.n_out) return tnn_exec_malformed(call, err, "channels do not fit");
    if (v.in->dtype != TNN_DTYPE_F32) return tnn_exec_no_kernel(call, v.in, err);
    v.d = (tnn_exec_window){out[1], in[1], k[0], tnn_fb_int(o, "stride_d"), tnn_fb_int(o, "dilation_d_factor"), 0};
    v.h = (tnn_exec_window){out[2], in[2], k[1], tnn_fb_int(o, "stride_h"), tnn_fb_int(o, "dilation_h_factor"), 0};
    v.w = (tnn_exec_window){out[3], in[3], k[2], tnn_fb_int(o, "stride_w"), tnn_fb_int(o, "dilation_w_factor"), 0};
    v.step_in = 1;
    v.step_out = k[4];
    v.step_w = k[3] * v.step_out;
    v.step_h = k[2] * v.step_w;
    v.step_d = k[1] * v.step_h;
    return run_transposed(call, &v, err);
}

const tnn_exec_row tnn_exec_TRANSPOSE_CONV = {run_transpose_conv, 3, 4, 1, NULL};
const tnn_exec_row tnn_exec_CONV_3D_TRANSPOSE = {run_conv_3d_transpose, 3, 4, 1, NULL};
