/* Element-wise operators: promotion, broadcasting, formulas. */
#include "op_fixture.h"

#include <stdio.h>

/* The result of add between tensors: rows and columns in the order of `names`. */
static void tensors_promote_as_in_pytorch(void **state) {
    (void)state;
    static const char *const names[] = {"bool", "u8", "i8", "i16", "i32", "i64", "f16", "bf16", "f32", "f64"};
    static const char *const results[] = {"bool",  "uint8", "int8",    "int16",    "int32",
                                          "int64", "float16", "bfloat16", "float32", "float64"};
    static const uint8_t table[10][10] = {
        {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, {1, 1, 3, 3, 4, 5, 6, 7, 8, 9}, {2, 3, 2, 3, 4, 5, 6, 7, 8, 9},
        {3, 3, 3, 3, 4, 5, 6, 7, 8, 9}, {4, 4, 4, 4, 4, 5, 6, 7, 8, 9}, {5, 5, 5, 5, 5, 5, 6, 7, 8, 9},
        {6, 6, 6, 6, 6, 6, 6, 8, 8, 9}, {7, 7, 7, 7, 7, 7, 8, 7, 8, 9}, {8, 8, 8, 8, 8, 8, 8, 8, 8, 9},
        {9, 9, 9, 9, 9, 9, 9, 9, 9, 9},
    };
    for (size_t a = 0; a < 10; a++) {
        for (size_t b = 0; b < 10; b++) {
            char args[64], expected[64];
            snprintf(args, sizeof args, "%s[2] %s[2]", names[a], names[b]);
            snprintf(expected, sizeof expected, "%s[2]", results[table[a][b]]);
            check_infer("add", args, expected);
        }
    }
}

/* Tensors with dimensions, then tensors without, then numbers: a lower level only raises the kind. */
static void levels_promote_by_kind(void **state) {
    (void)state;
    check_infer("add", "u8[2] i64[]", "uint8[2]");
    check_infer("add", "i64[2] f16[]", "float16[2]");
    check_infer("add", "f16[2] f64[]", "float16[2]");
    check_infer("add", "bool[2] u8[]", "uint8[2]");
    check_infer("add", "i8[] 300", "int8[]");
    check_infer("add", "i8[2] 1.5", "float32[2]");
    check_infer("add", "bool[2] 1", "int64[2]");
    check_infer("add", "bool[2] true", "bool[2]");
    check_infer("add", "f64[] 1.5", "float64[]");
    check_infer("add", "f16[] 1.5", "float16[]");
    check_infer("mul", "2 f16[3]", "float16[3]");
    check_infer("add", "1 2", "int64[]");
    check_infer("maximum", "i64[2] f16[2]", "float16[2]");
}

static void integers_become_float_where_pytorch_says(void **state) {
    (void)state;
    check_infer("div", "i64[2] u8[2]", "float32[2]");
    check_infer("div", "bool[2] bool[2]", "float32[2]");
    check_infer("div", "i64[2] 2 'floor'", "int64[2]");
    check_infer("exp", "i32[2]", "float32[2]");
    check_infer("sigmoid", "bool[2]", "float32[2]");
    check_infer("sqrt", "f16[2]", "float16[2]");
    check_infer("relu", "u8[2]", "uint8[2]");
    check_infer("clamp", "i64[2] 0.5", "float32[2]");
    check_infer("clamp", "f16[2] 0 6", "float16[2]");
    check_infer("pow", "i64[2] 2", "int64[2]");
    check_infer("pow", "2 f64[2]", "float64[2]");
    check_infer("silu", "f16[2]", "float16[2]");
}

static void refusals_name_what_was_found(void **state) {
    (void)state;
    check_infer("relu", "bool[2]", "!relu: self is bool, expected a number type");
    check_infer("gelu", "i64[2]", "!self is int64, expected a float type");
    check_infer("gelu", "f32[2] 'erf'", "!approximate is 'erf', expected 'none' or 'tanh'");
    check_infer("sub", "bool[2] f32[2]", "!self is bool");
    check_infer("sub", "i64[2] true", "!other is bool");
    check_infer("add", "i64[2] i64[2] 0.5", "!alpha is a float and the result int64");
    check_infer("add", "f32[2] f32[2] true", "!alpha is a bool and the result float32");
    check_infer("clamp", "f32[2] none none", "!min and max are both None");
    check_infer("clamp", "u8[2] -1", "!min is -1, which uint8 does not hold");
    check_infer("div", "i64[2] 2 'up'", "!rounding_mode is 'up'");
    check_infer("pow", "i64[2] -1", "!int64 to the power of -1");
    check_infer("add", "f32[2,3] f32[2,4]",
                "!shapes [2, 3] and [2, 4] do not broadcast: dimension 1 is 3 and 4");
    check_infer("prelu", "f32[2,3] f32[2]", "!the number of weights is 2, expected 3");
    check_infer("prelu", "f16[2,3] f32[3]", "!weight is float32, expected float16 as self is");
    check_infer("add", "f32[2]", "!argument other is missing");
    check_infer("relu", "3", "!argument self does not fit");
}

static void shapes_broadcast(void **state) {
    (void)state;
    check_infer("add", "f32[2,1,3] f32[4,1]", "float32[2, 4, 3]");
    check_infer("add", "f32[] f32[0]", "float32[0]");
    check_infer("add", "f32[0] f32[1]", "float32[0]");
    check_infer("add", "f32[s0=5,3] f32[3]", "float32[s0, 3]");
    check_infer("add", "f32[s0=5,3] f32[1,3]", "float32[s0, 3]");
    check_infer("add", "f32[s0=5,3] $", "float32[s0, 3]");
    check_infer("add", "f32[s0=5] f32[5]", "float32[5] | s0 == 5");
    check_infer("add", "f32[s0=5] f32[s1=5]", "float32[s1] | s0 == s1");
    check_infer("addcmul", "f32[2,1] f32[3] f32[1]", "float32[2, 3]");
}

static void formulas(void **state) {
    (void)state;
    check_run("relu", "f32[3]:-1,0,2", "0 0 2");
    check_run("hardswish", "f32[4]:-4,-1,1,4", "-0 -0.333333 0.666667 4");
    check_run("leaky_relu", "f32[2]:-2,2 0.5", "-1 2");
    check_run("elu", "f32[2]:-1,2 2 3 0.5", "-2.36082 6");
    check_run("gelu", "f32[2]:-1,1", "-0.158655 0.841345");
    check_run("gelu", "f32[2]:-1,1 'tanh'", "-0.158808 0.841192");
    check_run("clamp", "f32[3]:-1,0.5,9 0 6", "0 0.5 6");
    check_run("clamp", "f32[1]:0 3 1", "1");
    check_run("clamp", "f32[2]:nan,1 0", "nan 1");
    check_run("prelu", "f32[1,2,2]:-1,1,-1,1 f32[2]:0.5,2", "-0.5 1 -2 1");
    check_run("sub", "f32[2]:5,6 f32[2]:1,2 3", "2 0");
    check_run("maximum", "f32[3]:1,nan,1 f32[3]:2,0,nan", "2 nan nan");
    check_run("mul", "f32[2,1] f32[3]", "0 0 0 0 1 2");
}

static void integers_are_exact_and_wrap(void **state) {
    (void)state;
    check_run("add", "u8[2]:250,3 u8[2]:10,4", "4 7");
    check_run("sub", "u8[1]:3 5", "254");
    check_run("mul", "i8[1]:100 3", "44");
    check_run("neg", "i8[2]:-128,5", "-128 -5");
    check_run("add", "bool[3]:0,1,1 bool[3]:0,0,1", "0 1 1");
    check_run("add", "bool[1]:1 bool[1]:1 -1", "1");
    check_run("div", "i64[3]:-3,3,-4 2 'floor'", "-2 1 -2");
    check_run("div", "i64[3]:-3,3,-4 2 'trunc'", "-1 1 -2");
    check_run("div", "i8[1]:-128 -1 'floor'", "-128");
    check_run("div", "i64[2] 0 'floor'", "!integer division by zero");
    check_run("div", "f32[4]:-3,3,0,-1 f32[4]:2,0,0,inf 'floor'", "-2 inf nan -1");
    check_run("pow", "i64[4]:3,-1,-1,2 i64[4]:4,3,-3,-1", "81 -1 -1 0");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tensors_promote_as_in_pytorch),
        cmocka_unit_test(levels_promote_by_kind),
        cmocka_unit_test(integers_become_float_where_pytorch_says),
        cmocka_unit_test(refusals_name_what_was_found),
        cmocka_unit_test(shapes_broadcast),
        cmocka_unit_test(formulas),
        cmocka_unit_test(integers_are_exact_and_wrap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
