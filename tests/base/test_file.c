/* Files, in a folder of the test's own below $TMPDIR or /tmp. */
#include <dirent.h>
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "base/file.h"

static char folder[256], path[300];

static int make_folder(void **state) {
    (void)state;
    const char *tmp = getenv("TMPDIR");
    snprintf(folder, sizeof folder, "%s/tnn_test_file_XXXXXX", tmp != NULL ? tmp : "/tmp");
    if (mkdtemp(folder) == NULL) return -1;
    snprintf(path, sizeof path, "%s/out.bin", folder);
    return 0;
}

static int remove_folder(void **state) {
    (void)state;
    unlink(path);
    return rmdir(folder); /* fails when a temporary file was left */
}

static size_t n_files(void) {
    size_t n = 0;
    DIR *dir = opendir(folder);
    while (readdir(dir) != NULL) n++;
    closedir(dir);
    return n - 2;
}

static tnn_file *open_output(void) {
    tnn_file *file;
    assert_int_equal(tnn_file_open(&file, path, NULL), TNN_OK);
    return file;
}

/* Pieces of all sizes around the buffer's, patches in what is written out, in what is not, and across. */
static void test_write_and_patch(void **state) {
    (void)state;
    static const size_t pieces[] = {1, 0, 1000, 131072, 131071, 5, 300000, 131073, 17, 131072, 3};
    static uint8_t want[1000000];
    size_t n = 0;
    tnn_out *out;
    assert_int_equal(tnn_out_open(&out, path, NULL), TNN_OK);
    for (size_t p = 0; p < sizeof pieces / sizeof pieces[0]; p++) {
        for (size_t i = 0; i < pieces[p]; i++) want[n + i] = (uint8_t)(n + i * 7);
        assert_int_equal(tnn_out_write(out, want + n, pieces[p], NULL), TNN_OK);
        n += pieces[p];
        assert_true(tnn_out_position(out) == n);
        for (size_t at = 0; at + 20 <= n; at += n / 5 + 1) {
            memset(want + at, (int)p + 100, 20);
            assert_int_equal(tnn_out_patch(out, at, want + at, 20, NULL), TNN_OK);
        }
        size_t back = n < 500 ? n : 500;
        memset(want + n - back, (int)p, back);
        assert_int_equal(tnn_out_patch(out, n - back, want + n - back, back, NULL), TNN_OK);
        assert_true(tnn_out_position(out) == n);
    }
    assert_int_equal(access(path, F_OK), -1);
    assert_int_equal(tnn_out_commit(out, NULL), TNN_OK);
    tnn_out_free(out);
    assert_int_equal(n_files(), 1);
    tnn_file *file = open_output();
    assert_int_equal(file->size, n);
    assert_memory_equal(file->data, want, n);
    tnn_file_release_range(file, 4097, 300000);
    tnn_file_release_range(file, n + 5, 10);
    tnn_file_release_range(file, 0, SIZE_MAX);
    assert_memory_equal(file->data, want, n);
    assert_ptr_equal(tnn_file_retain(file), file);
    tnn_file_free(file);
    assert_memory_equal(file->data, want, n);
    tnn_file_free(file);
}

static void test_mode_obeys_umask(void **state) {
    (void)state;
    struct stat info;
    tnn_out *out;
    mode_t old = umask(027);
    assert_int_equal(tnn_out_open(&out, path, NULL), TNN_OK);
    umask(old);
    assert_int_equal(tnn_out_commit(out, NULL), TNN_OK);
    tnn_out_free(out);
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0640);
}

static void test_abandoned(void **state) {
    (void)state;
    FILE *old = fopen(path, "w");
    fputs("old", old);
    fclose(old);
    tnn_out *out;
    assert_int_equal(tnn_out_open(&out, path, NULL), TNN_OK);
    assert_int_equal(tnn_out_write(out, "new text", 8, NULL), TNN_OK);
    assert_int_equal(n_files(), 2);
    tnn_out_free(out);
    tnn_out_free(NULL);
    assert_int_equal(n_files(), 1);
    tnn_file *file = open_output();
    assert_int_equal(file->size, 3);
    assert_memory_equal(file->data, "old", 3);
    tnn_file_free(file);
}

static void test_two_at_once(void **state) {
    (void)state;
    tnn_out *a, *b;
    assert_int_equal(tnn_out_open(&a, path, NULL), TNN_OK);
    assert_int_equal(tnn_out_open(&b, path, NULL), TNN_OK);
    assert_int_equal(tnn_out_write(b, "b", 1, NULL), TNN_OK);
    assert_int_equal(tnn_out_commit(b, NULL), TNN_OK);
    assert_int_equal(tnn_out_commit(a, NULL), TNN_OK);
    tnn_out_free(a);
    tnn_out_free(b);
    tnn_file *file = open_output();
    assert_int_equal(file->size, 0);
    assert_non_null(file->data);
    tnn_file_free(file);
}

