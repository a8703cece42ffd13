"""Rounding, remainders, exponentials, logarithms, angles, and what is left of the activations."""

import torch
import torch.nn.functional as f
from case import B, F, I32, I64, N, V, fn, mod
from torch import nn

X = F(3, 5, 7, scale=4)
INF = float("inf")
NAN = float("nan")
UNIT = V(*[k / 16 for k in range(-16, 17)])  # -1 to 1
SMALL = V(*[sign * 10.0**-k for k in range(1, 9) for sign in (1, -1)])
HALVES = V(*[k / 2 for k in range(-9, 10)])
NO_INFINITY = "LiteRT's reference arithmetic bounds its results to the largest number"
NO_LOG = "XNNPACK's logarithm of infinity and of NaN is 88, and near the largest number it is off by 0.2"
NO_CEIL = "LiteRT registers no reference kernel of CEIL"
NO_ROUND = "LiteRT registers no reference kernel of ROUND"

ROUNDING = [
    fn("floor", torch.floor, HALVES),
    fn("floor of integers", lambda x: torch.floor(x) + 1, I32(5, 7)),
    fn("ceil", torch.ceil, HALVES, litert_reference=NO_CEIL),
    fn("round", torch.round, HALVES, litert_reference=NO_ROUND),
    fn("round decimals", lambda x: torch.round(x, decimals=1), X, litert_reference=NO_ROUND),
    fn("round decimals under 0", lambda x: torch.round(x, decimals=-1), F(5, 7, scale=99), litert_reference=NO_ROUND),
    fn("round decimals 0", lambda x: torch.round(x, decimals=0), X, litert_reference=NO_ROUND),
    fn("trunc", torch.trunc, HALVES),
    fn(
        "trunc special",
        torch.trunc,
        V(INF, -INF, NAN, 0.0, 3e9, -3e9, 0.9999999, -0.9999999),
        litert_reference=NO_INFINITY,
    ),
    fn("trunc of integers", lambda x: torch.trunc(x) + 1, I32(5, 7)),
    fn("fix", torch.fix, HALVES),
    fn("frac", torch.frac, X),
    fn("sign", torch.sign, V(-2.5, -0.0, 0.0, 1e-30, INF, -INF)),
    fn("sign of integers", torch.sign, I32(5, 7)),
    fn("sign of int64", torch.sign, I64(5, 7)),
    fn("sign of uint8", torch.sign, N("uint8", 5, 7)),
    fn("sign of bool", torch.sign, B(5, 7)),
    fn("sgn", torch.sgn, X),
    fn("floor in place", lambda x: (x * 1).floor_(), X),
    fn("copysign", torch.copysign, X, F(5, 7)),
    fn("copysign of zeros", torch.copysign, V(1.0, 2.0, -3.0, -4.0), V(0.0, -0.0, 0.0, -0.0)),
    fn("copysign number", lambda x: torch.copysign(x, -1.5), X),
]

