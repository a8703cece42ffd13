/* Channels that become places, and back, block by block as TFLite numbers them; PyTorch's pixel_shuffle has the channel
 * outermost among the three.
 *
 *   depth_to_space  out[n, c, h * b + i, w * b + j] = self[n, (i * b + j) * C + c, h, w]
 *   space_to_depth  out[n, (i * b + j) * C + c, h, w] = self[n, c, h * b + i, w * b + j]
 */
#include <string.h>

#include "ops/infer.h"
#include "ops/list.h"

enum { SELF, BLOCK };

static tnn_status check_operands(const tnn_call *call, tnn_error *err) {
    const tnn_shape *shape = &tnn_call_tensor(call, SELF)->shape;
    if (shape->rank == 4 && tnn_arg_int(&call->args[BLOCK]) >= 1) return TNN_OK;
    return tnn_call_invalid(call, err, "self has %u dimensions, block is %lld, expected 4, and 1 or more", shape->rank,
                            (long long)tnn_arg_int(&call->args[BLOCK]));
}

/* size / n, which has no rest. */
static tnn_status divide(const tnn_call *call, tnn_size *size, int64_t n, tnn_error *err) {
    if (size->hint % n != 0) {
        return tnn_call_invalid(call, err, "%lld is no multiple of %lld", (long long)size->hint, (long long)n);
    }
    return tnn_size_floordiv(size, call->model->arena, *size, tnn_size_const(n), err);
}

static tnn_status infer_depth_to_space(const tnn_call *call, tnn_type *outs, uint32_t *n_outs, tnn_error *err) {
    const tnn_value *self = tnn_call_tensor(call, SELF);
    tnn_size block = call->args[BLOCK].as.size;
    tnn_shape shape = self->shape;
    TNN_TRY(check_operands(call, err));
    for (uint8_t d = 2; d < 4; d++) {
        TNN_TRY(divide(call, &shape.dims[1], block.hint, err));
        TNN_TRY(tnn_size_mul(&shape.dims[d], call->model->arena, shape.dims[d], block, err));
    }
    return tnn_call_result(outs, n_outs, self->dtype, &shape);
}

static tnn_status infer_space_to_depth(const tnn_call *call, tnn_type *outs, uint32_t *n_outs, tnn_error *err) {
    const tnn_value *self = tnn_call_tensor(call, SELF);
    tnn_size block = call->args[BLOCK].as.size;
    tnn_shape shape = self->shape;
    TNN_TRY(check_operands(call, err));
    for (uint8_t d = 2; d < 4; d++) {
        TNN_TRY(divide(call, &shape.dims[d], block.hint, err));
        TNN_TRY(tnn_size_mul(&shape.dims[1], call->model->arena, shape.dims[1], block, err));
    }
    return tnn_call_result(outs, n_outs, self->dtype, &shape);
}

/* Places of one image with channels: element `at` of `wide`, [C, H * b, W * b], as an element of [b * b * C, H, W]. */
static int64_t place_in_depth(const int64_t *wide, int64_t b, int64_t at) {
    int64_t x = at % wide[2], y = at / wide[2] % wide[1], c = at / (wide[2] * wide[1]);
    int64_t channel = (y % b * b + x % b) * wide[0] + c;
    return (channel * (wide[1] / b) + y / b) * (wide[2] / b) + x / b;
}

static tnn_status run_blocks(const tnn_kernel_call *call, tnn_error *err) {
    (void)err;
    const tnn_tensor *in = call->operands[SELF];
    tnn_tensor *out = &call->outputs[0];
    bool widens = tnn_node_is(call->node, TNN_OP_depth_to_space);
    const int64_t *wide = (widens ? out->dims : in->dims) + 1;
    int64_t image = wide[0] * wide[1] * wide[2], b = tnn_arg_int(&call->node->args[BLOCK]);
    size_t elem = tnn_dtype_bytes(in->dtype);
    for (int64_t i = 0; i < out->n_elems; i++) {
        int64_t deep = i / image * image + place_in_depth(wide, b, i % image);
        int64_t to = widens ? i : deep, from = widens ? deep : i;
        memcpy((char *)out->data + (size_t)to * elem, (const char *)in->data + (size_t)from * elem, elem);
    }
    return TNN_OK;
}

const tnn_op_row tnn_op_depth_to_space = {
    .op = {"depth_to_space", "depth_to_space(Tensor self, int block) -> Tensor", TNN_OP_depth_to_space, TNN_OPLIST_ATEN},
    .op_class = TNN_CLASS_OTHER, .infer = infer_depth_to_space, .kernel = run_blocks,
};

const tnn_op_row tnn_op_space_to_depth = {
    .op = {"space_to_depth", "space_to_depth(Tensor self, int block) -> Tensor", TNN_OP_space_to_depth, TNN_OPLIST_ATEN},
    .op_class = TNN_CLASS_OTHER, .infer = infer_space_to_depth, .kernel = run_blocks,
};
