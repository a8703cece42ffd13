/* Places and orders. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "engine/place.h"

static tnn_place place_of(uint8_t rank, const int64_t *dims, const tnn_order *order) {
    tnn_place place = {.dtype = TNN_DTYPE_F32, .rank = rank};
    memcpy(place.dims, dims, rank * sizeof *dims);
    tnn_order_strides(order, dims, place.strides);
    return place;
}

static void check_order(const tnn_order *order, const char *expected) {
    char found[TNN_MAX_RANK + 1] = "";
    for (uint8_t i = 0; i < order->rank; i++) found[i] = (char)('0' + order->dims[i]);
    assert_string_equal(found, expected);
}

static void orders(void **state) {
    (void)state;
    tnn_order plain = tnn_order_plain(4), images = tnn_order_channels_last(4, 2), image = tnn_order_channels_last(3, 2);
    tnn_order sounds = tnn_order_channels_last(3, 1);
    check_order(&plain, "0123");
    check_order(&images, "0231");
    check_order(&image, "120");
    check_order(&sounds, "021");
}

static void strides_of_an_order(void **state) {
    (void)state;
    tnn_order images = tnn_order_channels_last(4, 2);
    tnn_place place = place_of(4, (int64_t[]){2, 3, 5, 7}, &images);
    int64_t expected[] = {105, 1, 21, 3};
    assert_memory_equal(place.strides, expected, sizeof expected);
    assert_int_equal(tnn_place_elems(&place), 210);
    assert_true(tnn_place_is_dense(&place, &images));
    assert_true(tnn_place_is_packed(&place));
    tnn_order plain = tnn_order_plain(4), found = tnn_order_of(&place);
    assert_false(tnn_place_is_dense(&place, &plain));
    check_order(&found, "0231");
}

/* With one channel, or one pixel, both orders are the same. */
static void sizes_of_1_lie_anywhere(void **state) {
    (void)state;
    tnn_order images = tnn_order_channels_last(4, 2), plain = tnn_order_plain(4);
    tnn_place gray = place_of(4, (int64_t[]){2, 1, 5, 7}, &images), pixel = place_of(4, (int64_t[]){2, 3, 1, 1}, &plain);
    assert_true(tnn_place_is_dense(&gray, &plain));
    assert_true(tnn_place_is_dense(&pixel, &images));
}

static void parts_have_gaps(void **state) {
    (void)state;
    tnn_order plain = tnn_order_plain(2);
    tnn_place whole = place_of(2, (int64_t[]){4, 6}, &plain), rows = tnn_place_part(&whole, 0, 1, 2, 1);
    tnn_place columns = tnn_place_part(&whole, 1, 1, 3, 2);
    assert_int_equal(rows.offset, 6);
    assert_true(tnn_place_is_packed(&rows));
    assert_int_equal(columns.offset, 1);
    assert_int_equal(columns.strides[1], 2);
    assert_false(tnn_place_is_packed(&columns));
}

static void broadcasting(void **state) {
    (void)state;
    tnn_order plain = tnn_order_plain(2);
    tnn_place place = place_of(2, (int64_t[]){3, 1}, &plain);
    int64_t strides[3], expected[] = {0, 1, 0};
    tnn_place_broadcast(&place, 3, (int64_t[]){2, 3, 5}, strides);
    assert_memory_equal(strides, expected, sizeof expected);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(orders),          cmocka_unit_test(strides_of_an_order), cmocka_unit_test(sizes_of_1_lie_anywhere),
        cmocka_unit_test(parts_have_gaps), cmocka_unit_test(broadcasting),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
