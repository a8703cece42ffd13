"""Generated programs, imported into Python, are the networks they come from: in evaluation, in training, in their gradients."""

import os
import subprocess
import sys
import zipfile
from functools import partial
from pathlib import Path

import generated
import nasty
import pytest
import torch
import zoo
from torch import Tensor, nn

# More in one process would cost more than the tests.
ZOO = ("resnet18", "mobilenet_v3_small", "shufflenet_v2_x1_0", "U-Net", "TCN", "YOLO head", "TransformerEncoder",
       "TransformerDecoder")
FORMS = ("dynamic", "traced", "scripted")
# What PyTorch itself cannot save, or not read again.
IMPOSSIBLE = {("dicts", "traced"), ("functional", "scripted"), ("training", "scripted"), ("odd names", "traced"),
              ("odd names", "scripted")}


def specs(form: str, inputs: tuple[Tensor, ...]) -> list[str]:
    """The sizes of inputs, which a scripted program does not know."""
    texts = [f"{'x'.join(map(str, x.shape))}:{str(x.dtype).removeprefix('torch.')}" for x in inputs]
    return [word for text in texts for word in ("--input", text)] if form == "scripted" else []


def generate(program: Path, folder: Path, module: nn.Module, inputs: tuple[Tensor, ...], form: str) -> tuple[nn.Module, str]:
    """The program of a module saved in a form, imported; and its text."""
    model, out = folder / "model.pt2", folder / "net.py"
    generated.save(module, inputs, form, model)
    text = generated.write(program, model, out, *specs(form, inputs))
    return generated.load(out), text


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", nasty.CASES)
def test_nasty(program, tmp_path, name, form):
    if (name, form) in IMPOSSIBLE:
        pytest.skip("PyTorch cannot save it so, or not read it again")
    module = nasty.build(name)
    net, text = generate(program, tmp_path, module, nasty.inputs(name), form)
    for batch in (1, 2, 7) if form == "dynamic" else (1,):
        inputs = nasty.inputs(name, batch)
        with torch.no_grad():
            generated.assert_equal(net(*inputs), module(*inputs))
    assert "torch.ops" not in text


@pytest.mark.parametrize("form", ("dynamic", "traced"))
@pytest.mark.parametrize("name", ZOO)
def test_zoo(program, tmp_path, name, form):
    module, inputs = zoo.build(name)
    net, text = generate(program, tmp_path, module, inputs, form)
    for times in (1, 2) if form == "dynamic" else (1,):
        batch = tuple(torch.randn(times * x.shape[0], *x.shape[1:]) for x in inputs)
        with torch.no_grad():
            generated.assert_equal(net(*batch), module(*batch))
    assert "torch.ops" not in text


def test_containers(program, tmp_path):
    net, _ = generate(program, tmp_path, nasty.build("dicts"), nasty.inputs("dicts"), "dynamic")
    result = net(*nasty.inputs("dicts"))
    assert list(result) == ["a b", "parts", "same"] and isinstance(result["parts"], list)
    assert result["parts"][1][1] is None and result["same"] is result["a b"]


# ---- training ----


def our_name(net: nn.Module, theirs: str) -> str:
    """What a parameter "a.b.weight" is called: "a_b.weight" in a module of torch.nn, else "a_b_weight"."""
    path, _, last = theirs.rpartition(".")
    names = {name for name, _ in net.named_parameters(remove_duplicate=False)}
    inside = f"{'module_' if path[:1].isdigit() else ''}{path.replace('.', '_')}.{last}"
    return inside if inside in names else theirs.replace(".", "_")


def assert_trains_equally(net: nn.Module, module: nn.Module, inputs: tuple[Tensor, ...]) -> None:
    results = []
    for part in (net, module):
        torch.manual_seed(3)
        part.train().zero_grad()
        results.append(part(*inputs))
        sum(tensor.square().sum() for tensor in zoo.flat(results[-1])).backward()
    generated.assert_equal(*results, 1e-5)
    for name, parameter in module.named_parameters():
        if parameter.grad is not None:
            generated.assert_equal(net.get_parameter(our_name(net, name)).grad, parameter.grad, 1e-4)
    ours = [buffer for name, buffer in net.named_buffers() if "running" in name]
    theirs = [buffer for name, buffer in module.named_buffers() if "running" in name]
    generated.assert_equal(ours, theirs, 1e-5)


@pytest.mark.parametrize("name", ("shared", "tied", "functional", "recurrent", "layers", "words"))
def test_trains_though_saved_for_evaluation(program, tmp_path, name):
    module = nasty.build(name)
    net, _ = generate(program, tmp_path, module, nasty.inputs(name), "dynamic")
    assert_trains_equally(net, module, nasty.inputs(name, 4))


@pytest.mark.parametrize("form", ("dynamic", "traced"))
def test_saved_in_training(program, tmp_path, form):
    module, inputs = nasty.build("training").train(), nasty.inputs("training", 2)
    net, text = generate(program, tmp_path, module, inputs, form)
    assert_trains_equally(net, module, nasty.inputs("training", 4))
    assert "model.train()" in text


