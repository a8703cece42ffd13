/* Where the largest and smallest elements along one dimension are: argmax, argmin, topk. A NaN is larger than every
 * number; of equal elements the first comes first. */
#include <math.h>

#include "base/alloc.h"
#include "ops/class.h"
#include "ops/infer.h"
#include "ops/line.h"
#include "ops/link.h"
#include "ops/list.h"
#include "ops/promote.h"

/* Is element `i` larger than element `j`? */
static bool is_larger(const tnn_tensor *x, int64_t i, int64_t j) {
    if (!tnn_dtype_is_float(x->dtype)) return tnn_tensor_integer(x, i) > tnn_tensor_integer(x, j);
    double a = tnn_tensor_number(x, i), b = tnn_tensor_number(x, j);
    return a > b || (isnan(a) && !isnan(b));
}

/* ---- argmax and argmin ---- */

enum { SELF, DIM, KEEPDIM };

static tnn_status infer_arg(const tnn_call *call, tnn_type *outs, uint32_t *n_outs, tnn_error *err) {
    tnn_shape shape = tnn_call_tensor(call, SELF)->shape;
    bool keep = tnn_arg_bool(&call->args[KEEPDIM]);
    uint8_t dim, rank = shape.rank;
    TNN_TRY(tnn_call_dim(call, tnn_arg_int(&call->args[DIM]), rank, &dim, err));
    if (rank > 0 && shape.dims[dim].hint == 0) {
        return tnn_call_invalid(call, err, "dimension %u is empty, expected an element at least", dim);
    }
    if (rank > 0) shape.dims[dim] = tnn_size_const(1);
    for (uint8_t d = dim; rank > 0 && !keep && d + 1 < rank; d++) shape.dims[d] = shape.dims[d + 1];
    if (rank > 0 && !keep) shape.rank--;
    return tnn_call_result(outs, n_outs, TNN_DTYPE_I64, &shape);
}

static int64_t best_of_line(const tnn_tensor *x, tnn_line line, bool smallest) {
    int64_t best = 0;
    for (int64_t k = 1; k < line.n; k++) {
        int64_t i = line.start + k * line.step, j = line.start + best * line.step;
        if (smallest ? is_larger(x, j, i) : is_larger(x, i, j)) best = k;
    }
    return best;
}

static tnn_status run_arg(const tnn_kernel_call *call, tnn_error *err) {
    (void)err;
    const tnn_tensor *x = call->operands[SELF];
    tnn_tensor *out = &call->outputs[0];
    bool smallest = tnn_node_is(call->node, TNN_OP_argmin);
    for (int64_t k = 0; k < out->n_elems; k++) {
        tnn_line line = tnn_line_at(x, tnn_arg_int(&call->node->args[DIM]), k);
        tnn_tensor_set_integer(out, k, best_of_line(x, line, smallest));
    }
    return TNN_OK;
}

static tnn_status dims_arg(const tnn_node *node, tnn_dimmap *map, tnn_error *err) {
    uint8_t rank = node->args[SELF].as.tensor->shape.rank;
    uint8_t dim = tnn_line_dim(rank, tnn_arg_int(&node->args[DIM]));
    bool keep = tnn_arg_bool(&node->args[KEEPDIM]);
    for (uint8_t d = 0, to = 0; d < rank; d++) {
        if (d == dim && !keep) continue;
        TNN_TRY(d == dim ? tnn_link_place(map, node, 0, d, TNN_RESULT, to, err)
                         : tnn_link_same(map, node, 0, d, TNN_RESULT, to, err));
        to++;
    }
    return TNN_OK;
}

const tnn_op_row tnn_op_argmax = {
    .op = {"argmax", "argmax(Tensor self, int dim, bool keepdim=False) -> Tensor", TNN_OP_argmax, TNN_OPLIST_ATEN},
    .op_class = TNN_CLASS_OTHER, .infer = infer_arg, .kernel = run_arg, .dims = dims_arg,
};

const tnn_op_row tnn_op_argmin = {
    .op = {"argmin", "argmin(Tensor self, int dim, bool keepdim=False) -> Tensor", TNN_OP_argmin, TNN_OPLIST_ATEN},
    .op_class = TNN_CLASS_OTHER, .infer = infer_arg, .kernel = run_arg, .dims = dims_arg,
};

/* ---- topk ---- */

enum { K = 1, TOPK_DIM, LARGEST };

