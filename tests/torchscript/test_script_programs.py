"""Programs of scripted.py, scripted, traced and frozen, against PyTorch."""

from dataclasses import dataclass
from pathlib import Path

import litert
import numpy as np
import pytest
import scripted
import tinynn
import torch
from torch import nn
from torch.ao import quantization


@dataclass(frozen=True)
class Case:
    module: type[nn.Module]
    shapes: tuple
    frozen: bool = True
    litert: bool = True


CASES = {
    "loops": Case(scripted.Loops, ((4, 4),)),
    "loops with an optional": Case(scripted.Loops, ((4, 4), (4, 4))),
    "early": Case(scripted.Early, ((2, 3),)),
    "early, the other way": Case(scripted.Early, ((5, 3),)),
    "early, at the end": Case(scripted.Early, ((1, 3),)),
    "recurrent": Case(scripted.Recurrent, ((3, 2, 3),)),
    "objects": Case(scripted.Objects, ((2, 2),), frozen=False),
    "text": Case(scripted.Text, ((3, 4),)),
    "kinds": Case(scripted.Kinds, ((1, 3, 8, 8),)),
    "dead branch": Case(scripted.DeadBranch, ((2, 3),)),
}


def flat(result) -> list[np.ndarray]:
    """The tensors in order; None and numbers are no outputs."""
    if isinstance(result, torch.Tensor):
        return [result.detach().contiguous().numpy()]
    items = result.values() if isinstance(result, dict) else result if isinstance(result, (list, tuple)) else []
    return [array for item in items for array in flat(item)]


def build(case: Case) -> tuple[nn.Module, list[torch.Tensor]]:
    torch.manual_seed(0)
    module = case.module().eval()
    for part in module.modules():
        if isinstance(part, nn.BatchNorm2d):
            part.running_mean.normal_()
            part.running_var.uniform_(0.5, 2)
    return module, [torch.randn(shape) for shape in case.shapes]


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("how", ["scripted", "frozen"])
def test_program(name, how, tmp_path: Path):
    case = CASES[name]
    if how == "frozen" and not case.frozen:
        pytest.skip("the program changes its attributes: PyTorch does not freeze it")
    module, inputs = build(case)
    with torch.no_grad():
        # What is scripted keeps a copy of the state, so the order does not matter.
        script = torch.jit.script(module)
        expected = flat(module(*(x.clone() for x in inputs)))
    path = tmp_path / "model.pt"
    (torch.jit.freeze(script) if how == "frozen" else script).save(path)
    model = tinynn.load(path, inputs=[tuple(x.shape) for x in inputs])
    arrays = [x.numpy() for x in inputs]
    litert.assert_close(model.run(*arrays), expected, 1e-5)
    out = tmp_path / "out.tflite"
    model.convert(out, layout="nchw")
    if case.litert:
        litert.assert_close(litert.run(out, arrays), expected, 1e-5)


def save(module: nn.Module, path: Path) -> Path:
    torch.jit.script(module.eval()).save(path)
    return path


def test_names(tmp_path: Path):
    """Keys of dicts and fields of named tuples are names of outputs; parameters have their module paths."""
    model = tinynn.load(save(scripted.Loops(), tmp_path / "a.pt"), inputs=[(4, 4)])
    assert [value.name for value in model.inputs] == ["x"]
    assert [value.name for value in model.outputs] == ["z", "x", "w"]
    assert "%layers.0.weight" in model.text() and "# layers.1" in model.text()
    model = tinynn.load(save(scripted.Objects(), tmp_path / "b.pt"), inputs=[(2, 2)])
    assert model.outputs[-1].name == "a"
    assert any("state" in warning and "changed" in warning for warning in model.warnings)


def test_method(tmp_path: Path):
    module = scripted.Kinds()
    path = save(module, tmp_path / "a.pt")
    x = torch.randn(2, 4, 3, 3)
    model = tinynn.load(path, inputs=[tuple(x.shape)], method="shifted")
    litert.assert_close(model.run(x.numpy()), [module.shifted(x).numpy()], 1e-6)
    with pytest.raises(tinynn.Error, match='no method "backward"; it has: forward, shifted') as caught:
        tinynn.load(path, method="backward")
    assert caught.value.code == "invalid"


def test_inputs_in_containers(tmp_path: Path):
    module = scripted.Inputs()
    a, b, c, d = (torch.randn(2, 3) for _ in range(4))
    names = ["pair_0", "pair_1", "more_0", "more_1"]
    model = tinynn.load(save(module, tmp_path / "a.pt"), inputs={name: (2, 3) for name in names})
    assert [value.name for value in model.inputs] == names
    expected = module((a, b), [c, d]).numpy()
    litert.assert_close(model.run(a.numpy(), b.numpy(), c.numpy(), d.numpy()), [expected], 1e-6)


def test_traced_containers(tmp_path: Path):
    """A traced model keeps the shapes of its inputs, those in containers too."""
    class Program(nn.Module):
        def forward(self, x, pair):
            return {"sum": x + pair[0] * x.shape[1], "view": pair[1].view(pair[1].size(0), -1)}

    x, y, z = torch.randn(2, 3), torch.randn(2, 3), torch.randn(4, 2, 2)
    path = tmp_path / "a.pt"
    torch.jit.trace(Program(), (x, (y, z)), strict=False).save(path)
    model = tinynn.load(path)
    assert [(value.name, value.shape) for value in model.inputs] == [
        ("x", (2, 3)), ("pair_0", (2, 3)), ("pair_1", (4, 2, 2))]
    expected = Program()(x, (y, z))
    litert.assert_close(model.run(x.numpy(), y.numpy(), z.numpy()), flat(expected), 1e-6)
    # Sizes of its own may replace those of the example, where the program does not depend on them.
    assert tinynn.load(path, inputs={"pair_1": (6, 2, 5)}).outputs[1].shape == (6, 10)


