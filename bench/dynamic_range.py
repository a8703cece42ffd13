"""Weights of 8 bits beside the float file: bytes, signal to noise against PyTorch, and milliseconds of LiteRT with one thread, files by
turns in one process; writes a table of docs/quantization.md.

    .venv/bin/python bench/dynamic_range.py [--no-write] [NETWORK...]

Networks and pictures are those of bench/quantize.py. Exits with 1 when a trained network has less than 20 dB, or one is slower than
its float file.
"""

import argparse
import sys
import tempfile
import warnings
from pathlib import Path

import quantize
import tinynn
import torch
from quantize import RANDOM, TRAINED, Material, Row

CROPS = 100
LEAST_DECIBELS = 20
SLOWER = 1.03  # what two equal files may differ by
NETWORKS = {**{name: quantize.untrained for name in RANDOM}, **{f"{name}, trained": quantize.trained for name in TRAINED}}


def measure(m: Material, folder: Path) -> tuple[Row, Row]:
    """The float file, and that of 8-bit weights."""
    saved = folder / "model.pt"
    torch.jit.trace(m.network, torch.from_numpy(m.test[:1]), check_trace=False).save(saved)
    model = tinynn.load(saved)
    rows = []
    for tool, options in (("float", {}), ("8 bits", {"dynamic_range": True})):
        path = folder / f"{len(rows)}.tflite"
        model.to_tflite(path, **options)
        rows.append(quantize.file_row(m, tool, path, 0))
    quantize.race(rows, m.test[0])
    return rows[0], rows[1]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("networks", nargs="*", default=list(NETWORKS))
    parser.add_argument("--no-write", action="store_true", help="print the table only")
    args = parser.parse_args()
    warnings.simplefilter("ignore")
    lines = ["| network | float, MB | 8 bits, MB | SNR, dB | top-1, % | float, ms | 8 bits, ms | ratio |",
             "| --- | --- | --- | --- | --- | --- | --- | --- |"]
    wrong = []
    for name in args.networks:
        with tempfile.TemporaryDirectory() as folder:
            plain, small = measure(quantize.material(name.split(",")[0], NETWORKS[name], CROPS), Path(folder))
            sizes = [row.path.stat().st_size / 1e6 for row in (plain, small)]
        ratio = small.milliseconds / plain.milliseconds
        lines.append(f"| {name} | {sizes[0]:.1f} | {sizes[1]:.1f} | {small.snr:.1f} | {small.agreement:.0f} "
                     f"| {plain.milliseconds:.2f} | {small.milliseconds:.2f} | {ratio:.2f} |")
        if ratio > SLOWER or ("trained" in name and small.snr < LEAST_DECIBELS):
            wrong.append(f"{name}: {small.snr:.1f} dB, {ratio:.2f} times the milliseconds")
    text = "\n".join(lines) + "\n"
    print(text, end="")
    if not args.no_write:
        quantize.write("bench/dynamic_range.py", text)
    print("\n".join(wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
