#include "hand_graphs.h"

#include <string.h>

#include "ir/recipe.h"
#include "tflite/builtin.h"

float hand_number(int64_t index) { return (float)(index * 37 % 101) / 50 - 1; }

static tnn_shape shape_of(uint8_t rank, const int64_t *dims) {
    tnn_shape shape = {.rank = rank};
    for (uint8_t i = 0; i < rank; i++) shape.dims[i] = tnn_size_const(dims[i]);
    return shape;
}

#define DIMS(...) (sizeof((const int64_t[]){__VA_ARGS__}) / sizeof(int64_t)), (const int64_t[]){__VA_ARGS__}

static tnn_status input(tnn_value **out, tnn_graph *graph, const char *name, size_t rank, const int64_t *dims,
                        tnn_error *err) {
    tnn_shape shape = shape_of((uint8_t)rank, dims);
    return tnn_graph_input(out, graph, name, TNN_DTYPE_F32, &shape, err);
}

static tnn_status floats_recipe(const tnn_recipe **out, tnn_arena *arena, size_t rank, const int64_t *dims,
                                tnn_error *err) {
    int64_t n = 1;
    for (size_t i = 0; i < rank; i++) n *= dims[i];
    float *numbers = TNN_NEW_ARRAY(arena, (size_t)n, float);
    if (numbers == NULL) return tnn_fail_nomem(err);
    for (int64_t i = 0; i < n; i++) numbers[i] = hand_number(i);
    return tnn_recipe_copy(out, arena, numbers, TNN_DTYPE_F32, (uint8_t)rank, dims, err);
}

static tnn_status floats(tnn_value **out, tnn_graph *graph, const char *name, size_t rank, const int64_t *dims,
                         tnn_error *err) {
    const tnn_recipe *recipe;
    TNN_TRY(floats_recipe(&recipe, graph->model->arena, rank, dims, err));
    return tnn_graph_constant(out, graph, name, recipe, err);
}

static tnn_status ints(tnn_value **out, tnn_graph *graph, const char *name, size_t n, const int32_t *values,
                       tnn_error *err) {
    const tnn_recipe *recipe;
    const int64_t dims[] = {(int64_t)n};
    TNN_TRY(tnn_recipe_copy(&recipe, graph->model->arena, values, TNN_DTYPE_I32, 1, dims, err));
    return tnn_graph_constant(out, graph, name, recipe, err);
}

/* A node with operands `operands`; its options keep their defaults. */
static tnn_status node(tnn_node **out, tnn_graph *graph, const tnn_tfl_row *row, tnn_value *const *operands, size_t n,
                       tnn_error *err) {
    tnn_arg args[4];
    for (size_t i = 0; i < n; i++) args[i] = tnn_arg_of_tensor(operands[i]);
    return tnn_graph_node(out, graph, NULL, &row->op, args, n, err);
}

static tnn_status option(tnn_node *n, const char *name, tnn_arg arg, tnn_error *err) {
    return tnn_node_set_arg(n, (size_t)tnn_schema_find(n->schema, name), arg, err);
}

static tnn_status result(tnn_value **out, tnn_node *n, const char *name, size_t rank, const int64_t *dims,
                         tnn_error *err) {
    tnn_shape shape = shape_of((uint8_t)rank, dims);
    return tnn_node_output(out, n, name, TNN_DTYPE_F32, &shape, err);
}

/* relu(x + c), broadcasting */
static tnn_status build_add(tnn_graph *graph, tnn_error *err) {
    tnn_value *x, *c, *y;
    tnn_node *add;
    TNN_TRY(input(&x, graph, "x", DIMS(2, 3), err));
    TNN_TRY(floats(&c, graph, "c", DIMS(3), err));
    TNN_TRY(node(&add, graph, &tnn_tfl_ADD, (tnn_value *[]){x, c}, 2, err));
    TNN_TRY(option(add, "fused_activation_function", tnn_arg_of_int(TNN_TFL_ACT_RELU), err));
    TNN_TRY(result(&y, add, "sum", DIMS(2, 3), err));
    return tnn_graph_output(graph, y, "y", err);
}

