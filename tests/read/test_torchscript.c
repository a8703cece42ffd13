/* TorchScript archives, made by hand so that any part of them can be broken. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "ir/graph.h"
#include "make_zip.h"
#include "read/torchscript_graph.h"

static const char program[] =
    "class M(Module):\n"
    "  __parameters__ = [\"w\", ]\n"
    "  w : Tensor\n"
    "  child : __torch__.N\n"
    "  def forward(self: __torch__.M, x: Tensor, k: int=2) -> Dict[str, Tensor]:\n"
    "    w = self.w\n"
    "    y = (self.child).forward(torch.linear(x, w), )\n"
    "    return {\"sum\": torch.add(y, k), \"y\": y}\n"
    "  def other(self: __torch__.M, x: Tensor) -> Tensor:\n"
    "    return torch.relu(x)\n"
    "class N(Module):\n"
    "  n : int\n"
    "  def forward(self: __torch__.N, x: Tensor) -> Tensor:\n"
    "    return torch.mul(x, self.n)\n";

/* An M with the attributes w, a tensor [3,4], and child, an N whose n is 5. */
#define OBJECTS                                                                                    \
    "\x80\x02" "c__torch__\nM\n)\x81}(X\x01\0\0\0wctorch._utils\n_rebuild_tensor_v2\n((X\x07\0\0\0storagectorch\n" \
    "FloatStorage\nX\x01\0\0\0" "0X\x03\0\0\0cpuK\x0ctQK\0(K\x03K\x04t(K\x04K\x01t\x89" "ccollections\nOrderedDict\n)" \
    "RtRX\x05\0\0\0childc__torch__\nN\n)\x81}(X\x01\0\0\0nK\x05ubub."

static const float numbers[12] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};

static made_zip zip;

static void begin(const char *code) {
    memset(&zip, 0, sizeof zip);
    zip_add_text(&zip, "m/code/__torch__.py", code);
}

static void finish(const char *version, const void *objects, size_t n_bytes) {
    zip_add(&zip, (made_entry){.name = "m/data.pkl", .data = objects, .n_bytes = n_bytes});
    zip_add(&zip, (made_entry){.name = "m/data/0", .data = numbers, .n_bytes = sizeof numbers});
    zip_add(&zip, (made_entry){.name = "m/constants.pkl", .data = "\x80\x02).", .n_bytes = 4});
    zip_add_text(&zip, "m/version", version);
    zip_end(&zip, NULL);
}

static void make(const char *code) {
    begin(code);
    finish("3\n", OBJECTS, sizeof OBJECTS - 1);
}

static tnn_status load(const tnn_load_options *options, tnn_model **model, tnn_lacks *lacks, tnn_error *err) {
    tnn_torchscript archive;
    tnn_file *file = NULL;
    bool is = false;
    *model = NULL;
    tnn_status status = tnn_file_from_bytes(&file, "dir/m.pt", zip.bytes, zip.size, err);
    if (status != TNN_OK) return status;
    status = tnn_torchscript_open(&archive, file, options, &is, err);
    if (status == TNN_OK && is) status = tnn_torchscript_to_model(model, &archive, options, NULL, lacks, err);
    tnn_torchscript_close(&archive);
    tnn_file_free(file);
    return status;
}

static const tnn_input_spec two_by_four = {.rank = 2, .dims = {2, 4}};

static tnn_load_options options_with(const tnn_input_spec *inputs, size_t n) {
    tnn_load_options options = tnn_load_options_default();
    options.inputs = inputs;
    options.n_inputs = n;
    return options;
}

static void expect_error(const tnn_load_options *options, tnn_status code, const char *where, const char *message) {
    tnn_model *model;
    tnn_error err = {.message = ""};
    assert_int_equal(load(options, &model, NULL, &err), code);
    assert_null(model);
    if (!strstr(err.where, where) || !strstr(err.message, message))
        fail_msg("found \"%s: %s\", expected \"%s: %s\"", err.where, err.message, where, message);
}

static void reads_modules(void **state) {
    (void)state;
    tnn_load_options options = options_with(&two_by_four, 1);
    tnn_model *model;
    tnn_error err;
    tnn_strbuf text = {0};
    make(program);
    assert_int_equal(load(&options, &model, NULL, &err), TNN_OK);
    tnn_graph_print(&text, model->graphs[0]);
    assert_string_equal(text.data, "input %x: float32[2, 4]\n"
                                   "const %w: float32[3, 4]\n"
                                   "%linear: float32[2, 3] = linear(%x, %w)\n"
                                   "%mul: float32[2, 3] = mul(%linear, 5)  # child\n"
                                   "%add: float32[2, 3] = add(%mul, 2)\n"
                                   "output %add as \"sum\"\n"
                                   "output %mul as \"y\"\n");
    assert_true(model->graphs[0]->first->outputs[0]->users[0]->source.line == 14);
    tnn_strbuf_free(&text);
    tnn_graph_model_free(model);
}

