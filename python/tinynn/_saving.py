"""Save whatever stands for a network as a file that the core reads. PyTorch is imported here and nowhere else."""

import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from ._errors import Error


def is_path(model: Any) -> bool:
    return isinstance(model, (str, os.PathLike))


def is_saved_form(model: Any) -> bool:
    """A ScriptModule, ScriptFunction or ExportedProgram, which is saved as it is."""
    import torch

    return isinstance(model, (torch.jit.ScriptModule, torch.jit.ScriptFunction, torch.export.ExportedProgram))


def flatten(value: Any) -> list[Any]:
    """The tensors and arrays in nested tuples, lists and mappings, in order."""
    if isinstance(value, Mapping):
        return [leaf for item in value.values() for leaf in flatten(item)]
    if isinstance(value, (tuple, list)):
        return [leaf for item in value for leaf in flatten(item)]
    return [value] if hasattr(value, "shape") else []


def as_arguments(dummy_input: Any) -> tuple[Any, ...]:
    """The positional arguments of the network."""
    return tuple(dummy_input) if isinstance(dummy_input, (tuple, list)) else (dummy_input,)


def unwrap(model: Any) -> Any:
    """The module inside of a wrapper for several devices."""
    from torch import nn

    wrappers = (nn.DataParallel, nn.parallel.DistributedDataParallel)
    while isinstance(model, wrappers):
        model = model.module
    return model


def _as_module(model: Any) -> Any:
    """A module, which torch.export wants, for a plain function too."""
    from torch import nn

    if isinstance(model, nn.Module):
        return model

    class Function(nn.Module):  # type: ignore[misc]  # PyTorch's types are not looked at
        def forward(self, *arguments: Any) -> Any:
            return model(*arguments)

    return Function()


def trace(model: Any, arguments: tuple[Any, ...]) -> Any:
    """The traced module or function. A dict among the results is allowed, as its keys are those of the example."""
    import torch

    with torch.no_grad():
        return torch.jit.trace(model, arguments, check_trace=False, strict=False)


def _export(model: Any, arguments: tuple[Any, ...]) -> Any:
    import torch

    with torch.no_grad():
        return torch.export.export(_as_module(model), arguments, strict=False)


@contextmanager
def _temporary_file(save: Callable[[str], None], ending: str) -> Iterator[str]:
    handle, path = tempfile.mkstemp(suffix=ending, prefix="tinynn-")
    os.close(handle)
    try:
        save(path)
        yield path
    finally:
        os.unlink(path)


def _failed(model: Any, traced: Exception, exported: Exception) -> Error:
    name = getattr(model, "__name__", type(model).__name__)
    first, second = (f"{type(error).__name__}: {str(error).strip().splitlines()[0] if str(error).strip() else ''}"
                     for error in (traced, exported))
    message = f"torch.jit.trace failed ({first}), torch.export too ({second})"
    return Error("invalid", None, name, message, f"{name}: {message}")


def _capture(model: Any, arguments: tuple[Any, ...], only_export: bool, only_trace: bool) -> Any:
    """A ScriptModule, ScriptFunction or ExportedProgram."""
    if only_export:
        return _export(model, arguments)
    try:
        return trace(model, arguments)
    except Exception as traced:
        if only_trace:
            raise
        try:
            return _export(model, arguments)
        except Exception as exported:  # noqa: BLE001 - the user's own program runs here
            raise _failed(model, traced, exported) from traced


@contextmanager
def saved(model: Any, dummy_input: Any, keep_traced: str | None = None, use_export: bool = False) -> Iterator[str]:
    """The path of a file that holds `model`, there until the block ends.

    `model` is a path, a module, a function, a ScriptModule, a ScriptFunction or an ExportedProgram. Modules and
    functions are traced, or exported when tracing fails or `use_export` is set. A traced one is kept in the file
    `keep_traced`. Raises Error (code "invalid") for what can neither be traced nor exported, TypeError for what is no
    network.
    """
    if is_path(model):
        yield os.fspath(model)
        return
    import torch

    script = (torch.jit.ScriptModule, torch.jit.ScriptFunction)
    model = unwrap(model)
    if not isinstance(model, torch.export.ExportedProgram) and not callable(model):
        raise TypeError(f"a module, a function or a path is expected, found {type(model).__name__}")
    if not is_saved_form(model):
        model = _capture(model, as_arguments(dummy_input), use_export, keep_traced is not None)
        if keep_traced and isinstance(model, script):
            torch.jit.save(model, keep_traced)
            yield keep_traced
            return
    if isinstance(model, script):
        with _temporary_file(lambda path: torch.jit.save(model, path), ".pt") as path:
            yield path
    else:
        with _temporary_file(lambda path: torch.export.save(model, path), ".pt2") as path:
            yield path
