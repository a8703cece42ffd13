"""The tracer: programs written for TinyNN run, and modules are as they were."""

import copy
import importlib
import random
import subprocess
import sys
from pathlib import Path

import nasty
import numpy as np
import pytest
import torch
import traced
from generated import assert_equal
from tinynn.graph import tracer
from tinynn.graph.tracer import model_tracer, trace
from tinynn.util.util import import_from_path
from torch import nn

X = torch.randn(1, 6, generator=torch.Generator().manual_seed(1))
IMAGE = torch.randn(1, 3, 4, 4, generator=torch.Generator().manual_seed(1))


@pytest.fixture(autouse=True)
def seed():
    torch.manual_seed(0)


def generated(graph: tracer.TraceGraph, folder: Path, name: str = "Net") -> nn.Module:
    """The program of a graph, imported as TinyNN's documentation does, with its weights."""
    graph.generate_code(folder / f"{name}.py", folder / f"{name}.pth", name)
    net = import_from_path(f"out.{name}", folder / f"{name}.py", name)()
    net.load_state_dict(torch.load(folder / f"{name}.pth"))
    return net.train(graph.module.training)


def names(graph: tracer.TraceGraph) -> list[str]:
    return [node.unique_name for node in graph.forward_nodes]


# ---- programs written for TinyNN ----


def test_as_documented(tmp_path, monkeypatch):
    """The steps of TinyNN's example of the tracer, with paths relative to a folder."""
    monkeypatch.chdir(tmp_path)
    with model_tracer():
        model = traced.Small()
        model.eval()
        dummy_input = torch.rand((1, 3, 4, 4))
        graph = trace(model, dummy_input)
        graph.generate_code("out/small.py", "out/small.pth", "Small")
    sys.path.insert(0, "out")
    monkeypatch.delitem(sys.modules, "small", raising=False)  # another test's
    try:
        small = importlib.import_module("small").Small()
    finally:
        sys.path.remove("out")
        sys.modules.pop("small", None)
    small.load_state_dict(torch.load("out/small.pth"))
    small.eval()
    for batch in (1, 2, 7):
        x = torch.randn(batch, 3, 4, 4)
        torch.testing.assert_close(small(x), model(x))
    text = Path("out/small.py").read_text()
    assert "dummy_input_0 = torch.randn((1, 3, 4, 4))" in text and '.with_name("small.pth")' in text


def test_other_contexts():
    with tracer.import_patcher(), tracer.no_catch(), tracer.ignore_mod_param_update_warning():
        assert names(trace(traced.Small().eval(), IMAGE))[0] == "stem_0"


def test_nodes():
    model = traced.Small().eval()
    graph = trace(model, IMAGE)
    assert names(graph) == ["stem_0", "stem_1", "stem_2", "more", "add_0_f", "view_0_f", "fc"]
    assert [node.kind() for node in graph.forward_nodes] == ["Conv2d", "BatchNorm2d", "ReLU", "Conv2d", "add", "view", "Linear"]
    stem, add = graph.forward_nodes[0], graph.forward_nodes[4]
    assert stem.module is model.stem[0] and stem.original_name == "stem.0" and stem.type() is nn.Conv2d
    assert add.module is None and add.type() == "add"
    assert sorted(node.unique_name for node in add.prev_nodes) == ["more", "stem_2"]
    assert [node.unique_name for node in graph.forward_nodes[2].next_nodes] == ["more", "add_0_f"]
    assert [node.unique_name for node in graph.input_nodes] == ["input_0_f"] and graph.output_nodes == [graph.forward_nodes[-1]]
    assert graph.all_nodes() == graph.input_nodes + graph.forward_nodes
    convs = graph.filter_forward_nodes(lambda node, data: isinstance(node.module, data), nn.Conv2d, reverse=True)
    assert [node.unique_name for node in convs] == ["more", "stem_0"]
    assert graph.module is model and graph.dummy_input is IMAGE


def test_names_are_those_of_the_program(tmp_path):
    graph = trace(traced.Places().eval(), X)
    generated(graph, tmp_path)
    lines = [line.strip() for line in (tmp_path / "Net.py").read_text().splitlines()]
    assigned = [line.split(" = ")[0] for line in lines[lines.index("def forward(self, input_0_f):"):] if " = " in line and
                not line.endswith("None")]
    assert assigned[: len(graph.forward_nodes)] == names(graph)