static void test_refusals(void **state) {
    (void)state;
    char missing[400], text[600];
    tnn_error err;
    tnn_file *file;
    tnn_out *out;
    snprintf(missing, sizeof missing, "%s/none/x", folder);
    assert_int_equal(tnn_file_open(&file, missing, &err), TNN_ERR_IO);
    assert_null(file);
    tnn_error_format(&err, text, sizeof text);
    assert_non_null(strstr(text, missing));
    assert_non_null(strstr(text, strerror(ENOENT)));
    assert_int_equal(tnn_file_open(&file, folder, &err), TNN_ERR_IO);
    assert_non_null(strstr(err.message, strerror(EISDIR)));
    assert_int_equal(tnn_file_open(&file, "/dev/null", &err), TNN_ERR_IO);
    assert_int_equal(tnn_out_open(&out, missing, &err), TNN_ERR_IO);
    assert_null(out);
    assert_non_null(strstr(err.message, strerror(ENOENT)));
    assert_int_equal(tnn_out_open(&out, folder, &err), TNN_ERR_IO);
    assert_non_null(strstr(err.message, strerror(EISDIR)));
    snprintf(missing, sizeof missing, "%s/pipe", folder);
    assert_int_equal(mkfifo(missing, 0600), 0);
    assert_int_equal(tnn_file_open(&file, missing, &err), TNN_ERR_IO);
    unlink(missing);
}

static void test_from_bytes(void **state) {
    (void)state;
    char name[] = "name", bytes[] = "abc";
    tnn_file *file;
    assert_int_equal(tnn_file_from_bytes(&file, name, bytes, 3, NULL), TNN_OK);
    memset(name, 0, sizeof name);
    memset(bytes, 0, sizeof bytes);
    assert_string_equal(file->path, "name");
    assert_memory_equal(file->data, "abc", 3);
    tnn_file_release_range(file, 0, 3);
    assert_memory_equal(file->data, "abc", 3);
    tnn_file_free(file);
    assert_int_equal(tnn_file_from_bytes(&file, "", NULL, 0, NULL), TNN_OK);
    assert_non_null(file->data);
    tnn_file_free(file);
    tnn_file_free(NULL);
}

static void test_allocation_failures(void **state) {
    (void)state;
    tnn_file *file;
    tnn_out *out;
    for (size_t k = 1; k <= 3; k++) {
        tnn_alloc_fail_after(k);
        assert_int_equal(tnn_out_open(&out, path, NULL), TNN_ERR_NOMEM);
        tnn_alloc_fail_after(0);
        assert_null(out);
    }
    for (size_t k = 1; k <= 2; k++) {
        tnn_alloc_fail_after(k);
        assert_int_equal(tnn_file_from_bytes(&file, "x", "abc", 3, NULL), TNN_ERR_NOMEM);
        tnn_alloc_fail_after(0);
    }
    tnn_alloc_fail_after(1);
    assert_int_equal(tnn_file_open(&file, path, NULL), TNN_ERR_NOMEM);
    tnn_alloc_fail_after(0);
    assert_null(file);
}

/* A write that the system cuts short and then refuses. */
static void test_write_errors(void **state) {
    (void)state;
    static char big[1 << 20];
    struct rlimit old, small;
    tnn_error err;
    tnn_out *out;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
    small = old;
    small.rlim_cur = 100000;
    void (*old_handler)(int) = signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(tnn_out_open(&out, path, NULL), TNN_OK);
    setrlimit(RLIMIT_FSIZE, &small);
    tnn_status status = tnn_out_write(out, big, sizeof big, &err);
    setrlimit(RLIMIT_FSIZE, &old);
    signal(SIGXFSZ, old_handler);
    assert_int_equal(status, TNN_ERR_IO);
    assert_non_null(strstr(err.message, strerror(EFBIG)));
    assert_int_equal(tnn_out_commit(out, &err), TNN_ERR_IO);
    tnn_out_free(out);
    assert_int_equal(n_files(), 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_write_and_patch), cmocka_unit_test(test_mode_obeys_umask),
        cmocka_unit_test(test_abandoned),       cmocka_unit_test(test_two_at_once),
        cmocka_unit_test(test_refusals),        cmocka_unit_test(test_from_bytes),
        cmocka_unit_test(test_allocation_failures), cmocka_unit_test(test_write_errors),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
