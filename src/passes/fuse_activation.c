/* An activation becomes a property of the node before it. */
#include <math.h>

#include "ops/list.h"
#include "passes/passes.h"
#include "passes/rewrite.h"

/* A bound of a clamp, or `otherwise` when it has none. */
static double bound(const tnn_node *clamp, const char *name, double otherwise) {
    const tnn_arg *arg = tnn_node_arg(clamp, name);
    return arg->kind == TNN_ARG_NONE ? otherwise : tnn_arg_number(arg);
}

static tnn_activation activation_of(const tnn_node *node) {
    if (tnn_node_is(node, TNN_OP_relu)) return TNN_ACT_RELU;
    if (!tnn_node_is(node, TNN_OP_clamp)) return TNN_ACT_NONE;
    double low = bound(node, "min", -(double)INFINITY), high = bound(node, "max", (double)INFINITY);
    if (low == 0 && high == 6) return TNN_ACT_RELU6;
    if (low == 0 && high == (double)INFINITY) return TNN_ACT_RELU;
    return low == -1 && high == 1 ? TNN_ACT_RELU_N1_TO_1 : TNN_ACT_NONE;
}

/* The node that alone feeds `node` and has no activation yet. */
static tnn_node *bare_producer(const tnn_node *node) {
    const tnn_value *input = node->args[0].as.tensor;
    tnn_node *producer = input->producer;
    bool bare = producer && input->output_index == 0 && producer->activation == TNN_ACT_NONE &&
                input->dtype == node->outputs[0]->dtype && tnn_rewrite_single_use(node->graph, input);
    return bare ? producer : NULL;
}

tnn_status tnn_pass_activation(tnn_graph *graph, bool (*can_fuse)(const tnn_node *node, tnn_activation act),
                               tnn_error *err) {
    for (tnn_node *node = graph->first, *next; node; node = next) {
        next = node->next;
        tnn_activation act = node->activation == TNN_ACT_NONE ? activation_of(node) : TNN_ACT_NONE;
        tnn_node *producer = act != TNN_ACT_NONE ? bare_producer(node) : NULL;
        if (!producer || !can_fuse(producer, act)) continue;
        producer->activation = act;
        TNN_TRY(tnn_rewrite_renamed(node, producer->outputs[0], err));
    }
    return TNN_OK;
}
