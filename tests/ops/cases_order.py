"""Orders: sorting and what is found by it, places in sorted numbers, the largest so far, the most frequent."""

import math

import torch
from case import F, I32, I64, V, fn
from cases_math import NO_CEIL, NO_ROUND

X = F(5, 7)
NAN = math.nan
HOLES = V(1.0, 3.0, 2.0, 3.0, NAN, 0.0, 5.0, NAN, NAN, NAN, NAN, NAN)
BOUNDS = torch.tensor([-1.0, -0.5, 0.25, 0.25, 1.0])


def holes(name: str, function, **options):
    """Three lines of four; the last one has nothing but NaNs, and one of the others."""
    return fn(name, lambda x: function(x.reshape(3, 4)), HOLES, **options)


SO_FAR = [
    fn("cummax places", lambda x: tuple(torch.cummax(x, 1)), X),
    fn("cummax places of equals", lambda x: tuple(torch.cummax(x, 0)), I64(13, 5)),
    fn("cummax places int32", lambda x: torch.cummax(x, -1)[1], I32(7)),
    fn("cummax places 0-D", lambda x: tuple(torch.cummax(x, 0)), F()),
    fn("cummin places", lambda x: tuple(torch.cummin(x, 0)), X),
    fn("cummin places of equals", lambda x: tuple(torch.cummin(x, 1)), I64(5, 13)),
]

MIDDLE = [
    holes("nanmedian dim", lambda x: tuple(x[:2].nanmedian(1))),
    holes("nanmedian keepdim", lambda x: x.nanmedian(0, True)[0]),
    holes("nanmedian", torch.nanmedian),
    fn("nanmedian of integers", lambda x: x.nanmedian(1)[0], I32(3, 7)),
    fn("nanmedian 0-D", lambda x: tuple(x.nanmedian(0)), F()),
    fn("quantile several", lambda x: x.quantile(torch.tensor([0.1, 0.5, 0.93]), dim=1), X),
    fn("quantile several keepdim", lambda x: x.quantile(torch.tensor([0.25, 1.0]), keepdim=True), X),
    fn("quantile tensor", lambda x: x.quantile(torch.tensor(0.3), dim=0), X),
    holes("nanquantile lower", lambda x: x.nanquantile(0.4, dim=1, interpolation="lower")),
    holes("nanquantile nearest", lambda x: x.nanquantile(0.4, dim=1, interpolation="nearest"), litert_reference=NO_ROUND),
    *(holes(f"nanquantile {mode}", lambda x, mode=mode: x.nanquantile(0.4, dim=1, keepdim=True, interpolation=mode),
            litert_reference=NO_CEIL) for mode in ("linear", "higher", "midpoint")),
    holes("nanquantile flat", lambda x: x.nanquantile(torch.tensor([0.1, 0.9])), litert_reference=NO_CEIL),
]

FREQUENT = [
    fn("mode", lambda x: tuple((x % 3).mode(1)), I64(5, 9)),
    fn("mode keepdim", lambda x: tuple(x.float().mode(0, True)), I64(13, 3)),
    fn("mode int32", lambda x: tuple(x.mode()), I32(5, 7)),
    fn("mode 0-D", lambda x: tuple(x.mode(0)), F()),
    fn("histc", lambda x: torch.histc(x, 10, -2, 2), X),
    fn("histc of the range", lambda x: torch.histc(x, 7), X),
    fn("histc equal ends", lambda x: torch.histc(x, 4, 1, 1), X),
    fn("histc of equals", lambda x: torch.histc(x * 0 + 2.5, 5), X),
]

PLACES = [
    fn("searchsorted", lambda x: torch.searchsorted(BOUNDS, x), X),
    fn("searchsorted right", lambda x: torch.searchsorted(BOUNDS, x, right=True, out_int32=True), V(0.25, -1.0, NAN, 7.0)),
    fn("searchsorted lines", lambda s, x: torch.searchsorted(s.sort(-1)[0], x, side="right"), F(2, 5, 3), F(2, 5, 7)),
    fn("searchsorted sorter", lambda x: torch.searchsorted(torch.tensor([3.0, 1.0, 2.0]), x,
                                                           sorter=torch.tensor([1, 2, 0])), X),
    fn("searchsorted number", lambda x: torch.searchsorted(x.sort()[0], 0.25), F(7)),
    fn("bucketize", lambda x: torch.bucketize(x, BOUNDS), X),
    fn("bucketize integers", lambda x: torch.bucketize(x, torch.tensor([-2, 0, 2]), right=True), I64(5, 7)),
    fn("bucketize number", lambda x: torch.bucketize(0.5, x.sort()[0], out_int32=True), F(5)),
    fn("isin", lambda x, y: torch.isin(x, y), I64(5, 7), I64(2, 2)),
    fn("isin invert", lambda x: torch.isin(x, torch.tensor([1, 2]), invert=True), I32(5, 7)),
    fn("isin number", lambda x: torch.isin(x, 3), I64(5, 7)),
    fn("isin of a number", lambda x: torch.isin(3, x), I64(5)),
]

CASES = SO_FAR + MIDDLE + FREQUENT + PLACES
