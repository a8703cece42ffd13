"""Operators that the user defines."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ._errors import Call, Error
from ._native import ffi, lib


@dataclass(frozen=True)
class CustomOp:
    """What an operator of the network is: its meaning, or a CUSTOM operator of the `.tflite`.

    - `schema`: PyTorch's, `"mylib::swish(Tensor x, float beta=1.0) -> Tensor"`, which is what
      `torch.ops.mylib.swish.default._schema` prints. An operator of PyTorch's own may be defined anew.
    - `text`: a function called as the operator, in the subset of Python that docs/custom-operators.md describes.
    - `custom_code`: the name of a kernel in your runtime. Without it the text takes the operator's place.
    - `attributes`: the arguments that the file keeps, a list of names or a mapping from keys to names; without it all
      that an attribute can hold.
    - `layout`: "nhwc" or "nchw", that of tensors of four dimensions where the kernel reads and writes them.
    """

    schema: str
    text: str | None = None
    custom_code: str | None = None
    attributes: Sequence[str] | Mapping[str, str] | None = None
    layout: str = "nchw"


CustomOps = Sequence[CustomOp] | str | os.PathLike[str] | None


def _text(value: str | None) -> Any:
    return ffi.NULL if value is None else ffi.new("char[]", value.encode())


def _attributes(given: Sequence[str] | Mapping[str, str] | None) -> tuple[Any, Any]:
    """The C array, NULL for None, and the texts that it points to."""
    if given is None:
        return ffi.NULL, None
    pairs = list(given.items()) if isinstance(given, Mapping) else [(None, name) for name in given]
    texts = [(_text(key), _text(argument)) for key, argument in pairs]
    array = ffi.new("tnn_custom_attribute[]", max(len(pairs), 1))
    for target, (key, argument) in zip(array, texts):
        target.key, target.argument = key, argument
    return array, texts


def _add(ops: Any, definition: CustomOp) -> None:
    if definition.layout not in ("nchw", "nhwc"):
        message = f'layout "{definition.layout}": expected "nchw" or "nhwc"'
        raise Error("invalid", None, definition.schema, message, f"{definition.schema}: {message}")
    schema, meaning, code = (_text(value) for value in (definition.schema, definition.text, definition.custom_code))
    attributes, texts = _attributes(definition.attributes)
    op = ffi.new("tnn_custom_op *")
    op.schema, op.text, op.custom_code, op.attributes = schema, meaning, code, attributes
    op.n_attributes = len(definition.attributes or ())
    op.channels_last = definition.layout == "nhwc"
    call = Call()
    call.check(lib.tnn_custom_ops_add(ops, op, call.error))
    del texts  # the C library reads them until here


def custom_set(given: CustomOps) -> Any:
    """The definitions as the C library has them, NULL for none; the caller keeps the result alive."""
    if given is None:
        return ffi.NULL
    call, out = Call(), ffi.new("tnn_custom_ops **")
    call.check(lib.tnn_custom_ops_new(out, call.error))
    ops = ffi.gc(out[0], lib.tnn_custom_ops_free)
    if isinstance(given, (str, os.PathLike)):
        call.check(lib.tnn_custom_ops_read(ops, os.fsencode(given), call.error))
    else:
        for definition in given:
            if not isinstance(definition, CustomOp):
                raise TypeError(f"custom_ops: expected a path or a list of CustomOp, found {type(definition).__name__}")
            _add(ops, definition)
    return ops
