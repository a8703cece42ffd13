/* Frames: how an order of one operand or result of a node becomes an order of all the others.
 *
 * The dimension map of a node groups the dimensions of its operands and results; each group is a dimension of the
 * node's frame. An order of atoms in the frame, restricted to what an operand has, is the operand's order:
 *
 *     frame of a + b:  n c h w     a [N,C,H,W] -> n c h w     b [C,1,1] -> c (h w)
 *     in the order     n h w c     a           -> n h w c     b         -> (h w) c
 *
 * Where the members of a group are not factored alike (a concatenation's axis), the group moves as a block. */
#include "tflite/layout_problem.h"

#include <string.h>

#include "ops/list.h"

#define MAX_FRAME_ATOMS (2 * TNN_MAX_ATOMS)

void lay_order_identity(const lay_value *v, lay_order *out) {
    out->n = v->n_atoms;
    for (uint8_t i = 0; i < v->n_atoms; i++) out->at[i] = i;
}

static void append_dim(const lay_value *v, uint8_t dim, lay_order *out) {
    for (uint8_t i = 0; i < v->n_atoms; i++)
        if (v->atoms[i].dim == dim) out->at[out->n++] = i;
}

void lay_order_of_dims(const lay_value *v, const uint8_t *dim_order, lay_order *out) {
    out->n = 0;
    for (uint8_t k = 0; k < v->value->shape.rank; k++) append_dim(v, dim_order[k], out);
}

bool lay_order_same(const lay_value *v, const lay_order *a, const lay_order *b) {
    uint8_t i = 0, j = 0;
    for (;;) {
        while (i < a->n && v->atoms[a->at[i]].size == 1) i++;
        while (j < b->n && v->atoms[b->at[j]].size == 1) j++;
        if (i == a->n || j == b->n) return i == a->n && j == b->n;
        if (a->at[i++] != b->at[j++]) return false;
    }
}

/* ---- views ---- */

/* Atom of the result for each atom of the operand, and back; 0xff: none (an atom of size 1). */
static void view_map(const lay_node *n, uint8_t *to_result, uint8_t *to_operand) {
    const lay_value *a = n->operands[0].value, *b = n->results[0].value;
    memset(to_result, 0xff, TNN_MAX_ATOMS);
    memset(to_operand, 0xff, TNN_MAX_ATOMS);
    if (tnn_node_is(n->node, TNN_OP_permute)) {
        const tnn_arg *dims = tnn_node_arg(n->node, "dims");
        uint8_t rank = b->value->shape.rank;
        for (uint8_t j = 0; j < b->n_atoms; j++) {
            int64_t from = dims->as.sizes[b->atoms[j].dim].hint;
            if (from < 0) from += rank;
            for (uint8_t i = 0; i < a->n_atoms; i++)
                if (a->atoms[i].dim == from && a->atoms[i].part == b->atoms[j].part)
                    to_result[i] = j, to_operand[j] = i;
        }
        return;
    }
    for (uint8_t i = 0, j = 0; i < a->n_atoms; i++) {
        if (a->atoms[i].size == 1) continue;
        while (j < b->n_atoms && b->atoms[j].size == 1) j++;
        if (j == b->n_atoms) return;
        to_result[i] = j, to_operand[j] = i;
        j++;
    }
}

/* Put `item` behind `after` in the sequence, or in front. */
static void insert_after(uint8_t *at, uint8_t *n, uint8_t item, int after) {
    uint8_t pos = 0;
    for (uint8_t k = 0; k < *n; k++)
        if (at[k] == after) pos = (uint8_t)(k + 1);
    memmove(at + pos + 1, at + pos, (size_t)(*n - pos));
    at[pos] = item;
    (*n)++;
}

static bool has_item(const uint8_t *at, uint8_t n, uint8_t item) {
    return n > 0 && memchr(at, item, n) != NULL;
}

/* Every item 0 … total - 1 that is missing goes behind its predecessor. */
static void insert_missing(uint8_t *at, uint8_t *n, uint8_t total) {
    for (uint8_t i = 0; i < total; i++)
        if (!has_item(at, *n, i)) insert_after(at, n, i, (int)i - 1);
}

