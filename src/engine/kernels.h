/* Makers of steps that compute, by families. */
#ifndef TNN_ENGINE_KERNELS_H
#define TNN_ENGINE_KERNELS_H

#include "engine/engine_plan.h"

tnn_plan_fn tnn_plan_convolution;
tnn_plan_fn tnn_plan_linear, tnn_plan_matmul;
tnn_plan_fn tnn_plan_max_pool, tnn_plan_avg_pool, tnn_plan_adaptive_pool;
tnn_plan_fn tnn_plan_map;    /* element by element, one operand */
tnn_plan_fn tnn_plan_pair;   /* element by element, two operands that broadcast */
tnn_plan_fn tnn_plan_reduce; /* sums, means, extremes */
tnn_plan_fn tnn_plan_softmax;
tnn_plan_fn tnn_plan_upsample;
tnn_plan_fn tnn_plan_where;

/* Operands that are a tensor of float32 or a number, which becomes a place without dimensions. */
bool tnn_plan_is_operand(const tnn_arg *arg);
tnn_status tnn_plan_get_operand(tnn_planner *p, const tnn_arg *arg, tnn_place *out, tnn_error *err);
/* The order of the first of `n` operands that has the result's shape; PyTorch's where all are broadcast. */
tnn_order tnn_plan_order_of(const tnn_place *in, uint32_t n, const tnn_value *result);

/* The operator is freed with the engine; NULL stays NULL. */
tnn_status tnn_plan_own_dnnl(tnn_planner *p, tnn_dnnl_op *op, tnn_error *err);
/* `*op` with the numbers of constants, owned by the engine; NULL where oneDNN has none. `bias` may be NULL. */
tnn_status tnn_plan_dnnl_conv(tnn_planner *p, tnn_dnnl_conv *conv, const tnn_value *weight, const tnn_value *bias,
                              tnn_dnnl_op **op, tnn_error *err);
/* Runs the operator that is the step's data. */
tnn_step_fn tnn_run_dnnl;

#endif
