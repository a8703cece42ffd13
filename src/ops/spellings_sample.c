/* Grids of places in an image, and the parts of grid_sampler (composites_sample.c, which says what the letters mean).
 *
 * n is the number of coordinates, 2 or 3; place is [N, …, n] in pixels; numbers and weights are [N, …, taps]. */
#include "ops/list.h"

/* A place outside is mirrored at the borders as often as it takes, or moved to the nearest place that is read: with zeros
 * outside, one pixel away from the image. */
static const char text_grid_bound[] =
    "def bound(place, sizes, padding, align):\n"
    "    t = place.dtype\n"
    "    if padding == 0:\n"
    "        return torch.minimum(torch.clamp(place, -1, None), torch.tensor([float(size) for size in sizes], dtype=t))\n"
    "    if padding == 2:\n"
    "        low = 0.0 if align else -0.5\n"
    "        span = torch.tensor([float(max(2 * size - 2, 1) if align else 2 * size) for size in sizes], dtype=t)\n"
    "        place = torch.remainder(torch.abs(place - low if low else place), span)\n"
    "        place = torch.minimum(place, span - place)\n"
    "        place = place + low if low else place\n"
    "    return torch.minimum(torch.clamp(place, 0, None), torch.tensor([size - 1.0 for size in sizes], dtype=t))\n";

/* Two taps a coordinate, at the floor and behind it, which stays in the image: at its end the place is the second tap. */
static const char text_grid_linear[] =
    "def linear(input, place, sizes, padding):\n"
    "    t = place.dtype\n"
    "    n = len(sizes)\n"
    "    border = [1, 2] if padding == 0 else [0, 0]\n"
    "    strides, start = torch._grid_strides(sizes, border)\n"
    "    last = [size - 1.0 if padding == 0 else max(size - 2.0, 0.0) for size in sizes]\n"
    "    first = torch.minimum(torch.floor(place), torch.tensor(last, dtype=t))\n"
    "    rest = place - first\n"
    "    corners = [[m // 2 ** k % 2 for k in range(n)] for m in range(2 ** n)]\n"
    "    offsets = []\n"
    "    for corner in corners:\n"
    "        steps = [strides[k] for k in range(n) if corner[k] == 1 and sizes[k] + border[1] > 1]\n"
    "        offsets.append(start + sum(steps))\n"
    "    steps = torch.tensor([strides] * len(corners), dtype=t)\n"
    "    numbers = torch.linear(first, steps, torch.tensor(offsets, dtype=t))\n"
    "    weights = None\n"
    "    for k in range(n):\n"
    "        rows = [[2.0 * corner[k] - 1 if j == k else 0.0 for j in range(n)] for corner in corners]\n"
    "        at_first = torch.tensor([1.0 - corner[k] for corner in corners], dtype=t)\n"
    "        weight = torch.linear(rest, torch.tensor(rows, dtype=t), at_first)\n"
    "        weights = weight if weights is None else weights * weight\n"
    "    return torch._grid_take(input, numbers, weights, border)\n";

/* Four taps a coordinate, each of which is bound to the image by itself. Weights are polynomials of the rest: Keys' kernel
 * with a = -0.75. */
static const char text_grid_cubic[] =
    "def cubic(input, place, sizes, padding, align):\n"
    "    t = place.dtype\n"
    "    border = [1, 1] if padding == 0 else [0, 0]\n"
    "    strides, start = torch._grid_strides(sizes, border)\n"
    "    first = torch.floor(place)\n"
    "    rest = torch.unsqueeze(place - first, -1)\n"
    "    taps = torch.transpose(torch.unsqueeze(first, -1) + torch.tensor([-1.0, 0.0, 1.0, 2.0], dtype=t), -1, -2)\n"
    "    taps = torch._grid_bound(taps, sizes, padding, align) * torch.tensor(strides, dtype=t)\n"
    "    x, y = torch.split(taps, 1, -1)\n"
    "    numbers = torch.transpose(x, -1, -2) + y\n"
    "    numbers = numbers + start if start > 0 else numbers\n"
    "    square = rest * rest\n"
    "    powers = torch.cat([rest, square, square * rest], -1)\n"
    "    kernel = [[-0.75, 1.5, -0.75], [0.0, -2.25, 1.25], [0.75, 1.5, -1.25], [0.0, -0.75, 0.75]]\n"
    "    weights = torch.linear(powers, torch.tensor(kernel, dtype=t), torch.tensor([0.0, 1.0, 0.0, 0.0], dtype=t))\n"
    "    x, y = torch.split(weights, 1, -2)\n"
    "    shape = list(place.shape)[:-1] + [16]\n"
    "    weights = torch.reshape(torch.transpose(y, -1, -2) * x, shape)\n"
    "    return torch._grid_take(input, torch.reshape(numbers, shape), weights, border)\n";

