#!/usr/bin/env python3
"""Run a program and say what it took.

    tools/measure.py PROGRAM [ARGUMENT...]

The last line printed is its seconds and its peak memory in bytes; the exit code is the program's. A process starts with
the memory of the one that forked it counted as its own, so that a large one, with PyTorch loaded, cannot measure a small
one directly: it runs this script.
"""

import os
import subprocess
import sys
import time


def measure(command: list) -> tuple[float, int]:
    """Seconds, and peak memory in bytes. Raises CalledProcessError when the program fails."""
    done = subprocess.run([sys.executable, __file__, *command], stdout=subprocess.PIPE, text=True, check=True)
    *printed, last = done.stdout.splitlines(keepends=True)
    sys.stdout.writelines(printed)
    seconds, peak = last.split()
    return float(seconds), int(peak)


def main() -> int:
    start = time.perf_counter()
    process = subprocess.Popen(sys.argv[1:])
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    print(seconds, usage.ru_maxrss * 1024, flush=True)
    return os.waitstatus_to_exitcode(status)


if __name__ == "__main__":
    sys.exit(main())
