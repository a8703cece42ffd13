/* sequence[start:stop:step] */
#include <string.h>

#include "eval/script.h"

/* A bound among `n` items: from the end when negative, then clamped to [low, high]; None gives `other`. */
static tnn_status read_bound(tnn_interp *interp, const tnn_obj *bound, int64_t n, int64_t low, int64_t high,
                             int64_t other, int64_t *out, tnn_error *err) {
    *out = other;
    if (bound->kind == TNN_OBJ_NONE) return TNN_OK;
    TNN_TRY(tnn_obj_to_int(interp, bound, out, err));
    if (*out < 0) *out = *out < -n ? low : *out + n;
    if (*out < low) *out = low;
    if (*out > high) *out = high;
    return TNN_OK;
}

typedef struct range {
    int64_t start, stop, step;
} range;

static tnn_status read_range(tnn_interp *interp, const tnn_slice_bounds *bounds, size_t n_items, range *out,
                             tnn_error *err) {
    int64_t n = (int64_t)n_items;
    TNN_TRY(tnn_obj_to_int(interp, &bounds->step, &out->step, err));
    if (out->step == 0) return tnn_fail(err, TNN_ERR_INVALID, interp->origin.name, "a slice with a step of 0");
    bool back = out->step < 0;
    int64_t low = back ? -1 : 0, high = back ? n - 1 : n;
    TNN_TRY(read_bound(interp, &bounds->start, n, low, high, back ? n - 1 : 0, &out->start, err));
    return read_bound(interp, &bounds->stop, n, low, high, back ? -1 : n, &out->stop, err);
}

/* How many places the range has. Bounds are within the items, so nothing overflows. */
static int64_t count(const range *r) {
    int64_t way = r->step > 0 ? r->stop - r->start : r->start - r->stop;
    if (way <= 0) return 0;
    uint64_t step = r->step > 0 ? (uint64_t)r->step : 0 - (uint64_t)r->step;
    return (int64_t)(((uint64_t)way - 1) / step) + 1;
}

static tnn_status slice_text(tnn_interp *interp, const char *text, const range *r, tnn_obj *out, tnn_error *err) {
    int64_t n = count(r);
    char *made = TNN_NEW_ARRAY(interp->arena, (size_t)n + 1, char);
    if (!made) return tnn_fail_nomem(err);
    TNN_TRY(tnn_interp_step(interp, (uint64_t)n, err));
    for (int64_t k = 0, at = r->start; k < n; k++) {
        made[k] = text[at];
        if (k + 1 < n) at += r->step;
    }
    *out = tnn_obj_string(made);
    return TNN_OK;
}

tnn_status tnn_slice_sequence(tnn_interp *interp, const tnn_obj *sequence, const tnn_slice_bounds *bounds,
                              tnn_obj *out, tnn_error *err) {
    bool text = sequence->kind == TNN_OBJ_STRING;
    tnn_obj made;
    range r;
    if (!text && sequence->kind != TNN_OBJ_LIST && sequence->kind != TNN_OBJ_TUPLE)
        return tnn_fail(err, TNN_ERR_INVALID, interp->origin.name, "a slice of a %s", tnn_obj_kind_text(sequence));
    TNN_TRY(read_range(interp, bounds, text ? strlen(sequence->as.text) : sequence->as.list->n, &r, err));
    if (text) return slice_text(interp, sequence->as.text, &r, out, err);
    int64_t n = count(&r);
    TNN_TRY(tnn_list_new(interp, sequence->kind, (size_t)n, &made, err));
    for (int64_t k = 0, at = r.start; k < n; k++) {
        TNN_TRY(tnn_list_push(interp, made.as.list, sequence->as.list->items[at], err));
        if (k + 1 < n) at += r.step;
    }
    *out = made;
    return TNN_OK;
}
