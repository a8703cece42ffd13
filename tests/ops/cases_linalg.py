"""Matrices: determinants, inverses, equations and factors."""

import torch
from case import F, fn

A, B = F(3, 3), F(3, 2)
BATCH = F(2, 4, 4)
EYE = torch.eye(4)


def parts(function):
    """PyTorch gives back named tuples, which torch.export does not save."""
    return lambda *tensors: tuple(function(*tensors))


def spd(x):
    """Symmetric with positive eigenvalues."""
    return x @ x.mT + torch.eye(x.shape[-1])


CASES = [
    fn("det", torch.linalg.det, A),
    fn("det 1", torch.det, F(1, 1)),
    fn("det 2", torch.det, F(2, 2)),
    fn("det batch", torch.linalg.det, BATCH),
    fn("det needs pivots", lambda x: torch.linalg.det(x * torch.tensor([[0.0, 1, 1], [1, 0, 1], [1, 1, 0]])), A),
    fn("slogdet", parts(torch.linalg.slogdet), BATCH),
    fn("logdet", lambda x: torch.logdet(spd(x)), A),
    fn("logdet negative", lambda x: torch.logdet(x * 0 + torch.diag(torch.tensor([-1.0, 2, 3]))), A),
    fn("inv", torch.linalg.inv, A),
    fn("inv batch", lambda x: torch.linalg.inv(x + 3 * EYE), BATCH),
    fn("inv in place of a pose", lambda x: torch.inverse(torch.cat([x, torch.tensor([[0.0, 0, 0, 1]])], 0)), F(3, 4)),
    fn("inv ex", lambda x: torch.linalg.inv_ex(x + 3 * EYE)[0], BATCH),
    fn("solve", torch.linalg.solve, A, B),
    fn("solve vector", torch.linalg.solve, A, F(3)),
    fn("solve right", lambda a, b: torch.linalg.solve(a, b, left=False), A, F(2, 3)),
    fn("solve batch", lambda a, b: torch.linalg.solve(a + 3 * EYE, b), BATCH, F(2, 4, 3)),
    fn("solve one for a batch", lambda a, b: torch.linalg.solve(a + 3 * EYE, b), BATCH, F(4, 3)),
    fn("solve vectors", lambda a, b: torch.linalg.solve(a + 3 * EYE, b), BATCH, F(2, 4)),
    fn("tensorsolve", lambda a, b: torch.linalg.tensorsolve(a, b), F(2, 3, 6), F(2, 3)),
    fn("tensorinv", lambda a: torch.linalg.tensorinv(a, 1), F(4, 2, 2)),
    fn("matrix power", lambda x: torch.linalg.matrix_power(x, 5), A),
    fn("matrix power 0", lambda x: torch.linalg.matrix_power(x, 0) + x, A),
    fn("matrix power -2", lambda x: torch.linalg.matrix_power(x + 3 * EYE, -2), BATCH),
    fn("solve triangular upper", lambda a, b: torch.linalg.solve_triangular(a.triu() + 2 * EYE, b, upper=True), F(4, 4),
       F(4, 2)),
    fn("solve triangular lower", lambda a, b: torch.linalg.solve_triangular(a + 2 * EYE, b, upper=False), F(4, 4), F(4, 2)),
    fn("solve triangular unit", lambda a, b: torch.linalg.solve_triangular(a, b, upper=True, unitriangular=True), F(4, 4),
       F(4, 2)),
    fn("solve triangular right", lambda a, b: torch.linalg.solve_triangular(a + 2 * EYE, b, upper=True, left=False),
       F(4, 4), F(2, 4)),
    fn("triangular solve transpose", lambda a, b: torch.triangular_solve(b, a + 2 * EYE, transpose=True)[0], F(4, 4),
       F(4, 2)),
    fn("cholesky", lambda x: torch.linalg.cholesky(spd(x)), BATCH),
    fn("cholesky upper", lambda x: torch.linalg.cholesky(spd(x), upper=True), A),
    fn("cholesky 1", lambda x: torch.linalg.cholesky(spd(x)), F(1, 1)),
    fn("cholesky solve", lambda x, b: torch.cholesky_solve(b, torch.linalg.cholesky(spd(x))), A, B),
    fn("cholesky solve upper", lambda x, b: torch.cholesky_solve(b, (x + 2 * torch.eye(3)).triu(), True), A, B),
    fn("cholesky inverse", lambda x: torch.cholesky_inverse(torch.linalg.cholesky(spd(x))), A),
    fn("lu", parts(torch.linalg.lu), A),
    fn("lu tall", parts(torch.linalg.lu), F(5, 3)),
    fn("lu wide", parts(torch.linalg.lu), F(3, 5)),
    fn("lu factor", parts(torch.linalg.lu_factor), BATCH),
    fn("lu unpack", parts(lambda x: torch.lu_unpack(*torch.linalg.lu_factor(x))), BATCH),
    fn("lu solve", lambda x, b: torch.linalg.lu_solve(*torch.linalg.lu_factor(x), b), A, B),
    fn("lu solve adjoint", lambda x, b: torch.linalg.lu_solve(*torch.linalg.lu_factor(x), b, adjoint=True), A, B),
    fn("qr", parts(torch.linalg.qr), A),
    fn("qr tall", parts(torch.linalg.qr), F(5, 3)),
    fn("qr wide", parts(torch.linalg.qr), F(3, 5)),
    fn("qr complete", parts(lambda x: torch.linalg.qr(x, mode="complete")), F(5, 3)),
    fn("qr r", lambda x: torch.linalg.qr(x, mode="r")[1], F(2, 5, 3)),
    fn("qr of a triangle", parts(lambda x: torch.linalg.qr(x.triu())), A),
]
