/* Branch and bound over the labels of a region, for what a minimum cut does not settle: more than two labels, or operands
 * that clash under one label.
 *
 * Nodes get labels in graph order. A value's cost is known once all nodes around it have theirs; the sum of known costs
 * is a lower bound, and a branch that reaches the best cost so far is left. The search starts from a good choice and has a
 * budget of steps: within it the result is an optimum, beyond it the best that was seen. */
#include "tflite/layout_problem.h"

#define BUDGET 200000

typedef struct branch {
    lay_region *region;
    /* The values that are settled by node i: settled[first[i]] … settled[first[i + 1] - 1]. */
    lay_value **settled;
    size_t *first;
    uint32_t *best_labels;
    int64_t best;
    uint32_t steps;
} branch;

/* The last of the region's nodes around a value; -1: none, its cost is the same under all labels. */
static int64_t last_node(const lay_value *v) {
    int64_t last = -1;
    if (v->producer != NULL && v->producer->region == v->region) last = v->producer->vertex;
    for (size_t i = 0; i < v->n_uses; i++)
        if (v->uses[i].node->region == v->region && (int64_t)v->uses[i].node->vertex > last)
            last = v->uses[i].node->vertex;
    return last;
}

static tnn_status list_settled(lay_problem *p, branch *b, int64_t *constant_cost, tnn_error *err) {
    lay_region *r = b->region;
    b->settled = TNN_NEW_ARRAY(p->arena, r->n_values, lay_value *);
    b->first = TNN_NEW_ARRAY(p->arena, r->n_nodes + 2, size_t);
    b->best_labels = TNN_NEW_ARRAY(p->arena, r->n_nodes, uint32_t);
    if (b->settled == NULL || b->first == NULL || b->best_labels == NULL) return tnn_fail_nomem(err);
    for (size_t i = 0; i < r->n_nodes; i++) r->nodes[i]->vertex = (uint32_t)i;
    *constant_cost = 0;
    for (size_t i = 0; i < r->n_values; i++) {
        int64_t last = last_node(r->values[i]);
        if (last < 0) *constant_cost += lay_value_cost(r->values[i]);
        else b->first[last + 2]++;
    }
    for (size_t i = 1; i < r->n_nodes + 2; i++) b->first[i] += b->first[i - 1];
    for (size_t i = 0; i < r->n_values; i++) {
        int64_t last = last_node(r->values[i]);
        if (last >= 0) b->settled[b->first[last + 1]++] = r->values[i];
    }
    return TNN_OK;
}

static void keep_best(branch *b, int64_t cost) {
    b->best = cost;
    for (size_t i = 0; i < b->region->n_nodes; i++) b->best_labels[i] = b->region->nodes[i]->label;
}

static int64_t settled_cost(const branch *b, size_t node) {
    int64_t cost = 0;
    for (size_t i = b->first[node]; i < b->first[node + 1]; i++) cost += lay_value_cost(b->settled[i]);
    return cost;
}

/* Depth first, without recursion: networks are deep. */
static void search(branch *b, int64_t constant_cost, int64_t *sums, uint32_t *next) {
    size_t n = b->region->n_nodes, at = 0;
    sums[0] = constant_cost;
    next[0] = 0;
    while (b->steps++ < BUDGET) {
        if (at == n || next[at] == b->region->n_labels) {
            if (at == n) keep_best(b, sums[n]);
            if (at-- == 0) return;
            continue;
        }
        b->region->nodes[at]->label = next[at]++;
        int64_t sum = sums[at] + settled_cost(b, at);
        if (sum >= b->best) continue;
        sums[++at] = sum;
        if (at < n) next[at] = 0;
    }
}

tnn_status lay_branch(lay_problem *p, lay_region *region, tnn_error *err) {
    branch b = {.region = region};
    int64_t constant_cost;
    TNN_TRY(list_settled(p, &b, &constant_cost, err));
    int64_t *sums = TNN_NEW_ARRAY(p->arena, region->n_nodes + 1, int64_t);
    uint32_t *next = TNN_NEW_ARRAY(p->arena, region->n_nodes + 1, uint32_t);
    if (sums == NULL || next == NULL) return tnn_fail_nomem(err);
    keep_best(&b, lay_region_cost(region));
    search(&b, constant_cost, sums, next);
    for (size_t i = 0; i < region->n_nodes; i++) region->nodes[i]->label = b.best_labels[i];
    return TNN_OK;
}
