/* NumPy's files of arrays.
 *
 *   .npy  93 'N' 'U' 'M' 'P' 'Y'  major  minor
 *         length of the header (2 bytes in version 1, 4 in 2 and 3)
 *         header: a Python literal {'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }, spaces, a line break
 *         the elements
 *   .npz  a ZIP archive; the entry NAME.npy is the array NAME
 *
 * Elements are booleans, integers and floats that tnn_dtype has, in either byte order; in C order or in Fortran's.
 * Pickled objects, structures and text are refused. Source: numpy/lib/format.py (NEP 1). */
#ifndef TNN_READ_NPY_H
#define TNN_READ_NPY_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/file.h"
#include "tinynn/model.h"

/* An array where it lies in a file. */
typedef struct tnn_npy {
    tnn_dtype dtype;
    uint8_t rank;
    int64_t dims[TINYNN_MAX_RANK];
    int64_t n_elems;
    bool fortran;        /* the first dimension is the innermost one */
    bool big_endian;
    const uint8_t *data; /* borrowed; not aligned */
} tnn_npy;

/* Does this look like a .npy file? */
bool tnn_npy_is(const void *data, size_t size);

/* Understand the header. `data` is borrowed by `out`; `name` is for messages.
 * Errors: TNN_ERR_MALFORMED with a position, TNN_ERR_UNSUPPORTED (a type of elements, more than TINYNN_MAX_RANK
 * dimensions, another version), TNN_ERR_LIMIT (a header of more than 64 KiB). */
tnn_status tnn_npy_open(tnn_npy *out, const void *data, size_t size, const char *name, tnn_error *err);

/* Elements [start, start + count) of the array in C order, in the byte order of this machine. They must exist; `out`
 * has room for count * tnn_dtype_bytes, at any address. Booleans are 0 or 1. */
void tnn_npy_read(const tnn_npy *npy, int64_t start, int64_t count, void *out);

/* All elements as an array: where they lie when that is what is wanted, to be read only; else copied into `arena`.
 * Errors: TNN_ERR_NOMEM. */
tnn_status tnn_npy_array(tnn_array *out, const tnn_npy *npy, tnn_arena *arena, tnn_error *err);

/* Write an array as a file of its own. bfloat16, which NumPy lacks, becomes float32, which holds it exactly.
 * Errors: TNN_ERR_IO, TNN_ERR_LIMIT (its size overflows), TNN_ERR_NOMEM. The file appears whole or not at all. */
tnn_status tnn_npy_save(const char *path, const tnn_array *array, tnn_error *err);

#endif
