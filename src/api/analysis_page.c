/* The analysis as HTML: one file, pictures in it, a few lines of script that sort the table. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "api/analysis.h"
#include "api/analysis_picture.h"

static const char style[] =
    "<style>\n"
    "body{font:14px/1.45 system-ui,Helvetica,Arial,sans-serif;color:#1b1f24;background:#fff;margin:24px 32px}\n"
    "h1{font-size:22px}h2{font-size:16px;margin:28px 0 6px}p{max-width:900px;margin:6px 0}\n"
    "svg{display:block;max-width:1500px}svg text{font:11px system-ui,Helvetica,Arial,sans-serif;fill:#444}\n"
    ".scroll{overflow:auto;max-height:80vh;border:1px solid #d8dde3}\n"
    "table{border-collapse:collapse;font-size:12px}\n"
    "td,th{padding:3px 9px;text-align:left;white-space:nowrap;border-bottom:1px solid #eceff2}\n"
    "th{position:sticky;top:0;background:#f4f6f8;font-weight:600;vertical-align:bottom}\n"
    "table.sort th{cursor:pointer}\n"
    "td.n{text-align:right;font-variant-numeric:tabular-nums}\n"
    "td.low{background:#fbe3e0}td.middling{background:#fdf3dc}\n"
    "tr.float td:first-child{color:#7a4fb5}\n"
    ".legend{max-width:none}.legend span{white-space:nowrap;margin-right:16px}\n"
    "i{display:inline-block;width:22px;height:4px;vertical-align:middle;margin-right:5px}\n"
    "</style>\n";

static const char script[] =
    "<script>\n"
    "for (const head of document.querySelectorAll('table.sort th')) head.onclick = () => {\n"
    "  const at = head.cellIndex, body = head.closest('table').tBodies[0];\n"
    "  const up = head.dataset.up = head.dataset.up === '1' ? '0' : '1';\n"
    "  const key = row => row.cells[at].dataset.key ?? row.cells[at].textContent;\n"
    "  const less = (a, b) => { const x = key(a), y = key(b); return isNaN(x - y) ? x.localeCompare(y) : x - y; };\n"
    "  body.append(...[...body.rows].sort((a, b) => up === '1' ? less(a, b) : less(b, a)));\n"
    "};\n"
    "</script>\n";

/* ---- cells ---- */

enum { LOW = 20, MIDDLING = 30 }; /* dB: what is usually seen in a network's results, what may be */

/* Nothing lost sorts as the best, as the last of all. */
static void print_decibels(tnn_strbuf *out, double decibels, bool measured) {
    const char *mark = !measured || decibels >= MIDDLING ? "" : decibels >= LOW ? " middling" : " low";
    if (!measured) tnn_strbuf_add(out, "<td class=\"n\" data-key=\"1000\"></td>");
    else if (!isfinite(decibels)) tnn_strbuf_add(out, "<td class=\"n\" data-key=\"999\">exact</td>");
    else tnn_strbuf_printf(out, "<td class=\"n%s\" data-key=\"%.3f\">%.1f</td>", mark, decibels, decibels);
}

static void print_noise(tnn_strbuf *out, double noise, bool measured) {
    print_decibels(out, tnn_decibels(noise), measured);
}

static void print_cosine(tnn_strbuf *out, const tnn_difference *sums) {
    tnn_strbuf_printf(out, "<td class=\"n\">%.5f</td>", tnn_cosine_of(sums));
}

static void print_text(tnn_strbuf *out, const char *text) {
    tnn_strbuf_add(out, "<td>");
    tnn_strbuf_html(out, text != NULL ? text : "");
    tnn_strbuf_add(out, "</td>");
}

static void print_shape(tnn_strbuf *out, const tnn_value *value) {
    tnn_strbuf_add(out, "<td>");
    for (uint8_t d = 0; d < value->shape.rank; d++)
        tnn_strbuf_printf(out, d == 0 ? "%" PRId64 : "×%" PRId64, value->shape.dims[d].hint);
    tnn_strbuf_add(out, "</td>");
}

static void print_range(tnn_strbuf *out, const tnn_quant *quant) {
    double scale = (double)quant->scale[0], zero = (double)quant->zero_point[0];
    tnn_strbuf_printf(out, "<td data-key=\"%.6g\">%.4g … %.4g</td>", 255 * scale, (-128 - zero) * scale,
                      (127 - zero) * scale);
}

/* ---- the table ---- */

static const char *const columns[] = {
    "name", "type", "in", "shape", "computed in", "numbers seen,<br>and range", "range", "weights<br>themselves",
    "result, weights<br>rounded", "result, values<br>rounded", "result,<br>both", "cosine", "outputs, by<br>weights alone",
    "outputs, by<br>values alone", "outputs,<br>by both", "result, all<br>roundings", "cosine, all<br>roundings",
};

static void print_loss(tnn_strbuf *out, const tnn_loss *l) {
    static const tnn_loss none;
    const tnn_loss *loss = l != NULL ? l : &none;
    print_noise(out, loss->own_noise, loss->weights);
    print_noise(out, tnn_noise_of(&loss->by_weights), loss->weights);
    print_noise(out, tnn_noise_of(&loss->by_values), loss->values);
    print_noise(out, tnn_noise_of(&loss->by_both), l != NULL);
    if (l != NULL) print_cosine(out, &loss->by_both);
    else tnn_strbuf_add(out, "<td></td>");
    print_noise(out, loss->weights_cost, loss->weights);
    print_noise(out, loss->values_cost, loss->values);
    print_noise(out, tnn_loss_cost(loss), l != NULL);
}

