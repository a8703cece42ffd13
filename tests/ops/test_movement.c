/* Operators that move elements: views, slices, cat, pad, conversions. */
#include "op_fixture.h"

static void reshape(void **state) {
    (void)state;
    check_infer("reshape", "f32[2,3,4] (6,-1)", "float32[6, 4]");
    check_infer("reshape", "f32[] (1,1)", "float32[1, 1]");
    check_infer("reshape", "f32[1] ()", "float32[]");
    check_infer("reshape", "f32[0,3] (-1,3)", "float32[0, 3]");
    check_infer("reshape", "f32[s0=2,3,4] (s0=2,-1)", "float32[s0, 12]");
    check_infer("reshape", "f32[s0=2,3,4] (-1,12)", "float32[s0, 12]");
    check_infer("reshape", "f32[s0=2,3,4] (s0=2,2,6)", "float32[s0, 2, 6]");
    check_infer("reshape", "f32[s0=2,3] (-1)", "float32[3*s0]");
    check_infer("reshape", "f32[s0=2,3] (2,3)", "float32[2, 3] | 3*s0 == 6");
    check_infer("reshape", "f32[6] (4,-1)", "!self has shape [6], whose elements do not fit shape [4, -1]");
    check_infer("reshape", "f32[6] (4,2)", "!do not fit shape [4, 2]");
    check_infer("reshape", "f32[0] (-1,0)", "!where -1 could be any size");
    check_infer("reshape", "f32[6] (-1,-1)", "!one -1 at most");
    check_infer("reshape", "f32[6] (-2,3)", "!no negative entries");
    check_infer("reshape", "f32[1] (1,1,1,1,1,1,1,1,1)", "!9 dimensions, at most 8 are supported");
}

static void permute_and_expand(void **state) {
    (void)state;
    check_infer("permute", "f32[s0=2,3,4] (2,0,-2)", "float32[4, s0, 3]");
    check_infer("permute", "f32[2,3] (0)", "!dims has 1 entries, self of shape [2, 3] has 2");
    check_infer("permute", "f32[2,3] (0,-2)", "!dimension 0 appears more than once");
    check_run("permute", "f32[2,3] (1,0)", "0 3 1 4 2 5");
    check_infer("expand", "f32[s0=2,1] (3,-1,4)", "float32[3, s0, 4]");
    check_infer("expand", "f32[1] (s0=5)", "float32[s0]");
    check_infer("expand", "f32[1] (0)", "float32[0]");
    check_infer("expand", "f32[3] (4)", "!size 4 in dimension 0, self has 3 there");
    check_infer("expand", "f32[3] (-1,3)", "!entry 0 must not be negative");
    check_infer("expand", "f32[2,3] (3)", "!has more dimensions");
    check_run("expand", "f32[2,1] (2,2,2)", "0 0 1 1 0 0 1 1");
}

static void slice(void **state) {
    (void)state;
    check_infer("slice", "f32[5] 0 1 9223372036854775807", "float32[4]");
    check_infer("slice", "f32[s0=5,3] 0 0 9223372036854775807", "float32[s0, 3]");
    check_infer("slice", "f32[s0=5,3] 0 1 9223372036854775807", "float32[s0 - 1, 3]");
    check_infer("slice", "f32[s0=5,3] -1 0 -1", "float32[s0, 2]");
    check_infer("slice", "f32[s0=5] 0 0 2", "float32[2] | s0 >= 2");
    check_infer("slice", "f32[5] 0 0 5 2", "float32[3]");
    check_infer("slice", "f32[5] 0 4 2", "float32[0]");
    check_infer("slice", "f32[5] 0 -9223372036854775808 -2", "float32[3]");
    check_infer("slice", "f32[5] 0 0 5 0", "!step is 0, expected 1 or more");
    check_infer("slice", "f32[] 0 0 5", "!self has no dimensions");
    check_infer("slice", "f32[2] 1 0 5", "!dimension 1 is out of range");
    check_run("slice", "f32[2,5] 1 1 5 2", "1 3 6 8");
    check_run("slice", "f32[5] 0 0 5 2", "0 2 4");
    check_run("slice", "f32[3,2] 0 -2 100", "2 3 4 5");
    check_run("slice_scatter", "f32[5] f32[2]:7,8 0 1 4 2", "0 7 2 8 4");
    check_run("slice_scatter", "i64[2,2] f32[2,1]:7.5,8 1 0 1", "7 1 8 3");
    check_infer("slice_scatter", "f32[5] f32[3] 0 1 4 2", "!src has shape [3], expected [2]");
}

