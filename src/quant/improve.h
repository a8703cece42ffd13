/* What makes numbers better, in order, each step measured by the outputs of the simulated network on a few samples. A step that made
 * them worse is taken back. */
#ifndef TNN_QUANT_IMPROVE_H
#define TNN_QUANT_IMPROVE_H

#include "quant/calibrate.h"
#include "quant/quality.h"

typedef struct tnn_quant_step {
    const char *name, *unit; /* "equalization", "groups of values"; static */
    uint32_t n_changed;      /* 0: there was nothing to do */
    double before, after;    /* ratio of signal to noise of the outputs in dB; tnn_quality_measure */
    bool taken_back;
} tnn_quant_step;

#define TNN_QUANT_MAX_STEPS 8

typedef struct tnn_quant_steps {
    tnn_quant_step steps[TNN_QUANT_MAX_STEPS];
    size_t n;
} tnn_quant_steps;

typedef struct tnn_improve_options {
    bool per_tensor, absorbs_biases, equalizes, adarounds, searches_ranges, corrects_biases;
    bool is_analytic; /* biases are corrected without samples */
    tnn_range_method method; /* with which ranges are chosen, and its share */
    double share;
    int n_threads;
    bool (*keeps_float)(const void *context, const tnn_node *node); /* as of tnn_quant_plan_make */
    const void *context;
} tnn_improve_options;

typedef struct tnn_improver {
    tnn_graph *graph;
    const tnn_sample_source *source; /* borrowed */
    tnn_improve_options options;
    tnn_arena *arena; /* of the graph's model */
    tnn_quality quality;
    tnn_quant_steps *out;
    bool is_measured; /* false: the network has changed since `decibels` */
    double decibels;
} tnn_improver;

/* Remember what the graph gives. `source` is borrowed as long as the improver is used. Errors: those of the source and of the engine. */
tnn_status tnn_improver_init(tnn_improver *out, tnn_graph *graph, const tnn_sample_source *source,
                             const tnn_improve_options *options, tnn_quant_steps *steps, tnn_error *err);

/* Before ranges are known: what changes the values of the graph. */
tnn_status tnn_improve_values(tnn_improver *improver, tnn_error *err);

/* When all classes of the plan have parameters: these. */
tnn_status tnn_improve_ranges(tnn_improver *improver, tnn_quant_plan *plan, const tnn_calibration *calibration,
                              tnn_error *err);

/* Last: weights and biases. */
tnn_status tnn_improve_biases(tnn_improver *improver, tnn_quant_plan *plan, tnn_error *err);

#endif
