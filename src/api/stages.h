/* What joins a conversion between its stages. */
#ifndef TNN_API_STAGES_H
#define TNN_API_STAGES_H

#include "api/analysis.h"
#include "api/report.h"
#include "ir/graph.h"
#include "tinynn/convert.h"

typedef struct tnn_convert_stages {
    void *context;
    /* The graph is prepared; layout comes next. */
    tnn_status (*prepared)(void *context, tnn_graph *graph, tnn_error *err);
    /* The graph of TFLite operators is there; it is written next. */
    tnn_status (*lowered)(void *context, tnn_graph *graph, tnn_error *err);
    /* For the report, as the two have filled them; NULL: not known. */
    const tnn_int8_stats *stats;
    const tnn_quant_steps *steps;
    const tnn_calibration_notes *notes;
    const tnn_analysis *analysis;
} tnn_convert_stages;

/* A copy of the model, prepared; release with tnn_graph_model_free. NULL after an error. */
tnn_status tnn_convert_prepare(tnn_model **out, const tnn_model *model, const tnn_convert_options *options, tnn_error *err);

/* tnn_model_convert with `stages`. */
tnn_status tnn_convert_in_stages(const tnn_model *model, const char *path, const tnn_convert_options *options,
                                 const tnn_convert_stages *stages, tnn_report **report, tnn_lacks *lacks,
                                 tnn_error *err);

#endif
