#include "tflite/tflite_describe_metadata.h"

#include "tflite/fbs_metadata.h"
#include "tflite/tflite_describe.h"

tnn_tflite_said tnn_tflite_read_said(const tnn_tflite *file) {
    tnn_tflite_said said = {.wrong.code = TNN_OK};
    size_t n_bytes;
    const uint8_t *bytes = tnn_tflite_entry(file, TNN_METADATA_ENTRY, &n_bytes);
    if (bytes == NULL) return said;
    const tnn_fb_limits limits = {n_bytes, 2 * (uint64_t)n_bytes};
    tnn_status status = tnn_fb_verify(bytes, n_bytes, &tnn_fbs_ModelMetadata, TNN_METADATA_IDENTIFIER, &limits,
                                      TNN_METADATA_ENTRY, &said.wrong);
    said.wrong.code = status;
    if (status != TNN_OK) return said;
    said.model = tnn_fb_root(bytes, n_bytes, &tnn_fbs_ModelMetadata);
    said.subgraph = tnn_fb_child_at(said.model, "subgraph_metadata", 0);
    return said;
}

const char *tnn_tflite_color(tnn_fb_ref tensor) {
    tnn_fb_ref image = tnn_fb_member(tnn_fb_child(tensor, "content"), "content_properties", "ImageProperties");
    if (image.type == NULL) return NULL;
    switch (tnn_fb_int(image, "color_space")) {
    case TNN_COLOR_RGB: return "rgb";
    case TNN_COLOR_GRAYSCALE: return "grayscale";
    default: return "unknown";
    }
}

tnn_fb_ref tnn_tflite_normalization(tnn_fb_ref tensor) {
    for (size_t i = 0; i < tnn_fb_count(tensor, "process_units"); i++) {
        tnn_fb_ref unit = tnn_fb_child_at(tensor, "process_units", i);
        tnn_fb_ref options = tnn_fb_member(unit, "options", "NormalizationOptions");
        if (options.type != NULL) return options;
    }
    return (tnn_fb_ref){0};
}

/* ---- text ---- */

static void print_line(tnn_strbuf *out, const char *label, const char *text) {
    if (text[0] == '\0') return;
    tnn_strbuf_printf(out, "  %s: ", label);
    tnn_tflite_print_name(out, text);
    tnn_strbuf_add(out, "\n");
}

static void print_numbers(tnn_strbuf *out, tnn_fb_ref options, const char *field) {
    for (size_t i = 0; i < tnn_fb_count(options, field); i++)
        tnn_strbuf_printf(out, "%s%g", i > 0 ? " " : "", tnn_fb_number_at(options, field, i));
}

static void print_tensor(tnn_strbuf *out, tnn_fb_ref tensor, const char *label) {
    const char *color = tnn_tflite_color(tensor);
    tnn_fb_ref options = tnn_tflite_normalization(tensor);
    tnn_strbuf_printf(out, "  %s ", label);
    tnn_tflite_print_name(out, tnn_fb_string(tensor, "name"));
    if (color != NULL) tnn_strbuf_printf(out, ", picture %s", color);
    if (options.type != NULL) {
        tnn_strbuf_add(out, ", mean ");
        print_numbers(out, options, "mean");
        tnn_strbuf_add(out, ", std ");
        print_numbers(out, options, "std");
    }
    for (size_t i = 0; i < tnn_fb_count(tensor, "associated_files"); i++) {
        tnn_strbuf_add(out, ", file ");
        tnn_tflite_print_name(out, tnn_fb_string(tnn_fb_child_at(tensor, "associated_files", i), "name"));
    }
    tnn_strbuf_add(out, "\n");
}

static void print_tensors(tnn_strbuf *out, const tnn_tflite_said *said, const char *field, const char *label) {
    for (size_t i = 0; i < tnn_fb_count(said->subgraph, field); i++)
        print_tensor(out, tnn_fb_child_at(said->subgraph, field, i), label);
}

void tnn_tflite_print_said(tnn_strbuf *out, const tnn_tflite_said *said) {
    static const char *const texts[] = {"name", "description", "version", "author", "license"};
    if (said->wrong.code != TNN_OK) tnn_strbuf_printf(out, "metadata cannot be read: %s\n", said->wrong.message);
    if (said->model.type == NULL) return;
    tnn_strbuf_add(out, "metadata\n");
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        print_line(out, texts[i], tnn_fb_string(said->model, texts[i]));
    print_tensors(out, said, "input_tensor_metadata", "input ");
    print_tensors(out, said, "output_tensor_metadata", "output");
}
