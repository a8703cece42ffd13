/* Taking and putting elements by number, on index_select, gather, index_copy and scatter_rows. Helpers of these texts
 * have names that begin with an underscore. */
#include "ops/list.h"

static const char text_index_Tensor[] =
    "def index(self, indices):\n"
    "    indices = torch._index_places(indices)\n"
    "    dims = [k for k in range(len(indices)) if indices[k] is not None]\n"
    "    if not dims:\n"
    "        return torch.clone(self)\n"
    "    numbers, shape = torch._index_numbers(self, indices)\n"
    "    at = dims[0]\n"
    "    if dims != list(range(at, at + len(dims))):\n"
    "        self = torch.permute(self, dims + [k for k in range(self.dim()) if k not in dims])\n"
    "        at = 0\n"
    "    sizes = list(self.shape)\n"
    "    lead = sizes[:at]\n"
    "    tail = sizes[at + len(dims):]\n"
    "    n = 1\n"
    "    for size in sizes[at:at + len(dims)]:\n"
    "        n = n * size\n"
    "    y = torch.index_select(torch.reshape(self, lead + [n] + tail), at, numbers)\n"
    "    return torch.reshape(y, lead + shape + tail)\n";

static const char text_index_put[] =
    "def index_put(self, indices, values, accumulate):\n"
    "    first = indices[0]\n"
    "    if len(indices) == 1 and first.dtype == torch.bool and values.numel() == 1 and not accumulate:\n"
    "        mask = torch.reshape(first, list(first.shape) + [1] * (self.dim() - first.dim()))\n"
    "        return torch.where(mask, torch.reshape(torch.to(values, self.dtype), []), self)\n"
    "    indices = torch._index_places(indices)\n"
    "    dims = [k for k in range(len(indices)) if indices[k] is not None]\n"
    "    numbers, shape = torch._index_numbers(self, indices)\n"
    "    at = dims[0]\n"
    "    rest = [k for k in range(self.dim()) if k not in dims]\n"
    "    if dims != list(range(at, at + len(dims))):\n"
    "        at = 0\n"
    "    lead = [self.size(k) for k in rest[:at]]\n"
    "    tail = [self.size(k) for k in rest[at:]]\n"
    "    values = torch.reshape(values, [1] * (len(lead + shape + tail) - values.dim()) + list(values.shape))\n"
    "    n = 1\n"
    "    for k in range(len(shape)):\n"
    "        n = n * values.size(at + k)\n"
    "    values = torch.expand(values, lead + (shape if n > 1 else [1] * len(shape)) + tail)\n"
    "    ahead = list(range(at, at + len(shape)))\n"
    "    values = torch.permute(values, ahead + [k for k in range(values.dim()) if k not in ahead])\n"
    "    front = torch.permute(self, dims + rest)\n"
    "    n = 1\n"
    "    for k in dims:\n"
    "        n = n * self.size(k)\n"
    "    rows = torch.reshape(front, [n] + lead + tail)\n"
    "    rows = torch._put_rows(rows, numbers, torch.reshape(values, [-1] + lead + tail), accumulate)\n"
    "    order = dims + rest\n"
    "    return torch.contiguous(torch.permute(torch.reshape(rows, front.shape), [order.index(k) for k in range(self.dim())]))\n";

