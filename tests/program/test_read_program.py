"""Programs in Python as people and generators write them, read without Python: numbers, edits, refusals, weights."""

import re
import subprocess
from pathlib import Path

import litert
import networks
import people
import pytest
import tinynn
import tinynn_style
import torch
from running import assert_same, check, flat, save


def inputs_of(name: str) -> list[torch.Tensor]:
    generator = torch.Generator().manual_seed(5)
    if name == "Tied":
        return [torch.randint(11, shape, generator=generator) for shape in people.SHAPES[name]]
    return [torch.randn(shape, generator=generator) for shape in people.SHAPES[name]]


@pytest.mark.parametrize("name", people.SHAPES)
def test_people(name, tmp_path):
    check(Path(people.__file__).read_text(), inputs_of(name), tmp_path, name)


def test_tinynn_style(tmp_path):
    """The shapes come from the block for __main__, the numbers are PyTorch's."""
    path, network = save(Path(tinynn_style.__file__).read_text(), tmp_path, "QNet")
    model = tinynn.load(path)
    shapes = [x.shape for x in model.inputs]
    assert shapes == [(2, 3, 16, 16), (1, 2, 4)]
    inputs = [torch.randn(shape) for shape in shapes]
    assert_same(list(model.run(*[x.numpy() for x in inputs])), flat(network(*inputs)))


def test_stubs_moved(tmp_path):
    """Stubs are identities, wherever they stand."""
    text = Path(tinynn_style.__file__).read_text()
    moved = text.replace("self.fake_quant_0(input_0_f)", "input_0_f").replace(
        "self.module_2(model_0_1)", "self.fake_quant_0(self.module_2(model_0_1))"
    )
    assert moved != text
    inputs = [torch.randn(2, 3, 16, 16), torch.randn(1, 2, 4)]
    check(moved, inputs, tmp_path, "QNet")


@pytest.mark.parametrize("name", ["Vgg", "Mobile", "Unet", "Vit"])
def test_file(name, program, tmp_path):
    """What the program writes of it, LiteRT runs."""
    path, network = save(Path(people.__file__).read_text(), tmp_path, name)
    inputs = inputs_of(name)
    sizes = ["--input=" + "x".join(map(str, x.shape)) for x in inputs]
    subprocess.run([program, "convert", path, "--model", name, "--layout", "nchw", "-q", *sizes], check=True)
    expected = flat(network(*inputs))
    for kernels in litert.KERNELS:
        got = litert.run(tmp_path / "model.tflite", [x.numpy() for x in inputs], kernels)
        litert.assert_close(got, expected, 1e-5)


def test_differences_are_told_one_a_line(program, tmp_path):
    path, network = save(Path(people.__file__).read_text(), tmp_path, "Tied")
    state = network.state_dict()
    state["mixed.weight"] = state.pop("mix.weight")
    state["mix.bias"] = torch.zeros(3)
    torch.save(state, tmp_path / "model.pth")
    done = subprocess.run(
        [program, "convert", path, "--model", "Tied", "--input", "2x4:int64", "-q"], capture_output=True, text=True
    )
    assert done.returncode == 1 and not (tmp_path / "model.tflite").exists()
    assert done.stderr.splitlines()[1:] == [
        "  mix.weight is missing; there is mixed.weight",
        "  mix.bias has shape [3], expected [6]",
        "  mixed.weight is not in the model",
    ]


def test_inspect(program, tmp_path):
    path, _ = save(Path(people.__file__).read_text(), tmp_path, "Vgg")
    printed = subprocess.run(
        [program, "inspect", path, "--model=Vgg", "--input=2x3x8x8"], check=True, capture_output=True, text=True
    ).stdout
    assert printed.startswith(f"{path}: program in Python, ")
    described = tinynn.inspect(path, [(2, 3, 8, 8)], model="Vgg")
    assert described["format"] == "python" and described["outputs"][0]["shape"] == [2, 5]


def structure(text: str) -> list[str]:
    """The printed graph without names of values, outputs and scopes, and without what chooses a kernel of cuDNN: values
    are numbered where they first appear."""
    numbers: dict[str, str] = {}
    lines = [re.sub(r" as .*|  # .*|, cudnn_enabled?=\w+", "", line) for line in text.splitlines()]
    rename = lambda match: numbers.setdefault(match[0], f"%{len(numbers)}")  # noqa: E731
    return [re.sub(r"%[\w.-]+", rename, line) for line in lines]


def has_codegen(program) -> bool:
    return subprocess.run([program, "codegen", "--help"], capture_output=True).returncode == 0


@pytest.mark.parametrize("name", ["resnet18", "mobilenet_v3_small", "shufflenet_v2_x1_0", "densenet121", "googlenet"])
def test_written_and_read_back(name, program, tmp_path):
    """What `tinynn codegen` writes of a network, reads as the same graph."""
    if not has_codegen(program):
        pytest.skip("the program has no codegen")
    options = {"aux_logits": False, "init_weights": False} if name == "googlenet" else {}
    network = getattr(networks.torchvision().models, name)(**options).eval()
    networks.randomize_statistics(network)
    torch.export.save(torch.export.export(network, (torch.randn(1, 3, 64, 64),)), tmp_path / "model.pt2")
    subprocess.run([program, "codegen", tmp_path / "model.pt2", "-o", tmp_path / "model.py"], check=True)
    first, second = tinynn.load(tmp_path / "model.pt2"), tinynn.load(tmp_path / "model.py")
    assert structure(second.text()) == structure(first.text())
