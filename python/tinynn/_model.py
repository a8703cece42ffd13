"""Models: load, look at, run, convert."""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np

from ._errors import Call, Error
from ._native import ffi, lib, take_text, text

Shape = Sequence[int]
InputSpec = Shape | tuple[Shape, str]
InputSpecs = Sequence[InputSpec] | Mapping[str, InputSpec]
Path = str | os.PathLike[str]
Array = np.ndarray[Any, Any]

_LAYOUTS: dict[str, int] = {"nhwc": lib.TNN_LAYOUT_NHWC, "nchw": lib.TNN_LAYOUT_NCHW}


@dataclass(frozen=True)
class Value:
    """An input or output: its name in the model, PyTorch's name of its dtype, its shape in PyTorch's order."""

    name: str
    dtype: str
    shape: tuple[int, ...]


def _fail(message: str) -> Error:
    return Error("invalid", None, "", message, message)


def _layout(name: str) -> int:
    if name not in _LAYOUTS:
        raise _fail(f'layout "{name}": expected "nhwc" or "nchw"')
    return _LAYOUTS[name]


def _value(info: Any) -> Value:
    return Value(text(info.name), text(lib.tnn_dtype_name(info.dtype)), tuple(info.dims[0 : info.rank]))


def _numpy_dtype(name: str) -> np.dtype[Any]:
    try:
        return np.dtype(name)
    except TypeError:
        raise _fail(f"numpy has no dtype {name}") from None


def _fill_dims(target: Any, shape: Shape) -> None:
    """Set `rank` and `dims` of a C struct."""
    if len(shape) > lib.TINYNN_MAX_RANK:
        raise _fail(f"{len(shape)} dimensions, at most {lib.TINYNN_MAX_RANK} are possible")
    target.rank = len(shape)
    target.dims[0 : len(shape)] = [int(dim) for dim in shape]


def _split_spec(spec: InputSpec) -> tuple[Shape, str | None]:
    match spec:
        case [shape, str(dtype)]:
            return cast(Shape, shape), dtype
    return spec, None


def _input_specs(inputs: InputSpecs | None) -> tuple[Any, int, Any]:
    """The C array for `load`, its length, and the names that it points to; the caller keeps all alive."""
    pairs = list(inputs.items()) if isinstance(inputs, Mapping) else [(None, spec) for spec in inputs or ()]
    names = [ffi.NULL if name is None else ffi.new("char[]", name.encode()) for name, _ in pairs]
    specs = ffi.new("tnn_input_spec[]", max(len(pairs), 1))
    for target, name, (_, spec) in zip(specs, names, pairs):
        shape, dtype = _split_spec(spec)
        target.name = name
        target.dtype = lib.tnn_dtype_from_name(dtype.encode()) if dtype else lib.TNN_DTYPE_NONE
        if dtype and target.dtype == lib.TNN_DTYPE_NONE:
            raise _fail(f'no dtype is called "{dtype}"')
        _fill_dims(target, shape)
    return specs, len(pairs), names


def _load_options(inputs: InputSpecs | None, model: str | None, method: str | None) -> tuple[Any, Any]:
    """The C struct for `load` and `inspect`, with what the caller keeps alive: cffi does not."""
    options = ffi.new("tnn_load_options *", lib.tnn_load_options_default())
    specs, count, names = _input_specs(inputs)
    options.inputs, options.n_inputs = specs, count
    member, function = (ffi.NULL if name is None else ffi.new("char[]", name.encode()) for name in (model, method))
    options.model, options.method = member, function
    return options, (specs, names, member, function)


def _convert_options(
    layout: str, input_layouts: Sequence[str] | None, output_layouts: Sequence[str] | None
) -> tuple[Any, Any]:
    """The C struct for `convert`, with what the caller keeps alive."""
    options = ffi.new("tnn_convert_options *", lib.tnn_convert_options_default())
    options.layout = _layout(layout)
    inputs, outputs = (
        ffi.NULL if names is None else ffi.new("tnn_io_layout[]", [_layout(name) for name in names])
        for names in (input_layouts, output_layouts)
    )
    options.input_layouts, options.n_input_layouts = inputs, len(input_layouts or ())
    options.output_layouts, options.n_output_layouts = outputs, len(output_layouts or ())
    return options, (inputs, outputs)


def _take_report(report: Any) -> dict[str, Any]:
    """The report as a dictionary; the C object is released."""
    try:
        return _object(text(lib.tnn_report_json(report)))
    finally:
        lib.tnn_report_free(report)


def _object(written: str) -> dict[str, Any]:
    return cast(dict[str, Any], json.loads(written))


def _describe_array(target: Any, array: Array) -> None:
    target.dtype = lib.tnn_dtype_from_name(array.dtype.name.encode())
    _fill_dims(target, array.shape)
    # An array without elements has nothing to point to.
    target.data = ffi.cast("void *", array.ctypes.data)


