/* upsample: the spatial dimensions of [N, C, spatial…] resampled to output_size, one dimension after the other.
 *
 * Result i lies at x of the input, s being the scale:
 *
 *   nearest          x = floor(i * s)            nearest-exact   floor((i + 0.5) * s)
 *   align_corners    x = i * (in - 1) / (out - 1)
 *   others           x = (i + 0.5) * s - 0.5
 *
 *   linear           1 - |x - k| for the two neighbours k
 *   cubic            Keys' kernel with a = -0.75 over four neighbours; those outside are the border's
 *   antialiased      the same kernels (cubic a = -0.5) stretched by s where s > 1, normalised
 *
 * s is in / out, or 1 / scale where a scale was given: PyTorch takes that even where out was rounded.
 * Source: R. Keys, Cubic convolution interpolation for digital image processing, IEEE TASSP 29 (1981). */
#include "ops/upsample.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "ops/infer.h"
#include "ops/link.h"
#include "ops/list.h"

enum { SELF, OUTPUT_SIZE, MODE, ALIGN_CORNERS, SCALES };

static const char *const mode_names[] = {"nearest", "nearest-exact", "linear", "cubic", "linear-aa", "cubic-aa"};
enum { N_MODES = sizeof mode_names / sizeof *mode_names };

static int find_mode(const char *name) {
    for (int k = 0; k < N_MODES; k++)
        if (strcmp(mode_names[k], name) == 0) return k;
    return -1;
}

static tnn_status infer_upsample(const tnn_call *call, tnn_type *outs, uint32_t *n_outs, tnn_error *err) {
    const tnn_value *self = tnn_call_tensor(call, SELF);
    const tnn_arg *size = &call->args[OUTPUT_SIZE];
    tnn_shape shape = self->shape;
    int mode = find_mode(call->args[MODE].as.text);
    if (mode < 0) return tnn_call_invalid(call, err, "mode is %s", call->args[MODE].as.text);
    if (mode > TNN_UPSAMPLE_NEAREST_EXACT) TNN_TRY(tnn_call_need_float(call, SELF, err));
    if (size->n == 0 || shape.rank != size->n + 2) {
        return tnn_call_invalid(call, err, "self has shape %s, expected %u dimensions for %u sizes",
                                tnn_shape_text_of(&shape).text, size->n + 2, size->n);
    }
    for (uint32_t k = 0; k < size->n; k++) {
        if (size->as.sizes[k].hint <= 0 || shape.dims[k + 2].hint <= 0) {
            return tnn_call_invalid(call, err, "sizes %s for self of shape %s, expected sizes above 0",
                                    tnn_sizes_text_of(size).text, tnn_shape_text_of(&shape).text);
        }
        shape.dims[k + 2] = size->as.sizes[k];
    }
    return tnn_call_result(outs, n_outs, self->dtype, &shape);
}

tnn_upsample_axis tnn_upsample_axis_of(const tnn_node *node, uint8_t k) {
    const tnn_arg *scales = &node->args[SCALES];
    tnn_upsample_axis axis = {.mode = (tnn_upsample_mode)find_mode(node->args[MODE].as.text),
                              .align_corners = tnn_arg_bool(&node->args[ALIGN_CORNERS]),
                              .in = tnn_node_operand(node, SELF)->shape.dims[k + 2].hint,
                              .out = node->outputs[0]->shape.dims[k + 2].hint};
    if (axis.align_corners) axis.scale = axis.out > 1 ? (double)(axis.in - 1) / (double)(axis.out - 1) : 0;
    else if (scales->n > k && scales->as.numbers[k] > 0) axis.scale = 1 / scales->as.numbers[k];
    else axis.scale = (double)axis.in / (double)axis.out;
    return axis;
}

/* In single precision, as PyTorch does: it decides which of two neighbours is taken. */
int64_t tnn_upsample_nearest(const tnn_upsample_axis *axis, int64_t i) {
    float scale = (float)axis->scale, at = (float)i + (axis->mode == TNN_UPSAMPLE_NEAREST_EXACT ? 0.5f : 0.0f);
    int64_t x = (int64_t)floorf(at * scale);
    return x < axis->in ? x : axis->in - 1;
}

