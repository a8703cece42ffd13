"""Quantization: samples of arrays for the C library, and what it is asked for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from ._arrays import describe_arrays
from ._native import ffi, lib
from ._options import Array, fail

Sample = Array | Sequence[Array]

_METHODS = {
    "l2": lib.TNN_CALIBRATION_L2,
    "minmax": lib.TNN_CALIBRATION_MINMAX,
    "average": lib.TNN_CALIBRATION_AVERAGE,
    "percentile": lib.TNN_CALIBRATION_PERCENTILE,
    "kl": lib.TNN_CALIBRATION_KL,
}
_CONCAT = {"keep": lib.TNN_CONCAT_KEEP, "split": lib.TNN_CONCAT_SPLIT, "float": lib.TNN_CONCAT_FLOAT}
_IO = {"float32": lib.TNN_DTYPE_F32, "int8": lib.TNN_DTYPE_I8, "uint8": lib.TNN_DTYPE_U8}


def _of(names: dict[str, int], what: str, name: str) -> int:
    if name not in names:
        raise fail(f"{what} {name!r}: expected one of {', '.join(names)}")
    return names[name]


def _arrays(sample: Any, n_inputs: int) -> list[Array]:
    """The arrays of a sample, dense. Tensors of PyTorch are taken, too."""
    parts = [sample] if n_inputs == 1 and not isinstance(sample, (tuple, list)) else list(sample)
    if len(parts) != n_inputs:
        raise fail(f"a sample has {len(parts)} arrays, the model has {n_inputs} inputs")
    return [np.asarray(part.detach().cpu() if hasattr(part, "detach") else part, order="C") for part in parts]


class Reader:
    """Samples that the C library reads by number. All are in memory."""

    def __init__(self, samples: Iterable[Sample], n_inputs: int, n_threads: int):
        self._samples = [_arrays(sample, n_inputs) for sample in samples]
        self._rooms: list[Any] = [None] * n_threads  # what each thread has been given last
        self._read = ffi.callback("tnn_status(void *, uint64_t, uint32_t, const tnn_array **, tnn_error *)", self._give)
        self.struct = ffi.new("tnn_sample_reader *")
        self.struct.n_samples, self.struct.read = len(self._samples), self._read

    def _give(self, _context: Any, index: int, thread: int, inputs: Any, _error: Any) -> int:
        self._rooms[thread] = inputs[0] = describe_arrays(self._samples[index])
        return int(lib.TNN_OK)


def quantize_options(
    algorithm: str,
    percentile: float,
    io: str,
    per_tensor: bool,
    equalize: bool,
    search_ranges: bool,
    correct_biases: bool,
    analytic_bias: bool,
    absorb_biases: bool,
    concat: str,
    n_threads: int,
) -> Any:
    options = ffi.new("tnn_quantize_options *", lib.tnn_quantize_options_default())
    options.method = _of(_METHODS, "algorithm", algorithm)
    options.percentile = percentile
    options.io = _of(_IO, "io", io)
    options.per_tensor = per_tensor
    options.no_equalization, options.no_range_search = not equalize, not search_ranges
    options.no_bias_correction = not correct_biases
    options.analytic_bias, options.absorb_bias = analytic_bias, absorb_biases
    options.concat = _of(_CONCAT, "concat", concat)
    options.n_threads = n_threads
    return options
