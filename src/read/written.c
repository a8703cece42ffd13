#include "read/written.h"

const char *const tnn_statistic_names[TNN_N_STATISTICS] = {"running_mean", "running_var", "num_batches_tracked"};

static tnn_status refuse(const tnn_written_tensor *tensor, const char *file, tnn_error *err) {
    return tnn_fail(err, TNN_ERR_UNSUPPORTED, file,
                    "%s \"%.100s\" is written in place; a converted model cannot change its %ss: return the new value "
                    "as an output, or clone() the %s before writing to it (by option the new value becomes an output, or "
                    "is dropped)", tensor->role, tensor->name, tensor->role, tensor->role);
}

static tnn_status return_value(tnn_interp *interp, tnn_graph *graph, const tnn_written_tensor *tensor,
                               tnn_error *err) {
    tnn_value *value = NULL;
    const char *name = tnn_arena_printf(graph->model->arena, "%s_written", tensor->name);
    if (name == NULL) return tnn_fail_nomem(err);
    TNN_TRY(tnn_interp_read(interp, tensor->now.as.tensor, &value, err));
    return tnn_graph_output(graph, value, name, err);
}

tnn_status tnn_written_settle(tnn_interp *interp, tnn_graph *graph, const tnn_written_tensor *tensor,
                              tnn_written option, const char *file, tnn_error *err) {
    if (tensor->is_statistic) return TNN_OK;
    switch (option) {
    case TNN_WRITTEN_REFUSE: return refuse(tensor, file, err);
    case TNN_WRITTEN_RETURN:
        if (tensor->now.kind == TNN_OBJ_TENSOR) return return_value(interp, graph, tensor, err);
        break;
    case TNN_WRITTEN_IGNORE: break;
    }
    return tnn_graph_model_warn(graph->model, err,
                                "%s \"%.100s\" is changed by the program: the converted model leaves it as it is, and "
                                "every run starts with its old value", tensor->role, tensor->name);
}
