"""Send a network to somebody else as two files, and convert it from them.

    python examples/converter/convert_from_json.py [FOLDER]

Writes FOLDER/network.pt and network.json, and from them network.tflite. `tinynn convert FOLDER/network.json` does the second
half without Python.
"""

import sys
from pathlib import Path

import torch
from tinynn.converter import TFLiteConverter
from tinynn.util.converter_util import export_converter_files, parse_config
from torch import nn


def main(folder: Path) -> None:
    model = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 10)).eval()
    export_converter_files(model, torch.rand(1, 3, 32, 32), str(folder), "network")

    path, tflite, input_transpose, inputs, output_transpose = parse_config(folder / "network.json")
    network = torch.jit.load(path).cpu().eval()
    converter = TFLiteConverter(network, inputs, tflite, input_transpose, output_transpose)
    converter.convert()
    print(tflite, converter.report["operators"])


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "out"))
