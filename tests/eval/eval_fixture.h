/* A model with one graph and an interpreter on it, made anew for every test. */
#ifndef EVAL_FIXTURE_H
#define EVAL_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "eval/interp.h"

typedef struct fixture {
    tnn_model *model;
    tnn_graph *graph;
    tnn_interp *interp;
    tnn_obj inputs[4];
    size_t n_inputs;
    tnn_error err;
} fixture;

extern fixture fix;

int fixture_open(void **state);
int fixture_expanding(void **state); /* composites are evaluated away */
int fixture_close(void **state);

/* One more input of the graph. A negative size is a symbol "s0" with that hint. */
void fixture_input(const char *name, tnn_dtype dtype, int rank, const int64_t *dims);

/* Run `main` of the text on the inputs. */
tnn_status fixture_run(const char *text, tnn_obj *out);
/* It must succeed; what it gives back becomes outputs of the graph, which must verify. */
void fixture_graph(const char *text);
/* Compare the graph's nodes, one line each, with `expected`. */
void fixture_expect_nodes(const char *text, const char *expected);
/* Run the program and the graph on inputs that count 0, 1, 2 …; compare all elements of output `index`. */
void fixture_expect_numbers(const char *text, size_t index, const double *expected, size_t n);
/* It must fail with this code, and the message must hold `part`. */
void fixture_expect_error(const char *text, tnn_status code, const char *part);

#define EXPECT_NUMBERS(text, index, ...)                                                           \
    fixture_expect_numbers(text, index, (const double[]){__VA_ARGS__},                             \
                           sizeof((const double[]){__VA_ARGS__}) / sizeof(double))

#endif
