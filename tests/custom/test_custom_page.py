"""docs/custom-operators.md, as its reader follows it: files are written, commands and programs run, and what it shows
is what is printed."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

TREE = Path(__file__).resolve().parents[2]
PAGE = (TREE / "docs" / "custom-operators.md").read_text()


def blocks() -> list[tuple[str, str]]:
    """Each block of code with the paragraph before it."""
    found, paragraph, code = [], "", []
    for line in [*PAGE.splitlines(), "end"]:
        if line.startswith("    ") or (not line and code):
            code.append(line[4:])
            continue
        if code:
            found.append((paragraph, "\n".join(code).rstrip() + "\n"))
            code = []
        if line:
            paragraph = line
    return found


def parts(start: str) -> list[str]:
    return [code for _, code in blocks() if code.startswith(start)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """With the files that paragraphs name."""
    folder = tmp_path_factory.mktemp("page")
    for paragraph, code in blocks():
        name = re.search(r"`([\w.]+\.(?:py|yaml))`:$", paragraph)
        if name:
            (folder / name[1]).write_text(code)
    assert sorted(path.name for path in folder.iterdir()) == ["grid.yaml", "kernel.yaml", "meaning.yaml", "network.py"]
    return folder


def run(command: str, folder: Path, program: Path) -> subprocess.CompletedProcess:
    words = command.split()
    words[0] = {"python": sys.executable, "tinynn": str(program)}[words[0]]
    return subprocess.run(words, check=False, capture_output=True, text=True, cwd=folder)


@pytest.fixture(scope="module")
def network(folder, program):
    done = run("python network.py", folder, program)
    assert done.returncode == 0, done.stderr
    return folder


def commands() -> list[str]:
    return [line for _, code in blocks() for line in code.splitlines() if line.startswith("tinynn ")]


def test_refusal_is_the_one_shown(network, program):
    done = run("tinynn check network.pt2", network, program)
    assert done.returncode == 3
    assert done.stderr.replace(f"{network.name}/network.py", "network.py") == parts("tinynn: network.pt2")[0]


def test_commands(network, program):
    assert commands()[1:] == [
        "tinynn convert network.pt2 --custom-ops meaning.yaml --report report.json",
        "tinynn convert network.pt2 --custom-ops kernel.yaml -o kernel.tflite",
        "tinynn inspect kernel.tflite",
    ]
    for command in commands()[1:]:
        done = run(command, network, program)
        assert done.returncode == 0 and done.stderr == "", done.stderr
    assert parts("  0 CONV_2D")[0] in done.stdout
    operators = json.loads((network / "report.json").read_text())["operators"]
    assert {name: row["count"] for name, row in operators.items()} == {"CONV_2D": 1, "MUL": 2, "LOGISTIC": 1}


def test_definition_of_grid_sampler(network, program):
    done = run("tinynn convert network.pt2 --custom-ops meaning.yaml --custom-ops grid.yaml -v", network, program)
    assert done.returncode == 0, done.stderr
    assert "the definition of aten::grid_sampler is not used" in done.stdout


def test_python(network):
    (code,) = parts("import tinynn")
    environment = {**os.environ, "PYTHONPATH": str(TREE / "python")}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=network, env=environment, check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


def test_c_compiles(network):
    (code,) = parts("#include <stdio.h>")
    (network / "convert.c").write_text(code)
    command = ["cc", "-std=c11", "-Wall", "-Wextra", "-Werror", "-fsyntax-only", f"-I{TREE / 'include'}", "convert.c"]
    done = subprocess.run(command, cwd=network, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
