/* Which classes of torch.nn a program's modules are of, or whether they are stubs of torch.ao.quantization. */
#ifndef TNN_READ_MODULE_TYPE_H
#define TNN_READ_MODULE_TYPE_H

#include "ir/graph.h"

/* Note that the module of that path is a "torch.nn.modules.conv.Conv2d" in model->module_types; nothing where it is of
 * another package, or `path` or `type` is NULL. Errors: TNN_ERR_NOMEM. */
tnn_status tnn_module_type_note(tnn_model *model, const char *path, const char *type, tnn_error *err);

#endif
