/* Dimension maps. */
#include "op_fixture.h"

static void elementwise(void **state) {
    (void)state;
    check_dims("relu", "f32[2,3]", "same 0.0 r.0; same 0.1 r.1");
    check_dims("add", "f32[2,3] f32[1]", "same 0.0 r.0; same 0.1 r.1; place 1.0 r.1");
    check_dims("mul", "2 f32[3]", "same 1.0 r.0");
    check_dims("prelu", "f32[1,3,5] f32[3]", "same 0.0 r.0; same 0.1 r.1; same 0.2 r.2; same 1.0 r.1");
    check_dims("softmax", "f32[2,3] 1", "same 0.0 r.0; same 0.1 r.1");
    check_dims("expand", "f32[1,3] (2,3)", "place 0.0 r.0; same 0.1 r.1");
    check_dims("batch_norm", "f32[2,3] f32[3] none f32[3] f32[3] false 0.1 0.1 true",
               "same 0.0 r.0; same 0.1 r.1; same 1.0 r.1; same 3.0 r.1; same 4.0 r.1");
}

static void convolution(void **state) {
    (void)state;
    check_dims("convolution", "f32[1,4,9] f32[6,2,3] f32[6] (1) (0) (1) false (0) 2",
               "same 0.0 r.0; place 0.2 r.2; contract 0.1 1.1 /2; same 1.0 r.1 /2; same 2.0 r.1");
    check_dims("convolution", "f32[1,2,9] f32[2,3,3] none (1) (0) (1) true (0) 1",
               "same 0.0 r.0; place 0.2 r.2; contract 0.1 1.0; same 1.1 r.1");
    check_dims("convolution", "f32[2,9] f32[3,2,3] none (1) (0) (1) false (0) 1",
               "place 0.1 r.1; contract 0.0 1.1; same 1.0 r.0");
    check_dims("max_pool", "f32[1,2,4,4] (2,2)", "same 0.0 r.0; same 0.1 r.1; place 0.2 r.2; place 0.3 r.3");
    check_dims("adaptive_avg_pool", "f32[2,4] (1)", "same 0.0 r.0; place 0.1 r.1");
}

static void contractions(void **state) {
    (void)state;
    check_dims("linear", "f32[2,4] f32[3,4] f32[3]", "same 0.0 r.0; contract 0.1 1.1; same 1.0 r.1; same 2.0 r.1");
    check_dims("matmul", "f32[1,2,3] f32[5,3,4]",
               "place 0.0 r.0; same 1.0 r.0; same 0.1 r.1; same 1.2 r.2; contract 0.2 1.1");
    check_dims("matmul", "f32[3] f32[3,4]", "same 1.1 r.0; contract 0.0 1.0");
    check_dims("sum", "f32[2,3,4] (1)", "same 0.0 r.0; same 0.2 r.1");
    check_dims("mean", "f32[2,3,4] (1,2) true", "same 0.0 r.0; place 0.1 r.1; place 0.2 r.2");
    check_dims("mean", "f32[2,3]", "");
}

static void movements(void **state) {
    (void)state;
    check_dims("reshape", "f32[2,3] (6)", "");
    check_dims("permute", "f32[2,3] (1,0)", "");
    check_dims("cat", "{f32[2,3] f32[2,4]} 1", "same 0.0 r.0; same 0.1 r.1; same 1.0 r.0; same 1.1 r.1 [0 3 1 4]");
    check_dims("pad", "f32[2,3] (1,-1)", "same 0.0 r.0; same 0.1 r.1 [0 1 1 2]");
    check_dims("slice", "f32[2,9] 1 1 8 3", "same 0.0 r.0; same 0.1 r.1 [1 0 3 3]");
    check_dims("slice_scatter", "f32[2,9] f32[2,3] 1 1 8 3",
               "same 0.0 r.0; same 0.1 r.1; same 1.0 r.0; same r.1 1.1 [1 0 3 3]");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(elementwise), cmocka_unit_test(convolution), cmocka_unit_test(contractions),
        cmocka_unit_test(movements),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
