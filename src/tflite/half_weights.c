#include "tflite/half_weights.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "ir/recipe.h"
#include "ops/row.h"
#include "passes/rewrite.h"
#include "tflite/builtin.h"

#define TILE_ELEMS 65536
#define FIRST_INFINITE 65520.0 /* the smallest number that rounds to infinity */
#define FIRST_NORMAL 0x1p-14
#define INFINITE_BITS 0x7F800000

typedef struct weights {
    tnn_graph *graph;
    tnn_model *told;
    tnn_strmap made; /* by hash of the recipe: the first `twin` */
    int32_t *tile;   /* TILE_ELEMS float32, as bits */
} weights;

/* A constant and what stands for it. */
typedef struct twin {
    const tnn_recipe *recipe;
    tnn_value *value; /* the result of its DEQUANTIZE, or NULL: it stays as it is */
    struct twin *next; /* another one of this hash */
} twin;

/* Of the finite numbers; 0 when there is none. Magnitudes are in the order of their bits. */
static tnn_status largest_magnitude(const weights *w, const tnn_recipe *recipe, double *out, tnn_error *err) {
    int64_t n = tnn_recipe_count(recipe);
    int32_t largest = 0;
    float number;
    for (int64_t start = 0; start < n; start += TILE_ELEMS) {
        int64_t count = n - start < TILE_ELEMS ? n - start : TILE_ELEMS;
        TNN_TRY(tnn_recipe_read(recipe, start, count, w->tile, err));
        for (int64_t i = 0; i < count; i++) {
            int32_t magnitude = w->tile[i] & INT32_MAX;
            magnitude = magnitude < INFINITE_BITS ? magnitude : 0;
            largest = largest > magnitude ? largest : magnitude;
        }
    }
    tnn_recipe_release(recipe);
    memcpy(&number, &largest, sizeof number);
    *out = (double)number;
    return TNN_OK;
}

/* Can float16 hold the constant? */
static tnn_status is_held(const weights *w, const tnn_value *constant, bool *held, tnn_error *err) {
    double largest;
    TNN_TRY(largest_magnitude(w, constant->constant, &largest, err));
    *held = largest == 0 || (largest >= FIRST_NORMAL && largest < FIRST_INFINITE);
    if (largest < FIRST_INFINITE) return TNN_OK;
    return tnn_graph_model_warn(w->told, err, "\"%s\" stays float32: its number of magnitude %g is infinite in float16",
                                constant->name, largest);
}

/* The constant as float16, which gets its name, and a DEQUANTIZE in front of `reader`. */
static tnn_status add_dequantize(const weights *w, tnn_value *constant, tnn_node *reader, tnn_value **out,
                                 tnn_error *err) {
    tnn_arena *arena = w->graph->model->arena;
    const tnn_recipe *half;
    tnn_value *stored;
    tnn_node *node;
    TNN_TRY(tnn_recipe_cast(&half, arena, constant->constant, TNN_DTYPE_F16, err));
    TNN_TRY(tnn_graph_constant(&stored, w->graph, constant->name, half, err));
    tnn_rewrite_swap_names(constant, stored);
    tnn_arg arg = tnn_arg_of_tensor(stored);
    TNN_TRY(tnn_graph_node(&node, w->graph, reader, &tnn_tfl_DEQUANTIZE.op, &arg, 1, err));
    node->name = reader->name;
    node->scope = reader->scope;
    node->source = reader->source;
    const char *name = tnn_arena_printf(arena, "%s/float32", stored->name);
    if (name == NULL) return tnn_fail_nomem(err);
    return tnn_node_output(out, node, name, TNN_DTYPE_F32, &constant->shape, err);
}

static twin *find(const weights *w, const char *key, const tnn_recipe *recipe) {
    twin *at = tnn_strmap_get(&w->made, key);
    while (at != NULL && !tnn_recipe_same(at->recipe, recipe)) at = at->next;
    return at;
}

/* What `reader`, the first one of this constant, and all others read in its place; NULL: nothing else. */
static tnn_status stand_in(weights *w, tnn_value *constant, tnn_node *reader, tnn_value **out, tnn_error *err) {
    char key[17];
    bool held;
    (void)snprintf(key, sizeof key, "%016" PRIx64, tnn_recipe_hash(constant->constant));
    twin *t = find(w, key, constant->constant);
    if (t == NULL) {
        t = TNN_NEW(w->graph->model->arena, twin);
        if (t == NULL) return tnn_fail_nomem(err);
        *t = (twin){constant->constant, NULL, tnn_strmap_get(&w->made, key)};
        TNN_TRY(is_held(w, constant, &held, err));
        if (held) TNN_TRY(add_dequantize(w, constant, reader, &t->value, err));
        if (tnn_strmap_set(&w->made, key, t) != TNN_OK) return tnn_fail_nomem(err);
    }
    *out = t->value;
    return TNN_OK;
}

static bool is_weight(const tnn_value *value) {
    return value != NULL && value->constant != NULL && value->dtype == TNN_DTYPE_F32 && value->shape.rank > 0;
}

/* XNNPACK wants a float32 bias beside weights of 8 bits. */
static bool has_integer_weights(const tnn_node *node) {
    for (size_t slot = 0; slot < tnn_node_n_operands(node); slot++) {
        const tnn_value *value = tnn_node_operand(node, slot);
        if (value != NULL && value->constant != NULL && value->quant != NULL) return true;
    }
    return false;
}

static tnn_status take_halves(weights *w, tnn_error *err) {
    for (tnn_node *node = w->graph->first; node != NULL; node = node->next) {
        if (has_integer_weights(node)) continue;
        for (size_t slot = 0; slot < tnn_node_n_operands(node); slot++) {
            tnn_value *value = tnn_node_operand(node, slot), *with;
            if (!is_weight(value)) continue;
            TNN_TRY(stand_in(w, value, node, &with, err));
            if (with != NULL) TNN_TRY(tnn_node_set_operand(node, slot, with, err));
        }
    }
    return TNN_OK;
}

tnn_status tnn_half_weights(tnn_graph *graph, tnn_model *told, tnn_error *err) {
    weights w = {.graph = graph, .told = told, .tile = tnn_alloc(TILE_ELEMS, sizeof(int32_t))};
    if (w.tile == NULL) return tnn_fail_nomem(err);
    tnn_strmap_init(&w.made, graph->model->arena);
    tnn_status status = take_halves(&w, err);
    tnn_free(w.tile);
    return status;
}
