#include "quant/masks.h"

#include <math.h>

#include "ir/recipe.h"
#include "ops/list.h"
#include "passes/rewrite.h"
#include "quant/quant_rows.h"
#include "quant/scales.h"

#define FAR 64.0 /* times too low: then a clamp pays */

typedef struct work {
    const tnn_quant_plan *plan;
    const tnn_calibration *calibration;
    tnn_graph *graph;
    tnn_arena *arena;
    double *limits;         /* by id of what is added: below it nothing changes; 0: it stays as it is */
    tnn_value **clipped;    /* by id of what is added: what is added in its place */
    bool changed;
} work;

static const tnn_calibrated *seen_of(const work *w, const tnn_value *value) {
    return value->id < w->plan->n_values ? w->calibration->values[value->id] : NULL;
}

static bool is_infinite(const tnn_calibrated *seen) { return seen->infinite != SIZE_MAX; }

/* ---- ranges ---- */

static void add_seen(const tnn_calibrated *seen, double *low, double *high) {
    *low = fmin(*low, is_infinite(seen) ? -INFINITY : (double)seen->histogram.low);
    *high = fmax(*high, (double)seen->histogram.high);
}

static void fixed_range(const tnn_quant *quant, double *low, double *high) {
    *low = (double)(-128 - quant->zero_point[0]) * (double)quant->scale[0];
    *high = (double)(127 - quant->zero_point[0]) * (double)quant->scale[0];
}

/* Of a constant, or of all that is in the value's class; nothing is known of others: low > high. */
static tnn_status range_of(const work *w, const tnn_value *value, double *low, double *high, tnn_error *err) {
    const tnn_quant_class *class = tnn_quant_class_of(w->plan, value);
    *low = INFINITY, *high = -INFINITY;
    if (value->constant != NULL) {
        float least, most;
        TNN_TRY(tnn_quant_extent(value->constant, &least, &most, err));
        *low = (double)least, *high = (double)most;
    } else if (class != NULL && class->is_fixed) {
        fixed_range(class->quant, low, high);
    } else if (class != NULL) {
        for (uint32_t i = 0; i < class->n_origins; i++) add_seen(seen_of(w, class->origins[i]), low, high);
    }
    return TNN_OK;
}

/* ---- what is added ---- */

/* The sum that only a softmax reads; NULL: the node gives none. */
static const tnn_calibrated *masked_sum(const work *w, const tnn_node *node) {
    if (!tnn_node_is(node, TNN_OP_add) || tnn_arg_number(tnn_node_arg(node, "alpha")) != 1) return NULL;
    for (size_t s = 0; s < 2; s++)
        if (node->args[s].kind != TNN_ARG_TENSOR || node->args[s].as.tensor->dtype != TNN_DTYPE_F32) return NULL;
    const tnn_calibrated *sum = seen_of(w, node->outputs[0]);
    return sum != NULL && sum->rows.reach > 0 && sum->histogram.n > 0 ? sum : NULL;
}

/* From the limit down the sum is stored as its lowest number, whatever is added to. */
static tnn_status find_limit(work *w, const tnn_node *node, size_t slot, const tnn_calibrated *sum, tnn_error *err) {
    const tnn_value *value = node->args[slot].as.tensor, *other = node->args[1 - slot].as.tensor;
    double low, high, other_low, other_high;
    TNN_TRY(range_of(w, value, &low, &high, err));
    TNN_TRY(range_of(w, other, &other_low, &other_high, err));
    double limit = fmin((double)sum->histogram.low, 0) - fmax(other_high, 0);
    bool is_far = low <= high && low < limit * (value->constant != NULL ? 2 : FAR);
    if (is_far && limit < w->limits[value->id]) w->limits[value->id] = limit;
    return TNN_OK;
}

static tnn_status find_limits(work *w, tnn_error *err) {
    for (const tnn_node *node = w->graph->first; node != NULL; node = node->next) {
        const tnn_calibrated *sum = masked_sum(w, node);
        for (size_t slot = 0; sum != NULL && slot < 2; slot++) TNN_TRY(find_limit(w, node, slot, sum, err));
    }
    return TNN_OK;
}

static tnn_status clip_constant(work *w, const tnn_value *value, double limit, tnn_value **out, tnn_error *err) {
    const tnn_recipe *recipe = value->constant;
    double *numbers;
    TNN_TRY(tnn_recipe_numbers(&numbers, w->arena, recipe, err));
    for (int64_t i = 0, n = tnn_recipe_count(recipe); i < n; i++) numbers[i] = fmax(numbers[i], limit);
    TNN_TRY(tnn_rewrite_numbers(&recipe, w->arena, TNN_DTYPE_F32, recipe->rank, recipe->dims, numbers, err));
    const char *name = tnn_arena_printf(w->arena, "%s/clipped", value->name);
    if (name == NULL) return tnn_fail_nomem(err);
    return tnn_graph_constant(out, w->graph, name, recipe, err);
}

/* In floats, as what makes the value: its own scale would leave nothing of what it is added to. */
static tnn_status clip_value(work *w, tnn_value *value, double limit, tnn_node *before, tnn_value **out,
                             tnn_error *err) {
    static const char why[] = "its numbers are those of a mask";
    const char *name = tnn_arena_printf(w->arena, "%s/clipped", value->name);
    tnn_arg args[] = {tnn_arg_of_tensor(value), tnn_arg_of_float(limit), tnn_arg_none()};
    tnn_node *clamp;
    if (name == NULL) return tnn_fail_nomem(err);
    TNN_TRY(tnn_graph_node(&clamp, w->graph, before, &tnn_op_clamp.op, args, 3, err));
    TNN_TRY(tnn_node_output(out, clamp, name, TNN_DTYPE_F32, &value->shape, err));
    tnn_rewrite_origin(clamp, before);
    clamp->why_float = why;
    if (value->producer != NULL) value->producer->why_float = why;
    return TNN_OK;
}

