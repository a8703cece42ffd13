#include "api/sample_feed.h"

#include "api/run_model.h"
#include "ir/elems.h"

static int64_t count(const tnn_value *value) {
    int64_t n = 0;
    return tnn_shape_count(&value->shape, &n) ? n : 0;
}

tnn_status tnn_sample_feed_start(tnn_sample_feed *feed, const tnn_graph *prepared, tnn_error *err) {
    size_t n_inputs = prepared->n_inputs, n_rooms = (size_t)feed->n_threads * n_inputs;
    tnn_arena *arena = prepared->model->arena;
    feed->prepared = prepared;
    feed->rooms = TNN_NEW_ARRAY(arena, n_rooms, void *);
    if (feed->rooms == NULL) return tnn_fail_nomem(err);
    for (size_t k = 0; k < n_rooms; k++) {
        const tnn_value *input = prepared->inputs[k % n_inputs];
        bool mapped = feed->maps != NULL && feed->maps[k % n_inputs].n > 0;
        if (!mapped && input->dtype == feed->graph->inputs[k % n_inputs]->dtype) continue;
        feed->rooms[k] = tnn_arena_alloc(arena, (size_t)count(input), tnn_dtype_bytes(input->dtype));
        if (feed->rooms[k] == NULL) return tnn_fail_nomem(err);
    }
    return TNN_OK;
}

static void apply_map(const tnn_raw_map *map, float *x, int64_t n) {
    for (int64_t i = 0; map->n > 0 && i < n; i++) {
        int64_t c = i / map->inner % map->n;
        x[i] = (float)((double)x[i] * map->scale[c] + map->shift[c]);
    }
}

static void fill_room(const tnn_sample_feed *feed, size_t i, void *room, const tnn_array *array) {
    const tnn_value *wanted = feed->prepared->inputs[i];
    tnn_convert_elems(room, wanted->dtype, array->data, array->dtype, count(wanted));
    if (feed->maps != NULL) apply_map(&feed->maps[i], room, count(wanted));
}

static tnn_status fill(void *context, size_t sample, int thread, const void **inputs, tnn_error *err) {
    const tnn_sample_feed *feed = context;
    const tnn_graph *graph = feed->graph;
    const tnn_array *arrays = NULL;
    inputs[0] = NULL;
    TNN_TRY(feed->reader->read(feed->reader->context, sample, (uint32_t)thread, &arrays, err));
    for (size_t i = 0; arrays != NULL && i < graph->n_inputs; i++) {
        void *room = feed->rooms[(size_t)thread * graph->n_inputs + i];
        TNN_TRY(tnn_array_check(&arrays[i], graph->inputs[i], graph->inputs[i]->name, err));
        inputs[i] = room != NULL ? room : arrays[i].data;
        if (room != NULL) fill_room(feed, i, room, &arrays[i]);
    }
    return TNN_OK;
}

static tnn_status done(void *context, size_t n_done, tnn_error *err) {
    const tnn_sample_feed *feed = context;
    if (feed->progress == NULL || feed->progress(feed->progress_context, n_done, feed->reader->n_samples)) return TNN_OK;
    return tnn_fail(err, TNN_ERR_CANCELLED, NULL, "cancelled");
}

tnn_sample_source tnn_sample_feed_source(tnn_sample_feed *feed) {
    return (tnn_sample_source){feed, (size_t)feed->reader->n_samples, fill, NULL};
}

tnn_status tnn_sample_feed_check(const tnn_sample_feed *feed, const char *path, tnn_error *err) {
    if (feed->graph->n_inputs == 0)
        return tnn_fail(err, TNN_ERR_INVALID, path, "has no inputs, so there is nothing to calibrate with");
    if (feed->reader == NULL || feed->reader->n_samples == 0)
        return tnn_fail(err, TNN_ERR_INVALID, "samples", "there are none");
    if (feed->n_threads < 1)
        return tnn_fail(err, TNN_ERR_INVALID, "n_threads", "is %d, expected 1 or more", feed->n_threads);
    return TNN_OK;
}

tnn_status tnn_sample_feed_calibrate(tnn_calibration *out, const tnn_quant_plan *plan, tnn_sample_feed *feed,
                                     bool every, tnn_error *err) {
    tnn_sample_source source = tnn_sample_feed_source(feed);
    source.done = done;
    TNN_TRY(tnn_calibrate(out, plan, &source, every, feed->n_threads, plan->arena, err));
    if (out->n_samples > 0) return TNN_OK;
    return tnn_fail(err, TNN_ERR_INVALID, "samples", "none of them can be read");
}
