"""PyTorch's own database of operators as programs: its samples, what PyTorch gives for them, and what tinynn makes of them.

The database (`torch.testing._internal.common_methods_invocations.op_db`) holds several hundred operators with generators
of arguments. A sample becomes a program whose inputs are the sample's tensors and whose other arguments are constants.
"""

import warnings
from dataclasses import dataclass
from pathlib import Path

import litert
import numpy as np
import tinynn
import torch
from torch.testing._internal.common_methods_invocations import op_db
from torch.utils import _pytree as pytree

warnings.filterwarnings("ignore")

FORMS = ("exported", "traced")
LAYOUTS = ("nchw", "nhwc")
DTYPES = (torch.float32, torch.int64, torch.bool)
TOLERANCE = 1e-5  # of the largest magnitude expected
NOTHING = 1e-15  # what float32 would round away beside 1
TOLERANCES = {"float16": 2**-11}  # which is computed in float32, and rounded by PyTorch only
NO_REFERENCE = ("CEIL", "ROUND", "ELU")  # operators without a kernel among LiteRT's reference kernels
LARGEST = np.finfo(np.float32).max  # to which LiteRT's reference kernels of arithmetic clamp infinities
# Operators whose result PyTorch leaves undefined.
UNDEFINED = {"empty", "empty_like", "empty_strided", "empty_permuted", "new_empty", "new_empty_strided"}


def _name(info) -> str:
    return f"{info.name}.{info.variant_test_name}" if info.variant_test_name else info.name


OPERATORS = {_name(info): info for info in op_db if info.name not in UNDEFINED}


class Sample(torch.nn.Module):
    """One call of an operator as a program of its tensors."""

    def __init__(self, function, call):
        super().__init__()
        leaves, self.tree = pytree.tree_flatten(call)
        self.function = function
        self.constants = [None if isinstance(leaf, torch.Tensor) else leaf for leaf in leaves]
        self.places = [place for place, leaf in enumerate(leaves) if isinstance(leaf, torch.Tensor)]
        self.inputs = tuple(leaves[place].detach() for place in self.places)
        self.eval()

    def forward(self, *tensors):
        leaves = list(self.constants)
        for place, tensor in zip(self.places, tensors):
            leaves[place] = tensor
        first, args, kwargs = pytree.tree_unflatten(leaves, self.tree)
        results = pytree.tree_leaves(self.function(first, *args, **kwargs))
        return tuple(result for result in results if isinstance(result, torch.Tensor))

    def fresh(self) -> tuple[torch.Tensor, ...]:
        """The inputs, for a call that may write to them."""
        return tuple(tensor.clone() for tensor in self.inputs)


def samples(name: str, count: int) -> list[Sample]:
    """The first samples of an operator, float32 where the operator takes it; the same at every call."""
    info = OPERATORS[name]
    dtype = next((dtype for dtype in DTYPES if dtype in info.supported_dtypes("cpu")), None)
    if dtype is None:
        return []
    torch.manual_seed(0)
    found = []
    for sample in info.sample_inputs("cpu", dtype, requires_grad=False):
        if len(found) == count:
            break
        found.append(Sample(info.op, (sample.input, sample.args, sample.kwargs)))
    return found


@dataclass
class Outcome:
    """What became of a sample: "right", "wrong", "refused" (tinynn says that it cannot), "rejected" (LiteRT does not take
    the file), "failed" (an error that is no refusal), "random" (PyTorch itself gives another result each time), or
    "unsaved" (PyTorch cannot save it); `why` in one line.
    """

    state: str
    why: str = ""


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:300]


def _results(sample: Sample) -> list[np.ndarray]:
    with torch.no_grad():
        return [result.detach().resolve_conj().resolve_neg().contiguous().numpy() for result in sample(*sample.fresh())]


def _same(first: list[np.ndarray], second: list[np.ndarray]) -> bool:
    return all(np.array_equal(a, b, equal_nan=a.dtype.kind in "fc") for a, b in zip(first, second))


def save(sample: Sample, form: str, path: Path) -> None:
    with torch.no_grad():
        if form == "traced":
            torch.jit.save(torch.jit.trace(sample, sample.fresh(), check_trace=False), path)
        else:
            torch.export.save(torch.export.export(sample, sample.fresh()), path)


def _unclamped(array: np.ndarray) -> np.ndarray:
    if array.dtype != np.float32:
        return array
    return np.where(np.abs(array) == LARGEST, np.copysign(np.float32(np.inf), array), array)


def _compare(model: tinynn.Model, sample: Sample, expected: list[np.ndarray], path: Path, layout: str) -> Outcome:
    inputs = [litert.as_stored(tensor.contiguous().numpy()) for tensor in sample.inputs]
    model.convert(path, layout=layout)
    order = litert.channels_last if layout == "nhwc" else lambda array: array
    for kernels in litert.KERNELS:
        try:
            got = litert.run(path, [order(array) for array in inputs], kernels)
        except (RuntimeError, ValueError) as error:
            if kernels == "reference" and any(f"builtin opcode '{name}'" in str(error) for name in NO_REFERENCE):
                continue
            return Outcome("rejected", f"{kernels}: {_one_line(error)}")
        if kernels == "reference":
            got = [_unclamped(array) for array in got]
        try:
            for g, e in zip(got, expected, strict=True):
                if e.dtype.kind == "f" and np.abs(g - litert.as_stored(order(e))).max(initial=0) < NOTHING:
                    continue
                litert.assert_close([g], [order(litert.as_stored(e))], TOLERANCES.get(e.dtype.name, TOLERANCE))
        except (AssertionError, ValueError) as error:
            return Outcome("wrong", f"{layout} {kernels}: {_one_line(error)}")
    return Outcome("right")


def examine(sample: Sample, form: str, folder: Path, layouts=LAYOUTS) -> Outcome:
    """Save the sample in a form of file, convert it, and hold LiteRT's numbers to PyTorch's."""
    try:
        expected = _results(sample)
        again = _results(sample)
    except Exception as error:  # whatever PyTorch raises
        return Outcome("unsaved", _one_line(error))
    if not expected:
        return Outcome("unsaved", "it gives back no tensor")
    if not _same(expected, again):
        return Outcome("random")
    path = folder / ("sample.pt" if form == "traced" else "sample.pt2")
    path.unlink(missing_ok=True)
    try:
        save(sample, form, path)
    except Exception as error:  # whatever PyTorch raises
        return Outcome("unsaved", _one_line(error))
    try:
        model = tinynn.load(path)
        for layout in layouts:
            outcome = _compare(model, sample, expected, folder / "sample.tflite", layout)
            if outcome.state != "right":
                return outcome
        return outcome
    except tinynn.UnsupportedOperators as error:
        return Outcome("refused", "; ".join(f"{lack.op}: {lack.reason}" for lack in error.operators))
    except tinynn.Error as error:
        return Outcome("refused" if error.code == "unsupported" else "failed", str(error))
