#include "tflite/int8_graph.h"

#include <math.h>

#include "ir/recipe.h"
#include "ops/row.h"
#include "quant/scales.h"
#include "tflite/int4_weights.h"
#include "tflite/int8_rules.h"

/* A tensor in another form: what a QUANTIZE made of it with other parameters. */
typedef struct twin {
    tnn_value *value;
    struct twin *next;
} twin;

typedef struct forms {
    tnn_value *real; /* of a tensor of integers: its DEQUANTIZE */
    twin *integers;
} forms;

typedef struct work {
    tnn_graph *graph;
    tnn_arena *arena;
    const tnn_int8_options *options;
    tnn_int8_stats stats;
    forms *forms; /* by id of a tensor of the graph as it was */
    uint32_t n_forms;
    tnn_node *before; /* where new nodes go */
} work;

static bool is_integer(const tnn_value *tensor) { return tensor->dtype != TNN_DTYPE_F32 && tensor->quant != NULL; }
static bool is_real(const tnn_value *tensor) { return tensor->dtype == TNN_DTYPE_F32 || is_integer(tensor); }

/* ---- borders ---- */

static tnn_status add_border(work *w, const tnn_op *op, tnn_value *from, tnn_dtype dtype, const char *ending,
                             const tnn_quant *quant, tnn_value **out, tnn_error *err) {
    tnn_node *node, *origin = from->producer != NULL ? from->producer : w->before;
    const char *name = tnn_arena_printf(w->arena, "%s/%s", from->name, ending);
    tnn_arg arg = tnn_arg_of_tensor(from);
    if (name == NULL) return tnn_fail_nomem(err);
    TNN_TRY(tnn_graph_node(&node, w->graph, w->before, op, &arg, 1, err));
    if (origin != NULL) node->name = origin->name, node->scope = origin->scope, node->source = origin->source;
    TNN_TRY(tnn_node_output(out, node, name, dtype, &from->shape, err));
    (*out)->quant = quant;
    w->stats.n_borders++;
    return TNN_OK;
}

static forms *forms_of(work *w, const tnn_value *tensor) {
    return tensor->id < w->n_forms ? &w->forms[tensor->id] : NULL;
}

static tnn_status as_real(work *w, tnn_value *tensor, tnn_value **out, tnn_error *err) {
    forms *f = forms_of(w, tensor);
    *out = tensor;
    if (!is_integer(tensor)) return TNN_OK;
    if (f != NULL && f->real != NULL) {
        *out = f->real;
        return TNN_OK;
    }
    TNN_TRY(add_border(w, &tnn_tfl_DEQUANTIZE.op, tensor, TNN_DTYPE_F32, "float32", NULL, out, err));
    if (f != NULL) f->real = *out;
    return TNN_OK;
}

static tnn_status as_constant(work *w, const tnn_value *tensor, const tnn_quant *quant, tnn_value **out,
                              tnn_error *err) {
    const tnn_recipe *recipe;
    TNN_TRY(tnn_quant_recipe(&recipe, w->arena, tensor->constant, quant, err));
    TNN_TRY(tnn_graph_constant(out, w->graph, tensor->name, recipe, err));
    (*out)->quant = quant;
    return TNN_OK;
}

/* The tensor as integers of `quant`. */
static tnn_status as_integers(work *w, tnn_value *tensor, const tnn_quant *quant, tnn_value **out, tnn_error *err) {
    forms *f = forms_of(w, tensor);
    *out = tensor;
    if (is_integer(tensor) && tnn_quant_equal(tensor->quant, quant)) return TNN_OK;
    for (twin *t = f != NULL ? f->integers : NULL; t != NULL; t = t->next) {
        *out = t->value;
        if (tnn_quant_equal(t->value->quant, quant)) return TNN_OK;
    }
    if (tensor->constant != NULL) TNN_TRY(as_constant(w, tensor, quant, out, err));
    else TNN_TRY(add_border(w, &tnn_tfl_QUANTIZE.op, tensor, quant->dtype, "int8", quant, out, err));
    if (f == NULL) return TNN_OK;
    twin *t = TNN_NEW(w->arena, twin);
    if (t == NULL) return tnn_fail_nomem(err);
    *t = (twin){*out, f->integers};
    f->integers = t;
    return TNN_OK;
}

/* ---- which operators ---- */

/* What lowering put between two tensors moves numbers without changing them. */
static void inherit(tnn_node *node) {
    const tnn_quant *quant = NULL;
    for (size_t s = 0; s < tnn_node_n_operands(node); s++) {
        const tnn_value *operand = tnn_node_operand(node, s);
        if (quant == NULL && operand != NULL && is_real(operand)) quant = operand->quant;
    }
    for (uint32_t k = 0; k < node->n_outputs; k++) {
        tnn_value *out = node->outputs[k];
        if (is_real(out) && out->quant == NULL) out->quant = quant;
    }
}

