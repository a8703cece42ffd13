/* Reductions to extremes and truth, order along a dimension, sums so far. */
#include "op_fixture.h"

static void reductions_name_dimensions_in_every_way(void **state) {
    (void)state;
    check_infer("amax", "f32[2,3,4] (1) false", "float32[2, 4]");
    check_infer("amax", "i32[2,3] (-1) true", "int32[2, 1]");
    check_infer("amin", "f32[2,3]", "float32[]");
    check_infer("prod", "i32[2,3] (0)", "int64[3]");
    check_infer("prod", "f32[2,3] none false @f64", "float64[]");
    check_infer("any", "f32[2,3] (0,1)", "bool[]");
    check_infer("all", "u8[2,3] (0)", "uint8[3]");
    check_infer("amax", "f32[2,3] (0,-2)", "!dimension 0 appears more than once");
}

static void extremes_keep_a_nan(void **state) {
    (void)state;
    check_run("amax", "f32[2,3]:1,nan,3,-1,-2,-3 (1)", "nan -1");
    check_run("amin", "f32[3]:nan,-inf,3", "nan");
    check_run("amax", "i64[2]:9007199254740993,9007199254740992", "9.0072e+15");
    check_run("amin", "i8[3]:5,-7,0", "-7");
    check_run("amax", "bool[2]:0,1", "1");
}

static void products_and_truth(void **state) {
    (void)state;
    check_run("prod", "f32[2,2]:1,2,3,4 (0)", "3 8");
    check_run("prod", "u8[2]:200,2", "400");
    check_run("any", "f32[2,2]:0,0.1,0,0 (1)", "1 0");
    check_run("all", "f32[2,2]:0,0.1,nan,2 (1)", "0 1");
    check_run("all", "u8[2]:3,7", "1");
}

static void the_first_of_equals_is_the_largest(void **state) {
    (void)state;
    check_infer("argmax", "f32[2,3,4] 1", "int64[2, 4]");
    check_infer("argmax", "f32[2,3,4] -1 true", "int64[2, 3, 1]");
    check_infer("argmin", "f32[2,0] 1", "!dimension 1 is empty");
    check_run("argmax", "f32[4]:1,3,3,2 0", "1");
    check_run("argmin", "i32[2,3]:3,1,1,0,5,0 1", "1 0");
    check_run("argmax", "f32[3]:1,nan,inf 0", "1");
    check_run("argmax", "f32[2,3]:1,5,3,4,2,6 0", "1 0 1");
    check_run("argmax", "f32[]:3 0", "0");
}

static void topk_is_sorted_and_stable(void **state) {
    (void)state;
    check_infer("topk", "f32[2,5] 6", "!k is 6, expected 0 to 5");
    check_run("topk", "f32[5]:2,9,4,9,1 3", "9 9 4");
    check_run("topk", "f32[2,3]:1,5,3,4,2,6 1 0", "4 5 6");
    check_run("topk", "i64[5]:2,9,4,9,1 5 0 false", "1 2 4 9 9");
    check_run("topk", "f32[4]:1,nan,3,inf 2", "nan inf");
}

static void sums_so_far_run_along_one_dimension(void **state) {
    (void)state;
    check_infer("cumsum", "bool[2,3] 1", "int64[2, 3]");
    check_infer("cumsum", "f32[2] 1", "!dimension 1 is out of range");
    check_run("cumsum", "f32[2,3]:1,2,3,4,5,6 1", "1 3 6 4 9 15");
    check_run("cumsum", "i32[2,3]:1,2,3,4,5,6 0", "1 2 3 5 7 9");
    check_run("cumsum", "f32[]:3 0", "3");
}

static void maps_leave_the_dimension_out(void **state) {
    (void)state;
    check_dims("argmax", "f32[2,3,4] 1", "same 0.0 r.0; same 0.2 r.1");
    check_dims("argmax", "f32[2,3] 1 true", "same 0.0 r.0; place 0.1 r.1");
    check_dims("cumsum", "f32[2,3] 1", "same 0.0 r.0; place 0.1 r.1");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reductions_name_dimensions_in_every_way),
        cmocka_unit_test(extremes_keep_a_nan),
        cmocka_unit_test(products_and_truth),
        cmocka_unit_test(the_first_of_equals_is_the_largest),
        cmocka_unit_test(topk_is_sorted_and_stable),
        cmocka_unit_test(sums_so_far_run_along_one_dimension),
        cmocka_unit_test(maps_leave_the_dimension_out),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    op_end();
    return failed;
}
