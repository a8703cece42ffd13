/* Names of functions of torch that take what ATen's operators of these names take, in order: sorted. */
#include <stdlib.h>
#include <string.h>

#include "codegen/code_function.h"

static const char *const names[] = {
    "abs", "absolute", "acos", "acosh", "adaptive_avg_pool1d", "adaptive_max_pool1d", "add", "addbmm", "addcdiv",
    "addcmul", "addmm", "addmv", "addr", "affine_grid_generator", "all", "alpha_dropout", "amax", "amin", "aminmax",
    "angle", "any", "arccos", "arccosh", "arcsin", "arcsinh", "arctan", "arctan2", "arctanh", "argmax", "argmin",
    "argsort", "argwhere", "as_strided_scatter", "asin", "asinh", "atan", "atan2", "atanh", "avg_pool1d", "baddbmm",
    "bernoulli", "bilinear", "binary_cross_entropy_with_logits", "bitwise_not", "bmm", "bucketize", "cat", "ceil",
    "celu", "channel_shuffle", "cholesky", "cholesky_inverse", "cholesky_solve", "clamp", "clamp_max", "clamp_min",
    "clip", "column_stack", "combinations", "concat", "concatenate", "conj_physical", "constant_pad_nd", "conv1d",
    "conv2d", "conv3d", "conv_transpose1d", "conv_transpose2d", "conv_transpose3d", "copysign", "corrcoef", "cos",
    "cosh", "cosine_embedding_loss", "cosine_similarity", "count_nonzero", "cov", "cross", "cummax", "cummin",
    "cumprod", "cumsum", "cumulative_trapezoid", "deg2rad", "det", "diag", "diag_embed", "diagflat",
    "diagonal_scatter", "diff", "digamma", "dist", "div", "divide", "dot", "dstack", "embedding", "embedding_bag",
    "empty_like", "eq", "erf", "erfc", "erfinv", "exp", "exp2", "expm1", "feature_alpha_dropout", "feature_dropout",
    "fill", "fix", "flip", "fliplr", "flipud", "float_power", "floor", "floor_divide", "fmax", "fmin", "fmod",
    "frac", "frobenius_norm", "gather", "ge", "ger", "gradient", "greater", "greater_equal", "grid_sampler",
    "group_norm", "gru", "gru_cell", "gt", "hardshrink", "heaviside", "hinge_embedding_loss", "histc", "hstack",
    "hypot", "i0", "index_add", "index_copy", "index_fill", "index_put", "index_reduce", "index_select", "inner",
    "inverse", "isclose", "isfinite", "isin", "isinf", "isnan", "isneginf", "isposinf", "isreal", "kl_div", "kron",
    "kthvalue", "layer_norm", "ldexp", "le", "lerp", "less", "less_equal", "lgamma", "log", "log10", "log1p",
    "log2", "log_softmax", "logaddexp", "logaddexp2", "logcumsumexp", "logdet", "logical_and", "logical_not",
    "logical_or", "logical_xor", "logit", "logsumexp", "lstm", "lstm_cell", "lt", "lu_solve", "lu_unpack",
    "margin_ranking_loss", "masked_fill", "masked_scatter", "masked_select", "matmul", "matrix_power", "max",
    "max_pool1d", "max_pool1d_with_indices", "max_pool2d", "max_pool3d", "maximum", "mean", "median", "min",
    "minimum", "mm", "mode", "msort", "mul", "multinomial", "multiply", "mv", "nan_to_num", "nanmean", "nanmedian",
    "nanquantile", "nansum", "narrow", "native_batch_norm", "native_channel_shuffle", "native_dropout",
    "native_group_norm", "native_layer_norm", "ne", "neg", "negative", "nonzero", "nonzero_static", "normal",
    "not_equal", "ones_like", "outer", "pairwise_distance", "pdist", "pixel_shuffle", "pixel_unshuffle", "poisson",
    "poisson_nll_loss", "pow", "prelu", "prod", "put", "qr", "quantile", "rad2deg", "rand_like", "randint_like",
    "randn_like", "reciprocal", "relu", "remainder", "renorm", "repeat_interleave", "rnn_relu", "rnn_relu_cell",
    "rnn_tanh", "rnn_tanh_cell", "roll", "rot90", "round", "rrelu", "rsqrt", "rsub", "scalar_tensor", "scatter",
    "scatter_add", "scatter_reduce", "searchsorted", "select_scatter", "selu", "sgn", "sigmoid", "sign", "signbit",
    "sin", "sinc", "sinh", "slice_scatter", "slogdet", "softmax", "sort", "sqrt", "square", "stack", "std",
    "std_mean", "sub", "subtract", "sum", "take", "take_along_dim", "tan", "tanh", "threshold", "tile", "topk",
    "trace", "trapezoid", "trapz", "triangular_solve", "tril", "triplet_margin_loss", "triu", "true_divide",
    "trunc", "vander", "var", "var_mean", "vdot", "vstack", "where", "xlogy", "zeros_like",
};

typedef struct name_key {
    const char *text;
    size_t length;
} name_key;

static int compare(const void *key, const void *item) {
    const name_key *name = key;
    const char *const *known = item;
    int order = strncmp(name->text, *known, name->length);
    return order != 0 || (*known)[name->length] == '\0' ? order : -1;
}

bool tnn_code_is_torch_function(const char *name, size_t length) {
    name_key key = {name, length};
    return bsearch(&key, names, sizeof names / sizeof *names, sizeof *names, compare) != NULL;
}
