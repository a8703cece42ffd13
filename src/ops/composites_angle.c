/* Functions of angles and hyperbolic functions, and their inverses, exact to a few bits of float32. */
#include "ops/composites.h"

#include "ops/class.h"

/* Of what is left of x without a multiple of pi / 2, taken off in three parts of which the first two multiply exactly;
 * where that multiple is odd, -1 over it. Near a pole the cosine of x itself would have no correct digits. */
const tnn_composite_row tnn_composite_tan = {
    .op = TNN_COMPOSITE_HEAD(tan, "Tensor self"),
    .infer = tnn_infer_unary_to_float,
    .text = "def tan(self):\n"
            "    x = self if torch.is_floating_point(self) else torch.to.dtype(self, torch.float32)\n"
            "    n = torch.floor(x * 0.6366197723675814 + 0.5)\n"
            "    r = x - n * 1.5703125 - n * 0.0004837512969970703 - n * 7.549789948768648e-08\n"
            "    y = torch.sin(r) / torch.cos(r)\n"
            "    return torch.where(n - torch.floor(n * 0.5) * 2 > 0.5, -1 / y, y)\n",
};

const tnn_composite_row tnn_composite_asin = {
    .op = TNN_COMPOSITE_HEAD(asin, "Tensor self"),
    .infer = tnn_infer_unary_to_float,
    .text = "def asin(self):\n"
            "    x = torch.to.dtype(self, torch.float32) if self.dtype == torch.bool else self\n"
            "    return torch.atan2(x, torch.sqrt((1 - x) * (1 + x)))\n",
};

const tnn_composite_row tnn_composite_acos = {
    .op = TNN_COMPOSITE_HEAD(acos, "Tensor self"),
    .infer = tnn_infer_unary_to_float,
    .text = "def acos(self):\n"
            "    x = torch.to.dtype(self, torch.float32) if self.dtype == torch.bool else self\n"
            "    return torch.atan2(torch.sqrt((1 - x) * (1 + x)), x)\n",
};

const tnn_composite_row tnn_composite_atan = {
    .op = TNN_COMPOSITE_HEAD(atan, "Tensor self"),
    .infer = tnn_infer_unary_to_float,
    .text = "def atan(self):\n"
            "    return torch.atan2(self, 1)\n",
};

/* The product is exact near 0, where the difference of exponentials loses its digits. */
const tnn_composite_row tnn_composite_sinh = {
    .op = TNN_COMPOSITE_HEAD(sinh, "Tensor self"),
    .infer = tnn_infer_unary_to_float,
    .text = "def sinh(self):\n"
            "    y = torch.exp(self)\n"
            "    return (y + 1 / y) * 0.5 * torch.tanh(self)\n",
};

const tnn_composite_row tnn_composite_cosh = {
    .op = TNN_COMPOSITE_HEAD(cosh, "Tensor self"),
    .infer = tnn_infer_unary_to_float,
    .text = "def cosh(self):\n"
            "    y = torch.exp(self)\n"
            "    return (y + 1 / y) * 0.5\n",
};

/* log(x + sqrt(x * x + 1)) of the size; exact near 0, and x * x does not overflow. */
const tnn_composite_row tnn_composite_asinh = {
    .op = TNN_COMPOSITE_HEAD(asinh, "Tensor self"),
    .infer = tnn_infer_unary_to_float,
    .text = "def asinh(self):\n"
            "    x = self if self.is_floating_point() else torch.to.dtype(self, torch.float32)\n"
            "    size = torch.abs(x)\n"
            "    inverse = 1 / size\n"
            "    rest = size / (inverse + torch.sqrt(inverse * inverse + 1))\n"
            "    return torch.log1p(size + rest) * torch.sign(x)\n",
};

/* log(x + sqrt(x * x - 1)); exact near 1, and x * x does not overflow. */
const tnn_composite_row tnn_composite_acosh = {
    .op = TNN_COMPOSITE_HEAD(acosh, "Tensor self"),
    .infer = tnn_infer_unary_to_float,
    .text = "def acosh(self):\n"
            "    x = torch.to.dtype(self, torch.float32) if self.dtype == torch.bool else self\n"
            "    y = x - 1\n"
            "    return torch.log1p(y + torch.sqrt(y) * torch.sqrt(x + 1))\n",
};

/* log((1 + x) / (1 - x)) / 2, with what rounding 1 + x and 1 - x has lost, to first order. */
const tnn_composite_row tnn_composite_atanh = {
    .op = TNN_COMPOSITE_HEAD(atanh, "Tensor self"),
    .infer = tnn_infer_unary_to_float,
    .text = "def atanh(self):\n"
            "    x = torch.to.dtype(self, torch.float32) if self.dtype == torch.bool else self\n"
            "    high = 1 + x\n"
            "    low = 1 - x\n"
            "    return (torch.log(high) - torch.log(low) + (x * 2 - (high - low))) * 0.5\n",
};

/* sin(pi * x) / (pi * x) */
const tnn_composite_row tnn_composite_sinc = {
    .op = TNN_COMPOSITE_HEAD(sinc, "Tensor self"),
    .infer = tnn_infer_unary_to_float,
    .text = "def sinc(self):\n"
            "    x = self * 3.141592653589793\n"
            "    return torch.where(x == 0, 1, torch.sin(x) / x)\n",
};

const tnn_composite_row tnn_composite_deg2rad = {
    .op = TNN_COMPOSITE_HEAD(deg2rad, "Tensor self"),
    .infer = tnn_infer_unary_to_float,
    .text = "def deg2rad(self):\n"
            "    return self * 0.017453292519943295\n",
};

const tnn_composite_row tnn_composite_rad2deg = {
    .op = TNN_COMPOSITE_HEAD(rad2deg, "Tensor self"),
    .infer = tnn_infer_unary_to_float,
    .text = "def rad2deg(self):\n"
            "    return self * 57.29577951308232\n",
};
