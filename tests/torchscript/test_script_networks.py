"""Real networks, traced, scripted and frozen: the same operators as from the `.pt2`, and LiteRT's numbers against
PyTorch's. TINYNN_TEST_ALL=1 runs all of them."""

import os
import shutil
from pathlib import Path

import litert
import networks
import numpy as np
import pytest
import tinynn
import torch

FEW = ["mobilenet_v2", "squeezenet1_0", "shufflenet_v2_x1_0"]
MORE = ["mobilenet_v3_small", "resnet18", "densenet121", "efficientnet_b0", "mnasnet1_0", "googlenet", "inception_v3",
        "regnet_x_400mf", "lraspp_mobilenet_v3_large", "alexnet"]
NETWORKS = FEW + MORE if os.environ.get("TINYNN_TEST_ALL") else FEW

# Where the operators differ from those of the `.pt2`: network and kind of archive to the reason.
DIFFERENCES = {
    ("inception_v3", "frozen"): "freezing computes scalars of transform_input at once",
}


def build(name: str) -> tuple[torch.nn.Module, torch.Tensor]:
    models = networks.torchvision().models
    torch.manual_seed(0)
    if name == "lraspp_mobilenet_v3_large":
        module = models.segmentation.lraspp_mobilenet_v3_large(weights=None, weights_backbone=None).eval()
    elif name in ("googlenet", "inception_v3"):
        module = getattr(models, name)(weights=None, init_weights=False).eval()
    else:
        module = getattr(models, name)(weights=None).eval()
    networks.randomize_statistics(module)
    size = 299 if name == "inception_v3" else 224
    return module, torch.randn(1, 3, size, size)


def tensors(result) -> list[np.ndarray]:
    items = [result] if isinstance(result, torch.Tensor) else result.values() if isinstance(result, dict) else result
    return [item.numpy() for item in items if item is not None]


@pytest.fixture(scope="module", params=NETWORKS)
def network(request, tmp_path_factory):
    """Name, paths by kind, input, PyTorch's outputs."""
    folder = tmp_path_factory.mktemp(request.param)
    module, image = build(request.param)
    paths = {kind: folder / f"model.{kind}" for kind in ("traced", "scripted", "frozen", "pt2")}
    with torch.no_grad():
        expected = tensors(module(image))
        torch.jit.trace(module, image, strict=False, check_trace=False).save(paths["traced"])
        script = torch.jit.script(module)
        script.save(paths["scripted"])
        torch.jit.freeze(script).save(paths["frozen"])
        torch.export.save(torch.export.export(module, (image,)), paths["pt2"])
    yield request.param, paths, image.numpy(), expected
    shutil.rmtree(folder)


def operators(report: dict) -> dict[str, int]:
    return {name: row["count"] for name, row in report["operators"].items()}


@pytest.mark.parametrize("kind", ["traced", "scripted", "frozen"])
def test_network(network, kind, tmp_path: Path):
    name, paths, image, expected = network
    out = tmp_path / "out.tflite"
    reference = operators(tinynn.load(paths["pt2"]).convert(out))
    # A traced archive keeps the shapes of its example, the others have none.
    model = tinynn.load(paths[kind], inputs=None if kind == "traced" else [image.shape])
    found = operators(model.convert(out))
    if (name, kind) in DIFFERENCES:
        print(f"{name}, {kind}: {DIFFERENCES[name, kind]}: {found} for {reference}")
        assert sum(found.values()) <= sum(reference.values())
    else:
        assert found == reference
    got = litert.run(out, [litert.channels_last(image)])
    litert.assert_close(got, [litert.channels_last(array) for array in expected], 1e-4)
