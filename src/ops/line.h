/* Lines: the elements of a tensor along one dimension. A tensor without dimensions is one line of one element. */
#ifndef TNN_OPS_LINE_H
#define TNN_OPS_LINE_H

#include "ir/tensor.h"

typedef struct tnn_line {
    int64_t start, step, n; /* elements; element k is at start + k * step */
} tnn_line;

/* `dim` made non-negative. */
uint8_t tnn_line_dim(uint8_t rank, int64_t dim);

/* Line `index` of those along `dim`, in row-major order of the other dimensions. */
tnn_line tnn_line_at(const tnn_tensor *tensor, int64_t dim, int64_t index);

/* How many there are; 0 in a tensor without elements. */
int64_t tnn_line_count(const tnn_tensor *tensor, int64_t dim);

#endif
