/* What is known of the losses of a quantized network, and how a report tells it. */
#ifndef TNN_API_ANALYSIS_H
#define TNN_API_ANALYSIS_H

#include "base/strbuf.h"
#include "quant/accumulated.h"
#include "quant/exclude.h"

typedef struct tnn_analysis {
    const char *path;                   /* of the file, for titles */
    const tnn_quant_plan *plan;         /* as the file has it */
    const tnn_calibration *calibration; /* with histograms of all stored values */
    tnn_sensitivity sensitivity;        /* before operators were excluded */
    tnn_exclusions exclusions;
    double budget;                      /* dB that were asked for; 0: none */
    const tnn_difference *values;       /* by id; of the file: operators excluded, biases corrected */
    double decibels;                    /* of its outputs; infinite: exact, NaN: none has real numbers */
} tnn_analysis;

/* An input, or an operator that gives real numbers. */
typedef struct tnn_analysis_row {
    const tnn_node *node;       /* NULL: an input */
    const tnn_value *value;     /* its first result */
    const tnn_loss *loss;       /* NULL: nothing is rounded that was not before */
    const tnn_difference *sum;  /* of the value, all roundings together */
    const tnn_quant *quant;     /* how the value is stored; NULL: as floats */
    const tnn_histogram *histogram; /* NULL: none */
    bool is_integer;            /* computed so; of an input: stored so */
} tnn_analysis_row;

/* `row` is called for each, in the order of the network. */
void tnn_analysis_rows(const tnn_analysis *analysis, void (*row)(void *context, const tnn_analysis_row *row),
                       void *context);

/* "convolution + relu", "input". */
void tnn_analysis_type(tnn_strbuf *out, const tnn_analysis_row *row);

/* A histogram in fewer bins of equal width, which span all that was seen. */
enum { TNN_ANALYSIS_BINS = 64 };
void tnn_analysis_bins(const tnn_histogram *histogram, uint64_t *counts);

/* A ratio of noise and signal in dB; infinite for 0. */
double tnn_decibels(double noise);

/* Noise of the outputs by all that a loss rounds: roundings are independent. */
double tnn_loss_cost(const tnn_loss *loss);

/* Members of the report's "quantization": "snr", "auto_exclude", "analysis". Each begins with a comma. */
void tnn_analysis_json(tnn_strbuf *out, const tnn_analysis *analysis);

/* A page of HTML that needs nothing else. */
void tnn_analysis_page(tnn_strbuf *out, const tnn_analysis *analysis);

#endif
