/* Operators that look at a tensor in another way, and how a person writes them: x[:, 2:5], x.transpose(1, 2),
 * torch.flatten(x, 1). */
#ifndef TNN_CODEGEN_CODE_VIEW_H
#define TNN_CODEGEN_CODE_VIEW_H

#include "codegen/program.h"

/* The expression; false when the node is no view. */
bool tnn_code_view(const tnn_code *code, const tnn_node *node, tnn_strbuf *out);

/* "flatten", "transpose", "getitem": what the model's program calls it, where that is known; NULL: no view. */
const char *tnn_code_view_kind(const tnn_node *node);

#endif
