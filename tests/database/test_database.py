"""PyTorch's own database of operators: every sample is right in LiteRT, or refused for a reason that is written down.

By default a part of the operators and the first sample of each; `make test-ops` takes them all, more samples, and both forms
of file.
"""

import os
import warnings
from pathlib import Path

import database
import pytest

ALL = os.environ.get("TINYNN_TEST_ALL") == "1"
SAMPLES = 8 if ALL else 1
NAMES = list(database.OPERATORS) if ALL else list(database.OPERATORS)[::6]
HARMLESS = {"right", "random", "unsaved"}


def read_expected() -> dict[str, str]:
    """What is refused, by the operator's name in the database: the beginning of the reason."""
    lines = (Path(__file__).parent / "refused.txt").read_text().splitlines()
    return dict(line.split(": ", 1) for line in lines if line and not line.startswith("#"))


EXPECTED = read_expected()


@pytest.mark.parametrize("form", database.FORMS)
@pytest.mark.parametrize("name", NAMES)
def test_operator(name: str, form: str, tmp_path: Path) -> None:
    for index, sample in enumerate(database.samples(name, SAMPLES)):
        layouts = database.LAYOUTS if form == "exported" else database.LAYOUTS[:1]
        outcome = database.examine(sample, form, tmp_path, layouts)
        if outcome.state == "refused":
            assert EXPECTED.get(name, "refused without being listed") in outcome.why, f"sample {index}: {outcome.why}"
        else:
            assert outcome.state in HARMLESS, f"sample {index}: {outcome.state}: {outcome.why}"