static void cat(void **state) {
    (void)state;
    check_infer("cat", "{f32[s0=2,3] f32[s0=2,4]} 1", "float32[s0, 7]");
    check_infer("cat", "{f32[s0=2,3] f32[1,3]}", "float32[s0 + 1, 3]");
    check_infer("cat", "{i64[2] f16[2] bool[2]}", "float16[6]");
    check_infer("cat", "{f64[0] f32[2,3] f32[2,1]} -1", "float64[2, 4]");
    check_infer("cat", "{f32[0] f32[0]} 1", "float32[0]");
    check_infer("cat", "{}", "!tensors is an empty list");
    check_infer("cat", "{f32[] f32[1]}", "!tensor 0 has no dimensions");
    check_infer("cat", "{f32[2,3] f32[2,4]}", "!tensor 1 has shape [2, 4], expected [2, 3] but for dimension 0");
    check_run("cat", "{f32[2,1] f32[2,2] $} 1", "0 0 1 0 1 1 2 3 2 3");
    check_run("cat", "{i64[1]:3 f32[0] f32[1]:0.5}", "3 0.5");
}

static void pad(void **state) {
    (void)state;
    check_infer("pad", "f32[s0=2,3,4] (1,2,0,-1)", "float32[s0, 2, 7]");
    check_infer("pad", "f32[3] (1)", "!pad has 1 entries, expected an even number up to 2");
    check_infer("pad", "f32[3] (-2,-2)", "!dimension 0 of size 3 with padding -2 and -2 is less than 0");
    check_infer("pad", "f32[3] (-4,5)", "!dimension 0 of size 3 with padding -4 and 5");
    check_infer("pad", "f32[1,3] (3,0) 'reflect'",
                "!3 elements of padding for a dimension of 3, mode reflect takes at most 2");
    check_infer("pad", "f32[3] (1,1) 'reflect'", "!mode reflect takes");
    check_infer("pad", "f32[1,3] (1,1) 'same'", "!mode is 'same'");
    check_run("pad", "f32[3] (1,2) 'constant' 9.0", "9 0 1 2 9 9");
    check_run("pad", "f32[3] (-1,1)", "1 2 0");
    check_run("pad", "f32[1,3] (2,1) 'reflect'", "2 1 0 1 2 1");
    check_run("pad", "f32[1,3] (2,1) 'replicate'", "0 0 0 1 2 2");
    check_run("pad", "f32[1,3] (2,1) 'circular'", "1 2 0 1 2 0");
    check_run("pad", "f32[1,3] (-1,2) 'circular'", "1 2 1 2");
    check_run("pad", "f32[1,2,2] (1,0,0,1) 'replicate'", "0 0 1 2 2 3 2 2 3");
}

static void conversions(void **state) {
    (void)state;
    check_run("to", "f32[3]:-1.7,2.5,300 @u8", "255 2 44");
    check_run("to", "f32[2]:0,0.5 @bool", "0 1");
    check_infer("full", "(s0=2,3) 1 @f16", "float16[s0, 3]");
    check_run("full", "(2) 2.5 @i32", "2 2");
    check_infer("full", "(-1) 1 @f32", "!size is [-1]");
    check_run("dropout", "f32[2] 0.5 false", "0 1");
    check_infer("dropout", "f32[2] 1.5 false", "!p is 1.5, expected 0 to 1");
    check_infer("relayout", "f32[s0=2]", "float32[s0]");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reshape), cmocka_unit_test(permute_and_expand), cmocka_unit_test(slice),
        cmocka_unit_test(cat),     cmocka_unit_test(pad),                cmocka_unit_test(conversions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
