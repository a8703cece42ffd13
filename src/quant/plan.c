#include "quant/plan.h"

#include "ops/row.h"
#include "quant/quant_rows.h"
#include "quant/scales.h"

/* What is known of a value while the plan is made. */
typedef struct slot {
    tnn_value *value;
    uint32_t parent;    /* union-find, by id */
    bool stored;        /* as integers */
    bool moved;         /* made by moving numbers of its class */
    float scale;        /* of a root: fixed parameters; 0: none */
    int8_t zero_point;
} slot;

typedef struct work {
    tnn_quant_plan *plan;
    slot *slots; /* by id */
    bool (*keeps_float)(const void *context, const tnn_node *node);
    const void *context;
} work;

static bool is_real(const tnn_value *v) { return v != NULL && v->dtype == TNN_DTYPE_F32 && v->constant == NULL; }

static uint32_t find(work *w, uint32_t id) {
    while (w->slots[id].parent != id) id = w->slots[id].parent = w->slots[w->slots[id].parent].parent;
    return id;
}

static void join(work *w, const tnn_value *a, const tnn_value *b) {
    uint32_t x = find(w, a->id), y = find(w, b->id);
    if (x == y) return;
    if (w->slots[y].scale == 0) w->slots[y].scale = w->slots[x].scale, w->slots[y].zero_point = w->slots[x].zero_point;
    w->slots[x].parent = y;
}

/* ---- which nodes ---- */

static bool has_weights_that_change(const tnn_node *node, const tnn_quant_row *row) {
    const tnn_value *weights = tnn_node_operand(node, row->weights), *bias = tnn_node_operand(node, row->bias);
    return weights->constant == NULL || (bias != NULL && bias->constant == NULL);
}

/* A node that moves numbers follows what they are already. */
static bool reads_stored(const work *w, const tnn_node *node) {
    for (size_t s = 0; s < tnn_node_n_operands(node); s++) {
        const tnn_value *v = tnn_node_operand(node, s);
        if (is_real(v) && w->slots[v->id].stored) return true;
    }
    return false;
}

static bool gives_real(const tnn_node *node) {
    for (uint32_t k = 0; k < node->n_outputs; k++)
        if (is_real(node->outputs[k])) return true;
    return false;
}

/* NULL: it is computed in integers. */
static const char *why_float(const work *w, const tnn_node *node) {
    const tnn_quant_row *row = tnn_quant_row_of(node);
    tnn_quant_kind kind = tnn_quant_kind_of(node);
    bool moves = kind == TNN_QUANT_SAME || kind == TNN_QUANT_READS;
    if (row == NULL) return "it is no operator of PyTorch";
    if (node->why_float != NULL) return node->why_float;
    if (kind == TNN_QUANT_FLOAT) return row->why;
    if (w->keeps_float != NULL && w->keeps_float(w->context, node)) return "it is to stay float";
    if (kind != TNN_QUANT_READS && !gives_real(node)) return "its result is no real number";
    if (row->has_weights && has_weights_that_change(node, row)) return "its weights are computed by the model";
    return !moves || reads_stored(w, node) ? NULL : "nothing that it reads is stored in integers";
}

static bool is_integer(const work *w, const tnn_node *node) { return w->plan->why_float[node->outputs[0]->id] == NULL; }

static void choose_nodes(work *w) {
    const tnn_graph *graph = w->plan->graph;
    for (size_t i = 0; i < graph->n_inputs; i++)
        if (is_real(graph->inputs[i])) w->slots[graph->inputs[i]->id].stored = true;
    for (tnn_node *node = graph->first; node != NULL; node = node->next) {
        w->plan->why_float[node->outputs[0]->id] = why_float(w, node);
        for (uint32_t k = 0; is_integer(w, node) && k < node->n_outputs; k++)
            if (is_real(node->outputs[k])) w->slots[node->outputs[k]->id].stored = true;
    }
}

/* Inputs of the graph that no integer node reads stay float, unless they have parameters; results of float nodes that one
 * reads are stored. */
