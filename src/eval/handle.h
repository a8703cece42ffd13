/* Tensors as PyTorch's programs see them: views on storages that may be written.
 *
 *   storage  the value that holds all elements now; a write replaces it and raises the generation
 *   view     a place to look at the storage from: one step applied to what `base` shows; never changes, shared by all
 *            handles that look from there
 *   handle   a tensor object of the program: a view with strides. It keeps its identity when the program changes its
 *            shape in place
 *
 * Reading a handle appends the nodes of its view's steps, once a generation. Writing walks the chain from the view to
 * the storage, each step inverted, so that the graph stays functional. */
#ifndef TNN_EVAL_HANDLE_H
#define TNN_EVAL_HANDLE_H

#include "eval/state.h"

typedef enum tnn_step_kind {
    TNN_STEP_NONE, /* shows the base itself */
    TNN_STEP_RESHAPE,
    TNN_STEP_PERMUTE,
    TNN_STEP_EXPAND,
    TNN_STEP_SLICE,
    TNN_STEP_UNFOLD, /* windows on a dimension; the places inside of a window are a new last dimension */
    TNN_STEP_DROPOUT /* in eval mode PyTorch gives back its input; the node is kept for programs that train */
} tnn_step_kind;

typedef struct tnn_step {
    tnn_step_kind kind;
    uint8_t order[TNN_MAX_RANK]; /* PERMUTE: dim k is dim order[k] of the base */
    uint8_t dim;                 /* SLICE, UNFOLD */
    tnn_size start, end;         /* SLICE, 0 <= start <= end <= size */
    int64_t stride;              /* SLICE, UNFOLD: at least 1 */
    int64_t window;              /* UNFOLD: places in a window */
    double p;                    /* DROPOUT */
} tnn_step;

typedef struct tnn_view tnn_view;
struct tnn_view {
    tnn_view *base; /* NULL: the storage's value itself */
    tnn_step step;
    uint32_t n_steps; /* of the chain */
    tnn_shape shape;
    tnn_origin origin;  /* for the node of the step */
    tnn_value *value;   /* what it showed at value_generation; NULL: not read yet */
    uint64_t value_generation;
    tnn_view *newest, *older; /* the newest view on this one, and the next older one on the same base */
};

typedef struct tnn_storage {
    tnn_value *value;
    uint64_t generation;
    int64_t strides[TNN_MAX_RANK]; /* of the value's shape: where its elements lie in memory */
} tnn_storage;

/* What a module keeps it as, under a name of its state. */
typedef enum tnn_kept { TNN_KEPT_NOT, TNN_KEPT_PARAMETER, TNN_KEPT_BUFFER } tnn_kept;

struct tnn_handle {
    tnn_storage *storage;
    tnn_view *view;
    tnn_shape shape;
    int64_t strides[TNN_MAX_RANK]; /* elements, by hints */
    int64_t offset;                /* of its first element, likewise, from the storage's first */
    uint64_t made;                 /* the storage's generation then */
    tnn_kept kept;                 /* of a Python program */
    bool is_number;                /* a constant of a traced program: in type promotion it counts as a Python number */
};

tnn_dtype tnn_handle_dtype(const tnn_handle *handle);

/* A handle on a new storage. `strides` NULL: contiguous. */
tnn_status tnn_handle_new(tnn_interp *interp, tnn_value *value, const int64_t *strides, tnn_obj *out,
                          tnn_error *err);

/* A view of what `base` shows now; later changes of `base` itself in place do not reach it. Steps that undo or continue
 * the one before are merged with it, and the same step again gives the same view.
 * Errors: TNN_ERR_LIMIT (a chain of too many steps), TNN_ERR_NOMEM. */
tnn_status tnn_handle_view(tnn_interp *interp, const tnn_handle *base, tnn_step step, const tnn_shape *shape,
                           const int64_t *strides, tnn_obj *out, tnn_error *err);

/* Put `value` (its dtype and shape are the handle's) where the handle looks.
 * Errors: TNN_ERR_INVALID (several elements of the view are one element of the storage). */
tnn_status tnn_handle_write(tnn_interp *interp, const tnn_handle *handle, tnn_value *value, tnn_error *err);

/* The same as copy_ does it: cast to the handle's dtype, broadcast to its shape.
 * Errors: TNN_ERR_INVALID (PyTorch would refuse the shape). */
tnn_status tnn_handle_assign(tnn_interp *interp, const tnn_handle *handle, tnn_value *value, tnn_error *err);

/* What `view` shows of its base's `value`, and what the base becomes when `view` shows `value` (handle_nodes.c). */
tnn_status tnn_view_apply(tnn_interp *interp, const tnn_view *view, tnn_value *value, tnn_value **out,
                          tnn_error *err);
tnn_status tnn_view_invert(tnn_interp *interp, const tnn_view *view, tnn_value *whole, tnn_value *value,
                           tnn_value **out, tnn_error *err);
/* What the view shows now. */
tnn_status tnn_view_read(tnn_interp *interp, const tnn_storage *storage, tnn_view *view, tnn_value **out,
                         tnn_error *err);

/* Append a node of primitive `op_id` with that origin; `out` is its only result. */
tnn_status tnn_emit(tnn_interp *interp, const tnn_origin *origin, int op_id, const tnn_arg *args, size_t n_args,
                    tnn_value **out, tnn_error *err);
/* `value` as `dtype`, and broadcast to `shape`; itself when it has it. */
tnn_status tnn_emit_cast(tnn_interp *interp, tnn_value *value, tnn_dtype dtype, tnn_value **out, tnn_error *err);
tnn_status tnn_emit_expand(tnn_interp *interp, const tnn_origin *origin, tnn_value *value, const tnn_shape *shape,
                           tnn_value **out, tnn_error *err);

#endif
