#include "api/report.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/strmap.h"
#include "ir/value_layout.h"
#include "tflite/op_macs.h"
#include "tinynn/quantize.h"

struct tnn_report {
    tnn_arena *arena;
    const char *json, *page; /* page: NULL where there is no analysis */
    const char **reasons, **warnings, **steps, **left_out;
    uint64_t n_transposes, n_warnings, n_steps, n_left_out, n_operators, file_bytes, n_samples;
};

/* ---- counts ---- */

typedef struct op_count {
    int32_t version; /* highest */
    uint64_t n;
} op_count;

static tnn_status count_operators(const tnn_graph *g, tnn_strmap *counts, tnn_error *err) {
    for (const tnn_node *node = g->first; node != NULL; node = node->next) {
        op_count *count = tnn_strmap_get(counts, node->op->name);
        if (count == NULL) {
            count = TNN_NEW(counts->arena, op_count);
            if (count == NULL || tnn_strmap_set(counts, node->op->name, count) != TNN_OK) return tnn_fail_nomem(err);
        }
        int32_t version = tnn_tfl_version(node);
        if (version > count->version) count->version = version;
        count->n++;
    }
    return TNN_OK;
}

/* ---- JSON ---- */

static void print_list(tnn_strbuf *out, const char *name, const char *const *lines, size_t n) {
    tnn_strbuf_printf(out, ",\n  \"%s\": [", name);
    for (size_t i = 0; i < n; i++) {
        tnn_strbuf_add(out, i == 0 ? "\n    " : ",\n    ");
        tnn_strbuf_json(out, lines[i]);
    }
    tnn_strbuf_add(out, n == 0 ? "]" : "\n  ]");
}

static void print_value(tnn_strbuf *out, const tnn_value *v, const char *name, bool first) {
    tnn_strbuf_add(out, first ? "\n    {\"name\": " : ",\n    {\"name\": ");
    tnn_strbuf_json(out, name);
    tnn_strbuf_printf(out, ", \"dtype\": \"%s\", \"shape\": [", tnn_dtype_name(v->dtype));
    for (uint8_t k = 0; k < v->shape.rank; k++)
        tnn_strbuf_printf(out, k == 0 ? "%" PRId64 : ", %" PRId64, v->shape.dims[k].hint);
    tnn_strbuf_add(out, "]}");
}

static void print_io(tnn_strbuf *out, const tnn_graph *g) {
    tnn_strbuf_add(out, ",\n  \"inputs\": [");
    for (size_t i = 0; i < g->n_inputs; i++) print_value(out, g->inputs[i], g->inputs[i]->name, i == 0);
    tnn_strbuf_add(out, "\n  ],\n  \"outputs\": [");
    for (size_t i = 0; i < g->n_outputs; i++) print_value(out, g->outputs[i], g->output_names[i], i == 0);
    tnn_strbuf_add(out, "\n  ]");
}

static void print_operators(tnn_strbuf *out, const tnn_strmap *counts) {
    tnn_strbuf_add(out, ",\n  \"operators\": {");
    for (size_t i = 0; i < counts->n_entries; i++) {
        const op_count *count = counts->entries[i].value;
        tnn_strbuf_printf(out, "%s\n    \"%s\": {\"count\": %" PRIu64 ", \"version\": %" PRId32 "}", i == 0 ? "" : ",",
                          counts->entries[i].key, count->n, count->version);
    }
    tnn_strbuf_add(out, "\n  }");
}

static bool is_in_order(const tnn_layout *layout) {
    for (uint8_t k = 1; k < layout->n_atoms; k++) {
        const tnn_layout_atom *a = &layout->atoms[k - 1], *b = &layout->atoms[k];
        if (a->dim > b->dim || (a->dim == b->dim && a->part > b->part)) return false;
    }
    return true;
}

/* `"name": [[dimension, factor, size], ...]`, outermost in the file first. */
static void print_order(tnn_strbuf *out, const tnn_value *v, bool *any) {
    if (v->layout == NULL || is_in_order(v->layout)) return;
    tnn_strbuf_add(out, *any ? ",\n    " : "\n    ");
    *any = true;
    tnn_strbuf_json(out, v->name);
    for (uint8_t k = 0; k < v->layout->n_atoms; k++) {
        const tnn_layout_atom *atom = &v->layout->atoms[k];
        tnn_strbuf_printf(out, "%s[%u, %u, %" PRId64 "]", k == 0 ? ": [" : ", ", (unsigned)atom->dim,
                          (unsigned)atom->part, atom->size);
    }
    tnn_strbuf_add(out, "]");
}

static void print_orders(tnn_strbuf *out, const tnn_graph *g) {
    bool any = false;
    tnn_strbuf_add(out, ",\n  \"orders\": {");
    for (size_t i = 0; i < g->n_inputs; i++) print_order(out, g->inputs[i], &any);
    for (const tnn_node *node = g->first; node != NULL; node = node->next)
        for (uint32_t k = 0; k < node->n_outputs; k++) print_order(out, node->outputs[k], &any);
    tnn_strbuf_add(out, any ? "\n  }" : "}");
}

