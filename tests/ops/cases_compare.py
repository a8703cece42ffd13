"""Comparisons, logic, bits, and choice by a condition."""

import torch
from case import B, F, I32, I64, N, V, fn

X = F(3, 5)
# Every pair of these is met when a column is compared with a row.
SPECIAL = V(0.0, -0.0, 1.0, -1.5, float("inf"), float("-inf"), float("nan"))
INF = float("inf")
WIDE = V(-1, 2**30 + 5, -(2**31), 2**31 - 1, 13, -6, 0, kind="int32")


def column(x: torch.Tensor) -> torch.Tensor:
    return x.reshape(-1, 1)


def _comparisons(name: str, op) -> list:
    return [
        fn(f"{name}", op, I32(5, 7), I32(5, 7)),
        fn(f"{name} of floats", op, X, X),
        fn(f"{name} broadcast", op, F(3, 1, 5), F(7, 1)),
        fn(f"{name} broadcast 4-D", op, F(1, 3, 5, 7), F(3, 1, 1)),
        fn(f"{name} number", lambda x: op(x, 0.3), X),
        fn(f"{name} 0-D", op, F(), F()),
        fn(f"{name} int64", op, I64(5, 7), I64(7)),
        fn(f"{name} int number", lambda x: op(x, 2), I64(5, 7)),
        fn(f"{name} int float number", lambda x: op(x, 1.5), I32(5, 7)),
        fn(f"{name} uint8", op, N("uint8", 5, 7), N("uint8", 5, 7)),
        fn(f"{name} int8", op, N("int8", 5, 7), N("int8", 5, 7)),
        fn(f"{name} int16", op, N("int16", 5, 7), N("int16", 5, 7)),
        fn(f"{name} bool", op, B(5, 7), B(5, 7)),
        fn(f"{name} int float", op, I32(5, 7), F(5, 7)),
        fn(f"{name} special", lambda x: op(column(x), x), SPECIAL),
        fn(f"{name} 5-D", op, F(1, 2, 3, 2, 5), F(1, 2, 3, 2, 5)),
        fn(f"{name} broadcast 5-D", op, F(1, 2, 3, 2, 5), F(2, 1, 1, 1)),
        fn(f"{name} broadcast 6-D", op, F(2, 1, 3, 1, 2, 1), F(1, 5, 1, 2, 1, 3)),
    ]


COMPARISONS = [
    case
    for name, op in [
        ("eq", torch.eq),
        ("ne", torch.ne),
        ("lt", torch.lt),
        ("le", torch.le),
        ("gt", torch.gt),
        ("ge", torch.ge),
    ]
    for case in _comparisons(name, op)
] + [
    fn("number less than tensor", lambda x: 0.5 < x, X),
    fn("eq in place", lambda x, y: (x * 1).eq_(y), I32(5, 7), I32(5, 7)),
    fn("lt in place", lambda x: (x * 1).lt_(0.2), X),
    fn("mask times", lambda x: (x > 0) * x, X),
    fn("mask as float", lambda x: (x > 0).float() + 1, X),
    fn("greater equal by name", lambda x, y: torch.greater_equal(x, y), X, X),
    fn("isclose", lambda x: torch.isclose(x, x + 1e-6), X),
    fn("isclose special", lambda x: torch.isclose(column(x), x), SPECIAL),
    fn("isclose nan", lambda x: torch.isclose(column(x), x, equal_nan=True), SPECIAL),
    fn("isclose tolerances", lambda x, y: torch.isclose(x, y, rtol=0.3, atol=0.1), X, X),
]

