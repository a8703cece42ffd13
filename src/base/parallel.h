/* One function over many indices in several threads. */
#ifndef TNN_BASE_PARALLEL_H
#define TNN_BASE_PARALLEL_H

#include <stddef.h>

#include "tinynn/error.h"

/* Called once for each index below `n`, in any order, never for two indices of one `thread` at a time. */
typedef tnn_status tnn_parallel_fn(void *context, size_t index, int thread, tnn_error *err);

/* The calling thread is thread 0; one that the system does not give is one less. An error ends all; it is that of the lowest index
 * that failed. */
tnn_status tnn_parallel(size_t n, int n_threads, tnn_parallel_fn *fn, void *context, tnn_error *err);

#endif