static void carry_view(const lay_node *n, size_t from_slot, const lay_order *order, lay_order *orders) {
    uint8_t to_result[TNN_MAX_ATOMS], to_operand[TNN_MAX_ATOMS];
    view_map(n, to_result, to_operand);
    const uint8_t *map = from_slot == 0 ? to_result : to_operand;
    size_t to_slot = 1 - from_slot;
    const lay_value *to = from_slot == 0 ? n->results[0].value : n->operands[0].value;
    lay_order *out = &orders[to_slot];
    orders[from_slot] = *order;
    out->n = 0;
    for (uint8_t k = 0; k < order->n; k++)
        if (map[order->at[k]] != 0xff) out->at[out->n++] = map[order->at[k]];
    insert_missing(out->at, &out->n, to->n_atoms);
}

/* ---- frames of other nodes ---- */

static uint8_t frame_base(const lay_frame *f, uint8_t dim) {
    uint8_t base = 0;
    for (uint8_t d = 0; d < dim; d++) base = (uint8_t)(base + f->parts[d]);
    return base;
}

static bool moves_whole(const lay_frame *f, const lay_slot *slot, uint8_t dim) {
    uint8_t fd = slot->frame_dim[dim];
    return f->block[fd] || slot->value->value->shape.dims[dim].hint == 1;
}

/* Append an atom of the frame's dimension, or all of it when a whole dimension comes by. */
static void push_frame_atoms(const lay_frame *f, const lay_slot *slot, const tnn_layout_atom *atom, uint8_t *seq,
                             uint8_t *n) {
    uint8_t fd = slot->frame_dim[atom->dim], base = frame_base(f, fd);
    if (!moves_whole(f, slot, atom->dim)) {
        seq[(*n)++] = (uint8_t)(base + atom->part);
        return;
    }
    if (atom->part != 0) return;
    for (uint8_t k = 0; k < f->parts[fd]; k++) seq[(*n)++] = (uint8_t)(base + k);
}

/* Do the atoms of every block stand together and in order? */
static bool blocks_hold(const lay_frame *f, const lay_slot *slot, const lay_order *order) {
    const lay_value *v = slot->value;
    for (uint8_t k = 0; k < order->n; k++) {
        const tnn_layout_atom *atom = &v->atoms[order->at[k]];
        if (!f->block[slot->frame_dim[atom->dim]] || atom->part == 0) continue;
        if (k == 0 || order->at[k - 1] + 1 != order->at[k]) return false;
    }
    return true;
}

static uint8_t frame_n_atoms(const lay_frame *f) { return frame_base(f, f->n_dims); }

/* Stable move of the atoms of one frame dimension to the end. */
static void move_last(const lay_frame *f, uint8_t dim, uint8_t *seq, uint8_t n) {
    uint8_t base = frame_base(f, dim), kept = 0, moved = 0, tail[MAX_FRAME_ATOMS];
    for (uint8_t k = 0; k < n; k++) {
        if (seq[k] >= base && seq[k] < base + f->parts[dim]) tail[moved++] = seq[k];
        else seq[kept++] = seq[k];
    }
    memcpy(seq + kept, tail, moved);
}

static void restrict_to(const lay_frame *f, const lay_slot *slot, const uint8_t *seq, uint8_t n, lay_order *out) {
    const lay_value *v = slot->value;
    out->n = 0;
    for (uint8_t k = 0; k < n; k++) {
        for (uint8_t i = 0; i < v->n_atoms; i++) {
            const tnn_layout_atom *atom = &v->atoms[i];
            uint8_t base = frame_base(f, slot->frame_dim[atom->dim]);
            bool here = moves_whole(f, slot, atom->dim) ? seq[k] == base : seq[k] == base + atom->part;
            if (here) out->at[out->n++] = i;
        }
    }
}

static uint8_t last_dim(const lay_slot *slot) { return (uint8_t)(slot->value->value->shape.rank - 1); }

static void carry_linear(const lay_node *n, uint8_t *seq, uint8_t n_seq, lay_order *orders) {
    const lay_frame *f = &n->frame;
    const lay_slot *in = &n->operands[0], *result = &n->results[0];
    uint8_t contracted = in->frame_dim[last_dim(in)], feature = result->frame_dim[last_dim(result)];
    move_last(f, contracted, seq, n_seq);
    move_last(f, feature, seq, n_seq);
    for (size_t s = 0; s < lay_n_slots(n); s++) {
        const lay_slot *slot = lay_slot_at(n, s);
        if (slot->value != NULL && s != 1) restrict_to(f, slot, seq, n_seq, &orders[s]);
    }
    move_last(f, contracted, seq, n_seq); /* the weight is [features, contracted] */
    restrict_to(f, &n->operands[1], seq, n_seq, &orders[1]);
}

