/* The engine against the reference kernels, what a watch sees and does, memory that is kept, other constants. */
#include "../passes/pass_fixture.h"

#include <math.h>

#include "base/alloc.h"
#include "engine/engine.h"
#include "ops/list.h"
#include "ops/run.h"

#define TOLERANCE 1e-5

enum { MOST = 4096 };
static float input_numbers[MOST], found[MOST];

static void fill_input(void) {
    for (int i = 0; i < MOST; i++) input_numbers[i] = (float)((i * 7919) % 2001 - 1000) / 500;
}

static tnn_tensor input_tensor(void) {
    tnn_tensor t = {.dtype = TNN_DTYPE_F32, .rank = graph->inputs[0]->shape.rank, .n_elems = 1, .data = input_numbers};
    for (uint8_t d = 0; d < t.rank; d++) {
        t.dims[d] = graph->inputs[0]->shape.dims[d].hint;
        t.n_elems *= t.dims[d];
    }
    return t;
}

static void run_engine(const tnn_engine *engine, tnn_engine_state *s, const tnn_engine_watch *watch) {
    const void *inputs[] = {input_numbers};
    void *outputs[] = {found};
    assert_int_equal(tnn_engine_run(engine, s, inputs, outputs, watch, NULL), TNN_OK);
}

static void check_numbers(const float *got, const tnn_tensor *expected) {
    double largest = 0;
    for (int64_t i = 0; i < expected->n_elems; i++) largest = fmax(largest, fabs(tnn_tensor_number(expected, i)));
    for (int64_t i = 0; i < expected->n_elems; i++)
        assert_true(fabs((double)got[i] - tnn_tensor_number(expected, i)) <= TOLERANCE * largest);
}

/* One input, one output: `found` is what the reference kernels give. */
static void check_found(void) {
    tnn_tensor input = input_tensor(), expected = {0};
    assert_int_equal(tnn_graph_run(graph, &input, &expected, NULL), TNN_OK);
    check_numbers(found, &expected);
    tnn_tensor_clear(&expected);
}

/* The engine's result; returns how many nodes have no fast kernel. */
static size_t check_graph(void) {
    tnn_engine *engine;
    tnn_engine_state *s;
    fill_input();
    assert_int_equal(tnn_engine_new(&engine, graph, NULL, NULL), TNN_OK);
    assert_int_equal(tnn_engine_state_new(&s, engine, NULL, NULL), TNN_OK);
    run_engine(engine, s, NULL);
    check_found();
    size_t n_reference = tnn_engine_n_reference(engine);
    tnn_engine_state_free(s);
    tnn_engine_free(engine);
    return n_reference;
}

static tnn_value *pair(const char *op, tnn_value *a, tnn_value *b) {
    tnn_arg args[] = {tnn_arg_of_tensor(a), tnn_arg_of_tensor(b)};
    return make_node(op, args, 2);
}

static void several_orders(void **state) {
    (void)state;
    tnn_value *x = make_input("x", DIMS(1, 4, 6, 6));
    tnn_value *y = make_unary("sigmoid", pair("add", make_unary("relu", x), make_constant("c", -1, 1, DIMS(4, 1, 1))));
    make_output(make_permute(make_reshape(pair("mul", y, x), DIMS(1, 4, 36)), DIMS(0, 2, 1)));
    assert_int_equal(check_graph(), 0);
}

/* By oneDNN where it is there: convolutions of all kinds, a linear layer, and a product of views. */
static tnn_value *make_products(void) {
    tnn_value *x = make_conv(make_input("x", DIMS(1, 4, 6, 6)), 4, 8, 3, (conv_options){2, 1, 1, false, true});
    x = make_conv(x, 8, 8, 3, (conv_options){1, 1, 8, false, false});
    x->producer->activation = TNN_ACT_RELU6;
    x = make_conv(x, 8, 6, 3, (conv_options){2, 1, 2, true, true});
    tnn_value *rows = make_reshape(x, DIMS(1, 6, 25));
    tnn_arg linear[] = {tnn_arg_of_tensor(rows), tnn_arg_of_tensor(make_constant("w", -1, 1, DIMS(7, 25)))};
    return pair("matmul", make_permute(make_node("linear", linear, 2), DIMS(0, 2, 1)), rows);
}

