/* Other names of operators and forms that are evaluated away when they are read: what they mean, as text in the
 * subset of Python that src/eval runs. A signature is ATen's; `Tensor(a)` says that the result is a view. In the
 * texts `NAME.primitive` is the row of ops/list.h where a spelling has the same name. Families of their own have files
 * of their own, spellings_NAME.c. */
#include "ops/list.h"

/* Texts that several rows share. */

/* "same" gives the result the size of the input; an odd rest is padded at the end, as 2n entries. */
static const char text_conv_padding[] =
    "def conv(input, weight, bias, stride, padding, dilation, groups):\n"
    "    n = weight.dim() - 2\n"
    "    stride = stride * n if len(stride) == 1 else stride\n"
    "    dilation = dilation * n if len(dilation) == 1 else dilation\n"
    "    before = [0] * n\n"
    "    after = [0] * n\n"
    "    if padding == \"same\":\n"
    "        assert max(stride) == 1, \"padding 'same' with a stride\"\n"
    "        total = [dilation[k] * (weight.size(weight.dim() - n + k) - 1) for k in range(n)]\n"
    "        before = [size // 2 for size in total]\n"
    "        after = [total[k] - before[k] for k in range(n)]\n"
    "    else:\n"
    "        assert padding == \"valid\", \"padding is neither 'same' nor 'valid'\"\n"
    "    pads = before if before == after else before + after\n"
    "    return torch.convolution(input, weight, bias, stride, pads, dilation, False, [0] * n, groups)\n";

static const char text_conv_transpose[] =
    "def conv_transpose(input, weight, bias, stride, padding, output_padding, groups, dilation):\n"
    "    return torch.convolution(input, weight, bias, stride, padding, dilation, True, output_padding, groups)\n";

static const char text_conv[] =
    "def conv(input, weight, bias, stride, padding, dilation, groups):\n"
    "    return torch.convolution(input, weight, bias, stride, padding, dilation, False, [0] * len(stride),\n"
    "                             groups)\n";

static const char text_product[] =
    "def product(self, mat2):\n"
    "    return torch.matmul(self, mat2)\n";

static const char text_softmax[] =
    "def softmax(self, dim, dtype):\n"
    "    return torch.softmax(self, dim, dtype)\n";

static const char text_clamp_tensor[] =
    "def clamp_tensor(self, min, max):\n"
    "    y = self if min is None else torch.maximum(self, min)\n"
    "    return y if max is None else torch.minimum(y, max)\n";

static const char text_sub_Scalar[] =
    "def sub_Scalar(self, other, alpha):\n"
    "    return torch.sub.primitive(self, other, alpha=alpha)\n";

static const char text_cat[] =
    "def cat(tensors, dim):\n"
    "    return torch.cat(tensors, dim)\n";

static const char text_pad_reflect[] =
    "def pad_reflect(self, padding):\n"
    "    return torch.pad(self, padding, \"reflect\", None)\n";

static const char text_pad_replicate[] =
    "def pad_replicate(self, padding):\n"
    "    return torch.pad(self, padding, \"replicate\", None)\n";

static const char text_dropout[] =
    "def dropout(input, p, train):\n"
    "    return torch.dropout(input, p, train)\n";

static const char text_zeros_like[] =
    "def zeros_like(self, dtype, layout, device, pin_memory, memory_format):\n"
    "    return torch.full_like(self, 0, dtype=dtype, memory_format=memory_format)\n";

static const char text_new_zeros[] =
    "def new_zeros(self, size, dtype, layout, device, pin_memory):\n"
    "    return torch.full.primitive(size, 0, dtype=self.dtype if dtype is None else dtype)\n";

