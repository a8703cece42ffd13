/* What files of torch.save are said to hold. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "read/listing.h"

#define TENSOR                                                                                     \
    "ctorch._utils\n_rebuild_tensor_v2\n((U\7storagectorch\nFloatStorage\nU\1" "0U\3cpuK\14tQK\0"  \
    "K\2K\3\x86K\3K\1\x86\x89)tR"
#define MODULE(class, parameters, modules)                                                         \
    "c" class ")\x81}(U\13_parameters}(" parameters "uU\10_modules}(" modules "uub"

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

static tnn_listing list(const void *bytes, size_t size) {
    tnn_listing listing = {.arena = NULL};
    tnn_error err = {.message = ""};
    bool found = false;
    tnn_status status = tnn_listing_of_bytes(&listing, &found, arena, bytes, size, "m.pt", &err);
    assert_string_equal(status == TNN_OK ? "" : err.message, "");
    assert_true(found);
    return listing;
}

#define LIST(text) list("\x80\2" text ".", sizeof("\x80\2" text ".") - 1)

static void expect_names(const tnn_listing *listing, size_t n, const char *const *names) {
    assert_int_equal(listing->n_tensors, n);
    for (size_t i = 0; i < n; i++) assert_string_equal(listing->tensors[i].name, names[i]);
}

#define NAMES(...) sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *), (const char *const[]){__VA_ARGS__}

static void knows_dicts(void **state) {
    (void)state;
    tnn_listing dict = LIST("}(U\1w" TENSOR "U\1b" TENSOR "u");
    assert_int_equal(dict.kind, TNN_LISTING_STATE_DICT);
    assert_int_equal(dict.n_bytes, 48);
    expect_names(&dict, NAMES("w", "b"));
    tnn_listing checkpoint = LIST("}(U\5epochK\3U\1m}U\1w" TENSOR "sU\1o}K\0](" TENSOR TENSOR "esu");
    assert_int_equal(checkpoint.kind, TNN_LISTING_DICT);
    assert_string_equal(checkpoint.keys, "epoch, m, o");
    expect_names(&checkpoint, NAMES("m.w", "o.0.0", "o.0.1"));
}

static void knows_modules(void **state) {
    (void)state;
    tnn_listing module = LIST(MODULE("a.b\nNet\n", "U\1w" TENSOR "U\1nN", "U\2fc" MODULE("x\nY\n", "U\1b" TENSOR, "")));
    assert_int_equal(module.kind, TNN_LISTING_MODULE);
    assert_string_equal(module.class_name, "a.b.Net");
    expect_names(&module, NAMES("w", "fc.b"));
    tnn_listing object = LIST("ca\nThing\n)\x81}U\1t" TENSOR "sb");
    assert_int_equal(object.kind, TNN_LISTING_OBJECT);
    assert_string_equal(object.class_name, "a.Thing");
    expect_names(&object, NAMES("t"));
    tnn_listing tensor = LIST(TENSOR);
    assert_int_equal(tensor.kind, TNN_LISTING_TENSOR);
    expect_names(&tensor, NAMES(""));
}

/* A cycle ends at the depth, lists that hold the one before twice at the number of steps. */
static void bounds_the_walk(void **state) {
    (void)state;
    tnn_listing cycle = LIST("]q\0(" TENSOR "h\0e");
    assert_true(cycle.cut);
    assert_in_range(cycle.n_tensors, 1, 64);
    char deep[600] = "\x80\2" TENSOR;
    size_t size = sizeof("\x80\2" TENSOR) - 1;
    for (int i = 0; i < 60; i++) {
        memcpy(deep + size, "2\x86", 2);
        size += 2;
    }
    deep[size++] = '.';
    tnn_listing bomb = list(deep, size);
    assert_true(bomb.cut);
    assert_int_equal(bomb.kind, TNN_LISTING_OBJECT);
}

static void tells(void **state) {
    (void)state;
    tnn_error err = {.message = ""};
    tnn_strbuf text = {0}, json = {0};
    tnn_listing dict = LIST("}(U\1a" TENSOR "U\1b" TENSOR "U\1c" TENSOR "U\1d" TENSOR "u");
    assert_int_equal(tnn_listing_refuse(&dict, "m.pt", &err), TNN_ERR_UNSUPPORTED);
    assert_string_equal(err.where, "m.pt");
    assert_non_null(strstr(err.message, "a state dict: 4 tensors (a, b, c, ...), without a program; load it into its "
                                        "module by load_state_dict(), and export that: torch.export.save("));
    tnn_listing_text(&text, &dict, "m.pt", 999);
    assert_non_null(strstr(text.data, "with a state dict, 999 bytes\ntensors: 4, 24 elements, 96 bytes\n  a: float32[2, 3]\n"));
    tnn_listing_json(&json, &dict, "m.pt", 999);
    assert_non_null(strstr(json.data, "{\"name\": \"a\", \"dtype\": \"float32\", \"shape\": [2, 3]}"));
    tnn_strbuf_free(&text);
    tnn_strbuf_free(&json);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(knows_dicts),
        TEST(knows_modules),
        TEST(bounds_the_walk),
        TEST(tells),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
