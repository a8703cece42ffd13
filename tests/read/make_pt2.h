/* Small .pt2 archives for tests: a program as JSON, one storage of twelve floats 0, 1, 2 … 11. */
#ifndef TNN_TESTS_MAKE_PT2_H
#define TNN_TESTS_MAKE_PT2_H

#include "base/file.h"
#include "make_zip.h"

/* What an archive has. NULL: what torch would write. */
typedef struct made_pt2 {
    const char *inputs;         /* input_specs */
    const char *outputs;        /* output_specs */
    const char *nodes;
    const char *values;         /* tensor_values */
    const char *ranges;         /* range_constraints */
    const char *weights;        /* entries of the weights config */
    const char *byteorder, *archive_version, *schema;
    const char *extra_name;     /* an entry more */
    int no_weights_config, deflate;
} made_pt2;

/* Pieces of JSON. */
#define TENSOR(sizes, strides)                                                                     \
    "{\"dtype\": 7, \"sizes\": [" sizes "], \"strides\": [" strides                                \
    "], \"storage_offset\": {\"as_int\": 0}, \"layout\": 7}"
#define INT(n) "{\"as_int\": " #n "}"
#define NAMED(name) "{\"as_tensor\": {\"name\": \"" name "\"}}"
#define ARG(name, value) "{\"name\": \"" name "\", \"arg\": " value ", \"kind\": 1}"
#define NODE(target, name, args)                                                                   \
    "{\"target\": \"torch.ops." target "\", \"name\": \"" name "\", \"inputs\": [" args            \
    "], \"outputs\": [" NAMED(name) "], \"metadata\": {\"nn_module_stack\": "                      \
    "\"L__self__,,m.M;L__self__block.fc,block.fc,torch.nn.Linear\", \"stack_trace\": \"File "      \
    "\\\"/home/me/model.py\\\", line 12, in forward\\n    x = self.fc(x)\\n  File "               \
    "\\\"/lib/torch/nn/modules/linear.py\\\", line 3, in forward\\n    return F.linear(x)\"}}"
#define USER_INPUT(name) "{\"user_input\": {\"arg\": " NAMED(name) "}}"
#define USER_OUTPUT(name) "{\"user_output\": {\"arg\": " NAMED(name) "}}"
#define PARAMETER(name, path) "{\"parameter\": {\"arg\": {\"name\": \"" name "\"}, \"parameter_name\": \"" path "\"}}"
#define WEIGHT(path, offset, sizes, strides)                                                       \
    "\"" path "\": {\"path_name\": \"weight_0\", \"is_param\": true, \"use_pickle\": false, "      \
    "\"tensor_meta\": {\"dtype\": 7, \"sizes\": [" sizes "], \"strides\": [" strides               \
    "], \"storage_offset\": {\"as_int\": " #offset "}, \"layout\": 7}}"

/* A layer y = x W^T with W a [3, 4] parameter "fc.weight", x [2, 4]. */
void pt2_make(made_zip *zip, const made_pt2 *made);

/* The archive written to a file that the caller removes with pt2_remove. */
const char *pt2_file(const made_pt2 *made);
void pt2_write(const char *path, const void *bytes, size_t n_bytes);
void pt2_remove(void);

#endif
