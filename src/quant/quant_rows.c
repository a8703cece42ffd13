/* Source: the quantization specification of LiteRT and the types that its kernels take; tflite/int8_rules.c says the same of
 * TFLite's operators. */
#include "quant/quant_rows.h"

#include "ops/list.h"

#define ROW(name) const tnn_quant_row tnn_quantizing_##name
#define FREE(name) ROW(name) = {.kind = TNN_QUANT_FREE}
#define SAME(name) ROW(name) = {.kind = TNN_QUANT_SAME}
#define READS(name) ROW(name) = {.kind = TNN_QUANT_READS}
#define FIXED(name, s, z) ROW(name) = {.kind = TNN_QUANT_FIXED, .scale = s, .zero_point = z}
#define FLOAT(name, reason) ROW(name) = {.kind = TNN_QUANT_FLOAT, .why = reason}
#define SOMETIMES(name, fn, reason) ROW(name) = {.kind_of = fn, .why = reason}

#define NO_KERNEL "TFLite has no integer kernel for it"
#define FILLS_ZEROS "its kernel fills in the stored number 0, which means 0 only where the zero point is 0"
#define NO_NUMBERS "it reads no real numbers"
#define NO_REALS "it works on truth values or whole numbers"

/* ---- nodes whose arguments matter ---- */

/* Over everything it is a mean, which may have a scale of its own. */
static tnn_quant_kind adaptive_pool_kind(const tnn_node *node) {
    const tnn_value *in = tnn_node_operand(node, 0), *out = node->outputs[0];
    int64_t rest = 1;
    bool divides = true;
    for (uint8_t d = 2; d < out->shape.rank; d++) {
        rest *= out->shape.dims[d].hint;
        divides = divides && out->shape.dims[d].hint != 0 && in->shape.dims[d].hint % out->shape.dims[d].hint == 0;
    }
    if (rest == 1) return TNN_QUANT_FREE;
    return divides ? TNN_QUANT_SAME : TNN_QUANT_FLOAT;
}

static bool is_number(const tnn_arg *arg) { return arg->kind != TNN_ARG_TENSOR; }

/* The square is a product. */
static tnn_quant_kind power_kind(const tnn_node *node) {
    bool square = is_number(&node->args[1]) && tnn_arg_number(&node->args[1]) == 2;
    return square ? TNN_QUANT_FREE : TNN_QUANT_FLOAT;
}

/* What clips at 0 gives the range of what it keeps; other bounds are numbers of the operand's scale. */
static tnn_quant_kind clamp_kind(const tnn_node *node) {
    const tnn_arg *low = &node->args[1], *high = &node->args[2];
    bool from_zero = low->kind != TNN_ARG_NONE && is_number(low) && tnn_arg_number(low) == 0;
    bool relu = from_zero && (high->kind == TNN_ARG_NONE || (is_number(high) && tnn_arg_number(high) == 6));
    return relu ? TNN_QUANT_FREE : TNN_QUANT_SAME;
}

static tnn_quant_kind to_kind(const tnn_node *node) {
    const tnn_value *in = tnn_node_operand(node, 0);
    return in != NULL && in->dtype == node->outputs[0]->dtype ? TNN_QUANT_SAME : TNN_QUANT_FLOAT;
}

/* ---- the rows ---- */

ROW(convolution) = {.kind = TNN_QUANT_FREE, .has_weights = true, .weights = 1, .bias = 2};
ROW(linear) = {.kind = TNN_QUANT_FREE, .has_weights = true, .weights = 1, .bias = 2};
FREE(matmul);
FLOAT(batch_norm, "it could not be folded into a neighbour");

FREE(relu);
SOMETIMES(clamp, clamp_kind, NULL);
FIXED(sigmoid, 1.0f / 256, -128);
FIXED(tanh, 1.0f / 128, 0);
FREE(hardswish);
FREE(leaky_relu);
FREE(elu);
FREE(gelu);
FREE(prelu);
FREE(exp);
FREE(log);
FREE(sqrt);
FREE(rsqrt);
FREE(abs);
FLOAT(neg, "its kernel leaves the zero point out; of floats it is a product");
FLOAT(sin, NO_KERNEL);
FLOAT(cos, NO_KERNEL);
FLOAT(floor, NO_KERNEL);
FLOAT(ceil, NO_KERNEL);
FLOAT(round, NO_KERNEL);
FLOAT(sign, NO_KERNEL);

