/* Layout against exhaustive search, on random graphs; and a few graphs whose answer is known. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ir/recipe.h"
#include "ops/list.h"
#include "tflite/layout_problem.h"

/* ---- random graphs ---- */

typedef struct maker {
    tnn_model *model;
    tnn_graph *graph;
    tnn_value *pool[32];
    size_t n;
    uint64_t state;
} maker;

static uint32_t pick(maker *m, uint32_t n) {
    m->state = m->state * 6364136223846793005U + 1442695040888963407U;
    return (uint32_t)(m->state >> 33) % n;
}

static void must(tnn_status status, const tnn_error *err) {
    if (status != TNN_OK) fail_msg("%s: %s", err->where, err->message);
}

static tnn_value *append(maker *m, const tnn_op *op, const tnn_arg *args, size_t n_args) {
    tnn_error err;
    tnn_node *node;
    must(tnn_op_append(&node, m->graph, NULL, op, args, n_args, NULL, &err), &err);
    return node->outputs[0];
}

static void keep(maker *m, tnn_value *value) { m->pool[m->n++] = value; }

static tnn_value *constant(maker *m, uint8_t rank, const int64_t *dims) {
    tnn_error err;
    const tnn_recipe *recipe;
    tnn_value *value;
    must(tnn_recipe_fill(&recipe, m->model->arena, TNN_DTYPE_F32, rank, dims, 0.5, 0, &err), &err);
    must(tnn_graph_constant(&value, m->graph, "w", recipe, &err), &err);
    return value;
}

static void start(maker *m, uint64_t seed, const int64_t *dims, uint8_t rank) {
    tnn_error err;
    tnn_value *x;
    tnn_shape shape = {.rank = rank};
    memset(m, 0, sizeof *m);
    m->state = seed * 977 + 12345;
    must(tnn_graph_model_new(&m->model, "random", &err), &err);
    must(tnn_graph_new(&m->graph, m->model, "main", &err), &err);
    for (uint8_t k = 0; k < rank; k++) shape.dims[k] = tnn_size_const(dims[k]);
    must(tnn_graph_input(&x, m->graph, "x", TNN_DTYPE_F32, &shape, &err), &err);
    keep(m, x);
}

static tnn_value *conv_1x1(maker *m, tnn_value *x, int64_t out_channels) {
    int64_t dims[4] = {out_channels, x->shape.dims[1].hint, 1, 1};
    tnn_size one[2] = {tnn_size_const(1), tnn_size_const(1)}, zero[2] = {tnn_size_const(0), tnn_size_const(0)};
    tnn_arg args[9] = {tnn_arg_of_tensor(x), tnn_arg_of_tensor(constant(m, 4, dims)), tnn_arg_none(),
                       tnn_arg_of_sizes(one, 2), tnn_arg_of_sizes(zero, 2), tnn_arg_of_sizes(one, 2),
                       tnn_arg_of_bool(false), tnn_arg_of_sizes(zero, 2), tnn_arg_of_int(1)};
    return append(m, &tnn_op_convolution.op, args, 9);
}

static tnn_value *relu(maker *m, tnn_value *x) {
    tnn_arg arg = tnn_arg_of_tensor(x);
    return append(m, &tnn_op_relu.op, &arg, 1);
}

static tnn_value *softmax(maker *m, tnn_value *x, int64_t dim) {
    tnn_arg args[2] = {tnn_arg_of_tensor(x), tnn_arg_of_int(dim)};
    return append(m, &tnn_op_softmax.op, args, 2);
}

static tnn_value *permute(maker *m, tnn_value *x, const int64_t *order) {
    tnn_size dims[TNN_MAX_RANK];
    for (uint8_t k = 0; k < x->shape.rank; k++) dims[k] = tnn_size_const(order[k]);
    tnn_arg args[2] = {tnn_arg_of_tensor(x), tnn_arg_of_sizes(dims, x->shape.rank)};
    return append(m, &tnn_op_permute.op, args, 2);
}

static tnn_value *reshape(maker *m, tnn_value *x, const int64_t *dims, uint8_t rank) {
    tnn_size sizes[TNN_MAX_RANK];
    for (uint8_t k = 0; k < rank; k++) sizes[k] = tnn_size_const(dims[k]);
    tnn_arg args[2] = {tnn_arg_of_tensor(x), tnn_arg_of_sizes(sizes, rank)};
    return append(m, &tnn_op_reshape.op, args, 2);
}