/* A number is given as the one size of an input of its name. */
static void takes_numbers(void **state) {
    (void)state;
    const tnn_input_spec inputs[] = {two_by_four, {.name = "k", .rank = 1, .dims = {9}}};
    tnn_load_options options = options_with(inputs, 2);
    tnn_model *model;
    tnn_error err;
    make(program);
    if (load(&options, &model, NULL, &err) != TNN_OK) fail_msg("%s: %s", err.where, err.message);
    assert_int_equal(tnn_arg_int(tnn_node_arg(model->graphs[0]->last, "other")), 9);
    tnn_graph_model_free(model);
    options.method = "other";
    options.n_inputs = 1;
    assert_int_equal(load(&options, &model, NULL, &err), TNN_OK);
    assert_string_equal(model->graphs[0]->last->op->name, "relu");
    tnn_graph_model_free(model);
}

static void refuses_inputs(void **state) {
    (void)state;
    const tnn_input_spec named[] = {{.name = "z", .rank = 1, .dims = {1}}, two_by_four};
    tnn_load_options none = options_with(NULL, 0), wrong = options_with(named, 2);
    make(program);
    expect_error(&none, TNN_ERR_INVALID, "m.pt", "which shape input \"x\" has");
    expect_error(&wrong, TNN_ERR_INVALID, "m.pt", "no input \"z\"; it has: x");
    none.method = "backward";
    expect_error(&none, TNN_ERR_INVALID, "m.pt", "no method \"backward\"; it has: forward, other");
}

static void refuses_archives(void **state) {
    (void)state;
    tnn_load_options options = options_with(&two_by_four, 1);
    begin(program);
    finish("11\n", OBJECTS, sizeof OBJECTS - 1);
    expect_error(&options, TNN_ERR_UNSUPPORTED, "dir/m.pt", "version 11, tinynn reads 1 to 10");
    begin(program);
    zip_add_text(&zip, "m/byteorder", "big");
    finish("3", OBJECTS, sizeof OBJECTS - 1);
    expect_error(&options, TNN_ERR_UNSUPPORTED, "dir/m.pt", "byteorder is \"big\"");
    begin(program);
    finish("3", "\x80\x02K\x01.", 5);
    expect_error(&options, TNN_ERR_MALFORMED, "m.pt", "the model is no module");
    begin(program);
    finish("3", "\x80\x02" "c__torch__\nQ\n)\x81}b.", 20);
    expect_error(&options, TNN_ERR_MALFORMED, "m.pt", "no class __torch__.Q");
    begin(program);
    finish("3", "\x80\x02" "cos\nsystem\n)\x81.", 17);
    expect_error(&options, TNN_ERR_UNSUPPORTED, "m/data.pkl", "\"os.system\"");
    make("class M(Module):\n  def forward(self, x)\n");
    expect_error(&options, TNN_ERR_MALFORMED, "code/__torch__.py", "line 2: found");
}

/* The place in the program stands before the message. */
static void names_lines(void **state) {
    (void)state;
    tnn_load_options options = options_with(&two_by_four, 1);
    make("class N(Module):\n  pass\nclass M(Module):\n  def forward(self, x: Tensor) -> Tensor:\n"
         "    y = torch.relu(x)\n    return torch.linear(y, y, y, y)\n");
    expect_error(&options, TNN_ERR_INVALID, "m.pt: code/__torch__.py:6", "linear");
    make("class N(Module):\n  pass\nclass M(Module):\n  def forward(self, x: Tensor) -> Tensor:\n"
         "    n = 1\n    while torch.gt(n, 0):\n      n = torch.add(n, 1)\n    return x\n");
    options.max_steps = 5000;
    expect_error(&options, TNN_ERR_LIMIT, "m.pt: code/__torch__.py", "more than 5000 steps");
    make("class N(Module):\n  pass\nclass M(Module):\n  def forward(self, x: Tensor) -> Tensor:\n"
         "    return (self).forward(x, )\n");
    expect_error(&options, TNN_ERR_LIMIT, "m.pt: code/__torch__.py:5", "nested more than");
}