def test_modes_share_names(program, tmp_path):
    """Weights of the program that trains go into the one that does not."""
    inputs, nets = nasty.inputs("training", 2), []
    for mode in (True, False):
        folder = tmp_path / str(mode)
        folder.mkdir()
        nets.append(generate(program, folder, nasty.build("training").train(mode), inputs, "dynamic")[0])
    trained, other = nets
    with torch.no_grad():
        for parameter in trained.parameters():
            parameter.mul_(1.5)
    result = other.load_state_dict(trained.state_dict(), strict=False)
    assert not result.missing_keys and result.unexpected_keys == ["aux.weight", "aux.bias"]
    assert torch.equal(other.fc.weight, trained.fc.weight)


def test_names_of_another_mode(program, tmp_path):
    """An addition of training before one that both modes have, and calls of one module on several lines."""

    class Square(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            return x.square()

    class Noisy(nn.Module):
        def __init__(self):
            super().__init__()
            self.square = Square()

        def forward(self, x: Tensor) -> Tensor:
            if self.training:
                x = x + self.square(x)
            return x + self.square(x)

    for mode in (True, False):
        generated.save(Noisy().train(mode), (torch.randn(2, 3),), "pt2", tmp_path / f"{mode}.pt2")
    alone = generated.write(program, tmp_path / "False.pt2", tmp_path / "alone.py")
    text = generated.write(program, tmp_path / "True.pt2", tmp_path / "net.py", "--names-of", str(tmp_path / "False.pt2"))
    assert "add_0_f = input_0_f + square_0_f" in alone
    assert "add_1_f = input_0_f + square_1_f" in text and "add_0_f = add_1_f + square_0_f" in text
    done = refused(program, tmp_path / "True.pt2", tmp_path / "other.py", "--names-of", str(tmp_path / "none.pt2"))
    assert "none.pt2" in done and not (tmp_path / "other.py").exists()


# ---- names ----


def test_names(program, tmp_path):
    module, inputs = zoo.build("resnet18")
    _, text = generate(program, tmp_path, module, inputs, "pt2")
    head = ["conv1 = self.conv1(input_0_f)", "input_0_f = None", "bn1 = self.bn1(conv1)", "conv1 = None"]
    lines = [line.strip() for line in text.splitlines()]
    start = lines.index("def forward(self, input_0_f):") + 1
    assert lines[start : start + 4] == head
    for line in ("add_0_f = layer1_0_bn2 + maxpool", "layer1_0_relu_1 = self.layer1_0_relu(add_0_f)",
                 "flatten_0_f = torch.flatten(avgpool, 1)", "self.conv1 = torch.nn.Conv2d(3, 64, 7, stride=2, padding=3, bias=False)"):
        assert line in lines
    ours = torch.load(tmp_path / "net.pth", weights_only=True)
    assert len(ours) == len(module.state_dict())


def test_class_name(program, tmp_path):
    generated.save(nasty.build("digits"), nasty.inputs("digits"), "pt2", tmp_path / "model.pt2")
    generated.write(program, tmp_path / "model.pt2", tmp_path / "net.py", "--name", "Tower_2")
    net = generated.load(tmp_path / "net.py", "Tower_2")
    assert [name for name, _ in net.named_children()] == ["module_0_0", "module_0_1", "module_1_0_0"]


@pytest.mark.parametrize("name", nasty.CASES)
def test_format(program, tmp_path, name):
    """As Python's formatter leaves it, imports and all."""
    black = pytest.importorskip("black")
    _, text = generate(program, tmp_path, nasty.build(name), nasty.inputs(name), "dynamic")
    assert black.format_str(text, mode=black.Mode()) == text


def test_main(program, tmp_path):
    """The program runs by itself, from any folder."""
    generate(program, tmp_path, nasty.build("words"), nasty.inputs("words"), "dynamic")
    done = subprocess.run([sys.executable, tmp_path / "net.py"], cwd="/", capture_output=True, text=True)
    assert done.returncode == 0 and done.stdout.startswith("tensor(")


# ---- files ----


@pytest.fixture
def model(tmp_path) -> Path:
    path = tmp_path / "model.pt2"
    generated.save(nasty.build("tied"), nasty.inputs("tied"), "pt2", path)
    return path


def refused(program: Path, model: Path, out: Path, *options: str) -> str:
    done = subprocess.run([program, "codegen", model, "-o", out, *options], capture_output=True, text=True)
    assert done.returncode != 0
    return done.stderr


def test_weights_file(program, tmp_path, model):
    """Stored, at multiples of 64, tensors that are one only once."""
    generated.write(program, model, tmp_path / "net.py")
    with zipfile.ZipFile(tmp_path / "net.pth") as archive, open(tmp_path / "net.pth", "rb") as file:
        assert archive.testzip() is None
        for entry in archive.infolist():
            file.seek(entry.header_offset + 26)
            lengths = file.read(4)
            start = entry.header_offset + 30 + int.from_bytes(lengths[:2], "little") + int.from_bytes(lengths[2:], "little")
            assert entry.compress_type == zipfile.ZIP_STORED and start % 64 == 0
    weights = torch.load(tmp_path / "net.pth", weights_only=True)
    assert weights["decoder.weight"].data_ptr() == weights["encoder.weight"].data_ptr()


def test_same_bytes(program, tmp_path, model):
    names = [tmp_path / folder / "net.py" for folder in ("a", "b")]
    for name in names:
        name.parent.mkdir()
        generated.write(program, model, name)
    for ending in (".py", ".pth"):
        assert names[0].with_suffix(ending).read_bytes() == names[1].with_suffix(ending).read_bytes()


def test_weights_elsewhere(program, tmp_path, model):
    """Beside the program by name, in another folder by the path as it was given."""
    (tmp_path / "w").mkdir()
    for out, shown in ((tmp_path / "a.bin", '.with_name("a.bin")'), (tmp_path / "w" / "a.bin", f'"{tmp_path}/w/a.bin"')):
        text = generated.write(program, model, tmp_path / "net.py", "--output-weights", str(out), "--force")
        assert shown in text and "encoder.weight" in torch.load(out, weights_only=True)


def test_examples(program, tmp_path, model):
    """Sizes that may be any may differ, others not."""
    dynamic = tmp_path / "dynamic.pt2"
    generated.save(nasty.build("dicts"), nasty.inputs("dicts"), "dynamic", dynamic)
    text = generated.write(program, dynamic, tmp_path / "net.py", "--example", "5x6", "--example", "5x6")
    assert "dummy_input_0 = torch.randn((5, 6))" in text and "dummy_input_1 = torch.randn((5, 6))" in text
    message = refused(program, dynamic, tmp_path / "other.py", "--example", "5x6")
    assert message == "tinynn: the model has 2 inputs, found 1 examples\n"
    for wrong in ("2x6", "1x6x1", "1x6:int64", "y=1x6"):
        message = refused(program, model, tmp_path / "other.py", "--example", wrong)
        assert message == "tinynn: x: an example does not fit this input, which is float32[1, 6]\n"
    assert refused(program, model, tmp_path / "other.py", "--example", "1y").startswith('tinynn: --example "1y": ')
    assert not (tmp_path / "other.py").exists()


@pytest.mark.parametrize("ending", (".py", ".pth"))
def test_keeps_what_is_there(program, tmp_path, model, ending):
    there = tmp_path / f"net{ending}"
    there.write_text("edited")
    message = refused(program, model, tmp_path / "net.py")
    assert message == f"tinynn: {there}: the file is there and may have been edited; it is kept unless forced\n"
    assert there.read_text() == "edited" and len(list(tmp_path.iterdir())) == 2
    generated.write(program, model, tmp_path / "net.py", "--force")
    generated.load(tmp_path / "net.py")


def test_both_or_none(program, tmp_path, model):
    (tmp_path / "net.pth").mkdir()
    assert "net.pth" in refused(program, model, tmp_path / "net.py", "--force")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["model.pt2", "net.pth"]


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="the system has no /dev/full")
def test_full_disk(program, tmp_path, model):
    """A limit of the size of files is what a full disk is to the program."""
    run = partial(subprocess.run, capture_output=True, text=True)
    done = run(["bash", "-c", f"trap '' XFSZ; ulimit -f 1; '{program}' codegen '{model}' -o '{tmp_path}/net.py'"])
    assert done.returncode == 4 and "cannot write" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["model.pt2"]


