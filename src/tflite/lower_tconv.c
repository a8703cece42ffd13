/* Transposed convolution: TRANSPOSE_CONV and CONV_3D_TRANSPOSE.
 *
 * Along one dimension PyTorch computes the full result, of (in - 1) * stride + reach elements, crops `padding` from
 * its front, and gives `out` elements (those beyond the full result are the bias alone). TFLite crops by itself when
 * the padding is what SAME means for that size; else the full result is made (VALID) and sliced. What the kernels do not
 * have is written into the weights: dilation, and zero taps behind the kernel where the output goes beyond the full
 * result. Groups are taken apart. */
#include "ir/recipe.h"
#include "tflite/lower_conv.h"

typedef struct tconv_dim {
    int64_t in, out, stride, padding;
    int64_t kernel; /* dilation and added taps included */
    int64_t added;  /* zero taps behind the kernel */
} tconv_dim;

typedef struct tconv {
    uint8_t n; /* dimensions that TFLite sees: 2 or 3 */
    tconv_dim dim[3];
    tnn_box in, out, full; /* [N, spatial…, C] */
    bool same;
} tconv;

static bool dim_is_same(const tconv_dim *d) {
    int64_t total = (d->in - 1) * d->stride + d->kernel - d->out;
    if (total < 0) total = 0;
    return d->in == (d->out + d->stride - 1) / d->stride && d->padding == total / 2;
}

/* Taps that must be added for the full result to reach to the end of the output. */
static int64_t missing_taps(const tconv_dim *d) {
    int64_t missing = d->padding + d->out - ((d->in - 1) * d->stride + d->kernel);
    return missing > 0 ? missing : 0;
}

static void set_dims(tconv *t, const tnn_node *node) {
    uint8_t own = tnn_conv_n_spatial(node);
    const tnn_value *weight = tnn_node_tensor(node, "weight");
    t->in = tnn_conv_dims(tnn_node_tensor(node, "input"), own);
    t->out = t->full = tnn_conv_dims(node->outputs[0], own);
    t->n = own == 1 ? 2 : own;
    t->same = true;
    for (uint8_t k = 0; k < t->n; k++) {
        tconv_dim *d = &t->dim[k];
        *d = (tconv_dim){.in = t->in.at[k + 1], .out = t->out.at[k + 1], .kernel = 1, .stride = 1};
        if (own > 1 || k == 1) {
            uint8_t i = own == 1 ? 0 : k;
            d->kernel = (weight->shape.dims[i + 2].hint - 1) * tnn_node_list_int(node, "dilation", i) + 1;
            d->stride = tnn_node_list_int(node, "stride", i);
            d->padding = tnn_node_list_int(node, "padding", i);
        }
        t->same = t->same && dim_is_same(d);
    }
    for (uint8_t k = 0; k < t->n && !t->same; k++) {
        tconv_dim *d = &t->dim[k];
        d->added = missing_taps(d);
        d->kernel += d->added;
        t->full.at[k + 1] = (d->in - 1) * d->stride + d->kernel;
    }
}

/* Dilation and added taps, which need the weight's own bytes. */
static tnn_status write_taps(tnn_lower *l, const tnn_node *node, const tconv *t, const tnn_recipe **recipe,
                             tnn_error *err) {
    uint8_t own = tnn_conv_n_spatial(node), first = own == 3 ? 0 : 1;
    int64_t none[TNN_MAX_RANK] = {0}, added[TNN_MAX_RANK] = {0};
    bool any = false;
    for (uint8_t k = 0; k < own; k++) {
        int64_t dilation = tnn_node_list_int(node, "dilation", k);
        added[first + k] = t->dim[own == 1 ? 1 : k].added;
        any = any || added[first + k] > 0;
        if (dilation == 1) continue;
        if (*recipe == NULL) return tnn_lower_refuse(node, err, "dilated, and its weight is computed at run time");
        TNN_TRY(tnn_recipe_dilate(recipe, l->arena, *recipe, (uint8_t)(first + k), dilation, err));
    }
    if (!any) return TNN_OK;
    if (*recipe == NULL) return tnn_lower_refuse(node, err, "its output is longer than TFLite's, and its weight is "
                                                            "computed at run time");
    return tnn_recipe_pad(recipe, l->arena, *recipe, none, added, 0, err);
}

/* The weight as the kernel wants it, under four or five dimensions. */
static tnn_status tconv_weight(tnn_lower *l, const tnn_node *node, const tconv *t, tnn_value **out, tnn_error *err) {
    TNN_TRY(tnn_lower_get(l, tnn_node_tensor(node, "weight"), out, err));
    const tnn_recipe *recipe = (*out)->constant;
    TNN_TRY(write_taps(l, node, t, &recipe, err));
    if (recipe != (*out)->constant) TNN_TRY(tnn_lower_constant(l, "weight", recipe, out, err));
    tnn_box d = tnn_box_of(*out);
    if (tnn_conv_n_spatial(node) == 1) d = (tnn_box){4, {d.at[0], 1, d.at[1], d.at[2]}};
    return tnn_lower_reshape(l, *out, &d, out, err);
}

/* Operators of equal operands, and how they call their options. */
typedef struct tconv_operator {
    const tnn_tfl_row *row;
    const char *padding, *stride[3];
} tconv_operator;

static const tconv_operator plain = {&tnn_tfl_TRANSPOSE_CONV, "padding", {"stride_h", "stride_w", NULL}};
static const tconv_operator deep = {&tnn_tfl_CONV_3D_TRANSPOSE, "padding", {"stride_d", "stride_h", "stride_w"}};
static const tconv_operator mtk = {&tnn_tfl_MTK_TRANSPOSE_CONV, "PaddingType", {"stride_height", "stride_width", NULL}};