static tnn_value *add(maker *m, tnn_value *x, tnn_value *y) {
    tnn_arg args[2] = {tnn_arg_of_tensor(x), tnn_arg_of_tensor(y)};
    return append(m, &tnn_op_add.op, args, 2);
}

static tnn_value *cat(maker *m, tnn_value *x, tnn_value *y, int64_t dim) {
    tnn_value *both[2] = {x, y};
    tnn_arg args[2] = {tnn_arg_of_tensors(both, 2), tnn_arg_of_int(dim)};
    return append(m, &tnn_op_cat.op, args, 2);
}

/* A value of rank 4 with the shape of `like` (NULL: any), or NULL. */
static tnn_value *pick_value(maker *m, const tnn_value *like) {
    uint32_t first = pick(m, (uint32_t)m->n);
    for (size_t i = 0; i < m->n; i++) {
        tnn_value *v = m->pool[(first + i) % m->n];
        if (like == NULL || (v != like && tnn_shape_equal_hints(&v->shape, &like->shape))) return v;
    }
    return NULL;
}

/* One random node. Fixed ones (convolutions) and free ones mix; `permutes` brings clashing operands. */
static void grow(maker *m, bool permutes) {
    static const int64_t orders[3][4] = {{0, 2, 3, 1}, {0, 3, 1, 2}, {0, 1, 3, 2}};
    tnn_value *x = pick_value(m, NULL), *y = pick_value(m, x);
    switch (pick(m, permutes ? 8 : 6)) {
    case 0: keep(m, conv_1x1(m, x, x->shape.dims[1].hint)); break;
    case 1: keep(m, softmax(m, x, (int64_t)pick(m, 4))); break;
    case 2: case 3: keep(m, y == NULL ? relu(m, x) : add(m, x, y)); break;
    case 4: keep(m, y == NULL ? relu(m, x) : cat(m, x, y, (int64_t)pick(m, 4))); break;
    case 5: keep(m, relu(m, x)); break;
    default: keep(m, permute(m, x, orders[pick(m, 3)])); break;
    }
}

static void finish(maker *m) {
    tnn_error err;
    for (size_t i = 1; i < m->n; i++)
        if (m->pool[i]->n_users == 0) must(tnn_graph_output(m->graph, m->pool[i], NULL, &err), &err);
    if (m->graph->n_outputs == 0) must(tnn_graph_output(m->graph, m->pool[m->n - 1], NULL, &err), &err);
}

static void build_problem(maker *m, lay_problem *p, bool nhwc) {
    tnn_error err;
    memset(p, 0, sizeof *p);
    p->graph = m->graph;
    p->options.channels_last_io = nhwc;
    p->arena = tnn_arena_new();
    must(lay_atoms_build(p, &err), &err);
    must(lay_frames_build(p, &err), &err);
    must(lay_labels_build(p, &err), &err);
}

static void drop(maker *m, lay_problem *p) {
    tnn_arena_free(p->arena);
    tnn_graph_model_free(m->model);
}

/* ---- exhaustive search over labels ---- */

static int64_t best_of_region(lay_region *r, size_t at) {
    if (at == r->n_nodes) return lay_region_cost(r);
    int64_t best = INT64_MAX;
    for (uint32_t l = 0; l < r->n_labels; l++) {
        r->nodes[at]->label = l;
        int64_t cost = best_of_region(r, at + 1);
        if (cost < best) best = cost;
    }
    return best;
}

static double n_choices(const lay_region *r) {
    double n = 1;
    for (size_t i = 0; i < r->n_nodes; i++) n *= r->n_labels;
    return n;
}

static int64_t best_of_all(lay_problem *p) {
    int64_t sum = 0;
    for (size_t i = 0; i < p->n_regions; i++) sum += best_of_region(&p->regions[i], 0);
    return sum;
}

static bool is_small(const lay_problem *p) {
    for (size_t i = 0; i < p->n_regions; i++)
        if (n_choices(&p->regions[i]) > 5000) return false;
    return true;
}

static uint32_t most_labels(const lay_problem *p) {
    uint32_t most = 0;
    for (size_t i = 0; i < p->n_regions; i++)
        if (p->regions[i].n_labels > most) most = p->regions[i].n_labels;
    return most;
}

