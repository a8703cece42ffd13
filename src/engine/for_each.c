/* Many samples over several threads. Each thread takes the next sample; results are given out in the order of samples,
 * a thread that is early waits. */
#include <pthread.h>

#include "base/alloc.h"
#include "engine/engine_plan.h"

typedef struct pool {
    const tnn_engine *engine;
    const tnn_engine_job *job;
    pthread_mutex_t lock;
    pthread_cond_t turn; /* next_done has changed */
    size_t next, next_done;
    size_t failed_sample; /* SIZE_MAX: none */
    tnn_status status;    /* of the lowest sample that failed */
    tnn_error error;
} pool;

typedef struct worker {
    pool *pool;
    int thread;
    size_t sample;
    tnn_engine_state *state;
    const void **inputs;
    void **outputs;
    pthread_t id;
    bool runs;
} worker;

static tnn_status seen(void *context, const tnn_value *value, const tnn_engine_view *view, tnn_error *err) {
    const worker *w = context;
    const tnn_engine_job *job = w->pool->job;
    return job->seen(job->context, w->sample, w->thread, value, view, err);
}

static tnn_status run_sample(worker *w, tnn_error *err) {
    const tnn_engine_job *job = w->pool->job;
    tnn_engine_watch watch = {w, seen};
    TNN_TRY(job->fill(job->context, w->sample, w->thread, w->inputs, err));
    if (w->pool->engine->graph->n_inputs > 0 && w->inputs[0] == NULL) return TNN_OK;
    return tnn_engine_run(w->pool->engine, w->state, w->inputs, w->outputs, job->seen != NULL ? &watch : NULL, err);
}

static bool take(worker *w) {
    pool *p = w->pool;
    pthread_mutex_lock(&p->lock);
    bool more = p->failed_sample == SIZE_MAX && p->next < p->job->n_samples;
    if (more) w->sample = p->next++;
    pthread_mutex_unlock(&p->lock);
    return more;
}

/* In turn: give out the results of a sample, or note how it failed. Behind a failure nothing is given out. */
static void deliver(worker *w, tnn_status status, tnn_error *err) {
    pool *p = w->pool;
    pthread_mutex_lock(&p->lock);
    while (p->next_done != w->sample) pthread_cond_wait(&p->turn, &p->lock);
    bool goes_on = p->failed_sample == SIZE_MAX;
    pthread_mutex_unlock(&p->lock);
    const tnn_engine_job *job = p->job;
    if (goes_on && status == TNN_OK && job->done != NULL)
        status = job->done(job->context, w->sample, w->thread, (const void *const *)w->outputs, err);
    pthread_mutex_lock(&p->lock);
    if (goes_on && status != TNN_OK) {
        p->failed_sample = w->sample;
        p->status = status;
        p->error = *err;
    }
    p->next_done++;
    pthread_cond_broadcast(&p->turn);
    pthread_mutex_unlock(&p->lock);
}

static void *work(void *argument) {
    worker *w = argument;
    while (take(w)) {
        tnn_error err = {0};
        tnn_status status = run_sample(w, &err);
        deliver(w, status, &err);
    }
    return NULL;
}

/* ---- workers ---- */

static void clear_worker(worker *w, size_t n_outputs) {
    tnn_engine_state_free(w->state);
    for (size_t i = 0; w->outputs != NULL && i < n_outputs; i++) tnn_free(w->outputs[i]);
    tnn_free(w->outputs);
    tnn_free(w->inputs);
}

static tnn_status new_outputs(void **outputs, const tnn_graph *g, tnn_error *err) {
    for (size_t i = 0; i < g->n_outputs; i++) {
        int64_t n_elems;
        if (!tnn_shape_count(&g->outputs[i]->shape, &n_elems))
            return tnn_fail(err, TNN_ERR_LIMIT, g->output_names[i], "the output is too large");
        outputs[i] = tnn_alloc((size_t)n_elems, tnn_dtype_bytes(g->outputs[i]->dtype));
        if (outputs[i] == NULL) return tnn_fail_nomem(err);
    }
    return TNN_OK;
}

static tnn_status fill_worker(worker *w, pool *p, int thread, tnn_error *err) {
    const tnn_graph *g = p->engine->graph;
    w->pool = p;
    w->thread = thread;
    w->inputs = tnn_alloc_zero(g->n_inputs, sizeof *w->inputs);
    w->outputs = tnn_alloc_zero(g->n_outputs, sizeof *w->outputs);
    if (w->inputs == NULL || w->outputs == NULL) return tnn_fail_nomem(err);
    TNN_TRY(new_outputs(w->outputs, g, err));
    return tnn_engine_state_new(&w->state, p->engine, NULL, err);
}

/* The calling thread is worker 0. A thread that the system does not give is one less. */
static void run_workers(worker *workers, int n) {
    for (int i = 1; i < n; i++) workers[i].runs = pthread_create(&workers[i].id, NULL, work, &workers[i]) == 0;
    work(&workers[0]);
    for (int i = 1; i < n; i++) {
        if (workers[i].runs) pthread_join(workers[i].id, NULL);
    }
}

static tnn_status run_pool(pool *p, worker *workers, int n, tnn_error *err) {
    for (int i = 0; i < n; i++) TNN_TRY(fill_worker(&workers[i], p, i, err));
    run_workers(workers, n);
    if (p->status != TNN_OK && err != NULL) *err = p->error;
    return p->status;
}

tnn_status tnn_engine_for_each(const tnn_engine *engine, const tnn_engine_job *job, tnn_error *err) {
    int n = job->n_threads > 1 ? job->n_threads : 1;
    pool p = {.engine = engine, .job = job, .failed_sample = SIZE_MAX};
    worker *workers = tnn_alloc_zero((size_t)n, sizeof *workers);
    if (workers == NULL) return tnn_fail_nomem(err);
    bool has_lock = pthread_mutex_init(&p.lock, NULL) == 0, has_turn = pthread_cond_init(&p.turn, NULL) == 0;
    tnn_status status = has_lock && has_turn ? run_pool(&p, workers, n, err) : tnn_fail_nomem(err);
    for (int i = 0; i < n; i++) clear_worker(&workers[i], engine->graph->n_outputs);
    if (has_turn) pthread_cond_destroy(&p.turn);
    if (has_lock) pthread_mutex_destroy(&p.lock);
    tnn_free(workers);
    return status;
}