static void products(void **state) {
    (void)state;
    make_output(make_products());
    check_graph();
}

/* A view of a constant is a copy, so that a watch may write to it. */
static void a_view_of_a_constant(void **state) {
    (void)state;
    tnn_value *x = make_input("x", DIMS(3, 4));
    make_output(pair("add", x, make_permute(make_constant("c", -1, 1, DIMS(4, 3)), DIMS(1, 0))));
    assert_int_equal(check_graph(), 0);
}

static void slices_and_activations(void **state) {
    (void)state;
    tnn_value *x = make_input("x", DIMS(2, 8, 3));
    tnn_value *y = pair("sub", make_slice(x, 1, 0, 4, 1), make_slice(x, 1, 4, 8, 1));
    y->producer->activation = TNN_ACT_RELU6;
    make_output(y);
    assert_int_equal(check_graph(), 0);
}

/* An operator without a fast kernel, among views. */
static void an_operator_by_reference(void **state) {
    (void)state;
    tnn_value *x = make_permute(make_input("x", DIMS(3, 5)), DIMS(1, 0));
    make_output(make_unary("sign", x));
    assert_int_equal(check_graph(), 1);
}

/* ---- watching ---- */

typedef struct watched {
    int n_seen;
    bool doubles; /* the result of the relu */
} watched;

static tnn_status see(void *context, const tnn_value *value, const tnn_engine_view *view, tnn_error *err) {
    watched *w = context;
    (void)err;
    w->n_seen++;
    assert_int_equal(view->rank, value->shape.rank);
    bool is_relu = value->producer != NULL && tnn_node_is(value->producer, TNN_OP_relu);
    for (int64_t i = 0; is_relu && w->doubles && i < 6; i++) ((float *)view->data)[i] *= 2;
    return TNN_OK;
}

/* relu and neg of 6 numbers. */
static void make_chain(void) {
    make_output(make_unary("neg", make_unary("relu", make_input("x", DIMS(6)))));
    for (int i = 0; i < 6; i++) input_numbers[i] = (float)(i - 2);
}

static void a_watch_sees_and_changes_all_values(void **state) {
    (void)state;
    tnn_engine *engine;
    tnn_engine_state *s;
    watched w = {0, true};
    tnn_engine_watch watch = {&w, see};
    make_chain();
    assert_int_equal(tnn_engine_new(&engine, graph, NULL, NULL), TNN_OK);
    assert_int_equal(tnn_engine_state_new(&s, engine, NULL, NULL), TNN_OK);
    run_engine(engine, s, &watch);
    assert_int_equal(w.n_seen, 3);
    for (int i = 0; i < 6; i++) assert_int_equal((int)found[i], i > 2 ? -2 * (i - 2) : 0);
    assert_int_equal((int)input_numbers[5], 3); /* the caller's array stays */
    tnn_engine_state_free(s);
    tnn_engine_free(engine);
}

static tnn_status refuse(void *context, const tnn_value *value, const tnn_engine_view *view, tnn_error *err) {
    (void)context;
    (void)view;
    return tnn_fail(err, TNN_ERR_CANCELLED, value->name, "enough");
}

static void a_watch_ends_the_run(void **state) {
    (void)state;
    tnn_engine *engine;
    tnn_engine_state *s;
    tnn_error err;
    tnn_engine_watch watch = {NULL, refuse};
    const void *inputs[] = {input_numbers};
    void *outputs[] = {found};
    make_chain();
    assert_int_equal(tnn_engine_new(&engine, graph, NULL, NULL), TNN_OK);
    assert_int_equal(tnn_engine_state_new(&s, engine, NULL, NULL), TNN_OK);
    assert_int_equal(tnn_engine_run(engine, s, inputs, outputs, &watch, &err), TNN_ERR_CANCELLED);
    assert_string_equal(err.where, "x");
    tnn_engine_state_free(s);
    tnn_engine_free(engine);
}

