#include "codegen/code_view.h"

#include <string.h>

#include "codegen/literal.h"
#include "ops/list.h"

static const char *text_of(const tnn_code *code, const tnn_arg *arg) {
    const tnn_value *value = tnn_arg_tensor(arg);
    return value && code->texts[value->id] ? code->texts[value->id] : "None";
}

/* ---- reshape ---- */

/* Which dimension of the operand has this size, the one at the same place first; -1: none. */
static int dim_of_size(const tnn_shape *shape, unsigned place, tnn_size size) {
    if (place < shape->rank && tnn_size_same(shape->dims[place], size)) return (int)place;
    for (unsigned k = 0; k < shape->rank; k++)
        if (tnn_size_same(shape->dims[k], size)) return (int)k;
    return -1;
}

/* Sizes of a reshape or an expansion: those that depend on an input are taken from the operand, and one may be -1. */
static void add_sizes(const char *self, const tnn_shape *from, const tnn_arg *sizes, bool one_is_rest,
                      tnn_strbuf *out) {
    for (uint32_t k = 0; k < sizes->n; k++) {
        tnn_size size = sizes->as.sizes[k];
        int dim = size.expr ? dim_of_size(from, k, size) : -1;
        if (k > 0) tnn_strbuf_add(out, ", ");
        if (dim >= 0) tnn_strbuf_printf(out, "%s.shape[%d]", self, dim);
        else if (size.expr && one_is_rest) {
            tnn_strbuf_add(out, "-1");
            one_is_rest = false;
        } else tnn_literal_size(out, size);
    }
}

/* Dimensions [start, end] became one, the others are the same. */
static bool is_flattened(const tnn_shape *from, const tnn_shape *to, unsigned *start, unsigned *end) {
    unsigned front = 0, back = 0;
    if (to->rank >= from->rank || to->rank == 0) return false;
    while (front + 1 < to->rank && tnn_size_same(from->dims[front], to->dims[front])) front++;
    while (front + back + 1 < to->rank &&
           tnn_size_same(from->dims[from->rank - 1 - back], to->dims[to->rank - 1 - back])) back++;
    *start = front;
    *end = from->rank - 1u - back;
    return front + back + 1 == to->rank && *end > *start;
}

/* A dimension of size 1 is new in `to`, or -1. */
static int added_dim(const tnn_shape *from, const tnn_shape *to) {
    unsigned k = 0;
    if (to->rank != from->rank + 1) return -1;
    while (k < from->rank && tnn_size_same(from->dims[k], to->dims[k])) k++;
    bool one = !to->dims[k].expr && to->dims[k].hint == 1;
    for (unsigned i = k; one && i < from->rank; i++) one = tnn_size_same(from->dims[i], to->dims[i + 1]);
    return one ? (int)k : -1;
}

static void add_flatten(const tnn_shape *from, unsigned start, unsigned end, const char *self, tnn_strbuf *out) {
    tnn_strbuf_printf(out, "torch.flatten(%s", self);
    if (start > 0) tnn_strbuf_printf(out, ", %u", start);
    if (end + 1u < from->rank) tnn_strbuf_printf(out, start > 0 ? ", %u" : ", end_dim=%u", end);
    tnn_strbuf_add(out, ")");
}

static void write_reshape(const tnn_code *code, const tnn_node *node, tnn_strbuf *out) {
    const char *self = text_of(code, &node->args[0]);
    const tnn_shape *from = &tnn_arg_tensor(&node->args[0])->shape, *to = &node->outputs[0]->shape;
    unsigned start, end;
    int added = added_dim(from, to), removed = added_dim(to, from);
    if (added >= 0) tnn_strbuf_printf(out, "torch.unsqueeze(%s, %d)", self, added);
    else if (removed >= 0) tnn_strbuf_printf(out, "torch.squeeze(%s, %d)", self, removed);
    else if (is_flattened(from, to, &start, &end)) add_flatten(from, start, end, self, out);
    else {
        tnn_strbuf_printf(out, "%s.reshape(", self);
        if (node->args[1].n == 0) tnn_strbuf_add(out, "()");
        add_sizes(self, from, &node->args[1], true, out);
        tnn_strbuf_add(out, ")");
    }
}

static void write_expand(const tnn_code *code, const tnn_node *node, tnn_strbuf *out) {
    const char *self = text_of(code, &node->args[0]);
    tnn_strbuf_printf(out, "%s.expand(", self);
    if (node->args[1].n == 0) tnn_strbuf_add(out, "()");
    add_sizes(self, &tnn_arg_tensor(&node->args[0])->shape, &node->args[1], false, out);
    tnn_strbuf_add(out, ")");
}

/* ---- permute ---- */

