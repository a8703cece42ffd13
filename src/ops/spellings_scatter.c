/* What meets at one place is put together: scatter, scatter_reduce, index_reduce, put, and masks that scatter. The only
 * operator of TFLite that does so adds up (SCATTER_ND, here scatter_rows); other reductions look at every pair of an
 * element and a place along the dimension. */
#include "ops/list.h"

static const char text_scatter_numbers[] =
    "def numbers(self, dim, index):\n"
    "    dim = dim + self.dim() if dim < 0 else dim\n"
    "    stride = 1\n"
    "    numbers = index\n"
    "    for k in range(self.dim() - 1, -1, -1):\n"
    "        if k == dim and stride != 1:\n"
    "            numbers = numbers * stride\n"
    "        stride = stride * self.size(k)\n"
    "    stride = 1\n"
    "    places = None\n"
    "    for k in range(self.dim() - 1, -1, -1):\n"
    "        if k != dim and index.size(k) > 1:\n"
    "            place = torch.arange(index.size(k), dtype=index.dtype) * stride\n"
    "            place = torch.reshape(place, [-1] + [1] * (self.dim() - k - 1))\n"
    "            places = place if places is None else places + place\n"
    "        stride = stride * self.size(k)\n"
    "    numbers = numbers if places is None else numbers + places\n"
    "    return torch.reshape(numbers, [-1])\n";

/* reduce is "", "sum" or "add", or "mean": by the numbers of places. */
static const char text_scatter_sums[] =
    "def sums(self, dim, index, src, reduce, include_self):\n"
    "    numbers = torch._scatter_numbers(self, dim, index)\n"
    "    flat = torch.reshape(self, [-1])\n"
    "    values = torch.reshape(src, [-1])\n"
    "    if reduce == \"\":\n"
    "        return torch.reshape(torch._put_rows(flat, numbers, values, False), self.shape)\n"
    "    y = torch.scatter_rows(numbers, values, flat.size(0))\n"
    "    if include_self and reduce != \"mean\":\n"
    "        return torch.reshape(flat + y, self.shape)\n"
    "    n = torch.scatter_rows(numbers, torch.full([numbers.size(0)], 1, dtype=torch.int32), flat.size(0))\n"
    "    written = n > 0\n"
    "    if include_self:\n"
    "        y = flat + y\n"
    "        n = n + 1\n"
    "    if reduce == \"mean\":\n"
    "        mode = None if self.is_floating_point() else \"floor\"\n"
    "        y = torch.div(y, torch.to(torch.clamp(n, 1, None), self.dtype), rounding_mode=mode)\n"
    "    y = y if include_self else torch.where(written, y, flat)\n"
    "    return torch.reshape(y, self.shape)\n";

/* Products and extremes, over a dimension behind that is true where an element goes to a place. */
static const char text_scatter_pairs[] =
    "def pairs(self, dim, index, src, reduce, include_self):\n"
    "    lead = list(index.shape)\n"
    "    out = torch.clone(self)\n"
    "    part = out\n"
    "    for k in range(self.dim()):\n"
    "        if k != dim and lead[k] != self.size(k):\n"
    "            part = torch.slice(part, k, 0, lead[k])\n"
    "    places = torch.reshape(torch.arange(self.size(dim), dtype=index.dtype), [-1, 1])\n"
    "    meets = torch.unsqueeze(torch.movedim(index, dim, -1), -2) == places\n"
    "    values = torch.unsqueeze(torch.movedim(src, dim, -1), -2)\n"
    "    old = torch.movedim(part, dim, -1)\n"
    "    if reduce == \"prod\" or reduce == \"multiply\":\n"
    "        y = torch.to(torch.prod(torch.where(meets, values, 1), -1), self.dtype)\n"
    "        both = old * y\n"
    "    elif reduce == \"amax\":\n"
    "        y = torch.amax(torch.where(meets, values, torch._lowest(self)), [-1])\n"
    "        both = torch.maximum(old, y)\n"
    "    else:\n"
    "        y = torch.amin(torch.where(meets, values, -1 - torch._lowest(self)), [-1])\n"
    "        both = torch.minimum(old, y)\n"
    "    y = both if include_self else torch.where(torch.any(meets, -1), y, old)\n"
    "    torch.copy_(part, torch.movedim(y, -1, dim))\n"
    "    return out\n";

static const char text_scatter[] =
    "def scatter(self, dim, index, src, reduce, include_self):\n"
    "    if self.dim() == 0:\n"
    "        y = torch._scatter(torch.reshape(self, [1]), 0, torch.reshape(index, [1]), torch.reshape(src, [1]), reduce,\n"
    "                           include_self)\n"
    "        return torch.reshape(y, [])\n"
    "    dim = dim + self.dim() if dim < 0 else dim\n"
    "    for k in range(src.dim()):\n"
    "        if src.size(k) != index.size(k):\n"
    "            src = torch.slice(src, k, 0, index.size(k))\n"
    "    if reduce in [\"\", \"sum\", \"add\", \"mean\"]:\n"
    "        return torch._scatter_sums(self, dim, index, src, reduce, include_self)\n"
    "    return torch._scatter_pairs(self, dim, index, src, reduce, include_self)\n";

