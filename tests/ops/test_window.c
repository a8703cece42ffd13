/* Convolution, pooling, batch_norm. */
#include "op_fixture.h"

/* One weight of shape [2, 3, 3, 3]; everything after the bias. */
#define CONV(input, rest) input " f32[2,3,3,3] none " rest

static void convolution_shapes(void **state) {
    (void)state;
    check_infer("convolution", CONV("f32[1,3,7,5]", "(1,1) (0,0) (1,1) false (0,0) 1"), "float32[1, 2, 5, 3]");
    check_infer("convolution", CONV("f32[1,3,7,5]", "(2) (1) (1) false (0) 1"), "float32[1, 2, 4, 3]");
    check_infer("convolution", CONV("f32[3,7,5]", "(1) (1) (1) false (0) 1"), "float32[2, 7, 5]");
    check_infer("convolution", CONV("f32[1,3,7,5]", "(1) (0,1,2,3) (1) false (0) 1"), "float32[1, 2, 7, 7]");
    check_infer("convolution", CONV("f32[1,3,7,5]", "(1) (0) (2) false (0) 1"), "float32[1, 2, 3, 1]");
    check_infer("convolution", CONV("f32[1,2,7,5]", "(2) (1) (1) true (1) 1"), "float32[1, 3, 14, 10]");
    check_infer("convolution", CONV("f32[1,2,7,5]", "(1) (0) (1) true (0) 2"), "float32[1, 6, 9, 7]");
    check_infer("convolution", "f32[2,4,9] f32[6,2,3] f32[6] (1) (0) (1) false (0) 2", "float32[2, 6, 7]");
    check_infer("convolution", "f32[1,1,4,5,6] f32[2,1,3,3,3] none (1) (0) (1) false (0) 1", "float32[1, 2, 2, 3, 4]");
}

static void convolution_keeps_symbols(void **state) {
    (void)state;
    check_infer("convolution", CONV("f32[s0=4,3,s1=8,5]", "(1) (1) (1) false (0) 1"), "float32[s0, 2, s1, 5]");
    check_infer("convolution", CONV("f32[s0=4,3,s1=8,5]", "(2) (1) (1) false (0) 1"),
                "float32[s0, 2, (s1 + 1)//2, 3]");
    check_infer("convolution", CONV("f32[1,2,s1=8,5]", "(2) (0) (1) true (0) 1"), "float32[1, 3, 2*s1 + 1, 11]");
}

static void convolution_refusals(void **state) {
    (void)state;
    check_infer("convolution", CONV("f32[1,4,7,5]", "(1) (0) (1) false (0) 1"),
                "!the number of input channels is 4, expected 3");
    check_infer("convolution", CONV("f32[7,5]", "(1) (0) (1) false (0) 1"), "!input has shape [7, 5]");
    check_infer("convolution", CONV("f32[1,3,2,5]", "(1) (0) (1) false (0) 1"),
                "!the window covers 3 places, the padded input has 2");
    check_infer("convolution", CONV("f32[1,3,7,5]", "(1,1,1) (0) (1) false (0) 1"),
                "!stride is [1, 1, 1], expected 1 or 2 entries");
    check_infer("convolution", CONV("f32[1,3,7,5]", "(0) (0) (1) false (0) 1"), "!stride is [0]");
    check_infer("convolution", CONV("f32[1,3,7,5]", "(1) (0) (1) false (0) 0"), "!groups is 0");
    check_infer("convolution", CONV("f32[1,3,7,5]", "(1) (0) (1) false (0) 3"),
                "!groups is 3, expected a divisor of weight's 2 channels");
    check_infer("convolution", CONV("f32[1,2,7,5]", "(1) (0) (1) true (1) 1"), "!output_padding is 1");
    check_infer("convolution", CONV("f64[1,3,7,5]", "(1) (0) (1) false (0) 1"),
                "!weight is float32, expected float64 as input is");
    check_infer("convolution", "i64[1,1,3] i64[1,1,2] none (1) (0) (1) false (0) 1", "!input is int64");
    check_infer("convolution", "f32[1,1,3] f32[1,1,2] f32[2] (1) (0) (1) false (0) 1",
                "!the length of bias is 2, expected 1");
}

static void convolution_numbers(void **state) {
    (void)state;
    check_run("convolution", "f32[1,1,5] f32[1,1,3]:1,10,100 f32[1]:0.5 (1) (1) (1) false (0) 1",
              "100.5 210.5 321.5 432.5 43.5");
    check_run("convolution", "f32[1,1,5] f32[1,1,2]:1,10 none (2) (0) (2) false (0) 1", "20 42");
    check_run("convolution", "f32[1,2,2] f32[2,1,1]:1,10 none (1) (0) (1) false (0) 2", "0 1 20 30");
    check_run("convolution", "f32[1,1,2]:1,2 f32[1,1,3]:1,10,100 none (2) (0) (1) true (1) 1", "1 10 102 20 200 0");
    check_run("convolution", "f32[1,1,2,2] f32[5,1,1,1] none (1) (0) (1) false (0) 1",
              "0 0 0 0 0 1 2 3 0 2 4 6 0 3 6 9 0 4 8 12");
}

