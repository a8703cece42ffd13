/* Pickles: trees, limits, refusals. The bytes are what Python's pickletools shows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "read/pickle.h"

#define BYTES(text) (text), sizeof(text) - 1

static tnn_arena *arena;

static int setup(void **state) {
    (void)state;
    arena = tnn_arena_new();
    return arena == NULL;
}

static int teardown(void **state) {
    (void)state;
    tnn_arena_free(arena);
    return 0;
}

static tnn_status load(tnn_pickle **out, const void *bytes, size_t size, tnn_error *err) {
    tnn_pickle_options options = tnn_pickle_options_default();
    return tnn_pickle_load(out, arena, bytes, size, "data.pkl", &options, err);
}

static tnn_pickle *expect(tnn_pickle_kind kind, const void *bytes, size_t size) {
    tnn_pickle *tree = NULL;
    tnn_error err = {.message = ""};
    tnn_status status = load(&tree, bytes, size, &err);
    assert_string_equal(status == TNN_OK ? "" : err.message, "");
    assert_int_equal(tree->kind, kind);
    return tree;
}

static void expect_error(tnn_status code, uint64_t position, const char *text, const void *bytes, size_t size) {
    tnn_pickle *tree = NULL;
    tnn_error err;
    assert_int_equal(load(&tree, bytes, size, &err), code);
    assert_non_null(strstr(err.message, text));
    assert_int_equal(err.position, position);
    assert_string_equal(err.where, "data.pkl");
    assert_null(tree);
}

static void reads_scalars(void **state) {
    (void)state;
    expect(TNN_PICKLE_NONE, BYTES("\x80\2N."));
    assert_int_equal(expect(TNN_PICKLE_BOOL, BYTES("\x80\2\x88."))->integer, 1);
    assert_int_equal(expect(TNN_PICKLE_BOOL, BYTES("\x80\2\x89."))->integer, 0);
    assert_int_equal(expect(TNN_PICKLE_INT, BYTES("K\xff."))->integer, 255);
    assert_int_equal(expect(TNN_PICKLE_INT, BYTES("M\xff\xff."))->integer, 65535);
    assert_int_equal(expect(TNN_PICKLE_INT, BYTES("J\xfe\xff\xff\xff."))->integer, -2);
    assert_int_equal(expect(TNN_PICKLE_INT, BYTES("\x8a\0."))->integer, 0);
    assert_int_equal(expect(TNN_PICKLE_INT, BYTES("\x8a\1\x80."))->integer, -128);
    assert_int_equal(expect(TNN_PICKLE_INT, BYTES("\x8a\5\0\0\0\0\1."))->integer, INT64_C(1) << 32);
    assert_true(expect(TNN_PICKLE_INT, BYTES("\x8a\x08\xff\xff\xff\xff\xff\xff\xff\x7f."))->integer == INT64_MAX);
    assert_true(expect(TNN_PICKLE_FLOAT, BYTES("G\x3f\xf8\0\0\0\0\0\0."))->number == 1.5);
    assert_string_equal(expect(TNN_PICKLE_STRING, BYTES("X\3\0\0\0abc."))->text, "abc");
    assert_string_equal(expect(TNN_PICKLE_STRING, BYTES("\x80\4\x95\6\0\0\0\0\0\0\0\x8c\2hi\x94."))->text, "hi");
    assert_int_equal(expect(TNN_PICKLE_BYTES, BYTES("C\3a\0b."))->length, 3);
}

static void reads_containers(void **state) {
    (void)state;
    tnn_pickle *list = expect(TNN_PICKLE_LIST, BYTES("]q\0(K\1K\2e."));
    assert_int_equal(list->n_items, 2);
    assert_int_equal(list->items[1]->integer, 2);
    assert_int_equal(expect(TNN_PICKLE_LIST, BYTES("]K\1aK\2aK\3a."))->n_items, 3);
    assert_int_equal(expect(TNN_PICKLE_TUPLE, BYTES("K\1K\2K\3\x87."))->n_items, 3);
    assert_int_equal(expect(TNN_PICKLE_TUPLE, BYTES("(K\1K\2K\3K\4t."))->items[3]->integer, 4);
    assert_int_equal(expect(TNN_PICKLE_TUPLE, BYTES(")."))->n_items, 0);
    assert_int_equal(expect(TNN_PICKLE_SET, BYTES("\x8f(K\1K\2\x90."))->n_items, 2);
    tnn_pickle *dict = expect(TNN_PICKLE_DICT, BYTES("}(U\1aK\5U\1bK\6uU\1cK\7s."));
    assert_int_equal(dict->n_items, 6);
    assert_int_equal(tnn_pickle_get(dict, "b")->integer, 6);
    assert_int_equal(tnn_pickle_get(dict, "c")->integer, 7);
    assert_null(tnn_pickle_get(dict, "d"));
    assert_null(tnn_pickle_get(list, "a"));
}

static void memo_shares(void **state) {
    (void)state;
    tnn_pickle *tuple = expect(TNN_PICKLE_TUPLE, BYTES("]q\0K\7ah\0\x86."));
    assert_ptr_equal(tuple->items[0], tuple->items[1]);
    tuple = expect(TNN_PICKLE_TUPLE, BYTES("\x80\4]\x94]\x94h\0h\1\x86\x87."));
    assert_ptr_equal(tuple->items[2]->items[0], tuple->items[0]);
}

static void reads_what_torch_writes(void **state) {
    (void)state;
    tnn_pickle *tensor = expect(TNN_PICKLE_REDUCE,
        BYTES("\x80\2ctorch._utils\n_rebuild_tensor_v2\nq\0((X\7\0\0\0storageq\1ctorch\nFloatStorage\nq\2X\1\0\0\0"
              "0q\3X\3\0\0\0cpuq\4K\6tq\5QK\0K\2K\3\x86q\6K\3K\1\x86q\7\x89"
              "ccollections\nOrderedDict\nq\x08)Rq\x09tq\x0aRq\x0b."));
    assert_true(tnn_pickle_calls(tensor, "torch._utils._rebuild_tensor_v2"));
    assert_int_equal(tensor->args->n_items, 6);
    tnn_pickle *storage = tensor->args->items[0];
    assert_int_equal(storage->kind, TNN_PICKLE_PERSISTENT);
    assert_string_equal(storage->args->items[1]->text, "torch.FloatStorage");
    assert_int_equal(tensor->args->items[2]->items[1]->integer, 3);
    assert_int_equal(tensor->args->items[5]->kind, TNN_PICKLE_DICT);

    tnn_pickle *dict = expect(TNN_PICKLE_DICT, BYTES("ccollections\nOrderedDict\n)R(U\1wK\1u}U\1mK\2sb."));
    assert_int_equal(tnn_pickle_get(dict, "w")->integer, 1);
    assert_int_equal(tnn_pickle_get(dict->state, "m")->integer, 2);
    dict = expect(TNN_PICKLE_DICT, BYTES("ccollections\nOrderedDict\n]](U\1wK\1ea\x85R."));
    assert_int_equal(tnn_pickle_get(dict, "w")->integer, 1);
    assert_string_equal(expect(TNN_PICKLE_GLOBAL, BYTES("\x80\4\x8c\5torch\x8c\7" "float32\x93."))->text,
                        "torch.float32");
}

static void refuses_code(void **state) {
    (void)state;
    expect_error(TNN_ERR_UNSUPPORTED, 2, "mentions \"os.system\"", BYTES("\x80\2cos\nsystem\nU\2ls\x85R."));
    expect_error(TNN_ERR_UNSUPPORTED, 0, "\"builtins.eval\"", BYTES("cbuiltins\neval\nU\1" "1\x85R."));
    expect_error(TNN_ERR_UNSUPPORTED, 15, "\"posix.system\"", BYTES("\x8c\5posix\x8c\6system\x93."));
    expect_error(TNN_ERR_UNSUPPORTED, 0, "\"torch.load\"", BYTES("ctorch\nload\nU\1x\x85R."));
    expect_error(TNN_ERR_MALFORMED, 4, "not a global", BYTES("U\1a)R."));
    expect_error(TNN_ERR_UNSUPPORTED, 0, "opcode 0x69", BYTES("ios\nsystem\n."));
    expect_error(TNN_ERR_UNSUPPORTED, 0, "protocol 9", BYTES("\x80\x09N."));
}

static void refuses_damage(void **state) {
    (void)state;
    expect_error(TNN_ERR_MALFORMED, 0, "ends inside", BYTES(""));
    expect_error(TNN_ERR_MALFORMED, 0, "operands", BYTES("0."));
    expect_error(TNN_ERR_MALFORMED, 0, "other than one object", BYTES("."));
    expect_error(TNN_ERR_MALFORMED, 2, "other than one object", BYTES("NN."));
    expect_error(TNN_ERR_MALFORMED, 0, "needs a mark", BYTES("t."));
    expect_error(TNN_ERR_MALFORMED, 2, "needs more items", BYTES("N(\x85."));
    expect_error(TNN_ERR_MALFORMED, 3, "without a value", BYTES("}(Nu."));
    expect_error(TNN_ERR_MALFORMED, 2, "not a list", BYTES(")Na."));
    expect_error(TNN_ERR_MALFORMED, 0, "nothing at this index", BYTES("h\5."));
    expect_error(TNN_ERR_MALFORMED, 1, "memo index", BYTES("Nr\xff\xff\xff\x7f."));
    expect_error(TNN_ERR_MALFORMED, 0, "reaches past the end", BYTES("X\xff\xff\xff\xff" "a."));
    expect_error(TNN_ERR_MALFORMED, 0, "reaches past the end", BYTES("\x8d\xff\xff\xff\xff\xff\xff\xff\xff" "a."));
    expect_error(TNN_ERR_MALFORMED, 0, "holds a NUL", BYTES("U\3a\0b."));
    expect_error(TNN_ERR_MALFORMED, 0, "no end", BYTES("ctorch."));
    expect_error(TNN_ERR_LIMIT, 0, "integer of 9 bytes", BYTES("\x8a\x09\0\0\0\0\0\0\0\0\1."));
}

static void refuses_cycles(void **state) {
    (void)state;
    expect_error(TNN_ERR_UNSUPPORTED, TNN_NO_POSITION, "contains itself", BYTES("]q\0h\0a."));
    expect_error(TNN_ERR_UNSUPPORTED, TNN_NO_POSITION, "contains itself", BYTES("]q\0}U\1ah\0sa."));
}

/* Nesting counts through shared objects too. */
static void limits_depth(void **state) {
    (void)state;
    for (int levels = 199; levels <= 201; levels++) {
        uint8_t bytes[1000];
        size_t n = 0;
        bytes[n++] = ']';
        for (int i = 1; i < levels; i++) bytes[n++] = 0x85;
        bytes[n++] = '.';
        tnn_pickle *tree = NULL;
        tnn_error err;
        assert_int_equal(load(&tree, bytes, n, &err), levels <= 200 ? TNN_OK : TNN_ERR_LIMIT);
    }
    /* Met as a shallow object first, then below 150 tuples: 300 in all. */
    uint8_t bytes[1000];
    size_t n = 0;
    bytes[n++] = ']';
    for (int i = 0; i < 149; i++) bytes[n++] = 0x85;
    bytes[n++] = 'q', bytes[n++] = 0, bytes[n++] = 'h', bytes[n++] = 0;
    for (int i = 0; i < 150; i++) bytes[n++] = 0x85;
    bytes[n++] = 0x86, bytes[n++] = '.';
    tnn_pickle *tree = NULL;
    assert_int_equal(load(&tree, bytes, n, NULL), TNN_ERR_LIMIT);
}