static void write_permute(const tnn_code *code, const tnn_node *node, tnn_strbuf *out) {
    const tnn_arg *dims = &node->args[1];
    uint32_t moved[2] = {0}, n_moved = 0;
    for (uint32_t k = 0; k < dims->n; k++) {
        if (dims->as.sizes[k].hint == k) continue;
        if (n_moved < 2) moved[n_moved] = k;
        n_moved++;
    }
    const char *self = text_of(code, &node->args[0]);
    if (n_moved == 2) {
        tnn_strbuf_printf(out, "%s.transpose(%u, %u)", self, moved[0], moved[1]);
        return;
    }
    tnn_strbuf_printf(out, "%s.permute(", self);
    for (uint32_t k = 0; k < dims->n; k++)
        tnn_strbuf_printf(out, "%s%lld", k > 0 ? ", " : "", (long long)dims->as.sizes[k].hint);
    tnn_strbuf_add(out, ")");
}

/* ---- slices ---- */

/* Python's formatters put spaces around the colon where an operand is no name or number. */
static void add_bound(tnn_strbuf *out, tnn_size size, bool spaced) {
    if (spaced && size.expr) tnn_strbuf_add(out, " ");
    tnn_literal_size(out, size);
}

static void write_slice(const tnn_code *code, const tnn_node *node, tnn_strbuf *out) {
    const tnn_shape *from = &tnn_arg_tensor(&node->args[0])->shape;
    unsigned dim = (unsigned)tnn_arg_int(&node->args[1]);
    tnn_size start = node->args[2].as.size, end = node->args[3].as.size;
    int64_t step = tnn_arg_int(&node->args[4]);
    bool from_start = tnn_size_same(start, tnn_size_const(0)), to_end = tnn_size_same(end, from->dims[dim]);
    tnn_strbuf_printf(out, "%s[", text_of(code, &node->args[0]));
    for (unsigned k = 0; k < dim; k++) tnn_strbuf_add(out, ":, ");
    tnn_strbuf low = {0}, high = {0};
    if (!from_start) add_bound(&low, start, false);
    if (!to_end) add_bound(&high, end, false);
    bool complex = (low.data && strchr(low.data, ' ')) || (high.data && strchr(high.data, ' '));
    tnn_strbuf_printf(out, "%s%s:%s%s", low.data ? low.data : "", complex && low.data ? " " : "",
                      complex && high.data ? " " : "", high.data ? high.data : "");
    if (step != 1) tnn_strbuf_printf(out, "%s:%s%lld", complex ? " " : "", complex ? " " : "", (long long)step);
    tnn_strbuf_add(out, "]");
    out->failed = out->failed || low.failed || high.failed;
    tnn_strbuf_free(&low);
    tnn_strbuf_free(&high);
}

/* x[:, index] */
static void write_index(const tnn_code *code, const tnn_node *node, tnn_strbuf *out) {
    const tnn_arg *indices = &node->args[1];
    uint32_t n = indices->n;
    while (n > 1 && !indices->as.tensors[n - 1]) n--;
    tnn_strbuf_printf(out, "%s[", text_of(code, &node->args[0]));
    for (uint32_t k = 0; k < n; k++) {
        const tnn_value *index = indices->as.tensors[k];
        tnn_strbuf_printf(out, "%s%s", k > 0 ? ", " : "", index && code->texts[index->id] ? code->texts[index->id] : ":");
    }
    tnn_strbuf_add(out, "]");
}

/* ---- all ---- */

typedef struct view_row {
    const char *op;
    void (*write)(const tnn_code *code, const tnn_node *node, tnn_strbuf *out);
    const char *kind; /* where the model's program does not say it */
} view_row;

static const view_row rows[] = {
    {"reshape", write_reshape, "reshape"}, {"permute", write_permute, "permute"}, {"expand", write_expand, "expand"},
    {"slice", write_slice, "getitem"},     {"index.Tensor", write_index, "getitem"},
};

static const view_row *find_row(const tnn_node *node) {
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(rows[i].op, node->op->name) == 0) return &rows[i];
    return NULL;
}

bool tnn_code_view(const tnn_code *code, const tnn_node *node, tnn_strbuf *out) {
    const view_row *row = find_row(node);
    if (row) row->write(code, node, out);
    return row != NULL;
}

/* Names that programs have for views, as they stand in front of a number in the node's name ("view_3"). */
static const char *const program_kinds[] = {
    "flatten", "view", "reshape", "unflatten", "unsqueeze", "squeeze", "transpose", "permute", "t", "expand", "chunk",
    "split", "unbind", "narrow", "movedim", "repeat", "expand_as", "view_as",
};

const char *tnn_code_view_kind(const tnn_node *node) {
    const view_row *row = find_row(node);
    const char *name = node->outputs[0]->name;
    if (!row) return NULL;
    for (size_t i = 0; i < sizeof program_kinds / sizeof *program_kinds; i++) {
        size_t n = strlen(program_kinds[i]);
        if (strncmp(name, program_kinds[i], n) == 0 && strspn(name + n, "_0123456789") == strlen(name + n))
            return program_kinds[i];
    }
    return row->kind;
}
