#include "api/analysis_picture.h"

#include <math.h>

#define LEGEND "<span><i style=\"background:%s\"></i>%s</span>" /* color, text */

/* ---- along the network ---- */

enum { WIDTH = 1400, HEIGHT = 300, LEFT = 40, RIGHT = 10, TOP = 10, BOTTOM = 20 };

#define MAX_DECIBELS 80.0 /* what is better is drawn there */

typedef struct curve {
    tnn_strbuf *out;
    double (*decibels)(const tnn_analysis_row *row); /* NaN: no point */
    size_t n, n_rows;
    bool starts;
} curve;

static double alone(const tnn_analysis_row *row) {
    return row->loss != NULL ? tnn_decibels(tnn_noise_of(&row->loss->by_both)) : (double)NAN;
}

static double together(const tnn_analysis_row *row) { return tnn_decibels(tnn_noise_of(row->sum)); }

static double at_outputs(const tnn_analysis_row *row) {
    return row->loss != NULL ? tnn_decibels(tnn_loss_cost(row->loss)) : (double)NAN;
}

static void count_row(void *context, const tnn_analysis_row *row) {
    (void)row;
    ++*(size_t *)context;
}

static double x_of(const curve *c) {
    double steps = c->n_rows > 1 ? (double)(c->n_rows - 1) : 1;
    return LEFT + (WIDTH - LEFT - RIGHT) * (double)c->n / steps;
}

static double y_of(double decibels) {
    return TOP + (HEIGHT - TOP - BOTTOM) * (1 - fmin(fmax(decibels, 0), MAX_DECIBELS) / MAX_DECIBELS);
}

static void add_point(void *context, const tnn_analysis_row *row) {
    curve *c = context;
    double decibels = c->decibels(row);
    if (!isnan(decibels)) tnn_strbuf_printf(c->out, "%c%.1f,%.1f", c->starts ? 'M' : 'L', x_of(c), y_of(decibels));
    c->starts = c->starts && isnan(decibels);
    c->n++;
}

static void add_dot(void *context, const tnn_analysis_row *row) {
    curve *c = context;
    double decibels = c->decibels(row);
    if (!isnan(decibels)) {
        tnn_strbuf_printf(c->out, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"2.5\"><title>", x_of(c), y_of(decibels));
        tnn_strbuf_html(c->out, row->value->name);
        tnn_strbuf_printf(c->out, ", %s: %.1f dB</title></circle>", row->node != NULL ? row->node->op->name : "input",
                          decibels);
    }
    c->n++;
}

static void draw_curve(tnn_strbuf *out, const tnn_analysis *analysis, curve c, const char *color) {
    curve dots = c;
    tnn_strbuf_printf(out, "<path fill=\"none\" stroke=\"%s\" stroke-width=\"1.5\" d=\"", color);
    tnn_analysis_rows(analysis, add_point, &c);
    tnn_strbuf_printf(out, "\"/><g fill=\"%s\">", color);
    tnn_analysis_rows(analysis, add_dot, &dots);
    tnn_strbuf_add(out, "</g>\n");
}

static void draw_grid(tnn_strbuf *out) {
    for (int decibels = 0; decibels <= (int)MAX_DECIBELS; decibels += 20) {
        double y = y_of(decibels);
        tnn_strbuf_printf(out, "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#e3e7eb\"/>"
                               "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%d</text>\n",
                          LEFT, WIDTH - RIGHT, y, y, LEFT - 6, y + 4, decibels);
    }
}

void tnn_analysis_draw_network(tnn_strbuf *out, const tnn_analysis *analysis) {
    static const struct {
        const char *color, *text;
        double (*decibels)(const tnn_analysis_row *row);
    } curves[] = {
        {"#8aa0b8", "what it alone costs the outputs", at_outputs},
        {"#2a7ab9", "its result, itself alone rounded", alone},
        {"#c0392b", "its result, all roundings together", together},
    };
    curve c = {.out = out, .starts = true};
    tnn_analysis_rows(analysis, count_row, &c.n_rows);
    tnn_strbuf_add(out, "<p>dB of each operator, from the inputs to the outputs; more than 80 dB are drawn as 80.</p>\n"
                        "<p class=\"legend\">");
    for (size_t i = 0; i < sizeof curves / sizeof *curves; i++)
        tnn_strbuf_printf(out, LEGEND, curves[i].color, curves[i].text);
    tnn_strbuf_printf(out, "</p>\n<svg viewBox=\"0 0 %d %d\" width=\"100%%\">\n", WIDTH, HEIGHT);
    draw_grid(out);
    for (size_t i = 0; i < sizeof curves / sizeof *curves; i++) {
        c.decibels = curves[i].decibels;
        draw_curve(out, analysis, c, curves[i].color);
    }
    tnn_strbuf_add(out, "</svg>\n");
}

/* ---- bars ---- */

enum { N_BARS = 20, BAR = 17, NAMES = 300, BARS = 600, NUMBERS = 80 };

