/* Numbers, lists and constants as Python writes them. */
#ifndef TNN_CODEGEN_LITERAL_H
#define TNN_CODEGEN_LITERAL_H

#include "ir/graph.h"

/* The shortest text that reads back as the same number: "0.1", "1e-05", "float(\"inf\")".
 *   single  as a float32 */
void tnn_literal_number(tnn_strbuf *out, double number, bool single);

/* A size as an expression of symbols and numbers. */
void tnn_literal_size(tnn_strbuf *out, tnn_size size);

/* An argument that holds no tensors: "[1, 2]", "True", "torch.float32", "None". */
void tnn_literal_arg(tnn_strbuf *out, const tnn_arg *arg);

/* The same as constructors take it: lists of equal numbers as one where `collapse`, others as tuples. */
void tnn_literal_parameter(tnn_strbuf *out, const tnn_arg *arg, bool collapse);

/* The elements of a constant, lists in lists; a number when it has no dimensions. Errors: those of reading it. */
tnn_status tnn_literal_tensor(tnn_strbuf *out, const tnn_recipe *recipe, tnn_arena *arena, tnn_error *err);

#endif
