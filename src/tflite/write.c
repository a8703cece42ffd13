/* The FlatBuffer, then the constants' bytes, streamed from their recipes. */
#include "tflite/write.h"

#include <string.h>

#include "base/alloc.h"
#include "tflite/write_plan.h"
#include "tinynn/version.h"

#define ALIGN 16
#define TILE_BYTES ((uint64_t)2 * 1024 * 1024)
#define RELEASE_TILES 16 /* mapped bytes leave the resident set every so many tiles */

static const uint8_t zeros[ALIGN];

tnn_tflite_write_options tnn_tflite_write_options_default(void) {
    tnn_tflite_write_options options = {.max_flatbuffer_bytes = INT32_MAX};
    return options;
}

static uint64_t align_up(uint64_t position) { return (position + ALIGN - 1) / ALIGN * ALIGN; }

/* Where a buffer's bytes begin when the file so far ends at `end`: inside, 4 bytes of count come before them. */
static uint64_t data_position(uint64_t end, bool outside) { return align_up(outside ? end : end + 4); }

static uint64_t file_end(const tnn_write_plan *plan, uint64_t end, bool outside) {
    for (size_t i = 1; i < plan->n_buffers; i++) end = data_position(end, outside) + plan->buffers[i].n_bytes;
    return outside ? align_up(end) + ALIGN : end;
}

/* Fill in what set_later left open. */
static void place_buffers(const tnn_write_plan *plan, tnn_fb_bytes *model, bool outside) {
    uint64_t end = model->size;
    for (size_t i = 1; i < plan->n_buffers; i++) {
        const tnn_plan_buffer *buffer = &plan->buffers[i];
        uint64_t position = data_position(end, outside);
        if (outside) {
            tnn_fb_put_u64(model->data + buffer->offset_place, position);
            tnn_fb_put_u64(model->data + buffer->size_place, buffer->n_bytes);
        } else {
            tnn_fb_put_u32(model->data + buffer->data_place, (uint32_t)(position - 4 - buffer->data_place));
        }
        end = position + buffer->n_bytes;
    }
}

/* Where the bytes go. */
typedef struct sink {
    tnn_out *out;
    uint64_t file_bytes; /* of the whole file */
    bool outside;
    const tnn_progress_span *progress;
    uint8_t *tile; /* TILE_BYTES */
} sink;

static tnn_status tell(const sink *to, tnn_error *err) {
    uint64_t written = tnn_out_position(to->out);
    return tnn_progress_tell(to->progress, (double)written / (double)to->file_bytes, written, err);
}

/* Elements of a recipe in pieces: `direct` is where they lie, or NULL: they are made in the tile. */
static tnn_status write_tiles(const sink *to, const tnn_recipe *recipe, const uint8_t *direct, tnn_error *err) {
    int64_t n = tnn_recipe_count(recipe), elem_bytes = tnn_dtype_bytes(recipe->dtype);
    int64_t step = (int64_t)TILE_BYTES / elem_bytes;
    for (int64_t start = 0, i = 1; start < n; start += step, i++) {
        int64_t count = n - start < step ? n - start : step;
        if (direct == NULL) TNN_TRY(tnn_recipe_read(recipe, start, count, to->tile, err));
        const uint8_t *bytes = direct == NULL ? to->tile : direct + start * elem_bytes;
        TNN_TRY(tnn_out_write(to->out, bytes, (size_t)(count * elem_bytes), err));
        TNN_TRY(tell(to, err));
        if (i % RELEASE_TILES == 0) tnn_recipe_release(recipe);
    }
    tnn_recipe_release(recipe);
    return TNN_OK;
}

static tnn_status write_buffer(const sink *to, const tnn_plan_buffer *buffer, tnn_error *err) {
    uint8_t count[4];
    uint64_t end = tnn_out_position(to->out), start = data_position(end, to->outside);
    TNN_TRY(tnn_out_write(to->out, zeros, (size_t)(start - end - (to->outside ? 0 : sizeof count)), err));
    if (!to->outside) {
        tnn_fb_put_u32(count, (uint32_t)buffer->n_bytes);
        TNN_TRY(tnn_out_write(to->out, count, sizeof count, err));
    }
    return write_tiles(to, buffer->recipe, tnn_recipe_direct(buffer->recipe), err);
}

