/* A .pt2 archive, or only its program.
 *
 * Entries carry a CRC, which stops nearly every change that a fuzzer makes inside of them. So bytes that are no
 * archive are taken as models/model.json and put into an archive around two weights. */
#include <stdlib.h>
#include <string.h>

#include "../read/make_zip.c"
#include "ir/graph.h"
#include "read/pt2_graph.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char weights[] =
    "{\"config\": {"
    "\"l.weight\": {\"path_name\": \"weight_0\", \"is_param\": true, \"use_pickle\": false, \"tensor_meta\": {"
    "\"dtype\": 7, \"sizes\": [{\"as_int\": 3}, {\"as_int\": 4}], \"strides\": [{\"as_int\": 4}, {\"as_int\": 1}], "
    "\"storage_offset\": {\"as_int\": 0}, \"layout\": 7}},"
    "\"l.bias\": {\"path_name\": \"weight_0\", \"is_param\": true, \"use_pickle\": false, \"tensor_meta\": {"
    "\"dtype\": 7, \"sizes\": [{\"as_int\": 3}], \"strides\": [{\"as_int\": 1}], "
    "\"storage_offset\": {\"as_int\": 2}, \"layout\": 7}}}}";

static void wrap(made_zip *zip, const uint8_t *program, size_t size) {
    static const float numbers[12] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    memset(zip, 0, sizeof *zip);
    zip_add_text(zip, "archive_format", "pt2");
    zip_add_text(zip, "archive_version", "0");
    zip_add_text(zip, "byteorder", "little");
    zip_add_text(zip, "data/weights/model_weights_config.json", weights);
    zip_add(zip, (made_entry){.name = "data/weights/weight_0", .data = numbers, .n_bytes = sizeof numbers});
    zip_add(zip, (made_entry){.name = "models/model.json", .data = program, .n_bytes = size});
    zip_end(zip, NULL);
}

static void load(const uint8_t *data, size_t size) {
    tnn_load_options options = tnn_load_options_default();
    options.max_inflated = 16 << 20;
    tnn_file *file = NULL;
    tnn_model *model = NULL;
    tnn_lacks lacks = {0};
    tnn_error err;
    tnn_pt2 pt2;
    if (tnn_file_from_bytes(&file, "fuzz.pt2", data, size, &err) != TNN_OK) return;
    tnn_status status = tnn_pt2_open_file(&pt2, file, &options, &err);
    if (status == TNN_OK) status = tnn_pt2_to_model(&model, &pt2, &options, &lacks, &err);
    if (status == TNN_ERR_INTERNAL) abort(); /* no input may lead to a graph that does not verify */
    tnn_lacks_free(&lacks);
    tnn_model_free(model);
    tnn_pt2_close(&pt2);
    tnn_file_free(file);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static made_zip zip;
    if (tnn_zip_is(data, size)) {
        load(data, size);
    } else if (size < 16000) {
        wrap(&zip, data, size);
        load(zip.bytes, zip.size);
    }
    return 0;
}