static tnn_status clip_operand(work *w, tnn_node *node, size_t slot, tnn_error *err) {
    tnn_value *value = node->args[slot].as.tensor;
    double limit = value->id < w->plan->n_values ? w->limits[value->id] : 0;
    if (limit == 0) return TNN_OK;
    tnn_value **with = &w->clipped[value->id];
    if (*with == NULL && value->constant != NULL) TNN_TRY(clip_constant(w, value, limit, with, err));
    if (*with == NULL) TNN_TRY(clip_value(w, value, limit, node, with, err));
    w->changed = true;
    return tnn_node_set_arg(node, slot, tnn_arg_of_tensor(*with), err);
}

static tnn_status clip_addends(work *w, tnn_error *err) {
    TNN_TRY(find_limits(w, err));
    for (tnn_node *node = w->graph->first; node != NULL; node = node->next)
        for (size_t slot = 0; masked_sum(w, node) != NULL && slot < 2; slot++) TNN_TRY(clip_operand(w, node, slot, err));
    return TNN_OK;
}

/* ---- what a softmax reads from floats: QUANTIZE wraps around where it is too low ---- */

static bool is_made_in_integers(const work *w, const tnn_value *value) {
    return value->producer != NULL && tnn_quant_plan_is_integer(w->plan, value->producer);
}

static tnn_status clip_reads(work *w, tnn_node *node, tnn_error *err) {
    if (!tnn_node_is(node, TNN_OP_softmax) && !tnn_node_is(node, TNN_OP_log_softmax)) return TNN_OK;
    tnn_value *value = tnn_node_operand(node, 0), *with;
    const tnn_calibrated *seen = seen_of(w, value);
    if (seen == NULL || seen->rows.reach == 0 || is_made_in_integers(w, value)) return TNN_OK;
    double low = fmin((double)seen->histogram.low, -1);
    if ((double)seen->lowest >= FAR * low) return TNN_OK;
    TNN_TRY(clip_value(w, value, low, node, &with, err));
    w->changed = true;
    return tnn_node_set_arg(node, 0, tnn_arg_of_tensor(with), err);
}

/* ---- infinities ---- */

static void keep_float(work *w, tnn_node *node) {
    if (node == NULL || node->why_float != NULL || !tnn_quant_plan_is_integer(w->plan, node)) return;
    node->why_float = "its numbers are infinite for some samples";
    w->changed = true;
}

/* A layer with weights makes NaN of infinities, or more of them. */
static tnn_status check_layer(const work *w, const tnn_node *node, tnn_error *err) {
    const tnn_value *input = tnn_quant_row_of(node)->has_weights ? tnn_node_operand(node, 0) : NULL;
    const tnn_calibrated *seen = input != NULL ? seen_of(w, input) : NULL;
    if (seen == NULL || !is_infinite(seen)) return TNN_OK;
    return tnn_fail(err, TNN_ERR_INVALID, input->name, "sample %zu gives infinite numbers, of which \"%s\" makes no sense",
                    seen->infinite, node->outputs[0]->name);
}

/* What moves numbers moves infinities. */
static bool reads_infinities(const bool *infinite, const tnn_node *node) {
    for (size_t s = 0; s < tnn_node_n_operands(node); s++) {
        const tnn_value *v = tnn_node_operand(node, s);
        if (v != NULL && v->constant == NULL && infinite[v->id]) return true;
    }
    return false;
}

static tnn_status keep_infinities_float(work *w, bool *infinite, tnn_error *err) {
    for (size_t i = 0; i < w->graph->n_inputs; i++) {
        const tnn_calibrated *seen = seen_of(w, w->graph->inputs[i]);
        infinite[w->graph->inputs[i]->id] = seen != NULL && is_infinite(seen);
    }
    for (tnn_node *node = w->graph->first; node != NULL; node = node->next) {
        bool reads = reads_infinities(infinite, node), gives = false;
        if (reads && tnn_quant_plan_is_integer(w->plan, node)) TNN_TRY(check_layer(w, node, err));
        for (uint32_t k = 0; k < node->n_outputs; k++) {
            const tnn_calibrated *seen = seen_of(w, node->outputs[k]);
            bool moved = seen == NULL && tnn_quant_kind_of(node) == TNN_QUANT_SAME;
            gives = infinite[node->outputs[k]->id] = seen != NULL ? is_infinite(seen) : moved && reads;
        }
        if (reads || gives) keep_float(w, node);
    }
    return TNN_OK;
}

tnn_status tnn_quant_masks(const tnn_quant_plan *plan, const tnn_calibration *calibration, bool *changed,
                           tnn_error *err) {
    work w = {.plan = plan, .calibration = calibration, .graph = plan->graph, .arena = plan->arena};
    w.limits = TNN_NEW_ARRAY(w.arena, plan->n_values, double);
    w.clipped = TNN_NEW_ARRAY(w.arena, plan->n_values, tnn_value *);
    bool *infinite = TNN_NEW_ARRAY(w.arena, plan->n_values, bool);
    if (w.limits == NULL || w.clipped == NULL || infinite == NULL) return tnn_fail_nomem(err);
    TNN_TRY(clip_addends(&w, err));
    for (tnn_node *node = w.graph->first; node != NULL; node = node->next) TNN_TRY(clip_reads(&w, node, err));
    if (!w.changed) TNN_TRY(keep_infinities_float(&w, infinite, err));
    *changed = w.changed;
    return TNN_OK;
}
