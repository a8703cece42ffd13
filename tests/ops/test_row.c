/* The table of rows, slots, appending. */
#include "op_fixture.h"

#include <stdio.h>

#include "base/alloc.h"
#include "ops/composites.h"

static void rows_stand_where_their_ids_say(void **state) {
    (void)state;
    for (size_t i = 0; i < TNN_OP_COUNT; i++) {
        const tnn_op_row *row = tnn_op_rows[i];
        size_t length = strlen(row->op.name);
        assert_int_equal(row->op.id, i);
        assert_int_equal(row->op.list, TNN_OPLIST_ATEN);
        assert_true(row->infer && row->kernel);
        assert_true(strncmp(row->op.signature, row->op.name, length) == 0 && row->op.signature[length] == '(');
        assert_ptr_equal(tnn_op_find(row->op.name), row);
        assert_ptr_equal(tnn_op_row_of(&row->op), row);
    }
    for (size_t i = 0; i < TNN_COMPOSITE_COUNT; i++) {
        assert_int_equal(tnn_composite_rows[i]->op.id, i);
        assert_non_null(tnn_composite_rows[i]->infer);
        assert_null(tnn_op_row_of(&tnn_composite_rows[i]->op));
        assert_null(tnn_op_find(tnn_composite_rows[i]->op.name));
    }
    assert_null(tnn_op_find("conv2d"));
    assert_null(tnn_composite_find("relu"));
}

static void the_longer_spelling_wins(void **state) {
    (void)state;
    const tnn_spelling_row *row;
    for (size_t i = 0; (row = tnn_spelling_at(i)) != NULL; i++) {
        char name[128];
        snprintf(name, sizeof name, "%s", row->name);
        char *dot = strchr(name, '.');
        if (dot) *dot = '\0';
        const tnn_spelling_row *found = tnn_spelling_find(name, dot ? dot + 1 : NULL);
        assert_ptr_equal(found, row);
        if (!dot) assert_non_null(tnn_spelling_find(name, "no_such_overload"));
    }
}

static void slots_count_lists_and_absent_tensors(void **state) {
    (void)state;
    tnn_node *node;
    tnn_error err;
    assert_int_equal(op_call("cat", "{f32[1] f32[2] $}", &node, &err), TNN_OK);
    assert_int_equal(tnn_node_n_operands(node), 3);
    assert_ptr_equal(tnn_node_operand(node, 2), node->graph->inputs[1]);
    assert_int_equal(tnn_node_set_operand(node, 2, node->graph->inputs[0], &err), TNN_OK);
    assert_ptr_equal(tnn_node_operand(node, 2), node->graph->inputs[0]);
    assert_ptr_equal(tnn_node_operand(node, 1), node->graph->inputs[1]);
    assert_int_equal(node->graph->inputs[1]->n_users, 1);

    assert_int_equal(op_call("linear", "f32[2] f32[3,2] none", &node, &err), TNN_OK);
    assert_int_equal(tnn_node_n_operands(node), 3);
    assert_null(tnn_node_operand(node, 2));

    assert_int_equal(op_call("add", "2 f32[3]", &node, &err), TNN_OK);
    assert_int_equal(tnn_node_n_operands(node), 2);
    assert_null(tnn_node_operand(node, 0));
    assert_int_equal(tnn_node_set_operand(node, 1, node->graph->inputs[0], &err), TNN_OK);
    op_end();
}

static void a_refused_call_leaves_the_graph_alone(void **state) {
    (void)state;
    tnn_node *node;
    tnn_error err;
    assert_int_equal(op_call("relu", "bool[2]", &node, &err), TNN_ERR_INVALID);
    assert_null(node);
    assert_int_equal(op_model()->graphs[0]->n_nodes, 0);
    assert_int_equal(op_call("relu", "f32[2] 1 2", &node, &err), TNN_ERR_INVALID);
    assert_string_equal(err.message, "relu: 3 arguments, expected at most 1");
    op_end();
}

/* The arena takes a new block now and then: append until that fails. */
static void appending_without_memory_fails_cleanly(void **state) {
    (void)state;
    tnn_node *node, *more;
    tnn_error err;
    tnn_status status;
    status = op_call("convolution", "f32[1,2,s0=8] f32[3,2,3] none (2) (1) (1) false (0) 1", &node, &err);
    assert_int_equal(status, TNN_OK);
    for (size_t k = 1; k < 6; k++) {
        size_t n_nodes;
        tnn_alloc_fail_after(k);
        do {
            n_nodes = node->graph->n_nodes;
            status = tnn_op_append(&more, node->graph, NULL, node->op, node->args, node->schema->n_args, NULL, &err);
        } while (status == TNN_OK);
        tnn_alloc_fail_after(0);
        assert_int_equal(status, TNN_ERR_NOMEM);
        assert_in_range(node->graph->n_nodes, n_nodes, n_nodes + 1);
    }
    op_end();
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_stand_where_their_ids_say),
        cmocka_unit_test(the_longer_spelling_wins),
        cmocka_unit_test(slots_count_lists_and_absent_tensors),
        cmocka_unit_test(appending_without_memory_fails_cleanly),
        cmocka_unit_test(a_refused_call_leaves_the_graph_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