def test_tied_weights(tmp_path: Path):
    class Tied(nn.Module):
        def __init__(self):
            super().__init__()
            self.a, self.b = nn.Linear(4, 4), nn.Linear(4, 4)
            self.b.weight = self.a.weight

        def forward(self, x):
            return self.b(self.a(x))

    module, x = Tied(), torch.randn(2, 4)
    path = tmp_path / "a.pt"
    torch.jit.trace(module, x).save(path)
    model = tinynn.load(path)
    assert model.text().count("const ") == 3
    litert.assert_close(model.run(x.numpy()), [module(x).detach().numpy()], 1e-6)


def test_lacks(tmp_path: Path):
    """All that is lacking, behind what is lacking too, with counts and modules."""
    with pytest.raises(tinynn.UnsupportedOperators) as caught:
        tinynn.load(save(scripted.Lacking(), tmp_path / "a.pt"), inputs=[(4, 4)])
    found = {lack.op: lack for lack in caught.value.operators}
    assert {"aten.linalg_svdvals", "aten.linalg_eigvalsh", "aten.polygamma"} <= set(found)
    assert found["aten.linalg_svdvals"].count == 2
    assert "may not run" in found["aten.linalg_eigvalsh"].reason


def test_missing_shape(tmp_path: Path):
    with pytest.raises(tinynn.Error, match='which shape input "x" has') as caught:
        tinynn.load(save(scripted.Recurrent(), tmp_path / "a.pt"))
    assert caught.value.code == "invalid"


def test_raise(tmp_path: Path):
    """What the program itself refuses."""
    module = nn.Sequential(nn.BatchNorm2d(3))
    with pytest.raises(tinynn.Error, match=r"expected 4D input \(got 3D input\)"):
        tinynn.load(save(module, tmp_path / "a.pt"), inputs=[(3, 4, 4)])


def test_endless_loop(tmp_path: Path):
    class Endless(nn.Module):
        def forward(self, x):
            n = 1
            while n > 0:
                n += 1
            return x + n

    path = tmp_path / "a.pt"
    save(Endless(), path)
    with pytest.raises(tinynn.Error, match="takes more than") as caught:
        tinynn.load(path, inputs=[(2,)])
    assert caught.value.code == "limit"


class Quantized(nn.Module):
    def __init__(self):
        super().__init__()
        self.quant, self.dequant = quantization.QuantStub(), quantization.DeQuantStub()
        self.conv, self.fc = nn.Conv2d(3, 4, 3), nn.Linear(4, 5)

    def forward(self, x):
        x = torch.relu(self.conv(self.quant(x)))
        return self.dequant(self.fc(x.mean([2, 3])))


def quantize(how: str) -> nn.Module:
    torch.backends.quantized.engine = "qnnpack"
    if how == "dynamic":
        return quantization.quantize_dynamic(nn.Sequential(nn.Flatten(), nn.Linear(192, 4)).eval(), {nn.Linear})
    module = Quantized().eval()
    module.qconfig = quantization.get_default_qconfig("qnnpack")
    prepared = quantization.prepare(module)
    prepared(torch.randn(1, 3, 8, 8))
    return quantization.convert(prepared)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("how, lacking", [
    ("scripted", {"quantized.conv2d", "quantized.linear", "aten.quantize_per_tensor", "aten.dequantize"}),
    ("traced", {"quantized.conv2d", "quantized.linear", "aten.quantize_per_tensor", "aten.dequantize"}),
    ("dynamic", {"quantized.linear_dynamic"}),
])
def test_quantized(how, lacking, tmp_path: Path):
    """Weights packed by __setstate__ are recognized, and all that computes with them is listed."""
    module, path = quantize(how), tmp_path / "a.pt"
    script = torch.jit.trace(module, torch.randn(1, 3, 8, 8)) if how == "traced" else torch.jit.script(module)
    script.save(path)
    with pytest.raises(tinynn.UnsupportedOperators) as caught:
        tinynn.load(path, inputs=[(1, 3, 8, 8)])
    lacks = {lack.op: lack.reason for lack in caught.value.operators}
    assert lacking <= set(lacks)
    assert all("quantized by torch.ao: save the float model" in reason for reason in lacks.values())


@pytest.mark.filterwarnings("ignore")
def test_optimized_for_inference(tmp_path: Path):
    """Operators of one backend are named, all of them."""
    module = nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU()).eval()
    path = tmp_path / "a.pt"
    torch.jit.optimize_for_inference(torch.jit.script(module)).save(path)
    with pytest.raises(tinynn.UnsupportedOperators) as caught:
        tinynn.load(path, inputs=[(1, 3, 8, 8)])
    lacks = {lack.op: lack.reason for lack in caught.value.operators}
    assert {"aten.to_mkldnn", "prim.mkldnn_convolution", "aten.to_dense"} <= set(lacks)
    assert all("before it is optimized for inference" in reason for reason in lacks.values())
