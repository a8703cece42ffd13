"""Run `.tflite` files without LiteRT."""

from __future__ import annotations

import os
from typing import Any

import numpy as np

from ._arrays import copy_array, describe_arrays
from ._errors import Call
from ._native import ffi, lib, text
from ._options import Array, Path, fail


class TfliteProgram:
    """A `.tflite` file that runs by naive kernels: integers with scales exactly as LiteRT's reference kernels, floats by
    their formulas. Shapes are those of the file."""

    def __init__(self, path: Path):
        call, out = Call(), ffi.new("tnn_tflite_program **")
        call.check(lib.tnn_tflite_load(out, os.fsencode(path), call.error))
        self._handle = ffi.gc(out[0], lib.tnn_tflite_free)

    def run(self, *arrays: Array) -> list[Array]:
        """One array an input, with the dtype and shape of the file; one array an output comes back."""
        self._run(arrays, keep_all=False)
        count = lib.tnn_tflite_n_outputs(self._handle)
        return [copy_array(lib.tnn_tflite_result(self._handle, i).array) for i in range(count)]

    def run_tensors(self, *arrays: Array) -> dict[str, Array]:
        """As `run`, but all tensors that the file computes, and its inputs, by name. 8- and 16-bit integers with one scale
        come as the float32 numbers that they stand for."""
        self._run(arrays, keep_all=True)
        tensors = {}
        scale = ffi.new("tnn_tflite_scale *")
        for i in range(lib.tnn_tflite_n_tensors(self._handle)):
            named = lib.tnn_tflite_tensor(self._handle, i, scale)
            if named.array.data:
                tensors[text(named.name)] = _real(copy_array(named.array), scale)
        return tensors

    def _run(self, arrays: tuple[Array, ...], keep_all: bool) -> None:
        count = lib.tnn_tflite_n_inputs(self._handle)
        if len(arrays) != count:
            raise fail(f"the file takes {count} inputs, found {len(arrays)}")
        given = [np.asarray(array, order="C") for array in arrays]
        call = Call()
        call.check(lib.tnn_tflite_run(self._handle, describe_arrays(given), keep_all, call.error))


def _real(array: Array, scale: Any) -> Array:
    if not scale.scale or array.dtype not in (np.int8, np.uint8, np.int16):
        return array
    real: Array = ((array.astype(np.float64) - scale.zero_point) * scale.scale).astype(np.float32)
    return real


def run_tflite(path: Path, *arrays: Array) -> list[Array]:
    """The outputs of a `.tflite` file for arrays in the order of its inputs, computed without LiteRT: see TfliteProgram."""
    return TfliteProgram(path).run(*arrays)
