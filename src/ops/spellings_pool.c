/* Pooling. */
#include "ops/list.h"

static const char text_max_pool[] =
    "def max_pool(self, kernel_size, stride, padding, dilation, ceil_mode):\n"
    "    return torch.max_pool(self, kernel_size, stride, padding, dilation, ceil_mode)\n";

static const char text_max_pool_with_indices[] =
    "def max_pool_with_indices(self, kernel_size, stride, padding, dilation, ceil_mode):\n"
    "    y = torch.max_pool(self, kernel_size, stride, padding, dilation, ceil_mode)\n"
    "    n = len(kernel_size)\n"
    "    if not all([known(size) for size in list(self.shape)[-n:]]):\n"
    "        return y, absent(\"indices of a max pool of unknown size\")\n"
    "    places = []\n"
    "    for d in range(n):\n"
    "        step = stride[d] if len(stride) > 0 else kernel_size[d]\n"
    "        places = places + torch._window_places(self.size(d - n), y.size(d - n), kernel_size[d], step, padding[d],\n"
    "                                               dilation[d])\n"
    "    return y, torch._largest_place(self, places, list(y.shape)[-n:], kernel_size)[1]\n";

static const char text_avg_pool[] =
    "def avg_pool(self, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override):\n"
    "    return torch.avg_pool(self, kernel_size, stride, padding, ceil_mode, count_include_pad,\n"
    "                          divisor_override)\n";

static const char text_adaptive_avg_pool[] =
    "def adaptive_avg_pool(self, output_size):\n"
    "    return torch.adaptive_avg_pool(self, output_size)\n";

/* Windows of different sizes: [floor(i * size / out), ceil((i + 1) * size / out)). */
static const char text_adaptive_max_pool[] =
    "def adaptive_max_pool(self, output_size):\n"
    "    n = len(output_size)\n"
    "    sizes = list(self.shape)[-n:]\n"
    "    places = []\n"
    "    kernel = []\n"
    "    for size, out in zip(sizes, output_size):\n"
    "        own = torch._adaptive_places(size, out)\n"
    "        places = places + own\n"
    "        kernel = kernel + [len(own) // out]\n"
    "    largest, where = torch._largest_place(self, places, output_size, kernel)\n"
    "    if all([size % out == 0 for size, out in zip(sizes, output_size)]):\n"
    "        window = [size // out for size, out in zip(sizes, output_size)]\n"
    "        return torch.max_pool(self, window, window, [0] * n, [1] * n, False), where\n"
    "    return largest, where\n";

/* Each element goes to the place that a max pool has taken it from; windows that overlap bring the same element to one
 * place more than once, and the mean of these is the element. */
static const char text_max_unpool[] =
    "def max_unpool(self, indices, output_size):\n"
    "    lead = list(self.shape)[:-len(output_size)]\n"
    "    n = 1\n"
    "    for size in output_size:\n"
    "        n = n * size\n"
    "    empty = torch.zeros(lead + [n], dtype=self.dtype)\n"
    "    places = torch.reshape(indices, lead + [-1])\n"
    "    values = torch.reshape(self, lead + [-1])\n"
    "    y = torch.scatter_reduce(empty, -1, places, values, \"mean\", include_self=False)\n"
    "    return torch.reshape(y, lead + output_size)\n";

