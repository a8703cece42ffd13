#include "read/facts.h"

#include <stdlib.h>
#include <string.h>

#include "ops/list.h"
#include "read/pt2_store.h"

static uint64_t add(uint64_t a, uint64_t b) { return a > UINT64_MAX - b ? UINT64_MAX : a + b; }

static uint64_t multiply(uint64_t a, uint64_t b) { return a != 0 && b > UINT64_MAX / a ? UINT64_MAX : a * b; }

/* Tensors of the archive. */

/* Where a store's tensors are counted. */
typedef struct sums {
    tnn_tensor_sum *parameters, *others;
} sums;

static tnn_status sum_tensor(void *data, const char *path, const tnn_pt2_tensor *tensor, tnn_error *err) {
    (void)path, (void)err;
    const sums *to = data;
    tnn_tensor_sum_add(tensor->is_parameter ? to->parameters : to->others, &tensor->meta.shape, tensor->meta.dtype);
    return TNN_OK;
}

/* `others` counts what is no parameter. */
static tnn_status sum_store(const tnn_pt2 *pt2, int store, tnn_tensor_sum *parameters, tnn_tensor_sum *others,
                            tnn_error *err) {
    sums to = {parameters, others};
    tnn_symbols symbols;
    tnn_symbols_init(&symbols, pt2->arena, pt2->arena);
    return tnn_pt2_store_walk(&pt2->stores[store], &symbols, sum_tensor, &to, err);
}

/* Operators. */

static tnn_status count_op(tnn_strmap *counts, tnn_arena *arena, const char *name, tnn_error *err) {
    tnn_op_count *count = tnn_strmap_get(counts, name);
    if (count == NULL) {
        count = TNN_NEW(arena, tnn_op_count);
        if (count == NULL || tnn_strmap_set(counts, name, count) != TNN_OK) return tnn_fail_nomem(err);
        count->name = name;
    }
    count->n++;
    return TNN_OK;
}

static int compare_counts(const void *a, const void *b) {
    const tnn_op_count *x = a, *y = b;
    if (x->n != y->n) return x->n > y->n ? -1 : 1;
    return strcmp(x->name, y->name);
}

static tnn_status count_ops(tnn_facts *facts, tnn_arena *arena, const tnn_graph *graph, tnn_error *err) {
    tnn_strmap counts;
    tnn_strmap_init(&counts, arena);
    for (const tnn_node *node = graph->first; node != NULL; node = node->next) {
        TNN_TRY(count_op(&counts, arena, node->op->name, err));
    }
    facts->n_ops = counts.n_entries;
    facts->ops = TNN_NEW_ARRAY(arena, facts->n_ops, tnn_op_count);
    if (facts->ops == NULL) return tnn_fail_nomem(err);
    for (size_t i = 0; i < facts->n_ops; i++) facts->ops[i] = *(const tnn_op_count *)counts.entries[i].value;
    qsort(facts->ops, facts->n_ops, sizeof *facts->ops, compare_counts);
    return TNN_OK;
}

/* Multiply-accumulates. */

static uint64_t elems(const tnn_value *value) {
    int64_t n = 0;
    return tnn_shape_count(&value->shape, &n) ? (uint64_t)n : UINT64_MAX;
}

/* A weight of [out, in / groups, kernel] is used once for each element of the result, divided by out; transposed,
 * [in, out / groups, kernel] once for each element of the input, divided by in. */
static uint64_t convolution_macs(const tnn_node *node) {
    const tnn_value *input = tnn_arg_tensor(tnn_node_arg(node, "input"));
    const tnn_value *weight = tnn_arg_tensor(tnn_node_arg(node, "weight"));
    bool transposed = tnn_arg_bool(tnn_node_arg(node, "transposed"));
    int64_t first = weight->shape.rank > 0 ? weight->shape.dims[0].hint : 0;
    if (first == 0) return 0;
    return multiply(elems(transposed ? input : node->outputs[0]), elems(weight) / (uint64_t)first);
}

/* Each element of the result sums over the last dimension of the first operand. */
static uint64_t product_macs(const tnn_node *node) {
    const tnn_value *left = tnn_node_operand(node, 0);
    unsigned rank = left == NULL ? 0 : left->shape.rank;
    return rank == 0 ? 0 : multiply(elems(node->outputs[0]), (uint64_t)left->shape.dims[rank - 1].hint);
}

uint64_t tnn_facts_node_macs(const tnn_node *node) {
    if (tnn_node_is(node, TNN_OP_convolution)) return convolution_macs(node);
    if (tnn_node_is(node, TNN_OP_linear) || tnn_node_is(node, TNN_OP_matmul)) return product_macs(node);
    return 0;
}

tnn_status tnn_facts_of_graph(tnn_facts *out, tnn_arena *arena, const tnn_graph *graph, tnn_error *err) {
    TNN_TRY(count_ops(out, arena, graph, err));
    for (const tnn_node *node = graph->first; node != NULL; node = node->next) {
        out->macs = add(out->macs, tnn_facts_node_macs(node));
    }
    return TNN_OK;
}

void tnn_tensor_sum_add(tnn_tensor_sum *sum, const tnn_shape *shape, tnn_dtype dtype) {
    int64_t n_elems = 0;
    if (!tnn_shape_count(shape, &n_elems)) n_elems = INT64_MAX;
    sum->n++;
    sum->n_elems = add(sum->n_elems, (uint64_t)n_elems);
    sum->n_bytes = add(sum->n_bytes, multiply((uint64_t)n_elems, tnn_dtype_bytes(dtype)));
}

tnn_status tnn_facts_collect(tnn_facts *out, const tnn_pt2 *pt2, const tnn_graph *graph, tnn_error *err) {
    memset(out, 0, sizeof *out);
    TNN_TRY(sum_store(pt2, TNN_PT2_WEIGHTS, &out->parameters, &out->buffers, err));
    TNN_TRY(sum_store(pt2, TNN_PT2_CONSTANTS, &out->parameters, &out->constants, err));
    return tnn_facts_of_graph(out, pt2->arena, graph, err);
}

static void add_constant(tnn_facts *facts, const tnn_value *value) {
    tnn_tensor_sum *sum = value->is_parameter ? &facts->parameters : value->is_buffer ? &facts->buffers
                                                                                     : &facts->constants;
    tnn_tensor_sum_add(sum, &value->shape, value->dtype);
}

tnn_status tnn_facts_of_constants(tnn_facts *out, tnn_arena *arena, const tnn_graph *graph, tnn_error *err) {
    tnn_strmap seen;
    tnn_strmap_init(&seen, arena);
    for (const tnn_node *node = graph->first; node != NULL; node = node->next) {
        for (size_t i = 0; i < tnn_node_n_operands(node); i++) {
            const tnn_value *value = tnn_node_operand(node, i);
            if (value == NULL || value->constant == NULL || tnn_strmap_find(&seen, value->name) != NULL) continue;
            if (tnn_strmap_set(&seen, value->name, NULL) != TNN_OK) return tnn_fail_nomem(err);
            add_constant(out, value);
        }
    }
    return TNN_OK;
}
