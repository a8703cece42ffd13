"""The public C headers as declarations for cffi, so that C and Python cannot differ."""

import re
from pathlib import Path

_NAMES = ("error", "dtype", "model", "run", "run_tflite", "progress", "metadata", "convert", "samples", "statistics", "precision", "quantize", "custom", "inspect", "codegen", "version")


def _declarations_of(header: str) -> str:
    """What cffi can read of a header: no comments, no C++ blocks, of the macros only those that are numbers."""
    header = re.sub(r"/\*.*?\*/", "", header, flags=re.DOTALL)
    header = re.sub(r"#ifdef __cplusplus.*?#endif", "", header, flags=re.DOTALL)
    numbers = re.findall(r"^#define \w+ \d+$", header, flags=re.MULTILINE)
    header = re.sub(r"^#.*$", "", header, flags=re.MULTILINE)
    return "\n".join(numbers) + header.replace("TNN_API", "")


def declarations(include: Path) -> str:
    """The declarations of the headers in `include`/tinynn that the package uses."""
    return "\n".join(_declarations_of((include / "tinynn" / f"{name}.h").read_text()) for name in _NAMES)


def includes() -> str:
    """The lines of C that include the same headers."""
    return "\n".join(f"#include <tinynn/{name}.h>" for name in _NAMES)