void lay_frame_carry(const lay_node *n, size_t from_slot, const lay_order *order, bool with_wish, lay_order *orders) {
    if (n->demand.kind == TNN_DEMAND_VIEW) {
        carry_view(n, from_slot, order, orders);
        return;
    }
    const lay_frame *f = &n->frame;
    const lay_slot *from = lay_slot_at(n, from_slot);
    uint8_t seq[MAX_FRAME_ATOMS], n_seq = 0;
    if (blocks_hold(f, from, order))
        for (uint8_t k = 0; k < order->n; k++)
            push_frame_atoms(f, from, &from->value->atoms[order->at[k]], seq, &n_seq);
    insert_missing(seq, &n_seq, frame_n_atoms(f));
    if (n->demand.kind == TNN_DEMAND_LINEAR) {
        carry_linear(n, seq, n_seq, orders);
        return;
    }
    if (lay_wants_last(n) && with_wish)
        move_last(f, n->operands[0].frame_dim[n->demand.last(n->node)], seq, n_seq);
    for (size_t s = 0; s < lay_n_slots(n); s++) {
        const lay_slot *slot = lay_slot_at(n, s);
        if (slot->value != NULL) restrict_to(f, slot, seq, n_seq, &orders[s]);
    }
}

/* ---- building a frame ---- */

/* Groups of (slot, dimension): a union-find over slot * TNN_MAX_RANK + dimension. */
static uint32_t group_root(const uint32_t *parent, uint32_t i) {
    while (parent[i] != i) i = parent[i];
    return i;
}

static uint32_t member(const lay_node *n, int slot, uint8_t dim) {
    size_t s = slot >= 0 ? (size_t)slot : n->n_operands + (size_t)(-1 - slot);
    return (uint32_t)(s * TNN_MAX_RANK + dim);
}

static tnn_status group_dims(lay_problem *p, const lay_node *n, uint32_t **out, tnn_error *err) {
    size_t n_members = lay_n_slots(n) * TNN_MAX_RANK;
    uint32_t *parent = TNN_NEW_ARRAY(p->arena, n_members, uint32_t);
    if (parent == NULL) return tnn_fail_nomem(err);
    for (uint32_t i = 0; i < n_members; i++) parent[i] = i;
    tnn_dimmap map = {0};
    map.arena = p->arena;
    TNN_TRY(tnn_node_dims(n->node, &map, err));
    for (size_t i = 0; i < map.n_links; i++) {
        const tnn_dim_link *l = &map.links[i];
        if (l->kind == TNN_LINK_CONTRACT && n->demand.kind != TNN_DEMAND_LINEAR) continue;
        uint32_t a = group_root(parent, member(n, l->from, l->from_dim));
        uint32_t b = group_root(parent, member(n, l->to, l->to_dim));
        if (a < b) parent[b] = a;
        else parent[a] = b;
    }
    *out = parent;
    return TNN_OK;
}

/* The slot whose dimensions come first in the frame: a result unless an operand has more dimensions. */
static size_t reference_slot(const lay_node *n) {
    size_t best = n->n_operands;
    for (size_t s = 0; s < lay_n_slots(n); s++) {
        const lay_slot *slot = lay_slot_at(n, s);
        if (slot->value != NULL && slot->value->value->shape.rank > lay_slot_at(n, best)->value->value->shape.rank)
            best = s;
    }
    return best;
}

static uint32_t axis_root(const lay_problem *p, uint32_t axis) {
    while (p->axis_parent[axis] != axis) axis = p->axis_parent[axis];
    return axis;
}

static uint8_t n_parts(const lay_value *v, uint8_t dim) {
    uint8_t n = 0;
    for (uint8_t i = 0; i < v->n_atoms; i++) n = (uint8_t)(n + (v->atoms[i].dim == dim));
    return n;
}

/* A frame dimension learns of one more member. `roots` holds the axis class of the first real member. */
static void add_member(const lay_problem *p, lay_frame *f, uint32_t *roots, const lay_slot *slot, uint8_t dim) {
    uint8_t fd = slot->frame_dim[dim];
    if (slot->value->value->shape.dims[dim].hint == 1) {
        if (f->parts[fd] == 0) f->parts[fd] = 1;
        return;
    }
    uint32_t root = axis_root(p, slot->value->axis0 + dim);
    if (roots[fd] == UINT32_MAX) {
        roots[fd] = root;
        f->parts[fd] = n_parts(slot->value, dim);
    } else if (roots[fd] != root) {
        f->block[fd] = true;
    }
}

static void keep_order(lay_node *n) {
    n->demand.kind = TNN_DEMAND_FIXED;
    n->demand.fixed = NULL;
}

