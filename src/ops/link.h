/* Makers of links for dimension maps. Slots as in ops/row.h: operands from 0, TNN_RESULT for the first result. */
#ifndef TNN_OPS_LINK_H
#define TNN_OPS_LINK_H

#include "ops/row.h"

enum { TNN_RESULT = -1 };

/* The value in a slot; NULL: absent or a number. */
const tnn_value *tnn_slot_value(const tnn_node *node, int slot);

/* Each of these adds nothing when the slot `from` or `to` holds no value. */

/* Whole dimensions with the same channels; PLACE where the sizes differ (one is broadcast). */
tnn_status tnn_link_same(tnn_dimmap *map, const tnn_node *node, int from, uint8_t from_dim, int to, uint8_t to_dim,
                         tnn_error *err);
tnn_status tnn_link_place(tnn_dimmap *map, const tnn_node *node, int from, uint8_t from_dim, int to, uint8_t to_dim,
                          tnn_error *err);
/* Dimensions of which one is split into `groups` parts. */
tnn_status tnn_link_groups(tnn_dimmap *map, const tnn_node *node, tnn_link_kind kind, int from, uint8_t from_dim,
                           int to, uint8_t to_dim, int64_t groups, tnn_error *err);
/* Part of a dimension: from_offset + step * k is to_offset + k, for `count` of k. */
tnn_status tnn_link_part(tnn_dimmap *map, const tnn_node *node, int from, int to, uint8_t dim, int64_t from_offset,
                         int64_t to_offset, int64_t step, int64_t count, tnn_error *err);

/* Every dimension of operand `slot` with the result's, aligned at the last one. */
tnn_status tnn_link_broadcast(tnn_dimmap *map, const tnn_node *node, int slot, tnn_error *err);
/* The same for equal ranks, without dimension `skip`. */
tnn_status tnn_link_others(tnn_dimmap *map, const tnn_node *node, int slot, uint8_t skip, tnn_error *err);

/* All operands broadcast: element-wise operators. */
tnn_dims_fn tnn_dims_elementwise;
/* Arguments dim and keepdim. */
tnn_dims_fn tnn_dims_reduction;

#endif
