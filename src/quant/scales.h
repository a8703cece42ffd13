/* Scales and zero points of 8-bit integers. */
#ifndef TNN_QUANT_SCALES_H
#define TNN_QUANT_SCALES_H

#include "ir/graph.h"
#include "ir/value_quant.h"

/* int8 numbers for [low, high], of which 0 is one exactly: the range is widened to hold it. In the arena.
 * Source: the quantization specification of LiteRT; the scale of a range without width is 1. */
tnn_status tnn_quant_of_range(const tnn_quant **out, tnn_arena *arena, double low, double high, tnn_error *err);
tnn_status tnn_quant_one(const tnn_quant **out, tnn_arena *arena, tnn_dtype dtype, float scale, int64_t zero_point,
                         tnn_error *err);
bool tnn_quant_equal(const tnn_quant *a, const tnn_quant *b);

/* The smallest and largest number of a constant of float32. */
tnn_status tnn_quant_extent(const tnn_recipe *recipe, float *low, float *high, tnn_error *err);

/* How weights become integers: int8 in [-127, 127], or of 4 bits in [-7, 7], symmetric. */
typedef struct tnn_weight_form {
    bool per_tensor; /* one scale; else one for each index of `axis` */
    bool is_int4;
    uint8_t axis;
} tnn_weight_form;

/* The scales of constant weights of float32. That of zeros is 0, which the caller replaces. */
tnn_status tnn_quant_of_weights(tnn_quant **out, tnn_arena *arena, const tnn_recipe *weights, tnn_weight_form form,
                                tnn_error *err);

/* The largest integer of weights with these parameters; -it is the lowest. */
int32_t tnn_quant_weight_limit(const tnn_quant *quant);

/* The constant of float32 as integers of `quant`. */
tnn_status tnn_quant_recipe(const tnn_recipe **out, tnn_arena *arena, const tnn_recipe *recipe, const tnn_quant *quant,
                            tnn_error *err);

#endif