LOGIC = [
    fn("logical and", torch.logical_and, B(5, 7), B(7)),
    fn("logical or", torch.logical_or, B(5, 7), B(7)),
    fn("logical xor", torch.logical_xor, B(5, 7), B(7)),
    fn("logical not", torch.logical_not, B(5, 7)),
    fn("logical and of numbers", torch.logical_and, I32(5, 7), F(5, 7)),
    fn("logical or of numbers", torch.logical_or, I64(5, 7), I32(5, 7)),
    fn("logical xor of numbers", torch.logical_xor, F(5, 7), I32(5, 7)),
    fn("logical not of numbers", torch.logical_not, I32(5, 7)),
    fn("logical not of special", torch.logical_not, SPECIAL),
    fn("logical and in place", lambda x, y: (x > 0).logical_and_(y > 0), X, X),
    fn("logical or 5-D", torch.logical_or, B(1, 2, 3, 2, 5), B(3, 1, 5)),
    fn("bools and or xor", lambda x, y: (x & y) | (x ^ y), B(5, 7), B(5, 7)),
    fn("bools invert", lambda x: ~x, B(5, 7)),
    fn("and of masks", lambda x: (x > -0.5) & (x < 0.5), F(1, 3, 5, 5)),
    fn("bitwise and 1", lambda x: x & 1, I32(5, 7)),
    fn("bitwise and 7 int64", lambda x: x & 7, I64(5, 7)),
    fn("bitwise and -4", lambda x: x & -4, I32(5, 7)),
    fn("bitwise and uint8", lambda x: x & 15, N("uint8", 5, 7)),
    fn("bitwise or 3", lambda x: x | 3, I32(5, 7)),
    fn("bitwise or 1 int64", lambda x: x | 1, I64(5, 7)),
    fn("bitwise xor", lambda x, y: x ^ y, I32(5, 7), I32(7)),
    fn("bitwise xor number", lambda x: x ^ 5, I32(5, 7)),
    fn("bitwise xor uint8", lambda x, y: x ^ y, N("uint8", 5, 7), N("uint8", 7)),
    fn("bitwise and tensors", lambda x: column(x) & x, WIDE),
    fn("bitwise or tensors", lambda x: column(x) | x, WIDE),
    fn("bitwise and number", lambda x: x & 0x5A5A5A5, WIDE),
    fn("bitwise and tensors uint8", lambda x, y: x & y, N("uint8", 5, 7), N("uint8", 7)),
    fn("bitwise or tensors int8", lambda x, y: x | y, N("int8", 5, 7), N("int8", 7)),
    fn("bitwise not", lambda x: ~x, I32(5, 7)),
    fn("bitwise not int64", lambda x: ~x, I64(5, 7)),
    fn("bitwise not uint8", lambda x: ~x, N("uint8", 5, 7)),
    fn("shift left", lambda x: x << 3, I32(5, 7)),
    fn("shift left int64", lambda x: x << 40, I64(5, 7)),
    fn("shift left uint8", lambda x: x << 2, N("uint8", 5, 7)),
    fn("shift right", lambda x: x >> 1, I32(5, 7)),
    fn("shift right uint8", lambda x: x >> 3, N("uint8", 5, 7)),
    fn("shift right by tensor", lambda x, y: x >> (y & 3), I32(5, 7), I32(7)),
]

CLASSES = [
    fn("isnan", torch.isnan, SPECIAL),
    fn("isinf", torch.isinf, SPECIAL),
    fn("isfinite", torch.isfinite, SPECIAL),
    fn("isposinf", torch.isposinf, SPECIAL),
    fn("isneginf", torch.isneginf, SPECIAL),
    fn("isnan of integers", lambda x: torch.isnan(x) | (x > 1), I32(5, 7)),
    fn("isinf of integers", lambda x: torch.isinf(x) | (x > 1), I32(5, 7)),
    fn("isfinite of integers", lambda x: torch.isfinite(x) & (x > 1), I32(5, 7)),
    fn("signbit", torch.signbit, V(0.0, -0.0, 1.0, -1.5, INF, -INF)),
    fn("signbit of integers", torch.signbit, I32(5, 7)),
]

CHOICE = [
    fn("where", torch.where, B(5, 7), F(5, 7), F(5, 7)),
    fn("where broadcast", torch.where, B(5, 1), F(7), F(3, 1, 1)),
    fn("where number", lambda c, x: torch.where(c, x, 0.5), B(5, 7), F(5, 7)),
    fn("where number first", lambda c, x: torch.where(c, -INF, x), B(5, 7), F(5, 7)),
    fn("where numbers", lambda c: torch.where(c, 1.5, 2.5), B(5, 7)),
    fn("where int numbers", lambda c: torch.where(c, 1, 0), B(5, 7)),
    fn("where integers", torch.where, B(5, 7), I64(5, 7), I64(7)),
    fn("where bools", torch.where, B(5, 7), B(5, 7), B(7)),
    fn("where uint8", torch.where, B(5, 7), N("uint8", 5, 7), N("uint8", 7)),
    fn("where promotes", torch.where, B(5, 7), I32(5, 7), F(5, 7)),
    fn("where 0-D", torch.where, B(), F(5, 7), F(5, 7)),
    fn("where 4-D", lambda x, y: torch.where(x > 0, x, y), F(1, 3, 5, 5), F(1, 3, 1, 1)),
    fn("where 6-D", lambda x, y: torch.where(x > 0, x, y), F(1, 2, 3, 2, 2, 5), F(3, 1, 2, 1)),
    fn("where keeps infinities", lambda x: torch.where(x > 0, x, -INF), X),
    fn("where does not multiply", lambda x: torch.where(torch.isnan(x), 0.0, x), SPECIAL),
    fn("masked fill", lambda x, m: x.masked_fill(m, -INF), F(5, 7), B(5, 7)),
    fn("masked fill broadcast", lambda x, m: x.masked_fill(m, 2), F(3, 5, 7), B(5, 1)),
    fn("masked fill tensor", lambda x, m, v: x.masked_fill(m, v), F(5, 7), B(5, 7), F()),
    fn("masked fill integers", lambda x, m: x.masked_fill(m, -3), I64(5, 7), B(5, 7)),
    fn("masked fill in place", lambda x, m: (x * 1).masked_fill_(m, -1e9), F(5, 7), B(7)),
    fn("masked softmax", lambda x, m: x.masked_fill(m, -1e30).softmax(1), F(5, 7), B(5, 7)),
    fn("heaviside", torch.heaviside, V(-1.0, 0.0, 2.0, 0.0), V(0.5, 0.25, 0.5, 1.0)),
]

CASES = COMPARISONS + LOGIC + CLASSES + CHOICE
