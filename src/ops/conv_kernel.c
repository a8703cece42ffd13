/* The reference kernel of convolution.
 *
 * Both directions meet in one loop: place t of the small side meets place t * stride + k * dilation - before of the
 * large side. A convolution reads the large side and adds to the small one, a transposed convolution reads the small
 * side and adds to the large one. For a weight w at kernel place k, a whole row of t is done at once:
 *
 *   sum[o][to(t)] += w[o] * x[from(t)]         o: BLOCK output channels, in double */
#include "ops/conv.h"

#include "base/alloc.h"

#define BLOCK 4

/* Of one dimension, for one place of the kernel. */
typedef struct tap {
    int64_t first, end; /* t for which the large side's place exists */
    int64_t offset;
} tap;

typedef struct work {
    const tnn_conv *conv;
    const int64_t *small, *large;   /* sizes of the sides */
    int64_t in_plane, out_plane;    /* elements of one channel */
    double *x;                      /* all input channels of one item of the batch */
    double *sums;                   /* BLOCK planes of the result */
} work;

static int64_t divide_up(int64_t a, int64_t b) {
    return a > 0 ? (a + b - 1) / b : -(-a / b);
}

static tap tap_of(const work *w, int dim, int64_t k) {
    const tnn_window_geometry *window = &w->conv->window;
    int64_t stride = window->stride[dim], offset = k * window->dilation[dim] - window->before[dim];
    int64_t first = divide_up(-offset, stride), end = divide_up(w->large[dim] - offset, stride);
    if (first < 0) first = 0;
    if (end > w->small[dim]) end = w->small[dim];
    return (tap){first, end, offset};
}

/* A row of `n` places. */
static void add_row(const work *w, const double *weights, int n_channels, const double *x, int64_t x_step,
                    double *sums, int64_t sum_step, int64_t n) {
    if (n_channels == BLOCK) {
        double *a = sums, *b = a + w->out_plane, *c = b + w->out_plane, *d = c + w->out_plane;
        for (int64_t i = 0; i < n; i++) {
            double value = x[i * x_step];
            a[i * sum_step] += weights[0] * value;
            b[i * sum_step] += weights[1] * value;
            c[i * sum_step] += weights[2] * value;
            d[i * sum_step] += weights[3] * value;
        }
        return;
    }
    for (int o = 0; o < n_channels; o++, sums += w->out_plane) {
        for (int64_t i = 0; i < n; i++) sums[i * sum_step] += weights[o] * x[i * x_step];
    }
}

/* All rows that meet one kernel place of one input channel. */
static void add_tap(const work *w, const tap *taps, const double *weights, int n_channels, const double *x) {
    const int64_t *small = w->small, *large = w->large, *stride = w->conv->window.stride;
    int64_t n = taps[2].end - taps[2].first;
    if (n <= 0) return;
    for (int64_t d = taps[0].first; d < taps[0].end; d++) {
        for (int64_t h = taps[1].first; h < taps[1].end; h++) {
            int64_t s = (d * small[1] + h) * small[2] + taps[2].first;
            int64_t l = ((d * stride[0] + taps[0].offset) * large[1] + h * stride[1] + taps[1].offset) * large[2] +
                        taps[2].first * stride[2] + taps[2].offset;
            if (w->conv->transposed) add_row(w, weights, n_channels, x + s, 1, w->sums + l, stride[2], n);
            else add_row(w, weights, n_channels, x + l, stride[2], w->sums + s, 1, n);
        }
    }
}

/* Weights of output channels out … out + n_channels - 1 of a group for one of its input channels. */
static void load_weights(const work *w, int64_t group, int64_t in, int64_t out, int n_channels, int64_t k,
                         double *weights) {
    const tnn_conv *conv = w->conv;
    int64_t n_kernel = tnn_window_product(conv->window.kernel);
    for (int o = 0; o < n_channels; o++) {
        int64_t row = conv->transposed
                          ? (group * conv->in_channels + in) * conv->out_channels + out + o
                          : (group * conv->out_channels + out + o) * conv->in_channels + in;
        weights[o] = tnn_tensor_number(conv->weight, row * n_kernel + k);
    }
}

