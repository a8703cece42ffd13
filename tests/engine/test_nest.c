/* Loops over strided arrays: which are joined, and which elements are visited. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "engine/nest.h"

static tnn_place place_of(uint8_t rank, const int64_t *dims, const tnn_order *order) {
    tnn_place place = {.dtype = TNN_DTYPE_F32, .rank = rank};
    memcpy(place.dims, dims, rank * sizeof *dims);
    tnn_order_strides(order, dims, place.strides);
    return place;
}

static void equal_orders_are_one_line(void **state) {
    (void)state;
    tnn_order images = tnn_order_channels_last(4, 2);
    tnn_place a = place_of(4, (int64_t[]){2, 3, 5, 7}, &images);
    const tnn_place *sides[] = {&a, &a};
    tnn_nest nest = tnn_nest_make(sides, 2);
    assert_int_equal(nest.rank, 1);
    assert_int_equal(nest.dims[0], 210);
    assert_int_equal(nest.strides[1][0], 1);
}

/* A factor a channel: lines of channels, all pixels joined. */
static void a_factor_a_channel(void **state) {
    (void)state;
    tnn_order images = tnn_order_channels_last(4, 2), plain = tnn_order_plain(3);
    tnn_place a = place_of(4, (int64_t[]){2, 3, 5, 7}, &images), b = place_of(3, (int64_t[]){3, 1, 1}, &plain);
    const tnn_place *sides[] = {&a, &b};
    tnn_nest nest = tnn_nest_make(sides, 2);
    assert_int_equal(nest.rank, 2);
    assert_int_equal(nest.dims[0], 70);
    assert_int_equal(nest.strides[1][0], 0);
    assert_int_equal(nest.dims[1], 3);
    assert_int_equal(nest.strides[1][1], 1);
}

static void add_line(void *const *at, const int64_t *strides, int64_t n, const void *context) {
    float *out = at[0];
    const float *in = at[1];
    (void)context;
    for (int64_t i = 0; i < n; i++) out[i * strides[0]] += in[i * strides[1]];
}

static void every_element_is_visited_once(void **state) {
    (void)state;
    tnn_order plain = tnn_order_plain(3), turned = {3, {2, 0, 1}};
    int64_t dims[] = {2, 3, 4};
    tnn_place to = place_of(3, dims, &plain), from = place_of(3, dims, &turned);
    const tnn_place *sides[] = {&to, &from};
    float out[24] = {0}, in[24];
    for (int i = 0; i < 24; i++) in[i] = (float)i;
    tnn_nest nest = tnn_nest_make(sides, 2);
    void *const bases[] = {out, in};
    tnn_nest_each(&nest, bases, add_line, NULL);
    for (int i = 0; i < 24; i++) {
        int a = i / 12, b = i / 4 % 3, c = i % 4;
        assert_int_equal((int)out[i], c * 6 + a * 3 + b);
    }
}

static void no_dimensions(void **state) {
    (void)state;
    tnn_place number = {.dtype = TNN_DTYPE_F32};
    const tnn_place *sides[] = {&number, &number};
    float out = 1, in = 2;
    tnn_nest nest = tnn_nest_make(sides, 2);
    void *const bases[] = {&out, &in};
    tnn_nest_each(&nest, bases, add_line, NULL);
    assert_int_equal((int)out, 3);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_orders_are_one_line),
        cmocka_unit_test(a_factor_a_channel),
        cmocka_unit_test(every_element_is_visited_once),
        cmocka_unit_test(no_dimensions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
