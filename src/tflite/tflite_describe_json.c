/* The JSON form: the same facts as the text, and all tensors.
 *
 *   {"format": "tflite", "file_bytes": …, "schema_version": 3, "description": "…", "min_runtime_version": "…",
 *    "n_operators": …, "n_transposes": …, "macs": …, "weight_bytes": …, "structure_bytes": …,
 *    "metadata": null or {"error"} or {"name", "description", "version", "author", "license", "min_parser_version",
 *                 "inputs": [{"name", "picture", "mean", "std", "files"}], "outputs"},
 *    "operators": [{"name", "version", "count"}],
 *    "signatures": [{"key", "subgraph", "inputs": [{"name", "tensor", "dtype", "shape"}], "outputs"}],
 *    "subgraphs": [{"name", "inputs": [tensor], "outputs": [tensor],
 *                   "tensors": [{"name", "dtype", "shape", "buffer", "bytes", "scales"}],
 *                   "nodes": [{"op", "version", "inputs": [tensor], "outputs": [tensor], "macs"}]}]} */
#include "tflite/tflite_describe.h"

#include <math.h>

static void key(tnn_strbuf *out, const char *name) {
    tnn_strbuf_json(out, name);
    tnn_strbuf_add(out, ": ");
}

static void put_text(tnn_strbuf *out, const char *name, const char *text) {
    key(out, name);
    tnn_strbuf_json(out, text);
    tnn_strbuf_add(out, ", ");
}

static void put_int(tnn_strbuf *out, const char *name, uint64_t value) {
    key(out, name);
    tnn_strbuf_printf(out, "%llu, ", (unsigned long long)value);
}

/* Ends an object or a list: no comma behind its last entry. */
static void close(tnn_strbuf *out, const char *end) {
    if (out->length >= 2 && !out->failed && out->data[out->length - 2] == ',') out->length -= 2;
    tnn_strbuf_add(out, end);
}

static void put_indices(tnn_strbuf *out, tnn_fb_ref owner, const char *field) {
    size_t n = tnn_fb_count(owner, field);
    key(out, field);
    tnn_strbuf_add(out, "[");
    for (size_t i = 0; i < n; i++)
        tnn_strbuf_printf(out, "%lld, ", (long long)tnn_fb_int_at(owner, field, i));
    close(out, "], ");
}

static void put_type(tnn_strbuf *out, tnn_fb_ref tensor) {
    key(out, "dtype");
    tnn_strbuf_add(out, "\"");
    tnn_tflite_print_type(out, tnn_fb_int(tensor, "type"));
    tnn_strbuf_add(out, "\", ");
    key(out, "shape");
    tnn_tflite_print_shape(out, tensor);
    tnn_strbuf_add(out, ", ");
}

/* ---- metadata ---- */

static void put_numbers(tnn_strbuf *out, tnn_fb_ref owner, const char *field) {
    key(out, field);
    tnn_strbuf_add(out, "[");
    for (size_t i = 0; i < tnn_fb_count(owner, field); i++) {
        double number = tnn_fb_number_at(owner, field, i);
        tnn_strbuf_printf(out, isfinite(number) ? "%.9g, " : "null, ", number);
    }
    close(out, "], ");
}

static void put_files(tnn_strbuf *out, tnn_fb_ref tensor) {
    key(out, "files");
    tnn_strbuf_add(out, "[");
    for (size_t i = 0; i < tnn_fb_count(tensor, "associated_files"); i++) {
        tnn_strbuf_json(out, tnn_fb_string(tnn_fb_child_at(tensor, "associated_files", i), "name"));
        tnn_strbuf_add(out, ", ");
    }
    close(out, "], ");
}

static void put_said_tensors(tnn_strbuf *out, const tnn_tflite_said *said, const char *field, const char *name) {
    key(out, name);
    tnn_strbuf_add(out, "[");
    for (size_t i = 0; i < tnn_fb_count(said->subgraph, field); i++) {
        tnn_fb_ref tensor = tnn_fb_child_at(said->subgraph, field, i);
        const char *color = tnn_tflite_color(tensor);
        tnn_strbuf_add(out, "{");
        put_text(out, "name", tnn_fb_string(tensor, "name"));
        put_text(out, "picture", color != NULL ? color : "");
        put_numbers(out, tnn_tflite_normalization(tensor), "mean");
        put_numbers(out, tnn_tflite_normalization(tensor), "std");
        put_files(out, tensor);
        close(out, "}, ");
    }
    close(out, "], ");
}

static void put_said(tnn_strbuf *out, const tnn_tflite_said *said) {
    static const char *const texts[] = {"name", "description", "version", "author", "license", "min_parser_version"};
    key(out, "metadata");
    if (said->model.type == NULL && said->wrong.code == TNN_OK) {
        tnn_strbuf_add(out, "null, ");
        return;
    }
    tnn_strbuf_add(out, "{");
    if (said->wrong.code != TNN_OK) put_text(out, "error", said->wrong.message);
    for (size_t i = 0; i < sizeof texts / sizeof *texts && said->model.type != NULL; i++)
        put_text(out, texts[i], tnn_fb_string(said->model, texts[i]));
    put_said_tensors(out, said, "input_tensor_metadata", "inputs");
    put_said_tensors(out, said, "output_tensor_metadata", "outputs");
    close(out, "}, ");
}

/* ---- the file ---- */

