"""A `.tflite` file against the model that it was made from, tensor by tensor."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ._html import page, table, text_table
from ._load import load
from ._model import Model
from ._options import Array, ConvertOptions, Path, fail

if TYPE_CHECKING:
    from typing_extensions import Unpack

_HEAD = ("", "tensor", "type", "largest error", "of the range", "SNR, dB", "cosine")


@dataclass(frozen=True)
class Difference:
    """How far a tensor of the file is from the model's.

    `max_error` is the largest difference of two elements, `relative` that as a part of the largest magnitude of the
    model's tensor, `snr` the ratio of the model's power to that of the difference in dB (infinite when they are equal),
    `cosine` that of the angle between both. Infinities and NaNs that are the same in both do not count.
    """

    name: str
    type: str
    max_error: float
    relative: float
    snr: float
    cosine: float

    def _cells(self, departs: bool) -> tuple[str | float, ...]:
        mark = "departs" if departs else ""
        return (mark, self.name, self.type, self.max_error, self.relative, self.snr, self.cosine)


def _clean(array: Array, other: Array) -> tuple[Array, Array]:
    """Both in double, with zeros where they are the same infinity or NaN."""
    a, b = array.astype(np.float64).ravel(), other.astype(np.float64).ravel()
    same = ~np.isfinite(a) & ((a == b) | (np.isnan(a) & np.isnan(b)))
    return np.where(same, 0.0, a), np.where(same, 0.0, b)


def _difference(name: str, expected: Array, got: Array) -> Difference:
    kind = f"{got.dtype.name}{list(got.shape)}"
    if expected.size == 0:
        return Difference(name, kind, 0.0, 0.0, float("inf"), 1.0)
    a, b = _clean(expected, got)
    with np.errstate(all="ignore"):
        error = np.nan_to_num(np.abs(a - b), nan=np.inf)
        largest, scale = float(error.max()), float(np.abs(a).max())
        relative = largest / scale if scale else largest
        snr = float(10 * np.log10(np.sum(a * a) / np.sum(error * error))) if largest else float("inf")
        lengths = float(np.linalg.norm(a) * np.linalg.norm(b))
        cosine = float(np.dot(a, b) / lengths) if lengths else float(largest == 0)
    return Difference(name, kind, largest, relative, snr, cosine)


class Comparison:
    """What `compare` found.

    `outputs` has a Difference for each output, `tensors` one for each tensor of the file that the model has a name for,
    in the order in which they are computed. `tolerance` is the part of the range from which on a tensor departs.
    """

    def __init__(self, outputs: list[Difference], tensors: list[Difference], tolerance: float):
        self.outputs = outputs
        self.tensors = tensors
        self.tolerance = tolerance

    def departs(self, difference: Difference) -> bool:
        """Whether it is further away than the tolerance, or not a number."""
        return not difference.relative <= self.tolerance

    @property
    def first(self) -> Difference | None:
        """The first tensor that departs: the operator that makes it, or a weight of it, is what to look at."""
        return next((difference for difference in self.tensors if self.departs(difference)), None)

    @property
    def worst(self) -> Difference:
        """The output that is furthest away."""
        return max(self.outputs, key=lambda difference: np.nan_to_num(difference.relative, nan=np.inf))

    @property
    def ok(self) -> bool:
        """Whether all outputs are within the tolerance."""
        return not any(map(self.departs, self.outputs))

    def _verdict(self) -> str:
        first = f"no tensor departs by more than {self.tolerance:g} of its range"
        if self.first is not None:
            first = f"the first tensor that departs is {self.first.name}"
        return f"{first}; the furthest output is {self.worst.name}, by {self.worst.relative:.3g} of its range"

    def _rows(self) -> list[tuple[str | float, ...]]:
        named = [("output " + d.name, d) for d in self.outputs] + [(d.name, d) for d in self.tensors]
        return [(cells[0], name, *cells[2:]) for name, d in named for cells in [d._cells(self.departs(d))]]

    def __str__(self) -> str:
        return f"{text_table(_HEAD, self._rows())}\n{self._verdict()}"

    def __repr__(self) -> str:
        return f"<tinynn.Comparison: {self._verdict()}>"

    def _repr_html_(self) -> str:
        return page(f"<p>{self._verdict()}</p>{table(_HEAD, self._rows())}")


def _open(tflite: Path) -> Any:
    """LiteRT's own kernels, without delegates, which would hide what is inside of them."""
    try:
        from ai_edge_litert.interpreter import Interpreter, OpResolverType
    except ImportError as error:
        raise ImportError("tinynn.compare runs the file by LiteRT: pip install ai-edge-litert") from error
    kernels = OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES
    path = os.fspath(tflite)
    if not os.path.exists(path):
        raise fail(f"{path}: no such file")
    try:
        interpreter = Interpreter(path, experimental_op_resolver_type=kernels, experimental_preserve_all_tensors=True)
        interpreter.allocate_tensors()
    except (ValueError, RuntimeError) as error:
        raise fail(f"{path}: LiteRT cannot load it: {error}") from error
    return interpreter


def _turned(shape: Sequence[int], order: Sequence[int]) -> tuple[int, ...]:
    return tuple(shape[dim] for dim in order)


