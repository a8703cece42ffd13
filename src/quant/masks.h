/* Masks of attention: numbers of -1e9, -inf or the like that a softmax makes 0.
 *
 * What lies far enough below the largest number of a softmax's row gives 0 wherever it lies, so it needs no place in the range
 * of its value (mask_rows.h finds these rows while samples run). What adds such numbers is clipped to what is enough: a constant as it
 * stands, a value by a clamp in floats before it is stored. Infinities that are left keep what makes and reads them in floats. */
#ifndef TNN_QUANT_MASKS_H
#define TNN_QUANT_MASKS_H

#include "quant/calibrate.h"

/* Change the plan's graph by what was seen. `*changed`: it was; then it needs a new plan and another calibration.
 * Errors: TNN_ERR_INVALID (a layer with weights reads infinities: `where` is their value), TNN_ERR_NOMEM, those of reading
 * a constant. */
tnn_status tnn_quant_masks(const tnn_quant_plan *plan, const tnn_calibration *calibration, bool *changed, tnn_error *err);

#endif
