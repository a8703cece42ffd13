"""Reductions, norms, distances, order along a dimension, and sums so far."""

import torch
import torch.nn.functional as f
from case import B, F, I32, I64, N, V, fn

X = F(3, 5, 7)
P = F(1, 3, 5, 7)
INF = float("inf")
NAN = float("nan")
NO_INFINITY = "LiteRT's reference arithmetic bounds its results to the largest number"
NO_LOG = NO_INFINITY + ", and XNNPACK's logarithm of infinity is 88"


def shuffle(x: torch.Tensor) -> torch.Tensor:
    """Channels in an order that a layout can hide: an operator that counts along them must not see it."""
    return x.reshape(1, 2, 3, 25).transpose(1, 2).flatten(1, 2)


def _dims(name: str, op) -> list:
    """Every way to name dimensions of a reduction that takes one or more."""
    return [
        fn(f"{name} last", lambda x: op(x, -1), X),
        fn(f"{name} first", lambda x: op(x, 0), X),
        fn(f"{name} keepdim", lambda x: op(x, 1, keepdim=True), X),
        fn(f"{name} channels", lambda x: op(x, 1), P),
        fn(f"{name} of 1-D", lambda x: op(x, 0), F(13)),
        fn(f"{name} behind conv", lambda x, w: op(f.conv2d(x, w), 1), P, F(4, 3, 1, 1)),
    ]


def _sets(name: str, op) -> list:
    return [
        fn(f"{name} two", lambda x: op(x, (0, 2)), X),
        fn(f"{name} spatial", lambda x: op(x, (2, 3), keepdim=True), P),
        fn(f"{name} of 5-D", lambda x: op(x, (1, 3)), F(1, 2, 3, 2, 5)),
    ]


EXTREMES = [
    *_dims("amax", torch.amax),
    *_sets("amax", torch.amax),
    fn("amax all", lambda x: torch.amax(x), X),
    fn("amin all", lambda x: torch.amin(x), X),
    *_sets("amin", torch.amin),
    fn("amax of integers", lambda x: torch.amax(x, 1), I32(5, 7)),
    fn("amax of int64", lambda x: torch.amax(x, 1), I64(5, 7)),
    fn("amax of uint8", lambda x: torch.amax(x, 1), N("uint8", 5, 7)),
    fn("amin of int8", lambda x: torch.amin(x, 1), N("int8", 5, 7)),
    fn("amax of bools", lambda x: torch.amax(x, 1), B(5, 7)),
    fn("amax of infinities", lambda x: torch.amax(x, 0), V(-INF, 2.0, INF)),
    fn("aminmax", lambda x: tuple(torch.aminmax(x, dim=1)), X),
    fn("aminmax all", lambda x: tuple(torch.aminmax(x)), X),
    fn("max all", torch.max, X),
    fn("min all", torch.min, X),
    fn("max dim", lambda x: tuple(torch.max(x, 1)), X),
    fn("min dim keepdim", lambda x: tuple(torch.min(x, 2, keepdim=True)), X),
    fn("max dim values", lambda x: torch.max(x, 1)[0], P),
    fn("max dim indices", lambda x: torch.max(x, 1)[1], P),
    fn("max dim of int64", lambda x: tuple(torch.max(x, 0)), V(3, 9, 2, -1, kind="int64")),
    fn("max of 0-D", lambda x: tuple(torch.max(x, 0)), F()),
    *_dims("argmax", torch.argmax),
    fn("argmax all", torch.argmax, X),
    fn("argmax all keepdim", lambda x: torch.argmax(x, keepdim=True), X),
    fn("argmin", lambda x: torch.argmin(x, 1), X),
    fn("argmin all", torch.argmin, P),
    fn("argmax of ties", lambda x: torch.argmax(x, 0), V(1.0, 3.0, 3.0, 2.0)),
    fn("argmax of integers", lambda x: torch.argmax(x, 0), V(1, 4, -3, 2, kind="int32")),
    fn("argmax of int64", lambda x: torch.argmax(x, 0), V(1, 2**40, 2**41, 2, kind="int64")),
    fn("argmin of int64", lambda x: torch.argmin(x, 0), V(1, 2**40, -(2**41), 2, kind="int64")),
    fn("argmax of int16", lambda x: torch.argmax(x, 0), V(1, 4, -3, 2, kind="int16")),
    fn("argmax of view", lambda x: torch.argmax(shuffle(x), 1), F(1, 6, 5, 5)),
    fn("argmax of flattened", lambda x, w: torch.argmax(f.conv2d(x, w).flatten(1), 1), P, F(4, 3, 1, 1)),
]