def _as_model(got: Array, expected: Array, order: Sequence[Sequence[int]] | None) -> Array | None:
    """The file's tensor in the model's order and shape; `order` as in the report of the conversion. None when it is of
    another size: then it only has the name of the model's."""
    if got.size != expected.size:
        return None
    if order:
        by_place = np.lexsort(([part for _, part, _ in order], [dim for dim, _, _ in order]))
        got = got.reshape([size for _, _, size in order]).transpose(by_place)
    return got.reshape(expected.shape)


def _border_order(what: str, shape: Sequence[int], in_file: Sequence[int], layout: str) -> tuple[int, ...]:
    """The order of an input's or output's dimensions in the file; where its shape allows both, `layout` says it."""
    plain = tuple(range(len(shape)))
    last = (0, 2, 3, 1) if len(shape) == 4 else plain
    for order in (last, plain) if layout == "nhwc" else (plain, last):
        if _turned(shape, order) == tuple(in_file):
            return order
    raise fail(f"{what}: the file has {[int(size) for size in in_file]}, the model {list(shape)}")


def _stored(array: Array, detail: dict[str, Any]) -> Array:
    """An input as the file takes it: real numbers as integers of its scale."""
    scale, zero = detail["quantization"]
    if scale == 0 or not np.issubdtype(array.dtype, np.floating):
        return np.ascontiguousarray(array, dtype=detail["dtype"])
    limits = np.iinfo(detail["dtype"])
    stored = np.round(array.astype(np.float64) / scale) + zero
    return np.ascontiguousarray(stored.clip(limits.min, limits.max), dtype=detail["dtype"])


def _real(interpreter: Any, detail: dict[str, Any]) -> Array:
    """A tensor's numbers; integers with one scale count as those that they stand for."""
    got: Array = interpreter.get_tensor(detail["index"])
    scale, zero = detail["quantization"]
    if scale == 0 or got.dtype.kind not in "iu":
        return got
    real: Array = ((got.astype(np.float64) - zero) * scale).astype(np.float32)
    return real


def _run(interpreter: Any, model: Model, arrays: Sequence[Array], layout: str) -> None:
    details = interpreter.get_input_details()
    if len(details) != len(arrays):
        raise fail(f"the file has {len(details)} inputs, the model {len(arrays)}")
    for detail, value, array in zip(details, model.inputs, arrays):
        order = _border_order(f"input {value.name}", array.shape, detail["shape"], layout)
        interpreter.set_tensor(detail["index"], _stored(array.transpose(order), detail))
    interpreter.invoke()


def _outputs(interpreter: Any, expected: dict[str, Array], layout: str) -> list[Difference]:
    details = interpreter.get_output_details()
    if len(details) != len(expected):
        raise fail(f"the file has {len(details)} outputs, the model {len(expected)}")
    found = []
    for detail, (name, array) in zip(details, expected.items()):
        got = _real(interpreter, detail)
        order = _border_order(f"output {name}", array.shape, got.shape, layout)
        found.append(_difference(name, array, got.transpose(np.argsort(order))))
    return found


def _tensors(interpreter: Any, expected: dict[str, Array], orders: dict[str, Any]) -> list[Difference]:
    found = []
    for detail in interpreter.get_tensor_details():
        name = detail["name"]
        if name not in expected:
            continue
        got = _as_model(_real(interpreter, detail), expected[name], orders.get(name))
        if got is not None:
            found.append(_difference(name, expected[name], got))
    return found


def _expected(model: Model, arrays: Sequence[Array]) -> tuple[dict[str, Array], dict[str, Array]]:
    """The model's outputs by their names, and the results of all its operators by theirs."""
    graph, values = model.graph, model.run_values(*arrays)
    results = {value.name: values[value.name] for node in graph for value in node.outputs}
    if all(value.name in values for value in graph.outputs.values()):
        return {name: values[value.name] for name, value in graph.outputs.items()}, results
    return dict(zip(graph.outputs, model.run(*arrays))), results  # an output is a constant


def compare(
    network: Any,
    tflite: Path,
    inputs: Any,
    *,
    tolerance: float = 1e-4,
    layout: str = "nhwc",
    **options: Unpack[ConvertOptions],
) -> Comparison:
    """Run a `.tflite` file by LiteRT and the model that it was made from by the reference kernels, and compare outputs
    and, by their names, the tensors in between.

    `network` is a Model, or what `load` takes. `inputs` are arrays or tensors in PyTorch's order of dimensions; a
    single one needs no list. Integers with a scale, as a quantized file has them, count as the numbers that they stand
    for. `layout` and the other options are those that the file was made with. A tensor departs from a difference of
    `tolerance` on, as a part of its largest magnitude. Needs the package ai-edge-litert.

    Raises Error (code "invalid") when file, model and inputs do not fit one another, ImportError without LiteRT.
    """
    inputs = [inputs] if hasattr(inputs, "shape") else list(inputs)
    model = network if isinstance(network, Model) else load(network, inputs)
    arrays = [np.asarray(item.detach().cpu() if hasattr(item, "detach") else item) for item in inputs]
    interpreter = _open(tflite)
    outputs, results = _expected(model, arrays)
    _run(interpreter, model, arrays, layout)
    tensors = _tensors(interpreter, results, model.check(layout, **options)["orders"])
    return Comparison(_outputs(interpreter, outputs, layout), tensors, tolerance)
