/* Pools over [N, H, W, C], and LOCAL_RESPONSE_NORMALIZATION over the channels. */
#include <math.h>

#include "tflite/exec_clamp.h"
#include "tflite/exec_window.h"

typedef struct pool {
    const tnn_exec_tensor *in;
    tnn_exec_tensor *out;
    tnn_exec_window h, w;
    tnn_exec_bounds bounds;
    int64_t y0, y1, x0, x1; /* of the operand, at the place at hand */
} pool;

static tnn_status begin(const tnn_exec_call *call, pool *p, tnn_error *err) {
    tnn_fb_ref o = call->options;
    *p = (pool){.in = call->in[0], .out = call->out[0]};
    TNN_TRY(tnn_exec_need_same_type(call, p->in, p->out, err));
    TNN_TRY(tnn_exec_need_rank(call, p->in, 4, err));
    TNN_TRY(tnn_exec_need_rank(call, p->out, 4, err));
    if (p->in->dtype != TNN_DTYPE_F32 && !tnn_exec_is_small_int(p->in)) return tnn_exec_no_kernel(call, p->in, err);
    const int64_t *in = p->in->dims, *out = p->out->dims;
    if (in[0] != out[0] || in[3] != out[3]) return tnn_exec_malformed(call, err, "batch or channels change");
    p->h = (tnn_exec_window){in[1], out[1], tnn_fb_int(o, "filter_height"), tnn_fb_int(o, "stride_h"), 1, 0};
    p->w = (tnn_exec_window){in[2], out[2], tnn_fb_int(o, "filter_width"), tnn_fb_int(o, "stride_w"), 1, 0};
    TNN_TRY(tnn_exec_window_fit(call, &p->h, tnn_fb_int(o, "padding"), err));
    TNN_TRY(tnn_exec_window_fit(call, &p->w, tnn_fb_int(o, "padding"), err));
    int64_t rows = p->h.size < in[1] ? p->h.size : in[1], columns = p->w.size < in[2] ? p->w.size : in[2];
    TNN_TRY(tnn_exec_spend_product(call, p->out->n_elems, rows * columns, err));
    return tnn_exec_bounds_of(call, p->out, &p->bounds, err);
}

static int64_t clamp(int64_t x, const tnn_exec_bounds *b) { return x < b->first ? b->first : x > b->last ? b->last : x; }

/* The window around a place of one channel, which begins at `first`. */
typedef void pool_place(const pool *p, int64_t first, int64_t i);

static int64_t at(const pool *p, int64_t first, int64_t y, int64_t x) { return first + (y * p->w.in + x) * p->in->dims[3]; }

static void mean_of_floats(const pool *p, int64_t first, int64_t i, bool is_square) {
    const float *in = p->in->data;
    double sum = 0, n = (double)((p->y1 - p->y0) * (p->x1 - p->x0));
    for (int64_t y = p->y0; y < p->y1; y++) {
        for (int64_t x = p->x0; x < p->x1; x++) {
            double value = (double)in[at(p, first, y, x)];
            sum += is_square ? value * value : value;
        }
    }
    ((float *)p->out->data)[i] = tnn_exec_clamp((float)(is_square ? sqrt(sum / n) : sum / n), &p->bounds);
}

static void put_mean(const pool *p, int64_t first, int64_t i) { mean_of_floats(p, first, i, false); }

static void put_norm(const pool *p, int64_t first, int64_t i) { mean_of_floats(p, first, i, true); }

/* Rounded half away from zero. */
static void put_integer_mean(const pool *p, int64_t first, int64_t i) {
    int64_t sum = 0, n = (p->y1 - p->y0) * (p->x1 - p->x0);
    for (int64_t y = p->y0; y < p->y1; y++)
        for (int64_t x = p->x0; x < p->x1; x++) sum += tnn_elem_integer(p->in->data, p->in->dtype, at(p, first, y, x));
    int64_t mean = n == 0 ? 0 : (sum > 0 ? sum + n / 2 : sum - n / 2) / n;
    tnn_elem_set_integer(p->out->data, p->out->dtype, i, clamp(mean, &p->bounds));
}

static void put_max(const pool *p, int64_t first, int64_t i) {
    const float *in = p->in->data;
    float most = -INFINITY;
    for (int64_t y = p->y0; y < p->y1; y++)
        for (int64_t x = p->x0; x < p->x1; x++) {
            float value = in[at(p, first, y, x)];
            most = value > most ? value : most;
        }
    ((float *)p->out->data)[i] = tnn_exec_clamp(most, &p->bounds);
}

