/* Files that tnn_tflite_write made, held in memory. The temporary file lies in $TMPDIR or /tmp. */
#ifndef WRITTEN_H
#define WRITTEN_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "hand_graphs.h"

/* Of a graph; release with tnn_file_free. NULL after an error. */
tnn_file *written(const tnn_graph *graph, const tnn_tflite_write_options *options, tnn_tflite_stats *stats,
                  tnn_error *err);

/* Of a hand-made graph, with its buffers inside or outside of the FlatBuffer. Checks that nothing fails. */
tnn_file *written_hand_graph(const char *name, bool outside);

#endif
