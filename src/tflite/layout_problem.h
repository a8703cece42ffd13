/* The layout problem, shared by the files layout_*.c. */
#ifndef TNN_TFLITE_LAYOUT_PROBLEM_H
#define TNN_TFLITE_LAYOUT_PROBLEM_H

#include "ops/row.h"
#include "tflite/demand.h"
#include "tflite/layout.h"

/* Candidates a region may have; further ones are not considered. */
#define LAY_MAX_LABELS 8
#define LAY_NO_REGION UINT32_MAX

/* An order of a value's atoms: at[k] is the atom (numbered dimension by dimension, outermost part first) at memory
 * position k. */
typedef struct lay_order {
    uint8_t n;
    uint8_t at[TNN_MAX_ATOMS];
} lay_order;

typedef struct lay_node lay_node;

/* A reader of a value. */
typedef struct lay_use {
    lay_node *node;
    size_t slot;
} lay_use;

typedef struct lay_value {
    tnn_value *value;
    lay_node *producer; /* NULL: a constant */
    size_t producer_slot;
    lay_use *uses;
    size_t n_uses, cap_uses;
    uint32_t axis0;  /* number of its first axis */
    uint8_t n_atoms;
    tnn_layout_atom atoms[TNN_MAX_ATOMS];
    uint32_t region;     /* LAY_NO_REGION: a constant */
    uint32_t region_up;  /* union-find towards the region */
    bool reached;        /* by the label that is being made */
    lay_order orders[LAY_MAX_LABELS];
} lay_value;

/* How the dimensions of a node's operands and results fall on the node's own dimensions. */
typedef struct lay_frame {
    uint8_t n_dims;
    uint8_t parts[TNN_MAX_ATOMS]; /* atoms of each frame dimension; 1 where it moves as a block */
    bool block[TNN_MAX_ATOMS];
} lay_frame;

/* One operand or result. */
typedef struct lay_slot {
    lay_value *value; /* NULL: absent or a number */
    uint8_t frame_dim[TNN_MAX_RANK];
} lay_slot;

struct lay_node {
    tnn_node *node;      /* NULL: the outside, which gives an input or takes an output */
    tnn_demand demand;
    bool opaque;         /* a view that cannot be renamed: operand and result in PyTorch's order */
    lay_frame frame;
    lay_slot *operands;  /* by slot */
    size_t n_operands;
    lay_slot *results;
    size_t n_results;
    uint32_t region;     /* LAY_NO_REGION: fixed */
    uint32_t label;      /* chosen */
    uint32_t vertex;     /* in the flow network that is being cut; then its number in the region */
    /* [label * (n_operands + n_results) + slot]: operands first. One label where fixed. */
    lay_order *orders;
};

typedef struct lay_region {
    uint32_t n_labels;
    bool aligned;     /* with two labels the minimum cut is exact */
    lay_node **nodes; /* in graph order */
    size_t n_nodes, cap_nodes;
    lay_value **values;
    size_t n_values, cap_values;
} lay_region;

typedef struct lay_problem {
    tnn_graph *graph;
    tnn_layout_options options;
    tnn_arena *arena; /* released at the end */
    lay_value **by_id; /* by value id; NULL where the graph does not use it */
    uint32_t n_ids;
    lay_node *nodes;   /* graph order; then one for each input, then one for each output */
    size_t n_nodes;
    size_t first_input, first_output;
    uint32_t *axis_parent; /* union-find over (value, dimension) */
    uint32_t n_axes;
    lay_region *regions;
    size_t n_regions;
} lay_problem;

static inline lay_value *lay_value_of(const lay_problem *p, const tnn_value *value) {
    return p->by_id[value->id];
}

/* layout_atoms.c: values, nodes with slots, atoms of every value, opaque views. */
tnn_status lay_atoms_build(lay_problem *p, tnn_error *err);

/* layout_frame.c */
tnn_status lay_frames_build(lay_problem *p, tnn_error *err);
/* Orders of all slots of `n` from the order of one of them (slot numbers: operands first). `with_wish`: with the dimension
 * innermost that the node wants there; else the order passes as it is. */
void lay_frame_carry(const lay_node *n, size_t from_slot, const lay_order *order, bool with_wish, lay_order *orders);
void lay_order_identity(const lay_value *v, lay_order *out);
void lay_order_of_dims(const lay_value *v, const uint8_t *dim_order, lay_order *out);
/* Equal but for atoms of size 1. */
bool lay_order_same(const lay_value *v, const lay_order *a, const lay_order *b);
static inline lay_slot *lay_slot_at(const lay_node *n, size_t slot) {
    return slot < n->n_operands ? &n->operands[slot] : &n->results[slot - n->n_operands];
}
static inline bool lay_wants_last(const lay_node *n) {
    return n->demand.kind == TNN_DEMAND_LAST || n->demand.kind == TNN_DEMAND_LAST_WHOLE;
}
static inline size_t lay_n_slots(const lay_node *n) { return n->n_operands + n->n_results; }
static inline lay_order *lay_order_at(const lay_node *n, uint32_t label, size_t slot) {
    return &n->orders[label * lay_n_slots(n) + slot];
}

/* layout_label.c: regions and their labels. */
tnn_status lay_labels_build(lay_problem *p, tnn_error *err);

/* layout_cost.c: what the present labels cost. */
int64_t lay_value_price(const lay_value *v); /* of one transpose; 0 for constants */
int64_t lay_value_cost(const lay_value *v);  /* of all its transposes */
int64_t lay_region_cost(const lay_region *r);
int64_t lay_cost(const lay_problem *p);
/* The order that the producer gives, and that a reader wants, under the present labels. */
const lay_order *lay_given(const lay_value *v);
const lay_order *lay_wanted(const lay_use *use);

/* layout_cut.c: choose labels for every region. */
tnn_status lay_solve(lay_problem *p, tnn_error *err);

/* layout_branch.c: improve the labels of a region; within a budget of steps they are then an optimum. */
tnn_status lay_branch(lay_problem *p, lay_region *region, tnn_error *err);

/* layout_apply.c */
tnn_status lay_apply(lay_problem *p, tnn_layout_result *result, tnn_error *err);

#endif
