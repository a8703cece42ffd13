"""Operators that a user defines, by text and as CUSTOM operators, from torch.export and TorchScript: numbers are
LiteRT's and the core's against PyTorch's, options of CUSTOM operators are read by the flatbuffers package."""

import random
import subprocess

import litert
import numpy as np
import pytest
import tinynn
import torch
from ai_edge_litert import schema_py_generated as schema
from flatbuffers import flexbuffers
from tinynn import CustomOp
from tinynn.converter import TFLiteConverter
from torch import nn

IMAGE = torch.linspace(-2, 2, 2 * 3 * 4 * 5).reshape(2, 3, 4, 5)


@torch.library.custom_op("tinynn_test::swish", mutates_args=())
def swish(x: torch.Tensor, beta: float = 1.0) -> torch.Tensor:
    return x * torch.sigmoid(beta * x)


@swish.register_fake
def _(x, beta=1.0):
    return torch.empty_like(x)


@torch.library.custom_op("tinynn_test::halves", mutates_args=())
def halves(x: torch.Tensor, weight: torch.Tensor | None = None) -> tuple[torch.Tensor, torch.Tensor]:
    scaled = x if weight is None else x * weight
    return scaled[:, : x.shape[1] // 2].clone(), (scaled[:, x.shape[1] // 2 :] > 0).to(torch.int32)


@halves.register_fake
def _(x, weight=None):
    cut = x.shape[1] // 2
    return x.new_empty(x.shape[0], cut, *x.shape[2:]), x.new_empty(
        x.shape[0], x.shape[1] - cut, *x.shape[2:], dtype=torch.int32
    )


@torch.library.custom_op("tinynn_test::add_one_", mutates_args=("x",))
def add_one_(x: torch.Tensor) -> None:
    x.add_(1)


SWISH = """
def swish(x, beta):
    return x * torch.sigmoid(beta * x)
"""
HALVES = """
def cut_of(x):
    return x.size(1) // 2

def halves(x, weight):
    y = x if weight is None else x * weight
    return y[:, :cut_of(x)], (y[:, cut_of(x):] > 0).to(torch.int32)
"""


def schema_of(name: str) -> str:
    return str(getattr(torch.ops.tinynn_test, name).default._schema)


class Swishes(nn.Module):
    def __init__(self):
        super().__init__()
        torch.manual_seed(3)
        self.conv = nn.Conv2d(3, 4, 3, padding=1)

    def forward(self, x):
        y = self.conv(x)
        return torch.ops.tinynn_test.swish(y, 0.5) + torch.ops.tinynn_test.swish(y)


class Halves(nn.Module):
    def __init__(self, weighted: bool):
        super().__init__()
        self.weight = nn.Parameter(torch.tensor([[[1.0]], [[-1.0]], [[2.0]]])) if weighted else None

    def forward(self, x):
        return torch.ops.tinynn_test.halves(x, self.weight)


SAVERS = {
    "export": lambda module, inputs, path: torch.export.save(torch.export.export(module, inputs), path),
    "trace": lambda module, inputs, path: torch.jit.save(torch.jit.trace(module, inputs), path),
    "script": lambda module, inputs, path: torch.jit.save(torch.jit.script(module), path),
}


@pytest.fixture(params=SAVERS)
def saved(request, tmp_path):
    """A function that saves a module in one of the ways, and says the shapes of its inputs where the file does not."""

    def save(module, *inputs):
        path = tmp_path / f"model.{'pt2' if request.param == 'export' else 'pt'}"
        SAVERS[request.param](module.eval(), inputs, path)
        return path, [tuple(x.shape) for x in inputs] if request.param == "script" else None

    return save


def operators_of(path) -> list[tuple[str, dict, list[list[int]]]]:
    """The CUSTOM operators of a file: code, options, shapes of operands (None: absent) and then of results."""
    model = schema.ModelT.InitFromPackedBuf(path.read_bytes(), 0)
    graph, found = model.subgraphs[0], []
    for operator in graph.operators:
        code = model.operatorCodes[operator.opcodeIndex]
        if code.builtinCode != schema.BuiltinOperator.CUSTOM:
            continue
        assert code.deprecatedBuiltinCode == schema.BuiltinOperator.CUSTOM and operator.builtinOptions is None
        indices = [*operator.inputs, *operator.outputs]
        shapes = [None if index < 0 else list(graph.tensors[index].shape) for index in indices]
        found.append((code.customCode.decode(), flexbuffers.Loads(bytes(operator.customOptions)), shapes))
    return found


# ---- texts ----


def test_text_gives_the_numbers_of_pytorch(saved, tmp_path):
    module = Swishes()
    path, shapes = saved(module, IMAGE)
    model = tinynn.load(path, shapes, custom_ops=[CustomOp(schema_of("swish"), SWISH)])
    assert model.warnings == []
    expected = module(IMAGE).detach().numpy()
    litert.assert_close(model.run(IMAGE.numpy()), [expected], 1e-6)
    report = model.convert(tmp_path / "out.tflite")
    assert "CUSTOM:swish" not in report["operators"] and report["operators"]["LOGISTIC"]["count"] == 2
    got = litert.run(tmp_path / "out.tflite", [litert.channels_last(IMAGE.numpy())])
    litert.assert_close(got, [litert.channels_last(expected)], 1e-6)


@pytest.mark.parametrize("weighted", [False, True])
def test_text_with_two_results_and_an_optional_tensor(saved, tmp_path, weighted):
    module = Halves(weighted)
    path, shapes = saved(module, IMAGE)
    model = tinynn.load(path, shapes, custom_ops=[CustomOp(schema_of("halves"), HALVES)])
    expected = [value.detach().numpy() for value in module(IMAGE)]
    litert.assert_close(model.run(IMAGE.numpy()), expected, 0)
    model.convert(tmp_path / "out.tflite", layout="nchw")
    litert.assert_close(litert.run(tmp_path / "out.tflite", [IMAGE.numpy()]), expected, 0)


def test_text_that_writes_to_its_argument(tmp_path):
    class Network(nn.Module):
        def forward(self, x):
            y = x * 2
            torch.ops.tinynn_test.add_one_(y[0])
            return y

    torch.export.save(torch.export.export(Network(), (torch.ones(2, 3),)), tmp_path / "model.pt2")
    text = "def add_one_(x):\n    x.add_(1)\n"
    model = tinynn.load(
        tmp_path / "model.pt2", custom_ops=[CustomOp("tinynn_test::add_one_(Tensor(a!) x) -> ()", text)]
    )
    np.testing.assert_array_equal(model.run(np.ones((2, 3), np.float32))[0], [[3, 3, 3], [2, 2, 2]])


def test_an_operator_of_pytorch_may_be_defined_anew(saved, tmp_path):
    """In the text the name means what it always did."""

    class Network(nn.Module):
        def forward(self, x):
            return torch.tanh(x) + torch.sigmoid(x)

    path, shapes = saved(Network(), IMAGE)
    text = "def tanh(self):\n    return torch.tanh(self) * 2\n"
    model = tinynn.load(path, shapes, custom_ops=[CustomOp("aten::tanh(Tensor self) -> Tensor", text)])
    litert.assert_close(model.run(IMAGE.numpy()), [(IMAGE.tanh() * 2 + IMAGE.sigmoid()).numpy()], 1e-6)


def test_definition_of_an_overload_does_not_touch_others(tmp_path):
    class Network(nn.Module):
        def forward(self, x):
            return x.add(1) + x.add(x)

    torch.export.save(torch.export.export(Network(), (IMAGE,)), tmp_path / "model.pt2")
    signature = "aten::add.Scalar(Tensor self, Scalar other, Scalar alpha=1) -> Tensor"
    definition = CustomOp(signature, "def add(self, other, alpha):\n    return self\n")
    model = tinynn.load(tmp_path / "model.pt2", custom_ops=[definition])
    assert any("aten::add.Scalar is not used" in warning for warning in model.warnings)  # exported as add.Tensor


# ---- CUSTOM operators ----


@pytest.mark.parametrize("layout, channels_first", [("nchw", True), ("nhwc", False)])
def test_custom_operator(saved, tmp_path, layout, channels_first):
    module = Swishes()
    path, shapes = saved(module, IMAGE)
    definition = CustomOp(schema_of("swish"), SWISH, "MySwish", layout=layout)
    model = tinynn.load(path, shapes, custom_ops=[definition])
    litert.assert_close(model.run(IMAGE.numpy()), [module(IMAGE).detach().numpy()], 1e-6)
    report = model.convert(tmp_path / "out.tflite")
    assert report["operators"]["CUSTOM:MySwish"] == {"count": 2, "version": 1}
    shape = [2, 4, 4, 5] if channels_first else [2, 4, 5, 4]
    assert operators_of(tmp_path / "out.tflite") == [
        ("MySwish", {"beta": 0.5}, [shape, shape]),
        ("MySwish", {"beta": 1.0}, [shape, shape]),
    ]
    assert report["n_transposes"] == (2 if channels_first else 0)


def test_custom_operator_without_text_is_as_its_first_tensor(saved, tmp_path):
    path, shapes = saved(Swishes(), IMAGE)
    model = tinynn.load(path, shapes, custom_ops=[CustomOp(schema_of("swish"), custom_code="MySwish", attributes=[])])
    model.convert(tmp_path / "out.tflite", layout="nchw")
    assert [options for _, options, _ in operators_of(tmp_path / "out.tflite")] == [{}, {}]
    with pytest.raises(tinynn.Error, match="its definition has no text") as error:
        model.run(IMAGE.numpy())
    assert error.value.code == "unsupported"


@pytest.mark.parametrize("weighted", [False, True])
def test_custom_operator_with_two_results(saved, tmp_path, weighted):
    module = Halves(weighted)
    path, shapes = saved(module, IMAGE)
    model = tinynn.load(path, shapes, custom_ops=[CustomOp(schema_of("halves"), HALVES, "Halves")])
    litert.assert_close(model.run(IMAGE.numpy()), [value.detach().numpy() for value in module(IMAGE)], 0)
    assert [(value.dtype, value.shape) for value in model.outputs] == [
        ("float32", (2, 1, 4, 5)),
        ("int32", (2, 2, 4, 5)),
    ]
    model.convert(tmp_path / "out.tflite", layout="nchw")
    weight = [[3, 1, 1]] if weighted else []
    assert operators_of(tmp_path / "out.tflite") == [
        ("Halves", {}, [[2, 3, 4, 5], *weight, [2, 1, 4, 5], [2, 2, 4, 5]])
    ]


def test_several_operators_of_one_code_share_it(tmp_path):
    torch.export.save(torch.export.export(Swishes(), (IMAGE,)), tmp_path / "model.pt2")
    model = tinynn.load(tmp_path / "model.pt2", custom_ops=[CustomOp(schema_of("swish"), None, "MySwish")])
    model.convert(tmp_path / "out.tflite")
    file = schema.ModelT.InitFromPackedBuf((tmp_path / "out.tflite").read_bytes(), 0)
    assert [code.customCode for code in file.operatorCodes].count(b"MySwish") == 1
    kept = tinynn.inspect(tmp_path / "out.tflite")
    assert any(row["name"] == "CUSTOM:MySwish" and row["count"] == 2 for row in kept["operators"])


def test_grid_sampler_of_pytorch_as_custom_operator(tmp_path):
    class Network(nn.Module):
        def forward(self, x, grid):
            return nn.functional.grid_sample(x, grid, align_corners=False)

    grid = torch.rand(2, 6, 7, 2)
    torch.export.save(torch.export.export(Network(), (IMAGE, grid)), tmp_path / "model.pt2")
    definition = CustomOp(
        "aten::grid_sampler(Tensor input, Tensor grid, int interpolation_mode, int padding_mode, bool align_corners) "
        "-> Tensor",
        "def grid_sampler(input, grid, interpolation_mode, padding_mode, align_corners):\n"
        "    return torch.grid_sampler(input, grid, interpolation_mode, padding_mode, align_corners)\n",
        "GridSample",
        {"mode": "interpolation_mode", "align": "align_corners"},
    )
    model = tinynn.load(tmp_path / "model.pt2", custom_ops=[definition])
    litert.assert_close(model.run(IMAGE.numpy(), grid.numpy()), [Network()(IMAGE, grid).numpy()], 1e-5)
    model.convert(tmp_path / "out.tflite", layout="nchw")
    assert operators_of(tmp_path / "out.tflite") == [
        ("GridSample", {"mode": 0, "align": False}, [[2, 3, 4, 5], [2, 6, 7, 2], [2, 3, 6, 7]])
    ]


# ---- options ----

MANY = (
    "tinynn_test::many(Tensor x, int i, float f, bool b, str s, int[] is_, float[] fs, bool[] bs, str[] ss, int? none, "
    "Scalar n) -> Tensor"
)
torch.library.define("tinynn_test::many", MANY.removeprefix("tinynn_test::many"))
torch.library.impl("tinynn_test::many", "default", lambda x, *_: x.clone())
torch.library.register_fake("tinynn_test::many", lambda x, *_: torch.empty_like(x))


def random_options(rng: random.Random) -> dict:
    """Numbers of all widths, texts and lists of all lengths; what the schema calls None is not there."""

    def integer():
        return rng.choice([-1, 1]) * rng.getrandbits(rng.choice([1, 7, 8, 15, 16, 31, 32, 62]))

    def number():
        return rng.choice(
            [rng.uniform(-1, 1), float(rng.randint(-9, 9)), 2.0 ** rng.randint(-200, 200), 0.1, float("inf")]
        )

    def text():
        return "".join(rng.choice("abc äß日") for _ in range(rng.choice([0, 1, 5, 300])))

    def some(make):
        return [make() for _ in range(rng.choice([0, 1, 2, 7, 300]))]

    return {
        "i": integer(), "f": number(), "b": rng.random() < 0.5, "s": text(), "is_": some(integer), "fs": some(number),
        "bs": some(lambda: rng.random() < 0.5), "ss": some(text), "n": rng.choice([integer, number])(),
    }  # fmt: skip


def test_options_are_read_back_by_flexbuffers(tmp_path):
    rng = random.Random(7)
    wanted = [random_options(rng) for _ in range(40)]

    class Network(nn.Module):
        def forward(self, x):
            for o in wanted:
                x = torch.ops.tinynn_test.many(
                    x, o["i"], o["f"], o["b"], o["s"], o["is_"], o["fs"], o["bs"], o["ss"], None, o["n"]
                )
            return x

    torch.export.save(torch.export.export(Network(), (torch.ones(3),)), tmp_path / "model.pt2")
    tinynn.load(tmp_path / "model.pt2", custom_ops=[CustomOp(MANY, None, "Many")]).convert(tmp_path / "out.tflite")
    found = [options for _, options, _ in operators_of(tmp_path / "out.tflite")]
    assert found == wanted


def test_distances_just_below_and_above_a_byte(tmp_path):
    """The place of a value moves with the width of the vector that refers to it."""
    wanted = [{"s": "x" * length, "i": 1} for length in range(225, 262)]

    class Network(nn.Module):
        def forward(self, x):
            for o in wanted:
                x = torch.ops.tinynn_test.many(x, o["i"], 0.0, False, o["s"], [], [], [], [], None, 0)
            return x

    torch.export.save(torch.export.export(Network(), (torch.ones(3),)), tmp_path / "model.pt2")
    definition = CustomOp(MANY, None, "Many", attributes=["s", "i"])
    tinynn.load(tmp_path / "model.pt2", custom_ops=[definition]).convert(tmp_path / "out.tflite")
    assert [options for _, options, _ in operators_of(tmp_path / "out.tflite")] == wanted


# ---- errors ----

X = "Tensor x"
WRONG = {
    "no namespace": ({"schema": "swish(Tensor x) -> Tensor", "text": SWISH}, 'expected "namespace::name'),
    "unknown type": ({"schema": "a::f(Matrix x) -> Tensor", "text": ""}, "expected a type"),
    "nothing": ({"schema": f"a::f({X}) -> Tensor"}, "a text, a custom code, or both"),
    "no function": ({"schema": f"a::f({X}) -> Tensor", "text": "def g(x):\n    return x\n"}, "no function `f`"),
    "arguments": (
        {"schema": f"a::f({X}) -> Tensor", "text": "def f(x, y):\n    return x\n"},
        "must take the 1 arguments",
    ),
    "syntax": ({"schema": f"a::f({X}) -> Tensor", "text": "def f(x):\n    return x +\n"}, "its text, line 2"),
    "tensor": ({"schema": f"a::f({X}) -> Tensor", "custom_code": "F", "attributes": ["x"]}, "cannot be an attribute"),
    "no argument": ({"schema": f"a::f({X}) -> Tensor", "custom_code": "F", "attributes": ["y"]}, "is no argument"),
    "key": ({"schema": f"a::f({X}, int n) -> Tensor", "custom_code": "F", "attributes": {"a b": "n"}}, 'key "a b"'),
    "keys": ({"schema": f"a::f({X}, int n) -> Tensor", "custom_code": "F", "attributes": ["n", "n"]}, 'are called "n"'),
    "written": ({"schema": "a::f(Tensor(a!) x) -> Tensor", "custom_code": "F"}, "cannot write"),
    "results": ({"schema": f"a::f({X}) -> Tensor[]", "custom_code": "F"}, "one to 4 tensors"),
    "no tensor": ({"schema": "a::f(int n) -> Tensor", "custom_code": "F"}, "a text must say"),
    "code": ({"schema": f"a::f({X}) -> Tensor", "custom_code": ""}, "its custom code is empty"),
    "layout": ({"schema": f"a::f({X}) -> Tensor", "custom_code": "F", "layout": "nwhc"}, 'expected "nchw" or "nhwc"'),
    "useless": (
        {"schema": f"a::f({X}) -> Tensor", "text": "def f(x):\n    return x\n", "layout": "nhwc"},
        "with a custom code",
    ),
}


@pytest.fixture(scope="module")
def swishes(tmp_path_factory):
    path = tmp_path_factory.mktemp("custom") / "swishes.pt2"
    torch.export.save(torch.export.export(Swishes(), (IMAGE,)), path)
    return path


@pytest.mark.parametrize("name", WRONG)
def test_wrong_definition(swishes, name):
    arguments, words = WRONG[name]
    with pytest.raises(tinynn.Error) as error:
        tinynn.load(swishes, custom_ops=[CustomOp(**arguments)])
    assert error.value.code in ("invalid", "malformed") and words in str(error.value)


def test_two_definitions_of_one_operator(swishes):
    definition = CustomOp(schema_of("swish"), SWISH)
    with pytest.raises(tinynn.Error, match="tinynn_test::swish: it is defined twice"):
        tinynn.load(swishes, custom_ops=[definition, definition])


def test_definition_that_is_not_used(swishes):
    unused = CustomOp("a::f(Tensor x) -> Tensor", "def f(x):\n    return x\n")
    model = tinynn.load(swishes, custom_ops=[CustomOp(schema_of("swish"), SWISH), unused])
    assert model.warnings == ["the definition of a::f is not used: the model does not call it"]


def test_operator_without_definition(swishes):
    with pytest.raises(tinynn.UnsupportedOperators) as error:
        tinynn.load(swishes)
    assert [lack.op for lack in error.value.operators] == ["tinynn_test.swish.default"]


TEXTS = {
    "unknown name": ("    return y\n", "in the text of tinynn_test::swish: line 2: unknown name y"),
    "unknown operator": ("    return torch.nothing(x)\n", "operator aten.nothing is not supported"),
    "number": ("    return 1\n", "gives a int"),
    "other shape": ("    return x[0]\n", "the file says float32[2, 4, 4, 5], the program gives float32[4, 4, 5]"),
    "itself": ("    return torch.ops.tinynn_test.swish(x, beta)\n", "nested more than"),
}


@pytest.mark.parametrize("code", [None, "MySwish"])
@pytest.mark.parametrize("name", TEXTS)
def test_text_that_fails(swishes, name, code):
    body, words = TEXTS[name]
    if name == "number" and code is None:
        words = ""  # the addition behind it says what it makes of a number
    with pytest.raises(tinynn.Error) as error:
        tinynn.load(swishes, custom_ops=[CustomOp(schema_of("swish"), "def swish(x, beta):\n" + body, code)])
    assert words in str(error.value)


# ---- files and the program ----

YAML = """
operators:
  - schema: "tinynn_test::swish(Tensor x, float beta=1.0) -> Tensor"
    custom_code: MySwish
    attributes: {steepness: beta}
    layout: nhwc
    text: |
      def swish(x, beta):
          return x * torch.sigmoid(beta * x)
"""


def test_file(swishes, tmp_path):
    (tmp_path / "ops.yaml").write_text(YAML)
    model = tinynn.load(swishes, custom_ops=tmp_path / "ops.yaml")
    litert.assert_close(model.run(IMAGE.numpy()), [Swishes()(IMAGE).detach().numpy()], 1e-6)
    model.convert(tmp_path / "out.tflite")
    assert operators_of(tmp_path / "out.tflite")[0] == ("MySwish", {"steepness": 0.5}, [[2, 4, 5, 4]] * 2)


FILES = {
    "not YAML": ("operators: [", "line 2, column 1: did not find"),
    "empty": ("", "expected a mapping, found nothing"),
    "unknown key": (YAML.replace("custom_code", "customcode"), 'unknown key "customcode", did you mean "custom_code"?'),
    "unknown top key": ("operator: []", 'unknown key "operator", did you mean "operators"?'),
    "no list": ("operators: 3", "expected a list, found a text"),
    "two keys": (YAML + "    layout: nchw\n", 'line 10, column 5: the key "layout" stands here twice'),
    "layout": (YAML.replace("nhwc", "hwc"), 'line 6, column 13: layout "hwc"'),
    "schema": (YAML.replace("float beta", "real beta"), "line 3, column 5: tinynn_test::swish: schema"),
    "text": (YAML.replace("return x", "return return"), "line 3, column 5: tinynn_test::swish: its text, line 2"),
    "twice": (YAML + YAML.replace("operators:\n", ""), "it is defined twice"),
}


@pytest.mark.parametrize("name", FILES)
def test_wrong_file(swishes, tmp_path, name):
    text, words = FILES[name]
    (tmp_path / "ops.yaml").write_text(text)
    with pytest.raises(tinynn.Error) as error:
        tinynn.load(swishes, custom_ops=tmp_path / "ops.yaml")
    assert error.value.code == "malformed" and error.value.where == str(tmp_path / "ops.yaml")
    assert words in error.value.message


@pytest.mark.parametrize("command", ["convert", "check", "inspect"])
def test_program(checked_program, swishes, tmp_path, command):
    """The option may be repeated; a wrong file is an input that cannot be read."""

    def run(*files):
        options = [word for file in files for word in ("--custom-ops", file)]
        output = ["-o", "out.tflite"] if command == "convert" else []
        return subprocess.run([checked_program, command, swishes, *output, *options], cwd=tmp_path, check=False,
                              capture_output=True, text=True)  # fmt: skip

    (tmp_path / "ops.yaml").write_text(YAML)
    (tmp_path / "other.yaml").write_text("operators: []\n")
    (tmp_path / "wrong.yaml").write_text("operators: [{}]\n")
    assert run("ops.yaml", "other.yaml").returncode == 0
    wrong, missing, twice, none = (run(*files) for files in (["wrong.yaml"], ["no.yaml"], ["ops.yaml"] * 2, []))
    assert (wrong.returncode, wrong.stderr) == (
        2,
        "tinynn: wrong.yaml: line 1, column 13: an operator needs a schema\n",
    )
    assert missing.returncode == 2 and "no.yaml: " in missing.stderr
    assert twice.returncode == 2 and "it is defined twice" in twice.stderr
    assert none.returncode == 3 and "see --custom-ops" in none.stderr


def test_wrong_type(swishes):
    with pytest.raises(TypeError, match="expected a path or a list of CustomOp, found dict"):
        tinynn.load(swishes, custom_ops=[{"schema": schema_of("swish")}])


def test_converter_takes_definitions(tmp_path):
    converter = TFLiteConverter(
        Swishes(), IMAGE, tmp_path / "out.tflite", custom_ops=[CustomOp(schema_of("swish"), None, "MySwish")]
    )
    converter.convert()
    assert [code for code, _, _ in operators_of(tmp_path / "out.tflite")] == ["MySwish", "MySwish"]


# ---- MediaTek's operator ----


@pytest.mark.parametrize(
    "layer, shape, expected",
    [
        # SAME of TFLite, a bias, and what crops the full result
        (nn.ConvTranspose2d(3, 4, 2, stride=2), (1, 3, 4, 5), [2, 2, 0, 4]),
        (nn.ConvTranspose2d(3, 4, 3, stride=(2, 3), bias=False), (1, 3, 4, 5), [2, 3, 1, 4]),
        (nn.ConvTranspose2d(3, 4, 3, padding=1, dilation=2), (1, 3, 4, 5), [1, 1, 1, 4]),
        (nn.ConvTranspose1d(3, 4, 3, stride=3), (1, 3, 7), [1, 3, 0, 4]),
    ],
)
def test_enable_mtk_ops(tmp_path, layer, shape, expected):
    stride_height, stride_width, padding, n_operands = expected
    converter = TFLiteConverter(layer.eval(), torch.ones(shape), tmp_path / "out.tflite", enable_mtk_ops=True)
    converter.convert()
    ((code, options, shapes),) = operators_of(tmp_path / "out.tflite")
    assert code == "MTK_TRANSPOSE_CONV"
    assert options == {
        "PaddingType": padding, "activation": 0, "depth_multiplier": 1, "dilation_height_factor": 1,
        "dilation_width_factor": 1, "stride_height": stride_height, "stride_width": stride_width,
    }  # fmt: skip
    assert len(shapes) == n_operands + 1 and shapes[0] == [4] and shapes[2][-1] == 3
