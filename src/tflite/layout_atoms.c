/* Atoms: the smallest common factors of dimensions that views connect.
 *
 * An axis is a dimension of a value. Axes whose indices mean the same (the dimension maps say so) are one class, and
 * a class has one list of factors. A reshape lines the factors of its operand up with those of its result, outermost
 * first, and splits where one is a multiple of the other:
 *
 *     [N, 6, W] -> [N, 2, 3, W]      6 becomes 2, 3 in every value that shares the axis
 *     [4, 6] -> [6, 4]               boundaries cross: opaque, both sides stay in PyTorch's order */
#include "tflite/layout_problem.h"

#include <string.h>

#include "ops/list.h"

#define MAX_FACTORS TNN_MAX_RANK

typedef struct axis_factors {
    uint8_t n;
    int64_t size[MAX_FACTORS]; /* outermost first; none for a dimension of 1 */
} axis_factors;

typedef struct factor_ref {
    uint32_t axis; /* root */
    uint8_t index; /* among its factors */
} factor_ref;

static uint32_t find_root(uint32_t *parent, uint32_t axis) {
    while (parent[axis] != axis) {
        parent[axis] = parent[parent[axis]];
        axis = parent[axis];
    }
    return axis;
}

static void join_axes(lay_problem *p, const lay_value *a, uint8_t dim_a, const lay_value *b, uint8_t dim_b) {
    if (a == NULL || b == NULL) return;
    if (a->value->shape.dims[dim_a].hint != b->value->shape.dims[dim_b].hint) return;
    uint32_t x = find_root(p->axis_parent, a->axis0 + dim_a);
    uint32_t y = find_root(p->axis_parent, b->axis0 + dim_b);
    if (x < y) p->axis_parent[y] = x;
    else p->axis_parent[x] = y;
}

/* ---- values and nodes ---- */

static tnn_status add_value(lay_problem *p, tnn_value *value, tnn_error *err) {
    if (value == NULL || p->by_id[value->id] != NULL) return TNN_OK;
    lay_value *v = TNN_NEW(p->arena, lay_value);
    if (v == NULL) return tnn_fail_nomem(err);
    v->value = value;
    v->axis0 = p->n_axes;
    p->n_axes += value->shape.rank;
    p->by_id[value->id] = v;
    return TNN_OK;
}

static tnn_status list_values(lay_problem *p, tnn_error *err) {
    const tnn_graph *g = p->graph;
    p->n_ids = g->model->next_value_id;
    p->by_id = TNN_NEW_ARRAY(p->arena, (size_t)p->n_ids + 1, lay_value *);
    if (p->by_id == NULL) return tnn_fail_nomem(err);
    for (size_t i = 0; i < g->n_inputs; i++) TNN_TRY(add_value(p, g->inputs[i], err));
    for (const tnn_node *n = g->first; n != NULL; n = n->next) {
        size_t n_operands = tnn_node_n_operands(n);
        for (size_t s = 0; s < n_operands; s++) TNN_TRY(add_value(p, tnn_node_operand(n, s), err));
        for (uint32_t k = 0; k < n->n_outputs; k++) TNN_TRY(add_value(p, n->outputs[k], err));
    }
    for (size_t i = 0; i < g->n_outputs; i++) TNN_TRY(add_value(p, g->outputs[i], err));

    p->axis_parent = TNN_NEW_ARRAY(p->arena, (size_t)p->n_axes + 1, uint32_t);
    if (p->axis_parent == NULL) return tnn_fail_nomem(err);
    for (uint32_t i = 0; i < p->n_axes; i++) p->axis_parent[i] = i;
    return TNN_OK;
}

static tnn_status fill_node(lay_problem *p, lay_node *n, tnn_node *node, tnn_error *err) {
    n->node = node;
    n->region = LAY_NO_REGION;
    n->demand = tnn_demand_of(node);
    n->n_operands = tnn_node_n_operands(node);
    n->n_results = node->n_outputs;
    n->operands = TNN_NEW_ARRAY(p->arena, n->n_operands, lay_slot);
    n->results = TNN_NEW_ARRAY(p->arena, n->n_results, lay_slot);
    if (n->operands == NULL || n->results == NULL) return tnn_fail_nomem(err);
    for (size_t s = 0; s < n->n_operands; s++) {
        tnn_value *value = tnn_node_operand(node, s);
        n->operands[s].value = value == NULL ? NULL : p->by_id[value->id];
    }
    for (size_t k = 0; k < n->n_results; k++) n->results[k].value = p->by_id[node->outputs[k]->id];
    return TNN_OK;
}

