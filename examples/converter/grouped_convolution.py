"""Grouped convolutions: CONV_2D has groups in LiteRT since TensorFlow 2.9, and is split for older runtimes on demand;
TRANSPOSE_CONV has none and is always split.

    python examples/converter/grouped_convolution.py [FOLDER]
"""

import sys
from pathlib import Path

import torch
from tinynn.converter import TFLiteConverter
from torch import nn


def main(folder: Path) -> None:
    networks = {
        "grouped": nn.Conv2d(8, 16, 3, groups=4),
        "grouped_transposed": nn.ConvTranspose2d(8, 16, 3, groups=4),
    }
    for name, model in networks.items():
        for rewrite in (False, True):
            path = folder / f"{name}_{rewrite}.tflite"
            converter = TFLiteConverter(model.eval(), torch.rand(1, 8, 16, 16), path, group_conv_rewrite=rewrite)
            converter.convert()
            print(name, rewrite, {operator: row["count"] for operator, row in converter.report["operators"].items()})


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "out"))
