#include "ops/modules.h"

#include <string.h>

#define CONV                                                                                       \
    "in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1, bias=True, " \
    "padding_mode='zeros'"
#define CONV_SIZES "in_channels=weight[1]*groups out_channels=weight[0] kernel_size=weight[2:] bias=bias?"
#define CONV_CALLS(name)                                                                           \
    {name "(input, weight, bias, stride, padding, dilation, groups)",                              \
     name ".padding(input, weight, bias, stride, padding, dilation, groups)",                      \
     "convolution(input, weight, bias, stride, padding, dilation, False, 0, groups)"}

#define TRANSPOSED                                                                                 \
    "in_channels, out_channels, kernel_size, stride=1, padding=0, output_padding=0, groups=1, bias=True, dilation=1"
#define TRANSPOSED_SIZES "in_channels=weight[0] out_channels=weight[1]*groups kernel_size=weight[2:] bias=bias?"
#define TRANSPOSED_CALLS(name)                                                                     \
    {name "(input, weight, bias, stride, padding, output_padding, groups, dilation)",              \
     "convolution(input, weight, bias, stride, padding, dilation, True, output_padding, groups)"}

#define BATCH_NORM "num_features, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True"
#define BATCH_NORM_TENSORS "weight bias running_mean! running_var! num_batches_tracked!"
#define BATCH_NORM_SIZES \
    "num_features=weight[0] num_features=running_mean[0] num_features=input[1] affine=weight? "  \
    "track_running_stats=running_mean?"
#define BATCH_NORM_CALLS                                                                           \
    {"batch_norm(input, weight, bias, running_mean, running_var, training, momentum, eps)",        \
     "_native_batch_norm_legit_no_training(input, weight, bias, running_mean, running_var, momentum, eps)"}

#define INSTANCE_NORM "num_features, eps=1e-05, momentum=0.1, affine=False, track_running_stats=False"
#define INSTANCE_NORM_CALLS                                                                        \
    {"instance_norm(input, weight, bias, running_mean, running_var, True, momentum, eps)",         \
     "instance_norm(input, weight, bias, running_mean, running_var, training, momentum, eps)"}

#define MAX_POOL "kernel_size, stride=None, padding=0, dilation=1, return_indices=False, ceil_mode=False"
#define MAX_POOL_CALLS(name)                                                                       \
    {name "(input, kernel_size, stride, padding, dilation, ceil_mode)",                            \
     "max_pool(input, kernel_size, stride, padding, dilation, ceil_mode)"}

#define AVG_POOL "kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True"
#define AVG_POOL_DIVISOR AVG_POOL ", divisor_override=None"

#define RECURRENT                                                                                  \
    "input_size, hidden_size, num_layers=1, bias=True, batch_first=False, dropout=0.0, bidirectional=False"
#define RECURRENT_SIZES "input_size=weight_ih_l0[1] hidden_size=weight_hh_l0[0]"
#define RECURRENT_TENSORS "weight_ih weight_hh bias_ih bias_hh"
#define RECURRENT_CALL(name)                                                                       \
    name "(input, states, weights, bias, num_layers, dropout, training, bidirectional, batch_first)"

#define UPSAMPLE "size=None, scale_factor=None, mode='nearest', align_corners=None"

#define PLAIN(name, operator) {name, "", "", "", {operator "(input)"}}
#define IN_PLACE(name, operator) {name, "inplace=False", "", "", {operator "(input)"}}
#define DROPOUT(name, operator) {name, "p=0.5, inplace=False", "", "", {operator "(input, p, training)"}}
#define PAD(name, mode) {name, "padding", "", "", {"pad(input, padding, '" mode ")"}}

