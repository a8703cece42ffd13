"""Time and memory of `tinynn convert` beside `cp` of the same bytes; writes the table of docs/performance.md.

    .venv/bin/python bench/convert.py [--no-write] [NETWORK...]

A conversion may take 3 times as long as `cp` of the larger of its input and output, plus 30 ms, and 1.3 times the weights
plus 32 MiB of memory. Both are measured here in turn, on warm files, the best of several runs. Exits with 1 when a
bar is missed.
"""

import argparse
import sys
import tempfile
from pathlib import Path

TREE = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(TREE / "tests"), str(TREE / "tools")]

import networks  # noqa: E402
from measure import measure  # noqa: E402

NETWORKS = ["mobilenet_v2", "resnet50", "vgg11_bn"]
RUNS = 25
PAGE = TREE / "docs" / "performance.md"
BEGIN, END = "<!-- bench/convert.py begins -->\n", "<!-- bench/convert.py ends -->\n"


def measure_network(name: str, folder: Path) -> dict:
    """One network: best seconds of each program, highest peak memory, sizes."""
    model, out, copy = folder / f"{name}.pt2", folder / f"{name}.tflite", folder / "copy"
    module, shape = networks.build(name)
    networks.export(module, shape, model)
    weights = sum(t.numel() * t.element_size() for t in [*module.parameters(), *module.buffers()])
    convert = [TREE / "build" / "cli" / "tinynn", "convert", model, "-o", out, "--quiet"]
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
        "bytes": larger.stat().st_size,
        "seconds": min(seconds for seconds, _ in conversions),
        "cp": min(copies),
        "peak": max(peak for _, peak in conversions),
        "peak_bar": 1.3 * weights + 32 * 2**20,
    }


def table(rows: list[dict]) -> str:
    lines = [
        "| network | bytes moved, MB | convert, ms | cp, ms | bar: 3 cp + 30 ms | ratio to cp | peak, MiB | bar, MiB |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for r in rows:
        lines.append(
            f"| {r['name']} | {r['bytes'] / 1e6:.1f} | {1e3 * r['seconds']:.1f} | {1e3 * r['cp']:.1f} "
            f"| {1e3 * time_bar(r):.1f} | {r['seconds'] / r['cp']:.2f} | {r['peak'] / 2**20:.1f} "
            f"| {r['peak_bar'] / 2**20:.1f} |"
        )
    return "\n".join(lines) + "\n"


def time_bar(row: dict) -> float:
    return 3 * row["cp"] + 0.030


def write_page(text: str) -> None:
    page = PAGE.read_text()
    before, rest = page.split(BEGIN)
    PAGE.write_text(before + BEGIN + text + END + rest.split(END)[1])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("networks", nargs="*", default=NETWORKS)
    parser.add_argument("--no-write", action="store_true", help="print only")
    arguments = parser.parse_args()
    rows = []
    for name in arguments.networks:
        with tempfile.TemporaryDirectory() as folder:
            rows.append(measure_network(name, Path(folder)))
    print(table(rows), end="")
    if not arguments.no_write:
        write_page(table(rows))
    missed = [r["name"] for r in rows if r["seconds"] > time_bar(r) or r["peak"] > r["peak_bar"]]
    if missed:
        print("over the bar: " + ", ".join(missed))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
