#include "tflite/sharing.h"

#include "base/alloc.h"
#include "ops/row.h"
#include "tflite/builtin.h"

typedef struct sharing_row {
    const tnn_tfl_row *op;
    size_t n_inputs; /* the first ones, whose memory the result may have */
    bool writes;     /* a view does not */
} sharing_row;

static const sharing_row rows[] = {
    {&tnn_tfl_ADD, 2, true},     {&tnn_tfl_SUB, 2, true},     {&tnn_tfl_MUL, 2, true},          {&tnn_tfl_DIV, 2, true},
    {&tnn_tfl_SOFTMAX, 1, true}, {&tnn_tfl_RESHAPE, 1, false}, {&tnn_tfl_EXPAND_DIMS, 1, false}, {&tnn_tfl_BITCAST, 1, false},
};

static const sharing_row *row_of(const tnn_node *node) {
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (node->op == &rows[i].op->op) return &rows[i];
    return NULL;
}

/* What the planner knows of a value, by its id. */
typedef struct use {
    uint32_t n_readers; /* being an input or output of the graph counts */
    uint32_t memory;    /* the id of the value it was made for */
    size_t last;        /* the node that reads it last, counted from 1 */
    bool is_input, is_output;
} use;

typedef struct planner {
    const tnn_graph *graph;
    use *uses;
    uint32_t n;
} planner;

static int64_t bytes_of(const tnn_value *value) {
    int64_t count = 0;
    (void)tnn_shape_count(&value->shape, &count);
    return count * (int64_t)tnn_dtype_bytes(value->dtype);
}

static void count_readers(planner *p) {
    const tnn_graph *graph = p->graph;
    size_t at = 0;
    for (uint32_t id = 0; id < p->n; id++) p->uses[id] = (use){.memory = id};
    for (size_t i = 0; i < graph->n_inputs; i++) {
        p->uses[graph->inputs[i]->id].n_readers++;
        p->uses[graph->inputs[i]->id].is_input = true;
    }
    for (const tnn_node *node = graph->first; node; node = node->next) {
        at++;
        for (size_t s = 0; s < tnn_node_n_operands(node); s++) {
            const tnn_value *operand = tnn_node_operand(node, s);
            if (!operand) continue;
            p->uses[operand->id].n_readers++;
            p->uses[operand->id].last = at;
        }
    }
    for (size_t i = 0; i < graph->n_outputs; i++) {
        use *output = &p->uses[graph->outputs[i]->id];
        output->n_readers++;
        output->is_output = true;
        output->last = SIZE_MAX;
    }
}

static bool can_share(const planner *p, const tnn_value *operand, const tnn_value *result, bool writes) {
    const use *from = &p->uses[operand->id];
    if (operand->constant || from->is_input || p->uses[result->id].is_output) return false;
    if (!writes) return true;
    return bytes_of(operand) == bytes_of(result) && bytes_of(operand) > 4 && from->n_readers == 1;
}

/* The operand whose memory the result gets, or NULL. */
static const tnn_value *shared_operand(const planner *p, const tnn_node *node, const sharing_row *row) {
    for (size_t s = 0; s < row->n_inputs && s < tnn_node_n_operands(node); s++) {
        const tnn_value *operand = tnn_node_operand(node, s);
        if (!operand || !can_share(p, operand, node->outputs[0], row->writes)) continue;
        bool kept = row->writes && p->uses[p->uses[operand->id].memory].n_readers > 1;
        return kept ? NULL : operand;
    }
    return NULL;
}

/* Does anybody read what lies in the memory of `operand`, but for the operand itself, behind node `at`? */
static bool is_needed(const planner *p, const tnn_value *operand, size_t at) {
    uint32_t memory = p->uses[operand->id].memory;
    if (memory == operand->id) return false;
    for (uint32_t id = 0; id < p->n; id++)
        if (id != operand->id && p->uses[id].memory == memory && p->uses[id].last > at) return true;
    return false;
}

/* The first node that writes over memory that is needed, and its operand there. */
static tnn_node *find_fault(planner *p, const tnn_value **operand) {
    size_t at = 0;
    count_readers(p);
    for (tnn_node *node = p->graph->first; node; node = node->next) {
        const sharing_row *row = row_of(node);
        at++;
        *operand = row ? shared_operand(p, node, row) : NULL;
        if (!*operand) continue;
        if (row->writes && is_needed(p, *operand, at)) return node;
        p->uses[node->outputs[0]->id].memory = p->uses[(*operand)->id].memory;
    }
    return NULL;
}

/* A view of `operand`, as it is one itself, in front of `node`. */
static tnn_status add_reader(tnn_graph *graph, tnn_node *node, const tnn_value *operand, tnn_error *err) {
    const tnn_node *view = operand->producer;
    tnn_node *reader;
    tnn_value *result;
    const char *name = tnn_arena_printf(graph->model->arena, "%s/kept", operand->name);
    if (!name) return tnn_fail_nomem(err);
    TNN_TRY(tnn_graph_node(&reader, graph, node, view->op, view->args, view->schema->n_args, err));
    TNN_TRY(tnn_node_set_arg(reader, 0, tnn_arg_of_tensor((tnn_value *)operand), err));
    reader->name = view->name;
    reader->scope = view->scope;
    reader->source = view->source;
    return tnn_node_output(&result, reader, name, operand->dtype, &operand->shape, err);
}

static tnn_status guard_once(tnn_graph *graph, bool *changed, tnn_error *err) {
    planner p = {graph, NULL, graph->model->next_value_id};
    const tnn_value *operand = NULL;
    p.uses = tnn_alloc_zero((size_t)p.n + 1, sizeof *p.uses);
    if (!p.uses) return tnn_fail_nomem(err);
    tnn_node *node = find_fault(&p, &operand);
    *changed = node != NULL;
    tnn_status status = node ? add_reader(graph, node, operand, err) : TNN_OK;
    tnn_free(p.uses);
    return status;
}

tnn_status tnn_sharing_guard(tnn_graph *graph, tnn_error *err) {
    bool changed = true;
    while (changed) TNN_TRY(guard_once(graph, &changed, err));
    return TNN_OK;
}
