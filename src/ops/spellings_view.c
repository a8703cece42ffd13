/* Views made of other views. */
#include "ops/list.h"

static const char text_transpose_last[] =
    "def transpose_last(self):\n"
    "    return torch.transpose(self, -2, -1)\n";

static const char text_transpose[] =
    "def transpose(self, dim0, dim1):\n"
    "    return torch.transpose(self, dim0, dim1)\n";

static const char text_movedim[] =
    "def movedim(self, source, destination):\n"
    "    rank = self.dim()\n"
    "    source = [dim + rank if dim < 0 else dim for dim in source]\n"
    "    destination = [dim + rank if dim < 0 else dim for dim in destination]\n"
    "    rest = [dim for dim in range(rank) if dim not in source]\n"
    "    order = []\n"
    "    for dim in range(rank):\n"
    "        order.append(source[destination.index(dim)] if dim in destination else rest.pop(0))\n"
    "    return torch.permute(self, order)\n";

static const char text_split[] =
    "def split(self, split_size, dim):\n"
    "    size = self.size(dim)\n"
    "    n = max((size + split_size - 1) // split_size, 1)\n"
    "    starts = [k * split_size for k in range(n)]\n"
    "    return [torch.slice(self, dim, start, min(start + split_size, size)) for start in starts]\n";

static const char text_split_sizes[] =
    "def split_sizes(self, sizes, dim):\n"
    "    assert sum(sizes) == self.size(dim), \"the sizes do not add up to the dimension\"\n"
    "    start = 0\n"
    "    out = []\n"
    "    for size in sizes:\n"
    "        out.append(torch.slice(self, dim, start, start + size))\n"
    "        start = start + size\n"
    "    return out\n";

static const char text_chunk[] =
    "def chunk(self, chunks, dim):\n"
    "    assert chunks > 0, \"no chunks\"\n"
    "    return torch.split(self, max((self.size(dim) + chunks - 1) // chunks, 1), dim)\n";

/* PyTorch cuts `size` into n pieces of which the first ones are one larger. */
static const char text_tensor_split[] =
    "def tensor_split(self, sections, dim):\n"
    "    assert sections > 0, \"tensor_split: no sections\"\n"
    "    size = self.size(dim)\n"
    "    least = size // sections\n"
    "    larger = size - least * sections\n"
    "    start = 0\n"
    "    out = []\n"
    "    for k in range(sections):\n"
    "        end = start + least + (1 if k < larger else 0)\n"
    "        out.append(torch.slice(self, dim, start, end))\n"
    "        start = end\n"
    "    return out\n";

static const char text_tensor_split_indices[] =
    "def tensor_split_indices(self, indices, dim):\n"
    "    start = 0\n"
    "    out = []\n"
    "    for end in indices:\n"
    "        out.append(torch.slice(self, dim, start, end))\n"
    "        start = end\n"
    "    out.append(torch.slice(self, dim, start, self.size(dim)))\n"
    "    return out\n";

static const char text_itself[] =
    "def itself(self):\n"
    "    return self\n";

static const char text_stub[] = "def stub(input):\n    return torch.clone(input)\n";