static void pool_shapes(void **state) {
    (void)state;
    check_infer("max_pool", "f32[1,2,7,7] (3,3) (2,2) (1,1)", "float32[1, 2, 4, 4]");
    check_infer("max_pool", "f32[2,7] (2) (2) (0) (1) true", "float32[2, 4]");
    check_infer("avg_pool", "f32[s0=3,2,7,7] (2,2)", "float32[s0, 2, 3, 3]");
    check_infer("max_pool", "f32[1,2,s0=8,7] (2,2)", "float32[1, 2, s0//2, 3] | s0 >= 2");
    /* The window that would start in the padding behind is left out. */
    check_infer("max_pool", "f32[1,1,5] (1) (3) (0) (1) true", "float32[1, 1, 2]");
    check_infer("max_pool", "f32[1,1,4] (2) (3) (1) (1) true", "float32[1, 1, 2]");
    check_infer("adaptive_avg_pool", "f32[s0=2,3,7,7] (1,1)", "float32[s0, 3, 1, 1]");
    check_infer("max_pool", "f32[1,2,7,7] (2,2) () (2,2)", "!padding is 2, expected at most half of the kernel's 2");
    check_infer("max_pool", "f32[7,7] (2,2)", "!self has shape [7, 7], expected 3 or 4 dimensions");
    check_infer("max_pool", "f32[1,0,7,7] (2,2)", "!only its batch may be empty");
    check_infer("avg_pool", "i32[1,2,7,7] (2,2)", "!self is int32");
    check_infer("avg_pool", "f32[1,2,7,7] (2,2) () (0) false true 0", "!divisor_override is 0");
}

static void pool_numbers(void **state) {
    (void)state;
    check_run("max_pool", "f32[1,1,5]:1,nan,0,-1,-2 (2)", "nan 0");
    check_run("max_pool", "f32[1,1,5]:-1,-2,-3,-4,-5 (3) (2) (1)", "-1 -2 -4");
    check_run("max_pool", "f32[1,1,5] (2) (1) (0) (2)", "2 3 4");
    check_run("max_pool", "f32[1,1,5] (2) (1) (1) (2)", "1 2 3 4 3");
    check_run("max_pool", "i64[1,1,3] (2) (1)", "1 2");
    check_run("avg_pool", "f32[1,1,3]:3,6,9 (2) (2) (1)", "1.5 7.5");
    check_run("avg_pool", "f32[1,1,3]:3,6,9 (2) (2) (1) false false", "3 7.5");
    check_run("avg_pool", "f32[1,1,3]:3,6,9 (2) (2) (0) true", "4.5 9");
    check_run("avg_pool", "f32[1,1,3]:3,6,9 (2) (1) (0) false true 3", "3 5");
    check_run("avg_pool", "i64[1,1,2]:-3,-4 (2)", "-3");
    check_run("adaptive_avg_pool", "f32[1,1,5] (3)", "0.5 2 3.5");
    check_run("adaptive_avg_pool", "f32[1,1,2]:1,3 (3)", "1 2 3");
}

static void batch_norm(void **state) {
    (void)state;
    check_infer("batch_norm", "f32[s0=2,3,4] f32[3] f32[3] f32[3] f32[3] false 0.1 0.001 true",
                "float32[s0, 3, 4]");
    check_infer("batch_norm", "f16[2,3] f32[3] f32[3] f32[3] f32[3] false 0.1 0.001 true", "float16[2, 3]");
    check_infer("batch_norm", "f32[2,3] none none none none true 0.1 0.001 true", "float32[2, 3]");
    check_infer("batch_norm", "f32[2,3] none none none none false 0.1 0.001 true", "!running_mean or running_var");
    check_infer("batch_norm", "f32[2,3] f32[4] none f32[3] f32[3] false 0.1 0.001 true", "!weight is 4, expected 3");
    check_run("batch_norm", "f32[1,2,2] f32[2]:2,4 f32[2]:0,1 f32[2]:1,2 f32[2]:4,16 false 0.1 0.0 true",
              "-1 0 1 2");
    /* In training the given statistics do not count. */
    check_run("batch_norm", "f32[2,2,1]:0,1,2,7 f32[2]:2,4 f32[2]:0,1 f32[2]:1,2 f32[2]:4,16 true 0.1 0.0 true",
              "-2 -3 2 5");
    check_run("batch_norm", "f32[2,2,1]:0,1,2,7 none none none none true 0.1 0.0 true", "-1 -1 1 1");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(convolution_shapes),   cmocka_unit_test(convolution_keeps_symbols),
        cmocka_unit_test(convolution_refusals), cmocka_unit_test(convolution_numbers),
        cmocka_unit_test(pool_shapes),          cmocka_unit_test(pool_numbers),
        cmocka_unit_test(batch_norm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