static void lists_lacks(void **state) {
    (void)state;
    tnn_load_options options = options_with(&two_by_four, 1);
    tnn_model *model;
    tnn_lacks lacks = {0};
    tnn_error err;
    make("class N(Module):\n  pass\nclass M(Module):\n  def forward(self, x: Tensor) -> Tensor:\n"
         "    y = torch.no_such(x)\n    z = ops.mkldnn.linear(torch.relu(y))\n    a, b, = torch.split(z, 2)\n"
         "    if torch.gt(torch.dim(a), 2):\n      c = torch.neither(a)\n    else:\n      c = torch.cat([a, b])\n"
         "    for i in range(torch.size(c, 0)):\n      d = torch.no_such(c)\n"
         "    if False:\n      e = torch.never(x)\n    return torch.add(c, 1)\n");
    assert_int_equal(load(&options, &model, &lacks, &err), TNN_ERR_UNSUPPORTED);
    assert_int_equal(lacks.n, 4);
    assert_string_equal(lacks.items[0].op, "aten.no_such");
    assert_string_equal(lacks.items[0].source, "code/__torch__.py:5");
    assert_string_equal(lacks.items[1].op, "mkldnn.linear");
    assert_non_null(strstr(lacks.items[1].reason, "one backend only"));
    assert_string_equal(lacks.items[2].op, "aten.neither");
    assert_non_null(strstr(lacks.items[2].reason, "may not run"));
    assert_string_equal(lacks.items[3].op, "aten.no_such");
    tnn_lacks_free(&lacks);
}

static const char lacking[] =
    "class M(Module):\n  def forward(self, x: Tensor) -> Tensor:\n    return torch.add(torch.no_such(x), 1)\n";

/* The operator that is lacking stands at byte 0x50. What begins there came from a line that a stack names, what begins at
 * 0x52 from the code of a function. */
static const char debug_lines[] =
    "\x80\x02(X\x18\0\0\0" "FORMAT_WITH_STRING_TABLE(X\x15\0\0\0" "/me/torch/x.py(1): f\n"
    "X\x18\0\0\0" "/home/me/m.py(7): g (h)\nX\x0d\0\0\0" "/home/me/m.pyX\x02\0\0\0" "a\nX\x04\0\0\0" "  b\nt"
    "((K\0((]K\0K\0tK\0K\0tK\0t"
    "(K\x50((](K\0K\x01" "eK\x02K\x05tK\0K\x0atK\x01tq\0"
    "(K\x52((](K\x03K\x04" "eK\x02K\x05tK\x04K\x05tK\x01tq\1tt.";

static void make_with_lines(const void *lines, size_t n_bytes) {
    begin(lacking);
    zip_add(&zip, (made_entry){.name = "m/code/__torch__.py.debug_pkl", .data = lines, .n_bytes = n_bytes});
    finish("3", "\x80\x02" "c__torch__\nM\n)\x81}b.", 20);
}

/* What a lack says of its source, in `out`. */
static void find_source(char out[100]) {
    tnn_load_options options = options_with(&two_by_four, 1);
    tnn_model *model;
    tnn_lacks lacks = {0};
    tnn_error err;
    assert_int_equal(load(&options, &model, &lacks, &err), TNN_ERR_UNSUPPORTED);
    assert_int_equal(lacks.n, 1);
    snprintf(out, 100, "%s", lacks.items[0].source);
    tnn_lacks_free(&lacks);
}

static void names_the_authors_lines(void **state) {
    (void)state;
    char lines[sizeof debug_lines], source[100];
    memcpy(lines, debug_lines, sizeof lines);
    make_with_lines(lines, sizeof lines - 1);
    find_source(source);
    assert_string_equal(source, "me/m.py:7");
    /* Of two that begin there the latter counts. */
    char *last = NULL;
    for (char *at = lines; at + 4 <= lines + sizeof lines - 1; at++) {
        if (memcmp(at, "(K\x52(", 4) == 0) last = at;
    }
    assert_non_null(last);
    last[2] = 0x50;
    make_with_lines(lines, sizeof lines - 1);
    find_source(source);
    assert_string_equal(source, "me/m.py:6: b");
}

/* Lines that are damaged, cut off or missing change nothing but what is said of them. */
static void survives_damaged_lines(void **state) {
    (void)state;
    char lines[sizeof debug_lines], source[100];
    for (size_t i = 0; i < sizeof lines - 1; i++) {
        memcpy(lines, debug_lines, sizeof lines);
        lines[i] = (char)(lines[i] ^ 1 << i % 8);
        make_with_lines(lines, sizeof lines - 1);
        find_source(source);
        make_with_lines(debug_lines, i);
        find_source(source);
        assert_string_equal(source, "code/__torch__.py:3");
    }
}

