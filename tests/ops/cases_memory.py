"""Views of every kind, writes through them, in-place operators and `out=` arguments."""

import torch
from case import B, F, I64, fn

Z = F(3, 5)
IMAGE = F(1, 4, 5, 7)


def writing(name, write, *inputs, **options):
    """A case that writes into a copy of its first input and gives that back."""

    def program(x, *rest):
        y = x.clone()
        write(y, *rest)
        return y

    return fn(f"write into {name}", program, *inputs, **options)


def seen(name, function, *inputs, **options):
    return fn(f"see {name}", function, *inputs, **options)


def set_item(index):
    def write(y, value):
        y[index] = value

    return write


def list_of_rows(x):
    y = torch.zeros(4, 3)
    for k in range(4):
        y[k] = x[k % 2] * k
    return y


def recurrence(x):
    y = x.clone()
    for k in range(1, 5):
        y[:, k] += y[:, k - 1] * 0.5
    return y


VIEWS = [
    writing("ravel of a transposed tensor", lambda y: y.t().ravel().mul_(2), F(5, 3)),
    writing("ravel of every other column", lambda y: y[:, ::2].ravel().mul_(2), F(3, 4)),
    seen("tensor_split", lambda x: torch.tensor_split(x, 3, 1), F(3, 7)),
    seen("tensor_split at", lambda x: torch.tensor_split(x, (1, 4), 1), F(3, 7)),
    seen("tensor_split past the end", lambda x: torch.tensor_split(x, (2, 9), 1)[0], F(3, 5)),
    seen("hsplit vsplit", lambda x: (*torch.hsplit(x, 2), *torch.vsplit(x, [1])), F(3, 4)),
    seen("dsplit", lambda x: torch.dsplit(x, 2), F(2, 3, 4)),
    seen("unsafe_chunk", lambda x: torch.unsafe_chunk(x, 2, 1), F(3, 6)),
    seen("movedim lists", lambda x: x.movedim((0, 1), (2, 0)), F(3, 5, 7)),
    seen("moveaxis", lambda x: x.moveaxis(-1, 0), F(3, 5, 7)),
    seen("swapdims", lambda x: x.swapdims(0, -1), F(3, 5, 7)),
    seen("mT", lambda x: x.mT, F(2, 3, 5)),
    seen("H", lambda x: x.H, Z),
    seen("adjoint", lambda x: x.adjoint(), F(2, 3, 5)),
    seen("T of 1-D", lambda x: x.t() + 1, F(5)),
    seen("view_as reshape_as", lambda x, y: x.view_as(y) + x.reshape_as(y), F(6), F(2, 3)),
    seen("diagonal", lambda x: x.diagonal(), Z),
    seen("diagonal above", lambda x: x.diagonal(2), Z),
    seen("diagonal below of 3-D", lambda x: x.diagonal(-1, 0, 2), F(5, 3, 4)),
    seen("diagonal of channels", lambda x: x.diagonal(0, 2, 3), IMAGE),
    seen("unfold overlapping", lambda x: x.unfold(1, 3, 1), F(3, 7)),
    seen("unfold apart", lambda x: x.unfold(0, 2, 3), F(7, 3)),
    seen("unfold whole", lambda x: x.unfold(1, 3, 3), F(2, 6)),
    seen("unfold image", lambda x: x.unfold(2, 3, 2).unfold(3, 3, 2), IMAGE),
    seen("as_strided block", lambda x: x.as_strided((2, 2), (5, 1), 1), Z),
    seen("as_strided windows", lambda x: x.as_strided((5, 4), (2, 1)), F(13)),
    seen("as_strided repeats", lambda x: x.as_strided((2, 3), (0, 2)), Z),
    seen("real of real", lambda x: torch.real(x) + 1, Z),
    seen("view of the same dtype", lambda x: x.view(torch.float32) + 1, Z),
    seen("expand_copy", lambda x: torch.expand_copy(x, (2, 3, 5)), Z),
    seen("unbind_copy", lambda x: torch.unbind_copy(x, 0), Z),
]