static void put_operators(const tnn_tflite_view *view, tnn_strbuf *out) {
    key(out, "operators");
    tnn_strbuf_add(out, "[");
    for (size_t i = 0; i < view->sums.n_ops; i++) {
        const tnn_tflite_op_count *count = &view->sums.ops[i];
        const char *name = tnn_tflite_op_name(count->code, count->custom, view->arena);
        tnn_strbuf_add(out, "{");
        put_text(out, "name", name != NULL ? name : "");
        put_int(out, "version", (uint64_t)count->version);
        put_int(out, "count", count->n);
        close(out, "}, ");
    }
    close(out, "], ");
}

static void put_maps(tnn_strbuf *out, tnn_fb_ref signature, tnn_fb_ref subgraph, const char *field) {
    key(out, field);
    tnn_strbuf_add(out, "[");
    for (size_t i = 0; i < tnn_fb_count(signature, field); i++) {
        tnn_fb_ref map = tnn_fb_child_at(signature, field, i);
        tnn_strbuf_add(out, "{");
        put_text(out, "name", tnn_fb_string(map, "name"));
        put_int(out, "tensor", (uint64_t)tnn_fb_int(map, "tensor_index"));
        put_type(out, tnn_fb_child_at(subgraph, "tensors", (size_t)tnn_fb_int(map, "tensor_index")));
        close(out, "}, ");
    }
    close(out, "], ");
}

static void put_signatures(const tnn_tflite_view *view, tnn_strbuf *out) {
    key(out, "signatures");
    tnn_strbuf_add(out, "[");
    for (size_t i = 0; i < tnn_fb_count(view->file.model, "signature_defs"); i++) {
        tnn_fb_ref signature = tnn_fb_child_at(view->file.model, "signature_defs", i);
        size_t which = (size_t)tnn_fb_int(signature, "subgraph_index");
        tnn_fb_ref subgraph = tnn_fb_child_at(view->file.model, "subgraphs", which);
        tnn_strbuf_add(out, "{");
        put_text(out, "key", tnn_fb_string(signature, "signature_key"));
        put_int(out, "subgraph", which);
        put_maps(out, signature, subgraph, "inputs");
        put_maps(out, signature, subgraph, "outputs");
        close(out, "}, ");
    }
    close(out, "], ");
}

static void put_tensors(const tnn_tflite_view *view, tnn_strbuf *out, tnn_fb_ref subgraph) {
    key(out, "tensors");
    tnn_strbuf_add(out, "[");
    for (size_t i = 0; i < tnn_fb_count(subgraph, "tensors"); i++) {
        tnn_fb_ref tensor = tnn_fb_child_at(subgraph, "tensors", i);
        size_t buffer = (size_t)tnn_fb_int(tensor, "buffer"), n_bytes;
        tnn_tflite_buffer(&view->file, buffer, &n_bytes);
        tnn_strbuf_add(out, "{");
        put_text(out, "name", tnn_fb_string(tensor, "name"));
        put_type(out, tensor);
        put_int(out, "buffer", buffer);
        put_int(out, "bytes", n_bytes);
        put_int(out, "scales", tnn_fb_count(tnn_fb_child(tensor, "quantization"), "scale"));
        close(out, "}, ");
    }
    close(out, "], ");
}

static void put_nodes(const tnn_tflite_view *view, tnn_strbuf *out, tnn_fb_ref subgraph) {
    key(out, "nodes");
    tnn_strbuf_add(out, "[");
    for (size_t i = 0; i < tnn_fb_count(subgraph, "operators"); i++) {
        tnn_fb_ref op = tnn_fb_child_at(subgraph, "operators", i);
        size_t code = (size_t)tnn_fb_int(op, "opcode_index");
        tnn_fb_ref operator_code = tnn_fb_child_at(view->file.model, "operator_codes", code);
        tnn_strbuf_add(out, "{");
        put_text(out, "op", view->op_names[code]);
        put_int(out, "version", (uint64_t)tnn_fb_int(operator_code, "version"));
        put_indices(out, op, "inputs");
        put_indices(out, op, "outputs");
        put_int(out, "macs", tnn_tflite_macs(&view->file, subgraph, op));
        close(out, "}, ");
    }
    close(out, "], ");
}

static void put_subgraphs(const tnn_tflite_view *view, tnn_strbuf *out) {
    key(out, "subgraphs");
    tnn_strbuf_add(out, "[");
    for (size_t i = 0; i < tnn_fb_count(view->file.model, "subgraphs"); i++) {
        tnn_fb_ref subgraph = tnn_fb_child_at(view->file.model, "subgraphs", i);
        tnn_strbuf_add(out, "{");
        put_text(out, "name", tnn_fb_string(subgraph, "name"));
        put_indices(out, subgraph, "inputs");
        put_indices(out, subgraph, "outputs");
        put_tensors(view, out, subgraph);
        put_nodes(view, out, subgraph);
        close(out, "}, ");
    }
    close(out, "], ");
}

void tnn_tflite_describe_json(const tnn_tflite_view *view, tnn_strbuf *out) {
    tnn_strbuf_add(out, "{");
    put_text(out, "format", "tflite");
    put_int(out, "file_bytes", view->file.file->size);
    put_int(out, "schema_version", (uint64_t)tnn_fb_int(view->file.model, "version"));
    put_text(out, "description", tnn_fb_string(view->file.model, "description"));
    put_text(out, "min_runtime_version", view->min_runtime);
    put_int(out, "n_operators", view->sums.n_operators);
    put_int(out, "n_transposes", view->sums.n_transposes);
    put_int(out, "macs", view->sums.macs);
    put_int(out, "weight_bytes", view->sums.weight_bytes);
    put_int(out, "structure_bytes", view->sums.structure_bytes);
    put_said(out, &view->said);
    put_operators(view, out);
    put_signatures(view, out);
    put_subgraphs(view, out);
    close(out, "}\n");
}
