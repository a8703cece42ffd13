"""The tracer, with the names of TinyNN's.

    from tinynn.graph.tracer import model_tracer, trace

    with model_tracer():
        model = Network()
        graph = trace(model, torch.rand(1, 3, 224, 224))
        graph.generate_code("out/network.py", "out/network.pth", "Network")
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

import torch
from torch import nn
from torch.utils import _pytree as pytree

from .. import _saving as saving
from .capture import capture, capture_evaluating
from .program import commit, compare, device_of, load_net
from .untouched import untouched

FilePath = str | os.PathLike[str]


# ---- contexts ----


@contextmanager
def model_tracer() -> Iterator[None]:
    """Does nothing: constructors' arguments are read from the modules. It is here for programs written for TinyNN."""
    yield


@contextmanager
def import_patcher() -> Iterator[None]:
    """Does nothing: no functions are replaced, so libraries may be imported at any time."""
    yield


@contextmanager
def ignore_mod_param_update_warning() -> Iterator[None]:
    """Does nothing: modules may be changed before they are traced, and there is no such warning."""
    yield


@contextmanager
def no_catch() -> Iterator[None]:
    """Does nothing: what a module raises is always raised."""
    yield


def patch_helper(*arguments: Any, **options: Any) -> NoReturn:
    raise NotImplementedError("tinynn.graph.tracer.patch_helper: no functions are replaced while tracing")


# ---- nodes ----


@dataclass(eq=False)
class TraceNode:
    """An input, a call of a module or a call of a function.

    `unique_name` is that of its result in the generated program; `original_name` the path of the module, of a function the
    unique name; `module` the live module, None of a function or an input.
    """

    unique_name: str
    original_name: str
    module: nn.Module | None
    _kind: str = field(repr=False)
    prev_nodes: list[TraceNode] = field(default_factory=list, repr=False)
    next_nodes: list[TraceNode] = field(default_factory=list, repr=False)

    def kind(self) -> str:
        """ "Conv2d" of a module, "add" of a function, "input"."""
        return self._kind

    def type(self) -> type[nn.Module] | str:
        """The class of a module, the kind of everything else."""
        return self._kind if self.module is None else type(self.module)


def _nodes(written: dict[str, Any], module: nn.Module) -> dict[str, TraceNode]:
    """Inputs and calls by their names, in order."""
    nodes = {name: TraceNode(name, name, None, "input") for name in written["inputs"]}
    for item in written["nodes"]:
        name, path = item["name"], item["module"]
        called = None if path is None else module.get_submodule(path)
        node = nodes[name] = TraceNode(name, name if path is None else path, called, item["kind"])
        for read in dict.fromkeys(item["reads"]):
            node.prev_nodes.append(nodes[read])
            nodes[read].next_nodes.append(node)
    return nodes


# ---- graphs ----


