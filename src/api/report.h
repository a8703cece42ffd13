/* What a conversion did, as JSON. */
#ifndef TNN_API_REPORT_H
#define TNN_API_REPORT_H

#include "api/analysis.h"
#include "quant/improve.h"
#include "tflite/dynamic_range.h"
#include "tflite/int4_weights.h"
#include "tflite/int8_graph.h"
#include "tflite/layout.h"
#include "tflite/write.h"
#include "tinynn/convert.h"

/* What ranges are taken from. */
typedef struct tnn_calibration_notes {
    uint64_t n_samples;
    const char *left_out[TNN_QUANT_MAX_STEPS]; /* what was wanted and cannot be done, with the reason */
    size_t n_left_out;
} tnn_calibration_notes;

typedef struct tnn_report_facts {
    const tnn_graph *lowered;
    const tnn_model *source; /* as prepared: for warnings and guards */
    const tnn_layout_result *layout;
    const tnn_tflite_stats *stats;
    const tnn_int8_stats *integers; /* NULL: a float file */
    const tnn_quant_steps *steps;   /* with `integers`, as the notes */
    const tnn_calibration_notes *notes;
    const tnn_analysis *analysis;   /* NULL: nobody wants it */
    const tnn_dynamic_range_stats *dynamic_range; /* NULL: no weights of integers */
    const tnn_int4_stats *int4;                   /* NULL: none of 4 bits */
} tnn_report_facts;

/* Owns all it says; nothing of `facts` is kept. */
tnn_status tnn_report_new(tnn_report **out, const tnn_report_facts *facts, tnn_error *err);

#endif
