#include "tflite/write_plan.h"

#include <string.h>

#include "base/alloc.h"
#include "base/strmap.h"
#include "ir/value_quant.h"

/* Up to here two buffers are one when their bytes are equal; above, when their recipes are. */
#define SMALL_BYTES ((uint64_t)64 * 1024)

/* ---- buffers ---- */

static bool is_small(const tnn_plan_buffer *buffer) { return buffer->n_bytes <= SMALL_BYTES; }

static tnn_status read_all(const tnn_recipe *recipe, void *bytes, tnn_error *err) {
    return tnn_recipe_read(recipe, 0, tnn_recipe_count(recipe), bytes, err);
}

static tnn_status hash_buffer(tnn_plan_buffer *buffer, uint8_t *scratch, tnn_error *err) {
    if (is_small(buffer)) {
        TNN_TRY(read_all(buffer->recipe, scratch, err));
        buffer->hash = tnn_hash_bytes(scratch, (size_t)buffer->n_bytes, buffer->n_bytes);
    } else {
        buffer->hash = tnn_recipe_hash(buffer->recipe);
    }
    return TNN_OK;
}

/* `scratch` has room for two small buffers; the first holds the bytes of `a` when it is small. */
static tnn_status are_equal(const tnn_plan_buffer *a, const tnn_plan_buffer *b, uint8_t *scratch, bool *equal,
                            tnn_error *err) {
    *equal = false;
    if (a->hash != b->hash || a->n_bytes != b->n_bytes) return TNN_OK;
    if (!is_small(a)) {
        *equal = tnn_recipe_same(a->recipe, b->recipe);
        return TNN_OK;
    }
    TNN_TRY(read_all(b->recipe, scratch + SMALL_BYTES, err));
    *equal = memcmp(scratch, scratch + SMALL_BYTES, (size_t)a->n_bytes) == 0;
    return TNN_OK;
}

/* A hash table of buffer numbers; 0: free. The number of slots is a power of two. */
typedef struct index {
    uint32_t *slots;
    size_t n_slots;
    uint8_t *scratch;
} index;

static tnn_status add_buffer(tnn_write_plan *plan, index *in, const tnn_recipe *recipe, uint32_t *number,
                             tnn_error *err) {
    tnn_plan_buffer buffer = {.recipe = recipe, .n_bytes = tnn_recipe_bytes(recipe)};
    *number = 0;
    if (buffer.n_bytes == 0) return TNN_OK;
    TNN_TRY(hash_buffer(&buffer, in->scratch, err));
    size_t at = (size_t)buffer.hash & (in->n_slots - 1);
    for (; in->slots[at] != 0; at = (at + 1) & (in->n_slots - 1)) {
        bool equal;
        TNN_TRY(are_equal(&buffer, &plan->buffers[in->slots[at]], in->scratch, &equal, err));
        if (equal) {
            *number = in->slots[at];
            return TNN_OK;
        }
    }
    *number = in->slots[at] = (uint32_t)plan->n_buffers;
    plan->buffers[plan->n_buffers++] = buffer;
    return TNN_OK;
}

static tnn_status number_buffers(tnn_write_plan *plan, index *in, tnn_error *err) {
    plan->n_buffers = 1;
    for (size_t i = 0; i < plan->n_tensors; i++) {
        const tnn_value *value = plan->tensors[i].value;
        const tnn_recipe *recipe = value->constant;
        if (recipe == NULL) continue;
        if (value->quant != NULL && value->quant->is_int4) TNN_TRY(tnn_recipe_nibbles(&recipe, plan->arena, recipe, err));
        TNN_TRY(add_buffer(plan, in, recipe, &plan->tensors[i].buffer, err));
    }
    return TNN_OK;
}

static tnn_status plan_buffers(tnn_write_plan *plan, tnn_error *err) {
    index in = {.n_slots = 16};
    while (in.n_slots < 2 * plan->n_tensors) in.n_slots *= 2;
    in.slots = tnn_alloc_zero(in.n_slots, sizeof *in.slots);
    in.scratch = tnn_alloc(2, SMALL_BYTES);
    plan->buffers = TNN_NEW_ARRAY(plan->arena, plan->n_tensors + 1, tnn_plan_buffer);
    tnn_status status = in.slots != NULL && in.scratch != NULL && plan->buffers != NULL
                            ? number_buffers(plan, &in, err)
                            : tnn_fail_nomem(err);
    tnn_free(in.slots);
    tnn_free(in.scratch);
    return status;
}

/* ---- tensors ---- */

static tnn_status check_value(const tnn_value *value, tnn_error *err) {
    if (tnn_tfl_type(value->dtype) < 0)
        return tnn_fail(err, TNN_ERR_UNSUPPORTED, value->name, "TFLite has no type %s", tnn_dtype_name(value->dtype));
    for (uint8_t k = 0; k < value->shape.rank; k++) {
        int64_t dim = value->shape.dims[k].hint;
        if (dim < 0 || dim > INT32_MAX)
            return tnn_fail(err, TNN_ERR_UNSUPPORTED, value->name, "dimension %d is %lld, TFLite has 31 bits", k,
                            (long long)dim);
    }
    return TNN_OK;
}

