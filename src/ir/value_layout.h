/* The order in which a value's elements lie in memory.
 *
 * A dimension is a product of atoms, outermost first: a dimension of 6 may be the atoms 2 and 3. A layout lists
 * the atoms of all dimensions from outermost to innermost in memory. Neighbours that continue one dimension
 * form one physical dimension. */
#ifndef TNN_IR_VALUE_LAYOUT_H
#define TNN_IR_VALUE_LAYOUT_H

#include <stdint.h>

#include "ir/size.h"

#define TNN_MAX_ATOMS 16

typedef struct tnn_layout_atom {
    uint8_t dim;  /* of the value, PyTorch's order */
    uint8_t part; /* which factor of the dimension, 0 outermost */
    int64_t size;
} tnn_layout_atom;

struct tnn_layout {
    uint8_t n_atoms;
    tnn_layout_atom atoms[TNN_MAX_ATOMS];
};

#endif
