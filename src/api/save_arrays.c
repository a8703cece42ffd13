/* Arrays into a file. */
#include "read/npz.h"
#include "tinynn/run.h"

tnn_status tnn_arrays_save(const char *path, const tnn_named_array *items, size_t n, tnn_error *err) {
    return tnn_npz_save(path, items, n, err);
}