static void put_integer_max(const pool *p, int64_t first, int64_t i) {
    int64_t most = tnn_exec_type_min(p->in->dtype);
    for (int64_t y = p->y0; y < p->y1; y++)
        for (int64_t x = p->x0; x < p->x1; x++) {
            int64_t value = tnn_elem_integer(p->in->data, p->in->dtype, at(p, first, y, x));
            most = value > most ? value : most;
        }
    tnn_elem_set_integer(p->out->data, p->out->dtype, i, clamp(most, &p->bounds));
}

/* The part of a window that lies inside; strides and windows without dilation. */
static void range(const tnn_exec_window *w, int64_t place, int64_t *from, int64_t *to) {
    int64_t first, end;
    tnn_exec_window_range(w, place, &first, &end);
    *from = place * w->stride - w->before + first;
    *to = place * w->stride - w->before + end;
}

static void run_places(pool *p, pool_place *put) {
    int64_t i = 0, channels = p->in->dims[3];
    for (int64_t n = 0; n < p->out->dims[0]; n++)
        for (int64_t y = 0; y < p->h.out; y++)
            for (int64_t x = 0; x < p->w.out; x++) {
                range(&p->h, y, &p->y0, &p->y1);
                range(&p->w, x, &p->x0, &p->x1);
                for (int64_t c = 0; c < channels; c++, i++) put(p, n * tnn_exec_inner(p->in, 1) + c, i);
            }
}

typedef struct pool_kind {
    pool_place *real, *integer; /* integer NULL: none */
} pool_kind;

static tnn_status run_pool(const tnn_exec_call *call, tnn_error *err) {
    const pool_kind *kind = call->data;
    pool p;
    TNN_TRY(begin(call, &p, err));
    pool_place *put = p.in->dtype == TNN_DTYPE_F32 ? kind->real : kind->integer;
    if (put == NULL) return tnn_exec_no_kernel(call, p.in, err);
    if (p.out->n_elems > 0) run_places(&p, put);
    return TNN_OK;
}

static const pool_kind mean_pool = {put_mean, put_integer_mean}, max_pool = {put_max, put_integer_max};
static const pool_kind norm_pool = {put_norm, NULL};
const tnn_exec_row tnn_exec_AVERAGE_POOL_2D = {run_pool, 1, 1, 1, &mean_pool};
const tnn_exec_row tnn_exec_MAX_POOL_2D = {run_pool, 1, 1, 1, &max_pool};
const tnn_exec_row tnn_exec_L2_POOL_2D = {run_pool, 1, 1, 1, &norm_pool};

/* x / (bias + alpha * sum of squares over `radius` channels on both sides)^beta */
static tnn_status run_local_response(const tnn_exec_call *call, tnn_error *err) {
    const tnn_exec_tensor *in = call->in[0];
    tnn_exec_tensor *out = call->out[0];
    int64_t radius = tnn_fb_int(call->options, "radius");
    double bias = tnn_fb_number(call->options, "bias"), alpha = tnn_fb_number(call->options, "alpha");
    double beta = tnn_fb_number(call->options, "beta");
    TNN_TRY(tnn_exec_need_same_type(call, in, out, err));
    TNN_TRY(tnn_exec_need_same_shape(call, in, out, err));
    TNN_TRY(tnn_exec_need_rank(call, in, 4, err));
    if (in->dtype != TNN_DTYPE_F32) return tnn_exec_no_kernel(call, in, err);
    int64_t channels = in->dims[3], window = radius < 0 ? 0 : radius < channels ? 2 * radius + 1 : channels;
    TNN_TRY(tnn_exec_spend_product(call, out->n_elems, window, err));
    for (int64_t i = 0; i < in->n_elems; i++) {
        int64_t c = i % channels, first = c > radius ? c - radius : 0;
        int64_t last = channels - 1 - c > radius ? c + radius : channels - 1;
        const float *row = (const float *)in->data + (i - c);
        double sum = 0;
        for (int64_t k = first; k <= last; k++) sum += (double)row[k] * (double)row[k];
        ((float *)out->data)[i] = (float)((double)row[c] * pow(bias + alpha * sum, -beta));
    }
    return TNN_OK;
}

const tnn_exec_row tnn_exec_LOCAL_RESPONSE_NORMALIZATION = {run_local_response, 1, 1, 1, NULL};
