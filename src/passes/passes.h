/* Graph to graph, on ATen operators. Every pass leaves a graph that verifies. */
#ifndef TNN_PASSES_PASSES_H
#define TNN_PASSES_PASSES_H

#include "ir/graph.h"

/* Nodes whose results nobody reads. */
tnn_status tnn_pass_dead(tnn_graph *graph, tnn_error *err);

/* Nodes that give back their input: dropout in eval mode, to() the same dtype, reshape to the same shape, permute in
 * order, expand to the same shape, slices of everything, relayout; chains of reshapes and of permutes become one. */
tnn_status tnn_pass_identity(tnn_graph *graph, tnn_error *err);

/* Operators that broadcast read what an expand has made of a tensor as that tensor. */
tnn_status tnn_pass_broadcast(tnn_graph *graph, tnn_error *err);

/* Constants through nodes whose operands are all constants: by recipe steps where there is one (reshape, permute,
 * expand, slice, cat, pad, to), else by the reference kernel. Never makes something larger than the constants it comes
 * from plus 64 KiB, but for steps of which nothing is left (passes/fold_plan.h). */
tnn_status tnn_pass_constants(tnn_graph *graph, tnn_error *err);

/* Constants without dimensions become numbers where the operator takes a number and its result has the same type. */
tnn_status tnn_pass_numbers(tnn_graph *graph, tnn_error *err);

/* float64, float16 and bfloat16 become float32, those of inputs, outputs, constants and arguments too; casts among float
 * types then give back their input. Warnings of the model say which types, what is lost, and which inputs and outputs are
 * concerned. */
tnn_status tnn_pass_float32(tnn_graph *graph, tnn_error *err);

/* Chains of writes into neighbouring places along one dimension become one concatenation. */
tnn_status tnn_pass_scatter(tnn_graph *graph, tnn_error *err);

/* A concatenation that only another one along the same dimension reads becomes part of that. */
tnn_status tnn_pass_cat(tnn_graph *graph, tnn_error *err);

/* Slices that lie in one operand of a concatenation read that operand. */
tnn_status tnn_pass_slice(tnn_graph *graph, tnn_error *err);

/* batch_norm into the convolution or linear layer before it, and into the one after it where that is exact (no
 * padding, or a shift of zero). What remains stays a batch_norm. */
tnn_status tnn_pass_batch_norm(tnn_graph *graph, tnn_error *err);

/* A constant pad with zeros into the convolutions that read it (padding then has 2n entries: before each spatial
 * dimension, then after each); a pad with other readers stays for them. */
tnn_status tnn_pass_pad(tnn_graph *graph, tnn_error *err);

/* Activations that are spelled out become one operator: nested clamps, hardswish, leaky_relu, prelu. */
tnn_status tnn_pass_compose(tnn_graph *graph, tnn_error *err);

/* A pixel shuffle behind a convolution and an unshuffle before one become depth_to_space and space_to_depth, and the
 * convolution's weights follow. */
tnn_status tnn_pass_shuffle(tnn_graph *graph, tnn_error *err);

/* Constant factors and terms before and behind a linear layer into its weight and bias; a product with a constant
 * matrix becomes a linear layer. */
tnn_status tnn_pass_linear(tnn_graph *graph, tnn_error *err);

/* A linear layer whose result is taken apart along its last dimension, behind element-wise operators or at once, becomes a
 * layer for each part. */
tnn_status tnn_pass_part_linear(tnn_graph *graph, tnn_error *err);

/* relu, clamp(0, 6) and clamp(-1, 1) into the producer's `activation`, where the producer's result has no other
 * reader and `can_fuse(node, activation)` says yes. */
tnn_status tnn_pass_activation(tnn_graph *graph, bool (*can_fuse)(const tnn_node *node, tnn_activation act),
                               tnn_error *err);

/* Composites become what their text says, except those that `keeps(op)` wants whole (NULL: none). A batch_norm that is
 * left becomes a multiplication and an addition with constants shaped [C, 1, 1]; one that trains, or whose parameters are
 * computed, what it means. */
tnn_status tnn_pass_expand(tnn_graph *graph, bool (*keeps)(const tnn_op *op), tnn_error *err);

#endif
