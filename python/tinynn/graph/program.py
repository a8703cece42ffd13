"""Generated programs: imported, compared with the module that they come from, put into it."""

import ast
import importlib.util
import keyword
import os
from collections.abc import Callable
from pathlib import Path
from types import MethodType, ModuleType
from typing import Any

import torch
from torch import nn

from .. import _saving as saving

# Of the largest magnitude of an output.
TOLERANCE = 1e-4


def load_file(name: str, path: str | os.PathLike[str]) -> ModuleType:
    """The module of Python that a file holds."""
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{os.fspath(path)}: no program of Python")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def load_net(script: Path, weights: Path, class_name: str, device: torch.device) -> nn.Module:
    """The network of a generated program, with its weights, on a device."""
    net: nn.Module = getattr(load_file("tinynn_generated", script), class_name)()
    net.load_state_dict(torch.load(weights, weights_only=True))
    return net.to(device)


def device_of(module: nn.Module) -> torch.device:
    """Where the first of its parameters and buffers lies."""
    tensors = (*module.parameters(), *module.buffers())
    return tensors[0].device if tensors else torch.device("cpu")


# ---- comparing ----


def _difference(ours: torch.Tensor, theirs: torch.Tensor) -> str:
    """What is wrong with a result; "": nothing."""
    if ours.shape != theirs.shape or ours.dtype != theirs.dtype:
        return f"is {ours.dtype}{list(ours.shape)}, expected {theirs.dtype}{list(theirs.shape)}"
    ours, theirs = ours.detach().cpu(), theirs.detach().cpu()
    finite = theirs[torch.isfinite(theirs)].abs()
    bound = TOLERANCE * float(finite.max()) if theirs.is_floating_point() and finite.numel() else 0
    if torch.allclose(ours, theirs, rtol=0, atol=bound, equal_nan=True):
        return ""
    departs = (ours.double() - theirs.double()).abs().max()
    return f"departs by {float(departs):g}, at most {bound:g} is allowed"


def compare(ours: Any, theirs: Any) -> str:
    """What is wrong with the results of a program; "": nothing."""
    results, expected = saving.flatten(ours), saving.flatten(theirs)
    if len(results) != len(expected):
        return f"{len(results)} outputs, expected {len(expected)}"
    wrong = [(i, _difference(a, b)) for i, (a, b) in enumerate(zip(results, expected))]
    return "; ".join(f"output {i} {text}" for i, text in wrong if text)


# ---- committing ----


def _expression(module: nn.Module, path: str) -> str:
    """`self.body[0].conv` of "body.0.conv": where a part of the module is."""
    text = "self"
    for name in path.split("."):
        if isinstance(module, (nn.Sequential, nn.ModuleList)) and name.isdigit():
            text += f"[{name}]"
        else:
            plain = name.isidentifier() and not keyword.iskeyword(name)
            getter = "get_submodule" if isinstance(getattr(module, name), nn.Module) else "__getattr__"
            text += f".{name}" if plain else f".{getter}({name!r})"
        module = getattr(module, name)
    return text


class _Attributes(ast.NodeTransformer):
    """`self.body_0_conv` becomes `self.body[0].conv`."""

    def __init__(self, expressions: dict[str, str]):
        self.expressions = expressions

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.value, ast.Name) and node.value.id == "self" and node.attr in self.expressions:
            return ast.parse(self.expressions[node.attr], mode="eval").body
        return node


def _free_name(module: nn.Module, name: str) -> str:
    names = (name, *(f"{name}_{i}" for i in range(1, 1 << 16)))
    return next(free for free in names if not hasattr(module, free))


def _add_constant(module: nn.Module, net: nn.Module, name: str) -> str:
    """What only the program has becomes a buffer of the module, which is not saved with it."""
    free = _free_name(module, name)
    module.register_buffer(free, net.get_buffer(name), persistent=False)
    return f"self.{free}"


def _forward(source: str) -> ast.FunctionDef:
    classes = (part for part in ast.parse(source).body if isinstance(part, ast.ClassDef))
    return next(part for part in next(classes).body if isinstance(part, ast.FunctionDef) and part.name == "forward")


def commit(module: nn.Module, net: nn.Module, source: str, attributes: list[dict[str, Any]]) -> str:
    """Let the module compute what `forward` of a generated program does, with its own parts; the text of its new forward.
    `attributes` are those of tnn_model_program_json."""
    expressions = {item["name"]: _expression(module, item["path"]) if item["path"] is not None
                   else _add_constant(module, net, item["name"]) for item in attributes}
    forward = _Attributes(expressions).visit(_forward(source))
    tree = ast.fix_missing_locations(ast.Module([forward], []))
    names: dict[str, Callable[..., Any]] = {}
    exec(compile(tree, f"<forward of {type(module).__name__}>", "exec"), {"torch": torch}, names)  # noqa: S102 - what was just written
    module.forward = MethodType(names["forward"], module)
    return ast.unparse(tree)
