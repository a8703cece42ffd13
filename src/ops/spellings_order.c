/* Orders: sorting and what is found by it, places in sorted numbers, the largest so far, the most frequent. */
#include "ops/list.h"

/* Each element takes up what is `step` before it: the larger one (`sign` 1) or the smaller one (-1), and where that was.
 * Of equal ones the last counts. */
static const char text_extreme_so_far[] =
    "def extreme(self, dim, sign):\n"
    "    n = self.size(dim) if self.dim() > 0 else 1\n"
    "    shape = [1] * self.dim()\n"
    "    if shape:\n"
    "        shape[dim] = n\n"
    "    y = self\n"
    "    places = torch.expand(torch.reshape(torch.arange(n), shape), self.shape)\n"
    "    step = 1\n"
    "    while step < n:\n"
    "        before = torch.cat([torch.narrow(y, dim, 0, step), torch.narrow(y, dim, 0, n - step)], dim)\n"
    "        there = torch.cat([torch.narrow(places, dim, 0, step), torch.narrow(places, dim, 0, n - step)], dim)\n"
    "        places = torch.where(before > y if sign == 1 else before < y, there, places)\n"
    "        y = torch.maximum(y, before) if sign == 1 else torch.minimum(y, before)\n"
    "        step = step * 2\n"
    "    return y, places\n";

/* How many numbers of a sequence are below each value, or not above it (`right`); a NaN is above all. */
static const char text_searchsorted[] =
    "def searchsorted(sequence, self, out_int32, right, side, sorter):\n"
    "    if sorter is not None:\n"
    "        sequence = torch.gather(sequence, -1, sorter)\n"
    "    if not isinstance(self, Tensor):\n"
    "        self = torch.full([], self, dtype=torch.float32 if isinstance(self, float) else torch.int64)\n"
    "    values = torch.unsqueeze(self, -1)\n"
    "    sequence = torch.unsqueeze(sequence, -2) if sequence.dim() > 1 else sequence\n"
    "    right = right or side == \"right\"\n"
    "    behind = sequence > values if right else sequence >= values\n"
    "    count = sequence.size(-1) - torch.sum(behind, [-1])\n"
    "    return torch.to(count, torch.int32) if out_int32 else count\n";

static const char text_isin[] =
    "def isin(elements, test_elements, assume_unique, invert):\n"
    "    if not isinstance(elements, Tensor):\n"
    "        elements = torch.full([], elements, dtype=test_elements.dtype)\n"
    "    if isinstance(test_elements, Tensor):\n"
    "        same = torch.unsqueeze(elements, -1) == torch.reshape(test_elements, [-1])\n"
    "        found = torch.any(same, -1)\n"
    "    else:\n"
    "        found = elements == test_elements\n"
    "    return torch.logical_not(found) if invert else found\n";

/* NaNs go to the end, as infinity; what comes before them is found by how many there are. Gives what is sorted, and the
 * number of the last that counts, -1 if none does. */
static const char text_sort_numbers[] =
    "def sort(self, dim):\n"
    "    here = self == self\n"
    "    values, indices = torch.sort(torch.where(here, self, inf), dim)\n"
    "    last = torch.sum(torch.to(here, torch.int32), [dim], True, dtype=torch.int32) - 1\n"
    "    return values, indices, last\n";

static const char text_nanmedian[] =
    "def nanmedian(self, dim, keepdim):\n"
    "    if not self.is_floating_point():\n"
    "        return torch.median(self, dim, keepdim)\n"
    "    if self.dim() == 0:\n"
    "        return torch.clone(self), torch.zeros([], dtype=torch.int64)\n"
    "    values, indices, last = torch._sort_numbers(self, dim)\n"
    "    middle = torch.div(torch.clamp(last, 0, None), 2, rounding_mode=\"floor\")\n"
    "    value = torch.where(last < 0, nan, torch.gather(values, dim, middle))\n"
    "    index = torch.gather(indices, dim, middle)\n"
    "    return (value, index) if keepdim else (torch.squeeze(value, dim), torch.squeeze(index, dim))\n";

static const char text_nanquantile[] =
    "def nanquantile(self, q, dim, keepdim, interpolation):\n"
    "    x = torch.reshape(self, [-1]) if dim is None else self\n"
    "    along = 0 if dim is None else dim\n"
    "    values, indices, last = torch._sort_numbers(x, along)\n"
    "    place = torch.clamp(last, 0, None) * float(q)\n"
    "    low = torch.floor(place)\n"
    "    high = torch.ceil(place)\n"
    "    weight = place - low\n"
    "    if interpolation == \"nearest\":\n"
    "        low = torch.round(place)\n"
    "    if interpolation == \"higher\":\n"
    "        low = high\n"
    "    y = torch.gather(values, along, torch.to(low, torch.int32))\n"
    "    if interpolation in [\"linear\", \"midpoint\"]:\n"
    "        other = torch.gather(values, along, torch.to(high, torch.int32))\n"
    "        y = torch.lerp(y, other, weight if interpolation == \"linear\" else 0.5)\n"
    "    y = torch.where(last < 0, nan, y)\n"
    "    if keepdim:\n"
    "        return torch.reshape(y, [1] * self.dim()) if dim is None else y\n"
    "    return torch.squeeze(y, along)\n";

