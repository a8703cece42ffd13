"""The C library, called through cffi.

An installed package has the library inside its own extension module. In the source tree there is none, and the shared
library of a build folder is opened instead, with the declarations of the headers beside it.
"""

import os
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

_TREE = Path(__file__).resolve().parent.parent.parent


def _find(variable: str, default: Path) -> Path:
    """The path that an environment variable names, or the default."""
    path = Path(os.environ.get(variable) or default)
    if not path.exists():
        raise ImportError(f"tinynn: {path} does not exist; build the library or set {variable}")
    return path


def _open_shared() -> tuple[Any, Any]:
    import cffi

    from ._headers import declarations

    ffi = cffi.FFI()
    ffi.cdef(declarations(_find("TINYNN_INCLUDE", _TREE / "include")))
    return ffi, ffi.dlopen(str(_find("TINYNN_LIBRARY", _TREE / "build" / "libtinynn.so")))


def _open() -> tuple[Any, Any]:
    try:
        binding = import_module("tinynn._binding")
    except ModuleNotFoundError:
        return _open_shared()
    return binding.ffi, binding.lib


ffi, lib = _open()


def text(pointer: Any) -> str:
    """A C string as Python's; NULL is empty."""
    return str(ffi.string(pointer).decode("utf-8", "replace")) if pointer else ""


def take_text(pointer: Any) -> str:
    """As `text`, and release the C string, which the caller owned."""
    try:
        return text(pointer)
    finally:
        lib.tnn_text_free(pointer)


def c_texts(names: Sequence[str] | None) -> tuple[Any, list[Any]]:
    """The C array of texts, NULL for None, with the texts, which the caller keeps alive."""
    if names is None:
        return ffi.NULL, []
    texts = [ffi.new("char[]", name.encode()) for name in names]
    return ffi.new("char *[]", [*texts, ffi.NULL]), texts


def version() -> str:
    return text(lib.tnn_version())
