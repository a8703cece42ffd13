#include "eval/strides.h"

#include <string.h>

/* Products of strides wrap silently on sizes that no tensor has: only their equality is ever asked. */
static int64_t times(int64_t a, int64_t b) { return (int64_t)((uint64_t)a * (uint64_t)b); }

static int64_t at_least_one(int64_t size) { return size > 1 ? size : 1; }

/* Strides with dimensions from outermost to innermost in the order of `order`. */
static void strides_in_order(const tnn_shape *shape, const uint8_t *order, int64_t *strides) {
    int64_t stride = 1;
    for (int k = shape->rank; k-- > 0;) {
        strides[order[k]] = stride;
        stride = times(stride, at_least_one(shape->dims[order[k]].hint));
    }
}

void tnn_strides_contiguous(const tnn_shape *shape, int64_t *strides) {
    static const uint8_t order[TNN_MAX_RANK] = {0, 1, 2, 3, 4, 5, 6, 7};
    strides_in_order(shape, order, strides);
}

void tnn_strides_channels_last(const tnn_shape *shape, int64_t *strides) {
    uint8_t order[TNN_MAX_RANK] = {0};
    for (uint8_t k = 1; k + 1 < shape->rank; k++) order[k] = (uint8_t)(k + 1);
    if (shape->rank > 1) order[shape->rank - 1] = 1;
    strides_in_order(shape, order, strides);
}

bool tnn_strides_match(const tnn_shape *shape, const int64_t *a, const int64_t *b) {
    for (int k = 0; k < shape->rank; k++) {
        if (shape->dims[k].hint == 0) return true;
        if (shape->dims[k].hint != 1 && a[k] != b[k]) return false;
    }
    return true;
}

bool tnn_strides_are_contiguous(const tnn_shape *shape, const int64_t *strides) {
    int64_t want[TNN_MAX_RANK];
    tnn_strides_contiguous(shape, want);
    return tnn_strides_match(shape, strides, want);
}

/* Insertion sort of `order` so that strides fall; equal ones keep their places. */
static void sort_by_strides(const int64_t *strides, uint8_t *order, int n) {
    for (int k = 1; k < n; k++)
        for (int j = k; j > 0 && strides[order[j - 1]] < strides[order[j]]; j--) {
            uint8_t swap = order[j];
            order[j] = order[j - 1];
            order[j - 1] = swap;
        }
}

void tnn_strides_order(const tnn_shape *shape, const int64_t *strides, uint8_t *order) {
    for (uint8_t k = 0; k < shape->rank; k++) order[k] = k;
    sort_by_strides(strides, order, shape->rank);
}

bool tnn_strides_are_dense(const tnn_shape *shape, const int64_t *strides) {
    uint8_t order[TNN_MAX_RANK];
    int n = 0;
    for (uint8_t k = 0; k < shape->rank; k++)
        if (shape->dims[k].hint != 1) order[n++] = k;
    sort_by_strides(strides, order, n);
    int64_t want = 1;
    while (n-- > 0) {
        if (strides[order[n]] != want) return false;
        want = times(want, at_least_one(shape->dims[order[n]].hint));
    }
    return true;
}

/* Does dimension k continue the run of memory that dimension k - 1 steps over as a whole? */
static bool chunk_ends(const tnn_shape *from, const int64_t *strides, int k, int64_t run) {
    if (k == 0) return true;
    return from->dims[k - 1].hint != 1 && strides[k - 1] != run;
}

/* Give dimensions of `to`, innermost first, to the chunk of `n_elems` elements that are `stride` apart. */
static int split_chunk(const tnn_shape *to, int k, int64_t n_elems, int64_t stride, int64_t *out) {
    int64_t given = 1;
    while (k >= 0 && (given < n_elems || to->dims[k].hint == 1)) {
        out[k] = times(given, stride);
        given = times(given, to->dims[k].hint);
        k--;
    }
    return given == n_elems ? k : -2;
}

bool tnn_strides_view(const tnn_shape *from, const int64_t *strides, const tnn_shape *to, int64_t *out) {
    int64_t count;
    if (!tnn_shape_count(from, &count) || count == 0 || from->rank == 0) {
        tnn_strides_contiguous(to, out);
        return true;
    }
    int next = to->rank - 1;
    int64_t base = strides[from->rank - 1], n_elems = 1;
    for (int k = from->rank - 1; k >= 0; k--) {
        n_elems = times(n_elems, from->dims[k].hint);
        if (!chunk_ends(from, strides, k, times(n_elems, base))) continue;
        next = split_chunk(to, next, n_elems, base, out);
        if (next == -2) return false;
        if (k > 0) base = strides[k - 1];
        n_elems = 1;
    }
    return next == -1;
}

/* The stride of an operand along dimension `dim` of the result; 0 where it is broadcast. */
static int64_t operand_stride(const tnn_shape *shape, const tnn_handle *operand, int dim) {
    int own = dim - (shape->rank - operand->shape.rank);
    if (own < 0 || (operand->shape.dims[own].hint == 1 && shape->dims[dim].hint != 1)) return 0;
    return operand->strides[own];
}

/* Positive: dimension a is further in than b, negative: further out, 0: nothing tells. */
static int compare_dims(const tnn_shape *shape, const tnn_handle *const *operands, size_t n, int a, int b) {
    for (size_t k = 0; k < n; k++) {
        int64_t sa = operand_stride(shape, operands[k], a), sb = operand_stride(shape, operands[k], b);
        if (sa == 0 || sb == 0) continue;
        if (sa != sb) return sa < sb ? 1 : -1;
        if (shape->dims[a].hint < shape->dims[b].hint) return 1;
    }
    return 0;
}

void tnn_strides_elementwise(const tnn_shape *shape, const tnn_handle *const *operands, size_t n_operands,
                             int64_t *out) {
    uint8_t order[TNN_MAX_RANK] = {0, 1, 2, 3, 4, 5, 6, 7};
    for (int k = shape->rank - 2; k >= 0; k--)
        for (int here = k, j = k + 1; j < shape->rank; j++) {
            int which = compare_dims(shape, operands, n_operands, order[here], order[j]);
            if (which < 0) break;
            if (which == 0) continue;
            uint8_t swap = order[here];
            order[here] = order[j];
            order[j] = swap;
            here = j;
        }
    strides_in_order(shape, order, out);
}
