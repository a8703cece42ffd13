"""Networks through the engine: PyTorch's numbers, by one run and by several at a time."""

import os

import litert
import numpy as np
import pytest
import tinynn
import torch
import zoo

TEST_ALL = os.environ.get("TINYNN_TEST_ALL") == "1"
ALWAYS = ("mobilenet_v2", "mobilenet_v3_small", "resnet18", "shufflenet_v2_x1_0", "swin_t", "U-Net", "TCN", "YOLO head",
          "TransformerEncoder", "TransformerDecoder")
# of float32 sums in other orders, over the depth of a network
TOLERANCE = 2e-5


@pytest.mark.parametrize("name", zoo.ENTRIES if TEST_ALL else ALWAYS)
def test_network(name, tmp_path):
    module, inputs = zoo.build(name)
    zoo.save(module, inputs, "pt2", tmp_path / "model.pt2")
    with torch.no_grad():
        expected = [tensor.numpy() for tensor in zoo.flat(module(*inputs))]
    litert.assert_close(tinynn.load(tmp_path / "model.pt2").run(*(x.numpy() for x in inputs)), expected, TOLERANCE)


@pytest.mark.parametrize("threads", (1, 2, 3))
def test_many_samples(threads, tmp_path):
    """Results come in the order of samples, and are those of single runs, bit for bit."""
    module, (image,) = zoo.build("mobilenet_v3_small")
    zoo.save(module, (image,), "pt2", tmp_path / "model.pt2")
    model = tinynn.load(tmp_path / "model.pt2")
    samples = [[image.numpy() * (k + 1)] for k in range(5)]
    for (got,), sample in zip(model.run_many(samples, threads), samples):
        np.testing.assert_array_equal(got, model.run(*sample)[0])


def test_a_sample_that_does_not_fit(tmp_path):
    module, (image,) = zoo.build("mobilenet_v3_small")
    zoo.save(module, (image,), "pt2", tmp_path / "model.pt2")
    model = tinynn.load(tmp_path / "model.pt2")
    with pytest.raises(tinynn.Error, match="float32\\[1, 3, 224, 223\\]") as error:
        model.run_many([[image.numpy()], [image.numpy()[..., :223]]], 2)
    assert error.value.code == "invalid"
