#include "quant/taps.h"

#include "ops/list.h"

/* The window over one spatial dimension. */
typedef struct window {
    int64_t in, out, kernel, stride, dilation, before;
} window;

typedef struct windows {
    uint8_t n; /* 0: a linear layer */
    window at[3];
} windows;

static int64_t list_at(const tnn_node *node, const char *name, size_t index) {
    const tnn_arg *arg = tnn_node_arg(node, name);
    return arg->as.sizes[arg->n == 1 ? 0 : index].hint;
}

static windows windows_of(const tnn_node *node) {
    windows w = {0};
    if (!tnn_node_is(node, TNN_OP_convolution)) return w;
    const tnn_value *in = tnn_node_operand(node, 0), *weight = tnn_node_operand(node, 1);
    w.n = (uint8_t)(weight->shape.rank - 2);
    for (uint8_t k = 0; k < w.n; k++) {
        w.at[k] = (window){.in = in->shape.dims[k + 2].hint, .out = node->outputs[0]->shape.dims[k + 2].hint,
                           .kernel = weight->shape.dims[k + 2].hint, .stride = list_at(node, "stride", k),
                           .dilation = list_at(node, "dilation", k), .before = list_at(node, "padding", k)};
    }
    return w;
}

bool tnn_taps_fit(const tnn_node *node) {
    bool conv = tnn_node_is(node, TNN_OP_convolution) && !tnn_arg_bool(tnn_node_arg(node, "transposed"));
    if (!conv && !tnn_node_is(node, TNN_OP_linear)) return false;
    const tnn_value *input = tnn_node_operand(node, 0), *weight = tnn_node_operand(node, 1);
    if (weight->constant == NULL || weight->dtype != TNN_DTYPE_F32 || weight->shape.rank < 2) return false;
    return !conv || input->shape.rank == weight->shape.rank;
}

tnn_status tnn_taps_init(tnn_taps *taps, const tnn_node *node, tnn_arena *arena, tnn_error *err) {
    const tnn_value *input = tnn_node_operand(node, 0);
    windows w = windows_of(node);
    *taps = (tnn_taps){.n_taps = 1};
    taps->n_channels = input->shape.dims[w.n == 0 ? input->shape.rank - 1 : 1].hint;
    for (uint8_t k = 0; k < w.n; k++) taps->n_taps *= w.at[k].kernel;
    taps->sums = TNN_NEW_ARRAY(arena, (size_t)(taps->n_channels * taps->n_taps), double);
    return taps->sums != NULL ? TNN_OK : tnn_fail_nomem(err);
}

void tnn_taps_merge(tnn_taps *to, const tnn_taps *from) {
    for (int64_t i = 0; i < to->n_channels * to->n_taps; i++) to->sums[i] += from->sums[i];
    to->n += from->n;
}

/* ---- adding a sample ---- */

/* Output positions of tap `k` of a window that lie inside of the input: first and one behind the last. */
static void positions_inside(const window *w, int64_t k, int64_t *first, int64_t *end) {
    int64_t shift = k * w->dilation - w->before; /* input position = output position * stride + shift */
    *first = shift >= 0 ? 0 : (-shift + w->stride - 1) / w->stride;
    *end = w->in - 1 - shift < 0 ? 0 : (w->in - 1 - shift) / w->stride + 1;
    if (*end > w->out) *end = w->out;
    if (*first > *end) *first = *end;
}

/* sums[c] += x[c], c = 0 … n - 1. */
static void add_row(double *sums, const float *x, int64_t n, int64_t stride) {
    if (stride == 1)
        for (int64_t c = 0; c < n; c++) sums[c] += (double)x[c];
    else
        for (int64_t c = 0; c < n; c++) sums[c] += (double)x[c * stride];
}

/* One tap of one image: all positions, for the spatial dimensions from `k` on. */
static void add_positions(tnn_taps *taps, const windows *w, const tnn_engine_view *v, const int64_t *tap, uint8_t k,
                          const float *at, double *sums) {
    if (k == w->n) {
        add_row(sums, at, taps->n_channels, v->strides[1]);
        return;
    }
    int64_t first, end;
    positions_inside(&w->at[k], tap[k], &first, &end);
    for (int64_t o = first; o < end; o++) {
        int64_t in = o * w->at[k].stride + tap[k] * w->at[k].dilation - w->at[k].before;
        add_positions(taps, w, v, tap, (uint8_t)(k + 1), at + in * v->strides[k + 2], sums);
    }
}

static void add_images(tnn_taps *taps, const windows *w, const tnn_engine_view *v) {
    int64_t positions = 1;
    for (uint8_t k = 0; k < w->n; k++) positions *= w->at[k].out;
    for (int64_t t = 0; t < taps->n_taps; t++) {
        int64_t tap[3] = {0}, rest = t;
        for (int k = w->n - 1; k >= 0; k--) {
            tap[k] = rest % w->at[k].kernel;
            rest /= w->at[k].kernel;
        }
        for (int64_t n = 0; n < v->dims[0]; n++)
            add_positions(taps, w, v, tap, 0, (const float *)v->data + n * v->strides[0],
                          taps->sums + t * taps->n_channels);
    }
    taps->n += v->dims[0] * positions;
}

/* The rows of a linear layer, whatever their dimensions. */
static void add_rows(tnn_taps *taps, const tnn_engine_view *v, uint8_t d, const float *at) {
    if (d + 1 == v->rank) {
        add_row(taps->sums, at, taps->n_channels, v->strides[d]);
        taps->n++;
        return;
    }
    for (int64_t i = 0; i < v->dims[d]; i++) add_rows(taps, v, (uint8_t)(d + 1), at + i * v->strides[d]);
}

void tnn_taps_add(tnn_taps *taps, const tnn_node *node, const tnn_engine_view *input) {
    windows w = windows_of(node);
    if (w.n == 0) add_rows(taps, input, 0, input->data);
    else add_images(taps, &w, input);
}

/* ---- the mean of a result ---- */

/* weights [O, C / groups, taps]: group g of the output reads channels g * C / groups and on. */
void tnn_taps_mean(const tnn_taps *taps, const tnn_node *node, const float *weights, double *means) {
    const tnn_value *weight = tnn_node_operand(node, 1);
    int64_t n_out = weight->shape.dims[0].hint, width = weight->shape.dims[1].hint;
    int64_t groups = taps->n_channels / width, per_group = n_out / groups, row = width * taps->n_taps;
    if (taps->n == 0) return;
    for (int64_t o = 0; o < n_out; o++) {
        const double *sums = taps->sums + o / per_group * width;
        double sum = 0;
        for (int64_t c = 0; c < width; c++)
            for (int64_t t = 0; t < taps->n_taps; t++)
                sum += (double)weights[o * row + c * taps->n_taps + t] * sums[t * taps->n_channels + c];
        means[o] += sum / (double)taps->n;
    }
}