class Model:
    """A network as tinynn reads it. Made by `load`."""

    def __init__(self, handle: Any):
        self._handle = ffi.gc(handle, lib.tnn_model_free)

    @property
    def inputs(self) -> list[Value]:
        count = lib.tnn_model_n_inputs(self._handle)
        return [_value(lib.tnn_model_input(self._handle, i)) for i in range(count)]

    @property
    def outputs(self) -> list[Value]:
        count = lib.tnn_model_n_outputs(self._handle)
        return [_value(lib.tnn_model_output(self._handle, i)) for i in range(count)]

    @property
    def warnings(self) -> list[str]:
        """What reading the file warned of, one line each."""
        count = lib.tnn_model_n_warnings(self._handle)
        return [text(lib.tnn_model_warning(self._handle, i)) for i in range(count)]

    def text(self) -> str:
        """The graph, one line a node, with shapes and symbolic sizes."""
        call = Call()
        out = ffi.new("char **")
        call.check(lib.tnn_model_text(self._handle, out, call.error))
        return take_text(out[0])

    def run(self, *arrays: Array) -> list[Array]:
        """Run the network by the reference kernels: slow, in PyTorch's order of dimensions, without PyTorch.

        One array an input, with the dtype and shape that `inputs` says; one array an output comes back.
        Raises Error (code "invalid") when an array does not fit.
        """
        if len(arrays) != len(self.inputs):
            raise _fail(f"the model takes {len(self.inputs)} inputs, found {len(arrays)}")
        given = [np.asarray(array, order="C") for array in arrays]
        results = [np.empty(value.shape, _numpy_dtype(value.dtype)) for value in self.outputs]
        inputs = ffi.new("tnn_array[]", max(len(given), 1))
        outputs = ffi.new("tnn_array[]", max(len(results), 1))
        for target, array in [*zip(inputs, given), *zip(outputs, results)]:
            _describe_array(target, array)
        call = Call()
        call.check(lib.tnn_model_run(self._handle, inputs, outputs, call.error))
        return results

    def convert(
        self,
        path: Path,
        layout: str = "nhwc",
        input_layouts: Sequence[str] | None = None,
        output_layouts: Sequence[str] | None = None,
        split_groups: bool = False,
    ) -> dict[str, Any]:
        """Write a `.tflite` file, which appears whole or not at all, and return the report of the conversion.

        `layout` "nhwc" makes 4-D inputs and outputs channels-last, as programs for LiteRT expect; "nchw" leaves them as
        in PyTorch. `input_layouts` and `output_layouts` say it for each input and output instead.
        `split_groups` splits grouped convolutions, for runtimes older than TensorFlow 2.9. Raises UnsupportedOperators
        with all that is lacking, or Error.
        """
        call, report = Call(), ffi.new("tnn_report **")
        options, kept = _convert_options(layout, input_layouts, output_layouts)
        options.split_groups = split_groups
        call.check(lib.tnn_model_convert(self._handle, os.fsencode(path), options, report, call.lacks, call.error))
        del kept  # the C library reads it until here
        return _take_report(report[0])

    def check(self, layout: str = "nhwc") -> dict[str, Any]:
        """The report of a conversion that writes nothing. Raises what `convert` raises."""
        call, report = Call(), ffi.new("tnn_report **")
        options, kept = _convert_options(layout, None, None)
        call.check(lib.tnn_model_check(self._handle, options, report, call.lacks, call.error))
        del kept  # the C library reads it until here
        return _take_report(report[0])


def _written(choice: str) -> int:
    names: dict[str, int] = {
        "refuse": lib.TNN_WRITTEN_REFUSE,
        "return": lib.TNN_WRITTEN_RETURN,
        "ignore": lib.TNN_WRITTEN_IGNORE,
    }
    if choice not in names:
        raise _fail(f'"{choice}" for what is written: expected "refuse", "return" or "ignore"')
    return names[choice]


def load(
    path: Path,
    inputs: InputSpecs | None = None,
    model: str | None = None,
    method: str | None = None,
    written_inputs: str = "refuse",
    written_buffers: str = "ignore",
) -> Model:
    """Read a model that `torch.export.save` or `torch.jit.save` wrote.

    `inputs` replaces what the file says of its inputs: shapes in order, or by name; a shape may come with a dtype, as in
    `{"tokens": ((1, 128), "int64")}`. A scripted model does not say anything of its inputs, so it needs them. `model` names
    one of an archive that holds several, `method` a method of a TorchScript model, which is `forward` without it.
    `written_inputs` and `written_buffers` say what becomes of those that the program writes to in place: "refuse",
    "return" the new value as one more output, "ignore" it with a warning. Raises UnsupportedOperators with all that is
    lacking, or Error.
    """
    call = Call()
    options, kept = _load_options(inputs, model, method)
    options.written_inputs, options.written_buffers = _written(written_inputs), _written(written_buffers)
    out = ffi.new("tnn_model **")
    call.check(lib.tnn_model_load(out, os.fsencode(path), options, call.lacks, call.error))
    del kept  # the C library reads it until here
    return Model(out[0])


def inspect(
    path: Path,
    inputs: InputSpecs | None = None,
    model: str | None = None,
    method: str | None = None,
) -> dict[str, Any]:
    """What a `.pt2` or `.tflite` file holds: inputs, outputs, operators with counts, tensors, sizes. Of a file of
    `torch.save`, which has no program: its tensors. The other arguments are those of `load`."""
    call = Call()
    out = ffi.new("char **")
    options, kept = _load_options(inputs, model, method)
    status = lib.tnn_inspect(os.fsencode(path), options, True, out, call.lacks, call.error)
    del kept  # the C library reads it until here
    described = take_text(out[0])
    call.check(status)
    return _object(described)
