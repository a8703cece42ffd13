"""tools/check.py finds what it is for: faults planted in a small tree."""

import subprocess
import sys
from pathlib import Path

import pytest

CHECK = Path(__file__).resolve().parent.parent.parent / "tools" / "check.py"


@pytest.fixture
def tree(tmp_path):
    """A tree without faults; `write` changes it."""
    files = {
        "include/tinynn/error.h": "typedef int tnn_status;\n",
        "src/base/alloc.h": '#include "tinynn/error.h"\n',
        "src/ir/graph.c": '#include "base/alloc.h"\n',
        "src/ir/meson.build": "sources += files('graph.c')\n",
        "src/ops/conv.c": '#include "base/alloc.h"\n#include "row.h"\n',
        "src/ops/row.h": "",
        "src/ops/meson.build": "sources += files('conv.c')\n",
        "cli/main.c": '#include "tinynn/error.h"\n',
        "cli/meson.build": "executable('tinynn', 'main.c')\n",
    }

    def write(name: str, text: str) -> None:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    for name, text in files.items():
        write(name, text)
    write.root = tmp_path
    return write


def check(tree) -> tuple[int, str]:
    done = subprocess.run([sys.executable, CHECK, "--root", tree.root], capture_output=True, text=True)
    return done.returncode, done.stdout


def test_clean_tree_passes(tree):
    code, printed = check(tree)
    assert code == 0, printed


@pytest.mark.parametrize(
    "name, text, complaint",
    [
        ("src/ir/graph.c", '#include "ops/row.h"\n', 'ir may not include "ops/row.h"'),
        ("src/base/alloc.h", '# include "ir/graph.h"\n', 'base may not include "ir/graph.h"'),
        ("cli/main.c", '#include "base/alloc.h"\n', 'cli may not include "base/alloc.h"'),
        ("src/misc/x.h", "", "folder misc has no rule"),
        ("src/ops/graph.c", "", "the name is taken twice"),
        ("tests/ops/conv.c", "", "the name is taken twice"),
        ("src/ir/meson.build", "sources += files()\n", "src/ir/graph.c: not in src/ir/meson.build"),
        ("include/tinynn/error.h", "tnn_status f(void);\n", "error.h: gcc"),
        ("include/tinynn/error.h", "typedef enum { class } e;\n", "error.h: gcc -x c++"),
        ("src/ops/row.h", "\tint x;\n", "src/ops/row.h:1: a tab"),
        ("src/ops/row.h", "int x; \n", "src/ops/row.h:1: a tab, or a space"),
        ("src/ops/row.h", "int x;", "no newline at the end"),
    ],
)
def test_fault_is_found(tree, name, text, complaint):
    tree(name, text)
    code, printed = check(tree)
    assert code == 1
    assert complaint in printed


def test_long_file_is_listed(tree):
    tree("src/ops/row.h", "int x;\n" * 601)
    code, printed = check(tree)
    assert code == 0
    assert "src/ops/row.h: 601 lines, more than 600" in printed
