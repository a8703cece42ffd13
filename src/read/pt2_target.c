#include "read/pt2_target.h"

#include <string.h>

#include "eval/interp.h"

typedef struct python_row {
    const char *target;
    const char *text;
} python_row;

/* What PyTorch writes for arithmetic on sizes, and the prims that its decompositions leave. */
static const python_row python_rows[] = {
    {"_operator.add", "def f(a, b):\n    return a + b\n"},
    {"_operator.sub", "def f(a, b):\n    return a - b\n"},
    {"_operator.mul", "def f(a, b):\n    return a * b\n"},
    {"_operator.floordiv", "def f(a, b):\n    return a // b\n"},
    {"_operator.truediv", "def f(a, b):\n    return a / b\n"},
    {"_operator.mod", "def f(a, b):\n    return a % b\n"},
    {"_operator.pow", "def f(a, b):\n    return a ** b\n"},
    {"_operator.neg", "def f(a):\n    return -a\n"},
    {"_operator.pos", "def f(a):\n    return a\n"},
    {"_operator.eq", "def f(a, b):\n    return a == b\n"},
    {"_operator.ne", "def f(a, b):\n    return a != b\n"},
    {"_operator.lt", "def f(a, b):\n    return a < b\n"},
    {"_operator.le", "def f(a, b):\n    return a <= b\n"},
    {"_operator.gt", "def f(a, b):\n    return a > b\n"},
    {"_operator.ge", "def f(a, b):\n    return a >= b\n"},
    {"_operator.and_", "def f(a, b):\n    return a and b\n"},
    {"_operator.or_", "def f(a, b):\n    return a or b\n"},
    {"_operator.getitem", "def f(a, b):\n    return a[b]\n"},
    {"torch.sym_int", "def f(a):\n    return int(a)\n"},
    {"torch.sym_float", "def f(a):\n    return float(a)\n"},
    {"torch.sym_max", "def f(a, b):\n    return max(a, b)\n"},
    {"torch.sym_min", "def f(a, b):\n    return min(a, b)\n"},
    {"torch.sym_not", "def f(a):\n    return not a\n"},
    {"torch.sym_ite", "def f(a, b, c):\n    return b if a else c\n"},
    {"math.ceil", "def f(a):\n    return math.ceil(a)\n"},
    {"math.floor", "def f(a):\n    return math.floor(a)\n"},
    {"math.trunc", "def f(a):\n    return int(a)\n"},
    {"builtins.round", "def f(a):\n    return round(a)\n"},
    {"torch.ops.prims.scalar_tensor.default",
     "def f(s, dtype, device):\n    return torch.scalar_tensor(s, dtype=dtype)\n"},
    {"torch.ops.prims.copy_strided.default",
     "def f(a, stride):\n"
     "    return torch.copy_(torch.as_strided(torch.empty([a.numel()], dtype=a.dtype), a.shape, stride), a)\n"},
};

static const char *find_python(const char *target) {
    for (size_t i = 0; i < sizeof python_rows / sizeof *python_rows; i++) {
        if (strcmp(python_rows[i].target, target) == 0) return python_rows[i].text;
    }
    return NULL;
}

static const char ops[] = "torch.ops.";
static const char aten[] = "torch.ops.aten.";
static const char higher_order[] = "torch.ops.higher_order.";

typedef struct inline_row {
    const char *name;
    size_t graph_index, first_input;
    bool casts;
} inline_row;

/* Operators that run a graph as it stands. */
static const inline_row inline_rows[] = {
    {"wrap_with_set_grad_enabled", 1, 2, false}, /* enabled, graph, inputs */
    {"wrap_with_autocast", 4, 5, true},          /* device, dtype, enabled, cache, graph, inputs */
    {"invoke_subgraph", 0, 2, false},            /* graph, identifier, inputs */
    {"tag_activation_checkpoint", 0, 1, false},  /* graph, inputs */
    {"wrap_activation_checkpoint", 0, 1, false},
};

static bool starts_with(const char *text, const char *start) {
    return strncmp(text, start, strlen(start)) == 0;
}

/* "conv2d.default" of ATen, "torchvision.nms.default" of others. */
static tnn_status read_operator(tnn_pt2_target *out, tnn_arena *arena, const tnn_interp *interp, const char *name,
                                tnn_error *err) {
    const char *dot = strrchr(name, '.');
    size_t length = dot == NULL ? strlen(name) : (size_t)(dot - name);
    out->name = tnn_arena_strn(arena, name, length);
    out->overload = dot == NULL ? "" : dot + 1;
    if (out->name == NULL) return tnn_fail_nomem(err);
    if (tnn_interp_knows(interp, out->name, out->overload)) out->kind = TNN_PT2_TARGET_OPERATOR;
    return TNN_OK;
}

static void read_inline(tnn_pt2_target *out, const char *name) {
    for (size_t i = 0; i < sizeof inline_rows / sizeof *inline_rows; i++) {
        const inline_row *row = &inline_rows[i];
        if (strcmp(row->name, name) != 0) continue;
        out->kind = TNN_PT2_TARGET_INLINE;
        out->graph_index = row->graph_index;
        out->first_input = row->first_input;
        out->casts = row->casts;
    }
}

tnn_status tnn_pt2_target_read(tnn_pt2_target *out, tnn_arena *arena, const tnn_interp *interp, const char *text,
                               tnn_error *err) {
    memset(out, 0, sizeof *out);
    out->shown = starts_with(text, ops) ? text + sizeof ops - 1 : text;
    if (starts_with(text, aten)) return read_operator(out, arena, interp, text + sizeof aten - 1, err);
    out->text = find_python(text);
    if (out->text != NULL) out->kind = TNN_PT2_TARGET_PYTHON;
    else if (starts_with(text, higher_order)) read_inline(out, text + sizeof higher_order - 1);
    else if (starts_with(text, ops)) return read_operator(out, arena, interp, text + sizeof ops - 1, err);
    return TNN_OK;
}