# ---- inputs and outputs ----


@pytest.mark.parametrize("named", (False, True))
def test_several(tmp_path, named):
    model = traced.Several(named).eval()
    given = (X, (X + 1, X * 2))
    net = generated(trace(model, given), tmp_path)
    ours, theirs = net(X, X + 1, X * 2), model(*given)
    if named:
        ours, theirs = {"total": ours[0], "parts": ours[1]}, theirs._asdict()
    assert list(ours) == ["total", "parts"] and isinstance(ours["parts"], list)
    torch.testing.assert_close(ours, theirs)


def test_first_sizes_differ(tmp_path):
    """Sizes of 1 and of 3, either of which may be any."""
    model = nn.Bilinear(6, 6, 2).eval()
    net = generated(trace(model, [X.expand(3, 6), X.expand(3, 6)]), tmp_path)
    torch.testing.assert_close(net(X.expand(5, 6), X.expand(5, 6)), model(X.expand(5, 6), X.expand(5, 6)))


def test_fixed_batch(tmp_path):
    torch.testing.assert_close(generated(trace(traced.FixedBatch(), X), tmp_path)(X), X * 2)


def test_what_cannot_be_exported_is_traced(tmp_path):
    model = traced.Decides().eval()
    torch.testing.assert_close(generated(trace(model, X.abs()), tmp_path)(X.abs()), model(X.abs()))


# ---- what is left as it was ----


def picture(module: traced.Dirty) -> list[object]:
    state = {name: tensor.clone() for name, tensor in module.state_dict().items()}
    modes = [part.training for part in module.modules()]
    return [state, modes, module.count, module.last, torch.get_rng_state(), random.getstate(), np.random.get_state()[1]]


def same(a: list[object], b: list[object]) -> bool:
    return all(torch.equal(a[0][name], b[0][name]) for name in a[0]) and a[1:4] == b[1:4] and torch.equal(a[4], b[4]) \
        and a[5] == b[5] and bool((a[6] == b[6]).all())


@pytest.mark.parametrize("fails", (False, True))
@pytest.mark.parametrize("training", (False, True))
def test_untouched(tmp_path, training, fails):
    module = traced.Dirty().train(training)
    module.drop.train(not training)
    module.fails = fails
    seen, before = module.seen, picture(module)
    x = X.expand(4, 6)
    if fails:
        with pytest.raises(KeyError, match="a mistake of the user's"):
            trace(module, x)
    else:
        trace(module, x).generate_code(tmp_path / "net.py", tmp_path / "net.pth", check=True)
    assert same(before, picture(module)) and module.seen is seen and not X.requires_grad


# ---- modes ----


def test_training(tmp_path):
    """The graph of training: statistics move, gradients are equal."""
    model = nn.Sequential(nn.Linear(6, 6), nn.BatchNorm1d(6), nn.Dropout(0.5))
    net = generated(trace(model, X.expand(4, 6)), tmp_path)
    x = torch.randn(8, 6)
    results = []
    for part in (net, model):
        torch.manual_seed(5)
        results.append(part(x))
        results[-1].square().sum().backward()
    torch.testing.assert_close(*results)
    for ours, theirs in zip(net.parameters(), model.parameters()):
        torch.testing.assert_close(ours.grad, theirs.grad)
    torch.testing.assert_close(net.module_1.running_mean, model[1].running_mean)


class Scales(nn.Module):
    """A program that counts what its values are like, as a quantizer puts it beside every node, by name."""

    def __init__(self, net: nn.Module, graph: tracer.TraceGraph):
        super().__init__()
        self.net = net
        for i, node in enumerate(graph.forward_nodes):
            net.register_buffer(f"scale_{node.unique_name}", torch.tensor(float(i + 1)))


