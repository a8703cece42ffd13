/* What every description of a model says of its graph. */
#ifndef TNN_READ_DESCRIBE_GRAPH_H
#define TNN_READ_DESCRIBE_GRAPH_H

#include "base/strbuf.h"
#include "read/facts.h"

/* Inputs, outputs, tensors, operators, warnings, and the graph itself. */
void tnn_describe_graph_text(tnn_strbuf *out, const tnn_graph *graph, const tnn_facts *facts);

/* The same as members of a JSON object, each after a comma. */
void tnn_describe_graph_json(tnn_strbuf *out, const tnn_graph *graph, const tnn_facts *facts);

#endif
