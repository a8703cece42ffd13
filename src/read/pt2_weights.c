/* Parameters, buffers and constants of a .pt2 archive by their paths. */
#include <string.h>

#include "read/pt2_load.h"
#include "read/pt2_store.h"
#include "read/written.h"

tnn_status tnn_pt2_constant_get(tnn_pt2_load *load, const char *path, const char *role, tnn_obj *out,
                                tnn_error *err) {
    tnn_pt2_tensor tensor;
    TNN_TRY(tnn_pt2_store_find(&tensor, load->pt2, &load->symbols, path, err));
    tnn_window window = {.zip = tensor.zip, .storage = tensor.storage, .dtype = tensor.meta.dtype,
                         .shape = tensor.meta.shape, .offset = tensor.meta.offset};
    window.file = tensor.mapped ? load->pt2->file : NULL;
    for (unsigned i = 0; i < window.shape.rank; i++) window.strides[i] = tensor.meta.strides[i];
    return tnn_weights_get(&load->weights, &window, path, role, out, err);
}

tnn_status tnn_pt2_is_statistic(tnn_pt2_load *load, const char *path, bool *is, tnn_error *err) {
    const char *dot = strrchr(path, '.'), *name = dot == NULL ? path : dot + 1;
    *is = false;
    bool all = true;
    for (size_t i = 0; all && i < TNN_N_STATISTICS; i++) {
        tnn_pt2_tensor found;
        const char *sibling =
            tnn_arena_printf(load->scratch, "%.*s%s", (int)(name - path), path, tnn_statistic_names[i]);
        if (sibling == NULL) return tnn_fail_nomem(err);
        all = tnn_pt2_store_find(&found, load->pt2, &load->symbols, sibling, NULL) == TNN_OK;
        *is = *is || strcmp(name, tnn_statistic_names[i]) == 0;
    }
    *is = *is && all;
    return TNN_OK;
}

tnn_status tnn_pt2_constants_check(tnn_pt2_load *load, tnn_error *err) {
    TNN_TRY(tnn_weights_check(&load->weights, err));
    for (size_t i = 0; i < load->weights.windows.n_entries; i++) {
        const tnn_weight *weight = load->weights.windows.entries[i].value;
        if (!tnn_interp_was_written(weight->obj.as.tensor)) continue;
        tnn_written_tensor written = {weight->role, weight->path, weight->obj, false};
        TNN_TRY(tnn_pt2_is_statistic(load, weight->path, &written.is_statistic, err));
        TNN_TRY(tnn_written_settle(load->interp, load->graph, &written, load->options->written_buffers, load->file,
                                   err));
    }
    return TNN_OK;
}
