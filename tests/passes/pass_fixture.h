/* Graphs of real operators built by hand, run by the reference kernels before and after a pass. */
#ifndef PASS_FIXTURE_H
#define PASS_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ir/graph.h"
#include "ir/recipe.h"

/* Set by open_model, a cmocka setup; released by close_model. */
extern tnn_model *model;
extern tnn_graph *graph;
int open_model(void **state);
int close_model(void **state);
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_model, close_model)

/* A rank and its dimensions, for the makers below. */
#define DIMS(...) (uint8_t)(sizeof(int64_t[]){__VA_ARGS__} / sizeof(int64_t)), (const int64_t[]){__VA_ARGS__}

/* float32; constants hold reproducible random numbers between low and high. These check that nothing fails. */
tnn_value *make_input(const char *name, uint8_t rank, const int64_t *dims);
tnn_value *make_constant(const char *name, double low, double high, uint8_t rank, const int64_t *dims);
tnn_value *make_node(const char *op, const tnn_arg *args, size_t n_args);
void make_output(tnn_value *value);

/* A list of ints as an argument, kept in the model. */
tnn_arg ints(uint8_t n, const int64_t *items);

tnn_value *make_unary(const char *op, tnn_value *x);
tnn_value *make_reshape(tnn_value *x, uint8_t rank, const int64_t *dims);
tnn_value *make_permute(tnn_value *x, uint8_t rank, const int64_t *dims);
tnn_value *make_slice(tnn_value *x, int64_t dim, int64_t start, int64_t end, int64_t step);
/* Statistics and parameters are random constants. */
tnn_value *make_batch_norm(tnn_value *x, int64_t n_channels);

typedef struct conv_options {
    int64_t stride, padding, groups;
    bool transposed, biased;
} conv_options;
/* Square kernels; weight and bias are random constants. */
tnn_value *make_conv(tnn_value *x, int64_t n_in, int64_t n_out, int64_t kernel, conv_options options);

/* Run the graph on random inputs, apply the pass, verify, run again: the outputs are the same within `tolerance` of the
 * largest, and the operators left are `ops`, "convolution relu". */
typedef tnn_status pass_fn(tnn_graph *graph, tnn_error *err);
void check_pass(pass_fn *pass, const char *ops, double tolerance);

/* Run the graph on random inputs: outputs 0 and 1 are the same within `tolerance` of the largest. */
void check_outputs_agree(double tolerance);

/* The operators of the graph in order, "convolution relu". */
void check_ops(const char *expected);

/* The graph as text. */
void check_text(const char *expected);

/* The pass on a copy fails with TNN_ERR_NOMEM whichever allocation fails. */
void check_memory(pass_fn *pass);

#endif
