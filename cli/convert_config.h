/* NAME.json, which says how to convert a model: its path and the output's, and of each input and output the shape, the
 * type and whether it is channels-last. tinynn.util.converter_util.export_converter_files writes it:
 *
 *     {"src_model": "/a/NAME.pt", "dst_model": "/a/NAME.tflite",
 *      "inputs": [{"shape": [1,3,224,224], "type": "float32", "transpose": true}],
 *      "outputs": [{"type": "float32", "transpose": false}]} */
#ifndef TINYNN_CLI_CONVERT_CONFIG_H
#define TINYNN_CLI_CONVERT_CONFIG_H

#include <stdbool.h>

#include "command.h"
#include "tinynn/convert.h"

typedef struct cli_config {
    char *model, *output; /* owned, as all below */
    tnn_input_spec *inputs;
    tnn_io_layout *input_layouts, *output_layouts;
    size_t n_inputs, n_outputs; /* no outputs: the file does not say anything of them */
} cli_config;

/* Whether the path's ending says that it is such a file. */
bool cli_config_is(const char *path);

/* A model that is not where the file says, because it comes from another machine, is looked for beside the file, and the
 * output goes there too. Complains when it does not return CLI_OK. Dispose of `out` with cli_config_free in every case. */
cli_exit cli_config_read(const char *path, cli_config *out);
void cli_config_free(cli_config *config);

#endif
