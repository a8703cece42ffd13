/* Run a .tflite file without LiteRT, by naive kernels that are the meaning of the file.
 *
 * Integers with scales come out exactly as LiteRT's reference kernels (OpResolverType.BUILTIN_REF) compute them, floats
 * from the defining formulas. Slow: for looking into files and comparing, not for serving. Shapes are those of the file.
 * One thread at a time; programs are independent of one another. */
#ifndef TINYNN_RUN_TFLITE_H
#define TINYNN_RUN_TFLITE_H

#include <stdbool.h>
#include <stddef.h>

#include "tinynn/model.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct tnn_tflite_program tnn_tflite_program;

/* Read a .tflite file. `*out` is NULL after an error.
 * Errors: TNN_ERR_IO, TNN_ERR_MALFORMED, TNN_ERR_UNSUPPORTED (operators without a kernel, all of them; sizes that are not
 * fixed), TNN_ERR_NOMEM. */
TNN_API tnn_status tnn_tflite_load(tnn_tflite_program **out, const char *path, tnn_error *err);
/* Accepts NULL. */
TNN_API void tnn_tflite_free(tnn_tflite_program *program);

TNN_API size_t tnn_tflite_n_inputs(const tnn_tflite_program *program);
TNN_API size_t tnn_tflite_n_outputs(const tnn_tflite_program *program);
TNN_API size_t tnn_tflite_n_tensors(const tnn_tflite_program *program);
/* `index` must be below the count. Names are owned by the program. */
TNN_API tnn_value_info tnn_tflite_input(const tnn_tflite_program *program, size_t index);
TNN_API tnn_value_info tnn_tflite_output(const tnn_tflite_program *program, size_t index);

/* The number of input or output `index` among the tensors. */
TNN_API size_t tnn_tflite_input_tensor(const tnn_tflite_program *program, size_t index);
TNN_API size_t tnn_tflite_output_tensor(const tnn_tflite_program *program, size_t index);

/* The scale and zero point of a tensor: real = (stored - zero_point) * scale; scale 0 when it has none, or several. */
typedef struct tnn_tflite_scale {
    float scale;
    int32_t zero_point;
} tnn_tflite_scale;

/* Run the first subgraph.
 *   inputs    one array an input, dtypes and shapes as tnn_tflite_input says; borrowed for the call
 *   keep_all  keep every tensor that is computed, not only the outputs
 * Errors: TNN_ERR_INVALID (dtype or shape of an array; an index or divisor among the numbers), TNN_ERR_MALFORMED,
 * TNN_ERR_UNSUPPORTED (no kernel for a type; `where` names the operator), TNN_ERR_NOMEM. */
TNN_API tnn_status tnn_tflite_run(tnn_tflite_program *program, const tnn_array *inputs, bool keep_all, tnn_error *err);

/* Output `index` of the last run, or tensor `index` of the file, with its name. The data is the program's, until the
 * next run; NULL when there was none, or when the tensor was not kept. */
TNN_API tnn_named_array tnn_tflite_result(const tnn_tflite_program *program, size_t index);
TNN_API tnn_named_array tnn_tflite_tensor(const tnn_tflite_program *program, size_t index, tnn_tflite_scale *scale);

#ifdef __cplusplus
}
#endif
#endif