/* The outside: gives input `value`, or takes it as an output. */
static tnn_status fill_border(lay_problem *p, lay_node *n, tnn_value *value, bool is_input, tnn_error *err) {
    n->region = LAY_NO_REGION;
    n->demand.kind = TNN_DEMAND_FIXED;
    lay_slot *slot = TNN_NEW(p->arena, lay_slot);
    if (slot == NULL) return tnn_fail_nomem(err);
    slot->value = p->by_id[value->id];
    if (is_input) n->results = slot, n->n_results = 1;
    else n->operands = slot, n->n_operands = 1;
    return TNN_OK;
}

static tnn_status add_use(lay_problem *p, lay_node *n, size_t slot, tnn_error *err) {
    lay_value *v = n->operands[slot].value;
    if (v == NULL) return TNN_OK;
    lay_use *uses = tnn_arena_grow(p->arena, v->uses, v->n_uses, &v->cap_uses, v->n_uses + 1, sizeof *uses);
    if (uses == NULL) return tnn_fail_nomem(err);
    v->uses = uses;
    v->uses[v->n_uses++] = (lay_use){n, slot};
    return TNN_OK;
}

static tnn_status link_values(lay_problem *p, tnn_error *err) {
    for (size_t i = 0; i < p->n_nodes; i++) {
        lay_node *n = &p->nodes[i];
        for (size_t s = 0; s < n->n_operands; s++) TNN_TRY(add_use(p, n, s, err));
        for (size_t k = 0; k < n->n_results; k++) {
            n->results[k].value->producer = n;
            n->results[k].value->producer_slot = n->n_operands + k;
        }
    }
    return TNN_OK;
}

static tnn_status list_nodes(lay_problem *p, tnn_error *err) {
    const tnn_graph *g = p->graph;
    p->n_nodes = g->n_nodes + g->n_inputs + g->n_outputs;
    p->nodes = TNN_NEW_ARRAY(p->arena, p->n_nodes, lay_node);
    if (p->nodes == NULL) return tnn_fail_nomem(err);
    size_t at = 0;
    for (tnn_node *n = g->first; n != NULL; n = n->next)
        TNN_TRY(fill_node(p, &p->nodes[at++], n, err));
    p->first_input = at;
    for (size_t i = 0; i < g->n_inputs; i++)
        TNN_TRY(fill_border(p, &p->nodes[at++], g->inputs[i], true, err));
    p->first_output = at;
    for (size_t i = 0; i < g->n_outputs; i++)
        TNN_TRY(fill_border(p, &p->nodes[at++], g->outputs[i], false, err));
    return link_values(p, err);
}

/* ---- classes of axes ---- */

static bool links_whole_dims(const tnn_dim_link *link) {
    if (link->kind == TNN_LINK_PLACE) return false;
    return link->from_offset == 0 && link->to_offset == 0 && link->step == 1;
}

static lay_value *slot_value(const lay_node *n, int slot) {
    if (slot >= 0) return n->operands[slot].value;
    return n->results[-1 - slot].value;
}

static tnn_status join_node(lay_problem *p, const lay_node *n, tnn_error *err) {
    if (tnn_node_is(n->node, TNN_OP_permute)) {
        const tnn_arg *dims = tnn_node_arg(n->node, "dims");
        uint8_t rank = n->results[0].value->value->shape.rank;
        for (uint8_t k = 0; k < rank; k++) {
            int64_t from = dims->as.sizes[k].hint;
            join_axes(p, n->operands[0].value, (uint8_t)(from < 0 ? from + rank : from), n->results[0].value, k);
        }
        return TNN_OK;
    }
    if (n->demand.kind == TNN_DEMAND_VIEW) return TNN_OK;
    tnn_dimmap map = {0};
    map.arena = p->arena;
    TNN_TRY(tnn_node_dims(n->node, &map, err));
    for (size_t i = 0; i < map.n_links; i++) {
        const tnn_dim_link *l = &map.links[i];
        if (links_whole_dims(l))
            join_axes(p, slot_value(n, l->from), l->from_dim, slot_value(n, l->to), l->to_dim);
    }
    return TNN_OK;
}

static tnn_status join_all(lay_problem *p, tnn_error *err) {
    for (size_t i = 0; i < p->first_input; i++) TNN_TRY(join_node(p, &p->nodes[i], err));
    return TNN_OK;
}

/* ---- factors ---- */

static void factors_reset(const lay_problem *p, axis_factors *factors) {
    memset(factors, 0, p->n_axes * sizeof *factors);
    for (uint32_t id = 0; id < p->n_ids; id++) {
        const lay_value *v = p->by_id[id];
        if (v == NULL) continue;
        for (uint8_t d = 0; d < v->value->shape.rank; d++) {
            axis_factors *f = &factors[find_root(p->axis_parent, v->axis0 + d)];
            f->n = v->value->shape.dims[d].hint != 1;
            f->size[0] = v->value->shape.dims[d].hint;
        }
    }
}

