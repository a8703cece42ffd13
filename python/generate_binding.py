"""Write the C source of the extension module tinynn._binding.

    generate_binding.py INCLUDE OUT.c
"""

import sys
from pathlib import Path

import cffi

sys.path.insert(0, str(Path(__file__).resolve().parent / "tinynn"))
from _headers import declarations, includes


def main(include: str, out: str) -> None:
    ffi = cffi.FFI()
    ffi.cdef(declarations(Path(include)))
    ffi.set_source("tinynn._binding", includes())
    ffi.emit_c_code(out)


if __name__ == "__main__":
    main(*sys.argv[1:])
