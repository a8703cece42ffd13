"""Top-1 of quantized digit classifiers whose channels differ in range, in LiteRT beside PyTorch.

    .venv/bin/python bench/digits.py [--seeds N]

The digits are OpenCV's (Debian's package opencv-doc): 5000 of 20x20 pixels. Networks with a depthwise convolution in the middle are
trained on four fifths, all their channels behind a ReLU are scaled by 2^U(-4, 4) and what reads them by the inverse, which changes
no result, and they are quantized on 128 of the training digits. Exits with 1 when the default is more than 0.5 points below float.
"""

import argparse
import gzip
import os
import sys
import tempfile
from pathlib import Path

TREE = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(TREE / "tests"), str(TREE / "python")]
os.environ.setdefault("TINYNN_LIBRARY", str(TREE / "build" / "libtinynn.so"))

import litert  # noqa: E402
import numpy as np  # noqa: E402
import tinynn  # noqa: E402
import torch  # noqa: E402
from torch import Tensor, nn  # noqa: E402

SHEET = Path("/usr/share/doc/opencv-doc/examples/data/digits.png")
SIDE, ROWS, COLUMNS, ROWS_OF_A_DIGIT = 20, 50, 100, 5
TESTED = COLUMNS // 5  # of each row, the last ones
EPOCHS, BATCH = 15, 64
CALIBRATED = 128
BAR = 0.5


def read() -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Digits [N,1,20,20] from 0 to 1 and what they are, for training and for testing."""
    from PIL import Image

    packed = SHEET.with_suffix(".png.gz")
    if not SHEET.exists() and not packed.exists():
        raise FileNotFoundError(f"{SHEET}: apt-get install opencv-doc")
    with SHEET.open("rb") if SHEET.exists() else gzip.open(packed) as file:
        sheet = torch.from_numpy(np.array(Image.open(file).convert("L"), dtype=np.float32) / 255)
    digits = sheet.reshape(ROWS, SIDE, COLUMNS, SIDE).transpose(1, 2)[:, :, None]
    labels = (torch.arange(ROWS) // ROWS_OF_A_DIGIT)[:, None].expand(ROWS, COLUMNS)
    parts = [slice(0, COLUMNS - TESTED), slice(COLUMNS - TESTED, COLUMNS)]
    (x, y), (tested_x, tested_y) = ((digits[:, p].flatten(0, 1), labels[:, p].flatten()) for p in parts)
    return x, y, tested_x, tested_y


def layer(n_in: int, n_out: int, side: int, **more) -> list[nn.Module]:
    return [nn.Conv2d(n_in, n_out, side, bias=False, **more), nn.BatchNorm2d(n_out), nn.ReLU()]


def network() -> nn.Sequential:
    return nn.Sequential(
        *layer(1, 16, 5, padding=2, stride=2),
        *layer(16, 16, 3, padding=1, groups=16),
        *layer(16, 32, 1),
        *layer(32, 64, 3, padding=1, stride=2),
        *layer(64, 64, 3, padding=1, groups=64),
        *layer(64, 96, 1),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(96, 10),
    )


def train(x: Tensor, y: Tensor, seed: int) -> nn.Sequential:
    torch.manual_seed(seed)
    net = network()
    steps = EPOCHS * (len(x) // BATCH)
    optimizer = torch.optim.Adam(net.parameters())
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 0.02, steps)
    for step in range(steps):
        batch = torch.randint(len(x), (BATCH,))
        shift = torch.randint(-1, 2, (2,)).tolist()
        optimizer.zero_grad()
        nn.functional.cross_entropy(net(x[batch].roll(shift, (2, 3))), y[batch]).backward()
        optimizer.step()
        schedule.step()
    return net.eval()


@torch.no_grad()
def spread(net: nn.Sequential) -> None:
    """Scale the channels behind each ReLU, and what reads them by the inverse."""
    norms = [module for module in net if isinstance(module, nn.BatchNorm2d)]
    readers = [module for module in net if isinstance(module, (nn.Conv2d, nn.Linear))][1:]
    for norm, reader in zip(norms, readers):
        factor = 2 ** torch.empty(norm.num_features).uniform_(-4, 4)
        norm.weight *= factor
        norm.bias *= factor
        depthwise = isinstance(reader, nn.Conv2d) and reader.groups > 1
        shape = [-1 if d == (0 if depthwise else 1) else 1 for d in range(reader.weight.dim())]
        reader.weight /= factor.reshape(shape)


def right(found: np.ndarray, y: Tensor) -> float:
    """Percent."""
    return 100 * float((found.argmax(-1) == y.numpy()).mean())


def in_litert(path: Path, x: Tensor) -> np.ndarray:
    interpreter = litert.open_file(path)
    place, out = interpreter.get_input_details()[0]["index"], interpreter.get_output_details()[0]["index"]
    results = []
    for digit in x:
        interpreter.set_tensor(place, litert.channels_last(digit[None].numpy()))
        interpreter.invoke()
        results.append(interpreter.get_tensor(out)[0])
    return np.stack(results)


WAYS = {
    "per tensor, without equalization": {"per_tensor": True, "equalize": False},
    "per tensor": {"per_tensor": True},
    "per channel, without equalization": {"equalize": False},
    "per channel": {},
}


def measure(seed: int, digits: tuple[Tensor, Tensor, Tensor, Tensor], path: Path) -> dict[str, float]:
    x, y, tested_x, tested_y = digits
    net = train(x, y, seed)
    spread(net)
    samples = x[torch.randperm(len(x))[:CALIBRATED], None]
    with torch.no_grad():
        row = {"float": right(net(tested_x).numpy(), tested_y)}
    model = tinynn.load(net, samples[0])
    for name, options in WAYS.items():
        model.quantize(path, samples, **options)
        row[name] = right(in_litert(path, tested_x), tested_y)
    return row


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=5)
    seeds = parser.parse_args().seeds
    torch.set_num_threads(1)  # networks as small as these are not made faster by more
    digits, failed = read(), 0
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(seeds):
            row = measure(seed, digits, Path(folder) / "digits.tflite")
            if seed == 0:
                print("| seed |", " | ".join(row), "|\n|" + " --- |" * (len(row) + 1))
            print(f"| {seed} |", " | ".join(f"{percent:.1f} %" for percent in row.values()), "|", flush=True)
            failed += min(row["per tensor"], row["per channel"]) < row["float"] - BAR
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
