/* A linear layer whose result is taken apart along its last dimension becomes a layer for each part, so that the gates of a
 * recurrent network are layers of their own:
 *
 *     y = linear(x, weight, bias) + z          a = linear(x, weight[:4], bias[:4]) + z[:4]
 *     a, b = sigmoid(y[:4]), tanh(y[4:])       b = linear(x, weight[4:], bias[4:]) + z[4:]    and their activations
 *
 * Slices move from the readers of a node to its operands, from the end of the graph to its beginning, until they cut the
 * weights, which are constants. */
#include "ops/list.h"
#include "ops/slice.h"
#include "passes/passes.h"
#include "passes/rewrite.h"

enum { INPUT, WEIGHT, BIAS };

/* How far above a slice a layer is looked for: a recurrent step has a slice, a sum and an activation between. */
#define MAX_DISTANCE 8

static uint8_t last_dim(const tnn_value *value) { return (uint8_t)(value->shape.rank - 1); }

static int64_t last_size(const tnn_value *value) { return value->shape.dims[last_dim(value)].hint; }

/* ---- where it is worth while ---- */

static bool cuts_last_dim(const tnn_node *node) {
    if (!tnn_node_is(node, TNN_OP_slice) || node->activation != TNN_ACT_NONE) return false;
    const tnn_value *whole = node->args[INPUT].as.tensor;
    tnn_slice_range range = tnn_slice_range_of(node);
    return range.dim == last_dim(whole) && range.step == 1 && range.count > 0 && !whole->shape.dims[range.dim].expr;
}

/* Is all that becomes of the node's result parts of it? */
static bool is_taken_apart(const tnn_node *node) {
    const tnn_value *result = node->outputs[0];
    if (node->n_outputs != 1 || result->n_users < 2 || node->activation != TNN_ACT_NONE) return false;
    for (size_t i = 0; i < result->n_users; i++)
        if (!cuts_last_dim(result->users[i])) return false;
    return tnn_value_n_output_uses(node->graph, result) == 0;
}

static bool is_layer(const tnn_node *node) {
    return tnn_node_is(node, TNN_OP_linear) && node->args[WEIGHT].as.tensor->constant != NULL;
}

static bool is_element_wise(const tnn_node *node) {
    const tnn_op_row *row = tnn_op_row_of(node->op);
    return row && (row->op_class == TNN_CLASS_UNARY || row->op_class == TNN_CLASS_BINARY);
}

/* Has the operand the last dimension of the result? Else it is the same for all of that. */
static bool runs_along(const tnn_value *operand, const tnn_value *result) {
    return operand->shape.rank > 0 && last_size(operand) == last_size(result);
}

static bool comes_of_layer(const tnn_value *value, int distance) {
    const tnn_node *node = value->producer;
    if (!node || distance == 0 || node->activation != TNN_ACT_NONE) return false;
    if (is_layer(node)) return true;
    if (tnn_node_is(node, TNN_OP_slice)) return comes_of_layer(node->args[INPUT].as.tensor, distance - 1);
    for (size_t s = 0; is_element_wise(node) && s < tnn_node_n_operands(node); s++) {
        const tnn_value *operand = tnn_node_operand(node, s);
        if (operand && runs_along(operand, value) && comes_of_layer(operand, distance - 1)) return true;
    }
    return false;
}

/* ---- one part ---- */

static tnn_status append_slice(tnn_node *before, tnn_value *value, uint8_t dim, int64_t start, int64_t count,
                               tnn_value **out, tnn_error *err) {
    tnn_arg args[] = {tnn_arg_of_tensor(value), tnn_arg_of_int(dim), tnn_arg_of_int(start), tnn_arg_of_int(start + count)};
    tnn_node *slice;
    TNN_TRY(tnn_op_append(&slice, before->graph, before, &tnn_op_slice.op, args, 4, NULL, err));
    tnn_rewrite_origin(slice, before);
    *out = slice->outputs[0];
    return TNN_OK;
}

