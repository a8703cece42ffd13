/* Regions and labels: which orders are worth considering where.
 *
 * A fixed node at the border of a region (a convolution, an input, an output) demands an order of one value. Carried
 * through the region, from node to node in both directions, it gives every value of the region an order: a label. */
#include "tflite/layout_problem.h"

#include <string.h>

/* ---- orders of fixed nodes ---- */

static void channels_last(uint8_t rank, uint8_t *order) {
    for (uint8_t k = 0; k < TNN_MAX_RANK; k++) order[k] = k;
    if (rank != 4) return;
    order[1] = 2, order[2] = 3, order[3] = 1;
}

/* Whether a 4-D input or output is [N, H, W, C]. */
static bool border_is_channels_last(const lay_problem *p, const lay_node *n) {
    size_t at = (size_t)(n - p->nodes);
    bool is_input = at < p->first_output;
    const tnn_io_layout *layouts = is_input ? p->options.inputs : p->options.outputs;
    if (layouts == NULL) return p->options.channels_last_io;
    return layouts[at - (is_input ? p->first_input : p->first_output)] == TNN_LAYOUT_NHWC;
}

static void fixed_order(const lay_problem *p, const lay_node *n, size_t s, lay_order *out) {
    const lay_slot *slot = lay_slot_at(n, s);
    uint8_t order[TNN_MAX_RANK], rank = slot->value->value->shape.rank;
    if (n->node == NULL && border_is_channels_last(p, n)) {
        channels_last(rank, order);
        lay_order_of_dims(slot->value, order, out);
    } else if (n->demand.fixed == NULL) {
        lay_order_identity(slot->value, out);
    } else {
        int number = s < n->n_operands ? (int)s : -1 - (int)(s - n->n_operands);
        n->demand.fixed(n->node, number, rank, order);
        lay_order_of_dims(slot->value, order, out);
    }
}

static tnn_status set_orders(lay_problem *p, lay_node *n, tnn_error *err) {
    size_t n_labels = n->demand.kind == TNN_DEMAND_FIXED ? 1 : LAY_MAX_LABELS;
    n->orders = TNN_NEW_ARRAY(p->arena, n_labels * lay_n_slots(n), lay_order);
    if (n->orders == NULL) return tnn_fail_nomem(err);
    if (n_labels > 1) return TNN_OK;
    for (size_t s = 0; s < lay_n_slots(n); s++)
        if (lay_slot_at(n, s)->value != NULL) fixed_order(p, n, s, lay_order_at(n, 0, s));
    return TNN_OK;
}

/* ---- regions ---- */

static uint32_t region_root(const lay_problem *p, uint32_t id) {
    while (p->by_id[id]->region_up != id) id = p->by_id[id]->region_up;
    return id;
}

static bool is_constant(const lay_value *v) { return v->value->constant != NULL; }

static void join_region(lay_problem *p, const lay_node *n) {
    uint32_t first = n->results[0].value->value->id;
    for (size_t s = 0; s < lay_n_slots(n); s++) {
        const lay_slot *slot = lay_slot_at(n, s);
        if (slot->value == NULL || is_constant(slot->value)) continue;
        uint32_t a = region_root(p, first), b = region_root(p, slot->value->value->id);
        if (a < b) p->by_id[b]->region_up = a;
        else p->by_id[a]->region_up = b;
    }
}

static tnn_status region_add_value(lay_problem *p, lay_region *r, lay_value *v, tnn_error *err) {
    lay_value **values = tnn_arena_grow(p->arena, r->values, r->n_values, &r->cap_values, r->n_values + 1,
                                        sizeof *values);
    if (values == NULL) return tnn_fail_nomem(err);
    r->values = values;
    r->values[r->n_values++] = v;
    return TNN_OK;
}

static tnn_status region_add_node(lay_problem *p, lay_region *r, lay_node *n, tnn_error *err) {
    lay_node **nodes = tnn_arena_grow(p->arena, r->nodes, r->n_nodes, &r->cap_nodes, r->n_nodes + 1, sizeof *nodes);
    if (nodes == NULL) return tnn_fail_nomem(err);
    r->nodes = nodes;
    r->nodes[r->n_nodes++] = n;
    return TNN_OK;
}

static tnn_status build_regions(lay_problem *p, tnn_error *err) {
    for (uint32_t id = 0; id < p->n_ids; id++)
        if (p->by_id[id] != NULL) p->by_id[id]->region_up = id;
    for (size_t i = 0; i < p->first_input; i++)
        if (p->nodes[i].demand.kind != TNN_DEMAND_FIXED) join_region(p, &p->nodes[i]);

    for (uint32_t id = 0; id < p->n_ids; id++) {
        lay_value *v = p->by_id[id];
        if (v == NULL) continue;
        v->region = LAY_NO_REGION;
        if (!is_constant(v) && region_root(p, id) == id) v->region = (uint32_t)p->n_regions++;
    }
    p->regions = TNN_NEW_ARRAY(p->arena, p->n_regions, lay_region);
    if (p->regions == NULL) return tnn_fail_nomem(err);
    for (uint32_t id = 0; id < p->n_ids; id++) {
        lay_value *v = p->by_id[id];
        if (v == NULL || is_constant(v)) continue;
        v->region = p->by_id[region_root(p, id)]->region;
        TNN_TRY(region_add_value(p, &p->regions[v->region], v, err));
    }
    for (size_t i = 0; i < p->first_input; i++) {
        lay_node *n = &p->nodes[i];
        if (n->demand.kind == TNN_DEMAND_FIXED) continue;
        n->region = n->results[0].value->region;
        TNN_TRY(region_add_node(p, &p->regions[n->region], n, err));
    }
    return TNN_OK;
}

