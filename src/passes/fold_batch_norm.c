/* Batch normalisation into the layer before it, w' = w * scale[out channel] and b' = b * scale + shift, or into the
 * layer after it, w' = w * scale[in channel] and b' = b + sum(w * shift).
 *
 * A layer is a convolution or linear with constant weights; its arguments are input, weight, bias. Weights are not
 * copied: the scale is a step on their recipe. What the statistics say of the result stays with it (ir/value_moments.h). */
#include "ir/elems.h"
#include "ir/value_moments.h"
#include "ops/list.h"
#include "passes/channel_affine.h"
#include "passes/passes.h"
#include "passes/rewrite.h"

enum { LAYER_INPUT, LAYER_WEIGHT, LAYER_BIAS };

typedef struct layer {
    tnn_node *node;
    const tnn_recipe *weight, *bias; /* bias NULL: none */
    bool transposed;                 /* weight is [in, out / groups, …], else [out, in / groups, …] */
    int64_t groups;
} layer;

/* A batched convolution, or a linear layer on two dimensions: dimension 1 is the channels'. */
static bool has_channels_second(const tnn_node *node, const tnn_recipe *weight) {
    return node->args[LAYER_INPUT].as.tensor->shape.rank == weight->rank;
}

static bool layer_of(layer *out, tnn_node *node) {
    bool convolution = tnn_node_is(node, TNN_OP_convolution);
    if ((!convolution && !tnn_node_is(node, TNN_OP_linear)) || node->activation != TNN_ACT_NONE) return false;
    const tnn_value *weight = node->args[LAYER_WEIGHT].as.tensor, *bias = tnn_arg_tensor(&node->args[LAYER_BIAS]);
    if (!weight->constant || (bias && !bias->constant) || !tnn_dtype_is_float(weight->dtype)) return false;
    if (!has_channels_second(node, weight->constant)) return false;
    out->node = node;
    out->weight = weight->constant;
    out->bias = bias ? bias->constant : NULL;
    out->transposed = convolution && tnn_arg_bool(tnn_node_arg(node, "transposed"));
    out->groups = convolution ? tnn_arg_int(tnn_node_arg(node, "groups")) : 1;
    return true;
}

static int64_t n_out(const layer *l) {
    return l->transposed ? l->weight->dims[1] * l->groups : l->weight->dims[0];
}

static int64_t n_in(const layer *l) {
    return l->transposed ? l->weight->dims[0] : l->weight->dims[1] * l->groups;
}

/* The layer's bias as numbers, zeros when it has none. */
static tnn_status bias_numbers(double **out, const layer *l, tnn_error *err) {
    tnn_arena *arena = l->node->graph->model->arena;
    if (l->bias) return tnn_recipe_numbers(out, arena, l->bias, err);
    *out = TNN_NEW_ARRAY(arena, (size_t)n_out(l), double);
    return *out ? TNN_OK : tnn_fail_nomem(err);
}

static tnn_status set_bias(const layer *l, const double *numbers, tnn_error *err) {
    tnn_graph *graph = l->node->graph;
    tnn_arena *arena = graph->model->arena;
    const int64_t dims[] = {n_out(l)};
    const tnn_recipe *recipe;
    tnn_value *value;
    TNN_TRY(tnn_rewrite_numbers(&recipe, arena, l->weight->dtype, 1, dims, numbers, err));
    if (l->bias) return tnn_rewrite_constant(l->node, LAYER_BIAS, recipe, err);
    const char *name = tnn_rewrite_bias_name(arena, l->node->args[LAYER_WEIGHT].as.tensor);
    if (!name) return tnn_fail_nomem(err);
    TNN_TRY(tnn_graph_constant(&value, graph, name, recipe, err));
    return tnn_node_set_arg(l->node, LAYER_BIAS, tnn_arg_of_tensor(value), err);
}

/* Dimension 0 of the weight is scaled, or dimension 1 group by group. */
static tnn_status set_weight(const layer *l, bool outer, const double *scale, tnn_error *err) {
    tnn_arena *arena = l->node->graph->model->arena;
    const tnn_recipe *scaled;
    if (outer) TNN_TRY(tnn_scale_outer(&scaled, arena, l->weight, scale, err));
    else TNN_TRY(tnn_scale_inner(&scaled, arena, l->weight, l->groups, scale, err));
    return tnn_rewrite_constant(l->node, LAYER_WEIGHT, scaled, err);
}

