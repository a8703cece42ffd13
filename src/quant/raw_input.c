#include "quant/raw_input.h"

#include <math.h>

#include "base/strbuf.h"
#include "ops/list.h"
#include "passes/channel_affine.h"
#include "passes/rewrite.h"
#include "quant/scales.h"

#define MAX_BYTE 255
#define INT8_ZERO 128 /* the byte that int8 calls 0 */

/* The input while its readers are looked at. */
typedef struct work {
    tnn_graph *graph;
    tnn_arena *arena;
    tnn_value *input;
    const tnn_raw_stats *stats;
    int64_t n;            /* means and stds, one a channel or 1 */
    double common_std;    /* of all channels */
    double zero_point;    /* as a byte */
    double *scale, *shift; /* n each: x = v * scale + shift */
} work;

static double mean_of(const work *w, int64_t c) { return w->stats->mean[w->stats->n_mean > 1 ? c : 0]; }
static double std_of(const work *w, int64_t c) { return w->stats->std[w->stats->n_std > 1 ? c : 0]; }

/* ---- numbers ---- */

static tnn_status check(const work *w, tnn_error *err) {
    const char *name = w->input->name;
    const tnn_raw_stats *s = w->stats;
    if (w->input->dtype != TNN_DTYPE_F32)
        return tnn_fail(err, TNN_ERR_INVALID, name, "is %s, only an input of floats has a mean and std",
                        tnn_dtype_name(w->input->dtype));
    if (s->n_mean == 0 || s->n_std == 0 || (s->n_mean > 1 && s->n_std > 1 && s->n_mean != s->n_std))
        return tnn_fail(err, TNN_ERR_INVALID, name, "%zu means and %zu stds, expected one of each, or one a channel",
                        s->n_mean, s->n_std);
    for (int64_t c = 0; c < w->n; c++) {
        if (!isfinite(mean_of(w, c)) || !isfinite((float)(1 / std_of(w, c))) || !(std_of(w, c) > 0))
            return tnn_fail(err, TNN_ERR_INVALID, name, "mean %g and std %g, expected numbers and a std above 0",
                            mean_of(w, c), std_of(w, c));
    }
    return TNN_OK;
}

static bool all_alike(const double *x, size_t n) {
    for (size_t i = 1; i < n; i++)
        if (x[i] != x[0]) return false;
    return true;
}

/* The zero point in the middle of the means keeps the numbers small. */
static tnn_status choose_numbers(work *w, tnn_error *err) {
    double means = 0, stds = 0;
    w->scale = TNN_NEW_ARRAY(w->arena, (size_t)w->n, double);
    w->shift = TNN_NEW_ARRAY(w->arena, (size_t)w->n, double);
    if (w->scale == NULL || w->shift == NULL) return tnn_fail_nomem(err);
    for (int64_t c = 0; c < w->n; c++) means += mean_of(w, c), stds += std_of(w, c);
    w->common_std = all_alike(w->stats->std, w->stats->n_std) ? std_of(w, 0) : stds / (double)w->n;
    w->zero_point = fmin(fmax(nearbyint(means / (double)w->n), 0), MAX_BYTE);
    for (int64_t c = 0; c < w->n; c++) {
        w->scale[c] = w->common_std / std_of(w, c);
        w->shift[c] = (w->zero_point - mean_of(w, c)) / std_of(w, c);
    }
    return TNN_OK;
}

static bool is_shifted(const work *w) {
    for (int64_t c = 0; c < w->n; c++)
        if (w->shift[c] != 0) return true;
    return false;
}

static bool is_scaled(const work *w) {
    for (int64_t c = 0; c < w->n; c++)
        if (w->scale[c] != 1) return true;
    return false;
}

/* ---- what stands in the way ---- */

static bool pads(const tnn_node *conv) {
    const tnn_arg *padding = tnn_node_arg(conv, "padding");
    for (uint32_t i = 0; i < padding->n; i++)
        if (padding->as.sizes[i].hint != 0) return true;
    return false;
}

static int64_t channels_of(const tnn_node *conv) {
    return tnn_node_operand(conv, 1)->shape.dims[1].hint * tnn_arg_int(tnn_node_arg(conv, "groups"));
}

