/* What the constructors of recipes share. */
#ifndef TNN_IR_RECIPE_NODE_H
#define TNN_IR_RECIPE_NODE_H

#include "ir/recipe.h"

/* A node over `children`, whose addresses are copied; dtype and shape are those of the first one until the caller
 * changes them. Children that are too deep are evaluated. Errors: TNN_ERR_LIMIT (too many nodes), TNN_ERR_NOMEM. */
tnn_status tnn_recipe_node(tnn_recipe **out, tnn_arena *arena, tnn_recipe_kind kind,
                           const tnn_recipe *const *children, uint32_t n_children, tnn_error *err);

/* `n_elems` may be NULL. Errors: TNN_ERR_INVALID (rank), TNN_ERR_LIMIT (number of bytes). */
tnn_status tnn_recipe_check_dims(uint8_t rank, const int64_t *dims, int64_t *n_elems, tnn_error *err);
tnn_status tnn_recipe_check_axis(const tnn_recipe *child, uint8_t axis, tnn_error *err);

/* Evaluate the whole recipe into the arena. */
tnn_status tnn_recipe_evaluate(const tnn_recipe **out, tnn_arena *arena, const tnn_recipe *recipe,
                               tnn_error *err);

/* A view of one child, given the node above it. */
typedef tnn_status tnn_recipe_view_fn(const tnn_recipe **out, tnn_arena *arena, const tnn_recipe *child,
                                      const tnn_recipe *node, const void *what, tnn_error *err);
/* A copy of `node` over such views of its children. A view may give NULL where it cannot be: then so is `*out`. */
tnn_status tnn_recipe_over_views(tnn_recipe **out, tnn_arena *arena, const tnn_recipe *node,
                                 tnn_recipe_view_fn *view, const void *what, tnn_error *err);

/* AFFINE and QUANTIZE: the numbers follow every view. */
bool tnn_recipe_has_numbers(const tnn_recipe *recipe);

/* Does the step do something along this dimension of its result? RESHAPE and steps with numbers are not asked. */
bool tnn_recipe_works_along(const tnn_recipe *node, uint8_t dim);
/* `node`, a copy of `old`, works along to_dim[d] where `old` works along d. */
void tnn_recipe_move_axes(tnn_recipe *node, const tnn_recipe *old, const int8_t *to_dim);

/* Where the dims of a RESHAPE come from: dim d merges the child's dims [first[d], first[d + 1]). False when it does
 * more than merge. */
bool tnn_recipe_merged_dims(const tnn_recipe *reshape, uint8_t *first);

/* The one element of a fill, in its dtype. */
void tnn_recipe_fill_elem(const tnn_recipe *fill, void *elem);
/* The same fill under other dims. */
tnn_status tnn_recipe_refill(const tnn_recipe **out, tnn_arena *arena, const tnn_recipe *fill, uint8_t rank,
                             const int64_t *dims, tnn_error *err);
/* A fill with a number, converted to the dtype. */
tnn_status tnn_recipe_fill_number(const tnn_recipe **out, tnn_arena *arena, tnn_dtype dtype, uint8_t rank,
                                  const int64_t *dims, double number, tnn_error *err);
/* Nothing, of these dims. */
tnn_status tnn_recipe_empty(const tnn_recipe **out, tnn_arena *arena, tnn_dtype dtype, uint8_t rank,
                            const int64_t *dims, tnn_error *err);

/* A recipe as rows: [outer, axis, inner]. */
typedef struct tnn_rows {
    int64_t outer, axis, inner;
} tnn_rows;
tnn_rows tnn_recipe_rows(const tnn_recipe *recipe, uint8_t axis);

#endif
