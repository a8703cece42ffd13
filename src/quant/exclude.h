/* Leave operators in floats until the network's outputs are near enough to the exact ones.
 *
 * What costs most alone goes first. Against the rounding of weights the operator stays float; against that of a value all
 * that give or read the value, and what shares its parameters: an operator in floats between two of integers would have both
 * its sides rounded still. When the budget is met, what turns out not to be needed for it is taken back. */
#ifndef TNN_QUANT_EXCLUDE_H
#define TNN_QUANT_EXCLUDE_H

#include "quant/quality.h"
#include "quant/sensitivity.h"

typedef struct tnn_exclusion {
    const tnn_loss *loss;
    bool weights;           /* because of them; else because of the values */
    const tnn_node **nodes; /* that stay float from here on */
    size_t n_nodes;
    double decibels;        /* of the outputs after it, as tnn_quality_measure finds them */
    bool taken_back;
} tnn_exclusion;

typedef struct tnn_exclusions {
    tnn_exclusion *items; /* in order */
    size_t n;
    double before, after; /* dB of the outputs, biases not corrected */
} tnn_exclusions;

typedef struct tnn_exclude_options {
    double decibels; /* of the outputs, at least */
    tnn_range_method method; /* of ranges that are chosen anew */
    double share;
} tnn_exclude_options;

/* Find what to leave in floats, and make the plan anew.
 *   plan         in: with parameters, which stay where the same values decide them; out: the new one
 *   floats       in and out, by id of a node's first output, below plan->n_values: what stays float
 *   calibration  of all values that `plan` stores
 *   losses       of `plan`
 * Errors: those of tnn_quality_measure, TNN_ERR_UNSUPPORTED (no output has real numbers). */
tnn_status tnn_exclude(tnn_exclusions *out, tnn_quant_plan *plan, bool *floats, const tnn_calibration *calibration,
                       const tnn_sensitivity *losses, const tnn_quality *quality, const tnn_exclude_options *options,
                       tnn_error *err);

#endif
