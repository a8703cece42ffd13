"""Time and memory of `tinynn convert` beside `cp` of the same bytes; writes the table of docs/performance.md.

    .venv/bin/python bench/convert.py [--no-write] [NETWORK...]

Each network is converted from the `.pt2`, and from a traced and a scripted `.pt`. A conversion may take 3
times as long as `cp` of the larger of its input and output, plus 30 ms, and 1.3 times the weights
plus 32 MiB of memory. Both are measured here in turn, on warm files, the best of several runs. Reading the scripted
program of densenet121, without converting it, may take 50 ms. Exits with 1 when a bar is missed.
"""

import argparse
import os
import sys
import tempfile
import time
import warnings
from pathlib import Path

TREE = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(TREE / "tests"), str(TREE / "tools"), str(TREE / "python"), str(TREE / "bench")]
os.environ.setdefault("TINYNN_LIBRARY", str(TREE / "build" / "libtinynn.so"))

import performance_page  # noqa: E402
import tinynn  # noqa: E402
import zoo  # noqa: E402
from measure import measure  # noqa: E402

NETWORKS = ["mobilenet_v2", "resnet50", "vgg11_bn"]
FORMS = ("pt2", "traced", "scripted")
READ, READ_BAR = "densenet121", 0.050
RUNS = 25


def measure_network(name: str, form: str, folder: Path) -> dict:
    """One network: best seconds of each program, highest peak memory, sizes."""
    model, out, copy = folder / f"{name}.{form}", folder / f"{name}.tflite", folder / "copy"
    module, inputs = zoo.build(name)
    zoo.save(module, inputs, form, model)
    weights = sum(t.numel() * t.element_size() for t in [*module.parameters(), *module.buffers()])
    convert = [TREE / "build" / "cli" / "tinynn", "convert", model, "-o", out, "--quiet"]
    if form == "scripted":
        convert += ["--input", "x".join(map(str, inputs[0].shape))]
    measure(convert)
    larger = max(model, out, key=lambda path: path.stat().st_size)
    conversions, copies = [], []
    for _ in range(RUNS):
        out.unlink()
        conversions.append(measure(convert))
        copy.unlink(missing_ok=True)
        copies.append(measure(["cp", larger, copy])[0])
    return {
        "name": name,
        "form": form,
        "bytes": larger.stat().st_size,
        "seconds": min(seconds for seconds, _ in conversions),
        "cp": min(copies),
        "peak": max(peak for _, peak in conversions),
        "peak_bar": 1.3 * weights + 32 * 2**20,
    }


def measure_reading(folder: Path) -> float:
    """The best seconds of reading the scripted program, which evaluates it."""
    model, (image,) = zoo.build(READ)
    path = folder / f"{READ}.pt"
    zoo.save(model, (image,), "scripted", path)
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        tinynn.load(path, [tuple(image.shape)])
        times.append(time.perf_counter() - start)
    return min(times)


def table(rows: list[dict]) -> str:
    lines = [
        "| network | form | bytes moved, MB | convert, ms | cp, ms | bar: 3 cp + 30 ms | ratio to cp | peak, MiB | bar, MiB |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for r in rows:
        lines.append(
            f"| {r['name']} | {r['form']} | {r['bytes'] / 1e6:.1f} | {1e3 * r['seconds']:.1f} | {1e3 * r['cp']:.1f} "
            f"| {1e3 * time_bar(r):.1f} | {r['seconds'] / r['cp']:.2f} | {r['peak'] / 2**20:.1f} "
            f"| {r['peak_bar'] / 2**20:.1f} |"
        )
    return "\n".join(lines) + "\n"


def time_bar(row: dict) -> float:
    return 3 * row["cp"] + 0.030


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("networks", nargs="*", default=NETWORKS)
    parser.add_argument("--no-write", action="store_true", help="print only")
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    rows = []
    for name in arguments.networks:
        for form in FORMS:
            with tempfile.TemporaryDirectory() as folder:
                rows.append(measure_network(name, form, Path(folder)))
    with tempfile.TemporaryDirectory() as folder:
        reading = measure_reading(Path(folder))
    text = table(rows) + (f"\nReading the scripted {READ} alone, which evaluates its program, takes {1e3 * reading:.1f} ms; "
                          f"the bar is {1e3 * READ_BAR:.0f} ms.\n")
    print(text, end="")
    if not arguments.no_write:
        performance_page.write("bench/convert.py", text)
    missed = [f"{r['name']} {r['form']}" for r in rows if r["seconds"] > time_bar(r) or r["peak"] > r["peak_bar"]]
    missed += [f"reading {READ}"] if reading > READ_BAR else []
    if missed:
        print("over the bar: " + ", ".join(missed))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
