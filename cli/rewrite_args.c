#include "rewrite_args.h"

#define COUNT(names) (sizeof(names) / sizeof *(names))

static bool parse_level(const char *text, uint32_t *out) {
    static const char *const names[] = {"0", "1", "2", "3", "4", "5"};
    int chosen = cli_parse_choice("--optimize", text, names, COUNT(names));
    if (chosen >= 0) *out = (uint32_t)chosen;
    return chosen >= 0;
}

static bool parse_dims(const char *text, uint32_t *out) {
    static const char *const names[] = {"2", "3", "4", "5", "6", "7", "8"};
    int chosen = cli_parse_choice("--max-transpose-dims", text, names, COUNT(names));
    if (chosen >= 0) *out = (uint32_t)chosen + 2;
    return chosen >= 0;
}

bool cli_rewrite_args_apply(tnn_convert_options *options, int id, const char *value) {
    switch (id) {
    case CLI_REWRITE_FLOAT16: return options->float16 = true;
    case CLI_REWRITE_DYNAMIC_RANGE: return options->dynamic_range.enabled = true;
    case CLI_REWRITE_DYNAMIC_RANGE_PER_TENSOR:
        return options->dynamic_range.enabled = options->dynamic_range.per_tensor = true;
    case CLI_REWRITE_DYNAMIC_RANGE_ALL:
        return options->dynamic_range.enabled = options->dynamic_range.even_if_slower = true;
    case CLI_REWRITE_OPTIMIZE: return parse_level(value, &options->optimize);
    case CLI_REWRITE_GROUPS: return options->split_groups = true;
    case CLI_REWRITE_TCONV_BIAS: return options->tconv_bias_as_add = true;
    case CLI_REWRITE_GELU: return options->legacy_gelu = true;
    case CLI_REWRITE_GATES: return options->separate_gates = true;
    case CLI_REWRITE_TRANSPOSE_DIMS: return parse_dims(value, &options->max_transpose_dims);
    case CLI_REWRITE_MTK: return options->mtk_ops = true;
    default: return options->micro = true;
    }
}
