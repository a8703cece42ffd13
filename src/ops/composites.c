/* Operators that are made of others. The text is the meaning; an area that can do better keeps the node whole. */
#include "ops/composites.h"

#include "ops/class.h"
#include "ops/list.h"

const tnn_composite_row tnn_composite_silu = {
    .op = TNN_COMPOSITE_HEAD(silu, "Tensor self"),
    .infer = tnn_infer_unary_float,
    .text = "def silu(self):\n"
            "    return self * torch.sigmoid(self)\n",
};

const tnn_composite_row tnn_composite_hardsigmoid = {
    .op = TNN_COMPOSITE_HEAD(hardsigmoid, "Tensor self"),
    .infer = tnn_infer_unary_float,
    .text = "def hardsigmoid(self):\n"
            "    return torch.clamp(self + 3, 0, 6) / 6\n",
};

/* x * tanh(log(1 + e)) for e = exp(x), where the tanh is n / (n + 2) for n = e * (e + 2): 1 for x of 20. */
const tnn_composite_row tnn_composite_mish = {
    .op = TNN_COMPOSITE_HEAD(mish, "Tensor self"),
    .infer = tnn_infer_unary_float,
    .text = "def mish(self):\n"
            "    e = torch.exp(torch.clamp(self, None, 20))\n"
            "    n = e * (e + 2)\n"
            "    return self * (n / (n + 2))\n",
};

/* log(1 + exp(y)) without overflow. Above the threshold PyTorch gives y itself: from 15 on that is the same in
 * float32, else `over` is 1 there and 0 elsewhere. */
const tnn_composite_row tnn_composite_softplus = {
    .op = TNN_COMPOSITE_HEAD(softplus, "Tensor self, Scalar beta=1, Scalar threshold=20"),
    .infer = tnn_infer_unary_float,
    .text = "def softplus(self, beta, threshold):\n"
            "    y = self if beta == 1 else self * beta\n"
            "    rest = torch._log1p_small(torch.exp(-torch.abs(y)))\n"
            "    if threshold < 15 or self.dtype == torch.float64:\n"
            "        over = torch.clamp((y - threshold) * 1e30, 0, 1)\n"
            "        rest = rest * (1 - over)\n"
            "    y = rest + torch.relu(y)\n"
            "    return y if beta == 1 else y / beta\n",
};

const tnn_composite_row tnn_composite_log_sigmoid = {
    .op = TNN_COMPOSITE_HEAD(log_sigmoid, "Tensor self"),
    .infer = tnn_infer_unary_float,
    .text = "def log_sigmoid(self):\n"
            "    rest = torch._log1p_small(torch.exp(-torch.abs(self)))\n"
            "    return torch.clamp(self, None, 0) - rest\n",
};

const tnn_composite_row tnn_composite_softsign = {
    .op = TNN_COMPOSITE_HEAD(softsign, "Tensor self"),
    .infer = tnn_infer_unary_float,
    .text = "def softsign(self):\n"
            "    return self / (1 + torch.abs(self))\n",
};

const tnn_composite_row tnn_composite_softshrink = {
    .op = TNN_COMPOSITE_HEAD(softshrink, "Tensor self, Scalar lambd=0.5"),
    .infer = tnn_infer_unary_float,
    .text = "def softshrink(self, lambd):\n"
            "    return self - torch.clamp(self, -lambd, lambd)\n",
};

const tnn_composite_row tnn_composite_tanhshrink = {
    .op = TNN_COMPOSITE_HEAD(tanhshrink, "Tensor self"),
    .infer = tnn_infer_unary_float,
    .text = "def tanhshrink(self):\n"
            "    return self - torch.tanh(self)\n",
};

const tnn_composite_row tnn_composite_celu = {
    .op = TNN_COMPOSITE_HEAD(celu, "Tensor self, Scalar alpha=1.0"),
    .infer = tnn_infer_unary_float,
    .text = "def celu(self, alpha):\n"
            "    return torch.elu(self, alpha, 1, 1 / alpha)\n",
};

const tnn_composite_row tnn_composite_selu = {
    .op = TNN_COMPOSITE_HEAD(selu, "Tensor self"),
    .infer = tnn_infer_unary_float,
    .text = "def selu(self):\n"
            "    return torch.elu(self, 1.6732632423543772, 1.0507009873554805)\n",
};

const tnn_composite_row tnn_composite_square = {
    .op = TNN_COMPOSITE_HEAD(square, "Tensor self"),
    .infer = tnn_infer_unary_number,
    .text = "def square(self):\n"
            "    return self * self\n",
};

const tnn_composite_row tnn_composite_reciprocal = {
    .op = TNN_COMPOSITE_HEAD(reciprocal, "Tensor self"),
    .infer = tnn_infer_unary_to_float,
    .text = "def reciprocal(self):\n"
            "    return 1 / self\n",
};

const tnn_composite_row tnn_composite_exp2 = {
    .op = TNN_COMPOSITE_HEAD(exp2, "Tensor self"),
    .infer = tnn_infer_unary_to_float,
    .text = "def exp2(self):\n"
            "    return torch.pow(2.0, self)\n",
};

const tnn_composite_row tnn_composite_log2 = {
    .op = TNN_COMPOSITE_HEAD(log2, "Tensor self"),
    .infer = tnn_infer_unary_to_float,
    .text = "def log2(self):\n"
            "    return torch.log(self) * 1.4426950408889634\n",
};

const tnn_composite_row tnn_composite_log10 = {
    .op = TNN_COMPOSITE_HEAD(log10, "Tensor self"),
    .infer = tnn_infer_unary_to_float,
    .text = "def log10(self):\n"
            "    return torch.log(self) * 0.4342944819032518\n",
};

const tnn_composite_row tnn_composite_addcmul = {
    .op = TNN_COMPOSITE_HEAD(addcmul, "Tensor self, Tensor tensor1, Tensor tensor2, *, Scalar value=1"),
    .infer = tnn_infer_binary,
    .text = "def addcmul(self, tensor1, tensor2, value):\n"
            "    return torch.add(self, tensor1 * tensor2, alpha=value)\n",
};

const tnn_composite_row tnn_composite_addcdiv = {
    .op = TNN_COMPOSITE_HEAD(addcdiv, "Tensor self, Tensor tensor1, Tensor tensor2, *, Scalar value=1"),
    .infer = tnn_infer_binary_to_float,
    .text = "def addcdiv(self, tensor1, tensor2, value):\n"
            "    return torch.add(self, tensor1 / tensor2, alpha=value)\n",
};

/* Random, 1 with probability p or else 0. Dropout is made of it: p stands for it, its expected value. */
const tnn_composite_row tnn_composite_bernoulli = {
    .op = TNN_COMPOSITE_HEAD(bernoulli, "Tensor self, float p"),
    .infer = tnn_infer_unary_float,
    .text = "def bernoulli(self, p):\n"
            "    return torch.full(list(self.shape), p, dtype=self.dtype)\n",
};
