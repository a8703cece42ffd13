#include "quant/exclude.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ops/row.h"

/* A rounding that could be done without. */
typedef struct candidate {
    const tnn_loss *loss;
    bool weights;
    double cost;
} candidate;

typedef struct work {
    const tnn_quant_plan *first; /* with the parameters to keep */
    tnn_quant_plan plan;         /* of what is float now */
    bool *floats;
    const tnn_calibration *calibration;
    const tnn_quality *quality;
    const tnn_exclude_options *options;
    tnn_exclusions *out;
} work;

/* ---- candidates ---- */

static int by_cost(const void *a, const void *b) {
    const candidate *x = a, *y = b;
    if (x->cost != y->cost) return x->cost < y->cost ? 1 : -1;
    if (x->loss != y->loss) return x->loss < y->loss ? -1 : 1;
    return x->weights < y->weights ? -1 : x->weights > y->weights;
}

static tnn_status list_candidates(const work *w, const tnn_sensitivity *losses, candidate **out, size_t *n,
                                  tnn_error *err) {
    *n = 0;
    *out = TNN_NEW_ARRAY(w->first->arena, 2 * losses->n, candidate);
    if (*out == NULL) return tnn_fail_nomem(err);
    for (size_t i = 0; i < losses->n; i++) {
        const tnn_loss *loss = &losses->losses[i];
        if (loss->weights) (*out)[(*n)++] = (candidate){loss, true, loss->weights_cost};
        if (loss->values) (*out)[(*n)++] = (candidate){loss, false, loss->values_cost};
    }
    qsort(*out, *n, sizeof **out, by_cost);
    return TNN_OK;
}

/* ---- the plan ---- */

static bool keeps_float(const void *floats, const tnn_node *node) {
    return ((const bool *)floats)[node->outputs[0]->id];
}

static bool has_same_origins(const tnn_quant_class *a, const tnn_quant_class *b) {
    return a->n_origins == b->n_origins && memcmp(a->origins, b->origins, a->n_origins * sizeof *a->origins) == 0;
}

/* Parameters that were found by search stay. */
static void keep_parameters(work *w) {
    for (uint32_t k = 0; k < w->plan.n_classes; k++) {
        tnn_quant_class *class = &w->plan.classes[k];
        const tnn_quant_class *before = class->n_origins > 0 ? tnn_quant_class_of(w->first, class->origins[0]) : NULL;
        if (!class->is_fixed && before != NULL && has_same_origins(class, before)) class->quant = before->quant;
    }
}

static tnn_status plan_anew(work *w, tnn_error *err) {
    TNN_TRY(tnn_quant_plan_make(&w->plan, w->first->graph, keeps_float, w->floats, err));
    TNN_TRY(tnn_calibration_choose(w->calibration, &w->plan, w->options->method, w->options->share, err));
    keep_parameters(w);
    return TNN_OK;
}

/* ---- one exclusion ---- */

static bool touches(const tnn_quant_plan *plan, const tnn_node *node, const tnn_quant_class *class) {
    for (uint32_t k = 0; k < node->n_outputs; k++)
        if (tnn_quant_class_of(plan, node->outputs[k]) == class) return true;
    for (size_t s = 0; s < tnn_node_n_operands(node); s++) {
        const tnn_value *v = tnn_node_operand(node, s);
        if (v != NULL && tnn_quant_class_of(plan, v) == class) return true;
    }
    return false;
}

static tnn_status list_nodes(const work *w, const candidate *c, tnn_exclusion *out, tnn_error *err) {
    const tnn_graph *graph = w->plan.graph;
    const tnn_quant_class *class = tnn_quant_class_of(&w->plan, c->loss->value);
    out->nodes = TNN_NEW_ARRAY(w->first->arena, graph->n_nodes, const tnn_node *);
    if (out->nodes == NULL) return tnn_fail_nomem(err);
    for (const tnn_node *node = graph->first; node != NULL; node = node->next) {
        bool wanted = c->weights ? node == c->loss->node : class != NULL && touches(&w->plan, node, class);
        if (wanted && tnn_quant_plan_is_integer(&w->plan, node)) out->nodes[out->n_nodes++] = node;
    }
    return TNN_OK;
}

static void set_floats(work *w, const tnn_exclusion *e, bool is_float) {
    for (size_t i = 0; i < e->n_nodes; i++) w->floats[e->nodes[i]->outputs[0]->id] = is_float;
}

/* Nothing happens when earlier exclusions have done it. */
static tnn_status exclude(work *w, const candidate *c, tnn_error *err) {
    tnn_exclusion *e = &w->out->items[w->out->n];
    *e = (tnn_exclusion){.loss = c->loss, .weights = c->weights};
    TNN_TRY(list_nodes(w, c, e, err));
    if (e->n_nodes == 0) return TNN_OK;
    w->out->n++;
    set_floats(w, e, true);
    TNN_TRY(plan_anew(w, err));
    TNN_TRY(tnn_quality_measure(w->quality, &w->plan, &e->decibels, err));
    w->out->after = e->decibels;
    return TNN_OK;
}

/* Those before the last one, which met the budget, the cheapest first. */
static tnn_status take_back(work *w, tnn_error *err) {
    for (size_t i = w->out->n; i-- > 0;) {
        tnn_exclusion *e = &w->out->items[i];
        double decibels;
        if (i + 1 == w->out->n) continue;
        set_floats(w, e, false);
        TNN_TRY(plan_anew(w, err));
        TNN_TRY(tnn_quality_measure(w->quality, &w->plan, &decibels, err));
        e->taken_back = decibels >= w->options->decibels;
        if (e->taken_back) w->out->after = decibels;
        else set_floats(w, e, true);
    }
    return plan_anew(w, err);
}

/* ---- all of them ---- */

tnn_status tnn_exclude(tnn_exclusions *out, tnn_quant_plan *plan, bool *floats, const tnn_calibration *calibration,
                       const tnn_sensitivity *losses, const tnn_quality *quality, const tnn_exclude_options *options,
                       tnn_error *err) {
    work w = {plan, *plan, floats, calibration, quality, options, out};
    candidate *candidates;
    size_t n;
    *out = (tnn_exclusions){0};
    TNN_TRY(list_candidates(&w, losses, &candidates, &n, err));
    out->items = TNN_NEW_ARRAY(plan->arena, n, tnn_exclusion);
    if (out->items == NULL) return tnn_fail_nomem(err);
    TNN_TRY(tnn_quality_measure(quality, plan, &out->before, err));
    if (isnan(out->before))
        return tnn_fail(err, TNN_ERR_UNSUPPORTED, "auto_exclude", "no output holds real numbers that could be measured");
    out->after = out->before;
    for (size_t i = 0; i < n && out->after < options->decibels; i++) TNN_TRY(exclude(&w, &candidates[i], err));
    if (out->n > 0) TNN_TRY(take_back(&w, err));
    *plan = w.plan;
    return TNN_OK;
}
