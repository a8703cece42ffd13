/* Running a plan. */
#include <stdint.h>

#include "engine/run_state.h"

static void *first_of(const tnn_engine_state *s, const tnn_place *place) {
    return s->bases[place->buffer] + place->offset * (int64_t)tnn_dtype_bytes(place->dtype);
}

static tnn_engine_view view_at(const tnn_engine_state *s, const tnn_place *place) {
    tnn_engine_view view = {.data = first_of(s, place), .dtype = place->dtype, .rank = place->rank};
    for (uint8_t d = 0; d < place->rank; d++) {
        view.dims[d] = place->dims[d];
        view.strides[d] = place->strides[d];
    }
    return view;
}

tnn_engine_view tnn_engine_view_of(const tnn_engine *engine, const tnn_engine_state *state, const tnn_value *value) {
    return view_at(state, &engine->places[value->id]);
}

/* A NaN stays: no comparison with it is true. */
static void activate(float *x, int64_t n, tnn_activation act) {
    float low = act == TNN_ACT_RELU_N1_TO_1 ? -1 : 0, high = act == TNN_ACT_RELU_N1_TO_1 ? 1 : 6;
    if (act == TNN_ACT_RELU) {
        for (int64_t i = 0; i < n; i++) x[i] = x[i] < 0 ? 0 : x[i];
        return;
    }
    for (int64_t i = 0; i < n; i++) {
        float above = x[i] < low ? low : x[i];
        x[i] = above > high ? high : above;
    }
}

static tnn_status run_step(const tnn_step *step, tnn_engine_state *s, tnn_error *err) {
    tnn_step_call call = {.step = step, .in = s->in, .out = s->out, .stream = s->stream};
    for (uint32_t i = 0; i < step->n_in; i++) s->in[i] = first_of(s, &step->in[i]);
    for (uint32_t i = 0; i < step->n_out; i++) s->out[i] = first_of(s, &step->out[i]);
    if (step->scratch_bytes > 0) call.scratch = s->bases[step->scratch];
    TNN_TRY(step->run(&call, err));
    if (step->activation != TNN_ACT_NONE) activate(call.out[0], tnn_place_elems(&step->out[0]), step->activation);
    return TNN_OK;
}

static tnn_status show(const tnn_engine *e, const tnn_step *step, const tnn_engine_state *s,
                       const tnn_engine_watch *watch, tnn_error *err) {
    for (uint32_t i = 0; i < step->n_ready; i++) {
        tnn_engine_view view = view_at(s, &e->places[step->ready[i]->id]);
        TNN_TRY(watch->seen(watch->context, step->ready[i], &view, err));
    }
    return TNN_OK;
}

void tnn_engine_begin(const tnn_engine *engine, tnn_engine_state *state, const void *const *inputs,
                      void *const *outputs) {
    for (size_t i = 0; i < engine->n_buffers; i++) {
        const tnn_buffer *b = &engine->buffers[i];
        if (b->kind == TNN_BUFFER_INPUT) state->bases[i] = (uint8_t *)(uintptr_t)inputs[b->index];
        if (b->kind == TNN_BUFFER_OUTPUT) state->bases[i] = outputs != NULL ? outputs[b->index] : NULL;
    }
}

static tnn_status run_steps(const tnn_engine *e, tnn_engine_state *s, size_t first, size_t end,
                            const tnn_engine_watch *watch, tnn_error *err) {
    for (size_t i = first; i < end; i++) {
        const tnn_step *step = &e->steps[i];
        if (step->run != NULL) TNN_TRY(run_step(step, s, err));
        if (watch != NULL) TNN_TRY(show(e, step, s, watch, err));
    }
    return TNN_OK;
}

tnn_status tnn_engine_steps(const tnn_engine *engine, tnn_engine_state *state, size_t first, size_t end,
                            const tnn_engine_watch *watch, tnn_error *err) {
    int threads_before = tnn_dnnl_set_threads(engine->n_threads);
    tnn_status status = run_steps(engine, state, first, end, watch, err);
    tnn_dnnl_set_threads(threads_before);
    return status;
}

tnn_status tnn_engine_run(const tnn_engine *engine, tnn_engine_state *state, const void *const *inputs,
                          void *const *outputs, const tnn_engine_watch *watch, tnn_error *err) {
    tnn_engine_begin(engine, state, inputs, outputs);
    return tnn_engine_steps(engine, state, 0, engine->n_steps, watch, err);
}

size_t tnn_engine_n_steps(const tnn_engine *engine) {
    return engine->n_steps;
}

size_t tnn_engine_step_of(const tnn_engine *engine, const tnn_value *value) {
    for (size_t i = 0; i < engine->n_steps; i++)
        for (uint32_t k = 0; k < engine->steps[i].n_ready; k++)
            if (engine->steps[i].ready[k] == value) return i;
    return SIZE_MAX;
}
