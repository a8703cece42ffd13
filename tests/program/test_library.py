"""Modules and functions of PyTorch as programs in Python write them, read by tinynn's own evaluator and by PyTorch."""

import pytest
import torch
from library_calls import FUNCTIONS, MODULES, Call
from running import check

HEAD = "import torch\nimport torch.nn as nn\nimport torch.nn.functional as F\nfrom collections import OrderedDict\n\n\n"


def program(call: Call, is_module: bool) -> str:
    names = ", ".join("xyz"[: len(call.shapes)])
    made = f"        self.m = {call.text}\n" if is_module else ""
    result = f"self.m({names})" if is_module else call.text
    return (
        f"{HEAD}class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n{made}\n"
        f"    def forward(self, {names}):\n        return {result}\n"
    )


def inputs(call: Call) -> list[torch.Tensor]:
    generator = torch.Generator().manual_seed(3)
    if call.integers:
        return [torch.randint(call.integers, shape, generator=generator) for shape in call.shapes]
    return [torch.randn(shape, generator=generator) for shape in call.shapes]


@pytest.mark.parametrize("call", MODULES, ids=lambda call: call.text)
def test_module(call, tmp_path):
    check(program(call, True), inputs(call), tmp_path)


@pytest.mark.parametrize("call", FUNCTIONS, ids=lambda call: call.text)
def test_function(call, tmp_path):
    check(program(call, False), inputs(call), tmp_path)