/* ---- memory ---- */

/* A long chain needs two values at a time; kept, each has its own memory, and holds its numbers at the end. */
static void kept_values_outlive_the_run(void **state) {
    (void)state;
    tnn_engine *engine;
    tnn_engine_state *shared, *kept;
    tnn_value *first = make_unary("relu", make_input("x", DIMS(32))), *y = first;
    for (int i = 0; i < 6; i++) y = make_unary("neg", y);
    make_output(y);
    fill_input();
    assert_int_equal(tnn_engine_new(&engine, graph, NULL, NULL), TNN_OK);
    assert_int_equal(tnn_engine_state_new(&shared, engine, NULL, NULL), TNN_OK);
    bool keep[64];
    assert_true(model->next_value_id <= 64);
    memset(keep, true, sizeof keep);
    assert_int_equal(tnn_engine_state_new(&kept, engine, keep, NULL), TNN_OK);
    assert_true(tnn_engine_state_bytes(shared) <= 2 * (32 * 4 + 64));
    assert_true(tnn_engine_state_bytes(kept) >= 8 * 32 * 4);
    run_engine(engine, kept, NULL);
    tnn_engine_view view = tnn_engine_view_of(engine, kept, first);
    for (int i = 0; i < 32; i++) {
        float x = input_numbers[i] < 0 ? 0 : input_numbers[i];
        assert_true(((const float *)view.data)[i] == x);
    }
    tnn_engine_state_free(shared);
    tnn_engine_state_free(kept);
    tnn_engine_free(engine);
}

static void other_constants(void **state) {
    (void)state;
    tnn_engine *engine;
    tnn_engine_state *s;
    float numbers[] = {1, 2, 3};
    tnn_value *x = make_input("x", DIMS(3)), *c = make_constant("c", -1, 1, DIMS(3));
    tnn_engine_constant constant = {c, numbers};
    tnn_engine_options options = tnn_engine_options_default();
    options.constants = &constant;
    options.n_constants = 1;
    make_output(pair("mul", x, c));
    for (int i = 0; i < 3; i++) input_numbers[i] = 10;
    assert_int_equal(tnn_engine_new(&engine, graph, &options, NULL), TNN_OK);
    assert_int_equal(tnn_engine_state_new(&s, engine, NULL, NULL), TNN_OK);
    run_engine(engine, s, NULL);
    for (int i = 0; i < 3; i++) assert_int_equal((int)found[i], 10 * (i + 1));
    tnn_engine_state_free(s);
    tnn_engine_free(engine);
}

/* Whichever allocation of ours fails: TNN_ERR_NOMEM, and nothing is left behind. */
static void memory_runs_out(void **state) {
    (void)state;
    make_output(make_products());
    tnn_status status = TNN_ERR_NOMEM;
    for (size_t k = 1; status != TNN_OK; k++) {
        tnn_engine *engine = NULL;
        tnn_engine_state *s = NULL;
        tnn_alloc_fail_after(k);
        status = tnn_engine_new(&engine, graph, NULL, NULL);
        if (status == TNN_OK) status = tnn_engine_state_new(&s, engine, NULL, NULL);
        tnn_alloc_fail_after(0);
        assert_true(status == TNN_OK || (status == TNN_ERR_NOMEM && s == NULL));
        tnn_engine_state_free(s);
        tnn_engine_free(engine);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(several_orders),
        TEST(products),
        TEST(a_view_of_a_constant),
        TEST(slices_and_activations),
        TEST(an_operator_by_reference),
        TEST(a_watch_sees_and_changes_all_values),
        TEST(a_watch_ends_the_run),
        TEST(kept_values_outlive_the_run),
        TEST(other_constants),
        TEST(memory_runs_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
