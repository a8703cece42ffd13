"""What TFLiteConverter costs beyond PyTorch's own work; writes its table of docs/performance.md.

    .venv/bin/python bench/converter.py [--no-write] [NETWORK...]

Two processes do the same but for the conversion: one traces and saves a network, as PyTorch does it, the other
calls TFLiteConverter(...).convert(), which does both and writes the `.tflite`. The conversion may take 0.25 s more, and
may raise the peak memory by 1.5 times the weights plus 48 MiB. Each process repeats its work and tells its best time; its
peak is that of the first time. The processes alternate, and the best of all counts. Exits with 1 when a bar is missed.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path

TREE = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(TREE / "tests"), str(TREE / "python"), str(TREE / "bench")]
os.environ.setdefault("TINYNN_LIBRARY", str(TREE / "build" / "libtinynn.so"))

import performance_page  # noqa: E402

NETWORKS = ["mobilenet_v2", "resnet50", "densenet121"]
PROCESSES, REPETITIONS = 4, 6
SECONDS_BAR, WEIGHTS_FACTOR, MEMORY_BAR = 0.25, 1.5, 48 * 2**20


def trace_and_save(module, inputs, folder: Path) -> None:
    import torch

    with torch.no_grad():
        torch.jit.save(torch.jit.trace(module, inputs, check_trace=False, strict=False), str(folder / "model.pt"))


def convert(module, inputs, folder: Path) -> None:
    from tinynn.converter import TFLiteConverter

    TFLiteConverter(module, inputs, folder / "model.tflite").convert()


WORK = {"trace": trace_and_save, "convert": convert}


def work(name: str, what: str) -> None:
    """In a process of its own: print the best seconds, the peak memory of the first time, and the weights' bytes."""
    import zoo
    import tinynn.converter  # noqa: F401  the import counts in neither process

    warnings.simplefilter("ignore")
    module, inputs = zoo.build(name)
    times, peak = [], 0
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(REPETITIONS):
            start = time.perf_counter()
            WORK[what](module, inputs, Path(folder))
            times.append(time.perf_counter() - start)
            peak = peak or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    weights = sum(t.numel() * t.element_size() for t in [*module.parameters(), *module.buffers()])
    print(json.dumps({"seconds": min(times), "peak": peak, "weights": weights}))


def measure(name: str) -> dict:
    found: dict[str, list] = {what: [] for what in WORK}
    for _ in range(PROCESSES):
        for what, results in found.items():
            done = subprocess.run([sys.executable, __file__, "--work", what, name], stdout=subprocess.PIPE, check=True)
            results.append(json.loads(done.stdout))
    seconds = {what: min(r["seconds"] for r in results) for what, results in found.items()}
    peaks = {what: min(r["peak"] for r in results) for what, results in found.items()}
    weights = found["trace"][0]["weights"]
    return {
        "name": name,
        "trace": seconds["trace"],
        "more": seconds["convert"] - seconds["trace"],
        "memory": peaks["convert"] - peaks["trace"],
        "memory_bar": int(WEIGHTS_FACTOR * weights) + MEMORY_BAR,
    }


def table(rows: list[dict]) -> str:
    lines = [
        "| network | trace and save, ms | beyond it, ms | bar, ms | memory beyond PyTorch's, MiB | bar, MiB |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for r in rows:
        lines.append(
            f"| {r['name']} | {1e3 * r['trace']:.0f} | {1e3 * r['more']:.0f} | {1e3 * SECONDS_BAR:.0f} "
            f"| {r['memory'] / 2**20:.1f} | {r['memory_bar'] / 2**20:.1f} |"
        )
    return "\n".join(lines) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("networks", nargs="*", default=NETWORKS)
    parser.add_argument("--no-write", action="store_true", help="print only")
    parser.add_argument("--work", choices=WORK, help="only do this once, and print what it took")
    arguments = parser.parse_args()
    if arguments.work:
        work(arguments.networks[0], arguments.work)
        return 0
    rows = [measure(name) for name in arguments.networks]
    print(table(rows), end="")
    if not arguments.no_write:
        performance_page.write("bench/converter.py", table(rows))
    missed = [r["name"] for r in rows if r["more"] > SECONDS_BAR or r["memory"] > r["memory_bar"]]
    if missed:
        print("over the bar: " + ", ".join(missed))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