static void choose_values(work *w) {
    const tnn_graph *graph = w->plan->graph;
    for (size_t i = 0; i < graph->n_inputs; i++) w->slots[graph->inputs[i]->id].stored = graph->inputs[i]->quant != NULL;
    for (tnn_node *node = graph->first; node != NULL; node = node->next) {
        if (!is_integer(w, node)) continue;
        for (size_t s = 0; s < tnn_node_n_operands(node); s++) {
            const tnn_value *v = tnn_node_operand(node, s);
            if (is_real(v)) w->slots[v->id].stored = true;
        }
    }
}

/* ---- classes ---- */

static void fix(work *w, const tnn_node *node, const tnn_quant_row *row) {
    slot *s = &w->slots[find(w, node->outputs[0]->id)];
    s->scale = row->scale;
    s->zero_point = row->zero_point;
}

static size_t count_real_operands(const tnn_node *node) {
    size_t n = 0;
    for (size_t s = 0; s < tnn_node_n_operands(node); s++) n += is_real(tnn_node_operand(node, s));
    return n;
}

/* Does the node put numbers beside those of its operands: a bound, what is padded or chosen, a constant? */
static bool adds_numbers(const tnn_node *node) {
    for (size_t s = 0; s < tnn_node_n_operands(node); s++) {
        const tnn_value *v = tnn_node_operand(node, s);
        if (v != NULL && v->dtype == TNN_DTYPE_F32 && v->constant != NULL) return true;
    }
    for (size_t i = 0; i < node->schema->n_args; i++) {
        tnn_type_base base = node->schema->args[i].type.base;
        bool may = base == TNN_TYPE_OPERAND || base == TNN_TYPE_SCALAR || base == TNN_TYPE_FLOAT;
        bool is_number = node->args[i].kind == TNN_ARG_INT || node->args[i].kind == TNN_ARG_FLOAT;
        if (may && is_number && tnn_arg_number(&node->args[i]) != 0) return true;
    }
    return false;
}

static void share(work *w, const tnn_node *node) {
    bool moves = !adds_numbers(node), alone = moves && count_real_operands(node) == 1;
    for (size_t s = 0; s < tnn_node_n_operands(node); s++) {
        const tnn_value *v = tnn_node_operand(node, s);
        if (!is_real(v)) continue;
        bool joins = alone || w->slots[find(w, v->id)].scale == 0;
        for (uint32_t k = 0; joins && k < node->n_outputs; k++) {
            if (!is_real(node->outputs[k])) continue;
            join(w, node->outputs[k], v);
            w->slots[node->outputs[k]->id].moved = moves;
        }
    }
}

static void fix_inputs(work *w) {
    const tnn_graph *graph = w->plan->graph;
    for (size_t i = 0; i < graph->n_inputs; i++) {
        const tnn_quant *quant = graph->inputs[i]->quant;
        if (quant == NULL) continue;
        w->slots[graph->inputs[i]->id].scale = quant->scale[0];
        w->slots[graph->inputs[i]->id].zero_point = (int8_t)quant->zero_point[0];
    }
}

static void make_classes(work *w) {
    fix_inputs(w);
    for (tnn_node *node = w->plan->graph->first; node != NULL; node = node->next) {
        if (!is_integer(w, node)) continue;
        tnn_quant_kind kind = tnn_quant_kind_of(node);
        if (kind == TNN_QUANT_FIXED) fix(w, node, tnn_quant_row_of(node));
        if (kind == TNN_QUANT_SAME) share(w, node);
    }
}

/* ---- the result ---- */

static tnn_status add_class(tnn_quant_plan *plan, const slot *root, uint32_t *number, tnn_error *err) {
    tnn_quant_class *class = &plan->classes[plan->n_classes];
    *number = ++plan->n_classes;
    class->is_fixed = root->scale != 0;
    if (!class->is_fixed) return TNN_OK;
    return tnn_quant_one(&class->quant, plan->arena, TNN_DTYPE_I8, root->scale, root->zero_point, err);
}