static const tnn_spelling_row rows[] = {
    /* Convolutions. ATen's convolution is the primitive itself. */
    {"conv1d",
     "conv1d(Tensor input, Tensor weight, Tensor? bias=None, SymInt[1] stride=1, SymInt[1] padding=0, "
     "SymInt[1] dilation=1, SymInt groups=1) -> Tensor",
     text_conv},
    {"conv1d.padding",
     "conv1d(Tensor input, Tensor weight, Tensor? bias=None, SymInt[1] stride=1, str padding=\"valid\", "
     "SymInt[1] dilation=1, SymInt groups=1) -> Tensor",
     text_conv_padding},
    {"conv2d",
     "conv2d(Tensor input, Tensor weight, Tensor? bias=None, SymInt[2] stride=1, SymInt[2] padding=0, "
     "SymInt[2] dilation=1, SymInt groups=1) -> Tensor",
     text_conv},
    {"conv2d.padding",
     "conv2d(Tensor input, Tensor weight, Tensor? bias=None, SymInt[2] stride=1, str padding=\"valid\", "
     "SymInt[2] dilation=1, SymInt groups=1) -> Tensor",
     text_conv_padding},
    {"conv3d",
     "conv3d(Tensor input, Tensor weight, Tensor? bias=None, SymInt[3] stride=1, SymInt[3] padding=0, "
     "SymInt[3] dilation=1, SymInt groups=1) -> Tensor",
     text_conv},
    {"conv3d.padding",
     "conv3d(Tensor input, Tensor weight, Tensor? bias=None, SymInt[3] stride=1, str padding=\"valid\", "
     "SymInt[3] dilation=1, SymInt groups=1) -> Tensor",
     text_conv_padding},
    {"_convolution_mode",
     "_convolution_mode(Tensor input, Tensor weight, Tensor? bias, SymInt[] stride, str padding, SymInt[] dilation, "
     "SymInt groups) -> Tensor",
     "def conv(input, weight, bias, stride, padding, dilation, groups):\n"
     "    return torch.conv1d.padding(input, weight, bias, stride, padding, dilation, groups)\n"},
    {"conv_transpose1d",
     "conv_transpose1d(Tensor input, Tensor weight, Tensor? bias=None, SymInt[1] stride=1, SymInt[1] "
     "padding=0, SymInt[1] output_padding=0, SymInt groups=1, SymInt[1] dilation=1) -> Tensor",
     text_conv_transpose},
    {"conv_transpose2d.input",
     "conv_transpose2d(Tensor input, Tensor weight, Tensor? bias=None, SymInt[2] stride=1, SymInt[2] "
     "padding=0, SymInt[2] output_padding=0, SymInt groups=1, SymInt[2] dilation=1) -> Tensor",
     text_conv_transpose},
    {"conv_transpose3d.input",
     "conv_transpose3d(Tensor input, Tensor weight, Tensor? bias=None, SymInt[3] stride=1, SymInt[3] "
     "padding=0, SymInt[3] output_padding=0, SymInt groups=1, SymInt[3] dilation=1) -> Tensor",
     text_conv_transpose},
    {"_convolution.deprecated",
     "_convolution(Tensor input, Tensor weight, Tensor? bias, SymInt[] stride, SymInt[] padding, SymInt[] "
     "dilation, bool transposed, SymInt[] output_padding, SymInt groups, bool benchmark, bool "
     "deterministic, bool cudnn_enabled) -> Tensor",
     "def _convolution(input, weight, bias, stride, padding, dilation, transposed, output_padding, groups,\n"
     "                 benchmark, deterministic, cudnn_enabled):\n"
     "    return torch.convolution(input, weight, bias, stride, padding, dilation, transposed,\n"
     "                             output_padding, groups)\n"},
    {"_convolution",
     "_convolution(Tensor input, Tensor weight, Tensor? bias, SymInt[] stride, SymInt[] padding, SymInt[] "
     "dilation, bool transposed, SymInt[] output_padding, SymInt groups, bool benchmark, bool "
     "deterministic, bool cudnn_enabled, bool allow_tf32) -> Tensor",
     "def _convolution(input, weight, bias, stride, padding, dilation, transposed, output_padding, groups,\n"
     "                 benchmark, deterministic, cudnn_enabled, allow_tf32):\n"
     "    return torch.convolution(input, weight, bias, stride, padding, dilation, transposed,\n"
     "                             output_padding, groups)\n"},
    /* Products of matrices. A bias and a transposed weight are a linear layer again. */
    {"mm", "mm(Tensor self, Tensor mat2) -> Tensor", text_product},
    {"bmm", "bmm(Tensor self, Tensor mat2) -> Tensor", text_product},
    {"mv", "mv(Tensor self, Tensor vec) -> Tensor", "def mv(self, vec):\n    return torch.matmul(self, vec)\n"},
    {"dot", "dot(Tensor self, Tensor tensor) -> Tensor",
     "def dot(self, tensor):\n    return torch.matmul(self, tensor)\n"},
    {"addmm", "addmm(Tensor self, Tensor mat1, Tensor mat2, *, Scalar beta=1, Scalar alpha=1) -> Tensor",
     "def addmm(self, mat1, mat2, beta, alpha):\n"
     "    if alpha == 1 and beta == 1 and self.dim() == 1 and self.size(0) == mat2.size(1):\n"
     "        return torch.linear(mat1, torch.t(mat2), self)\n"
     "    y = torch.matmul(mat1, mat2)\n"
     "    y = y if alpha == 1 else y * alpha\n"
     "    return y if beta == 0 else torch.add(y, self, alpha=beta)\n"},
    {"baddbmm", "baddbmm(Tensor self, Tensor batch1, Tensor batch2, *, Scalar beta=1, Scalar alpha=1) -> Tensor",
     "def baddbmm(self, batch1, batch2, beta, alpha):\n"
     "    y = torch.matmul(batch1, batch2)\n"
     "    y = y if alpha == 1 else y * alpha\n"
     "    return y if beta == 0 else torch.add(y, self, alpha=beta)\n"},
    {"addmv", "addmv(Tensor self, Tensor mat, Tensor vec, *, Scalar beta=1, Scalar alpha=1) -> Tensor",
     "def addmv(self, mat, vec, beta, alpha):\n"
     "    y = torch.matmul(mat, vec)\n"
     "    y = y if alpha == 1 else y * alpha\n"
     "    return y if beta == 0 else torch.add(y, self, alpha=beta)\n"},
    /* Softmax. */
    {"_softmax", "_softmax(Tensor self, int dim, bool half_to_float) -> Tensor",
     "def _softmax(self, dim, half_to_float):\n"
     "    return torch.softmax(self, dim, torch.float32 if half_to_float else None)\n"},
    {"_log_softmax", "_log_softmax(Tensor self, int dim, bool half_to_float) -> Tensor",
     "def _log_softmax(self, dim, half_to_float):\n"
     "    return torch.log_softmax(self, dim, torch.float32 if half_to_float else None)\n"},
    {"special_softmax", "special_softmax(Tensor self, int dim, ScalarType? dtype=None) -> Tensor", text_softmax},
    /* Activations. */
    {"relu6", "relu6(Tensor self) -> Tensor", "def relu6(self):\n    return torch.clamp(self, 0, 6)\n"},
    {"hardtanh", "hardtanh(Tensor self, Scalar min_val=-1, Scalar max_val=1) -> Tensor",
     "def hardtanh(self, min_val, max_val):\n"
     "    if self.is_floating_point():\n"
     "        return torch.clamp(self, min_val, max_val)\n"
     "    return torch.clamp(self, int(min_val), int(max_val))\n"},
    {"clamp_min.Tensor", "clamp_min(Tensor self, Tensor min) -> Tensor",
     "def clamp_min(self, min):\n    return torch.maximum(self, min)\n"},
    {"clamp_min", "clamp_min(Tensor self, Scalar min) -> Tensor",
     "def clamp_min(self, min):\n    return torch.clamp(self, min, None)\n"},
    {"clamp_max.Tensor", "clamp_max(Tensor self, Tensor max) -> Tensor",
     "def clamp_max(self, max):\n    return torch.minimum(self, max)\n"},
    {"clamp_max", "clamp_max(Tensor self, Scalar max) -> Tensor",
     "def clamp_max(self, max):\n    return torch.clamp(self, None, max)\n"},
    {"clamp.Tensor", "clamp(Tensor self, Tensor? min=None, Tensor? max=None) -> Tensor", text_clamp_tensor},
    {"clip.Tensor", "clip(Tensor self, Tensor? min=None, Tensor? max=None) -> Tensor", text_clamp_tensor},
    {"clip", "clip(Tensor self, Scalar? min=None, Scalar? max=None) -> Tensor",
     "def clip(self, min, max):\n    return torch.clamp.primitive(self, min, max)\n"},
    {"rrelu",
     "rrelu(Tensor self, Scalar lower=0.125, Scalar upper=0.3333333333333333, bool training=False, "
     "Generator? generator=None) -> Tensor",
     "def rrelu(self, lower, upper, training, generator):\n"
     "    if training:\n"
     "        raise NotImplementedError(\"rrelu in training draws random numbers\")\n"
     "    return torch.leaky_relu(self, (lower + upper) / 2)\n"},
    {"rrelu_with_noise_functional",
     "rrelu_with_noise_functional(Tensor self, Tensor noise, Scalar lower=0.125, Scalar upper=0.3333333333333333, "
     "bool training=False, Generator? generator=None) -> (Tensor, Tensor)",
     "def rrelu_with_noise_functional(self, noise, lower, upper, training, generator):\n"
     "    return torch.rrelu(self, lower, upper, training, generator), noise\n"},
    {"_prelu_kernel", "_prelu_kernel(Tensor self, Tensor weight) -> Tensor",
     "def _prelu_kernel(self, weight):\n"
     "    if self.dim() > 1 and weight.numel() == self.size(1) or weight.numel() == 1:\n"
     "        return torch.prelu(self, torch.reshape(weight, [-1]))\n"
     "    return torch.relu(self) + weight * torch.clamp(self, None, 0)\n"},
    {"glu", "glu(Tensor self, int dim=-1) -> Tensor",
     "def glu(self, dim):\n"
     "    half = self.size(dim) // 2\n"
     "    return torch.narrow(self, dim, 0, half) * torch.sigmoid(torch.narrow(self, dim, half, half))\n"},
    /* Arithmetic. */
    {"add.Scalar", "add(Tensor self, Scalar other, Scalar alpha=1) -> Tensor",
     "def add(self, other, alpha):\n    return torch.add.primitive(self, other, alpha=alpha)\n"},
    {"sub.Scalar", "sub(Tensor self, Scalar other, Scalar alpha=1) -> Tensor", text_sub_Scalar},
    {"rsub", "rsub(Tensor self, Tensor|Scalar other, Scalar alpha=1) -> Tensor",
     "def rsub(self, other, alpha):\n    return torch.sub.primitive(other, self, alpha=alpha)\n"},
    {"multiply", "multiply(Tensor self, Tensor|Scalar other) -> Tensor",
     "def multiply(self, other):\n    return torch.mul(self, other)\n"},
    {"subtract", "subtract(Tensor self, Tensor|Scalar other, Scalar alpha=1) -> Tensor", text_sub_Scalar},
    {"divide", "divide(Tensor self, Tensor|Scalar other, *, str? rounding_mode=None) -> Tensor",
     "def divide(self, other, rounding_mode):\n    return torch.div(self, other, rounding_mode=rounding_mode)\n"},
    {"true_divide", "true_divide(Tensor self, Tensor|Scalar other) -> Tensor",
     "def true_divide(self, other):\n    return torch.div(self, other)\n"},
    {"floor_divide", "floor_divide(Tensor|Scalar self, Tensor|Scalar other) -> Tensor",
     "def floor_divide(self, other):\n    return torch.div(self, other, rounding_mode=\"floor\")\n"},
    {"negative", "negative(Tensor self) -> Tensor", "def negative(self):\n    return torch.neg(self)\n"},
    {"absolute", "absolute(Tensor self) -> Tensor", "def absolute(self):\n    return torch.abs(self)\n"},
    {"max.other", "max(Tensor self, Tensor other) -> Tensor",
     "def max(self, other):\n    return torch.maximum(self, other)\n"},
    {"min.other", "min(Tensor self, Tensor other) -> Tensor",
     "def min(self, other):\n    return torch.minimum(self, other)\n"},
    /* Joining and padding. */
    {"concat", "concat(Tensor[] tensors, int dim=0) -> Tensor", text_cat},
    {"concatenate", "concatenate(Tensor[] tensors, int dim=0) -> Tensor", text_cat},
    {"stack", "stack(Tensor[] tensors, int dim=0) -> Tensor",
     "def stack(tensors, dim):\n"
     "    return torch.cat([torch.unsqueeze(tensor, dim) for tensor in tensors], dim)\n"},
    {"hstack", "hstack(Tensor[] tensors) -> Tensor",
     "def hstack(tensors):\n"
     "    parts = [torch.reshape(tensor, [1]) if tensor.dim() == 0 else tensor for tensor in tensors]\n"
     "    return torch.cat(parts, 0 if parts[0].dim() == 1 else 1)\n"},
    {"vstack", "vstack(Tensor[] tensors) -> Tensor",
     "def vstack(tensors):\n"
     "    parts = [torch.reshape(tensor, [1, -1]) if tensor.dim() < 2 else tensor for tensor in tensors]\n"
     "    return torch.cat(parts, 0)\n"},
    {"constant_pad_nd", "constant_pad_nd(Tensor self, SymInt[] pad, Scalar value=0) -> Tensor",
     "def constant_pad_nd(self, pad, value):\n    return torch.pad(self, pad, \"constant\", value)\n"},
    {"reflection_pad1d", "reflection_pad1d(Tensor self, SymInt[2] padding) -> Tensor", text_pad_reflect},
    {"reflection_pad2d", "reflection_pad2d(Tensor self, SymInt[4] padding) -> Tensor", text_pad_reflect},
    {"reflection_pad3d", "reflection_pad3d(Tensor self, SymInt[6] padding) -> Tensor", text_pad_reflect},
    {"replication_pad1d", "replication_pad1d(Tensor self, SymInt[2] padding) -> Tensor", text_pad_replicate},
    {"replication_pad2d", "replication_pad2d(Tensor self, SymInt[4] padding) -> Tensor", text_pad_replicate},
    {"replication_pad3d", "replication_pad3d(Tensor self, SymInt[6] padding) -> Tensor", text_pad_replicate},
    /* Dropout of whole features is none when not training. */
    {"feature_dropout", "feature_dropout(Tensor input, float p, bool train) -> Tensor", text_dropout},
    {"alpha_dropout", "alpha_dropout(Tensor input, float p, bool train) -> Tensor", text_dropout},
    {"feature_alpha_dropout", "feature_alpha_dropout(Tensor input, float p, bool train) -> Tensor", text_dropout},
    {"native_dropout", "native_dropout(Tensor input, float p, bool? train) -> (Tensor, Tensor)",
     "def native_dropout(input, p, train):\n"
     "    return torch.dropout(input, p, train is None or train), absent(\"the mask of a dropout\")\n"},
    /* Conversions and copies. */
    {"to.dtype_layout",
     "to(Tensor(a) self, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? "
     "pin_memory=None, bool non_blocking=False, bool copy=False, MemoryFormat? memory_format=None) -> "
     "Tensor(a)",
     "def to(self, dtype, layout, device, pin_memory, non_blocking, copy, memory_format):\n"
     "    return torch.to.dtype(self, dtype, non_blocking, copy, memory_format)\n"},
    {"to.other",
     "to(Tensor(a) self, Tensor other, bool non_blocking=False, bool copy=False, MemoryFormat? "
     "memory_format=None) -> Tensor(a)",
     "def to(self, other, non_blocking, copy, memory_format):\n"
     "    return torch.to.dtype(self, other.dtype, non_blocking, copy, memory_format)\n"},
    {"to.device",
     "to(Tensor(a) self, Device device, ScalarType? dtype=None, bool non_blocking=False, bool copy=False, "
     "MemoryFormat? memory_format=None) -> Tensor(a)",
     "def to(self, device, dtype, non_blocking, copy, memory_format):\n"
     "    return torch.to.dtype(self, dtype, non_blocking, copy, memory_format)\n"},
    {"_to_copy",
     "_to_copy(Tensor self, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? "
     "pin_memory=None, bool non_blocking=False, MemoryFormat? memory_format=None) -> Tensor",
     "def _to_copy(self, dtype, layout, device, pin_memory, non_blocking, memory_format):\n"
     "    return torch.to.dtype(self, dtype, non_blocking, True, memory_format)\n"},
    {"type_as", "type_as(Tensor(a) self, Tensor other) -> Tensor(a)",
     "def type_as(self, other):\n    return torch.to.dtype(self, other.dtype)\n"},
    {"float", "float(Tensor(a) self) -> Tensor(a)",
     "def float(self):\n    return torch.to.dtype(self, torch.float32)\n"},
    {"double", "double(Tensor(a) self) -> Tensor(a)",
     "def double(self):\n    return torch.to.dtype(self, torch.float64)\n"},
    {"half", "half(Tensor(a) self) -> Tensor(a)",
     "def half(self):\n    return torch.to.dtype(self, torch.float16)\n"},
    {"bfloat16", "bfloat16(Tensor(a) self) -> Tensor(a)",
     "def bfloat16(self):\n    return torch.to.dtype(self, torch.bfloat16)\n"},
    {"int", "int(Tensor(a) self) -> Tensor(a)", "def int(self):\n    return torch.to.dtype(self, torch.int32)\n"},
    {"long", "long(Tensor(a) self) -> Tensor(a)", "def long(self):\n    return torch.to.dtype(self, torch.int64)\n"},
    {"bool", "bool(Tensor(a) self) -> Tensor(a)", "def bool(self):\n    return torch.to.dtype(self, torch.bool)\n"},
    {"lift_fresh_copy", "lift_fresh_copy(Tensor self) -> Tensor",
     "def lift_fresh_copy(self):\n    return torch.clone(self)\n"},
    {"copy", "copy(Tensor self, Tensor src, bool non_blocking=False) -> Tensor",
     "def copy(self, src, non_blocking):\n    return torch.copy_(torch.clone(self), src)\n"},
    {"zero_", "zero_(Tensor(a!) self) -> Tensor(a!)", "def zero_(self):\n    return torch.fill_(self, 0)\n"},
    {"slice_scatter",
     "slice_scatter(Tensor self, Tensor src, int dim=0, SymInt? start=None, SymInt? end=None, SymInt "
     "step=1) -> Tensor",
     "def slice_scatter(self, src, dim, start, end, step):\n"
     "    out = torch.clone(self)\n"
     "    torch.copy_(torch.slice(out, dim, start, end, step), src)\n"
     "    return out\n"},
    {"select_scatter", "select_scatter(Tensor self, Tensor src, int dim, SymInt index) -> Tensor",
     "def select_scatter(self, src, dim, index):\n"
     "    out = torch.clone(self)\n"
     "    torch.copy_(torch.select(out, dim, index), src)\n"
     "    return out\n"},
    /* New tensors. PyTorch leaves the content of an empty one open; here it is zeros. */
    {"zeros",
     "zeros(SymInt[] size, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? "
     "pin_memory=None) -> Tensor",
     "def zeros(size, dtype, layout, device, pin_memory):\n"
     "    return torch.full.primitive(size, 0, dtype=torch.float32 if dtype is None else dtype)\n"},
    {"ones",
     "ones(SymInt[] size, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? "
     "pin_memory=None) -> Tensor",
     "def ones(size, dtype, layout, device, pin_memory):\n"
     "    return torch.full.primitive(size, 1, dtype=torch.float32 if dtype is None else dtype)\n"},
    {"empty.memory_format",
     "empty(SymInt[] size, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? "
     "pin_memory=None, MemoryFormat? memory_format=None) -> Tensor",
     "def empty(size, dtype, layout, device, pin_memory, memory_format):\n"
     "    return torch.full.primitive(size, 0, dtype=torch.float32 if dtype is None else dtype)\n"},
    {"full",
     "full(SymInt[] size, Scalar fill_value, *, ScalarType? dtype=None, Layout? layout=None, Device? "
     "device=None, bool? pin_memory=None) -> Tensor",
     "def full(size, fill_value, dtype, layout, device, pin_memory):\n"
     "    if dtype is None:\n"
     "        dtype = torch.float32\n"
     "        if isinstance(fill_value, bool):\n"
     "            dtype = torch.bool\n"
     "        elif isinstance(fill_value, int):\n"
     "            dtype = torch.int64\n"
     "    return torch.full.primitive(size, fill_value, dtype=dtype)\n"},
    {"scalar_tensor",
     "scalar_tensor(Scalar s, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? "
     "pin_memory=None) -> Tensor",
     "def scalar_tensor(s, dtype, layout, device, pin_memory):\n"
     "    return torch.full.primitive([], s, dtype=torch.float32 if dtype is None else dtype)\n"},
    {"zeros_like",
     "zeros_like(Tensor self, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? "
     "pin_memory=None, MemoryFormat? memory_format=None) -> Tensor",
     text_zeros_like},
    {"ones_like",
     "ones_like(Tensor self, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? "
     "pin_memory=None, MemoryFormat? memory_format=None) -> Tensor",
     "def ones_like(self, dtype, layout, device, pin_memory, memory_format):\n"
     "    return torch.full_like(self, 1, dtype=dtype, memory_format=memory_format)\n"},
    {"empty_strided",
     "empty_strided(SymInt[] size, SymInt[] stride, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, "
     "bool? pin_memory=None) -> Tensor",
     "def empty_strided(size, stride, dtype, layout, device, pin_memory):\n"
     "    n = 1\n"
     "    for steps, step in zip(size, stride):\n"
     "        n = n + (steps - 1) * step\n"
     "    return torch.as_strided(torch.empty([n], dtype=dtype), size, stride)\n"},
    {"empty_permuted",
     "empty_permuted(SymInt[] size, int[] physical_layout, *, ScalarType? dtype=None, Layout? layout=None, Device? "
     "device=None, bool? pin_memory=None) -> Tensor",
     "def empty_permuted(size, physical_layout, dtype, layout, device, pin_memory):\n"
     "    order = [0] * len(size)\n"
     "    for place, dim in enumerate(physical_layout):\n"
     "        order[dim] = place\n"
     "    return torch.permute(torch.empty([size[k] for k in physical_layout], dtype=dtype), order)\n"},
    {"empty_like",
     "empty_like(Tensor self, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? "
     "pin_memory=None, MemoryFormat? memory_format=None) -> Tensor",
     text_zeros_like},
    {"new_zeros",
     "new_zeros(Tensor self, SymInt[] size, *, ScalarType? dtype=None, Layout? layout=None, Device? "
     "device=None, bool? pin_memory=None) -> Tensor",
     text_new_zeros},
    {"new_ones",
     "new_ones(Tensor self, SymInt[] size, *, ScalarType? dtype=None, Layout? layout=None, Device? "
     "device=None, bool? pin_memory=None) -> Tensor",
     "def new_ones(self, size, dtype, layout, device, pin_memory):\n"
     "    return torch.full.primitive(size, 1, dtype=self.dtype if dtype is None else dtype)\n"},
    {"new_empty",
     "new_empty(Tensor self, SymInt[] size, *, ScalarType? dtype=None, Layout? layout=None, Device? "
     "device=None, bool? pin_memory=None) -> Tensor",
     text_new_zeros},
    {"new_full",
     "new_full(Tensor self, SymInt[] size, Scalar fill_value, *, ScalarType? dtype=None, Layout? "
     "layout=None, Device? device=None, bool? pin_memory=None) -> Tensor",
     "def new_full(self, size, fill_value, dtype, layout, device, pin_memory):\n"
     "    return torch.full.primitive(size, fill_value, dtype=self.dtype if dtype is None else dtype)\n"},
};

const tnn_spelling_table tnn_spellings_basic = {rows, sizeof rows / sizeof *rows};
