#include "read/torchscript_describe.h"

#include <string.h>

#include "eval/handle.h"
#include "read/describe_graph.h"
#include "read/torchscript_graph.h"

typedef struct subject {
    const tnn_torchscript *archive;
    const tnn_model *model;
    tnn_torchscript_tree tree;
    tnn_facts facts;
    bool has_graph;
} subject;

static unsigned long long ull(uint64_t number) { return (unsigned long long)number; }

/* Entries. */

typedef struct entry_sums {
    uint64_t n_code, code_bytes, n_tensors, tensor_bytes;
} entry_sums;

static bool is_below(const tnn_torchscript *archive, const tnn_zip_entry *entry, const char *folder) {
    return strncmp(entry->name + strlen(archive->root), folder, strlen(folder)) == 0;
}

static bool is_code(const tnn_torchscript *archive, const tnn_zip_entry *entry) {
    return is_below(archive, entry, "code/");
}

static bool is_tensor(const tnn_torchscript *archive, const tnn_zip_entry *entry) {
    return is_below(archive, entry, "data/") || is_below(archive, entry, "constants/") ||
           is_below(archive, entry, "traced_inputs/");
}

static entry_sums sum_entries(const tnn_torchscript *archive) {
    entry_sums sums = {0, 0, 0, 0};
    for (size_t i = 0; i < archive->zip->n_entries; i++) {
        const tnn_zip_entry *entry = &archive->zip->entries[i];
        if (is_code(archive, entry)) {
            sums.n_code++;
            sums.code_bytes += entry->size;
        } else if (is_tensor(archive, entry)) {
            sums.n_tensors++;
            sums.tensor_bytes += entry->size;
        }
    }
    return sums;
}

/* Code and tensors are many: they are summed up. */
static void text_entries(tnn_strbuf *out, const tnn_torchscript *archive) {
    entry_sums sums = sum_entries(archive);
    tnn_strbuf_printf(out, "entries (%zu):\n", archive->zip->n_entries);
    tnn_strbuf_printf(out, "  %12llu  code (%llu entries)\n", ull(sums.code_bytes), ull(sums.n_code));
    tnn_strbuf_printf(out, "  %12llu  storages (%llu entries)\n", ull(sums.tensor_bytes), ull(sums.n_tensors));
    for (size_t i = 0; i < archive->zip->n_entries; i++) {
        const tnn_zip_entry *entry = &archive->zip->entries[i];
        if (is_code(archive, entry) || is_tensor(archive, entry)) continue;
        tnn_strbuf_printf(out, "  %12llu  %s%s\n", ull(entry->size), entry->name,
                          entry->method == TNN_ZIP_DEFLATE ? " (deflated)" : "");
    }
}

/* The tree. */

static const char *short_name(const tnn_class *type) {
    const char *dot = strrchr(type->name, '.');
    return dot == NULL ? type->name : dot + 1;
}

static bool is_module(const tnn_obj *obj) {
    return obj->kind == TNN_OBJ_INSTANCE && obj->as.instance->path != NULL;
}

/* A module that several places share is shown where its path says. */
static bool is_at_home(const tnn_instance *parent, const char *key, const tnn_instance *module) {
    size_t n = strlen(parent->path);
    if (n == 0) return strcmp(module->path, key) == 0;
    return strncmp(module->path, parent->path, n) == 0 && module->path[n] == '.' &&
           strcmp(module->path + n + 1, key) == 0;
}

static void text_tensor(tnn_strbuf *out, int indent, const char *name, const tnn_handle *tensor) {
    tnn_strbuf_printf(out, "%*s%s: %s", indent, "", name, tnn_dtype_name(tnn_handle_dtype(tensor)));
    tnn_shape_print(out, &tensor->shape);
    tnn_strbuf_add(out, "\n");
}

/* The pickle that modules come from is nested at most max_depth, and so are they. */
static void text_module(tnn_strbuf *out, int indent, const char *name, const tnn_instance *module) {
    const tnn_strmap *attributes = &module->attributes;
    tnn_strbuf_printf(out, "%*s%s: %s\n", indent, "", name, short_name(module->type));
    for (size_t i = 0; i < attributes->n_entries; i++) {
        const tnn_obj *value = attributes->entries[i].value;
        const char *key = attributes->entries[i].key;
        if (value->kind == TNN_OBJ_TENSOR) text_tensor(out, indent + 2, key, value->as.tensor);
        if (!is_module(value)) continue;
        if (is_at_home(module, key, value->as.instance)) text_module(out, indent + 2, key, value->as.instance);
        else tnn_strbuf_printf(out, "%*s%s: the same as %s\n", indent + 2, "", key, value->as.instance->path);
    }
}

static void text_methods(tnn_strbuf *out, const tnn_instance *root) {
    const tnn_strmap *members = &root->type->members;
    tnn_strbuf_add(out, "methods:");
    for (size_t i = 0; i < members->n_entries; i++) {
        const tnn_name *method = tnn_class_method(root->type, members->entries[i].key);
        if (method == NULL) continue;
        tnn_strbuf_printf(out, "\n  %s(", method->function->name);
        for (size_t k = 1; k < method->function->n_params; k++) {
            tnn_strbuf_printf(out, "%s%s", k == 1 ? "" : ", ", method->function->params[k].name);
        }
        tnn_strbuf_add(out, ")");
    }
    tnn_strbuf_add(out, "\n");
}

