/* Writes into slices. A program that fills a tensor piece by piece leaves a chain
 *
 *   slice_scatter(slice_scatter(slice_scatter(x, a, 0, 1), b, 1, 2), c, 2, 3)
 *
 * which is one concatenation of a, b, c and of what is left of x between them. */
#include <string.h>

#include "ops/list.h"
#include "passes/passes.h"
#include "passes/rewrite.h"

enum { ARG_SELF, ARG_SRC, ARG_DIM, ARG_START, ARG_END, ARG_STEP };

/* A longer chain is folded in parts. */
#define MAX_PIECES 4096

typedef struct piece {
    int64_t start, end;
    tnn_value *src;
} piece;

typedef struct chain {
    tnn_arena *arena;
    piece *pieces; /* by start, apart from one another */
    size_t n, cap;
    int64_t dim, size;
    tnn_value *rest; /* what lies between the pieces */
} chain;

static bool is_fixed(const tnn_arg *arg) { return !arg->as.size.expr; }

/* A write of neighbours: `out` gets where. */
static bool is_write(const tnn_node *node, piece *out) {
    if (!node || !tnn_node_is(node, TNN_OP_slice_scatter) || node->activation != TNN_ACT_NONE) return false;
    if (tnn_arg_int(&node->args[ARG_STEP]) != 1 || !is_fixed(&node->args[ARG_START]) || !is_fixed(&node->args[ARG_END]))
        return false;
    const tnn_value *src = node->args[ARG_SRC].as.tensor;
    int64_t dim = tnn_arg_int(&node->args[ARG_DIM]);
    out->start = tnn_arg_int(&node->args[ARG_START]);
    out->end = tnn_arg_int(&node->args[ARG_END]);
    out->src = node->args[ARG_SRC].as.tensor;
    return dim >= 0 && out->start >= 0 && out->end - out->start == src->shape.dims[dim].hint &&
           out->end > out->start && src->dtype == node->outputs[0]->dtype && !src->shape.dims[dim].expr;
}

/* Where the piece belongs; the number of pieces that begin before it. */
static size_t place_of(const chain *c, int64_t start) {
    size_t low = 0, high = c->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (c->pieces[middle].start < start) low = middle + 1;
        else high = middle;
    }
    return low;
}

/* An earlier write: put it between the later ones. False when one of them hides a part of it. */
static tnn_status add_piece(chain *c, const piece *p, bool *fits, tnn_error *err) {
    size_t at = place_of(c, p->start);
    const piece *before = at > 0 ? &c->pieces[at - 1] : NULL, *behind = at < c->n ? &c->pieces[at] : NULL;
    bool hidden = (before && before->end >= p->end) || (behind && behind->start == p->start && behind->end >= p->end);
    *fits = hidden || ((!before || before->end <= p->start) && (!behind || behind->start >= p->end));
    if (hidden || !*fits) return TNN_OK;
    piece *pieces = tnn_arena_grow(c->arena, c->pieces, c->n, &c->cap, c->n + 1, sizeof *pieces);
    if (!pieces) return tnn_fail_nomem(err);
    c->pieces = pieces;
    memmove(&pieces[at + 1], &pieces[at], (c->n - at) * sizeof *pieces);
    pieces[at] = *p;
    c->n++;
    return TNN_OK;
}

static bool covers_all(const chain *c) {
    int64_t at = 0;
    for (size_t i = 0; i < c->n && c->pieces[i].start == at; i++) at = c->pieces[i].end;
    return at == c->size;
}

