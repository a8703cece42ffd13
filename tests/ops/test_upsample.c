/* Resampling: which elements, with which weights. The numbers are PyTorch's. */
#include "op_fixture.h"

static void types(void **state) {
    (void)state;
    check_infer("upsample", "f32[s0=1,2,3,4] (s1=6,8) 'linear' false ()", "float32[s0, 2, s1, 8]");
    check_infer("upsample", "u8[1,2,3] (6) 'nearest' false ()", "uint8[1, 2, 6]");
    check_infer("upsample", "u8[1,2,3] (6) 'linear' false ()", "!self is uint8, expected a float type");
    check_infer("upsample", "f32[1,2,3] (6,6) 'linear' false ()", "!self has shape [1, 2, 3], expected 4 dimensions");
    check_infer("upsample", "f32[1,2,0] (6) 'linear' false ()", "!expected sizes above 0");
    check_infer("upsample", "f32[1,2,3] (0) 'linear' false ()", "!expected sizes above 0");
    check_infer("upsample", "f32[1,2,3] (6) 'area' false ()", "!mode is area");
}

static void nearest(void **state) {
    (void)state;
    check_run("upsample", "f32[1,1,3] (5) 'nearest' false ()", "0 0 1 1 2");
    check_run("upsample", "f32[1,1,3] (5) 'nearest-exact' false ()", "0 0 1 2 2");
    check_run("upsample", "i64[1,1,2,2] (2,4) 'nearest' false ()", "0 0 1 1 2 2 3 3");
    check_run("upsample", "f32[1,1,5] (2) 'nearest' false ()", "0 2");
}

static void linear(void **state) {
    (void)state;
    check_run("upsample", "f32[1,1,2] (4) 'linear' false ()", "0 0.25 0.75 1");
    check_run("upsample", "f32[1,1,3] (5) 'linear' true ()", "0 0.5 1 1.5 2");
    check_run("upsample", "f32[1,1,4] (1) 'linear' true ()", "0");
    check_run("upsample", "f32[1,1,2,2] (1,1) 'linear' false ()", "1.5");
    check_run("upsample", "f32[1,1,8] (4) 'linear' false ()", "0.5 2.5 4.5 6.5");
}

static void cubic_and_antialiased(void **state) {
    (void)state;
    check_run("upsample", "f32[1,1,4] (4) 'cubic' false ()", "0 1 2 3");
    check_run("upsample", "f32[1,1,3]:4,4,4 (5) 'cubic' false ()", "4 4 4 4 4");
    check_run("upsample", "f32[1,1,4]:8,0,0,8 (2) 'linear-aa' false ()", "3.42857 3.42857");
    check_run("upsample", "f32[1,1,3]:4,4,4 (2) 'cubic-aa' false ()", "4 4");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(types),
        cmocka_unit_test(nearest),
        cmocka_unit_test(linear),
        cmocka_unit_test(cubic_and_antialiased),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    op_end();
    return failed;
}
