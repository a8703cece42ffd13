/* Dimension maps: how dimensions of operands and results correspond. */
#include "ops/infer.h"
#include "ops/link.h"

tnn_status tnn_dimmap_add(tnn_dimmap *map, tnn_dim_link link, tnn_error *err) {
    tnn_dim_link *links =
        tnn_arena_grow(map->arena, map->links, map->n_links, &map->cap_links, map->n_links + 1, sizeof link);
    if (!links) return tnn_fail_nomem(err);
    map->links = links;
    links[map->n_links++] = link;
    return TNN_OK;
}

const tnn_value *tnn_slot_value(const tnn_node *node, int slot) {
    return slot < 0 ? node->outputs[-1 - slot] : tnn_node_operand(node, (size_t)slot);
}

tnn_status tnn_link_groups(tnn_dimmap *map, const tnn_node *node, tnn_link_kind kind, int from, uint8_t from_dim,
                           int to, uint8_t to_dim, int64_t groups, tnn_error *err) {
    const tnn_value *a = tnn_slot_value(node, from), *b = tnn_slot_value(node, to);
    if (!a || !b) return TNN_OK;
    tnn_dim_link link = {.kind = kind, .from = from, .to = to, .from_dim = from_dim, .to_dim = to_dim,
                         .step = 1, .count = a->shape.dims[from_dim].hint, .groups = groups};
    return tnn_dimmap_add(map, link, err);
}

tnn_status tnn_link_place(tnn_dimmap *map, const tnn_node *node, int from, uint8_t from_dim, int to, uint8_t to_dim,
                          tnn_error *err) {
    return tnn_link_groups(map, node, TNN_LINK_PLACE, from, from_dim, to, to_dim, 1, err);
}

tnn_status tnn_link_same(tnn_dimmap *map, const tnn_node *node, int from, uint8_t from_dim, int to, uint8_t to_dim,
                         tnn_error *err) {
    const tnn_value *a = tnn_slot_value(node, from), *b = tnn_slot_value(node, to);
    bool equal = a && b && a->shape.dims[from_dim].hint == b->shape.dims[to_dim].hint;
    return tnn_link_groups(map, node, equal ? TNN_LINK_SAME : TNN_LINK_PLACE, from, from_dim, to, to_dim, 1, err);
}

tnn_status tnn_link_part(tnn_dimmap *map, const tnn_node *node, int from, int to, uint8_t dim, int64_t from_offset,
                         int64_t to_offset, int64_t step, int64_t count, tnn_error *err) {
    if (!tnn_slot_value(node, from) || !tnn_slot_value(node, to)) return TNN_OK;
    tnn_dim_link link = {TNN_LINK_SAME, from, to, dim, dim, from_offset, to_offset, step, count, 1};
    return tnn_dimmap_add(map, link, err);
}

tnn_status tnn_link_broadcast(tnn_dimmap *map, const tnn_node *node, int slot, tnn_error *err) {
    const tnn_value *in = tnn_slot_value(node, slot), *out = tnn_slot_value(node, TNN_RESULT);
    if (!in) return TNN_OK;
    uint8_t lead = (uint8_t)(out->shape.rank - in->shape.rank);
    for (uint8_t d = 0; d < in->shape.rank; d++) {
        TNN_TRY(tnn_link_same(map, node, slot, d, TNN_RESULT, (uint8_t)(lead + d), err));
    }
    return TNN_OK;
}

tnn_status tnn_link_others(tnn_dimmap *map, const tnn_node *node, int slot, uint8_t skip, tnn_error *err) {
    const tnn_value *in = tnn_slot_value(node, slot);
    for (uint8_t d = 0; d < in->shape.rank; d++) {
        if (d != skip) TNN_TRY(tnn_link_same(map, node, slot, d, TNN_RESULT, d, err));
    }
    return TNN_OK;
}

tnn_status tnn_dims_elementwise(const tnn_node *node, tnn_dimmap *map, tnn_error *err) {
    for (size_t i = 0; i < tnn_node_n_operands(node); i++) TNN_TRY(tnn_link_broadcast(map, node, (int)i, err));
    return TNN_OK;
}

tnn_status tnn_dims_reduction(const tnn_node *node, tnn_dimmap *map, tnn_error *err) {
    uint8_t rank = node->args[0].as.tensor->shape.rank;
    const tnn_arg *dims = tnn_node_arg(node, "dim");
    bool keep = tnn_arg_bool(tnn_node_arg(node, "keepdim"));
    tnn_call call = tnn_call_of_node(node);
    uint32_t set = 0;
    if (dims->kind == TNN_ARG_INTS) TNN_TRY(tnn_call_dim_set(&call, dims, rank, &set, err));
    if (set == 0) set = UINT32_MAX;
    for (uint8_t d = 0, to = 0; d < rank; d++) {
        bool reduced = set >> d & 1u;
        if (reduced && !keep) continue;
        TNN_TRY(reduced ? tnn_link_place(map, node, 0, d, TNN_RESULT, to, err)
                        : tnn_link_same(map, node, 0, d, TNN_RESULT, to, err));
        to++;
    }
    return TNN_OK;
}

tnn_status tnn_node_dims(const tnn_node *node, tnn_dimmap *map, tnn_error *err) {
    const tnn_op_row *row = tnn_op_row_of(node->op);
    if (!row) return TNN_OK;
    if (row->dims) return row->dims(node, map, err);
    if (row->op_class == TNN_CLASS_UNARY || row->op_class == TNN_CLASS_BINARY) {
        return tnn_dims_elementwise(node, map, err);
    }
    return row->op_class == TNN_CLASS_REDUCTION ? tnn_dims_reduction(node, map, err) : TNN_OK;
}