static void limits_objects(void **state) {
    (void)state;
    tnn_pickle_options options = {.max_depth = 10, .max_objects = 4};
    tnn_pickle *tree = NULL;
    tnn_error err;
    assert_int_equal(tnn_pickle_load(&tree, arena, BYTES("]NaNa."), "p", &options, &err), TNN_ERR_LIMIT);
    options.max_objects = 5;
    assert_int_equal(tnn_pickle_load(&tree, arena, BYTES("]NaNa."), "p", &options, &err), TNN_OK);
}

static const char whole[] =
    "\x80\2}q\0(X\1\0\0\0wq\1ctorch._utils\n_rebuild_tensor_v2\nq\2((X\7\0\0\0storageq\3ctorch\nFloatStorage\nq\4X\1"
    "\0\0\0" "0q\5X\3\0\0\0cpuq\6K\6tq\7QK\0K\2K\3\x86q\x08K\3K\1\x86q\x09\x89"
    "ccollections\nOrderedDict\nq\x0a)Rq\x0b" "tq\x0cRq\x0d" "U\1nG\x3f\xf8\0\0\0\0\0\0U\1l](\x8a\1\x80\x88Neu.";

static void try_bytes(const uint8_t *bytes, size_t size) {
    uint8_t *copy = malloc(size == 0 ? 1 : size);
    memcpy(copy, bytes, size);
    tnn_pickle *tree = NULL;
    load(&tree, copy, size, NULL);
    free(copy);
}

