/* torch.nn.functional. */
#include "ops/torch_library.h"

/* The function of torch has the same arguments. */
#define SAME(name) {"torch.nn.functional." name, NULL}
/* name(input, inplace=False) */
#define IN_PLACE(name)                                                         \
    {"torch.nn.functional." name, "def " name "(input, inplace=False):\n"      \
     "    return torch." name "_(input) if inplace else torch." name "(input)\n"}
/* The same with a number. */
#define IN_PLACE_1(name, number, value)                                                                  \
    {"torch.nn.functional." name, "def " name "(input, " number "=" value ", inplace=False):\n"          \
     "    return torch." name "_(input, " number ") if inplace else torch." name "(input, " number ")\n"}
/* name(input, p=0.5, training=…, inplace=False) */
#define DROPOUT(name, operator, training)                                                                          \
    {"torch.nn.functional." name, "def " name "(input, p=0.5, training=" training ", inplace=False):\n"          \
     "    return torch." operator "_(input, p, training) if inplace else torch." operator "(input, p, training)\n"}
#define MAX_POOL(name)                                                                                   \
    {"torch.nn.functional." name,                                                                        \
     "def " name "(input, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False, return_indices=False):\n" \
     "    if stride is None:\n"                                                                          \
     "        stride = kernel_size\n"                                                                    \
     "    if return_indices:\n"                                                                          \
     "        return torch." name "_with_indices(input, kernel_size, stride, padding, dilation, ceil_mode)\n" \
     "    return torch." name "(input, kernel_size, stride, padding, dilation, ceil_mode)\n"}
#define ADAPTIVE(name)                                                                                   \
    {"torch.nn.functional." name, "def " name "(input, output_size):\n"                                  \
     "    if isinstance(output_size, (list, tuple)):\n"                                                  \
     "        shape = input.shape[len(input.shape) - len(output_size):]\n"                               \
     "        output_size = [n if m is None else m for n, m in zip(shape, output_size)]\n"               \
     "    return torch." name "(input, output_size)\n"}
#define ADAPTIVE_MAX(name)                                                                               \
    {"torch.nn.functional." name, "def " name "(input, output_size, return_indices=False):\n"            \
     "    if isinstance(output_size, (list, tuple)):\n"                                                  \
     "        shape = input.shape[len(input.shape) - len(output_size):]\n"                               \
     "        output_size = [n if m is None else m for n, m in zip(shape, output_size)]\n"               \
     "    values, indices = torch." name "(input, output_size)\n"                                        \
     "    return (values, indices) if return_indices else values\n"}
#define AVG_POOL(name)                                                                                   \
    {"torch.nn.functional." name,                                                                        \
     "def " name "(input, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True,\n"     \
     "             divisor_override=None):\n"                                                            \
     "    stride = kernel_size if stride is None else stride\n"                                          \
     "    return torch." name "(input, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override)\n"}
#define SOFTMAX(name)                                                                                    \
    {"torch.nn.functional." name, "def " name "(input, dim=None, _stacklevel=3, dtype=None):\n"          \
     "    if dim is None:\n"                                                                             \
     "        dim = 0 if input.dim() in (0, 1, 3) else 1\n"                                              \
     "    return torch." name "(input, dim, dtype)\n"}

