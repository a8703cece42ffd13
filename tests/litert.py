"""Run a `.tflite` file with LiteRT, and compare numbers. LiteRT is the judge of what tinynn writes."""

from pathlib import Path

import numpy as np
from ai_edge_litert.interpreter import Interpreter, OpResolverType

# XNNPACK is what runs on phones; the reference kernels are the plain meaning of the file.
KERNELS = {"xnnpack": OpResolverType.AUTO, "reference": OpResolverType.BUILTIN_REF}
# Between the two: what runs where XNNPACK does not take an operator.
RESOLVERS = KERNELS | {"builtin": OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES}


def channels_last(array: np.ndarray) -> np.ndarray:
    """A 4-D array from PyTorch's order to LiteRT's; others as they are."""
    return np.ascontiguousarray(array.transpose(0, 2, 3, 1)) if array.ndim == 4 else array


def as_stored(array: np.ndarray) -> np.ndarray:
    """As a `.tflite` file holds it: floats of every type are float32."""
    if np.issubdtype(array.dtype, np.integer) or array.dtype == bool:
        return array
    with np.errstate(over="ignore"):
        return array.astype(np.float32)


def open_file(path: Path, kernels: str = "xnnpack") -> Interpreter:
    interpreter = Interpreter(str(path), experimental_op_resolver_type=RESOLVERS[kernels], num_threads=1)
    interpreter.allocate_tensors()
    return interpreter


def run(path: Path, inputs: list[np.ndarray], kernels: str = "xnnpack") -> list[np.ndarray]:
    """The outputs in order for inputs in order."""
    interpreter = open_file(path, kernels)
    details = interpreter.get_input_details()
    assert len(details) == len(inputs), f"the file has {len(details)} inputs, the model {len(inputs)}"
    for detail, array in zip(details, inputs):
        assert tuple(detail["shape"]) == array.shape, f"input {detail['name']}: {detail['shape']} for {array.shape}"
        interpreter.set_tensor(detail["index"], array)
    interpreter.invoke()
    return [interpreter.get_tensor(detail["index"]) for detail in interpreter.get_output_details()]


def difference(got: np.ndarray, expected: np.ndarray) -> float:
    """The largest difference, as a part of the largest magnitude expected. Infinities and NaNs are the same or not:
    a difference is then infinite.
    """
    if expected.size == 0:
        return 0.0
    got, expected = got.astype(np.float64), expected.astype(np.float64)
    same = (got == expected) | (np.isnan(got) & np.isnan(expected))
    finite = np.isfinite(expected)
    with np.errstate(invalid="ignore"):
        error = np.where(same, 0.0, np.where(finite, np.abs(got - expected), np.inf)).max()
    scale = np.abs(np.where(finite, expected, 0.0)).max()
    return float(np.nan_to_num(error / max(scale, 1e-30), nan=np.inf))


def assert_close(got: list[np.ndarray], expected: list[np.ndarray], tolerance: float) -> None:
    """Same number, dtypes and shapes; floats within `tolerance` of the largest magnitude, all else exact."""
    assert len(got) == len(expected), f"{len(got)} outputs, expected {len(expected)}"
    for index, (g, e) in enumerate(zip(got, expected)):
        assert g.shape == e.shape, f"output {index}: shape {g.shape}, expected {e.shape}"
        assert g.dtype == e.dtype, f"output {index}: dtype {g.dtype}, expected {e.dtype}"
        allowed = 0.0 if np.issubdtype(e.dtype, np.integer) or e.dtype == bool else tolerance
        found = difference(g, e)
        assert found <= allowed, f"output {index}: differs by {found:.3g} of the largest magnitude, allowed {allowed:g}"
