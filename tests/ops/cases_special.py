"""Special functions: over the range where they are used, at their poles and beyond their domains."""

import math

import torch
from case import F, I64, V, fn
from cases_math import NO_ROUND

SPECIAL = torch.special
CLAMPED = "LiteRT's reference kernels of arithmetic clamp infinities to the largest float"


def span(low: float, high: float, n: int = 91):
    return V(*(low + (high - low) * k / (n - 1) for k in range(n)))


CASES = [
    fn("spherical bessel j0", SPECIAL.spherical_bessel_j0, span(-20, 20)),
    fn("spherical bessel j0 near 0", SPECIAL.spherical_bessel_j0, V(0.0, -0.0, 1e-20, -1e-3, 0.3)),
    fn("spherical bessel j0 ends", SPECIAL.spherical_bessel_j0, V(math.inf, -math.inf, 1.0, 100.0)),
    fn("spherical bessel j0 integers", SPECIAL.spherical_bessel_j0, I64(5, 7)),
    fn("erfinv", torch.erfinv, span(-0.999, 0.999)),
    fn("erfinv tails", torch.erfinv, V(0.9999, -0.99999, 0.999999, 1e-6, -1e-3, 0.0)),
    fn("erfinv ends", torch.erfinv, V(1.0, -1.0, 2.0, -3.0, 0.5), litert_reference=CLAMPED),
    fn("special erfinv", SPECIAL.erfinv, span(-0.9, 0.9, 7)),
    fn("ndtri", SPECIAL.ndtri, span(0.0005, 0.9995)),
    fn("ndtr", SPECIAL.ndtr, span(-6, 6)),
    fn("ndtr integers", SPECIAL.ndtr, I64(5, 7)),
    fn("log_ndtr", SPECIAL.log_ndtr, span(-12, 8)),
    fn("log_ndtr near 0", SPECIAL.log_ndtr, span(-1, 1)),
    fn("erfcx", SPECIAL.erfcx, span(-3, 20)),
    fn("erfcx right of 0", SPECIAL.erfcx, span(0, 5)),
    fn("lgamma", torch.lgamma, span(0.01, 40)),
    fn("lgamma near its zeros", torch.lgamma, span(0.6, 2.7)),
    fn("lgamma left", torch.lgamma, span(-5.97, 2.03)),
    fn("lgamma integers", lambda x: torch.lgamma(x.abs() + 1), I64(5, 7)),
    fn("gammaln", SPECIAL.gammaln, span(0.3, 9, 13)),
    fn("digamma", torch.digamma, span(0.3, 40)),
    fn("digamma near its zero", torch.digamma, span(1.2, 1.8)),
    fn("digamma left", torch.digamma, span(-5.97, 2.03)),
    fn("digamma poles", torch.digamma, V(0.0, -1.0, -2.0, 1.0, 2.0), litert_reference=CLAMPED),
    fn("psi", SPECIAL.psi, span(0.3, 9, 13)),
    fn("special digamma", SPECIAL.digamma, span(0.3, 9, 13)),
    fn("i0", torch.i0, span(-4, 4)),
    fn("i0 far", torch.i0, span(-30, 30)),
    fn("i0 integers", torch.i0, I64(5, 7)),
    fn("i0e", SPECIAL.i0e, span(-30, 30)),
    fn("i1", SPECIAL.i1, span(-4, 4)),
    fn("i1 far", SPECIAL.i1, span(-30, 30)),
    fn("i1e", SPECIAL.i1e, span(-30, 30)),
    fn("i1e of 0", SPECIAL.i1e, V(0.0, -0.5, 0.5)),
    fn("special round", lambda x: SPECIAL.round(x, decimals=2), F(5, 7), litert_reference=NO_ROUND),
    fn("special log_softmax", lambda x: SPECIAL.log_softmax(x, 1), F(5, 7)),
    fn("special log_softmax of integers", lambda x: SPECIAL.log_softmax(x, 0, dtype=torch.float32), I64(5, 7)),
    fn("angle", torch.angle, V(1.0, -2.0, 0.0, -0.0, math.nan, math.inf)),
    fn("angle integers", torch.angle, I64(7)),
]
