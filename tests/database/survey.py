#!/usr/bin/env python3
"""Print what becomes of the samples of PyTorch's database of operators, and the sums.

    python tests/database/survey.py [--samples N] [--form exported|traced] [--all] [NAME ...]

Each operator is examined in a process of its own, so that a crash is an outcome like others.
"""

import argparse
import os
import sys
import tempfile
from collections import Counter
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent.parent)]

import database  # noqa: E402


def examine(name: str, samples: int, form: str, write) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for index, sample in enumerate(database.samples(name, samples)):
            write(f"{name} {index} started\n")
            outcome = database.examine(sample, form, Path(folder))
            write(f"{name} {index} {outcome.state} {outcome.why}\n")


def in_a_child(name: str, samples: int, form: str) -> list[str]:
    """The last line for each sample; one that never got further than "started" has crashed."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        with os.fdopen(write, "w", buffering=1) as stream:
            try:
                examine(name, samples, form, stream.write)
            finally:
                stream.flush()
                os._exit(0)
    os.close(write)
    with os.fdopen(read) as stream:
        lines = [line.rstrip("\n") for line in stream]
    os.waitpid(child, 0)
    last = {" ".join(line.split(" ", 2)[:2]): line for line in lines}
    return [line.replace(" started", " crashed") for line in last.values()]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--samples", type=int, default=1, metavar="N", help="of each operator, from the first on")
    parser.add_argument("--form", default="exported", choices=database.FORMS)
    parser.add_argument("--all", action="store_true", help="print what is right as well")
    parser.add_argument("names", nargs="*", metavar="NAME")
    options = parser.parse_args()
    counts = Counter()
    for name in options.names or database.OPERATORS:
        for line in in_a_child(name, options.samples, options.form):
            state = line.split(" ", 3)[2]
            counts[state] += 1
            if options.all or state != "right":
                print(line, flush=True)
    print(", ".join(f"{count} {state}" for state, count in counts.most_common()))


if __name__ == "__main__":
    main()
