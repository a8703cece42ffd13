#include "read/module_type.h"

#include <string.h>

tnn_status tnn_module_type_note(tnn_model *model, const char *path, const char *type, tnn_error *err) {
    static const char package[] = "torch.nn.modules.", stubs[] = "torch.ao.quantization.stubs.", own[] = "__torch__.";
    if (path == NULL || type == NULL) return TNN_OK;
    if (strncmp(type, own, sizeof own - 1) == 0) type += sizeof own - 1;
    bool known = strncmp(type, package, sizeof package - 1) == 0 || strncmp(type, stubs, sizeof stubs - 1) == 0;
    if (!known || tnn_strmap_find(&model->module_types, path)) return TNN_OK;
    char *name = tnn_arena_str(model->arena, strrchr(type, '.') + 1);
    return name && tnn_strmap_set(&model->module_types, path, name) == TNN_OK ? TNN_OK : tnn_fail_nomem(err);
}
