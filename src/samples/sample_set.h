/* What the kinds of samples have in common. */
#ifndef TNN_SAMPLES_SAMPLE_SET_H
#define TNN_SAMPLES_SAMPLE_SET_H

#include "base/arena.h"
#include "base/file.h"
#include "tinynn/samples.h"

/* What a thread reads into, in the arena. */
typedef struct tnn_sample_room {
    tnn_array *inputs;  /* as the model wants them */
    void **scratch;     /* by input; NULL: its source needs none */
} tnn_sample_room;

/* Fill room->inputs with sample `index` of the source. */
typedef tnn_status (*tnn_sample_read)(const tnn_sample_set *set, uint64_t index, tnn_sample_room *room, tnn_error *err);

struct tnn_sample_set {
    tnn_arena *arena;
    tnn_value_info *wanted; /* of the model's inputs; names in the arena */
    size_t n_inputs;
    tnn_sample_room *rooms; /* n_rooms, by thread */
    uint32_t n_rooms;
    tnn_sample_read read;
    void *source;           /* of `read`, in the arena */
    uint64_t n_source;      /* samples that the source has */
    uint64_t count;         /* of them, that are wanted */
    const char **names;     /* n_source; NULL: all are `name` */
    const char *name;
    bool may_skip;          /* a broken sample is no error */
    char **warnings;        /* count, each owned or NULL; of its own, so that threads need not wait for each other */
};

/* Scratch of `n_bytes` for input `i` in every room. Errors: TNN_ERR_NOMEM. */
tnn_status tnn_sample_set_scratch(tnn_sample_set *set, size_t i, size_t n_bytes, tnn_error *err);

/* Each sets `read`, `source`, `n_source`, `may_skip` and the names. Errors: as tnn_sample_set_open. */
tnn_status tnn_sample_set_pictures(tnn_sample_set *set, const char *path, const tnn_sample_options *options,
                                   tnn_error *err);
tnn_status tnn_sample_set_arrays(tnn_sample_set *set, const char *path, tnn_error *err);

#endif