/* Do all readers of [C, H, W] take its first dimension for channels, not some, of one dimension, its second? */
static bool reads_like_first(const work *w, const tnn_node *conv) {
    const tnn_node *first = w->input->users[0];
    return !tnn_node_is(first, TNN_OP_convolution) ||
           tnn_node_operand(first, 1)->shape.rank == tnn_node_operand(conv, 1)->shape.rank;
}

/* Why the numbers cannot go into the reader; NULL: they can. */
static const char *hindrance(const work *w, const tnn_node *node) {
    if (!tnn_node_is(node, TNN_OP_convolution)) return "is no convolution";
    const tnn_value *bias = tnn_node_operand(node, 2);
    if (tnn_arg_bool(tnn_node_arg(node, "transposed"))) return "is a transposed convolution, whose borders have fewer terms";
    if (tnn_node_operand(node, 1) == w->input || bias == w->input) return "has it as weights";
    if (tnn_node_operand(node, 1)->constant == NULL || (bias != NULL && bias->constant == NULL))
        return "has weights that are no constants";
    if (!reads_like_first(w, node)) return "has its channels along another dimension than others";
    if (is_shifted(w) && pads(node)) return "pads with zeros, which are no bytes when means differ or are no whole numbers";
    return NULL;
}

static void list_hindrances(const work *w, tnn_strbuf *out) {
    const tnn_value *input = w->input;
    if (tnn_value_n_output_uses(w->graph, input) > 0) tnn_strbuf_add(out, "; it is an output of the model, too");
    for (const tnn_node *node = w->graph->first; node != NULL; node = node->next) {
        bool is_reader = false;
        for (size_t s = 0; s < tnn_node_n_operands(node); s++) is_reader = is_reader || tnn_node_operand(node, s) == input;
        const char *why = is_reader ? hindrance(w, node) : NULL;
        if (why != NULL) tnn_strbuf_printf(out, "; \"%s\" (%s), which reads it, %s", node->outputs[0]->name, node->op->name, why);
    }
}

/* ---- into the readers ---- */

/* One number for all channels becomes one for each. */
static tnn_status spread(work *w, int64_t n, tnn_error *err) {
    double *scale = TNN_NEW_ARRAY(w->arena, (size_t)n, double), *shift = TNN_NEW_ARRAY(w->arena, (size_t)n, double);
    if (scale == NULL || shift == NULL) return tnn_fail_nomem(err);
    if (w->n != 1 && w->n != n)
        return tnn_fail(err, TNN_ERR_INVALID, w->input->name, "%lld means or stds for %lld channels", (long long)w->n,
                        (long long)n);
    for (int64_t c = 0; c < n; c++) {
        scale[c] = w->scale[w->n > 1 ? c : 0];
        shift[c] = w->shift[w->n > 1 ? c : 0];
    }
    w->n = n;
    w->scale = scale;
    w->shift = shift;
    return TNN_OK;
}

static tnn_status set_bias(const work *w, tnn_node *conv, const double *numbers, int64_t n, tnn_error *err) {
    const tnn_recipe *recipe;
    tnn_value *value;
    TNN_TRY(tnn_rewrite_numbers(&recipe, w->arena, TNN_DTYPE_F32, 1, &n, numbers, err));
    if (tnn_node_operand(conv, 2) != NULL) return tnn_rewrite_constant(conv, 2, recipe, err);
    const char *name = tnn_rewrite_bias_name(w->arena, tnn_node_operand(conv, 1));
    if (name == NULL) return tnn_fail_nomem(err);
    TNN_TRY(tnn_graph_constant(&value, w->graph, name, recipe, err));
    return tnn_node_set_arg(conv, 2, tnn_arg_of_tensor(value), err);
}

static tnn_status fold_into(const work *w, tnn_node *conv, tnn_error *err) {
    const tnn_recipe *weight = tnn_node_operand(conv, 1)->constant, *scaled;
    const tnn_value *bias = tnn_node_operand(conv, 2);
    int64_t groups = tnn_arg_int(tnn_node_arg(conv, "groups")), n = weight->dims[0];
    double *numbers = TNN_NEW_ARRAY(w->arena, (size_t)n, double);
    if (numbers == NULL) return tnn_fail_nomem(err);
    if (bias != NULL) TNN_TRY(tnn_recipe_numbers(&numbers, w->arena, bias->constant, err));
    TNN_TRY(tnn_add_shift_sums(numbers, weight, groups, w->shift, err));
    TNN_TRY(tnn_scale_inner(&scaled, w->arena, weight, groups, w->scale, err));
    if (is_shifted(w)) TNN_TRY(set_bias(w, conv, numbers, n, err));
    return tnn_rewrite_constant(conv, 1, scaled, err);
}

