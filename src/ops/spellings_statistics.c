/* Statistics, differences and sums along lines, and tables of places and powers. */
#include "ops/list.h"

/* Weighted by frequencies and by importance; rows are variables. */
static const char text_cov[] =
    "def cov(self, correction, fweights, aweights):\n"
    "    x = self if self.dim() == 2 else torch.reshape(self, [1, -1])\n"
    "    x = x if x.is_floating_point() else torch.to.dtype(x, torch.float32)\n"
    "    n = x.size(1)\n"
    "    weights = None if fweights is None else torch.to.dtype(fweights, x.dtype)\n"
    "    if aweights is not None:\n"
    "        aweights = torch.to.dtype(aweights, x.dtype)\n"
    "        weights = aweights if weights is None else weights * aweights\n"
    "    if weights is None:\n"
    "        mean = torch.mean(x, [1], True)\n"
    "        rest = max(n - correction, 0)\n"
    "    else:\n"
    "        total = torch.sum(weights)\n"
    "        mean = torch.sum(x * weights, [1], True) / total\n"
    "        rest = total - correction\n"
    "        if aweights is not None and correction != 0:\n"
    "            rest = total - torch.sum(weights * aweights) / total * correction\n"
    "        rest = torch.clamp(rest, 0, None)\n"
    "    y = x - mean\n"
    "    right = y if weights is None else y * weights\n"
    "    return torch.squeeze(torch.matmul(y, torch.t(right)) / rest)\n";

static const char text_corrcoef[] =
    "def corrcoef(self):\n"
    "    c = torch.cov(self)\n"
    "    if c.dim() == 0:\n"
    "        return c / c\n"
    "    size = torch.sqrt(torch.diagonal(c))\n"
    "    return torch.clamp(c / torch.unsqueeze(size, 1) / size, -1, 1)\n";

/* Places along dim, as sizes of steps between neighbours that broadcast over y. */
static const char text_steps_between[] =
    "def steps(y, x, dim):\n"
    "    along = x.dim() - 1 if x.dim() == 1 else dim\n"
    "    steps = torch.diff(x, 1, along)\n"
    "    if x.dim() == 1:\n"
    "        dim = dim + y.dim() if dim < 0 else dim\n"
    "        steps = torch.reshape(steps, [-1] + [1] * (y.dim() - 1 - dim))\n"
    "    return steps\n";

/* Neighbours added up. */
static const char text_pairs_along[] =
    "def pairs(y, dim):\n"
    "    n = y.size(dim)\n"
    "    y = y if y.is_floating_point() else torch.to.dtype(y, torch.float32)\n"
    "    return torch.narrow(y, dim, 0, n - 1) + torch.narrow(y, dim, 1, n - 1)\n";

static const char text_trapezoid_x[] =
    "def trapezoid(y, x, dim):\n"
    "    if y.size(dim) == 0:\n"
    "        return torch.sum(y, [dim])\n"
    "    return torch.sum(torch._pairs_along(y, dim) * torch._steps_between(y, x, dim), [dim]) / 2\n";

static const char text_trapezoid_dx[] =
    "def trapezoid(y, dx, dim):\n"
    "    if y.size(dim) == 0:\n"
    "        return torch.sum(y, [dim])\n"
    "    return torch.sum(torch._pairs_along(y, dim), [dim]) * (dx / 2)\n";

/* Along one dimension, by differences over two steps, and over one at the ends (with edge_order 2 by a parabola). `spacing`
 * is a number or a tensor of places. */
