/* Bias correction without samples: what batch norms said of the means of channels tells what rounding the weights of the layers behind
 * does to theirs. The channels before an activation are taken for normal; pools, means, additions and flattening pass means on.
 * Source: Nagel et al. (1906.04721), section 4.2 and appendix C. Borders of zeros are left out, as there. */
#ifndef TNN_QUANT_BIAS_ANALYTIC_H
#define TNN_QUANT_BIAS_ANALYTIC_H

#include "quant/plan.h"

/* Correct the biases of layers that are computed in integers and whose inputs' means are known; `*n_layers` of them. */
tnn_status tnn_bias_correct_analytically(const tnn_quant_plan *plan, bool per_tensor, uint32_t *n_layers, tnn_error *err);

#endif