/* So do operators behind the one that gives a result of the plan. */
static void inherit_from_readers(const tnn_graph *graph) {
    for (tnn_node *node = graph->last; node != NULL; node = node->prev) {
        const tnn_int8_rule *rule = tnn_int8_rule_of(node);
        if (rule == NULL || rule->kind != TNN_INT8_SAME || node->why_float != NULL) continue;
        for (size_t s = 0; s < tnn_node_n_operands(node); s++) {
            tnn_value *v = tnn_node_operand(node, s);
            if (v != NULL && is_real(v) && v->quant == NULL && v->producer != NULL) v->quant = node->outputs[0]->quant;
        }
    }
}

static bool has_scales(const tnn_node *node) {
    for (uint32_t k = 0; k < node->n_outputs; k++)
        if (is_real(node->outputs[k]) && node->outputs[k]->quant == NULL) return false;
    for (size_t s = 0; s < tnn_node_n_operands(node); s++) {
        const tnn_value *v = tnn_node_operand(node, s);
        if (v != NULL && is_real(v) && v->quant == NULL && v->constant == NULL) return false;
    }
    return true;
}

static bool has_constant_weights(const tnn_node *node, const tnn_int8_rule *rule) {
    const tnn_value *weights = tnn_node_operand(node, rule->weights), *bias = tnn_node_operand(node, rule->bias);
    return weights->constant != NULL && (bias == NULL || bias->constant != NULL);
}

/* Does the plan store the result as the operator gives it? */
static bool gives_fixed(const tnn_node *node, const tnn_int8_rule *rule) {
    const tnn_quant *quant = node->outputs[0]->quant;
    return quant->scale[0] == rule->scale && quant->zero_point[0] == rule->zero_point;
}

/* The parameters that an operand is read with. Constants have their own numbers' range. */
static tnn_status operand_quant(work *w, const tnn_node *node, const tnn_int8_rule *rule, const tnn_value *operand,
                                const tnn_quant **out, tnn_error *err) {
    *out = rule->kind == TNN_INT8_SAME ? node->outputs[0]->quant : operand->quant;
    if (*out != NULL) return TNN_OK;
    float low, high;
    TNN_TRY(tnn_quant_extent(operand->constant, &low, &high, err));
    if (low == 0 && high == 0) high = 1; /* zeros may have any scale; one below 1 suits all kernels */
    return tnn_quant_of_range(out, w->arena, (double)low, (double)high, err);
}

static tnn_status check_operands(work *w, const tnn_node *node, const tnn_int8_rule *rule, const char **why,
                                 tnn_error *err) {
    bool any = rule->no_negatives || rule->scales_below_one;
    for (size_t s = 0; any && s < tnn_node_n_operands(node); s++) {
        const tnn_value *operand = tnn_node_operand(node, s);
        const tnn_quant *quant;
        if (operand == NULL || !is_real(operand)) continue;
        TNN_TRY(operand_quant(w, node, rule, operand, &quant, err));
        if (rule->no_negatives && quant->zero_point[0] != -128) *why = "it reads numbers below 0, at which its kernel stops";
        if (rule->scales_below_one && quant->scale[0] >= 1) *why = "its kernel compares no numbers with scales from 1 up";
    }
    return TNN_OK;
}

/* Why the node is not computed in integers; NULL: it is. */
static tnn_status why_float(work *w, const tnn_node *node, const tnn_int8_rule *rule, const char **why, tnn_error *err) {
    *why = NULL;
    if (node->why_float != NULL) *why = node->why_float;
    else if (rule == NULL) *why = "it has no integer kernel";
    else if (!has_scales(node)) *why = "it works on numbers whose range is not known";
    else if (rule->kind == TNN_INT8_WEIGHTS && !has_constant_weights(node, rule)) *why = "its weights are no constants";
    else if (rule->kind == TNN_INT8_FIXED && !gives_fixed(node, rule)) *why = "its result has another scale";
    else return check_operands(w, node, rule, why, err);
    return TNN_OK;
}

static bool touches_reals(const tnn_node *node) {
    bool real = false;
    for (uint32_t k = 0; k < node->n_outputs; k++) real = real || is_real(node->outputs[k]);
    for (size_t s = 0; s < tnn_node_n_operands(node); s++)
        real = real || (tnn_node_operand(node, s) != NULL && is_real(tnn_node_operand(node, s)));
    return real;
}

/* ---- weights ---- */

/* A scale that the bias fits under, that is a normal number as the bias's is, and that is one: that of zeros may be any. */
static float usable_scale(float scale, double bias, double input_scale, double output_scale) {
    double least = fmax(fabs(bias) / (input_scale * 0x1p30), 0x1p-125 / fmin(input_scale, 1));
    if (scale == 0) least = fmax(least, output_scale / (256 * input_scale));
    return (double)scale > least ? scale : (float)least;
}

