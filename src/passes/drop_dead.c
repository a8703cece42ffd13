/* Nodes whose results nobody reads go, last ones first, so that one walk is enough. */
#include "passes/passes.h"
#include "passes/rewrite.h"

static bool is_dead(const tnn_node *node) {
    for (uint32_t i = 0; i < node->n_outputs; i++) {
        if (!tnn_rewrite_unused(node->graph, node->outputs[i])) return false;
    }
    return true;
}

tnn_status tnn_pass_dead(tnn_graph *graph, tnn_error *err) {
    (void)err;
    for (tnn_node *node = graph->last, *prev; node; node = prev) {
        prev = node->prev;
        if (is_dead(node)) tnn_node_remove(node);
    }
    return TNN_OK;
}
