"""Errors of the C library as exceptions."""

from dataclasses import dataclass
from typing import Any

from ._native import ffi, lib, text

_NO_POSITION = 2**64 - 1


@dataclass(frozen=True)
class Lack:
    """One thing that a model needs and tinynn does not do.

    `source` is the line of the model's program that uses it first, `scope` the path of the module; either may be "".
    """

    op: str
    reason: str
    source: str
    scope: str
    count: int


class Error(Exception):
    """What went wrong.

    `code` is "invalid", "malformed", "unsupported", "out of memory", "i/o", "limit", "internal" or "cancelled"; `where`
    the file, part of a file or node; `position` the byte in it, or None; `message` one line.
    """

    def __init__(self, code: str, position: int | None, where: str, message: str, whole: str):
        super().__init__(code, position, where, message, whole)  # pickle makes it again from these
        self.code = code
        self.position = position
        self.where = where
        self.message = message
        self._whole = whole

    def __str__(self) -> str:
        return self._whole

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._whole!r}, code={self.code!r})"


class UnsupportedOperators(Error):
    """The model needs operators that tinynn cannot convert; `operators` lists all of them in order of first use."""

    def __init__(self, code: str, position: int | None, where: str, message: str, whole: str, operators: list[Lack]):
        super().__init__(code, position, where, message, whole)
        self.args = (*self.args, operators)
        self.operators = operators

    def __str__(self) -> str:
        lines = [f"  {lack.count} x {lack.op}: {lack.reason}" for lack in self.operators]
        return "\n".join([super().__str__(), *lines])


class WeightsError(Error):
    """The weights do not fit the model; `differences` lists all names with what is wrong with them."""

    def __init__(self, code: str, position: int | None, where: str, message: str, whole: str, differences: list[Lack]):
        super().__init__(code, position, where, message, whole)
        self.args = (*self.args, differences)
        self.differences = differences

    def __str__(self) -> str:
        lines = [f"  {difference.op} {difference.reason}" for difference in self.differences]
        return "\n".join([super().__str__(), *lines])


def _read_lacks(lacks: Any) -> list[Lack]:
    rows = (lacks.items[i] for i in range(lacks.n))
    return [Lack(text(row.op), text(row.reason), text(row.source), text(row.scope), row.count) for row in rows]


class Call:
    """The error record and the list of lacks of one call of the library.

        call = Call()
        call.check(lib.tnn_model_load(..., call.lacks, call.error))
    """

    def __init__(self) -> None:
        self.error = ffi.new("tnn_error *")
        self.lacks = ffi.gc(ffi.new("tnn_lacks *"), lib.tnn_lacks_free)

    def check(self, status: int) -> None:
        """Raise what `status` says, if it is not TNN_OK."""
        if status == lib.TNN_OK:
            return
        lacks = _read_lacks(self.lacks)
        whole = ffi.new("char[1200]")
        lib.tnn_error_format(self.error, whole, 1200)
        position = None if self.error.position == _NO_POSITION else self.error.position
        error = self.error
        facts = (text(lib.tnn_status_name(status)), position, text(error.where), text(error.message), text(whole))
        if not lacks:
            raise Error(*facts)
        raise (WeightsError if status == lib.TNN_ERR_INVALID else UnsupportedOperators)(*facts, lacks)