static tnn_status number_classes(work *w, tnn_error *err) {
    tnn_quant_plan *plan = w->plan;
    for (uint32_t id = 0; id < plan->n_values; id++) {
        if (!w->slots[id].stored) continue;
        uint32_t root = find(w, id);
        if (plan->class_of[root] == 0) TNN_TRY(add_class(plan, &w->slots[root], &plan->class_of[root], err));
        plan->class_of[id] = plan->class_of[root];
        if (!w->slots[id].moved) plan->classes[plan->class_of[id] - 1].n_origins++;
    }
    return TNN_OK;
}

static tnn_status list_origins(work *w, tnn_error *err) {
    tnn_quant_plan *plan = w->plan;
    for (uint32_t c = 0; c < plan->n_classes; c++) {
        plan->classes[c].origins = TNN_NEW_ARRAY(plan->arena, plan->classes[c].n_origins, tnn_value *);
        if (plan->classes[c].origins == NULL) return tnn_fail_nomem(err);
        plan->classes[c].n_origins = 0;
    }
    for (uint32_t id = 0; id < plan->n_values; id++) {
        if (!w->slots[id].stored || w->slots[id].moved) continue;
        tnn_quant_class *class = &plan->classes[plan->class_of[id] - 1];
        class->origins[class->n_origins++] = w->slots[id].value;
    }
    return TNN_OK;
}

static void list_values(work *w) {
    const tnn_graph *graph = w->plan->graph;
    for (uint32_t id = 0; id < w->plan->n_values; id++) w->slots[id].parent = id;
    for (size_t i = 0; i < graph->n_inputs; i++) w->slots[graph->inputs[i]->id].value = graph->inputs[i];
    for (tnn_node *node = graph->first; node != NULL; node = node->next)
        for (uint32_t k = 0; k < node->n_outputs; k++) w->slots[node->outputs[k]->id].value = node->outputs[k];
}

tnn_status tnn_quant_plan_make(tnn_quant_plan *plan, tnn_graph *graph,
                               bool (*keeps_float)(const void *context, const tnn_node *node), const void *context,
                               tnn_error *err) {
    *plan = (tnn_quant_plan){.graph = graph, .arena = graph->model->arena, .n_values = graph->model->next_value_id};
    work w = {.plan = plan, .keeps_float = keeps_float, .context = context};
    plan->class_of = TNN_NEW_ARRAY(plan->arena, plan->n_values, uint32_t);
    plan->classes = TNN_NEW_ARRAY(plan->arena, plan->n_values, tnn_quant_class);
    w.slots = TNN_NEW_ARRAY(plan->arena, plan->n_values, slot);
    plan->why_float = TNN_NEW_ARRAY(plan->arena, plan->n_values, const char *);
    if (!plan->class_of || !plan->classes || !w.slots || !plan->why_float) return tnn_fail_nomem(err);
    list_values(&w);
    choose_nodes(&w);
    choose_values(&w);
    make_classes(&w);
    TNN_TRY(number_classes(&w, err));
    return list_origins(&w, err);
}

tnn_quant_class *tnn_quant_class_of(const tnn_quant_plan *plan, const tnn_value *value) {
    uint32_t number = value->id < plan->n_values ? plan->class_of[value->id] : 0;
    return number != 0 ? &plan->classes[number - 1] : NULL;
}

bool tnn_quant_plan_is_integer(const tnn_quant_plan *plan, const tnn_node *node) {
    return plan->why_float[node->outputs[0]->id] == NULL;
}

void tnn_quant_plan_apply(const tnn_quant_plan *plan) {
    const tnn_graph *graph = plan->graph;
    for (size_t i = 0; i < graph->n_inputs; i++) {
        const tnn_quant_class *class = tnn_quant_class_of(plan, graph->inputs[i]);
        graph->inputs[i]->quant = class != NULL ? class->quant : NULL;
    }
    for (tnn_node *node = graph->first; node != NULL; node = node->next) {
        node->why_float = plan->why_float[node->outputs[0]->id];
        for (uint32_t k = 0; k < node->n_outputs; k++) {
            const tnn_quant_class *class = tnn_quant_class_of(plan, node->outputs[k]);
            node->outputs[k]->quant = class != NULL ? class->quant : NULL;
        }
    }
}
