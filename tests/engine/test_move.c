/* Copies between orders, of every size of elements, against one element at a time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "engine/move.h"

enum { MOST = 2 * 40 * 33 * 3 };

static tnn_place place_of(tnn_dtype dtype, const int64_t *dims, const tnn_order *order) {
    tnn_place place = {.dtype = dtype, .rank = order->rank};
    memcpy(place.dims, dims, order->rank * sizeof *dims);
    tnn_order_strides(order, dims, place.strides);
    return place;
}

static void check_copy(const tnn_place *from, const tnn_place *to) {
    static uint8_t in[MOST * 8], out[MOST * 8];
    uint32_t bytes = tnn_dtype_bytes(to->dtype);
    memset(out, 0, sizeof out);
    for (size_t i = 0; i < sizeof in; i++) in[i] = (uint8_t)(i * 37 + i / 256);
    tnn_copy_elems(from, in, to, out);
    for (int64_t i = 0; i < tnn_place_elems(to); i++) {
        int64_t rest = i, from_at = 0, to_at = 0;
        for (uint8_t d = to->rank; d-- > 0;) {
            int64_t index = rest % to->dims[d];
            from_at += index * from->strides[d];
            to_at += index * to->strides[d];
            rest /= to->dims[d];
        }
        assert_memory_equal(out + to_at * bytes, in + from_at * bytes, bytes);
    }
}

static const tnn_order plain = {4, {0, 1, 2, 3}}, images = {4, {0, 2, 3, 1}}, turned = {4, {3, 1, 0, 2}};
static const int64_t dims[] = {2, 40, 33, 3};

static void between_orders(void **state) {
    (void)state;
    const tnn_order *all[] = {&plain, &images, &turned};
    tnn_dtype dtypes[] = {TNN_DTYPE_U8, TNN_DTYPE_I16, TNN_DTYPE_F32, TNN_DTYPE_I64};
    for (int k = 0; k < 4; k++) {
        for (int i = 0; i < 9; i++) {
            tnn_place from = place_of(dtypes[k], dims, all[i / 3]), to = place_of(dtypes[k], dims, all[i % 3]);
            check_copy(&from, &to);
        }
    }
}

static void of_parts(void **state) {
    (void)state;
    tnn_place whole = place_of(TNN_DTYPE_F32, dims, &images), part = tnn_place_part(&whole, 1, 0, 17, 2);
    tnn_place to = place_of(TNN_DTYPE_F32, part.dims, &plain);
    check_copy(&part, &to);
    check_copy(&to, &part);
}

static void of_an_expanded_place(void **state) {
    (void)state;
    tnn_place from = place_of(TNN_DTYPE_F32, dims, &plain), to = place_of(TNN_DTYPE_F32, dims, &images);
    from.strides[1] = 0;
    check_copy(&from, &to);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(between_orders),
        cmocka_unit_test(of_parts),
        cmocka_unit_test(of_an_expanded_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
