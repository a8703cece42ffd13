/* Products of vectors, matrices and more, all on matmul.
 *
 * einsum reads its equation, then multiplies from the left: of two operands, labels that both have and that are needed
 * later stand in front, labels that both have and nobody needs are summed by the product. Labels of an ellipsis are
 * numbers, 1 the last dimension. */
#include "ops/list.h"

static const char text_einsum_pair[] =
    "def pair(a, b, order_a, order_b, n_batch, n_summed):\n"
    "    a = torch.permute(a, order_a)\n"
    "    b = torch.permute(b, order_b)\n"
    "    n_left = a.dim() - n_batch - n_summed\n"
    "    left = list(a.shape)[n_batch:n_batch + n_left]\n"
    "    right = list(b.shape)[n_batch + n_summed:]\n"
    "    if n_summed == 0:\n"
    "        wide = list(a.shape) + [1] * len(right)\n"
    "        return torch.reshape(a, wide) * torch.reshape(b, list(b.shape)[:n_batch] + [1] * n_left + right)\n"
    "    summed = list(a.shape)[n_batch + n_left:]\n"
    "    assert summed == list(b.shape)[n_batch:n_batch + n_summed], \"einsum: summed sizes differ\"\n"
    "    batch = [max(x, y) for x, y in zip(list(a.shape)[:n_batch], list(b.shape)[:n_batch])]\n"
    "    n = 1\n"
    "    for size in summed:\n"
    "        n = n * size\n"
    "    rows = 1\n"
    "    for size in left:\n"
    "        rows = rows * size\n"
    "    columns = 1\n"
    "    for size in right:\n"
    "        columns = columns * size\n"
    "    y = torch.matmul(torch.reshape(a, list(a.shape)[:n_batch] + [rows, n]),\n"
    "                     torch.reshape(b, list(b.shape)[:n_batch] + [n, columns]))\n"
    "    return torch.reshape(y, batch + left + right)\n";

static const char text_einsum[] =
    "def einsum(equation, tensors, path):\n"
    "    terms = [[]]\n"
    "    result = None\n"
    "    for letter in list(equation):\n"
    "        if letter == \",\":\n"
    "            terms.append([])\n"
    "        elif letter == \">\":\n"
    "            result = []\n"
    "        elif letter != \" \" and letter != \"-\":\n"
    "            place = terms[-1] if result is None else result\n"
    "            place.append(letter)\n"
    "    assert len(terms) == len(tensors), \"einsum: as many terms as tensors\"\n"
    "    dots = 0\n"
    "    for k in range(len(terms)):\n"
    "        if \".\" in terms[k]:\n"
    "            n = tensors[k].dim() - (len(terms[k]) - 3)\n"
    "            dots = max(dots, n)\n"
    "            at = terms[k].index(\".\")\n"
    "            terms[k] = terms[k][:at] + list(range(n, 0, -1)) + terms[k][at + 3:]\n"
    "    if result is None:\n"
    "        result = list(range(dots, 0, -1))\n"
    "        every = []\n"
    "        for term in terms:\n"
    "            every.extend(term)\n"
    "        for letter in list(\"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz\"):\n"
    "            if every.count(letter) == 1:\n"
    "                result.append(letter)\n"
    "    elif \".\" in result:\n"
    "        at = result.index(\".\")\n"
    "        result = result[:at] + list(range(dots, 0, -1)) + result[at + 3:]\n"
    "    y = None\n"
    "    have = []\n"
    "    for k in range(len(terms)):\n"
    "        x = tensors[k]\n"
    "        term = list(terms[k])\n"
    "        for label in terms[k]:\n"
    "            while term.count(label) > 1:\n"
    "                first = term.index(label)\n"
    "                second = first + 1 + term[first + 1:].index(label)\n"
    "                x = torch.diagonal(x, 0, first, second)\n"
    "                term.pop(second)\n"
    "                term.pop(first)\n"
    "                term.append(label)\n"
    "        later = list(result)\n"
    "        for other in terms[k + 1:]:\n"
    "            later.extend(other)\n"
    "        if y is None:\n"
    "            alone = [label for label in term if label not in later]\n"
    "        else:\n"
    "            alone = [label for label in term if label not in later and label not in have]\n"
    "        if alone:\n"
    "            x = torch.sum(x, [term.index(label) for label in alone])\n"
    "            term = [label for label in term if label not in alone]\n"
    "        if y is None:\n"
    "            y = x\n"
    "            have = term\n"
    "        else:\n"
    "            gone = [label for label in have if label not in later and label not in term]\n"
    "            if gone:\n"
    "                y = torch.sum(y, [have.index(label) for label in gone])\n"
    "                have = [label for label in have if label not in gone]\n"
    "            both = [label for label in have if label in term]\n"
    "            batch = [label for label in both if label in later]\n"
    "            summed = [label for label in both if label not in later]\n"
    "            left = [label for label in have if label not in both]\n"
    "            right = [label for label in term if label not in both]\n"
    "            y = torch._einsum_pair(y, x, [have.index(label) for label in batch + left + summed],\n"
    "                                   [term.index(label) for label in batch + summed + right],\n"
    "                                   len(batch), len(summed))\n"
    "            have = batch + left + right\n"
    "    return torch.permute(y, [have.index(label) for label in result])\n";

