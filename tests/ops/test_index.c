/* Taking and putting elements by number, and the other operators on places. */
#include "op_fixture.h"

static void index_select(void **state) {
    (void)state;
    check_infer("index_select", "f32[s0=2,5] 1 i64[3]:0,4,2", "float32[s0, 3]");
    check_infer("index_select", "u8[5] -1 i32[s0=3]:0,4,2", "uint8[s0]");
    check_infer("index_select", "f32[] 0 i64[1]:0", "!self has 0 dimensions");
    check_infer("index_select", "f32[5] 0 i64[1,1]:0", "!index 2, expected 1 or more, and 1");
    check_infer("index_select", "f32[5] 0 f32[1]:0", "!index is float32, expected int32 or int64");
    check_infer("index_select", "f32[5] 1 i64[1]:0", "!dimension 1 is out of range");
    check_run("index_select", "f32[2,3] 1 i64[4]:2,0,0,1", "2 0 0 1 5 3 3 4");
    check_run("index_select", "i64[3,2] 0 i32[2]:2,1", "4 5 2 3");
    check_run("index_select", "f32[3,0] 0 i64[2]:2,1", "");
    check_dims("index_select", "f32[2,5] 1 i64[3]:0,4,2", "same 0.0 r.0; place 0.1 r.1; same 1.0 r.1");
}

static void gather(void **state) {
    (void)state;
    check_infer("gather", "f32[2,5] 1 i64[2,3]:0,4,2,1,1,1", "float32[2, 3]");
    check_infer("gather", "f32[2,5] 1 i64[1,3]:0,4,2", "!a dimension of index is 1, expected 2");
    check_infer("gather", "f32[2,5] 1 i64[2]:0,4", "!self has 2 dimensions, index 1");
    check_run("gather", "f32[2,3] 1 i64[2,2]:2,0,1,1", "2 0 4 4");
    check_run("gather", "f32[2,3] 0 i64[1,3]:1,0,1", "3 1 5");
    check_run("gather", "f32[2,2,2] 1 i64[2,1,2]:1,0,0,1", "2 1 4 7");
}

static void one_hot(void **state) {
    (void)state;
    check_infer("one_hot", "i64[s0=2,3] 4", "int64[s0, 3, 4]");
    check_infer("one_hot", "i64[2] -1", "!the number of classes would be taken from the data");
    check_infer("one_hot", "f32[2] 4", "!self is float32, expected int32 or int64");
    check_run("one_hot", "i64[3]:2,0,1 3", "0 0 1 1 0 0 0 1 0");
}

static void index_copy(void **state) {
    (void)state;
    check_infer("index_copy", "f32[s0=3,2] 0 i64[2]:0,2 f32[2,2]", "float32[s0, 2]");
    check_infer("index_copy", "f32[3,2] 0 i64[2]:0,2 f32[3,2]", "!a dimension of source is 3, expected 2");
    check_infer("index_copy", "f32[3,2] 0 i64[2]:0,2 i64[2,2]", "!source is int64, expected float32");
    check_run("index_copy", "f32[4] 0 i64[2]:3,0 f32[2]:7,8", "8 1 2 7");
    check_run("index_copy", "f32[2,3] 1 i64[3]:1,1,0 f32[2,3]", "2 1 2 5 4 5");
}

static void scatter_rows(void **state) {
    (void)state;
    check_infer("scatter_rows", "i64[3]:0,0,1 f32[3,s0=2] 4", "float32[4, s0]");
    check_infer("scatter_rows", "i64[2]:0,0 f32[3,2] 4", "!dimension 0 of source is 3, expected 2");
    check_infer("scatter_rows", "i64[1,1]:0 f32[1] 4", "!index has 2 dimensions");
    check_run("scatter_rows", "i64[3]:2,0,2 f32[3,2] 3", "2 3 0 0 4 6");
    check_run("scatter_rows", "i32[2]:1,1 i64[2]:5,-7 2", "0 -2");
}

static void numbers_out_of_range_are_refused(void **state) {
    (void)state;
    static const char *const calls[][2] = {{"index_select", "f32[3] 0 i64[1]:3"},
                                           {"index_select", "f32[3] 0 i64[1]:-1"},
                                           {"gather", "f32[1,3] 1 i64[1,1]:7"},
                                           {"one_hot", "i64[1]:4 4"},
                                           {"index_copy", "f32[3] 0 i64[1]:3 f32[1]"},
                                           {"scatter_rows", "i64[1]:-2 f32[1] 3"}};
    for (size_t k = 0; k < sizeof calls / sizeof *calls; k++) {
        tnn_node *node;
        tnn_error err;
        tnn_tensor out = {0};
        assert_int_equal(op_call(calls[k][0], calls[k][1], &node, &err), TNN_OK);
        assert_int_equal(tnn_graph_run(node->graph, op_inputs(), &out, &err), TNN_ERR_INVALID);
        assert_non_null(strstr(err.message, "is out of range for size"));
    }
}

static void places(void **state) {
    (void)state;
    check_run("flip", "f32[2,3] (1)", "2 1 0 5 4 3");
    check_run("flip", "f32[2,3] (0,-1)", "5 4 3 2 1 0");
    check_run("flip", "f32[2] ()", "0 1");
    check_infer("flip", "f32[2,3] (0,0)", "!dimension 0 appears more than once");
    check_infer("tile", "f32[s0=2,3] (2,1)", "float32[2*s0, 3]");
    check_infer("tile", "f32[2] (2,1)", "!dims has 2 entries, self 1 dimensions");
    check_run("tile", "f32[2,2] (2,2)", "0 1 0 1 2 3 2 3 0 1 0 1 2 3 2 3");
    check_run("tile", "f32[2] (0)", "");
}

static void arange(void **state) {
    (void)state;
    check_infer("arange", "0 5 1 @i64", "int64[5]");
    check_infer("arange", "2 9 3 @i64", "int64[3]");
    check_infer("arange", "0.0 1.0 0.3 @f32", "float32[4]");
    check_infer("arange", "0 5 0 @i64", "!step is 0");
    check_infer("arange", "0 5 -1 @i64", "!start 0 does not reach end 5 by steps of -1");
    check_run("arange", "5 0 -2 @i64", "5 3 1");
    check_run("arange", "0.5 2.0 0.5 @f32", "0.5 1 1.5");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(index_select), cmocka_unit_test(gather),       cmocka_unit_test(one_hot),
        cmocka_unit_test(index_copy),   cmocka_unit_test(scatter_rows), cmocka_unit_test(places),
        cmocka_unit_test(arange),       cmocka_unit_test(numbers_out_of_range_are_refused),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    op_end();
    return failed;
}