/* 3 by 3, stride 2, SAME, relu6; `per_group` input channels of 4 */
static tnn_status convolution(tnn_graph *graph, int64_t per_group, tnn_error *err) {
    tnn_value *x, *filter, *bias, *y;
    tnn_node *conv;
    TNN_TRY(input(&x, graph, "image", DIMS(1, 5, 5, 4), err));
    TNN_TRY(floats(&filter, graph, "filter", DIMS(6, 3, 3, per_group), err));
    TNN_TRY(floats(&bias, graph, "bias", DIMS(6), err));
    TNN_TRY(node(&conv, graph, &tnn_tfl_CONV_2D, (tnn_value *[]){x, filter, bias}, 3, err));
    TNN_TRY(option(conv, "stride_w", tnn_arg_of_int(2), err));
    TNN_TRY(option(conv, "stride_h", tnn_arg_of_int(2), err));
    TNN_TRY(option(conv, "fused_activation_function", tnn_arg_of_int(TNN_TFL_ACT_RELU6), err));
    TNN_TRY(result(&y, conv, "features", DIMS(1, 3, 3, 6), err));
    return tnn_graph_output(graph, y, NULL, err);
}

static tnn_status build_conv(tnn_graph *graph, tnn_error *err) { return convolution(graph, 4, err); }
static tnn_status build_grouped_conv(tnn_graph *graph, tnn_error *err) { return convolution(graph, 2, err); }

/* No bias; the weights are the transpose of what is stored. */
static tnn_status linear(tnn_graph *graph, int64_t n_in, int64_t n_out, tnn_error *err) {
    const tnn_recipe *stored, *turned;
    tnn_value *x, *weights, *y;
    tnn_node *linear;
    TNN_TRY(input(&x, graph, "x", DIMS(2, n_in), err));
    TNN_TRY(floats_recipe(&stored, graph->model->arena, DIMS(n_in, n_out), err));
    TNN_TRY(tnn_recipe_permute(&turned, graph->model->arena, stored, (const uint8_t[]){1, 0}, err));
    TNN_TRY(tnn_graph_constant(&weights, graph, "weights", turned, err));
    TNN_TRY(node(&linear, graph, &tnn_tfl_FULLY_CONNECTED, (tnn_value *[]){x, weights}, 2, err));
    TNN_TRY(result(&y, linear, "scores", DIMS(2, n_out), err));
    return tnn_graph_output(graph, y, NULL, err);
}

static tnn_status build_linear(tnn_graph *graph, tnn_error *err) { return linear(graph, 4, 3, err); }
/* Weights of more than one tile. */
static tnn_status build_big_linear(tnn_graph *graph, tnn_error *err) { return linear(graph, 1000, 1001, err); }

/* [x, c, x] side by side: a list of operands */
static tnn_status build_concat(tnn_graph *graph, tnn_error *err) {
    tnn_value *x, *c, *y;
    tnn_node *concat;
    TNN_TRY(input(&x, graph, "x", DIMS(2, 3), err));
    TNN_TRY(floats(&c, graph, "c", DIMS(2, 2), err));
    tnn_arg list = tnn_arg_of_tensors((tnn_value *[]){x, c, x}, 3);
    TNN_TRY(tnn_graph_node(&concat, graph, NULL, &tnn_tfl_CONCATENATION.op, &list, 1, err));
    TNN_TRY(option(concat, "axis", tnn_arg_of_int(1), err));
    TNN_TRY(result(&y, concat, "joined", DIMS(2, 8), err));
    return tnn_graph_output(graph, y, NULL, err);
}

/* Two results of one operator, the second an output twice, and an input that is an output. */
static tnn_status build_split(tnn_graph *graph, tnn_error *err) {
    tnn_value *axis, *x, *a, *b;
    tnn_node *split;
    TNN_TRY(input(&x, graph, "x", DIMS(2, 4), err));
    TNN_TRY(ints(&axis, graph, "axis", 1, (const int32_t[]){1}, err));
    TNN_TRY(node(&split, graph, &tnn_tfl_SPLIT, (tnn_value *[]){axis, x}, 2, err));
    TNN_TRY(option(split, "num_splits", tnn_arg_of_int(2), err));
    TNN_TRY(result(&a, split, "left", DIMS(2, 2), err));
    TNN_TRY(result(&b, split, "right", DIMS(2, 2), err));
    TNN_TRY(tnn_graph_output(graph, b, "first", err));
    TNN_TRY(tnn_graph_output(graph, a, "second", err));
    TNN_TRY(tnn_graph_output(graph, b, "third", err));
    return tnn_graph_output(graph, x, "same", err);
}

