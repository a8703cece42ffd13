/* Windows that slide over the spatial dimensions. */
#include "ops/window.h"

#include "ops/infer.h"
#include "ops/link.h"

tnn_size tnn_padding_before(const tnn_arg *padding, size_t n, size_t index) {
    (void)n;
    return tnn_list_size(padding, index);
}

tnn_size tnn_padding_after(const tnn_arg *padding, size_t n, size_t index) {
    return tnn_list_size(padding, n > 0 && padding->n == 2 * n ? n + index : index);
}

tnn_window_geometry tnn_window_make(size_t n, const tnn_tensor *in, const tnn_tensor *out, const int64_t *kernel,
                           const tnn_arg *stride, const tnn_arg *padding, const tnn_arg *dilation) {
    tnn_window_geometry w = {{1, 1, 1}, {1, 1, 1}, {1, 1, 1}, {1, 1, 1}, {1, 1, 1}, {0, 0, 0}, {0, 0, 0}};
    for (size_t i = 0; i < n; i++) {
        size_t d = TNN_WINDOW_DIMS - n + i;
        w.in[d] = in->dims[in->rank - n + i];
        w.out[d] = out->dims[out->rank - n + i];
        w.kernel[d] = kernel[i];
        w.stride[d] = stride && stride->n > 0 ? tnn_list_int(stride, i) : kernel[i];
        w.dilation[d] = dilation ? tnn_list_int(dilation, i) : 1;
        w.before[d] = padding ? tnn_padding_before(padding, n, i).hint : 0;
        w.after[d] = padding ? tnn_padding_after(padding, n, i).hint : 0;
    }
    return w;
}

int64_t tnn_window_product(const int64_t *sizes) {
    return sizes[0] * sizes[1] * sizes[2];
}

tnn_status tnn_window_check(const tnn_call *call, size_t index, size_t n, bool sides, int64_t least, tnn_error *err) {
    const tnn_arg *list = &call->args[index];
    const char *name = call->schema->args[index].name;
    if (list->n != 1 && list->n != n && !(sides && list->n == 2 * n)) {
        return tnn_call_invalid(call, err, "%s is %s, expected 1 or %zu entries", name, tnn_sizes_text_of(list).text,
                                n);
    }
    for (size_t i = 0; i < list->n; i++) {
        if (list->as.sizes[i].hint >= least && list->as.sizes[i].hint <= INT32_MAX) continue;
        return tnn_call_invalid(call, err, "%s is %s, expected entries of %lld to %d", name,
                                tnn_sizes_text_of(list).text, (long long)least, INT32_MAX);
    }
    return TNN_OK;
}

/* The places that a window covers, from its first to its last. */
static tnn_status covered_places(const tnn_call *call, const tnn_window_size *size, tnn_size *out, tnn_error *err) {
    tnn_arena *arena = call->model->arena;
    TNN_TRY(tnn_size_sub(out, arena, size->kernel, tnn_size_const(1), err));
    TNN_TRY(tnn_size_mul(out, arena, *out, size->dilation, err));
    return tnn_size_add(out, arena, *out, tnn_size_const(1), err);
}

/* The places that windows may cover; rounding up lets the last one reach further by less than a stride. */
static tnn_status padded_places(const tnn_call *call, const tnn_window_size *size, bool ceil_mode, tnn_size *out,
                                tnn_error *err) {
    tnn_arena *arena = call->model->arena;
    TNN_TRY(tnn_size_add(out, arena, size->in, size->before, err));
    TNN_TRY(tnn_size_add(out, arena, *out, size->after, err));
    if (!ceil_mode) return TNN_OK;
    TNN_TRY(tnn_size_add(out, arena, *out, size->stride, err));
    return tnn_size_sub(out, arena, *out, tnn_size_const(1), err);
}

/* Does window `last` start behind the input and its padding before? */
static tnn_status starts_behind(const tnn_call *call, const tnn_window_size *size, tnn_size last, bool *behind,
                                tnn_error *err) {
    tnn_arena *arena = call->model->arena;
    tnn_size start, limit;
    TNN_TRY(tnn_size_mul(&start, arena, last, size->stride, err));
    TNN_TRY(tnn_size_add(&limit, arena, size->in, size->before, err));
    TNN_TRY(tnn_guard_less(call->model, start, limit, behind, err));
    *behind = !*behind;
    return TNN_OK;
}

tnn_status tnn_window_out(const tnn_call *call, const tnn_window_size *size, bool ceil_mode, tnn_size *out,
                          tnn_error *err) {
    tnn_arena *arena = call->model->arena;
    tnn_size covered, padded, last;
    bool too_large, behind = false;
    TNN_TRY(covered_places(call, size, &covered, err));
    TNN_TRY(padded_places(call, size, ceil_mode, &padded, err));
    TNN_TRY(tnn_guard_less(call->model, padded, covered, &too_large, err));
    if (too_large) {
        return tnn_call_invalid(call, err, "the window covers %lld places, the padded input has %lld",
                                (long long)covered.hint,
                                (long long)(size->in.hint + size->before.hint + size->after.hint));
    }
    TNN_TRY(tnn_size_sub(&last, arena, padded, covered, err));
    TNN_TRY(tnn_size_floordiv(&last, arena, last, size->stride, err));
    if (ceil_mode) TNN_TRY(starts_behind(call, size, last, &behind, err));
    *out = last;
    return behind ? TNN_OK : tnn_size_add(out, arena, last, tnn_size_const(1), err);
}

tnn_status tnn_window_link(tnn_dimmap *map, const tnn_node *node, size_t n, tnn_error *err) {
    uint8_t rank = node->outputs[0]->shape.rank;
    for (uint8_t d = 0; d < rank; d++) {
        TNN_TRY(d + n >= rank ? tnn_link_place(map, node, 0, d, TNN_RESULT, d, err)
                              : tnn_link_same(map, node, 0, d, TNN_RESULT, d, err));
    }
    return TNN_OK;
}
