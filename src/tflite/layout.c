#include "tflite/layout.h"

#include "ir/recipe.h"
#include "tflite/layout_problem.h"

static tnn_status assign(lay_problem *p, tnn_layout_result *result, tnn_error *err) {
    TNN_TRY(lay_atoms_build(p, err));
    TNN_TRY(lay_frames_build(p, err));
    TNN_TRY(lay_labels_build(p, err));
    TNN_TRY(lay_solve(p, err));
    result->cost = lay_cost(p);
    return lay_apply(p, result, err);
}

tnn_status tnn_layout_assign(tnn_graph *graph, const tnn_layout_options *options,
                             tnn_layout_result *result, tnn_error *err) {
    lay_problem p = {.graph = graph, .options = *options, .arena = tnn_arena_new()};
    if (p.arena == NULL) return tnn_fail_nomem(err);
    *result = (tnn_layout_result){0};
    tnn_status status = assign(&p, result, err);
    tnn_arena_free(p.arena);
    return status;
}

/* Does atom `k` of the layout go on with the dimension of the atom before it? */
static bool continues(const tnn_layout *layout, uint8_t k) {
    const tnn_layout_atom *a = &layout->atoms[k];
    return k > 0 && a[-1].dim == a->dim && a[-1].part + 1 == a->part;
}

tnn_status tnn_layout_physical(const tnn_value *value, uint8_t *rank, int64_t dims[TNN_MAX_ATOMS],
                               tnn_error *err) {
    const tnn_layout *layout = value->layout;
    *rank = 0;
    for (uint8_t k = 0; k < layout->n_atoms; k++) {
        if (continues(layout, k)) dims[*rank - 1] *= layout->atoms[k].size;
        else dims[(*rank)++] = layout->atoms[k].size;
    }
    if (*rank <= TNN_MAX_RANK) return TNN_OK;
    return tnn_fail(err, TNN_ERR_UNSUPPORTED, value->name, "needs %u dimensions in memory, at most %d are possible",
                    (unsigned)*rank, TNN_MAX_RANK);
}

uint8_t tnn_layout_positions(const tnn_value *value, uint8_t dim, uint8_t positions[TNN_MAX_ATOMS]) {
    const tnn_layout *layout = value->layout;
    uint8_t n = 0, position = 0;
    for (uint8_t k = 0; k < layout->n_atoms; k++) {
        if (continues(layout, k)) continue;
        if (layout->atoms[k].dim == dim) positions[n++] = position;
        position++;
    }
    return n;
}

/* Atoms in PyTorch's order: sizes, and for every memory position the atom that lies there. */
static void atoms_in_order(const tnn_layout *layout, int64_t *sizes, uint8_t *order) {
    for (uint8_t k = 0; k < layout->n_atoms; k++) {
        uint8_t rank = 0;
        for (uint8_t j = 0; j < layout->n_atoms; j++) {
            const tnn_layout_atom *a = &layout->atoms[j], *b = &layout->atoms[k];
            rank = (uint8_t)(rank + (a->dim < b->dim || (a->dim == b->dim && a->part < b->part)));
        }
        order[k] = rank;
        sizes[rank] = layout->atoms[k].size;
    }
}

tnn_status tnn_layout_recipe(const tnn_value *value, tnn_arena *arena, const tnn_recipe **out,
                             tnn_error *err) {
    const tnn_layout *layout = value->layout;
    int64_t sizes[TNN_MAX_ATOMS], dims[TNN_MAX_ATOMS];
    uint8_t order[TNN_MAX_ATOMS], rank;
    TNN_TRY(tnn_layout_physical(value, &rank, dims, err));
    if (layout->n_atoms > TNN_MAX_RANK)
        return tnn_fail(err, TNN_ERR_UNSUPPORTED, value->name, "has %u atoms, at most %d are possible in a constant",
                        (unsigned)layout->n_atoms, TNN_MAX_RANK);
    atoms_in_order(layout, sizes, order);
    const tnn_recipe *r = value->constant;
    TNN_TRY(tnn_recipe_reshape(&r, arena, r, layout->n_atoms, sizes, err));
    TNN_TRY(tnn_recipe_permute(&r, arena, r, order, err));
    return tnn_recipe_reshape(out, arena, r, rank, dims, err);
}