/* Pixels by number, each image's from 0; with weights the sum of each place's taps. */
static const char text_grid_take[] =
    "def take(input, numbers, weights, border):\n"
    "    n = input.dim() - 2\n"
    "    x = torch.pad(input, border * n) if border[0] > 0 else input\n"
    "    x = torch.permute(x, [0] + list(range(2, n + 2)) + [1])\n"
    "    batch, channels = input.size(0), input.size(1)\n"
    "    numbers = torch.to(numbers, torch.int32)\n"
    "    if batch > 1:\n"
    "        image = torch.arange(batch, dtype=torch.int32) * (x.numel() // (batch * channels))\n"
    "        numbers = numbers + torch.reshape(image, [batch] + [1] * (n + 1))\n"
    "    y = torch.index_select(torch.reshape(x, [-1, channels]), 0, torch.reshape(numbers, [-1]))\n"
    "    y = torch.reshape(y, list(numbers.shape) + [channels])\n"
    "    y = torch.squeeze(y, -2) if weights is None else torch.sum(y * torch.unsqueeze(weights, -1), [-2])\n"
    "    return torch.permute(y, [0, n + 1] + list(range(1, n + 1)))\n";

/* A sum of one part a coordinate, each a product of the lines of its places with columns of theta. */
static const char text_affine_grid[] =
    "def affine_grid(theta, size, align_corners):\n"
    "    t = theta.dtype\n"
    "    n = len(size) - 2\n"
    "    columns = torch.transpose(theta, 1, 2)\n"
    "    grid = None\n"
    "    for k in range(n):\n"
    "        steps = size[n + 1 - k]\n"
    "        line = torch.linspace(-1, 1, steps, dtype=t) if steps > 1 else torch.zeros([1], dtype=t)\n"
    "        line = torch.reshape(line if align_corners else line * ((steps - 1) / steps), [steps, 1])\n"
    "        ones = torch.full([steps, 1], 1.0 if k == 0 else 0.0, dtype=t)\n"
    "        zeros = torch.zeros([steps, 1], dtype=t)\n"
    "        base = torch.cat([line if j == k else ones if j == n else zeros for j in range(n + 1)], 1)\n"
    "        shape = [theta.size(0)] + [1] * n + [n]\n"
    "        shape[n - k] = steps\n"
    "        part = torch.reshape(torch.matmul(base, columns), shape)\n"
    "        grid = part if grid is None else grid + part\n"
    "    return grid\n";

static const char text_grid_sampler[] =
    "def grid_sampler(input, grid, interpolation_mode, padding_mode, align_corners):\n"
    "    return torch.grid_sampler(input, grid, interpolation_mode, padding_mode, align_corners)\n";

#define SAMPLER "(Tensor input, Tensor grid, int interpolation_mode, int padding_mode, bool align_corners) -> Tensor"

static const tnn_spelling_row rows[] = {
    {"grid_sampler_2d", "grid_sampler_2d" SAMPLER, text_grid_sampler},
    {"grid_sampler_3d", "grid_sampler_3d" SAMPLER, text_grid_sampler},
    {"_grid_sampler_2d_cpu_fallback", "_grid_sampler_2d_cpu_fallback" SAMPLER, text_grid_sampler},
    {"affine_grid_generator", "affine_grid_generator(Tensor theta, SymInt[] size, bool align_corners) -> Tensor",
     text_affine_grid},
    /* How numbers of pixels follow from coordinates, as floats, which are exact up to 2^24: factors, and the number of the
     * image's first pixel behind a border. */
    {"_grid_strides", "_grid_strides(int[] sizes, int[] border) -> (float[], float)",
     "def strides(sizes, border):\n"
     "    strides = []\n"
     "    stride = 1\n"
     "    for size in sizes:\n"
     "        strides.append(float(stride))\n"
     "        stride = stride * (size + border[0] + border[1])\n"
     "    if stride > 16777216:\n"
     "        raise NotImplementedError(\"grid_sampler: the image has more than 2^24 pixels\")\n"
     "    return strides, border[0] * sum(strides)\n"},
    {"_grid_bound", "_grid_bound(Tensor place, int[] sizes, int padding, bool align) -> Tensor", text_grid_bound},
    {"_grid_linear", "_grid_linear(Tensor input, Tensor place, int[] sizes, int padding) -> Tensor", text_grid_linear},
    {"_grid_cubic", "_grid_cubic(Tensor input, Tensor place, int[] sizes, int padding, bool align) -> Tensor",
     text_grid_cubic},
    {"_grid_take", "_grid_take(Tensor input, Tensor numbers, Tensor? weights, int[] border) -> Tensor", text_grid_take},
};

const tnn_spelling_table tnn_spellings_sample = {rows, sizeof rows / sizeof *rows};
