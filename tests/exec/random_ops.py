"""Random operators on integers with scales: the kernels of LiteRT for 8 and 16 bits that tinynn runs without it.

Each function takes a random generator and gives one operator; its name is the operator's in small letters.
"""

import math
from dataclasses import replace

import numpy as np
from chance import RANGE, Chance
from one_op import OneOp, Tensor, constant

RELUS = (0, 1, 2, 3)  # none, RELU, RELU_N1_TO_1, RELU6


def _typical_out(in_scale: float, weights: Tensor, depth: int, chance: Chance) -> float:
    """A scale with which most results are inside of the range."""
    return chance.near(in_scale * float(np.mean(weights.scales)) * 73 * 73 * math.sqrt(depth) / 60)


def _bias_scales(in_scale: float, weights: Tensor) -> tuple[float, ...]:
    return tuple(float(np.float32(in_scale) * np.float32(s)) for s in weights.scales)


def _window(chance: Chance, size: int, k: int, stride: int, dilation: int, padding: int) -> int:
    reach = (k - 1) * dilation + 1
    return -(-size // stride) if padding == 0 else -(-(size - reach + 1) // stride)


def _convolution_sizes(c: Chance) -> dict:
    while True:
        s = {"h": c.size() + 2, "w": c.size() + 1, "kh": c.of(1, 2, 3, 5), "kw": c.of(1, 2, 3), "sh": c.of(1, 1, 2, 3),
             "sw": c.of(1, 1, 2), "dh": c.of(1, 1, 2), "dw": c.of(1, 1, 3), "padding": c.of(0, 1)}
        s["oh"] = _window(c, s["h"], s["kh"], s["sh"], s["dh"], s["padding"])
        s["ow"] = _window(c, s["w"], s["kw"], s["sw"], s["dw"], s["padding"])
        if s["oh"] > 0 and s["ow"] > 0:
            return s


def conv_2d(c: Chance) -> OneOp:
    s, groups = _convolution_sizes(c), c.of(1, 1, 1, 2)
    each, out = c.of(1, 3, 5, 8), groups * c.of(1, 2, 5)
    kind = c.of("int8", "int8", "int8", "uint8")
    x = c.tensor((c.of(1, 2), s["h"], s["w"], each * groups), kind)
    if kind == "uint8":
        w = constant(c.ints((out, s["kh"], s["kw"], each), "uint8"), scales=(c.scale(1e-3, 0.1),), zeros=(c.zero("uint8"),))
    else:
        w = c.weights((out, s["kh"], s["kw"], each), 0, c.of(True, True, False))
    y = c.tensor((x.shape[0], s["oh"], s["ow"], out), kind, _typical_out(x.scales[0], w, each * s["kh"] * s["kw"], c))
    options = {"padding": s["padding"], "strideH": s["sh"], "strideW": s["sw"], "dilationHFactor": s["dh"],
               "dilationWFactor": s["dw"], "fusedActivationFunction": c.of(*RELUS)}
    bias = c.bias(_bias_scales(x.scales[0], w), out)
    return OneOp("CONV_2D", [x, w, bias], [y], options, "Conv2DOptions", 3)


def depthwise_conv_2d(c: Chance) -> OneOp:
    s, channels, multiplier = _convolution_sizes(c), c.of(1, 3, 5, 8), c.of(1, 1, 2, 3)
    if s["dh"] != s["dw"] or s["dh"] > 1:  # the kernel wants one stride with dilation
        s["sh"] = s["sw"] = 1
        s["oh"] = _window(c, s["h"], s["kh"], 1, s["dh"], s["padding"])
        s["ow"] = _window(c, s["w"], s["kw"], 1, s["dw"], s["padding"])
    out = channels * multiplier
    x = c.tensor((c.of(1, 2), s["h"], s["w"], channels))
    w = c.weights((1, s["kh"], s["kw"], out), 3, c.of(True, True, False))
    y = c.tensor((x.shape[0], s["oh"], s["ow"], out), "int8", _typical_out(x.scales[0], w, s["kh"] * s["kw"], c))
    options = {"padding": s["padding"], "strideH": s["sh"], "strideW": s["sw"], "dilationHFactor": s["dh"],
               "dilationWFactor": s["dw"], "fusedActivationFunction": c.of(*RELUS), "depthMultiplier": multiplier}
    bias = c.bias(_bias_scales(x.scales[0], w), out)
    return OneOp("DEPTHWISE_CONV_2D", [x, w, bias], [y], options, "DepthwiseConv2DOptions", 3)


def transpose_conv(c: Chance) -> OneOp:
    n, h, w_in, channels, out = c.of(1, 2), c.size(), c.size(), c.of(1, 3, 5), c.of(1, 2, 5)
    kh, kw, sh, sw, padding = c.of(1, 2, 3, 4), c.of(1, 2, 3), c.of(1, 2, 3), c.of(1, 2), c.of(0, 1)
    oh = h * sh if padding == 0 else (h - 1) * sh + kh
    ow = w_in * sw if padding == 0 else (w_in - 1) * sw + kw
    x = c.tensor((n, h, w_in, channels))
    w = c.weights((out, kh, kw, channels), 0, c.of(True, True, False))
    y = c.tensor((n, oh, ow, out), "int8", _typical_out(x.scales[0], w, channels * kh * kw, c))
    options = {"padding": padding, "strideH": sh, "strideW": sw}
    shape, bias = constant(np.array(y.shape, np.int32)), c.bias(_bias_scales(x.scales[0], w), out)
    inputs = [shape, w, x, bias] if c.of(True, False) else [shape, w, x]
    return OneOp("TRANSPOSE_CONV", inputs, [y], options, "TransposeConvOptions", len(inputs) - 1)


def fully_connected(c: Chance) -> OneOp:
    n, depth, out, kind = c.size(), c.of(1, 5, 16, 33, 100), c.size(), c.of("int8", "int8", "uint8")
    x = c.tensor((n, depth), kind)
    if kind == "uint8":
        w = constant(c.ints((out, depth), "uint8"), scales=(c.scale(1e-3, 0.1),), zeros=(c.zero("uint8"),))
    else:
        w = c.weights((out, depth), 0, c.of(True, False))
    y = c.tensor((n, out), kind, _typical_out(x.scales[0], w, depth, c))
    options = {"fusedActivationFunction": c.of(*RELUS), "keepNumDims": False}
    bias = c.of(None, c.bias(_bias_scales(x.scales[0], w), out))
    return OneOp("FULLY_CONNECTED", [x, w, bias], [y], options, "FullyConnectedOptions", 6)


def _near_ties(op: OneOp, c: Chance) -> OneOp:
    """Sums of 30 bits, close to where results are rounded up or down: the last digits of factors decide."""
    x, w, bias = op.inputs
    x.scales, n = (c.scale(),), bias.shape[0]
    y = op.outputs[0]
    y.scales, y.zeros = (float(np.float32(x.scales[0] * w.scales[0] * 2 ** c.rng.uniform(20, 22.5))),), (0,)
    steps = x.scales[0] * np.array(w.scales, np.float64) / y.scales[0]
    ties = np.rint((c.rng.integers(-120, 120, n) + 0.5) / steps) + c.rng.integers(-9, 10, n)
    limits = np.iinfo(np.int32)
    data = ties.clip(limits.min + 1, limits.max).astype(np.int32)
    op.inputs[1] = replace(w, data=np.zeros_like(w.data))
    op.inputs[2] = Tensor(bias.shape, "int32", _bias_scales(x.scales[0], w), (0,) * len(w.scales), 0, data)
    return op


def fully_connected_near_ties(c: Chance) -> OneOp:
    x, w = c.tensor((1, 3)), c.weights((300, 3), 0, c.of(True, False))
    return _near_ties(OneOp("FULLY_CONNECTED", [x, w, c.bias(w.scales, 300)], [c.tensor((1, 300))], {}, "FullyConnectedOptions", 6), c)


def conv_2d_near_ties(c: Chance) -> OneOp:
    x, w = c.tensor((1, 1, 1, 3)), c.weights((300, 1, 1, 3), 0, c.of(True, False))
    options = {"strideH": 1, "strideW": 1, "dilationHFactor": 1, "dilationWFactor": 1}
    return _near_ties(OneOp("CONV_2D", [x, w, c.bias(w.scales, 300)], [c.tensor((1, 1, 1, 300))], options, "Conv2DOptions", 3), c)


def batch_matmul(c: Chance) -> OneOp:
    a, b, d, batch = c.size(), c.size(), c.size(), c.of((), (2,), (2, 3))
    adj_x, adj_y = c.of(True, False), c.of(True, False)
    x = c.tensor(((1,) * len(batch) if c.of(True, False) else batch) + ((b, a) if adj_x else (a, b)))
    y = c.tensor(batch + ((d, b) if adj_y else (b, d)))
    out = c.tensor(batch + (a, d), "int8", c.near(x.scales[0] * y.scales[0] * 73 * 73 * math.sqrt(b) / 60))
    return OneOp("BATCH_MATMUL", [x, y], [out], {"adjX": adj_x, "adjY": adj_y}, "BatchMatMulOptions", 2)


def _binary(name: str, c: Chance, table: str | None, kinds: tuple[str, ...] = ("int8", "int8", "uint8"), gain=None,
            activations: bool = True) -> OneOp:
    kind, (one, other) = c.of(*kinds), c.broadcast()
    whole = np.broadcast_shapes(one, other)
    x, y = c.tensor(one, kind), c.tensor(other, kind)
    scale = gain(x.scales[0], y.scales[0]) if gain else max(x.scales[0], y.scales[0])
    options = {"fusedActivationFunction": c.of(*RELUS)} if activations else {}
    return OneOp(name, [x, y], [c.tensor(whole, kind, c.near(scale))], options, table, 2)


def add(c: Chance) -> OneOp:
    return _binary("ADD", c, "AddOptions")


def sub(c: Chance) -> OneOp:
    return _binary("SUB", c, "SubOptions")


def mul(c: Chance) -> OneOp:
    return _binary("MUL", c, "MulOptions", gain=lambda a, b: a * b * 128)


def squared_difference(c: Chance) -> OneOp:
    gain = lambda a, b: max(a, b) ** 2 * 128 * 4
    return _binary("SQUARED_DIFFERENCE", c, "SquaredDifferenceOptions", ("int8",), gain, activations=False)


def div(c: Chance) -> OneOp:
    """The divisor is a constant without its zero point, which is an error. The result's scale is small enough that LiteRT
    shifts no quotient by more than 31 bits: what it computes then depends on the processor."""
    kind, (one, other) = c.of("int8", "uint8"), c.broadcast()
    x, zero = c.tensor(one, kind), c.zero(kind)
    data = c.ints(other, kind)
    data[data == zero] = zero + 50 if zero < 50 else zero - 50
    y = constant(data, scales=(c.scale(),), zeros=(zero,))
    out = c.tensor(np.broadcast_shapes(one, other), kind, x.scales[0] / y.scales[0] / c.rng.uniform(130, 300))
    return OneOp("DIV", [x, y], [out], {"fusedActivationFunction": c.of(*RELUS)}, "DivOptions", 2)


def _same_scale(name: str, c: Chance, table: str | None) -> OneOp:
    kind, (one, other) = c.of("int8", "uint8"), c.broadcast()
    x = c.tensor(one, kind)
    y = Tensor(other, kind, x.scales, x.zeros)
    return OneOp(name, [x, y], [Tensor(np.broadcast_shapes(one, other), kind, x.scales, x.zeros)], {}, table, 2)


def maximum(c: Chance) -> OneOp:
    return _same_scale("MAXIMUM", c, "MaximumMinimumOptions")


def minimum(c: Chance) -> OneOp:
    return _same_scale("MINIMUM", c, "MaximumMinimumOptions")


def _comparison(name: str, c: Chance, table: str) -> OneOp:
    kind, (one, other) = c.of("int8", "uint8"), c.broadcast()
    x = c.tensor(one, kind)
    scale = min(c.near(x.scales[0]), 0.99)  # LiteRT has no factors from 1 up here
    y = c.tensor(other, kind, c.of(x.scales[0], scale), c.of(x.zeros[0], c.zero(kind)))
    return OneOp(name, [x, y], [Tensor(np.broadcast_shapes(one, other), "bool")], {}, table, 2)


def equal(c: Chance) -> OneOp:
    return _comparison("EQUAL", c, "EqualOptions")


def not_equal(c: Chance) -> OneOp:
    return _comparison("NOT_EQUAL", c, "NotEqualOptions")


def less(c: Chance) -> OneOp:
    return _comparison("LESS", c, "LessOptions")


def less_equal(c: Chance) -> OneOp:
    return _comparison("LESS_EQUAL", c, "LessEqualOptions")


def greater(c: Chance) -> OneOp:
    return _comparison("GREATER", c, "GreaterOptions")


def greater_equal(c: Chance) -> OneOp:
    return _comparison("GREATER_EQUAL", c, "GreaterEqualOptions")


def select_v2(c: Chance) -> OneOp:
    one, whole = c.broadcast()
    x = c.tensor(one)
    y = Tensor(whole, "int8", x.scales, x.zeros)
    shape = np.broadcast_shapes(one, whole)
    return OneOp("SELECT_V2", [Tensor(shape, "bool"), x, y], [Tensor(shape, "int8", x.scales, x.zeros)], {},
                 "SelectV2Options")


def _pool(name: str, c: Chance) -> OneOp:
    s, channels, kind = _convolution_sizes(c), c.size(), c.of("int8", "int8", "uint8")
    s["oh"] = _window(c, s["h"], s["kh"], s["sh"], 1, s["padding"])
    s["ow"] = _window(c, s["w"], s["kw"], s["sw"], 1, s["padding"])
    x = c.tensor((c.of(1, 2), s["h"], s["w"], channels), kind)
    y = Tensor((x.shape[0], s["oh"], s["ow"], channels), kind, x.scales, x.zeros)
    options = {"padding": s["padding"], "strideH": s["sh"], "strideW": s["sw"], "filterHeight": s["kh"],
               "filterWidth": s["kw"], "fusedActivationFunction": c.of(*RELUS)}
    return OneOp(name, [x], [y], options, "Pool2DOptions", 2)


def average_pool_2d(c: Chance) -> OneOp:
    return _pool("AVERAGE_POOL_2D", c)


def max_pool_2d(c: Chance) -> OneOp:
    return _pool("MAX_POOL_2D", c)


def _reduction(name: str, c: Chance, gain, kinds: tuple[str, ...] = ("int8", "int8", "uint8"), same: bool = False) -> OneOp:
    kind, shape, keep = c.of(*kinds), c.shape(), c.of(True, False)
    axes = sorted({int(a) for a in c.rng.integers(0, len(shape), c.rng.integers(1, len(shape) + 1))})
    count = math.prod(shape[a] for a in axes)
    out = tuple(1 if k in axes else d for k, d in enumerate(shape) if keep or k not in axes)
    x = c.tensor(shape, kind)
    y = Tensor(out, kind, x.scales, x.zeros) if same else c.tensor(out, kind, c.near(gain(x.scales[0], count)))
    axis = constant(np.array([a - len(shape) if c.of(True, False) else a for a in axes], np.int32))
    return OneOp(name, [x, axis], [y], {"keepDims": keep}, "ReducerOptions", 2)


def mean(c: Chance) -> OneOp:
    return _reduction("MEAN", c, lambda s, n: s)


def sum(c: Chance) -> OneOp:
    return _reduction("SUM", c, lambda s, n: s * math.sqrt(n))


def reduce_prod(c: Chance) -> OneOp:
    return _reduction("REDUCE_PROD", c, lambda s, n: s, ("int8",))


def reduce_max(c: Chance) -> OneOp:
    return _reduction("REDUCE_MAX", c, None, same=True)


def reduce_min(c: Chance) -> OneOp:
    return _reduction("REDUCE_MIN", c, None, same=True)


def softmax(c: Chance) -> OneOp:
    kind, shape = c.of("int8", "int8", "uint8"), c.shape()
    y = Tensor(shape, kind, (1 / 256,), (-128 if kind == "int8" else 0,))
    return OneOp("SOFTMAX", [c.tensor(shape, kind)], [y], {"beta": c.of(1.0, 1.0, 0.5, 2.0)}, "SoftmaxOptions", 2)


def log_softmax(c: Chance) -> OneOp:
    shape = c.shape()
    return OneOp("LOG_SOFTMAX", [c.tensor(shape)], [Tensor(shape, "int8", (16 / 256,), (127,))], {}, "LogSoftmaxOptions", 2)


def l2_normalization(c: Chance) -> OneOp:
    shape = c.shape()
    return OneOp("L2_NORMALIZATION", [c.tensor(shape)], [Tensor(shape, "int8", (1 / 128,), (0,))], {}, "L2NormOptions", 2)


def _function(name: str, c: Chance, table: str | None = None, options: dict | None = None, kinds=("int8",), out=None,
              version: int = 1) -> OneOp:
    kind, shape = c.of(*kinds), c.shape()
    x = c.tensor(shape, kind)
    if out is None:
        y = c.tensor(shape, kind, c.near(x.scales[0]))
    else:
        y = Tensor(shape, kind, (out[0],), (out[1] + (128 if kind == "uint8" else 0),))
    return OneOp(name, [x], [y], options or {}, table, version)


def logistic(c: Chance) -> OneOp:
    return _function("LOGISTIC", c, kinds=("int8", "uint8"), out=(1 / 256, -128), version=2)


def tanh(c: Chance) -> OneOp:
    return _function("TANH", c, kinds=("int8", "uint8"), out=(1 / 128, 0), version=2)


def elu(c: Chance) -> OneOp:
    return _function("ELU", c)


def gelu(c: Chance) -> OneOp:
    return _function("GELU", c, "GeluOptions", {"approximate": c.of(True, False)}, ("int8", "uint8"), version=2)


def exp(c: Chance) -> OneOp:
    return _function("EXP", c, "ExpOptions", version=2)


def log(c: Chance) -> OneOp:
    return _function("LOG", c, version=2)


def abs(c: Chance) -> OneOp:
    op = _function("ABS", c, "AbsOptions", version=2)
    if c.of(True, False):
        op.outputs[0].scales = op.inputs[0].scales
    return op


def rsqrt(c: Chance) -> OneOp:
    op = _function("RSQRT", c, version=2)
    op.inputs[0].zeros = (-128,)  # of negative numbers there is no root
    op.outputs[0].scales = (c.near(1 / math.sqrt(op.inputs[0].scales[0] * 60) / 60),)
    return op


def sqrt(c: Chance) -> OneOp:
    op = _function("SQRT", c, version=2)
    op.inputs[0].zeros = (-128,)
    op.outputs[0].scales = (c.near(math.sqrt(op.inputs[0].scales[0] * 255) / 255),)
    return op


def relu(c: Chance) -> OneOp:
    return _function("RELU", c, kinds=("int8", "uint8"), version=2)


def relu6(c: Chance) -> OneOp:
    return _function("RELU6", c, kinds=("int8", "uint8"), version=2)


def relu_n1_to_1(c: Chance) -> OneOp:
    return _function("RELU_N1_TO_1", c, kinds=("int8", "uint8"))


def relu_0_to_1(c: Chance) -> OneOp:
    return _function("RELU_0_TO_1", c, kinds=("int8", "uint8"))


def hard_swish(c: Chance) -> OneOp:
    op = _function("HARD_SWISH", c, kinds=("int8", "uint8"))
    op.outputs[0].scales = (max(op.outputs[0].scales[0], float(np.float32(op.inputs[0].scales[0] / 120))),)
    return op


def leaky_relu(c: Chance) -> OneOp:
    return _function("LEAKY_RELU", c, "LeakyReluOptions", {"alpha": c.of(0.01, 0.2, 0.7, 1.5, -0.3)}, ("int8", "uint8"))


def prelu(c: Chance) -> OneOp:
    kind, shape = c.of("int8", "uint8"), c.shape()
    x = c.tensor(shape, kind)
    alpha_shape = tuple(1 if c.of(True, False) else d for d in shape[1:]) or shape
    alpha = constant(c.ints(alpha_shape, kind), scales=(c.scale(1e-3, 1e-2),), zeros=(c.zero(kind),))
    return OneOp("PRELU", [x, alpha], [c.tensor(shape, kind, c.near(x.scales[0]))])


def _move(name: str, x: Tensor, extra: list[Tensor], shape, table: str | None, options: dict | None = None,
          version: int = 2) -> OneOp:
    return OneOp(name, [x, *extra], [Tensor(tuple(shape), x.kind, x.scales, x.zeros)], options or {}, table, version)


def transpose(c: Chance) -> OneOp:
    x = c.tensor(c.shape())
    perm = c.rng.permutation(len(x.shape)).astype(np.int32)
    return _move("TRANSPOSE", x, [constant(perm)], [x.shape[p] for p in perm], "TransposeOptions")


def pad(c: Chance) -> OneOp:
    x = c.tensor(c.shape(4))
    pads = c.rng.integers(0, 4, (4, 2)).astype(np.int32)
    return _move("PAD", x, [constant(pads)], [d + int(p.sum()) for d, p in zip(x.shape, pads)], "PadOptions")


def padv2(c: Chance) -> OneOp:
    x = c.tensor(c.shape(4))
    pads = c.rng.integers(0, 4, (4, 2)).astype(np.int32)
    value = constant(c.ints(()), scales=x.scales, zeros=x.zeros)
    return _move("PADV2", x, [constant(pads), value], [d + int(p.sum()) for d, p in zip(x.shape, pads)], "PadV2Options")


def mirror_pad(c: Chance) -> OneOp:
    x, mode = c.tensor(c.shape(4)), c.of(0, 1)
    pads = np.array([[c.rng.integers(0, d + mode) for _ in range(2)] for d in x.shape], np.int32)
    return _move("MIRROR_PAD", x, [constant(pads)], [d + int(p.sum()) for d, p in zip(x.shape, pads)], "MirrorPadOptions",
                 {"mode": mode})


def _resize(name: str, c: Chance, table: str) -> OneOp:
    x, align = c.tensor(c.shape(4), c.of("int8", "uint8")), c.of(True, False)
    size = np.array([c.size() + 1, c.size() + 1], np.int32)
    options = {"alignCorners": align, "halfPixelCenters": not align and c.of(True, False)}
    return _move(name, x, [constant(size)], (x.shape[0], *map(int, size), x.shape[3]), table, options, 3)


def resize_bilinear(c: Chance) -> OneOp:
    return _resize("RESIZE_BILINEAR", c, "ResizeBilinearOptions")


def resize_nearest_neighbor(c: Chance) -> OneOp:
    return _resize("RESIZE_NEAREST_NEIGHBOR", c, "ResizeNearestNeighborOptions")


def concatenation(c: Chance) -> OneOp:
    shape = list(c.shape())
    axis, first = int(c.rng.integers(len(shape))), c.tensor(tuple(shape))
    parts = [first]
    for _ in range(c.of(1, 2)):
        shape[axis] = c.size()
        parts.append(Tensor(tuple(shape), "int8", first.scales, first.zeros))
    shape[axis] = int(np.sum([p.shape[axis] for p in parts]))
    y = Tensor(tuple(shape), "int8", first.scales, first.zeros)
    return OneOp("CONCATENATION", parts, [y], {"axis": axis}, "ConcatenationOptions", 2)


def gather(c: Chance) -> OneOp:
    x = c.tensor(c.shape())
    axis = int(c.rng.integers(len(x.shape)))
    at = c.rng.integers(0, x.shape[axis], c.shape(c.of(0, 1, 2))).astype(np.int32)
    return _move("GATHER", x, [constant(np.asarray(at))], x.shape[:axis] + at.shape + x.shape[axis + 1 :],
                 "GatherOptions", {"axis": axis})


def space_to_batch_nd(c: Chance) -> OneOp:
    block = [c.of(1, 2, 3), c.of(1, 2)]
    shape = (c.of(1, 2), block[0] * c.size(), block[1] * c.size(), c.size())
    pads = [[block[0] * c.of(0, 1), 0], [0, block[1] * c.of(0, 1)]]
    x = c.tensor(shape)
    inner = [(shape[k + 1] + int(np.sum(pads[k]))) // block[k] for k in range(2)]
    return _move("SPACE_TO_BATCH_ND", x, [constant(np.array(block, np.int32)), constant(np.array(pads, np.int32))],
                 (shape[0] * block[0] * block[1], *inner, shape[3]), "SpaceToBatchNDOptions")


def quantize(c: Chance) -> OneOp:
    """From floats and between scales."""
    shape, kind = c.shape(), c.of("float32", "int8", "uint8", "int16")
    x = Tensor(shape, "float32") if kind == "float32" else c.tensor(shape, kind, zero=0 if kind == "int16" else None)
    out = c.of("int8", "uint8") if kind in ("float32", "int8", "uint8") else c.of("int8", "int16")
    scale = c.scale() if kind == "float32" else c.near(x.scales[0] * (256 if kind == "int16" and out == "int8" else 1))
    return OneOp("QUANTIZE", [x], [c.tensor(shape, out, scale, 0 if out == "int16" else None)], {}, "QuantizeOptions", 2)


def dequantize(c: Chance) -> OneOp:
    shape, kind = c.shape(), c.of("int8", "uint8", "int16")
    x = c.tensor(shape, kind, zero=0 if kind == "int16" else None)
    return OneOp("DEQUANTIZE", [x], [Tensor(shape, "float32")], {}, "DequantizeOptions", 2)


def _float_bias(c: Chance, n: int) -> Tensor:
    return constant(c.rng.standard_normal(n).astype(np.float32))


def hybrid_conv_2d(c: Chance) -> OneOp:
    s, channels, out, per_channel = _convolution_sizes(c), c.of(1, 3, 5, 8), c.of(1, 2, 5), c.of(True, False)
    x = Tensor((c.of(1, 2), s["h"], s["w"], channels), "float32")
    w = c.weights((out, s["kh"], s["kw"], channels), 0, per_channel, c.of("int8", "int4"))
    options = {"padding": s["padding"], "strideH": s["sh"], "strideW": s["sw"], "dilationHFactor": s["dh"],
               "dilationWFactor": s["dw"], "fusedActivationFunction": c.of(*RELUS)}
    y = Tensor((x.shape[0], s["oh"], s["ow"], out), "float32")
    return OneOp("CONV_2D", [x, w, _float_bias(c, out)], [y], options, "Conv2DOptions",
                 7 if w.kind == "int4" else 5 if per_channel else 2)


def hybrid_depthwise_conv_2d(c: Chance) -> OneOp:
    op = depthwise_conv_2d(c)
    x, w = op.inputs[:2]
    op.inputs = [Tensor(x.shape, "float32"), c.weights(w.shape, 3, True), _float_bias(c, w.shape[3])]
    op.outputs = [Tensor(op.outputs[0].shape, "float32")]
    op.version = 6
    return op


def hybrid_fully_connected(c: Chance) -> OneOp:
    n, depth, out, per_channel, asymmetric = c.size(), c.of(1, 5, 16, 33, 100), c.size(), c.of(True, False), c.of(True, False)
    w = c.weights((out, depth), 0, per_channel, c.of("int8", "int4"))
    version = 12 if per_channel else 10 if w.kind == "int4" else 9 if asymmetric else 3
    return OneOp("FULLY_CONNECTED", [Tensor((n, depth), "float32"), w, _float_bias(c, out)], [Tensor((n, out), "float32")],
                 {"asymmetricQuantizeInputs": asymmetric}, "FullyConnectedOptions", version)


def hybrid_batch_matmul(c: Chance) -> OneOp:
    a, b, d, adj, asymmetric = c.size(), c.size(), c.size(), c.of(True, False), c.of(True, False)
    y = c.weights((d, b) if adj else (b, d), 0, False)
    return OneOp("BATCH_MATMUL", [Tensor((a, b), "float32"), y], [Tensor((a, d), "float32")],
                 {"adjY": adj, "asymmetricQuantizeInputs": asymmetric}, "BatchMatMulOptions", 4 if asymmetric else 2)


def int4_conv_2d(c: Chance) -> OneOp:
    while True:
        op = conv_2d(c)
        if op.inputs[0].kind == "int8":
            break
    x, w, bias = op.inputs
    w = c.weights(w.shape, 0, len(w.scales) > 1, "int4")
    scale = _typical_out(x.scales[0], w, math.prod(w.shape[1:]), c) / 18
    bias = Tensor(bias.shape, "int32", _bias_scales(x.scales[0], w), (0,) * len(w.scales), 0, bias.data)
    return OneOp(op.name, [x, w, bias], [c.tensor(op.outputs[0].shape, "int8", scale)], op.options, op.table, 7)


def int4_fully_connected(c: Chance) -> OneOp:
    n, depth, out = c.size(), c.of(1, 5, 16, 33, 100), c.size()
    x, w = c.tensor((n, depth)), c.weights((out, depth), 0, c.of(True, False), "int4")
    y = c.tensor((n, out), "int8", _typical_out(x.scales[0], w, depth, c) / 18)
    return OneOp("FULLY_CONNECTED", [x, w, None], [y], {"fusedActivationFunction": c.of(*RELUS)}, "FullyConnectedOptions", 10)


def _sixteen(tensor: Tensor) -> Tensor:
    """An int8 tensor's range in 16 bits, where zero points are 0."""
    if tensor.kind != "int8":
        return tensor
    return replace(tensor, kind="int16", scales=tuple(s / 128 for s in tensor.scales), zeros=(0,) * len(tensor.scales))


def int16(make, version: int, **options):
    """The operator for 16 bits; constants of it stay as they are, but for biases, which become int64."""

    def made(c: Chance) -> OneOp:
        while True:
            op = make(c)
            if not any(t is not None and t.kind == "uint8" for t in op.inputs):
                break
        op.inputs = [_sixteen(t) if t is not None and t.data is None else t for t in op.inputs]
        op.outputs = [_sixteen(t) for t in op.outputs]
        bias = op.inputs[-1]
        if bias is not None and bias.kind == "int32" and bias.scales:
            scale = next(t for t in op.inputs if t.kind == "int16").scales[0]
            op.inputs[-1] = Tensor(bias.shape, "int64", _bias_scales(scale, op.inputs[1]), bias.zeros, 0,
                                   bias.data.astype(np.int64) * 100)
        op.options.update(options)
        op.version = version
        return op

    made.__name__ = f"int16_{make.__name__}"
    return made


def tanh_of_half(c: Chance) -> OneOp:
    """Of 16 bits its result has half of the scale that 8 bits suggest."""
    op = tanh(c)
    op.outputs[0] = replace(op.outputs[0], scales=(1 / 256,))
    return op


def int16_of_power(make):
    """Scales of which LOGISTIC and TANH need no multiplier."""

    def made(c: Chance) -> OneOp:
        op = make(c)
        op.inputs[0] = replace(op.inputs[0], scales=(2.0 ** c.of(-15, -13, -12, -12, -11, -9),))
        return op

    made.__name__ = f"{make.__name__}_of_power"
    return made


def wide_softmax(c: Chance) -> OneOp:
    """From flat to sharp."""
    op = softmax(c)
    op.inputs[0] = replace(op.inputs[0], kind="int8", scales=(c.scale(1e-3, 30),), zeros=(0,))
    op.outputs[0] = replace(op.outputs[0], kind="int8", scales=(1 / 256,), zeros=(0,))
    return op


INT16 = [int16(conv_2d, 1), int16(depthwise_conv_2d, 1), int16(transpose_conv, 3), int16(fully_connected, 7),
         int16(batch_matmul, 3), int16(add, 3, potScaleInt16=False), int16(sub, 5, potScaleInt16=False), int16(mul, 4),
         int16(maximum, 4), int16(less, 3), int16(equal, 4), int16(average_pool_2d, 3), int16(max_pool_2d, 3),
         int16(mean, 3), int16(reduce_prod, 2), int16(reduce_max, 3), int16(relu, 3), int16(relu6, 3),
         int16(leaky_relu, 2), int16(abs, 3), int16(resize_bilinear, 4), int16(resize_nearest_neighbor, 4),
         int16(logistic, 3), int16(tanh_of_half, 3), int16_of_power(int16(logistic, 3)),
         int16_of_power(int16(tanh_of_half, 3)), int16(wide_softmax, 3)]

EXACT = [conv_2d, conv_2d_near_ties, depthwise_conv_2d, transpose_conv, fully_connected, fully_connected_near_ties,
         batch_matmul, add, sub, mul, div,
         squared_difference, maximum, minimum, equal, not_equal, less, less_equal, greater, greater_equal, select_v2,
         average_pool_2d, max_pool_2d, mean, sum, reduce_prod, reduce_max, reduce_min, softmax, log_softmax,
         l2_normalization, logistic, tanh, elu, gelu, exp, log, abs, sqrt, rsqrt, relu, relu6, relu_n1_to_1, relu_0_to_1,
         hard_swish, leaky_relu, prelu, transpose, pad, padv2, mirror_pad, resize_bilinear, resize_nearest_neighbor,
         concatenation, gather, space_to_batch_nd, quantize, dequantize, int4_conv_2d, int4_fully_connected, *INT16]

# Float operands and results, weights of 8 or 4 bits: equal but for the rounding of floats.
HYBRID = [hybrid_conv_2d, hybrid_depthwise_conv_2d, hybrid_fully_connected, hybrid_batch_matmul]


def random_inputs(op: OneOp, seed: int) -> list[np.ndarray]:
    """Arrays for the operands without data, uniform over the type."""
    rng = np.random.default_rng(seed)
    arrays = []
    for tensor in op.inputs:
        if tensor is None or tensor.data is not None:
            continue
        if tensor.kind == "float32":
            arrays.append((rng.standard_normal(tensor.shape) * 3).astype(np.float32))
        elif tensor.kind == "bool":
            arrays.append(rng.random(tensor.shape) > 0.5)
        else:
            low, high = RANGE[tensor.kind]
            arrays.append(rng.integers(low, high + 1, tensor.shape).astype(tensor.kind))
    return arrays
