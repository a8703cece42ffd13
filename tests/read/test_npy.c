/* Files of arrays: headers that are read and refused, orders of elements and bytes, and what is written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "make_zip.h"
#include "read/npz.h"

typedef struct made_npy {
    uint8_t bytes[70000];
    size_t size;
} made_npy;

/* Version `major` with this literal, and `n_bytes` of elements behind it. */
static made_npy *make(int major, const char *literal, const void *elems, size_t n_bytes) {
    static made_npy made;
    size_t n = strlen(literal), at = major == 1 ? 10 : 12;
    memcpy(made.bytes, "\x93NUMPY", 6);
    made.bytes[6] = (uint8_t)major;
    made.bytes[7] = 0;
    for (size_t i = 8; i < at; i++) made.bytes[i] = (uint8_t)(n >> (8 * (i - 8)));
    memcpy(made.bytes + at, literal, n);
    if (n_bytes != 0) memcpy(made.bytes + at + n, elems, n_bytes);
    made.size = at + n + n_bytes;
    return &made;
}

static void expect_refusal(const made_npy *made, tnn_status code, const char *text) {
    tnn_npy npy;
    tnn_error err;
    assert_int_equal(tnn_npy_open(&npy, made->bytes, made->size, "a.npy", &err), code);
    assert_string_equal(err.where, "a.npy");
    if (strstr(err.message, text) == NULL) fail_msg("\"%s\" is not in \"%s\"", text, err.message);
}

/* An array of bytes 0 and 1, so that no shape is short of elements. */
static void refuse_literal(const char *literal, tnn_status code, const char *text) {
    expect_refusal(make(1, literal, "\0\1", 2), code, text);
}

static void reads_versions(void **state) {
    (void)state;
    static const int32_t elems[6] = {1, -2, 3, 4, 5, 2000000000};
    for (int major = 1; major <= 3; major++) {
        made_npy *made = make(major, "{'descr': '<i4', 'fortran_order': False, 'shape': (2, 3), }  \n", elems, sizeof elems);
        tnn_npy npy;
        int32_t found[4];
        assert_int_equal(tnn_npy_open(&npy, made->bytes, made->size, "a.npy", NULL), TNN_OK);
        assert_int_equal(npy.dtype, TNN_DTYPE_I32);
        assert_int_equal(npy.rank, 2);
        assert_int_equal(npy.dims[0], 2);
        assert_int_equal(npy.dims[1], 3);
        tnn_npy_read(&npy, 1, 4, found);
        assert_memory_equal(found, elems + 1, sizeof found);
    }
}

static void reads_other_spellings(void **state) {
    (void)state;
    static const char *const literals[] = {
        "{\"shape\":(2,),\"descr\":\"|b1\",\"fortran_order\":True}",
        "  { 'fortran_order' : False , 'shape' : ( 2 , 1 ) , 'descr' : '|u1' , }\n",
        "{'descr': '<i1', 'fortran_order': False, 'shape': (1,2,), }",
        "{'descr': '|i2', 'fortran_order': False, 'shape': (), }",
    };
    for (size_t i = 0; i < 3; i++) {
        made_npy *made = make(1, literals[i], "\0\1", 2);
        tnn_npy npy;
        assert_int_equal(tnn_npy_open(&npy, made->bytes, made->size, "a.npy", NULL), TNN_OK);
        assert_int_equal(npy.n_elems, 2);
    }
    refuse_literal(literals[3], TNN_ERR_MALFORMED, "expected a byte order before the type");
    tnn_npy scalar;
    made_npy *made = make(1, "{'descr': '<i2', 'fortran_order': False, 'shape': (), }", "\2\1", 2);
    assert_int_equal(tnn_npy_open(&scalar, made->bytes, made->size, "a.npy", NULL), TNN_OK);
    assert_int_equal(scalar.rank, 0);
    assert_int_equal(scalar.n_elems, 1);
}

