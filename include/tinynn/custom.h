/* Operators that a user defines, without compiling anything.
 *
 * A definition says an operator's schema and what becomes of it: its meaning, as text in the subset of Python that
 * docs/custom-operators.md describes, takes its place; or it is a CUSTOM operator of the .tflite, for a runtime that
 * has a kernel for it. */
#ifndef TINYNN_CUSTOM_H
#define TINYNN_CUSTOM_H

#include "tinynn/model.h"

#ifdef __cplusplus
extern "C" {
#endif

/* An argument of the operator that the file keeps: an entry of the FlexBuffer map that its options are. */
typedef struct tnn_custom_attribute {
    const char *argument; /* of the schema: int, float, bool, str, a list of one of these, or Scalar */
    const char *key;      /* in the map; NULL: the argument's name */
} tnn_custom_attribute;

typedef struct tnn_custom_op {
    /* PyTorch's, "mylib::swish(Tensor x, float beta=1.0) -> Tensor". An operator of PyTorch's own ("aten::…") may be
     * defined anew. With an overload ("mylib::swish.out(…") it concerns that one, without all. */
    const char *schema;
    /* A definition of the function "swish", which takes the arguments in the schema's order. NULL, with `custom_code`
     * only: all results have the shape and dtype of the first tensor, and the model cannot be run by tnn_model_run. */
    const char *text;
    /* The name of the kernel in the runtime; NULL: the text takes the operator's place. */
    const char *custom_code;
    /* With `custom_code`. NULL: all arguments that an attribute can hold. One that is None is left out of the map. */
    const tnn_custom_attribute *attributes;
    size_t n_attributes;
    /* With `custom_code`: tensors of four dimensions are [N, H, W, C]; default false, PyTorch's order. */
    bool channels_last;
} tnn_custom_op;

/* An empty set of definitions, for tnn_load_options.custom_ops. Errors: TNN_ERR_NOMEM. */
TNN_API tnn_status tnn_custom_ops_new(tnn_custom_ops **out, tnn_error *err);

/* `op` is copied. Errors: TNN_ERR_INVALID (a schema that cannot be parsed, an operator that is defined already, an
 * attribute that no argument or no kind of FlexBuffer value can be), TNN_ERR_MALFORMED and TNN_ERR_UNSUPPORTED (the
 * text, with its line), TNN_ERR_NOMEM. */
TNN_API tnn_status tnn_custom_ops_add(tnn_custom_ops *ops, const tnn_custom_op *op, tnn_error *err);

/* All definitions of a YAML file (docs/custom-operators.md). Errors: TNN_ERR_IO, TNN_ERR_MALFORMED (with line and
 * column), TNN_ERR_LIMIT, and TNN_ERR_UNSUPPORTED and TNN_ERR_NOMEM as tnn_custom_ops_add. After an error the set
 * holds the definitions before it. */
TNN_API tnn_status tnn_custom_ops_read(tnn_custom_ops *ops, const char *path, tnn_error *err);

/* Accepts NULL. Models that were read with the set do not need it any more. */
TNN_API void tnn_custom_ops_free(tnn_custom_ops *ops);

#ifdef __cplusplus
}
#endif
#endif
