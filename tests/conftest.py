"""What the Python tests share: the program as users have it from build/, with sanitizers from build-asan/, and the library
of the binding from build-debug/, where every stage verifies its graph."""

import os
import sys
import warnings
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parent
TREE = TESTS.parent
# Modules shared by tests, and the package under test.
sys.path[:0] = [str(TESTS), str(TESTS / "ops"), str(TESTS / "codegen"), str(TESTS / "exec"), str(TREE / "python")]
os.environ.setdefault("TINYNN_LIBRARY", str(TREE / "build-debug" / "libtinynn.so"))
warnings.filterwarnings("ignore", module="torch|litert")


def _built(variable: str, default: str) -> Path:
    path = Path(os.environ.get(variable, TREE / default))
    if not path.exists():
        pytest.fail(f"{path} is missing: run `make test`, or tools/build.sh", pytrace=False)
    return path


@pytest.fixture(scope="session")
def program() -> Path:
    """The program as users have it."""
    return _built("TINYNN_PROGRAM", "build/cli/tinynn")


@pytest.fixture(scope="session")
def checked_program() -> Path:
    """The program with AddressSanitizer and UndefinedBehaviorSanitizer."""
    return _built("TINYNN_CHECKED_PROGRAM", "build-asan/cli/tinynn")


@pytest.fixture(scope="session")
def probe(checked_program) -> Path:
    """tests/read/probe.c, with the same sanitizers."""
    return checked_program.parent.parent / "tests" / "read" / "probe"