WRITES = [
    writing("diagonal", lambda y: y.diagonal(1).mul_(2), Z),
    writing("diagonal copy", lambda y, v: y.diagonal().copy_(v), F(4, 4), F(4)),
    writing("as_strided", lambda y: y.as_strided((2, 2), (5, 2), 1).zero_(), Z),
    writing("through unflatten", lambda y: y.unflatten(1, (2, 3))[:, 1].neg_(), F(3, 6)),
    writing("through movedim", lambda y: y.movedim(0, 1)[2].fill_(3.0), Z),
    writing("row of expanded", lambda y: y[0].expand(4, 5)[1].add_(1), Z),
    writing("item", set_item((1, 2)), Z, F()),
    writing("row broadcast", set_item(slice(1, 3)), Z, F(5)),
    writing("leading ones", set_item((slice(None), 0)), Z, F(1, 3)),
    writing("step", set_item((slice(None), slice(1, None, 2))), Z, F(3, 2)),
    writing("None and Ellipsis", set_item((None, ..., 1)), F(2, 3, 5), F(2, 3)),
    writing("cast", set_item(0), Z, I64(5)),
    writing("masked_fill_", lambda y, m: y.masked_fill_(m, 3.0), Z, B(3, 5)),
    writing("masked_fill_ through a view", lambda y, m: y[1].masked_fill_(m, 3.0), Z, B(5)),
    writing("index_put_", lambda y, v: y.index_put_((torch.tensor([2, 0]),), v), Z, F(2, 5)),
    writing("rows by a list", lambda y, v: y.__setitem__([0, 2], v), Z, F(2, 5)),
    writing("scatter_", lambda y, v: y.scatter_(1, torch.tensor([[0, 3], [1, 2], [4, 0]]), v), Z, F(3, 2)),
    writing("index_fill_", lambda y: y.index_fill_(1, torch.tensor([0, 4]), 7.0), Z),
    writing("copy_ int", lambda y, v: y.copy_(v), I64(3, 5), F(3, 5)),
    writing("in-place chain", lambda y: y.add_(1).mul_(2).clamp_(-1, 3).sigmoid_(), Z),
    writing("sub_ div_ pow_", lambda y: y.sub_(3).div_(2).pow_(2), Z),
    writing("addcmul_", lambda y, a, b: y.addcmul_(a, b, value=2), Z, Z, Z),
    writing("lerp_", lambda y, a: y.lerp_(a, 0.25), Z, Z),
    writing("unsqueeze_ and squeeze_", lambda y: y.unsqueeze_(0).squeeze_(0).add_(1), Z),
    writing("transpose_", lambda y: y.transpose_(0, 1), Z),
    fn("rows in a loop", list_of_rows, F(2, 3)),
    fn("recurrence in a loop", recurrence, F(3, 5)),
    fn("out", lambda x, y: torch.add(x, y, out=torch.zeros(3, 5)), Z, Z),
    fn("out into a view", lambda x: (lambda z: (torch.mul(x, 2, out=z[1]), z)[1])(torch.zeros(2, 3, 5)), Z),
    fn("out of sum", lambda x: torch.sum(x, 1, out=torch.zeros(3)), Z),
    fn("out of max", lambda x: torch.max(x, 1, out=(torch.zeros(3), torch.zeros(3, dtype=torch.int64)))[0], Z),
    fn("out empty", lambda x: torch.cat([x, x], out=torch.empty(0)), Z),
]



def around_a_view(operator):
    """LiteRT's planner would write `operator`'s result over `a`, which is read again."""

    def program(x, y, z):
        a = x.sin() + y
        return operator(a.reshape(2, 3, 4), z).sum(-1), a.cos()

    return program


PLANNED = [
    fn(f"{name} behind a view of what is read again", around_a_view(operator), F(6, 4), F(6, 4), F(2, 3, 4))
    for name, operator in {
        "add": lambda a, z: a + z,
        "sub": lambda a, z: z - a,
        "mul": lambda a, z: a * z,
        "div": lambda a, z: a / (z.abs() + 1),
        "softmax": lambda a, z: a.softmax(-1) + z,
    }.items()
]

CASES = VIEWS + WRITES + PLANNED
