/* The options of `tinynn convert` and `tinynn check` that say in what operators the model is written. */
#ifndef TINYNN_CLI_REWRITE_ARGS_H
#define TINYNN_CLI_REWRITE_ARGS_H

#include <stdbool.h>

#include "options.h"
#include "tinynn/convert.h"

/* Ids of the options, above those of the commands and below those of metadata_args.h. */
enum {
    CLI_REWRITE_FLOAT16 = 30, CLI_REWRITE_DYNAMIC_RANGE, CLI_REWRITE_DYNAMIC_RANGE_PER_TENSOR,
    CLI_REWRITE_DYNAMIC_RANGE_ALL, CLI_REWRITE_OPTIMIZE, CLI_REWRITE_GROUPS, CLI_REWRITE_TCONV_BIAS, CLI_REWRITE_GELU,
    CLI_REWRITE_GATES, CLI_REWRITE_TRANSPOSE_DIMS, CLI_REWRITE_MTK, CLI_REWRITE_MICRO
};

/* Their rows, for a command's table. */
#define CLI_REWRITE_OPTIONS                                        \
    {CLI_REWRITE_FLOAT16, 0, "float16", false},                    \
    {CLI_REWRITE_DYNAMIC_RANGE, 0, "dynamic-range", false},        \
    {CLI_REWRITE_DYNAMIC_RANGE_PER_TENSOR, 0, "dynamic-range-per-tensor", false}, \
    {CLI_REWRITE_DYNAMIC_RANGE_ALL, 0, "dynamic-range-all", false}, \
    {CLI_REWRITE_OPTIMIZE, 0, "optimize", true},                   \
    {CLI_REWRITE_GROUPS, 0, "split-groups", false},                \
    {CLI_REWRITE_TCONV_BIAS, 0, "tconv-bias-as-add", false},       \
    {CLI_REWRITE_GELU, 0, "legacy-gelu", false},                   \
    {CLI_REWRITE_GATES, 0, "separate-gates", false},               \
    {CLI_REWRITE_TRANSPOSE_DIMS, 0, "max-transpose-dims", true},   \
    {CLI_REWRITE_MTK, 0, "mtk-ops", false},                        \
    {CLI_REWRITE_MICRO, 0, "micro", false}

/* Their lines in a command's help. */
#define CLI_REWRITE_USAGE                                                                             \
    "  --float16           store the weights as float16: half the size, numbers of 11 bits\n"         \
    "  --dynamic-range     weights of 8 bits, a scale an output channel, where that is not slower;\n" \
    "                      all else stays float\n"                                                    \
    "  --dynamic-range-all  wherever LiteRT can: the smallest file\n"                                  \
    "  --dynamic-range-per-tensor  the same with one scale for all weights of a layer\n"              \
    "  --optimize LEVEL    5 (default): all; below, less is changed and the numbers stay: 3 with\n"   \
    "                      transposes around each operator that wants them, 2 fuses only batch\n"     \
    "                      normalisations, 1 and 0 nothing\n"                                         \
    "  --split-groups      split grouped convolutions, which LiteRT computes since TensorFlow 2.9\n"  \
    "  --tconv-bias-as-add  the bias of a transposed convolution is an ADD behind it\n"               \
    "  --legacy-gelu       gelu as x * sigmoid(1.702 x), which is another function\n"                 \
    "  --separate-gates    a FULLY_CONNECTED for each gate of recurrent layers\n"                     \
    "  --max-transpose-dims N  a TRANSPOSE has at most N dimensions\n"                                \
    "  --mtk-ops           transposed convolutions as MediaTek's operator MTK_TRANSPOSE_CONV\n"       \
    "  --micro             for TensorFlow Lite Micro: CONCATENATION has at most 10 inputs\n"

/* Take the option `id`, one of the above. Returns false after a complaint. */
bool cli_rewrite_args_apply(tnn_convert_options *options, int id, const char *value);

#endif