DIVISION = [
    fn("remainder number", lambda x: torch.remainder(x, 1.5), X),
    fn("remainder under 0", lambda x: torch.remainder(x, -1.5), X),
    fn("remainder", lambda x, y: x % (y + torch.where(y < 0, -1, 1)), X, F(5, 7)),
    fn("remainder of number", lambda x: torch.remainder(7.5, x.abs() + 1), X),
    fn("remainder of integers", lambda x, y: x % torch.where(y == 0, 3, y), I32(5, 7), I32(5, 7)),
    fn("remainder int64", lambda x, y: x % torch.where(y == 0, 3, y), I64(5, 7), I64(5, 7)),
    fn("remainder int number", lambda x: x % 3, I64(5, 7)),
    fn("remainder uint8", lambda x: x % 7, N("uint8", 5, 7)),
    fn("remainder int8", lambda x: x % -3, N("int8", 5, 7)),
    fn("remainder 5-D", lambda x, y: x % (y.abs() + 1), F(1, 2, 3, 2, 5), F(2, 1, 2, 1)),
    fn("fmod number", lambda x: torch.fmod(x, 1.5), X),
    fn("fmod under 0", lambda x: torch.fmod(x, -1.5), X),
    fn("fmod", lambda x, y: torch.fmod(x, y + torch.where(y < 0, -1, 1)), X, F(5, 7)),
    fn("fmod of integers", lambda x, y: torch.fmod(x, torch.where(y == 0, 3, y)), I32(5, 7), I32(5, 7)),
    fn("fmod int64", lambda x, y: torch.fmod(x, torch.where(y == 0, 3, y)), I64(5, 7), I64(5, 7)),
    fn("fmod int number", lambda x: torch.fmod(x, -3), I32(5, 7)),
    fn("fmod int64 number", lambda x: torch.fmod(x, 3), I64(5, 7)),
    fn(
        "floor divide that rounds up",
        lambda x: torch.div(x, 0.1, rounding_mode="floor"),
        V(1.0, 0.3, 0.6, 0.7, -1.0, 0.9),
        litert_reference=NO_ROUND,
    ),
    fn("floor divide 4", lambda x: x // 4, F(5, 7, scale=40)),
    fn("floor divide -0.5", lambda x: x // -0.5, X),
    fn("floor divide index", lambda x: (x.argmax(1) + 40).int() // 7, X),
    fn("floor divide wide index", lambda x: x.topk(3, 1)[1] // 2, X),
]

POWERS = [
    fn("square of integers", torch.square, I64(5, 7)),
    fn("pow 3 of integers", lambda x: x**3, I32(5, 7)),
    fn("pow 6 of int64", lambda x: x**6, I64(5, 7)),
    fn("pow 1 of int64", lambda x: x**1, I64(5, 7)),
    fn("exp2 large", torch.exp2, V(-126.0, -30.5, 0.0, 0.5, 100.25)),
    fn("expm1", torch.expm1, X),
    fn("expm1 small", torch.expm1, SMALL),
    fn("expm1 special", torch.expm1, V(INF, -INF, 0.0, -100.0), litert_reference=NO_INFINITY),
    fn("log1p", lambda x: torch.log1p(x.abs()), X),
    fn("log1p small", torch.log1p, SMALL),
    fn("log1p special", torch.log1p, V(-1.0, 0.0, 1e30, -0.9999), litert_reference=NO_INFINITY),
    fn("log1p of integers", lambda x: torch.log1p(x.abs()), I32(5, 7)),
    fn("log of zero", torch.log, V(0.0, 1.0, 1e30)),
    fn("log of infinity", torch.log, V(INF, NAN, 3e38), litert_xnnpack=NO_LOG),
    fn("logaddexp", torch.logaddexp, X, F(5, 7)),
    fn("logaddexp large", torch.logaddexp, V(100.0, 1e30, -1e30), V(99.0, -1e30, -1e30)),
    fn("logaddexp of -inf", torch.logaddexp, V(-INF, -INF, 0.0), V(-INF, 2.0, -INF), litert_reference=NO_INFINITY),
    fn("logaddexp2", torch.logaddexp2, X, F(5, 7)),
    fn("xlogy", lambda x, y: torch.xlogy(x, y.abs()), X, F(5, 7)),
    fn("xlogy special", torch.xlogy, V(0.0, 0.0, 1.0, 0.0), V(0.0, NAN, 2.0, INF), litert_xnnpack=NO_LOG),
    fn("xlogy number", lambda x: torch.xlogy(x, 3), X),
    fn("xlogy of number", lambda x: torch.xlogy(2, x.abs() + 1), X),
    fn("logit", lambda x: torch.logit(x.sigmoid()), F(5, 7)),
    fn("logit eps", lambda x: torch.logit(x, 1e-3), V(0.0, 0.2, 0.5, 1.0)),
    fn("erf", torch.erf, F(5, 7, scale=2)),
    fn("erf special", torch.erf, V(0.0, -0.0, INF, -INF, 9.0, -9.0, 1e-6, -1e-20)),
    fn("erfc", torch.erfc, F(5, 7, scale=2)),
    fn("sinc", torch.sinc, V(0.0, 0.5, 1.0, -2.5, 0.01)),
    fn("entr", torch.special.entr, V(0.0, 0.5, 1.0, 2.0, -1.0)),
    fn("hypot", torch.hypot, X, F(5, 7)),
    fn("ldexp", torch.ldexp, X, I32(5, 7)),
]

ANGLES = [
    fn("sin", torch.sin, X),
    fn("cos", torch.cos, X),
    fn("sin of integers", torch.sin, I32(5, 7)),
    fn("tan", torch.tan, UNIT),
    fn("asin", torch.asin, UNIT),
    fn("acos", torch.acos, UNIT),
    fn("atan", torch.atan, X),
    fn("atan special", torch.atan, V(INF, -INF, 0.0, 1e-20, NAN)),
    fn("atan of integers", torch.atan, I32(5, 7)),
    fn("asin of bools", torch.asin, B(5, 7)),
    fn("acos of bools", torch.acos, B(5, 7)),
    fn("asinh of integers", torch.asinh, I64(5, 7)),
    fn("asin outside", torch.asin, V(1.5, -2.0, 1.0, -1.0, 0.0)),
    fn("asin small", torch.asin, SMALL),
    fn("atan2", torch.atan2, X, F(5, 7)),
    fn("atan2 broadcast", torch.atan2, F(5, 1), F(7)),
    fn("atan2 quadrants", torch.atan2, V(1.0, 1.0, -1.0, -1.0, 0.0, 0.0), V(1.0, -1.0, 1.0, -1.0, 1.0, -1.0)),
    fn("sinh", torch.sinh, X),
    fn("sinh small", torch.sinh, SMALL),
    fn("cosh", torch.cosh, X),
    fn("asinh", torch.asinh, X),
    fn("asinh small", torch.asinh, SMALL),
    fn("acosh", lambda x: torch.acosh(x.abs() + 1), X),
    fn("acosh near 1", torch.acosh, V(1.0, 1.0001, 1.001, 1.5)),
    fn("atanh", torch.atanh, V(-0.99, -0.5, 0.0, 0.25, 0.75, 0.9999)),
    fn("atanh special", torch.atanh, V(1.0, -1.0, 0.5), litert_reference=NO_INFINITY),
    fn("asinh large", torch.asinh, V(1e10, -1e25, 1e30, 0.0)),
    fn("acosh large", torch.acosh, V(1e10, 1e25, 1e30, 1.0)),
    fn("atanh small", torch.atanh, SMALL),
    fn("deg2rad", torch.deg2rad, X),
    fn("rad2deg", torch.rad2deg, X),
]

MIXED = [
    fn("lerp", lambda x, y: torch.lerp(x, y, 0.3), X, F(5, 7)),
    fn("lerp over half", lambda x, y: torch.lerp(x, y, 0.8), X, F(5, 7)),
    fn("lerp tensor", lambda x, y, w: torch.lerp(x, y, w), X, F(5, 7), F(3, 1, 1)),
    fn("lerp in place", lambda x, y: (x * 1).lerp_(y, 0.25), X, F(5, 7)),
    fn("addcmul in place", lambda x, a, b: (x * 1).addcmul_(a, b, value=-2), F(3, 5), F(3, 5), F(5)),
    fn("addcmul of integers", lambda x, a, b: torch.addcmul(x, a, b, value=3), I32(3, 5), I32(3, 5), I32(5)),
    fn("fmax", torch.fmax, V(1.0, NAN, 2.0, NAN), V(NAN, 3.0, 1.0, NAN)),
    fn("fmin", torch.fmin, V(1.0, NAN, 2.0, NAN), V(NAN, 3.0, 1.0, NAN)),
    fn("fmax of integers", torch.fmax, I32(5, 7), I32(7)),
    fn("maximum of int64", torch.maximum, I64(5, 7), I64(7)),
    fn("maximum of bools", torch.maximum, B(5, 7), B(7)),
    fn("minimum of uint8", torch.minimum, N("uint8", 5, 7), N("uint8", 7)),
    fn("max other", lambda x, y: torch.max(x, y), X, F(5, 7)),
    fn("clamp tensors", lambda x, a, b: x.clamp(a, a + b.abs()), X, F(5, 7), F(7)),
    fn("clamp tensor min", lambda x, a: torch.clamp(x, min=a), X, F(5, 7)),
    fn("clip", lambda x: torch.clip(x, -1, 2), X),
    fn("clip in place", lambda x: (x * 1).clip_(-1, 2), X),
    fn("nan to num", torch.nan_to_num, V(NAN, INF, -INF, 1.5, 0.0)),
    fn("nan to num numbers", lambda x: torch.nan_to_num(x, 7.0, 1e4, -1e4), V(NAN, INF, -INF, 1.5, 2e4)),
    fn("nan to num posinf", lambda x: torch.nan_to_num(x, posinf=9.0), V(NAN, INF, -INF, 1.5, 2e4)),
    fn("nan to num of integers", lambda x: torch.nan_to_num(x) + 1, I32(5, 7)),
    fn("add broadcast 6-D", torch.add, F(2, 1, 3, 1, 2, 1), F(1, 5, 1, 2, 1, 3)),
    fn("add broadcast 7-D", torch.add, F(2, 1, 3, 1, 2, 1, 2), F(1, 5, 1, 2, 1, 3, 2)),
    fn("pow broadcast 5-D", lambda x, y: x.abs() ** y, F(2, 1, 3, 1, 2), F(1, 5, 1, 2, 1)),
    fn("mul broadcast 6-D", torch.mul, F(1, 2, 3, 2, 2, 5), F(3, 1, 2, 1)),
]

ACTIVATIONS = [
    fn("hardshrink", f.hardshrink, X),
    fn("hardshrink lambda", lambda x: f.hardshrink(x, 2.0), X),
    fn("threshold", lambda x: f.threshold(x, 0.5, -3.0), X),
    fn("threshold of integers", lambda x: f.threshold(x, 1, 7), I32(5, 7)),
    mod("threshold in place", lambda: nn.Sequential(nn.Linear(7, 5), nn.Threshold(0.1, 20.0, inplace=True)), F(3, 7)),
    mod("rrelu", lambda: nn.RReLU(0.2, 0.4), X),
    fn("glu last", f.glu, F(3, 6)),
    fn("glu channels", lambda x: f.glu(x, 1), F(1, 6, 5, 5)),
    fn("softmax of float64 sum", lambda x: f.softmax(x, 1, dtype=torch.float32), I64(3, 5)),
    fn("log softmax of integers", lambda x: f.log_softmax(x, 1, dtype=torch.float32), I32(3, 5)),
    mod("softmax2d", lambda: nn.Softmax2d(), F(1, 3, 5, 5)),
    fn("random but dead", lambda x: (x + 1, torch.rand_like(x))[0], X),
]

CASES = ROUNDING + DIVISION + POWERS + ANGLES + MIXED + ACTIVATIONS
