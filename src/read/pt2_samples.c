/* The example inputs of a .pt2 archive: their sizes, where the program itself leaves them out. */
#include <string.h>

#include "read/pt2_load.h"

tnn_status tnn_pt2_samples(tnn_pt2_load *load, tnn_listing *out, tnn_error *err) {
    tnn_pt2 *pt2 = load->pt2;
    tnn_pickle_options options = pt2->pickle_options;
    tnn_saved saved;
    memset(out, 0, sizeof *out);
    if (pt2->samples == NULL) return TNN_OK;
    options.lenient = true;
    tnn_status status = tnn_saved_open(&saved, pt2->zip, pt2->samples, load->scratch, &pt2->zip_options, &options, err);
    if (status == TNN_ERR_NOMEM) return status;
    if (status != TNN_OK) return TNN_OK;
    return tnn_listing_make(out, load->scratch, "", saved.object, NULL, err);
}
