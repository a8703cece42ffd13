"""From a live module to a model that can be written as a program."""

import logging
import warnings
from collections.abc import Callable
from typing import Any

import torch
from torch import nn
from torch.utils import _pytree as pytree

from .. import _saving as saving
from .._load import load
from .._model import Model
from .markers import marked_stubs
from .untouched import untouched

log = logging.getLogger(__name__)

Arguments = tuple[Any, ...]


def _has_batch(item: Any) -> bool:
    return isinstance(item, torch.Tensor) and item.dim() > 0


def _at_least_two(item: Any) -> Any:
    """torch.export takes a size of 1 for a constant."""
    return torch.cat([item, item]) if _has_batch(item) and item.shape[0] == 1 else item


def _any_batch(item: Any) -> Any:
    return {0: torch.export.Dim.AUTO} if _has_batch(item) else None


def _batches(program: torch.export.ExportedProgram) -> list[Any]:
    inputs = set(program.graph_signature.user_inputs)
    values = [node.meta["val"] for node in program.graph.nodes if node.op == "placeholder" and node.name in inputs]
    return [value.shape[0] for value in values if _has_batch(value)]


def _export(module: nn.Module, arguments: Arguments) -> Any:
    return torch.export.export(module, arguments, strict=False)


def _export_any_batch(module: nn.Module, arguments: Arguments) -> Any:
    """The first size of each input may be any. Raises ValueError where the module fixes one of them, which would be
    that of the example that was made up."""
    example = pytree.tree_map(_at_least_two, arguments)
    program = torch.export.export(module, example, dynamic_shapes=pytree.tree_map(_any_batch, arguments), strict=False)
    if not all(isinstance(size, torch.SymInt) for size in _batches(program)):
        raise ValueError("the module fixes the first size of an input")
    return program


# In the order of preference: what the first cannot do the next may.
_WAYS: tuple[Callable[[nn.Module, Arguments], Any], ...] = (_export_any_batch, _export, saving.trace)


def _captured(way: Callable[[nn.Module, Arguments], Any], module: nn.Module, arguments: Arguments) -> Model:
    with untouched(module), marked_stubs(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        captured = way(module, pytree.tree_map(_copy, arguments))
        return load(captured, as_written=True)


def _copy(item: Any) -> Any:
    return item.detach().clone() if isinstance(item, torch.Tensor) else item


def capture(module: nn.Module, arguments: Arguments) -> Model:
    """What the module computes in its mode: exported for any size of a batch, or for the one of `arguments`, or traced.

    The module is as before afterwards. Raises what the module raises, and what `load` does.
    """
    for way in _WAYS[:-1]:
        try:
            return _captured(way, module, arguments)
        except Exception as error:  # noqa: BLE001 - the user's own program runs here
            log.debug("%s: %s: %s", way.__name__, type(error).__name__, error)
    return _captured(_WAYS[-1], module, arguments)


def capture_evaluating(module: nn.Module, arguments: Arguments) -> Model | None:
    """As `capture`, in evaluation mode; None for a module that cannot be captured so."""
    modes = [(part, part.training) for part in module.modules()]
    try:
        module.eval()
        return capture(module, arguments)
    except Exception as error:  # noqa: BLE001 - the user's own program runs here
        log.info("not captured for evaluation: %s", error)
        return None
    finally:
        for part, mode in modes:
            part.training = mode