static tnn_status read_bias(work *w, const tnn_value *bias, uint32_t n, double **out, tnn_error *err) {
    if (bias != NULL) return tnn_recipe_numbers(out, w->arena, bias->constant, err);
    *out = TNN_NEW_ARRAY(w->arena, n, double);
    return *out != NULL ? TNN_OK : tnn_fail_nomem(err);
}

static tnn_status quantize_bias(work *w, tnn_node *node, const tnn_int8_rule *rule, const tnn_quant *weights,
                                double input_scale, tnn_error *err) {
    tnn_value *bias = tnn_node_operand(node, rule->bias), *with;
    float *scale = TNN_NEW_ARRAY(w->arena, weights->n, float);
    tnn_quant *quant = TNN_NEW(w->arena, tnn_quant);
    if (bias == NULL) return TNN_OK;
    if (scale == NULL || quant == NULL) return tnn_fail_nomem(err);
    for (uint32_t c = 0; c < weights->n; c++) scale[c] = (float)(input_scale * (double)weights->scale[c]);
    *quant = (tnn_quant){.dtype = TNN_DTYPE_I32, .n = weights->n, .scale = scale, .zero_point = weights->zero_point};
    TNN_TRY(as_constant(w, bias, quant, &with, err));
    return tnn_node_set_operand(node, rule->bias, with, err);
}

static tnn_status quantize_weights(work *w, tnn_node *node, const tnn_int8_rule *rule, tnn_error *err) {
    tnn_value *weights = tnn_node_operand(node, rule->weights), *with;
    const tnn_value *bias = tnn_node_operand(node, rule->bias);
    double input_scale = (double)tnn_node_operand(node, rule->input)->quant->scale[0];
    double output_scale = (double)node->outputs[0]->quant->scale[0], *numbers;
    tnn_quant *quant;
    tnn_weight_form form = {w->options->per_tensor, tnn_int4_takes(node), rule->axis};
    TNN_TRY(tnn_quant_of_weights(&quant, w->arena, weights->constant, form, err));
    uint32_t n_biases = (uint32_t)weights->constant->dims[rule->axis];
    TNN_TRY(read_bias(w, bias, n_biases, &numbers, err));
    float *scale = TNN_NEW_ARRAY(w->arena, quant->n, float);
    if (scale == NULL) return tnn_fail_nomem(err);
    for (uint32_t c = 0; c < n_biases; c++) {
        uint32_t k = quant->n > 1 ? c : 0;
        float usable = usable_scale(quant->scale[k], numbers[c], input_scale, output_scale);
        scale[k] = usable > scale[k] ? usable : scale[k];
    }
    quant->scale = scale;
    TNN_TRY(as_constant(w, weights, quant, &with, err));
    TNN_TRY(tnn_node_set_operand(node, rule->weights, with, err));
    return quantize_bias(w, node, rule, quant, input_scale, err);
}

/* ---- operators ---- */

static bool is_weight_slot(const tnn_int8_rule *rule, size_t slot) {
    return rule->kind == TNN_INT8_WEIGHTS && (slot == rule->weights || slot == rule->bias);
}

static tnn_status compute_in_integers(work *w, tnn_node *node, const tnn_int8_rule *rule, tnn_error *err) {
    for (size_t s = 0; s < tnn_node_n_operands(node); s++) {
        tnn_value *operand = tnn_node_operand(node, s), *with;
        const tnn_quant *quant;
        if (operand == NULL || !is_real(operand) || is_weight_slot(rule, s)) continue;
        TNN_TRY(operand_quant(w, node, rule, operand, &quant, err));
        TNN_TRY(as_integers(w, operand, quant, &with, err));
        TNN_TRY(tnn_node_set_operand(node, s, with, err));
    }
    if (rule->kind == TNN_INT8_WEIGHTS) TNN_TRY(quantize_weights(w, node, rule, err));
    for (uint32_t k = 0; k < node->n_outputs; k++)
        if (is_real(node->outputs[k])) node->outputs[k]->dtype = node->outputs[k]->quant->dtype;
    w->stats.n_integer++;
    return TNN_OK;
}

static tnn_status note_float(work *w, const tnn_node *node, const char *why, tnn_error *err) {
    const char *line = tnn_arena_printf(w->arena, "%s: %s stays float: %s", node->outputs[0]->name, node->op->name, why);
    if (line == NULL) return tnn_fail_nomem(err);
    w->stats.reasons[w->stats.n_float++] = line;
    return TNN_OK;
}

