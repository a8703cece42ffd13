/* What tracing takes from the values of its example inputs is a constant of the program from then on. The program does
 * not say so, but it shows:
 *
 *   a tensor that is as large as an input, or as what it meets that depends on an input. Masks and positions that are
 *   made of sizes by operators are not constants of a traced program, so these are rare;
 *   an index in no order: sizes and the author's own lists give rising, falling or exchanged places;
 *   an input that nothing reads, because only numbers were taken out of it. */
#include <stdlib.h>

#include "base/alloc.h"
#include "ir/recipe.h"
#include "ops/infer.h"
#include "ops/list.h"
#include "read/remark.h"

/* What is known of a value, by its id. */
typedef struct trace {
    bool of_input;             /* depends on an input */
    const tnn_value *constant; /* the constant that it is, with another shape or type perhaps; or NULL. Of the constant
                                  itself NULL from when it was warned of */
} trace;

static int64_t n_elems_of(const tnn_value *value) {
    int64_t n = 0;
    return tnn_shape_count(&value->shape, &n) ? n : 0;
}

/* "constant c0, int64[4], WHAT NAME (at model.py:7): …" */
static tnn_status warn_of_constant(const tnn_value *constant, const char *what, const char *name,
                                   const tnn_node *node, tnn_error *err) {
    const char *place = tnn_remark_place(node, 1);
    if (place == NULL) return tnn_fail_nomem(err);
    return tnn_graph_model_warn(
        node->graph->model, err,
        "constant %.60s, %s%s, %s%.60s%s: if it was made of the example's values when the model was traced (by .numpy(), "
        ".tolist() or torch.tensor(x)), it stays what it was for the example",
        constant->name, tnn_dtype_name(constant->dtype), tnn_shape_text_of(&constant->shape).text, what, name, place);
}

static tnn_status warn_of_size(const tnn_value *constant, const tnn_value *like, const tnn_node *node, tnn_error *err) {
    return warn_of_constant(constant, "is as large as ", like->name, node, err);
}

/* The operand that depends on an input and is as large as `constant`; NULL: none. */
static const tnn_value *find_like(const tnn_node *node, const trace *traces, const tnn_value *constant) {
    for (size_t i = 0; i < tnn_node_n_operands(node); i++) {
        const tnn_value *operand = tnn_node_operand(node, i);
        if (operand == NULL || !traces[operand->id].of_input) continue;
        if (n_elems_of(operand) == n_elems_of(constant)) return operand;
    }
    return NULL;
}

