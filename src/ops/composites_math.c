/* Element-wise mathematics made of other operators, exact to a few bits of float32. */
#include "ops/composites.h"

#include "ops/class.h"

/* Toward zero. */
const tnn_composite_row tnn_composite_trunc = {
    .op = TNN_COMPOSITE_HEAD(trunc, "Tensor self"),
    .infer = tnn_infer_unary_number,
    .text = "def trunc(self):\n"
            "    if not self.is_floating_point():\n"
            "        return self\n"
            "    return torch.floor(torch.abs(self)) * torch.sign(self)\n",
};

const tnn_composite_row tnn_composite_frac = {
    .op = TNN_COMPOSITE_HEAD(frac, "Tensor self"),
    .infer = tnn_infer_unary_float,
    .text = "def frac(self):\n"
            "    return self - torch.trunc(self)\n",
};

/* What division toward zero leaves, with the sign of `self`. Of floats, TFLite has the remainder of positive numbers;
 * of int64 no division. */
const tnn_composite_row tnn_composite_fmod = {
    .op = TNN_COMPOSITE_HEAD(fmod, "Tensor|Scalar self, Tensor|Scalar other"),
    .infer = tnn_infer_binary,
    .text = "def fmod(self, other):\n"
            "    rest = torch.remainder(self, other)\n"
            "    if rest.is_floating_point():\n"
            "        return torch.remainder(abs(self), abs(other)) * torch.sign(self)\n"
            "    if rest.dtype == torch.int64:\n"
            "        return torch.where((rest != 0) & ((self < 0) != (other < 0)), rest - other, rest)\n"
            "    return self - torch.div(self, other, rounding_mode=\"trunc\") * other\n",
};

/* Exact near 0 too, where exp(x) - 1 loses its digits. */
const tnn_composite_row tnn_composite_expm1 = {
    .op = TNN_COMPOSITE_HEAD(expm1, "Tensor self"),
    .infer = tnn_infer_unary_to_float,
    .text = "def expm1(self):\n"
            "    return torch.tanh(self * 0.5) * (torch.exp(self) + 1)\n",
};

/* With what rounding 1 + x has lost, to first order. Above 1 nothing is missing; below -0.5 the sum is exact. */
const tnn_composite_row tnn_composite_log1p = {
    .op = TNN_COMPOSITE_HEAD(log1p, "Tensor self"),
    .infer = tnn_infer_unary_to_float,
    .text = "def log1p(self):\n"
            "    y = torch.clamp(self, None, 1)\n"
            "    return torch.log(self + 1) + (y - ((y + 1) - 1))\n",
};

/* log(exp(x) + exp(y)). The larger one is bounded, so that infinities do not cancel. */
const tnn_composite_row tnn_composite_logaddexp = {
    .op = TNN_COMPOSITE_HEAD(logaddexp, "Tensor self, Tensor other"),
    .infer = tnn_infer_binary,
    .text = "def logaddexp(self, other):\n"
            "    high = torch.clamp(torch.maximum(self, other), -3e38, 3e38)\n"
            "    return torch.log(torch.exp(self - high) + torch.exp(other - high)) + high\n",
};

const tnn_composite_row tnn_composite_logaddexp2 = {
    .op = TNN_COMPOSITE_HEAD(logaddexp2, "Tensor self, Tensor other"),
    .infer = tnn_infer_binary,
    .text = "def logaddexp2(self, other):\n"
            "    return torch.logaddexp(self * 0.6931471805599453, other * 0.6931471805599453) * 1.4426950408889634\n",
};

/* 0 where x is 0, whatever log(y) is, but for a NaN. */
const tnn_composite_row tnn_composite_xlogy = {
    .op = TNN_COMPOSITE_HEAD(xlogy, "Tensor|Scalar self, Tensor|Scalar other"),
    .infer = tnn_infer_binary_to_float,
    .text = "def xlogy(self, other):\n"
            "    return torch.where((self == 0) & (other == other), 0.0, self * torch.log(other))\n",
};

const tnn_composite_row tnn_composite_logit = {
    .op = TNN_COMPOSITE_HEAD(logit, "Tensor self, float? eps=None"),
    .infer = tnn_infer_unary_to_float,
    .text = "def logit(self, eps):\n"
            "    x = torch.to.dtype(self, torch.float32) if self.dtype == torch.bool else self\n"
            "    if eps is not None:\n"
            "        x = torch.clamp(x, eps, 1 - eps)\n"
            "    return torch.log(x / (1 - x))\n",
};

/* From gelu(x) = x / 2 * (1 + erf(x / sqrt(2))), with a number next to 0 for 0. Beyond 10 it is 1 to the last bit. */
const tnn_composite_row tnn_composite_erf = {
    .op = TNN_COMPOSITE_HEAD(erf, "Tensor self"),
    .infer = tnn_infer_unary_to_float,
    .text = "def erf(self):\n"
            "    x = torch.clamp(self * 1.4142135623730951, -10, 10)\n"
            "    x = torch.where(x == 0, 1e-20, x)\n"
            "    return torch.gelu(x) / x * 2 - 1\n",
};

