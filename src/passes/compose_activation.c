/* Activations that a program, or PyTorch's decompositions, spelled out are one operator again.
 *
 *   clamp(clamp(x, a, b), c, d)           clamp(x, max(a, c), min(b, d)), where these are in order
 *   x * clamp(x + 3, 0, 6) / 6            hardswish(x), with the 6 as a divisor or factor of either side
 *   where(x > 0, x, x * number)           leaky_relu(x, number)
 *   where(x > 0, x, x * w)                prelu(x, w), w constant: one number, or one a channel
 */
#include <math.h>

#include "ops/list.h"
#include "passes/passes.h"
#include "passes/rewrite.h"

/* The node before, of operator `id`, that nothing happens behind; NULL: none. */
static tnn_node *producer_of(const tnn_value *value, int id) {
    tnn_node *node = value ? value->producer : NULL;
    return node && tnn_node_is(node, id) && node->activation == TNN_ACT_NONE ? node : NULL;
}

static tnn_value *tensor_at(const tnn_node *node, size_t index) {
    return node->args[index].kind == TNN_ARG_TENSOR ? node->args[index].as.tensor : NULL;
}

static bool number_at(const tnn_node *node, size_t index, double *out) {
    tnn_arg_kind kind = node->args[index].kind;
    if (kind != TNN_ARG_FLOAT && kind != TNN_ARG_INT) return false;
    *out = tnn_arg_number(&node->args[index]);
    return true;
}

/* The node's result is that of `op` on these arguments. */
static tnn_status replace(tnn_node *node, const tnn_op *op, const tnn_arg *args, size_t n_args, tnn_error *err) {
    tnn_node *whole;
    TNN_TRY(tnn_op_append(&whole, node->graph, node, op, args, n_args, NULL, err));
    tnn_rewrite_origin(whole, node);
    whole->activation = node->activation;
    return tnn_rewrite_renamed(node, whole->outputs[0], err);
}

/* ---- clamp ---- */

enum { MIN = 1, MAX };

/* The stronger of the bounds of two clamps, which is the larger minimum or the smaller maximum, or a NaN; one may be
 * absent. */
static const tnn_arg *stronger(const tnn_node *a, const tnn_node *b, size_t index) {
    const tnn_arg *x = &a->args[index], *y = &b->args[index];
    if (x->kind == TNN_ARG_NONE || y->kind == TNN_ARG_NONE) return x->kind == TNN_ARG_NONE ? y : x;
    double a_bound = tnn_arg_number(x), b_bound = tnn_arg_number(y);
    bool weaker = index == MIN ? a_bound < b_bound : a_bound > b_bound;
    return weaker || isnan(b_bound) ? y : x;
}

/* No number is below `low` and above `high` at once, and neither is a NaN. */
static bool in_order(const tnn_arg *low, const tnn_arg *high) {
    double least = low->kind == TNN_ARG_NONE ? -(double)INFINITY : tnn_arg_number(low);
    double most = high->kind == TNN_ARG_NONE ? (double)INFINITY : tnn_arg_number(high);
    return least <= most;
}

static tnn_status merge_clamps(tnn_node *node, tnn_error *err) {
    tnn_node *before = producer_of(node->args[0].as.tensor, TNN_OP_clamp);
    if (!before || before->args[0].as.tensor->dtype != node->outputs[0]->dtype ||
        before->outputs[0]->dtype != node->outputs[0]->dtype)
        return TNN_OK;
    tnn_arg low = *stronger(node, before, MIN), high = *stronger(node, before, MAX);
    if (!in_order(&low, &high)) return TNN_OK;
    TNN_TRY(tnn_node_set_arg(node, MIN, low, err));
    TNN_TRY(tnn_node_set_arg(node, MAX, high, err));
    return tnn_node_set_arg(node, 0, before->args[0], err);
}

/* ---- hardswish ---- */

/* A value as a factor times another. */
typedef struct scaled {
    const tnn_value *value;
    double factor;
} scaled;

static scaled unscale(const tnn_value *value) {
    tnn_node *mul = producer_of(value, TNN_OP_mul), *div = producer_of(value, TNN_OP_div);
    double number;
    if (mul && tensor_at(mul, 0) && number_at(mul, 1, &number)) return (scaled){tensor_at(mul, 0), number};
    if (mul && tensor_at(mul, 1) && number_at(mul, 0, &number)) return (scaled){tensor_at(mul, 1), number};
    if (div && tensor_at(div, 0) && number_at(div, 1, &number) &&
        tnn_node_arg(div, "rounding_mode")->kind == TNN_ARG_NONE)
        return (scaled){tensor_at(div, 0), 1 / number};
    return (scaled){value, 1};
}

