"""A picture of a graph as SVG: data flows from the top to the bottom, in layers.

As in Sugiyama, Tagawa and Toda, Methods for visual understanding of hierarchical system structures, 1981: layers by the
longest path, a point of its own in each layer that an edge crosses, the order in a layer by the neighbours' mean place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ._graph import Graph, GraphValue, Node

_HEIGHT, _LAYER, _GAP, _MARGIN = 34, 58, 16, 12
_LETTER = 7.0  # width of a letter at 11 pixels
_SWEEPS = 8

_WEIGHTS, _PLAIN, _BORDER = "#cfe2f3", "#f3f3f3", "#fce5cd"


@dataclass(eq=False)
class _Box:
    """What stands in a layer: a node, an input, an output, or a point of an edge that crosses the layer."""

    lines: tuple[str, ...] = ()
    fill: str = ""
    title: str = ""
    layer: int = 0
    x: float = 0.0  # of its middle
    above: list[_Box] = field(default_factory=list)
    below: list[_Box] = field(default_factory=list)

    @property
    def width(self) -> float:
        return max((len(line) for line in self.lines), default=0) * _LETTER + (14 if self.lines else 2)

    @property
    def top(self) -> float:
        return _MARGIN + self.layer * _LAYER


def _shape(value: GraphValue) -> str:
    return "×".join(map(str, value.symbolic_shape)) or value.dtype


def _node_box(node: Node) -> _Box:
    weights = any(value.kind != "result" and value.kind != "input" for value in node.inputs)
    title = f"{node.text}\n{node.source}" if node.source else node.text
    return _Box((node.op, _shape(node.outputs[0])), _WEIGHTS if weights else _PLAIN, title)


def _connect(above: _Box, below: _Box) -> None:
    if below not in above.below:
        above.below.append(below)
        below.above.append(above)


def _boxes(graph: Graph) -> list[_Box]:
    """Every box with its neighbours, those above before those below. What only constants go into is not drawn."""
    made = {id(value): _Box((value.name, _shape(value)), _BORDER, str(value)) for value in graph.inputs}
    boxes = list(made.values())
    for node in graph.nodes:
        box = _node_box(node)
        boxes.append(box)
        for value in node.inputs:
            if id(value) in made:
                _connect(made[id(value)], box)
        made.update((id(value), box) for value in node.outputs)
    for name, value in graph.outputs.items():
        boxes.append(_Box((name, _shape(value)), _BORDER, str(value)))
        if id(value) in made:
            _connect(made[id(value)], boxes[-1])
    return boxes


def _set_layers(boxes: Sequence[_Box]) -> None:
    """Below all that is above it; what nothing is above stands right over its first reader."""
    for box in boxes:
        box.layer = max((above.layer + 1 for above in box.above), default=0)
    for box in boxes:
        if not box.above and box.below:
            box.layer = min(below.layer for below in box.below) - 1


def _split_long(boxes: list[_Box]) -> list[list[_Box]]:
    """The boxes by layer, with a point in each layer that an edge crosses."""
    layers: list[list[_Box]] = [[] for _ in range(max((box.layer for box in boxes), default=0) + 1)]
    for box in boxes:
        layers[box.layer].append(box)
    for box in boxes:
        for place, below in enumerate(box.below):
            last = box
            for layer in range(box.layer + 1, below.layer):
                point = _Box(layer=layer, above=[last])
                layers[layer].append(point)
                if last is box:
                    box.below[place] = point
                else:
                    last.below.append(point)
                last = point
            if last is not box:
                last.below.append(below)
                below.above[below.above.index(box)] = last
    return layers


def _mean(boxes: Sequence[_Box], otherwise: float) -> float:
    return sum(box.x for box in boxes) / len(boxes) if boxes else otherwise


def _place(layer: Sequence[_Box], wanted: Sequence[float]) -> None:
    """As near as possible to the wanted places, in order and without overlap: the mean of pushing all that overlaps to
    the right and of pushing it to the left."""
    gaps = [(a.width + b.width) / 2 + _GAP for a, b in pairwise(layer)]
    right, left = list(wanted), list(wanted)
    for i, gap in enumerate(gaps):
        right[i + 1] = max(right[i + 1], right[i] + gap)
    for i in range(len(gaps) - 1, -1, -1):
        left[i] = min(left[i], left[i + 1] - gaps[i])
    for box, a, b in zip(layer, left, right):
        box.x = (a + b) / 2


def _arrange(layers: list[list[_Box]]) -> None:
    """Order and place: each sweep down looks at the neighbours above, each sweep up at those below."""
    for layer in layers:
        _place(layer, [0.0] * len(layer))
    for sweep in range(_SWEEPS):
        down = sweep % 2 == 0
        for layer in layers if down else reversed(layers):
            wanted = {box: _mean(box.above if down else box.below, box.x) for box in layer}
            layer.sort(key=wanted.__getitem__)
            _place(layer, [wanted[box] for box in layer])


def _svg_box(box: _Box) -> str:
    x, y = box.x - box.width / 2, box.top
    name, shape = (escape(line) for line in box.lines)
    return (
        f'<g><title>{escape(box.title)}</title>'
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{box.width:.1f}" height="{_HEIGHT}" rx="5" fill="{box.fill}" '
        f'stroke="#999"/>'
        f'<text x="{box.x:.1f}" y="{y + 14:.1f}" font-weight="bold">{name}</text>'
        f'<text x="{box.x:.1f}" y="{y + 28:.1f}">{shape}</text></g>'
    )


def _svg_edges(box: _Box) -> str:
    """To each box below, bent so that it leaves and arrives upright; a point is passed straight."""
    start = box.top + _HEIGHT
    parts = [] if box.lines else [f"M{box.x:.1f},{box.top:.1f} V{start:.1f}"]
    for below in box.below:
        middle = (start + below.top) / 2
        parts.append(f"M{box.x:.1f},{start:.1f} C{box.x:.1f},{middle:.1f} {below.x:.1f},{middle:.1f} "
                     f"{below.x:.1f},{below.top:.1f}")
    return f'<path d="{" ".join(parts)}"/>' if parts else ""


def draw(graph: Graph) -> str:
    """The picture of a graph. A box says its operator and the shape of its first result, blue ones have weights;
    pointing at it shows the whole line and where it comes from."""
    boxes = _boxes(graph)
    _set_layers(boxes)
    layers = _split_long(boxes)
    _arrange(layers)
    drawn = [box for layer in layers for box in layer]
    left = min((box.x - box.width / 2 for box in drawn), default=0.0) - _MARGIN
    right = max((box.x + box.width / 2 for box in drawn), default=0.0) + _MARGIN
    height = 2 * _MARGIN + len(layers) * _LAYER - (_LAYER - _HEIGHT)
    edges = "".join(_svg_edges(box) for box in drawn)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{right - left:.0f}" height="{height}" '
        f'viewBox="{left:.1f} 0 {right - left:.1f} {height}">'
        f'<g fill="none" stroke="#888">{edges}</g>'
        f'<g font-family="Helvetica,Arial,sans-serif" font-size="11" text-anchor="middle" fill="#111">'
        f'{"".join(_svg_box(box) for box in drawn if box.lines)}</g></svg>'
    )
