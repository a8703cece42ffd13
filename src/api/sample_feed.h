/* The caller's samples for the passes of calibration. */
#ifndef TNN_API_SAMPLE_FEED_H
#define TNN_API_SAMPLE_FEED_H

#include "quant/calibrate.h"
#include "quant/raw_input.h"
#include "tinynn/progress.h"
#include "tinynn/samples.h"

typedef struct tnn_sample_feed {
    const tnn_graph *graph;          /* of the model: the samples fit its inputs */
    const tnn_sample_reader *reader; /* NULL: there are none */
    int n_threads;
    tnn_sample_progress progress; /* may be NULL */
    void *progress_context;
    const tnn_raw_map *maps;   /* one an input: what has become of it; NULL: nothing */
    const tnn_graph *prepared; /* set by tnn_sample_feed_start, as what follows */
    void **rooms; /* by thread and input: where a sample becomes what `prepared` takes; NULL: it is that already */
} tnn_sample_feed;

/* The samples are for the inputs of `prepared`: the model's as passes have left them. Errors: TNN_ERR_NOMEM. */
tnn_status tnn_sample_feed_start(tnn_sample_feed *feed, const tnn_graph *prepared, tnn_error *err);

/* A source that borrows the feed, and tells nobody how far it is. */
tnn_sample_source tnn_sample_feed_source(tnn_sample_feed *feed);

/* TNN_ERR_INVALID: samples or threads there are none, the graph takes none. `path` is the model's. */
tnn_status tnn_sample_feed_check(const tnn_sample_feed *feed, const char *path, tnn_error *err);

/* Calibrate the plan by all samples, in the arena of its graph, and tell how far it is. `every` is as of tnn_calibrate.
 * Errors: as tnn_calibrate; TNN_ERR_INVALID (all samples are skipped), TNN_ERR_CANCELLED. */
tnn_status tnn_sample_feed_calibrate(tnn_calibration *out, const tnn_quant_plan *plan, tnn_sample_feed *feed,
                                     bool every, tnn_error *err);

#endif
