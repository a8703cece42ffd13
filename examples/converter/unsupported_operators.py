"""All that keeps a network from being converted, at once, with the lines of the program.

    python examples/converter/unsupported_operators.py

docs/adding-an-operator.md shows how an operator is added.
"""

import tinynn
import torch
from tinynn.converter import TFLiteConverter
from torch import nn


class Network(nn.Module):
    def forward(self, x):
        values = torch.linalg.eigvalsh(x)
        return torch.bincount(values.abs().int()), values


def main() -> None:
    try:
        TFLiteConverter(Network(), torch.eye(3), "never.tflite").convert()
    except tinynn.UnsupportedOperators as error:
        for lack in error.operators:
            print(f"{lack.count} x {lack.op}: {lack.reason} ({lack.source})")


if __name__ == "__main__":
    main()
