"""The tables of docs/performance.md: each stands between two comments that name the program which measured it."""

from pathlib import Path

PAGE = Path(__file__).resolve().parent.parent / "docs" / "performance.md"


def write(program: str, text: str) -> None:
    """Replace what `program` (its path in the tree) wrote before."""
    begin, end = f"<!-- {program} begins -->\n", f"<!-- {program} ends -->\n"
    before, rest = PAGE.read_text().split(begin)
    PAGE.write_text(before + begin + text + end + rest.split(end)[1])
