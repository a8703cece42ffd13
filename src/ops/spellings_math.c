/* Logic, comparisons and element-wise mathematics that are other operators under another name. */
#include "ops/list.h"

static const tnn_spelling_row rows[] = {
    /* Logic and bits. */
    {"logical_xor", "logical_xor(Tensor self, Tensor other) -> Tensor",
     "def logical_xor(self, other):\n"
     "    return torch.to.dtype(self, torch.bool) != torch.to.dtype(other, torch.bool)\n"},
    {"bitwise_not", "bitwise_not(Tensor self) -> Tensor",
     "def bitwise_not(self):\n"
     "    return torch.logical_not(self) if self.dtype == torch.bool else -1 - self\n"},
    {"__and__", "__and__(Tensor self, Tensor|Scalar other) -> Tensor",
     "def __and__(self, other):\n"
     "    return torch.bitwise_and(self, other)\n"},
    {"__or__", "__or__(Tensor self, Tensor|Scalar other) -> Tensor",
     "def __or__(self, other):\n"
     "    return torch.bitwise_or(self, other)\n"},
    {"__xor__", "__xor__(Tensor self, Tensor|Scalar other) -> Tensor",
     "def __xor__(self, other):\n"
     "    return torch.bitwise_xor(self, other)\n"},
    {"__lshift__", "__lshift__(Tensor self, Tensor|Scalar other) -> Tensor",
     "def __lshift__(self, other):\n"
     "    return torch.bitwise_left_shift(self, other)\n"},
    {"__rshift__", "__rshift__(Tensor self, Tensor|Scalar other) -> Tensor",
     "def __rshift__(self, other):\n"
     "    return torch.bitwise_right_shift(self, other)\n"},
    {"__iand__", "__iand__(Tensor self, Tensor|Scalar other) -> Tensor",
     "def __iand__(self, other):\n"
     "    return torch.bitwise_and_(self, other)\n"},
    {"__ior__", "__ior__(Tensor self, Tensor|Scalar other) -> Tensor",
     "def __ior__(self, other):\n"
     "    return torch.bitwise_or_(self, other)\n"},
    {"__ixor__", "__ixor__(Tensor self, Tensor|Scalar other) -> Tensor",
     "def __ixor__(self, other):\n"
     "    return torch.bitwise_xor_(self, other)\n"},
    {"__ilshift__", "__ilshift__(Tensor self, Tensor|Scalar other) -> Tensor",
     "def __ilshift__(self, other):\n"
     "    return torch.bitwise_left_shift_(self, other)\n"},
    {"__irshift__", "__irshift__(Tensor self, Tensor|Scalar other) -> Tensor",
     "def __irshift__(self, other):\n"
     "    return torch.bitwise_right_shift_(self, other)\n"},
    /* log(1 + x) for x from 0 to 1, with what rounding 1 + x has lost; the name is tinynn's. */
    {"_log1p_small", "_log1p_small(Tensor self) -> Tensor",
     "def log1p_small(self):\n"
     "    y = self + 1\n"
     "    return torch.log(y) + (self - (y - 1))\n"},
    {"isin.Tensor_Tensor",
     "isin(Tensor elements, Tensor test_elements, *, bool assume_unique=False, bool invert=False) -> Tensor",
     "def isin(elements, test_elements, assume_unique, invert):\n"
     "    same = torch.unsqueeze(elements, -1) == torch.reshape(test_elements, [-1])\n"
     "    found = torch.any(same, -1)\n"
     "    return torch.logical_not(found) if invert else found\n"},
    {"isin.Tensor_Scalar",
     "isin(Tensor elements, Scalar test_element, *, bool assume_unique=False, bool invert=False) -> Tensor",
     "def isin(elements, test_element, assume_unique, invert):\n"
     "    return elements != test_element if invert else elements == test_element\n"},
    {"isin.Scalar_Tensor",
     "isin(Scalar element, Tensor test_elements, *, bool assume_unique=False, bool invert=False) -> Tensor",
     "def isin(element, test_elements, assume_unique, invert):\n"
     "    found = torch.any(test_elements == element)\n"
     "    return torch.logical_not(found) if invert else found\n"},
    {"fill.Scalar", "fill(Tensor self, Scalar value) -> Tensor",
     "def fill(self, value):\n    return torch.full_like(self, value)\n"},
    {"fill.Tensor", "fill(Tensor self, Tensor value) -> Tensor",
     "def fill(self, value):\n    return torch.clone(torch.expand(torch.to(value, self.dtype), self.shape))\n"},
    /* Comparisons. */
    {"greater", "greater(Tensor self, Tensor|Scalar other) -> Tensor",
     "def greater(self, other):\n"
     "    return torch.gt(self, other)\n"},
    {"greater_equal", "greater_equal(Tensor self, Tensor|Scalar other) -> Tensor",
     "def greater_equal(self, other):\n"
     "    return torch.ge(self, other)\n"},
    {"less", "less(Tensor self, Tensor|Scalar other) -> Tensor",
     "def less(self, other):\n"
     "    return torch.lt(self, other)\n"},
    {"less_equal", "less_equal(Tensor self, Tensor|Scalar other) -> Tensor",
     "def less_equal(self, other):\n"
     "    return torch.le(self, other)\n"},
    {"not_equal", "not_equal(Tensor self, Tensor|Scalar other) -> Tensor",
     "def not_equal(self, other):\n"
     "    return torch.ne(self, other)\n"},
    /* What kind of number it is. An integer is finite. */
    {"isnan", "isnan(Tensor self) -> Tensor",
     "def isnan(self):\n"
     "    return self != self\n"},
    {"isinf", "isinf(Tensor self) -> Tensor", "def isinf(self):\n"
     "    if not self.is_floating_point():\n"
     "        return torch.zeros_like(self, dtype=torch.bool)\n"
     "    return torch.abs(self) == inf\n"},
    {"isfinite", "isfinite(Tensor self) -> Tensor",
     "def isfinite(self):\n"
     "    if not self.is_floating_point():\n"
     "        return torch.ones_like(self, dtype=torch.bool)\n"
     "    return torch.abs(self) < inf\n"},
    {"isposinf", "isposinf(Tensor self) -> Tensor",
     "def isposinf(self):\n"
     "    if not self.is_floating_point():\n"
     "        return torch.zeros_like(self, dtype=torch.bool)\n"
     "    return self == inf\n"},
    {"isneginf", "isneginf(Tensor self) -> Tensor",
     "def isneginf(self):\n"
     "    if not self.is_floating_point():\n"
     "        return torch.zeros_like(self, dtype=torch.bool)\n"
     "    return self == -inf\n"},
    {"isreal", "isreal(Tensor self) -> Tensor",
     "def isreal(self):\n"
     "    return torch.ones_like(self, dtype=torch.bool)\n"},
    /* The angle of a point left of 0 is -pi for a zero below the axis, pi for one above. */
    {"signbit", "signbit(Tensor self) -> Tensor",
     "def signbit(self):\n"
     "    return torch.atan2(self, -1) < 0 if self.is_floating_point() else self < 0\n"},
    {"isclose",
     "isclose(Tensor self, Tensor other, float rtol=1e-05, float atol=1e-08, bool equal_nan=False) -> Tensor",
     "def isclose(self, other, rtol, atol, equal_nan):\n"
     "    if self.dtype == torch.bool:\n"
     "        return self == other\n"
     "    near = torch.abs(self - other) <= atol + torch.abs(rtol * other)\n"
     "    close = (self == other) | (near & torch.isfinite(other))\n"
     "    return close | ((self != self) & (other != other)) if equal_nan else close\n"},
    /* Choice. */
    {"masked_fill.Scalar", "masked_fill(Tensor self, Tensor mask, Scalar value) -> Tensor",
     "def masked_fill(self, mask, value):\n"
     "    return torch.where(mask, torch.full.primitive([], value, dtype=self.dtype), self)\n"},
    {"masked_fill.Tensor", "masked_fill(Tensor self, Tensor mask, Tensor value) -> Tensor",
     "def masked_fill(self, mask, value):\n"
     "    return torch.where(mask, torch.to.dtype(value, self.dtype), self)\n"},
    {"copysign", "copysign(Tensor self, Tensor|Scalar other) -> Tensor",
     "def copysign(self, other):\n"
     "    size = torch.abs(self if self.is_floating_point() else torch.to.dtype(self, torch.float32))\n"
     "    if not isinstance(other, Tensor) and other == 0:\n"
     "        other = torch.full.primitive([], other, dtype=size.dtype)\n"
     "    if not isinstance(other, Tensor):\n"
     "        return -size if other < 0 else size\n"
     "    return torch.where(torch.signbit(other), -size, size)\n"},
    {"heaviside", "heaviside(Tensor self, Tensor values) -> Tensor",
     "def heaviside(self, values):\n"
     "    return torch.where(self == 0, values, torch.to.dtype(self > 0, self.dtype))\n"},
    /* Arithmetic. */
    {"sgn", "sgn(Tensor self) -> Tensor",
     "def sgn(self):\n"
     "    return torch.sign(self)\n"},
    {"fix", "fix(Tensor self) -> Tensor",
     "def fix(self):\n"
     "    return torch.trunc(self)\n"},
    {"round.decimals", "round(Tensor self, *, int decimals) -> Tensor",
     "def round(self, decimals):\n"
     "    if not self.is_floating_point():\n"
     "        return torch.clone(self)\n"
     "    scale = 10.0 ** abs(decimals)\n"
     "    if decimals < 0:\n"
     "        return torch.round(self / scale) * scale\n"
     "    return torch.round(self * scale) / scale if decimals > 0 else torch.round(self)\n"},
    {"special_expit", "special_expit(Tensor self) -> Tensor",
     "def special_expit(self):\n"
     "    return torch.sigmoid(self)\n"},
    {"special_erf", "special_erf(Tensor self) -> Tensor",
     "def special_erf(self):\n"
     "    return torch.erf(self)\n"},
    {"special_erfc", "special_erfc(Tensor self) -> Tensor",
     "def special_erfc(self):\n"
     "    return torch.erfc(self)\n"},
    {"special_expm1", "special_expm1(Tensor self) -> Tensor",
     "def special_expm1(self):\n"
     "    return torch.expm1(self)\n"},
    {"special_exp2", "special_exp2(Tensor self) -> Tensor",
     "def special_exp2(self):\n"
     "    return torch.exp2(self)\n"},
    {"special_log1p", "special_log1p(Tensor self) -> Tensor",
     "def special_log1p(self):\n"
     "    return torch.log1p(self)\n"},
    {"special_sinc", "special_sinc(Tensor self) -> Tensor",
     "def special_sinc(self):\n"
     "    return torch.sinc(self)\n"},
    {"special_logit", "special_logit(Tensor self, float? eps=None) -> Tensor",
     "def special_logit(self, eps):\n"
     "    return torch.logit(self, eps)\n"},
    {"special_xlogy", "special_xlogy(Tensor|Scalar self, Tensor|Scalar other) -> Tensor",
     "def special_xlogy(self, other):\n"
     "    return torch.xlogy(self, other)\n"},
    {"special_xlog1py", "special_xlog1py(Tensor|Scalar self, Tensor|Scalar other) -> Tensor",
     "def special_xlog1py(self, other):\n"
     "    return torch.where((self == 0) & (other == other), 0.0, self * torch.log1p(other))\n"},
    {"special_entr", "special_entr(Tensor self) -> Tensor",
     "def special_entr(self):\n"
     "    return torch.where(self < 0, -inf, -torch.xlogy(self, self))\n"},
    {"arcsin", "arcsin(Tensor self) -> Tensor",
     "def arcsin(self):\n"
     "    return torch.asin(self)\n"},
    {"arccos", "arccos(Tensor self) -> Tensor",
     "def arccos(self):\n"
     "    return torch.acos(self)\n"},
    {"arctan", "arctan(Tensor self) -> Tensor",
     "def arctan(self):\n"
     "    return torch.atan(self)\n"},
    {"arcsinh", "arcsinh(Tensor self) -> Tensor",
     "def arcsinh(self):\n"
     "    return torch.asinh(self)\n"},
    {"arccosh", "arccosh(Tensor self) -> Tensor",
     "def arccosh(self):\n"
     "    return torch.acosh(self)\n"},
    {"arctanh", "arctanh(Tensor self) -> Tensor",
     "def arctanh(self):\n"
     "    return torch.atanh(self)\n"},
    {"arctan2", "arctan2(Tensor self, Tensor other) -> Tensor",
     "def arctan2(self, other):\n"
     "    return torch.atan2(self, other)\n"},
    {"nan_to_num", /* the largest numbers of the short types */
     "nan_to_num(Tensor self, float? nan=None, float? posinf=None, float? neginf=None) -> Tensor",
     "def nan_to_num(self, nan, posinf, neginf):\n"
     "    if self.dtype == torch.float16 or self.dtype == torch.bfloat16:\n"
     "        largest = 65504.0 if self.dtype == torch.float16 else 3.3895313892515355e38\n"
     "        posinf = largest if posinf is None else posinf\n"
     "        neginf = -largest if neginf is None else neginf\n"
     "    return torch.nan_to_num.primitive(self, nan, posinf, neginf)\n"},
    {"square", "square(Tensor self) -> Tensor",
     "def square(self):\n"
     "    return torch.to.dtype(self, torch.int64) if self.dtype == torch.bool else torch.square.primitive(self)\n"},
    {"ldexp", "ldexp(Tensor self, Tensor other) -> Tensor",
     "def ldexp(self, other):\n"
     "    if self.is_floating_point() and not other.is_floating_point():\n"
     "        other = torch.to.dtype(other, self.dtype)\n"
     "    return self * torch.pow(2.0, other)\n"},
    {"float_power", "float_power(Tensor|Scalar self, Tensor|Scalar exponent) -> Tensor",
     "def float_power(self, exponent):\n"
     "    if isinstance(self, Tensor):\n"
     "        self = torch.to.dtype(self, torch.float64)\n"
     "    if isinstance(exponent, Tensor):\n"
     "        exponent = torch.to.dtype(exponent, torch.float64)\n"
     "    return torch.pow(self, exponent)\n"},
    {"rrelu_with_noise",
     "rrelu_with_noise(Tensor self, Tensor noise, Scalar lower=0.125, Scalar upper=0.3333333333333333, bool "
     "training=False, Generator? generator=None) -> Tensor",
     "def rrelu_with_noise(self, noise, lower, upper, training, generator):\n"
     "    if training:\n"
     "        raise NotImplementedError(\"rrelu in training draws random numbers\")\n"
     "    return torch.leaky_relu(self, (lower + upper) / 2)\n"},
};

const tnn_spelling_table tnn_spellings_math = {rows, sizeof rows / sizeof *rows};
