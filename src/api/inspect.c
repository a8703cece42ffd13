/* What a file holds. Its first bytes say which kind it is. */
#include "tinynn/inspect.h"

#include "read/describe.h"
#include "tflite/tflite_describe.h"

static tnn_status describe(const tnn_file *file, bool json, tnn_strbuf *text, tnn_lacks *lacks, tnn_error *err) {
    if (tnn_tflite_is(file)) return tnn_tflite_describe(file, json, text, err);
    return tnn_pt2_describe(file->path, json, text, lacks, err);
}

tnn_status tnn_inspect(const char *path, bool json, char **out, tnn_lacks *lacks, tnn_error *err) {
    tnn_file *file;
    tnn_strbuf text = {0};
    *out = NULL;
    if (lacks != NULL) *lacks = (tnn_lacks){0};
    TNN_TRY(tnn_file_open(&file, path, err));
    tnn_status status = describe(file, json, &text, lacks, err);
    tnn_file_free(file);
    if (status == TNN_OK && (*out = tnn_strbuf_take(&text)) == NULL) status = tnn_fail_nomem(err);
    tnn_strbuf_free(&text);
    return status;
}