static void print_decibels(tnn_strbuf *out, const char *name, double decibels) {
    if (isfinite(decibels)) tnn_strbuf_printf(out, ", \"%s\": %.2f", name, decibels);
    else tnn_strbuf_printf(out, ", \"%s\": null", name);
}

static void print_steps(tnn_strbuf *out, const tnn_quant_steps *steps) {
    tnn_strbuf_add(out, ",\n  \"steps\": [");
    for (size_t i = 0; i < steps->n; i++) {
        const tnn_quant_step *s = &steps->steps[i];
        tnn_strbuf_printf(out, "%s{\"name\": \"%s\", \"unit\": \"%s\", \"changed\": %" PRIu32, i == 0 ? "\n    " : ",\n    ",
                          s->name, s->unit, s->n_changed);
        print_decibels(out, "decibels_before", s->before);
        print_decibels(out, "decibels_after", s->after);
        tnn_strbuf_printf(out, ", \"taken_back\": %s}", s->taken_back ? "true" : "false");
    }
    tnn_strbuf_add(out, steps->n == 0 ? "]" : "\n  ]");
}

static void print_integers(tnn_strbuf *out, const tnn_report_facts *f) {
    const tnn_int8_stats *s = f->integers;
    const tnn_calibration_notes *notes = f->notes;
    tnn_strbuf_printf(out, ",\n  \"quantization\": {\n  \"integer_operators\": %" PRIu32 ",\n  \"float_operators\": %" PRIu32
                      ",\n  \"borders\": %" PRIu32, s->n_integer, s->n_float, s->n_borders);
    print_list(out, "floats", s->reasons, s->n_float);
    print_steps(out, f->steps);
    tnn_strbuf_printf(out, ",\n  \"samples\": %" PRIu64, notes->n_samples);
    print_list(out, "left_out", notes->left_out, notes->n_left_out);
    if (f->analysis != NULL) tnn_analysis_json(out, f->analysis);
    tnn_strbuf_add(out, "\n  }");
}

static void print_dynamic_range(tnn_strbuf *out, const tnn_dynamic_range_stats *s) {
    tnn_strbuf_printf(out, ",\n  \"dynamic_range\": {\n  \"operators\": %" PRIu32, s->n_operators);
    print_list(out, "floats", s->reasons, s->n_floats);
    tnn_strbuf_add(out, "\n  }");
}

static void print_int4(tnn_strbuf *out, const tnn_int4_stats *s) {
    tnn_strbuf_printf(out, ",\n  \"int4\": {\n  \"operators\": %" PRIu32 ",\n  \"bytes\": %" PRIu64, s->n_operators, s->n_bytes);
    print_list(out, "eights", s->reasons, s->n_reasons);
    tnn_strbuf_add(out, "\n  }");
}

static void print_report(tnn_strbuf *out, const tnn_report_facts *f, const tnn_strmap *counts) {
    const tnn_tflite_stats *s = f->stats;
    tnn_strbuf_printf(out, "{\n  \"n_operators\": %" PRIu32 ",\n  \"n_transposes\": %zu", s->n_operators,
                      f->layout->n_reasons);
    print_operators(out, counts);
    print_list(out, "transposes", f->layout->reasons, f->layout->n_reasons);
    tnn_strbuf_printf(out, ",\n  \"macs\": %" PRIu64, tnn_tfl_graph_macs(f->lowered));
    tnn_strbuf_printf(out, ",\n  \"file_bytes\": %" PRIu64 ",\n  \"constant_bytes\": %" PRIu64 ",\n  \"n_tensors\": %" PRIu32,
                      s->file_bytes, s->buffer_bytes, s->n_tensors);
    tnn_strbuf_printf(out, ",\n  \"min_runtime_version\": \"%s\"", s->min_runtime);
    print_io(out, f->lowered);
    if (f->integers != NULL) print_integers(out, f);
    if (f->dynamic_range != NULL) print_dynamic_range(out, f->dynamic_range);
    if (f->int4 != NULL) print_int4(out, f->int4);
    print_orders(out, f->source->graphs[0]);
    print_list(out, "size_guards", f->source->guards, f->source->n_guards);
    print_list(out, "warnings", f->source->warnings, f->source->n_warnings);
    tnn_strbuf_add(out, "\n}\n");
}

/* ---- the object ---- */

static tnn_status copy_lines(tnn_arena *arena, const char ***out, uint64_t *n_out, const char *const *lines, size_t n,
                             tnn_error *err) {
    *n_out = n;
    *out = TNN_NEW_ARRAY(arena, n, const char *);
    if (*out == NULL) return tnn_fail_nomem(err);
    for (size_t i = 0; i < n; i++) {
        (*out)[i] = tnn_arena_str(arena, lines[i]);
        if ((*out)[i] == NULL) return tnn_fail_nomem(err);
    }
    return TNN_OK;
}

