"""Time of `tinynn codegen` beside `cp` of the same bytes.

    .venv/bin/python bench/codegen.py [NETWORK...]

Each network is written as a program from its `.pt2`, which may take 3 times as long as `cp` of that file, plus 50 ms. Both
are measured here in turn, on warm files, the best of several runs. Exits with 1 when the bar is missed.
"""

import argparse
import sys
import tempfile
import warnings
from pathlib import Path

TREE = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(TREE / "tests"), str(TREE / "tools")]

import zoo  # noqa: E402
from measure import measure  # noqa: E402

RUNS = 25


def measure_network(name: str, folder: Path) -> tuple[float, float]:
    """Best seconds of the program and of `cp`."""
    model, out, copy = folder / "model.pt2", folder / "net.py", folder / "copy"
    module, inputs = zoo.build(name)
    zoo.save(module, inputs, "pt2", model)
    command = [TREE / "build" / "cli" / "tinynn", "codegen", model, "-o", out, "--force", "--quiet"]
    measure(command)
    programs, copies = [], []
    for _ in range(RUNS):
        programs.append(measure(command)[0])
        copy.unlink(missing_ok=True)
        copies.append(measure(["cp", model, copy])[0])
    return min(programs), min(copies)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("networks", nargs="*", default=["densenet121"])
    missed = 0
    for name in parser.parse_args().networks:
        with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            seconds, cp = measure_network(name, Path(folder))
        bar = 3 * cp + 0.050
        missed += seconds > bar
        print(f"{name}: {seconds * 1000:.0f} ms, cp {cp * 1000:.0f} ms, bar {bar * 1000:.0f} ms: {seconds / bar:.2f} of it")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