/* v = (x - shift) / scale */
static tnn_status make_map(const work *w, tnn_raw_map *out, uint8_t channel_dim, tnn_error *err) {
    *out = (tnn_raw_map){.n = w->n, .inner = 1};
    out->scale = TNN_NEW_ARRAY(w->arena, (size_t)w->n, double);
    out->shift = TNN_NEW_ARRAY(w->arena, (size_t)w->n, double);
    if (out->scale == NULL || out->shift == NULL) return tnn_fail_nomem(err);
    for (int64_t c = 0; c < w->n; c++) {
        out->scale[c] = 1 / w->scale[c];
        out->shift[c] = -w->shift[c] / w->scale[c];
    }
    for (uint8_t d = (uint8_t)(channel_dim + 1); d < w->input->shape.rank; d++) out->inner *= w->input->shape.dims[d].hint;
    return TNN_OK;
}

static tnn_status fold(work *w, tnn_raw_map *out, tnn_error *err) {
    const tnn_node *first = w->input->users[0];
    uint8_t channel_dim = (uint8_t)(w->input->shape.rank + 1 - tnn_node_operand(first, 1)->shape.rank);
    TNN_TRY(spread(w, channels_of(first), err));
    for (size_t i = 0; i < w->input->n_users; i++) TNN_TRY(fold_into(w, w->input->users[i], err));
    return make_map(w, out, channel_dim, err);
}

/* ---- all of it ---- */

/* What cannot be folded: the nearest zero point, if the numbers are otherwise one scale. */
static tnn_status round_or_refuse(const work *w, const char *hindrances, tnn_error *err) {
    const char *name = w->input->name;
    bool one = all_alike(w->stats->mean, w->stats->n_mean) && !is_scaled(w);
    double mean = mean_of(w, 0), distance = w->zero_point - mean;
    if (!one || fabs(distance) > 0.5)
        return tnn_fail(err, TNN_ERR_UNSUPPORTED, name,
                        "mean and std cannot be folded into its readers%s; one std for all channels and one mean, a whole "
                        "number from 0 to %d, need no folding", hindrances, MAX_BYTE);
    return tnn_graph_model_warn(w->graph->model, err,
                                "input \"%s\": the zero point is %g for a mean of %g, so its numbers are %g %s%s", name,
                                w->zero_point, mean, fabs(distance) / w->common_std, distance > 0 ? "too low" : "too high",
                                hindrances);
}

static tnn_status fold_or_round(work *w, tnn_raw_map *out, tnn_error *err) {
    tnn_strbuf hindrances = {0};
    list_hindrances(w, &hindrances);
    bool free = hindrances.length == 0 && w->input->n_users > 0;
    tnn_status status = hindrances.failed ? tnn_fail_nomem(err)
                        : free            ? fold(w, out, err)
                                          : round_or_refuse(w, hindrances.length > 0 ? hindrances.data : "", err);
    tnn_strbuf_free(&hindrances);
    return status;
}

tnn_status tnn_raw_input(tnn_raw_map *out, tnn_graph *graph, tnn_value *input, const tnn_raw_stats *stats,
                         tnn_error *err) {
    work w = {.graph = graph, .arena = graph->model->arena, .input = input, .stats = stats};
    *out = (tnn_raw_map){0};
    w.n = (int64_t)(stats->n_mean > stats->n_std ? stats->n_mean : stats->n_std);
    TNN_TRY(check(&w, err));
    TNN_TRY(choose_numbers(&w, err));
    if (is_shifted(&w) || is_scaled(&w)) TNN_TRY(fold_or_round(&w, out, err));
    int64_t zero_point = (int64_t)w.zero_point - INT8_ZERO;
    return tnn_quant_one(&input->quant, w.arena, TNN_DTYPE_I8, (float)(1 / w.common_std), zero_point, err);
}
