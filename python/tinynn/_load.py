"""From files and networks to models, and looking into files."""

from __future__ import annotations

import inspect as python
import json
import os
from collections.abc import Mapping
from pathlib import Path as FilePath
from typing import Any, cast

import numpy as np

from . import _saving as saving
from ._custom import CustomOps
from ._errors import Call
from ._model import Model
from ._native import ffi, lib, take_text
from ._options import InputSpecs, Path, fail, load_options, split_spec


def _one_as_list(inputs: Any) -> Any:
    """A single tensor, array or shape stands for a list with it."""
    one_shape = isinstance(inputs, (tuple, list)) and inputs and all(isinstance(dim, int) for dim in inputs)
    return [inputs] if one_shape or hasattr(inputs, "shape") else inputs


def _spec(tensor: Any) -> tuple[tuple[int, ...], str]:
    return tuple(tensor.shape), str(tensor.dtype).removeprefix("torch.")


def _specs(inputs: Any) -> InputSpecs | None:
    """Shapes, of which examples have some."""
    if isinstance(inputs, Mapping) and saving.flatten(inputs):
        return {name: _spec(tensor) for name, tensor in inputs.items()}
    examples = saving.flatten(inputs)
    return [_spec(tensor) for tensor in examples] if examples else cast(InputSpecs | None, inputs)


def _zeros(spec: Any) -> Any:
    import torch

    if not isinstance(spec, (tuple, list)):
        raise TypeError(f"an input is a tensor, an array or a shape, found {spec!r}")
    shape, name = split_spec(spec)
    dtype = getattr(torch, name or "float32", None)
    if not isinstance(dtype, torch.dtype):
        raise fail(f'no dtype is called "{name}"')
    return torch.zeros(tuple(shape), dtype=dtype)


def _example(item: Any) -> Any:
    """What the network is called with: a tensor for an array, zeros for a shape."""
    import torch

    if isinstance(item, np.ndarray):
        return torch.from_numpy(item.copy())
    if not saving.flatten(item):
        return _zeros(item)
    if isinstance(item, Mapping):
        return {key: _example(value) for key, value in item.items()}
    return type(item)(map(_example, item)) if isinstance(item, (tuple, list)) else item


def _arguments(network: Any, inputs: Any) -> tuple[Any, ...]:
    """The positional arguments; names are those of the network's parameters."""
    if isinstance(inputs, Mapping):
        bound = python.signature(getattr(network, "forward", network)).bind(**inputs)
        if bound.kwargs:
            raise TypeError(f"{', '.join(bound.kwargs)}: parameters that have to be named cannot be inputs")
        inputs = bound.args
    return tuple(map(_example, inputs or ()))


def _name(network: Any) -> str:
    if saving.is_path(network):
        return FilePath(network).stem
    return getattr(network, "__name__", None) or getattr(network, "original_name", None) or type(network).__name__


def load(
    network: Any,
    inputs: Any = None,
    model: str | None = None,
    method: str | None = None,
    written_inputs: str = "refuse",
    written_buffers: str = "ignore",
    use_export: bool = False,
    custom_ops: CustomOps = None,
    as_written: bool = False,
    weights: Path | None = None,
) -> Model:
    """Read a network: the path of what `torch.export.save` or `torch.jit.save` wrote or of a program in Python, of which
    nothing is executed, or an nn.Module, a function, a
    ScriptModule or an ExportedProgram, for which PyTorch is imported.

    `inputs` are tensors, arrays or shapes, in order or by name; a single one needs no list. A shape may come with a
    dtype, as in `{"tokens": ((1, 128), "int64")}`; without one it is float32 or what the file says. A module or
    function is traced with them, or exported by `torch.export` when tracing fails, or at once with `use_export`. Of a
    file, a ScriptModule and an ExportedProgram they replace what it says of its inputs; what is scripted says nothing
    of them.

    `weights` is a state dict that `torch.save` wrote: its tensors take the place of the network's parameters and buffers.
    For a program `model.py` it is `model.pth` when nothing else is said.

    `model` names one of an archive that holds several or a class of a program, `method` a method of a TorchScript model, which is `forward`
    without it. `written_inputs` and `written_buffers` say what becomes of those that the program writes to in place:
    "refuse", "return" the new value as one more output, "ignore" it with a warning. `custom_ops` defines operators: the
    path of a YAML file, or a list of CustomOp. With `as_written` operators stay as the program calls them: for
    `Model.to_program` alone.

    Raises UnsupportedOperators with all that is lacking, TypeError for what is no network, or Error.
    """
    inputs = _one_as_list(inputs)
    call, out = Call(), ffi.new("tnn_model **")
    traced = not saving.is_path(network) and not saving.is_saved_form(network)
    arguments = _arguments(network, inputs) if traced else ()
    specs = _specs(arguments if traced else inputs)
    options, kept = load_options(
        specs, model, method, written_inputs, written_buffers, custom_ops, as_written, weights
    )
    with saving.saved(network, arguments, use_export=use_export) as path:
        call.check(lib.tnn_model_load(out, os.fsencode(path), options, call.lacks, call.error))
    del kept  # the C library reads it until here
    return Model(out[0], _name(network))


def inspect(
    path: Path,
    inputs: InputSpecs | None = None,
    model: str | None = None,
    method: str | None = None,
    custom_ops: CustomOps = None,
    weights: Path | None = None,
) -> dict[str, Any]:
    """What a `.pt2` or `.tflite` file holds: inputs, outputs, operators with counts, tensors, sizes. Of a file of
    `torch.save`, which has no program: its tensors. The other arguments are those of `load`."""
    call = Call()
    out = ffi.new("char **")
    options, kept = load_options(inputs, model, method, custom_ops=custom_ops, weights=weights)
    status = lib.tnn_inspect(os.fsencode(path), options, True, out, call.lacks, call.error)
    del kept  # the C library reads it until here
    described = take_text(out[0])
    call.check(status)
    return cast(dict[str, Any], json.loads(described))
