"""The schema table against LiteRT's own: its generated Python module has every field's number, type and default."""

import inspect
import os
import re
import subprocess
from pathlib import Path

import pytest
from ai_edge_litert import schema_py_generated as litert_schema

TREE = Path(__file__).resolve().parents[2]
SOURCE = inspect.getsource(litert_schema)
STORE = re.compile(r"^def (\w+)\(builder, \w+\):\s+builder\.Prepend(\w+)Slot\((\d+), .*, ([\w.-]+)\)$", re.M)
START = re.compile(r"^def (\w+)Start\(builder\):$", re.M)


def snake(name: str) -> str:
    name = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()
    return name.replace("options2", "options_2")


def reader(table: str, field: str) -> str:
    return inspect.getsource(getattr(getattr(litert_schema, table), field))


def offset_type(table: str, field: str) -> str:
    """The type of a field that is an offset, from how it is read."""
    text = reader(table, field)
    vector = "[]" if ".Vector(o)" in text else ""
    child = re.search(r"obj = (\w+)\(\)", text)
    item = re.search(r"number_types\.(\w+)Flags, a \+", text)
    if child:
        return child.group(1) + vector
    if item:
        return item.group(1) + vector
    return "String" if "_tab.String" in text else "Union"


def default(text: str) -> int:
    return {"False": 0, "True": 1}.get(text) if text in ("False", "True") else int(float(text))


def expected_fields() -> set[tuple]:
    tables = sorted(START.findall(SOURCE), key=len, reverse=True)
    found = set()
    for function, kind, number, value in STORE.findall(SOURCE):
        table = next(t for t in tables if function.startswith(t + "Add"))
        field = function[len(table) + 3 :]
        offset = kind == "UOffsetTRelative"
        type_name = offset_type(table, field) if offset else kind
        found.add((table, snake(field), int(number), type_name, 0 if offset else default(value)))
    return found


@pytest.fixture(scope="module")
def lines() -> list[list[str]]:
    program = Path(os.environ.get("TINYNN_PRINT_FBS", TREE / "build-asan/tests/tflite/print_fbs"))
    if not program.exists():
        pytest.fail(f"{program} is missing: build the tests first", pytrace=False)
    text = subprocess.run([program], check=True, capture_output=True, text=True).stdout
    return [line.split() for line in text.splitlines()]


def test_fields(lines):
    ours = {(t, f, int(n), kind, int(d)) for t, f, n, kind, d in (line for line in lines if len(line) == 5)}
    assert ours == expected_fields()


@pytest.mark.parametrize("union", ["BuiltinOptions", "BuiltinOptions2"])
def test_unions(lines, union):
    theirs = {n: v for n, v in vars(getattr(litert_schema, union)).items() if isinstance(v, int) and v != 0}
    assert {line[2]: int(line[1]) for line in lines if line[0] == union and len(line) == 3} == theirs
