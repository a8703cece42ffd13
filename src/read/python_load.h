/* A model that is a program in Python: `model.py`, with its weights in a file beside it.
 *
 *   1. the top level of the file: imports, classes, functions, constants
 *   2. the block for `__main__`, for what it says of the model (eval/python.h)
 *   3. the model: the class that is asked for, else the one object that the block calls or makes, else the last class of
 *      a module in the file, made without arguments
 *   4. its parameters and buffers, by the names of state_dict(), from the file of weights
 *   5. its inputs, from the user, from the call in the block, or from a default
 *   6. forward, in evaluation mode
 *
 * Nothing is executed: the evaluator knows a fixed list of names. */
#ifndef TNN_READ_PYTHON_LOAD_H
#define TNN_READ_PYTHON_LOAD_H

#include "eval/python.h"
#include "read/program_load.h"
#include "read/state_dict.h"

typedef struct tnn_python_load {
    tnn_program_load base;
    tnn_file *source;
    tnn_python program;
    tnn_record record;
    tnn_recorded_call example; /* of the model; `model` NULL: there is none */
    tnn_state_dict state;
    bool has_state; /* there is a file of weights */
    bool needs_state; /* a parameter or buffer was asked for */
} tnn_python_load;

/* Is it a program in Python, by its name? */
bool tnn_python_is(const char *path);

/* Read the program into a graph. Errors: as tnn_model_load. */
tnn_status tnn_python_to_model(tnn_model **out, tnn_file *file, const tnn_load_options *options, tnn_lacks *lacks,
                               tnn_error *err);

/* What `tinynn inspect` prints of it. Errors: likewise. */
tnn_status tnn_python_describe(tnn_file *file, const tnn_load_options *options, bool json, tnn_strbuf *out,
                               tnn_lacks *lacks, tnn_error *err);

/* Steps 3 to 5. The model is base.root then.
 * Errors: TNN_ERR_INVALID (no such class, no input shapes), TNN_ERR_UNSUPPORTED (no class of a module), those of the
 * program. */
tnn_status tnn_python_choose(tnn_python_load *load, tnn_error *err);
/* Errors: those of tnn_state_dict_open and tnn_state_dict_check; TNN_ERR_IO (no file of weights where one is needed). */
tnn_status tnn_python_weights(tnn_python_load *load, tnn_lacks *lacks, tnn_error *err);
/* Positional arguments come first in `*args`, which the last n of `names` belong to: as for a call. */
tnn_status tnn_python_inputs(tnn_python_load *load, const tnn_function *method, tnn_call_args *out, tnn_error *err);

/* After forward: TNN_ERR_UNSUPPORTED when it used numbers that nobody gave. */
tnn_status tnn_python_check_unset(const tnn_python_load *load, tnn_error *err);

#endif
