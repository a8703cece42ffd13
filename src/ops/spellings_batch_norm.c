/* Other names of batch normalisation. What training does to the running statistics exists only where a name gives it
 * back; the statistics that are kept for a backward pass do not exist. */
#include "ops/list.h"

static const char text_with_statistics[] =
    "def batch_norm(input, weight, bias, mean, var, training, momentum, eps):\n"
    "    y = torch.batch_norm(input, weight, bias, mean, var, training, momentum, eps, False)\n"
    "    return y, absent(\"statistics of a batch\"), absent(\"statistics of a batch\")\n";

/* What training makes of the running statistics: the variance of the batch with Bessel's correction. */
#define TEXT_UPDATE                                                                                \
    "    dims = [0] + list(range(2, input.dim()))\n"                                               \
    "    if training:\n"                                                                           \
    "        mean = torch.mean(input, dims) * momentum + mean * (1 - momentum)\n"                  \
    "        var = torch.var(input, dims, correction=1) * momentum + var * (1 - momentum)\n"

static const tnn_spelling_row rows[] = {
    {"_native_batch_norm_legit_no_training",
     "_native_batch_norm_legit_no_training(Tensor input, Tensor? weight, Tensor? bias, Tensor? "
     "running_mean, Tensor? running_var, float momentum, float eps) -> (Tensor, Tensor, Tensor)",
     "def batch_norm(input, weight, bias, mean, var, momentum, eps):\n"
     "    return torch.native_batch_norm(input, weight, bias, mean, var, False, momentum, eps)\n"},
    {"_native_batch_norm_legit",
     "_native_batch_norm_legit(Tensor input, Tensor? weight, Tensor? bias, Tensor? running_mean, Tensor? "
     "running_var, bool training, float momentum, float eps) -> (Tensor, Tensor, Tensor)",
     text_with_statistics},
    {"_native_batch_norm_legit.no_stats",
     "_native_batch_norm_legit(Tensor input, Tensor? weight, Tensor? bias, bool training, float momentum, float eps) -> "
     "(Tensor, Tensor, Tensor)",
     "def batch_norm(input, weight, bias, training, momentum, eps):\n"
     "    return torch.native_batch_norm(input, weight, bias, None, None, True, momentum, eps)\n"},
    {"_native_batch_norm_legit_functional",
     "_native_batch_norm_legit_functional(Tensor input, Tensor? weight, Tensor? bias, Tensor running_mean, Tensor "
     "running_var, bool training, float momentum, float eps) -> (Tensor, Tensor, Tensor, Tensor, Tensor)",
     "def batch_norm(input, weight, bias, mean, var, training, momentum, eps):\n"
     "    y = torch.native_batch_norm(input, weight, bias, mean, var, training, momentum, eps)\n"
     TEXT_UPDATE
     "    return y[0], y[1], y[2], mean, var\n"},
    {"native_batch_norm",
     "native_batch_norm(Tensor input, Tensor? weight, Tensor? bias, Tensor? running_mean, Tensor? "
     "running_var, bool training, float momentum, float eps) -> (Tensor, Tensor, Tensor)",
     text_with_statistics},
    {"_batch_norm_no_update",
     "_batch_norm_no_update(Tensor input, Tensor? weight, Tensor? bias, Tensor? running_mean, Tensor? "
     "running_var, float momentum, float eps) -> (Tensor, Tensor, Tensor, Tensor)",
     "def batch_norm(input, weight, bias, mean, var, momentum, eps):\n"
     "    y = torch.native_batch_norm(input, weight, bias, mean, var, False, momentum, eps)\n"
     "    return y[0], y[1], y[2], absent(\"a reserve\")\n"},
    {"_batch_norm_with_update",
     "_batch_norm_with_update(Tensor input, Tensor? weight, Tensor? bias, Tensor running_mean, Tensor running_var, "
     "float momentum, float eps) -> (Tensor, Tensor, Tensor, Tensor)",
     "def batch_norm(input, weight, bias, mean, var, momentum, eps):\n"
     "    y = torch.native_batch_norm(input, weight, bias, mean, var, True, momentum, eps)\n"
     "    return y[0], y[1], y[2], absent(\"a reserve\")\n"},
    {"_batch_norm_with_update_functional",
     "_batch_norm_with_update_functional(Tensor input, Tensor? weight, Tensor? bias, Tensor running_mean, Tensor "
     "running_var, float momentum, float eps) -> (Tensor, Tensor, Tensor, Tensor, Tensor, Tensor)",
     "def batch_norm(input, weight, bias, mean, var, momentum, eps):\n"
     "    y = torch._native_batch_norm_legit_functional(input, weight, bias, mean, var, True, momentum, eps)\n"
     "    return y[0], y[1], y[2], absent(\"a reserve\"), y[3], y[4]\n"},
    {"_batch_norm_impl_index",
     "_batch_norm_impl_index(Tensor input, Tensor? weight, Tensor? bias, Tensor? running_mean, Tensor? "
     "running_var, bool training, float momentum, float eps, bool cudnn_enabled) -> (Tensor, Tensor, "
     "Tensor, Tensor, int)",
     "def batch_norm(input, weight, bias, mean, var, training, momentum, eps, cudnn_enabled):\n"
     "    y = torch.native_batch_norm(input, weight, bias, mean, var, training, momentum, eps)\n"
     "    return y[0], y[1], y[2], absent(\"a reserve\"), 0\n"},
    {"cudnn_batch_norm",
     "cudnn_batch_norm(Tensor input, Tensor? weight, Tensor? bias, Tensor? running_mean, Tensor? "
     "running_var, bool training, float exponential_average_factor, float epsilon) -> (Tensor, Tensor, "
     "Tensor, Tensor)",
     "def batch_norm(input, weight, bias, mean, var, training, momentum, eps):\n"
     "    y = torch.native_batch_norm(input, weight, bias, mean, var, training, momentum, eps)\n"
     "    return y[0], y[1], y[2], absent(\"a reserve\")\n"},
};

const tnn_spelling_table tnn_spellings_batch_norm = {rows, sizeof rows / sizeof *rows};