static void survives_damage(void **state) {
    (void)state;
    uint8_t bytes[sizeof whole - 1];
    memcpy(bytes, whole, sizeof bytes);
    expect(TNN_PICKLE_DICT, bytes, sizeof bytes);
    for (size_t size = 0; size < sizeof bytes; size++) {
        tnn_pickle *tree = NULL;
        assert_int_not_equal(load(&tree, bytes, size, NULL), TNN_OK);
        try_bytes(bytes, size);
    }
    for (size_t i = 0; i < sizeof bytes; i++) {
        for (unsigned value = 0; value < 256; value++) {
            bytes[i] = (uint8_t)value;
            try_bytes(bytes, sizeof bytes);
        }
        bytes[i] = (uint8_t)whole[i];
    }
}

static void survives_lack_of_memory(void **state) {
    (void)state;
    tnn_status status = TNN_ERR_NOMEM;
    for (size_t k = 1; status != TNN_OK; k++) {
        tnn_arena *own = tnn_arena_new();
        tnn_pickle_options options = tnn_pickle_options_default();
        tnn_pickle *tree = NULL;
        tnn_alloc_fail_after(k);
        status = tnn_pickle_load(&tree, own, whole, sizeof whole - 1, "p", &options, NULL);
        tnn_alloc_fail_after(0);
        assert_true(status == TNN_OK || status == TNN_ERR_NOMEM);
        tnn_arena_free(own);
    }
}