static const tnn_spelling_row rows[] = {
    /* Numbers of the elements of self, seen flat, that an index along a dimension means. */
    {"_scatter_numbers", "_scatter_numbers(Tensor self, int dim, Tensor index) -> Tensor", text_scatter_numbers},
    {"_scatter_sums",
     "_scatter_sums(Tensor self, int dim, Tensor index, Tensor src, str reduce, bool include_self) -> Tensor",
     text_scatter_sums},
    /* What no element of the type is below; -1 less that is what none is above, be it infinity or the largest integer. */
    {"_lowest", "_lowest(Tensor self) -> Scalar",
     "def lowest(self):\n"
     "    if self.is_floating_point():\n"
     "        return -inf\n"
     "    assert self.dtype in [torch.int64, torch.int32], \"extremes of small integers that meet\"\n"
     "    return -2 ** 31 if self.dtype == torch.int32 else -9223372036854775807 - 1\n"},
    {"_scatter_pairs",
     "_scatter_pairs(Tensor self, int dim, Tensor index, Tensor src, str reduce, bool include_self) -> Tensor",
     text_scatter_pairs},
    /* reduce is "" or one of scatter_reduce's or scatter's. */
    {"_scatter",
     "_scatter(Tensor self, int dim, Tensor index, Tensor src, str reduce, bool include_self) -> Tensor",
     text_scatter},
    {"scatter.src", "scatter(Tensor self, int dim, Tensor index, Tensor src) -> Tensor",
     "def scatter(self, dim, index, src):\n"
     "    return torch._scatter(self, dim, index, src, \"\", True)\n"},
    {"scatter.value", "scatter(Tensor self, int dim, Tensor index, Scalar value) -> Tensor",
     "def scatter(self, dim, index, value):\n"
     "    numbers = torch._scatter_numbers(self, dim, index)\n"
     "    marks = torch.full([numbers.size(0)], 1, dtype=torch.int32)\n"
     "    written = torch.reshape(torch.scatter_rows(numbers, marks, self.numel()) > 0, self.shape)\n"
     "    return torch.where(written, torch.full([], value, dtype=self.dtype), self)\n"},
    {"scatter.reduce", "scatter(Tensor self, int dim, Tensor index, Tensor src, *, str reduce) -> Tensor",
     "def scatter(self, dim, index, src, reduce):\n"
     "    return torch._scatter(self, dim, index, src, reduce, True)\n"},
    {"scatter.value_reduce", "scatter(Tensor self, int dim, Tensor index, Scalar value, *, str reduce) -> Tensor",
     "def scatter(self, dim, index, value, reduce):\n"
     "    return torch._scatter(self, dim, index, torch.full(index.shape, value, dtype=self.dtype), reduce, True)\n"},
    {"scatter_add", "scatter_add(Tensor self, int dim, Tensor index, Tensor src) -> Tensor",
     "def scatter_add(self, dim, index, src):\n"
     "    return torch._scatter(self, dim, index, src, \"sum\", True)\n"},
    {"scatter_reduce.two",
     "scatter_reduce(Tensor self, int dim, Tensor index, Tensor src, str reduce, *, bool include_self=True) -> "
     "Tensor",
     "def scatter_reduce(self, dim, index, src, reduce, include_self):\n"
     "    return torch._scatter(self, dim, index, src, reduce, include_self)\n"},
    {"index_reduce",
     "index_reduce(Tensor self, int dim, Tensor index, Tensor source, str reduce, *, bool include_self=True) -> Tensor",
     "def index_reduce(self, dim, index, source, reduce, include_self):\n"
     "    if self.dim() == 0:\n"
     "        index = torch.reshape(index, [-1])\n"
     "        y = torch._scatter(torch.reshape(self, [1]), 0, index, torch.reshape(source, [-1]), reduce, include_self)\n"
     "        return torch.reshape(y, [])\n"
     "    shape = [1] * self.dim()\n"
     "    shape[dim] = index.numel()\n"
     "    index = torch.expand(torch.reshape(index, shape), source.shape)\n"
     "    return torch._scatter(self, dim, index, source, reduce, include_self)\n"},
    {"put", "put(Tensor self, Tensor index, Tensor source, bool accumulate=False) -> Tensor",
     "def put(self, index, source, accumulate):\n"
     "    numbers = torch.remainder(torch.reshape(index, [-1]), self.numel())\n"
     "    y = torch._put_rows(torch.reshape(self, [-1]), numbers, torch.reshape(source, [-1]), accumulate)\n"
     "    return torch.reshape(y, self.shape)\n"},
    /* The number of true elements up to each one says which element of source it gets. */
    {"masked_scatter", "masked_scatter(Tensor self, Tensor mask, Tensor source) -> Tensor",
     "def masked_scatter(self, mask, source):\n"
     "    self, mask = torch.broadcast_tensors([self, mask])\n"
     "    order = torch.cumsum(torch.to(torch.reshape(mask, [-1]), torch.int32), 0, dtype=torch.int32) - 1\n"
     "    values = torch.index_select(torch.reshape(source, [-1]), 0, torch.clamp(order, 0, None))\n"
     "    return torch.where(mask, torch.reshape(values, self.shape), self)\n"},
};

const tnn_spelling_table tnn_spellings_scatter = {rows, sizeof rows / sizeof *rows};