/* Factors of all dimensions of a value in a row. false: too many. */
static bool list_factors(const lay_problem *p, const axis_factors *factors, const lay_value *v,
                         factor_ref *refs, uint8_t *n) {
    *n = 0;
    for (uint8_t d = 0; d < v->value->shape.rank; d++) {
        uint32_t root = find_root(p->axis_parent, v->axis0 + d);
        for (uint8_t k = 0; k < factors[root].n; k++) {
            if (*n == TNN_MAX_ATOMS) return false;
            refs[(*n)++] = (factor_ref){root, k};
        }
    }
    return true;
}

/* Split a factor into outer and the rest. false: too many factors. */
static bool split_factor(axis_factors *f, uint8_t index, int64_t outer) {
    if (f->n == MAX_FACTORS) return false;
    for (uint8_t k = f->n; k > index; k--) f->size[k] = f->size[k - 1];
    f->n++;
    f->size[index + 1] /= outer;
    f->size[index] = outer;
    return true;
}

/* One step of lining up: 0 all agree, 1 something was split, -1 boundaries cross. */
static int line_up(lay_problem *p, axis_factors *factors, const lay_value *a, const lay_value *b) {
    factor_ref ra[TNN_MAX_ATOMS], rb[TNN_MAX_ATOMS];
    uint8_t na, nb;
    if (!list_factors(p, factors, a, ra, &na) || !list_factors(p, factors, b, rb, &nb)) return -1;
    for (uint8_t i = 0; i < na || i < nb; i++) {
        if (i >= na || i >= nb) return -1;
        int64_t fa = factors[ra[i].axis].size[ra[i].index];
        int64_t fb = factors[rb[i].axis].size[rb[i].index];
        if (fa == fb) continue;
        if (fa == 0 || fb == 0) return -1;
        if (fb % fa == 0) return split_factor(&factors[rb[i].axis], rb[i].index, fa) ? 1 : -1;
        if (fa % fb == 0) return split_factor(&factors[ra[i].axis], ra[i].index, fb) ? 1 : -1;
        return -1;
    }
    return 0;
}

/* Line up every reshape until nothing changes. A view that cannot be lined up becomes opaque, and all begins anew
 * without it, so that its splits leave no trace. */
static void factor_all(lay_problem *p, axis_factors *factors) {
    factors_reset(p, factors);
    bool changed = true;
    while (changed) {
        changed = false;
        for (size_t i = 0; i < p->first_input; i++) {
            lay_node *n = &p->nodes[i];
            if (n->opaque || n->demand.kind != TNN_DEMAND_VIEW || !tnn_node_is(n->node, TNN_OP_reshape)) continue;
            int step = line_up(p, factors, n->operands[0].value, n->results[0].value);
            if (step == 0) continue;
            changed = true;
            if (step < 0) {
                n->opaque = true;
                factors_reset(p, factors);
            }
        }
    }
}

/* false: the value has more atoms than a layout holds. */
static bool set_atoms(const lay_problem *p, const axis_factors *factors, lay_value *v) {
    v->n_atoms = 0;
    for (uint8_t d = 0; d < v->value->shape.rank; d++) {
        const axis_factors *f = &factors[find_root(p->axis_parent, v->axis0 + d)];
        uint8_t n_parts = f->n == 0 ? 1 : f->n;
        if (v->n_atoms + n_parts > TNN_MAX_ATOMS) return false;
        for (uint8_t k = 0; k < n_parts; k++)
            v->atoms[v->n_atoms++] = (tnn_layout_atom){d, k, f->n == 0 ? 1 : f->size[k]};
    }
    return true;
}

static bool set_all_atoms(lay_problem *p, const axis_factors *factors) {
    for (uint32_t id = 0; id < p->n_ids; id++)
        if (p->by_id[id] != NULL && !set_atoms(p, factors, p->by_id[id])) return false;
    return true;
}

/* Without any splitting every value has at most TNN_MAX_RANK atoms. */
static void forbid_views(lay_problem *p) {
    for (size_t i = 0; i < p->first_input; i++)
        if (tnn_node_is(p->nodes[i].node, TNN_OP_reshape)) p->nodes[i].opaque = true;
}

tnn_status lay_atoms_build(lay_problem *p, tnn_error *err) {
    TNN_TRY(list_values(p, err));
    TNN_TRY(list_nodes(p, err));
    TNN_TRY(join_all(p, err));
    axis_factors *factors = TNN_NEW_ARRAY(p->arena, (size_t)p->n_axes + 1, axis_factors);
    if (factors == NULL) return tnn_fail_nomem(err);
    factor_all(p, factors);
    if (!set_all_atoms(p, factors)) {
        forbid_views(p);
        factor_all(p, factors);
        (void)set_all_atoms(p, factors);
    }
    return TNN_OK;
}