/* Go back over the writes along the same dimension. */
static tnn_status collect(chain *c, const tnn_node *last, tnn_error *err) {
    piece p;
    bool fits = true;
    c->dim = tnn_arg_int(&last->args[ARG_DIM]);
    c->size = last->outputs[0]->shape.dims[c->dim].hint;
    c->rest = last->outputs[0];
    int64_t n_covered = 0;
    for (const tnn_node *node = last; is_write(node, &p); node = c->rest->producer) {
        if (tnn_arg_int(&node->args[ARG_DIM]) != c->dim || c->n == MAX_PIECES) break;
        size_t n = c->n;
        TNN_TRY(add_piece(c, &p, &fits, err));
        if (!fits) break;
        if (c->n > n) n_covered += p.end - p.start;
        c->rest = node->args[ARG_SELF].as.tensor;
        if (n_covered == c->size) break;
    }
    return TNN_OK;
}

static tnn_status append(tnn_node *before, int op_id, const tnn_arg *args, size_t n_args, tnn_value **out,
                         tnn_error *err) {
    tnn_node *node;
    TNN_TRY(tnn_op_append(&node, before->graph, before, &tnn_op_rows[op_id]->op, args, n_args, NULL, err));
    tnn_rewrite_origin(node, before);
    *out = node->outputs[0];
    return TNN_OK;
}

/* Places [start, end) of what was never written. */
static tnn_status add_rest(const chain *c, tnn_node *node, int64_t start, int64_t end, tnn_value **parts, size_t *n,
                           tnn_error *err) {
    if (start == end) return TNN_OK;
    tnn_arg args[] = {tnn_arg_of_tensor(c->rest), tnn_arg_of_int(c->dim), tnn_arg_of_int(start), tnn_arg_of_int(end)};
    return append(node, TNN_OP_slice, args, 4, &parts[(*n)++], err);
}

static tnn_status concatenate(const chain *c, tnn_node *node, tnn_error *err) {
    tnn_value **parts = TNN_NEW_ARRAY(c->arena, 2 * c->n + 1, tnn_value *), *whole;
    size_t n = 0;
    int64_t at = 0;
    if (!parts) return tnn_fail_nomem(err);
    for (size_t i = 0; i < c->n; i++) {
        TNN_TRY(add_rest(c, node, at, c->pieces[i].start, parts, &n, err));
        parts[n++] = c->pieces[i].src;
        at = c->pieces[i].end;
    }
    TNN_TRY(add_rest(c, node, at, c->size, parts, &n, err));
    tnn_arg args[] = {tnn_arg_of_tensors(parts, n), tnn_arg_of_int(c->dim)};
    TNN_TRY(append(node, TNN_OP_cat, args, 2, &whole, err));
    return tnn_rewrite_renamed(node, whole, err);
}

/* The next write of the chain is the only reader: the chain is folded from its end. */
static bool is_inner(const tnn_graph *graph, const tnn_node *node) {
    piece p;
    const tnn_value *value = node->outputs[0];
    if (!tnn_rewrite_single_use(graph, value)) return false;
    const tnn_node *user = value->users[0];
    return is_write(user, &p) && user->args[ARG_SELF].as.tensor == value &&
           tnn_arg_int(&user->args[ARG_DIM]) == tnn_arg_int(&node->args[ARG_DIM]);
}

static tnn_status fold_chain(tnn_node *node, tnn_error *err) {
    chain c = {.arena = node->graph->model->arena};
    TNN_TRY(collect(&c, node, err));
    if (node->outputs[0]->shape.dims[c.dim].expr || c.n == 0) return TNN_OK;
    return c.n > 1 || covers_all(&c) ? concatenate(&c, node, err) : TNN_OK;
}

tnn_status tnn_pass_scatter(tnn_graph *graph, tnn_error *err) {
    piece p;
    for (tnn_node *node = graph->last, *previous; node; node = previous) {
        previous = node->prev;
        if (is_write(node, &p) && !is_inner(graph, node)) TNN_TRY(fold_chain(node, err));
        /* What only the folded chain has read is dead. */
        while (previous && previous->n_outputs == 1 && is_write(previous, &p) &&
               tnn_rewrite_unused(graph, previous->outputs[0])) {
            tnn_node *dead = previous;
            previous = previous->prev;
            tnn_node_remove(dead);
        }
    }
    return TNN_OK;
}
