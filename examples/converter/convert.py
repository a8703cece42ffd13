"""Convert a network with TinyNN's API, and look at what decides the order of dimensions.

    python examples/converter/convert.py [FOLDER]

Writes FOLDER/nhwc.tflite, nchw.tflite and mixed.tflite.
"""

import sys
from pathlib import Path

import torch
from tinynn.converter import TFLiteConverter
from torch import nn


class Network(nn.Module):
    """A convolution, and the picture at half its size."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3, stride=2, padding=1)

    def forward(self, image):
        return self.conv(image).relu(), nn.functional.avg_pool2d(image, 2)


def main(folder: Path) -> None:
    model = Network().eval()
    image = torch.rand(1, 3, 32, 32)
    choices = {
        "nhwc": {},  # 4-D inputs and outputs are channels-last
        "nchw": {"nchw_transpose": False},  # all as in PyTorch
        "mixed": {"input_transpose": False, "output_transpose": [True, False]},
    }
    for name, options in choices.items():
        converter = TFLiteConverter(model, image, folder / f"{name}.tflite", **options)
        converter.convert()
        shapes = [value["shape"] for value in converter.report["inputs"] + converter.report["outputs"]]
        print(name, *shapes, f"{converter.report['n_transposes']} transposes")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "out"))
