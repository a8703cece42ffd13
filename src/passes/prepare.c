#include "passes/prepare.h"

#include "ir/verify.h"
#include "ops/infer.h"
#include "passes/passes.h"

tnn_status tnn_pass_verify(const tnn_graph *graph, tnn_error *err) {
#ifdef NDEBUG
    (void)graph;
    (void)err;
    return TNN_OK;
#else
    return tnn_graph_verify(graph, tnn_ops_verify_infer, err);
#endif
}

/* Dead nodes go first: they would count as readers of what could be fused. */
static tnn_status simplify(tnn_graph *graph, tnn_error *err) {
    TNN_TRY(tnn_pass_dead(graph, err));
    TNN_TRY(tnn_pass_scatter(graph, err));
    TNN_TRY(tnn_pass_slice(graph, err));
    TNN_TRY(tnn_pass_identity(graph, err));
    TNN_TRY(tnn_pass_broadcast(graph, err));
    TNN_TRY(tnn_pass_cat(graph, err));
    TNN_TRY(tnn_pass_constants(graph, err));
    return tnn_pass_numbers(graph, err);
}

tnn_status tnn_pass_prepare(tnn_graph *graph, bool (*can_fuse)(const tnn_node *node, tnn_activation act),
                            bool (*keeps)(const tnn_op *op), tnn_error *err) {
    TNN_TRY(simplify(graph, err));
    TNN_TRY(tnn_pass_float32(graph, err)); /* behind folding, which computes constants in their own types */
    TNN_TRY(tnn_pass_identity(graph, err));
    TNN_TRY(tnn_pass_batch_norm(graph, err));
    TNN_TRY(tnn_pass_pad(graph, err));
    TNN_TRY(tnn_pass_expand(graph, keeps, err));
    TNN_TRY(tnn_pass_compose(graph, err));
    TNN_TRY(simplify(graph, err));
    TNN_TRY(tnn_pass_shuffle(graph, err));
    TNN_TRY(tnn_pass_linear(graph, err));
    if (can_fuse) TNN_TRY(tnn_pass_activation(graph, can_fuse, err));
    TNN_TRY(tnn_pass_dead(graph, err));
    return tnn_pass_verify(graph, err);
}