static const char text_gradient_along[] =
    "def gradient(self, dim, spacing, edge_order):\n"
    "    n = self.size(dim)\n"
    "    x = self if self.is_floating_point() else torch.to.dtype(self, torch.float32)\n"
    "    first, second, third = [torch.narrow(x, dim, k, 1) for k in [0, 1, min(2, n - 1)]]\n"
    "    last, before, earlier = [torch.narrow(x, dim, n - 1 - k, 1) for k in [0, 1, min(2, n - 1)]]\n"
    "    if isinstance(spacing, Tensor):\n"
    "        steps = torch._steps_between(x, torch.to.dtype(spacing, x.dtype), dim)\n"
    "        along = dim - self.dim() if dim >= 0 else dim\n"
    "        left, right = torch.narrow(steps, along, 0, n - 2), torch.narrow(steps, along, 1, n - 2)\n"
    "        both = left + right\n"
    "        inner = (torch.narrow(x, dim, 0, n - 2) * (-right / (left * both)) +\n"
    "                 torch.narrow(x, dim, 1, n - 2) * ((right - left) / (left * right)) +\n"
    "                 torch.narrow(x, dim, 2, n - 2) * (left / (right * both)))\n"
    "        a, b = [torch.narrow(steps, along, k, 1) for k in [0, min(1, n - 2)]]\n"
    "        c, d = [torch.narrow(steps, along, n - 2 - k, 1) for k in [0, min(1, n - 2)]]\n"
    "        if edge_order == 1:\n"
    "            return torch.cat([(second - first) / a, inner, (last - before) / c], dim)\n"
    "        head = (first * (-(a * 2 + b) / (a * (a + b))) + second * ((a + b) / (a * b)) -\n"
    "                third * (a / (b * (a + b))))\n"
    "        tail = (earlier * (c / (d * (c + d))) - before * ((c + d) / (d * c)) +\n"
    "                last * ((c * 2 + d) / (c * (c + d))))\n"
    "        return torch.cat([head, inner, tail], dim)\n"
    "    inner = (torch.narrow(x, dim, 2, n - 2) - torch.narrow(x, dim, 0, n - 2)) / (spacing * 2)\n"
    "    if edge_order == 1:\n"
    "        return torch.cat([(second - first) / spacing, inner, (last - before) / spacing], dim)\n"
    "    head = (second * 2 - first * 1.5 - third * 0.5) / spacing\n"
    "    tail = (last * 1.5 - before * 2 + earlier * 0.5) / spacing\n"
    "    return torch.cat([head, inner, tail], dim)\n";

/* `spacing` has an entry for each of `dim`, which are all dimensions when it is None. */
static const char text_gradient_lists[] =
    "def gradient(self, spacing, dim, edge_order):\n"
    "    dims = list(range(self.dim())) if dim is None else dim if isinstance(dim, list) else [dim]\n"
    "    return [torch._gradient_along(self, d, step, edge_order) for d, step in zip(dims, spacing)]\n";

static const char text_gradient_number[] =
    "def gradient(self, spacing, dim, edge_order):\n"
    "    dims = list(range(self.dim())) if dim is None else dim if isinstance(dim, list) else [dim]\n"
    "    step = 1 if spacing is None else spacing\n"
    "    return [torch._gradient_along(self, d, step, edge_order) for d in dims]\n";

static const char text_powers[] =
    "def powers(x, n, increasing):\n"
    "    n = x.size(-1) if n is None else n\n"
    "    x = x if x.is_floating_point() else torch.to.dtype(x, torch.int64)\n"
    "    columns = [torch.ones_like(x)]\n"
    "    for k in range(1, n):\n"
    "        columns.append(columns[-1] * x)\n"
    "    columns = columns if increasing else list(reversed(columns))\n"
    "    return torch.stack(columns[:n] if increasing else columns[len(columns) - n:], -1)\n";

static const char text_combinations[] =
    "def combinations(self, r, with_replacement):\n"
    "    n = self.size(0)\n"
    "    rows = [[]]\n"
    "    for k in range(r):\n"
    "        longer = []\n"
    "        for row in rows:\n"
    "            start = 0 if not row else row[-1] if with_replacement else row[-1] + 1\n"
    "            longer.extend([row + [j] for j in range(start, n)])\n"
    "        rows = longer\n"
    "    if not rows or r == 0:\n"
    "        return torch.reshape(torch.slice(self, 0, 0, 0), [0, r] if r > 0 else [0])\n"
    "    return torch.reshape(torch.index_select(self, 0, torch.reshape(torch.tensor(rows), [-1])), [len(rows), r])\n";

#define TRIANGLE "(int row, int col, int offset=0, *, ScalarType? dtype=None, Layout? layout=None, Device? "        \
                 "device=None, bool? pin_memory=None) -> Tensor"

