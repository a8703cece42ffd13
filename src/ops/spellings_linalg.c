/* Matrices taken apart and equations solved, unrolled over the rows of a matrix, whose number is known when a model is
 * read. All take batches of matrices in front. The names that begin with an underscore are tinynn's. */
#include "ops/list.h"

#define TOO_LARGE \
    "    if min(self.size(-1), self.size(-2)) == 0:\n" \
    "        raise NotImplementedError(\"a matrix without elements\")\n" \
    "    if min(self.size(-1), self.size(-2)) > 32:\n" \
    "        raise NotImplementedError(\"unrolled over its rows, a matrix may have 32 of them\")\n"

/* Rows a..b and columns c..d of a matrix. */
static const char text_block[] =
    "def block(self, a, b, c, d):\n"
    "    return torch.slice(torch.slice(self, -2, a, b), -1, c, d)\n";

/* Elimination, with the largest element of each column as pivot: the factors in one matrix as LAPACK gives them, the
 * pivots counted from 1, the order of rows, and the sign of that order. */
static const char text_eliminate[] =
    "def eliminate(self, pivot):\n" TOO_LARGE
    "    rows = self.size(-2)\n"
    "    columns = self.size(-1)\n"
    "    lead = list(self.shape)[:-2]\n"
    "    numbers = torch.arange(rows)\n"
    "    order = torch.expand(numbers, lead + [rows])\n"
    "    sign = torch.ones(lead + [1], dtype=self.dtype)\n"
    "    pivots = []\n"
    "    for k in range(min(rows, columns)):\n"
    "        at = torch.full(lead + [1], k, dtype=torch.int64)\n"
    "        if pivot and k < rows - 1:\n"
    "            size = torch.abs(torch.squeeze(torch._block(self, k, rows, k, k + 1), -1))\n"
    "            at = torch.argmax(size, -1, True) + k\n"
    "            swap = torch.where(numbers == k, at, torch.where(numbers == at, k, numbers))\n"
    "            self = torch.gather(self, -2, torch.expand(torch.unsqueeze(swap, -1), self.shape))\n"
    "            order = torch.gather(order, -1, swap)\n"
    "            sign = torch.where(at == k, sign, -sign)\n"
    "        pivots.append(at + 1)\n"
    "        if k < rows - 1:\n"
    "            below = torch._block(self, k + 1, rows, k, k + 1) / torch._block(self, k, k + 1, k, k + 1)\n"
    "            parts = [below] if k == 0 else [torch._block(self, k + 1, rows, 0, k), below]\n"
    "            if k < columns - 1:\n"
    "                rest = torch._block(self, k + 1, rows, k + 1, columns)\n"
    "                parts.append(rest - below * torch._block(self, k, k + 1, k + 1, columns))\n"
    "            self = torch.cat([torch.slice(self, -2, 0, k + 1), torch.cat(parts, -1)], -2)\n"
    "    return self, torch.to.dtype(torch.cat(pivots, -1), torch.int32), order, torch.squeeze(sign, -1)\n";

/* L X = B from the first row on, or U X = B from the last. */
static const char text_substitute[] =
    "def substitute(self, other, upper, unit):\n" TOO_LARGE
    "    n = self.size(-1)\n"
    "    solved = None\n"
    "    for k in reversed(range(n)) if upper else range(n):\n"
    "        row = torch.slice(other, -2, k, k + 1)\n"
    "        if solved is not None:\n"
    "            own = torch._block(self, k, k + 1, k + 1, n) if upper else torch._block(self, k, k + 1, 0, k)\n"
    "            row = row - torch.matmul(own, solved)\n"
    "        row = row if unit else row / torch._block(self, k, k + 1, k, k + 1)\n"
    "        if solved is None:\n"
    "            lead = torch.zeros(list(self.shape)[:-2] + [1, 1], dtype=self.dtype)\n"
    "            solved = row + lead if unit else row\n"
    "        else:\n"
    "            solved = torch.cat([row, solved] if upper else [solved, row], -2)\n"
    "    return solved\n";

