/* Reductions, norms and distances made of other operators, and what came so far along a dimension. */
#include "ops/list.h"

static const tnn_spelling_row rows[] = {
    /* How many elements are behind each element of a reduction; this name is tinynn's. */
    {"_n_reduced", "_n_reduced(Tensor self, int[]? dim) -> int",
     "def _n_reduced(self, dim):\n"
     "    n = 1\n"
     "    for k in range(self.dim()) if dim is None or len(dim) == 0 else dim:\n"
     "        n = n * (self.size(k) if self.dim() > 0 else 1)\n"
     "    return n\n"},
    /* Variances: the sum of squared differences from the mean, divided by n - correction. */
    {"_variance", "_variance(Tensor self, int[]? dim, Scalar correction, bool keepdim) -> (Tensor, Tensor)",
     "def _variance(self, dim, correction, keepdim):\n"
     "    mean = torch.mean(self, dim, True)\n"
     "    rest = self - mean\n"
     "    n = torch._n_reduced(self, dim)\n"
     "    if correction == 0:\n"
     "        variance = torch.mean(rest * rest, dim, keepdim)\n"
     "    else:\n"
     "        variance = torch.sum(rest * rest, dim, keepdim) / max(n - correction, 0)\n"
     "    if not keepdim:\n"
     "        mean = torch.reshape(mean, variance.shape)\n"
     "    return variance, mean\n"},
    {"var", "var(Tensor self, bool unbiased=True) -> Tensor",
     "def var(self, unbiased):\n"
     "    return torch._variance(self, None, 1 if unbiased else 0, False)[0]\n"},
    {"std", "std(Tensor self, bool unbiased=True) -> Tensor",
     "def std(self, unbiased):\n"
     "    return torch.sqrt(torch._variance(self, None, 1 if unbiased else 0, False)[0])\n"},
    {"var_mean", "var_mean(Tensor self, bool unbiased=True) -> (Tensor, Tensor)",
     "def var_mean(self, unbiased):\n"
     "    return torch._variance(self, None, 1 if unbiased else 0, False)\n"},
    {"std_mean", "std_mean(Tensor self, bool unbiased=True) -> (Tensor, Tensor)",
     "def std_mean(self, unbiased):\n"
     "    variance, mean = torch._variance(self, None, 1 if unbiased else 0, False)\n"
     "    return torch.sqrt(variance), mean\n"},
    {"var.dim", "var(Tensor self, int[1]? dim, bool unbiased=True, bool keepdim=False) -> Tensor",
     "def var(self, dim, unbiased, keepdim):\n"
     "    return torch._variance(self, dim, 1 if unbiased else 0, keepdim)[0]\n"},
    {"std.dim", "std(Tensor self, int[1]? dim, bool unbiased=True, bool keepdim=False) -> Tensor",
     "def std(self, dim, unbiased, keepdim):\n"
     "    return torch.sqrt(torch._variance(self, dim, 1 if unbiased else 0, keepdim)[0])\n"},
    {"var_mean.dim", "var_mean(Tensor self, int[1]? dim, bool unbiased=True, bool keepdim=False) -> (Tensor, Tensor)",
     "def var_mean(self, dim, unbiased, keepdim):\n"
     "    return torch._variance(self, dim, 1 if unbiased else 0, keepdim)\n"},
    {"std_mean.dim", "std_mean(Tensor self, int[1]? dim, bool unbiased=True, bool keepdim=False) -> (Tensor, Tensor)",
     "def std_mean(self, dim, unbiased, keepdim):\n"
     "    variance, mean = torch._variance(self, dim, 1 if unbiased else 0, keepdim)\n"
     "    return torch.sqrt(variance), mean\n"},
    {"var.correction", "var(Tensor self, int[1]? dim=None, *, Scalar? correction=None, bool keepdim=False) -> Tensor",
     "def var(self, dim, correction, keepdim):\n"
     "    return torch._variance(self, dim, 1 if correction is None else correction, keepdim)[0]\n"},
    {"std.correction", "std(Tensor self, int[1]? dim=None, *, Scalar? correction=None, bool keepdim=False) -> Tensor",
     "def std(self, dim, correction, keepdim):\n"
     "    return torch.sqrt(torch._variance(self, dim, 1 if correction is None else correction, keepdim)[0])\n"},
    {"var_mean.correction",
     "var_mean(Tensor self, int[1]? dim=None, *, Scalar? correction=None, bool keepdim=False) -> (Tensor, "
     "Tensor)",
     "def var_mean(self, dim, correction, keepdim):\n"
     "    return torch._variance(self, dim, 1 if correction is None else correction, keepdim)\n"},
    {"std_mean.correction",
     "std_mean(Tensor self, int[1]? dim=None, *, Scalar? correction=None, bool keepdim=False) -> (Tensor, "
     "Tensor)",
     "def std_mean(self, dim, correction, keepdim):\n"
     "    variance, mean = torch._variance(self, dim, 1 if correction is None else correction, keepdim)\n"
     "    return torch.sqrt(variance), mean\n"},
    /* Norms. */
    {"linalg_vector_norm",
     "linalg_vector_norm(Tensor self, Scalar ord=2, int[1]? dim=None, bool keepdim=False, *, ScalarType? "
     "dtype=None) -> Tensor",
     "def linalg_vector_norm(self, ord, dim, keepdim, dtype):\n"
     "    x = self if dtype is None else torch.to.dtype(self, dtype)\n"
     "    dim = [] if dim is None else dim\n"
     "    if ord == 2:\n"
     "        return torch.sqrt(torch.sum(x * x, dim, keepdim))\n"
     "    if ord == 0:\n"
     "        return torch.sum(torch.to.dtype(x != 0, x.dtype), dim, keepdim)\n"
     "    size = torch.abs(x)\n"
     "    if ord == 1:\n"
     "        return torch.sum(size, dim, keepdim)\n"
     "    if ord == inf:\n"
     "        return torch.amax(size, dim, keepdim)\n"
     "    if ord == -inf:\n"
     "        return torch.amin(size, dim, keepdim)\n"
     "    return torch.pow(torch.sum(torch.pow(size, ord), dim, keepdim), 1 / ord)\n"},
    {"norm.Scalar", "norm(Tensor self, Scalar p=2) -> Tensor",
     "def norm(self, p):\n"
     "    return torch.linalg_vector_norm(self, p)\n"},
    {"norm.ScalarOpt_dim", "norm(Tensor self, Scalar? p, int[1] dim, bool keepdim=False) -> Tensor",
     "def norm(self, p, dim, keepdim):\n"
     "    return torch.linalg_vector_norm(self, 2 if p is None else p, dim, keepdim)\n"},
    {"norm.ScalarOpt_dim_dtype",
     "norm(Tensor self, Scalar? p, int[1] dim, bool keepdim, *, ScalarType dtype) -> Tensor",
     "def norm(self, p, dim, keepdim, dtype):\n"
     "    return torch.linalg_vector_norm(self, 2 if p is None else p, dim, keepdim, dtype=dtype)\n"},
    {"norm.ScalarOpt_dtype", "norm(Tensor self, Scalar? p, *, ScalarType dtype) -> Tensor",
     "def norm(self, p, dtype):\n"
     "    return torch.linalg_vector_norm(self, 2 if p is None else p, dtype=dtype)\n"},
    {"frobenius_norm.dim", "frobenius_norm(Tensor self, int[1] dim, bool keepdim=False) -> Tensor",
     "def frobenius_norm(self, dim, keepdim):\n"
     "    return torch.linalg_vector_norm(self, 2, dim, keepdim)\n"},
    {"linalg_norm",
     "linalg_norm(Tensor self, Scalar? ord=None, int[1]? dim=None, bool keepdim=False, *, ScalarType? "
     "dtype=None) -> Tensor",
     "def linalg_norm(self, ord, dim, keepdim, dtype):\n"
     "    n = self.dim() if dim is None else len(dim)\n"
     "    if ord is None:\n"
     "        return torch.linalg_vector_norm(self, 2, dim, keepdim, dtype=dtype)\n"
     "    if n == 1:\n"
     "        return torch.linalg_vector_norm(self, ord, dim, keepdim, dtype=dtype)\n"
     "    return torch.linalg_matrix_norm(self, ord, [-2, -1] if dim is None else dim, keepdim, dtype=dtype)\n"},
    {"linalg_matrix_norm",
     "linalg_matrix_norm(Tensor self, Scalar ord, int[] dim=[-2,-1], bool keepdim=False, *, ScalarType? "
     "dtype=None) -> Tensor",
     "def linalg_matrix_norm(self, ord, dim, keepdim, dtype):\n"
     "    x = self if dtype is None else torch.to.dtype(self, dtype)\n"
     "    if abs(ord) == 2:\n"
     "        raise NotImplementedError(\"singular values of a matrix have no operator in TFLite\")\n"
     "    rows, columns = [d + self.dim() if d < 0 else d for d in dim]\n"
     "    along, over = (rows, columns) if abs(ord) == 1 else (columns, rows)\n"
     "    sums = torch.sum(torch.abs(x), [along], True)\n"
     "    y = torch.amax(sums, [over], True) if ord > 0 else torch.amin(sums, [over], True)\n"
     "    if keepdim:\n"
     "        return y\n"
     "    return torch.reshape(y, [self.size(d) for d in range(self.dim()) if d != rows and d != columns])\n"},
    {"linalg_matrix_norm.str_ord",
     "linalg_matrix_norm(Tensor self, str ord='fro', int[] dim=[-2,-1], bool keepdim=False, *, ScalarType? "
     "dtype=None) -> Tensor",
     "def linalg_matrix_norm(self, ord, dim, keepdim, dtype):\n"
     "    if ord != \"fro\":\n"
     "        raise NotImplementedError(\"singular values of a matrix have no operator in TFLite\")\n"
     "    return torch.linalg_vector_norm(self, 2, dim, keepdim, dtype=dtype)\n"},
    /* Distances. */
    {"dist", "dist(Tensor self, Tensor other, Scalar p=2) -> Tensor",
     "def dist(self, other, p):\n"
     "    return torch.linalg_vector_norm(self - other, p)\n"},
    {"pairwise_distance",
     "pairwise_distance(Tensor x1, Tensor x2, float p=2, float eps=1e-06, bool keepdim=False) -> Tensor",
     "def pairwise_distance(x1, x2, p, eps, keepdim):\n"
     "    return torch.linalg_vector_norm(x1 - x2 + eps, p, [-1], keepdim)\n"},
    {"cosine_similarity", "cosine_similarity(Tensor x1, Tensor x2, int dim=1, float eps=1e-08) -> Tensor",
     "def cosine_similarity(x1, x2, dim, eps):\n"
     "    product = x1 * x2\n"
     "    if list(x1.shape) != list(product.shape):\n"
     "        x1 = torch.expand(x1, product.shape)\n"
     "    if list(x2.shape) != list(product.shape):\n"
     "        x2 = torch.expand(x2, product.shape)\n"
     "    size1 = torch.clamp(torch.linalg_vector_norm(x1, 2, [dim]), eps, None)\n"
     "    size2 = torch.clamp(torch.linalg_vector_norm(x2, 2, [dim]), eps, None)\n"
     "    return torch.sum(product, [dim]) / (size1 * size2)\n"},
    /* Sums, counts and products. The largest is bounded, so that infinities do not cancel. */
    {"logsumexp", "logsumexp(Tensor self, int[1] dim, bool keepdim=False) -> Tensor",
     "def logsumexp(self, dim, keepdim):\n"
     "    x = self if self.is_floating_point() else torch.to.dtype(self, torch.float32)\n"
     "    high = torch.clamp(torch.amax(x, dim, True), -3e38, 3e38)\n"
     "    y = torch.log(torch.sum(torch.exp(x - high), dim, keepdim))\n"
     "    return y + (high if keepdim else torch.reshape(high, y.shape))\n"},
    {"special_logsumexp", "special_logsumexp(Tensor self, int[1] dim, bool keepdim=False) -> Tensor",
     "def special_logsumexp(self, dim, keepdim):\n"
     "    return torch.logsumexp(self, dim, keepdim)\n"},
    {"nansum", "nansum(Tensor self, int[1]? dim=None, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor",
     "def nansum(self, dim, keepdim, dtype):\n"
     "    if self.is_floating_point():\n"
     "        self = torch.where(self == self, self, 0)\n"
     "    return torch.sum(self, dim, keepdim, dtype=dtype)\n"},
    {"nanmean", "nanmean(Tensor self, int[1]? dim=None, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor",
     "def nanmean(self, dim, keepdim, dtype):\n"
     "    n = torch.sum(torch.to.dtype(self == self, self.dtype), dim, keepdim)\n"
     "    return torch.nansum(self, dim, keepdim, dtype=dtype) / n\n"},
    {"count_nonzero", "count_nonzero(Tensor self, int? dim=None) -> Tensor",
     "def count_nonzero(self, dim):\n"
     "    return torch.sum(self if self.dtype == torch.bool else self != 0, [] if dim is None else [dim])\n"},
    {"count_nonzero.dim_IntList", "count_nonzero(Tensor self, int[] dim) -> Tensor",
     "def count_nonzero(self, dim):\n"
     "    return torch.sum(self if self.dtype == torch.bool else self != 0, dim)\n"},
    /* Extremes. */
    {"max", "max(Tensor self) -> Tensor",
     "def max(self):\n"
     "    return torch.amax(self)\n"},
    {"min", "min(Tensor self) -> Tensor",
     "def min(self):\n"
     "    return torch.amin(self)\n"},
    {"max.dim", "max(Tensor self, int dim, bool keepdim=False) -> (Tensor, Tensor)",
     "def max(self, dim, keepdim):\n"
     "    return torch.amax(self, [dim], keepdim), torch.argmax(self, dim, keepdim)\n"},
    {"min.dim", "min(Tensor self, int dim, bool keepdim=False) -> (Tensor, Tensor)",
     "def min(self, dim, keepdim):\n"
     "    return torch.amin(self, [dim], keepdim), torch.argmin(self, dim, keepdim)\n"},
    {"aminmax", "aminmax(Tensor self, *, int? dim=None, bool keepdim=False) -> (Tensor, Tensor)",
     "def aminmax(self, dim, keepdim):\n"
     "    dim = [] if dim is None else [dim]\n"
     "    return torch.amin(self, dim, keepdim), torch.amax(self, dim, keepdim)\n"},
    /* TFLite has no ARG_MAX of int64. */
    {"argmax", "argmax(Tensor self, int? dim=None, bool keepdim=False) -> Tensor",
     "def argmax(self, dim, keepdim):\n"
     "    if dim is None:\n"
     "        y = torch.argmax(torch.reshape(self, [-1]), 0)\n"
     "        return torch.reshape(y, [1] * self.dim()) if keepdim else y\n"
     "    if self.dtype == torch.int64:\n"
     "        best = torch.to.dtype(self == torch.amax(self, [dim], True), torch.int32)\n"
     "        return torch.argmax.primitive(best, dim, keepdim)\n"
     "    return torch.argmax.primitive(self, dim, keepdim)\n"},
    {"argmin", "argmin(Tensor self, int? dim=None, bool keepdim=False) -> Tensor",
     "def argmin(self, dim, keepdim):\n"
     "    if dim is None:\n"
     "        y = torch.argmin(torch.reshape(self, [-1]), 0)\n"
     "        return torch.reshape(y, [1] * self.dim()) if keepdim else y\n"
     "    if self.dtype == torch.int64:\n"
     "        best = torch.to.dtype(self == torch.amin(self, [dim], True), torch.int32)\n"
     "        return torch.argmax.primitive(best, dim, keepdim)\n"
     "    return torch.argmin.primitive(self, dim, keepdim)\n"},
    /* What came so far along a dimension, in log2(n) steps: each element takes up the one `step` before it. */
    {"cumprod", "cumprod(Tensor self, int dim, *, ScalarType? dtype=None) -> Tensor",
     "def cumprod(self, dim, dtype):\n"
     "    y = self if dtype is None else torch.to.dtype(self, dtype)\n"
     "    y = y if y.is_floating_point() or dtype is not None else torch.to.dtype(y, torch.int64)\n"
     "    n = self.size(dim) if self.dim() > 0 else 1\n"
     "    step = 1\n"
     "    while step < n:\n"
     "        ones = torch.ones_like(torch.narrow(y, dim, 0, step))\n"
     "        y = y * torch.cat([ones, torch.narrow(y, dim, 0, n - step)], dim)\n"
     "        step = step * 2\n"
     "    return y\n"},
    {"logcumsumexp", "logcumsumexp(Tensor self, int dim) -> Tensor",
     "def logcumsumexp(self, dim):\n"
     "    y = self\n"
     "    n = self.size(dim) if self.dim() > 0 else 1\n"
     "    step = 1\n"
     "    while step < n:\n"
     "        first = torch.full_like(torch.narrow(y, dim, 0, step), -inf)\n"
     "        before = torch.cat([first, torch.narrow(y, dim, 0, n - step)], dim)\n"
     "        y = torch.logaddexp(y, before)\n"
     "        step = step * 2\n"
     "    return y\n"},
    {"diff", "diff(Tensor self, int n=1, int dim=-1, Tensor? prepend=None, Tensor? append=None) -> Tensor",
     "def diff(self, n, dim, prepend, append):\n"
     "    if n == 0:\n"
     "        return torch.clone(self)\n"
     "    parts = [part for part in [prepend, self, append] if part is not None]\n"
     "    y = parts[0] if len(parts) == 1 else torch.cat(parts, dim)\n"
     "    for k in range(n):\n"
     "        size = y.size(dim)\n"
     "        ahead = torch.narrow(y, dim, 1, size - 1)\n"
     "        behind = torch.narrow(y, dim, 0, size - 1)\n"
     "        y = ahead != behind if y.dtype == torch.bool else ahead - behind\n"
     "    return y\n"},
};

const tnn_spelling_table tnn_spellings_reduce = {rows, sizeof rows / sizeof *rows};
