"""What a caller may say, as the structs of the C library."""

from __future__ import annotations

import difflib
import os
from collections.abc import Mapping, Sequence
from typing import Any, TypedDict, cast

import numpy as np

from ._custom import CustomOps, custom_set
from ._errors import Error
from ._metadata import Description, set_metadata, set_names
from ._native import c_texts, ffi, lib

Shape = Sequence[int]
InputSpec = Shape | tuple[Shape, str]
InputSpecs = Sequence[InputSpec] | Mapping[str, InputSpec]
Path = str | os.PathLike[str]
Array = np.ndarray[Any, Any]


class DynamicRange(TypedDict, total=False):
    """Weights of 8 bits under activations of floats, in detail.

    - `per_tensor`: one scale for all weights of a layer; else one an output channel.
    - `symmetric_inputs`: what meets the weights of fully connected layers is quantized without a zero point.
    - `linear_only`: convolutions stay float.
    - `even_if_slower`: layers of few weights beside what meets them, too: the smallest file.
    - `min_elems`: layers of fewer weights stay float; 1024.
    - `floats`: tensors of the file whose operators stay float.
    """

    per_tensor: bool
    symmetric_inputs: bool
    linear_only: bool
    even_if_slower: bool
    min_elems: int
    floats: Sequence[str]


class Int4(TypedDict, total=False):
    """Weights of 4 bits, in detail.

    - `linear_only`: convolutions keep 8 bits.
    - `min_elems`: layers of fewer weights keep 8 bits; 1024.
    - `layers`: patterns with * and ?, of which one fits the layer's module or result; all layers without it.
    """

    linear_only: bool
    min_elems: int
    layers: Sequence[str]


class ConvertOptions(Description, total=False):
    """What else may be said of a conversion; Description says more.

    - `input_layouts`, `output_layouts`: "nhwc" or "nchw" for each input and output.
    - `split_groups`: split grouped convolutions, for runtimes older than TensorFlow 2.9.
    - `float16`: store float32 weights as float16, each behind a DEQUANTIZE: half the size, numbers of 11 bits.
    - `dynamic_range`: weights of 8 bits, a scale an output channel, while all else stays float; or a DynamicRange.
    - `weights`: of integers, of `quantize` and of `dynamic_range`: "int8"; "int4", two in a byte, of convolutions without groups and
      fully connected layers; or an Int4.
    - `legacy_gelu`: gelu as x * sigmoid(1.702 x), which is another function.
    - `tconv_bias_as_add`: the bias of a transposed convolution as an ADD behind it.
    - `separate_gates`: a FULLY_CONNECTED for each gate of recurrent layers.
    - `max_transpose_dims`: most dimensions of a TRANSPOSE; 0: as they come.
    - `mtk_ops`: transposed convolutions as MediaTek's CUSTOM operator MTK_TRANSPOSE_CONV.
    - `micro`: for TensorFlow Lite Micro, CONCATENATION has at most 10 inputs.
    - `optimize`: 0 to 5, which is all and the default; tinynn/convert.h says what is left out below.
    """

    input_layouts: Sequence[str] | None
    output_layouts: Sequence[str] | None
    split_groups: bool
    float16: bool
    dynamic_range: bool | DynamicRange
    weights: str | Int4
    legacy_gelu: bool
    tconv_bias_as_add: bool
    separate_gates: bool
    max_transpose_dims: int
    mtk_ops: bool
    micro: bool
    optimize: int


# Options that are fields of tnn_convert_options as they stand.
_PLAIN_FIELDS = ("split_groups", "float16", "legacy_gelu", "tconv_bias_as_add", "separate_gates", "max_transpose_dims",
                 "mtk_ops", "micro", "optimize")

_LAYOUTS: dict[str, int] = {"nhwc": lib.TNN_LAYOUT_NHWC, "nchw": lib.TNN_LAYOUT_NCHW}
_WRITTEN: dict[str, int] = {
    "refuse": lib.TNN_WRITTEN_REFUSE,
    "return": lib.TNN_WRITTEN_RETURN,
    "ignore": lib.TNN_WRITTEN_IGNORE,
}


def fail(message: str) -> Error:
    """The error for what the caller got wrong."""
    return Error("invalid", None, "", message, message)


def _layout(name: str) -> int:
    if name not in _LAYOUTS:
        raise fail(f'layout "{name}": expected "nhwc" or "nchw"')
    return _LAYOUTS[name]


def _written(choice: str) -> int:
    if choice not in _WRITTEN:
        raise fail(f'"{choice}" for what is written: expected "refuse", "return" or "ignore"')
    return _WRITTEN[choice]


def fill_dims(target: Any, shape: Shape) -> None:
    """Set `rank` and `dims` of a C struct."""
    if len(shape) > lib.TINYNN_MAX_RANK:
        raise fail(f"{len(shape)} dimensions, at most {lib.TINYNN_MAX_RANK} are possible")
    target.rank = len(shape)
    target.dims[0 : len(shape)] = [int(dim) for dim in shape]


