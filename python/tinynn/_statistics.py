"""What the values of a model are like over samples."""

from __future__ import annotations

import os
from typing import Any, TypedDict

from ._errors import Call
from ._native import ffi, lib, text
from ._options import Path
from ._quantize import calibration_method


class ValueStatistics(TypedDict):
    """Of one value, in the units of the float model.

    `numbers` is how many were counted, of large values a part of each sample; `mean` is theirs, within half a bin of a
    histogram. `low` and `high` are exact; `mean_low` and `mean_high` are the means of the samples' extremes.
    """

    shape: tuple[int, ...]
    numbers: int
    low: float
    high: float
    mean: float
    mean_low: float
    mean_high: float


class Statistics:
    """What Model.calibrate has seen: for Model.quantize, to look at, to save, to merge with that of other samples."""

    def __init__(self, handle: Any):
        self._handle = ffi.gc(handle, lib.tnn_statistics_free)

    def __repr__(self) -> str:
        return f"<tinynn.Statistics: {len(self)} values over {self.n_samples} samples>"

    def __len__(self) -> int:
        """Values."""
        return int(lib.tnn_statistics_n_values(self._handle))

    @property
    def n_samples(self) -> int:
        return int(lib.tnn_statistics_n_samples(self._handle))

    @classmethod
    def load(cls, path: Path) -> Statistics:
        """What `save`, or `tinynn calibrate`, has written. Raises Error."""
        call, out = Call(), ffi.new("tnn_statistics **")
        call.check(lib.tnn_statistics_load(out, os.fsencode(path), call.error))
        return cls(out[0])

    def save(self, path: Path) -> None:
        """Write a file of JSON, which appears whole or not at all. Raises Error."""
        call = Call()
        call.check(lib.tnn_statistics_save(self._handle, os.fsencode(path), call.error))

    def merge(self, other: Statistics) -> None:
        """Add what `other` has seen of the same model: the same as one run over all samples, whatever the order.
        Raises Error when it is of another model."""
        call = Call()
        call.check(lib.tnn_statistics_merge(self._handle, other._handle, call.error))

    def as_dict(self) -> dict[str, ValueStatistics]:
        """By the names of values, in the order of the graph."""
        values = (lib.tnn_statistics_value(self._handle, i) for i in range(len(self)))
        return {
            text(v.name): {
                "shape": tuple(v.dims[0 : v.rank]),
                "numbers": v.n_numbers,
                "low": v.low,
                "high": v.high,
                "mean": v.mean,
                "mean_low": v.mean_low,
                "mean_high": v.mean_high,
            }
            for v in values
        }

    def ranges(self, algorithm: str = "l2", percentile: float = 99.99) -> dict[str, tuple[float, float]]:
        """What an algorithm of Model.quantize chooses for each value alone."""
        method, low, high = calibration_method(algorithm), ffi.new("double *"), ffi.new("double *")
        found = {}
        for i in range(len(self)):
            lib.tnn_statistics_range(self._handle, i, method, percentile, low, high)
            found[text(lib.tnn_statistics_value(self._handle, i).name)] = low[0], high[0]
        return found
