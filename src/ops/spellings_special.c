/* Special functions, by approximations that are exact to a few bits of float32.
 *
 * Sources: M. Giles, Approximating the erfinv function, GPU Computing Gems (2012); Press et al., Numerical Recipes:
 * erfc by a Chebyshev fit, the logarithm of gamma by Lanczos' sum; Abramowitz and Stegun 6.3.18 (digamma) and 9.8.1 to
 * 9.8.4 (Bessel functions). Where a function has two branches, both are computed. */
#include "ops/list.h"

/* For w = -log(1 - x * x). Giles' second branch begins at 5, |x| = 0.9966. */
static const char text_erfinv_of[] =
    "def erfinv(x, w):\n"
    "    near = torch._polynomial(w - 2.5, [2.81022636e-08, 3.43273939e-07, -3.5233877e-06, -4.39150654e-06,\n"
    "                                       0.00021858087, -0.00125372503, -0.00417768164, 0.246640727, 1.50140941])\n"
    "    far = torch._polynomial(torch.sqrt(torch.clamp(w, 0, 1e4)) - 3,\n"
    "                            [-0.000200214257, 0.000100950558, 0.00134934322, -0.00367342844, 0.00573950773,\n"
    "                             -0.0076224613, 0.00943887047, 1.00167406, 2.83297682])\n"
    "    return torch.where(w < 5, near, torch.where(w < 1e4, far, w)) * x\n";

/* log(erfc(z)) + z * z for z >= 0, as a sum of two: the logarithm of t, and the fit. Gives t and the fit. */
static const char text_erfc_fit[] =
    "def fit(z):\n"
    "    t = 1 / (z * 0.5 + 1)\n"
    "    fit = torch._polynomial(t, [0.17087277, -0.82215223, 1.48851587, -1.13520398, 0.27886807, -0.18628806,\n"
    "                                0.09678418, 0.37409196, 1.00002368, -1.26551223])\n"
    "    return t, fit\n";

static const char text_log_ndtr[] =
    "def log_ndtr(self):\n"
    "    z = torch.abs(self) * 0.7071067811865476\n"
    "    t, fit = torch._erfc_fit(z)\n"
    "    power = fit - z * z\n"
    "    below = torch.log(t) + power - 0.6931471805599453\n"
    "    above = torch.log1p(t * torch.exp(power) * -0.5)\n"
    "    return torch.where(self < 0, below, above)\n";

static const char text_erfcx[] =
    "def erfcx(self):\n"
    "    t, fit = torch._erfc_fit(torch.abs(self))\n"
    "    y = t * torch.exp(fit)\n"
    "    return torch.where(self < 0, torch.exp(self * self) * 2 - y, y)\n";

/* Left of a half by gamma(x) * gamma(1 - x) = pi / sin(pi * x). Whole numbers from 0 down are poles. */
static const char text_lgamma[] =
    "def lgamma(self):\n"
    "    x = self if self.is_floating_point() else torch.to.dtype(self, torch.float32)\n"
    "    left = x < 0.5\n"
    "    y = torch.where(left, -x, x - 1)\n"
    "    series = None\n"
    "    factors = [76.18009172947146, -86.50532032941677, 24.01409824083091, -1.231739572450155,\n"
    "               0.001208650973866179, -0.000005395239384953]\n"
    "    for k in range(6):\n"
    "        term = factors[k] / (y + (k + 1))\n"
    "        series = term + 1.000000000190015 if series is None else series + term\n"
    "    top = y + 5.5\n"
    "    right = (y + 0.5) * torch.log(top) - top + torch.log(series * 2.5066282746310005)\n"
    "    sine = torch.sin((x - torch.floor(x)) * 3.141592653589793)\n"
    "    return torch.where(left, 1.1447298858494002 - torch.log(torch.abs(sine)) - right, right)\n";

/* Six steps up to where the asymptotic series holds; left of a half by reflection. */
static const char text_digamma[] =
    "def digamma(self):\n"
    "    x = self if self.is_floating_point() else torch.to.dtype(self, torch.float32)\n"
    "    left = x < 0.5\n"
    "    y = torch.where(left, 1 - x, x)\n"
    "    steps = 1 / y\n"
    "    for k in range(1, 6):\n"
    "        steps = steps + 1 / (y + k)\n"
    "    high = 1 / (y + 6)\n"
    "    square = high * high\n"
    "    rest = torch._polynomial(square, [-1 / 252, 1 / 120, -1 / 12, 0.0])\n"
    "    right = rest - torch.log(high) - high * 0.5 - steps\n"
    "    angle = (x - torch.floor(x)) * 3.141592653589793\n"
    "    mirror = right - torch.cos(angle) / torch.sin(angle) * 3.141592653589793\n"
    "    y = torch.where(left, mirror, right)\n"
    "    return torch.where((angle == 0) & (x < 0), nan, y)\n";

/* Near 0 a polynomial of (x / 3.75)^2, beyond 3.75 / |x| one of its inverse, times exp(|x|) / sqrt(|x|). `scaled`: all
 * times exp(-|x|). */
