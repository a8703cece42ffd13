/* Figures about a model that was read, for its description. */
#ifndef TNN_READ_FACTS_H
#define TNN_READ_FACTS_H

#include "base/strmap.h"
#include "ir/graph.h"
#include "read/pt2_archive.h"

/* Tensors of one kind in the archive. */
typedef struct tnn_tensor_sum {
    uint64_t n, n_elems, n_bytes; /* counts stop at UINT64_MAX */
} tnn_tensor_sum;

typedef struct tnn_op_count {
    const char *name;
    uint64_t n;
} tnn_op_count;

typedef struct tnn_facts {
    tnn_tensor_sum parameters, buffers, constants; /* buffers that are not saved with the state are constants */
    tnn_op_count *ops; /* most frequent first, then by name */
    size_t n_ops;
    uint64_t macs; /* multiply-accumulates of convolutions, linear layers and matrix products, by hints */
} tnn_facts;

void tnn_tensor_sum_add(tnn_tensor_sum *sum, const tnn_shape *shape, tnn_dtype dtype);

/* Multiply-accumulates of one node; 0 for those that do not multiply matrices. */
uint64_t tnn_facts_node_macs(const tnn_node *node);

/* Operators and multiply-accumulates; the tensor sums are left alone. Lists live in `arena`. Errors: TNN_ERR_NOMEM. */
tnn_status tnn_facts_of_graph(tnn_facts *out, tnn_arena *arena, const tnn_graph *graph, tnn_error *err);

/* Add the constants that the graph uses to the tensor sums. Errors: TNN_ERR_NOMEM. */
tnn_status tnn_facts_of_constants(tnn_facts *out, tnn_arena *arena, const tnn_graph *graph, tnn_error *err);

/* Lists live in the archive's arena. Errors: TNN_ERR_MALFORMED, TNN_ERR_NOMEM. */
tnn_status tnn_facts_collect(tnn_facts *out, const tnn_pt2 *pt2, const tnn_graph *graph, tnn_error *err);

#endif
