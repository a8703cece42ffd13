"""Arrays of numpy as those of the C library, and back."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from ._native import ffi, lib, text
from ._options import Array, fail, fill_dims


def numpy_dtype(name: str) -> np.dtype[Any]:
    """The dtype of numpy with PyTorch's name."""
    try:
        return np.dtype(name)
    except TypeError:
        raise fail(f"numpy has no dtype {name}") from None


def describe_arrays(arrays: Sequence[Array]) -> Any:
    """C arrays over the memory of dense arrays, which the caller keeps alive."""
    described = ffi.new("tnn_array[]", max(len(arrays), 1))
    for target, array in zip(described, arrays):
        target.dtype = lib.tnn_dtype_from_name(array.dtype.name.encode())
        fill_dims(target, array.shape)
        # An array without elements has nothing to point to.
        target.data = ffi.cast("void *", array.ctypes.data)
    return described


def copy_array(array: Any) -> Array:
    """A C array as one of numpy; bfloat16, which numpy does not have, as float32 of the same numbers."""
    name = text(lib.tnn_dtype_name(array.dtype))
    shape = tuple(array.dims[0 : array.rank])
    count = int(np.prod(shape, dtype=np.int64))
    stored = np.dtype(np.uint16) if array.dtype == lib.TNN_DTYPE_BF16 else numpy_dtype(name)
    flat = np.frombuffer(ffi.buffer(array.data, count * stored.itemsize), stored) if count else np.empty(0, stored)
    if array.dtype == lib.TNN_DTYPE_BF16:
        flat = (flat.astype(np.uint32) << 16).view(np.float32)
    return flat.reshape(shape).copy()