/* false: more dimensions than a frame holds (a node with many unlinked operands). */
static bool number_dims(const lay_node *n, const uint32_t *parent, size_t s, uint32_t *group_of, lay_frame *f) {
    lay_slot *slot = lay_slot_at(n, s);
    if (slot->value == NULL) return true;
    for (uint8_t d = 0; d < slot->value->value->shape.rank; d++) {
        uint32_t root = group_root(parent, (uint32_t)(s * TNN_MAX_RANK + d));
        uint8_t fd = 0;
        while (fd < f->n_dims && group_of[fd] != root) fd++;
        if (fd == TNN_MAX_ATOMS) return false;
        if (fd == f->n_dims) group_of[f->n_dims++] = root;
        slot->frame_dim[d] = fd;
    }
    return true;
}

static bool number_all(const lay_node *n, const uint32_t *parent, lay_frame *f) {
    uint32_t group_of[TNN_MAX_ATOMS];
    size_t reference = reference_slot(n);
    if (!number_dims(n, parent, reference, group_of, f)) return false;
    for (size_t s = 0; s < lay_n_slots(n); s++)
        if (s != reference && !number_dims(n, parent, s, group_of, f)) return false;
    return true;
}

static const lay_slot *linked_slot(const lay_node *n, int slot) {
    return slot >= 0 ? &n->operands[slot] : &n->results[-1 - slot];
}

static int64_t size_of(const lay_slot *slot, uint8_t dim) { return slot->value->value->shape.dims[dim].hint; }

/* Dimensions that only share a place move as blocks, also where all of a dimension is factored alike: index 3 of one
 * is not index 3 of the other. So does a dimension of which a part is taken, be it a single place. */
static tnn_status mark_places(lay_problem *p, lay_node *n, tnn_error *err) {
    tnn_dimmap map = {.arena = p->arena};
    TNN_TRY(tnn_node_dims(n->node, &map, err));
    for (size_t i = 0; i < map.n_links; i++) {
        const tnn_dim_link *l = &map.links[i];
        const lay_slot *from = linked_slot(n, l->from), *to = linked_slot(n, l->to);
        int64_t a = size_of(from, l->from_dim), b = size_of(to, l->to_dim);
        bool place = l->kind == TNN_LINK_PLACE && a != 1 && b != 1, part = l->kind == TNN_LINK_SAME && a != b;
        if (place || part) n->frame.block[from->frame_dim[l->from_dim]] = true;
    }
    return TNN_OK;
}

static bool wants_whole(const lay_node *n) {
    bool whole = n->demand.kind == TNN_DEMAND_WHOLE || n->demand.kind == TNN_DEMAND_LAST_WHOLE;
    return whole && n->operands[0].value->value->shape.rank > 0;
}

static void count_parts(const lay_problem *p, const lay_node *n, lay_frame *f) {
    uint32_t roots[TNN_MAX_ATOMS];
    memset(roots, 0xff, sizeof roots);
    for (size_t s = 0; s < lay_n_slots(n); s++) {
        const lay_slot *slot = lay_slot_at(n, s);
        if (slot->value == NULL) continue;
        for (uint8_t d = 0; d < slot->value->value->shape.rank; d++) add_member(p, f, roots, slot, d);
    }
    if (wants_whole(n)) f->block[n->operands[0].frame_dim[n->demand.last(n->node)]] = true;
    for (uint8_t d = 0; d < f->n_dims; d++)
        if (f->block[d]) f->parts[d] = 1;
}

/* A node whose frame does not fit keeps PyTorch's order. */
static tnn_status build_frame(lay_problem *p, lay_node *n, tnn_error *err) {
    uint32_t *parent = NULL;
    TNN_TRY(group_dims(p, n, &parent, err));
    bool fits = number_all(n, parent, &n->frame);
    if (fits) TNN_TRY(mark_places(p, n, err));
    if (fits) count_parts(p, n, &n->frame);
    if (!fits || frame_n_atoms(&n->frame) > MAX_FRAME_ATOMS) keep_order(n);
    return TNN_OK;
}

tnn_status lay_frames_build(lay_problem *p, tnn_error *err) {
    for (size_t i = 0; i < p->first_input; i++) {
        lay_node *n = &p->nodes[i];
        if (n->opaque) keep_order(n);
        if (n->demand.kind == TNN_DEMAND_VIEW || n->demand.kind == TNN_DEMAND_FIXED) continue;
        TNN_TRY(build_frame(p, n, err));
    }
    return TNN_OK;
}
