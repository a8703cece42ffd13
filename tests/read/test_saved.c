/* Archives of torch.save, alone and inside of other archives. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "make_zip.h"
#include "read/saved.h"

#define STORAGE "(U\7storagectorch\nFloatStorage\nU\1" "0U\3cpuK\14tQ"
#define TENSOR "ctorch._utils\n_rebuild_tensor_v2\n(" STORAGE "K\4K\2K\3\x86K\3K\1\x86\x89)tR"

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

/* {"w": TENSOR} over twelve floats. */
static void add_saved(made_zip *zip, const char *pickle, size_t n_bytes) {
    static const float numbers[12] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
    memset(zip, 0, sizeof *zip);
    zip_add(zip, (made_entry){.name = "archive/data.pkl", .data = pickle, .n_bytes = n_bytes});
    zip_add_text(zip, "archive/byteorder", "little");
    zip_add(zip, (made_entry){.name = "archive/data/0", .data = numbers, .n_bytes = sizeof numbers, .deflate = 1});
    zip_end(zip, NULL);
}

static tnn_status open(tnn_saved *out, const made_zip *outer, uint64_t max_inflated, tnn_error *err) {
    tnn_zip_options zip_options = {.max_entries = 10, .max_inflated = max_inflated};
    tnn_pickle_options options = tnn_pickle_options_default();
    tnn_zip *zip = NULL;
    TNN_TRY(tnn_zip_open(&zip, arena, outer->bytes, outer->size, "m.pt2", &zip_options, err));
    return tnn_saved_open(out, zip, &zip->entries[0], arena, &zip_options, &options, err);
}

static const char usual[] = "\x80\2}U\1w" TENSOR "s.";

static const made_zip *nested(const char *pickle, size_t n_bytes, int deflate) {
    static made_zip inner, outer;
    add_saved(&inner, pickle, n_bytes);
    memset(&outer, 0, sizeof outer);
    zip_add(&outer, (made_entry){.name = "weights.pt", .data = inner.bytes, .n_bytes = inner.size, .deflate = deflate});
    zip_end(&outer, NULL);
    return &outer;
}

static void reads_nested(void **state) {
    (void)state;
    for (int deflate = 0; deflate < 2; deflate++) {
        tnn_saved saved;
        tnn_saved_tensor tensor;
        const tnn_zip_entry *entry = NULL;
        const uint8_t *bytes = NULL;
        assert_int_equal(open(&saved, nested(usual, sizeof usual - 1, deflate), 10000, NULL), TNN_OK);
        const tnn_pickle *w = tnn_pickle_get(saved.object, "w");
        assert_true(tnn_saved_is_tensor(w));
        assert_int_equal(tnn_saved_tensor_read(&tensor, w, "w", NULL), TNN_OK);
        assert_string_equal(tensor.type, "float32");
        assert_int_equal(tensor.rank, 2);
        assert_int_equal(tensor.dims[1], 3);
        assert_int_equal(tensor.strides[0], 3);
        assert_int_equal(tensor.offset, 4);
        assert_int_equal(tnn_saved_storage(&entry, &saved, tensor.storage, NULL), TNN_OK);
        assert_int_equal(tnn_zip_read(saved.zip, entry, arena, &bytes, NULL), TNN_OK);
        float fifth = 0;
        memcpy(&fifth, bytes + 4 * sizeof fifth, sizeof fifth);
        assert_true(fifth == 4.0F);
    }
}

/* A bomb inside of an archive has what the archive has left, not a limit of its own. */
static void shares_the_limit(void **state) {
    (void)state;
    tnn_saved saved;
    const tnn_zip_entry *entry = NULL;
    const uint8_t *bytes = NULL;
    tnn_error err = {.message = ""};
    const made_zip *outer = nested(usual, sizeof usual - 1, 1);
    made_zip inner;
    add_saved(&inner, usual, sizeof usual - 1);
    assert_int_equal(open(&saved, outer, inner.size + 47, &err), TNN_OK);
    assert_int_equal(tnn_saved_storage(&entry, &saved, "0", &err), TNN_OK);
    assert_int_equal(tnn_zip_read(saved.zip, entry, arena, &bytes, &err), TNN_ERR_LIMIT);
    assert_non_null(strstr(err.message, "inflates to 48 bytes, the limit has 47 left"));
}

static void expect_error(const char *pickle, size_t n_bytes, tnn_status code, const char *text) {
    tnn_saved saved;
    tnn_saved_tensor tensor;
    tnn_error err = {.message = ""};
    tnn_status status = open(&saved, nested(pickle, n_bytes, 0), 10000, &err);
    if (status == TNN_OK) status = tnn_saved_tensor_read(&tensor, saved.object, "w", &err);
    assert_int_equal(status, code);
    if (strstr(err.message, text) == NULL) assert_string_equal(err.message, text);
}

#define CALL(args) "\x80\2" "ctorch._utils\n_rebuild_tensor_v2\n(" args "tR."
#define REFUSE(pickle, code, text) expect_error((pickle), sizeof(pickle) - 1, (code), (text))

static void refuses_other_tensors(void **state) {
    (void)state;
    REFUSE(CALL(""), TNN_ERR_MALFORMED, "its storage is not ('storage', type, key, location, count)");
    REFUSE(CALL("K\1K\1K\1K\1"), TNN_ERR_MALFORMED, "its storage is not");
    REFUSE(CALL(STORAGE "N)\x89"), TNN_ERR_MALFORMED, "its offset is no number");
    REFUSE(CALL(STORAGE "K\0NN"), TNN_ERR_MALFORMED, "its sizes or strides are no tuple");
    REFUSE(CALL(STORAGE "K\0J\xff\xff\xff\xff\x85K\1\x85"), TNN_ERR_MALFORMED, "a size is no number");
    REFUSE(CALL(STORAGE "K\0K\1\x85)"), TNN_ERR_MALFORMED, "sizes and strides differ in number");
    REFUSE(CALL(STORAGE "K\0(K\1K\1K\1K\1K\1K\1K\1K\1K\1t)"), TNN_ERR_UNSUPPORTED, "tensor has 9 dimensions");
    REFUSE("\x80\2" "ctorch._utils\n_rebuild_parameter\n(Nt" "R.", TNN_ERR_MALFORMED, "a parameter without a tensor");
    REFUSE("\x80\2" "cos\nsystem\n.", TNN_ERR_UNSUPPORTED, "pickle mentions \"os.system\"");
}

static void survives_lack_of_memory(void **state) {
    (void)state;
    const made_zip *outer = nested(usual, sizeof usual - 1, 1);
    tnn_status status = TNN_ERR_NOMEM;
    for (size_t k = 1; status != TNN_OK; k++) {
        tnn_saved saved;
        tnn_arena *shared = arena;
        arena = tnn_arena_new();
        tnn_alloc_fail_after(k);
        status = open(&saved, outer, 10000, NULL);
        tnn_alloc_fail_after(0);
        assert_true(status == TNN_OK || status == TNN_ERR_NOMEM);
        tnn_arena_free(arena);
        arena = shared;
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(reads_nested),
        TEST(shares_the_limit),
        TEST(refuses_other_tensors),
        TEST(survives_lack_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