const tnn_module_row tnn_module_rows[] = {
    {"Conv1d", CONV, "weight bias", CONV_SIZES, CONV_CALLS("conv1d")},
    {"Conv2d", CONV, "weight bias", CONV_SIZES, CONV_CALLS("conv2d")},
    {"Conv3d", CONV, "weight bias", CONV_SIZES, CONV_CALLS("conv3d")},
    {"ConvTranspose1d", TRANSPOSED, "weight bias", TRANSPOSED_SIZES, TRANSPOSED_CALLS("conv_transpose1d")},
    {"ConvTranspose2d", TRANSPOSED, "weight bias", TRANSPOSED_SIZES, TRANSPOSED_CALLS("conv_transpose2d.input")},
    {"ConvTranspose3d", TRANSPOSED, "weight bias", TRANSPOSED_SIZES, TRANSPOSED_CALLS("conv_transpose3d.input")},
    {"Linear", "in_features, out_features, bias=True", "weight bias",
     "in_features=weight[1] out_features=weight[0] bias=bias?", {"linear(input, weight, bias)"}},
    {"Bilinear", "in1_features, in2_features, out_features, bias=True", "weight bias",
     "in1_features=weight[1] in2_features=weight[2] out_features=weight[0] bias=bias?",
     {"bilinear(input, other, weight, bias)"}},
    {"Embedding", "num_embeddings, embedding_dim, padding_idx=None", "weight",
     "num_embeddings=weight[0] embedding_dim=weight[1]",
     {"embedding(weight, input, -1)", "embedding(weight, input, padding_idx)"}},

    {"BatchNorm1d", BATCH_NORM, BATCH_NORM_TENSORS, BATCH_NORM_SIZES, BATCH_NORM_CALLS},
    {"BatchNorm2d", BATCH_NORM, BATCH_NORM_TENSORS, BATCH_NORM_SIZES, BATCH_NORM_CALLS},
    {"BatchNorm3d", BATCH_NORM, BATCH_NORM_TENSORS, BATCH_NORM_SIZES, BATCH_NORM_CALLS},
    {"InstanceNorm1d", INSTANCE_NORM, BATCH_NORM_TENSORS, BATCH_NORM_SIZES, INSTANCE_NORM_CALLS},
    {"InstanceNorm2d", INSTANCE_NORM, BATCH_NORM_TENSORS, BATCH_NORM_SIZES, INSTANCE_NORM_CALLS},
    {"InstanceNorm3d", INSTANCE_NORM, BATCH_NORM_TENSORS, BATCH_NORM_SIZES, INSTANCE_NORM_CALLS},
    {"LayerNorm", "normalized_shape, eps=1e-05, elementwise_affine=True, bias=True", "weight bias",
     "elementwise_affine=weight? bias=bias?", {"layer_norm(input, normalized_shape, weight, bias, eps)"}},
    {"GroupNorm", "num_groups, num_channels, eps=1e-05, affine=True", "weight bias",
     "num_channels=weight[0] num_channels=input[1] affine=weight?", {"group_norm(input, num_groups, weight, bias, eps)"}},
    {"RMSNorm", "normalized_shape, eps=None, elementwise_affine=True", "weight", "elementwise_affine=weight?",
     {"rms_norm(input, normalized_shape, weight, eps)"}},

    IN_PLACE("ReLU", "relu"),
    {"ReLU6", "inplace=False", "", "", {"hardtanh(input, 0.0, 6.0)", "clamp(input, 0, 6)", "relu6(input)"}},
    {"LeakyReLU", "negative_slope=0.01, inplace=False", "", "", {"leaky_relu(input, negative_slope)"}},
    {"ELU", "alpha=1.0, inplace=False", "", "", {"elu(input, alpha)"}},
    IN_PLACE("SELU", "selu"),
    {"CELU", "alpha=1.0, inplace=False", "", "", {"celu(input, alpha)"}},
    {"GELU", "approximate='none'", "", "", {"gelu(input, approximate)"}},
    IN_PLACE("SiLU", "silu"),
    IN_PLACE("Mish", "mish"),
    IN_PLACE("Hardswish", "hardswish"),
    IN_PLACE("Hardsigmoid", "hardsigmoid"),
    {"Hardtanh", "min_val=-1.0, max_val=1.0, inplace=False", "", "",
     {"hardtanh(input, min_val, max_val)", "clamp(input, min_val, max_val)"}},
    PLAIN("Sigmoid", "sigmoid"),
    PLAIN("Tanh", "tanh"),
    {"Softplus", "beta=1.0, threshold=20.0", "", "", {"softplus(input, beta, threshold)"}},
    {"Softshrink", "lambd=0.5", "", "", {"softshrink(input, lambd)"}},
    {"Hardshrink", "lambd=0.5", "", "", {"hardshrink(input, lambd)"}},
    {"Threshold", "threshold, value, inplace=False", "", "", {"threshold(input, threshold, value)"}},
    PLAIN("LogSigmoid", "log_sigmoid"),
    {"PReLU", "num_parameters=1", "weight", "num_parameters=weight[0]", {"prelu(input, weight)"}},
    {"RReLU", "lower=0.125, upper=0.3333333333333333, inplace=False", "", "",
     {"rrelu(input, lower, upper, training)"}},
    {"GLU", "dim=-1", "", "", {"glu(input, dim)"}},
    {"Softmax", "dim", "", "", {"softmax.int(input, dim)", "softmax(input, dim)", "_softmax(input, dim, False)"}},
    {"LogSoftmax", "dim", "", "",
     {"log_softmax.int(input, dim)", "log_softmax(input, dim)", "_log_softmax(input, dim, False)"}},
    {"Softmax2d", "", "", "", {"softmax.int(input, -3)", "softmax(input, -3)"}},

    {"MaxPool1d", MAX_POOL, "", "", MAX_POOL_CALLS("max_pool1d")},
    {"MaxPool2d", MAX_POOL, "", "", MAX_POOL_CALLS("max_pool2d")},
    {"MaxPool3d", MAX_POOL, "", "", MAX_POOL_CALLS("max_pool3d")},
    {"AvgPool1d", AVG_POOL, "", "", {"avg_pool1d(input, kernel_size, stride, padding, ceil_mode, count_include_pad)"}},
    {"AvgPool2d", AVG_POOL_DIVISOR, "", "",
     {"avg_pool2d(input, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override)"}},
    {"AvgPool3d", AVG_POOL_DIVISOR, "", "",
     {"avg_pool3d(input, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override)"}},
    {"AdaptiveAvgPool1d", "output_size", "", "", {"adaptive_avg_pool1d(input, output_size)"}},
    {"AdaptiveAvgPool2d", "output_size", "", "", {"adaptive_avg_pool2d(input, output_size)"}},
    {"AdaptiveAvgPool3d", "output_size", "", "", {"adaptive_avg_pool3d(input, output_size)"}},

    DROPOUT("Dropout", "dropout"),
    DROPOUT("Dropout1d", "feature_dropout"),
    DROPOUT("Dropout2d", "feature_dropout"),
    DROPOUT("AlphaDropout", "alpha_dropout"),
    DROPOUT("FeatureAlphaDropout", "feature_alpha_dropout"),

    {"Identity", "", "", "", {NULL}},
    {"Flatten", "start_dim=1, end_dim=-1", "", "", {"flatten.using_ints(input, start_dim, end_dim)"}},
    {"Unflatten", "dim, unflattened_size", "", "", {"unflatten.int(input, dim, unflattened_size)"}},
    {"PixelShuffle", "upscale_factor", "", "", {"pixel_shuffle(input, upscale_factor)"}},
    {"PixelUnshuffle", "downscale_factor", "", "", {"pixel_unshuffle(input, downscale_factor)"}},
    {"ChannelShuffle", "groups", "", "", {"channel_shuffle(input, groups)"}},
    {"Unfold", "kernel_size, dilation=1, padding=0, stride=1", "", "",
     {"im2col(input, kernel_size, dilation, padding, stride)"}},
    {"Fold", "output_size, kernel_size, dilation=1, padding=0, stride=1", "", "",
     {"col2im(input, output_size, kernel_size, dilation, padding, stride)"}},
    {"CosineSimilarity", "dim=1, eps=1e-08", "", "", {"cosine_similarity(input, other, dim, eps)"}},

    {"Upsample", UPSAMPLE, "", "",
     {"upsample_nearest1d.vec(input, size, scale_factor)", "upsample_nearest2d.vec(input, size, scale_factor)",
      "upsample_nearest3d.vec(input, size, scale_factor)",
      "upsample_linear1d.vec(input, size, align_corners, scale_factor) mode='linear'",
      "upsample_bilinear2d.vec(input, size, align_corners, scale_factor) mode='bilinear'",
      "upsample_bicubic2d.vec(input, size, align_corners, scale_factor) mode='bicubic'",
      "upsample_trilinear3d.vec(input, size, align_corners, scale_factor) mode='trilinear'"}},
    {"UpsamplingNearest2d", "size=None, scale_factor=None", "", "",
     {"upsample_nearest2d.vec(input, size, scale_factor)"}},
    {"UpsamplingBilinear2d", "size=None, scale_factor=None", "", "",
     {"upsample_bilinear2d.vec(input, size, True, scale_factor)"}},

    {"ConstantPad1d", "padding, value", "", "", {"pad(input, padding, 'constant', value)"}},
    {"ConstantPad2d", "padding, value", "", "", {"pad(input, padding, 'constant', value)"}},
    {"ConstantPad3d", "padding, value", "", "", {"pad(input, padding, 'constant', value)"}},
    PAD("ZeroPad1d", "constant', 0"),
    PAD("ZeroPad2d", "constant', 0"),
    PAD("ZeroPad3d", "constant', 0"),
    PAD("ReflectionPad1d", "reflect\'"),
    PAD("ReflectionPad2d", "reflect\'"),
    PAD("ReflectionPad3d", "reflect\'"),
    PAD("ReplicationPad1d", "replicate\'"),
    PAD("ReplicationPad2d", "replicate\'"),
    PAD("ReplicationPad3d", "replicate\'"),
    PAD("CircularPad1d", "circular\'"),
    PAD("CircularPad2d", "circular\'"),
    PAD("CircularPad3d", "circular\'"),

    {"LSTM", RECURRENT ", proj_size=0", RECURRENT_TENSORS " weight_hr", RECURRENT_SIZES "/4 proj_size=weight_hr_l0[0]",
     {RECURRENT_CALL("lstm.input")}},
    {"GRU", RECURRENT, RECURRENT_TENSORS, RECURRENT_SIZES "/3", {RECURRENT_CALL("gru.input")}},
    {"RNN", "input_size, hidden_size, num_layers=1, nonlinearity='tanh', bias=True, batch_first=False, dropout=0.0, "
            "bidirectional=False",
     RECURRENT_TENSORS, RECURRENT_SIZES, {RECURRENT_CALL("rnn_tanh.input"), RECURRENT_CALL("rnn_relu.input") " nonlinearity='relu'"}},

    PLAIN("QuantStub", "tinynn.quant_stub"),
    PLAIN("DeQuantStub", "tinynn.dequant_stub"),
};

const size_t tnn_n_module_rows = sizeof tnn_module_rows / sizeof *tnn_module_rows;

bool tnn_module_is_stub(const tnn_module_row *row) {
    return strcmp(row->name, "QuantStub") == 0 || strcmp(row->name, "DeQuantStub") == 0;
}

const char *tnn_module_package(const tnn_module_row *row) {
    return tnn_module_is_stub(row) ? "torch.ao.quantization" : "torch.nn";
}

const tnn_module_row *tnn_module_find(const char *name) {
    for (size_t i = 0; i < tnn_n_module_rows; i++)
        if (strcmp(tnn_module_rows[i].name, name) == 0) return &tnn_module_rows[i];
    return NULL;
}
