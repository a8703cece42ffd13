#include "quant/snapshot.h"

#include "quant/quant_rows.h"

/* A constant in the place of an operand; NULL: there was none. */
struct tnn_snapshot_entry {
    tnn_node *node;
    uint8_t slot;
    tnn_value *value;
    const char *name;
    const tnn_moments *moments; /* of the node's result */
};

static void add(tnn_snapshot *s, tnn_node *node, uint8_t slot) {
    tnn_value *value = tnn_arg_tensor(&node->args[slot]);
    s->entries[s->n++] = (tnn_snapshot_entry){node, slot, value, value != NULL ? value->name : NULL,
                                              node->outputs[0]->moments};
}

static tnn_status take_names(tnn_snapshot *s, tnn_error *err) {
    size_t n = 0;
    for (const tnn_node *node = s->graph->first; node != NULL; node = node->next) n += node->n_outputs;
    s->names = TNN_NEW_ARRAY(s->graph->model->arena, n, const char *);
    if (s->names == NULL) return tnn_fail_nomem(err);
    n = 0;
    for (const tnn_node *node = s->graph->first; node != NULL; node = node->next)
        for (uint32_t k = 0; k < node->n_outputs; k++) s->names[n++] = node->outputs[k]->name;
    return TNN_OK;
}

static tnn_status restore_names(const tnn_snapshot *s, tnn_error *err) {
    const char **name = s->names;
    for (const tnn_node *node = s->graph->first; node != NULL; node = node->next)
        for (uint32_t k = 0; k < node->n_outputs; k++, name++)
            if (node->outputs[k]->name != *name) TNN_TRY(tnn_graph_rename(s->graph, node->outputs[k], *name, err));
    return TNN_OK;
}

tnn_status tnn_snapshot_take(tnn_snapshot *out, tnn_graph *graph, tnn_error *err) {
    *out = (tnn_snapshot){.graph = graph};
    out->entries = TNN_NEW_ARRAY(graph->model->arena, 2 * graph->n_nodes, tnn_snapshot_entry);
    if (out->entries == NULL) return tnn_fail_nomem(err);
    TNN_TRY(take_names(out, err));
    for (tnn_node *node = graph->first; node != NULL; node = node->next) {
        const tnn_quant_row *row = tnn_quant_row_of(node);
        if (row == NULL || !row->has_weights) continue;
        add(out, node, row->weights);
        add(out, node, row->bias);
    }
    return TNN_OK;
}

tnn_status tnn_snapshot_restore(const tnn_snapshot *snapshot, tnn_error *err) {
    for (size_t i = 0; i < snapshot->n; i++) {
        const tnn_snapshot_entry *e = &snapshot->entries[i];
        e->node->outputs[0]->moments = e->moments;
        if (tnn_arg_tensor(&e->node->args[e->slot]) == e->value) continue;
        tnn_arg arg = e->value != NULL ? tnn_arg_of_tensor(e->value) : tnn_arg_none();
        TNN_TRY(tnn_node_set_arg(e->node, e->slot, arg, err));
        if (e->value != NULL && e->value->name != e->name)
            TNN_TRY(tnn_graph_rename(snapshot->graph, e->value, e->name, err));
    }
    return restore_names(snapshot, err);
}
