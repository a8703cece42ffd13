/* Zip archives: what is read, what is refused, and that damage never does harm. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "make_zip.h"
#include "read/zip.h"

static const tnn_zip_options roomy = {.max_entries = 1000, .max_inflated = 1 << 20};

static tnn_status open_made(const made_zip *made, tnn_arena *arena, tnn_zip **zip, tnn_error *err) {
    return tnn_zip_open(zip, arena, made->bytes, made->size, "a.zip", &roomy, err);
}

/* Opening must fail with this code and a message that has this text in it. */
static void expect_refusal(const made_zip *made, tnn_status code, const char *text) {
    tnn_arena *arena = tnn_arena_new();
    tnn_zip *zip = NULL;
    tnn_error err;
    assert_int_equal(open_made(made, arena, &zip, &err), code);
    assert_non_null(strstr(err.message, text));
    assert_string_equal(err.where, "a.zip");
    assert_null(zip);
    tnn_arena_free(arena);
}

static void expect_text(tnn_zip *zip, const char *name, const char *text) {
    const uint8_t *bytes = NULL;
    tnn_error err;
    const tnn_zip_entry *entry = tnn_zip_find(zip, name);
    assert_non_null(entry);
    assert_int_equal(tnn_zip_read(zip, entry, zip->arena, &bytes, &err), TNN_OK);
    assert_int_equal(entry->size, strlen(text));
    assert_memory_equal(bytes, text, strlen(text));
}

static void make_good(made_zip *made) {
    static char many[3000];
    memset(many, 'x', sizeof many - 1);
    memset(made, 0, sizeof *made);
    zip_add_text(made, "m/version", "6\n");
    zip_add(made, (made_entry){.name = "m/data/big", .data = many, .n_bytes = strlen(many), .deflate = 1});
    zip_add(made, (made_entry){.name = "m/wide", .data = "wide", .n_bytes = 4, .wide = 1, .descriptor = 1});
    zip_add(made, (made_entry){.name = "m/empty", .data = "", .n_bytes = 0, .deflate = 1});
}

static void check_good(const made_zip *made) {
    tnn_arena *arena = tnn_arena_new();
    tnn_zip *zip = NULL;
    tnn_error err;
    const uint8_t *bytes = NULL;
    assert_int_equal(open_made(made, arena, &zip, &err), TNN_OK);
    assert_int_equal(zip->n_entries, 4);
    expect_text(zip, "m/version", "6\n");
    expect_text(zip, "m/wide", "wide");
    expect_text(zip, "m/empty", "");
    const tnn_zip_entry *big = tnn_zip_find(zip, "m/data/big");
    assert_int_equal(tnn_zip_read(zip, big, arena, &bytes, &err), TNN_OK);
    for (size_t i = 0; i < 2999; i++) assert_int_equal(bytes[i], 'x');
    assert_true(big->stored < 100);
    assert_null(tnn_zip_find(zip, "version"));
    assert_string_equal(tnn_zip_find_suffix(zip, "version")->name, "m/version");
    assert_string_equal(tnn_zip_find_suffix(zip, "data/big")->name, "m/data/big");
    assert_null(tnn_zip_find_suffix(zip, "ersion"));
    tnn_arena_free(arena);
}

static void reads_all_kinds(void **state) {
    (void)state;
    made_zip made;
    make_good(&made);
    zip_end(&made, NULL);
    check_good(&made);
    make_good(&made);
    zip_end(&made, "a comment PK\5\6 with a false end");
    check_good(&made);
    make_good(&made);
    zip_end_wide(&made);
    check_good(&made);
}

static void stored_is_not_copied(void **state) {
    (void)state;
    made_zip made = {.size = 0};
    zip_add_text(&made, "a", "payload");
    zip_end(&made, NULL);
    tnn_arena *arena = tnn_arena_new();
    tnn_zip *zip = NULL;
    const uint8_t *bytes = NULL;
    assert_int_equal(open_made(&made, arena, &zip, NULL), TNN_OK);
    assert_int_equal(tnn_zip_read(zip, &zip->entries[0], arena, &bytes, NULL), TNN_OK);
    assert_ptr_equal(bytes, made.bytes + zip->entries[0].offset);
    tnn_arena_free(arena);
}

static void refuses_bad_names(void **state) {
    (void)state;
    static const char *const names[] = {"../a", "a/../b", "a/..", "/a", "a\\b", "a\nb", ".."};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        made_zip made = {.size = 0};
        zip_add_text(&made, names[i], "x");
        zip_end(&made, NULL);
        expect_refusal(&made, TNN_ERR_MALFORMED, "unsafe name");
    }
    made_zip fine = {.size = 0};
    zip_add_text(&fine, "a..b/..c/.d", "x");
    zip_end(&fine, NULL);
    tnn_arena *arena = tnn_arena_new();
    tnn_zip *zip = NULL;
    assert_int_equal(open_made(&fine, arena, &zip, NULL), TNN_OK);
    tnn_arena_free(arena);
}

