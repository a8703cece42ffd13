/* Moving elements about: repeated, rolled, cut into windows, put on diagonals; and numbers made from nothing. */
#include "ops/list.h"

static const char text_repeat[] =
    "def repeat(self, repeats):\n"
    "    rank = max(self.dim(), len(repeats))\n"
    "    times = [1] * (rank - len(repeats)) + list(repeats)\n"
    "    wide = torch.reshape(self, [1] * (rank - self.dim()) + list(self.shape))\n"
    "    return torch.tile.primitive(wide, times) if rank > 0 else wide\n";

static const char text_col2im[] =
    "def col2im(self, output_size, kernel_size, dilation, padding, stride):\n"
    "    x = torch.unsqueeze(self, 0) if self.dim() == 2 else self\n"
    "    taps = kernel_size[0] * kernel_size[1]\n"
    "    planes = x.size(0) * x.size(1) // taps\n"
    "    counts = []\n"
    "    rest = []\n"
    "    for k in range(2):\n"
    "        reach = output_size[k] + 2 * padding[k] - dilation[k] * (kernel_size[k] - 1) - 1\n"
    "        counts.append(reach // stride[k] + 1)\n"
    "        rest.append(reach % stride[k])\n"
    "    x = torch.reshape(x, [planes, taps] + counts)\n"
    "    weight = torch.reshape(torch.eye(taps, dtype=self.dtype), [taps, 1] + kernel_size)\n"
    "    y = torch.convolution(x, weight, None, stride, padding, dilation, True, rest, 1)\n"
    "    if self.dim() == 2:\n"
    "        return torch.reshape(y, [planes] + output_size)\n"
    "    return torch.reshape(y, [self.size(0), planes // self.size(0)] + output_size)\n";

static const char text_channel_shuffle[] =
    "def channel_shuffle(self, groups):\n"
    "    shape = list(self.shape)\n"
    "    x = torch.reshape(self, [shape[0], groups, shape[1] // groups] + shape[2:])\n"
    "    return torch.reshape(torch.transpose(x, 1, 2), shape)\n";

/* From both ends to the middle, as PyTorch does, so that both ends are exact. */
static const char text_linspace_tensor[] =
    "def linspace(start, end, steps, dtype, layout, device, pin_memory):\n"
    "    step = (end - start) / max(steps - 1, 1)\n"
    "    half = steps // 2\n"
    "    places = torch.arange(steps)\n"
    "    back = end - step * (steps - 1 - places) if steps > 1 else start + step * places\n"
    "    y = torch.where(places < half, start + step * places, back)\n"
    "    return torch.to(y, torch.float32 if dtype is None else dtype)\n";

static const char text_logspace[] =
    "def logspace(start, end, steps, base, dtype, layout, device, pin_memory):\n"
    "    y = torch.linspace(start, end, steps, dtype=torch.float64)\n"
    "    return torch.to(torch.pow(base, y), torch.float32 if dtype is None else dtype)\n";

