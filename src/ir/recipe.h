/* How a constant's bytes are made, without making them.
 *
 * A recipe is a tree. Leaves are strided windows on bytes that somebody else keeps (the mapped model file, or a
 * block in the arena) and fills; inner nodes are steps on one child or several:
 *
 *   SOURCE   out[i0,i1,…] = base[offset + sum(ik * stride_k)]     permute, slice, expand cost nothing
 *   FILL     out = one value
 *   RESHAPE  the child's elements in row-major order under another shape
 *   SLICE    part of an axis
 *   AFFINE   out = child * scale[k] + shift[k], k = sum(ik * stride_k)   in double, rounded once to the child's dtype
 *   CAST     PyTorch's conversion to another dtype
 *   QUANTIZE out = child / scale[k] + shift[k], k as above, rounded to the nearest integer (ties to even) and clamped
 *   PAD      constant value around the child
 *   CONCAT   children side by side along an axis
 *   FLIP     the order along an axis reversed
 *   DILATE   zeros between the elements of an axis
 *   NIBBLES  bytes of two integers each, the first in the low half: [n] of int8 within [-8, 7] becomes [(n + 1) / 2] of uint8
 *
 * The constructors push permute, expand, slice and reshape down to the leaves. RESHAPE and SLICE remain where strides
 * cannot say the same; the few permutes and expands that even then find no way down evaluate their child into the
 * arena. A result without elements is a FILL. Trees have at most TNN_RECIPE_MAX_DEPTH levels: what would be deeper is
 * evaluated into the arena. They have at most TNN_RECIPE_MAX_NODES nodes, counted as often as they are reached, so that
 * a file cannot make walks endless by joining a constant with itself over and over.
 *
 * Evaluation asks for a range of the row-major result, so a weight of any size needs a tile of memory. */
#ifndef TNN_IR_RECIPE_H
#define TNN_IR_RECIPE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/file.h"
#include "ir/size.h"
#include "tinynn/dtype.h"

#define TNN_RECIPE_MAX_DEPTH 64
#define TNN_RECIPE_MAX_NODES 16384

typedef struct tnn_recipe tnn_recipe;

typedef enum tnn_recipe_kind {
    TNN_RECIPE_SOURCE,
    TNN_RECIPE_FILL,
    TNN_RECIPE_RESHAPE,
    TNN_RECIPE_SLICE,
    TNN_RECIPE_AFFINE,
    TNN_RECIPE_CAST,
    TNN_RECIPE_QUANTIZE,
    TNN_RECIPE_PAD,
    TNN_RECIPE_CONCAT,
    TNN_RECIPE_FLIP,
    TNN_RECIPE_DILATE,
    TNN_RECIPE_NIBBLES
} tnn_recipe_kind;

struct tnn_recipe {
    tnn_recipe_kind kind;
    tnn_dtype dtype;
    uint8_t rank;
    int64_t dims[TNN_MAX_RANK];
    const tnn_recipe **children;
    uint32_t n_children;
    uint32_t depth;   /* levels below this one; 0: a leaf */
    uint32_t n_nodes; /* this one and all below */
    union {
        struct {
            const uint8_t *bytes; /* the whole storage */
            uint64_t n_bytes;
            int64_t offset; /* elements */
            int64_t strides[TNN_MAX_RANK]; /* elements; not negative; 0 where the size is 1 */
            const tnn_file *file; /* when bytes lie in it */
        } source;
        struct { double number; int64_t integer; } fill; /* float dtypes: number; others: integer */
        struct {
            const double *scale, *shift; /* shift may be NULL */
            int64_t strides[TNN_MAX_RANK]; /* as those of a source */
            int32_t low, high;             /* QUANTIZE: what it is clamped to */
        } affine;                          /* and QUANTIZE */
        struct { int64_t before[TNN_MAX_RANK]; double value; } pad;
        struct { uint8_t axis; } axis; /* CONCAT, FLIP; and the beginning of the next two */
        struct { uint8_t axis; int64_t start, step; } slice;
        struct { uint8_t axis; int64_t step; } dilate; /* out size = (n - 1) * step + 1 */
    } as;
};

/* Constructors. Errors: TNN_ERR_MALFORMED (a window leaves its storage), TNN_ERR_LIMIT (sizes overflow, or
 * too many nodes), TNN_ERR_INVALID (shapes, axes or an order that do not fit), TNN_ERR_NOMEM.
 *
 * `file` may be NULL when `bytes` outlives the recipe otherwise; the recipe takes no reference on it. */
tnn_status tnn_recipe_source(const tnn_recipe **out, tnn_arena *arena, const tnn_file *file,
                             const void *bytes, uint64_t n_bytes, tnn_dtype dtype, uint8_t rank,
                             const int64_t *dims, const int64_t *strides, int64_t offset, tnn_error *err);
