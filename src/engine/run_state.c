/* Memory of runs: values whose lives do not meet share it. */
#include "engine/run_state.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

#define ALIGNMENT 64

static uint8_t *aligned(uint8_t *memory) {
    return memory + (ALIGNMENT - (uintptr_t)memory % ALIGNMENT);
}

typedef struct block {
    uint32_t buffer;
    size_t bytes; /* rounded up */
    uint32_t first, last;
    size_t offset;
} block;

/* Large ones first, those that are needed first among equals: the usual greedy order. */
static int by_size(const void *a, const void *b) {
    const block *x = a, *y = b;
    if (x->bytes != y->bytes) return x->bytes < y->bytes ? 1 : -1;
    return x->first < y->first ? -1 : x->first > y->first;
}

/* Insert `placed` among blocks ordered by offset. */
static void insert(const block **in_order, size_t n, const block *placed) {
    while (n > 0 && in_order[n - 1]->offset > placed->offset) {
        in_order[n] = in_order[n - 1];
        n--;
    }
    in_order[n] = placed;
}

/* The lowest place of a block beside the `n` that are placed and live at the same time. */
static size_t lowest(const block *const *in_order, size_t n, const block *b) {
    size_t offset = 0;
    for (size_t i = 0; i < n; i++) {
        const block *other = in_order[i];
        if (other->last < b->first || b->last < other->first) continue;
        if (other->offset >= offset + b->bytes) break;
        if (other->offset + other->bytes > offset) offset = other->offset + other->bytes;
    }
    return offset;
}

/* Place all blocks; returns the bytes that they need, or SIZE_MAX. */
static size_t place_blocks(block *blocks, size_t n, const block **in_order) {
    size_t total = 0;
    qsort(blocks, n, sizeof *blocks, by_size);
    for (size_t i = 0; i < n; i++) {
        block *b = &blocks[i];
        b->offset = lowest(in_order, i, b);
        if (b->bytes > SIZE_MAX / 2 - b->offset) return SIZE_MAX;
        insert(in_order, i, b);
        if (b->offset + b->bytes > total) total = b->offset + b->bytes;
    }
    return total;
}

/* The buffers of the values that are kept live to the end. */
static void keep_buffers(const tnn_engine *e, const bool *keep, uint32_t *last) {
    for (size_t id = 0; keep != NULL && id < e->n_values; id++) {
        if (keep[id] && e->is_computed[id]) last[e->places[id].buffer] = (uint32_t)e->n_steps;
    }
}

static size_t collect(const tnn_engine *e, const uint32_t *last, block *blocks) {
    size_t n = 0;
    for (size_t i = 0; i < e->n_buffers; i++) {
        const tnn_buffer *b = &e->buffers[i];
        if (b->kind != TNN_BUFFER_STATE || b->first == UINT32_MAX) continue;
        blocks[n++] = (block){.buffer = (uint32_t)i, .bytes = (b->bytes / ALIGNMENT + 1) * ALIGNMENT,
                              .first = b->first, .last = last[i]};
    }
    return n;
}

static tnn_status lay_out(tnn_engine_state *s, const tnn_engine *e, const block *blocks, size_t n, tnn_error *err) {
    s->memory = tnn_alloc(s->n_bytes + ALIGNMENT, 1);
    if (s->memory == NULL) return tnn_fail_nomem(err);
    uint8_t *start = aligned(s->memory);
    for (size_t i = 0; i < n; i++) s->bases[blocks[i].buffer] = start + blocks[i].offset;
    for (size_t i = 0; i < e->n_buffers; i++) {
        if (e->buffers[i].kind == TNN_BUFFER_CONSTANT) s->bases[i] = e->buffers[i].data;
    }
    return TNN_OK;
}

static tnn_status plan_memory(tnn_engine_state *s, const tnn_engine *e, const bool *keep, tnn_arena *work,
                              tnn_error *err) {
    block *blocks = TNN_NEW_ARRAY(work, e->n_buffers, block);
    const block **in_order = TNN_NEW_ARRAY(work, e->n_buffers, const block *);
    uint32_t *last = TNN_NEW_ARRAY(work, e->n_buffers, uint32_t);
    if (blocks == NULL || in_order == NULL || last == NULL) return tnn_fail_nomem(err);
    for (size_t i = 0; i < e->n_buffers; i++) last[i] = e->buffers[i].last;
    keep_buffers(e, keep, last);
    size_t n = collect(e, last, blocks);
    s->n_bytes = place_blocks(blocks, n, in_order);
    if (s->n_bytes == SIZE_MAX) return tnn_fail(err, TNN_ERR_LIMIT, NULL, "the values of a run take too much memory");
    return lay_out(s, e, blocks, n, err);
}

static tnn_status fill_state(tnn_engine_state *s, const tnn_engine *e, const bool *keep, tnn_error *err) {
    s->bases = tnn_alloc_zero(e->n_buffers, sizeof *s->bases);
    s->in = tnn_alloc_zero((size_t)e->max_in + 1, sizeof *s->in);
    s->out = tnn_alloc_zero((size_t)e->max_out + 1, sizeof *s->out);
    tnn_arena *work = tnn_arena_new();
    tnn_status status = s->bases == NULL || s->in == NULL || s->out == NULL || work == NULL ? tnn_fail_nomem(err)
                                                                                            : TNN_OK;
    if (status == TNN_OK) status = plan_memory(s, e, keep, work, err);
    if (status == TNN_OK) status = tnn_dnnl_stream_new(&s->stream, e->dnnl, err);
    tnn_arena_free(work);
    return status;
}

tnn_status tnn_engine_state_new(tnn_engine_state **out, const tnn_engine *engine, const bool *keep, tnn_error *err) {
    *out = tnn_alloc_zero(1, sizeof **out);
    if (*out == NULL) return tnn_fail_nomem(err);
    tnn_status status = fill_state(*out, engine, keep, err);
    if (status == TNN_OK) return TNN_OK;
    tnn_engine_state_free(*out);
    *out = NULL;
    return status;
}

void tnn_engine_state_free(tnn_engine_state *state) {
    if (state == NULL) return;
    tnn_dnnl_stream_free(state->stream);
    tnn_free(state->bases);
    tnn_free(state->in);
    tnn_free(state->out);
    tnn_free(state->memory);
    tnn_free(state);
}

size_t tnn_engine_state_bytes(const tnn_engine_state *state) {
    return state->n_bytes;
}

void tnn_engine_state_copy(tnn_engine_state *to, const tnn_engine_state *from) {
    assert(to->n_bytes == from->n_bytes);
    memcpy(aligned(to->memory), aligned(from->memory), from->n_bytes);
}