static const tnn_spelling_row rows[] = {
    {"cov", "cov(Tensor self, *, int correction=1, Tensor? fweights=None, Tensor? aweights=None) -> Tensor", text_cov},
    {"corrcoef", "corrcoef(Tensor self) -> Tensor", text_corrcoef},
    {"_steps_between", "_steps_between(Tensor y, Tensor x, int dim) -> Tensor", text_steps_between},
    {"_pairs_along", "_pairs_along(Tensor y, int dim) -> Tensor", text_pairs_along},
    {"trapezoid.x", "trapezoid(Tensor y, Tensor x, *, int dim=-1) -> Tensor", text_trapezoid_x},
    {"trapezoid.dx", "trapezoid(Tensor y, *, Scalar dx=1, int dim=-1) -> Tensor", text_trapezoid_dx},
    {"trapz.x", "trapz(Tensor y, Tensor x, *, int dim=-1) -> Tensor", text_trapezoid_x},
    {"trapz.dx", "trapz(Tensor y, *, float dx=1.0, int dim=-1) -> Tensor", text_trapezoid_dx},
    {"cumulative_trapezoid.x", "cumulative_trapezoid(Tensor y, Tensor x, *, int dim=-1) -> Tensor",
     "def trapezoid(y, x, dim):\n"
     "    return torch.cumsum(torch._pairs_along(y, dim) * torch._steps_between(y, x, dim), dim) / 2\n"},
    {"cumulative_trapezoid.dx", "cumulative_trapezoid(Tensor y, *, Scalar dx=1, int dim=-1) -> Tensor",
     "def trapezoid(y, dx, dim):\n"
     "    return torch.cumsum(torch._pairs_along(y, dim), dim) * (dx / 2)\n"},
    {"_gradient_along", "_gradient_along(Tensor self, int dim, Tensor|Scalar spacing, int edge_order) -> Tensor",
     text_gradient_along},
    {"gradient.scalarint", "gradient(Tensor self, *, Scalar? spacing=None, int? dim=None, int edge_order=1) -> Tensor[]",
     text_gradient_number},
    {"gradient.scalararray", "gradient(Tensor self, *, Scalar spacing, int[] dim, int edge_order=1) -> Tensor[]",
     text_gradient_number},
    {"gradient.array", "gradient(Tensor self, *, int[] dim, int edge_order=1) -> Tensor[]",
     "def gradient(self, dim, edge_order):\n"
     "    return [torch._gradient_along(self, d, 1, edge_order) for d in dim]\n"},
    {"gradient.scalarrayint", "gradient(Tensor self, *, Scalar[] spacing, int? dim=None, int edge_order=1) -> Tensor[]",
     text_gradient_lists},
    {"gradient.scalarrayarray", "gradient(Tensor self, *, Scalar[] spacing, int[] dim, int edge_order=1) -> Tensor[]",
     text_gradient_lists},
    {"gradient.tensorarrayint", "gradient(Tensor self, *, Tensor[] spacing, int? dim=None, int edge_order=1) -> Tensor[]",
     text_gradient_lists},
    {"gradient.tensorarray", "gradient(Tensor self, *, Tensor[] spacing, int[] dim, int edge_order=1) -> Tensor[]",
     text_gradient_lists},
    /* Slices along dim that are longer than maxnorm are scaled to it. */
    {"renorm", "renorm(Tensor self, Scalar p, int dim, Scalar maxnorm) -> Tensor",
     "def renorm(self, p, dim, maxnorm):\n"
     "    dim = dim + self.dim() if dim < 0 else dim\n"
     "    norm = torch.linalg_vector_norm(self, p, [d for d in range(self.dim()) if d != dim], True)\n"
     "    return self * torch.where(norm > maxnorm, maxnorm / (norm + 1e-7), 1.0)\n"},
    /* Every pair of rows once. */
    {"pdist", "pdist(Tensor self, float p=2) -> Tensor",
     "def pdist(self, p):\n"
     "    n = self.size(0)\n"
     "    a, b = places(torch.unsqueeze(torch.arange(n), 1) < torch.arange(n))\n"
     "    return torch.linalg_vector_norm(torch.index_select(self, 0, a) - torch.index_select(self, 0, b), p, [1])\n"},
    {"_pdist_forward", "_pdist_forward(Tensor self, float p=2) -> Tensor",
     "def pdist(self, p):\n"
     "    return torch.pdist(self, p)\n"},
    /* Tables. */
    {"_powers", "_powers(Tensor x, int? n, bool increasing) -> Tensor", text_powers},
    {"vander", "vander(Tensor x, int? N=None, bool increasing=False) -> Tensor",
     "def vander(x, n, increasing):\n"
     "    return torch._powers(x, n, increasing)\n"},
    {"linalg_vander", "linalg_vander(Tensor x, *, SymInt? N=None) -> Tensor",
     "def vander(x, n):\n"
     "    return torch._powers(torch.reshape(x, [1]) if x.dim() == 0 else x, n, True)\n"},
    {"tril_indices", "tril_indices" TRIANGLE,
     "def tril_indices(row, col, offset, dtype, layout, device, pin_memory):\n"
     "    y = torch.stack(places(torch.unsqueeze(torch.arange(row) + offset, 1) >= torch.arange(col)), 0)\n"
     "    return y if dtype is None else torch.to(y, dtype)\n"},
    {"triu_indices", "triu_indices" TRIANGLE,
     "def triu_indices(row, col, offset, dtype, layout, device, pin_memory):\n"
     "    y = torch.stack(places(torch.unsqueeze(torch.arange(row) + offset, 1) <= torch.arange(col)), 0)\n"
     "    return y if dtype is None else torch.to(y, dtype)\n"},
    {"combinations", "combinations(Tensor self, int r=2, bool with_replacement=False) -> Tensor", text_combinations},
};

const tnn_spelling_table tnn_spellings_statistics = {rows, sizeof rows / sizeof *rows};
