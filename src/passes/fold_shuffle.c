/* A pixel shuffle behind a convolution, or an unshuffle before one, is one operator when the convolution's channels are in
 * the order that it numbers blocks in: its weights are put in that order.
 *
 *   convolution, element-wise ..., reshape [N, C, b, b, H, W], permute to [N, C, H, b, W, b], reshape
 *   reshape [N, C, H, b, W, b], permute to [N, C, b, b, H, W], reshape, element-wise ..., convolution
 */
#include "ops/list.h"
#include "passes/passes.h"
#include "passes/rewrite.h"

enum { WEIGHT = 1, BIAS = 2 };

/* reshape, permute, reshape from [N, C, H, W] to [N, C, H, W] of other sizes, each read by the next alone. */
typedef struct shuffle {
    tnn_node *first, *permute, *last;
    int64_t block, channels; /* the fewer channels of the two sides */
    bool widens;             /* a pixel shuffle; else an unshuffle */
} shuffle;

static tnn_node *lone_producer(const tnn_value *value, int id) {
    tnn_node *node = value->producer;
    bool fits = node && tnn_node_is(node, id) && node->activation == TNN_ACT_NONE &&
                tnn_rewrite_single_use(node->graph, value);
    return fits ? node : NULL;
}

static bool has_order(const tnn_node *permute, const int64_t *order) {
    const tnn_arg *dims = tnn_node_arg(permute, "dims");
    for (uint32_t k = 0; k < dims->n; k++)
        if (dims->as.sizes[k].hint != order[k] && dims->as.sizes[k].hint != order[k] - 6) return false;
    return dims->n == 6;
}

/* Are the six dimensions blocks of [N, C, H, W]? `b` is where the two of the block are. */
static bool are_blocks(const tnn_shape *six, const tnn_shape *from, const tnn_shape *to, const int *b, int64_t *block) {
    *block = six->dims[b[0]].hint;
    if (from->rank != 4 || to->rank != 4 || six->dims[b[1]].hint != *block || *block < 2) return false;
    return six->dims[0].hint == from->dims[0].hint && six->dims[0].hint == to->dims[0].hint;
}

static bool is_widening(shuffle *s) {
    static const int64_t order[] = {0, 1, 4, 2, 5, 3};
    const tnn_shape *six = &s->first->outputs[0]->shape, *from = &s->first->args[0].as.tensor->shape;
    const tnn_shape *to = &s->last->outputs[0]->shape;
    if (!has_order(s->permute, order) || !are_blocks(six, from, to, (const int[]){2, 3}, &s->block)) return false;
    s->widens = true;
    s->channels = six->dims[1].hint;
    return to->dims[1].hint == s->channels && from->dims[2].hint == six->dims[4].hint &&
           from->dims[3].hint == six->dims[5].hint && to->dims[2].hint == six->dims[4].hint * s->block;
}

static bool is_narrowing(shuffle *s) {
    static const int64_t order[] = {0, 1, 3, 5, 2, 4};
    const tnn_shape *six = &s->first->outputs[0]->shape, *from = &s->first->args[0].as.tensor->shape;
    const tnn_shape *to = &s->last->outputs[0]->shape;
    if (!has_order(s->permute, order) || !are_blocks(six, from, to, (const int[]){3, 5}, &s->block)) return false;
    s->widens = false;
    s->channels = six->dims[1].hint;
    return from->dims[1].hint == s->channels && to->dims[2].hint == six->dims[2].hint &&
           to->dims[3].hint == six->dims[4].hint && from->dims[2].hint == six->dims[2].hint * s->block;
}

static bool find_shuffle(shuffle *s, tnn_node *node) {
    s->last = tnn_node_is(node, TNN_OP_reshape) && node->activation == TNN_ACT_NONE ? node : NULL;
    s->permute = s->last ? lone_producer(node->args[0].as.tensor, TNN_OP_permute) : NULL;
    s->first = s->permute ? lone_producer(s->permute->args[0].as.tensor, TNN_OP_reshape) : NULL;
    return s->first && s->first->outputs[0]->shape.rank == 6 && (is_widening(s) || is_narrowing(s));
}

/* ---- the convolution ---- */

static bool is_unary(const tnn_node *node) {
    return node->op->list == TNN_OPLIST_ATEN && tnn_op_row_of(node->op)->op_class == TNN_CLASS_UNARY;
}

