/* PyTorch's library as a program in Python sees it: functions whose arguments are others than those of ATen's operators,
 * and modules that are more than a call of one (those stand in ops/modules.h). Each is a text in the subset, evaluated by
 * src/eval. `torch` in the texts is ATen: torch.conv2d(...) is the operator, torch.nn.functional.conv2d the library's.
 *
 *   unset(sizes, dtype, what)  a tensor whose numbers are to come from a file
 *   kept(tensor, "parameter")  what a module keeps a tensor as, "parameter" or "buffer"
 *   children(module)           pairs of names and modules */
#ifndef TNN_OPS_TORCH_LIBRARY_H
#define TNN_OPS_TORCH_LIBRARY_H

#include <stddef.h>

typedef struct tnn_library_row {
    const char *name; /* "torch.nn.functional.relu"; "torch.nn.init.*" stands for all names there */
    const char *text; /* one def or class; NULL: the function is that of torch with the same name */
} tnn_library_row;

typedef struct tnn_library_part {
    const tnn_library_row *rows;
    size_t n;
} tnn_library_part;

extern const tnn_library_part tnn_library_functions, tnn_library_tensors, tnn_library_modules, tnn_library_attention;

/* What ops/modules.h does not say of a module. `make` and `forward` are lines of a method's body, indented by eight spaces.
 * NULL stands for what is usual. */
typedef struct tnn_library_maker {
    const char *name;    /* in torch.nn */
    const char *base;    /* usually torch.nn.Module */
    const char *inputs;  /* parameters of forward; usually "input" */
    const char *more;    /* further parameters of the constructor: ", init=0.25"; usually none */
    const char *make;    /* of __init__, after `self.NAME = NAME` for all parameters; usually nothing */
    const char *forward; /* usually the first call of the row */
} tnn_library_maker;

extern const tnn_library_maker tnn_library_makers[];
extern const size_t tnn_n_library_makers;

#endif