/* ---- labels ---- */

/* The slot from which a node's order is taken: the one of most dimensions that has an order. -1: none. */
static int known_slot(const lay_node *n) {
    int best = -1;
    for (size_t s = 0; s < lay_n_slots(n); s++) {
        const lay_slot *slot = lay_slot_at(n, s);
        if (slot->value == NULL || !slot->value->reached) continue;
        if (best < 0 || slot->value->value->shape.rank > lay_slot_at(n, (size_t)best)->value->value->shape.rank)
            best = (int)s;
    }
    return best;
}

/* Carry what is known at a node to its other values. true: something new is known. The label passes a node that has a
 * wish of its own unchanged: so it means the same on both sides, and the node alone stands out. */
static bool carry_through(lay_node *n, uint32_t label) {
    int from = known_slot(n);
    if (from < 0) return false;
    const lay_order *known = &lay_slot_at(n, (size_t)from)->value->orders[label];
    lay_order *orders = lay_order_at(n, label, 0);
    lay_frame_carry(n, (size_t)from, known, false, orders);
    bool news = false;
    for (size_t s = 0; s < lay_n_slots(n); s++) {
        lay_value *v = lay_slot_at(n, s)->value;
        if (v == NULL || v->reached || is_constant(v)) continue;
        v->orders[label] = orders[s];
        v->reached = news = true;
    }
    if (lay_wants_last(n)) lay_frame_carry(n, (size_t)from, known, true, orders);
    return news;
}

static void carry_region(const lay_region *r, uint32_t label) {
    bool news = true;
    while (news) {
        news = false;
        for (size_t i = 0; i < r->n_nodes; i++) news |= carry_through(r->nodes[i], label);
        for (size_t i = r->n_nodes; i > 0; i--) news |= carry_through(r->nodes[i - 1], label);
    }
}

static bool labels_same(const lay_region *r, uint32_t a, uint32_t b) {
    for (size_t i = 0; i < r->n_values; i++)
        if (!lay_order_same(r->values[i], &r->values[i]->orders[a], &r->values[i]->orders[b])) return false;
    return true;
}

static void add_label(lay_region *r, lay_value *seed, const lay_order *order) {
    uint32_t label = r->n_labels;
    if (label == LAY_MAX_LABELS) return;
    for (uint32_t l = 0; l < label; l++)
        if (lay_order_same(seed, &seed->orders[l], order)) return;
    for (size_t i = 0; i < r->n_values; i++) r->values[i]->reached = false;
    seed->orders[label] = *order;
    seed->reached = true;
    carry_region(r, label);
    for (uint32_t l = 0; l < label; l++)
        if (labels_same(r, l, label)) return;
    r->n_labels++;
}

/* Demands at the border, in graph order. Inputs and outputs come last, so that the label of a region inside the
 * network is the one that its operators want. */
static void seed_from_fixed(lay_problem *p) {
    for (size_t i = 0; i < p->n_nodes; i++) {
        lay_node *n = &p->nodes[i];
        if (n->demand.kind != TNN_DEMAND_FIXED) continue;
        for (size_t s = 0; s < lay_n_slots(n); s++) {
            lay_value *v = lay_slot_at(n, s)->value;
            if (v != NULL && v->region != LAY_NO_REGION) add_label(&p->regions[v->region], v, lay_order_at(n, 0, s));
        }
    }
}

/* A node that lets orders through but wants one dimension innermost has a wish of its own. */
static tnn_status seed_from_wishes(lay_problem *p, tnn_error *err) {
    for (size_t i = 0; i < p->first_input; i++) {
        lay_node *n = &p->nodes[i];
        if (!lay_wants_last(n) && n->demand.kind != TNN_DEMAND_LINEAR) continue;
        lay_value *v = n->operands[0].value;
        lay_order *orders = TNN_NEW_ARRAY(p->arena, lay_n_slots(n), lay_order);
        if (orders == NULL) return tnn_fail_nomem(err);
        if (v->region == LAY_NO_REGION) continue;
        lay_order identity;
        lay_order_identity(v, &identity);
        lay_frame_carry(n, 0, &identity, true, orders);
        add_label(&p->regions[v->region], v, &orders[0]);
    }
    return TNN_OK;
}

/* A region that nothing fixed touches, or is allowed to. */
static void seed_rest(lay_problem *p) {
    for (size_t i = 0; i < p->n_regions; i++) {
        lay_region *r = &p->regions[i];
        if (r->n_labels > 0) continue;
        lay_order identity;
        lay_order_identity(r->values[0], &identity);
        add_label(r, r->values[0], &identity);
    }
}

tnn_status lay_labels_build(lay_problem *p, tnn_error *err) {
    for (size_t i = 0; i < p->n_nodes; i++) TNN_TRY(set_orders(p, &p->nodes[i], err));
    TNN_TRY(build_regions(p, err));
    if (!p->options.local) {
        seed_from_fixed(p);
        TNN_TRY(seed_from_wishes(p, err));
    }
    seed_rest(p);
    return TNN_OK;
}
