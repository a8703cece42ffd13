/* What a .tflite file will hold: numbers for tensors, operator codes and buffers. */
#ifndef TNN_TFLITE_WRITE_PLAN_H
#define TNN_TFLITE_WRITE_PLAN_H

#include "ir/recipe.h"
#include "tflite/flatbuf.h"
#include "tflite/op_version.h"

typedef struct tnn_plan_tensor {
    const tnn_value *value;
    uint32_t buffer; /* 0: none */
} tnn_plan_tensor;

typedef struct tnn_plan_buffer {
    const tnn_recipe *recipe; /* NULL: the empty buffer 0 */
    uint64_t n_bytes, hash;
    /* Where the FlatBuffer has the distance to the data, or the position and the size (write_model.c). */
    uint32_t data_place, offset_place, size_place;
} tnn_plan_buffer;

typedef struct tnn_plan_code {
    const tnn_tfl_row *row;
    int32_t version;
} tnn_plan_code;

typedef struct tnn_write_plan {
    const tnn_graph *graph;
    tnn_arena *arena;
    tnn_plan_tensor *tensors; /* inputs, then what the nodes name, in their order */
    size_t n_tensors, cap_tensors;
    uint32_t *tensor_of;      /* by value id: tensor + 1; 0: none */
    tnn_plan_buffer *buffers; /* [0] is empty */
    size_t n_buffers;
    tnn_plan_code *codes;
    size_t n_codes, cap_codes;
    uint32_t *code_of; /* by node, in order */
    char min_runtime[TNN_RUNTIME_TEXT];
    const void *metadata; /* borrowed; NULL: none */
    size_t metadata_bytes;
} tnn_write_plan;

/* Everything lives in `arena`. Errors: see tnn_tflite_write. */
tnn_status tnn_write_plan_make(tnn_write_plan *plan, const tnn_graph *graph, tnn_arena *arena, tnn_error *err);

/* The number of a value's tensor; -1 for NULL. */
int32_t tnn_write_plan_tensor(const tnn_write_plan *plan, const tnn_value *value);

/* The model as a FlatBuffer without the buffers' bytes; `outside`: in the form for large files.
 *   out  release out->data with tnn_free, also after an error */
tnn_status tnn_write_model(tnn_write_plan *plan, const char *description, bool outside, tnn_fb_bytes *out,
                           tnn_error *err);

#endif
