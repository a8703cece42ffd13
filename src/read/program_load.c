#include "read/program_load.h"

#include <stdio.h>
#include <string.h>

#include "eval/state.h"

const char *tnn_program_last_part(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash == NULL ? path : slash + 1;
}

void tnn_program_explain(const tnn_program_load *load, tnn_error *err) {
    const tnn_origin *origin = tnn_interp_origin(load->interp);
    tnn_source source = tnn_graph_model_locate(load->model, origin->source);
    char where[sizeof err->where + 1];
    if (strncmp(err->where, load->file, strlen(load->file)) == 0) return;
    if (source.file != NULL && err->position == TNN_NO_POSITION) {
        tnn_error text = {.where = ""};
        bool scoped = origin->scope != NULL && *origin->scope != '\0';
        tnn_fail(&text, err->code, NULL, "%.80s:%u%s%.60s%s", source.file, source.line,
                 scoped ? " (" : "", scoped ? origin->scope : "", scoped ? ")" : "");
        memcpy(where, text.message, sizeof where - 1);
        where[sizeof where - 1] = '\0';
        err->where[0] = '\0';
        tnn_error_prefix(err, where);
    }
    tnn_error_prefix(err, load->file);
}
