/* torch and methods of tensors: what makes tensors, takes them as arguments one by one, or has no meaning for a graph. */
#include "ops/torch_library.h"

/* Tensors of one number: sizes are given one by one, or as a list. */
#define FILLED(name)                                                                              \
    {"torch." name, "def " name "(*size, dtype=None, device=None, requires_grad=False, layout=None, pin_memory=False):\n" \
     "    if len(size) == 1 and not isinstance(size[0], int):\n"                                  \
     "        size = size[0]\n"                                                                   \
     "    return torch." name "(list(size), dtype=dtype)\n"}
/* Tensors whose numbers nobody knows. */
#define UNKNOWN(name, what)                                                                       \
    {"torch." name, "def " name "(*size, dtype=None, device=None, requires_grad=False, generator=None, layout=None,\n"  \
     "        pin_memory=False, memory_format=None):\n"                                           \
     "    if len(size) == 1 and not isinstance(size[0], int):\n"                                  \
     "        size = size[0]\n"                                                                   \
     "    return unset(list(size), dtype, \"" what "\")\n"}
/* Several tensors, one by one or as a list. */
#define SEVERAL(name)                                                                             \
    {"torch." name, "def " name "(*tensors):\n"                                                   \
     "    if len(tensors) == 1 and isinstance(tensors[0], (list, tuple)):\n"                      \
     "        tensors = tensors[0]\n"                                                             \
     "    return torch." name "(list(tensors))\n"}
/* What sets a state of PyTorch that a graph does not have. */
#define NOTHING(name) {"torch." name, "def nothing(*args, **kwargs):\n    return None\n"}
#define NO(name) {"torch." name, "def no(*args, **kwargs):\n    return False\n"}

static const tnn_library_row rows[] = {
    FILLED("zeros"), FILLED("ones"),
    UNKNOWN("empty", "memory that torch.empty did not fill"),
    UNKNOWN("rand", "random numbers (torch.rand)"), UNKNOWN("randn", "random numbers (torch.randn)"),
    SEVERAL("broadcast_tensors"), SEVERAL("block_diag"), SEVERAL("cartesian_prod"),
    NOTHING("no_grad"), NOTHING("enable_grad"), NOTHING("inference_mode"), NOTHING("manual_seed"),
    NOTHING("set_default_dtype"), NOTHING("set_num_threads"), NOTHING("autocast"),
    NO("jit.is_scripting"), NO("jit.is_tracing"), NO("cuda.is_available"), NO("is_grad_enabled"), NO("compiler.is_compiling"),
    {"torch.Tensor.make",
     "def make(*size):\n"
     "    if len(size) == 1 and isinstance(size[0], (list, tuple)):\n"
     "        return torch.tensor(size[0], dtype=torch.float32)\n"
     "    return unset(list(size), None, \"memory that torch.Tensor did not fill\")\n"},
    {"torch.Tensor.cpu",
     "def cpu(self):\n"
     "    return self\n"},
    {"torch.Tensor.cuda",
     "def cuda(self, device=None):\n"
     "    return self\n"},
    {"torch.Tensor.requires_grad_",
     "def requires_grad_(self, requires_grad=True):\n"
     "    return self\n"},
    {"torch.Tensor.type",
     "def type(self, dtype):\n"
     "    return torch.to(self, dtype)\n"},
    {"torch.Tensor.byte",
     "def byte(self):\n"
     "    return torch.to(self, torch.uint8)\n"},
    {"torch.Tensor.char",
     "def char(self):\n"
     "    return torch.to(self, torch.int8)\n"},
    {"torch.Tensor.short",
     "def short(self):\n"
     "    return torch.to(self, torch.int16)\n"},
    {"torch.Tensor.new_tensor",
     "def new_tensor(self, data, dtype=None, device=None, requires_grad=False):\n"
     "    return torch.tensor(data, dtype=self.dtype if dtype is None else dtype)\n"},
    {"torch.randint",
     "def randint(low, high=None, size=None, dtype=None, device=None, generator=None, requires_grad=False):\n"
     "    if size is None:\n"
     "        size = high\n"
     "    return unset(list(size), torch.int64 if dtype is None else dtype, \"random numbers (torch.randint)\")\n"},
    {"torch.full",
     "def full(size, fill_value, dtype=None, device=None, requires_grad=False):\n"
     "    return torch.full(list(size), fill_value, dtype=dtype)\n"},
    {"torch.einsum",
     "def einsum(equation, *operands):\n"
     "    if len(operands) == 1 and isinstance(operands[0], (list, tuple)):\n"
     "        operands = operands[0]\n"
     "    return torch.einsum(equation, list(operands))\n"},
    {"torch.meshgrid",
     "def meshgrid(*tensors, indexing=\"ij\"):\n"
     "    if len(tensors) == 1 and isinstance(tensors[0], (list, tuple)):\n"
     "        tensors = tensors[0]\n"
     "    return torch.meshgrid(list(tensors), indexing=indexing)\n"},
    {"torch.split",
     "def split(tensor, split_size_or_sections, dim=0):\n"
     "    return torch.split(tensor, split_size_or_sections, dim)\n"},
    {"torch.is_tensor",
     "def is_tensor(obj):\n"
     "    return isinstance(obj, Tensor)\n"},
    {"torch.Size",
     "def Size(sizes):\n"
     "    return tuple(sizes)\n"},
    {"torch.jit.trace",
     "def trace(func, example_inputs=None, **kwargs):\n"
     "    if isinstance(example_inputs, tuple):\n"
     "        return func(*example_inputs)\n"
     "    return func(example_inputs)\n"},
    {"torch.export.export",
     "def export(mod, args, kwargs=None, **options):\n"
     "    return mod(*args)\n"},
    {"torch.onnx.export",
     "def export(model, args, *options, **more):\n"
     "    if isinstance(args, tuple):\n"
     "        return model(*args)\n"
     "    return model(args)\n"},
    {"torch.nn.init.*",
     "def init(tensor, *args, **kwargs):\n"
     "    return tensor\n"},
    {"collections.OrderedDict",
     "def OrderedDict(items=[]):\n"
     "    return dict(items)\n"},
    {"copy.deepcopy",
     "def deepcopy(x):\n"
     "    return copied(x)\n"},
};

const tnn_library_part tnn_library_tensors = {rows, sizeof rows / sizeof *rows};
