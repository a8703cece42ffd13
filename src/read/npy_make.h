/* The parts that a .npy file is made of. */
#ifndef TNN_READ_NPY_MAKE_H
#define TNN_READ_NPY_MAKE_H

#include "tinynn/model.h"

#include "base/fail.h"

typedef struct tnn_npy_made {
    char header[384];
    size_t header_bytes;
    const void *data; /* the array's, or `widened` */
    size_t data_bytes;
    void *widened;    /* of bfloat16: float32; owned */
} tnn_npy_made;

/* The array is borrowed. Release with tnn_npy_made_clear, after an error too. Errors: TNN_ERR_LIMIT, TNN_ERR_NOMEM. */
tnn_status tnn_npy_make(tnn_npy_made *out, const tnn_array *array, tnn_error *err);
void tnn_npy_made_clear(tnn_npy_made *made);

#endif