static const tnn_spelling_row rows[] = {
    {"flatten.using_ints", "flatten(Tensor(a) self, int start_dim=0, int end_dim=-1) -> Tensor(a)",
     "def flatten(self, start_dim, end_dim):\n"
     "    rank = self.dim()\n"
     "    if rank == 0:\n"
     "        return torch.reshape(self, [1])\n"
     "    start = start_dim + rank if start_dim < 0 else start_dim\n"
     "    end = end_dim + rank if end_dim < 0 else end_dim\n"
     "    assert 0 <= start <= end < rank, \"flatten: dimensions out of range or out of order\"\n"
     "    if start == end:\n"
     "        return self\n"
     "    shape = self.shape\n"
     "    size = 1\n"
     "    for k in range(start, end + 1):\n"
     "        size = size * shape[k]\n"
     "    return torch.reshape(self, list(shape[:start]) + [size] + list(shape[end + 1:]))\n"},
    {"unflatten.int", "unflatten(Tensor(a) self, int dim, SymInt[] sizes) -> Tensor(a)",
     "def unflatten(self, dim, sizes):\n"
     "    at = dim + self.dim() if dim < 0 else dim\n"
     "    shape = list(self.shape)\n"
     "    assert 0 <= at < len(shape), \"unflatten: dimension out of range\"\n"
     "    known = 1\n"
     "    for size in sizes:\n"
     "        known = known if size == -1 else known * size\n"
     "    sizes = [shape[at] // known if size == -1 else size for size in sizes]\n"
     "    return torch.view(self, shape[:at] + sizes + shape[at + 1:])\n"},
    {"ravel", "ravel(Tensor(a) self) -> Tensor(a)", "def ravel(self):\n    return torch.view(torch.contiguous(self), [-1])\n"},
    {"t", "t(Tensor(a) self) -> Tensor(a)",
     "def t(self):\n"
     "    assert self.dim() <= 2, \"t: more than 2 dimensions\"\n"
     "    return torch.transpose(self, 0, 1) if self.dim() == 2 else torch.alias(self)\n"},
    {"numpy_T", "numpy_T(Tensor(a) self) -> Tensor(a)",
     "def numpy_T(self):\n    return torch.permute(self, list(reversed(range(self.dim()))))\n"},
    {"mT", "mT(Tensor(a) self) -> Tensor(a)", text_transpose_last},
    {"mH", "mH(Tensor(a) self) -> Tensor(a)", text_transpose_last},
    {"adjoint", "adjoint(Tensor(a) self) -> Tensor(a)", text_transpose_last},
    {"matrix_H", "matrix_H(Tensor(a) self) -> Tensor(a)",
     "def matrix_H(self):\n"
     "    assert self.dim() == 2, \"H: not 2 dimensions\"\n"
     "    return torch.transpose(self, 0, 1)\n"},
    {"_reshape_alias", "_reshape_alias(Tensor(a) self, SymInt[] size, SymInt[] stride) -> Tensor(a)",
     "def _reshape_alias(self, size, stride):\n    return torch.reshape(self, size)\n"},
    {"view_as", "view_as(Tensor(a) self, Tensor other) -> Tensor(a)",
     "def view_as(self, other):\n    return torch.view(self, other.shape)\n"},
    {"reshape_as", "reshape_as(Tensor(a) self, Tensor other) -> Tensor(a)",
     "def reshape_as(self, other):\n    return torch.reshape(self, other.shape)\n"},
    {"expand_as", "expand_as(Tensor(a) self, Tensor other) -> Tensor(a)",
     "def expand_as(self, other):\n    return torch.expand(self, other.shape)\n"},
    {"swapaxes", "swapaxes(Tensor(a) self, int axis0, int axis1) -> Tensor(a)", text_transpose},
    {"swapdims", "swapdims(Tensor(a) self, int dim0, int dim1) -> Tensor(a)", text_transpose},
    {"movedim", "movedim(Tensor(a) self, int[] source, int[] destination) -> Tensor(a)", text_movedim},
    {"moveaxis", "moveaxis(Tensor(a) self, int[] source, int[] destination) -> Tensor(a)", text_movedim},
    {"narrow", "narrow(Tensor(a) self, int dim, SymInt start, SymInt length) -> Tensor(a)",
     "def narrow(self, dim, start, length):\n"
     "    size = self.size(dim)\n"
     "    start = start + size if start < 0 else start\n"
     "    assert 0 <= start and start + length <= size, \"narrow: start and length leave the dimension\"\n"
     "    return torch.slice(self, dim, start, start + length)\n"},
    {"split.Tensor", "split(Tensor(a) self, SymInt split_size, int dim=0) -> Tensor(a)[]", text_split},
    {"unsafe_split.Tensor", "unsafe_split(Tensor(a) self, SymInt split_size, int dim=0) -> Tensor(a)[]", text_split},
    {"split.sizes", "split(Tensor(a) self, SymInt[] split_size, int dim=0) -> Tensor(a)[]", text_split_sizes},
    {"split_with_sizes", "split_with_sizes(Tensor(a) self, SymInt[] split_sizes, int dim=0) -> Tensor(a)[]",
     text_split_sizes},
    {"unsafe_split_with_sizes",
     "unsafe_split_with_sizes(Tensor(a) self, SymInt[] split_sizes, int dim=0) -> Tensor(a)[]",
     text_split_sizes},
    {"chunk", "chunk(Tensor(a) self, int chunks, int dim=0) -> Tensor(a)[]", text_chunk},
    {"unsafe_chunk", "unsafe_chunk(Tensor(a) self, int chunks, int dim=0) -> Tensor(a)[]", text_chunk},
    {"unbind.int", "unbind(Tensor(a) self, int dim=0) -> Tensor(a)[]",
     "def unbind(self, dim):\n    return [torch.select(self, dim, k) for k in range(self.size(dim))]\n"},
    {"tensor_split.sections", "tensor_split(Tensor(a) self, SymInt sections, int dim=0) -> Tensor(a)[]",
     text_tensor_split},
    {"tensor_split.indices", "tensor_split(Tensor(a) self, SymInt[] indices, int dim=0) -> Tensor(a)[]",
     text_tensor_split_indices},
    {"hsplit.int", "hsplit(Tensor(a) self, int sections) -> Tensor(a)[]",
     "def hsplit(self, sections):\n    return torch.tensor_split(self, sections, 0 if self.dim() == 1 else 1)\n"},
    {"hsplit.array", "hsplit(Tensor(a) self, int[] indices) -> Tensor(a)[]",
     "def hsplit(self, indices):\n    return torch.tensor_split(self, indices, 0 if self.dim() == 1 else 1)\n"},
    {"vsplit.int", "vsplit(Tensor(a) self, int sections) -> Tensor(a)[]",
     "def vsplit(self, sections):\n    return torch.tensor_split(self, sections, 0)\n"},
    {"vsplit.array", "vsplit(Tensor(a) self, int[] indices) -> Tensor(a)[]",
     "def vsplit(self, indices):\n    return torch.tensor_split(self, indices, 0)\n"},
    {"dsplit.int", "dsplit(Tensor(a) self, int sections) -> Tensor(a)[]",
     "def dsplit(self, sections):\n    return torch.tensor_split(self, sections, 2)\n"},
    {"dsplit.array", "dsplit(Tensor(a) self, int[] indices) -> Tensor(a)[]",
     "def dsplit(self, indices):\n    return torch.tensor_split(self, indices, 2)\n"},
    {"diagonal_scatter",
     "diagonal_scatter(Tensor self, Tensor src, int offset=0, int dim1=0, int dim2=1) -> Tensor",
     "def diagonal_scatter(self, src, offset, dim1, dim2):\n"
     "    out = torch.clone(self)\n"
     "    torch.copy_(torch.diagonal(out, offset, dim1, dim2), src)\n"
     "    return out\n"},
    {"as_strided_scatter",
     "as_strided_scatter(Tensor self, Tensor src, SymInt[] size, SymInt[] stride, SymInt? storage_offset=None) "
     "-> Tensor",
     "def as_strided_scatter(self, src, size, stride, storage_offset):\n"
     "    out = torch.clone(self)\n"
     "    torch.copy_(torch.as_strided(out, size, stride, storage_offset), src)\n"
     "    return out\n"},
    /* What changes nothing in a tensor of real numbers. */
    {"real", "real(Tensor(a) self) -> Tensor(a)", text_itself},
    {"conj", "conj(Tensor(a) self) -> Tensor(a)", text_itself},
    {"conj_physical", "conj_physical(Tensor self) -> Tensor", "def conj_physical(self):\n    return torch.clone(self)\n"},
    {"_conj", "_conj(Tensor(a) self) -> Tensor(a)", text_itself},
    {"resolve_conj", "resolve_conj(Tensor(a) self) -> Tensor(a)", text_itself},
    {"resolve_neg", "resolve_neg(Tensor(a) self) -> Tensor(a)", text_itself},
    {"data", "data(Tensor(a) self) -> Tensor(a)", "def data(self):\n    return torch.alias(self)\n"},
    /* Complex numbers. */
    {"imag", "imag(Tensor(a) self) -> Tensor(a)",
     "def imag(self):\n    assert False, \"imag of a tensor that is not complex\"\n"},
    {"view_as_real", "view_as_real(Tensor(a) self) -> Tensor(a)",
     "def view_as_real(self):\n    assert False, \"view_as_real of a tensor that is not complex\"\n"},
    /* What tracing a QuantStub or a DeQuantStub leaves, python/tinynn/graph/markers.py. */
    {"tinynn.quant_stub", "tinynn.quant_stub(Tensor input) -> Tensor", text_stub},
    {"tinynn.dequant_stub", "tinynn.dequant_stub(Tensor input) -> Tensor", text_stub},
};

const tnn_spelling_table tnn_spellings_view = {rows, sizeof rows / sizeof *rows};
