"""Models saved in training mode: evaluated as they were saved, with a warning for each kind of operator that trains."""

import copy
import subprocess
from pathlib import Path

import litert
import pytest
import tinynn
import torch
from torch import nn

DROPOUTS = (nn.Dropout, nn.Dropout1d, nn.Dropout2d, nn.Dropout3d, nn.AlphaDropout, nn.FeatureAlphaDropout)
ALL_FORMS = ("traced", "scripted", "exported", "decomposed")


class Stack(nn.Module):
    """Batch norms that meet a convolution, a linear layer, and nothing; with and without parameters."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 5, 3)
        self.bn = nn.BatchNorm2d(5)
        self.plain = nn.BatchNorm2d(5, affine=False)
        self.fc = nn.Linear(5 * 6 * 5, 7)
        self.bn1 = nn.BatchNorm1d(7, momentum=0.3)

    def forward(self, x):
        x = torch.relu(self.bn(self.conv(x)))
        x = self.plain(x) + x
        return self.bn1(self.fc(x.flatten(1)))


def dropouts() -> nn.Module:
    return nn.Sequential(nn.Conv2d(3, 4, 3), nn.Dropout(0.5), nn.Dropout(0.3, inplace=True), nn.ReLU(), nn.Dropout(0.0))


def feature_dropouts() -> nn.Module:
    return nn.Sequential(nn.Conv2d(3, 4, 3), nn.Dropout2d(0.5), nn.AlphaDropout(0.2), nn.FeatureAlphaDropout(0.1),
                         nn.Conv2d(4, 2, 1))


class StochasticDepth(nn.Module):
    """As torchvision has it: a branch that is left out at random."""

    def forward(self, x):
        if not self.training:
            return x
        noise = torch.empty([x.size(0), 1]).bernoulli_(0.8)
        return x + x.sin() * noise.div_(0.8)


def encoder() -> nn.Module:
    return nn.TransformerEncoderLayer(16, 2, 32, dropout=0.1, batch_first=True)


CASES = {
    "batch norm": (Stack, (2, 3, 8, 7), ALL_FORMS, {"batch_norm": 3}),
    "batch norm with a plain average": (lambda: nn.BatchNorm2d(3, momentum=None), (2, 3, 5, 4), ALL_FORMS[:2],
                                        {"batch_norm": 1}),
    "batch norm of rank 5": (lambda: nn.BatchNorm3d(3), (2, 3, 2, 4, 3), ALL_FORMS, {"batch_norm": 1}),
    "dropout": (dropouts, (1, 3, 6, 5), ALL_FORMS, {"dropout": 2}),
    "stochastic depth": (lambda: nn.Sequential(StochasticDepth()), (3, 4), ALL_FORMS[:3], {"bernoulli": 1}),
    "feature dropout": (feature_dropouts, (1, 3, 6, 5), ALL_FORMS[:3], {"dropout": 3}),
    "feature dropout alone": (lambda: nn.Dropout2d(0.5), (1, 3, 6, 5), ALL_FORMS[:2], {"dropout": 1}),
    "instance norm": (lambda: nn.InstanceNorm2d(3, affine=True, track_running_stats=True), (2, 3, 5, 4), ALL_FORMS[:3],
                      {"instance_norm": 1}),
    "encoder": (encoder, (2, 5, 16), ALL_FORMS[:2], None),
    "no running statistics": (lambda: nn.Sequential(nn.BatchNorm2d(3, track_running_stats=False), nn.InstanceNorm2d(3)),
                              (2, 3, 5, 4), ALL_FORMS, {}),
}


def save(module: nn.Module, x: torch.Tensor, how: str, folder: Path) -> Path:
    path = folder / ("model.pt" if how in ("traced", "scripted") else "model.pt2")
    if how == "traced":
        torch.jit.trace(copy.deepcopy(module), x, check_trace=False).save(path)
    elif how == "scripted":
        torch.jit.script(module).save(path)
    else:
        program = torch.export.export(copy.deepcopy(module), (x,))
        torch.export.save(program.run_decompositions() if how == "decomposed" else program, path)
    return path


def expect(module: nn.Module, x: torch.Tensor) -> list:
    """As in training mode, but nothing is dropped."""
    module = copy.deepcopy(module)
    for part in module.modules():
        if isinstance(part, StochasticDepth):
            return [(x + x.sin()).numpy()]
        if isinstance(part, DROPOUTS):
            part.p = 0.0
        if isinstance(part, nn.MultiheadAttention):
            part.dropout = 0.0
    with torch.no_grad():
        return [module(x).numpy()]


@pytest.mark.parametrize("name, how", [(name, how) for name, case in CASES.items() for how in case[2]])
def test_evaluated_as_saved(name, how, tmp_path: Path):
    torch.manual_seed(0)
    make, shape, _, counts = CASES[name]
    module, x = make().train(), torch.randn(shape) * 2 + 1
    expected = expect(module, x)
    model = tinynn.load(save(module, x, how, tmp_path), inputs=[tuple(shape)])
    litert.assert_close(model.run(x.numpy()), expected, 1e-5)
    for layout in ("nchw", "nhwc"):
        model.convert(tmp_path / "out.tflite", layout=layout)
        order = litert.channels_last if layout == "nhwc" else lambda array: array
        found = litert.run(tmp_path / "out.tflite", [order(x.numpy())])
        litert.assert_close(found, [order(array) for array in expected], 1e-5)
    assert len(model.outputs) == 1
    assert all("saved in training mode" in warning and "model.eval()" in warning for warning in model.warnings)
    if counts is not None and how != "decomposed":
        check_counts(model.warnings, counts)


def check_counts(warnings: list[str], counts: dict[str, int]):
    assert sorted(warning.split()[0] for warning in warnings) == sorted(counts)
    for warning in warnings:
        count = counts[warning.split()[0]]
        assert f"({count} times, first in " in warning or (count == 1 and "times" not in warning)


def test_texts(tmp_path: Path):
    module = nn.Sequential(nn.Linear(3, 3), nn.Dropout(0.5), nn.BatchNorm1d(3), nn.Dropout(0.5)).train()
    warnings = tinynn.load(save(module, torch.randn(4, 3), "scripted", tmp_path), inputs=[(4, 3)]).warnings
    assert len(warnings) == 2
    assert warnings[0].startswith("dropout was saved in training mode (2 times, first in 1, ")
    assert "its random result is converted as identity, as in evaluation mode" in warnings[0]
    assert warnings[1].startswith("batch_norm was saved in training mode (in 2, ")
    assert "normalizes by the statistics of each batch" in warnings[1]


@pytest.mark.parametrize("how", ALL_FORMS)
@pytest.mark.parametrize("written", ["refuse", "return"])
def test_statistics_go_nowhere(how, written, tmp_path: Path):
    """They are no outputs and no writes to buffers, whatever is to become of those."""
    module, x = Stack().train(), torch.randn(2, 3, 8, 7)
    model = tinynn.load(save(module, x, how, tmp_path), inputs=[(2, 3, 8, 7)], written_buffers=written)
    assert len(model.outputs) == 1


def test_own_statistics_are_buffers(tmp_path: Path):
    """A buffer that only has the name of a statistic is written as any other."""
    class Average(nn.Module):
        def __init__(self):
            super().__init__()
            self.register_buffer("running_mean", torch.zeros(3))

        def forward(self, x):
            self.running_mean.mul_(0.9).add_(x.mean(0))
            return x - self.running_mean

    path = tmp_path / "model.pt"
    torch.jit.script(Average()).save(path)
    assert [value.name for value in tinynn.load(path, inputs=[(2, 3)], written_buffers="return").outputs][1:] == [
        "running_mean_written"]
    assert 'buffer "running_mean" is changed' in tinynn.load(path, inputs=[(2, 3)]).warnings[0]


@pytest.mark.parametrize("how", ALL_FORMS)
def test_everything_dropped(how, tmp_path: Path):
    module, x = nn.Sequential(nn.Linear(3, 3), nn.Dropout(1.0)).train(), torch.randn(4, 3)
    model = tinynn.load(save(module, x, how, tmp_path), inputs=[(4, 3)])
    assert not any("training" in warning for warning in model.warnings)
    assert not model.run(x.numpy())[0].any()


def test_inplace_dropout_in_eval_mode_writes_nothing(tmp_path: Path):
    module, x = nn.Dropout(0.5, inplace=True), torch.randn(4, 3)
    for how in ALL_FORMS:
        model = tinynn.load(save(module.eval(), x, how, tmp_path), inputs=[(4, 3)])
        litert.assert_close(model.run(x.numpy()), [x.numpy()], 0)
        assert not model.warnings


def test_training_attribute(tmp_path: Path):
    """What the program itself does in training is done."""
    class Both(nn.Module):
        def forward(self, x):
            if self.training:
                x = x + 1
            return x * 2

    x = torch.randn(2, 3)
    for module in (Both().train(), Both().eval()):
        model = tinynn.load(save(module, x, "scripted", tmp_path), inputs=[(2, 3)])
        litert.assert_close(model.run(x.numpy()), [module(x).numpy()], 1e-6)
        assert not model.warnings


def test_check_shows_it(program, tmp_path: Path):
    path = save(nn.Sequential(nn.Linear(3, 3), nn.BatchNorm1d(3)).train(), torch.randn(4, 3), "traced", tmp_path)
    done = subprocess.run([program, "check", path], capture_output=True, text=True)
    assert done.returncode == 0 and "warning: batch_norm was saved in training mode (in 1" in done.stdout


class Wanted(nn.Module):
    """Random by its author's wish, in whatever mode."""

    def forward(self, x):
        torch.dropout(x, 0.5, True)
        return torch.dropout(x, 0.5, True) + torch.bernoulli(x, 0.3)


@pytest.mark.parametrize("how", ALL_FORMS[:3])
def test_wanted_random_numbers_are_refused(how, tmp_path: Path):
    path = save(Wanted().eval(), torch.ones(3, 4), how, tmp_path)
    with pytest.raises(tinynn.UnsupportedOperators) as caught:
        tinynn.load(path, inputs=[(3, 4)])
    assert [(lack.op, lack.count) for lack in caught.value.operators] == [("dropout", 1), ("bernoulli", 1)]
    assert all("random numbers" in lack.reason for lack in caught.value.operators)
