"""Statistics, differences and sums along lines, tables of places and powers."""

import torch
from case import F, I64, V, fn

X = F(5, 7)
TICKS = V(0.0, 0.5, 0.75, 2.0, 2.5, 4.0, 4.25)
FEW_TICKS = V(-1.0, 0.5, 0.75, 2.0, 2.5)

LINES = [
    fn("trapezoid", torch.trapezoid, X),
    fn("trapezoid dx", lambda x: torch.trapezoid(x, dx=0.3, dim=0), X),
    fn("trapezoid ticks", lambda x, t: torch.trapezoid(x, t, dim=0), X, FEW_TICKS),
    fn("trapezoid many ticks", lambda x, t: torch.trapezoid(x, t), X, F(5, 7)),
    fn("trapezoid integers", lambda x: torch.trapezoid(x, dim=1), I64(3, 5)),
    fn("trapz", torch.trapz, X),
    fn("trapz ticks", lambda x, t: torch.trapz(x, t), X, TICKS),
    fn("cumulative_trapezoid", lambda x: torch.cumulative_trapezoid(x, dx=2), X),
    fn("cumulative_trapezoid ticks", lambda x, t: torch.cumulative_trapezoid(x, t, dim=0), X, FEW_TICKS),
]


def gradient(name: str, *inputs, order: int, **options):
    return fn(f"gradient {name}{' edges 2' if order == 2 else ''}",
              lambda x: torch.gradient(x, edge_order=order, **options), *inputs)


GRADIENTS = [
    case
    for order in (1, 2)
    for case in (
        gradient("all", X, order=order),
        gradient("dim", X, order=order, dim=1, spacing=0.5),
        gradient("dims", F(3, 5, 7), order=order, dim=(2, 0), spacing=0.5),
        gradient("dims of step 1", X, order=order, dim=(1, 0)),
        gradient("spacings", X, order=order, spacing=[0.5, 2.0]),
        gradient("spacing of dims", F(3, 5, 7), order=order, spacing=[0.5, 2.0], dim=(0, -1)),
        gradient("shortest", F(3), order=order),
        fn(f"gradient ticks{order}", lambda x, a, b, order=order: torch.gradient(x, spacing=(a, b), edge_order=order),
           X, FEW_TICKS, TICKS),
        fn(f"gradient ticks of dim{order}",
           lambda x, b, order=order: torch.gradient(x, spacing=(b,), dim=1, edge_order=order), F(3, 7, 5), TICKS),
    )
]

DISTANCES = [
    fn("renorm", lambda x: x.renorm(2, 0, 1.5), X),
    fn("renorm sums", lambda x: x.renorm(1, -1, 0.5), F(3, 5, 7)),
    fn("renorm largest", lambda x: x.renorm(float("inf"), 1, 0.5), X),
    *(fn(f"pdist {p}", lambda x, p=p: torch.pdist(x, p), X) for p in (0.0, 1.0, 2.0, 3.0, float("inf"))),
]

TABLES = [
    fn("vander", torch.vander, F(5)),
    fn("vander increasing", lambda x: torch.vander(x, 3, True), F(5)),
    fn("vander integers", lambda x: torch.vander(x, 2), I64(5)),
    fn("vander one", lambda x: torch.vander(x, 1), F(5)),
    fn("linalg vander", lambda x: torch.linalg.vander(x, N=4), F(3, 5)),
    fn("tril_indices", lambda x: x[tuple(torch.tril_indices(5, 7, -1))], X),
    fn("triu_indices", lambda x: x[tuple(torch.triu_indices(5, 7, 1, dtype=torch.int32))], X),
    fn("logspace", lambda x: x + torch.logspace(-1, 2, 7), X),
    fn("logspace base", lambda x: x + torch.logspace(0, 3, 7, base=2), X),
]

CASES = LINES + GRADIENTS + DISTANCES + TABLES