static void refuses_literals(void **state) {
    (void)state;
    static const struct { const char *literal, *text; } cases[] = {
        {"", "expected a dictionary"},
        {"{", "expected a text in quotes"},
        {"{'descr", "expected a closing quote"},
        {"{'descr' '|u1'}", "expected a colon"},
        {"{'descr': '|u1', 'descr': '|u1'", "once each"},
        {"{'colour': '|u1'", "once each"},
        {"{'descr': '|u1', 'shape': (2,)}", "expected the keys"},
        {"{'descr': '|u1' 'shape': (2,)}", "expected a comma"},
        {"{'descr': '|u1', 'fortran_order': 0,", "expected True or False"},
        {"{'shape': 2", "expected a tuple"},
        {"{'shape': (-2,)", "expected a size"},
        {"{'shape': (2)", "expected a comma"},
        {"{'shape': (2 3)", "expected a comma"},
        {"{'shape': (9223372036854775808,)", "a size of 63 bits"},
        {"{'descr': 'u1'", "a byte order"},
        {"{'descr': '|u1', 'fortran_order': False, 'shape': (2,)} x", "nothing behind"},
        {"{'descr': '|u1', 'fortran_order': False, 'shape': (4294967296, 4294967296)}", "too many elements"},
        {"{'descr': '|u1', 'fortran_order': False, 'shape': (3,)}", "2 bytes of elements; the shape needs 3"},
        {"{'descr': '|u1', 'fortran_order': False, 'shape': (1,)}", "2 bytes of elements; the shape needs 1"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        refuse_literal(cases[i].literal, TNN_ERR_MALFORMED, cases[i].text);
    refuse_literal("{'descr': '<U5'", TNN_ERR_UNSUPPORTED, "NumPy's type \"<U5\"");
    refuse_literal("{'descr': '|O'", TNN_ERR_UNSUPPORTED, "NumPy's type \"|O\"");
    refuse_literal("{'descr': '<u4'", TNN_ERR_UNSUPPORTED, "NumPy's type \"<u4\"");
    refuse_literal("{'descr': [('a', '<f4')]", TNN_ERR_UNSUPPORTED, "structures");
    refuse_literal("{'shape': (1,1,1,1,1,1,1,1,1)", TNN_ERR_UNSUPPORTED, "more than 8 dimensions");
}

static void refuses_starts(void **state) {
    (void)state;
    static const char good[] = "{'descr': '|u1', 'fortran_order': False, 'shape': (), }";
    expect_refusal(make(4, good, "", 1), TNN_ERR_UNSUPPORTED, "version 4.0");
    made_npy *made = make(1, good, "", 1);
    made->bytes[0] = 0;
    expect_refusal(made, TNN_ERR_MALFORMED, "is not a .npy file");
    made = make(2, good, "", 1);
    made->bytes[10] = 1;
    expect_refusal(made, TNN_ERR_LIMIT, "the limit is 65535");
    made = make(1, good, "", 1);
    for (size_t size = 0; size < made->size; size++) {
        tnn_npy npy;
        uint8_t *copy = malloc(size + 1);
        memcpy(copy, made->bytes, size);
        assert_int_equal(tnn_npy_open(&npy, copy, size, "a.npy", NULL), TNN_ERR_MALFORMED);
        free(copy);
    }
}

/* Element (i, j, k) of [2,3,4] is 100 i + 10 j + k, in Fortran's order and big-endian. */
static void reads_fortran_order(void **state) {
    (void)state;
    int16_t elems[24], found[24];
    for (int n = 0; n < 24; n++) {
        int value = 100 * (n % 2) + 10 * (n / 2 % 3) + n / 6;
        elems[n] = (int16_t)((value & 0xFF) << 8 | value >> 8);
    }
    made_npy *made = make(1, "{'descr': '>i2', 'fortran_order': True, 'shape': (2, 3, 4), }", elems, sizeof elems);
    tnn_npy npy;
    assert_int_equal(tnn_npy_open(&npy, made->bytes, made->size, "a.npy", NULL), TNN_OK);
    for (int start = 0; start < 24; start++) {
        tnn_npy_read(&npy, start, 24 - start, found);
        for (int n = start; n < 24; n++) assert_int_equal(found[n - start], 100 * (n / 12) + 10 * (n / 4 % 3) + n % 4);
    }
}

static void borrows_what_lies_well(void **state) {
    (void)state;
    static const char literal[] = "{'descr': '|%c1', 'fortran_order': False, 'shape': (3,), }";
    tnn_arena *arena = tnn_arena_new();
    for (int kind = 0; kind < 2; kind++) {
        char text[80];
        snprintf(text, sizeof text, literal, "ub"[kind]);
        made_npy *made = make(1, text, "\0\2\1", 3);
        tnn_npy npy;
        tnn_array array;
        assert_int_equal(tnn_npy_open(&npy, made->bytes, made->size, "a.npy", NULL), TNN_OK);
        assert_int_equal(tnn_npy_array(&array, &npy, arena, NULL), TNN_OK);
        assert_int_equal(array.data == npy.data, kind == 0);
        assert_memory_equal(array.data, kind == 0 ? "\0\2\1" : "\0\1\1", 3);
    }
    tnn_arena_free(arena);
}

static const float wave[4] = {0.5f, -1, 2, 1e-20f};
static const uint16_t halves[2] = {0x3F80, 0xC000}; /* bfloat16: 1, -2 */
static const float widened[2] = {1, -2};

static tnn_named_array named(const char *name, tnn_dtype dtype, int64_t first, int64_t second, const void *data) {
    tnn_array array = {.dtype = dtype, .rank = second == 0 ? 1 : 2, .dims = {first, second}, .data = (void *)(uintptr_t)data};
    return (tnn_named_array){name, array};
}

static void temporary_path(char *path, size_t n_bytes, const char *ending) {
    snprintf(path, n_bytes, "/tmp/tnn-test-npy-%ld%s", (long)getpid(), ending);
}

static tnn_status save_three(const char *path, tnn_error *err) {
    tnn_named_array items[] = {named("wave", TNN_DTYPE_F32, 2, 2, wave), named("a/b", TNN_DTYPE_BF16, 2, 0, halves),
                               named("none", TNN_DTYPE_I64, 5, 0, NULL)};
    items[2].array.dims[0] = 0;
    return tnn_npz_save(path, items, 3, err);
}

static void expect_three(const tnn_npz *npz) {
    float found[4];
    assert_int_equal(npz->n, 3);
    assert_string_equal(npz->items[0].name, "wave");
    tnn_npy_read(&npz->items[0].npy, 0, 4, found);
    assert_memory_equal(found, wave, sizeof wave);
    const tnn_npz_item *item = tnn_npz_find(npz, "a/b");
    assert_non_null(item);
    assert_int_equal(item->npy.dtype, TNN_DTYPE_F32);
    tnn_npy_read(&item->npy, 0, 2, found);
    assert_memory_equal(found, widened, sizeof widened);
    assert_int_equal(npz->items[2].npy.dims[0], 0);
    assert_null(tnn_npz_find(npz, "wav"));
}

static void writes_and_reads_archives(void **state) {
    (void)state;
    char path[64];
    temporary_path(path, sizeof path, ".npz");
    assert_int_equal(save_three(path, NULL), TNN_OK);
    tnn_arena *arena = tnn_arena_new();
    tnn_file *file = NULL;
    tnn_npz npz;
    assert_int_equal(tnn_file_open(&file, path, NULL), TNN_OK);
    assert_int_equal(tnn_npz_open(&npz, arena, file->data, file->size, path, 0, NULL), TNN_OK);
    expect_three(&npz);
    tnn_file_free(file);
    tnn_arena_free(arena);
    remove(path);
}

static void writes_single_arrays(void **state) {
    (void)state;
    char path[64];
    temporary_path(path, sizeof path, ".npy");
    tnn_array array = named("", TNN_DTYPE_F32, 4, 0, wave).array;
    assert_int_equal(tnn_npy_save(path, &array, NULL), TNN_OK);
    tnn_file *file = NULL;
    assert_int_equal(tnn_file_open(&file, path, NULL), TNN_OK);
    assert_int_equal(file->size, 128 + sizeof wave);
    assert_memory_equal(file->data + 10, "{'descr': '<f4', 'fortran_order': False, 'shape': (4,), }", 57);
    assert_memory_equal(file->data + 128, wave, sizeof wave);
    tnn_file_free(file);
    remove(path);
}

static void refuses_archives(void **state) {
    (void)state;
    tnn_arena *arena = tnn_arena_new();
    tnn_npz npz;
    tnn_error err;
    made_zip other = {.size = 0}, broken = {.size = 0};
    zip_add_text(&other, "readme.txt", "hello");
    zip_end(&other, NULL);
    assert_int_equal(tnn_npz_open(&npz, arena, other.bytes, other.size, "a.npz", 0, &err), TNN_ERR_MALFORMED);
    assert_string_equal(err.message, "entry \"readme.txt\" does not end in .npy");
    zip_add_text(&broken, "x.npy", "hello");
    zip_end(&broken, NULL);
    assert_int_equal(tnn_npz_open(&npz, arena, broken.bytes, broken.size, "a.npz", 0, &err), TNN_ERR_MALFORMED);
    assert_string_equal(err.message, "is not a .npy file");
    assert_string_equal(err.where, "a.npz: x.npy");
    tnn_arena_free(arena);
}

/* Compressed entries count against the limit. */
static void inflates_within_the_limit(void **state) {
    (void)state;
    static const uint8_t zeros[900];
    made_npy *made = make(1, "{'descr': '|u1', 'fortran_order': False, 'shape': (900,), }", zeros, sizeof zeros);
    made_zip zip = {.size = 0};
    zip_add(&zip, (made_entry){.name = "x.npy", .data = made->bytes, .n_bytes = made->size, .deflate = 1});
    zip_end(&zip, NULL);
    tnn_arena *arena = tnn_arena_new();
    tnn_npz npz;
    assert_int_equal(tnn_npz_open(&npz, arena, zip.bytes, zip.size, "a.npz", made->size, NULL), TNN_OK);
    assert_int_equal(npz.items[0].npy.n_elems, 900);
    assert_int_equal(tnn_npz_open(&npz, arena, zip.bytes, zip.size, "a.npz", made->size - 1, NULL), TNN_ERR_LIMIT);
    tnn_arena_free(arena);
}

static void survives_lack_of_memory(void **state) {
    (void)state;
    char path[64];
    temporary_path(path, sizeof path, "-memory.npz");
    tnn_status status = TNN_ERR_NOMEM;
    for (size_t k = 1; status != TNN_OK; k++) {
        tnn_error err;
        tnn_alloc_fail_after(k);
        status = save_three(path, &err);
        tnn_alloc_fail_after(0);
        assert_true(status == TNN_OK || status == TNN_ERR_NOMEM);
        assert_int_equal(access(path, F_OK) == 0, status == TNN_OK);
    }
    remove(path);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_versions),
        cmocka_unit_test(reads_other_spellings),
        cmocka_unit_test(refuses_literals),
        cmocka_unit_test(refuses_starts),
        cmocka_unit_test(reads_fortran_order),
        cmocka_unit_test(borrows_what_lies_well),
        cmocka_unit_test(writes_and_reads_archives),
        cmocka_unit_test(writes_single_arrays),
        cmocka_unit_test(refuses_archives),
        cmocka_unit_test(inflates_within_the_limit),
        cmocka_unit_test(survives_lack_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
