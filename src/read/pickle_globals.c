/* The names that a pickle may mention. They stay names: nothing is imported or called. */
#include <string.h>

#include "read/pickle.h"

/* Whole names. */
static const char *const allowed[] = {
    "__builtin__.set",
    "__builtin__.frozenset",
    "__builtin__.complex",
    "__builtin__.slice",
    "builtins.set",
    "builtins.frozenset",
    "builtins.complex",
    "builtins.slice",
    "collections.OrderedDict",
    "collections.defaultdict",
    "torch.Size",
    "torch.Tensor",
    "torch.device",
    "torch.memory_format",
    "torch.per_channel_affine",
    "torch.per_tensor_affine",
    "torch.serialization._get_layout",
    "torch.strided",
    "torch._utils._rebuild_parameter",
    "torch._utils._rebuild_parameter_with_state",
    "torch._utils._rebuild_qtensor",
    "torch._utils._rebuild_tensor",
    "torch._utils._rebuild_tensor_v2",
    "torch._utils._rebuild_tensor_v3",
    "torch._tensor._rebuild_from_type_v2",
    "torch.jit._pickle.build_boollist",
    "torch.jit._pickle.build_doublelist",
    "torch.jit._pickle.build_intlist",
    "torch.jit._pickle.build_tensor_from_id",
    "torch.jit._pickle.build_tensorlist",
    "torch.jit._pickle.restore_type_tag",
    "torch.nn.parameter.Parameter",
    "torch.storage.TypedStorage",
    "torch.storage.UntypedStorage",
    "torch.storage._load_from_bytes",
};

/* torch.float32, torch.FloatStorage, torch.storage.FloatStorage: element types and their storages. */
static const char *const element_types[] = {
    "BFloat16Storage", "BoolStorage",   "ByteStorage",  "CharStorage",  "ComplexDoubleStorage",
    "ComplexFloatStorage", "DoubleStorage", "FloatStorage", "HalfStorage", "IntStorage",
    "LongStorage",     "QInt32Storage", "QInt8Storage", "QUInt8Storage", "ShortStorage",
    "UntypedStorage",  "bfloat16",      "bool",         "complex128",   "complex64",
    "float16",         "float32",       "float64",      "float8_e4m3fn", "float8_e5m2",
    "int16",           "int32",         "int64",        "int8",         "qint32",
    "qint8",           "quint8",        "uint16",       "uint32",       "uint64",
    "uint8",
};

static bool is_among(const char *name, const char *const *names, size_t n) {
    for (size_t i = 0; i < n; i++) {
        if (strcmp(names[i], name) == 0) return true;
    }
    return false;
}

bool tnn_pickle_allows(const char *global) {
    if (is_among(global, allowed, sizeof allowed / sizeof *allowed)) return true;
    if (strncmp(global, "torch.", 6) != 0) return false;
    const char *name = strncmp(global, "torch.storage.", 14) == 0 ? global + 14 : global + 6;
    return is_among(name, element_types, sizeof element_types / sizeof *element_types);
}
