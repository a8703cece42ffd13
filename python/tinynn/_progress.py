"""How far a conversion is: from the C library to a function of the caller's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from ._native import ffi

Tell = Callable[[float, int], Any]
Progress = Tell | bool | None
TellSamples = Callable[[int, int], Any]
SampleProgress = TellSamples | bool | None


class Relay:
    """Hands on what the C library tells. An exception of the caller's function, and False that it returns, cancel the
    work; `exception` is what to raise then."""

    def __init__(self, kind: str, tell: Callable[..., Any]):
        self._tell = tell
        self.exception: BaseException | None = None
        self.function = ffi.callback(kind, self._call)

    def _call(self, _context: Any, *told: Any) -> bool:
        try:
            return self._tell(*told) is not False
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
def _sample_bar() -> Iterator[TellSamples | None]:
    """A bar of tqdm that tells how many samples a second; None where that is not installed."""
    try:
        from tqdm.auto import tqdm
    except ImportError:
        yield None
        return
    with tqdm(unit=" images") as bar:

        def tell(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield tell


@contextmanager
def _through(kind: str, tell: Callable[..., Any] | None) -> Iterator[Relay | None]:
    relay = Relay(kind, tell) if tell else None
    try:
        yield relay
    finally:
        if relay and relay.exception is not None:
            raise relay.exception


@contextmanager
def relayed(progress: Progress, title: str) -> Iterator[Relay | None]:
    """What to give to the C library; True shows a bar. Raises what the caller's function raised."""
    bar = _bar(title) if progress is True else nullcontext(progress or None)
    with bar as tell, _through("tnn_progress", tell) as relay:
        yield relay


@contextmanager
def relayed_samples(progress: SampleProgress) -> Iterator[Relay | None]:
    """The same, of a run over samples."""
    bar = _sample_bar() if progress is True else nullcontext(progress or None)
    with bar as tell, _through("tnn_sample_progress", tell) as relay:
        yield relay
