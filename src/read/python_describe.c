/* What a program in Python holds, as `tinynn inspect` prints it. */
#include <string.h>

#include "read/describe_graph.h"
#include "read/python_load.h"

static void json_head(tnn_strbuf *out, const tnn_file *file) {
    tnn_strbuf_add(out, "{\n  \"format\": \"python\",\n  \"path\": ");
    tnn_strbuf_json(out, file->path);
    tnn_strbuf_printf(out, ",\n  \"bytes\": %llu", (unsigned long long)file->size);
}

static tnn_status describe(tnn_strbuf *out, const tnn_file *file, const tnn_model *model, bool json, tnn_error *err) {
    const tnn_graph *graph = model->graphs[0];
    tnn_facts facts = {.n_ops = 0};
    TNN_TRY(tnn_facts_of_constants(&facts, model->arena, graph, err));
    TNN_TRY(tnn_facts_of_graph(&facts, model->arena, graph, err));
    if (json) {
        json_head(out, file);
        tnn_describe_graph_json(out, graph, &facts);
        tnn_strbuf_add(out, "\n}\n");
    } else {
        tnn_strbuf_printf(out, "%s: program in Python, %llu bytes\n", file->path, (unsigned long long)file->size);
        tnn_describe_graph_text(out, graph, &facts);
    }
    return out->failed ? tnn_fail_nomem(err) : TNN_OK;
}

tnn_status tnn_python_describe(tnn_file *file, const tnn_load_options *options, bool json, tnn_strbuf *out,
                               tnn_lacks *lacks, tnn_error *err) {
    tnn_model *model = NULL;
    TNN_TRY(tnn_python_to_model(&model, file, options, lacks, err));
    tnn_status status = describe(out, file, model, json, err);
    tnn_graph_model_free(model);
    return status;
}
