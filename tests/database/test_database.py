"""PyTorch's own database of operators: every sample is right in LiteRT, or refused for a reason that is written down.

By default a part of the operators and the first sample of each; `make test-ops` takes them all, more samples, and both forms
of file.
"""

import os
from pathlib import Path

import database
import pytest

ALL = os.environ.get("TINYNN_TEST_ALL") == "1"
SAMPLES = 8 if ALL else 1
NAMES = list(database.OPERATORS) if ALL else list(database.OPERATORS)[::10]
HARMLESS = {"right", "random", "unsaved"}


def read_expected() -> dict[str, list[str]]:
    """What is refused, by the operator's name in the database: how the reasons begin."""
    expected = {}
    for line in (Path(__file__).parent / "refused.txt").read_text().splitlines():
        if line and not line.startswith("#"):
            name, reason = line.split(": ", 1)
            expected.setdefault(name, []).append(reason)
    return expected


EXPECTED = read_expected()


@pytest.mark.parametrize("form", database.FORMS)
@pytest.mark.parametrize("name", NAMES)
def test_operator(name: str, form: str, tmp_path: Path) -> None:
    for index, sample in enumerate(database.samples(name, SAMPLES)):
        layouts = database.LAYOUTS if form == "exported" else database.LAYOUTS[:1]
        outcome = database.examine(sample, form, tmp_path, layouts)
        if outcome.state == "refused":
            assert any(reason in outcome.why for reason in EXPECTED.get(name, [])), f"sample {index}: {outcome.why}"
        else:
            assert outcome.state in HARMLESS, f"sample {index}: {outcome.state}: {outcome.why}"