/* Is it clamp(x + 3, 0, 6)? */
static bool is_gate_of(const tnn_value *value, const tnn_value *x) {
    tnn_node *clamp = producer_of(value, TNN_OP_clamp);
    double low, high, term;
    if (!clamp || !number_at(clamp, MIN, &low) || !number_at(clamp, MAX, &high) || low != 0 || high != 6) return false;
    tnn_node *add = producer_of(clamp->args[0].as.tensor, TNN_OP_add);
    if (!add || tnn_arg_number(tnn_node_arg(add, "alpha")) != 1) return false;
    size_t index = tensor_at(add, 0) == x ? 0 : 1;
    return tensor_at(add, index) == x && number_at(add, 1 - index, &term) && term == 3;
}

/* One that a float32 sixth or a division by 6 gives. */
static bool is_sixth(double factor) { return fabs(factor * 6 - 1) < 1e-6; }

/* The x of which the node's result, which may be scaled, is the hardswish; NULL: of none. */
static tnn_value *hardswish_input(tnn_node *node) {
    scaled whole = unscale(node->outputs[0]);
    tnn_node *product = producer_of(whole.value, TNN_OP_mul);
    if (!product) return NULL;
    for (size_t i = 0; i < 2; i++) {
        tnn_value *x = tensor_at(product, i);
        scaled gate = unscale(tensor_at(product, 1 - i));
        if (x && gate.value && is_gate_of(gate.value, x) && is_sixth(whole.factor * gate.factor)) return x;
    }
    return NULL;
}

static tnn_status compose_hardswish(tnn_node *node, tnn_error *err) {
    tnn_value *x = hardswish_input(node);
    if (!x || x->dtype != node->outputs[0]->dtype || !tnn_dtype_is_float(x->dtype)) return TNN_OK;
    tnn_arg arg = tnn_arg_of_tensor(x);
    return replace(node, &tnn_op_hardswish.op, &arg, 1, err);
}

/* ---- leaky_relu and prelu ---- */

/* The condition is x > 0. */
static bool is_positive(const tnn_value *condition, const tnn_value *x) {
    tnn_node *gt = producer_of(condition, TNN_OP_gt);
    double number;
    return gt && tensor_at(gt, 0) == x && number_at(gt, 1, &number) && number == 0;
}

/* One number, or one for each place of dimension 1 of x. */
static bool is_slope_of(const tnn_value *weight, const tnn_value *x) {
    uint8_t rank = weight->shape.rank;
    int64_t n;
    if (!weight->constant || weight->dtype != x->dtype || !tnn_shape_count(&weight->shape, &n)) return false;
    if (n == 1) return true;
    return x->shape.rank > 1 && rank >= x->shape.rank - 1 && n == x->shape.dims[1].hint &&
           weight->shape.dims[rank - x->shape.rank + 1].hint == n;
}

static tnn_status compose_prelu(tnn_node *node, tnn_value *x, tnn_value *weight, tnn_error *err) {
    tnn_size all = tnn_size_const(-1);
    tnn_node *flat;
    tnn_arg args[] = {tnn_arg_of_tensor(weight), tnn_arg_of_sizes(&all, 1)};
    TNN_TRY(tnn_op_append(&flat, node->graph, node, &tnn_op_reshape.op, args, 2, NULL, err));
    args[0] = tnn_arg_of_tensor(x);
    args[1] = tnn_arg_of_tensor(flat->outputs[0]);
    return replace(node, &tnn_op_prelu.op, args, 2, err);
}

static tnn_status compose_slope(tnn_node *node, tnn_error *err) {
    tnn_value *x = tensor_at(node, 1);
    tnn_node *mul = producer_of(tensor_at(node, 2), TNN_OP_mul);
    if (!x || !mul || x->dtype != node->outputs[0]->dtype || !tnn_dtype_is_float(x->dtype) ||
        !is_positive(tensor_at(node, 0), x))
        return TNN_OK;
    size_t index = tensor_at(mul, 0) == x ? 0 : 1;
    tnn_value *weight = tensor_at(mul, 1 - index);
    double slope;
    if (tensor_at(mul, index) != x) return TNN_OK;
    if (weight) return is_slope_of(weight, x) ? compose_prelu(node, x, weight, err) : TNN_OK;
    if (!number_at(mul, 1 - index, &slope)) return TNN_OK;
    tnn_arg args[] = {tnn_arg_of_tensor(x), tnn_arg_of_float(slope)};
    return replace(node, &tnn_op_leaky_relu.op, args, 2, err);
}

tnn_status tnn_pass_compose(tnn_graph *graph, tnn_error *err) {
    for (tnn_node *node = graph->first, *next; node; node = next) {
        next = node->next;
        if (tnn_node_is(node, TNN_OP_clamp)) TNN_TRY(merge_clamps(node, err));
        else if (tnn_node_is(node, TNN_OP_mul) || tnn_node_is(node, TNN_OP_div)) TNN_TRY(compose_hardswish(node, err));
        else if (tnn_node_is(node, TNN_OP_where)) TNN_TRY(compose_slope(node, err));
    }
    return TNN_OK;
}
