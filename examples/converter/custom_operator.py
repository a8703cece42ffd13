"""An operator that only its author knows: given its meaning it becomes operators of TFLite, given the name of a kernel a
CUSTOM operator of the runtime that has one.

    python examples/converter/custom_operator.py [FOLDER]

docs/custom-operators.md says what a definition may hold.
"""

import sys
from pathlib import Path

import torch
from tinynn import CustomOp
from tinynn.converter import TFLiteConverter
from torch import nn


@torch.library.custom_op("mylib::swish", mutates_args=())
def swish(x: torch.Tensor, beta: float = 1.0) -> torch.Tensor:
    return x * torch.sigmoid(beta * x)


@swish.register_fake
def _(x: torch.Tensor, beta: float = 1.0) -> torch.Tensor:
    return torch.empty_like(x)


class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3, padding=1)

    def forward(self, x):
        return torch.ops.mylib.swish(self.conv(x), 1.702)


SCHEMA = "mylib::swish(Tensor x, float beta=1.0) -> Tensor"
MEANING = """
def swish(x, beta):
    return x * torch.sigmoid(beta * x)
"""
DEFINITIONS = {
    "meaning": CustomOp(SCHEMA, text=MEANING),
    "kernel": CustomOp(SCHEMA, text=MEANING, custom_code="MySwish", attributes=["beta"], layout="nhwc"),
}


def main(folder: Path) -> None:
    for name, definition in DEFINITIONS.items():
        path = folder / f"{name}.tflite"
        converter = TFLiteConverter(Network().eval(), torch.rand(1, 3, 32, 32), path, custom_ops=[definition])
        converter.convert()
        print(name, {operator: row["count"] for operator, row in converter.report["operators"].items()})


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "out"))
