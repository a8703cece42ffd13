/* Constant factors and terms around a linear layer into its weight and bias, and a product with a constant matrix as a
 * linear layer.
 *
 *   linear(x * s)     weight[o, k] * s[k]
 *   linear(x + c)     bias[o] + sum over k of weight[o, k] * c[k]
 *   linear(x) * s     weight[o, k] * s[o], bias[o] * s[o]
 *   linear(x) + c     bias[o] + c[o]
 *
 * The weight and the bias of a layer norm disappear so into the layer behind it, and the factor of an attention into
 * the layer before it. A factor that is one number passes through views. A layer between a reshape of its leading
 * dimensions and one back, as decompositions have it, takes them as they are. */
#include "ops/list.h"
#include "passes/channel_affine.h"
#include "passes/passes.h"
#include "passes/rewrite.h"

enum { INPUT, WEIGHT, BIAS };

static bool is_foldable(const tnn_node *node) {
    if (!tnn_node_is(node, TNN_OP_linear) || node->activation != TNN_ACT_NONE) return false;
    const tnn_value *weight = node->args[WEIGHT].as.tensor, *bias = tnn_arg_tensor(&node->args[BIAS]);
    return weight->constant && weight->constant->rank == 2 && tnn_dtype_is_float(weight->dtype) &&
           (!bias || bias->constant);
}

/* The layer's bias as numbers, zeros when it has none. */
static tnn_status bias_numbers(double **out, const tnn_node *linear, tnn_error *err) {
    tnn_arena *arena = linear->graph->model->arena;
    const tnn_value *bias = tnn_arg_tensor(&linear->args[BIAS]);
    if (bias) return tnn_recipe_numbers(out, arena, bias->constant, err);
    *out = TNN_NEW_ARRAY(arena, (size_t)linear->args[WEIGHT].as.tensor->constant->dims[0], double);
    return *out ? TNN_OK : tnn_fail_nomem(err);
}

static tnn_status set_bias(tnn_node *linear, const double *numbers, tnn_error *err) {
    tnn_graph *graph = linear->graph;
    const tnn_value *weight = linear->args[WEIGHT].as.tensor;
    const tnn_recipe *recipe;
    tnn_value *value;
    TNN_TRY(tnn_rewrite_numbers(&recipe, graph->model->arena, weight->dtype, 1, weight->constant->dims, numbers, err));
    if (tnn_arg_tensor(&linear->args[BIAS])) return tnn_rewrite_constant(linear, BIAS, recipe, err);
    const char *name = tnn_rewrite_bias_name(graph->model->arena, weight);
    if (!name) return tnn_fail_nomem(err);
    TNN_TRY(tnn_graph_constant(&value, graph, name, recipe, err));
    return tnn_node_set_arg(linear, BIAS, tnn_arg_of_tensor(value), err);
}

/* ---- what is multiplied or added ---- */

/* An addition or multiplication of a tensor by a constant that differs along its last dimension at most. */
typedef struct step {
    tnn_node *node;
    tnn_value *x;    /* of the result's shape */
    bool multiplies; /* else adds */
    bool is_number;  /* all of `numbers` are one number */
    double *numbers; /* one for each place of the last dimension */
} step;

/* 1 in all dimensions but the last. */
static bool lies_along_last(const tnn_value *value, int64_t n) {
    const tnn_shape *shape = &value->shape;
    for (uint8_t d = 0; d + 1 < shape->rank; d++)
        if (shape->dims[d].hint != 1) return false;
    return shape->rank > 0 && shape->dims[shape->rank - 1].hint == n;
}

static tnn_status repeat_number(double **out, const tnn_node *node, double number, int64_t n, tnn_error *err) {
    *out = TNN_NEW_ARRAY(node->graph->model->arena, (size_t)n, double);
    if (!*out) return tnn_fail_nomem(err);
    for (int64_t i = 0; i < n; i++) (*out)[i] = number;
    return TNN_OK;
}

/* The constant in argument `index`; `numbers` stays NULL when it is none that fits. */
static tnn_status read_constant(step *s, size_t index, int64_t n, tnn_error *err) {
    const tnn_arg *arg = &s->node->args[index];
    if (arg->kind != TNN_ARG_TENSOR) {
        s->is_number = true;
        return repeat_number(&s->numbers, s->node, tnn_arg_number(arg), n, err);
    }
    const tnn_value *value = arg->as.tensor;
    if (!value->constant || value->dtype != s->node->outputs[0]->dtype || !lies_along_last(value, n)) return TNN_OK;
    return tnn_recipe_numbers(&s->numbers, s->node->graph->model->arena, value->constant, err);
}

