/* The options that say how pictures become samples; the same in every command that takes samples. */
#ifndef TINYNN_CLI_SAMPLE_ARGS_H
#define TINYNN_CLI_SAMPLE_ARGS_H

#include <stdbool.h>

#include "options.h"
#include "tinynn/samples.h"

/* Ids of the options, above those of a command and of metadata_args.h, below those of model_args.h. */
enum {
    CLI_SAMPLE_RESIZE = 70, CLI_SAMPLE_CROP, CLI_SAMPLE_MEAN, CLI_SAMPLE_STD, CLI_SAMPLE_WHITE, CLI_SAMPLE_BGR,
    CLI_SAMPLE_CHANNELS_LAST, CLI_SAMPLE_MAX, CLI_SAMPLE_END
};

/* Their rows, for a command's table. */
#define CLI_SAMPLE_OPTIONS                                     \
    {CLI_SAMPLE_RESIZE, 0, "resize", true},                    \
    {CLI_SAMPLE_CROP, 0, "crop", true},                        \
    {CLI_SAMPLE_MEAN, 0, "mean", true},                        \
    {CLI_SAMPLE_STD, 0, "std", true},                          \
    {CLI_SAMPLE_WHITE, 0, "white", true},                      \
    {CLI_SAMPLE_BGR, 0, "bgr", false},                         \
    {CLI_SAMPLE_CHANNELS_LAST, 0, "pictures-nhwc", false},     \
    {CLI_SAMPLE_MAX, 0, "max-samples", true}

/* Their lines in a command's help. */
#define CLI_SAMPLE_USAGE                                                                              \
    "  --resize N          pictures: the shorter side becomes N pixels; HxW: both sides. Without it\n" \
    "                      pictures are made as small as covers the input, and the middle is taken\n" \
    "  --crop N            pictures: the middle of NxN pixels, which must be the input's size\n"       \
    "  --mean M,M,M        pictures: with --std, (pixel - mean) / std, a number for each channel or\n" \
    "  --std S,S,S         one for all, as torchvision.transforms.Normalize takes them\n"             \
    "  --white 255         pictures: pixels are from 0 to 255, not from 0 to 1\n"                     \
    "  --bgr               pictures: blue comes first\n"                                              \
    "  --pictures-nhwc     pictures: the model's input is [1,H,W,C]\n"                                \
    "  --max-samples N     of more samples take N, at even distances\n"

/* Start with {.options = tnn_sample_options_default()}. */
typedef struct cli_sample_args {
    tnn_sample_options options; /* points into this struct */
    double mean[3], std[3];
} cli_sample_args;

/* Is `id` one of the above? */
bool cli_is_sample_option(int id);

/* Take it. Returns false after a complaint. */
bool cli_sample_args_apply(cli_sample_args *args, int id, const char *value);

#endif