static bool is_plain(const tnn_node *node) {
    if (!tnn_node_is(node, TNN_OP_convolution) || tnn_arg_int(tnn_node_arg(node, "groups")) != 1) return false;
    const tnn_value *bias = tnn_arg_tensor(&node->args[BIAS]);
    return node->args[WEIGHT].as.tensor->constant && (!bias || bias->constant);
}

/* The convolution that alone feeds the value, through element-wise operators. */
static tnn_node *convolution_before(const tnn_value *value) {
    for (tnn_node *node = value->producer; node; node = value->producer) {
        if (!tnn_rewrite_single_use(node->graph, value)) return NULL;
        if (is_plain(node)) return node;
        if (!is_unary(node)) return NULL;
        value = node->args[0].as.tensor;
    }
    return NULL;
}

/* The convolution that alone reads the value, through element-wise operators. */
static tnn_node *convolution_behind(const tnn_graph *graph, const tnn_value *value) {
    while (tnn_rewrite_single_use(graph, value)) {
        tnn_node *node = value->users[0];
        if (is_plain(node)) return node->args[0].as.tensor == value ? node : NULL;
        if (!is_unary(node)) return NULL;
        value = node->outputs[0];
    }
    return NULL;
}

/* Argument `index`, a constant whose dimension `dim` counts channels outside and places of the block inside, the other way
 * round. */
static tnn_status turn_channels(tnn_node *node, size_t index, uint8_t dim, const shuffle *s, tnn_error *err) {
    const tnn_recipe *recipe = node->args[index].as.tensor->constant;
    tnn_arena *arena = node->graph->model->arena;
    int64_t apart[TNN_MAX_RANK + 1], whole[TNN_MAX_RANK];
    uint8_t order[TNN_MAX_RANK + 1], rank = recipe->rank;
    for (uint8_t d = 0; d < rank; d++) whole[d] = apart[d + (d > dim)] = recipe->dims[d];
    apart[dim] = s->channels;
    apart[dim + 1] = s->block * s->block;
    for (uint8_t d = 0; d <= rank; d++) order[d] = d;
    order[dim] = (uint8_t)(dim + 1);
    order[dim + 1] = dim;
    TNN_TRY(tnn_recipe_reshape(&recipe, arena, recipe, (uint8_t)(rank + 1), apart, err));
    TNN_TRY(tnn_recipe_permute(&recipe, arena, recipe, order, err));
    TNN_TRY(tnn_recipe_reshape(&recipe, arena, recipe, rank, whole, err));
    return tnn_rewrite_constant(node, index, recipe, err);
}

static tnn_status fold(tnn_node *convolution, const shuffle *s, tnn_error *err) {
    bool transposed = tnn_arg_bool(tnn_node_arg(convolution, "transposed"));
    const tnn_op *op = s->widens ? &tnn_op_depth_to_space.op : &tnn_op_space_to_depth.op;
    tnn_arg args[] = {s->first->args[0], tnn_arg_of_int(s->block)};
    tnn_node *blocks;
    TNN_TRY(turn_channels(convolution, WEIGHT, s->widens == transposed ? 1 : 0, s, err));
    if (s->widens && tnn_arg_tensor(&convolution->args[BIAS])) TNN_TRY(turn_channels(convolution, BIAS, 0, s, err));
    TNN_TRY(tnn_op_append(&blocks, s->last->graph, s->last, op, args, 2, NULL, err));
    tnn_rewrite_origin(blocks, s->last);
    TNN_TRY(tnn_rewrite_renamed(s->last, blocks->outputs[0], err));
    tnn_node_remove(s->permute);
    tnn_node_remove(s->first);
    return TNN_OK;
}

tnn_status tnn_pass_shuffle(tnn_graph *graph, tnn_error *err) {
    for (tnn_node *node = graph->first, *next; node; node = next) {
        shuffle s = {0};
        next = node->next;
        if (!find_shuffle(&s, node)) continue;
        tnn_node *convolution = s.widens ? convolution_before(s.first->args[0].as.tensor)
                                         : convolution_behind(graph, node->outputs[0]);
        if (convolution) TNN_TRY(fold(convolution, &s, err));
    }
    return TNN_OK;
}
