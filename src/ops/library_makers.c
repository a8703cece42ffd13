/* What the table of constructors does not say of torch.nn's modules: how their tensors are made, and forwards that are more
 * than one call. */
#include "ops/torch_library.h"

/* Texts that are not given: NULL. */
#define MAKER(module, more_parameters, make_text, forward_text) \
    {.name = module, .more = more_parameters, .make = make_text, .forward = forward_text}
#define CONV(name, operator, n)                                                                              \
    MAKER(name, NULL,                                                                                               \
     "        self.kernel_size = (kernel_size,) * " n " if isinstance(kernel_size, int) else tuple(kernel_size)\n" \
     "        sizes = [out_channels, in_channels // groups] + list(self.kernel_size)\n"                      \
     "        self.weight = kept(unset(sizes, dtype, \"weights\"), \"parameter\")\n"                         \
     "        self.bias = kept(unset([out_channels], dtype, \"weights\"), \"parameter\") if bias else None\n", \
     "        if self.padding_mode == \"zeros\":\n"                                                          \
     "            return torch." operator "(input, self.weight, self.bias, self.stride, self.padding, self.dilation,\n" \
     "                                     self.groups)\n"                                               \
     "        padding = [self.padding] * " n " if isinstance(self.padding, int) else list(self.padding)\n"   \
     "        around = []\n"                                                                                 \
     "        for k in reversed(range(" n ")):\n"                                                            \
     "            around = around + [padding[k], padding[k]]\n"                                              \
     "        input = torch.pad(input, around, self.padding_mode)\n"                                         \
     "        return torch." operator "(input, self.weight, self.bias, self.stride, 0, self.dilation, self.groups)\n")
#define TRANSPOSED(module, operator, n)                                                                      \
    {.name = module, .inputs = "input, output_size=None", .more = ", padding_mode=\"zeros\"",                  \
     .make =                                                                                                 \
     "        self.kernel_size = (kernel_size,) * " n " if isinstance(kernel_size, int) else tuple(kernel_size)\n" \
     "        sizes = [in_channels, out_channels // groups] + list(self.kernel_size)\n"                      \
     "        self.weight = kept(unset(sizes, dtype, \"weights\"), \"parameter\")\n"                         \
     "        self.bias = kept(unset([out_channels], dtype, \"weights\"), \"parameter\") if bias else None\n", \
     .forward =                                                                                              \
     "        if output_size is not None:\n"                                                                 \
     "            raise NotImplementedError(\"a transposed convolution that is called with output_size\")\n"  \
     "        return torch." operator "(input, self.weight, self.bias, self.stride, self.padding, self.output_padding,\n" \
     "                                 self.groups, self.dilation)\n"}
#define NORM(name)                                                                                           \
    MAKER(name, NULL,                                                                                               \
     "        self.weight = kept(unset([num_features], dtype, \"weights\"), \"parameter\") if affine else None\n" \
     "        self.bias = kept(unset([num_features], dtype, \"weights\"), \"parameter\") if affine else None\n"   \
     "        if track_running_stats:\n"                                                                     \
     "            self.running_mean = kept(unset([num_features], dtype, \"weights\"), \"buffer\")\n"          \
     "            self.running_var = kept(unset([num_features], dtype, \"weights\"), \"buffer\")\n"           \
     "            self.num_batches_tracked = kept(torch.tensor(0), \"buffer\")\n"                            \
     "        else:\n"                                                                                       \
     "            self.running_mean = None\n"                                                                \
     "            self.running_var = None\n",                                                                \
     FORWARD)
#define POOL(name) MAKER(name, NULL, "        self.stride = kernel_size if stride is None else stride\n", NULL)
#define MAX_POOL(name, function)                                                                             \
    MAKER(name, NULL, "        self.stride = kernel_size if stride is None else stride\n",                          \
     "        return torch.nn.functional." function "(input, self.kernel_size, self.stride, self.padding, self.dilation,\n" \
     "                                              self.ceil_mode, self.return_indices)\n")
#define ADAPTIVE(name, function)                                                                             \
    MAKER(name, NULL, NULL, "        return torch.nn.functional." function "(input, self.output_size)\n")
