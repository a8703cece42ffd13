"""The pages for users: what they show runs, and the Chinese pages show the same."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

TREE = Path(__file__).resolve().parent.parent.parent
BOTH = ["README.md", "docs/FAQ.md", "docs/coming-from-tinynn.md"]  # in English and Chinese
RUN = [*BOTH, "docs/mixed-precision.md"]
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(page: str) -> list[tuple[str, str]]:
    """The language and the text of each block of code."""
    return FENCE.findall((TREE / page).read_text())


def commands(page: str) -> list[tuple[str, str]]:
    """Those that are run: "console" is for what installs or builds, "text" and "yaml" for what is shown."""
    found = blocks(page)
    assert {language for language, _ in found} <= {"sh", "python", "c", "console", "text", "yaml"}
    return [block for block in found if block[0] in ("sh", "python", "c")]


@pytest.fixture
def environment(program, tmp_path) -> dict[str, str]:
    """As after an installation: `tinynn` and `python` are commands, `import tinynn` works."""
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "tinynn").symlink_to(program.resolve())
    (programs / "python").write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    (programs / "python").chmod(0o755)
    path = f"{programs}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, "PATH": path, "PYTHONPATH": str(TREE / "python"), "PYTHONWARNINGS": "ignore"}


def arguments(language: str, text: str) -> list[str]:
    if language == "sh":
        return ["sh", "-ec", text]
    if language == "python":
        return [sys.executable, "-c", text]
    return ["cc", "-std=c11", "-Wall", "-Wextra", "-Werror", "-fsyntax-only", f"-I{TREE / 'include'}", "-xc", "-"]


@pytest.mark.parametrize("page", RUN)
def test_blocks_run(page, environment, tmp_path):
    """In their order, in one folder that is empty at first. A block whose first line names a file is that file, too."""
    folder = tmp_path / "folder"
    folder.mkdir()
    for language, text in commands(page):
        name = re.match(r"# (\w+\.py)\n", text)
        if name:
            (folder / name.group(1)).write_text(text)
        done = subprocess.run(
            arguments(language, text), input=text, cwd=folder, env=environment, capture_output=True, text=True
        )
        assert done.returncode == 0, f"{text}\n{done.stdout}{done.stderr}"
        shown = text_behind(page, text)
        if shown is not None:
            assert_shown(shown, done.stdout + done.stderr)


def text_behind(page: str, block: str) -> str | None:
    """What a page says that a block prints: the block of text that follows it, with at most a line between."""
    whole = (TREE / page).read_text()
    behind = whole[whole.index(block) + len(block) :]
    found = re.match(r"```\n(?:\n[^\n]{0,120}\n)?\n```text\n(.*?)^```$", behind, re.MULTILINE | re.DOTALL)
    return found.group(1) if found else None


def assert_shown(shown: str, printed: str) -> None:
    """Each line was printed; "..." stands for anything."""
    for line in shown.splitlines():
        pattern = ".*".join(re.escape(part) for part in re.split(r"\.\.\.|…", line.strip()))
        assert re.search(pattern, printed), f"not printed: {line}\nbut:\n{printed}"


@pytest.mark.parametrize("page", BOTH)
def test_chinese_page_has_the_same_code(page):
    assert blocks(page.replace(".md", ".zh-CN.md")) == blocks(page)


@pytest.mark.parametrize("page", BOTH)
def test_chinese_page_has_the_same_headings(page):
    """As many, of the same depth: nothing is left out."""
    depths = [re.findall(r"^(#+) ", FENCE.sub("", (TREE / name).read_text()), re.MULTILINE)
              for name in (page, page.replace(".md", ".zh-CN.md"))]
    assert depths[0] == depths[1]
