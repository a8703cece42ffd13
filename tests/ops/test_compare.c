/* Comparisons, logic, bits, choice, rounding and remainders: types and single elements. */
#include "op_fixture.h"

static void comparisons_give_bools(void **state) {
    (void)state;
    check_infer("eq", "f32[2,1] i64[3]", "bool[2, 3]");
    check_infer("lt", "u8[2] 1.5", "bool[2]");
    check_infer("logical_and", "f32[2] i64[]", "bool[2]");
    check_infer("logical_not", "f16[2]", "bool[2]");
    check_infer("ge", "f32[2] f32[3]", "!do not broadcast");
}

static void a_nan_is_only_ever_unequal(void **state) {
    (void)state;
    check_run("eq", "f32[4]:nan,1,2,inf f32[4]:nan,1,3,inf", "0 1 0 1");
    check_run("ne", "f32[2]:nan,1 f32[2]:nan,1", "1 0");
    check_run("le", "f32[3]:nan,1,2 f32[3]:nan,1,1", "0 1 0");
    check_run("ge", "f32[2]:nan,1 1", "0 1");
    check_run("gt", "f32[2]:nan,2 1", "0 1");
}

static void integers_are_compared_exactly(void **state) {
    (void)state;
    check_run("lt", "i64[2]:9007199254740992,1 i64[2]:9007199254740993,1", "1 0");
    check_run("eq", "i32[3]:1,2,3 1.5", "0 0 0");
    check_run("gt", "bool[2]:1,0 bool[2]:0,0", "1 0");
    check_run("lt", "2 i32[3]:1,2,3", "0 0 1");
}

static void what_is_not_0_is_true(void **state) {
    (void)state;
    check_run("logical_and", "f32[4]:nan,0,0.1,2 i32[4]:1,1,1,0", "1 0 1 0");
    check_run("logical_or", "f32[3]:0,0,1 i32[3]:0,5,0", "0 1 1");
    check_run("logical_not", "f32[3]:0,-0,0.5", "1 1 0");
}

static void bits_wrap_as_their_type_does(void **state) {
    (void)state;
    check_infer("bitwise_and", "f32[2] i32[2]", "!expected integers or bools");
    check_infer("bitwise_left_shift", "bool[2] bool[2]", "!expected integers");
    check_run("bitwise_and", "i32[3]:5,-1,6 3", "1 3 2");
    check_run("bitwise_or", "i8[2]:5,-8 2", "7 -6");
    check_run("bitwise_xor", "u8[2]:255,1 u8[2]:15,1", "240 0");
    check_run("bitwise_left_shift", "u8[2]:129,1 1", "2 2");
    check_run("bitwise_left_shift", "i64[1]:3 100", "0");
    check_run("bitwise_right_shift", "i32[3]:-5,5,-1 1", "-3 2 -1");
    check_run("bitwise_right_shift", "i32[2]:-5,5 70", "-1 0");
}

static void where_takes_each_element_from_its_side(void **state) {
    (void)state;
    check_infer("where", "bool[2,1] f32[3] 1", "float32[2, 3]");
    check_infer("where", "bool[2] i32[2] 1.5", "float32[2]");
    check_infer("where", "bool[2] i64[] i32[2]", "int32[2]");
    check_infer("where", "f32[2] i64[] i32[2]", "!condition is float32, expected bool");
    check_run("where", "bool[2]:1,0 f32[2]:1,nan f32[2]:nan,2", "1 2");
    check_run("where", "bool[2]:1,0 f32[2]:1,2 -inf", "1 -inf");
}

static void halves_go_to_the_even_neighbour(void **state) {
    (void)state;
    check_run("round", "f32[6]:0.5,1.5,2.5,-0.5,-1.5,-2.5", "0 2 2 -0 -2 -2");
    check_run("floor", "f32[3]:-0.5,1.5,-2", "-1 1 -2");
    check_run("ceil", "f32[3]:-0.5,1.5,-2", "-0 2 -2");
    check_run("round", "i64[1]:9007199254740993", "9.0072e+15");
    check_run("sign", "f32[4]:-3,0,nan,inf", "-1 0 0 1");
    check_run("sign", "u8[2]:200,0", "1 0");
}

static void a_remainder_has_the_sign_of_the_divisor(void **state) {
    (void)state;
    check_run("remainder", "f32[4]:5,-5,5,-5 f32[4]:3,3,-3,-3", "2 1 -1 -2");
    check_run("remainder", "i32[4]:5,-5,5,-5 i32[4]:3,3,-3,-3", "2 1 -1 -2");
    check_run("remainder", "i64[1]:-9223372036854775808 -1", "0");
    check_run("remainder", "f32[1]:1 0", "nan");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(comparisons_give_bools),
        cmocka_unit_test(a_nan_is_only_ever_unequal),
        cmocka_unit_test(integers_are_compared_exactly),
        cmocka_unit_test(what_is_not_0_is_true),
        cmocka_unit_test(bits_wrap_as_their_type_does),
        cmocka_unit_test(where_takes_each_element_from_its_side),
        cmocka_unit_test(halves_go_to_the_even_neighbour),
        cmocka_unit_test(a_remainder_has_the_sign_of_the_divisor),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    op_end();
    return failed;
}