static bool has_result_shape(const tnn_node *node, size_t index) {
    const tnn_value *result = node->outputs[0];
    if (node->args[index].kind != TNN_ARG_TENSOR) return false;
    const tnn_value *value = node->args[index].as.tensor;
    return !value->constant && value->dtype == result->dtype && tnn_shape_equal_hints(&value->shape, &result->shape);
}

/* `out->numbers` is NULL when the node is no such step. */
static tnn_status step_of(step *out, tnn_node *node, tnn_error *err) {
    *out = (step){.node = node, .multiplies = tnn_node_is(node, TNN_OP_mul)};
    bool adds = tnn_node_is(node, TNN_OP_add) && tnn_arg_number(tnn_node_arg(node, "alpha")) == 1;
    if ((!out->multiplies && !adds) || node->activation != TNN_ACT_NONE) return TNN_OK;
    const tnn_shape *shape = &node->outputs[0]->shape;
    if (shape->rank == 0 || shape->dims[shape->rank - 1].expr) return TNN_OK;
    for (size_t i = 0; i < 2 && !out->numbers; i++) {
        if (!has_result_shape(node, i) || has_result_shape(node, 1 - i)) continue;
        out->x = node->args[i].as.tensor;
        TNN_TRY(read_constant(out, 1 - i, shape->dims[shape->rank - 1].hint, err));
    }
    return TNN_OK;
}

/* ---- before the layer ---- */

static tnn_status take_in(tnn_node *linear, const step *s, tnn_error *err) {
    tnn_arena *arena = linear->graph->model->arena;
    const tnn_recipe *weight = linear->args[WEIGHT].as.tensor->constant, *scaled;
    if (s->multiplies) {
        TNN_TRY(tnn_scale_inner(&scaled, arena, weight, 1, s->numbers, err));
        TNN_TRY(tnn_rewrite_constant(linear, WEIGHT, scaled, err));
    } else {
        double *bias;
        TNN_TRY(bias_numbers(&bias, linear, err));
        TNN_TRY(tnn_add_shift_sums(bias, weight, 1, s->numbers, err));
        TNN_TRY(set_bias(linear, bias, err));
    }
    return tnn_rewrite_node(s->node, s->x, err);
}

static tnn_status fold_before(tnn_node *linear, tnn_error *err) {
    for (;;) {
        tnn_value *x = linear->args[INPUT].as.tensor;
        step s;
        if (!x->producer || !tnn_rewrite_single_use(linear->graph, x)) return TNN_OK;
        TNN_TRY(step_of(&s, x->producer, err));
        if (!s.numbers) return TNN_OK;
        TNN_TRY(take_in(linear, &s, err));
    }
}

/* ---- behind it ---- */

static bool is_view(const tnn_node *node) {
    return tnn_node_is(node, TNN_OP_reshape) || tnn_node_is(node, TNN_OP_permute);
}

/* The layer that alone makes what the step takes; a number finds it through views. */
static tnn_node *maker_of(const step *s) {
    for (tnn_value *x = s->x; x->producer && tnn_rewrite_single_use(s->node->graph, x);
         x = x->producer->args[INPUT].as.tensor) {
        if (is_foldable(x->producer)) return x->producer;
        if (!is_view(x->producer) || !s->is_number || !s->multiplies) return NULL;
    }
    return NULL;
}

/* What lies between the layer and the step is no longer what the model calls so. */
static tnn_status name_scaled(const tnn_node *linear, const tnn_value *last, tnn_error *err) {
    tnn_graph *graph = linear->graph;
    while (last != linear->outputs[0]) {
        tnn_value *before = last->producer->args[INPUT].as.tensor;
        const char *name = tnn_arena_printf(graph->model->arena, "%s/scaled", before->name);
        if (!name) return tnn_fail_nomem(err);
        TNN_TRY(tnn_graph_rename(graph, before, name, err));
        last = before;
    }
    return TNN_OK;
}

static tnn_status take_behind(tnn_node *linear, const step *s, tnn_error *err) {
    tnn_arena *arena = linear->graph->model->arena;
    const tnn_recipe *weight = linear->args[WEIGHT].as.tensor->constant, *scaled;
    int64_t n = weight->dims[0];
    double *bias, *scale = s->numbers;
    TNN_TRY(bias_numbers(&bias, linear, err));
    if (s->is_number) TNN_TRY(repeat_number(&scale, linear, s->numbers[0], n, err));
    for (int64_t i = 0; i < n; i++) bias[i] = s->multiplies ? bias[i] * scale[i] : bias[i] + scale[i];
    if (s->multiplies) {
        TNN_TRY(tnn_scale_outer(&scaled, arena, weight, scale, err));
        TNN_TRY(tnn_rewrite_constant(linear, WEIGHT, scaled, err));
    }
    if (!s->multiplies || tnn_arg_tensor(&linear->args[BIAS])) TNN_TRY(set_bias(linear, bias, err));
    TNN_TRY(tnn_rewrite_renamed(s->node, s->x, err));
    linear->outputs[0]->moments = NULL;
    return name_scaled(linear, s->x, err);
}

