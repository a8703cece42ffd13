#include "tflite/maxflow.h"

#include <string.h>

#define NO_EDGE UINT32_MAX

tnn_status tnn_flow_node(tnn_flow *f, uint32_t *node, tnn_error *err) {
    uint32_t *first = tnn_arena_grow(f->arena, f->first, f->n_nodes, &f->cap_nodes, f->n_nodes + 1, sizeof *first);
    if (first == NULL) return tnn_fail_nomem(err);
    f->first = first;
    f->first[f->n_nodes] = NO_EDGE;
    *node = (uint32_t)f->n_nodes++;
    return TNN_OK;
}

tnn_status tnn_flow_init(tnn_flow *f, tnn_arena *arena, tnn_error *err) {
    uint32_t source, sink;
    memset(f, 0, sizeof *f);
    f->arena = arena;
    TNN_TRY(tnn_flow_node(f, &source, err));
    return tnn_flow_node(f, &sink, err);
}

static void put_edge(tnn_flow *f, uint32_t from, uint32_t to, int64_t capacity) {
    f->edges[f->n_edges] = (tnn_flow_edge){to, f->first[from], capacity};
    f->first[from] = (uint32_t)f->n_edges++;
}

tnn_status tnn_flow_edge_add(tnn_flow *f, uint32_t from, uint32_t to, int64_t capacity, tnn_error *err) {
    tnn_flow_edge *edges = tnn_arena_grow(f->arena, f->edges, f->n_edges, &f->cap_edges, f->n_edges + 2,
                                          sizeof *edges);
    if (edges == NULL) return tnn_fail_nomem(err);
    f->edges = edges;
    put_edge(f, from, to, capacity);
    put_edge(f, to, from, 0);
    return TNN_OK;
}

typedef struct search {
    tnn_flow *flow;
    int32_t *level;  /* distance from the source; -1: not reached */
    uint32_t *queue;
    uint32_t *next;  /* by node: the next edge to try */
    uint32_t *path;  /* edges from the source to where we stand */
} search;

static bool find_levels(search *s) {
    tnn_flow *f = s->flow;
    for (size_t i = 0; i < f->n_nodes; i++) s->level[i] = -1;
    size_t head = 0, tail = 0;
    s->level[TNN_FLOW_SOURCE] = 0;
    s->queue[tail++] = TNN_FLOW_SOURCE;
    while (head < tail) {
        uint32_t u = s->queue[head++];
        for (uint32_t e = f->first[u]; e != NO_EDGE; e = f->edges[e].next) {
            uint32_t v = f->edges[e].to;
            if (f->edges[e].left == 0 || s->level[v] >= 0) continue;
            s->level[v] = s->level[u] + 1;
            s->queue[tail++] = v;
        }
    }
    return s->level[TNN_FLOW_SINK] >= 0;
}

/* Push what the path carries; the path is cut before its first full edge. Returns its new length. */
static size_t push_path(search *s, size_t length, int64_t *value) {
    tnn_flow *f = s->flow;
    int64_t room = TNN_FLOW_INF;
    for (size_t i = 0; i < length; i++)
        if (f->edges[s->path[i]].left < room) room = f->edges[s->path[i]].left;
    size_t cut = length;
    for (size_t i = length; i > 0; i--) {
        uint32_t e = s->path[i - 1];
        f->edges[e].left -= room;
        f->edges[e ^ 1U].left += room;
        if (f->edges[e].left == 0) cut = i - 1;
    }
    *value += room;
    return cut;
}

static uint32_t advance(search *s, uint32_t u) {
    tnn_flow *f = s->flow;
    for (; s->next[u] != NO_EDGE; s->next[u] = f->edges[s->next[u]].next) {
        const tnn_flow_edge *e = &f->edges[s->next[u]];
        if (e->left > 0 && s->level[e->to] == s->level[u] + 1) return s->next[u];
    }
    return NO_EDGE;
}

/* Fill all shortest paths of the present layers. */
static void block_layers(search *s, int64_t *value) {
    tnn_flow *f = s->flow;
    memcpy(s->next, f->first, f->n_nodes * sizeof *s->next);
    size_t length = 0;
    for (;;) {
        uint32_t u = length == 0 ? TNN_FLOW_SOURCE : f->edges[s->path[length - 1]].to;
        if (u == TNN_FLOW_SINK) {
            length = push_path(s, length, value);
            continue;
        }
        uint32_t e = advance(s, u);
        if (e != NO_EDGE) {
            s->path[length++] = e;
        } else if (length == 0) {
            return;
        } else {
            s->level[u] = -1; /* a dead end */
            length--;
        }
    }
}

tnn_status tnn_flow_cut(tnn_flow *f, int64_t *value, const bool **in_source, tnn_error *err) {
    search s = {f, TNN_NEW_ARRAY(f->arena, f->n_nodes, int32_t), TNN_NEW_ARRAY(f->arena, f->n_nodes, uint32_t),
                TNN_NEW_ARRAY(f->arena, f->n_nodes, uint32_t), TNN_NEW_ARRAY(f->arena, f->n_nodes, uint32_t)};
    bool *side = TNN_NEW_ARRAY(f->arena, f->n_nodes, bool);
    if (s.level == NULL || s.queue == NULL || s.next == NULL || s.path == NULL || side == NULL)
        return tnn_fail_nomem(err);
    *value = 0;
    while (find_levels(&s)) block_layers(&s, value);
    for (size_t i = 0; i < f->n_nodes; i++) side[i] = s.level[i] >= 0;
    *in_source = side;
    return TNN_OK;
}
