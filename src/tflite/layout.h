/* Layout: one order of the elements for every value, chosen for the whole graph at once.
 *
 * In: a graph of primitives in PyTorch's dimension order. Out: every value has `layout`; where a reader wants another
 * order than the producer gives there is a `relayout` node between them, one for all readers that want that order.
 * Constants have no price: each reader gets a constant in the order that it wants.
 *
 * How it works:
 *   1. Dimensions that views connect are factored into atoms (layout_atoms.c).
 *   2. A node is fixed (convolution: channels last) or lets an order through (element-wise, views, concatenation,
 *      reductions …). Its frame says how orders of its operands and results correspond (layout_frame.c).
 *   3. Values connected by nodes that let orders through form a region. Every order that something fixed demands
 *      at the region's border, carried through the whole region, is a label: a candidate (layout_label.c).
 *   4. Each node picks a label so that the bytes moved by transposes plus a fixed price for each are least: a
 *      minimum cut, exact for two labels; for more, repeated cuts over pairs of labels (layout_cut.c).
 *   5. The choice is written into the graph (layout_apply.c). */
#ifndef TNN_TFLITE_LAYOUT_H
#define TNN_TFLITE_LAYOUT_H

#include "ir/graph.h"
#include "ir/value_layout.h"
#include "tinynn/convert.h"

/* Price of one more operator, in bytes moved. */
#define TNN_LAYOUT_OP_PRICE 8192

typedef struct tnn_layout_options {
    bool channels_last_io; /* 4-D inputs and outputs are [N, H, W, C] */
    const tnn_io_layout *inputs, *outputs; /* one each instead, or NULL */
    bool local; /* PyTorch's order everywhere but in operators that want another one: transposes around each of them */
} tnn_layout_options;

typedef struct tnn_layout_result {
    int64_t cost;         /* of the transposes, bytes and prices */
    const char **reasons; /* one a transpose that moves elements; in the model's arena */
    size_t n_reasons, cap_reasons;
} tnn_layout_result;

tnn_status tnn_layout_assign(tnn_graph *graph, const tnn_layout_options *options,
                             tnn_layout_result *result, tnn_error *err);

/* Physical dimensions of a value under its layout: neighbouring atoms that continue one dimension are one. */
tnn_status tnn_layout_physical(const tnn_value *value, uint8_t *rank, int64_t dims[TNN_MAX_ATOMS],
                               tnn_error *err);

/* Positions among the physical dimensions that belong to dimension `dim` of the value, outermost first. */
uint8_t tnn_layout_positions(const tnn_value *value, uint8_t dim, uint8_t positions[TNN_MAX_ATOMS]);

/* The constant's elements in the value's layout, under the value's physical dimensions. */
tnn_status tnn_layout_recipe(const tnn_value *value, tnn_arena *arena, const tnn_recipe **out,
                             tnn_error *err);

#endif