static tnn_status write_buffers(sink *to, const tnn_write_plan *plan, tnn_error *err) {
    to->tile = tnn_alloc(TILE_BYTES, 1);
    tnn_status status = to->tile != NULL ? TNN_OK : tnn_fail_nomem(err);
    for (size_t i = 1; i < plan->n_buffers && status == TNN_OK; i++)
        status = write_buffer(to, &plan->buffers[i], err);
    tnn_free(to->tile);
    return status;
}

static tnn_status write_file(sink *to, const tnn_write_plan *plan, tnn_fb_bytes *model, tnn_error *err) {
    place_buffers(plan, model, to->outside);
    TNN_TRY(tnn_out_write(to->out, model->data, model->size, err));
    TNN_TRY(write_buffers(to, plan, err));
    if (!to->outside) return TNN_OK;
    uint64_t end = tnn_out_position(to->out);
    TNN_TRY(tnn_out_write(to->out, zeros, (size_t)(align_up(end) - end), err));
    return tnn_out_write(to->out, zeros, ALIGN, err);
}

static void count_up(const tnn_write_plan *plan, uint64_t file_bytes, bool outside, tnn_tflite_stats *stats) {
    *stats = (tnn_tflite_stats){.file_bytes = file_bytes, .buffers_outside = outside};
    stats->n_operators = (uint32_t)plan->graph->n_nodes;
    stats->n_tensors = (uint32_t)plan->n_tensors;
    stats->n_buffers = (uint32_t)(plan->n_buffers - 1);
    for (size_t i = 1; i < plan->n_buffers; i++) stats->buffer_bytes += plan->buffers[i].n_bytes;
    memcpy(stats->min_runtime, plan->min_runtime, sizeof stats->min_runtime);
}

static tnn_status write_planned(tnn_write_plan *plan, const tnn_tflite_write_options *options, tnn_out *out,
                                tnn_tflite_stats *stats, tnn_error *err) {
    const char *description = options->description != NULL ? options->description : "tinynn " TINYNN_VERSION;
    uint64_t limit = options->max_flatbuffer_bytes < INT32_MAX ? options->max_flatbuffer_bytes : INT32_MAX;
    tnn_fb_bytes model = {0};
    plan->metadata = options->metadata;
    plan->metadata_bytes = options->metadata_bytes;
    tnn_status status = tnn_write_model(plan, description, false, &model, err);
    bool outside = status == TNN_OK && file_end(plan, model.size, false) > limit;
    if (outside) {
        tnn_free(model.data);
        model = (tnn_fb_bytes){0};
        status = tnn_write_model(plan, description, true, &model, err);
    }
    uint64_t file_bytes = status == TNN_OK ? file_end(plan, model.size, outside) : 0;
    if (status == TNN_OK && stats != NULL) count_up(plan, file_bytes, outside, stats);
    sink to = {out, file_bytes, outside, options->progress, NULL};
    if (status == TNN_OK) status = write_file(&to, plan, &model, err);
    tnn_free(model.data);
    return status;
}

tnn_status tnn_tflite_write(const tnn_graph *graph, const tnn_tflite_write_options *options, tnn_out *out,
                            tnn_tflite_stats *stats, tnn_error *err) {
    tnn_tflite_write_options defaults = tnn_tflite_write_options_default();
    tnn_arena *arena = tnn_arena_new();
    tnn_write_plan plan;
    if (arena == NULL) return tnn_fail_nomem(err);
    tnn_status status = tnn_write_plan_make(&plan, graph, arena, err);
    if (status == TNN_OK) status = write_planned(&plan, options != NULL ? options : &defaults, out, stats, err);
    tnn_arena_free(arena);
    return status;
}
