"""The C library, called through cffi. The declarations are read from the public headers, so that the two cannot differ."""

import os
import re
from pathlib import Path

import cffi

_PACKAGE = Path(__file__).resolve().parent
_TREE = _PACKAGE.parent.parent
_HEADERS = ("error", "dtype", "model", "convert", "inspect", "version")


def _find(variable: str, candidates: list[Path]) -> Path:
    """The path that an environment variable names, or the first candidate that exists."""
    named = os.environ.get(variable)
    if named:
        return Path(named)
    for path in candidates:
        if path.exists():
            return path
    places = ", ".join(str(path) for path in candidates)
    raise ImportError(f"tinynn: none of {places} exists; build the library or set {variable}")


def _declarations(header: str) -> str:
    """What cffi can read of a header: no comments, no C++ blocks, of the macros only those that are numbers."""
    header = re.sub(r"/\*.*?\*/", "", header, flags=re.DOTALL)
    header = re.sub(r"#ifdef __cplusplus.*?#endif", "", header, flags=re.DOTALL)
    numbers = re.findall(r"^#define \w+ \d+$", header, flags=re.MULTILINE)
    header = re.sub(r"^#.*$", "", header, flags=re.MULTILINE)
    return "\n".join(numbers) + header.replace("TNN_API", "")


def _open() -> tuple[cffi.FFI, object]:
    include = _find("TINYNN_INCLUDE", [_PACKAGE / "include", _TREE / "include"])
    library = _find("TINYNN_LIBRARY", [_PACKAGE / "libtinynn.so", _TREE / "build" / "libtinynn.so"])
    ffi = cffi.FFI()
    for name in _HEADERS:
        ffi.cdef(_declarations((include / "tinynn" / f"{name}.h").read_text()))
    return ffi, ffi.dlopen(str(library))


ffi, lib = _open()


def text(pointer) -> str:
    """A C string as Python's; NULL is empty."""
    return ffi.string(pointer).decode("utf-8", "replace") if pointer else ""


def take_text(pointer) -> str:
    """As `text`, and release the C string, which the caller owned."""
    try:
        return text(pointer)
    finally:
        lib.tnn_text_free(pointer)


def version() -> str:
    return text(lib.tnn_version())
