#include "base/progress.h"

tnn_status tnn_progress_tell(const tnn_progress_span *span, double part, uint64_t written_bytes, tnn_error *err) {
    if (span == NULL || span->call == NULL) return TNN_OK;
    double fraction = part >= 1 ? span->end : span->start + part * (span->end - span->start);
    if (span->call(span->context, fraction, written_bytes)) return TNN_OK;
    return tnn_fail(err, TNN_ERR_CANCELLED, NULL, "cancelled by the caller");
}
