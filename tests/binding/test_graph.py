"""Model.graph and Model.summary: what is in them, and how they look."""

import xml.etree.ElementTree as ElementTree

import pytest
import small_network
import tinynn
import torch
from torch import nn

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def graph(tmp_path_factory) -> tinynn.Graph:
    path = tmp_path_factory.mktemp("graph") / "net.pt2"
    shapes = ({0: torch.export.Dim("n")},)
    torch.export.save(torch.export.export(small_network.make(), (small_network.image().repeat(2, 1, 1, 1),),
                                          dynamic_shapes=shapes), path)
    return tinynn.load(path).graph


def test_nodes_and_values(graph):
    assert len(graph) == len(graph.nodes) == len(list(graph)) == 7
    conv, inner = graph.find("convolution")
    assert (conv.scope, inner.scope) == ("stem", "block.conv")
    assert conv.arguments["stride"] == (2, 2) and conv.arguments["transposed"] is False
    assert conv.arguments["weight"].kind == "parameter" and conv.arguments["weight"].shape == (8, 3, 3, 3)
    assert conv.inputs == (graph.inputs[0], conv.arguments["weight"], conv.arguments["bias"])
    assert conv.macs == 2 * 8 * 6 * 4 * 27
    assert inner.inputs[0] is conv.outputs[0] and inner.inputs[0].producer is conv
    assert set(conv.outputs[0].users) == {inner, *graph.find("add")}
    assert list(graph.outputs.values())[0].producer is graph.nodes[-1]
    assert graph.inputs[0].kind == "input" and graph.inputs[0].producer is None


def test_sizes(graph):
    image = graph.inputs[0]
    assert image.shape == (2, 3, 13, 9) and image.size == 2 * 3 * 13 * 9
    assert isinstance(image.symbolic_shape[0], str) and image.symbolic_shape[1:] == (3, 13, 9)
    assert str(image) == f"%image: float32[{image.symbolic_shape[0]}, 3, 13, 9]"


def test_source_lines(graph):
    source = graph.find("linear")[0].source
    assert source.file.endswith("small_network.py") and "self.head(" in source.text
    assert str(source) == f"{source.file}:{source.line}: {source.text}"


def test_text(graph):
    assert str(graph.find("linear")[0]) in str(graph).splitlines()
    assert repr(graph) == "<tinynn.Graph: 7 nodes, 18 values>"


def test_arguments_of_every_kind():
    def function(x, y):
        low = x.clamp(float("-inf"), 2.5)
        return torch.cat([low, y], dim=1).to(torch.int32), nn.functional.pad(x, (1, 2), "reflect")

    graph = tinynn.load(function, [(2, 3), (2, 1)]).graph
    (cat,), (to,), (pad,), (clamp,) = map(graph.find, ("cat", "to", "pad", "clamp"))
    assert cat.arguments["tensors"] == (clamp.outputs[0], graph.inputs[1]) and cat.arguments["dim"] == 1
    assert to.arguments["dtype"] == "int32"
    assert pad.arguments["mode"] == "reflect" and pad.arguments["pad"] == (1, 2)
    assert clamp.arguments["min"] == "-inf" and clamp.arguments["max"] == 2.5


def test_outputs_without_nodes():
    graph = tinynn.load(lambda x: (x, torch.ones(3)), [(2,)]).graph
    kinds = [value.kind for value in graph.outputs.values()]
    assert kinds[0] == "input" and kinds[1] in ("constant", "result")
    assert ElementTree.fromstring(graph._repr_svg_()) is not None


def boxes(svg: str) -> list[tuple[float, float, float, float, str]]:
    """Left, top, right and bottom of each box, and what it says first."""
    found = []
    for group in ElementTree.fromstring(svg).iter(f"{SVG}g"):
        rect = group.find(f"{SVG}rect")
        if rect is not None:
            x, y, width, height = (float(rect.get(key)) for key in ("x", "y", "width", "height"))
            found.append((x, y, x + width, y + height, group.find(f"{SVG}text").text))
    return found


def test_picture(graph):
    drawn = boxes(graph._repr_svg_())
    assert sorted(box[4] for box in drawn) == sorted(
        [*(node.op for node in graph), *(value.name for value in graph.inputs), *graph.outputs])


def test_boxes_do_not_overlap():
    network = nn.MultiheadAttention(8, 2, batch_first=True).eval()
    drawn = boxes(tinynn.load(network, [(1, 5, 8)] * 3).graph._repr_svg_())
    assert len(drawn) > 10
    for i, a in enumerate(drawn):
        for b in drawn[i + 1 :]:
            assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1], (a, b)


def test_data_flows_down(graph):
    tops = {box[4]: box[1] for box in boxes(graph._repr_svg_())}
    order = ["image", "batch_norm", "relu", "add", "mean", "linear"]
    assert [tops[name] for name in order] == sorted(tops[name] for name in order)


def test_html_is_escaped():
    class Odd(nn.Module):
        def __init__(self):
            super().__init__()
            self.add_module("<b>&", nn.Linear(2, 2))

        def forward(self, x):
            return getattr(self, "<b>&")(x)

    model = tinynn.load(Odd(), (1, 2), use_export=True)
    for html in (model.graph._repr_html_(), model.summary()._repr_html_()):
        assert "<b>" not in html


def test_summary():
    network = small_network.make()
    model = tinynn.load(network, small_network.image(), use_export=True)
    summary = model.summary()
    assert summary.parameters == sum(weight.numel() for weight in network.parameters())
    assert summary.macs == sum(node.macs for node in model.graph) == model.check().macs
    rows = {row.name: row for row in summary.rows if row.name}
    assert list(rows) == ["Network", "stem", "block", "conv", "norm", "head"]
    assert (rows["conv"].depth, rows["conv"].op, rows["conv"].parameters) == (2, "convolution", 8 * 8 * 9 + 8)
    assert rows["block"].op == "" and rows["block"].parameters == rows["conv"].parameters + rows["norm"].parameters
    assert rows["head"].output == "float32[1, 5]"
    assert [row.op for row in summary.rows if not row.name] == ["relu", "add", "mean"]


def test_summary_looks():
    summary = tinynn.load(small_network.make(), small_network.image(), use_export=True).summary(depth=1)
    lines = str(summary).splitlines()
    assert lines[0].split() == ["module", "operator", "output", "parameters", "MACs"]
    assert [line.split()[0] for line in lines[2:6]] == ["Network", "stem", "block", "mean"]
    assert lines[-1] == "869 elements in 8 parameters, 16 elements in 2 buffers"
    assert "<td>  block</td>" in summary._repr_html_()
    assert repr(summary) == "<tinynn.Summary: 869 parameters, 19,048 multiply-accumulates>"


def test_shared_parameters_count_once():
    class Twice(nn.Module):
        def __init__(self):
            super().__init__()
            self.layer = nn.Linear(4, 4)

        def forward(self, x):
            return self.layer(self.layer(x))

    assert tinynn.load(Twice(), (1, 4)).summary().parameters == 20


@pytest.mark.parametrize("call", [lambda m: m.summary("2"), lambda m: m.graph.find()])
def test_wrong_types(call):
    with pytest.raises(TypeError):
        call(tinynn.load(small_network.make(), small_network.image()))
