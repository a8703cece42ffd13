/* Zeros padded around an image become padding of the convolutions that read it. */
#include <string.h>

#include "ops/list.h"
#include "passes/passes.h"
#include "passes/rewrite.h"

static bool is_zero(tnn_size size) {
    return size.hint == 0 && !size.expr;
}

/* Pads with zeros, cuts nothing. */
static bool pads_zeros(const tnn_node *pad) {
    const tnn_arg *value = tnn_node_arg(pad, "value"), *sizes = tnn_node_arg(pad, "pad");
    if (pad->activation != TNN_ACT_NONE || strcmp(tnn_node_arg(pad, "mode")->as.text, "constant") != 0) return false;
    if (value->kind != TNN_ARG_NONE && tnn_arg_number(value) != 0) return false;
    for (uint32_t i = 0; i < sizes->n; i++) {
        if (sizes->as.sizes[i].hint < 0) return false;
    }
    return true;
}

/* Nothing but the last n_spatial dimensions is padded; PyTorch's list begins with the last one. */
static bool pads_only_spatial(const tnn_node *pad, uint32_t n_spatial) {
    const tnn_arg *sizes = tnn_node_arg(pad, "pad");
    for (uint32_t i = 2 * n_spatial; i < sizes->n; i++) {
        if (!is_zero(sizes->as.sizes[i])) return false;
    }
    return true;
}

static uint32_t n_spatial_of(const tnn_node *convolution) {
    return convolution->args[1].as.tensor->shape.rank - 2u;
}

static bool takes_padding(const tnn_node *node, const tnn_node *pad) {
    return tnn_node_is(node, TNN_OP_convolution) && node->args[0].as.tensor == pad->outputs[0] &&
           node->args[1].as.tensor != pad->outputs[0] && !tnn_arg_bool(tnn_node_arg(node, "transposed")) &&
           pads_only_spatial(pad, n_spatial_of(node));
}

/* The convolution's own padding before (side 0) or after (side 1) spatial dimension `dim`: 1, n or 2n entries. */
static tnn_size own_padding(const tnn_arg *padding, uint32_t n_spatial, uint32_t dim, uint32_t side) {
    if (padding->n == 1) return padding->as.sizes[0];
    return padding->as.sizes[padding->n == 2 * n_spatial ? side * n_spatial + dim : dim];
}

static tnn_status move_padding(tnn_node *convolution, const tnn_node *pad, tnn_error *err) {
    int index = tnn_schema_find(convolution->schema, "padding");
    const tnn_arg *own = &convolution->args[index], *more = tnn_node_arg(pad, "pad");
    uint32_t n = n_spatial_of(convolution);
    tnn_size sum[2 * TNN_MAX_RANK];
    for (uint32_t i = 0; i < 2 * n; i++) {
        uint32_t dim = i % n, side = i / n, from = 2 * (n - 1 - dim) + side;
        sum[i] = own_padding(own, n, dim, side);
        if (from >= more->n) continue;
        TNN_TRY(tnn_size_add(&sum[i], pad->graph->model->arena, sum[i], more->as.sizes[from], err));
    }
    TNN_TRY(tnn_node_set_arg(convolution, (size_t)index, tnn_arg_of_sizes(sum, 2 * n), err));
    return tnn_node_set_arg(convolution, 0, pad->args[0], err);
}

/* Users are walked from the end: one that moves away is replaced by the last. */
static tnn_status fold(tnn_node *pad, tnn_error *err) {
    const tnn_value *result = pad->outputs[0];
    for (size_t i = result->n_users; i-- > 0;) {
        tnn_node *user = result->users[i];
        if (takes_padding(user, pad)) TNN_TRY(move_padding(user, pad, err));
    }
    if (tnn_rewrite_unused(pad->graph, result)) tnn_node_remove(pad);
    return TNN_OK;
}

tnn_status tnn_pass_pad(tnn_graph *graph, tnn_error *err) {
    for (tnn_node *node = graph->first, *next; node; node = next) {
        next = node->next;
        if (tnn_node_is(node, TNN_OP_pad) && pads_zeros(node)) TNN_TRY(fold(node, err));
    }
    return TNN_OK;
}