static tnn_status cut_arg(tnn_node *node, tnn_arg *arg, uint8_t dim, int64_t start, int64_t count, tnn_error *err) {
    tnn_value *part;
    TNN_TRY(append_slice(node, arg->as.tensor, dim, start, count, &part, err));
    *arg = tnn_arg_of_tensor(part);
    return TNN_OK;
}

/* Cut the operands in `args`, a copy of the node's, to what places [start, start + count) of the result need. */
static tnn_status cut_args(tnn_node *node, tnn_arg *args, int64_t start, int64_t count, tnn_error *err) {
    if (is_layer(node)) {
        TNN_TRY(cut_arg(node, &args[WEIGHT], 0, start, count, err));
        return args[BIAS].kind == TNN_ARG_TENSOR ? cut_arg(node, &args[BIAS], 0, start, count, err) : TNN_OK;
    }
    for (size_t i = 0; i < node->schema->n_args; i++) {
        if (args[i].kind != TNN_ARG_TENSOR) continue;
        const tnn_value *operand = args[i].as.tensor;
        if (tnn_node_is(node, TNN_OP_slice) || runs_along(operand, node->outputs[0]))
            TNN_TRY(cut_arg(node, &args[i], last_dim(operand), start, count, err));
    }
    return TNN_OK;
}

/* Places [start, start + count) of the node's result, in front of the node. */
static tnn_status make_part(tnn_node *node, int64_t start, int64_t count, tnn_value **out, tnn_error *err) {
    size_t n = node->schema->n_args;
    tnn_node *part;
    if (cuts_last_dim(node)) {
        tnn_slice_range own = tnn_slice_range_of(node);
        return append_slice(node, node->args[INPUT].as.tensor, own.dim, own.start + start, count, out, err);
    }
    tnn_arg *args = TNN_NEW_ARRAY(node->graph->model->arena, n, tnn_arg);
    if (!args) return tnn_fail_nomem(err);
    for (size_t i = 0; i < n; i++) args[i] = node->args[i];
    TNN_TRY(cut_args(node, args, start, count, err));
    TNN_TRY(tnn_op_append(&part, node->graph, node, node->op, args, n, NULL, err));
    tnn_rewrite_origin(part, node);
    *out = part->outputs[0];
    return TNN_OK;
}

/* ---- all parts ---- */

typedef struct part {
    tnn_slice_range range;
    tnn_value *value;
} part;

static part *find_part(part *parts, size_t n, tnn_slice_range range) {
    for (size_t i = 0; i < n; i++)
        if (parts[i].range.start == range.start && parts[i].range.count == range.count) return &parts[i];
    return NULL;
}

static tnn_status take_apart(tnn_node *node, tnn_error *err) {
    const tnn_value *result = node->outputs[0];
    part *parts = TNN_NEW_ARRAY(node->graph->model->arena, result->n_users, part);
    size_t n = 0;
    if (!parts) return tnn_fail_nomem(err);
    while (result->n_users > 0) {
        tnn_node *slice = result->users[0];
        tnn_slice_range range = tnn_slice_range_of(slice);
        part *made = find_part(parts, n, range);
        if (made) {
            TNN_TRY(tnn_rewrite_node(slice, made->value, err));
            continue;
        }
        made = &parts[n++];
        made->range = range;
        TNN_TRY(make_part(node, range.start, range.count, &made->value, err));
        TNN_TRY(tnn_rewrite_renamed(slice, made->value, err));
    }
    tnn_node_remove(node);
    return TNN_OK;
}

static bool can_be_cut(const tnn_node *node) {
    if (!tnn_node_is(node, TNN_OP_slice)) return is_layer(node) || is_element_wise(node);
    return cuts_last_dim(node) || tnn_slice_range_of(node).dim != last_dim(node->outputs[0]);
}

tnn_status tnn_pass_part_linear(tnn_graph *graph, tnn_error *err) {
    for (tnn_node *node = graph->last, *prev; node; node = prev) {
        prev = node->prev;
        if (!can_be_cut(node) || !is_taken_apart(node)) continue;
        if (!comes_of_layer(node->outputs[0], MAX_DISTANCE)) continue;
        TNN_TRY(take_apart(node, err));
    }
    return TNN_OK;
}