@pytest.mark.parametrize("out, options, message", [
    ("net.txt", (), "{}/net.txt: a program's name ends in .py"),
    (".py", (), "{}/.py: a program's name ends in .py"),
    ("net.py", ("--name", "a-b"), 'class name "a-b" is no identifier of Python'),
    ("none/net.py", (), "{}/none/net.py: cannot write: No such file or directory"),
])
def test_refusals(program, tmp_path, model, out, options, message):
    assert refused(program, model, tmp_path / out, *options) == f"tinynn: {message.format(tmp_path)}\n"


def test_networks_have_no_name_twice(program, tmp_path):
    """Names that become one are told apart."""
    net, _ = generate(program, tmp_path, nasty.build("odd names"), nasty.inputs("odd names"), "dynamic")
    names = [name for name, _ in net.named_children()]
    assert names == ["parts_a_b", "parts_class", "parts_gr____e", "parts_a_b_1", "body_lambda", "body_self", "add_module_1"]




# ---- Python ----


def test_binding(tmp_path):
    """A live module, exported; it stays in its mode."""
    import tinynn

    module, inputs = nasty.build("layers"), nasty.inputs("layers")
    out = tmp_path / "net.py"
    tinynn.load(module, inputs, as_written=True).to_program(out, "Layers")
    with torch.no_grad():
        generated.assert_equal(generated.load(out, "Layers")(*inputs), module(*inputs))
    assert not module.training
    with pytest.raises(tinynn.Error, match="kept unless forced"):
        tinynn.load(module, inputs, as_written=True).to_program(out)
