/* FlexBuffer maps, byte by byte. tests/custom reads what is written with the flatbuffers package. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tflite/flexbuffer.h"

static tnn_arena *arena;

static int open_arena(void **state) {
    (void)state;
    arena = tnn_arena_new();
    return arena == NULL ? -1 : 0;
}

static int close_arena(void **state) {
    (void)state;
    tnn_arena_free(arena);
    return 0;
}

static void expect(tnn_flex_entry *entries, size_t n, const uint8_t *bytes, size_t n_bytes) {
    tnn_flex_bytes out;
    tnn_error err;
    assert_int_equal(tnn_flex_map(&out, arena, entries, n, &err), TNN_OK);
    assert_int_equal(out.size, n_bytes);
    assert_memory_equal(out.data, bytes, n_bytes);
}

#define EXPECT(entries, n, ...)                                                                    \
    expect(entries, n, (const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}))

static void nothing(void **state) {
    (void)state;
    EXPECT(NULL, 0, /* keys */ 0, /* map: distance to the keys, width, length */ 0, 1, 0,
           /* root: distance, map, width */ 0, 9 << 2, 1);
}

/* The example of the format's own description: {bar: [1, 2, 3], foo: 100}, but for its vector, which is typed here. */
static void sorts_keys(void **state) {
    (void)state;
    tnn_size sizes[] = {{1, NULL}, {2, NULL}, {3, NULL}};
    tnn_arg foo = tnn_arg_of_int(100), bar = tnn_arg_of_sizes(sizes, 3);
    tnn_flex_entry entries[] = {{"foo", &foo}, {"bar", &bar}};
    EXPECT(entries, 2, 'b', 'a', 'r', 0, 3, 1, 2, 3, 'f', 'o', 'o', 0, /* keys */ 2, 13, 6,
           /* map */ 2, 1, 2, 13, 100, 11 << 2, 1 << 2, /* root */ 4, 9 << 2, 1);
}

/* A number of two bytes makes all of the map two bytes wide, and begins it at an even place. */
static void widens(void **state) {
    (void)state;
    tnn_arg n = tnn_arg_of_int(-300), yes = tnn_arg_of_bool(true);
    tnn_flex_entry entries[] = {{"n", &n}, {"y", &yes}};
    EXPECT(entries, 2, 'n', 0, 'y', 0, /* keys */ 2, 5, 4, /* even */ 0, /* map */ 3, 0, 1, 0, 2, 0, 0xd4, 0xfe, 1, 0,
           1 << 2 | 1, 26 << 2 | 1, /* root */ 6, 9 << 2 | 1, 1);
}

static void texts(void **state) {
    (void)state;
    const char *items[] = {"ab", ""};
    tnn_arg list = {.kind = TNN_ARG_STRINGS, .n = 2, .as.texts = items};
    tnn_flex_entry entries[] = {{"s", &list}};
    EXPECT(entries, 1, 's', 0, 2, 'a', 'b', 0, 0, 0, /* vector */ 2, 6, 3, 5 << 2, 5 << 2, /* keys */ 1, 14,
           /* map */ 1, 1, 1, 9, 10 << 2, /* root */ 2, 9 << 2, 1);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, open_arena, close_arena)

int main(void) {
    const struct CMUnitTest tests[] = {TEST(nothing), TEST(sorts_keys), TEST(widens), TEST(texts)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
