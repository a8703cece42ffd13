/* Constant numbers. */
#ifndef TNN_ENGINE_FILL_H
#define TNN_ENGINE_FILL_H

#include "engine/engine_plan.h"

/* A step that makes all elements of a packed float32 place `number`. */
tnn_status tnn_plan_add_fill(tnn_planner *p, const tnn_place *place, float number, tnn_error *err);

#endif
