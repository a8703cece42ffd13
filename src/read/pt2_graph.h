/* From an open .pt2 archive to a model. */
#ifndef TNN_READ_PT2_GRAPH_H
#define TNN_READ_PT2_GRAPH_H

#include "read/pt2_archive.h"

/* Evaluate the program into a graph. The model keeps the file; the archive may be closed after.
 *   lacks  may be NULL; filled when operators are missing
 * Errors: as tnn_model_load. */
tnn_status tnn_pt2_to_model(tnn_model **out, tnn_pt2 *pt2, const tnn_load_options *options, tnn_lacks *lacks,
                            tnn_error *err);

#endif