static const char text_solve[] =
    "def solve(A, B, left, check_errors):\n"
    "    vector = B.dim() == 1 or (B.dim() == A.dim() - 1 and list(B.shape) == list(A.shape)[:-1])\n"
    "    B = torch.unsqueeze(B, -1) if vector else B\n"
    "    A = A if left or vector else torch.transpose(A, -2, -1)\n"
    "    B = B if left or vector else torch.transpose(B, -2, -1)\n"
    "    factors, pivots, order, sign = torch._eliminate(A, True)\n"
    "    x = torch._solve_eliminated(factors, order, B)\n"
    "    x = x if left or vector else torch.transpose(x, -2, -1)\n"
    "    x = torch.squeeze(x, -1) if vector else x\n"
    "    return x, factors, pivots, torch.zeros(list(A.shape)[:-2], dtype=torch.int32)\n";

static const char text_cholesky[] =
    "def cholesky(self, upper, check_errors):\n" TOO_LARGE
    "    n = self.size(-1)\n"
    "    lead = list(self.shape)[:-2]\n"
    "    a = torch.transpose(self, -2, -1) if upper else self\n"
    "    columns = []\n"
    "    for k in range(n):\n"
    "        column = torch.slice(a, -1, 0, 1) / torch.sqrt(torch._block(a, 0, 1, 0, 1))\n"
    "        columns.append(torch.constant_pad_nd(column, [0, 0, k, 0]))\n"
    "        if k < n - 1:\n"
    "            below = torch.slice(column, -2, 1, n)\n"
    "            a = torch._block(a, 1, n, 1, n) - below * torch.transpose(below, -2, -1)\n"
    "    y = torch.cat(columns, -1)\n"
    "    return torch.transpose(y, -2, -1) if upper else y, torch.zeros(lead, dtype=torch.int32)\n";

/* Householder's reflections; a column that is zero below the diagonal is left alone, as LAPACK does. */
static const char text_reflect[] =
    "def reflect(self):\n" TOO_LARGE
    "    rows = self.size(-2)\n"
    "    columns = self.size(-1)\n"
    "    q = torch.eye(rows, dtype=self.dtype)\n"
    "    for k in range(min(rows - 1, columns)):\n"
    "        column = torch._block(self, k, rows, k, k + 1)\n"
    "        first = torch.slice(column, -2, 0, 1)\n"
    "        rest = torch.slice(column, -2, 1, rows)\n"
    "        tail = torch.sum(rest * rest, [-2], True)\n"
    "        length = torch.sqrt(first * first + tail)\n"
    "        head = torch.where(first < 0, first - length, first + length)\n"
    "        v = torch.cat([head, rest], -2)\n"
    "        scale = torch.where(tail == 0, 0.0, 2 / torch.clamp(head * head + tail, 1e-38, None))\n"
    "        v = torch.constant_pad_nd(v, [0, 0, k, 0])\n"
    "        self = self - v * (scale * torch.matmul(torch.transpose(v, -2, -1), self))\n"
    "        q = q - torch.matmul(q, v) * scale * torch.transpose(v, -2, -1)\n"
    "    return q, torch.triu(self)\n";

static const char text_determinant[] =
    "def determinant(self):\n"
    "    if self.size(-1) == 1:\n"
    "        return torch.clone(torch.reshape(self, list(self.shape)[:-2]))\n"
    "    factors, pivots, order, sign = torch._eliminate(self, True)\n"
    "    return torch.prod(torch.diagonal(factors, 0, -2, -1), -1) * sign\n";

static const char text_inverse[] =
    "def inverse(self):\n"
    "    return torch.linalg_inv_ex(self)[0]\n";

/* The order of rows that pivots give. */
static const char text_order[] =
    "def order(pivots, rows):\n"
    "    numbers = torch.arange(rows)\n"
    "    order = torch.expand(numbers, list(pivots.shape)[:-1] + [rows])\n"
    "    for k in range(pivots.size(-1)):\n"
    "        at = torch.to.dtype(torch.slice(pivots, -1, k, k + 1), torch.int64) - 1\n"
    "        swap = torch.where(numbers == k, at, torch.where(numbers == at, k, numbers))\n"
    "        order = torch.gather(order, -1, swap)\n"
    "    return order\n";

static const char text_lu_parts[] =
    "def lu_parts(factors, order):\n"
    "    rows = factors.size(-2)\n"
    "    k = min(rows, factors.size(-1))\n"
    "    p = torch.to.dtype(torch.unsqueeze(torch.arange(rows), 1) == torch.unsqueeze(order, -2), factors.dtype)\n"
    "    lower = torch.tril(torch.slice(factors, -1, 0, k), -1) + torch.eye(rows, k, dtype=factors.dtype)\n"
    "    return p, lower, torch.triu(torch.slice(factors, -2, 0, k))\n";