/* Contiguous elements copied into the arena. */
tnn_status tnn_recipe_copy(const tnn_recipe **out, tnn_arena *arena, const void *elems, tnn_dtype dtype,
                           uint8_t rank, const int64_t *dims, tnn_error *err);
tnn_status tnn_recipe_fill(const tnn_recipe **out, tnn_arena *arena, tnn_dtype dtype, uint8_t rank,
                           const int64_t *dims, double number, int64_t integer, tnn_error *err);
/* Steps on recipes. The children are shared, not copied; a step that changes nothing gives its child. */
tnn_status tnn_recipe_reshape(const tnn_recipe **out, tnn_arena *arena, const tnn_recipe *child,
                              uint8_t rank, const int64_t *dims, tnn_error *err);
tnn_status tnn_recipe_permute(const tnn_recipe **out, tnn_arena *arena, const tnn_recipe *child,
                              const uint8_t *order, tnn_error *err);
/* PyTorch's: dims of size 1 are repeated, new dims come in front. */
tnn_status tnn_recipe_expand(const tnn_recipe **out, tnn_arena *arena, const tnn_recipe *child,
                             uint8_t rank, const int64_t *dims, tnn_error *err);
/* step >= 1; start and length in range. */
tnn_status tnn_recipe_slice(const tnn_recipe **out, tnn_arena *arena, const tnn_recipe *child,
                            uint8_t axis, int64_t start, int64_t length, int64_t step, tnn_error *err);
/* dims[axis] numbers each, borrowed: they must outlive the recipe. `shift` may be NULL. */
tnn_status tnn_recipe_affine(const tnn_recipe **out, tnn_arena *arena, const tnn_recipe *child,
                             uint8_t axis, const double *scale, const double *shift, tnn_error *err);
tnn_status tnn_recipe_cast(const tnn_recipe **out, tnn_arena *arena, const tnn_recipe *child,
                           tnn_dtype dtype, tnn_error *err);
/* A child of float32 as integers of `dtype` (int8, uint8, int16, int32). `scale` and `shift` are dims[axis] numbers each, borrowed as
 * above; `shift` may be NULL. */
tnn_status tnn_recipe_quantize(const tnn_recipe **out, tnn_arena *arena, const tnn_recipe *child, tnn_dtype dtype,
                               uint8_t axis, const double *scale, const double *shift, int32_t low, int32_t high,
                               tnn_error *err);
/* Negative numbers of elements cut, as in PyTorch. */
tnn_status tnn_recipe_pad(const tnn_recipe **out, tnn_arena *arena, const tnn_recipe *child,
                          const int64_t *before, const int64_t *after, double value, tnn_error *err);
tnn_status tnn_recipe_concat(const tnn_recipe **out, tnn_arena *arena, const tnn_recipe *const *children,
                             uint32_t n_children, uint8_t axis, tnn_error *err);
tnn_status tnn_recipe_flip(const tnn_recipe **out, tnn_arena *arena, const tnn_recipe *child, uint8_t axis,
                           tnn_error *err);
tnn_status tnn_recipe_dilate(const tnn_recipe **out, tnn_arena *arena, const tnn_recipe *child,
                             uint8_t axis, int64_t step, tnn_error *err);

/* A child of int8, of any shape; an odd count ends with a half of 0. */
tnn_status tnn_recipe_nibbles(const tnn_recipe **out, tnn_arena *arena, const tnn_recipe *child, tnn_error *err);

int64_t tnn_recipe_count(const tnn_recipe *recipe); /* elements */
uint64_t tnn_recipe_bytes(const tnn_recipe *recipe);

/* Elements [start, start + count) of the row-major result into `out` (count * dtype bytes, no alignment needed).
 * Ranges of a MiB and more let transposed weights be read a cache line at a time.
 * Errors: TNN_ERR_INVALID (the range leaves the recipe), TNN_ERR_NOMEM (a cast to a smaller dtype needs a tile). */
tnn_status tnn_recipe_read(const tnn_recipe *recipe, int64_t start, int64_t count, void *out,
                           tnn_error *err);

/* When the result is a contiguous run of existing bytes: its address. Otherwise NULL. */
const void *tnn_recipe_direct(const tnn_recipe *recipe);

/* Tell the system that the mapped bytes under this recipe are done with. */
void tnn_recipe_release(const tnn_recipe *recipe);

/* Two recipes that surely give the same bytes (same leaves, same steps). */
bool tnn_recipe_same(const tnn_recipe *a, const tnn_recipe *b);
uint64_t tnn_recipe_hash(const tnn_recipe *recipe);

/* All elements as doubles, in the arena: for vectors that a pass needs as numbers. */
tnn_status tnn_recipe_numbers(double **out, tnn_arena *arena, const tnn_recipe *recipe, tnn_error *err);

#endif
