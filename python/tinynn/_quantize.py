"""Quantization: what the C library is asked for."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from typing import Any

from ._errors import Call
from ._native import ffi, lib
from ._options import Path, fail

Precision = Path | Mapping[str, Any]
Numbers = float | Sequence[float]
InputStats = Sequence[tuple[Numbers, Numbers]] | Mapping[str, tuple[Numbers, Numbers]]

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


def set_input_stats(options: Any, given: InputStats | None) -> Any:
    """Set the input_stats of the C struct. Returns what the caller keeps alive."""
    pairs = list(given.items()) if isinstance(given, Mapping) else [(None, stats) for stats in given or ()]
    items = ffi.new("tnn_input_stats[]", max(len(pairs), 1))
    kept: list[Any] = [items]
    for target, (name, (mean, std)) in zip(items, pairs):
        numbers = [[x] if isinstance(x, (int, float)) else list(x) for x in (mean, std)]
        means, stds = (ffi.new("double[]", [float(x) for x in row]) for row in numbers)
        target.input = text = ffi.NULL if name is None else ffi.new("char[]", name.encode())
        target.mean, target.std, target.n_mean, target.n_std = means, stds, len(means), len(stds)
        kept += [means, stds, text]
    options.input_stats, options.n_input_stats = items, len(pairs)
    return kept


def calibration_method(algorithm: str) -> int:
    return _of(_METHODS, "algorithm", algorithm)


def read_precision(config: Precision | None) -> Any:
    """The C object of a YAML file, or of a dictionary of the same content; NULL for None."""
    if config is None:
        return ffi.NULL
    call, out = Call(), ffi.new("tnn_precision **")
    if isinstance(config, Mapping):
        content = json.dumps(config).encode()  # which is YAML
        call.check(lib.tnn_precision_parse(out, content, len(content), b"config", call.error))
    else:
        call.check(lib.tnn_precision_read(out, os.fsencode(config), call.error))
    return ffi.gc(out[0], lib.tnn_precision_free)


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
    adaround: bool,
    concat: str,
    auto_exclude: float | None,
    analyze: bool,
    n_threads: int,
) -> Any:
    options = ffi.new("tnn_quantize_options *", lib.tnn_quantize_options_default())
    options.method = calibration_method(algorithm)
    options.percentile = percentile
    options.io = _of(_IO, "io", io)
    options.per_tensor = per_tensor
    options.no_equalization, options.no_range_search = not equalize, not search_ranges
    options.no_bias_correction = not correct_biases
    options.analytic_bias, options.absorb_bias = analytic_bias, absorb_biases
    options.adaround = adaround
    options.concat = _of(_CONCAT, "concat", concat)
    options.auto_exclude, options.analyze = auto_exclude or 0.0, analyze
    options.n_threads = n_threads
    return options