static const int64_t IMAGE[4] = {2, 3, 4, 5};

static void two_labels_are_optimal(void **state) {
    (void)state;
    int n_checked = 0, n_two = 0, n_paid = 0;
    for (uint64_t seed = 0; seed < 4000; seed++) {
        maker m;
        lay_problem p;
        tnn_error err;
        start(&m, seed, IMAGE, 4);
        size_t n = 3 + pick(&m, 8);
        for (size_t i = 0; i < n; i++) grow(&m, false);
        finish(&m);
        build_problem(&m, &p, pick(&m, 2) == 0);
        if (is_small(&p)) {
            must(lay_solve(&p, &err), &err);
            int64_t cost = lay_cost(&p), best = best_of_all(&p);
            n_checked++;
            n_two += most_labels(&p) == 2;
            n_paid += best > 0;
            if (most_labels(&p) <= 2 && cost != best)
                fail_msg("seed %d: cost %lld, exhaustive search finds %lld", (int)seed, (long long)cost, (long long)best);
            if (cost < best) fail_msg("seed %d: cheaper than the cheapest", (int)seed);
        }
        drop(&m, &p);
    }
    print_message("%d graphs, %d with two labels, %d that need a transpose\n", n_checked, n_two, n_paid);
    assert_true(n_two > 1000 && n_paid > 500);
}

/* ---- exhaustive search over all orders ---- */

/* Every free node takes every order of its widest operand or result, not just labels. */
static int64_t best_of_orders(lay_problem *p, size_t at) {
    while (at < p->first_input && p->nodes[at].region == LAY_NO_REGION) at++;
    if (at == p->first_input) return lay_cost(p);
    lay_node *n = &p->nodes[at];
    lay_value *v = n->results[0].value;
    size_t slot = n->n_operands;
    int64_t best = INT64_MAX;
    n->label = 0;
    for (int code = 0; code < 256; code++) {
        lay_order order = {.n = v->n_atoms};
        unsigned seen = 0;
        for (uint8_t k = 0; k < 4; k++) order.at[k] = (uint8_t)(code >> (2 * k) & 3), seen |= 1U << order.at[k];
        if (seen != 15) continue;
        lay_frame_carry(n, slot, &order, true, lay_order_at(n, 0, 0));
        int64_t cost = best_of_orders(p, at + 1);
        if (cost < best) best = cost;
    }
    return best;
}

static size_t n_free(const lay_problem *p) {
    size_t n = 0;
    for (size_t i = 0; i < p->first_input; i++) n += p->nodes[i].region != LAY_NO_REGION;
    return n;
}

static void no_other_order_is_better(void **state) {
    (void)state;
    int n_checked = 0, n_worse = 0;
    for (uint64_t seed = 0; seed < 1500; seed++) {
        maker m;
        lay_problem p;
        tnn_error err;
        start(&m, seed + 100000, IMAGE, 4);
        size_t n = 2 + pick(&m, 4);
        for (size_t i = 0; i < n; i++) grow(&m, false);
        finish(&m);
        build_problem(&m, &p, pick(&m, 2) == 0);
        bool four = true;
        for (uint32_t id = 0; id < p.n_ids; id++)
            if (p.by_id[id] != NULL && p.by_id[id]->n_atoms != 4) four = four && p.by_id[id]->value->constant != NULL;
        if (four && n_free(&p) <= 3 && most_labels(&p) <= 2) {
            must(lay_solve(&p, &err), &err);
            int64_t cost = lay_cost(&p), best = best_of_orders(&p, 0);
            n_checked++;
            n_worse += cost > best;
            if (cost != best)
                fail_msg("seed %d: cost %lld, all orders give %lld", (int)seed, (long long)cost, (long long)best);
        }
        drop(&m, &p);
    }
    print_message("%d graphs against all orders\n", n_checked);
    assert_true(n_checked > 500);
    assert_int_equal(n_worse, 0);
}

/* ---- more than two labels, clashing operands ---- */

