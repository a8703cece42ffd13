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

#ifdef __cplusplus
}
#endif
#endif
