/* Labels: lines, and the output that they are for. */
#include <string.h>

#include "base/strbuf.h"
#include "tflite/metadata.h"

static bool is_blank(const char *line, size_t length) {
    for (size_t i = 0; i < length; i++)
        if (line[i] != ' ' && line[i] != '\t') return false;
    return true;
}

tnn_status tnn_metadata_labels(char **lines, size_t *n, const char *text, tnn_arena *arena, tnn_error *err) {
    char *to = *lines = tnn_arena_alloc(arena, strlen(text) + 2, 1);
    if (to == NULL) return tnn_fail_nomem(err);
    for (*n = 0; *text != '\0'; (*n)++) {
        size_t whole = strcspn(text, "\n"), length = whole;
        if (length > 0 && text[length - 1] == '\r') length--;
        if (is_blank(text, length)) return tnn_fail(err, TNN_ERR_INVALID, "labels", "line %zu is empty", *n + 1);
        memcpy(to, text, length);
        to += length;
        *to++ = '\n';
        text += whole + (text[whole] == '\n');
    }
    return *n > 0 ? TNN_OK : tnn_fail(err, TNN_ERR_INVALID, "labels", "there are none");
}

static int64_t last_dim(const tnn_value *value) {
    return value->shape.rank == 0 ? 1 : value->shape.dims[value->shape.rank - 1].hint;
}

static tnn_status fail_labels(size_t n, const tnn_graph *graph, tnn_error *err) {
    tnn_strbuf text = {0};
    for (size_t i = 0; i < graph->n_outputs; i++)
        tnn_strbuf_printf(&text, "%s \"%s\" has %lld", i == 0 ? "" : ",", graph->output_names[i],
                          (long long)last_dim(graph->outputs[i]));
    tnn_status status = text.failed ? tnn_fail_nomem(err)
                                    : tnn_fail(err, TNN_ERR_INVALID, "labels",
                                               "%zu labels fit no output; along its last dimension%s", n, text.data);
    tnn_strbuf_free(&text);
    return status;
}

tnn_status tnn_metadata_labelled(size_t *index, size_t n, const tnn_graph *graph, tnn_error *err) {
    for (*index = 0; *index < graph->n_outputs; (*index)++)
        if (last_dim(graph->outputs[*index]) == (int64_t)n) return TNN_OK;
    return fail_labels(n, graph, err);
}