static tnn_status fold_into_producer(const layer *l, tnn_node *batch_norm, const tnn_channel_affine *affine,
                                     tnn_error *err) {
    double *bias;
    TNN_TRY(bias_numbers(&bias, l, err));
    for (int64_t i = 0; i < affine->n; i++) bias[i] = bias[i] * affine->scale[i] + affine->shift[i];
    TNN_TRY(set_bias(l, bias, err));
    TNN_TRY(set_weight(l, !l->transposed, affine->scale, err));
    tnn_moments *moments = TNN_NEW(l->node->graph->model->arena, tnn_moments);
    if (!moments) return tnn_fail_nomem(err);
    *moments = (tnn_moments){affine->n, affine->mean, affine->deviation};
    l->node->outputs[0]->moments = moments;
    return tnn_rewrite_renamed(batch_norm, l->node->outputs[0], err);
}

/* The layer whose result only `batch_norm` reads. */
static bool producer_of(layer *out, const tnn_node *batch_norm, int64_t n) {
    const tnn_value *input = batch_norm->args[0].as.tensor;
    return input->producer && tnn_rewrite_single_use(batch_norm->graph, input) && layer_of(out, input->producer) &&
           n_out(out) == n;
}

static bool pads_nowhere(const tnn_node *node) {
    const tnn_arg *padding = tnn_node_is(node, TNN_OP_convolution) ? tnn_node_arg(node, "padding") : NULL;
    for (uint32_t i = 0; padding && i < padding->n; i++) {
        if (padding->as.sizes[i].hint != 0 || padding->as.sizes[i].expr) return false;
    }
    return true;
}

/* A shift adds the same to every output only where each sees all taps: not at a padded border, and not in a transposed
 * convolution, where outputs differ in the taps that reach them. */
static bool takes_shift(const layer *l) {
    return !l->transposed && pads_nowhere(l->node);
}

/* The layer that alone reads what `batch_norm` gives, as its input. */
static bool reader_of(layer *out, const tnn_node *batch_norm, int64_t n) {
    const tnn_value *result = batch_norm->outputs[0];
    return tnn_rewrite_single_use(batch_norm->graph, result) && layer_of(out, result->users[0]) &&
           out->node->args[LAYER_INPUT].as.tensor == result && n_in(out) == n;
}

static tnn_status fold_into_reader(const layer *l, tnn_node *batch_norm, const tnn_channel_affine *affine,
                                   tnn_error *err) {
    if (tnn_channel_affine_shifts(affine)) {
        double *bias;
        TNN_TRY(bias_numbers(&bias, l, err));
        TNN_TRY(tnn_add_shift_sums(bias, l->weight, l->groups, affine->shift, err));
        TNN_TRY(set_bias(l, bias, err));
    }
    TNN_TRY(set_weight(l, l->transposed, affine->scale, err));
    return tnn_rewrite_node(batch_norm, batch_norm->args[0].as.tensor, err);
}

static tnn_status fold(tnn_node *batch_norm, tnn_error *err) {
    tnn_channel_affine affine;
    layer l;
    bool known;
    TNN_TRY(tnn_channel_affine_of(&affine, &known, batch_norm, err));
    if (!known) return TNN_OK;
    if (producer_of(&l, batch_norm, affine.n)) return fold_into_producer(&l, batch_norm, &affine, err);
    if (!reader_of(&l, batch_norm, affine.n)) return TNN_OK;
    if (!takes_shift(&l) && tnn_channel_affine_shifts(&affine)) return TNN_OK;
    return fold_into_reader(&l, batch_norm, &affine, err);
}

tnn_status tnn_pass_batch_norm(tnn_graph *graph, tnn_error *err) {
    for (tnn_node *node = graph->first, *next; node; node = next) {
        next = node->next;
        if (tnn_node_is(node, TNN_OP_batch_norm)) TNN_TRY(fold(node, err));
    }
    return TNN_OK;
}
