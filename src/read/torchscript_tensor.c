/* Tensors of the archive: windows on its storages. */
#include "read/torchscript_tensor.h"

#include "read/saved.h"

static tnn_status find_storage(tnn_ts_load *load, const char *folder, const char *path,
                               const tnn_saved_tensor *tensor, const tnn_zip_entry **out, tnn_error *err) {
    TNN_TRY(tnn_torchscript_entry(out, load->archive, err, "%s/%s", folder, tensor->storage));
    if (*out != NULL) return TNN_OK;
    return tnn_fail(err, TNN_ERR_MALFORMED, load->base.file, "archive has no storage \"%s/%.60s\" for \"%.100s\"", folder,
                    tensor->storage, path);
}

static tnn_status absent(const tnn_ts_load *load, const char *type, tnn_obj *out, tnn_error *err) {
    const char *text = tnn_arena_printf(load->base.model->arena, "a tensor of type %s", type);
    if (text == NULL) return tnn_fail_nomem(err);
    return tnn_name_new(load->base.interp, (tnn_name){.kind = TNN_NAME_ABSENT, .text = text}, out, err);
}

tnn_status tnn_ts_tensor_get(tnn_ts_load *load, const tnn_pickle *object, const char *folder, const char *path,
                             const char *role, tnn_obj *out, tnn_error *err) {
    tnn_saved_tensor tensor;
    tnn_window window = {.zip = load->archive->zip, .file = load->archive->file};
    TNN_TRY(tnn_saved_tensor_read(&tensor, object, load->base.file, err));
    if (tensor.dtype == TNN_DTYPE_NONE) return absent(load, tensor.type, out, err);
    TNN_TRY(find_storage(load, folder, path, &tensor, &window.storage, err));
    window.dtype = tensor.dtype;
    window.offset = tensor.offset;
    window.shape.rank = tensor.rank;
    for (unsigned i = 0; i < tensor.rank; i++) {
        window.shape.dims[i] = tnn_size_const(tensor.dims[i]);
        window.strides[i] = tensor.strides[i];
    }
    return tnn_weights_get(&load->base.weights, &window, path, role, out, err);
}
