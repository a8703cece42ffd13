"""The documents tell the truth about the tree: commands, code and links exist."""

import re
from pathlib import Path

import pytest

TREE = Path(__file__).resolve().parent.parent.parent
PAGES = [*sorted(TREE.glob("README*.md")), *sorted((TREE / "docs").glob("*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_files_exist(page):
    text = page.read_text()
    linked = [page.parent / link for link in re.findall(r"\]\(([^)#:]+)\)", text)]
    folders = r"(?:src|docs|tests|tools|bench|examples|include)"
    named = [TREE / name for name in re.findall(rf"`({folders}/[\w./-]+)`", text)]
    missing = [str(path.relative_to(TREE)) for path in linked + named if not path.exists()]
    assert not missing


def indented_blocks(text: str) -> list[str]:
    """The code of a page, without the indentation of its first line."""
    blocks = re.findall(r"(?:^(?: {4,}.*\n|\n(?= {4})))+", text, flags=re.MULTILINE)
    return [block for block in blocks if block.strip()]


def squeezed(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def test_code_of_the_operator_page_is_in_the_tree():
    """Each block of C or cases in docs/adding-an-operator.md stands in the tree as it is shown."""
    page = (TREE / "docs" / "adding-an-operator.md").read_text()
    files = [*(TREE / "src").rglob("*.[ch]"), *(TREE / "tests" / "ops").glob("*.py")]
    code = squeezed("\n".join(path.read_text() for path in files))
    for block in indented_blocks(page):
        if "pytest" not in block:
            assert squeezed(block).rstrip("\\ ") in code, block
