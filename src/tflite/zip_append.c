#include "tflite/zip_append.h"

#include "base/zip_write.h"

tnn_status tnn_zip_append(tnn_out *out, const char *name, const void *bytes, size_t n_bytes, tnn_error *err) {
    tnn_zip_writer writer = {.out = out};
    tnn_zip_part whole = {bytes, n_bytes};
    tnn_status status = tnn_zip_write_entry(&writer, name, &whole, 1, err);
    if (status == TNN_OK) status = tnn_zip_write_end(&writer, err);
    tnn_zip_writer_clear(&writer);
    return status;
}
