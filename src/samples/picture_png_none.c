/* Without libspng. */
#include "samples/picture.h"

tnn_status tnn_picture_png(tnn_picture *out, const void *bytes, size_t n_bytes, const char *name, tnn_error *err) {
    (void)out;
    (void)bytes;
    (void)n_bytes;
    return tnn_fail(err, TNN_ERR_UNSUPPORTED, name, "PNG pictures need libspng, which this build lacks");
}
