/* A program in Python as a model. It has no weights, so that programs without parameters come to the end. */
#include <stdlib.h>

#include "ir/graph.h"
#include "read/python_load.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    tnn_load_options options = tnn_load_options_default();
    tnn_input_spec inputs[] = {{.rank = 2, .dims = {2, 4}}, {.rank = 4, .dims = {1, 3, 8, 8}}};
    options.max_steps = 20000;
    options.inputs = inputs;
    options.n_inputs = 1 + size % 2;
    tnn_file *file = NULL;
    tnn_model *model = NULL;
    tnn_lacks lacks = {0};
    tnn_error err;
    if (tnn_file_from_bytes(&file, "fuzz.py", data, size, &err) != TNN_OK) return 0;
    tnn_status status = tnn_python_to_model(&model, file, &options, &lacks, &err);
    if (status == TNN_ERR_INTERNAL) abort(); /* no program may lead to a graph that does not verify */
    tnn_lacks_free(&lacks);
    tnn_model_free(model);
    tnn_file_free(file);
    return 0;
}
