/* RESIZE_BILINEAR and RESIZE_NEAREST_NEIGHBOR over [N, H, W, C]. Where a place of the result lies in the operand is
 * computed in float, and for int8 and int16 in 10 bits behind the point, because LiteRT does. */
#include <math.h>
#include <string.h>

#include "tflite/exec_kernel.h"

typedef struct resize {
    const tnn_exec_tensor *in;
    tnn_exec_tensor *out;
    bool align_corners, half_pixels;
} resize;

static tnn_status begin(const tnn_exec_call *call, resize *r, tnn_error *err) {
    int64_t size[2];
    size_t n;
    *r = (resize){call->in[0], call->out[0], tnn_fb_int(call->options, "align_corners") != 0,
                  tnn_fb_int(call->options, "half_pixel_centers") != 0};
    TNN_TRY(tnn_exec_need_same_type(call, r->in, r->out, err));
    TNN_TRY(tnn_exec_need_rank(call, r->in, 4, err));
    TNN_TRY(tnn_exec_integers(call, call->in[1], 2, size, &n, err));
    if (n != 2) return tnn_exec_malformed(call, err, "no size");
    const int64_t dims[] = {r->in->dims[0], size[0], size[1], r->in->dims[3]};
    TNN_TRY(tnn_exec_need_shape(call, r->out, 4, dims, err));
    if (r->in->n_elems == 0 && r->out->n_elems > 0) return tnn_exec_malformed(call, err, "the operand is empty");
    return TNN_OK;
}

/* ---- nearest ---- */

static int64_t nearest(const resize *r, int64_t place, int64_t in, int64_t out) {
    float scale = r->align_corners && out > 1 ? (float)(in - 1) / (float)(out - 1) : (float)in / (float)out;
    float at = ((float)place + (r->half_pixels ? 0.5f : 0.0f)) * scale;
    int64_t result = (int64_t)(r->align_corners ? roundf(at) : floorf(at));
    return result < 0 ? 0 : result > in - 1 ? in - 1 : result;
}

static tnn_status run_nearest(const tnn_exec_call *call, tnn_error *err) {
    resize r;
    TNN_TRY(begin(call, &r, err));
    const int64_t *in = r.in->dims, *out = r.out->dims;
    size_t n_bytes = (size_t)in[3] * tnn_dtype_bytes(r.in->dtype);
    const uint8_t *source = r.in->data;
    uint8_t *target = r.out->data;
    for (int64_t i = 0; i < (out[3] == 0 ? 0 : r.out->n_elems / out[3]); i++, target += n_bytes) {
        int64_t x = nearest(&r, i % out[2], in[2], out[2]), y = nearest(&r, i / out[2] % out[1], in[1], out[1]);
        int64_t n = i / (out[2] * out[1]);
        memcpy(target, source + (size_t)((n * in[1] + y) * in[2] + x) * n_bytes, n_bytes);
    }
    return TNN_OK;
}

const tnn_exec_row tnn_exec_RESIZE_NEAREST_NEIGHBOR = {run_nearest, 2, 2, 1, NULL};

/* ---- bilinear ---- */

/* Between two neighbours: the share of the second, as a float or in 2^-10. */
typedef struct between {
    int64_t low, high;
    float share;
    int64_t share_10;
} between;

static between place_float(const resize *r, int64_t place, int64_t in, int64_t out) {
    float scale = r->align_corners && out > 1 ? (float)(in - 1) / (float)(out - 1) : (float)in / (float)out;
    float at = r->half_pixels ? ((float)place + 0.5f) * scale - 0.5f : (float)place * scale;
    between b = {(int64_t)floorf(at), (int64_t)ceilf(at), 0, 0};
    b.low = b.low < 0 ? 0 : b.low > in - 1 ? in - 1 : b.low;
    b.high = b.high > in - 1 ? in - 1 : b.high < 0 ? 0 : b.high;
    b.share = at - (float)b.low;
    return b;
}

