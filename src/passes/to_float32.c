/* float64, float16 and bfloat16 become float32, the float type that TFLite computes in. What this changes is said in
 * the model's warnings: one line a type, and one for each thing that can differ by more than rounding. */
#include <math.h>

#include "base/alloc.h"
#include "ir/elems.h"
#include "ir/recipe.h"
#include "ops/row.h"
#include "passes/passes.h"

enum { CHUNK = 1 << 16 }; /* elements looked at together */

/* Places of one kind: how many, and the first. */
typedef struct tally {
    size_t n;
    const char *first; /* name of a value */
} tally;

/* What the graph has of one type. */
typedef struct usage {
    tally values;   /* of the type */
    tally casts;    /* from float types with more digits or a wider range */
    tally integers; /* of 32 and 64 bits that become numbers of the type */
} usage;

typedef struct converter {
    tnn_graph *graph;
    usage of[TNN_DTYPE_COUNT];
} converter;

static bool is_foreign(tnn_dtype dtype) { return tnn_dtype_is_float(dtype) && dtype != TNN_DTYPE_F32; }

static void count(tally *t, const tnn_value *value) {
    if (t->n++ == 0) t->first = value->name;
}

/* ---- what is lost ---- */

static bool overflows(double x) { return isfinite(x) && !isfinite((float)x); }

static tnn_status count_overflows(const tnn_recipe *recipe, double *chunk, int64_t *n, tnn_error *err) {
    int64_t total = tnn_recipe_count(recipe);
    for (int64_t start = 0; start < total; start += CHUNK) {
        int64_t part = total - start < CHUNK ? total - start : CHUNK;
        TNN_TRY(tnn_recipe_read(recipe, start, part, chunk, err));
        for (int64_t i = 0; i < part; i++) *n += overflows(chunk[i]);
    }
    return TNN_OK;
}

static tnn_status warn_of_constant(const converter *c, const tnn_value *value, tnn_error *err) {
    int64_t n = 0;
    if (value->dtype != TNN_DTYPE_F64) return TNN_OK; /* the others' numbers are all in float32 */
    double *chunk = tnn_alloc(CHUNK, sizeof *chunk);
    tnn_status status = chunk ? count_overflows(value->constant, chunk, &n, err) : tnn_fail_nomem(err);
    tnn_free(chunk);
    if (status != TNN_OK || n == 0) return status;
    return tnn_graph_model_warn(c->graph->model, err,
                                "constant \"%s\": %lld of its numbers are too large for float32 and become infinite",
                                value->name, (long long)n);
}

static tnn_status warn_of_numbers(const converter *c, const tnn_node *node, tnn_error *err) {
    for (size_t i = 0; i < node->schema->n_args; i++) {
        if (node->args[i].kind != TNN_ARG_FLOAT || !overflows(node->args[i].as.number)) continue;
        TNN_TRY(tnn_graph_model_warn(c->graph->model, err,
                                     "%s: the number %g in %s is too large for float32 and becomes infinite",
                                     tnn_node_where(node), node->args[i].as.number, node->op->name));
    }
    return TNN_OK;
}

/* In these, numbers of the operands become numbers of the result's type. */
static bool converts_operands(const tnn_node *node) {
    const tnn_op_row *row = tnn_op_row_of(node->op);
    return row && (row->op_class == TNN_CLASS_UNARY || row->op_class == TNN_CLASS_BINARY ||
                   row->op_class == TNN_CLASS_REDUCTION);
}

static bool is_coarser(tnn_dtype dtype, tnn_dtype than) {
    return tnn_dtype_is_float(than) && dtype != than && tnn_dtype_bytes(dtype) <= tnn_dtype_bytes(than);
}

static tnn_status find_losses(converter *c, const tnn_node *node, tnn_error *err) {
    const tnn_value *result = node->outputs[0];
    usage *u = &c->of[result->dtype];
    if (!is_foreign(result->dtype)) return TNN_OK;
    if (result->dtype == TNN_DTYPE_F64) TNN_TRY(warn_of_numbers(c, node, err));
    for (size_t i = 0; converts_operands(node) && i < tnn_node_n_operands(node); i++) {
        const tnn_value *operand = tnn_node_operand(node, i);
        if (!operand) continue;
        if (operand->dtype == TNN_DTYPE_I32 || operand->dtype == TNN_DTYPE_I64) count(&u->integers, result);
        if (is_coarser(result->dtype, operand->dtype)) count(&u->casts, result);
    }
    return TNN_OK;
}

