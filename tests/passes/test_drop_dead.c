/* Dead nodes go, with what fed only them. */
#include "pass_fixture.h"

#include "passes/passes.h"

static void drops_chains(void **state) {
    (void)state;
    tnn_value *x = make_input("x", DIMS(2, 3)), *used = make_unary("relu", x);
    (void)make_unary("tanh", make_unary("sigmoid", used));
    make_output(used);
    check_pass(tnn_pass_dead, "relu", 0);
    assert_int_equal(used->n_users, 0);
}

static void keeps_what_is_read(void **state) {
    (void)state;
    tnn_value *x = make_input("x", DIMS(2, 3));
    make_output(make_unary("tanh", make_unary("relu", x)));
    make_output(make_unary("neg", x));
    check_pass(tnn_pass_dead, "relu tanh neg", 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {TEST(drops_chains), TEST(keeps_what_is_read)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