static const char text_dot[] =
    "def dot(self, other):\n"
    "    return torch.matmul(self, other)\n";

static const char text_outer[] =
    "def outer(self, vec2):\n"
    "    return torch.unsqueeze(self, 1) * torch.unsqueeze(vec2, 0)\n";

static const char text_multi_dot[] =
    "def multi_dot(tensors):\n"
    "    y = tensors[0]\n"
    "    for tensor in tensors[1:]:\n"
    "        y = torch.matmul(y, tensor)\n"
    "    return y\n";

static const char text_cross[] =
    "def cross(self, other, dim):\n"
    "    if dim is None:\n"
    "        dim = list(self.shape).index(3)\n"
    "    shape = [max(a, b) for a, b in zip(self.shape, other.shape)]\n"
    "    a = torch.unbind(torch.expand(self, shape), dim)\n"
    "    b = torch.unbind(torch.expand(other, shape), dim)\n"
    "    return torch.stack([a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]], dim)\n";

static const tnn_spelling_row rows[] = {
    /* TFLite multiplies matrices of floats; integers, which wrap around, are multiplied and added up. */
    {"matmul", "matmul(Tensor self, Tensor other) -> Tensor",
     "def matmul(self, other):\n"
     "    if self.is_floating_point() or self.dtype != other.dtype or self.dim() * other.dim() == 0:\n"
     "        return torch.matmul.primitive(self, other)\n"
     "    a = self if self.dim() > 1 else torch.unsqueeze(self, 0)\n"
     "    b = other if other.dim() > 1 else torch.unsqueeze(other, 1)\n"
     "    y = torch.sum(torch.unsqueeze(a, -1) * torch.unsqueeze(b, -3), [-2], False, dtype=self.dtype)\n"
     "    y = y if self.dim() > 1 else torch.squeeze(y, -2)\n"
     "    return y if other.dim() > 1 else torch.squeeze(y, -1)\n"},
    /* A weight that is a vector gives one number a row, without a dimension for it. */
    {"linear", "linear(Tensor input, Tensor weight, Tensor? bias=None) -> Tensor",
     "def linear(input, weight, bias):\n"
     "    if weight.dim() == 2 and (bias is None or bias.dim() == 1) and input.is_floating_point():\n"
     "        return torch.linear.primitive(input, weight, bias)\n"
     "    y = torch.matmul(input, torch.t(weight))\n"
     "    return y if bias is None else y + bias\n"},
    {"vdot", "vdot(Tensor self, Tensor other) -> Tensor", text_dot},
    {"linalg_matmul", "linalg_matmul(Tensor self, Tensor other) -> Tensor", text_dot},
    {"linalg_vecdot", "linalg_vecdot(Tensor x, Tensor y, *, int dim=-1) -> Tensor",
     "def linalg_vecdot(x, y, dim):\n    return torch.sum(x * y, [dim])\n"},
    {"outer", "outer(Tensor self, Tensor vec2) -> Tensor", text_outer},
    {"ger", "ger(Tensor self, Tensor vec2) -> Tensor", text_outer},
    {"addr", "addr(Tensor self, Tensor vec1, Tensor vec2, *, Scalar beta=1, Scalar alpha=1) -> Tensor",
     "def addr(self, vec1, vec2, beta, alpha):\n"
     "    y = torch.outer(vec1, vec2)\n"
     "    y = y if alpha == 1 else y * alpha\n"
     "    return y if beta == 0 else torch.add(y, self, alpha=beta)\n"},
    /* The sum over the batch is part of one product. */
    {"addbmm", "addbmm(Tensor self, Tensor batch1, Tensor batch2, *, Scalar beta=1, Scalar alpha=1) -> Tensor",
     "def addbmm(self, batch1, batch2, beta, alpha):\n"
     "    n = batch1.size(0) * batch1.size(2)\n"
     "    left = torch.reshape(torch.permute(batch1, [1, 0, 2]), [batch1.size(1), n])\n"
     "    y = torch.matmul(left, torch.reshape(batch2, [n, batch2.size(2)]))\n"
     "    y = y if alpha == 1 else y * alpha\n"
     "    return y if beta == 0 else torch.add(y, self, alpha=beta)\n"},
    {"inner", "inner(Tensor self, Tensor other) -> Tensor",
     "def inner(self, other):\n"
     "    if self.dim() == 0 or other.dim() == 0:\n"
     "        return self * other\n"
     "    return torch.tensordot(self, other, [-1], [-1])\n"},
    {"tensordot", "tensordot(Tensor self, Tensor other, int[] dims_self, int[] dims_other) -> Tensor",
     "def tensordot(self, other, dims_self, dims_other):\n"
     "    a = [dim + self.dim() if dim < 0 else dim for dim in dims_self]\n"
     "    b = [dim + other.dim() if dim < 0 else dim for dim in dims_other]\n"
     "    for x, y in zip(a, b):\n"
     "        if self.size(x) == 1 and other.size(y) != 1:\n"
     "            other = torch.sum(other, [y], True)\n"
     "        if other.size(y) == 1 and self.size(x) != 1:\n"
     "            self = torch.sum(self, [x], True)\n"
     "    left = [dim for dim in range(self.dim()) if dim not in a]\n"
     "    right = [dim for dim in range(other.dim()) if dim not in b]\n"
     "    return torch._einsum_pair(self, other, left + a, b + right, 0, len(a))\n"},
    {"_einsum_pair",
     "_einsum_pair(Tensor a, Tensor b, int[] order_a, int[] order_b, int n_batch, int n_summed) -> Tensor",
     text_einsum_pair},
    {"einsum", "einsum(str equation, Tensor[] tensors, *, int[]? path=None) -> Tensor", text_einsum},
    {"bilinear", "bilinear(Tensor input1, Tensor input2, Tensor weight, Tensor? bias=None) -> Tensor",
     "def bilinear(input1, input2, weight, bias):\n"
     "    n_out, n1, n2 = weight.shape\n"
     "    y = torch.linear(input1, torch.reshape(torch.permute(weight, [0, 2, 1]), [n_out * n2, n1]))\n"
     "    y = torch.reshape(y, list(input1.shape)[:-1] + [n_out, n2])\n"
     "    y = torch.sum(y * torch.unsqueeze(input2, -2), [-1])\n"
     "    return y if bias is None else y + bias\n"},
    {"_trilinear",
     "_trilinear(Tensor i1, Tensor i2, Tensor i3, int[] expand1, int[] expand2, int[] expand3, int[] sumdim, int "
     "unroll_dim=1) -> Tensor",
     "def _trilinear(i1, i2, i3, expand1, expand2, expand3, sumdim, unroll_dim):\n"
     "    for d in expand1:\n"
     "        i1 = torch.unsqueeze(i1, d)\n"
     "    for d in expand2:\n"
     "        i2 = torch.unsqueeze(i2, d)\n"
     "    for d in expand3:\n"
     "        i3 = torch.unsqueeze(i3, d)\n"
     "    y = i1 * i2 * i3\n"
     "    return y if len(sumdim) == 0 else torch.sum(y, sumdim)\n"},
    {"kron", "kron(Tensor self, Tensor other) -> Tensor",
     "def kron(self, other):\n"
     "    rank = max(self.dim(), other.dim())\n"
     "    a = [1] * (rank - self.dim()) + list(self.shape)\n"
     "    b = [1] * (rank - other.dim()) + list(other.shape)\n"
     "    wide_a = []\n"
     "    wide_b = []\n"
     "    for x, y in zip(a, b):\n"
     "        wide_a.extend([x, 1])\n"
     "        wide_b.extend([1, y])\n"
     "    product = torch.reshape(self, wide_a) * torch.reshape(other, wide_b)\n"
     "    return torch.reshape(product, [x * y for x, y in zip(a, b)])\n"},
    {"chain_matmul", "chain_matmul(Tensor[] matrices) -> Tensor", text_multi_dot},
    {"linalg_multi_dot", "linalg_multi_dot(Tensor[] tensors) -> Tensor", text_multi_dot},
    {"cross", "cross(Tensor self, Tensor other, int? dim=None) -> Tensor", text_cross},
    {"linalg_cross", "linalg_cross(Tensor self, Tensor other, *, int? dim=-1) -> Tensor", text_cross},
    /* Every row of x1 with every row of x2, by differences: exact also where rows are near one another. */
    {"cdist", "cdist(Tensor x1, Tensor x2, float p=2, int? compute_mode=None) -> Tensor",
     "def cdist(x1, x2, p, compute_mode):\n"
     "    return torch.linalg_vector_norm(torch.unsqueeze(x1, -2) - torch.unsqueeze(x2, -3), p, [-1])\n"},
    {"_cdist_forward", "_cdist_forward(Tensor x1, Tensor x2, float p, int? compute_mode) -> Tensor",
     "def cdist(x1, x2, p, compute_mode):\n"
     "    return torch.cdist(x1, x2, p)\n"},
};

const tnn_spelling_table tnn_spellings_product = {rows, sizeof rows / sizeof *rows};
