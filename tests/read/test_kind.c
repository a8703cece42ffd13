/* Files that are no .pt2 are refused by their right name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "make_zip.h"
#include "read/pt2_archive.h"

#define BYTES(text) (text), sizeof(text) - 1

static void expect(const void *bytes, size_t size, tnn_status code, const char *text) {
    tnn_load_options options = tnn_load_options_default();
    tnn_file *file = NULL;
    tnn_pt2 pt2;
    tnn_error err = {.message = ""};
    assert_int_equal(tnn_file_from_bytes(&file, "some.file", bytes, size, &err), TNN_OK);
    assert_int_equal(tnn_pt2_open_file(&pt2, file, &options, &err), code);
    if (strstr(err.message, text) == NULL) assert_string_equal(err.message, text);
    assert_memory_equal(err.where, "some.file", 9);
    tnn_pt2_close(&pt2);
    tnn_file_free(file);
}

#define MAGIC "\x80\2\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19."

static void names_other_files(void **state) {
    (void)state;
    char tar[512] = "data";
    memcpy(tar + 257, "ustar", 5);
    expect(BYTES(""), TNN_ERR_MALFORMED, "the file is empty");
    expect(BYTES("\x1c\0\0\0TFL3...."), TNN_ERR_UNSUPPORTED, "a TensorFlow Lite model");
    expect(BYTES("\x08\x07\x12\x07pytorch\x1a\x03" "2.1:\x10"), TNN_ERR_UNSUPPORTED, "an ONNX model");
    expect(BYTES(MAGIC "\x80\2M\xe9\3." "\x80\2}." "\x80\2}U\1wNs."), TNN_ERR_UNSUPPORTED,
           "a torch.save file in the form of torch 1.5 and earlier with a dict (w)");
    expect(BYTES(MAGIC "\x80\2M\xe9\3."), TNN_ERR_MALFORMED, "ends inside the pickle");
    expect(BYTES("\x80\4N."), TNN_ERR_UNSUPPORTED, "a bare Python pickle with a pickled Python object: 0 tensors");
    expect(BYTES("\x0b\0\0\0\0\0\0\0{\"a\":[1,2]}"), TNN_ERR_UNSUPPORTED, "a safetensors file");
    expect(BYTES("\x89PNG\r\n\x1a\n"), TNN_ERR_MALFORMED, "a PNG picture");
    expect(BYTES("import torch\n"), TNN_ERR_MALFORMED, "a text file");
    expect(BYTES("\1\2\3\4\5"), TNN_ERR_MALFORMED, "of no kind that is known");
    expect(BYTES("GGUF\3\0\0\0"), TNN_ERR_UNSUPPORTED, "a GGUF model");
    expect(tar, sizeof tar, TNN_ERR_UNSUPPORTED, "a tar archive");
}

static void expect_archive(const char *const *names, size_t n, const char *content, tnn_status code,
                           const char *text) {
    static made_zip zip;
    memset(&zip, 0, sizeof zip);
    for (size_t i = 0; i < n; i++) zip_add_text(&zip, names[i], content);
    zip_end(&zip, NULL);
    expect(zip.bytes, zip.size, code, text);
}

#define ARCHIVE(...) (const char *const[]){__VA_ARGS__}, sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *)

static void names_other_archives(void **state) {
    (void)state;
    static const char dict[] = "ccollections\nOrderedDict\n)R(U\1wNU\1bNu.", number[] = "K\1.";
    static const char evil[] = "cos\nsystem\n.", object[] = "torch.save file with a pickled Python object";
    expect_archive(ARCHIVE("m/data.pkl", "m/constants.pkl", "m/code/a.py"), dict, TNN_ERR_UNSUPPORTED,
                   "a TorchScript archive");
    expect_archive(ARCHIVE("m/data.pkl", "m/version"), dict, TNN_ERR_UNSUPPORTED, "a torch.save file with a dict (w, b)");
    expect_archive(ARCHIVE("m/data.pkl", "m/version"), number, TNN_ERR_UNSUPPORTED, object);
    expect_archive(ARCHIVE("m/data.pkl", "m/version"), evil, TNN_ERR_UNSUPPORTED,
                   "a pickled object of class os.system");
    expect_archive(ARCHIVE("serialized_exported_program.json", "version"), "{}", TNN_ERR_MALFORMED,
                   "has no \"schema_version\"");
    expect_archive(ARCHIVE("a.txt", "b/c.txt"), "x", TNN_ERR_MALFORMED, "a zip archive without a PyTorch model");
    expect_archive(ARCHIVE("m/archive_format"), "pt3", TNN_ERR_UNSUPPORTED, "archive_format is \"pt3\"");
    expect_archive(ARCHIVE("m/archive_format"), "pt2", TNN_ERR_MALFORMED, "no entry \"archive_version\"");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_other_files),
        cmocka_unit_test(names_other_archives),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
