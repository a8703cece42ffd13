"""tinynn.run_tflite against LiteRT, one random operator at a time: integers with scales bit for bit."""

import os
from pathlib import Path

import litert
import numpy as np
import pytest
import random_ops
import tinynn
from one_op import OneOp, write

SEEDS = 300 if os.environ.get("TINYNN_TEST_ALL") == "1" else 8

# LiteRT's reference kernels lack ELU. Their SUM gives numbers that depend on where its memory lies.
DEFAULT_KERNELS = {"elu", "sum"}

# How many elements XNNPACK may give otherwise than the reference kernels, by one step: it rounds differently. Its factors
# of LEAKY_RELU have 8 bits, its weights of RESIZE_BILINEAR 11. Softmax, hybrid operators and others follow other formulas
# there, and are not compared.
XNNPACK = {name: 0.01 for name in ("conv_2d", "depthwise_conv_2d", "transpose_conv", "fully_connected", "add", "sub", "mul",
                                   "average_pool_2d", "max_pool_2d", "mean", "transpose", "pad", "concatenation",
                                   "quantize", "logistic", "tanh", "elu")}
XNNPACK |= {"leaky_relu": 0.12, "resize_bilinear": 0.06}


def both(op: OneOp, seed: int, path: Path, kernels: str) -> tuple[list[np.ndarray], list[np.ndarray]]:
    write(op, path)
    inputs = random_ops.random_inputs(op, seed)
    return tinynn.run_tflite(path, *inputs), litert.run(path, inputs, kernels)


@pytest.mark.parametrize("make", random_ops.EXACT, ids=lambda make: make.__name__)
def test_integers_are_exact(make, tmp_path):
    kernels = "builtin" if make.__name__ in DEFAULT_KERNELS else "reference"
    for seed in range(SEEDS):
        op = make(random_ops.Chance(seed))
        got, expected = both(op, seed, tmp_path / "op.tflite", kernels)
        for g, e in zip(got, expected, strict=True):
            assert g.dtype == e.dtype
            np.testing.assert_array_equal(g, e, err_msg=f"seed {seed}, {op.options}")


@pytest.mark.parametrize("make", random_ops.HYBRID, ids=lambda make: make.__name__)
def test_hybrid(make, tmp_path):
    for seed in range(SEEDS):
        got, expected = both(make(random_ops.Chance(seed)), seed, tmp_path / "op.tflite", "reference")
        litert.assert_close(got, expected, 1e-6)


@pytest.mark.parametrize("name", XNNPACK)
def test_xnnpack_is_near(name, tmp_path):
    different = total = 0
    for seed in range(SEEDS):
        got, expected = both(getattr(random_ops, name)(random_ops.Chance(seed)), seed, tmp_path / "op.tflite", "xnnpack")
        steps = np.abs(got[0].astype(np.int64) - expected[0].astype(np.int64))
        assert steps.max(initial=0) <= 1, f"seed {seed}"
        different += int(np.count_nonzero(steps))
        total += steps.size
    assert different <= XNNPACK[name] * total, f"{different} of {total} differ"
