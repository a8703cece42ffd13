/* Programs in Python: their top level, and what their `if __name__ == "__main__":` block says of the model. Nothing of
 * the block is kept: modules that it calls are only noted, and statements that cannot be evaluated are skipped. */
#ifndef TNN_EVAL_PYTHON_H
#define TNN_EVAL_PYTHON_H

#include "eval/object.h"

/* model(x, mask=y) in the block. */
typedef struct tnn_recorded_call {
    tnn_instance *model;
    tnn_call_args call; /* tensors stand for their types alone */
} tnn_recorded_call;

struct tnn_record {
    tnn_recorded_call *calls;
    size_t n_calls, cap_calls;
    tnn_instance **made; /* modules of classes of the program, those inside of others left out */
    size_t n_made, cap_made;
    bool failed; /* one could not be made: evaluation ended there */
};

typedef struct tnn_python {
    tnn_block block;
    tnn_strmap globals; /* tnn_obj by name */
    const char *file;
} tnn_python;

/* Parse the text and run its top level. `out` and the text live as long as the interpreter.
 * Errors: those of tnn_parse and of the statements. */
tnn_status tnn_python_define(tnn_interp *interp, const tnn_program_text *text, tnn_python *out, tnn_error *err);

/* Run the blocks for `__main__`; none is fine.
 * Errors: TNN_ERR_LIMIT, TNN_ERR_NOMEM; those of the constructor when a model cannot be made. */
tnn_status tnn_python_main(tnn_interp *interp, tnn_python *python, tnn_record *record, tnn_error *err);

/* For the evaluator: a call of a module while `interp->record` is set, and what became of a class's call. */
tnn_status tnn_record_call(tnn_interp *interp, tnn_instance *model, const tnn_call_args *call, tnn_error *err);
tnn_status tnn_record_made(tnn_interp *interp, const tnn_obj *made, tnn_status status, tnn_error *err);

#endif