static tnn_status add_tensor(tnn_write_plan *plan, const tnn_value *value, tnn_error *err) {
    if (plan->tensor_of[value->id] != 0) return TNN_OK;
    TNN_TRY(check_value(value, err));
    plan->tensors = tnn_arena_grow(plan->arena, plan->tensors, plan->n_tensors, &plan->cap_tensors, plan->n_tensors + 1,
                                   sizeof *plan->tensors);
    if (plan->tensors == NULL) return tnn_fail_nomem(err);
    plan->tensors[plan->n_tensors++] = (tnn_plan_tensor){value, 0};
    plan->tensor_of[value->id] = (uint32_t)plan->n_tensors;
    return TNN_OK;
}

/* A value that is read: made before, or a constant. */
static tnn_status use_tensor(tnn_write_plan *plan, const tnn_value *value, tnn_error *err) {
    if (value == NULL) return TNN_OK;
    if (plan->tensor_of[value->id] == 0 && value->constant == NULL)
        return tnn_fail(err, TNN_ERR_INTERNAL, value->name, "is read, but no operator makes it and it is no input");
    return add_tensor(plan, value, err);
}

static tnn_status plan_arg(tnn_write_plan *plan, const tnn_arg *arg, tnn_error *err) {
    if (arg->kind == TNN_ARG_TENSOR) return use_tensor(plan, arg->as.tensor, err);
    for (uint32_t i = 0; arg->kind == TNN_ARG_TENSORS && i < arg->n; i++)
        TNN_TRY(use_tensor(plan, arg->as.tensors[i], err));
    return TNN_OK;
}

/* ---- operators ---- */

/* Rows of CUSTOM operators are made one a node. */
static bool same_operator(const tnn_tfl_row *a, const tnn_tfl_row *b) {
    return a == b || (a->custom_code != NULL && b->custom_code != NULL && strcmp(a->custom_code, b->custom_code) == 0);
}

static tnn_status add_code(tnn_write_plan *plan, tnn_plan_code code, uint32_t *number, tnn_error *err) {
    for (size_t i = 0; i < plan->n_codes; i++) {
        *number = (uint32_t)i;
        if (same_operator(plan->codes[i].row, code.row) && plan->codes[i].version == code.version) return TNN_OK;
    }
    plan->codes =
        tnn_arena_grow(plan->arena, plan->codes, plan->n_codes, &plan->cap_codes, plan->n_codes + 1, sizeof code);
    if (plan->codes == NULL) return tnn_fail_nomem(err);
    *number = (uint32_t)plan->n_codes;
    plan->codes[plan->n_codes++] = code;
    char runtime[TNN_RUNTIME_TEXT];
    tnn_tfl_runtime(code.row, code.version, runtime);
    if (tnn_tfl_runtime_compare(runtime, plan->min_runtime) > 0) memcpy(plan->min_runtime, runtime, sizeof runtime);
    return TNN_OK;
}

static tnn_status plan_node(tnn_write_plan *plan, const tnn_node *node, uint32_t *code, tnn_error *err) {
    const tnn_tfl_row *row = tnn_tfl_row_of(node->op);
    if (row == NULL) return tnn_fail(err, TNN_ERR_INTERNAL, node->op->name, "is no TFLite operator");
    for (size_t i = 0; i < node->schema->n_args; i++) TNN_TRY(plan_arg(plan, &node->args[i], err));
    for (uint32_t i = 0; i < node->n_outputs; i++) TNN_TRY(add_tensor(plan, node->outputs[i], err));
    return add_code(plan, (tnn_plan_code){row, tnn_tfl_version(node)}, code, err);
}

static tnn_status plan_graph(tnn_write_plan *plan, tnn_error *err) {
    const tnn_graph *graph = plan->graph;
    size_t n = 0;
    for (size_t i = 0; i < graph->n_inputs; i++) TNN_TRY(add_tensor(plan, graph->inputs[i], err));
    for (const tnn_node *node = graph->first; node != NULL; node = node->next)
        TNN_TRY(plan_node(plan, node, &plan->code_of[n++], err));
    for (size_t i = 0; i < graph->n_outputs; i++) TNN_TRY(use_tensor(plan, graph->outputs[i], err));
    return TNN_OK;
}

tnn_status tnn_write_plan_make(tnn_write_plan *plan, const tnn_graph *graph, tnn_arena *arena, tnn_error *err) {
    *plan = (tnn_write_plan){.graph = graph, .arena = arena};
    plan->tensor_of = TNN_NEW_ARRAY(arena, graph->model->next_value_id, uint32_t);
    plan->code_of = TNN_NEW_ARRAY(arena, graph->n_nodes, uint32_t);
    if (plan->tensor_of == NULL || plan->code_of == NULL) return tnn_fail_nomem(err);
    TNN_TRY(plan_graph(plan, err));
    return plan_buffers(plan, err);
}

int32_t tnn_write_plan_tensor(const tnn_write_plan *plan, const tnn_value *value) {
    return value == NULL ? -1 : (int32_t)plan->tensor_of[value->id] - 1;
}