static void refuses_twins(void **state) {
    (void)state;
    made_zip made = {.size = 0};
    zip_add_text(&made, "a", "1");
    zip_add_text(&made, "a", "2");
    zip_end(&made, NULL);
    expect_refusal(&made, TNN_ERR_MALFORMED, "two entries are called \"a\"");
}

static void refuses_overlap(void **state) {
    (void)state;
    made_zip inner = {.size = 0}, outer = {.size = 0};
    zip_add_text(&inner, "b", "x");
    zip_add(&outer, (made_entry){.name = "a", .data = inner.bytes, .n_bytes = inner.size});
    size_t shift = inner.size;
    zip_add(&outer, (made_entry){.name = "b", .data = "x", .n_bytes = 1, .offset_shift = -(int)shift});
    zip_end(&outer, NULL);
    expect_refusal(&outer, TNN_ERR_MALFORMED, "overlap");
}

static void refuses_contradictions(void **state) {
    (void)state;
    made_zip made = {.size = 0};
    zip_add(&made, (made_entry){.name = "a", .data = "x", .n_bytes = 1, .local_name = "b"});
    zip_end(&made, NULL);
    expect_refusal(&made, TNN_ERR_MALFORMED, "contradicts");

    made_zip shifted = {.size = 0};
    zip_add(&shifted, (made_entry){.name = "a", .data = "x", .n_bytes = 1, .offset_shift = 3});
    zip_end(&shifted, NULL);
    expect_refusal(&shifted, TNN_ERR_MALFORMED, "outside");

    made_zip two_sizes = {.size = 0};
    zip_add(&two_sizes, (made_entry){.name = "a", .data = "x", .n_bytes = 1, .claimed_size = 2});
    zip_end(&two_sizes, NULL);
    expect_refusal(&two_sizes, TNN_ERR_MALFORMED, "two sizes");
}

static void refuses_encryption(void **state) {
    (void)state;
    made_zip made = {.size = 0};
    zip_add(&made, (made_entry){.name = "a", .data = "x", .n_bytes = 1, .flags = 1});
    zip_end(&made, NULL);
    expect_refusal(&made, TNN_ERR_UNSUPPORTED, "\"a\" is encrypted");
}

static void refuses_too_many(void **state) {
    (void)state;
    made_zip made = {.size = 0};
    zip_add_text(&made, "a", "1");
    zip_add_text(&made, "b", "2");
    zip_end(&made, NULL);
    tnn_arena *arena = tnn_arena_new();
    tnn_zip_options options = {.max_entries = 1, .max_inflated = 1};
    tnn_zip *zip = NULL;
    tnn_error err;
    assert_int_equal(tnn_zip_open(&zip, arena, made.bytes, made.size, "a.zip", &options, &err), TNN_ERR_LIMIT);
    assert_string_equal(err.message, "archive has 2 entries, the limit is 1");
    tnn_arena_free(arena);
}

/* The one entry of `made` opens, and reading it fails. */
static void expect_unreadable(const made_zip *made, uint64_t max_inflated, tnn_status code, const char *text) {
    tnn_arena *arena = tnn_arena_new();
    tnn_zip_options options = {.max_entries = 10, .max_inflated = max_inflated};
    tnn_zip *zip = NULL;
    tnn_error err;
    const uint8_t *bytes = NULL;
    assert_int_equal(tnn_zip_open(&zip, arena, made->bytes, made->size, "a.zip", &options, &err), TNN_OK);
    assert_int_equal(tnn_zip_read(zip, &zip->entries[0], arena, &bytes, &err), code);
    assert_non_null(strstr(err.message, text));
    assert_null(bytes);
    tnn_arena_free(arena);
}

static void ignores_checksums(void **state) {
    (void)state;
    made_zip made = {.size = 0};
    zip_add(&made, (made_entry){.name = "a", .data = "hello", .n_bytes = 5, .crc_xor = 1});
    zip_end(&made, NULL);
    expect_unreadable(&made, 0, TNN_ERR_MALFORMED, "is damaged");
    tnn_arena *arena = tnn_arena_new();
    tnn_zip_options options = {.max_entries = 10, .ignore_crc = true};
    tnn_zip *zip = NULL;
    const uint8_t *bytes = NULL;
    assert_int_equal(tnn_zip_open(&zip, arena, made.bytes, made.size, "a.zip", &options, NULL), TNN_OK);
    assert_int_equal(tnn_zip_read(zip, &zip->entries[0], arena, &bytes, NULL), TNN_OK);
    assert_memory_equal(bytes, "hello", 5);
    tnn_arena_free(arena);
}

