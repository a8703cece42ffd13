#include "tflite/tflite_describe.h"

#include <ctype.h>
#include <string.h>

#include "tflite/builtin.h"

#define MAX_NAME_BYTES 80 /* of a name in the text form */

/* ---- pieces ---- */

void tnn_tflite_print_type(tnn_strbuf *out, int64_t type) {
    const char *name = tnn_tfl_type_name(type);
    if (name == NULL) tnn_strbuf_printf(out, "type%lld", (long long)type);
    for (; name != NULL && *name != '\0'; name++) tnn_strbuf_printf(out, "%c", tolower((unsigned char)*name));
}

void tnn_tflite_print_shape(tnn_strbuf *out, tnn_fb_ref tensor) {
    size_t rank = tnn_fb_count(tensor, "shape");
    const char *field = tnn_fb_count(tensor, "shape_signature") == rank ? "shape_signature" : "shape";
    tnn_strbuf_add(out, "[");
    for (size_t k = 0; k < rank; k++)
        tnn_strbuf_printf(out, "%s%lld", k > 0 ? ", " : "", (long long)tnn_fb_int_at(tensor, field, k));
    tnn_strbuf_add(out, "]");
}

void tnn_tflite_print_name(tnn_strbuf *out, const char *name) {
    size_t length = strlen(name), n = length < MAX_NAME_BYTES ? length : MAX_NAME_BYTES;
    while (n < length && n > 0 && ((unsigned char)name[n] & 0xC0) == 0x80) n--;
    for (size_t i = 0; i < n; i++) {
        bool is_control = (unsigned char)name[i] < 0x20 || name[i] == 0x7F;
        tnn_strbuf_addn(out, is_control ? "?" : name + i, 1);
    }
    if (n < length) tnn_strbuf_add(out, "...");
}

static void print_tensor(tnn_strbuf *out, tnn_fb_ref subgraph, int64_t index) {
    if (index < 0) {
        tnn_strbuf_add(out, "none");
        return;
    }
    tnn_fb_ref tensor = tnn_fb_child_at(subgraph, "tensors", (size_t)index);
    tnn_tflite_print_name(out, tnn_fb_string(tensor, "name"));
    tnn_strbuf_add(out, ": ");
    tnn_tflite_print_type(out, tnn_fb_int(tensor, "type"));
    tnn_tflite_print_shape(out, tensor);
}

static void print_bytes(tnn_strbuf *out, uint64_t n) {
    if (n < 10000) tnn_strbuf_printf(out, "%llu bytes", (unsigned long long)n);
    else if (n < 10000000) tnn_strbuf_printf(out, "%.1f kB", (double)n / 1e3);
    else tnn_strbuf_printf(out, "%.1f MB", (double)n / 1e6);
}

/* ---- sections ---- */

static void print_maps(tnn_strbuf *out, tnn_fb_ref signature, tnn_fb_ref subgraph, const char *field,
                       const char *label) {
    for (size_t i = 0; i < tnn_fb_count(signature, field); i++) {
        tnn_fb_ref map = tnn_fb_child_at(signature, field, i);
        tnn_strbuf_printf(out, "  %s ", label);
        tnn_tflite_print_name(out, tnn_fb_string(map, "name"));
        tnn_strbuf_add(out, " = ");
        print_tensor(out, subgraph, tnn_fb_int(map, "tensor_index"));
        tnn_strbuf_add(out, "\n");
    }
}

static void print_signatures(const tnn_tflite_view *view, tnn_strbuf *out) {
    for (size_t i = 0; i < tnn_fb_count(view->file.model, "signature_defs"); i++) {
        tnn_fb_ref signature = tnn_fb_child_at(view->file.model, "signature_defs", i);
        size_t which = (size_t)tnn_fb_int(signature, "subgraph_index");
        tnn_fb_ref subgraph = tnn_fb_child_at(view->file.model, "subgraphs", which);
        tnn_strbuf_add(out, "signature ");
        tnn_tflite_print_name(out, tnn_fb_string(signature, "signature_key"));
        tnn_strbuf_add(out, "\n");
        print_maps(out, signature, subgraph, "inputs", "input ");
        print_maps(out, signature, subgraph, "outputs", "output");
    }
}

