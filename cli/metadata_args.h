/* The options of `tinynn convert` that say what the .tflite calls its inputs and outputs and tells of itself. */
#ifndef TINYNN_CLI_METADATA_ARGS_H
#define TINYNN_CLI_METADATA_ARGS_H

#include <stdbool.h>

#include "command.h"
#include "options.h"
#include "tinynn/convert.h"

/* Ids of the options, above those of the command and below those of model_args.h. */
enum {
    CLI_METADATA_INPUT_NAMES = 50, CLI_METADATA_OUTPUT_NAMES, CLI_METADATA_TEXT, CLI_METADATA_MEAN, CLI_METADATA_STD,
    CLI_METADATA_RANGE, CLI_METADATA_LABELS
};

/* Their rows, for the command's table. */
#define CLI_METADATA_OPTIONS                                \
    {CLI_METADATA_INPUT_NAMES, 0, "input-names", true},     \
    {CLI_METADATA_OUTPUT_NAMES, 0, "output-names", true},   \
    {CLI_METADATA_TEXT, 0, "metadata", true},               \
    {CLI_METADATA_MEAN, 0, "image-mean", true},             \
    {CLI_METADATA_STD, 0, "image-std", true},               \
    {CLI_METADATA_RANGE, 0, "image-range", true},           \
    {CLI_METADATA_LABELS, 0, "labels", true}

/* Their lines in the command's help. */
#define CLI_METADATA_USAGE                                                                            \
    "  --input-names A,B   what the file calls its inputs, in order\n"                                \
    "  --output-names A,B  what the file calls its outputs, in order\n"                               \
    "  --image-mean M,M,M  with --image-std: how a picture becomes the input, (pixel - mean) / std,\n" \
    "                      a number for each channel or one for all, pixels from 0 to 1\n"            \
    "  --image-std S,S,S   as torchvision.transforms.Normalize takes them\n"                          \
    "  --image-range 255   mean and std are in the unit of pixels from 0 to 255\n"                    \
    "  --labels FILE       labels of an output, one a line, put into the file\n"                      \
    "  --metadata KEY=TEXT  name, description, version, author or license; may be repeated\n"

/* A list that an option gave; the texts point into argv, which is cut at the commas. */
typedef struct cli_name_list {
    const char **items; /* owned */
    size_t n;
} cli_name_list;

typedef struct cli_number_list {
    double *items; /* owned */
    size_t n;
} cli_number_list;

typedef struct cli_metadata_args {
    cli_name_list input_names, output_names;
    cli_number_list mean, std;
    const char *labels_path;
    char *labels;          /* owned */
    tnn_metadata metadata; /* what --metadata and --image-range said */
    bool given;            /* any option but those of names */
} cli_metadata_args;

/* Start with this. */
cli_metadata_args cli_metadata_args_default(void);

/* Take the option `id`, one of the above. Returns false after a complaint. */
bool cli_metadata_args_apply(cli_metadata_args *args, int id, char *value);

/* Read the labels, and say everything in `options`, which points into `args` then. Complains when it does not return
 * CLI_OK. */
cli_exit cli_metadata_args_finish(cli_metadata_args *args, tnn_convert_options *options);
void cli_metadata_args_free(cli_metadata_args *args);

#endif
