/* Many samples over several threads. */
#include "../passes/pass_fixture.h"

#include "engine/engine.h"

enum { N_SAMPLES = 50, N_THREADS = 3 };

typedef struct samples {
    float inputs[N_SAMPLES][4];
    size_t n_done;
    size_t fails_at; /* N_SAMPLES: nowhere */
} samples;

static tnn_status fill(void *context, size_t sample, int thread, const void **inputs, tnn_error *err) {
    samples *s = context;
    assert_true(thread >= 0 && thread < N_THREADS);
    if (sample >= s->fails_at) return tnn_fail(err, TNN_ERR_IO, NULL, "sample %zu is broken", sample);
    inputs[0] = s->inputs[sample];
    return TNN_OK;
}

/* In order, with the sample's own result. */
static tnn_status done(void *context, size_t sample, int thread, const void *const *outputs, tnn_error *err) {
    samples *s = context;
    (void)thread;
    (void)err;
    assert_int_equal(sample, s->n_done);
    assert_int_equal((int)((const float *)outputs[0])[3], -(int)sample);
    s->n_done++;
    return TNN_OK;
}

static tnn_status run(samples *s, tnn_error *err) {
    tnn_engine *engine;
    tnn_engine_job job = {.context = s, .n_samples = N_SAMPLES, .n_threads = N_THREADS, .fill = fill, .done = done};
    for (int i = 0; i < N_SAMPLES; i++) s->inputs[i][3] = (float)i;
    make_output(make_unary("neg", make_input("x", DIMS(4))));
    assert_int_equal(tnn_engine_new(&engine, graph, NULL, NULL), TNN_OK);
    tnn_status status = tnn_engine_for_each(engine, &job, err);
    tnn_engine_free(engine);
    return status;
}

static void results_come_in_order(void **state) {
    (void)state;
    samples s = {.fails_at = N_SAMPLES};
    assert_int_equal(run(&s, NULL), TNN_OK);
    assert_int_equal(s.n_done, N_SAMPLES);
}

/* All before the first broken sample, and its error. */
static void the_first_error_counts(void **state) {
    (void)state;
    samples s = {.fails_at = 20};
    tnn_error err;
    assert_int_equal(run(&s, &err), TNN_ERR_IO);
    assert_string_equal(err.message, "sample 20 is broken");
    assert_int_equal(s.n_done, 20);
}

int main(void) {
    const struct CMUnitTest tests[] = {TEST(results_come_in_order), TEST(the_first_error_counts)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
