/* A TorchScript archive, or only its program, its objects, or the lines that its program came from.
 *
 * Entries carry a CRC, which stops nearly every change that a fuzzer makes inside of them. So bytes that are no archive
 * are put into one: a pickle as data.pkl and as code/__torch__.py.debug_pkl, anything else as the program,
 * code/__torch__.py. */
#include <stdlib.h>
#include <string.h>

#include "../read/make_zip.c"
#include "ir/graph.h"
#include "read/torchscript_graph.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char program[] =
    "class M(Module):\n"
    "  __parameters__ = [\"w\", ]\n"
    "  w : Tensor\n"
    "  child : __torch__.N\n"
    "  def forward(self: __torch__.M, x: Tensor, n: int=2) -> Tensor:\n"
    "    w = self.w\n"
    "    return (self.child).forward(torch.linear(x, w), )\n"
    "class N(Module):\n"
    "  n : int\n"
    "  def forward(self: __torch__.N, x: Tensor) -> Tensor:\n"
    "    return torch.add(x, self.n)\n";

/* An M with the attributes w, a tensor [3,4], and child, an N whose n is 5. */
static const char objects[] =
    "\x80\x02" "c__torch__\nM\n)\x81}(X\x01\0\0\0wctorch._utils\n_rebuild_tensor_v2\n((X\x07\0\0\0storagectorch\n"
    "FloatStorage\nX\x01\0\0\0" "0X\x03\0\0\0cpuK\x0ctQK\0(K\x03K\x04t(K\x04K\x01t\x89" "ccollections\nOrderedDict\n)RtR"
    "X\x05\0\0\0childc__torch__\nN\n)\x81}(X\x01\0\0\0nK\x05ubub.";

/* Lacks operators, so that messages ask for the lines that they came from. */
static const char lacking[] =
    "class M(Module):\n"
    "  child : __torch__.N\n"
    "  def forward(self: __torch__.M, x: Tensor) -> Tensor:\n"
    "    y = torch.no_such(torch.nor_this(x))\n"
    "    return torch.add(y, (self.child).forward(x, ))\n"
    "class N(Module):\n"
    "  n : int\n"
    "  def forward(self: __torch__.N, x: Tensor) -> Tensor:\n"
    "    return torch.none_such(torch.relu(x))\n";

static const char no_constants[] = "\x80\x02).";

typedef struct text {
    const void *bytes;
    size_t n;
} text;

static void wrap(made_zip *zip, text code, text lines, text pickle) {
    static const float numbers[12] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    memset(zip, 0, sizeof *zip);
    zip_add_text(zip, "version", "3");
    zip_add(zip, (made_entry){.name = "code/__torch__.py", .data = code.bytes, .n_bytes = code.n});
    zip_add(zip, (made_entry){.name = "code/__torch__.py.debug_pkl", .data = lines.bytes, .n_bytes = lines.n});
    zip_add(zip, (made_entry){.name = "data.pkl", .data = pickle.bytes, .n_bytes = pickle.n});
    zip_add(zip, (made_entry){.name = "data/0", .data = numbers, .n_bytes = sizeof numbers});
    zip_add(zip, (made_entry){.name = "constants.pkl", .data = no_constants, .n_bytes = sizeof no_constants - 1});
    zip_end(zip, NULL);
}

static void load(const uint8_t *data, size_t size) {
    tnn_load_options options = tnn_load_options_default();
    tnn_input_spec input = {.rank = 2, .dims = {2, 4}};
    options.max_inflated = 16 << 20;
    options.max_steps = 20000;
    options.inputs = &input;
    options.n_inputs = 1;
    tnn_file *file = NULL;
    tnn_model *model = NULL;
    tnn_torchscript archive;
    tnn_torchscript_tree tree;
    tnn_lacks lacks = {0};
    tnn_error err;
    bool is = false;
    if (tnn_file_from_bytes(&file, "fuzz.pt", data, size, &err) != TNN_OK) return;
    tnn_status status = tnn_torchscript_open(&archive, file, &options, &is, &err);
    if (status == TNN_OK && is) status = tnn_torchscript_to_model(&model, &archive, &options, &tree, &lacks, &err);
    if (status == TNN_ERR_INTERNAL) abort(); /* no input may lead to a graph that does not verify */
    tnn_lacks_free(&lacks);
    tnn_model_free(model);
    tnn_torchscript_close(&archive);
    tnn_file_free(file);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static made_zip zip;
    if (tnn_zip_is(data, size)) {
        load(data, size);
        return 0;
    }
    if (size >= 16000) return 0;
    const text given = {data, size}, known = {objects, sizeof objects - 1}, none = {NULL, 0};
    bool is_pickle = size > 0 && data[0] == 0x80;
    if (is_pickle) wrap(&zip, (text){program, sizeof program - 1}, none, given);
    else wrap(&zip, given, none, known);
    load(zip.bytes, zip.size);
    if (!is_pickle) return 0;
    wrap(&zip, (text){lacking, sizeof lacking - 1}, given, known);
    load(zip.bytes, zip.size);
    return 0;
}