#define PAD(name, n) MAKER(name, NULL, "        self.padding = (padding,) * " n " if isinstance(padding, int) else tuple(padding)\n", NULL)
#define RECURRENT(module, gates, forward_text)                                                                \
    {.name = module, .base = "torch.nn._Recurrent", .inputs = "input, hx=None",                                \
     .make = "        self.make(" gates ", dtype)\n", .forward = forward_text}
#define ONE_STATE(call)                                                                                      \
    "        alone = input.dim() == 2\n"                                                                     \
    "        if alone:\n"                                                                                    \
    "            input = torch.unsqueeze(input, 0 if self.batch_first else 1)\n"                             \
    "            hx = None if hx is None else torch.unsqueeze(hx, 1)\n"                                      \
    "        hx = self.zeros(input, self.hidden_size) if hx is None else hx\n"                               \
    call                                                                                                     \
    "        if alone:\n"                                                                                    \
    "            return torch.squeeze(y, 0 if self.batch_first else 1), torch.squeeze(h, 1)\n"               \
    "        return y, h\n"
#define STEPS(operator)                                                                                      \
    "torch." operator ".input(input, hx, self.weights(), self.bias, self.num_layers, self.dropout, self.training,\n" \
    "                     self.bidirectional, self.batch_first)\n"