@pytest.mark.parametrize("order", ((True, False), (False, True)))
def test_pair(tmp_path, order):
    """Weights and scales of the program that was trained go into the other, to the same operators."""
    model, graphs, nets = traced.Modes(), {}, {}
    for training in order:
        graphs[training] = trace(model.train(training), X)
        nets[training] = generated(graphs[training], tmp_path, f"Net{training}")
    assert names(graphs[False]) == ["a", "act", "b", "add_0_f", "sum_0_f", "mul_0_f"]
    extra = ["add_1_f", "act_1", "sum_1_f", "mul_1_f"]
    assert names(graphs[True]) == ["a", *extra, "act", "b", "add_0_f", "sum_0_f", "mul_0_f", "drop", "aux"]
    trained, other = nets[True], nets[False]
    for net, graph in ((trained, graphs[True]), (other, graphs[False])):
        Scales(net, graph)
    with torch.no_grad():
        for parameter in trained.parameters():
            parameter.mul_(1.5)
    result = other.load_state_dict(trained.state_dict(), strict=False)
    assert not result.missing_keys
    scales = {f"scale_{name}" for name in (*extra, "drop", "aux")}
    assert set(result.unexpected_keys) == scales | {"aux.weight", "aux.bias", "tensor_1"}
    for name in names(graphs[False]):
        assert float(getattr(other, f"scale_{name}")) == names(graphs[True]).index(name) + 1
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.mul_(1.5)
    torch.testing.assert_close(other.eval()(X), model.eval()(X))


@pytest.mark.parametrize("training", (False, True))
@pytest.mark.parametrize("name", nasty.CASES)
def test_nasty(tmp_path, name, training):
    """Modules that make code generation sweat, checked, and with the program as their forward."""
    module, inputs = nasty.build(name).train(training), nasty.inputs(name, 2)
    graph = trace(module, inputs)
    graph.generate_code(tmp_path / "net.py", tmp_path / "net.pth", check=True)
    results = []
    for part in (copy.deepcopy(module), module):
        if part is module:
            graph.inplace_commit()
        torch.manual_seed(3)
        results.append(part(*inputs))
    assert_equal(*results)


# ---- stubs ----


@pytest.mark.parametrize("training", (False, True))
def test_stubs(tmp_path, training):
    model = traced.Stubs().train(training)
    forward = torch.ao.quantization.QuantStub.forward
    graph = trace(model, X)
    net = generated(graph, tmp_path)
    text = (tmp_path / "Net.py").read_text()
    assert "self.quant = torch.ao.quantization.QuantStub()" in text and "dequant = self.dequant(body_1)" in text
    assert names(graph) == ["quant", "body_0", "body_1", "dequant", "sigmoid_0_f"]
    assert graph.forward_nodes[0].module is model.quant and type(net.quant) is torch.ao.quantization.QuantStub
    torch.testing.assert_close(net(X), model(X))
    assert torch.ao.quantization.QuantStub.forward is forward
    again = trace(net, X)
    generated(again, tmp_path / "again")
    assert (tmp_path / "again" / "Net.py").read_text() == text


def test_stubs_of_a_traced_module(tmp_path):
    class Both(traced.Stubs):
        def forward(self, x):
            return super().forward(x) if x.sum().item() < 1e9 else x

    assert names(trace(Both().eval(), X))[:1] == ["quant"]


def test_stubs_without_python(program, tmp_path):
    """The program `tinynn` reads what was generated, and writes the same; a conversion has no use for stubs."""
    generated(trace(traced.Stubs().eval(), X), tmp_path)
    script, again = tmp_path / "Net.py", tmp_path / "again" / "Net.py"
    again.parent.mkdir()
    subprocess.run([program, "codegen", script, "-o", again], check=True)
    assert again.read_text() == script.read_text()
    subprocess.run([program, "convert", script, "-o", tmp_path / "net.tflite"], check=True)
    listed = subprocess.run([program, "inspect", tmp_path / "net.tflite"], check=True, capture_output=True, text=True).stdout
    assert "operators: 2," in listed and "FULLY_CONNECTED" in listed and "LOGISTIC" in listed
    wrong = tmp_path / "wrong.py"
    wrong.write_text(script.read_text().replace("torch.ao.quantization.Quant", "torch.nn.Quant").replace('"Net.pth"', '"w.pth"'))
    done = subprocess.run([program, "convert", wrong, "-o", tmp_path / "x.tflite"], capture_output=True, text=True)
    assert done.returncode != 0 and "QuantStub" in done.stderr