static tnn_status emit_tconv(tnn_lower *l, const tconv *t, tnn_value *x, tnn_value *weight, tnn_value *bias,
                             const tnn_box *dims, const char *suffix, tnn_value **out, tnn_error *err) {
    const tconv_operator *op = t->n == 3 ? &deep : l->options.mtk_ops ? &mtk : &plain;
    tnn_box one = {.rank = 1, .at = {dims->rank}};
    tnn_value *shape;
    tnn_emit e;
    TNN_TRY(tnn_lower_ints(l, "output_shape", dims->at, &one, &shape, err));
    TNN_TRY(tnn_emit_begin(&e, l, op->row, err));
    tnn_emit_tensor(&e, shape);
    tnn_emit_tensor(&e, weight);
    tnn_emit_tensor(&e, x);
    tnn_emit_tensor(&e, bias);
    tnn_emit_int(&e, op->padding, t->same ? TNN_TFL_PADDING_SAME : TNN_TFL_PADDING_VALID);
    for (uint8_t k = 0; k < t->n; k++) tnn_emit_int(&e, op->stride[k], t->dim[k].stride);
    return tnn_emit_end(&e, suffix, TNN_DTYPE_F32, dims, out, err);
}

/* Weight axes of the input channels: last in both kernels. The output channels of each group are all of the weight's. */
static tnn_status emit_groups(tnn_lower *l, const tnn_node *node, const tconv *t, tnn_value *x, tnn_value *weight,
                              tnn_value *bias, tnn_value **out, tnn_error *err) {
    int64_t groups = tnn_node_int(node, "groups");
    uint8_t last = (uint8_t)(t->full.rank - 1);
    if (groups == 1) return emit_tconv(l, t, x, weight, bias, &t->full, "full", out, err);
    if (weight->constant == NULL)
        return tnn_lower_refuse(node, err, "grouped and its weight is computed at run time");
    tnn_value **xs, **weights, **biases = NULL, **ys = TNN_NEW_ARRAY(l->arena, (size_t)groups, tnn_value *);
    if (ys == NULL) return tnn_fail_nomem(err);
    TNN_TRY(tnn_lower_split(l, x, last, groups, &xs, err));
    TNN_TRY(tnn_lower_split(l, weight, last, groups, &weights, err));
    if (bias != NULL) TNN_TRY(tnn_lower_split(l, bias, 0, groups, &biases, err));
    tnn_box part = t->full;
    part.at[last] /= groups;
    for (int64_t g = 0; g < groups; g++)
        TNN_TRY(emit_tconv(l, t, xs[g], weights[g], bias != NULL ? biases[g] : NULL, &part, "group", &ys[g], err));
    return tnn_lower_concat(l, ys, (size_t)groups, last, "full", out, err);
}

/* Cut the padding off. */
static tnn_status crop(tnn_lower *l, const tconv *t, tnn_value **y, tnn_error *err) {
    int64_t begin[TNN_MAX_RANK] = {0};
    if (tnn_box_equal(&t->full, &t->out)) return TNN_OK;
    for (uint8_t k = 0; k < t->n; k++) begin[k + 1] = t->dim[k].padding;
    return tnn_lower_crop(l, *y, begin, &t->out, "crop", y, err);
}

static tnn_status is_zero(const tnn_lower *l, const tnn_value *value, bool *zero, tnn_error *err) {
    double *numbers;
    *zero = false;
    if (value->constant == NULL) return TNN_OK;
    TNN_TRY(tnn_recipe_numbers(&numbers, l->arena, value->constant, err));
    int64_t i = 0, n = tnn_recipe_count(value->constant);
    while (i < n && numbers[i] == 0) i++;
    *zero = i == n;
    return TNN_OK;
}

/* The bias of a kernel that was given none. */
static tnn_status add_bias(tnn_lower *l, const tnn_node *node, tnn_value **y, tnn_error *err) {
    const tnn_value *bias = tnn_node_tensor(node, "bias");
    tnn_value *addend;
    bool zero = true;
    if (bias != NULL) TNN_TRY(is_zero(l, bias, &zero, err));
    if (zero) return TNN_OK;
    TNN_TRY(tnn_lower_get(l, bias, &addend, err));
    return tnn_emit_binary(l, &tnn_tfl_ADD, NULL, *y, addend, y, err);
}

tnn_status tnn_lower_transposed_conv(tnn_lower *l, const tnn_node *node, tnn_error *err) {
    tconv t = {0};
    set_dims(&t, node);
    if (tnn_box_count(&t.out) == 0) return tnn_lower_refuse(node, err, "its result is empty");
    bool apart = l->options.tconv_bias_as_add;
    tnn_value *x, *weight, *bias = NULL, *y;
    TNN_TRY(tnn_lower_get_shaped(l, tnn_node_tensor(node, "input"), &t.in, &x, err));
    TNN_TRY(tconv_weight(l, node, &t, &weight, err));
    if (!apart) TNN_TRY(tnn_conv_bias(l, node, t.out.at[t.out.rank - 1], &bias, err));
    if (t.n == 3 && weight->constant == NULL)
        return tnn_lower_refuse(node, err, "its weight is computed at run time");
    TNN_TRY(emit_groups(l, node, &t, x, weight, bias, &y, err));
    TNN_TRY(crop(l, &t, &y, err));
    if (apart) TNN_TRY(add_bias(l, node, &y, err));
    tnn_lower_set(l, node->outputs[0], y);
    return TNN_OK;
}
