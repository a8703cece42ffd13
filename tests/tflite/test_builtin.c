/* The operator list against the schema table: options tables exist and have every option of the signature, with its
 * default and its type. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tflite/builtin.h"
#include "tflite/fbs.h"
#include "tflite/op_version.h"

static const tnn_tfl_row *const rows[] = {
#define X(name) &tnn_tfl_##name,
    TNN_TFL_OPS(X)
#undef X
};
enum { N_ROWS = sizeof rows / sizeof *rows };

static const tnn_fb_table *options_of(const tnn_tfl_row *row) {
    uint8_t member = tnn_fbs_member(&tnn_fbs_BuiltinOptions, row->options);
    if (member != 0) return tnn_fbs_BuiltinOptions.tables[member];
    member = tnn_fbs_member(&tnn_fbs_BuiltinOptions2, row->options);
    return member != 0 ? tnn_fbs_BuiltinOptions2.tables[member] : NULL;
}

static void check_option(const tnn_tfl_row *row, const tnn_schema_arg *arg) {
    const tnn_fb_table *options = options_of(row);
    const tnn_fb_field *field = options != NULL ? tnn_fbs_field(options, arg->name) : NULL;
    if (field == NULL) fail_msg("%s: no option %s in %s", row->op.name, arg->name, row->options);
    assert_true(arg->has_default);
    assert_int_equal(arg->type.list, field->vector);
    assert_int_equal(arg->type.base == TNN_TYPE_FLOAT, field->type == TNN_FB_F32);
    assert_int_equal(arg->type.base == TNN_TYPE_BOOL, field->type == TNN_FB_BOOL);
    if (field->vector) return;
    assert_true(tnn_arg_number(arg->default_value) == field->if_absent);
}

static void test_options_stand_in_the_schema(void **state) {
    (void)state;
    tnn_arena *arena = tnn_arena_new();
    for (size_t i = 0; i < N_ROWS; i++) {
        tnn_schema *schema;
        assert_int_equal(tnn_schema_parse(&schema, arena, rows[i]->op.signature, NULL), TNN_OK);
        assert_string_equal(schema->name, rows[i]->op.name);
        if (rows[i]->options != NULL) assert_non_null(options_of(rows[i]));
        for (size_t k = 0; k < schema->n_args; k++) {
            if (schema->args[k].keyword_only) check_option(rows[i], &schema->args[k]);
            else assert_int_equal(schema->args[k].type.base, TNN_TYPE_TENSOR);
        }
    }
    tnn_arena_free(arena);
}

static void test_codes_have_the_names_of_the_rows(void **state) {
    (void)state;
    for (size_t i = 0; i < N_ROWS; i++) {
        assert_string_equal(tnn_tfl_code_name(rows[i]->op.id), rows[i]->op.name);
        assert_ptr_equal(tnn_tfl_find(rows[i]->op.name), rows[i]);
        assert_ptr_equal(tnn_tfl_row_of(&rows[i]->op), rows[i]);
    }
    assert_null(tnn_tfl_find("RNN"));
    assert_string_equal(tnn_tfl_code_name(206), "STABLEHLO_COMPOSITE");
    assert_null(tnn_tfl_code_name(-1));
    assert_null(tnn_tfl_code_name(1000));
}

static void test_every_version_has_a_runtime(void **state) {
    (void)state;
    for (size_t i = 0; i < N_ROWS; i++) {
        const char *at = rows[i]->runtimes;
        for (int32_t version = 1; *at != '\0'; version++) {
            char text[TNN_RUNTIME_TEXT];
            tnn_tfl_runtime(rows[i], version, text);
            assert_int_equal(text[0] == '\0', *at == '-');
            at += strcspn(at, " ");
            at += strspn(at, " ");
        }
    }
}

static void test_types(void **state) {
    (void)state;
    for (tnn_dtype d = TNN_DTYPE_BOOL; d < TNN_DTYPE_COUNT; d++) assert_int_equal(tnn_tfl_dtype(tnn_tfl_type(d)), d);
    assert_int_equal(tnn_tfl_type(TNN_DTYPE_F32), 0);
    assert_int_equal(tnn_tfl_type(TNN_DTYPE_NONE), -1);
    assert_int_equal(tnn_tfl_dtype(17), TNN_DTYPE_NONE);
    assert_string_equal(tnn_tfl_type_name(17), "INT4");
    assert_null(tnn_tfl_type_name(-1));
    assert_null(tnn_tfl_type_name(23));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_options_stand_in_the_schema),
        cmocka_unit_test(test_codes_have_the_names_of_the_rows),
        cmocka_unit_test(test_every_version_has_a_runtime),
        cmocka_unit_test(test_types),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
