#include "passes/expand_norm.h"

#include "ops/list.h"
#include "passes/channel_affine.h"
#include "passes/rewrite.h"

/* Weight and statistics meet first: they are smaller than the input. */
const char tnn_batch_norm_text[] =
    "def batch_norm(input, weight, bias, mean, var, training, momentum, eps, cudnn_enabled):\n"
    "    channels = [input.size(1)] + [1] * (input.dim() - 2)\n"
    "    if training:\n"
    "        dims = [0] + list(range(2, input.dim()))\n"
    "        y = input - torch.mean(input, dims, True)\n"
    "        scale = torch.rsqrt(torch.mean(y * y, dims, True) + eps)\n"
    "    else:\n"
    "        y = input - torch.reshape(mean, channels)\n"
    "        scale = torch.rsqrt(torch.reshape(var, channels) + eps)\n"
    "    y = y * (scale if weight is None else scale * torch.reshape(weight, channels))\n"
    "    return y if bias is None else y + torch.reshape(bias, channels)\n";

/* [C, 1, …], one dimension less than the input. */
static tnn_status channel_constant(tnn_value **out, const tnn_node *node, const char *what, const double *numbers,
                                   tnn_error *err) {
    const tnn_value *input = node->args[0].as.tensor;
    tnn_arena *arena = node->graph->model->arena;
    uint8_t rank = (uint8_t)(input->shape.rank - 1);
    int64_t dims[TNN_MAX_RANK];
    const tnn_recipe *recipe;
    for (uint8_t i = 0; i < rank; i++) dims[i] = i == 0 ? input->shape.dims[1].hint : 1;
    TNN_TRY(tnn_rewrite_numbers(&recipe, arena, input->dtype, rank, dims, numbers, err));
    const char *name = tnn_arena_printf(arena, "%s_%s", node->outputs[0]->name, what);
    return name ? tnn_graph_constant(out, node->graph, name, recipe, err) : tnn_fail_nomem(err);
}

static tnn_status append_binary(tnn_value **out, tnn_node *node, const tnn_op *op, tnn_value *x, tnn_value *y,
                                tnn_error *err) {
    tnn_arg args[] = {tnn_arg_of_tensor(x), tnn_arg_of_tensor(y)};
    tnn_node *made;
    TNN_TRY(tnn_op_append(&made, node->graph, node, op, args, 2, NULL, err));
    tnn_rewrite_origin(made, node);
    *out = made->outputs[0];
    return TNN_OK;
}

tnn_status tnn_expand_fixed_batch_norm(tnn_node *node, bool *done, tnn_error *err) {
    tnn_channel_affine affine;
    tnn_value *scale, *shift, *value;
    TNN_TRY(tnn_channel_affine_of(&affine, done, node, err));
    if (!*done) return TNN_OK;
    TNN_TRY(channel_constant(&scale, node, "scale", affine.scale, err));
    TNN_TRY(channel_constant(&shift, node, "shift", affine.shift, err));
    TNN_TRY(append_binary(&value, node, &tnn_op_mul.op, node->args[0].as.tensor, scale, err));
    TNN_TRY(append_binary(&value, node, &tnn_op_add.op, value, shift, err));
    return tnn_rewrite_renamed(node, value, err);
}
