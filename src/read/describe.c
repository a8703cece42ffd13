#include "read/describe.h"

#include <string.h>

#include "read/describe_graph.h"
#include "read/pt2_graph.h"

typedef struct subject {
    const tnn_pt2 *pt2;
    const tnn_graph *graph;
    tnn_facts facts;
} subject;

static unsigned long long ull(uint64_t number) { return (unsigned long long)number; }

/* Text. */

static bool is_tensor_data(const tnn_pt2 *pt2, const char *name) {
    const char *inside = name + strlen(pt2->root);
    bool data = strncmp(inside, "data/weights/", 13) == 0 || strncmp(inside, "data/constants/", 15) == 0;
    return data && strstr(inside, "_config.json") == NULL;
}

/* Tensors are summed up below; the other entries are few. */
static void text_entries(tnn_strbuf *out, const tnn_pt2 *pt2) {
    tnn_strbuf_printf(out, "entries (%zu, without tensors):\n", pt2->zip->n_entries);
    for (size_t i = 0; i < pt2->zip->n_entries; i++) {
        const tnn_zip_entry *entry = &pt2->zip->entries[i];
        if (is_tensor_data(pt2, entry->name)) continue;
        tnn_strbuf_printf(out, "  %12llu  %s%s\n", ull(entry->size), entry->name,
                          entry->method == TNN_ZIP_DEFLATE ? " (deflated)" : "");
    }
}

static void text_all(tnn_strbuf *out, const subject *s) {
    const tnn_model *model = s->graph->model;
    tnn_strbuf_printf(out, "%s: torch.export program of torch %s, schema %lld.%lld, %llu bytes\n", model->path,
                      s->pt2->torch_version, (long long)s->pt2->schema_major, (long long)s->pt2->schema_minor,
                      ull(s->pt2->file->size));
    text_entries(out, s->pt2);
    tnn_describe_graph_text(out, s->graph, &s->facts);
}

/* JSON. */

static void json_entries(tnn_strbuf *out, const tnn_zip *zip) {
    tnn_strbuf_add(out, ",\n  \"entries\": [");
    for (size_t i = 0; i < zip->n_entries; i++) {
        tnn_strbuf_add(out, i == 0 ? "\n    {\"name\": " : ",\n    {\"name\": ");
        tnn_strbuf_json(out, zip->entries[i].name);
        tnn_strbuf_printf(out, ", \"bytes\": %llu, \"stored_bytes\": %llu}", ull(zip->entries[i].size),
                          ull(zip->entries[i].stored));
    }
    tnn_strbuf_add(out, "]");
}

static void json_all(tnn_strbuf *out, const subject *s) {
    const tnn_model *model = s->graph->model;
    tnn_strbuf_add(out, "{\n  \"format\": \"pt2\",\n  \"path\": ");
    tnn_strbuf_json(out, model->path);
    tnn_strbuf_add(out, ",\n  \"torch_version\": ");
    tnn_strbuf_json(out, s->pt2->torch_version);
    tnn_strbuf_printf(out, ",\n  \"schema_version\": \"%lld.%lld\",\n  \"bytes\": %llu",
                      (long long)s->pt2->schema_major, (long long)s->pt2->schema_minor, ull(s->pt2->file->size));
    json_entries(out, s->pt2->zip);
    tnn_describe_graph_json(out, s->graph, &s->facts);
    tnn_strbuf_add(out, "\n}\n");
}

static tnn_status describe(const tnn_pt2 *pt2, const tnn_graph *graph, bool json, tnn_strbuf *out, tnn_error *err) {
    subject s = {.pt2 = pt2, .graph = graph};
    TNN_TRY(tnn_facts_collect(&s.facts, pt2, graph, err));
    if (json) json_all(out, &s);
    else text_all(out, &s);
    return out->failed ? tnn_fail_nomem(err) : TNN_OK;
}

tnn_status tnn_pt2_describe(const char *path, const tnn_load_options *options, bool json, tnn_strbuf *out,
                            tnn_lacks *lacks, tnn_error *err) {
    tnn_model *model = NULL;
    tnn_pt2 pt2;
    if (lacks != NULL) memset(lacks, 0, sizeof *lacks);
    tnn_status status = tnn_pt2_open(&pt2, path, options, err);
    if (status == TNN_OK) status = tnn_pt2_to_model(&model, &pt2, options, lacks, err);
    if (status == TNN_OK) status = describe(&pt2, model->graphs[0], json, out, err);
    tnn_graph_model_free(model);
    tnn_pt2_close(&pt2);
    return status;
}