/* A builtin code above 127, a scalar, and two constants with the same bytes: gelu(x * 2) + c + c */
static tnn_status build_gelu(tnn_graph *graph, tnn_error *err) {
    const tnn_recipe *two;
    tnn_value *x, *scale, *c[2], *y;
    tnn_node *n;
    TNN_TRY(input(&x, graph, "x", DIMS(2, 3), err));
    TNN_TRY(tnn_recipe_fill(&two, graph->model->arena, TNN_DTYPE_F32, 0, NULL, 2, 0, err));
    TNN_TRY(tnn_graph_constant(&scale, graph, "two", two, err));
    TNN_TRY(node(&n, graph, &tnn_tfl_MUL, (tnn_value *[]){x, scale}, 2, err));
    TNN_TRY(result(&y, n, "scaled", DIMS(2, 3), err));
    TNN_TRY(node(&n, graph, &tnn_tfl_GELU, &y, 1, err));
    TNN_TRY(option(n, "approximate", tnn_arg_of_bool(true), err));
    TNN_TRY(result(&y, n, "gelu", DIMS(2, 3), err));
    for (int i = 0; i < 2; i++) {
        TNN_TRY(floats(&c[i], graph, "c", DIMS(3), err));
        TNN_TRY(node(&n, graph, &tnn_tfl_ADD, (tnn_value *[]){y, c[i]}, 2, err));
        TNN_TRY(result(&y, n, "sum", DIMS(2, 3), err));
    }
    return tnn_graph_output(graph, y, NULL, err);
}

/* Options in the second union: a row and a column of zeros between the elements. */
static tnn_status build_dilate(tnn_graph *graph, tnn_error *err) {
    const tnn_recipe *zero;
    tnn_value *x, *by, *fill, *y;
    tnn_node *n;
    TNN_TRY(input(&x, graph, "x", DIMS(2, 3), err));
    TNN_TRY(ints(&by, graph, "by", 2, (const int32_t[]){2, 2}, err));
    TNN_TRY(tnn_recipe_fill(&zero, graph->model->arena, TNN_DTYPE_F32, 0, NULL, 0, 0, err));
    TNN_TRY(tnn_graph_constant(&fill, graph, "fill", zero, err));
    TNN_TRY(node(&n, graph, &tnn_tfl_DILATE, (tnn_value *[]){x, by, fill}, 3, err));
    TNN_TRY(result(&y, n, "wide", DIMS(3, 5), err));
    return tnn_graph_output(graph, y, NULL, err);
}

/* A list among the options. */
static tnn_status build_squeeze(tnn_graph *graph, tnn_error *err) {
    tnn_value *x, *y;
    tnn_node *n;
    TNN_TRY(input(&x, graph, "x", DIMS(1, 3, 1), err));
    TNN_TRY(node(&n, graph, &tnn_tfl_SQUEEZE, &x, 1, err));
    tnn_size dims[] = {tnn_size_const(0), tnn_size_const(2)};
    TNN_TRY(option(n, "squeeze_dims", tnn_arg_of_sizes(dims, 2), err));
    TNN_TRY(result(&y, n, "flat", DIMS(3), err));
    return tnn_graph_output(graph, y, NULL, err);
}

const hand_graph hand_graphs[] = {
    {"add", build_add},       {"conv", build_conv},     {"grouped_conv", build_grouped_conv},
    {"linear", build_linear}, {"big_linear", build_big_linear}, {"concat", build_concat},
    {"split", build_split},   {"gelu", build_gelu},     {"dilate", build_dilate},
    {"squeeze", build_squeeze},
};
const size_t n_hand_graphs = sizeof hand_graphs / sizeof *hand_graphs;

const hand_graph *hand_graph_find(const char *name) {
    for (size_t i = 0; i < n_hand_graphs; i++) {
        if (strcmp(hand_graphs[i].name, name) == 0) return &hand_graphs[i];
    }
    return NULL;
}

tnn_status hand_graph_build(tnn_model **out, const hand_graph *which, tnn_error *err) {
    tnn_graph *graph;
    TNN_TRY(tnn_graph_model_new(out, which->name, err));
    tnn_status status = tnn_graph_new(&graph, *out, "main", err);
    if (status == TNN_OK) status = which->build(graph, err);
    if (status != TNN_OK) {
        tnn_graph_model_free(*out);
        *out = NULL;
    }
    return status;
}

tnn_status hand_graph_write(const hand_graph *which, const char *path, const tnn_tflite_write_options *options,
                            tnn_tflite_stats *stats, tnn_error *err) {
    tnn_model *model;
    tnn_out *out = NULL;
    TNN_TRY(hand_graph_build(&model, which, err));
    tnn_status status = tnn_out_open(&out, path, err);
    if (status == TNN_OK) status = tnn_tflite_write(model->graphs[0], options, out, stats, err);
    if (status == TNN_OK) status = tnn_out_commit(out, err);
    tnn_out_free(out);
    tnn_graph_model_free(model);
    return status;
}
