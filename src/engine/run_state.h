/* The memory of one run. */
#ifndef TNN_ENGINE_RUN_STATE_H
#define TNN_ENGINE_RUN_STATE_H

#include "engine/engine_plan.h"

struct tnn_engine_state {
    uint8_t *memory; /* of all buffers of kind STATE */
    size_t n_bytes;
    uint8_t **bases; /* by buffer; those of inputs and outputs are set by each run */
    void **in, **out; /* room for the addresses of a step */
    tnn_dnnl_stream *stream;
};

#endif