static between place_10_bits(const resize *r, int64_t place, int64_t in, int64_t out) {
    bool corners = r->align_corners && out > 1;
    int64_t from = corners ? in - 1 : in, to = corners ? out - 1 : out;
    int64_t scale = (1024 * from + to / 2) / to, at = place * scale + (r->half_pixels ? scale / 2 - 512 : 0);
    between b = {at / 1024, (at + 1023) / 1024, 0, 0};
    b.low = b.low < 0 ? 0 : b.low > in - 1 ? in - 1 : b.low;
    b.high = b.high > in - 1 ? in - 1 : b.high < 0 ? 0 : b.high;
    b.share_10 = at - 1024 * b.low;
    return b;
}

typedef struct corners {
    int64_t at[2][2]; /* by row and column */
} corners;

static corners corners_of(const resize *r, int64_t n, const between *y, const between *x, int64_t c) {
    const int64_t *d = r->in->dims;
    const int64_t rows[2] = {(n * d[1] + y->low) * d[2], (n * d[1] + y->high) * d[2]};
    corners found;
    for (int k = 0; k < 2; k++) {
        found.at[k][0] = (rows[k] + x->low) * d[3] + c;
        found.at[k][1] = (rows[k] + x->high) * d[3] + c;
    }
    return found;
}

static void put_real(const resize *r, int64_t i, const corners *at, const between *y, const between *x) {
    const float rows[2] = {1 - y->share, y->share}, columns[2] = {1 - x->share, x->share};
    float sum = 0;
    for (int c = 0; c < 2; c++)
        for (int k = 0; k < 2; k++)
            sum += (float)tnn_elem_number(r->in->data, r->in->dtype, at->at[k][c]) * rows[k] * columns[c];
    if (r->in->dtype == TNN_DTYPE_F32) ((float *)r->out->data)[i] = sum;
    else tnn_elem_set_integer(r->out->data, r->out->dtype, i, (int64_t)(sum + 0.5f));
}

/* Rounded half away from zero. */
static void put_signed(const resize *r, int64_t i, const corners *at, const between *y, const between *x) {
    const int64_t rows[2] = {1024 - y->share_10, y->share_10}, columns[2] = {1024 - x->share_10, x->share_10};
    int64_t sum = 0;
    for (int k = 0; k < 2; k++)
        for (int c = 0; c < 2; c++)
            sum += tnn_elem_integer(r->in->data, r->in->dtype, at->at[k][c]) * rows[k] * columns[c];
    tnn_elem_set_integer(r->out->data, r->out->dtype, i, (sum + (sum > 0 ? 1 << 19 : -(1 << 19))) / (1 << 20));
}

static tnn_status run_bilinear(const tnn_exec_call *call, tnn_error *err) {
    resize r;
    TNN_TRY(begin(call, &r, err));
    bool is_signed = r.in->dtype == TNN_DTYPE_I8 || r.in->dtype == TNN_DTYPE_I16;
    if (r.in->dtype != TNN_DTYPE_F32 && !tnn_exec_is_small_int(r.in)) return tnn_exec_no_kernel(call, r.in, err);
    const int64_t *in = r.in->dims, *out = r.out->dims;
    for (int64_t i = 0; i < r.out->n_elems; i++) {
        int64_t c = i % out[3], x_out = i / out[3] % out[2], y_out = i / (out[3] * out[2]) % out[1];
        int64_t n = i / (out[3] * out[2] * out[1]);
        between x = is_signed ? place_10_bits(&r, x_out, in[2], out[2]) : place_float(&r, x_out, in[2], out[2]);
        between y = is_signed ? place_10_bits(&r, y_out, in[1], out[1]) : place_float(&r, y_out, in[1], out[1]);
        corners at = corners_of(&r, n, &y, &x, c);
        if (is_signed) put_signed(&r, i, &at, &y, &x);
        else put_real(&r, i, &at, &y, &x);
    }
    return TNN_OK;
}

const tnn_exec_row tnn_exec_RESIZE_BILINEAR = {run_bilinear, 2, 2, 1, NULL};
