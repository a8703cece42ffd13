/* Blocks of channels as places, and back: DEPTH_TO_SPACE and SPACE_TO_DEPTH on [N, H, W, C]. */
#include "tflite/lower_conv.h"

static tnn_status lower_blocks(tnn_lower *l, const tnn_node *node, const tnn_tfl_row *row, tnn_error *err) {
    tnn_value *x, *out;
    tnn_box dims;
    tnn_emit e;
    TNN_TRY(tnn_lower_get(l, tnn_node_tensor(node, "self"), &x, err));
    TNN_TRY(tnn_lower_dims(node->outputs[0], &dims, err));
    TNN_TRY(tnn_emit_begin(&e, l, row, err));
    tnn_emit_tensor(&e, x);
    tnn_emit_int(&e, "block_size", tnn_node_int(node, "block"));
    TNN_TRY(tnn_emit_end(&e, NULL, x->dtype, &dims, &out, err));
    tnn_lower_set(l, node->outputs[0], out);
    return TNN_OK;
}

static tnn_status lower_depth_to_space(tnn_lower *l, const tnn_node *node, tnn_error *err) {
    return lower_blocks(l, node, &tnn_tfl_DEPTH_TO_SPACE, err);
}

static tnn_status lower_space_to_depth(tnn_lower *l, const tnn_node *node, tnn_error *err) {
    return lower_blocks(l, node, &tnn_tfl_SPACE_TO_DEPTH, err);
}

static void blocks_order(const tnn_node *node, int slot, uint8_t rank, uint8_t *order) {
    (void)node;
    (void)slot;
    tnn_channels_last_order(rank, 2, order);
}

#define CHANNELS_LAST {TNN_DEMAND_FIXED, NULL, blocks_order}

const tnn_lower_row tnn_lowering_depth_to_space = {CHANNELS_LAST, lower_depth_to_space, NULL};
const tnn_lower_row tnn_lowering_space_to_depth = {CHANNELS_LAST, lower_space_to_depth, NULL};
