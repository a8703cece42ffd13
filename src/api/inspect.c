/* What a file holds. Its first bytes say which kind it is. */
#include "tinynn/inspect.h"

#include "read/describe.h"
#include "read/listing.h"
#include "read/python_load.h"
#include "read/torchscript_describe.h"
#include "tflite/tflite_describe.h"

static tnn_status describe(tnn_file *file, const tnn_load_options *options, bool json, tnn_strbuf *text,
                           tnn_lacks *lacks, tnn_error *err) {
    bool found = false;
    if (tnn_python_is(file->path)) return tnn_python_describe(file, options, json, text, lacks, err);
    if (tnn_tflite_is(file)) return tnn_tflite_describe(file, json, text, err);
    TNN_TRY(tnn_listing_describe(file, options, json, text, &found, err));
    if (found) return TNN_OK;
    tnn_status status = tnn_torchscript_describe(file, options, json, &found, text, lacks, err);
    if (found || status != TNN_OK) return status;
    return tnn_pt2_describe(file->path, options, json, text, lacks, err);
}

tnn_status tnn_inspect(const char *path, const tnn_load_options *options, bool json, char **out, tnn_lacks *lacks,
                       tnn_error *err) {
    tnn_load_options defaults = tnn_load_options_default();
    tnn_file *file;
    tnn_strbuf text = {0};
    *out = NULL;
    if (lacks != NULL) *lacks = (tnn_lacks){0};
    TNN_TRY(tnn_file_open(&file, path, err));
    tnn_status status = describe(file, options == NULL ? &defaults : options, json, &text, lacks, err);
    tnn_file_free(file);
    bool told = status == TNN_OK || (text.length > 0 && (status == TNN_ERR_UNSUPPORTED || status == TNN_ERR_INVALID));
    if (told && (*out = tnn_strbuf_take(&text)) == NULL) status = tnn_fail_nomem(err);
    tnn_strbuf_free(&text);
    return status;
}
