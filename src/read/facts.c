#include "read/facts.h"

#include <stdlib.h>
#include <string.h>

#include "ops/list.h"
#include "read/pt2_meta.h"

static uint64_t add(uint64_t a, uint64_t b) { return a > UINT64_MAX - b ? UINT64_MAX : a + b; }

static uint64_t multiply(uint64_t a, uint64_t b) { return a != 0 && b > UINT64_MAX / a ? UINT64_MAX : a * b; }

/* Tensors of the archive. */

static tnn_status sum_entry(tnn_tensor_sum *sum, tnn_symbols *symbols, const tnn_json *entry, tnn_error *err) {
    tnn_json json = tnn_json_optional(entry, "tensor_meta");
    tnn_pt2_meta meta;
    int64_t n_elems = 0;
    if (json.value == NULL) return TNN_OK; /* a pickled object */
    TNN_TRY(tnn_pt2_meta_type(&meta, symbols, &json, err));
    if (!tnn_shape_count(&meta.shape, &n_elems)) n_elems = INT64_MAX;
    sum->n++;
    sum->n_elems = add(sum->n_elems, (uint64_t)n_elems);
    sum->n_bytes = add(sum->n_bytes, multiply((uint64_t)n_elems, tnn_dtype_bytes(meta.dtype)));
    return TNN_OK;
}

/* `others` counts what is no parameter. */
static tnn_status sum_config(const tnn_json *root, tnn_tensor_sum *parameters, tnn_tensor_sum *others,
                             tnn_arena *arena, tnn_error *err) {
    tnn_json config = tnn_json_optional(root, "config");
    tnn_symbols symbols;
    tnn_symbols_init(&symbols, arena, arena);
    if (config.value == NULL) return TNN_OK;
    json_t *object = (json_t *)config.value;
    for (void *at = json_object_iter(object); at != NULL; at = json_object_iter_next(object, at)) {
        tnn_json entry;
        TNN_TRY(tnn_json_member(&entry, &config, json_object_iter_key(at), err));
        tnn_json flag = tnn_json_optional(&entry, "is_param");
        TNN_TRY(sum_entry(json_is_true(flag.value) ? parameters : others, &symbols, &entry, err));
    }
    return TNN_OK;
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

static uint64_t node_macs(const tnn_node *node) {
    if (tnn_node_is(node, TNN_OP_convolution)) return convolution_macs(node);
    if (tnn_node_is(node, TNN_OP_linear) || tnn_node_is(node, TNN_OP_matmul)) return product_macs(node);
    return 0;
}

tnn_status tnn_facts_collect(tnn_facts *out, const tnn_pt2 *pt2, const tnn_graph *graph, tnn_error *err) {
    memset(out, 0, sizeof *out);
    TNN_TRY(sum_config(&pt2->weights, &out->parameters, &out->buffers, pt2->arena, err));
    TNN_TRY(sum_config(&pt2->constants, &out->parameters, &out->constants, pt2->arena, err));
    TNN_TRY(count_ops(out, pt2->arena, graph, err));
    for (const tnn_node *node = graph->first; node != NULL; node = node->next) {
        out->macs = add(out->macs, node_macs(node));
    }
    return TNN_OK;
}
