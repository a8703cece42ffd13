/* How a node that calls no module is written: "a + b", "torch.cat([a, b], 1)", "x.reshape(s0, -1)". */
#ifndef TNN_CODEGEN_CODE_FUNCTION_H
#define TNN_CODEGEN_CODE_FUNCTION_H

#include "codegen/program.h"

/* What its result is called after: "add", "flatten". */
const char *tnn_code_kind(const tnn_code *code, const tnn_node *node);

/* The expression. Errors: TNN_ERR_UNSUPPORTED (names the operator), TNN_ERR_NOMEM. */
tnn_status tnn_code_function(tnn_code *code, const tnn_node *node, tnn_strbuf *out, tnn_error *err);

/* A form of an operator: a Python expression in which names of the signature's arguments stand for them. `{n}` is the
 * number of spatial dimensions. Arguments of a call that have their defaults are left out; a form fits where all that it
 * does not mention has its default. Forms of one operator are tried in order. */
typedef struct tnn_code_form {
    const char *op;
    const char *text;
    const char *when; /* "transposed=True, groups=1": arguments that the form means; NULL: none */
} tnn_code_form;

extern const tnn_code_form tnn_code_forms[];
extern const size_t tnn_n_code_forms;

/* Is there a function torch.NAME that takes ATen's arguments? */
bool tnn_code_is_torch_function(const char *name, size_t length);

#endif