/* The next one in the order of costs: less than `below`, or as much and behind `last`. */
static const tnn_loss *next_loss(const tnn_sensitivity *s, const tnn_loss *last) {
    const tnn_loss *best = NULL;
    for (const tnn_loss *loss = s->losses; loss < s->losses + s->n; loss++) {
        double cost = tnn_loss_cost(loss), limit = last != NULL ? tnn_loss_cost(last) : (double)INFINITY;
        bool follows = cost < limit || (last != NULL && cost == limit && loss > last);
        if (follows && (best == NULL || cost > tnn_loss_cost(best))) best = loss;
    }
    return best;
}

static void draw_bar(tnn_strbuf *out, const tnn_loss *loss, int index, double largest) {
    int y = index * BAR;
    double by_weights = BARS * loss->weights_cost / largest, by_values = BARS * loss->values_cost / largest;
    tnn_strbuf_printf(out, "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">", NAMES - 8, y + 12);
    tnn_strbuf_html(out, loss->value->name);
    tnn_strbuf_printf(out, "</text><rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"#2a7ab9\"/>"
                           "<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"#e09f3e\"/>"
                           "<text x=\"%.1f\" y=\"%d\">%.1f dB</text>\n",
                      NAMES, y + 2, by_weights, BAR - 4, NAMES + by_weights, y + 2, by_values, BAR - 4,
                      NAMES + by_weights + by_values + 6, y + 12, tnn_decibels(tnn_loss_cost(loss)));
}

void tnn_analysis_draw_costs(tnn_strbuf *out, const tnn_analysis *analysis) {
    const tnn_sensitivity *s = &analysis->sensitivity;
    const tnn_loss *loss = next_loss(s, NULL);
    double largest = loss != NULL ? tnn_loss_cost(loss) : 0;
    int n = s->n < N_BARS ? (int)s->n : N_BARS;
    tnn_strbuf_add(out, "<p>Noise power in the outputs when nothing else is rounded, of all that is computed in integers before any "
                        "operator is left in floats.</p>\n<p class=\"legend\">");
    tnn_strbuf_printf(out, LEGEND LEGEND "</p>\n", "#2a7ab9", "rounding of weights", "#e09f3e", "rounding of the result");
    tnn_strbuf_printf(out, "<svg viewBox=\"0 0 %d %d\" width=\"%d\">\n", NAMES + BARS + NUMBERS, n * BAR,
                      NAMES + BARS + NUMBERS);
    for (int i = 0; i < n && loss != NULL && isfinite(largest) && tnn_loss_cost(loss) > 0; i++) {
        draw_bar(out, loss, i, largest);
        loss = next_loss(s, loss);
    }
    tnn_strbuf_add(out, "</svg>\n");
}

/* ---- histograms ---- */

enum { H_WIDTH = 192, H_HEIGHT = 34 };

/* Heights are logarithms: tails are what ranges are about. */
static void draw_bins(tnn_strbuf *out, const uint64_t *counts, double left, double width) {
    double most = 1;
    for (int i = 0; i < TNN_ANALYSIS_BINS; i++) most = fmax(most, log1p((double)counts[i]));
    tnn_strbuf_add(out, "<path fill=\"#5d7f9c\" d=\"");
    for (int i = 0; i < TNN_ANALYSIS_BINS; i++) {
        double height = (H_HEIGHT - 2) * log1p((double)counts[i]) / most, step = width / TNN_ANALYSIS_BINS;
        if (counts[i] > 0)
            tnn_strbuf_printf(out, "M%.1f,%dv%.1fh%.2fV%d", left + i * step, H_HEIGHT, -height, fmax(step, 0.7), H_HEIGHT);
    }
    tnn_strbuf_add(out, "\"/>");
}

void tnn_analysis_draw_histogram(tnn_strbuf *out, const tnn_histogram *histogram, const tnn_quant *quant) {
    uint64_t counts[TNN_ANALYSIS_BINS];
    double low = (double)histogram->low, high = (double)histogram->high, from = low, to = high;
    if (!(low <= high)) return; /* nothing was seen */
    if (quant != NULL) {
        double scale = (double)quant->scale[0], zero = (double)quant->zero_point[0];
        from = (-128 - zero) * scale;
        to = (127 - zero) * scale;
    }
    double start = fmin(low, from), unit = (H_WIDTH - 2) / fmax(fmax(high, to) - start, (double)1e-30f);
    tnn_analysis_bins(histogram, counts);
    tnn_strbuf_printf(out, "<svg width=\"%d\" height=\"%d\"><title>seen: %.4g … %.4g</title>", H_WIDTH, H_HEIGHT, low, high);
    if (quant != NULL)
        tnn_strbuf_printf(out, "<rect x=\"%.1f\" y=\"0\" width=\"%.1f\" height=\"%d\" fill=\"#e8f2e4\" stroke=\"#8fb981\"/>",
                          1 + (from - start) * unit, (to - from) * unit, H_HEIGHT);
    draw_bins(out, counts, 1 + (low - start) * unit, (high - low) * unit);
    tnn_strbuf_add(out, "</svg>");
}