static const tnn_spelling_row rows[] = {
    /* The positions that the windows of one dimension look at, `kernel` a window; what is padding is replaced by the
     * window's first or last element, which changes no maximum and no place of its first one. */
    {"_window_places",
     "_window_places(int size, int out, int kernel, int stride, int padding, int dilation) -> int[]",
     "def window_places(size, out, kernel, stride, padding, dilation):\n"
     "    places = []\n"
     "    for i in range(out):\n"
     "        valid = [i * stride - padding + k * dilation for k in range(kernel)]\n"
     "        inside = [place for place in valid if place >= 0 and place < size]\n"
     "        places = places + [min(max(place, inside[0]), inside[-1]) for place in valid]\n"
     "    return places\n"},
    {"_adaptive_places", "_adaptive_places(int size, int out) -> int[]",
     "def adaptive_places(size, out):\n"
     "    first = [i * size // out for i in range(out)]\n"
     "    last = [((i + 1) * size + out - 1) // out - 1 for i in range(out)]\n"
     "    kernel = max([b - a + 1 for a, b in zip(first, last)])\n"
     "    places = []\n"
     "    for a, b in zip(first, last):\n"
     "        places = places + [min(a + k, b) for k in range(kernel)]\n"
     "    return places\n"},
    /* The largest element of each window, and its place among all elements of the pooled dimensions. `places` are the
     * positions that these windows look at, one pooled dimension after another: out * kernel of each. */
    {"_largest_place", "_largest_place(Tensor self, int[] places, int[] out, int[] kernel) -> (Tensor, Tensor)",
     "def largest_place(self, places, out, kernel):\n"
     "    n = len(out)\n"
     "    lead = list(self.shape)[:-n]\n"
     "    spatial = list(self.shape)[-n:]\n"
     "    at = len(lead)\n"
     "    sizes = list(lead)\n"
     "    table = torch.zeros([], dtype=torch.int64)\n"
     "    cells = 1\n"
     "    count = 1\n"
     "    for d in range(n):\n"
     "        own = torch.tensor(places[:out[d] * kernel[d]])\n"
     "        places = places[out[d] * kernel[d]:]\n"
     "        self = torch.index_select(self, at + d, own)\n"
     "        sizes = sizes + [out[d], kernel[d]]\n"
     "        own = torch.reshape(own, [1] * d + [out[d]] + [1] * (n - 1) + [kernel[d]] + [1] * (n - 1 - d))\n"
     "        table = table * spatial[d] + own\n"
     "        cells = cells * out[d]\n"
     "        count = count * kernel[d]\n"
     "    order = [at + 2 * d for d in range(n)] + [at + 2 * d + 1 for d in range(n)]\n"
     "    windows = torch.permute(torch.reshape(self, sizes), list(range(at)) + order)\n"
     "    windows = torch.reshape(windows, lead + out + [count])\n"
     "    chosen = torch.argmax(windows, -1) + torch.reshape(torch.arange(cells) * count, out)\n"
     "    place = torch.index_select(torch.reshape(table, [-1]), 0, torch.reshape(chosen, [-1]))\n"
     "    return torch.amax(windows, [-1]), torch.reshape(place, lead + out)\n"},
    {"max_pool1d",
     "max_pool1d(Tensor self, int[1] kernel_size, int[1] stride=[], int[1] padding=0, int[1] dilation=1, "
     "bool ceil_mode=False) -> Tensor",
     text_max_pool},
    {"max_pool2d",
     "max_pool2d(Tensor self, int[2] kernel_size, int[2] stride=[], int[2] padding=0, int[2] dilation=1, "
     "bool ceil_mode=False) -> Tensor",
     text_max_pool},
    {"max_pool3d",
     "max_pool3d(Tensor self, int[3] kernel_size, int[3] stride=[], int[3] padding=0, int[3] dilation=1, "
     "bool ceil_mode=False) -> Tensor",
     text_max_pool},
    {"max_pool2d_with_indices",
     "max_pool2d_with_indices(Tensor self, int[2] kernel_size, int[2] stride=[], int[2] padding=0, int[2] "
     "dilation=1, bool ceil_mode=False) -> (Tensor, Tensor)",
     text_max_pool_with_indices},
    {"max_pool3d_with_indices",
     "max_pool3d_with_indices(Tensor self, int[3] kernel_size, int[3] stride=[], int[3] padding=0, int[3] "
     "dilation=1, bool ceil_mode=False) -> (Tensor, Tensor)",
     text_max_pool_with_indices},
    {"max_pool1d_with_indices",
     "max_pool1d_with_indices(Tensor self, int[1] kernel_size, int[1] stride=[], int[1] padding=0, int[1] "
     "dilation=1, bool ceil_mode=False) -> (Tensor, Tensor)",
     text_max_pool_with_indices},
    {"adaptive_max_pool1d", "adaptive_max_pool1d(Tensor self, int[1] output_size) -> (Tensor, Tensor)",
     text_adaptive_max_pool},
    {"adaptive_max_pool2d", "adaptive_max_pool2d(Tensor self, int[2] output_size) -> (Tensor, Tensor)",
     text_adaptive_max_pool},
    {"adaptive_max_pool3d", "adaptive_max_pool3d(Tensor self, int[3] output_size) -> (Tensor, Tensor)",
     text_adaptive_max_pool},
    {"max_unpool2d", "max_unpool2d(Tensor self, Tensor indices, SymInt[] output_size) -> Tensor", text_max_unpool},
    {"max_unpool3d",
     "max_unpool3d(Tensor self, Tensor indices, SymInt[3] output_size, int[3] stride, int[3] padding) -> Tensor",
     "def max_unpool3d(self, indices, output_size, stride, padding):\n"
     "    return torch.max_unpool2d(self, indices, output_size)\n"},
    {"avg_pool1d",
     "avg_pool1d(Tensor self, int[1] kernel_size, int[1] stride=[], int[1] padding=0, bool "
     "ceil_mode=False, bool count_include_pad=True) -> Tensor",
     "def avg_pool1d(self, kernel_size, stride, padding, ceil_mode, count_include_pad):\n"
     "    return torch.avg_pool(self, kernel_size, stride, padding, ceil_mode, count_include_pad, None)\n"},
    {"avg_pool2d",
     "avg_pool2d(Tensor self, int[2] kernel_size, int[2] stride=[], int[2] padding=0, bool "
     "ceil_mode=False, bool count_include_pad=True, int? divisor_override=None) -> Tensor",
     text_avg_pool},
    {"avg_pool3d",
     "avg_pool3d(Tensor self, int[3] kernel_size, int[3] stride=[], int[3] padding=0, bool "
     "ceil_mode=False, bool count_include_pad=True, int? divisor_override=None) -> Tensor",
     text_avg_pool},
    {"adaptive_avg_pool1d", "adaptive_avg_pool1d(Tensor self, SymInt[1] output_size) -> Tensor",
     text_adaptive_avg_pool},
    {"adaptive_avg_pool2d", "adaptive_avg_pool2d(Tensor self, SymInt[2] output_size) -> Tensor",
     text_adaptive_avg_pool},
    {"adaptive_avg_pool3d", "adaptive_avg_pool3d(Tensor self, SymInt[3] output_size) -> Tensor",
     text_adaptive_avg_pool},
    {"_adaptive_avg_pool2d", "_adaptive_avg_pool2d(Tensor self, SymInt[2] output_size) -> Tensor",
     text_adaptive_avg_pool},
    {"_adaptive_avg_pool3d", "_adaptive_avg_pool3d(Tensor self, SymInt[3] output_size) -> Tensor",
     text_adaptive_avg_pool},
};

const tnn_spelling_table tnn_spellings_pool = {rows, sizeof rows / sizeof *rows};