static const tnn_spelling_row rows[] = {
    {"index_select", "index_select(Tensor self, int dim, Tensor index) -> Tensor",
     "def index_select(self, dim, index):\n"
     "    if self.dim() == 0:\n"
     "        return torch.clone(self)\n"
     "    return torch.index_select.primitive(self, dim, torch.reshape(index, [-1]))\n"},
    /* Where the index is smaller, self is cut to it. */
    {"gather", "gather(Tensor self, int dim, Tensor index, *, bool sparse_grad=False) -> Tensor",
     "def gather(self, dim, index, sparse_grad):\n"
     "    if self.dim() == 0:\n"
     "        y = torch.gather(torch.reshape(self, [1]), 0, torch.reshape(index, [-1]))\n"
     "        return torch.reshape(y, index.shape)\n"
     "    if index.dim() != self.dim() and index.numel() == 0:\n"
     "        return torch.zeros(index.shape, dtype=self.dtype)\n"
     "    dim = dim + self.dim() if dim < 0 else dim\n"
     "    if index.dtype != torch.int32 and index.dtype != torch.int64:\n"
     "        index = torch.to.dtype(index, torch.int64)\n"
     "    if self.dim() == 1:\n"
     "        return torch.index_select.primitive(self, 0, index)\n"
     "    for k in range(self.dim()):\n"
     "        if k != dim and index.size(k) != self.size(k):\n"
     "            self = torch.slice(self, k, 0, index.size(k))\n"
     "    return torch.gather.primitive(self, dim, index)\n"},
    {"take_along_dim", "take_along_dim(Tensor self, Tensor indices, int? dim=None) -> Tensor",
     "def take_along_dim(self, indices, dim):\n"
     "    if dim is None:\n"
     "        self, indices, dim = torch.reshape(self, [-1]), torch.reshape(indices, [-1]), 0\n"
     "    dim = dim + self.dim() if dim < 0 else dim\n"
     "    indices = torch.where(indices < 0, indices + self.size(dim), indices)\n"
     "    shape = [max(a, b) for a, b in zip(self.shape, indices.shape)]\n"
     "    wide = shape[:dim] + [self.size(dim)] + shape[dim + 1:]\n"
     "    narrow = shape[:dim] + [indices.size(dim)] + shape[dim + 1:]\n"
     "    return torch.gather(torch.expand(self, wide), dim, torch.expand(indices, narrow))\n"},
    {"take", "take(Tensor self, Tensor index) -> Tensor",
     "def take(self, index):\n"
     "    numbers = torch.remainder(torch.reshape(index, [-1]), self.numel())\n"
     "    return torch.reshape(torch.index_select(torch.reshape(self, [-1]), 0, numbers), index.shape)\n"},
    {"embedding",
     "embedding(Tensor weight, Tensor indices, SymInt padding_idx=-1, bool scale_grad_by_freq=False, bool "
     "sparse=False) -> Tensor",
     "def embedding(weight, indices, padding_idx, scale_grad_by_freq, sparse):\n"
     "    rows = torch.index_select(weight, 0, torch.reshape(indices, [-1]))\n"
     "    return torch.reshape(rows, list(indices.shape) + list(weight.shape)[1:])\n"},
    /* A mask stands for the places where it is true, one index tensor a dimension. */
    {"_index_places", "_index_places(Tensor?[] indices) -> Tensor?[]",
     "def index_places(indices):\n"
     "    out = []\n"
     "    for index in indices:\n"
     "        if index is not None and (index.dtype == torch.bool or index.dtype == torch.uint8):\n"
     "            out.extend(places(index))\n"
     "        else:\n"
     "            out.append(index)\n"
     "    return out\n"},
    /* Index tensors broadcast to one shape and become one number along the indexed dimensions seen as one:
     * gives the number, flat, and that shape. A negative index counts from the end. */
    {"_index_numbers", "_index_numbers(Tensor self, Tensor?[] indices) -> (Tensor, int[])",
     "def numbers(self, indices):\n"
     "    rank = max([0 if index is None else index.dim() for index in indices])\n"
     "    shape = [1] * rank\n"
     "    numbers = None\n"
     "    for k in range(len(indices)):\n"
     "        index = indices[k]\n"
     "        if index is not None:\n"
     "            for j in range(index.dim()):\n"
     "                if index.size(j) != 1:\n"
     "                    shape[rank - index.dim() + j] = index.size(j)\n"
     "            index = torch.remainder(index, self.size(k))\n"
     "            numbers = index if numbers is None else numbers * self.size(k) + index\n"
     "    return torch.reshape(torch.expand(numbers, shape), [-1]), shape\n"},
    /* Index tensors that stand side by side keep their place, others move to the front. */
    {"index.Tensor", "index(Tensor self, Tensor?[] indices) -> Tensor", text_index_Tensor},
    {"_unsafe_index.Tensor", "_unsafe_index(Tensor self, Tensor?[] indices) -> Tensor", text_index_Tensor},
    /* Rows of [n, rest] by number: known numbers are a table, others leave a count of what was written. `values` has a row
     * a number, or one for all. Of rows that meet without adding up PyTorch keeps any; their mean is that row where they
     * are equal. */
    {"_put_rows", "_put_rows(Tensor self, Tensor numbers, Tensor values, bool accumulate) -> Tensor",
     "def put_rows(self, numbers, values, accumulate):\n"
     "    n = self.size(0)\n"
     "    one = values.size(0) == 1\n"
     "    if one and (accumulate or known(numbers)):\n"
     "        values = torch.expand(values, [numbers.size(0)] + [-1] * (self.dim() - 1))\n"
     "    if accumulate:\n"
     "        return self + torch.scatter_rows(numbers, values, n)\n"
     "    if known(numbers):\n"
     "        return torch.index_copy.primitive(self, 0, numbers, values)\n"
     "    marks = torch.full([numbers.size(0)] + [1] * (self.dim() - 1), 1, dtype=torch.int32)\n"
     "    count = torch.scatter_rows(numbers, marks, n)\n"
     "    if not one:\n"
     "        values = torch.scatter_rows(numbers, values, n)\n"
     "        if numbers.size(0) > 1 and torch.is_floating_point(values):\n"
     "            values = values / torch.to.dtype(torch.clamp(count, 1, None), values.dtype)\n"
     "    return torch.where(count > 0, values, self)\n"},
    {"index_put",
     "index_put(Tensor self, Tensor?[] indices, Tensor values, bool accumulate=False) -> Tensor",
     text_index_put},
    {"_unsafe_index_put",
     "_unsafe_index_put(Tensor self, Tensor?[] indices, Tensor values, bool accumulate=False) -> Tensor",
     text_index_put},
    {"_index_put_impl_",
     "_index_put_impl_(Tensor(a!) self, Tensor?[] indices, Tensor values, bool accumulate=False, bool "
     "unsafe=False) -> Tensor(a!)",
     "def index_put(self, indices, values, accumulate, unsafe):\n"
     "    return torch.copy_(self, torch.index_put(self, indices, values, accumulate))\n"},
    {"index_copy", "index_copy(Tensor self, int dim, Tensor index, Tensor source) -> Tensor",
     "def index_copy(self, dim, index, source):\n"
     "    index = torch.reshape(index, [-1])\n"
     "    if self.dim() == 0:\n"
     "        y = torch.index_copy(torch.reshape(self, [1]), 0, index, torch.reshape(source, [-1]))\n"
     "        return torch.reshape(y, [])\n"
     "    if source.dim() == 0 and self.dim() == 1:\n"
     "        source = torch.reshape(source, [1])\n"
     "    if known(index):\n"
     "        return torch.index_copy.primitive(self, dim, index, source)\n"
     "    rows = torch._put_rows(torch.movedim(self, dim, 0), index, torch.movedim(source, dim, 0), False)\n"
     "    return torch.contiguous(torch.movedim(rows, 0, dim))\n"},
    {"index_add", "index_add(Tensor self, int dim, Tensor index, Tensor source, *, Scalar alpha=1) -> Tensor",
     "def index_add(self, dim, index, source, alpha):\n"
     "    if self.dim() == 0:\n"
     "        y = torch.index_add(torch.reshape(self, [1]), 0, index, torch.reshape(source, [-1]), alpha=alpha)\n"
     "        return torch.reshape(y, [])\n"
     "    source = torch.reshape(source, [1]) if source.dim() == 0 else source\n"
     "    sums = torch.scatter_rows(torch.reshape(index, [-1]), torch.movedim(source, dim, 0), self.size(dim))\n"
     "    return torch.add(self, torch.movedim(sums, 0, dim), alpha=alpha)\n"},
    {"index_fill.int_Scalar", "index_fill(Tensor self, int dim, Tensor index, Scalar value) -> Tensor",
     "def index_fill(self, dim, index, value):\n"
     "    return torch.index_fill.int_Tensor(self, dim, index, torch.full([], value, dtype=self.dtype))\n"},
    {"index_fill.int_Tensor", "index_fill(Tensor self, int dim, Tensor index, Tensor value) -> Tensor",
     "def index_fill(self, dim, index, value):\n"
     "    if self.dim() == 0:\n"
     "        return torch.reshape(torch.index_fill(torch.reshape(self, [1]), 0, index, value), [])\n"
     "    dim = dim + self.dim() if dim < 0 else dim\n"
     "    marks = torch.full([index.numel()], 1, dtype=torch.int32)\n"
     "    written = torch.scatter_rows(torch.reshape(index, [-1]), marks, self.size(dim)) > 0\n"
     "    written = torch.reshape(written, [-1] + [1] * (self.dim() - dim - 1))\n"
     "    return torch.where(written, torch.to(value, self.dtype), self)\n"},
    /* Where a mask that is a constant is true. */
    {"masked_select", "masked_select(Tensor self, Tensor mask) -> Tensor",
     "def masked_select(self, mask):\n"
     "    self, mask = torch.broadcast_tensors([self, mask])\n"
     "    return torch.index(self, [mask])\n"},
    {"nonzero", "nonzero(Tensor self) -> Tensor",
     "def nonzero(self):\n"
     "    return torch.stack(places(self != 0), 1)\n"},
    {"argwhere", "argwhere(Tensor self) -> Tensor",
     "def argwhere(self):\n"
     "    return torch.nonzero(self)\n"},
    {"nonzero_numpy", "nonzero_numpy(Tensor self) -> Tensor[]",
     "def nonzero_numpy(self):\n"
     "    return places(self != 0)\n"},
    /* Where the mask is false, indices may be anything; they are bounded so that they hit some element. */
    {"_bounded_indices", "_bounded_indices(Tensor self, Tensor?[] indices) -> Tensor?[]",
     "def bounded(self, indices):\n"
     "    out = []\n"
     "    for k in range(len(indices)):\n"
     "        index = indices[k]\n"
     "        out.append(None if index is None else torch.clamp(index, -self.size(k), self.size(k) - 1))\n"
     "    return out\n"},
    {"_unsafe_masked_index",
     "_unsafe_masked_index(Tensor self, Tensor mask, Tensor?[] indices, Scalar fill) -> Tensor",
     "def masked_index(self, mask, indices, fill):\n"
     "    y = torch.index.Tensor(self, torch._bounded_indices(self, indices))\n"
     "    return torch.where(mask, y, torch.full([], fill, dtype=self.dtype))\n"},
    {"_unsafe_masked_index_put_accumulate",
     "_unsafe_masked_index_put_accumulate(Tensor self, Tensor mask, Tensor?[] indices, Tensor values) -> Tensor",
     "def masked_index_put(self, mask, indices, values):\n"
     "    values = torch.where(mask, values, torch.full([], 0, dtype=values.dtype))\n"
     "    return torch.index_put(self, torch._bounded_indices(self, indices), values, True)\n"},
    /* Each element that is not 0 goes to the row of its rank among these, all others and what is too many to a row behind
     * the last. */
    {"nonzero_static", "nonzero_static(Tensor self, *, SymInt size, int fill_value=-1) -> Tensor",
     "def nonzero_static(self, size, fill_value):\n"
     "    if self.dim() == 0:\n"
     "        return torch.zeros([size, 0], dtype=torch.int64)\n"
     "    mask = torch.reshape(self != 0, [-1])\n"
     "    rank = torch.cumsum(torch.to.dtype(mask, torch.int32), 0, dtype=torch.int32) - 1\n"
     "    row = torch.clamp(torch.where(mask, rank, size), None, size)\n"
     "    columns = []\n"
     "    stride = self.numel()\n"
     "    for k in range(self.dim()):\n"
     "        stride = stride // self.size(k)\n"
     "        columns.append(torch.arange(self.numel()) // stride % self.size(k))\n"
     "    rows = torch.full([size + 1, self.dim()], fill_value, dtype=torch.int64)\n"
     "    return torch.slice(torch._put_rows(rows, row, torch.stack(columns, 1), False), 0, 0, size)\n"},
};

const tnn_spelling_table tnn_spellings_index = {rows, sizeof rows / sizeof *rows};