static const tnn_spelling_row rows[] = {
    {"_block", "_block(Tensor self, int a, int b, int c, int d) -> Tensor", text_block},
    {"_eliminate", "_eliminate(Tensor self, bool pivot) -> (Tensor, Tensor, Tensor, Tensor)", text_eliminate},
    {"_substitute", "_substitute(Tensor self, Tensor other, bool upper, bool unit) -> Tensor", text_substitute},
    {"_solve_eliminated", "_solve_eliminated(Tensor factors, Tensor order, Tensor other) -> Tensor",
     "def solve_eliminated(factors, order, other):\n"
     "    lead = [max(a, b) for a, b in zip(list(factors.shape)[:-2], list(other.shape)[:-2])]\n"
     "    longer = factors if factors.dim() > other.dim() else other\n"
     "    lead = list(longer.shape)[:-2] if factors.dim() != other.dim() else lead\n"
     "    shape = lead + [other.size(-2), other.size(-1)]\n"
     "    other = torch.expand(other, shape)\n"
     "    order = torch.expand(torch.unsqueeze(order, -1), shape)\n"
     "    lower = torch._substitute(factors, torch.gather(other, -2, order), False, True)\n"
     "    return torch._substitute(factors, lower, True, False)\n"},
    {"_lu_order", "_lu_order(Tensor pivots, int rows) -> Tensor", text_order},
    {"_lu_parts", "_lu_parts(Tensor factors, Tensor order) -> (Tensor, Tensor, Tensor)", text_lu_parts},
    {"_reflect", "_reflect(Tensor self) -> (Tensor, Tensor)", text_reflect},
    /* Determinants. */
    {"linalg_det", "linalg_det(Tensor A) -> Tensor", text_determinant},
    {"det", "det(Tensor self) -> Tensor", text_determinant},
    {"logdet", "logdet(Tensor self) -> Tensor",
     "def logdet(self):\n"
     "    sign, size = torch.linalg_slogdet(self)\n"
     "    return torch.where(sign < 0, nan, size)\n"},
    {"slogdet", "slogdet(Tensor self) -> (Tensor, Tensor)",
     "def slogdet(self):\n"
     "    return torch.linalg_slogdet(self)\n"},
    {"linalg_slogdet", "linalg_slogdet(Tensor A) -> (Tensor, Tensor)",
     "def linalg_slogdet(A):\n"
     "    sign, size, factors, pivots = torch._linalg_slogdet(A)\n"
     "    return sign, size\n"},
    {"_linalg_det", "_linalg_det(Tensor A) -> (Tensor, Tensor, Tensor)",
     "def _linalg_det(A):\n"
     "    factors, pivots, order, sign = torch._eliminate(A, True)\n"
     "    return torch.prod(torch.diagonal(factors, 0, -2, -1), -1) * sign, factors, pivots\n"},
    {"_linalg_slogdet", "_linalg_slogdet(Tensor A) -> (Tensor, Tensor, Tensor, Tensor)",
     "def _linalg_slogdet(A):\n"
     "    factors, pivots, order, sign = torch._eliminate(A, True)\n"
     "    diagonal = torch.diagonal(factors, 0, -2, -1)\n"
     "    sign = sign * torch.prod(torch.sign(diagonal), -1)\n"
     "    return sign, torch.sum(torch.log(torch.abs(diagonal)), [-1]), factors, pivots\n"},
    /* Equations. */
    {"linalg_solve_ex",
     "linalg_solve_ex(Tensor A, Tensor B, *, bool left=True, bool check_errors=False) -> (Tensor, Tensor)",
     "def linalg_solve_ex(A, B, left, check_errors):\n"
     "    x, factors, pivots, info = torch._linalg_solve_ex(A, B, left=left)\n"
     "    return x, info\n"},
    {"linalg_solve", "linalg_solve(Tensor A, Tensor B, *, bool left=True) -> Tensor",
     "def linalg_solve(A, B, left):\n"
     "    return torch.linalg_solve_ex(A, B, left=left)[0]\n"},
    {"_linalg_solve_ex",
     "_linalg_solve_ex(Tensor A, Tensor B, *, bool left=True, bool check_errors=False) -> (Tensor, Tensor, Tensor, "
     "Tensor)",
     text_solve},
    {"linalg_inv_ex", "linalg_inv_ex(Tensor A, *, bool check_errors=False) -> (Tensor, Tensor)",
     "def linalg_inv_ex(A, check_errors):\n"
     "    return torch.linalg_solve_ex(A, torch.expand(torch.eye(A.size(-1), dtype=A.dtype), A.shape))\n"},
    {"linalg_inv", "linalg_inv(Tensor A) -> Tensor", text_inverse},
    {"inverse", "inverse(Tensor self) -> Tensor", text_inverse},
    {"linalg_tensorinv", "linalg_tensorinv(Tensor self, int ind=2) -> Tensor",
     "def linalg_tensorinv(self, ind):\n"
     "    shape = list(self.shape)\n"
     "    n = 1\n"
     "    for size in shape[ind:]:\n"
     "        n = n * size\n"
     "    return torch.reshape(torch.linalg_inv(torch.reshape(self, [-1, n])), shape[ind:] + shape[:ind])\n"},
    {"linalg_tensorsolve", "linalg_tensorsolve(Tensor self, Tensor other, int[]? dims=None) -> Tensor",
     "def linalg_tensorsolve(self, other, dims):\n"
     "    if dims is not None:\n"
     "        dims = [d + self.dim() if d < 0 else d for d in dims]\n"
     "        self = torch.permute(self, [d for d in range(self.dim()) if d not in dims] + dims)\n"
     "    shape = list(self.shape)[other.dim():]\n"
     "    n = other.numel()\n"
     "    return torch.reshape(torch.linalg_solve(torch.reshape(self, [n, n]), torch.reshape(other, [n])), shape)\n"},
    {"linalg_matrix_power", "linalg_matrix_power(Tensor self, int n) -> Tensor",
     "def linalg_matrix_power(self, n):\n"
     "    if n == 0:\n"
     "        return torch.expand(torch.eye(self.size(-1), dtype=self.dtype), self.shape)\n"
     "    base = torch.linalg_inv(self) if n < 0 else self\n"
     "    n = abs(n)\n"
     "    y = None\n"
     "    while n > 0:\n"
     "        if n % 2 == 1:\n"
     "            y = base if y is None else torch.matmul(y, base)\n"
     "        n = n // 2\n"
     "        base = torch.matmul(base, base) if n > 0 else base\n"
     "    return y\n"},
    {"matrix_power", "matrix_power(Tensor self, int n) -> Tensor",
     "def matrix_power(self, n):\n"
     "    return torch.linalg_matrix_power(self, n)\n"},
    /* Triangles. */
    {"linalg_solve_triangular",
     "linalg_solve_triangular(Tensor self, Tensor B, *, bool upper, bool left=True, bool unitriangular=False) -> Tensor",
     "def linalg_solve_triangular(self, B, upper, left, unitriangular):\n"
     "    if left:\n"
     "        return torch._substitute(self, B, upper, unitriangular)\n"
     "    x = torch._substitute(torch.transpose(self, -2, -1), torch.transpose(B, -2, -1), not upper, unitriangular)\n"
     "    return torch.transpose(x, -2, -1)\n"},
    {"triangular_solve",
     "triangular_solve(Tensor self, Tensor A, bool upper=True, bool transpose=False, bool unitriangular=False) -> "
     "(Tensor, Tensor)",
     "def triangular_solve(self, A, upper, transpose, unitriangular):\n"
     "    if transpose:\n"
     "        return torch._substitute(torch.transpose(A, -2, -1), self, not upper, unitriangular), torch.clone(A)\n"
     "    return torch._substitute(A, self, upper, unitriangular), torch.clone(A)\n"},
    {"linalg_cholesky_ex",
     "linalg_cholesky_ex(Tensor self, *, bool upper=False, bool check_errors=False) -> (Tensor, Tensor)", text_cholesky},
    {"linalg_cholesky", "linalg_cholesky(Tensor self, *, bool upper=False) -> Tensor",
     "def linalg_cholesky(self, upper):\n"
     "    return torch.linalg_cholesky_ex(self, upper=upper)[0]\n"},
    {"cholesky", "cholesky(Tensor self, bool upper=False) -> Tensor",
     "def cholesky(self, upper):\n"
     "    return torch.linalg_cholesky_ex(self, upper=upper)[0]\n"},
    {"cholesky_solve", "cholesky_solve(Tensor self, Tensor input2, bool upper=False) -> Tensor",
     "def cholesky_solve(self, input2, upper):\n"
     "    other = torch.transpose(input2, -2, -1)\n"
     "    y = torch._substitute(other if upper else input2, self, False, False)\n"
     "    return torch._substitute(input2 if upper else other, y, True, False)\n"},
    {"cholesky_inverse", "cholesky_inverse(Tensor self, bool upper=False) -> Tensor",
     "def cholesky_inverse(self, upper):\n"
     "    return torch.cholesky_solve(torch.expand(torch.eye(self.size(-1), dtype=self.dtype), self.shape), self, upper)\n"},
    /* Factors. */
    {"linalg_lu_factor_ex",
     "linalg_lu_factor_ex(Tensor A, *, bool pivot=True, bool check_errors=False) -> (Tensor, Tensor, Tensor)",
     "def linalg_lu_factor_ex(A, pivot, check_errors):\n"
     "    factors, pivots, order, sign = torch._eliminate(A, pivot)\n"
     "    return factors, pivots, torch.zeros(list(A.shape)[:-2], dtype=torch.int32)\n"},
    {"linalg_lu_factor", "linalg_lu_factor(Tensor A, *, bool pivot=True) -> (Tensor, Tensor)",
     "def linalg_lu_factor(A, pivot):\n"
     "    factors, pivots, order, sign = torch._eliminate(A, pivot)\n"
     "    return factors, pivots\n"},
    {"_lu_with_info",
     "_lu_with_info(Tensor self, bool pivot=True, bool check_errors=True) -> (Tensor, Tensor, Tensor)",
     "def _lu_with_info(self, pivot, check_errors):\n"
     "    return torch.linalg_lu_factor_ex(self, pivot=pivot)\n"},
    {"linalg_lu", "linalg_lu(Tensor A, *, bool pivot=True) -> (Tensor, Tensor, Tensor)",
     "def linalg_lu(A, pivot):\n"
     "    factors, pivots, order, sign = torch._eliminate(A, pivot)\n"
     "    p, lower, upper = torch._lu_parts(factors, order)\n"
     "    return p if pivot else torch.zeros([0], dtype=A.dtype), lower, upper\n"},
    {"lu_unpack",
     "lu_unpack(Tensor LU_data, Tensor LU_pivots, bool unpack_data=True, bool unpack_pivots=True) -> (Tensor, Tensor, "
     "Tensor)",
     "def lu_unpack(LU_data, LU_pivots, unpack_data, unpack_pivots):\n"
     "    p, lower, upper = torch._lu_parts(LU_data, torch._lu_order(LU_pivots, LU_data.size(-2)))\n"
     "    none = torch.zeros([0], dtype=LU_data.dtype)\n"
     "    return p if unpack_pivots else none, lower if unpack_data else none, upper if unpack_data else none\n"},
    {"linalg_lu_solve",
     "linalg_lu_solve(Tensor LU, Tensor pivots, Tensor B, *, bool left=True, bool adjoint=False) -> Tensor",
     "def linalg_lu_solve(LU, pivots, B, left, adjoint):\n"
     "    p, lower, upper = torch._lu_parts(LU, torch._lu_order(pivots, LU.size(-2)))\n"
     "    A = torch.matmul(torch.matmul(p, lower), upper)\n"
     "    return torch.linalg_solve(torch.transpose(A, -2, -1) if adjoint else A, B, left=left)\n"},
    {"lu_solve", "lu_solve(Tensor self, Tensor LU_data, Tensor LU_pivots) -> Tensor",
     "def lu_solve(self, LU_data, LU_pivots):\n"
     "    return torch._solve_eliminated(LU_data, torch._lu_order(LU_pivots, LU_data.size(-2)), self)\n"},
    {"linalg_qr", "linalg_qr(Tensor A, str mode='reduced') -> (Tensor, Tensor)",
     "def linalg_qr(A, mode):\n"
     "    q, r = torch._reflect(A)\n"
     "    k = min(A.size(-2), A.size(-1))\n"
     "    if mode == \"r\":\n"
     "        return torch.zeros([0], dtype=A.dtype), torch.slice(r, -2, 0, k)\n"
     "    if mode == \"complete\":\n"
     "        return q, r\n"
     "    return torch.slice(q, -1, 0, k), torch.slice(r, -2, 0, k)\n"},
    {"qr", "qr(Tensor self, bool some=True) -> (Tensor, Tensor)",
     "def qr(self, some):\n"
     "    return torch.linalg_qr(self, \"reduced\" if some else \"complete\")\n"},
};

const tnn_spelling_table tnn_spellings_linalg = {rows, sizeof rows / sizeof *rows};
