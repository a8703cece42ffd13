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
static tnn_status simplify(tnn_graph *graph, bool all, tnn_error *err) {
    TNN_TRY(tnn_pass_dead(graph, err));
    if (all) TNN_TRY(tnn_pass_scatter(graph, err));
    if (all) TNN_TRY(tnn_pass_slice(graph, err));
    TNN_TRY(tnn_pass_identity(graph, err));
    TNN_TRY(tnn_pass_broadcast(graph, err));
    if (all) TNN_TRY(tnn_pass_cat(graph, err));
    TNN_TRY(tnn_pass_constants(graph, err));
    return tnn_pass_numbers(graph, err);
}

static tnn_status part_linear(tnn_graph *graph, tnn_error *err) {
    TNN_TRY(tnn_pass_part_linear(graph, err));
    return tnn_pass_constants(graph, err); /* the parts of the weights */
}

static tnn_status fuse(tnn_graph *graph, const tnn_prepare_options *options, tnn_error *err) {
    TNN_TRY(tnn_pass_shuffle(graph, err));
    TNN_TRY(tnn_pass_linear(graph, err));
    return options->can_fuse ? tnn_pass_activation(graph, options->can_fuse, err) : TNN_OK;
}

tnn_status tnn_pass_prepare(tnn_graph *graph, const tnn_prepare_options *options, tnn_error *err) {
    bool all = options->level == TNN_PREPARE_ALL;
    TNN_TRY(simplify(graph, all, err));
    TNN_TRY(tnn_pass_float32(graph, err)); /* behind folding, which computes constants in their own types */
    TNN_TRY(tnn_pass_identity(graph, err));
    if (options->level >= TNN_PREPARE_BATCH_NORMS) TNN_TRY(tnn_pass_batch_norm(graph, err));
    if (all) TNN_TRY(tnn_pass_pad(graph, err));
    TNN_TRY(tnn_pass_expand(graph, options->keeps, err));
    if (all) TNN_TRY(tnn_pass_compose(graph, err));
    TNN_TRY(simplify(graph, all, err));
    if (options->part_linear) TNN_TRY(part_linear(graph, err));
    if (all) TNN_TRY(fuse(graph, options, err));
    TNN_TRY(tnn_pass_dead(graph, err));
    return tnn_pass_verify(graph, err);
}