static const tnn_spelling_row rows[] = {
    {"repeat", "repeat(Tensor self, SymInt[] repeats) -> Tensor", text_repeat},
    {"tile", "tile(Tensor self, SymInt[] dims) -> Tensor", text_repeat},
    {"repeat_interleave.self_Tensor",
     "repeat_interleave(Tensor self, Tensor repeats, int? dim=None, *, SymInt? output_size=None) -> Tensor",
     "def repeat_interleave(self, repeats, dim, output_size):\n"
     "    if dim is None:\n"
     "        self, dim = torch.reshape(self, [-1]), 0\n"
     "    if repeats.numel() != self.size(dim):\n"
     "        repeats = torch.expand(torch.reshape(repeats, [-1]), [self.size(dim)])\n"
     "    return torch.index_select(self, dim, torch.repeat_interleave.Tensor(repeats))\n"},
    {"repeat_interleave.Tensor", "repeat_interleave(Tensor repeats, *, SymInt? output_size=None) -> Tensor",
     "def repeat_interleave(repeats, output_size):\n"
     "    parts = []\n"
     "    for k, part in enumerate(torch.unbind(torch.reshape(repeats, [-1]))):\n"
     "        if not known(part):\n"
     "            raise NotImplementedError(\"it repeats as often as the data say, and shapes are fixed in a file\")\n"
     "        parts = parts + [k] * int(part)\n"
     "    return torch.tensor(parts, torch.int64)\n"},
    {"repeat_interleave.self_int",
     "repeat_interleave(Tensor self, SymInt repeats, int? dim=None, *, SymInt? output_size=None) -> Tensor",
     "def repeat_interleave(self, repeats, dim, output_size):\n"
     "    if dim is None:\n"
     "        self = torch.reshape(self, [-1])\n"
     "        dim = 0\n"
     "    return torch.index_select(self, dim, torch.arange(self.size(dim) * repeats) // repeats)\n"},
    {"roll", "roll(Tensor self, SymInt[1] shifts, int[1] dims=[]) -> Tensor",
     "def roll(self, shifts, dims):\n"
     "    if not dims:\n"
     "        return torch.reshape(torch.roll(torch.reshape(self, [-1]), shifts, [0]), self.shape)\n"
     "    self = torch.clone(self)\n"
     "    for shift, dim in zip(shifts, dims):\n"
     "        size = self.size(dim)\n"
     "        at = size - shift % size if size > 0 else 0\n"
     "        if at < size:\n"
     "            self = torch.cat([torch.slice(self, dim, at, size), torch.slice(self, dim, 0, at)], dim)\n"
     "    return self\n"},
    {"fliplr", "fliplr(Tensor self) -> Tensor",
     "def fliplr(self):\n"
     "    return torch.flip(self, [1])\n"},
    {"flipud", "flipud(Tensor self) -> Tensor",
     "def flipud(self):\n"
     "    return torch.flip(self, [0])\n"},
    {"rot90", "rot90(Tensor self, int k=1, int[] dims=[0,1]) -> Tensor",
     "def rot90(self, k, dims):\n"
     "    if k % 4 == 0:\n"
     "        return torch.clone(self)\n"
     "    if k % 4 == 2:\n"
     "        return torch.flip(self, dims)\n"
     "    return torch.transpose(torch.flip(self, [dims[1] if k % 4 == 1 else dims[0]]), dims[0], dims[1])\n"},
    /* Triangles: a mask of rows and columns chooses between the element and 0. */
    {"tril", "tril(Tensor self, SymInt diagonal=0) -> Tensor",
     "def tril(self, diagonal):\n"
     "    rows = torch.unsqueeze(torch.arange(self.size(-2)), 1)\n"
     "    mask = rows + diagonal >= torch.arange(self.size(-1))\n"
     "    return torch.where(mask, self, torch.full([], 0, dtype=self.dtype))\n"},
    {"triu", "triu(Tensor self, SymInt diagonal=0) -> Tensor",
     "def triu(self, diagonal):\n"
     "    rows = torch.unsqueeze(torch.arange(self.size(-2)), 1)\n"
     "    mask = rows + diagonal <= torch.arange(self.size(-1))\n"
     "    return torch.where(mask, self, torch.full([], 0, dtype=self.dtype))\n"},
    {"linalg_diagonal", "linalg_diagonal(Tensor(a) A, *, int offset=0, int dim1=-2, int dim2=-1) -> Tensor(a)",
     "def linalg_diagonal(A, offset, dim1, dim2):\n"
     "    return torch.diagonal(A, offset, dim1, dim2)\n"},
    {"diag_embed", "diag_embed(Tensor self, int offset=0, int dim1=-2, int dim2=-1) -> Tensor",
     "def diag_embed(self, offset, dim1, dim2):\n"
     "    n = self.size(-1)\n"
     "    x = torch.pad(self, [0, abs(offset)]) if offset != 0 else self\n"
     "    y = torch.diag_embed.primitive(x)\n"
     "    if offset != 0:\n"
     "        y = torch.pad(torch.narrow(y, -1 if offset > 0 else -2, 0, n), [offset, 0] if offset > 0 else [0, 0, -offset, 0])\n"
     "    if dim1 in [-2, self.dim() - 1] and dim2 in [-1, self.dim()]:\n"
     "        return y\n"
     "    return torch.contiguous(torch.movedim(y, [self.dim() - 1, self.dim()], [dim1, dim2]))\n"},
    {"diag", "diag(Tensor self, int diagonal=0) -> Tensor",
     "def diag(self, diagonal):\n"
     "    if self.dim() == 1:\n"
     "        return torch.diag_embed(self, diagonal)\n"
     "    return torch.clone(torch.diagonal(self, diagonal))\n"},
    {"diagflat", "diagflat(Tensor self, int offset=0) -> Tensor",
     "def diagflat(self, offset):\n"
     "    return torch.diag_embed(torch.reshape(self, [-1]), offset)\n"},
    {"trace", "trace(Tensor self) -> Tensor",
     "def trace(self):\n"
     "    return torch.sum(torch.diagonal(self))\n"},
    /* New numbers. A dtype that is not given is int64 for integers and float32 for others. */
    {"arange.start_step",
     "arange(Scalar start, Scalar end, Scalar step=1, *, ScalarType? dtype=None, Layout? layout=None, Device? "
     "device=None, bool? pin_memory=None) -> Tensor",
     "def arange(start, end, step, dtype, layout, device, pin_memory):\n"
     "    if dtype is None:\n"
     "        whole = isinstance(start, int) and isinstance(end, int) and isinstance(step, int)\n"
     "        dtype = torch.int64 if whole else torch.float32\n"
     "    return torch.arange.primitive(start, end, step, dtype=dtype)\n"},
    {"arange.start",
     "arange(Scalar start, Scalar end, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? "
     "pin_memory=None) -> Tensor",
     "def arange(start, end, dtype, layout, device, pin_memory):\n"
     "    return torch.arange.start_step(start, end, 1, dtype=dtype)\n"},
    {"arange",
     "arange(Scalar end, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? "
     "pin_memory=None) -> Tensor",
     "def arange(end, dtype, layout, device, pin_memory):\n"
     "    return torch.arange.start_step(0, end, 1, dtype=dtype)\n"},
    {"linspace",
     "linspace(Scalar start, Scalar end, int steps, *, ScalarType? dtype=None, Layout? layout=None, Device? "
     "device=None, bool? pin_memory=None) -> Tensor",
     "def linspace(start, end, steps, dtype, layout, device, pin_memory):\n"
     "    step = (end - start) / (steps - 1) if steps > 1 else 0\n"
     "    places = torch.arange.primitive(0, steps, 1, dtype=torch.float64)\n"
     "    return torch.to(places * step + start, torch.float32 if dtype is None else dtype)\n"},
    {"linspace.Tensor_Tensor",
     "linspace(Tensor start, Tensor end, int steps, *, ScalarType? dtype=None, Layout? layout=None, Device? "
     "device=None, bool? pin_memory=None) -> Tensor",
     text_linspace_tensor},
    {"linspace.Tensor_Scalar",
     "linspace(Tensor start, Scalar end, int steps, *, ScalarType? dtype=None, Layout? layout=None, Device? "
     "device=None, bool? pin_memory=None) -> Tensor",
     text_linspace_tensor},
    {"linspace.Scalar_Tensor",
     "linspace(Scalar start, Tensor end, int steps, *, ScalarType? dtype=None, Layout? layout=None, Device? "
     "device=None, bool? pin_memory=None) -> Tensor",
     text_linspace_tensor},
    {"logspace",
     "logspace(Scalar start, Scalar end, int steps, float base=10.0, *, ScalarType? dtype=None, Layout? layout=None, "
     "Device? device=None, bool? pin_memory=None) -> Tensor",
     text_logspace},
    {"logspace.Tensor_Tensor",
     "logspace(Tensor start, Tensor end, int steps, float base=10.0, *, ScalarType? dtype=None, Layout? layout=None, "
     "Device? device=None, bool? pin_memory=None) -> Tensor",
     text_logspace},
    {"logspace.Tensor_Scalar",
     "logspace(Tensor start, Scalar end, int steps, float base=10.0, *, ScalarType? dtype=None, Layout? layout=None, "
     "Device? device=None, bool? pin_memory=None) -> Tensor",
     text_logspace},
    {"logspace.Scalar_Tensor",
     "logspace(Scalar start, Tensor end, int steps, float base=10.0, *, ScalarType? dtype=None, Layout? layout=None, "
     "Device? device=None, bool? pin_memory=None) -> Tensor",
     text_logspace},
    {"eye.m",
     "eye(SymInt n, SymInt m, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? "
     "pin_memory=None) -> Tensor",
     "def eye(n, m, dtype, layout, device, pin_memory):\n"
     "    same = torch.unsqueeze(torch.arange(n), 1) == torch.arange(m)\n"
     "    return torch.to(same, torch.float32 if dtype is None else dtype)\n"},
    {"eye",
     "eye(SymInt n, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> "
     "Tensor",
     "def eye(n, dtype, layout, device, pin_memory):\n"
     "    return torch.eye.m(n, n, dtype=dtype)\n"},
    /* Several tensors of one shape. */
    {"meshgrid.indexing", "meshgrid(Tensor[] tensors, *, str indexing) -> Tensor[]",
     "def meshgrid(tensors, indexing):\n"
     "    if indexing == \"xy\" and len(tensors) > 1:\n"
     "        return [torch.transpose(grid, 0, 1) for grid in torch.meshgrid.default(tensors)]\n"
     "    return torch.meshgrid.default(tensors)\n"},
    {"meshgrid", "meshgrid(Tensor[] tensors) -> Tensor[]",
     "def meshgrid(tensors):\n"
     "    shape = [tensor.numel() for tensor in tensors]\n"
     "    grids = []\n"
     "    for k in range(len(tensors)):\n"
     "        line = torch.reshape(tensors[k], [-1] + [1] * (len(tensors) - k - 1))\n"
     "        grids.append(torch.expand(line, shape))\n"
     "    return grids\n"},
    {"broadcast_to", "broadcast_to(Tensor(a) self, SymInt[] size) -> Tensor(a)",
     "def broadcast_to(self, size):\n"
     "    return torch.expand(self, size)\n"},
    {"broadcast_tensors", "broadcast_tensors(Tensor[] tensors) -> Tensor[]",
     "def broadcast_tensors(tensors):\n"
     "    rank = max([tensor.dim() for tensor in tensors])\n"
     "    shape = [1] * rank\n"
     "    for tensor in tensors:\n"
     "        for k in range(tensor.dim()):\n"
     "            if tensor.size(k) != 1:\n"
     "                shape[rank - tensor.dim() + k] = tensor.size(k)\n"
     "    return [torch.expand(tensor, shape) for tensor in tensors]\n"},
    {"atleast_1d", "atleast_1d(Tensor self) -> Tensor",
     "def atleast_1d(self):\n"
     "    return torch.reshape(self, [1]) if self.dim() == 0 else self\n"},
    {"atleast_2d", "atleast_2d(Tensor self) -> Tensor",
     "def atleast_2d(self):\n"
     "    return torch.reshape(self, [1, -1]) if self.dim() < 2 else self\n"},
    {"atleast_3d", "atleast_3d(Tensor self) -> Tensor",
     "def atleast_3d(self):\n"
     "    if self.dim() < 2:\n"
     "        return torch.reshape(self, [1, -1, 1])\n"
     "    return torch.unsqueeze(self, -1) if self.dim() == 2 else self\n"},
    {"atleast_1d.Sequence", "atleast_1d(Tensor[] tensors) -> Tensor[]",
     "def atleast_1d(tensors):\n    return [torch.atleast_1d(x) for x in tensors]\n"},
    {"atleast_2d.Sequence", "atleast_2d(Tensor[] tensors) -> Tensor[]",
     "def atleast_2d(tensors):\n    return [torch.atleast_2d(x) for x in tensors]\n"},
    {"atleast_3d.Sequence", "atleast_3d(Tensor[] tensors) -> Tensor[]",
     "def atleast_3d(tensors):\n    return [torch.atleast_3d(x) for x in tensors]\n"},
    {"narrow.Tensor", "narrow(Tensor self, int dim, Tensor start, SymInt length) -> Tensor",
     "def narrow(self, dim, start, length):\n"
     "    first = torch.where(start < 0, start + self.size(dim), start)\n"
     "    return torch.index_select(self, dim, torch.arange(length) + torch.to.dtype(first, torch.int64))\n"},
    {"tensor_split.tensor_indices_or_sections",
     "tensor_split(Tensor self, Tensor tensor_indices_or_sections, int dim=0) -> Tensor[]",
     "def tensor_split(self, places, dim):\n"
     "    if not known(places):\n"
     "        raise NotImplementedError(\"it splits where the data say, and shapes are fixed in a file\")\n"
     "    if places.dim() == 0:\n"
     "        return torch.tensor_split.sections(self, int(places), dim)\n"
     "    return torch.tensor_split.indices(self, [int(place) for place in torch.unbind(places)], dim)\n"},
    {"sum_to_size", "sum_to_size(Tensor self, SymInt[] size) -> Tensor",
     "def sum_to_size(self, size):\n"
     "    ahead = self.dim() - len(size)\n"
     "    dims = list(range(ahead))\n"
     "    for k in range(len(size)):\n"
     "        if size[k] == 1 and self.size(ahead + k) != 1:\n"
     "            dims.append(ahead + k)\n"
     "    y = self if len(dims) == 0 else torch.sum(self, dims)\n"
     "    return torch.reshape(y, size)\n"},
    {"_chunk_cat", "_chunk_cat(Tensor[] tensors, int dim, int num_chunks) -> Tensor",
     "def chunk_cat(tensors, dim, num_chunks):\n"
     "    flat = []\n"
     "    dim = dim + tensors[0].dim() if dim < 0 else dim\n"
     "    for x in tensors:\n"
     "        lead = list(x.shape)[:dim]\n"
     "        size = (x.size(dim) + num_chunks - 1) // num_chunks\n"
     "        over = size * num_chunks - x.size(dim)\n"
     "        x = torch.constant_pad_nd(x, [0, 0] * (x.dim() - 1 - dim) + [0, over]) if over > 0 else x\n"
     "        flat.append(torch.reshape(x, lead + [num_chunks, -1]))\n"
     "    return torch.cat(flat, -1)\n"},
    {"fft_fftshift", "fft_fftshift(Tensor self, int[1]? dim=None) -> Tensor",
     "def fftshift(self, dim):\n"
     "    dims = list(range(self.dim())) if dim is None else dim\n"
     "    return torch.roll(self, [self.size(d) // 2 for d in dims], dims)\n"},
    {"fft_ifftshift", "fft_ifftshift(Tensor self, int[1]? dim=None) -> Tensor",
     "def ifftshift(self, dim):\n"
     "    dims = list(range(self.dim())) if dim is None else dim\n"
     "    return torch.roll(self, [(self.size(d) + 1) // 2 for d in dims], dims)\n"},
    {"dstack", "dstack(Tensor[] tensors) -> Tensor",
     "def dstack(tensors):\n"
     "    return torch.cat([torch.atleast_3d(tensor) for tensor in tensors], 2)\n"},
    {"column_stack", "column_stack(Tensor[] tensors) -> Tensor",
     "def column_stack(tensors):\n"
     "    columns = [torch.reshape(tensor, [-1, 1]) if tensor.dim() < 2 else tensor for tensor in tensors]\n"
     "    return torch.cat(columns, 1)\n"},
    {"row_stack", "row_stack(Tensor[] tensors) -> Tensor",
     "def row_stack(tensors):\n"
     "    return torch.vstack(tensors)\n"},
    {"block_diag", "block_diag(Tensor[] tensors) -> Tensor",
     "def block_diag(tensors):\n"
     "    blocks = [torch.atleast_2d(tensor) for tensor in tensors]\n"
     "    width = sum([block.size(1) for block in blocks])\n"
     "    rows = []\n"
     "    at = 0\n"
     "    for block in blocks:\n"
     "        rows.append(torch.pad(block, [at, width - at - block.size(1)]))\n"
     "        at = at + block.size(1)\n"
     "    return torch.cat(rows, 0)\n"},
    {"cartesian_prod", "cartesian_prod(Tensor[] tensors) -> Tensor",
     "def cartesian_prod(tensors):\n"
     "    if len(tensors) == 1:\n"
     "        return torch.clone(tensors[0])\n"
     "    return torch.stack([torch.reshape(grid, [-1]) for grid in torch.meshgrid(tensors)], 1)\n"},
    /* Windows. Each element is taken by a table as long as one dimension of the result, not as the result. */
    {"im2col", "im2col(Tensor self, int[2] kernel_size, int[2] dilation, int[2] padding, int[2] stride) -> Tensor",
     "def im2col(self, kernel_size, dilation, padding, stride):\n"
     "    x = torch.unsqueeze(self, 0) if self.dim() == 3 else self\n"
     "    n, channels, height, width = x.shape\n"
     "    if padding != [0, 0]:\n"
     "        x = torch.pad(x, [padding[1], padding[1], padding[0], padding[0]])\n"
     "    counts = []\n"
     "    for k in range(2):\n"
     "        count = (x.size(2 + k) - dilation[k] * (kernel_size[k] - 1) - 1) // stride[k] + 1\n"
     "        taps = torch.unsqueeze(torch.arange(kernel_size[k]) * dilation[k], 1)\n"
     "        counts.append(count)\n"
     "        x = torch.index_select(x, 2 + k, torch.reshape(taps + torch.arange(count) * stride[k], [-1]))\n"
     "    x = torch.reshape(x, [n, channels, kernel_size[0], counts[0], kernel_size[1], counts[1]])\n"
     "    x = torch.permute(x, [0, 1, 2, 4, 3, 5])\n"
     "    y = torch.reshape(x, [n, channels * kernel_size[0] * kernel_size[1], counts[0] * counts[1]])\n"
     "    return torch.squeeze(y, 0) if self.dim() == 3 else y\n"},
    /* A transposed convolution whose kernel k has a single 1, at place k of the window. */
    {"col2im",
     "col2im(Tensor self, SymInt[2] output_size, int[2] kernel_size, int[2] dilation, int[2] padding, int[2] "
     "stride) -> Tensor",
     text_col2im},
    /* Channels and places. */
    {"pixel_shuffle", "pixel_shuffle(Tensor self, int upscale_factor) -> Tensor",
     "def pixel_shuffle(self, r):\n"
     "    lead = list(self.shape)[:-3]\n"
     "    channels, height, width = list(self.shape)[-3:]\n"
     "    n = len(lead)\n"
     "    x = torch.reshape(self, lead + [channels // (r * r), r, r, height, width])\n"
     "    x = torch.permute(x, list(range(n)) + [n, n + 3, n + 1, n + 4, n + 2])\n"
     "    return torch.reshape(x, lead + [channels // (r * r), height * r, width * r])\n"},
    {"pixel_unshuffle", "pixel_unshuffle(Tensor self, int downscale_factor) -> Tensor",
     "def pixel_unshuffle(self, r):\n"
     "    lead = list(self.shape)[:-3]\n"
     "    channels, height, width = list(self.shape)[-3:]\n"
     "    n = len(lead)\n"
     "    x = torch.reshape(self, lead + [channels, height // r, r, width // r, r])\n"
     "    x = torch.permute(x, list(range(n)) + [n, n + 2, n + 4, n + 1, n + 3])\n"
     "    return torch.reshape(x, lead + [channels * r * r, height // r, width // r])\n"},
    {"channel_shuffle", "channel_shuffle(Tensor self, SymInt groups) -> Tensor", text_channel_shuffle},
    {"native_channel_shuffle", "native_channel_shuffle(Tensor self, SymInt groups) -> Tensor", text_channel_shuffle},
};

const tnn_spelling_table tnn_spellings_shape = {rows, sizeof rows / sizeof *rows};
