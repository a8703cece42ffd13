"""Convert EfficientNet-Lite0 with its ImageNet weights and recognize a photograph with PyTorch and with LiteRT.

    make demo

Writes demo-out/efficientnet_lite0.pt2 and .tflite. Exits with 1 when the two do not agree on the five likeliest classes.
"""

import json
import os
import sys
from pathlib import Path

import numpy as np

TREE = Path(__file__).resolve().parent.parent.parent
OUT = TREE / "demo-out"
sys.path[:0] = [str(TREE / "tests"), str(TREE / "tools")]

import litert  # noqa: E402
import matplotlib.cbook  # noqa: E402
import networks  # noqa: E402
import torch  # noqa: E402
from measure import measure  # noqa: E402
from PIL import Image  # noqa: E402

NAME = "efficientnet_lite0"
SIZE = networks.LITE_SIZES[NAME]


def photograph() -> np.ndarray:
    """Grace Hopper, the middle square, as float32 [1,3,SIZE,SIZE] in the units of the network: (byte - 127) / 128."""
    image = Image.open(matplotlib.cbook.get_sample_data("grace_hopper.jpg")).convert("RGB")
    side = min(image.size)
    left, top = (image.width - side) // 2, (image.height - side) // 2
    image = image.crop((left, top, left + side, top + side)).resize((SIZE, SIZE), Image.Resampling.BICUBIC)
    pixels = (np.asarray(image, np.float32) - 127) / 128
    return np.ascontiguousarray(pixels.transpose(2, 0, 1)[None])


def convert(model: Path, out: Path, report: Path) -> tuple[float, int]:
    """Run the program; returns its seconds and its peak memory in bytes."""
    command = [TREE / "build" / "cli" / "tinynn", "convert", model, "-o", out, "--report", report]
    print("+ " + " ".join(os.path.relpath(part) if isinstance(part, Path) else part for part in command), flush=True)
    return measure(command)


def probabilities(logits: np.ndarray) -> np.ndarray:
    powers = np.exp(logits[0] - logits[0].max())
    return powers / powers.sum()


def top5(logits: np.ndarray) -> list[int]:
    return np.argsort(-logits[0])[:5].tolist()


def print_top5(expected: np.ndarray, got: np.ndarray) -> None:
    names = networks.torchvision().models._meta._IMAGENET_CATEGORIES
    print(f"\n{'':3}{'PyTorch':40}{'LiteRT':40}")
    rows = zip(top5(expected), top5(got))
    for rank, (left, right) in enumerate(rows, 1):
        columns = [f"{names[i][:28]:28} {100 * p[i]:6.2f} %   " for i, p in
                   ((left, probabilities(expected)), (right, probabilities(got)))]
        print(f"{rank}  " + " ".join(columns))


def print_facts(model: Path, out: Path, report: Path, seconds: float, peak: int) -> None:
    facts = json.loads(report.read_text())
    counts = {name: row["count"] for name, row in facts["operators"].items()}
    print(f"files        {model.stat().st_size:,} bytes .pt2, {out.stat().st_size:,} bytes .tflite")
    print(f"operators    {sum(counts.values())}: " + ", ".join(f"{n} {name}" for name, n in counts.items()))
    print(f"transposes   {counts.get('TRANSPOSE', 0)}")
    print(f"conversion   {seconds:.3f} s, peak memory {peak / 2**20:.1f} MiB")


def main() -> int:
    OUT.mkdir(exist_ok=True)
    model, out, report = OUT / f"{NAME}.pt2", OUT / f"{NAME}.tflite", OUT / "report.json"
    network, shape = networks.build(NAME)
    networks.export(network, shape, model)
    seconds, peak = convert(model, out, report)
    image = photograph()
    with torch.no_grad():
        expected = network(torch.from_numpy(image)).numpy()
    got = litert.run(out, [litert.channels_last(image)])[0]
    print_top5(expected, got)
    print(f"\ndifference   {np.abs(got - expected).max():.2e} at most, of outputs up to {np.abs(expected).max():.2f}")
    print_facts(model, out, report, seconds, peak)
    if top5(expected) != top5(got):
        print("PyTorch and LiteRT disagree")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