static void refuses_bombs_and_damage(void **state) {
    (void)state;
    static const char zeros[4000];
    made_entry e = {.name = "a", .data = zeros, .n_bytes = sizeof zeros, .deflate = 1};
    made_zip made = {.size = 0};
    zip_add(&made, e);
    zip_end(&made, NULL);
    expect_unreadable(&made, 3999, TNN_ERR_LIMIT, "inflates to 4000 bytes, the limit has 3999 left");

    made_zip liar = {.size = 0};
    e.claimed_size = 1000000000;
    zip_add(&liar, e);
    zip_end(&liar, NULL);
    expect_unreadable(&liar, UINT64_MAX, TNN_ERR_MALFORMED, "more than compression can give");

    made_zip longer = {.size = 0};
    e.claimed_size = 3999;
    zip_add(&longer, e);
    zip_end(&longer, NULL);
    expect_unreadable(&longer, 1 << 20, TNN_ERR_MALFORMED, "compressed data is damaged");

    made_zip crc = {.size = 0};
    e.claimed_size = 0;
    e.crc_xor = 1;
    zip_add(&crc, e);
    zip_end(&crc, NULL);
    expect_unreadable(&crc, 1 << 20, TNN_ERR_MALFORMED, "\"a\" is damaged: its CRC is");

    made_zip method = {.size = 0};
    zip_add(&method, (made_entry){.name = "a", .data = "x", .n_bytes = 1, .method = 12});
    zip_end(&method, NULL);
    expect_unreadable(&method, 1 << 20, TNN_ERR_UNSUPPORTED, "method 12");
}

/* Open `size` bytes in a block of their own, so that the sanitizer sees a step past the end, and read all. */
static void try_bytes(const uint8_t *bytes, size_t size) {
    uint8_t *copy = malloc(size == 0 ? 1 : size);
    memcpy(copy, bytes, size);
    tnn_arena *arena = tnn_arena_new();
    tnn_zip *zip = NULL;
    const uint8_t *out = NULL;
    if (tnn_zip_open(&zip, arena, copy, size, "a.zip", &roomy, NULL) == TNN_OK) {
        for (size_t i = 0; i < zip->n_entries; i++) tnn_zip_read(zip, &zip->entries[i], arena, &out, NULL);
    }
    tnn_arena_free(arena);
    free(copy);
}

static void survives_truncation(void **state) {
    (void)state;
    made_zip made;
    make_good(&made);
    zip_end_wide(&made);
    for (size_t size = 0; size < made.size; size++) {
        tnn_arena *arena = tnn_arena_new();
        tnn_zip *zip = NULL;
        assert_int_not_equal(tnn_zip_open(&zip, arena, made.bytes, size, "a.zip", &roomy, NULL), TNN_OK);
        tnn_arena_free(arena);
        try_bytes(made.bytes, size);
    }
}

static void survives_bit_flips(void **state) {
    (void)state;
    made_zip made;
    make_good(&made);
    zip_end_wide(&made);
    for (size_t bit = 0; bit < made.size * 8; bit++) {
        made.bytes[bit / 8] ^= (uint8_t)(1u << (bit % 8));
        try_bytes(made.bytes, made.size);
        made.bytes[bit / 8] ^= (uint8_t)(1u << (bit % 8));
    }
}

static void survives_lack_of_memory(void **state) {
    (void)state;
    made_zip made;
    make_good(&made);
    zip_end(&made, NULL);
    tnn_status status = TNN_ERR_NOMEM;
    for (size_t k = 1; status != TNN_OK; k++) {
        tnn_arena *arena = tnn_arena_new();
        tnn_zip *zip = NULL;
        const uint8_t *out = NULL;
        tnn_alloc_fail_after(k);
        status = open_made(&made, arena, &zip, NULL);
        if (status == TNN_OK) status = tnn_zip_read(zip, tnn_zip_find(zip, "m/data/big"), arena, &out, NULL);
        tnn_alloc_fail_after(0);
        assert_true(status == TNN_OK || status == TNN_ERR_NOMEM);
        tnn_arena_free(arena);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_all_kinds),        cmocka_unit_test(stored_is_not_copied),
        cmocka_unit_test(refuses_bad_names),      cmocka_unit_test(refuses_twins),
        cmocka_unit_test(refuses_overlap),        cmocka_unit_test(refuses_contradictions),
        cmocka_unit_test(refuses_encryption),     cmocka_unit_test(refuses_too_many),
        cmocka_unit_test(refuses_bombs_and_damage), cmocka_unit_test(ignores_checksums), cmocka_unit_test(survives_truncation),
        cmocka_unit_test(survives_bit_flips),     cmocka_unit_test(survives_lack_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
