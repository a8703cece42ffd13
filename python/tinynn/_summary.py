"""A table of a model: its modules and operators with shapes, parameters and multiply-accumulates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ._graph import Graph, GraphValue, Node
from ._html import page, table, text_table

_HEAD = ("module", "operator", "output", "parameters", "MACs")


@dataclass
class SummaryRow:
    """A module with all that is in it, or an operator. `depth` is 0 for the model itself."""

    depth: int
    name: str
    op: str  # "" for a module
    output: str  # the type of its last result
    parameters: int
    macs: int


@dataclass
class _Module:
    """A module in the tree of scopes. What it holds stands in the order of first use."""

    name: str
    output: str = ""
    parameters: int = 0
    macs: int = 0
    parts: dict[str, _Module | SummaryRow] = field(default_factory=dict)

    def add(self, path: Sequence[str], depth: int, row: SummaryRow) -> None:
        """Count an operator in, and hand it on to the module inside that it belongs to."""
        self.output = row.output
        self.parameters += row.parameters
        self.macs += row.macs
        if not path:
            row.depth = depth + 1
            self.parts[f"operator {len(self.parts)}"] = row
            return
        part = self.parts.setdefault(f"module {path[0]}", _Module(path[0]))
        assert isinstance(part, _Module)
        part.add(path[1:], depth + 1, row)

    def rows(self, depth: int, deepest: int | None) -> list[SummaryRow]:
        """A module with one operator and nothing else is one row with it."""
        own = SummaryRow(depth, self.name, "", self.output, self.parameters, self.macs)
        parts = list(self.parts.values())
        if len(parts) == 1 and isinstance(parts[0], SummaryRow) and depth > 0:
            own.op = parts[0].op
            return [own]
        if deepest is not None and depth >= deepest:
            return [own]
        inside = [[part] if isinstance(part, SummaryRow) else part.rows(depth + 1, deepest) for part in parts]
        return [own, *(row for rows in inside for row in rows)]


def _new_parameters(node: Node, seen: set[str]) -> int:
    """Elements of the parameters that no node before has used."""
    fresh: list[GraphValue] = []
    for value in node.inputs:
        if value.kind == "parameter" and value.name not in seen:
            seen.add(value.name)
            fresh.append(value)
    return sum(value.size for value in fresh)


def _tree(graph: Graph, name: str) -> _Module:
    root, seen = _Module(name), set[str]()
    for node in graph:
        row = SummaryRow(0, "", node.op, node.outputs[0].type, _new_parameters(node, seen), node.macs)
        root.add(node.scope.split(".") if node.scope else [], 0, row)
    return root


class Summary:
    """A table of a model, like torchinfo's. `rows` are its modules and operators, the model itself first; a parameter
    is counted where it is used first. `str()` and notebooks show it."""

    def __init__(self, graph: Graph, name: str, depth: int | None = None):
        self.rows = _tree(graph, name).rows(0, depth)
        self.parameters = self.rows[0].parameters
        self.macs = self.rows[0].macs
        kinds = ("parameter", "buffer", "constant")
        self._sizes = {kind: [v.size for v in graph.values.values() if v.kind == kind] for kind in kinds}

    def _cells(self) -> list[tuple[str, str, str, int | str, int | str]]:
        return [("  " * row.depth + row.name, row.op, row.output, row.parameters or "", row.macs or "")
                for row in self.rows]

    def _totals(self) -> str:
        found = ((kind, sizes) for kind, sizes in self._sizes.items() if sizes)
        return ", ".join(f"{sum(sizes):,} elements in {len(sizes)} {kind}s" for kind, sizes in found)

    def __str__(self) -> str:
        return f"{text_table(_HEAD, self._cells())}\n{self._totals()}".rstrip()

    def __repr__(self) -> str:
        return f"<tinynn.Summary: {self.parameters:,} parameters, {self.macs:,} multiply-accumulates>"

    def _repr_html_(self) -> str:
        return page(f"{table(_HEAD, self._cells())}<p>{self._totals()}</p>")
