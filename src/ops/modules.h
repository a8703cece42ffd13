/* The constructors of torch.nn, and the stubs of torch.ao.quantization, that tinynn knows: from a constructor to the operator that its module calls, and back.
 *
 * A row is text in PyTorch's own words. That of Conv2d:
 *
 *   parameters  "in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1, bias=True"
 *   tensors     "weight bias"
 *   calls       "conv2d(input, weight, bias, stride, padding, dilation, groups)"
 *   sizes       "in_channels=weight[1]*groups out_channels=weight[0] kernel_size=weight[2:] bias=weight?"
 *
 * A call names an operator as a spelling, a primitive or a composite does (ops/list.h), overload included, and gives its
 * arguments in the order of its signature; what it leaves out are defaults. An argument is `input` (a second one: `other`;
 * what is left out when there is none: `states`), a tensor of the module, `training`, a parameter of the constructor, or a
 * literal. A row may have several calls: the first is what PyTorch's forward does, the others are what decomposed
 * programs do, or forms that other literals take. Behind a call may stand what a parameter is where this one is meant:
 * "rnn_relu.input(…) nonlinearity='relu'". The `weights` of a recurrent network are a list of tensors, those of one layer
 * and direction after another: TENSOR_lK, TENSOR_lK_reverse.
 *
 * Sizes say what the call does not: parameters that are sizes of the module's tensors, or which of them there are. */
#ifndef TNN_OPS_MODULES_H
#define TNN_OPS_MODULES_H

#include <stdbool.h>
#include <stddef.h>

#define TNN_MODULE_MAX_CALLS 8

typedef struct tnn_module_row {
    const char *name;       /* in torch.nn: "Conv2d" */
    const char *parameters; /* of the constructor, in order; with a default: may be left out, and is what is left out */
    const char *tensors;    /* parameters and buffers of the module, separated by spaces; a buffer ends in '!' */
    const char *sizes;      /* PARAMETER=TENSOR[i], …=TENSOR[i]*PARAMETER, …=TENSOR[i]/4, …=TENSOR[i:], …=TENSOR? (it is there); or ""; `input` too */
    const char *calls[TNN_MODULE_MAX_CALLS]; /* NULL behind the last */
} tnn_module_row;

extern const tnn_module_row tnn_module_rows[];
extern const size_t tnn_n_module_rows;

/* NULL: there is none of that name. */
const tnn_module_row *tnn_module_find(const char *name);

/* QuantStub and DeQuantStub, which give back their input and say where a quantized part of the network begins and ends. */
bool tnn_module_is_stub(const tnn_module_row *row);

/* Where the constructor is: "torch.nn". */
const char *tnn_module_package(const tnn_module_row *row);

#endif
