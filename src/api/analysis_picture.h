/* Pictures of an analysis, as SVG inside of HTML. */
#ifndef TNN_API_ANALYSIS_PICTURE_H
#define TNN_API_ANALYSIS_PICTURE_H

#include "api/analysis.h"

/* Lines along the operators: each alone, and all roundings together. */
void tnn_analysis_draw_network(tnn_strbuf *out, const tnn_analysis *analysis);

/* Bars of the losses that cost the outputs most. */
void tnn_analysis_draw_costs(tnn_strbuf *out, const tnn_analysis *analysis);

/* What was seen of a value, and the numbers that it is stored by; `quant` NULL: none. */
void tnn_analysis_draw_histogram(tnn_strbuf *out, const tnn_histogram *histogram, const tnn_quant *quant);

#endif