/* What may stay in a tree that is only looked at. */
static void lenient_keeps_all(void **state) {
    (void)state;
    static const char text[] = "cnet\nNet\n)\x81}U\1wNsb.", pair[] = "](K\1e.\x80\2N.", keys[] = "cnet\nNet\n)}\x92.";
    static const char cycle[] = "]q\0h\0a.";
    tnn_pickle_options options = tnn_pickle_options_default();
    tnn_pickle *tree = NULL;
    size_t position = 0;
    options.lenient = true;
    assert_int_equal(tnn_pickle_load(&tree, arena, BYTES(text), "p", &options, NULL), TNN_OK);
    assert_string_equal(tree->callable->text, "net.Net");
    assert_non_null(tnn_pickle_get(tree->state, "w"));
    assert_int_equal(tnn_pickle_load(&tree, arena, BYTES(keys), "p", &options, NULL), TNN_OK);
    assert_int_equal(tnn_pickle_load(&tree, arena, BYTES(cycle), "p", &options, NULL), TNN_OK);
    assert_ptr_equal(tree->items[0], tree);
    assert_int_equal(tnn_pickle_load_at(&tree, arena, BYTES(pair), &position, "p", &options, NULL), TNN_OK);
    assert_int_equal(position, 6);
    assert_int_equal(tnn_pickle_load_at(&tree, arena, BYTES(pair), &position, "p", &options, NULL), TNN_OK);
    assert_int_equal(tree->kind, TNN_PICKLE_NONE);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(reads_scalars),   TEST(reads_containers), TEST(memo_shares),    TEST(reads_what_torch_writes),
        TEST(refuses_code),    TEST(refuses_damage),   TEST(refuses_cycles), TEST(limits_depth),
        TEST(limits_objects),  TEST(survives_damage),  TEST(survives_lack_of_memory),
        TEST(lenient_keeps_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
