/* A graph as a PyTorch program: a flat torch.nn.Module with one line a module in __init__ and one line a node in forward.
 *
 * The graph is what a model was read to with `as_written` (tinynn/model.h), before any pass. A node whose scope is a
 * module of torch.nn (ops/modules.h) becomes a call of that module, where the module's constructor says all that the node
 * does; every other node becomes a call of a function, by its operator (codegen/code_function.h). */
#ifndef TNN_CODEGEN_PROGRAM_H
#define TNN_CODEGEN_PROGRAM_H

#include "codegen/names.h"
#include "ir/graph.h"
#include "ops/modules.h"
#include "tinynn/model.h"

/* One tensor of a module: "weight", and the constant that it is. */
typedef struct tnn_code_tensor {
    const char *name;
    tnn_value *value;
} tnn_code_tensor;

/* A module of the program. */
typedef struct tnn_code_module {
    const tnn_module_row *row;
    const char *path;      /* in the model: "layer1.0.conv1" */
    const char *name;      /* in the program: "layer1_0_conv1"; NULL: no live step calls it */
    const char *arguments; /* of the constructor: "64, 64, 3, padding=1" */
    tnn_code_tensor *tensors;
    size_t n_tensors, cap_tensors;
} tnn_code_module;

/* A node of the graph. */
typedef struct tnn_code_step {
    const tnn_node *node;
    tnn_code_module *module; /* NULL: a function is called */
    tnn_value **operands;    /* of a module's call: what it is given, in order; n_operands of them */
    size_t n_operands;
    const char *name; /* of its result; NULL: nobody reads it */
} tnn_code_step;

/* A constant that no module owns: a parameter or a buffer of the program itself. */
typedef struct tnn_code_constant {
    const tnn_value *value;
    const char *name;
    bool is_literal; /* small, and written into the program */
} tnn_code_constant;

typedef struct tnn_code {
    const tnn_model *model;
    const tnn_graph *graph;
    tnn_arena *arena;
    tnn_names variables, attributes; /* of forward, of self */
    tnn_strmap ordinals;             /* how many steps have the same key so far: uint32_t */
    tnn_strmap modules;              /* tnn_code_module by path, in the order of first calls */
    tnn_code_step *steps;            /* one a node, in order */
    size_t n_steps;
    tnn_code_constant *constants;
    size_t n_constants, cap_constants;
    const char **texts;            /* by the id of a value: how forward names it; NULL: not (yet) */
    const tnn_code_step **readers; /* by id: the last live step that reads it; NULL: none, or the return */
    bool *returned;                /* by id: it is given back */
    const tnn_input_spec *examples; /* one an input, whose sizes __main__ takes; NULL: those of the model */
    bool trains;                   /* the graph is that of the training mode */
    size_t n_guessed;              /* calls of torch.ops.aten, which nobody writes by hand */
} tnn_code;

/* Everything but text.
 *   followed  a program whose names are those of what both programs have: the same network in another mode; NULL: none
 * Errors: TNN_ERR_UNSUPPORTED (names the node), TNN_ERR_NOMEM. */
tnn_status tnn_code_plan(tnn_code *code, const tnn_model *model, const tnn_code *followed, tnn_arena *arena,
                         tnn_error *err);

/* The name of a step's result, and that of the module that it calls. NULL: no memory. */
const char *tnn_code_name_step(tnn_code *code, const tnn_code_step *step);

/* The name of a constant that no module owns. NULL: no memory. */
const char *tnn_code_name_constant(tnn_code *code, const tnn_value *value, const tnn_code_step *reader);

/* Names of the program as JSON: tnn_model_program_json in tinynn/codegen.h says the shape. */
void tnn_code_json(const tnn_code *code, tnn_strbuf *out);

/* The module that a node calls, into its step; it stays NULL when the node calls none. */
tnn_status tnn_code_find_module(tnn_code *code, tnn_code_step *step, tnn_error *err);

/* What a step reads in forward: calls `read` with each value. */
typedef void tnn_code_read_fn(void *own, tnn_value *value);
void tnn_code_step_reads(const tnn_code_step *step, tnn_code_read_fn *read, void *own);

/* The text of the whole program.
 *   class_name    of the module
 *   weights_name  of the file beside it, or its path: with a slash
 * Errors: as tnn_code_plan. */
tnn_status tnn_code_text(tnn_code *code, const char *class_name, const char *weights_name, tnn_strbuf *out,
                         tnn_error *err);

#endif
