/* Moving elements: copies between orders, views, concatenation, padding. */
#ifndef TNN_ENGINE_MOVE_H
#define TNN_ENGINE_MOVE_H

#include "engine/engine_plan.h"

/* Copy the elements of `from` to the place `to`: same dtype and shape. The addresses are those of the first elements. */
void tnn_copy_elems(const tnn_place *from, const void *from_first, const tnn_place *to, void *to_first);

/* A step that does so with its operand and result. */
tnn_step_fn tnn_run_copy;

tnn_plan_fn tnn_plan_reshape, tnn_plan_permute, tnn_plan_expand, tnn_plan_slice, tnn_plan_cat, tnn_plan_pad,
    tnn_plan_slice_scatter;

#endif