static tnn_status compute_in_floats(work *w, tnn_node *node, const char *why, tnn_error *err) {
    for (size_t s = 0; s < tnn_node_n_operands(node); s++) {
        tnn_value *operand = tnn_node_operand(node, s), *with;
        if (operand == NULL || !is_integer(operand)) continue;
        TNN_TRY(as_real(w, operand, &with, err));
        TNN_TRY(tnn_node_set_operand(node, s, with, err));
    }
    return touches_reals(node) ? note_float(w, node, why, err) : TNN_OK;
}

static tnn_status convert_node(work *w, tnn_node *node, tnn_error *err) {
    const tnn_int8_rule *rule = tnn_int8_rule_of(node);
    const char *why;
    w->before = node;
    if (rule != NULL && rule->kind == TNN_INT8_SAME && node->why_float == NULL) inherit(node);
    TNN_TRY(why_float(w, node, rule, &why, err));
    return why == NULL ? compute_in_integers(w, node, rule, err) : compute_in_floats(w, node, why, err);
}

/* ---- inputs and outputs ---- */

/* int8 as uint8: both 128 higher. */
static tnn_status io_quant(work *w, tnn_dtype io, const tnn_quant *quant, const tnn_quant **out, tnn_error *err) {
    *out = quant;
    if (io == TNN_DTYPE_I8) return TNN_OK;
    return tnn_quant_one(out, w->arena, TNN_DTYPE_U8, quant->scale[0], quant->zero_point[0] + 128, err);
}

/* Everybody reads what a QUANTIZE makes of the input. */
static tnn_status read_as_int8(work *w, tnn_value *input, const tnn_quant *quant, tnn_error *err) {
    tnn_value *inner;
    w->before = w->graph->first;
    TNN_TRY(add_border(w, &tnn_tfl_QUANTIZE.op, input, TNN_DTYPE_I8, "int8", quant, &inner, err));
    TNN_TRY(tnn_value_replace(w->graph, input, inner, err));
    return tnn_node_set_arg(inner->producer, 0, tnn_arg_of_tensor(input), err);
}

static tnn_status convert_input(work *w, size_t i, tnn_error *err) {
    tnn_value *input = w->graph->inputs[i];
    tnn_dtype io = w->options->inputs != NULL ? w->options->inputs[i] : w->options->io;
    if (input->dtype != TNN_DTYPE_F32 || input->quant == NULL || io == TNN_DTYPE_F32) return TNN_OK;
    const tnn_quant *inner = input->quant;
    TNN_TRY(io_quant(w, io, inner, &input->quant, err));
    input->dtype = input->quant->dtype;
    return io == TNN_DTYPE_U8 ? read_as_int8(w, input, inner, err) : TNN_OK;
}

static tnn_status convert_output(work *w, tnn_value **output, tnn_error *err) {
    const tnn_quant *quant = (*output)->quant;
    w->before = NULL;
    if (!is_integer(*output) && (w->options->io == TNN_DTYPE_F32 || quant == NULL)) return TNN_OK;
    if (w->options->io == TNN_DTYPE_F32) return as_real(w, *output, output, err);
    TNN_TRY(io_quant(w, w->options->io, quant, &quant, err));
    return as_integers(w, *output, quant, output, err);
}

static void forget_unused(tnn_graph *graph) {
    for (size_t i = 0; i < graph->n_inputs; i++)
        if (graph->inputs[i]->dtype == TNN_DTYPE_F32) graph->inputs[i]->quant = NULL;
    for (tnn_node *node = graph->first; node != NULL; node = node->next)
        for (uint32_t k = 0; k < node->n_outputs; k++)
            if (node->outputs[k]->dtype == TNN_DTYPE_F32) node->outputs[k]->quant = NULL;
}

tnn_status tnn_int8_graph(tnn_graph *graph, const tnn_int8_options *options, tnn_int8_stats *stats, tnn_error *err) {
    work w = {.graph = graph, .arena = graph->model->arena, .options = options};
    w.n_forms = graph->model->next_value_id;
    w.forms = TNN_NEW_ARRAY(w.arena, w.n_forms, forms);
    w.stats.reasons = TNN_NEW_ARRAY(w.arena, graph->n_nodes, const char *);
    if (w.forms == NULL || w.stats.reasons == NULL) return tnn_fail_nomem(err);
    inherit_from_readers(graph);
    for (size_t i = 0; i < graph->n_inputs; i++) TNN_TRY(convert_input(&w, i, err));
    for (tnn_node *node = graph->first; node != NULL; node = node->next)
        if (node->op != &tnn_tfl_QUANTIZE.op) TNN_TRY(convert_node(&w, node, err));
    for (size_t i = 0; i < graph->n_outputs; i++) TNN_TRY(convert_output(&w, &graph->outputs[i], err));
    forget_unused(graph);
    if (stats != NULL) *stats = w.stats;
    return TNN_OK;
}
