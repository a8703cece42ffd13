/* The choice of labels.
 *
 * Two labels: a node is on the source's side (label 0) or the sink's (label 1). For a value and an order X that
 * some reader wants, the price w is due when a reader wants X and the producer does not give X:
 *
 *     readers that want X under label 0 -> any -- w --> producer        the producer gives X under label 0
 *     producer -- w --> any -> readers that want X under label 1        the producer gives X under label 1
 *
 * where "any" is a helper vertex bound to its readers by edges that cannot be cut, so that one transpose is paid for
 * all of them. These terms are submodular and the cut is an exact optimum. Operands that clash under one label
 * (x + permuted x) can give other terms; those are left out of the cut. Then, and with more than two labels, cuts over
 * pairs of labels and moves of single nodes give a good choice, and branch and bound makes it an optimum where it can. */
#include "tflite/layout_problem.h"
#include "tflite/maxflow.h"

/* Under which of the two labels something holds. */
typedef enum when { NEVER, UNDER_0, UNDER_1, ALWAYS } when;

typedef struct cut {
    uint32_t region;
    bool *aligned; /* of the region: cleared by a term that the cut cannot hold */
    uint32_t label[2];
    tnn_flow flow;
} cut;

static bool is_free(const cut *c, const lay_node *n) {
    return n->region == c->region && (n->label == c->label[0] || n->label == c->label[1]);
}

/* When is the order at a slot of `n` equal to `x`? */
static when when_same(const cut *c, const lay_value *v, const lay_node *n, size_t slot, const lay_order *x) {
    uint32_t fixed = n->region == LAY_NO_REGION ? 0 : n->label;
    bool free = is_free(c, n);
    bool same_0 = lay_order_same(v, lay_order_at(n, free ? c->label[0] : fixed, slot), x);
    bool same_1 = lay_order_same(v, lay_order_at(n, free ? c->label[1] : fixed, slot), x);
    if (same_0) return same_1 ? ALWAYS : UNDER_0;
    return same_1 ? UNDER_1 : NEVER;
}

/* The helper vertex of all readers that want `x` just under one label. 0 when there is none. */
static tnn_status add_any(cut *c, const lay_value *v, const lay_order *x, when under, uint32_t *any,
                          tnn_error *err) {
    *any = 0;
    for (size_t i = 0; i < v->n_uses; i++) {
        const lay_use *use = &v->uses[i];
        if (when_same(c, v, use->node, use->slot, x) != under) continue;
        if (*any == 0) TNN_TRY(tnn_flow_node(&c->flow, any, err));
        uint32_t from = under == UNDER_0 ? use->node->vertex : *any;
        uint32_t to = under == UNDER_0 ? *any : use->node->vertex;
        TNN_TRY(tnn_flow_edge_add(&c->flow, from, to, TNN_FLOW_INF, err));
    }
    return TNN_OK;
}

static bool wanted(const cut *c, const lay_value *v, const lay_order *x, when under) {
    for (size_t i = 0; i < v->n_uses; i++)
        if (when_same(c, v, v->uses[i].node, v->uses[i].slot, x) == under) return true;
    return false;
}

/* Is the price of this order a term that a cut can hold? (Both sides of one label, or readers on either side of a
 * producer that never gives it, are not.) */
static bool fits_cut(const cut *c, const lay_value *v, const lay_order *x, when given) {
    bool under_0 = wanted(c, v, x, UNDER_0), under_1 = wanted(c, v, x, UNDER_1);
    if (given == UNDER_0) return !under_1;
    if (given == UNDER_1) return !under_0;
    return !(under_0 && under_1);
}

/* The price of giving readers `x`. */
static tnn_status add_order(cut *c, const lay_value *v, const lay_order *x, tnn_error *err) {
    when given = when_same(c, v, v->producer, v->producer_slot, x);
    int64_t price = lay_value_price(v);
    if (given == ALWAYS) return TNN_OK;
    uint32_t producer = v->producer->vertex;
    if (wanted(c, v, x, ALWAYS)) {
        if (given == UNDER_0) return tnn_flow_edge_add(&c->flow, TNN_FLOW_SOURCE, producer, price, err);
        if (given == UNDER_1) return tnn_flow_edge_add(&c->flow, producer, TNN_FLOW_SINK, price, err);
        return TNN_OK;
    }
    uint32_t any;
    if (!fits_cut(c, v, x, given)) *c->aligned = false;
    if (given != UNDER_1) {
        TNN_TRY(add_any(c, v, x, UNDER_0, &any, err));
        uint32_t to = given == UNDER_0 ? producer : TNN_FLOW_SINK;
        if (any != 0) TNN_TRY(tnn_flow_edge_add(&c->flow, any, to, price, err));
    }
    if (given != UNDER_0) {
        TNN_TRY(add_any(c, v, x, UNDER_1, &any, err));
        uint32_t from = given == UNDER_1 ? producer : TNN_FLOW_SOURCE;
        if (any != 0) TNN_TRY(tnn_flow_edge_add(&c->flow, from, any, price, err));
    }
    return TNN_OK;
}

/* The order that reader `use` wants under label `l` of the two. */
static const lay_order *use_order(const cut *c, const lay_use *use, int l) {
    return is_free(c, use->node) ? lay_order_at(use->node, c->label[l], use->slot) : lay_wanted(use);
}

