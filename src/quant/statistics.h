/* What calibration has seen of a model's values, by their names: apart from the graph, so that it can be saved, merged, and used
 * another time. */
#ifndef TNN_QUANT_STATISTICS_H
#define TNN_QUANT_STATISTICS_H

#include "base/strmap.h"
#include "quant/calibrate.h"
#include "tinynn/statistics.h"

typedef struct tnn_statistics_entry {
    const char *name;
    uint8_t rank;
    int64_t dims[TNN_MAX_RANK];
    tnn_histogram histogram;
} tnn_statistics_entry;

struct tnn_statistics {
    tnn_arena *arena;   /* owns all, this too */
    const char *origin; /* for messages: the model's path, or the file's */
    uint64_t n_samples;
    tnn_strmap entries; /* tnn_statistics_entry by name, in the order of the graph */
};

/* Without samples and values. `origin` is copied. */
tnn_status tnn_statistics_new(tnn_statistics **out, const char *origin, tnn_error *err);
/* An entry without numbers. Errors: TNN_ERR_MALFORMED (there is one of this name), TNN_ERR_NOMEM. */
tnn_status tnn_statistics_add(tnn_statistics_entry **out, tnn_statistics *s, const char *name, uint8_t rank,
                              const int64_t *dims, tnn_error *err);

/* All that the calibration of `graph` has seen. */
tnn_status tnn_statistics_take(tnn_statistics *s, const tnn_calibration *calibration, tnn_error *err);
/* The same backwards: a calibration in the arena of the plan.
 * Errors: TNN_ERR_INVALID (a value of the plan has no statistics, or another shape: `where` is its name). */
tnn_status tnn_statistics_give(tnn_calibration *out, const tnn_statistics *s, const tnn_quant_plan *plan, tnn_error *err);

#endif