static void many_labels_are_optimal(void **state) {
    (void)state;
    int n_checked = 0;
    for (uint64_t seed = 0; seed < 1500; seed++) {
        maker m;
        lay_problem p;
        tnn_error err;
        int64_t cube[4] = {2, 3, 3, 3};
        start(&m, seed + 200000, cube, 4);
        size_t n = 3 + pick(&m, 7);
        for (size_t i = 0; i < n; i++) grow(&m, true);
        finish(&m);
        build_problem(&m, &p, pick(&m, 2) == 0);
        if (is_small(&p)) {
            must(lay_solve(&p, &err), &err);
            int64_t cost = lay_cost(&p), best = best_of_all(&p);
            n_checked++;
            if (cost != best)
                fail_msg("seed %d: cost %lld, exhaustive search finds %lld", (int)seed, (long long)cost, (long long)best);
        }
        drop(&m, &p);
    }
    print_message("%d graphs with permutes\n", n_checked);
    assert_true(n_checked > 500);
}

/* ---- known answers ---- */

static size_t n_transposes(maker *m, bool nhwc) {
    tnn_layout_options options = {.channels_last_io = nhwc};
    tnn_layout_result result;
    tnn_error err;
    must(tnn_layout_assign(m->graph, &options, &result, &err), &err);
    return result.n_reasons;
}

static void output(maker *m, tnn_value *value) {
    tnn_error err;
    must(tnn_graph_output(m->graph, value, NULL, &err), &err);
}

static void residual_network_has_none(void **state) {
    (void)state;
    maker m;
    start(&m, 1, IMAGE, 4);
    tnn_value *a = relu(&m, conv_1x1(&m, m.pool[0], 6)), *b = relu(&m, add(&m, conv_1x1(&m, a, 6), a));
    int64_t flat[2] = {2, 6 * 4 * 5};
    output(&m, reshape(&m, b, flat, 2));
    assert_int_equal(n_transposes(&m, true), 1); /* an output that shows [C,H,W] flattened */
    tnn_graph_model_free(m.model);

    start(&m, 1, IMAGE, 4);
    a = relu(&m, conv_1x1(&m, m.pool[0], 6));
    output(&m, relu(&m, add(&m, conv_1x1(&m, a, 6), a)));
    assert_int_equal(n_transposes(&m, true), 0);
    tnn_graph_model_free(m.model);

    start(&m, 1, IMAGE, 4);
    a = relu(&m, conv_1x1(&m, m.pool[0], 6));
    output(&m, relu(&m, add(&m, conv_1x1(&m, a, 6), a)));
    assert_int_equal(n_transposes(&m, false), 2);
    tnn_graph_model_free(m.model);
}

/* conv -> view(N, C*H*W) -> linear: the weight's columns are permuted instead. */
static void classifier_has_none(void **state) {
    (void)state;
    maker m;
    start(&m, 1, IMAGE, 4);
    int64_t flat[2] = {2, 6 * 4 * 5}, weight[2] = {10, 6 * 4 * 5};
    tnn_value *x = reshape(&m, conv_1x1(&m, m.pool[0], 6), flat, 2);
    tnn_arg args[2] = {tnn_arg_of_tensor(x), tnn_arg_of_tensor(constant(&m, 2, weight))};
    output(&m, append(&m, &tnn_op_linear.op, args, 2));
    assert_int_equal(n_transposes(&m, true), 0);
    tnn_graph_model_free(m.model);
}

/* Both sides of a convolution, and a softmax over channels, want channels last. */
static void softmax_over_channels_has_none(void **state) {
    (void)state;
    maker m;
    start(&m, 1, IMAGE, 4);
    output(&m, softmax(&m, conv_1x1(&m, m.pool[0], 6), 1));
    assert_int_equal(n_transposes(&m, true), 0);
    tnn_graph_model_free(m.model);
}

/* A permute to channels last is another name of what the convolution gives. */
static void permute_is_free(void **state) {
    (void)state;
    static const int64_t nhwc[4] = {0, 2, 3, 1};
    maker m;
    start(&m, 1, IMAGE, 4);
    output(&m, permute(&m, conv_1x1(&m, m.pool[0], 6), nhwc));
    assert_int_equal(n_transposes(&m, false), 1); /* the input's */
    tnn_graph_model_free(m.model);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(residual_network_has_none),   cmocka_unit_test(classifier_has_none),
        cmocka_unit_test(softmax_over_channels_has_none), cmocka_unit_test(permute_is_free),
        cmocka_unit_test(two_labels_are_optimal),      cmocka_unit_test(no_other_order_is_better),
        cmocka_unit_test(many_labels_are_optimal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