/* Several q, which must be constants, are a dimension in front. */
static const char text_quantiles[] =
    "def quantiles(self, q, dim, keepdim, interpolation):\n"
    "    if q.dim() == 0:\n"
    "        return torch.quantile.scalar(self, float(q), dim, keepdim, interpolation=interpolation)\n"
    "    parts = []\n"
    "    for k in range(q.size(0)):\n"
    "        place = float(torch.select(q, 0, k))\n"
    "        parts.append(torch.quantile.scalar(self, place, dim, keepdim, interpolation=interpolation))\n"
    "    return torch.stack(parts, 0)\n";

static const char text_nanquantiles[] =
    "def quantiles(self, q, dim, keepdim, interpolation):\n"
    "    if q.dim() == 0:\n"
    "        return torch.nanquantile.scalar(self, float(q), dim, keepdim, interpolation=interpolation)\n"
    "    parts = []\n"
    "    for k in range(q.size(0)):\n"
    "        place = float(torch.select(q, 0, k))\n"
    "        parts.append(torch.nanquantile.scalar(self, place, dim, keepdim, interpolation=interpolation))\n"
    "    return torch.stack(parts, 0)\n";

/* Every element is compared with every other: the least of those that most are equal to, and where it is last. */
static const char text_mode[] =
    "def mode(self, dim, keepdim):\n"
    "    if self.dim() == 0:\n"
    "        return torch.clone(self), torch.zeros([], dtype=torch.int64)\n"
    "    x = torch.movedim(self, dim, -1)\n"
    "    same = torch.unsqueeze(x, -1) == torch.unsqueeze(x, -2)\n"
    "    counts = torch.sum(torch.to(same, torch.int32), [-1], dtype=torch.int32)\n"
    "    most = counts == torch.amax(counts, [-1], True)\n"
    "    value = torch.amin(torch.where(most, x, -1 - torch._lowest(x)), [-1], True)\n"
    "    places = torch.where(x == value, torch.arange(x.size(-1)), -1)\n"
    "    index = torch.amax(places, [-1], True)\n"
    "    if keepdim:\n"
    "        return torch.movedim(value, -1, dim), torch.movedim(index, -1, dim)\n"
    "    return torch.squeeze(value, -1), torch.squeeze(index, -1)\n";

/* The bins share the range evenly; the last one takes its end, too. What is outside is counted with 0. */
static const char text_histc[] =
    "def histc(self, bins, min, max):\n"
    "    x = torch.reshape(self, [-1])\n"
    "    if min == max:\n"
    "        low, high = torch.amin(x), torch.amax(x)\n"
    "        flat = low == high\n"
    "        low, high = torch.where(flat, low - 1, low), torch.where(flat, high + 1, high)\n"
    "    else:\n"
    "        low, high = min, max\n"
    "    place = torch.floor((x - low) / (high - low) * bins)\n"
    "    place = torch.to(torch.clamp(place, 0, bins - 1), torch.int32)\n"
    "    inside = torch.to((x >= low) & (x <= high), self.dtype)\n"
    "    return torch.scatter_rows(place, inside, bins)\n";