/* Integers that lie on the storage of floats see no write to those, nor the other way round. */
static void refuses_writes_that_are_missed(void **state) {
    (void)state;
    static const char objects[] =
        "\x80\x02" "c__torch__\nM\n)\x81}(X\x01\0\0\0wctorch._utils\n_rebuild_tensor_v2\n((X\x07\0\0\0storagectorch\n"
        "FloatStorage\nX\x01\0\0\0" "0X\x03\0\0\0cpuK\x0ctQK\0(K\x03K\x04t(K\x04K\x01t\x89" "NtR"
        "X\x01\0\0\0vctorch._utils\n_rebuild_tensor_v2\n((X\x07\0\0\0storagectorch\n"
        "IntStorage\nX\x01\0\0\0" "0X\x03\0\0\0cpuK\x0ctQK\x04(K\x04t(K\x01t\x89" "NtRub.";
    static const char *const writes[] = {"    _ = torch.add_(self.w, 1)\n", "    _ = torch.add_(self.v, 1)\n"};
    tnn_load_options options = options_with(&two_by_four, 1);
    tnn_model *model;
    tnn_error err;
    char code[200];
    for (int i = 0; i < 3; i++) {
        snprintf(code, sizeof code, "class M(Module):\n  def forward(self, x: Tensor) -> Tensor:\n%s"
                 "    return torch.add(torch.add(x, self.v), torch.size(self.w, 0))\n", i == 0 ? "" : writes[i - 1]);
        begin(code);
        finish("3", objects, sizeof objects - 1);
        if (i > 0) {
            expect_error(&options, TNN_ERR_UNSUPPORTED, "m.pt", "shares its storage with others");
            continue;
        }
        if (load(&options, &model, NULL, &err) != TNN_OK) fail_msg("%s: %s", err.where, err.message);
        tnn_graph_model_free(model);
    }
}

/* Any byte of the archive may be another: an error, or a model that verifies, which debug builds check. */
static void survives_damage(void **state) {
    (void)state;
    tnn_load_options options = options_with(&two_by_four, 1);
    tnn_model *model;
    tnn_error err;
    make(program);
    for (size_t i = 0; i < zip.size; i++) {
        static const uint8_t masks[] = {0x01, 0x80, 0xff};
        uint8_t old = zip.bytes[i];
        zip.bytes[i] ^= masks[i % 3];
        tnn_status status = load(&options, &model, NULL, &err);
        assert_int_not_equal(status, TNN_ERR_INTERNAL);
        tnn_graph_model_free(model);
        zip.bytes[i] = old;
    }
}

static void survives_damage_inside(void **state) {
    (void)state;
    tnn_load_options options = options_with(&two_by_four, 1);
    char code[sizeof program], objects[] = OBJECTS;
    tnn_model *model;
    tnn_error err;
    options.max_steps = 20000;
    for (size_t i = 0; i < sizeof program - 1 + sizeof objects - 1; i++) {
        bool in_code = i < sizeof program - 1;
        char *at = in_code ? &code[i] : &objects[i - (sizeof program - 1)];
        memcpy(code, program, sizeof program);
        char old = *at;
        *at = (char)(in_code ? " ()x.1:=\n"[i % 9] : old ^ 1 << i % 8);
        if (*at == '\0' && in_code) *at = 'y';
        begin(code);
        finish("3", objects, sizeof objects - 1);
        assert_int_not_equal(load(&options, &model, NULL, &err), TNN_ERR_INTERNAL);
        tnn_graph_model_free(model);
        *at = old;
    }
}

static void fails_cleanly_without_memory(void **state) {
    (void)state;
    tnn_load_options options = options_with(&two_by_four, 1);
    tnn_model *model = NULL;
    tnn_status status = TNN_ERR_NOMEM;
    make(program);
    for (size_t k = 1; status != TNN_OK; k++) {
        tnn_alloc_fail_after(k);
        status = load(&options, &model, NULL, NULL);
        tnn_alloc_fail_after(0);
        assert_true(status == TNN_OK || status == TNN_ERR_NOMEM);
    }
    tnn_graph_model_free(model);
}

static void lists_lacks_without_memory(void **state) {
    (void)state;
    tnn_load_options options = options_with(&two_by_four, 1);
    tnn_status status = TNN_ERR_NOMEM;
    make_with_lines(debug_lines, sizeof debug_lines - 1);
    for (size_t k = 1; status != TNN_ERR_UNSUPPORTED; k++) {
        tnn_model *model;
        tnn_lacks lacks = {0};
        tnn_alloc_fail_after(k);
        status = load(&options, &model, &lacks, NULL);
        tnn_alloc_fail_after(0);
        assert_true(status == TNN_ERR_UNSUPPORTED || status == TNN_ERR_NOMEM);
        tnn_lacks_free(&lacks);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_modules),   cmocka_unit_test(takes_numbers),
        cmocka_unit_test(refuses_inputs),  cmocka_unit_test(refuses_archives),
        cmocka_unit_test(names_lines),     cmocka_unit_test(lists_lacks),
        cmocka_unit_test(refuses_writes_that_are_missed),
        cmocka_unit_test(names_the_authors_lines), cmocka_unit_test(survives_damaged_lines),
        cmocka_unit_test(survives_damage), cmocka_unit_test(survives_damage_inside),
        cmocka_unit_test(fails_cleanly_without_memory), cmocka_unit_test(lists_lacks_without_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
