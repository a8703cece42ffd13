/* Operators of PyTorch that are known and that a `.tflite` file cannot do, each with its reason. A program that holds one
 * is told the reason; a name that stands nowhere is one that tinynn lacks.
 *
 * What some arguments make impossible is refused by the operator's own text (ops/list.h), which is why. */
#ifndef TNN_OPS_REFUSED_H
#define TNN_OPS_REFUSED_H

#include <stddef.h>

typedef struct tnn_refused_row {
    const char *names; /* separated by spaces; "fft_*" is every name that begins like this */
    const char *reason;
} tnn_refused_row;

extern const tnn_refused_row tnn_refused_rows[];
extern const size_t tnn_n_refused_rows;

/* Why an operator of another namespace is, which is not refused by name: nobody said what it means. */
extern const char tnn_undefined_operator[];

/* Why an operator is refused, be it its in-place form; NULL when it is not. The name has `n` characters: "svd" for one of
 * ATen's, "torchvision.nms" for others, without overload. */
const char *tnn_refused_reason(const char *name, size_t n);

#endif
