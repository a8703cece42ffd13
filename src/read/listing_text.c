/* A listing in words: for an error, for people, as JSON. */
#include "read/listing.h"

enum { FIRST_NAMES = 3 };

static unsigned long long ull(uint64_t number) { return (unsigned long long)number; }

/* "a state dict", "a pickled module of class a.b.Net" */
static void add_kind(tnn_strbuf *out, const tnn_listing *l) {
    const char *name = l->class_name == NULL ? "that is not named" : l->class_name;
    switch (l->kind) {
    case TNN_LISTING_TENSOR: tnn_strbuf_add(out, "one tensor"); break;
    case TNN_LISTING_STATE_DICT: tnn_strbuf_add(out, "a state dict"); break;
    case TNN_LISTING_DICT:
        tnn_strbuf_printf(out, "a %sdict (%s)", l->n_tensors > 0 ? "checkpoint " : "", l->keys);
        break;
    case TNN_LISTING_MODULE: tnn_strbuf_printf(out, "a pickled module of class %.120s", name); break;
    case TNN_LISTING_OBJECT:
        if (l->class_name == NULL) tnn_strbuf_add(out, "a pickled Python object");
        else tnn_strbuf_printf(out, "a pickled object of class %.120s", name);
        break;
    }
}

/* "62 tensors (conv1.weight, bn1.weight, bn1.bias, ...)" */
static void add_names(tnn_strbuf *out, const tnn_listing *l) {
    tnn_strbuf_printf(out, "%zu%s tensor%s", l->n_tensors, l->cut ? " or more" : "", l->n_tensors == 1 ? "" : "s");
    for (size_t i = 0; i < l->n_tensors && i < FIRST_NAMES; i++) {
        const char *name = *l->tensors[i].name == '\0' ? "(no name)" : l->tensors[i].name;
        tnn_strbuf_printf(out, "%s%.60s", i == 0 ? " (" : ", ", name);
    }
    if (l->n_tensors > 0) tnn_strbuf_add(out, l->n_tensors > FIRST_NAMES ? ", ...)" : ")");
}

static const char *next_step(const tnn_listing *l) {
    switch (l->n_tensors > 0 ? l->kind : TNN_LISTING_OBJECT) {
    case TNN_LISTING_STATE_DICT: return "load it into its module by load_state_dict()";
    case TNN_LISTING_DICT: return "load its state dict into its module by load_state_dict()";
    case TNN_LISTING_MODULE: return "load it by torch.load(..., weights_only=False) where its class can be imported";
    case TNN_LISTING_TENSOR:
    case TNN_LISTING_OBJECT: break;
    }
    return "build the module";
}

tnn_status tnn_listing_refuse(const tnn_listing *l, const char *path, tnn_error *err) {
    tnn_strbuf what = {0};
    add_kind(&what, l);
    tnn_strbuf_add(&what, ": ");
    add_names(&what, l);
    tnn_status status =
        what.failed ? tnn_fail_nomem(err)
                    : tnn_fail(err, TNN_ERR_UNSUPPORTED, path,
                               "this is %s with %s, without a program; %s, and export that: "
                               "torch.export.save(torch.export.export(module.eval(), (example,)), \"model.pt2\")",
                               l->form, what.data, next_step(l));
    tnn_strbuf_free(&what);
    return status;
}

static void add_shape(tnn_strbuf *out, const tnn_listed *tensor) {
    tnn_strbuf_add(out, "[");
    for (unsigned i = 0; i < tensor->rank; i++) {
        tnn_strbuf_printf(out, "%s%lld", i == 0 ? "" : ", ", (long long)tensor->dims[i]);
    }
    tnn_strbuf_add(out, "]");
}

void tnn_listing_text(tnn_strbuf *out, const tnn_listing *l, const char *path, uint64_t file_bytes) {
    tnn_strbuf_printf(out, "%s: %s with ", path, l->form);
    add_kind(out, l);
    tnn_strbuf_printf(out, ", %llu bytes\ntensors: %zu%s, %llu elements, %llu bytes\n", ull(file_bytes), l->n_tensors,
                      l->cut ? " or more" : "", ull(l->n_elems), ull(l->n_bytes));
    for (size_t i = 0; i < l->n_tensors; i++) {
        tnn_strbuf_printf(out, "  %s: %s", l->tensors[i].name, l->tensors[i].type);
        add_shape(out, &l->tensors[i]);
        tnn_strbuf_add(out, "\n");
    }
}

static const char *kind_name(tnn_listing_kind kind) {
    switch (kind) {
    case TNN_LISTING_TENSOR: return "tensor";
    case TNN_LISTING_STATE_DICT: return "state dict";
    case TNN_LISTING_DICT: return "dict";
    case TNN_LISTING_MODULE: return "module";
    case TNN_LISTING_OBJECT: break;
    }
    return "object";
}

static void json_tensor(tnn_strbuf *out, const tnn_listed *tensor) {
    tnn_strbuf_add(out, "\n    {\"name\": ");
    tnn_strbuf_json(out, tensor->name);
    tnn_strbuf_add(out, ", \"dtype\": ");
    tnn_strbuf_json(out, tensor->type);
    tnn_strbuf_add(out, ", \"shape\": ");
    add_shape(out, tensor);
    tnn_strbuf_add(out, "}");
}

void tnn_listing_json(tnn_strbuf *out, const tnn_listing *l, const char *path, uint64_t file_bytes) {
    tnn_strbuf_add(out, "{\n  \"format\": \"torch.save\",\n  \"path\": ");
    tnn_strbuf_json(out, path);
    tnn_strbuf_printf(out, ",\n  \"bytes\": %llu,\n  \"holds\": \"%s\",\n  \"class\": ", ull(file_bytes),
                      kind_name(l->kind));
    if (l->class_name == NULL) tnn_strbuf_add(out, "null");
    else tnn_strbuf_json(out, l->class_name);
    tnn_strbuf_printf(out, ",\n  \"elements\": %llu,\n  \"complete\": %s,\n  \"tensors\": [", ull(l->n_elems),
                      l->cut ? "false" : "true");
    for (size_t i = 0; i < l->n_tensors; i++) {
        if (i > 0) tnn_strbuf_add(out, ",");
        json_tensor(out, &l->tensors[i]);
    }
    tnn_strbuf_add(out, "]\n}\n");
}