static double cubic(double x, double a) {
    x = fabs(x);
    if (x <= 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
    return x < 2 ? ((a * x - 5 * a) * x + 8 * a) * x - 4 * a : 0;
}

static void antialiased_weights(const tnn_upsample_axis *axis, int64_t i, double *weights) {
    bool is_cubic = axis->mode == TNN_UPSAMPLE_CUBIC_AA;
    double wide = axis->scale > 1 ? axis->scale : 1, support = (is_cubic ? 2 : 1) * wide, sum = 0;
    double centre = axis->scale * ((double)i + 0.5);
    int64_t first = (int64_t)(centre - support + 0.5), end = (int64_t)(centre + support + 0.5);
    if (first < 0) first = 0;
    if (end > axis->in) end = axis->in;
    for (int64_t k = first; k < end; k++) {
        double x = ((double)k - centre + 0.5) / wide;
        weights[k] = is_cubic ? cubic(x, -0.5) : fmax(1 - fabs(x), 0);
        sum += weights[k];
    }
    for (int64_t k = first; k < end && sum != 0; k++) weights[k] /= sum;
}

static int64_t inside(int64_t k, int64_t n) { return k < 0 ? 0 : k < n ? k : n - 1; }

void tnn_upsample_weights(const tnn_upsample_axis *axis, int64_t i, double *weights) {
    memset(weights, 0, (size_t)axis->in * sizeof *weights);
    if (axis->mode >= TNN_UPSAMPLE_LINEAR_AA) {
        antialiased_weights(axis, i, weights);
        return;
    }
    double x = axis->align_corners ? (double)i * axis->scale : ((double)i + 0.5) * axis->scale - 0.5;
    if (axis->mode == TNN_UPSAMPLE_LINEAR && x < 0) x = 0;
    int64_t left = (int64_t)floor(x);
    double part = fmin(x - (double)left, 1);
    if (axis->mode == TNN_UPSAMPLE_LINEAR) {
        weights[inside(left, axis->in)] += 1 - part;
        weights[inside(left + 1, axis->in)] += part;
        return;
    }
    for (int64_t k = -1; k <= 2; k++) weights[inside(left + k, axis->in)] += cubic(part - (double)k, -0.75);
}

/* ---- the kernel ---- */

/* Elements before and behind the dimension that is being resampled. */
typedef struct planes {
    int64_t outer, inner;
} planes;

static void pick_axis(const tnn_upsample_axis *axis, planes p, size_t elem, const char *in, char *out) {
    size_t run = (size_t)p.inner * elem;
    for (int64_t o = 0; o < p.outer; o++) {
        for (int64_t i = 0; i < axis->out && run > 0; i++) {
            int64_t from = tnn_upsample_nearest(axis, i);
            memcpy(out + (size_t)(o * axis->out + i) * run, in + (size_t)(o * axis->in + from) * run, run);
        }
    }
}

static void mix_axis(const tnn_upsample_axis *axis, planes p, double *weights, const double *in, double *out) {
    for (int64_t i = 0; i < axis->out; i++) {
        tnn_upsample_weights(axis, i, weights);
        for (int64_t k = 0; k < axis->in; k++) {
            if (weights[k] == 0) continue;
            for (int64_t at = 0; at < p.outer * p.inner; at++) {
                int64_t o = at / p.inner, j = at % p.inner;
                out[(o * axis->out + i) * p.inner + j] += weights[k] * in[(o * axis->in + k) * p.inner + j];
            }
        }
    }
}

/* All dimensions, from a copy of the input in `*data`, which is replaced. Elements of mixing modes are doubles. */
static tnn_status resample(const tnn_kernel_call *call, size_t elem, void **data, tnn_error *err) {
    const tnn_tensor *in = call->operands[SELF];
    int64_t dims[TNN_MAX_RANK];
    memcpy(dims, in->dims, sizeof dims);
    for (uint8_t k = 0; k + 2 < in->rank; k++) {
        tnn_upsample_axis axis = tnn_upsample_axis_of(call->node, k);
        planes p = {1, 1};
        for (uint8_t d = 0; d < in->rank; d++) *(d < k + 2 ? &p.outer : &p.inner) *= d == k + 2 ? 1 : dims[d];
        dims[k + 2] = axis.out;
        void *next = tnn_alloc_zero((size_t)(p.outer * axis.out * p.inner), elem);
        double *weights = tnn_alloc((size_t)axis.in, sizeof *weights);
        if (next && weights && tnn_upsample_is_nearest(&axis)) pick_axis(&axis, p, elem, *data, next);
        else if (next && weights) mix_axis(&axis, p, weights, *data, next);
        tnn_free(weights);
        tnn_free(*data);
        *data = next;
        if (!next || !weights) return tnn_fail_nomem(err);
    }
    return TNN_OK;
}

static tnn_status run_upsample(const tnn_kernel_call *call, tnn_error *err) {
    const tnn_tensor *in = call->operands[SELF];
    tnn_tensor *out = &call->outputs[0];
    bool moves = find_mode(call->node->args[MODE].as.text) <= TNN_UPSAMPLE_NEAREST_EXACT;
    size_t elem = moves ? tnn_dtype_bytes(in->dtype) : sizeof(double);
    void *data = tnn_alloc((size_t)in->n_elems, elem);
    if (!data) return tnn_fail_nomem(err);
    if (moves) memcpy(data, in->data, (size_t)in->n_elems * elem);
    for (int64_t i = 0; i < in->n_elems && !moves; i++) ((double *)data)[i] = tnn_tensor_number(in, i);
    tnn_status status = resample(call, elem, &data, err);
    if (status == TNN_OK && moves) memcpy(out->data, data, (size_t)out->n_elems * elem);
    for (int64_t i = 0; i < out->n_elems && status == TNN_OK && !moves; i++) {
        tnn_tensor_set_number(out, i, ((double *)data)[i]);
    }
    tnn_free(data);
    return status;
}

static tnn_status dims_upsample(const tnn_node *node, tnn_dimmap *map, tnn_error *err) {
    for (uint8_t d = 0; d < node->outputs[0]->shape.rank; d++) {
        if (d < 2) TNN_TRY(tnn_link_same(map, node, SELF, d, TNN_RESULT, d, err));
        else TNN_TRY(tnn_link_place(map, node, SELF, d, TNN_RESULT, d, err));
    }
    return TNN_OK;
}

const tnn_op_row tnn_op_upsample = {
    .op = {"upsample",
           "upsample(Tensor self, SymInt[] output_size, str mode, bool align_corners, float[] scales) -> Tensor",
           TNN_OP_upsample, TNN_OPLIST_ATEN},
    .op_class = TNN_CLASS_OTHER, .infer = infer_upsample, .kernel = run_upsample, .dims = dims_upsample,
};
