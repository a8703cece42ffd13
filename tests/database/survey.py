#!/usr/bin/env python3
"""Print what becomes of every sample of PyTorch's database of operators.

    python tests/database/survey.py [--samples N] [--form exported|traced] [--part I/N] [NAME ...]
"""

import argparse
import json
import os
import sys
import tempfile
from collections import Counter
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent.parent)]

import database  # noqa: E402


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--samples", type=int, default=1)
    parser.add_argument("--form", default="exported", choices=database.FORMS)
    parser.add_argument("--part", default="0/1")
    parser.add_argument("--states", default="")
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    part, parts = map(int, options.part.split("/"))
    counts = Counter()
    with tempfile.TemporaryDirectory() as folder:
        for name in (options.names or list(database.OPERATORS))[part::parts]:
            try:
                found = database.samples(name, options.samples)
            except Exception as e:
                print(json.dumps([name, 0, "nosample", repr(e)[:200]]), flush=True)
                continue
            for index, sample in enumerate(found):
                print(json.dumps([name, index, "started", ""]), flush=True)
                o = database.examine(sample, options.form, Path(folder))
                print(json.dumps([name, index, o.state, o.why]), flush=True)


main()