def test_edited_program(tmp_path):
    """A person lets the quantized part end earlier; the program is imported and traced again."""
    model = traced.Stubs().eval()
    generated(trace(model, X), tmp_path)
    script = tmp_path / "Net.py"
    text = script.read_text()
    for old, new in (("body_1 = self.body_1(body_0)", "dequant = self.dequant(body_0)"),
                     ("dequant = self.dequant(body_1)", "body_1 = self.body_1(dequant)"),
                     ("torch.sigmoid(dequant)", "torch.sigmoid(body_1)")):
        assert old in text
        text = text.replace(old, new)
    text = "\n".join(line for line in text.splitlines() if not line.endswith(" = None"))
    script.write_text(text)
    net = import_from_path("out.edited", script, "Net")()
    net.load_state_dict(torch.load(tmp_path / "Net.pth"))
    graph = trace(net.eval(), X)
    assert names(graph) == ["quant", "body_0", "dequant", "body_1", "sigmoid_0_f"]
    torch.testing.assert_close(generated(graph, tmp_path / "again")(X), model(X))


# ---- checking ----


def test_check_finds_what_differs(tmp_path):
    model = traced.Small().eval()
    graph = trace(model, IMAGE)
    model.stem[1].forward = lambda x: x * 1.01  # what the module computes now
    with pytest.raises(ValueError, match=r"net\.py: the program computes something else: output 0 departs by .*, at most"):
        graph.generate_code(tmp_path / "out" / "net.py", tmp_path / "out" / "net.pth", check=True)
    assert not (tmp_path / "out").exists()
    graph.generate_code(tmp_path / "out" / "net.py", tmp_path / "out" / "net.pth")
    assert len(list((tmp_path / "out").iterdir())) == 2


def test_check_in_the_mode_of_the_graph(tmp_path):
    model = traced.Modes()
    graph = trace(model, X)
    model.eval()
    graph.generate_code(tmp_path / "net.py", tmp_path / "net.pth", check=True)
    assert not model.training


def test_weights_elsewhere(tmp_path):
    """The program reads them by the path that was given; files that are there are written over."""
    graph = trace(traced.Stubs().eval(), X)
    script, weights = tmp_path / "a" / "net.py", tmp_path / "b" / "w.bin"
    for path in (script, weights):
        path.parent.mkdir()
        path.write_text("old")
    graph.generate_code(script, weights, "Net", check=True)
    text = script.read_text()
    assert f'"{weights}"' in text and "with_name" not in text
    assert "body_0.weight" in torch.load(weights)


# ---- commit ----


def test_commit(capsys):
    model = traced.Places().eval()
    expected, state = model(X), dict(model.named_parameters())
    keys = list(model.state_dict())
    graph = trace(model, X)
    graph.inplace_commit(show_code=True)
    code = capsys.readouterr().out
    assert "self.parts.get_submodule('a-b')(" in code and "self.rows[1][1](" in code and "self.scale" in code
    torch.testing.assert_close(model(X), expected)
    assert list(model.state_dict()) == keys and model.tensor_0 == "a name that the program wants"
    assert all(parameter is state[name] for name, parameter in model.named_parameters())
    with torch.no_grad():
        model.rows[0].weight.zero_()
    other = copy.deepcopy(model)
    assert not torch.equal(model(X), expected) and torch.equal(other(X), model(X))
    with torch.no_grad():
        other.scale.zero_()
    assert not torch.equal(other(X), model(X))
    assert names(trace(model, X)) == names(graph)


# ---- refusals ----


def test_refusals(tmp_path):
    with pytest.raises(TypeError, match="DataParallel spreads a module over devices"):
        trace(nn.DataParallel(traced.Small()), IMAGE)
    with pytest.raises(TypeError, match="a torch.nn.Module is expected, found function"):
        trace(lambda x: x, X)
    with pytest.raises(NotImplementedError, match="tinynn.graph.tracer.patch_helper"):
        tracer.patch_helper(wrap_modules=False)
    graph = trace(traced.Stubs().eval(), X)
    with pytest.raises(NotImplementedError, match="TraceGraph.insert_after"):
        graph.insert_after(graph.forward_nodes[0], nn.ReLU())
    with pytest.raises(Exception, match='class name "a b" is no identifier'):
        graph.generate_code(tmp_path / "net.py", tmp_path / "net.pth", "a b")
    assert not list(tmp_path.iterdir())