TRUTH = [
    fn("any", torch.any, B(5, 7)),
    fn("any dim", lambda x: torch.any(x, 1), B(5, 7)),
    fn("any dims", lambda x: torch.any(x, (0, 2)), B(3, 5, 7)),
    fn("any keepdim", lambda x: torch.any(x > 2, 1, keepdim=True), X),
    fn("any of numbers", lambda x: torch.any(x, 1), I32(5, 7)),
    fn("any of uint8", lambda x: torch.any(x, 1), N("uint8", 5, 7)),
    fn("all", torch.all, B(5, 7)),
    fn("all dim", lambda x: torch.all(x > -1, 1), X),
    fn("all dims", lambda x: torch.all(x > -2, (1, 2)), X),
    fn("all of numbers", lambda x: torch.all(x, 0), I64(5, 7)),
    fn("any channels", lambda x: torch.any(x > 1, 1), P),
    fn("count nonzero", torch.count_nonzero, I32(5, 7)),
    fn("count nonzero dim", lambda x: torch.count_nonzero(x > 0, 1), X),
    fn("count nonzero dims", lambda x: torch.count_nonzero(x.relu(), (0, 2)), X),
]

PRODUCTS = [
    *_dims("prod", torch.prod),
    fn("prod all", torch.prod, F(3, 5)),
    fn("prod of integers", lambda x: torch.prod(x, 1), I32(3, 5)),
    fn("prod of bools", lambda x: torch.prod(x, 1), B(3, 5)),
    fn("prod dtype", lambda x: torch.prod(x, 1, dtype=torch.float32), I32(3, 5)),
    fn("sum of uint8", lambda x: torch.sum(x, 1), N("uint8", 3, 5)),
    fn("nansum", torch.nansum, V(1.0, NAN, 2.0, 0.5)),
    fn("nansum dim", lambda x: torch.nansum(x, 1), X),
    fn("nanmean", torch.nanmean, V(1.0, NAN, 2.0, 0.5)),
]

VARIANCES = [
    *_dims("var", torch.var),
    *_sets("var", torch.var),
    fn("var all", torch.var, X),
    fn("var biased", lambda x: torch.var(x, 1, unbiased=False), X),
    fn("var correction", lambda x: torch.var(x, 2, correction=3), X),
    fn("var correction 0", lambda x: torch.var(x, (0, 1), correction=0, keepdim=True), X),
    fn("var of one", lambda x: torch.var(x, 1), F(3, 1)),
    fn("var far from 0", lambda x: torch.var(x + 1000, 1), X, tolerance=1e-4, why="x + 1000 has 7 digits"),
    fn("std", lambda x: torch.std(x, 1), X),
    fn("std all", torch.std, X),
    fn("std keepdim", lambda x: torch.std(x, (2, 3), keepdim=True), P),
    fn("var mean", lambda x: torch.var_mean(x, 1), X),
    fn("var mean keepdim", lambda x: torch.var_mean(x, (0, 2), keepdim=True, correction=0), X),
    fn("std mean", lambda x: torch.std_mean(x, 2), X),
]

NORMS = [
    *_dims("vector norm", lambda x, d, keepdim=False: torch.linalg.vector_norm(x, 2, d, keepdim)),
    fn("norm", torch.norm, X),
    fn("norm 1", lambda x: torch.norm(x, 1, 1), X),
    fn("norm 3", lambda x: torch.norm(x, 3, 1), X),
    fn("norm 0.5", lambda x: torch.norm(x, 0.5, 1), X),
    fn("norm inf", lambda x: torch.norm(x, INF, (0, 1)), X),
    fn("norm -inf", lambda x: torch.norm(x, -INF, 2), X),
    fn("norm 0", lambda x: torch.norm(x.relu(), 0, 2), X),
    fn("norm keepdim", lambda x: torch.norm(x, 2, 1, keepdim=True), P),
    fn("vector norm all", lambda x: torch.linalg.vector_norm(x, 4), X),
    fn("linalg norm", lambda x: torch.linalg.norm(x), X),
    fn("matrix norm fro", lambda x: torch.linalg.matrix_norm(x), X),
    fn("matrix norm 1", lambda x: torch.linalg.matrix_norm(x, 1), X),
    fn("matrix norm inf", lambda x: torch.linalg.matrix_norm(x, INF, keepdim=True), X),
    fn("normalize 1", lambda x: f.normalize(x, p=1, dim=2), X),
    fn("dist", torch.dist, F(5, 7), F(5, 7)),
    fn("dist 1", lambda x, y: torch.dist(x, y, 1), F(5, 7), F(7)),
    fn("pairwise distance", f.pairwise_distance, F(5, 7), F(5, 7)),
    fn("pairwise distance 1", lambda x, y: f.pairwise_distance(x, y, 1, keepdim=True), F(5, 7), F(5, 7)),
    fn("cosine similarity", f.cosine_similarity, F(5, 7), F(5, 7)),
    fn("cosine similarity dim", lambda x, y: f.cosine_similarity(x, y, 0), F(5, 7), F(5, 1)),
    fn("cosine similarity of pictures", f.cosine_similarity, P, P),
    *_dims("logsumexp", torch.logsumexp),
    *_sets("logsumexp", torch.logsumexp),
    fn("logsumexp large", lambda x: torch.logsumexp(x * 1000, 1), X),
    fn("logsumexp of -inf", lambda x: torch.logsumexp(x, 0), V(-INF, -INF), litert_reference=NO_INFINITY),
    fn("logsumexp of inf", lambda x: torch.logsumexp(x, 0), V(-INF, INF, 2.0), litert=NO_LOG),
]

