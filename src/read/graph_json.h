/* A graph as JSON for programs that walk it: values and nodes. tnn_model_graph_json in tinynn/model.h says the shape. */
#ifndef TNN_READ_GRAPH_JSON_H
#define TNN_READ_GRAPH_JSON_H

#include "base/strbuf.h"
#include "ir/graph.h"

/* `,"values": [...], "nodes": [...]`: members of an object that has some already. */
void tnn_graph_json_members(tnn_strbuf *out, const tnn_graph *graph);

/* The whole object. */
void tnn_graph_json(tnn_strbuf *out, const tnn_graph *graph);

/* `"shape": [...], "symbolic_shape": [...]`: sizes by hint, and as expressions where they have one. */
void tnn_graph_json_shape(tnn_strbuf *out, const tnn_shape *shape);

#endif
