/* Compare a .tflite file with the model that it was made from, on inputs, without LiteRT. */
#ifndef TINYNN_COMPARE_H
#define TINYNN_COMPARE_H

#include "tinynn/convert.h"
#include "tinynn/model.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct tnn_comparison tnn_comparison;

typedef struct tnn_compare_options {
    double tolerance;     /* the part of its range by which a tensor may differ; default 1e-4 */
    tnn_io_layout layout; /* where an input's or output's shape allows both orders; default TNN_LAYOUT_NHWC */
    bool tensors;         /* compare the tensors in between as well: the model then runs slowly; default false */
} tnn_compare_options;

TNN_API tnn_compare_options tnn_compare_options_default(void);

/* An output, or a tensor of the file that the model has a value of the same name for, over all inputs so far. Integers
 * with a scale, of inputs too, count as the numbers that they stand for. Infinities and NaNs that both have do not count. */
typedef struct tnn_difference {
    const char *name; /* owned by the comparison */
    tnn_dtype dtype;  /* in the file */
    bool is_output;
    bool departs;     /* `relative` is more than the tolerance, or not a number */
    double max_error; /* the largest difference of two elements */
    double relative;  /* as a part of the model's largest magnitude */
    double snr;       /* power of the model's numbers by that of the differences, dB; infinite when they are equal */
    double cosine;    /* of the angle between both */
} tnn_difference;

/* Begin to compare.
 *   model    must outlive the comparison
 *   tflite   path of the file
 *   options  NULL: defaults
 *   out      NULL after an error
 * Errors: those of tnn_tflite_load; TNN_ERR_INVALID (inputs or outputs of the file are not the model's). */
TNN_API tnn_status tnn_comparison_new(tnn_comparison **out, const tnn_model *model, const char *tflite,
                                      const tnn_compare_options *options, tnn_error *err);
/* Accepts NULL. */
TNN_API void tnn_comparison_free(tnn_comparison *comparison);

/* Run both on inputs of the model, in PyTorch's order; arrays and errors as for tnn_model_run and tnn_tflite_run. */
TNN_API tnn_status tnn_comparison_add(tnn_comparison *comparison, const tnn_array *inputs, tnn_error *err);

/* The outputs in order, then the tensors in the order in which the file has them. `index` must be below the count. */
TNN_API size_t tnn_comparison_count(const tnn_comparison *comparison);
TNN_API tnn_difference tnn_comparison_at(const tnn_comparison *comparison, size_t index);

#ifdef __cplusplus
}
#endif
#endif
