"""Products of vectors, matrices and more."""

import torch
import torch.nn.functional as f
from case import F, I64, fn, mod
from torch import nn

A = F(5, 7)
B = F(7, 3)


def einsum(equation: str, *inputs):
    return fn(f"einsum {equation}", lambda *x: torch.einsum(equation, *x), *inputs)


MATRICES = [
    fn("matmul vectors", lambda a, b: a @ b, F(7), F(7)),
    fn("matmul vector matrix", lambda a, b: a @ b, F(7), B),
    fn("matmul matrix vector", lambda a, b: a @ b, A, F(7)),
    fn("matmul batch vector", lambda a, b: a @ b, F(2, 5, 7), F(7)),
    fn("matmul vector batch", lambda a, b: a @ b, F(7), F(2, 7, 3)),
    fn("matmul batch matrix", lambda a, b: a @ b, F(2, 5, 7), B),
    fn("matmul matrix batch", lambda a, b: a @ b, A, F(2, 7, 3)),
    fn("matmul broadcast", lambda a, b: a @ b, F(2, 1, 5, 7), F(3, 7, 1)),
    fn("matmul of 6-D", lambda a, b: a @ b, F(2, 1, 2, 3, 5, 7), F(2, 1, 2, 3, 7, 3)),
    fn("matmul of 7-D", lambda a, b: a @ b, F(1, 2, 1, 2, 3, 5, 7), F(1, 2, 1, 2, 3, 7, 3)),
    fn("matmul by a constant", lambda a: a @ torch.eye(7, 3).cumsum(0), F(2, 5, 7)),
    fn("matmul by a constant and a term", lambda a: a @ torch.eye(7, 3).cumsum(0) * 0.5 + torch.arange(3.0), F(2, 5, 7)),
    fn("matmul transposed", lambda a, b: a.mT @ b.mT, F(2, 7, 5), F(2, 3, 7)),
    fn("matmul of permuted", lambda a, b: a.permute(0, 2, 1, 3) @ b.permute(0, 2, 3, 1), F(2, 5, 3, 7), F(2, 4, 3, 7)),
    fn("mv", torch.mv, A, F(7)),
    fn("dot", torch.dot, F(7), F(7)),
    fn("vdot", torch.vdot, F(7), F(7)),
    fn("inner", torch.inner, F(2, 5, 7), F(3, 7)),
    fn("outer", torch.outer, F(5), F(7)),
    fn("ger", torch.ger, F(5), F(7)),
    fn("addmm factors", lambda c, a, b: torch.addmm(c, a, b, beta=0.5, alpha=2), F(5, 3), A, B),
    fn("addmm without self", lambda c, a, b: torch.addmm(c, a, b, beta=0), F(5, 3), A, B),
    fn("baddbmm", lambda c, a, b: torch.baddbmm(c, a, b, beta=0.5, alpha=2), F(2, 5, 3), F(2, 5, 7), F(2, 7, 3)),
    fn("addbmm", lambda c, a, b: torch.addbmm(c, a, b, beta=0.5, alpha=2), F(5, 3), F(2, 5, 7), F(2, 7, 3)),
    fn("addmv", lambda c, a, b: torch.addmv(c, a, b, beta=0.5, alpha=2), F(5), A, F(7)),
    fn("addr", lambda c, a, b: torch.addr(c, a, b, beta=0.5, alpha=2), F(5, 7), F(5), F(7)),
    fn("chain_matmul", lambda a, b, c: torch.linalg.multi_dot([a, b, c]), A, B, F(3, 2)),
    fn("tensordot", lambda a, b: torch.tensordot(a, b, dims=2), F(5, 3, 7), F(3, 7, 2)),
    fn("tensordot dims", lambda a, b: torch.tensordot(a, b, dims=([0, 2], [2, 0])), F(5, 3, 7), F(7, 2, 5)),
    fn("tensordot of nothing", lambda a, b: torch.tensordot(a, b, dims=0), F(5, 3), F(2)),
    fn("kron", torch.kron, F(2, 3), F(3, 2)),
    fn("kron ranks", torch.kron, F(5), F(3, 2)),
    fn("cross", lambda a, b: torch.linalg.cross(a, b), F(5, 3), F(5, 3)),
    fn("cross dim", lambda a, b: torch.cross(a, b, dim=0), F(3, 5), F(3, 5)),
    fn("linalg vecdot", lambda a, b: torch.linalg.vecdot(a, b, dim=0), F(5, 3), F(5, 3)),
    fn("cdist", torch.cdist, F(2, 5, 7), F(2, 3, 7)),
    fn("cdist p", lambda a, b: torch.cdist(a, b, p=1.0), F(5, 7), F(3, 7)),
    fn("outer of integers", torch.outer, I64(5), I64(7)),
]

LAYERS = [
    fn("linear by a vector", lambda x, w: f.linear(x, w), F(5, 7), F(7)),
    fn("linear by a computed weight", lambda x, w, b: f.linear(x, w, b), F(2, 5, 7), F(3, 7), F(3)),
    mod("bilinear", lambda: nn.Bilinear(5, 7, 3), F(4, 5), F(4, 7)),
    mod("bilinear of 3-D", lambda: nn.Bilinear(5, 7, 3, bias=False), F(2, 4, 5), F(2, 4, 7)),
]

EINSUM = [
    einsum("ij,jk->ik", A, B),
    einsum("ij,jk", A, B),
    einsum("ij,kj->ki", A, F(3, 7)),
    einsum("bij,bjk->bik", F(2, 5, 7), F(2, 7, 3)),
    einsum("bhld,bhmd->bhlm", F(2, 3, 5, 7), F(2, 3, 4, 7)),
    einsum("blhd,bmhd->bhlm", F(2, 5, 3, 7), F(2, 4, 3, 7)),
    einsum("ij->ji", A),
    einsum("ij->", A),
    einsum("ij->j", A),
    einsum("ii->i", F(5, 5)),
    einsum("ii", F(5, 5)),
    einsum("i,j->ij", F(5), F(7)),
    einsum("ij,ij->ij", A, A),
    einsum("...ij,...jk->...ik", F(2, 3, 5, 7), F(2, 3, 7, 4)),
    einsum("...ij, jk -> ...ik", F(2, 3, 5, 7), B),
    einsum("bi,ijk,bk->bj", F(2, 5), F(5, 3, 7), F(2, 7)),
    einsum("bn,anm,bm->ba", F(2, 5), F(3, 5, 4), F(2, 4)),
    einsum("ijk,l->il", F(5, 3, 2), F(7)),
    einsum("nchw,chwk->nk", F(2, 3, 4, 5), F(3, 4, 5, 6)),
]

CASES = MATRICES + LAYERS + EINSUM
