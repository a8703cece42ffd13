/* Which operators have fast kernels, and which of those apply an activation. */
#include "engine/kernels.h"
#include "engine/move.h"
#include "ops/list.h"

const tnn_plan_row tnn_plan_rows[TNN_OP_COUNT] = {
    [TNN_OP_convolution] = {tnn_plan_convolution, true},
    [TNN_OP_linear] = {tnn_plan_linear, true},
    [TNN_OP_matmul] = {tnn_plan_matmul, true},
    [TNN_OP_relu] = {tnn_plan_map, true},
    [TNN_OP_clamp] = {tnn_plan_map, true},
    [TNN_OP_sigmoid] = {tnn_plan_map, true},
    [TNN_OP_tanh] = {tnn_plan_map, true},
    [TNN_OP_hardswish] = {tnn_plan_map, true},
    [TNN_OP_leaky_relu] = {tnn_plan_map, true},
    [TNN_OP_elu] = {tnn_plan_map, true},
    [TNN_OP_gelu] = {tnn_plan_map, true},
    [TNN_OP_exp] = {tnn_plan_map, true},
    [TNN_OP_log] = {tnn_plan_map, true},
    [TNN_OP_sqrt] = {tnn_plan_map, true},
    [TNN_OP_rsqrt] = {tnn_plan_map, true},
    [TNN_OP_neg] = {tnn_plan_map, true},
    [TNN_OP_abs] = {tnn_plan_map, true},
    [TNN_OP_sin] = {tnn_plan_map, true},
    [TNN_OP_cos] = {tnn_plan_map, true},
    [TNN_OP_floor] = {tnn_plan_map, true},
    [TNN_OP_prelu] = {tnn_plan_pair, true},
    [TNN_OP_add] = {tnn_plan_pair, true},
    [TNN_OP_sub] = {tnn_plan_pair, true},
    [TNN_OP_mul] = {tnn_plan_pair, true},
    [TNN_OP_div] = {tnn_plan_pair, true},
    [TNN_OP_maximum] = {tnn_plan_pair, true},
    [TNN_OP_minimum] = {tnn_plan_pair, true},
    [TNN_OP_pow] = {tnn_plan_pair, true},
    [TNN_OP_eq] = {tnn_plan_pair, true},
    [TNN_OP_ne] = {tnn_plan_pair, true},
    [TNN_OP_lt] = {tnn_plan_pair, true},
    [TNN_OP_le] = {tnn_plan_pair, true},
    [TNN_OP_gt] = {tnn_plan_pair, true},
    [TNN_OP_ge] = {tnn_plan_pair, true},
    [TNN_OP_max_pool] = {tnn_plan_max_pool, true},
    [TNN_OP_avg_pool] = {tnn_plan_avg_pool, true},
    [TNN_OP_adaptive_avg_pool] = {tnn_plan_adaptive_pool, true},
    [TNN_OP_mean] = {tnn_plan_reduce, true},
    [TNN_OP_sum] = {tnn_plan_reduce, true},
    [TNN_OP_amax] = {tnn_plan_reduce, true},
    [TNN_OP_amin] = {tnn_plan_reduce, true},
    [TNN_OP_softmax] = {tnn_plan_softmax, true},
    [TNN_OP_log_softmax] = {tnn_plan_softmax, true},
    [TNN_OP_upsample] = {tnn_plan_upsample, true},
    [TNN_OP_where] = {tnn_plan_where, true},
    [TNN_OP_cat] = {tnn_plan_cat, false},
    [TNN_OP_pad] = {tnn_plan_pad, false},
    [TNN_OP_reshape] = {tnn_plan_reshape, false},
    [TNN_OP_permute] = {tnn_plan_permute, false},
    [TNN_OP_expand] = {tnn_plan_expand, false},
    [TNN_OP_slice] = {tnn_plan_slice, false},
    [TNN_OP_slice_scatter] = {tnn_plan_slice_scatter, false},
};

bool tnn_engine_can_fuse(const tnn_node *node, tnn_activation act) {
    (void)act;
    return node->op->list == TNN_OPLIST_ATEN && tnn_plan_rows[node->op->id].activates &&
           tnn_plan_is_f32(node->outputs[0]);
}