class TraceGraph:
    """What a module computes in its mode. Made by `trace`.

    `module` is the live one, `dummy_input` what it was traced with. `forward_nodes` are the calls in order, `input_nodes`
    the inputs, `output_nodes` the nodes whose results are given back.
    """

    module: nn.Module
    input_nodes: list[TraceNode]
    forward_nodes: list[TraceNode]
    output_nodes: list[TraceNode]

    def __init__(
        self, module: nn.Module, dummy_input: Any, eliminate_dead_graph: bool = False, patch_torch_size: bool = False
    ):
        if isinstance(module, (nn.DataParallel, nn.parallel.DistributedDataParallel)):
            raise TypeError(f"{type(module).__name__} spreads a module over devices: trace its `module`")
        if not isinstance(module, nn.Module):
            raise TypeError(f"a torch.nn.Module is expected, found {type(module).__name__}")
        self.module = module
        self.dummy_input = dummy_input

    def init(self) -> None:
        """Capture the module. `trace` has done it."""
        arguments = saving.as_arguments(self.dummy_input)
        self._modes = [(part, part.training) for part in self.module.modules()]
        self._model = capture(self.module, arguments)
        self._names_of = capture_evaluating(self.module, arguments) if self.module.training else None
        self._names = self._model._program_names(self._names_of)
        nodes = _nodes(self._names, self.module)
        n_inputs = len(self._names["inputs"])
        self.input_nodes, self.forward_nodes = list(nodes.values())[:n_inputs], list(nodes.values())[n_inputs:]
        self.output_nodes = [nodes[name] for name in dict.fromkeys(self._names["outputs"])]

    def all_nodes(self) -> list[TraceNode]:
        """Inputs and calls, in order."""
        return self.input_nodes + self.forward_nodes

    def filter_forward_nodes(
        self, predicate: Callable[[TraceNode, Any], bool], custom_data: Any = None, reverse: bool = False
    ) -> list[TraceNode]:
        """The calls for which `predicate(node, custom_data)` holds, in order, or from the last to the first."""
        nodes = reversed(self.forward_nodes) if reverse else self.forward_nodes
        return [node for node in nodes if predicate(node, custom_data)]

    def generate_code(
        self,
        output_script_path: FilePath,
        output_weight_path: FilePath,
        model_name: str = "DefaultModel",
        check: bool = False,
    ) -> None:
        """Write the module as a program, whose name ends in ".py", and its weights: both files or neither. Files that are
        there are written over; folders are made. The class is called `model_name`.

        With `check` the program is imported before, and ValueError raised where it computes something else than the
        module: by more than 1e-4 of an output's largest magnitude. Raises tinynn.Error for what cannot be written.
        """
        if check:
            self._check(output_script_path, model_name)
        for path in (output_script_path, output_weight_path):
            Path(path).absolute().parent.mkdir(parents=True, exist_ok=True)
        self._write(output_script_path, output_weight_path, model_name)

    def inplace_commit(self, show_code: bool = False) -> None:
        """Let the module itself compute what the generated program does: its forward is replaced, its modules, parameters
        and buffers stay the same objects under the same names. `show_code` prints the new forward."""
        with tempfile.TemporaryDirectory(prefix="tinynn-") as folder:
            script, net = self._imported(Path(folder), "Net")
            code = commit(self.module, net, script.read_text(), self._names["attributes"])
        if show_code:
            print(code)

    def _write(self, script: FilePath, weights: FilePath, name: str) -> None:
        examples = [tuple(tensor.shape) for tensor in saving.flatten(self.dummy_input)]
        self._model.to_program(
            script, name, weights_path=weights, names_of=self._names_of, examples=examples, force=True
        )

    def _imported(self, folder: Path, name: str) -> tuple[Path, nn.Module]:
        script, weights = folder / "net.py", folder / "net.pth"
        self._write(script, weights, name)
        return script, load_net(script, weights, name, device_of(self.module)).train(self._names["trains"])

    def _check(self, path: FilePath, name: str) -> None:
        """Both are given the same random numbers."""
        with tempfile.TemporaryDirectory(prefix="tinynn-") as folder, untouched(self.module):
            for part, mode in self._modes:
                part.training = mode
            results = [self._run(net) for net in (self._imported(Path(folder), name)[1], self.module)]
        wrong = compare(*results)
        if wrong:
            raise ValueError(f"{os.fspath(path)}: the program computes something else: {wrong}")

    def _run(self, net: nn.Module) -> Any:
        torch.manual_seed(0)
        arguments = saving.as_arguments(self.dummy_input)
        return net(*pytree.tree_map(lambda item: item.clone() if isinstance(item, torch.Tensor) else item, arguments))


# Surgery on graphs, which is what the generated program is for: it is edited as text.
_LACKING = (
    "all_tensors", "eliminate_dead_graph_pass", "add_inputs_for_tensors", "add_inputs_for_tensors_in_node",
    "add_outputs_for_tensors", "add_state_input_outputs", "reset_input_output_for_graph", "assert_is_subgraph",
    "recompute_forward_order", "update_submodule_in_nodes_from_predicate", "get_submodule_with_parent_from_name",
    "update_submodule_in_node", "insert_after", "insert_new_after", "insert_between", "insert_before",
    "replace_node_module", "fuse_nodes_to_func", "remove_node",
)


def _lacking(name: str) -> Callable[..., NoReturn]:
    def method(self: TraceGraph, *arguments: Any, **options: Any) -> NoReturn:
        raise NotImplementedError(f"TraceGraph.{name}: edit the generated program instead")

    return method


for _name in _LACKING:
    setattr(TraceGraph, _name, _lacking(_name))


def trace(
    module: nn.Module, dummy_input: Any, eliminate_dead_graph: bool = False, patch_torch_size: bool = False
) -> TraceGraph:
    """The graph of a module in its mode, for `dummy_input`, a tensor or a tuple or list of them, on the module's device.

    The module is exported with a first size of inputs that may be any where it allows that, as it is called with the dummy
    input otherwise, or traced. It is as before afterwards: modes, attributes, parameters, buffers, random generators. What
    nobody reads is never in the graph, and sizes are always followed: `eliminate_dead_graph` and `patch_torch_size` have
    nothing to choose. The graph of a module in training mode shares the names of all that it has in evaluation mode, too.

    Raises TypeError for what is no module, what the module raises, or tinynn.Error.
    """
    graph = TraceGraph(module, dummy_input, eliminate_dead_graph, patch_torch_size)
    graph.init()
    return graph