const tnn_composite_row tnn_composite_erfc = {
    .op = TNN_COMPOSITE_HEAD(erfc, "Tensor self"),
    .infer = tnn_infer_unary_to_float,
    .text = "def erfc(self):\n"
            "    x = torch.clamp(self * -1.4142135623730951, -20, 10)\n"
            "    x = torch.where(x == 0, 1e-20, x)\n"
            "    return torch.gelu(x) / x * 2\n",
};

const tnn_composite_row tnn_composite_hypot = {
    .op = TNN_COMPOSITE_HEAD(hypot, "Tensor self, Tensor other"),
    .infer = tnn_infer_binary,
    .text = "def hypot(self, other):\n"
            "    return torch.sqrt(self * self + other * other)\n",
};

/* Exact at both ends. */
const tnn_composite_row tnn_composite_lerp = {
    .op = TNN_COMPOSITE_HEAD(lerp, "Tensor self, Tensor end, Tensor|Scalar weight"),
    .infer = tnn_infer_binary,
    .text = "def lerp(self, end, weight):\n"
            "    if isinstance(weight, Tensor):\n"
            "        return (1 - weight) * self + weight * end\n"
            "    if weight < 0.5:\n"
            "        return self + (end - self) * weight\n"
            "    return end - (end - self) * (1 - weight)\n",
};

const tnn_composite_row tnn_composite_hardshrink = {
    .op = TNN_COMPOSITE_HEAD(hardshrink, "Tensor self, Scalar lambd=0.5"),
    .infer = tnn_infer_unary_float,
    .text = "def hardshrink(self, lambd):\n"
            "    return torch.where(torch.abs(self) <= lambd, 0, self)\n",
};

const tnn_composite_row tnn_composite_threshold = {
    .op = TNN_COMPOSITE_HEAD(threshold, "Tensor self, Scalar threshold, Scalar value"),
    .infer = tnn_infer_unary_number,
    .text = "def threshold(self, threshold, value):\n"
            "    return torch.where(self <= threshold, value, self)\n",
};

/* Infinities become the largest numbers. */
const tnn_composite_row tnn_composite_nan_to_num = {
    .op = TNN_COMPOSITE_HEAD(nan_to_num, "Tensor self, float? nan=None, float? posinf=None, float? neginf=None"),
    .infer = tnn_infer_unary,
    .text = "def nan_to_num(self, nan, posinf, neginf):\n"
            "    if not self.is_floating_point():\n"
            "        return self\n"
            "    y = torch.where(self == self, self, 0.0 if nan is None else nan)\n"
            "    if posinf is not None:\n"
            "        y = torch.where(y == inf, posinf, y)\n"
            "    if neginf is not None:\n"
            "        y = torch.where(y == -inf, neginf, y)\n"
            "    largest = 1.7976931348623157e308 if self.dtype == torch.float64 else 3.4028234663852886e38\n"
            "    low = -largest if neginf is None else None\n"
            "    high = largest if posinf is None else None\n"
            "    return y if low is None and high is None else torch.clamp(y, low, high)\n",
};

/* A NaN loses against a number. */
const tnn_composite_row tnn_composite_fmax = {
    .op = TNN_COMPOSITE_HEAD(fmax, "Tensor self, Tensor other"),
    .infer = tnn_infer_binary,
    .text = "def fmax(self, other):\n"
            "    if not self.is_floating_point() and not other.is_floating_point():\n"
            "        return torch.maximum(self, other)\n"
            "    x = torch.where(self == self, self, other)\n"
            "    return torch.maximum(x, torch.where(other == other, other, self))\n",
};

const tnn_composite_row tnn_composite_fmin = {
    .op = TNN_COMPOSITE_HEAD(fmin, "Tensor self, Tensor other"),
    .infer = tnn_infer_binary,
    .text = "def fmin(self, other):\n"
            "    if not self.is_floating_point() and not other.is_floating_point():\n"
            "        return torch.minimum(self, other)\n"
            "    x = torch.where(self == self, self, other)\n"
            "    return torch.minimum(x, torch.where(other == other, other, self))\n",
};

/* sin(x) / x, which is 1 at 0 and 0 at infinity. */
const tnn_composite_row tnn_composite_special_spherical_bessel_j0 = {
    .op = TNN_COMPOSITE_HEAD(special_spherical_bessel_j0, "Tensor self"),
    .infer = tnn_infer_unary_to_float,
    .text = "def special_spherical_bessel_j0(self):\n"
            "    x = self if torch.is_floating_point(self) else torch.to.dtype(self, torch.float32)\n"
            "    y = torch.where(x == 0, 1.0, torch.sin(x) / x)\n"
            "    return torch.where(torch.abs(x) == inf, 0.0, y)\n",
};
