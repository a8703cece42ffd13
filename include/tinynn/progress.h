/* How far a long call is. */
#ifndef TINYNN_PROGRESS_H
#define TINYNN_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Called between pieces of the work, in the thread of the caller, who waits for it.
 *   context        the caller's own
 *   fraction       of the whole work, from 0 to 1, never less than before; an estimate, but the last call says 1
 *   written_bytes  of the file so far
 * Returns false to cancel: the function that works ends with TNN_ERR_CANCELLED and leaves nothing behind. */
typedef bool (*tnn_progress)(void *context, double fraction, uint64_t written_bytes);

/* Called after each sample of a run over many, by one thread at a time, which need not be the caller's.
 *   done, total  samples, those that were skipped included
 * Returns false to cancel, as above. */
typedef bool (*tnn_sample_progress)(void *context, uint64_t done, uint64_t total);

#ifdef __cplusplus
}
#endif
#endif