static void print_row(void *context, const tnn_analysis_row *row) {
    tnn_strbuf *out = context;
    tnn_strbuf_add(out, row->is_integer ? "<tr>" : "<tr class=\"float\">");
    print_text(out, row->value->name);
    tnn_strbuf_add(out, "<td>");
    tnn_analysis_type(out, row);
    tnn_strbuf_add(out, "</td>");
    print_text(out, row->node != NULL ? row->node->scope : NULL);
    print_shape(out, row->value);
    print_text(out, row->is_integer ? "int8" : "float");
    tnn_strbuf_add(out, "<td>");
    if (row->histogram != NULL) tnn_analysis_draw_histogram(out, row->histogram, row->quant);
    tnn_strbuf_add(out, "</td>");
    if (row->quant != NULL) print_range(out, row->quant);
    else tnn_strbuf_add(out, "<td data-key=\"0\"></td>");
    print_loss(out, row->loss);
    print_noise(out, tnn_noise_of(row->sum), true);
    print_cosine(out, row->sum);
    tnn_strbuf_add(out, "</tr>\n");
}

static void print_table(tnn_strbuf *out, const tnn_analysis *analysis) {
    tnn_strbuf_add(out, "<div class=\"scroll\"><table class=\"sort\"><thead><tr>");
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) tnn_strbuf_printf(out, "<th>%s</th>", columns[i]);
    tnn_strbuf_add(out, "</tr></thead><tbody>\n");
    tnn_analysis_rows(analysis, print_row, out);
    tnn_strbuf_add(out, "</tbody></table></div>\n");
}

/* ---- what was excluded ---- */

static void print_exclusion(tnn_strbuf *out, const tnn_exclusion *e) {
    tnn_strbuf_add(out, "<tr>");
    print_text(out, e->loss->value->name);
    print_text(out, e->weights ? "weights" : "values");
    tnn_strbuf_add(out, "<td>");
    for (size_t i = 0; i < e->n_nodes; i++) {
        tnn_strbuf_add(out, i == 0 ? "" : ", ");
        tnn_strbuf_html(out, e->nodes[i]->outputs[0]->name);
    }
    tnn_strbuf_add(out, "</td>");
    print_decibels(out, e->decibels, true);
    print_text(out, e->taken_back ? "not needed, taken back" : "");
    tnn_strbuf_add(out, "</tr>\n");
}

static void print_exclusions(tnn_strbuf *out, const tnn_exclusions *e, double budget) {
    tnn_strbuf_printf(out, "<h2>Left in floats to reach %g dB</h2>\n", budget);
    tnn_strbuf_add(out, "<table><thead><tr><th>what cost most</th><th>of it</th><th>in floats since</th><th>outputs, dB</th>"
                        "<th></th></tr></thead><tbody>\n<tr><td></td><td></td><td></td>");
    print_decibels(out, e->before, true);
    tnn_strbuf_add(out, "<td>before</td></tr>\n");
    for (size_t i = 0; i < e->n; i++) print_exclusion(out, &e->items[i]);
    tnn_strbuf_add(out, "</tbody></table>\n<p>Biases are not corrected yet here.</p>\n");
}

/* ---- the page ---- */

static void print_head(tnn_strbuf *out, const tnn_analysis *analysis) {
    const char *slash = strrchr(analysis->path, '/'), *file = slash != NULL ? slash + 1 : analysis->path;
    double decibels = analysis->decibels;
    tnn_strbuf_add(out, "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>");
    tnn_strbuf_html(out, file);
    tnn_strbuf_printf(out, "</title>\n%s</head><body>\n<h1>What int8 costs ", style);
    tnn_strbuf_html(out, file);
    tnn_strbuf_printf(out, "</h1>\n<p>Measured on %zu samples: the ratio of signal and noise in dB, the higher the better; 20 dB is "
                           "noise of a tenth of the signal, 40 dB of a hundredth. The outputs of the file have ",
                      analysis->sensitivity.n_samples);
    if (isfinite(decibels)) tnn_strbuf_printf(out, "<b>%.1f dB</b>.</p>\n", decibels);
    else tnn_strbuf_add(out, "no noise.</p>\n");
}

void tnn_analysis_page(tnn_strbuf *out, const tnn_analysis *analysis) {
    print_head(out, analysis);
    if (analysis->budget > 0) print_exclusions(out, &analysis->exclusions, analysis->budget);
    tnn_strbuf_add(out, "<h2>Along the network</h2>\n");
    tnn_analysis_draw_network(out, analysis);
    tnn_strbuf_add(out, "<h2>What costs the outputs most</h2>\n");
    tnn_analysis_draw_costs(out, analysis);
    tnn_strbuf_add(out, "<h2>Operators</h2>\n<p>A click on a title sorts. An operator answers for the rounding of its weights "
                        "and of its result; that of an operand belongs to what gives it. What only moves numbers has no "
                        "loss of its own. Behind the numbers that were seen, counted by logarithms, is the range that is "
                        "stored.</p>\n");
    print_table(out, analysis);
    tnn_strbuf_printf(out, "%s</body></html>\n", script);
}
