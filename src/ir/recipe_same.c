/* Equality and hash of recipes, by structure. */
#include <string.h>

#include "base/strmap.h"
#include "ir/recipe_node.h"

static bool same_sizes(const int64_t *a, const int64_t *b, uint8_t n) {
    return n == 0 || memcmp(a, b, n * sizeof *a) == 0;
}

/* How many scales an AFFINE or QUANTIZE may look at. */
static size_t n_numbers(const tnn_recipe *affine) {
    int64_t n = 1;
    for (uint8_t d = 0; d < affine->rank; d++) n += (affine->dims[d] - 1) * affine->as.affine.strides[d];
    return (size_t)n;
}

static bool same_numbers(const double *a, const double *b, size_t n) {
    if (a == b) return true;
    return a != NULL && b != NULL && memcmp(a, b, n * sizeof *a) == 0;
}

static bool same_affine(const tnn_recipe *a, const tnn_recipe *b) {
    if (!same_sizes(a->as.affine.strides, b->as.affine.strides, a->rank)) return false;
    size_t n = n_numbers(a);
    return same_numbers(a->as.affine.scale, b->as.affine.scale, n) &&
           same_numbers(a->as.affine.shift, b->as.affine.shift, n);
}

/* What the kind says of itself, for nodes of one kind, dtype and shape. */
static bool same_step(const tnn_recipe *a, const tnn_recipe *b) {
    switch (a->kind) {
    case TNN_RECIPE_SOURCE:
        return a->as.source.bytes == b->as.source.bytes && a->as.source.offset == b->as.source.offset &&
               same_sizes(a->as.source.strides, b->as.source.strides, a->rank);
    case TNN_RECIPE_FILL:
        return memcmp(&a->as.fill.number, &b->as.fill.number, sizeof(double)) == 0 &&
               a->as.fill.integer == b->as.fill.integer;
    case TNN_RECIPE_SLICE:
        return a->as.slice.axis == b->as.slice.axis && a->as.slice.start == b->as.slice.start &&
               a->as.slice.step == b->as.slice.step;
    case TNN_RECIPE_PAD:
        return memcmp(&a->as.pad.value, &b->as.pad.value, sizeof(double)) == 0 &&
               same_sizes(a->as.pad.before, b->as.pad.before, a->rank);
    case TNN_RECIPE_DILATE: return a->as.dilate.axis == b->as.dilate.axis && a->as.dilate.step == b->as.dilate.step;
    case TNN_RECIPE_AFFINE: return same_affine(a, b);
    case TNN_RECIPE_QUANTIZE:
        return same_affine(a, b) && a->as.affine.low == b->as.affine.low && a->as.affine.high == b->as.affine.high;
    case TNN_RECIPE_CONCAT:
    case TNN_RECIPE_FLIP: return a->as.axis.axis == b->as.axis.axis;
    case TNN_RECIPE_RESHAPE:
    case TNN_RECIPE_NIBBLES:
    case TNN_RECIPE_CAST: break;
    }
    return true;
}

bool tnn_recipe_same(const tnn_recipe *a, const tnn_recipe *b) {
    if (a == b) return true;
    if (a->kind != b->kind || a->dtype != b->dtype || a->rank != b->rank || a->n_children != b->n_children)
        return false;
    if (!same_sizes(a->dims, b->dims, a->rank) || !same_step(a, b)) return false;
    for (uint32_t c = 0; c < a->n_children; c++)
        if (!tnn_recipe_same(a->children[c], b->children[c])) return false;
    return true;
}

static uint64_t hash_source(const tnn_recipe *source, uint64_t hash) {
    /* Not the address, which changes from run to run. */
    hash = tnn_hash_bytes(&source->as.source.offset, sizeof source->as.source.offset, hash);
    return tnn_hash_bytes(source->as.source.strides, source->rank * sizeof(int64_t), hash);
}

static uint64_t hash_step(const tnn_recipe *r, uint64_t hash) {
    switch (r->kind) {
    case TNN_RECIPE_SOURCE: return hash_source(r, hash);
    case TNN_RECIPE_FILL:
        hash = tnn_hash_bytes(&r->as.fill.number, sizeof r->as.fill.number, hash);
        return tnn_hash_bytes(&r->as.fill.integer, sizeof r->as.fill.integer, hash);
    case TNN_RECIPE_AFFINE:
    case TNN_RECIPE_QUANTIZE: return tnn_hash_bytes(r->as.affine.scale, n_numbers(r) * sizeof(double), hash);
    case TNN_RECIPE_PAD: return tnn_hash_bytes(r->as.pad.before, r->rank * sizeof(int64_t), hash);
    case TNN_RECIPE_SLICE: return tnn_hash_bytes(&r->as.slice.start, sizeof r->as.slice.start, hash);
    case TNN_RECIPE_CONCAT:
    case TNN_RECIPE_FLIP:
    case TNN_RECIPE_DILATE: return tnn_hash_bytes(&r->as.axis.axis, sizeof r->as.axis.axis, hash);
    case TNN_RECIPE_RESHAPE:
    case TNN_RECIPE_NIBBLES:
    case TNN_RECIPE_CAST: break;
    }
    return hash;
}

uint64_t tnn_recipe_hash(const tnn_recipe *recipe) {
    uint64_t head[] = {(uint64_t)recipe->kind, (uint64_t)recipe->dtype, recipe->rank, recipe->n_children};
    uint64_t hash = tnn_hash_bytes(head, sizeof head, 0);
    hash = tnn_hash_bytes(recipe->dims, recipe->rank * sizeof(int64_t), hash);
    hash = hash_step(recipe, hash);
    for (uint32_t c = 0; c < recipe->n_children; c++) {
        uint64_t child = tnn_recipe_hash(recipe->children[c]);
        hash = tnn_hash_bytes(&child, sizeof child, hash);
    }
    return hash;
}
