"""Samples of arrays for the C library, in memory that does not grow with their number."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

import numpy as np

from ._arrays import describe_arrays
from ._native import ffi, lib
from ._options import Array, fail

Sample = Array | Sequence[Array]


class SampleSequence(Protocol):
    """Samples by number, as a list, or a Dataset of PyTorch."""

    def __len__(self) -> int: ...
    def __getitem__(self, index: int, /) -> Sample: ...


Samples = SampleSequence | Iterable[Sample]


def _arrays(sample: Any, n_inputs: int) -> list[Array]:
    """The arrays of a sample, dense. Tensors of PyTorch are taken, too."""
    parts = [sample] if n_inputs == 1 and not isinstance(sample, (tuple, list)) else list(sample)
    if len(parts) != n_inputs:
        raise fail(f"a sample has {len(parts)} arrays, the model has {n_inputs} inputs")
    return [np.asarray(part.detach().cpu() if hasattr(part, "detach") else part, order="C") for part in parts]


class _Spool:
    """What an iterable gives once, in a temporary file: it is read several times, in any order."""

    def __init__(self, samples: Iterable[Sample], n_inputs: int):
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - `close` closes it
        self._lock = threading.Lock()  # several threads read
        self._n_inputs = n_inputs
        self._starts: list[int] = []
        try:
            for sample in samples:
                self._starts.append(self._file.tell())
                for array in _arrays(sample, n_inputs):
                    np.save(self._file, array, allow_pickle=False)
        except BaseException:
            self.close()
            raise

    def __len__(self) -> int:
        return len(self._starts)

    def __getitem__(self, index: int) -> Sample:
        with self._lock:
            self._file.seek(self._starts[index])
            return [np.load(self._file, allow_pickle=False) for _ in range(self._n_inputs)]

    def close(self) -> None:
        self._file.close()


def _is_sequence(samples: Any) -> bool:
    return hasattr(samples, "__len__") and hasattr(samples, "__getitem__")


class Reader:
    """Samples that the C library reads by number. An exception that one raises ends the work; `exception` is what to raise
    then."""

    def __init__(self, samples: SampleSequence, n_inputs: int, n_threads: int):
        self._samples = samples
        self._n_inputs = n_inputs
        self._rooms: list[Any] = [None] * n_threads  # what each thread has been given last
        self.exception: BaseException | None = None
        self._read = ffi.callback("tnn_status(void *, uint64_t, uint32_t, const tnn_array **, tnn_error *)", self._give)
        self.struct = ffi.new("tnn_sample_reader *")
        self.struct.n_samples, self.struct.read = len(samples), self._read

    def _give(self, _context: Any, index: int, thread: int, inputs: Any, error: Any) -> int:
        try:
            arrays = _arrays(self._samples[index], self._n_inputs)
            described = describe_arrays(arrays)
        except BaseException as exception:  # noqa: BLE001 - it is raised where Python called the library
            self.exception = self.exception or exception
            error.code = lib.TNN_ERR_CANCELLED
            return int(lib.TNN_ERR_CANCELLED)
        self._rooms[thread] = arrays, described
        inputs[0] = described
        return int(lib.TNN_OK)


@contextmanager
def reading(samples: Samples, n_inputs: int, n_threads: int) -> Iterator[Reader]:
    """A reader of the samples; what has no numbers is put into a temporary file first. Raises what a sample raised."""
    if n_threads < 1:
        raise fail(f"n_threads is {n_threads}, expected 1 or more")
    spool = None if _is_sequence(samples) else _Spool(samples, n_inputs)  # type: ignore[arg-type]
    reader = Reader(spool or samples, n_inputs, n_threads)  # type: ignore[arg-type]
    try:
        yield reader
    finally:
        if spool:
            spool.close()
        if reader.exception is not None:
            raise reader.exception