static tnn_status fold_behind(tnn_node *node, tnn_error *err) {
    step s;
    TNN_TRY(step_of(&s, node, err));
    tnn_node *linear = s.numbers ? maker_of(&s) : NULL;
    return linear ? take_behind(linear, &s, err) : TNN_OK;
}

/* ---- between reshapes ---- */

static bool same_hint(const tnn_shape *a, uint8_t i, const tnn_shape *b, uint8_t j) {
    return a->dims[i].hint == b->dims[j].hint;
}

/* Is `ahead` a reshape that keeps the layer's contracted dimension, and `back` one to the dimensions before it? */
static bool cancel_out(const tnn_node *ahead, const tnn_node *linear, const tnn_node *back) {
    if (!ahead || !tnn_node_is(ahead, TNN_OP_reshape) || ahead->activation != TNN_ACT_NONE) return false;
    const tnn_shape *x = &ahead->args[0].as.tensor->shape, *flat = &ahead->outputs[0]->shape;
    const tnn_shape *y = &linear->outputs[0]->shape, *out = &back->outputs[0]->shape;
    if (x->rank == 0 || flat->rank == 0 || out->rank != x->rank) return false;
    for (uint8_t d = 0; d + 1 < x->rank; d++)
        if (!same_hint(x, d, out, d)) return false;
    return same_hint(x, (uint8_t)(x->rank - 1), flat, (uint8_t)(flat->rank - 1)) &&
           same_hint(out, (uint8_t)(out->rank - 1), y, (uint8_t)(y->rank - 1));
}

static tnn_status drop_reshapes(tnn_node *back, tnn_error *err) {
    tnn_node *linear = back->args[0].as.tensor->producer, *whole;
    if (!linear || !is_foldable(linear) || !tnn_rewrite_single_use(back->graph, linear->outputs[0])) return TNN_OK;
    tnn_node *ahead = linear->args[INPUT].as.tensor->producer;
    if (back->activation != TNN_ACT_NONE || !cancel_out(ahead, linear, back)) return TNN_OK;
    tnn_arg args[] = {ahead->args[0], linear->args[WEIGHT], linear->args[BIAS]};
    TNN_TRY(tnn_op_append(&whole, back->graph, back, linear->op, args, 3, NULL, err));
    tnn_rewrite_origin(whole, linear);
    TNN_TRY(tnn_rewrite_renamed(back, whole->outputs[0], err));
    tnn_node_remove(linear);
    if (tnn_rewrite_unused(whole->graph, ahead->outputs[0])) tnn_node_remove(ahead);
    return fold_before(whole, err);
}

/* ---- products with a constant ---- */

static tnn_status make_linear(tnn_node *matmul, tnn_error *err) {
    static const uint8_t swap[] = {1, 0};
    const tnn_value *other = matmul->args[1].as.tensor;
    const tnn_recipe *recipe;
    tnn_value *weight;
    tnn_node *linear;
    if (!other->constant || other->shape.rank != 2 || !tnn_dtype_is_float(other->dtype)) return TNN_OK;
    TNN_TRY(tnn_recipe_permute(&recipe, matmul->graph->model->arena, other->constant, swap, err));
    TNN_TRY(tnn_graph_constant(&weight, matmul->graph, other->name, recipe, err));
    tnn_arg args[] = {matmul->args[0], tnn_arg_of_tensor(weight)};
    TNN_TRY(tnn_op_append(&linear, matmul->graph, matmul, &tnn_op_linear.op, args, 2, NULL, err));
    tnn_rewrite_origin(linear, matmul);
    return tnn_rewrite_renamed(matmul, linear->outputs[0], err);
}

tnn_status tnn_pass_linear(tnn_graph *graph, tnn_error *err) {
    for (tnn_node *node = graph->first, *next; node; node = next) {
        next = node->next;
        if (tnn_node_is(node, TNN_OP_matmul)) TNN_TRY(make_linear(node, err));
    }
    for (tnn_node *node = graph->first, *next; node; node = next) {
        next = node->next;
        if (is_foldable(node)) TNN_TRY(fold_before(node, err));
        else if (tnn_node_is(node, TNN_OP_reshape)) TNN_TRY(drop_reshapes(node, err));
        else TNN_TRY(fold_behind(node, err));
    }
    return TNN_OK;
}
