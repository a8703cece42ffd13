/* Random trees of recipe steps beside arrays on which every step is done at once, index by index. */
#ifndef TNN_TESTS_RECIPE_WORLD_H
#define TNN_TESTS_RECIPE_WORLD_H

#include "base/arena.h"
#include "ir/recipe.h"

#define N_TREES 6000
#define N_RANGES 6
#define MAX_ELEMS 4000

typedef struct dense {
    tnn_dtype dtype;
    uint8_t rank;
    int64_t dims[TNN_MAX_RANK];
    uint8_t *elems; /* in the arena */
} dense;

/* A recipe and what it must give. */
typedef struct pair {
    const tnn_recipe *recipe;
    dense want;
} pair;

typedef struct world {
    uint64_t random;
    tnn_arena *arena;
    tnn_error err;
} world;

uint64_t draw(world *w, uint64_t below);
int64_t count(const dense *d);
dense dense_new(world *w, tnn_dtype dtype, uint8_t rank, const int64_t *dims);
/* A window with its dims in any order in memory, with gaps, repeats and an offset. Values are small integers, so that
 * no step rounds and the order of roundings cannot be seen. */
pair make_source(world *w);
pair do_step(world *w, pair p);
pair make_tree(world *w);
/* By value: scalings that were made one may give the other zero. */
void check_elems(const dense *want, int64_t start, const void *got, int64_t n);
void check_range(const pair *p, int64_t start, int64_t n);

#endif
