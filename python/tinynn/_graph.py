"""The graph of a model, to walk and to look at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ._draw import draw
from ._html import page, table

Size = int | str


@dataclass(frozen=True)
class Source:
    """The line of the author's program that a node comes from; `text` is "" where the file does not have it."""

    file: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" + (f": {self.text}" if self.text else "")


@dataclass(eq=False)
class GraphValue:
    """A tensor of the graph.

    `shape` has numbers; `symbolic_shape` has texts such as "s0" where a size depends on an input's. `kind` is "input",
    "parameter", "buffer", "constant" or "result"; only a result has a `producer`. `users` has a node once for each use.
    """

    name: str
    dtype: str
    shape: tuple[int, ...]
    symbolic_shape: tuple[Size, ...]
    kind: str
    producer: Node | None = field(default=None, repr=False)
    users: list[Node] = field(default_factory=list, repr=False)

    @property
    def size(self) -> int:
        """How many elements it has."""
        product = 1
        for dim in self.shape:
            product *= dim
        return product

    @property
    def type(self) -> str:
        """ "float32[s0, 3, 224, 224]"."""
        return f"{self.dtype}[{', '.join(map(str, self.symbolic_shape))}]"

    def __str__(self) -> str:
        return f"%{self.name}: {self.type}"


@dataclass(eq=False)
class Node:
    """An operator of the graph.

    `op` is PyTorch's name, `name` the node's in the file, `scope` the path of the module ("features.0.1"), either of
    the last two "" where the file does not say it. `arguments` has all of the operator's, by name: a tensor is a
    GraphValue, a list of tensors a tuple, a number that JSON lacks "inf", "-inf" or "nan". `inputs` are the tensors
    among them. `macs` are the multiply-accumulates of convolutions and matrix products.
    """

    op: str
    name: str
    scope: str
    arguments: dict[str, Any] = field(repr=False)
    inputs: tuple[GraphValue, ...] = field(repr=False)
    outputs: tuple[GraphValue, ...]
    macs: int
    source: Source | None
    text: str = field(repr=False)

    def __str__(self) -> str:
        return self.text


def _argument(written: Any, values: dict[str, GraphValue]) -> Any:
    if isinstance(written, dict):
        return values[written["tensor"]]
    return tuple(_argument(item, values) for item in written) if isinstance(written, list) else written


def _tensors(argument: Any) -> list[GraphValue]:
    items = argument if isinstance(argument, tuple) else (argument,)
    return [item for item in items if isinstance(item, GraphValue)]


def _value(written: dict[str, Any]) -> GraphValue:
    shape, symbolic = tuple(written["shape"]), tuple(written["symbolic_shape"])
    return GraphValue(written["name"], written["dtype"], shape, symbolic, written["kind"])


def _node(written: dict[str, Any], values: dict[str, GraphValue]) -> Node:
    arguments = {argument["name"]: _argument(argument["value"], values) for argument in written["arguments"]}
    inputs = tuple(value for argument in arguments.values() for value in _tensors(argument))
    outputs = tuple(values[name] for name in written["outputs"])
    source = Source(**written["source"]) if written["source"] else None
    node = Node(written["op"], written["name"], written["scope"], arguments, inputs, outputs, written["macs"], source,
                written["text"])
    for value in inputs:
        value.users.append(node)
    for value in outputs:
        value.producer = node
    return node


class Graph:
    """What a model computes: `inputs`, `nodes` in an order in which they can be computed, `outputs` by their names in
    the signature, and all `values` by name. `guards` are comparisons of sizes that the example's sizes decided.

    Iterating gives the nodes, `str()` the text of `Model.text`; in a notebook it is drawn.
    """

    def __init__(self, written: dict[str, Any], text: str):
        self.values = {item["name"]: _value(item) for item in written["values"]}
        self.inputs = [self.values[name] for name in written["inputs"]]
        self.outputs = {item["name"]: self.values[item["value"]] for item in written["outputs"]}
        self.nodes = [_node(item, self.values) for item in written["nodes"]]
        self.guards: list[str] = written["guards"]
        self._text = text

    def __iter__(self) -> Iterator[Node]:
        return iter(self.nodes)

    def __len__(self) -> int:
        return len(self.nodes)

    def __str__(self) -> str:
        return self._text

    def __repr__(self) -> str:
        return f"<tinynn.Graph: {len(self.nodes)} nodes, {len(self.values)} values>"

    def find(self, op: str) -> list[Node]:
        """The nodes of an operator."""
        return [node for node in self.nodes if node.op == op]

    def _repr_svg_(self) -> str:
        return draw(self)

    def _repr_html_(self) -> str:
        rows = [(node.op, node.outputs[0].name, node.outputs[0].type, node.scope, str(node.source or ""))
                for node in self.nodes]
        listed = table(("operator", "result", "type", "module", "source"), rows)
        picture = f'<div style="overflow:auto;max-height:40em">{draw(self)}</div>'
        return page(f"{picture}<details><summary>{len(rows)} nodes</summary>{listed}</details>")