static void text_all(tnn_strbuf *out, const subject *s) {
    tnn_strbuf_printf(out, "%s: TorchScript archive of version %lld, %s, %llu bytes\n", s->archive->file->path,
                      (long long)s->archive->version, s->archive->examples == NULL ? "no example inputs" : "traced",
                      ull(s->archive->file->size));
    text_entries(out, s->archive);
    if (s->tree.root != NULL) {
        tnn_strbuf_add(out, "modules:\n");
        text_module(out, 2, "model", s->tree.root);
        text_methods(out, s->tree.root);
    }
    if (s->has_graph) tnn_describe_graph_text(out, s->model->graphs[0], &s->facts);
}

/* JSON. */

static void json_tensor(tnn_strbuf *out, const tnn_handle *tensor) {
    tnn_strbuf_printf(out, "{\"dtype\": \"%s\", \"shape\": [", tnn_dtype_name(tnn_handle_dtype(tensor)));
    for (unsigned i = 0; i < tensor->shape.rank; i++) {
        tnn_strbuf_printf(out, "%s%lld", i == 0 ? "" : ", ", (long long)tensor->shape.dims[i].hint);
    }
    tnn_strbuf_add(out, "]}");
}

static void json_module(tnn_strbuf *out, const tnn_instance *module) {
    const tnn_strmap *attributes = &module->attributes;
    tnn_strbuf_add(out, "{\"class\": ");
    tnn_strbuf_json(out, module->type->name);
    for (size_t i = 0; i < attributes->n_entries; i++) {
        const tnn_obj *value = attributes->entries[i].value;
        if (value->kind != TNN_OBJ_TENSOR && !is_module(value)) continue;
        tnn_strbuf_add(out, ", ");
        tnn_strbuf_json(out, attributes->entries[i].key);
        tnn_strbuf_add(out, ": ");
        if (value->kind == TNN_OBJ_TENSOR) json_tensor(out, value->as.tensor);
        else if (is_at_home(module, attributes->entries[i].key, value->as.instance)) json_module(out, value->as.instance);
        else tnn_strbuf_json(out, value->as.instance->path);
    }
    tnn_strbuf_add(out, "}");
}

static void json_methods(tnn_strbuf *out, const tnn_instance *root) {
    const tnn_strmap *members = &root->type->members;
    bool first = true;
    tnn_strbuf_add(out, ",\n  \"methods\": [");
    for (size_t i = 0; i < members->n_entries; i++) {
        if (tnn_class_method(root->type, members->entries[i].key) == NULL) continue;
        if (!first) tnn_strbuf_add(out, ", ");
        tnn_strbuf_json(out, members->entries[i].key);
        first = false;
    }
    tnn_strbuf_add(out, "]");
}

static void json_all(tnn_strbuf *out, const subject *s) {
    tnn_strbuf_add(out, "{\n  \"format\": \"torchscript\",\n  \"path\": ");
    tnn_strbuf_json(out, s->archive->file->path);
    tnn_strbuf_printf(out, ",\n  \"version\": %lld,\n  \"bytes\": %llu,\n  \"traced\": %s",
                      (long long)s->archive->version, ull(s->archive->file->size),
                      s->archive->examples == NULL ? "false" : "true");
    if (s->tree.root != NULL) {
        tnn_strbuf_add(out, ",\n  \"modules\": ");
        json_module(out, s->tree.root);
        json_methods(out, s->tree.root);
    }
    if (s->has_graph) tnn_describe_graph_json(out, s->model->graphs[0], &s->facts);
    tnn_strbuf_add(out, "\n}\n");
}

static tnn_status collect(subject *s, tnn_error *err) {
    if (!s->has_graph) return TNN_OK;
    const tnn_graph *graph = s->model->graphs[0];
    TNN_TRY(tnn_facts_of_constants(&s->facts, s->archive->arena, graph, err));
    return tnn_facts_of_graph(&s->facts, s->archive->arena, graph, err);
}

static tnn_status describe(tnn_torchscript *archive, const tnn_load_options *options, bool json, tnn_strbuf *out,
                           tnn_lacks *lacks, tnn_error *err) {
    subject s = {.archive = archive};
    tnn_model *model = NULL;
    tnn_error own;
    tnn_status status = tnn_torchscript_to_model(&model, archive, options, &s.tree, lacks, &own);
    if (err != NULL) *err = own;
    if (model == NULL) return status;
    s.model = model;
    s.has_graph = status == TNN_OK;
    tnn_status collected = collect(&s, err);
    if (collected == TNN_OK && json) json_all(out, &s);
    else if (collected == TNN_OK) text_all(out, &s);
    tnn_graph_model_free(model);
    if (collected != TNN_OK) return collected;
    return out->failed ? tnn_fail_nomem(err) : status;
}

tnn_status tnn_torchscript_describe(tnn_file *file, const tnn_load_options *options, bool json, bool *is,
                                    tnn_strbuf *out, tnn_lacks *lacks, tnn_error *err) {
    tnn_torchscript archive;
    if (lacks != NULL) memset(lacks, 0, sizeof *lacks);
    tnn_status status = tnn_torchscript_open(&archive, file, options, is, err);
    if (status == TNN_OK && *is) status = describe(&archive, options, json, out, lacks, err);
    tnn_torchscript_close(&archive);
    return status;
}