/* Did a reader before (use, l) want the same? */
static bool seen_before(const cut *c, const lay_value *v, size_t use, int l) {
    const lay_order *x = use_order(c, &v->uses[use], l);
    for (size_t i = 0; i <= use; i++)
        for (int k = 0; k < 2; k++) {
            if (i == use && k >= l) return false;
            if (lay_order_same(v, use_order(c, &v->uses[i], k), x)) return true;
        }
    return false;
}

static tnn_status add_value(cut *c, const lay_value *v, tnn_error *err) {
    for (size_t i = 0; i < v->n_uses; i++)
        for (int l = 0; l < 2; l++)
            if (!seen_before(c, v, i, l)) TNN_TRY(add_order(c, v, use_order(c, &v->uses[i], l), err));
    return TNN_OK;
}

/* Best labels for the nodes that have one of the two. */
static tnn_status cut_pair(lay_problem *p, uint32_t region, uint32_t label_0, uint32_t label_1, tnn_error *err) {
    lay_region *r = &p->regions[region];
    cut c = {.region = region, .aligned = &r->aligned, .label = {label_0, label_1}};
    TNN_TRY(tnn_flow_init(&c.flow, p->arena, err));
    for (size_t i = 0; i < r->n_nodes; i++)
        if (is_free(&c, r->nodes[i])) TNN_TRY(tnn_flow_node(&c.flow, &r->nodes[i]->vertex, err));
    for (size_t i = 0; i < r->n_values; i++) TNN_TRY(add_value(&c, r->values[i], err));
    int64_t value;
    const bool *in_source;
    TNN_TRY(tnn_flow_cut(&c.flow, &value, &in_source, err));
    for (size_t i = 0; i < r->n_nodes; i++)
        if (is_free(&c, r->nodes[i])) r->nodes[i]->label = in_source[r->nodes[i]->vertex] ? label_0 : label_1;
    return TNN_OK;
}

static tnn_status save_labels(lay_problem *p, const lay_region *r, uint32_t **labels, tnn_error *err) {
    *labels = TNN_NEW_ARRAY(p->arena, r->n_nodes, uint32_t);
    if (*labels == NULL) return tnn_fail_nomem(err);
    for (size_t i = 0; i < r->n_nodes; i++) (*labels)[i] = r->nodes[i]->label;
    return TNN_OK;
}

static void restore_labels(lay_region *r, const uint32_t *labels) {
    for (size_t i = 0; i < r->n_nodes; i++) r->nodes[i]->label = labels[i];
}

/* Cut over a pair; keep the result when it is cheaper. */
static tnn_status try_pair(lay_problem *p, uint32_t region, uint32_t a, uint32_t b, int64_t *cost, tnn_error *err) {
    lay_region *r = &p->regions[region];
    uint32_t *before;
    TNN_TRY(save_labels(p, r, &before, err));
    TNN_TRY(cut_pair(p, region, a, b, err));
    int64_t now = lay_region_cost(r);
    if (now < *cost) *cost = now;
    else restore_labels(r, before);
    return TNN_OK;
}

static int64_t cost_around(const lay_node *n) {
    int64_t cost = 0;
    for (size_t s = 0; s < lay_n_slots(n); s++)
        if (lay_slot_at(n, s)->value != NULL) cost += lay_value_cost(lay_slot_at(n, s)->value);
    return cost;
}

/* The best label of one node, all others staying. true: it changed. */
static bool move_node(const lay_region *r, lay_node *n) {
    uint32_t best = n->label, old = n->label;
    int64_t best_cost = cost_around(n);
    for (uint32_t l = 0; l < r->n_labels; l++) {
        n->label = l;
        int64_t cost = cost_around(n);
        if (cost < best_cost) best = l, best_cost = cost;
    }
    n->label = best;
    return best != old;
}

static void move_nodes(lay_region *r) {
    bool moved = true;
    while (moved) {
        moved = false;
        for (size_t i = 0; i < r->n_nodes; i++) moved |= move_node(r, r->nodes[i]);
    }
}

/* The cheapest label for all nodes alike. */
static int64_t start_labels(lay_region *r) {
    uint32_t best = 0;
    int64_t best_cost = INT64_MAX;
    for (uint32_t l = 0; l < r->n_labels; l++) {
        for (size_t i = 0; i < r->n_nodes; i++) r->nodes[i]->label = l;
        int64_t cost = lay_region_cost(r);
        if (cost < best_cost) best = l, best_cost = cost;
    }
    for (size_t i = 0; i < r->n_nodes; i++) r->nodes[i]->label = best;
    return best_cost;
}

/* With two labels every node is free, so one cut is the optimum. With more, a node that has neither label of a pair
 * stays; passes over all pairs go on while they help. */
static tnn_status solve_region(lay_problem *p, uint32_t region, tnn_error *err) {
    lay_region *r = &p->regions[region];
    int64_t cost = start_labels(r), before;
    r->aligned = true;
    if (r->n_labels < 2 || cost == 0) return TNN_OK;
    do {
        before = cost;
        for (uint32_t a = 0; a < r->n_labels; a++)
            for (uint32_t b = a + 1; b < r->n_labels; b++) TNN_TRY(try_pair(p, region, a, b, &cost, err));
    } while (cost < before && r->n_labels > 2);
    move_nodes(r);
    return r->n_labels > 2 || !r->aligned ? lay_branch(p, r, err) : TNN_OK;
}

tnn_status lay_solve(lay_problem *p, tnn_error *err) {
    for (uint32_t i = 0; i < p->n_regions; i++) TNN_TRY(solve_region(p, i, err));
    return TNN_OK;
}
