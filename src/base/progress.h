/* A part of a long work tells how far it is, without knowing the whole. */
#ifndef TNN_BASE_PROGRESS_H
#define TNN_BASE_PROGRESS_H

#include "base/fail.h"
#include "tinynn/progress.h"

/* The part of the whole from fraction `start` to fraction `end`. */
typedef struct tnn_progress_span {
    tnn_progress call; /* NULL: nobody wants to know */
    void *context;
    double start, end;
} tnn_progress_span;

/* `part` of the span is done, 0 to 1. `span` may be NULL. Errors: TNN_ERR_CANCELLED. */
tnn_status tnn_progress_tell(const tnn_progress_span *span, double part, uint64_t written_bytes, tnn_error *err);

#endif