FREE(add);
FREE(sub);
FREE(mul);
FLOAT(div, "its kernel stops where a divisor is stored as 0; by a constant it is a product");
SAME(maximum);
SAME(minimum);
SOMETIMES(pow, power_kind, "its exponent is not 2, 3 or 4");
FLOAT(remainder, NO_KERNEL);
FLOAT(atan2, NO_KERNEL);
READS(eq);
READS(ne);
READS(lt);
READS(le);
READS(gt);
READS(ge);
FLOAT(logical_and, NO_REALS);
FLOAT(logical_or, NO_REALS);
FLOAT(logical_not, NO_REALS);
FLOAT(bitwise_and, NO_REALS);
FLOAT(bitwise_or, NO_REALS);
FLOAT(bitwise_xor, NO_REALS);
FLOAT(bitwise_left_shift, NO_REALS);
FLOAT(bitwise_right_shift, NO_REALS);
SAME(where);

SAME(max_pool);
SAME(avg_pool);
SOMETIMES(adaptive_avg_pool, adaptive_pool_kind, "its windows differ in size");
FREE(mean);
FREE(sum);
FREE(prod);
SAME(amax);
SAME(amin);
FLOAT(any, NO_REALS);
FLOAT(all, NO_REALS);
READS(argmax);
READS(argmin);
SAME(topk);
FLOAT(cumsum, NO_KERNEL);
FIXED(softmax, 1.0f / 256, -128);
FIXED(log_softmax, 16.0f / 256, 127);

SAME(cat);
SAME(pad);
SAME(dropout);
SAME(reshape);
SAME(permute);
SAME(expand);
SAME(slice);
SAME(index_select);
SAME(gather);
SAME(upsample);
SAME(flip);
SAME(tile);
SAME(depth_to_space);
SAME(space_to_depth);
SAME(relayout);
SOMETIMES(to, to_kind, "it makes another type");
SAME(slice_scatter);
SAME(index_copy);
FLOAT(scatter_rows, FILLS_ZEROS);
FLOAT(one_hot, NO_NUMBERS);
FLOAT(diag_embed, FILLS_ZEROS);
FLOAT(arange, NO_NUMBERS);
FLOAT(full, NO_NUMBERS);

#define X(name) extern const tnn_quant_row tnn_quantizing_##name;
TNN_PRIMITIVES(X)
#undef X

static const tnn_quant_row *const rows[TNN_OP_COUNT] = {
#define X(name) [TNN_OP_##name] = &tnn_quantizing_##name,
    TNN_PRIMITIVES(X)
#undef X
};

const tnn_quant_row *tnn_quant_row_at(size_t id) { return rows[id]; }

const tnn_quant_row *tnn_quant_row_of(const tnn_node *node) {
    return node->op->list == TNN_OPLIST_ATEN ? rows[node->op->id] : NULL;
}

tnn_quant_kind tnn_quant_kind_of(const tnn_node *node) {
    const tnn_quant_row *row = tnn_quant_row_of(node);
    if (row == NULL) return TNN_QUANT_FLOAT;
    return row->kind_of != NULL ? row->kind_of(node) : row->kind;
}

const tnn_value *tnn_weights_of(const tnn_node *node) {
    const tnn_quant_row *row = tnn_quant_row_of(node);
    const tnn_value *weights = row != NULL && row->has_weights ? tnn_node_operand(node, row->weights) : NULL;
    return weights != NULL && weights->constant != NULL && weights->dtype == TNN_DTYPE_F32 ? weights : NULL;
}

uint8_t tnn_quant_weight_axis(const tnn_node *node) {
    bool transposed = tnn_node_is(node, TNN_OP_convolution) && tnn_arg_bool(tnn_node_arg(node, "transposed"));
    return transposed ? 1 : 0;
}