static tnn_status infer_topk(const tnn_call *call, tnn_type *outs, uint32_t *n_outs, tnn_error *err) {
    const tnn_value *self = tnn_call_tensor(call, SELF);
    tnn_size k = call->args[K].as.size;
    uint8_t dim;
    TNN_TRY(tnn_call_dim(call, tnn_arg_int(&call->args[TOPK_DIM]), self->shape.rank, &dim, err));
    int64_t n = self->shape.rank > 0 ? self->shape.dims[dim].hint : 1;
    if (k.hint < 0 || k.hint > n) {
        return tnn_call_invalid(call, err, "k is %lld, expected 0 to %lld", (long long)k.hint, (long long)n);
    }
    outs[0] = (tnn_type){self->dtype, self->shape};
    if (self->shape.rank > 0) outs[0].shape.dims[dim] = k;
    outs[1] = (tnn_type){TNN_DTYPE_I64, outs[0].shape};
    *n_outs = 2;
    return TNN_OK;
}

/* Numbers of the elements of a line, and room for as many. */
typedef struct sorting {
    const tnn_tensor *x;
    tnn_line line;
    bool largest;
    int64_t *order, *spare;
} sorting;

static bool comes_first(const sorting *s, int64_t i, int64_t j) {
    i = s->line.start + i * s->line.step;
    j = s->line.start + j * s->line.step;
    return s->largest ? !is_larger(s->x, j, i) : !is_larger(s->x, i, j);
}

/* Two sorted runs, from `at` and from `middle` to before `end`, into one. */
static void merge(const sorting *s, int64_t at, int64_t middle, int64_t end) {
    for (int64_t i = at, j = middle, to = at; to < end; to++) {
        bool first = j == end || (i < middle && comes_first(s, s->order[i], s->order[j]));
        s->spare[to] = first ? s->order[i++] : s->order[j++];
    }
}

static int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }

static void sort_line(sorting *s) {
    int64_t n = s->line.n;
    for (int64_t k = 0; k < n; k++) s->order[k] = k;
    for (int64_t width = 1; width < n; width *= 2) {
        for (int64_t at = 0; at < n; at += 2 * width) merge(s, at, least(at + width, n), least(at + 2 * width, n));
        int64_t *sorted = s->spare;
        s->spare = s->order;
        s->order = sorted;
    }
}

static void copy_element(tnn_tensor *out, int64_t to, const tnn_tensor *in, int64_t from) {
    if (tnn_dtype_is_float(out->dtype)) tnn_tensor_set_number(out, to, tnn_tensor_number(in, from));
    else tnn_tensor_set_integer(out, to, tnn_tensor_integer(in, from));
}

static tnn_status run_topk(const tnn_kernel_call *call, tnn_error *err) {
    tnn_tensor *values = &call->outputs[0], *indices = &call->outputs[1];
    const tnn_arg *args = call->node->args;
    int64_t dim = tnn_arg_int(&args[TOPK_DIM]), n_lines = tnn_line_count(values, dim);
    sorting s = {.x = call->operands[SELF], .largest = tnn_arg_bool(&args[LARGEST])};
    size_t n = (size_t)tnn_line_at(s.x, dim, 0).n;
    int64_t *room = tnn_alloc_zero(2 * n + 1, sizeof *room);
    if (!room) return tnn_fail_nomem(err);
    s.order = room;
    s.spare = room + n;
    for (int64_t l = 0; l < n_lines; l++) {
        tnn_line out = tnn_line_at(values, dim, l);
        s.line = tnn_line_at(s.x, dim, l);
        sort_line(&s);
        for (int64_t k = 0; k < out.n; k++) {
            copy_element(values, out.start + k * out.step, s.x, s.line.start + s.order[k] * s.line.step);
            tnn_tensor_set_integer(indices, out.start + k * out.step, s.order[k]);
        }
    }
    tnn_free(room);
    return TNN_OK;
}

static tnn_status dims_topk(const tnn_node *node, tnn_dimmap *map, tnn_error *err) {
    uint8_t rank = node->args[SELF].as.tensor->shape.rank;
    uint8_t dim = tnn_line_dim(rank, tnn_arg_int(&node->args[TOPK_DIM]));
    for (int result = TNN_RESULT; result >= TNN_RESULT - 1; result--) {
        for (uint8_t d = 0; d < rank; d++) {
            TNN_TRY(d == dim ? tnn_link_place(map, node, 0, d, result, d, err)
                             : tnn_link_same(map, node, 0, d, result, d, err));
        }
    }
    return TNN_OK;
}

const tnn_op_row tnn_op_topk = {
    .op = {"topk",
           "topk(Tensor self, SymInt k, int dim=-1, bool largest=True, bool sorted=True) -> (Tensor values, Tensor "
           "indices)",
           TNN_OP_topk, TNN_OPLIST_ATEN},
    .op_class = TNN_CLASS_OTHER, .infer = infer_topk, .kernel = run_topk, .dims = dims_topk,
};
