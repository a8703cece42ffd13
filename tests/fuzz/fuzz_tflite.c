/* A .tflite file from anywhere: verify it, describe it in both forms. */
#include <stddef.h>
#include <stdint.h>

#include "tflite/tflite_describe.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    tnn_file *file;
    if (tnn_file_from_bytes(&file, "fuzz", data, size, NULL) != TNN_OK) return 0;
    for (int json = 0; json < 2; json++) {
        tnn_strbuf text = {0};
        tnn_error err;
        tnn_tflite_describe(file, json != 0, &text, &err);
        tnn_strbuf_free(&text);
    }
    tnn_file_free(file);
    return 0;
}
