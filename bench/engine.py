"""Images per second of the engine beside PyTorch in eager mode, with the same number of threads; writes the table of
docs/performance.md.

    .venv/bin/python bench/engine.py [--no-write] [NETWORK...]

Both run the same images in turns, one image a run; with two threads the engine runs two images at a time, and PyTorch uses
both for one, as each does by itself. The figures are the best of several rounds. Exits with 1 when the engine is
slower than its bar.
"""

import argparse
import os
import sys
import tempfile
import time
import warnings
from pathlib import Path

TREE = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(TREE / "tests"), str(TREE / "python"), str(TREE / "bench")]
os.environ.setdefault("TINYNN_LIBRARY", str(TREE / "build" / "libtinynn.so"))

import numpy as np  # noqa: E402
import performance_page  # noqa: E402
import tinynn  # noqa: E402
import torch  # noqa: E402
import zoo  # noqa: E402

# The least ratio to PyTorch's images per second.
BARS = {"mobilenet_v2": 1.0, "resnet18": 1.0, "mobilenet_v3_small": 1.0, "efficientnet_b0": 1.0, "densenet121": 1.0,
        "vit_b_16": 0.9}
THREADS = (1, 2)
ROUNDS, ROUND_SECONDS = 5, 0.3
TOLERANCE = 1e-4


def seconds(action) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def race(run_engine, run_eager, n: int) -> tuple[float, float]:
    """Images per second of both, each running `n` images a round, in turns; the best round counts."""
    engine, eager = float("inf"), float("inf")
    for _ in range(ROUNDS):
        engine = min(engine, seconds(run_engine))
        eager = min(eager, seconds(run_eager))
    return n / engine, n / eager


def measure_threads(model: tinynn.Model, module: torch.nn.Module, inputs: tuple[torch.Tensor, ...], threads: int) -> dict:
    torch.set_num_threads(threads)
    arrays = [x.numpy() for x in inputs]
    n = threads * max(1, round(ROUND_SECONDS / seconds(lambda: module(*inputs)) / threads))
    engine, eager = race(lambda: model.run_many([arrays] * n, threads), lambda: [module(*inputs) for _ in range(n)], n)
    return {"threads": threads, "engine": engine, "eager": eager}


@torch.no_grad()
def measure(name: str, folder: Path) -> list[dict]:
    """A row a number of threads."""
    module, inputs = zoo.build(name)
    zoo.save(module, inputs, "pt2", folder / "model.pt2")
    model = tinynn.load(folder / "model.pt2")
    expected = zoo.flat(module(*inputs))[0].numpy()
    difference = np.abs(model.run(*(x.numpy() for x in inputs))[0] - expected).max() / np.abs(expected).max()
    return [{"name": name, "difference": float(difference), **measure_threads(model, module, inputs, threads)}
            for threads in THREADS]


def table(rows: list[dict]) -> str:
    lines = [
        "| network | threads | engine, images/s | PyTorch, images/s | ratio | bar | difference |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for r in rows:
        lines.append(f"| {r['name']} | {r['threads']} | {r['engine']:.1f} | {r['eager']:.1f} "
                     f"| {r['engine'] / r['eager']:.2f} | {BARS.get(r['name'], 1.0):.1f} | {r['difference']:.1e} |")
    return "\n".join(lines) + "\n"


def misses(row: dict) -> bool:
    return row["engine"] / row["eager"] < BARS.get(row["name"], 1.0) or not row["difference"] < TOLERANCE


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("networks", nargs="*", default=list(BARS))
    parser.add_argument("--no-write", action="store_true", help="print the table only")
    args = parser.parse_args()
    warnings.simplefilter("ignore")
    rows = []
    for name in args.networks:
        with tempfile.TemporaryDirectory() as folder:
            rows += measure(name, Path(folder))
    text = table(rows)
    print(text, end="")
    if not args.no_write:
        performance_page.write("bench/engine.py", text)
    return 1 if any(map(misses, rows)) else 0


if __name__ == "__main__":
    sys.exit(main())