static const tnn_library_row rows[] = {
    SAME("conv1d"), SAME("conv2d"), SAME("conv3d"),
    SAME("conv_transpose1d"), SAME("conv_transpose2d"), SAME("conv_transpose3d"),
    SAME("linear"), SAME("bilinear"), SAME("pixel_shuffle"), SAME("pixel_unshuffle"), SAME("channel_shuffle"),
    SAME("prelu"), SAME("softplus"), SAME("softshrink"), SAME("hardshrink"), SAME("gelu"), SAME("sigmoid"), SAME("tanh"),
    SAME("layer_norm"), SAME("group_norm"), SAME("rms_norm"), SAME("cosine_similarity"), SAME("pairwise_distance"),
    SAME("one_hot"), SAME("scaled_dot_product_attention"), SAME("relu_"), SAME("elu_"), SAME("celu_"), SAME("selu_"),
    SAME("leaky_relu_"), SAME("hardtanh_"), SAME("threshold_"),
    IN_PLACE("relu"), IN_PLACE("selu"), IN_PLACE("silu"), IN_PLACE("mish"), IN_PLACE("hardswish"),
    IN_PLACE("hardsigmoid"), IN_PLACE("relu6"),
    IN_PLACE_1("elu", "alpha", "1.0"), IN_PLACE_1("celu", "alpha", "1.0"),
    IN_PLACE_1("leaky_relu", "negative_slope", "0.01"),
    DROPOUT("dropout", "dropout", "True"), DROPOUT("dropout1d", "feature_dropout", "True"),
    DROPOUT("dropout2d", "feature_dropout", "True"), DROPOUT("dropout3d", "feature_dropout", "True"),
    DROPOUT("feature_alpha_dropout", "feature_alpha_dropout", "False"),
    DROPOUT("alpha_dropout", "alpha_dropout", "False"),
    MAX_POOL("max_pool1d"), MAX_POOL("max_pool2d"), MAX_POOL("max_pool3d"),
    AVG_POOL("avg_pool2d"), AVG_POOL("avg_pool3d"),
    ADAPTIVE("adaptive_avg_pool1d"), ADAPTIVE("adaptive_avg_pool2d"), ADAPTIVE("adaptive_avg_pool3d"),
    ADAPTIVE_MAX("adaptive_max_pool1d"), ADAPTIVE_MAX("adaptive_max_pool2d"), ADAPTIVE_MAX("adaptive_max_pool3d"),
    SOFTMAX("softmax"), SOFTMAX("log_softmax"),
    {"torch.nn.functional.softmin",
     "def softmin(input, dim=None, _stacklevel=3, dtype=None):\n"
     "    return torch.nn.functional.softmax(-input, dim, dtype=dtype)\n"},
    {"torch.nn.functional.avg_pool1d",
     "def avg_pool1d(input, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True):\n"
     "    stride = kernel_size if stride is None else stride\n"
     "    return torch.avg_pool1d(input, kernel_size, stride, padding, ceil_mode, count_include_pad)\n"},
    {"torch.nn.functional.lp_pool1d",
     "def lp_pool1d(input, norm_type, kernel_size, stride=None, ceil_mode=False):\n"
     "    stride = kernel_size if stride is None else stride\n"
     "    out = torch.avg_pool1d(torch.pow(input, norm_type), kernel_size, stride, 0, ceil_mode)\n"
     "    size = kernel_size if isinstance(kernel_size, int) else kernel_size[0]\n"
     "    return torch.pow(torch.relu(out) * size, 1.0 / norm_type)\n"},
    {"torch.nn.functional.lp_pool2d",
     "def lp_pool2d(input, norm_type, kernel_size, stride=None, ceil_mode=False):\n"
     "    stride = kernel_size if stride is None else stride\n"
     "    out = torch.avg_pool2d(torch.pow(input, norm_type), kernel_size, stride, 0, ceil_mode)\n"
     "    size = kernel_size * kernel_size if isinstance(kernel_size, int) else kernel_size[0] * kernel_size[1]\n"
     "    return torch.pow(torch.relu(out) * size, 1.0 / norm_type)\n"},
    {"torch.nn.functional.hardtanh",
     "def hardtanh(input, min_val=-1.0, max_val=1.0, inplace=False):\n"
     "    return torch.hardtanh_(input, min_val, max_val) if inplace else torch.hardtanh(input, min_val, max_val)\n"},
    {"torch.nn.functional.threshold",
     "def threshold(input, threshold, value, inplace=False):\n"
     "    return torch.threshold_(input, threshold, value) if inplace else torch.threshold(input, threshold, value)\n"},
    {"torch.nn.functional.rrelu",
     "def rrelu(input, lower=0.125, upper=0.3333333333333333, training=False, inplace=False):\n"
     "    return torch.rrelu_(input, lower, upper, training) if inplace else torch.rrelu(input, lower, upper, training)\n"},
    {"torch.nn.functional.logsigmoid",
     "def logsigmoid(input):\n"
     "    return torch.log_sigmoid(input)\n"},
    {"torch.nn.functional.softsign",
     "def softsign(input):\n"
     "    return input / (torch.abs(input) + 1)\n"},
    {"torch.nn.functional.tanhshrink",
     "def tanhshrink(input):\n"
     "    return input - torch.tanh(input)\n"},
    {"torch.nn.functional.glu",
     "def glu(input, dim=-1):\n"
     "    return torch.glu(input, dim)\n"},
    {"torch.nn.functional.batch_norm",
     "def batch_norm(input, running_mean, running_var, weight=None, bias=None, training=False, momentum=0.1, eps=1e-05):\n"
     "    return torch.batch_norm(input, weight, bias, running_mean, running_var, training, momentum, eps, False)\n"},
    {"torch.nn.functional.instance_norm",
     "def instance_norm(input, running_mean=None, running_var=None, weight=None, bias=None, use_input_stats=True,\n"
     "                  momentum=0.1, eps=1e-05):\n"
     "    return torch.instance_norm(input, weight, bias, running_mean, running_var, use_input_stats, momentum, eps, False)\n"},
    {"torch.nn.functional.local_response_norm",
     "def local_response_norm(input, size, alpha=0.0001, beta=0.75, k=1.0):\n"
     "    squares = torch.unsqueeze(input * input, 1)\n"
     "    shape = input.shape\n"
     "    if input.dim() == 3:\n"
     "        squares = torch.pad(squares, [0, 0, size // 2, (size - 1) // 2])\n"
     "        mean = torch.squeeze(torch.avg_pool2d(squares, [size, 1], [1, 1]), 1)\n"
     "    else:\n"
     "        squares = torch.reshape(squares, [shape[0], 1, shape[1], shape[2], -1])\n"
     "        squares = torch.pad(squares, [0, 0, 0, 0, size // 2, (size - 1) // 2])\n"
     "        mean = torch.reshape(torch.squeeze(torch.avg_pool3d(squares, [size, 1, 1], [1, 1, 1]), 1), shape)\n"
     "    return input / torch.pow(mean * alpha + k, beta)\n"},
    {"torch.nn.functional.normalize",
     "def normalize(input, p=2.0, dim=1, eps=1e-12, out=None):\n"
     "    norm = torch.clamp_min(torch.linalg_vector_norm(input, p, dim, True), eps)\n"
     "    return input / norm.expand_as(input)\n"},
    {"torch.nn.functional.pad",
     "def pad(input, pad, mode=\"constant\", value=None):\n"
     "    return torch.pad(input, pad, mode, value)\n"},
    {"torch.nn.functional.embedding",
     "def embedding(input, weight, padding_idx=None, max_norm=None, norm_type=2.0, scale_grad_by_freq=False, sparse=False):\n"
     "    if max_norm is not None:\n"
     "        raise NotImplementedError(\"an embedding with max_norm, which changes its weights\")\n"
     "    return torch.embedding(weight, input, -1 if padding_idx is None else padding_idx, scale_grad_by_freq, sparse)\n"},
    {"torch.nn.functional.unfold",
     "def unfold(input, kernel_size, dilation=1, padding=0, stride=1):\n"
     "    return torch.im2col(input, kernel_size, dilation, padding, stride)\n"},
    {"torch.nn.functional.fold",
     "def fold(input, output_size, kernel_size, dilation=1, padding=0, stride=1):\n"
     "    return torch.col2im(input, output_size, kernel_size, dilation, padding, stride)\n"},
    {"torch.nn.functional.grid_sample",
     "def grid_sample(input, grid, mode=\"bilinear\", padding_mode=\"zeros\", align_corners=None):\n"
     "    modes = {\"bilinear\": 0, \"nearest\": 1, \"bicubic\": 2}\n"
     "    paddings = {\"zeros\": 0, \"border\": 1, \"reflection\": 2}\n"
     "    return torch.grid_sampler(input, grid, modes[mode], paddings[padding_mode], bool(align_corners))\n"},
    {"torch.nn.functional.affine_grid",
     "def affine_grid(theta, size, align_corners=None):\n"
     "    return torch.affine_grid_generator(theta, list(size), bool(align_corners))\n"},
    {"torch.nn.functional.upsample",
     "def upsample(input, size=None, scale_factor=None, mode=\"nearest\", align_corners=None):\n"
     "    return torch.nn.functional.interpolate(input, size, scale_factor, mode, align_corners)\n"},
    {"torch.nn.functional.interpolate",
     "def interpolate(input, size=None, scale_factor=None, mode=\"nearest\", align_corners=None, recompute_scale_factor=None,\n"
     "                antialias=False):\n"
     "    n = input.dim() - 2\n"
     "    if size is not None and isinstance(size, int):\n"
     "        size = [size] * n\n"
     "    if scale_factor is not None:\n"
     "        factors = [float(f) for f in scale_factor] if isinstance(scale_factor, (list, tuple)) else [float(scale_factor)] * n\n"
     "        if recompute_scale_factor:\n"
     "            size = [int(math.floor(float(m) * f)) for m, f in zip(input.shape[2:], factors)]\n"
     "            factors = None\n"
     "    else:\n"
     "        factors = None\n"
     "    corners = bool(align_corners)\n"
     "    names = {\"linear\": 1, \"bilinear\": 2, \"bicubic\": 2, \"trilinear\": 3}\n"
     "    if mode in names and names[mode] != n:\n"
     "        raise ValueError(\"interpolate: the mode does not fit the number of dimensions\")\n"
     "    if antialias and mode == \"bilinear\":\n"
     "        return torch._upsample_bilinear2d_aa.vec(input, size, corners, factors)\n"
     "    if antialias and mode == \"bicubic\":\n"
     "        return torch._upsample_bicubic2d_aa.vec(input, size, corners, factors)\n"
     "    if mode == \"nearest\":\n"
     "        if n == 1:\n"
     "            return torch.upsample_nearest1d.vec(input, size, factors)\n"
     "        if n == 2:\n"
     "            return torch.upsample_nearest2d.vec(input, size, factors)\n"
     "        return torch.upsample_nearest3d.vec(input, size, factors)\n"
     "    if mode == \"nearest-exact\":\n"
     "        if n == 1:\n"
     "            return torch._upsample_nearest_exact1d.vec(input, size, factors)\n"
     "        if n == 2:\n"
     "            return torch._upsample_nearest_exact2d.vec(input, size, factors)\n"
     "        return torch._upsample_nearest_exact3d.vec(input, size, factors)\n"
     "    if mode == \"linear\":\n"
     "        return torch.upsample_linear1d.vec(input, size, corners, factors)\n"
     "    if mode == \"bilinear\":\n"
     "        return torch.upsample_bilinear2d.vec(input, size, corners, factors)\n"
     "    if mode == \"bicubic\":\n"
     "        return torch.upsample_bicubic2d.vec(input, size, corners, factors)\n"
     "    if mode == \"trilinear\":\n"
     "        return torch.upsample_trilinear3d.vec(input, size, corners, factors)\n"
     "    if mode == \"area\":\n"
     "        sizes = size if size is not None else [int(math.floor(float(m) * f)) for m, f in zip(input.shape[2:], factors)]\n"
     "        if n == 1:\n"
     "            return torch.adaptive_avg_pool1d(input, sizes)\n"
     "        if n == 2:\n"
     "            return torch.adaptive_avg_pool2d(input, sizes)\n"
     "        return torch.adaptive_avg_pool3d(input, sizes)\n"
     "    raise ValueError(\"interpolate: unknown mode\")\n"},
};

const tnn_library_part tnn_library_functions = {rows, sizeof rows / sizeof *rows};