static void print_counts(const tnn_tflite_view *view, tnn_strbuf *out) {
    const tnn_tflite_sums *sums = &view->sums;
    tnn_strbuf_printf(out, "operators: %llu, of them %llu transposes\n", (unsigned long long)sums->n_operators,
                      (unsigned long long)sums->n_transposes);
    for (size_t i = 0; i < sums->n_ops; i++) {
        const char *name = tnn_tflite_op_name(sums->ops[i].code, sums->ops[i].custom, view->arena);
        tnn_strbuf_printf(out, "  %6llu ", (unsigned long long)sums->ops[i].n);
        tnn_tflite_print_name(out, name != NULL ? name : "");
        tnn_strbuf_printf(out, " version %d\n", sums->ops[i].version);
    }
    tnn_strbuf_printf(out, "MACs: %llu\nweights: ", (unsigned long long)sums->macs);
    print_bytes(out, sums->weight_bytes);
    tnn_strbuf_add(out, "\nstructure: ");
    print_bytes(out, sums->structure_bytes);
    tnn_strbuf_add(out, "\n");
}

static void print_list(tnn_strbuf *out, tnn_fb_ref subgraph, tnn_fb_ref op, const char *field) {
    size_t n = tnn_fb_count(op, field);
    for (size_t i = 0; i < n; i++) {
        if (i > 0) tnn_strbuf_add(out, ", ");
        print_tensor(out, subgraph, tnn_fb_int_at(op, field, i));
    }
}

static void print_nodes(const tnn_tflite_view *view, tnn_strbuf *out, size_t which) {
    tnn_fb_ref subgraph = tnn_fb_child_at(view->file.model, "subgraphs", which);
    tnn_strbuf_printf(out, "subgraph %zu ", which);
    tnn_tflite_print_name(out, tnn_fb_string(subgraph, "name"));
    tnn_strbuf_add(out, "\n");
    for (size_t i = 0; i < tnn_fb_count(subgraph, "operators"); i++) {
        tnn_fb_ref op = tnn_fb_child_at(subgraph, "operators", i);
        tnn_strbuf_printf(out, "  %zu ", i);
        tnn_tflite_print_name(out, view->op_names[tnn_fb_int(op, "opcode_index")]);
        tnn_strbuf_add(out, "(");
        print_list(out, subgraph, op, "inputs");
        tnn_strbuf_add(out, ") -> ");
        print_list(out, subgraph, op, "outputs");
        tnn_strbuf_add(out, "\n");
    }
}

static void describe_text(const tnn_tflite_view *view, tnn_strbuf *out) {
    tnn_strbuf_printf(out, "TensorFlow Lite model, schema version %lld, ",
                      (long long)tnn_fb_int(view->file.model, "version"));
    print_bytes(out, view->file.file->size);
    tnn_strbuf_add(out, "\ndescription: ");
    tnn_tflite_print_name(out, tnn_fb_string(view->file.model, "description"));
    tnn_strbuf_add(out, "\nmin_runtime_version: ");
    tnn_tflite_print_name(out, view->min_runtime);
    tnn_strbuf_add(out, "\n");
    print_signatures(view, out);
    tnn_tflite_print_said(out, &view->said);
    print_counts(view, out);
    for (size_t i = 0; i < tnn_fb_count(view->file.model, "subgraphs"); i++) print_nodes(view, out, i);
}

/* ---- the whole ---- */

static tnn_status name_operators(tnn_tflite_view *view, tnn_error *err) {
    size_t n = tnn_fb_count(view->file.model, "operator_codes");
    view->op_names = TNN_NEW_ARRAY(view->arena, n, const char *);
    if (view->op_names == NULL) return tnn_fail_nomem(err);
    for (size_t i = 0; i < n; i++) {
        tnn_fb_ref code = tnn_fb_child_at(view->file.model, "operator_codes", i);
        view->op_names[i] =
            tnn_tflite_op_name(tnn_tflite_code(code), tnn_fb_string(code, "custom_code"), view->arena);
        if (view->op_names[i] == NULL) return tnn_fail_nomem(err);
    }
    return TNN_OK;
}

static tnn_status describe(tnn_tflite_view *view, const tnn_file *file, bool json, tnn_strbuf *out, tnn_error *err) {
    TNN_TRY(tnn_tflite_open(&view->file, file, err));
    TNN_TRY(tnn_tflite_sum(&view->sums, &view->file, view->arena, err));
    TNN_TRY(name_operators(view, err));
    tnn_tflite_min_runtime(&view->file, view->min_runtime);
    view->said = tnn_tflite_read_said(&view->file);
    if (json) tnn_tflite_describe_json(view, out);
    else describe_text(view, out);
    return out->failed ? tnn_fail_nomem(err) : TNN_OK;
}

tnn_status tnn_tflite_describe(const tnn_file *file, bool json, tnn_strbuf *out, tnn_error *err) {
    tnn_tflite_view view = {.arena = tnn_arena_new()};
    if (view.arena == NULL) return tnn_fail_nomem(err);
    tnn_status status = describe(&view, file, json, out, err);
    tnn_arena_free(view.arena);
    return status;
}