static void add_channel(const work *w, int64_t group, int64_t in, int64_t out, int n_channels) {
    const int64_t *kernel = w->conv->window.kernel;
    const double *x = w->x + (group * w->conv->in_channels + in) * w->in_plane;
    double weights[BLOCK];
    for (int64_t k = 0; k < tnn_window_product(kernel); k++) {
        tap taps[TNN_WINDOW_DIMS] = {tap_of(w, 0, k / (kernel[1] * kernel[2])),
                                     tap_of(w, 1, k / kernel[2] % kernel[1]), tap_of(w, 2, k % kernel[2])};
        load_weights(w, group, in, out, n_channels, k, weights);
        add_tap(w, taps, weights, n_channels, x);
    }
}

/* `out` counts over all groups. */
static void start_sums(const work *w, int64_t out, int n_channels) {
    const tnn_tensor *bias = w->conv->bias;
    for (int o = 0; o < n_channels; o++) {
        double start = bias ? tnn_tensor_number(bias, out + o) : 0;
        for (int64_t i = 0; i < w->out_plane; i++) w->sums[o * w->out_plane + i] = start;
    }
}

static void run_block(const work *w, int64_t item, int64_t group, int64_t out, int n_channels) {
    const tnn_conv *conv = w->conv;
    int64_t channel = group * conv->out_channels + out;
    int64_t place = (item * conv->groups * conv->out_channels + channel) * w->out_plane;
    start_sums(w, channel, n_channels);
    for (int64_t in = 0; in < conv->in_channels; in++) add_channel(w, group, in, out, n_channels);
    for (int64_t i = 0; i < n_channels * w->out_plane; i++) {
        tnn_tensor_set_number(conv->out, place + i, w->sums[i]);
    }
}

static void run_item(const work *w, int64_t item) {
    const tnn_conv *conv = w->conv;
    int64_t n = conv->groups * conv->in_channels * w->in_plane;
    for (int64_t i = 0; i < n; i++) w->x[i] = tnn_tensor_number(conv->input, item * n + i);
    for (int64_t group = 0; group < conv->groups; group++) {
        for (int64_t out = 0; out < conv->out_channels; out += BLOCK) {
            int64_t left = conv->out_channels - out;
            run_block(w, item, group, out, left < BLOCK ? (int)left : BLOCK);
        }
    }
}

/* A kernel of one place without stride and padding sees each plane as one row. */
static void join_rows(tnn_window_geometry *w) {
    int64_t plane = tnn_window_product(w->in);
    for (int d = 0; d < TNN_WINDOW_DIMS; d++) {
        if (w->kernel[d] != 1 || w->stride[d] != 1 || w->before[d] != 0 || w->in[d] != w->out[d]) return;
    }
    for (int d = 0; d < TNN_WINDOW_DIMS; d++) w->in[d] = w->out[d] = d == TNN_WINDOW_DIMS - 1 ? plane : 1;
}

tnn_status tnn_conv_run(const tnn_conv *conv, tnn_error *err) {
    tnn_conv joined = *conv;
    join_rows(&joined.window);
    const tnn_window_geometry *window = &joined.window;
    work w = {.conv = &joined};
    w.small = conv->transposed ? window->in : window->out;
    w.large = conv->transposed ? window->out : window->in;
    w.in_plane = tnn_window_product(window->in);
    w.out_plane = tnn_window_product(window->out);
    size_t channels = (size_t)(conv->groups * conv->in_channels);
    w.x = tnn_alloc(channels * (size_t)w.in_plane, sizeof *w.x);
    w.sums = tnn_alloc((size_t)w.out_plane, BLOCK * sizeof *w.sums);
    tnn_status status = w.x && w.sums ? TNN_OK : tnn_fail_nomem(err);
    for (int64_t item = 0; status == TNN_OK && item < conv->batch; item++) run_item(&w, item);
    tnn_free(w.x);
    tnn_free(w.sums);
    return status;
}
