"""How far a conversion is: from the C library to a function of the caller's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from ._native import ffi

Tell = Callable[[float, int], Any]
Progress = Tell | bool | None


class Relay:
    """Hands on what the C library tells. An exception of the caller's function, and False that it returns, cancel the
    work; `exception` is what to raise then."""

    def __init__(self, tell: Tell):
        self._tell = tell
        self.exception: BaseException | None = None
        self.function = ffi.callback("tnn_progress", self._call)

    def _call(self, _context: Any, fraction: float, written: int) -> bool:
        try:
            return self._tell(fraction, written) is not False
        except BaseException as exception:  # noqa: BLE001 - it is raised where Python called the library
            self.exception = exception
            return False


@contextmanager
def _bar(title: str) -> Iterator[Tell | None]:
    """A bar of tqdm; None where that is not installed."""
    try:
        from tqdm.auto import tqdm
    except ImportError:
        yield None
        return
    with tqdm(total=100, unit="%", desc=title) as bar:

        def tell(fraction: float, written: int) -> None:
            bar.set_postfix_str(f"{written / 1e6:.1f} MB", refresh=False)
            bar.update(round(100 * fraction) - bar.n)

        yield tell


@contextmanager
def relayed(progress: Progress, title: str) -> Iterator[Relay | None]:
    """What to give to the C library; True shows a bar. Raises what the caller's function raised."""
    if progress is True:
        with _bar(title) as tell:
            yield Relay(tell) if tell else None
        return
    if not progress:
        yield None
        return
    relay = Relay(progress)
    try:
        yield relay
    finally:
        if relay.exception is not None:
            raise relay.exception
