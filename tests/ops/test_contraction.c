/* linear, matmul, reductions, softmax. */
#include "op_fixture.h"

static void linear(void **state) {
    (void)state;
    check_infer("linear", "f32[s0=2,5,4] f32[3,4] f32[3]", "float32[s0, 5, 3]");
    check_infer("linear", "f32[4] f32[3,4]", "float32[3]");
    check_infer("linear", "f32[2,4] f32[4]", "float32[2]");
    check_infer("linear", "f32[2,5] f32[3,4]", "!the last dimension of input is 5, expected 4");
    check_infer("linear", "f32[2,4] f32[3,4] f32[2]", "!the length of bias is 2, expected 3");
    check_infer("linear", "f32[2,4] f32[3,4] f32[1]", "!bias has shape [1], only [3] is supported");
    check_infer("linear", "f32[2,4] f64[3,4]", "!weight is float64, expected float32 as input is");
    check_run("linear", "f32[2,2] f32[3,2] f32[3]:0,100,200", "1 103 205 3 113 223");
    check_run("linear", "i8[1,2]:100,3 i8[1,2]:2,1", "-53");
}

static void matmul_shapes(void **state) {
    (void)state;
    check_infer("matmul", "f32[3] f32[3]", "float32[]");
    check_infer("matmul", "f32[2,3] f32[3]", "float32[2]");
    check_infer("matmul", "f32[3] f32[3,4]", "float32[4]");
    check_infer("matmul", "f32[3] f32[5,3,4]", "float32[5, 4]");
    check_infer("matmul", "f32[5,2,3] f32[3]", "float32[5, 2]");
    check_infer("matmul", "f32[s0=6,1,2,3] f32[5,3,4]", "float32[s0, 5, 2, 4]");
    check_infer("matmul", "f32[] f32[3]", "!operands have 0 and 1 dimensions");
    check_infer("matmul", "f32[2,3] f32[2,3]", "!the contracted dimension of other is 2, expected 3");
    check_infer("matmul", "f32[2,2,3] f32[3,3,2]", "!do not broadcast");
    check_infer("matmul", "f32[2,3] f64[3,2]", "!other is float64, expected float32");
}

static void matmul_numbers(void **state) {
    (void)state;
    check_run("matmul", "f32[3] f32[3]", "5");
    check_run("matmul", "f32[2,2] f32[2,2]", "2 3 6 11");
    check_run("matmul", "f32[2,1,2] f32[2,1]:1,10", "10 32");
    check_run("matmul", "f32[2]:1,10 f32[2,2,1]", "10 32");
    check_run("matmul", "f32[2,0] f32[0,1]", "0 0");
}

static void reductions(void **state) {
    (void)state;
    check_infer("sum", "u8[2,3]", "int64[]");
    check_infer("sum", "bool[2,3] (1)", "int64[2]");
    check_infer("sum", "f32[s0=2,3,4] (-1,0) true", "float32[1, 3, 1]");
    check_infer("sum", "f32[2,3] () true", "float32[1, 1]");
    check_infer("sum", "f32[2] none false @i32", "int32[]");
    check_infer("mean", "f32[s0=2,3,4] (1,2)", "float32[s0]");
    check_infer("mean", "i64[2] none false @f32", "float32[]");
    check_infer("mean", "i64[2]", "!the result would be int64, expected a float type");
    check_infer("sum", "f32[2,3] (0,-2)", "!dimension 0 appears more than once");
    check_infer("sum", "f32[2,3] (2)", "!dimension 2 is out of range, expected -2 to 1");
    check_infer("sum", "f32[] (-1)", "float32[]");
    check_run("sum", "f32[2,3] (0)", "3 5 7");
    check_run("sum", "f32[2,3] (1)", "3 12");
    check_run("sum", "f32[2]:0.6,0.6 none false @i64", "0");
    check_run("sum", "i8[2]:100,100 none false @i8", "-56");
    check_run("mean", "f32[2,3]", "2.5");
    check_run("mean", "f32[0,2] (0)", "nan nan");
}

static void softmax(void **state) {
    (void)state;
    check_infer("softmax", "f32[s0=2,3] -1", "float32[s0, 3]");
    check_infer("softmax", "i64[2] 0 @f32", "float32[2]");
    check_infer("softmax", "i64[2] 0", "!the result would be int64");
    check_infer("softmax", "f32[2] 1", "!dimension 1 is out of range");
    check_run("softmax", "f32[2,2]:0,0,1000,1000 1", "0.5 0.5 0.5 0.5");
    check_run("softmax", "f32[2,2]:0,1,0,1 0", "0.5 0.5 0.5 0.5");
    check_run("log_softmax", "f32[2]:1,1 0", "-0.693147 -0.693147");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(linear),     cmocka_unit_test(matmul_shapes), cmocka_unit_test(matmul_numbers),
        cmocka_unit_test(reductions), cmocka_unit_test(softmax),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
