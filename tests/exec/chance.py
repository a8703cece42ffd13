"""What random operators choose: sizes, scales, numbers."""

import math

import numpy as np
from one_op import Tensor

SIZES = (1, 2, 3, 5, 7, 13)
RANGE = {"int8": (-128, 127), "uint8": (0, 255), "int16": (-32768, 32767)}


class Chance:
    """What the operators choose at random."""

    def __init__(self, seed: int):
        self.rng = np.random.default_rng(seed)

    def of(self, *items):
        return items[self.rng.integers(len(items))]

    def size(self) -> int:
        return int(self.rng.choice(SIZES))

    def shape(self, rank: int | None = None) -> tuple[int, ...]:
        return tuple(self.size() for _ in range(rank if rank is not None else self.rng.integers(1, 5)))

    def scale(self, low: float = 1e-3, high: float = 0.5) -> float:
        return float(np.float32(np.exp(self.rng.uniform(math.log(low), math.log(high)))))

    def zero(self, kind: str = "int8") -> int:
        low, high = RANGE[kind]
        return int(self.of(low, high, (low + high + 1) // 2, int(self.rng.integers(low, high + 1))))

    def near(self, scale: float) -> float:
        """A scale of the same order."""
        return float(np.float32(scale * np.exp(self.rng.uniform(-1.5, 1.5))))

    def ints(self, shape: tuple[int, ...], kind: str = "int8") -> np.ndarray:
        low, high = RANGE[kind]
        return self.rng.integers(low, high + 1, shape).astype(kind)

    def tensor(self, shape: tuple[int, ...], kind: str = "int8", scale: float | None = None, zero: int | None = None) -> Tensor:
        return Tensor(tuple(shape), kind, (scale or self.scale(),), (self.zero(kind) if zero is None else zero,))

    def weights(self, shape: tuple[int, ...], axis: int, per_channel: bool, kind: str = "int8") -> Tensor:
        low, high = (-7, 7) if kind == "int4" else (-127, 127)
        data = self.rng.integers(low, high + 1, shape).astype(np.int8)
        count = shape[axis] if per_channel else 1
        return Tensor(shape, kind, tuple(self.scale(1e-3, 0.1) for _ in range(count)), (0,) * count, axis, data)

    def bias(self, scales: tuple[float, ...], n: int) -> Tensor:
        """Of zeros now and then."""
        reach = self.of(1, 20000, 20000)
        data = self.rng.integers(-reach + 1, reach, n).astype(np.int32)
        return Tensor((n,), "int32", scales, (0,) * len(scales), 0, data)

    def broadcast(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Two shapes that broadcast."""
        whole = self.shape()
        one = tuple(1 if self.of(True, False, False) else d for d in whole)
        other = whole[int(self.rng.integers(len(whole))) :] if self.of(True, False) else whole
        return (one, whole) if self.of(True, False) else (whole, other if other else whole)