const tnn_library_maker tnn_library_makers[] = {
    CONV("Conv1d", "conv1d", "1"), CONV("Conv2d", "conv2d", "2"), CONV("Conv3d", "conv3d", "3"),
    TRANSPOSED("ConvTranspose1d", "conv_transpose1d", "1"), TRANSPOSED("ConvTranspose2d", "conv_transpose2d", "2"),
    TRANSPOSED("ConvTranspose3d", "conv_transpose3d", "3"),
    MAKER("Linear", NULL,
     "        self.weight = kept(unset([out_features, in_features], dtype, \"weights\"), \"parameter\")\n"
     "        self.bias = kept(unset([out_features], dtype, \"weights\"), \"parameter\") if bias else None\n", NULL),
    {.name = "Bilinear", .inputs = "input, other",
     .make = "        self.weight = kept(unset([out_features, in1_features, in2_features], dtype, \"weights\"), \"parameter\")\n"
             "        self.bias = kept(unset([out_features], dtype, \"weights\"), \"parameter\") if bias else None\n"},
    {.name = "GELU", .forward = "        return torch.gelu(input, approximate=self.approximate)\n"},
    {.name = "CosineSimilarity", .inputs = "input, other"},
    MAKER("Embedding", ", max_norm=None, norm_type=2.0, scale_grad_by_freq=False, sparse=False",
     "        self.weight = kept(unset([num_embeddings, embedding_dim], dtype, \"weights\"), \"parameter\")\n",
     "        return torch.nn.functional.embedding(input, self.weight, self.padding_idx, self.max_norm)\n"),
#define FORWARD                                                                                              \
    "        return torch.batch_norm(input, self.weight, self.bias, self.running_mean, self.running_var,\n"    \
    "                                self.training or self.running_mean is None,\n"                            \
    "                                0.0 if self.momentum is None else self.momentum, self.eps, False)\n"
    NORM("BatchNorm1d"), NORM("BatchNorm2d"), NORM("BatchNorm3d"),
#undef FORWARD
#define FORWARD                                                                                              \
    "        return torch.instance_norm(input, self.weight, self.bias, self.running_mean, self.running_var,\n" \
    "                                   self.training or not self.track_running_stats, self.momentum, self.eps, False)\n"
    NORM("InstanceNorm1d"), NORM("InstanceNorm2d"), NORM("InstanceNorm3d"),
#undef FORWARD
    MAKER("LayerNorm", NULL,
     "        self.normalized_shape = (normalized_shape,) if isinstance(normalized_shape, int) else tuple(normalized_shape)\n"
     "        sizes = list(self.normalized_shape)\n"
     "        self.weight = kept(unset(sizes, dtype, \"weights\"), \"parameter\") if elementwise_affine else None\n"
     "        bias = bias and elementwise_affine\n"
     "        self.bias = kept(unset(sizes, dtype, \"weights\"), \"parameter\") if bias else None\n", NULL),
    MAKER("RMSNorm", NULL,
     "        self.normalized_shape = (normalized_shape,) if isinstance(normalized_shape, int) else tuple(normalized_shape)\n"
     "        sizes = list(self.normalized_shape)\n"
     "        self.weight = kept(unset(sizes, dtype, \"weights\"), \"parameter\") if elementwise_affine else None\n", NULL),
    MAKER("GroupNorm", NULL,
     "        self.weight = kept(unset([num_channels], dtype, \"weights\"), \"parameter\") if affine else None\n"
     "        self.bias = kept(unset([num_channels], dtype, \"weights\"), \"parameter\") if affine else None\n", NULL),
    MAKER("PReLU", ", init=0.25", "        self.weight = kept(unset([num_parameters], dtype, \"weights\"), \"parameter\")\n",
     NULL),
    MAX_POOL("MaxPool1d", "max_pool1d"), MAX_POOL("MaxPool2d", "max_pool2d"), MAX_POOL("MaxPool3d", "max_pool3d"),
    POOL("AvgPool1d"), POOL("AvgPool2d"), POOL("AvgPool3d"),
    ADAPTIVE("AdaptiveAvgPool1d", "adaptive_avg_pool1d"), ADAPTIVE("AdaptiveAvgPool2d", "adaptive_avg_pool2d"),
    ADAPTIVE("AdaptiveAvgPool3d", "adaptive_avg_pool3d"),
    PAD("ConstantPad1d", "2"), PAD("ConstantPad2d", "4"), PAD("ConstantPad3d", "6"),
    PAD("ZeroPad1d", "2"), PAD("ZeroPad2d", "4"), PAD("ZeroPad3d", "6"),
    PAD("ReflectionPad1d", "2"), PAD("ReflectionPad2d", "4"), PAD("ReflectionPad3d", "6"),
    PAD("ReplicationPad1d", "2"), PAD("ReplicationPad2d", "4"), PAD("ReplicationPad3d", "6"),
    PAD("CircularPad1d", "2"), PAD("CircularPad2d", "4"), PAD("CircularPad3d", "6"),
    MAKER("Upsample", ", recompute_scale_factor=None", NULL,
     "        return torch.nn.functional.interpolate(input, self.size, self.scale_factor, self.mode, self.align_corners,\n"
     "                                               self.recompute_scale_factor)\n"),
    MAKER("UpsamplingNearest2d", NULL, NULL,
     "        return torch.nn.functional.interpolate(input, self.size, self.scale_factor)\n"),
    MAKER("UpsamplingBilinear2d", NULL, NULL,
     "        return torch.nn.functional.interpolate(input, self.size, self.scale_factor, \"bilinear\", True)\n"),
    RECURRENT("LSTM", "4",
              "        alone = input.dim() == 2\n"
              "        if alone:\n"
              "            input = torch.unsqueeze(input, 0 if self.batch_first else 1)\n"
              "            hx = None if hx is None else (torch.unsqueeze(hx[0], 1), torch.unsqueeze(hx[1], 1))\n"
              "        state = self.proj_size if self.proj_size > 0 else self.hidden_size\n"
              "        hx = (self.zeros(input, state), self.zeros(input, self.hidden_size)) if hx is None else hx\n"
              "        hx = list(hx)\n"
              "        y, h, c = " STEPS("lstm")
              "        if alone:\n"
              "            y = torch.squeeze(y, 0 if self.batch_first else 1)\n"
              "            return y, (torch.squeeze(h, 1), torch.squeeze(c, 1))\n"
              "        return y, (h, c)\n"),
    RECURRENT("GRU", "3", ONE_STATE("        y, h = " STEPS("gru"))),
    RECURRENT("RNN", "1",
              ONE_STATE("        if self.nonlinearity == \"relu\":\n"
                        "            y, h = " STEPS("rnn_relu")
                        "        else:\n"
                        "            y, h = " STEPS("rnn_tanh"))),
};

const size_t tnn_n_library_makers = sizeof tnn_library_makers / sizeof *tnn_library_makers;
