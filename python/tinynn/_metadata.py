"""What a `.tflite` calls its inputs and outputs, and what it says of itself."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypedDict

from ._native import c_texts, ffi, lib


class Description(TypedDict, total=False):
    """- `input_names`, `output_names`: of the tensors and the signature, in order.
    - `image_mean`, `image_std`: how a picture becomes an input, (pixel - mean) / std, a number for each channel or one
      for all, as `torchvision.transforms.Normalize` takes them. `image_range`, 1 without it, is what a white pixel is
      in their unit: 255 for numbers of bytes. The file says them for bytes.
    - `labels`: for the positions along the last dimension of an output: a list, or the path of a file with one a line.
    - `metadata`: texts under the keys name, description, version, author and license.
    """

    input_names: Sequence[str] | None
    output_names: Sequence[str] | None
    image_mean: float | Sequence[float] | None
    image_std: float | Sequence[float] | None
    image_range: float
    labels: Sequence[str] | str | os.PathLike[str] | None
    metadata: Mapping[str, str] | None


_TEXTS = ("name", "description", "version", "author", "license")


def _list_of_numbers(numbers: float | Sequence[float] | None) -> tuple[Any, int]:
    if numbers is None:
        return ffi.NULL, 0
    items = [numbers] if isinstance(numbers, (int, float)) else [float(number) for number in numbers]
    return ffi.new("double[]", items), len(items)


def _label_text(labels: Sequence[str] | str | os.PathLike[str]) -> bytes:
    if isinstance(labels, (str, os.PathLike)):
        return Path(labels).read_bytes()
    # A label with a line break would be two.
    return "".join(" ".join(label.splitlines()) + "\n" for label in labels).encode()


def set_names(options: Any, given: Description) -> Any:
    """Fill these fields of tnn_convert_options; what comes back must live as long as they are used."""
    inputs, input_texts = c_texts(given.get("input_names"))
    outputs, output_texts = c_texts(given.get("output_names"))
    options.input_names, options.n_input_names = inputs, len(input_texts)
    options.output_names, options.n_output_names = outputs, len(output_texts)
    return inputs, input_texts, outputs, output_texts


def set_metadata(options: Any, given: Description) -> Any:
    """As set_names, the field `metadata`."""
    texts, labels = given.get("metadata") or {}, given.get("labels")
    unknown = [key for key in texts if key not in _TEXTS]
    if unknown:
        raise TypeError(f"metadata {unknown[0]!r}: expected one of {', '.join(_TEXTS)}")
    wanted = ("image_mean", "image_std", "labels", "metadata")
    if all(given.get(key) is None for key in wanted):
        return None
    said = ffi.new("tnn_metadata *", lib.tnn_metadata_default())
    kept = {key: ffi.new("char[]", text.encode()) for key, text in texts.items()}
    if labels is not None:
        kept["labels"] = ffi.new("char[]", _label_text(labels))
    for key, text in kept.items():
        setattr(said, key, text)
    mean, said.n_image_mean = _list_of_numbers(given.get("image_mean"))
    std, said.n_image_std = _list_of_numbers(given.get("image_std"))
    said.image_mean, said.image_std = mean, std
    said.image_range = given.get("image_range", 1.0)
    options.metadata = said
    return said, kept, mean, std