static const char *step_line(tnn_arena *arena, const tnn_quant_step *s) {
    if (s->n_changed == 0) return tnn_arena_printf(arena, "%s: nothing to do", s->name);
    return tnn_arena_printf(arena, "%s: %" PRIu32 " %s, outputs from %.1f to %.1f dB%s", s->name, s->n_changed, s->unit,
                            s->before, s->after, s->taken_back ? ", taken back" : "");
}

static tnn_status write_steps(tnn_report *r, const tnn_quant_steps *steps, tnn_error *err) {
    if (steps == NULL) return TNN_OK;
    r->steps = TNN_NEW_ARRAY(r->arena, steps->n, const char *);
    if (r->steps == NULL) return tnn_fail_nomem(err);
    while (r->n_steps < steps->n) {
        const char *line = r->steps[r->n_steps] = step_line(r->arena, &steps->steps[r->n_steps]);
        if (line == NULL) return tnn_fail_nomem(err);
        r->n_steps++;
    }
    return TNN_OK;
}

static tnn_status fill_notes(tnn_report *r, const tnn_calibration_notes *notes, tnn_error *err) {
    if (notes == NULL) return TNN_OK;
    r->n_samples = notes->n_samples;
    return copy_lines(r->arena, &r->left_out, &r->n_left_out, notes->left_out, notes->n_left_out, err);
}

static tnn_status fill_page(tnn_report *r, const tnn_report_facts *facts, tnn_error *err) {
    tnn_strbuf text = {0};
    tnn_analysis_page(&text, facts->analysis);
    r->page = text.failed ? NULL : tnn_arena_str(r->arena, text.data);
    tnn_strbuf_free(&text);
    return r->page == NULL ? tnn_fail_nomem(err) : TNN_OK;
}

static tnn_status fill(tnn_report *r, const tnn_report_facts *facts, tnn_error *err) {
    tnn_strmap counts;
    tnn_strbuf text = {0};
    r->n_operators = facts->stats->n_operators;
    r->file_bytes = facts->stats->file_bytes;
    const tnn_layout_result *layout = facts->layout;
    const tnn_model *source = facts->source;
    TNN_TRY(copy_lines(r->arena, &r->reasons, &r->n_transposes, layout->reasons, layout->n_reasons, err));
    TNN_TRY(copy_lines(r->arena, &r->warnings, &r->n_warnings, source->warnings, source->n_warnings, err));
    TNN_TRY(write_steps(r, facts->steps, err));
    TNN_TRY(fill_notes(r, facts->notes, err));
    tnn_strmap_init(&counts, r->arena);
    TNN_TRY(count_operators(facts->lowered, &counts, err));
    print_report(&text, facts, &counts);
    r->json = text.failed ? NULL : tnn_arena_str(r->arena, text.data);
    tnn_strbuf_free(&text);
    if (r->json == NULL) return tnn_fail_nomem(err);
    return facts->analysis != NULL ? fill_page(r, facts, err) : TNN_OK;
}

tnn_status tnn_report_new(tnn_report **out, const tnn_report_facts *facts, tnn_error *err) {
    tnn_arena *arena = tnn_arena_new();
    tnn_report *r = arena == NULL ? NULL : TNN_NEW(arena, tnn_report);
    *out = NULL;
    tnn_status status = TNN_ERR_NOMEM;
    if (r != NULL) {
        r->arena = arena;
        status = fill(r, facts, err);
    } else {
        tnn_fail_nomem(err);
    }
    if (status == TNN_OK) *out = r;
    else tnn_arena_free(arena);
    return status;
}

void tnn_report_free(tnn_report *report) {
    if (report != NULL) tnn_arena_free(report->arena);
}

const char *tnn_report_json(const tnn_report *report) { return report->json; }
const char *tnn_report_analysis_page(const tnn_report *report) { return report->page; }
uint64_t tnn_report_n_operators(const tnn_report *report) { return report->n_operators; }
uint64_t tnn_report_n_transposes(const tnn_report *report) { return report->n_transposes; }
uint64_t tnn_report_file_bytes(const tnn_report *report) { return report->file_bytes; }

const char *tnn_report_transpose_reason(const tnn_report *report, uint64_t index) {
    return index < report->n_transposes ? report->reasons[index] : "";
}

uint64_t tnn_report_n_warnings(const tnn_report *report) { return report->n_warnings; }

const char *tnn_report_warning(const tnn_report *report, uint64_t index) {
    return index < report->n_warnings ? report->warnings[index] : "";
}

uint64_t tnn_report_n_steps(const tnn_report *report) { return report->n_steps; }

const char *tnn_report_step(const tnn_report *report, uint64_t index) {
    return index < report->n_steps ? report->steps[index] : "";
}

uint64_t tnn_report_n_samples(const tnn_report *report) { return report->n_samples; }
uint64_t tnn_report_n_left_out(const tnn_report *report) { return report->n_left_out; }

const char *tnn_report_left_out(const tnn_report *report, uint64_t index) {
    return index < report->n_left_out ? report->left_out[index] : "";
}
