/* An ATen signature string, parsed.
 *
 *   "add(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor"
 *
 * Two liberties over ATen: `Tensor|Scalar` is an operand that may be a Python number (a "wrapped number" in
 * PyTorch's type promotion), and the name has no namespace and no overload. */
#ifndef TNN_IR_SCHEMA_H
#define TNN_IR_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "tinynn/dtype.h"

typedef enum tnn_type_base {
    TNN_TYPE_TENSOR,
    TNN_TYPE_OPERAND, /* Tensor|Scalar */
    TNN_TYPE_INT,     /* int, SymInt */
    TNN_TYPE_FLOAT,
    TNN_TYPE_BOOL,
    TNN_TYPE_SCALAR,
    TNN_TYPE_STRING,
    TNN_TYPE_DTYPE, /* ScalarType */
    TNN_TYPE_MEMORY_FORMAT,
    TNN_TYPE_GRAPH,
    TNN_TYPE_ANY /* Layout, Device, Generator: read and ignored */
} tnn_type_base;

typedef struct tnn_schema_type {
    tnn_type_base base;
    bool optional;      /* T? */
    bool list;          /* T[] */
    bool item_optional; /* T?[] */
    int fixed_n;        /* int[2]: a single int is repeated; 0: free */
} tnn_schema_type;

struct tnn_arg;

typedef struct tnn_schema_arg {
    const char *name;
    tnn_schema_type type;
    bool has_default;
    bool keyword_only;
    bool written; /* Tensor(a!) */
    bool alias;   /* Tensor(a): the result is a view of it */
    const struct tnn_arg *default_value; /* when has_default */
} tnn_schema_arg;

typedef struct tnn_schema {
    const char *name;
    tnn_schema_arg *args;
    size_t n_args;
    tnn_schema_type *returns;
    size_t n_returns;
} tnn_schema;

/* Errors: TNN_ERR_MALFORMED with the position in the text; TNN_ERR_NOMEM. */
tnn_status tnn_schema_parse(tnn_schema **out, tnn_arena *arena, const char *signature, tnn_error *err);

/* Index of an argument, or -1. */
int tnn_schema_find(const tnn_schema *schema, const char *arg_name);

#endif
