/* Which meaning a call of an operator has. All rules of dispatch are here:
 *
 *   0  what the user defined (ops/custom_rows.h): for exactly this overload, then for all. Definitions of PyTorch's own
 *      names hold in the model's program, not in texts
 *   1  a spelling of exactly this name and overload, then of the name
 *   2  an operator of the tensor layer (eval/native.h), likewise
 *   3  a primitive, 4 a composite of that name
 *      (the only ones when the overload is "primitive", as texts write it to reach past a spelling)
 *   5  NAME_ where NAME has a meaning: its result is written into the first argument; where NAME is a view, the first
 *      argument becomes that view
 *   6  NAME_copy where NAME is a view: a copy of it
 *
 * An overload for `out` arguments ("out", "Scalar_out", "dim_max") is taken off before. A keyword that no meaning has and
 * that is a tensor is such an argument: NAME is called without it, and its result is written into it.
 *
 * A call without overload, as programs write it, may mean several rows ("split" with a number or a list): they are
 * tried in the order of the tables, and the first that the arguments fit is taken. */
#ifndef TNN_EVAL_DISPATCH_H
#define TNN_EVAL_DISPATCH_H

#include "eval/native.h"
#include "ops/custom_rows.h"

typedef enum tnn_target_kind {
    TNN_TARGET_CUSTOM,
    TNN_TARGET_SPELLING,
    TNN_TARGET_NATIVE,
    TNN_TARGET_PRIMITIVE,
    TNN_TARGET_COMPOSITE
} tnn_target_kind;

typedef struct tnn_target {
    tnn_target_kind kind;
    const char *name; /* of the row; "mylib::swish" of a CUSTOM one */
    const char *signature;
    const char *text; /* SPELLING, COMPOSITE */
    const tnn_op *op; /* PRIMITIVE, COMPOSITE */
    tnn_native_fn *native;
    tnn_custom_row *custom; /* CUSTOM: belongs to the model */
    /* Made at the first use. */
    const tnn_schema *schema;
    const tnn_name *function; /* of `text` */
} tnn_target;

#define TNN_MAX_TARGETS 8

/* What becomes of the result. */
typedef enum tnn_call_form {
    TNN_FORM_PLAIN,
    TNN_FORM_WRITES, /* rule 5: into the first argument */
    TNN_FORM_MOVES,  /* rule 5 of a view: the first argument becomes it */
    TNN_FORM_COPIES  /* rule 6 */
} tnn_call_form;

typedef struct tnn_target_set {
    tnn_target items[TNN_MAX_TARGETS];
    size_t n;
    tnn_call_form form;
    const tnn_builtin_row *builtin; /* "_operator.add", "sym_max": before all rules */
} tnn_target_set;

/* Where a name is written. */
typedef struct tnn_target_scope {
    const tnn_custom_ops *customs; /* of the model; NULL: none */
    bool in_text;                  /* of a spelling, a composite or a definition */
} tnn_target_scope;

/* All meanings, in order; n is 0 and builtin NULL when there is none. `overload` "" or NULL: not said. */
void tnn_targets_find(tnn_target_set *out, const tnn_target_scope *scope, const char *name, const char *overload);

/* Call what the user defined: a node of the graph, or what its text says. `bound` as for the target's schema. */
tnn_status tnn_custom_call(tnn_interp *interp, const tnn_target *target, const tnn_obj *bound, tnn_obj *out,
                           tnn_error *err);

/* Run the text of a spelling or composite on arguments bound to its schema. */
tnn_status tnn_target_run_text(tnn_interp *interp, tnn_target *target, const tnn_obj *bound, tnn_obj *out,
                               tnn_error *err);

/* Let a spelling stay a node where the options say so and it can; else `*kept` is false and nothing was done. */
tnn_status tnn_kept_call(tnn_interp *interp, tnn_target *target, const tnn_obj *bound, tnn_obj *out, bool *kept,
                         tnn_error *err);

#endif
