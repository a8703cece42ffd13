/* torch.nn: containers, modules that are more than a call, and those of quantization that leave a float model as it is. */
#include "ops/torch_library.h"

static const tnn_library_row rows[] = {
    {"torch.nn.Module",
     "class Module(Module):\n"
     "    training = False\n"
     "    def __init__(self, *args, **kwargs):\n"
     "        pass\n"
     "    def register_buffer(self, name, tensor, persistent=True):\n"
     "        setattr(self, name, kept(tensor, \"buffer\") if persistent else tensor)\n"
     "    def register_parameter(self, name, param):\n"
     "        setattr(self, name, param)\n"
     "    def add_module(self, name, module):\n"
     "        setattr(self, name, module)\n"
     "    def register_module(self, name, module):\n"
     "        setattr(self, name, module)\n"
     "    def children(self):\n"
     "        return [child for name, child in children(self)]\n"
     "    def named_children(self):\n"
     "        return children(self)\n"
     "    def modules(self):\n"
     "        found = [self]\n"
     "        for name, child in children(self):\n"
     "            found.extend(child.modules())\n"
     "        return found\n"
     "    def named_modules(self, memo=None, prefix=\"\"):\n"
     "        found = [(prefix, self)]\n"
     "        for name, child in children(self):\n"
     "            found.extend(child.named_modules(None, prefix + \".\" + name if prefix != \"\" else name))\n"
     "        return found\n"
     "    def parameters(self, recurse=True):\n"
     "        return []\n"
     "    def named_parameters(self, prefix=\"\", recurse=True):\n"
     "        return []\n"
     "    def buffers(self, recurse=True):\n"
     "        return []\n"
     "    def apply(self, fn):\n"
     "        return self\n"
     "    def train(self, mode=True):\n"
     "        return self\n"
     "    def eval(self):\n"
     "        return self\n"
     "    def requires_grad_(self, requires_grad=True):\n"
     "        return self\n"
     "    def zero_grad(self, set_to_none=True):\n"
     "        return None\n"
     "    def to(self, *args, **kwargs):\n"
     "        return self\n"
     "    def cpu(self):\n"
     "        return self\n"
     "    def cuda(self, device=None):\n"
     "        return self\n"
     "    def load_state_dict(self, state_dict, strict=True, assign=False):\n"
     "        return None\n"},
    {"torch.nn.Parameter",
     "def Parameter(data=None, requires_grad=True):\n"
     "    return kept(data, \"parameter\")\n"},
    {"torch.nn.Buffer",
     "def Buffer(data=None, persistent=True):\n"
     "    return kept(data, \"buffer\") if persistent else data\n"},
    {"torch.nn.Sequential",
     "class Sequential(torch.nn.ModuleList):\n"
     "    def __init__(self, *args):\n"
     "        if len(args) == 1 and isinstance(args[0], dict):\n"
     "            for name, module in args[0].items():\n"
     "                setattr(self, name, module)\n"
     "        else:\n"
     "            for k, module in enumerate(args):\n"
     "                setattr(self, str(k), module)\n"
     "    def part(self, modules):\n"
     "        return torch.nn.Sequential(*modules)\n"
     "    def forward(self, input):\n"
     "        for name, module in children(self):\n"
     "            input = module(input)\n"
     "        return input\n"},
    {"torch.nn.ModuleList",
     "class ModuleList(torch.nn.Module):\n"
     "    def __init__(self, modules=None):\n"
     "        if modules is not None:\n"
     "            self.extend(modules)\n"
     "    def append(self, module):\n"
     "        setattr(self, str(len(self)), module)\n"
     "        return self\n"
     "    def extend(self, modules):\n"
     "        for module in modules:\n"
     "            self.append(module)\n"
     "        return self\n"
     "    def insert(self, index, module):\n"
     "        modules = self.children()\n"
     "        modules.insert(index, module)\n"
     "        for k, item in enumerate(modules):\n"
     "            setattr(self, str(k), item)\n"
     "    def part(self, modules):\n"
     "        return torch.nn.ModuleList(modules)\n"
     "    def __len__(self):\n"
     "        return len(children(self))\n"
     "    def __iter__(self):\n"
     "        return [child for name, child in children(self)]\n"},
    {"torch.nn.ModuleDict",
     "class ModuleDict(torch.nn.Module):\n"
     "    def __init__(self, modules=None):\n"
     "        if modules is not None:\n"
     "            self.update(modules)\n"
     "    def update(self, modules):\n"
     "        pairs = modules.items() if isinstance(modules, dict) else modules\n"
     "        for name, module in pairs:\n"
     "            setattr(self, name, module)\n"
     "    def keys(self):\n"
     "        return [name for name, child in children(self)]\n"
     "    def values(self):\n"
     "        return [child for name, child in children(self)]\n"
     "    def items(self):\n"
     "        return children(self)\n"
     "    def __len__(self):\n"
     "        return len(children(self))\n"
     "    def __iter__(self):\n"
     "        return [name for name, child in children(self)]\n"
     "    def __contains__(self, name):\n"
     "        return name in self.keys()\n"},
    {"torch.nn.ParameterList",
     "class ParameterList(torch.nn.Module):\n"
     "    def __init__(self, values=None):\n"
     "        self.size = 0\n"
     "        if values is not None:\n"
     "            self.extend(values)\n"
     "    def append(self, value):\n"
     "        setattr(self, str(self.size), kept(value, \"parameter\"))\n"
     "        self.size = self.size + 1\n"
     "        return self\n"
     "    def extend(self, values):\n"
     "        for value in values:\n"
     "            self.append(value)\n"
     "        return self\n"
     "    def __len__(self):\n"
     "        return self.size\n"
     "    def __iter__(self):\n"
     "        return [getattr(self, str(k)) for k in range(self.size)]\n"},
    {"torch.nn.ParameterDict",
     "class ParameterDict(torch.nn.Module):\n"
     "    def __init__(self, parameters=None):\n"
     "        self.names = []\n"
     "        if parameters is not None:\n"
     "            for name, value in parameters.items():\n"
     "                self.names.append(name)\n"
     "                setattr(self, name, kept(value, \"parameter\"))\n"
     "    def keys(self):\n"
     "        return self.names\n"
     "    def values(self):\n"
     "        return [getattr(self, name) for name in self.names]\n"
     "    def items(self):\n"
     "        return [(name, getattr(self, name)) for name in self.names]\n"
     "    def __len__(self):\n"
     "        return len(self.names)\n"
     "    def __iter__(self):\n"
     "        return self.names\n"
     "    def __contains__(self, name):\n"
     "        return name in self.names\n"},
    {"torch.nn.Identity",
     "class Identity(torch.nn.Module):\n"
     "    def forward(self, input):\n"
     "        return input\n"},
    {"torch.nn.SyncBatchNorm",
     "class SyncBatchNorm(torch.nn.BatchNorm2d):\n"
     "    pass\n"},
    {"torch.nn.Dropout3d",
     "class Dropout3d(torch.nn.Module):\n"
     "    def __init__(self, p=0.5, inplace=False):\n"
     "        self.p = p\n"
     "        self.inplace = inplace\n"
     "    def forward(self, input):\n"
     "        return torch.nn.functional.dropout3d(input, self.p, self.training, self.inplace)\n"},
    {"torch.nn.Softmin",
     "class Softmin(torch.nn.Module):\n"
     "    def __init__(self, dim=None):\n"
     "        self.dim = dim\n"
     "    def forward(self, input):\n"
     "        return torch.nn.functional.softmin(input, self.dim)\n"},
    {"torch.nn.Softsign",
     "class Softsign(torch.nn.Module):\n"
     "    def forward(self, input):\n"
     "        return torch.nn.functional.softsign(input)\n"},
    {"torch.nn.Tanhshrink",
     "class Tanhshrink(torch.nn.Module):\n"
     "    def forward(self, input):\n"
     "        return torch.nn.functional.tanhshrink(input)\n"},
    {"torch.nn.LocalResponseNorm",
     "class LocalResponseNorm(torch.nn.Module):\n"
     "    def __init__(self, size, alpha=0.0001, beta=0.75, k=1.0):\n"
     "        self.size = size\n"
     "        self.alpha = alpha\n"
     "        self.beta = beta\n"
     "        self.k = k\n"
     "    def forward(self, input):\n"
     "        return torch.nn.functional.local_response_norm(input, self.size, self.alpha, self.beta, self.k)\n"},
    {"torch.nn.PairwiseDistance",
     "class PairwiseDistance(torch.nn.Module):\n"
     "    def __init__(self, p=2.0, eps=1e-06, keepdim=False):\n"
     "        self.norm = p\n"
     "        self.eps = eps\n"
     "        self.keepdim = keepdim\n"
     "    def forward(self, x1, x2):\n"
     "        return torch.pairwise_distance(x1, x2, self.norm, self.eps, self.keepdim)\n"},
    {"torch.nn.LPPool2d",
     "class LPPool2d(torch.nn.Module):\n"
     "    def __init__(self, norm_type, kernel_size, stride=None, ceil_mode=False):\n"
     "        self.norm_type = norm_type\n"
     "        self.kernel_size = kernel_size\n"
     "        self.stride = stride\n"
     "        self.ceil_mode = ceil_mode\n"
     "    def forward(self, input):\n"
     "        return torch.nn.functional.lp_pool2d(input, self.norm_type, self.kernel_size, self.stride, self.ceil_mode)\n"},
    {"torch.nn.AdaptiveMaxPool1d",
     "class AdaptiveMaxPool1d(torch.nn.Module):\n"
     "    def __init__(self, output_size, return_indices=False):\n"
     "        self.output_size = output_size\n"
     "        self.return_indices = return_indices\n"
     "    def forward(self, input):\n"
     "        return torch.nn.functional.adaptive_max_pool1d(input, self.output_size, self.return_indices)\n"},
    {"torch.nn.AdaptiveMaxPool2d",
     "class AdaptiveMaxPool2d(torch.nn.Module):\n"
     "    def __init__(self, output_size, return_indices=False):\n"
     "        self.output_size = output_size\n"
     "        self.return_indices = return_indices\n"
     "    def forward(self, input):\n"
     "        return torch.nn.functional.adaptive_max_pool2d(input, self.output_size, self.return_indices)\n"},
    {"torch.nn.AdaptiveMaxPool3d",
     "class AdaptiveMaxPool3d(torch.nn.Module):\n"
     "    def __init__(self, output_size, return_indices=False):\n"
     "        self.output_size = output_size\n"
     "        self.return_indices = return_indices\n"
     "    def forward(self, input):\n"
     "        return torch.nn.functional.adaptive_max_pool3d(input, self.output_size, self.return_indices)\n"},
    {"torch.quantization.QuantStub",
     "class QuantStub(torch.nn.Module):\n"
     "    def forward(self, x):\n"
     "        return torch.ops.tinynn.quant_stub(x)\n"},
    {"torch.quantization.DeQuantStub",
     "class DeQuantStub(torch.nn.Module):\n"
     "    def forward(self, x):\n"
     "        return torch.ops.tinynn.dequant_stub(x)\n"},
    {"torch.quantization.QuantWrapper",
     "class QuantWrapper(torch.nn.Module):\n"
     "    def __init__(self, module):\n"
     "        self.module = module\n"
     "    def forward(self, x):\n"
     "        return self.module(x)\n"},
    {"torch.nn.quantized.FloatFunctional",
     "class FloatFunctional(torch.nn.Module):\n"
     "    def add(self, x, y):\n"
     "        return torch.add(x, y)\n"
     "    def add_scalar(self, x, y):\n"
     "        return torch.add(x, y)\n"
     "    def mul(self, x, y):\n"
     "        return torch.mul(x, y)\n"
     "    def mul_scalar(self, x, y):\n"
     "        return torch.mul(x, y)\n"
     "    def matmul(self, x, y):\n"
     "        return torch.matmul(x, y)\n"
     "    def add_relu(self, x, y):\n"
     "        return torch.relu(torch.add(x, y))\n"
     "    def cat(self, x, dim=0):\n"
     "        return torch.cat(x, dim)\n"},
};

const tnn_library_part tnn_library_modules = {rows, sizeof rows / sizeof *rows};