static const char text_bessel_i[] =
    "def bessel(self, order, scaled):\n"
    "    x = self if self.is_floating_point() else torch.to.dtype(self, torch.float32)\n"
    "    size = torch.abs(x)\n"
    "    y = torch.clamp(x * (1 / 3.75), -1, 1)\n"
    "    z = 3.75 / torch.clamp(size, 3.75, None)\n"
    "    if order == 0:\n"
    "        near = torch._polynomial(y * y, [0.0045813, 0.0360768, 0.2659732, 1.2067492, 3.0899424, 3.5156229, 1.0])\n"
    "        far = torch._polynomial(z, [0.00392377, -0.01647633, 0.02635537, -0.02057706, 0.00916281, -0.00157565,\n"
    "                                    0.00225319, 0.01328592, 0.39894228])\n"
    "    else:\n"
    "        near = torch._polynomial(y * y, [0.00032411, 0.00301532, 0.02658733, 0.15084934, 0.51498869,\n"
    "                                         0.87890594, 0.5])\n"
    "        near = near * x\n"
    "        far = torch._polynomial(z, [-0.00420059, 0.01787654, -0.02895312, 0.02282967, -0.01031555, 0.00163801,\n"
    "                                    -0.00362018, -0.03988024, 0.39894228])\n"
    "        far = far * torch.sign(x)\n"
    "    far = far / torch.sqrt(size)\n"
    "    if scaled:\n"
    "        near = near * torch.exp(-size)\n"
    "    else:\n"
    "        far = far * torch.exp(size)\n"
    "    return torch.where(size < 3.75, near, far)\n";

static const char text_erfinv[] =
    "def erfinv(self):\n"
    "    x = self if self.is_floating_point() else torch.to.dtype(self, torch.float32)\n"
    "    return torch._erfinv_of(x, -torch.log((1 - x) * (1 + x)))\n";

static const char text_i0[] =
    "def i0(self):\n"
    "    return torch._bessel_i(self, 0, False)\n";

static const char text_i1[] =
    "def i1(self):\n"
    "    return torch._bessel_i(self, 1, False)\n";

static const tnn_spelling_row rows[] = {
    /* By Horner's rule, from the coefficient of the highest power on. */
    {"_polynomial", "_polynomial(Tensor x, float[] factors) -> Tensor",
     "def polynomial(x, factors):\n"
     "    y = x * factors[0] + factors[1]\n"
     "    for factor in factors[2:]:\n"
     "        y = y * x if factor == 0 else y * x + factor\n"
     "    return y\n"},
    {"_erfinv_of", "_erfinv_of(Tensor x, Tensor w) -> Tensor", text_erfinv_of},
    {"erfinv", "erfinv(Tensor self) -> Tensor", text_erfinv},
    {"special_erfinv", "special_erfinv(Tensor self) -> Tensor", text_erfinv},
    /* sqrt(2) * erfinv(2 * p - 1), whose 1 - x * x is 4 * p * (1 - p). */
    {"special_ndtri", "special_ndtri(Tensor self) -> Tensor",
     "def ndtri(self):\n"
     "    p = self if self.is_floating_point() else torch.to.dtype(self, torch.float32)\n"
     "    return torch._erfinv_of(p * 2 - 1, -torch.log(p * (1 - p) * 4)) * 1.4142135623730951\n"},
    {"special_ndtr", "special_ndtr(Tensor self) -> Tensor",
     "def ndtr(self):\n"
     "    return torch.erfc(self * -0.7071067811865476) * 0.5\n"},
    {"_erfc_fit", "_erfc_fit(Tensor z) -> (Tensor, Tensor)", text_erfc_fit},
    {"special_log_ndtr", "special_log_ndtr(Tensor self) -> Tensor", text_log_ndtr},
    {"special_erfcx", "special_erfcx(Tensor self) -> Tensor", text_erfcx},
    {"lgamma", "lgamma(Tensor self) -> Tensor", text_lgamma},
    {"special_gammaln", "special_gammaln(Tensor self) -> Tensor", text_lgamma},
    {"digamma", "digamma(Tensor self) -> Tensor", text_digamma},
    {"special_digamma", "special_digamma(Tensor self) -> Tensor", text_digamma},
    {"special_psi", "special_psi(Tensor self) -> Tensor", text_digamma},
    {"_bessel_i", "_bessel_i(Tensor self, int order, bool scaled) -> Tensor", text_bessel_i},
    {"i0", "i0(Tensor self) -> Tensor", text_i0},
    {"special_i0", "special_i0(Tensor self) -> Tensor", text_i0},
    {"special_modified_bessel_i0", "special_modified_bessel_i0(Tensor self) -> Tensor", text_i0},
    {"special_i0e", "special_i0e(Tensor self) -> Tensor", "def i0e(self):\n    return torch._bessel_i(self, 0, True)\n"},
    {"special_i1", "special_i1(Tensor self) -> Tensor", text_i1},
    {"special_modified_bessel_i1", "special_modified_bessel_i1(Tensor self) -> Tensor", text_i1},
    {"special_i1e", "special_i1e(Tensor self) -> Tensor", "def i1e(self):\n    return torch._bessel_i(self, 1, True)\n"},
    {"special_round", "special_round(Tensor self, *, int decimals=0) -> Tensor",
     "def special_round(self, decimals):\n"
     "    return torch.round(self, decimals=decimals)\n"},
    {"special_log_softmax", "special_log_softmax(Tensor self, int dim, *, ScalarType? dtype=None) -> Tensor",
     "def special_log_softmax(self, dim, dtype):\n"
     "    return torch.log_softmax(self, dim, dtype)\n"},
    /* Of a real number: pi left of 0. */
    {"angle", "angle(Tensor self) -> Tensor",
     "def angle(self):\n"
     "    if not self.is_floating_point():\n"
     "        return torch.where(self < 0, 3.141592653589793, 0.0)\n"
     "    return torch.where(self < 0, 3.141592653589793, torch.where(self == self, 0.0, self))\n"},
};

const tnn_spelling_table tnn_spellings_special = {rows, sizeof rows / sizeof *rows};