def split_spec(spec: InputSpec) -> tuple[Shape, str | None]:
    """The shape and, where it is said, the dtype of an input."""
    match spec:
        case [shape, str(dtype)]:
            return cast(Shape, shape), dtype
    return spec, None


def input_specs(inputs: InputSpecs | None) -> tuple[Any, int, Any]:
    """The C array for `load`, its length, and the names that it points to; the caller keeps all alive."""
    pairs = list(inputs.items()) if isinstance(inputs, Mapping) else [(None, spec) for spec in inputs or ()]
    names = [ffi.NULL if name is None else ffi.new("char[]", name.encode()) for name, _ in pairs]
    specs = ffi.new("tnn_input_spec[]", max(len(pairs), 1))
    for target, name, (_, spec) in zip(specs, names, pairs):
        shape, dtype = split_spec(spec)
        target.name = name
        target.dtype = lib.tnn_dtype_from_name(dtype.encode()) if dtype else lib.TNN_DTYPE_NONE
        if dtype and target.dtype == lib.TNN_DTYPE_NONE:
            raise fail(f'no dtype is called "{dtype}"')
        fill_dims(target, shape)
    return specs, len(pairs), names


def load_options(
    inputs: InputSpecs | None,
    model: str | None,
    method: str | None,
    written_inputs: str = "refuse",
    written_buffers: str = "ignore",
    custom_ops: CustomOps = None,
    as_written: bool = False,
    weights: Path | None = None,
) -> tuple[Any, Any]:
    """The C struct for `load` and `inspect`, with what the caller keeps alive: cffi does not."""
    options = ffi.new("tnn_load_options *", lib.tnn_load_options_default())
    specs, count, names = input_specs(inputs)
    options.inputs, options.n_inputs = specs, count
    member, function = (ffi.NULL if name is None else ffi.new("char[]", name.encode()) for name in (model, method))
    state = ffi.NULL if weights is None else ffi.new("char[]", os.fsencode(weights))
    options.model, options.method, options.weights = member, function, state
    options.written_inputs, options.written_buffers = _written(written_inputs), _written(written_buffers)
    options.as_written = as_written
    customs = options.custom_ops = custom_set(custom_ops)
    return options, (specs, names, member, function, state, customs)


def _check_names(given: ConvertOptions) -> None:
    known = ConvertOptions.__annotations__
    for name in given:
        if name not in known:
            near = difflib.get_close_matches(name, known, 1)
            raise TypeError(f"unknown option {name!r}" + (f", did you mean {near[0]!r}?" if near else ""))


def _set_dynamic_range(options: Any, given: bool | DynamicRange) -> Any:
    """Returns what the caller keeps alive."""
    target = options.dynamic_range
    target.enabled = given is not False
    if isinstance(given, bool):
        return None
    for name, value in given.items():
        if name not in DynamicRange.__annotations__:
            raise TypeError(f"dynamic_range: unknown option {name!r}")
        if name != "floats":
            setattr(target, name, value)
    names = [ffi.new("char[]", name.encode()) for name in given.get("floats", ())]
    target.floats, target.n_floats = (floats := ffi.new("char *[]", names)), len(names)
    return names, floats


def _set_weights(options: Any, given: str | Int4) -> Any:
    """Returns what the caller keeps alive."""
    if isinstance(given, str):
        if given not in ("int8", "int4"):
            raise fail(f"weights {given!r}: expected 'int8', 'int4' or an Int4")
        options.int4.enabled = given == "int4"
        return None
    options.int4.enabled = True
    for name, value in given.items():
        if name not in Int4.__annotations__:
            raise TypeError(f"weights: unknown option {name!r}")
        if name != "layers":
            setattr(options.int4, name, value)
    if "layers" not in given:
        return None
    layers, kept = c_texts(given["layers"])
    options.int4.layers, options.int4.n_layers = layers, len(kept)
    return layers, kept


def convert_options(layout: str, given: ConvertOptions) -> tuple[Any, Any]:
    """The C struct for `convert`, with what the caller keeps alive."""
    _check_names(given)
    options = ffi.new("tnn_convert_options *", lib.tnn_convert_options_default())
    options.layout = _layout(layout)
    input_names, output_names = given.get("input_layouts"), given.get("output_layouts")
    inputs, outputs = (
        ffi.NULL if names is None else ffi.new("tnn_io_layout[]", [_layout(name) for name in names])
        for names in (input_names, output_names)
    )
    options.input_layouts, options.n_input_layouts = inputs, len(input_names or ())
    options.output_layouts, options.n_output_layouts = outputs, len(output_names or ())
    for name in _PLAIN_FIELDS:
        if name in given:
            setattr(options, name, given[name])  # type: ignore[literal-required]
    dynamic_range = _set_dynamic_range(options, given.get("dynamic_range", False))
    weights = _set_weights(options, given.get("weights", "int8"))
    return options, (inputs, outputs, dynamic_range, weights, set_names(options, given), set_metadata(options, given))
