"""Other quantizers, for the comparisons of bench/quantize.py. Each function calibrates a network on samples and gives what runs
the result; what must be installed for one is asked for when it is called.

    pip install --no-deps ai-edge-quantizer==0.10.0 immutabledict absl-py scipy torchao==0.18.0
"""

import logging
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from torch import nn

# NCHW float32 [n, ...] to outputs [n, ...].
Run = Callable[[np.ndarray], np.ndarray]


def ai_edge_quantizer(plain: Path, samples: np.ndarray, out: Path) -> None:
    """Static int8, a scale an output channel, of the float file `plain`, whose only input is channels-last."""
    from ai_edge_quantizer import Quantizer, recipe

    tool = Quantizer(str(plain), recipe.static_wi8_ai8())
    from ai_edge_litert.interpreter import Interpreter

    name, signature = next(iter(Interpreter(str(plain)).get_signature_list().items()))
    feed = [{signature["inputs"][0]: np.ascontiguousarray(x.transpose(1, 2, 0)[None])} for x in samples]
    calibration = tool.calibrate({name: feed}, num_threads=2)
    out.unlink(missing_ok=True)
    tool.quantize(calibration, serialize_to_path=str(out))


def prepare_pt2e(network: nn.Module, shape: tuple[int, ...]) -> nn.Module:
    """The network with PyTorch's histogram observers, of its quantizer for x86: int8 weights, a scale an output channel."""
    from torchao.quantization.pt2e import quantize_pt2e
    from torchao.quantization.pt2e.quantizer import x86_inductor_quantizer as x86

    quantizer = x86.X86InductorQuantizer().set_global(x86.get_default_x86_inductor_quantization_config())
    logging.disable(logging.WARNING)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exported = torch.export.export(network, (torch.zeros(shape),)).module()
        return quantize_pt2e.prepare_pt2e(exported, quantizer)


def pt2e(network: nn.Module, samples: np.ndarray) -> Run:
    """PyTorch's histogram observers, and its own arithmetic on what they chose."""
    from torchao.quantization.pt2e import quantize_pt2e

    prepared = prepare_pt2e(network, (1, *samples.shape[1:]))
    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for x in samples:
            prepared(torch.from_numpy(x[None]))
        converted = quantize_pt2e.convert_pt2e(prepared)

    def run(images: np.ndarray) -> np.ndarray:
        with torch.no_grad():
            return np.concatenate([converted(torch.from_numpy(x[None])).numpy() for x in images])

    return run
