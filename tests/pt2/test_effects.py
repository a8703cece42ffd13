"""Programs whose checks run_decompositions() puts into an order, by a token that every check takes and gives."""

import json

import numpy as np
import pytest
import repack
import tinynn
import torch
from torch import nn


class Solved(nn.Module):
    """Two checks, the second of which takes the token of the first."""

    def forward(self, x, y):
        return torch.linalg.inv(x) @ torch.linalg.solve(x, y)


@pytest.fixture(scope="module")
def solved(tmp_path_factory):
    path = tmp_path_factory.mktemp("effects") / "solved.pt2"
    inputs = torch.eye(3) * 3 + torch.arange(9.0).reshape(3, 3) / 10, torch.ones(3, 2)
    program = torch.export.export(Solved(), inputs).run_decompositions()
    assert sum("with_effects" in str(node.target) for node in program.graph.nodes) == 2
    torch.export.save(program, path)
    return path, inputs


def test_checks_are_passed_over(solved):
    path, inputs = solved
    model = tinynn.load(path)
    assert [value.name for value in model.inputs] == ["x", "y"] and len(model.outputs) == 1
    found = model.run(*(tensor.numpy() for tensor in inputs))[0]
    np.testing.assert_allclose(found, Solved()(*inputs).numpy(), rtol=0, atol=1e-6)


def changed(solved, path, change):
    """The file with `change` made to the inputs of the first check."""
    entries = repack.entries(solved[0])
    program = json.loads(entries["models/model.json"])
    node = next(n for n in program["graph_module"]["graph"]["nodes"] if n["target"].endswith("with_effects"))
    change(node)
    entries["models/model.json"] = json.dumps(program).encode()
    path.write_bytes(repack.zipped({f"archive/{name}": data for name, data in entries.items()}))
    return path


def test_unknown_operator_is_named(solved, tmp_path):
    def change(node):
        node["inputs"][1]["arg"] = {"as_operator": "torch.ops.mylib.print.default"}

    with pytest.raises(tinynn.UnsupportedOperators) as caught:
        tinynn.load(changed(solved, tmp_path / "a.pt2", change))
    assert [lack.op for lack in caught.value.operators] == ["mylib.print.default"]


@pytest.mark.parametrize(
    "change",
    [
        lambda node: node["inputs"].clear(),
        lambda node: node["inputs"][1].update(arg={"as_tensor": {"name": "x"}}),
        lambda node: node["inputs"][1].update(arg={"as_operator": 3}),
        lambda node: node["inputs"].pop(2),
        lambda node: node["outputs"].append({"as_tensor": {"name": "more"}}),
    ],
    ids=["empty", "tensor", "number", "too_few", "too_many_results"],
)
def test_malformed(solved, tmp_path, change):
    with pytest.raises(tinynn.Error) as caught:
        tinynn.load(changed(solved, tmp_path / "a.pt2", change))
    assert caught.value.code in ("malformed", "invalid")


def test_xlogy_with_a_number(tmp_path):
    """prims.scalar_tensor"""

    class Xlogy(nn.Module):
        def forward(self, x):
            return torch.special.xlogy(x, 2.0)

    example = torch.tensor([0.0, 0.5, 3])
    program = torch.export.export(Xlogy(), (example,)).run_decompositions()
    assert any("prims.scalar_tensor" in str(node.target) for node in program.graph.nodes)
    torch.export.save(program, tmp_path / "x.pt2")
    found = tinynn.load(tmp_path / "x.pt2").run(example.numpy())[0]
    np.testing.assert_allclose(found, Xlogy()(example).numpy(), rtol=0, atol=1e-7)
