#include "read/remark.h"

#include "ir/lacks.h"

const char *tnn_remark_place(const tnn_node *first, uint64_t n) {
    tnn_arena *arena = first->graph->model->arena;
    tnn_source at = tnn_graph_model_locate(first->graph->model, first->source);
    const char *scope = first->scope == NULL ? "" : first->scope, *source = tnn_source_text(arena, at);
    const char *comma = *scope != '\0' && source != NULL && *source != '\0' ? ", " : "";
    if (source == NULL) return NULL;
    const char *in = *scope != '\0' ? " in " : *source != '\0' ? " at " : "";
    if (n == 1) return *in == '\0' ? "" : tnn_arena_printf(arena, " (%s%s%s%s)", in + 1, scope, comma, source);
    return tnn_arena_printf(arena, " (%llu times%s%s%s%s%s)", (unsigned long long)n, *in == '\0' ? "" : ", first", in,
                            scope, comma, source);
}