static const tnn_spelling_row rows[] = {
    /* topk is stable. */
    {"sort", "sort(Tensor self, int dim=-1, bool descending=False) -> (Tensor, Tensor)",
     "def sort(self, dim, descending):\n"
     "    return torch.topk(self, self.size(dim) if self.dim() > 0 else 1, dim, descending)\n"},
    {"sort.stable", "sort(Tensor self, *, bool? stable, int dim=-1, bool descending=False) -> (Tensor, Tensor)",
     "def sort(self, stable, dim, descending):\n"
     "    return torch.topk(self, self.size(dim) if self.dim() > 0 else 1, dim, descending)\n"},
    {"msort", "msort(Tensor self) -> Tensor",
     "def msort(self):\n"
     "    return torch.sort(self, 0)[0]\n"},
    {"argsort", "argsort(Tensor self, int dim=-1, bool descending=False) -> Tensor",
     "def argsort(self, dim, descending):\n"
     "    return torch.sort(self, dim, descending)[1]\n"},
    {"argsort.stable", "argsort(Tensor self, *, bool stable, int dim=-1, bool descending=False) -> Tensor",
     "def argsort(self, stable, dim, descending):\n"
     "    return torch.sort(self, dim, descending)[1]\n"},
    /* From the end that is nearer. */
    {"kthvalue", "kthvalue(Tensor self, SymInt k, int dim=-1, bool keepdim=False) -> (Tensor, Tensor)",
     "def kthvalue(self, k, dim, keepdim):\n"
     "    if self.dim() == 0:\n"
     "        return torch.topk(self, 1)\n"
     "    n = self.size(dim)\n"
     "    largest = n - k + 1 < k\n"
     "    length = n - k + 1 if largest else k\n"
     "    values, indices = torch.topk(self, length, dim, largest)\n"
     "    values, indices = torch.narrow(values, dim, length - 1, 1), torch.narrow(indices, dim, length - 1, 1)\n"
     "    return (values, indices) if keepdim else (torch.squeeze(values, dim), torch.squeeze(indices, dim))\n"},
    /* The lower one of two in the middle. */
    {"median.dim", "median(Tensor self, int dim, bool keepdim=False) -> (Tensor, Tensor)",
     "def median(self, dim, keepdim):\n"
     "    return torch.kthvalue(self, ((self.size(dim) if self.dim() > 0 else 1) + 1) // 2, dim, keepdim)\n"},
    {"median", "median(Tensor self) -> Tensor",
     "def median(self):\n"
     "    return torch.median.dim(torch.reshape(self, [-1]), 0)[0]\n"},
    /* Between two neighbours in order; q * (n - 1) is the place. */
    {"quantile.scalar",
     "quantile(Tensor self, float q, int? dim=None, bool keepdim=False, *, str interpolation=\"linear\") -> Tensor",
     "def quantile(self, q, dim, keepdim, interpolation):\n"
     "    dim = None if self.dim() == 0 else dim\n"
     "    x = torch.reshape(self, [-1]) if dim is None else self\n"
     "    along = 0 if dim is None else dim\n"
     "    n = x.size(along)\n"
     "    place = q * (n - 1)\n"
     "    low, high = math.floor(place), math.ceil(place)\n"
     "    if interpolation == \"nearest\":\n"
     "        low, high = round(place), round(place)\n"
     "    weight = place - low\n"
     "    if interpolation in [\"lower\", \"higher\"]:\n"
     "        low = low if interpolation == \"lower\" else high\n"
     "        high = low\n"
     "    if interpolation == \"midpoint\":\n"
     "        weight = 0.5\n"
     "    ordered = torch.sort(x, along)[0]\n"
     "    y = torch.narrow(ordered, along, low, 1)\n"
     "    if high > low:\n"
     "        y = torch.lerp(y, torch.narrow(ordered, along, high, 1), weight)\n"
     "    if keepdim:\n"
     "        return torch.reshape(y, [1] * self.dim()) if dim is None else y\n"
     "    return torch.squeeze(y, along)\n"},
    {"_extreme_so_far", "_extreme_so_far(Tensor self, int dim, int sign) -> (Tensor, Tensor)", text_extreme_so_far},
    {"cummax", "cummax(Tensor self, int dim) -> (Tensor, Tensor)",
     "def cummax(self, dim):\n"
     "    return torch._extreme_so_far(self, dim, 1)\n"},
    {"cummin", "cummin(Tensor self, int dim) -> (Tensor, Tensor)",
     "def cummin(self, dim):\n"
     "    return torch._extreme_so_far(self, dim, -1)\n"},
    {"searchsorted",
     "searchsorted(Tensor sorted_sequence, Tensor|Scalar self, *, bool out_int32=False, bool right=False, str? side=None, "
     "Tensor? sorter=None) -> Tensor",
     text_searchsorted},
    {"bucketize",
     "bucketize(Tensor|Scalar self, Tensor boundaries, *, bool out_int32=False, bool right=False) -> Tensor",
     "def bucketize(self, boundaries, out_int32, right):\n"
     "    return torch.searchsorted(boundaries, self, out_int32=out_int32, right=right)\n"},
    {"isin",
     "isin(Tensor|Scalar elements, Tensor|Scalar test_elements, *, bool assume_unique=False, bool invert=False) -> Tensor",
     text_isin},
    {"_sort_numbers", "_sort_numbers(Tensor self, int dim) -> (Tensor, Tensor, Tensor)", text_sort_numbers},
    {"nanmedian.dim", "nanmedian(Tensor self, int dim, bool keepdim=False) -> (Tensor, Tensor)", text_nanmedian},
    {"nanmedian", "nanmedian(Tensor self) -> Tensor",
     "def nanmedian(self):\n"
     "    return torch.nanmedian.dim(torch.reshape(self, [-1]), 0)[0]\n"},
    {"quantile",
     "quantile(Tensor self, Tensor q, int? dim=None, bool keepdim=False, *, str interpolation=\"linear\") -> Tensor",
     text_quantiles},
    {"nanquantile.scalar",
     "nanquantile(Tensor self, float q, int? dim=None, bool keepdim=False, *, str interpolation=\"linear\") -> Tensor",
     text_nanquantile},
    {"nanquantile",
     "nanquantile(Tensor self, Tensor q, int? dim=None, bool keepdim=False, *, str interpolation=\"linear\") -> Tensor",
     text_nanquantiles},
    {"mode", "mode(Tensor self, int dim=-1, bool keepdim=False) -> (Tensor, Tensor)", text_mode},
    {"histc", "histc(Tensor self, int bins=100, Scalar min=0, Scalar max=0) -> Tensor", text_histc},
};

const tnn_spelling_table tnn_spellings_order = {rows, sizeof rows / sizeof *rows};
