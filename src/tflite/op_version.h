/* The lowest version of a TFLite operator that can do what a node asks, and the runtimes that know it. */
#ifndef TNN_TFLITE_OP_VERSION_H
#define TNN_TFLITE_OP_VERSION_H

#include "tflite/builtin.h"

/* `node` is of TNN_OPLIST_TFLITE. */
int32_t tnn_tfl_version(const tnn_node *node);

#define TNN_RUNTIME_TEXT 16 /* bytes of a version text with its NUL, as the metadata holds it */

/* The first TensorFlow release that runs this version: "2.3.0"; "" when it is not known. */
void tnn_tfl_runtime(const tnn_tfl_row *row, int32_t version, char out[TNN_RUNTIME_TEXT]);

/* Negative, 0 or positive, the numbers between the dots compared as numbers; "" is below all. */
int tnn_tfl_runtime_compare(const char *a, const char *b);

#endif