ORDER = [
    fn("topk", lambda x: tuple(torch.topk(x, 3)), X),
    fn("topk dim", lambda x: tuple(torch.topk(x, 2, 1)), X),
    fn("topk channels", lambda x: tuple(torch.topk(x, 2, 1)), P),
    fn("topk smallest", lambda x: tuple(torch.topk(x, 3, largest=False)), X),
    fn("topk of integers", lambda x: torch.topk(x, 3)[0], I32(5, 7)),
    fn("topk smallest of int64", lambda x: torch.topk(x, 3, largest=False)[0], I64(5, 7)),
    fn("topk smallest of uint8", lambda x: torch.topk(x, 3, largest=False)[0], N("uint8", 5, 7)),
    fn("topk 1", lambda x: tuple(torch.topk(x, 1, 1)), X),
    fn("topk of flattened conv", lambda x, w: torch.topk(f.conv2d(x, w).flatten(1), 5)[1], P, F(4, 3, 1, 1)),
    fn("sort", lambda x: tuple(torch.sort(x)), X),
    fn("sort descending", lambda x: tuple(torch.sort(x, 1, descending=True)), X),
    fn("sort stable", lambda x: tuple(torch.sort(x, stable=True)), V(2.0, 1.0, 2.0, 1.0, 3.0)),
    fn("sort of integers", lambda x: torch.sort(x, 0)[0], I64(5, 7)),
    fn("msort", torch.msort, X),
    fn("argsort", lambda x: torch.argsort(x, 1), X),
    fn("argsort descending", lambda x: torch.argsort(x, 0, descending=True), X),
    fn("kthvalue", lambda x: tuple(torch.kthvalue(x, 2)), X),
    fn("kthvalue last", lambda x: tuple(torch.kthvalue(x, 4, 1, keepdim=True)), X),
    fn("median", torch.median, X),
    fn("median dim", lambda x: tuple(torch.median(x, 1)), X),
    fn("quantile", lambda x: torch.quantile(x, 0.3), X),
    fn("quantile dim", lambda x: torch.quantile(x, 0.8, 1, keepdim=True), X),
    fn("quantile lower", lambda x: torch.quantile(x, 0.4, 2, interpolation="lower"), X),
    fn("quantile midpoint", lambda x: torch.quantile(x, 0.4, 2, interpolation="midpoint"), X),
    fn("quantile nearest", lambda x: torch.quantile(x, 0.45, 2, interpolation="nearest"), X),
    fn("median of even", lambda x: tuple(torch.median(x, 1)), F(5, 8)),
]

SCANS = [
    fn("cumsum", lambda x: torch.cumsum(x, 1), X),
    fn("cumsum channels", lambda x: torch.cumsum(x, 1), P),
    fn("cumsum last", lambda x: torch.cumsum(x, -1), F(13)),
    fn("cumsum of integers", lambda x: torch.cumsum(x, 0), I32(5, 7)),
    fn("cumsum of bools", lambda x: torch.cumsum(x, 1), B(5, 7)),
    fn("cumsum dtype", lambda x: torch.cumsum(x, 1, dtype=torch.int32), I32(5, 7)),
    fn("cumsum of 0-D", lambda x: torch.cumsum(x, 0), F()),
    fn("cumsum behind conv", lambda x, w: torch.cumsum(f.conv2d(x, w), 3), P, F(4, 3, 1, 1)),
    fn("cumsum of view", lambda x: torch.cumsum(shuffle(x), 1), F(1, 6, 5, 5)),
    fn("topk of view", lambda x: torch.topk(shuffle(x), 4, 1)[1], F(1, 6, 5, 5)),
    fn("cumprod", lambda x: torch.cumprod(x, 1), X),
    fn("cumprod of integers", lambda x: torch.cumprod(x, 1), I64(3, 5)),
    fn("cummax values", lambda x: torch.cummax(x, 1)[0], X),
    fn("cummin values", lambda x: torch.cummin(x, 2)[0], X),
    fn("logcumsumexp", lambda x: torch.logcumsumexp(x, 1), X),
    fn("diff", torch.diff, X),
    fn("diff twice", lambda x: torch.diff(x, 2, 1), X),
    fn("tensor split", lambda x: torch.tensor_split(x, 3, 1), X),
    fn("tensor split indices", lambda x: torch.tensor_split(x, (1, 4), 2), X),
]

CASES = EXTREMES + TRUTH + PRODUCTS + VARIANCES + NORMS + ORDER + SCANS
