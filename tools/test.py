#!/usr/bin/env python3
"""Build tinynn in every way and run all tests; the last line is the sum.

The steps and what they need are in STEPS. A step that fails does not stop the others, but what is built by it will fail
too. TINYNN_TEST_ALL=1 runs the large networks as well; TINYNN_FUZZ_SECONDS sets the time of each fuzz target.
"""

import os
import re
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FUZZ_SECONDS = os.environ.get("TINYNN_FUZZ_SECONDS", "3")

# Title, command, and patterns of the numbers of passed and failed tests in what it prints; without patterns the step
# counts as one test.
PYTEST = (r"(\d+) passed", r"(\d+) (?:failed|errors?)\b")
SUMMARY = (r"(\d+) passed, \d+ failed$", r"\d+ passed, (\d+) failed$")
STEPS = [
    ("build, release", ["tools/build.sh", "release"], None),
    ("build, debug", ["tools/build.sh", "debug"], None),
    ("build, sanitizers", ["tools/build.sh", "asan"], None),
    ("build, clang and libFuzzer", ["tools/build.sh", "fuzz"], None),
    ("checks", ["python3", "tools/check.py"], SUMMARY),
    ("C tests, sanitizers", ["meson", "test", "-C", "build-asan", "--no-rebuild", "--print-errorlogs"],
     (r"^Ok: +(\d+)", r"^(?:Fail|Timeout): +(\d+)")),
    ("fuzz", ["tests/fuzz/run.sh", FUZZ_SECONDS], SUMMARY),
    ("Python tests", [".venv/bin/python", "-m", "pytest", "-q", "-n", "2", "--dist", "worksteal", "tests"], PYTEST),
]


def run(command: list[str]) -> tuple[int, str]:
    """Run and show; returns the exit code and what was printed."""
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                               errors="replace")
    lines = []
    for line in process.stdout:
        sys.stdout.write(line)
        sys.stdout.flush()
        lines.append(line)
    return process.wait(), "".join(lines)


def count(code: int, printed: str, patterns: tuple[str, str] | None) -> tuple[int, int]:
    """Passed and failed; a step that fails without counting anything counts as one failure."""
    if patterns is None:
        return (1, 0) if code == 0 else (0, 1)
    passed, failed = (sum(map(int, re.findall(pattern, printed, flags=re.MULTILINE))) for pattern in patterns)
    if code != 0 and failed == 0:
        failed = 1
    return passed, failed


def main() -> int:
    total_passed = total_failed = 0
    summary = []
    for title, command, patterns in STEPS:
        print(f"\n== {title}: {' '.join(command)}", flush=True)
        start = time.monotonic()
        code, printed = run(command)
        passed, failed = count(code, printed, patterns)
        total_passed += passed
        total_failed += failed
        summary.append(f"{title:28} {passed:5} passed {failed:3} failed {time.monotonic() - start:7.1f} s")
    print("\n" + "\n".join(summary))
    print(f"{total_passed} passed, {total_failed} failed")
    return 1 if total_failed else 0


if __name__ == "__main__":
    sys.exit(main())
