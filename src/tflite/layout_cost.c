/* What a choice of labels costs: for each value one transpose for every order that readers want and the producer does
 * not give. */
#include "tflite/layout_problem.h"

int64_t lay_value_price(const lay_value *v) {
    if (v->producer == NULL) return 0;
    int64_t n_elems = 0;
    (void)tnn_shape_count(&v->value->shape, &n_elems);
    return n_elems * (int64_t)tnn_dtype_bytes(v->value->dtype) + TNN_LAYOUT_OP_PRICE;
}

static uint32_t label_of(const lay_node *n) { return n->region == LAY_NO_REGION ? 0 : n->label; }

const lay_order *lay_given(const lay_value *v) {
    return lay_order_at(v->producer, label_of(v->producer), v->producer_slot);
}

const lay_order *lay_wanted(const lay_use *use) {
    return lay_order_at(use->node, label_of(use->node), use->slot);
}

/* Did an earlier reader want the same? */
static bool wanted_before(const lay_value *v, size_t use) {
    for (size_t i = 0; i < use; i++)
        if (lay_order_same(v, lay_wanted(&v->uses[i]), lay_wanted(&v->uses[use]))) return true;
    return false;
}

int64_t lay_value_cost(const lay_value *v) {
    if (v->producer == NULL) return 0;
    int64_t n_transposes = 0;
    for (size_t i = 0; i < v->n_uses; i++)
        if (!lay_order_same(v, lay_given(v), lay_wanted(&v->uses[i])) && !wanted_before(v, i)) n_transposes++;
    return n_transposes * lay_value_price(v);
}

int64_t lay_region_cost(const lay_region *r) {
    int64_t cost = 0;
    for (size_t i = 0; i < r->n_values; i++) cost += lay_value_cost(r->values[i]);
    return cost;
}

int64_t lay_cost(const lay_problem *p) {
    int64_t cost = 0;
    for (size_t i = 0; i < p->n_regions; i++) cost += lay_region_cost(&p->regions[i]);
    return cost;
}
