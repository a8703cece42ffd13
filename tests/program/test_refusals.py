"""Programs that are refused, by file, line and reason; and what a person's edit of a program does."""

import pytest
import tinynn
import torch
from running import check, save

HEAD = """import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3)
        self.fc = nn.Linear(4, 2)

    def forward(self, x):
        x = F.relu(self.conv(x))
        x = x.mean((2, 3))
        return self.fc(x)
"""
INPUT = (1, 3, 6, 6)

# What replaces what in HEAD, and the error.
REFUSED = {
    "another module": ("import torch\n", "import os\nimport torch\n",
        "model.py:1: import of os: a model may import torch, torch.nn, torch.nn.functional, math, typing, collections and copy"),
    "numpy": ("import torch\n", "import torch\nimport numpy as np\n", "model.py:2: import of numpy: "),
    "a name that a module has not": ("F\n", "F\nfrom torch.nn import Conv9d\n",
        "model.py:4: torch.nn.Conv9d is not supported; did you mean Conv1d?"),
    "everything": ("F\n", "F\nfrom torch.nn import *\n", "model.py:4: found '*', expected a name"),
    "a relative import": ("F\n", "F\nfrom .a import b\n", "model.py:4: found '.', expected a name"),
    "exec": ("x = x.mean((2, 3))", "exec('x = 1')", "model.py:14: unknown name exec"),
    "eval": ("x = x.mean((2, 3))", "x = eval('x')", "model.py:14: unknown name eval"),
    "open": ("x = x.mean((2, 3))", "open('/etc/passwd')", "model.py:14: unknown name open"),
    "__import__": ("x = x.mean((2, 3))", "__import__('os').system('ls')", "model.py:14: unknown name __import__"),
    "globals of a function": ("x = x.mean((2, 3))", "y = getattr(F.relu, '__globals__')",
        "model.py:14: torch.nn.functional.relu has no attribute __globals__"),
    "a class's insides": ("x = x.mean((2, 3))", "y = self.__class__", "model.py:14: an object of class Net has no attribute __class__"),
    "our own functions": ("x = x.mean((2, 3))", "x = unset([2], None, 'x')", "model.py:14: unknown name unset"),
    "lambda": ("x = x.mean((2, 3))", "f = lambda y: y", "model.py:14: found 'lambda', expected an expression"),
    "try": ("x = x.mean((2, 3))", "try:\n            pass", "model.py:14: found 'try', expected an expression"),
    "a decorator": ("    def forward", "    @torch.compile\n    def forward", "model.py:12: a decorator that is not known: torch.compile"),
    "a function inside": ("x = x.mean((2, 3))", "def f():\n            pass", "model.py:14: a function inside a function"),
    "several bases": ("class Net(nn.Module)", "class Net(nn.Module, dict)", "model.py:6: a class with several bases"),
    "no module": ("class Net(nn.Module)", "class Net", "model.py: the file has no class that derives from torch.nn.Module"),
    "endless loop": ("x = x.mean((2, 3))", "while True:\n            pass", "evaluation takes more than 10000000 steps"),
    "endless calls": ("x = F.relu(self.conv(x))", "x = self.forward(x)", "evaluation is nested more than 200 deep"),
    "deep nesting": ("x = x.mean((2, 3))", "x = " + "(" * 300 + "x" + ")" * 300, "model.py:14: nested more than 200 deep"),
    "a tab too few": ("        x = x.mean((2, 3))", "      x = x.mean((2, 3))", "model.py:14: the indentation fits no outer block"),
    "a bracket left open": ("x = x.mean((2, 3))", "x = x.mean((2, 3)", "model.py:15: found 'return', expected )"),
    "a decision on data": ("x = x.mean((2, 3))", "if x.sum() > 0:\n            x = -x\n        x = x.mean((2, 3))",
        "model.py: 1 operator is not supported: prim.If (1)"),
    "a misspelled attribute": ("self.fc(x)", "self.fcc(x)", "model.py:15: an object of class Net has no attribute fcc; did you mean fc?"),
    "a misspelled layer": ("nn.Linear(4, 2)", "nn.Liner(4, 2)", "model.py:10: torch.nn.Liner is not supported; did you mean Linear?"),
    "a misspelled argument": ("nn.Linear(4, 2)", "nn.Linear(4, 2, bais=False)",
        "model.py:10: __init__: argument `bais` does not exist or is given twice"),
    "an argument too many": ("nn.Linear(4, 2)", "nn.Linear(4, 2, True, None, None, 1)",
        "model.py:10: __init__: 7 positional arguments, expected at most 6"),
    "a name that is not set": ("self.fc(x)", "self.fc(y)", "model.py:15: unknown name y"),
    "a value set to None too early": ("x = x.mean((2, 3))", "x = None\n        x = x.mean((2, 3))",
        "model.py:15: a None has no attribute mean"),
    "sizes that do not fit": ("x = x.mean((2, 3))", "x = x[..., :3]", "model.py:15 (fc): linear: the last dimension of input is 3, expected 4"),
    "random numbers": ("x = x.mean((2, 3))", "x = x.mean((2, 3)) + torch.randn(4)",
        "model.py:14: the model uses random numbers (torch.randn), which no file gives"),
    "a parameter that is in no module": ("x = x.mean((2, 3))", "x = nn.Linear(4, 4)(x).mean((2, 3))",
        "model.py:14: the model uses weights, which no file gives"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name, tmp_path):
    old, new, message = REFUSED[name]
    save(HEAD, tmp_path)
    assert HEAD.count(old) >= 1
    path = tmp_path / "model.py"
    path.write_text(HEAD.replace(old, new, 1))
    with pytest.raises(tinynn.Error) as caught:
        tinynn.load(path, [INPUT])
    assert message in str(caught.value)
    assert "\n" not in caught.value.message


def test_all_that_is_lacking_is_listed(tmp_path):
    save(HEAD, tmp_path)
    path = tmp_path / "model.py"
    path.write_text(HEAD.replace("nn.Linear(4, 2)", "nn.FractionalMaxPool2d(4, 2)").replace("x.mean((2, 3))", "F.ctc_loss(x, x)"))
    with pytest.raises(tinynn.Error) as caught:
        tinynn.load(path, [INPUT])
    assert str(caught.value) == "model.py:10: torch.nn.FractionalMaxPool2d is not supported; did you mean AdaptiveMaxPool2d?"


EDITS = {
    "another kernel size": ("nn.Conv2d(3, 4, 3)", "nn.Conv2d(3, 4, 5, padding=2)"),
    "a new call": ("x = x.mean((2, 3))", "x = F.softplus(x, beta=2)\n        x = x.mean((2, 3))"),
    "another activation": ("F.relu(self.conv(x))", "torch.tanh(self.conv(x))"),
    "lines moved": ("        x = F.relu(self.conv(x))\n        x = x.mean((2, 3))\n", "        x = self.conv(x).mean((2, 3))\n        x = x.relu()\n"),
    "a module renamed": ("self.fc", "self.classifier"),
    "a module more": ("self.fc = nn.Linear(4, 2)", "self.fc = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 2))"),
    "a training branch": ("x = x.mean((2, 3))", "if self.training:\n            x = F.dropout(x)\n        x = x.mean((2, 3))"),
    "two outputs": ("return self.fc(x)", "return self.fc(x), x"),
    "an output by its name": ("return self.fc(x)", "return {'scores': self.fc(x)}"),
}


@pytest.mark.parametrize("name", EDITS)
def test_edit(name, tmp_path):
    old, new = EDITS[name]
    check(HEAD.replace(old, new), [torch.randn(INPUT)], tmp_path)


def test_a_line_deleted(tmp_path):
    """What is left in the file of weights is warned of."""
    save(HEAD, tmp_path)
    path = tmp_path / "model.py"
    path.write_text(HEAD.replace("        self.fc = nn.Linear(4, 2)\n", "").replace("self.fc(x)", "x"))
    model = tinynn.load(path, [INPUT])
    assert list(model.warnings) == [f"model.pth: fc.{name} is not in the model, and is left out" for name in ("weight", "bias")]


def test_a_module_renamed_alone(tmp_path):
    save(HEAD, tmp_path)
    path = tmp_path / "model.py"
    path.write_text(HEAD.replace("self.fc", "self.head"))
    with pytest.raises(tinynn.WeightsError) as caught:
        tinynn.load(path, [INPUT])
    assert [(difference.op, difference.reason) for difference in caught.value.differences] == [
        ("head.weight", "is missing; there is fc.weight"),
        ("head.bias", "is missing; there is fc.bias"),
        ("fc.weight", "is not in the model"),
        ("fc.bias", "is not in the model"),
    ]


def test_a_kernel_size_changed_alone(tmp_path):
    save(HEAD, tmp_path)
    path = tmp_path / "model.py"
    path.write_text(HEAD.replace("nn.Conv2d(3, 4, 3)", "nn.Conv2d(3, 4, 5)"))
    with pytest.raises(tinynn.WeightsError) as caught:
        tinynn.load(path, [INPUT])
    assert caught.value.message == (
        "the weights do not fit the model: conv.weight has shape [4, 3, 3, 3], expected [4, 3, 5, 5]"
    )
    assert caught.value.code == "invalid" and caught.value.where == "model.pth"


def test_no_weights(tmp_path):
    path = tmp_path / "model.py"
    path.write_text(HEAD)
    with pytest.raises(tinynn.Error) as caught:
        tinynn.load(path, [INPUT])
    assert caught.value.message == (
        "the model has parameters, and there is no file model.pth: give their file (--weights FILE)"
    )


def test_no_input_shapes(tmp_path):
    path, _ = save(HEAD, tmp_path)
    with pytest.raises(tinynn.Error) as caught:
        tinynn.load(path)
    assert 'the file does not say which shape input "x" has: give it (--input x=1x3x224x224)' in str(caught.value)


def test_a_class_that_is_not_there(tmp_path):
    path, _ = save(HEAD, tmp_path)
    with pytest.raises(tinynn.Error) as caught:
        tinynn.load(path, [INPUT], model="Nett")
    assert 'the file has no module called "Nett"; it has: Net' in str(caught.value)


MAIN = '''

class Other(nn.Module):
    def forward(self, x):
        return x


if __name__ == "__main__":
    device = "cuda" if torch.cuda.is_available() else "cpu"
    torch.manual_seed(0)
    model = Net().to(device)
    model.load_state_dict(torch.load("elsewhere/net.pth", map_location=device))
    model.eval()
    batch = 2
    dummy = torch.ones((batch, 3, 8, 7), dtype=torch.float32)
    with torch.no_grad():
        print(model(dummy).shape)
'''


def test_main_says_which_model_and_which_shapes(tmp_path):
    path, network = save(HEAD + MAIN, tmp_path)
    model = tinynn.load(path)
    assert [(x.name, x.shape) for x in model.inputs] == [("x", (2, 3, 8, 7))]
    x = torch.randn(2, 3, 8, 7)
    assert abs(model.run(x.numpy())[0] - network(x).detach().numpy()).max() < 1e-6
    assert tinynn.load(path, [(5, 3, 9, 9)]).inputs[0].shape == (5, 3, 9, 9)


def test_main_gives_the_constructor_its_arguments(tmp_path):
    text = HEAD.replace("def __init__(self)", "def __init__(self, c)").replace("4, 3)", "c, 3)").replace("(4, 2)", "(c, 2)")
    path, _ = save(text + MAIN.replace("Net()", "Net(c=6)"), tmp_path, arguments=(6,))
    assert tinynn.load(path).outputs[0].shape == (2, 2)
    path.write_text(text)
    with pytest.raises(tinynn.Error) as caught:
        tinynn.load(path, [INPUT])
    assert "argument `c` is missing" in str(caught.value)


def test_weights_of_another_name(tmp_path):
    path, network = save(HEAD, tmp_path)
    (tmp_path / "model.pth").rename(tmp_path / "best.pt")
    model = tinynn.load(path, [INPUT], weights=tmp_path / "best.pt")
    x = torch.randn(INPUT)
    assert abs(model.run(x.numpy())[0] - network(x).detach().numpy()).max() < 1e-6


def test_weights_in_a_checkpoint_and_in_half_precision(tmp_path):
    path, network = save(HEAD, tmp_path)
    network.half()
    torch.save({"epoch": 3, "state_dict": network.state_dict()}, tmp_path / "model.pth")
    model = tinynn.load(path, [INPUT])
    x = torch.randn(INPUT)
    expected = network.float()(x).detach().numpy()
    assert abs(model.run(x.numpy())[0] - expected).max() < 1e-6


@pytest.mark.parametrize("form", ["pt2", "pt"])
def test_weights_for_another_kind_of_file(form, tmp_path):
    _, network = save(HEAD, tmp_path)
    x = torch.randn(INPUT)
    path = tmp_path / f"saved.{form}"
    if form == "pt2":
        torch.export.save(torch.export.export(network, (x,)), path)
    else:
        torch.jit.save(torch.jit.script(network), path)
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.mul_(-1.5)
    torch.save(network.state_dict(), tmp_path / "new.pth")
    model = tinynn.load(path, [INPUT], weights=tmp_path / "new.pth")
    assert abs(model.run(x.numpy())[0] - network(x).detach().numpy()).max() < 1e-6
    state = network.state_dict()
    state["conv.weights"] = state.pop("conv.weight")
    torch.save(state, tmp_path / "new.pth")
    with pytest.raises(tinynn.WeightsError) as caught:
        tinynn.load(path, [INPUT], weights=tmp_path / "new.pth")
    assert caught.value.message == (
        "the weights do not fit the model: conv.weight is missing; there is conv.weights, conv.weights is not in the model"
    )


@pytest.mark.parametrize("form", ["pt2", "py"])
def test_what_is_no_state_dict(form, tmp_path):
    path, network = save(HEAD, tmp_path)
    if form == "pt2":
        path = tmp_path / "saved.pt2"
        torch.export.save(torch.export.export(network, (torch.randn(INPUT),)), path)
    torch.save([1, 2], tmp_path / "list.pth")
    with pytest.raises(tinynn.Error) as caught:
        tinynn.load(path, [INPUT], weights=tmp_path / "list.pth")
    assert str(caught.value) == "list.pth: this is no state dict: write it by torch.save(model.state_dict(), path)"
