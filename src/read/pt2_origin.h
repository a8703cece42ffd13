/* Where a node of a .pt2 program came from: module path and line of code, from its metadata. */
#ifndef TNN_READ_PT2_ORIGIN_H
#define TNN_READ_PT2_ORIGIN_H

#include "ir/graph.h"
#include "read/jsontree.h"

typedef struct tnn_pt2_origin {
    const char *name;  /* of the node, or of its first result; "" when it has neither */
    const char *scope; /* "features.0.1", or NULL */
    const char *type;  /* of the module there: "torch.nn.modules.conv.Conv2d", or NULL */
    tnn_source source;
} tnn_pt2_origin;

/* Texts are copied into `arena`, but `type` lies in the tree. Metadata is a courtesy: what cannot be read is left out. Errors: TNN_ERR_NOMEM. */
tnn_status tnn_pt2_origin_read(tnn_pt2_origin *out, tnn_arena *arena, const tnn_json *node, tnn_error *err);

#endif
