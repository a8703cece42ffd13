/* grid_sampler: pixels of an image taken at places that a grid names.
 *
 *   input  [N, C, H, W] or [N, C, D, H, W]
 *   grid   [N, …, 2] or [N, …, 3]: x, y (z), -1 and 1 being the borders of the image
 *   result [N, C, …]
 *
 * A place is a number of pixels from the middle of the first one; the pixels around it, the taps, are rows of [pixels, C],
 * taken by one GATHER and added up with weights. Numbers of rows and weights are each a small linear layer of what
 * FLOOR gives and leaves. Zeros outside are a border of zeros around the image, which the places do not leave.
 *
 * Modes of interpolation are 0 bilinear, 1 nearest, 2 bicubic, of padding 0 zeros, 1 border, 2 reflection. */
#include "ops/composites.h"
#include "ops/infer.h"

enum { INPUT, GRID, MODE, PADDING };

static tnn_status check_modes(const tnn_call *call, uint8_t rank, tnn_error *err) {
    int64_t mode = tnn_arg_int(&call->args[MODE]), padding = tnn_arg_int(&call->args[PADDING]);
    if (mode < 0 || mode > 2 || (mode == 2 && rank != 4)) {
        return tnn_call_invalid(call, err, "interpolation_mode is %lld, expected 0 or 1, and 2 for 4 dimensions only",
                                (long long)mode);
    }
    if (padding < 0 || padding > 2)
        return tnn_call_invalid(call, err, "padding_mode is %lld, expected 0 to 2", (long long)padding);
    return TNN_OK;
}

static tnn_status infer_grid_sampler(const tnn_call *call, tnn_type *outs, uint32_t *n_outs, tnn_error *err) {
    const tnn_value *input = tnn_call_tensor(call, INPUT), *grid = tnn_call_tensor(call, GRID);
    tnn_shape shape = input->shape;
    uint8_t rank = shape.rank;
    TNN_TRY(tnn_call_need_float(call, INPUT, err));
    TNN_TRY(tnn_call_need_dtype(call, GRID, input->dtype, err));
    if (rank < 4 || rank > 5 || grid->shape.rank != rank || grid->shape.dims[rank - 1].hint != rank - 2) {
        return tnn_call_invalid(call, err, "input has shape %s, grid %s, expected 4 or 5 dimensions, and as many "
                                           "coordinates as the image has dimensions",
                                tnn_shape_text_of(&shape).text, tnn_shape_text_of(&grid->shape).text);
    }
    TNN_TRY(check_modes(call, rank, err));
    TNN_TRY(tnn_call_need_size(call, "the batch of grid", grid->shape.dims[0], shape.dims[0], err));
    for (uint8_t d = 2; d < rank; d++) shape.dims[d] = grid->shape.dims[d - 1];
    return tnn_call_result(outs, n_outs, input->dtype, &shape);
}

/* Sizes and strides are in the order of the coordinates: x first, the last dimension of the image. */
const tnn_composite_row tnn_composite_grid_sampler = {
    .op = TNN_COMPOSITE_HEAD(grid_sampler, "Tensor input, Tensor grid, int interpolation_mode, int padding_mode, bool "
                                           "align_corners"),
    .infer = infer_grid_sampler,
    .text =
        "def grid_sampler(input, grid, mode, padding, align):\n"
        "    t = grid.dtype\n"
        "    if t == torch.float16 or t == torch.bfloat16:\n"
        "        input, grid = torch.to.dtype(input, torch.float32), torch.to.dtype(grid, torch.float32)\n"
        "        return torch.to.dtype(torch.grid_sampler(input, grid, mode, padding, align), t)\n"
        "    sizes = list(reversed(list(input.shape)[2:]))\n"
        "    halves = [(size - 1) / 2 if align else size / 2 for size in sizes]\n"
        "    place = (grid + 1) * torch.tensor(halves, dtype=t)\n"
        "    place = place if align else place - 0.5\n"
        "    if mode == 2:\n"
        "        return torch._grid_cubic(input, place, sizes, padding, align)\n"
        "    place = torch._grid_bound(place, sizes, padding, align)\n"
        "    if mode == 0:\n"
        "        return torch._grid_linear(input, place, sizes, padding)\n"
        "    border = [1, 1] if padding == 0 else [0, 0]\n"
        "    strides, start = torch._grid_strides(sizes, border)\n"
        "    start = torch.tensor([start], dtype=t)\n"
        "    numbers = torch.linear(torch.round(place), torch.tensor([strides], dtype=t), start)\n"
        "    return torch._grid_take(input, numbers, None, border)\n",
};
