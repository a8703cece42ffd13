/* A .tflite file, checked once and read in place. */
#ifndef TNN_TFLITE_TFLITE_READ_H
#define TNN_TFLITE_TFLITE_READ_H

#include "base/file.h"
#include "tflite/flatbuf.h"

typedef struct tnn_tflite {
    const tnn_file *file; /* borrowed */
    tnn_fb_ref model;     /* fields are those of the schema, tflite/fbs.h */
} tnn_tflite;

#define TNN_TFLITE_MAX_RANK 16

/* Do the first bytes say that this is a .tflite file? */
bool tnn_tflite_is(const tnn_file *file);

/* Check everything (tnn_tflite_verify) and make it readable: indices are then in range, buffers inside the file and as
 * long as the shapes of their tensors say. `file` must outlive `out`.
 * Errors: TNN_ERR_MALFORMED, TNN_ERR_UNSUPPORTED (another version of the schema), TNN_ERR_LIMIT. */
tnn_status tnn_tflite_open(tnn_tflite *out, const tnn_file *file, tnn_error *err);

/* What lies beyond the FlatBuffer: indices, shapes, buffers. The FlatBuffer itself has been checked. */
tnn_status tnn_tflite_verify(const tnn_tflite *file, tnn_error *err);

/* The bytes of buffer `index`, wherever they lie; NULL and 0 when it is empty or leaves the file. */
const uint8_t *tnn_tflite_buffer(const tnn_tflite *file, size_t index, size_t *n_bytes);

/* The content of the metadata entry with this name; NULL and 0 when there is none. */
const uint8_t *tnn_tflite_entry(const tnn_tflite *file, const char *name, size_t *n_bytes);

/* The builtin code of an OperatorCode. */
int32_t tnn_tflite_code(tnn_fb_ref operator_code);

/* Elements of a tensor; false when a dimension is negative or the product does not fit. */
bool tnn_tflite_count(tnn_fb_ref tensor, uint64_t *n_elems);

/* Bits of an element of a TensorType; 0 for strings, resources and unknown types. */
uint32_t tnn_tflite_type_bits(int64_t type);

#endif