static int compare(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

/* Do the numbers rise or fall, or are they such ones that exchanged their places? */
static bool are_in_order(double *numbers, int64_t n) {
    bool rise = true, fall = true, even = true;
    for (int64_t i = 1; i < n; i++) {
        rise = rise && numbers[i] >= numbers[i - 1];
        fall = fall && numbers[i] <= numbers[i - 1];
    }
    if (rise || fall) return true;
    qsort(numbers, (size_t)n, sizeof *numbers, compare);
    for (int64_t i = 1; i < n; i++) even = even && numbers[i] - numbers[i - 1] == numbers[1] - numbers[0];
    return even && numbers[1] != numbers[0];
}

/* Numbers of a constant that choose among the elements of what depends on an input. */
static tnn_status look_at_index(const tnn_node *node, const trace *traces, tnn_error *err) {
    double *numbers = NULL;
    if (!tnn_node_is(node, TNN_OP_index_select) && !tnn_node_is(node, TNN_OP_gather)) return TNN_OK;
    const tnn_value *index = tnn_arg_tensor(tnn_node_arg(node, "index")), *constant = traces[index->id].constant;
    if (constant == NULL || !traces[tnn_arg_tensor(&node->args[0])->id].of_input) return TNN_OK;
    TNN_TRY(tnn_recipe_numbers(&numbers, node->graph->model->arena, constant->constant, err));
    if (are_in_order(numbers, n_elems_of(constant))) return TNN_OK;
    return warn_of_constant(constant, "is an index in no order", "", node, err);
}

static void follow(const tnn_node *node, trace *traces) {
    trace all = {false, NULL};
    size_t n_tensors = 0;
    for (size_t i = 0; i < tnn_node_n_operands(node); i++) {
        const tnn_value *operand = tnn_node_operand(node, i);
        if (operand == NULL) continue;
        n_tensors++;
        all.of_input = all.of_input || traces[operand->id].of_input;
        all.constant = traces[operand->id].constant;
    }
    for (uint32_t k = 0; k < node->n_outputs; k++) {
        bool same = n_tensors == 1 && all.constant != NULL && n_elems_of(node->outputs[k]) == n_elems_of(all.constant);
        traces[node->outputs[k]->id] = (trace){all.of_input, same ? all.constant : NULL};
    }
}

static tnn_status look_at_node(const tnn_node *node, trace *traces, tnn_error *err) {
    TNN_TRY(look_at_index(node, traces, err));
    for (size_t i = 0; i < tnn_node_n_operands(node); i++) {
        const tnn_value *operand = tnn_node_operand(node, i);
        const tnn_value *constant = operand == NULL ? NULL : traces[operand->id].constant;
        bool is_new = constant != NULL && traces[constant->id].constant != NULL;
        const tnn_value *like = is_new ? find_like(node, traces, constant) : NULL;
        if (like == NULL) continue;
        TNN_TRY(warn_of_size(constant, like, node, err));
        traces[constant->id].constant = NULL;
    }
    follow(node, traces);
    return TNN_OK;
}

static tnn_status look_at_inputs(const tnn_graph *graph, const tnn_value *constant, tnn_error *err) {
    for (size_t i = 0; i < graph->n_inputs && constant->n_users > 0; i++) {
        if (n_elems_of(graph->inputs[i]) != n_elems_of(constant)) continue;
        return warn_of_size(constant, graph->inputs[i], constant->users[0], err);
    }
    return TNN_OK;
}

static tnn_status look_at_constants(const tnn_graph *graph, tnn_value *const *constants, size_t n, trace *traces,
                                    tnn_error *err) {
    for (size_t i = 0; i < graph->n_inputs; i++) traces[graph->inputs[i]->id].of_input = true;
    for (size_t i = 0; i < n; i++) {
        const tnn_value *value = constants[i];
        if (value->constant != NULL && n_elems_of(value) > 1) traces[value->id].constant = value;
    }
    for (const tnn_node *node = graph->first; node != NULL; node = node->next) TNN_TRY(look_at_node(node, traces, err));
    for (size_t i = 0; i < n; i++) {
        if (traces[constants[i]->id].constant != NULL) TNN_TRY(look_at_inputs(graph, constants[i], err));
    }
    return TNN_OK;
}

static tnn_status warn_of_inputs(const tnn_graph *graph, tnn_error *err) {
    for (size_t i = 0; i < graph->n_inputs; i++) {
        const tnn_value *input = graph->inputs[i];
        if (input->n_users > 0 || tnn_value_n_output_uses(graph, input) > 0) continue;
        TNN_TRY(tnn_graph_model_warn(
            graph->model, err,
            "input %.60s has no effect on the outputs: numbers that were taken out of it when the model was traced (by "
            "int(x), x.item() or x.numpy()) stay what they were for the example", input->name));
    }
    return TNN_OK;
}

tnn_status tnn_remark_tracing(const tnn_graph *graph, tnn_value *const *constants, size_t n, tnn_error *err) {
    trace *traces = tnn_alloc_zero(graph->model->next_value_id + (size_t)1, sizeof *traces);
    if (traces == NULL) return tnn_fail_nomem(err);
    tnn_status status = look_at_constants(graph, constants, n, traces, err);
    tnn_free(traces);
    return status == TNN_OK ? warn_of_inputs(graph, err) : status;
}