/* ---- the conversion ---- */

static tnn_status convert_value(converter *c, tnn_value *value, tnn_error *err) {
    if (!is_foreign(value->dtype)) return TNN_OK;
    count(&c->of[value->dtype].values, value);
    if (value->constant) {
        TNN_TRY(warn_of_constant(c, value, err));
        TNN_TRY(tnn_recipe_cast(&value->constant, c->graph->model->arena, value->constant, TNN_DTYPE_F32, err));
    }
    value->dtype = TNN_DTYPE_F32;
    return TNN_OK;
}

static tnn_status convert_node(converter *c, tnn_node *node, tnn_error *err) {
    for (size_t i = 0; i < tnn_node_n_operands(node); i++) {
        tnn_value *operand = tnn_node_operand(node, i);
        if (operand) TNN_TRY(convert_value(c, operand, err));
    }
    for (uint32_t i = 0; i < node->n_outputs; i++) TNN_TRY(convert_value(c, node->outputs[i], err));
    for (size_t i = 0; i < node->schema->n_args; i++) {
        tnn_arg *arg = &node->args[i];
        if (arg->kind == TNN_ARG_DTYPE && is_foreign((tnn_dtype)arg->as.integer)) *arg = tnn_arg_of_dtype(TNN_DTYPE_F32);
    }
    return TNN_OK;
}

static tnn_status convert_graph(converter *c, tnn_error *err) {
    tnn_graph *graph = c->graph;
    for (size_t i = 0; i < graph->n_inputs; i++) TNN_TRY(convert_value(c, graph->inputs[i], err));
    for (tnn_node *node = graph->first; node; node = node->next) TNN_TRY(convert_node(c, node, err));
    for (size_t i = 0; i < graph->n_outputs; i++) TNN_TRY(convert_value(c, graph->outputs[i], err));
    return TNN_OK;
}

/* ---- what is said ---- */

static tnn_status warn_of_type(const converter *c, tnn_dtype dtype, tnn_error *err) {
    const char *name = tnn_dtype_name(dtype);
    const usage *u = &c->of[dtype];
    const char *loss = dtype == TNN_DTYPE_F64 ? "with float32's digits and range"
                                              : "without rounding to its digits and range";
    tnn_model *model = c->graph->model;
    if (u->values.n == 0) return TNN_OK;
    TNN_TRY(tnn_graph_model_warn(model, err, "%s is computed in float32, %s: %zu values, the first is \"%s\"", name, loss,
                                 u->values.n, u->values.first));
    if (u->casts.n > 0)
        TNN_TRY(tnn_graph_model_warn(model, err, "numbers are not rounded to %s where they are cast to it: %zu times, "
                                                 "first for \"%s\"", name, u->casts.n, u->casts.first));
    if (u->integers.n > 0 && dtype == TNN_DTYPE_F64)
        TNN_TRY(tnn_graph_model_warn(model, err, "integers that become float64 are exact up to 16777216 only: %zu times, "
                                                 "first for \"%s\"", u->integers.n, u->integers.first));
    return TNN_OK;
}

static tnn_status warn_of_ends(const tnn_graph *graph, tnn_error *err) {
    for (size_t i = 0; i < graph->n_inputs; i++) {
        const tnn_value *value = graph->inputs[i];
        if (is_foreign(value->dtype))
            TNN_TRY(tnn_graph_model_warn(graph->model, err, "input \"%s\" is %s in the model and float32 in the file",
                                         value->name, tnn_dtype_name(value->dtype)));
    }
    for (size_t i = 0; i < graph->n_outputs; i++) {
        const tnn_value *value = graph->outputs[i];
        if (is_foreign(value->dtype))
            TNN_TRY(tnn_graph_model_warn(graph->model, err, "output \"%s\" is %s in the model and float32 in the file",
                                         graph->output_names[i], tnn_dtype_name(value->dtype)));
    }
    return TNN_OK;
}

tnn_status tnn_pass_float32(tnn_graph *graph, tnn_error *err) {
    converter c = {.graph = graph};
    TNN_TRY(warn_of_ends(graph, err));
    for (const tnn_node *node = graph->first; node; node = node->next) TNN_TRY(find_losses(&c, node, err));
    TNN_TRY(convert_graph(&c, err));
    for (int dtype = 0; dtype < TNN_DTYPE_COUNT; dtype++) TNN_TRY(warn_of_type(&c, (tnn_dtype)dtype, err));
    return TNN_OK;
}
