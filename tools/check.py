#!/usr/bin/env python3
"""Checks of the source tree that no compiler makes. Prints a line a check; exits 1 when one fails.

    tools/check.py            all checks
    tools/check.py --root DIR on another tree (its own test uses this)
"""

import argparse
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

# Which folders a folder may include besides itself; what those may include is allowed too. "public" is include/tinynn.
ALLOWED = {
    "base": [],
    "ir": ["base"],
    "ops": ["ir"],
    "eval": ["ops"],
    "passes": ["eval"],
    "read": ["eval"],
    "samples": ["read"],
    "engine": ["passes"],
    "prune": ["passes", "engine"],
    "quant": ["passes", "engine"],
    "codegen": ["passes", "engine"],
    "tflite": ["passes", "quant"],
    "api": ["read", "samples", "tflite", "engine", "prune", "codegen"],
    "cli": [],
}
MAX_LINES = 600
TEXT_ENDINGS = {".c", ".h", ".py", ".sh", ".md", ".build", ".txt", ".yaml", ".yml", ".json"}
SOURCE_FOLDERS = ("src", "cli", "include", "tests", "tools", "python", "bench", "docs", "examples")


def reachable(folder: str) -> set[str]:
    """The folders that `folder` may include."""
    seen = {folder}
    todo = [folder]
    while todo:
        for below in ALLOWED[todo.pop()]:
            if below not in seen:
                seen.add(below)
                todo.append(below)
    return seen


def includes(path: Path) -> list[str]:
    return re.findall(r'^\s*#\s*include\s*"([^"]+)"', path.read_text(), flags=re.MULTILINE)


def code_files(root: Path) -> list[Path]:
    """C files of the library and of the program."""
    return sorted(p for top in ("src", "cli") for p in (root / top).rglob("*.[ch]"))


def area_of(root: Path, path: Path) -> str:
    """ "ir" for src/ir/graph.c, "cli" for cli/main.c."""
    parts = path.relative_to(root).parts
    return parts[1] if parts[0] == "src" else parts[0]


def check_folders(root: Path) -> list[str]:
    """A folder includes only what stands below it."""
    wrong = []
    for path in code_files(root):
        area = area_of(root, path)
        if area not in ALLOWED:
            wrong.append(f"{path.relative_to(root)}: folder {area} has no rule in tools/check.py")
            continue
        for name in includes(path):
            target = name.split("/")[0] if "/" in name else area
            if target != "tinynn" and target not in reachable(area):
                wrong.append(f'{path.relative_to(root)}: {area} may not include "{name}"')
    return wrong


def check_unique_names(root: Path) -> list[str]:
    """A file name stands for one file in the whole tree of C."""
    files = code_files(root) + sorted((root / "tests").rglob("*.[ch]"))
    count = Counter(path.name for path in files)
    return [f"{path.relative_to(root)}: the name is taken twice" for path in files if count[path.name] > 1]


def check_listed(root: Path) -> list[str]:
    """Every C file of the library and program stands in the meson.build of its folder."""
    wrong = []
    for path in code_files(root):
        build = path.parent / "meson.build"
        listed = build.exists() and f"'{path.name}'" in build.read_text()
        if path.suffix == ".c" and not listed:
            wrong.append(f"{path.relative_to(root)}: not in {build.relative_to(root)}")
    return wrong


def compiles(command: list[str], text: str) -> str:
    """What the compiler complains of, "" when it does not."""
    done = subprocess.run(command, input=text, capture_output=True, text=True)
    return "" if done.returncode == 0 else done.stderr.strip()


def check_public_headers(root: Path) -> list[str]:
    """Each public header compiles alone, as C11 and as C++, by gcc and by clang."""
    wrong = []
    warnings = ["-Wall", "-Wextra", "-Wpedantic", "-Werror", "-fsyntax-only", "-I", str(root / "include")]
    for header in sorted((root / "include" / "tinynn").glob("*.h")):
        for compiler in ("gcc", "clang"):
            for language in (["-x", "c", "-std=c11"], ["-x", "c++", "-std=c++11"]):
                text = f"#include <tinynn/{header.name}>\n"
                said = compiles([compiler, *language, *warnings, "-"], text)
                if said:
                    wrong.append(f"{header.name}: {compiler} {' '.join(language)}: {said.splitlines()[0]}")
    return wrong


def text_files(root: Path) -> list[Path]:
    found = [p for top in SOURCE_FOLDERS for p in (root / top).rglob("*") if p.suffix in TEXT_ENDINGS and p.is_file()]
    return sorted(p for p in found if "corpus" not in p.parts and "__pycache__" not in p.parts)


def check_text(root: Path) -> list[str]:
    """No tabs, no spaces at a line's end, a newline at the file's."""
    wrong = []
    for path in text_files(root):
        text = path.read_text()
        for number, line in enumerate(text.split("\n"), 1):
            if "\t" in line or line != line.rstrip():
                wrong.append(f"{path.relative_to(root)}:{number}: a tab, or a space at the end")
        if text and not text.endswith("\n"):
            wrong.append(f"{path.relative_to(root)}: no newline at the end")
    return wrong


def print_long_files(root: Path) -> None:
    """Long files are listed, not refused: tables may be long."""
    for path in text_files(root):
        lines = path.read_text().count("\n")
        if path.suffix in (".c", ".h", ".py") and lines > MAX_LINES:
            print(f"note  {path.relative_to(root)}: {lines} lines, more than {MAX_LINES}")


CHECKS = [check_folders, check_unique_names, check_listed, check_public_headers, check_text]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--root", type=Path, default=Path(__file__).resolve().parent.parent)
    root = parser.parse_args().root
    failed = 0
    for check in CHECKS:
        wrong = check(root)
        failed += bool(wrong)
        print(f"{'FAIL' if wrong else 'ok  '}  {check.__name__}: {check.__doc__}")
        for line in wrong:
            print(f"      {line}")
    print_long_files(root)
    print(f"checks: {len(CHECKS) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
