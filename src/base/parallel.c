#include "base/parallel.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/alloc.h"
#include "base/fail.h"

typedef struct pool {
    tnn_parallel_fn *fn;
    void *context;
    size_t n, next;
    pthread_mutex_t lock;
    size_t failed; /* SIZE_MAX: none */
    tnn_status status;
    tnn_error error;
} pool;

typedef struct worker {
    pool *pool;
    int thread;
    pthread_t id;
    bool runs;
} worker;

static bool take(pool *p, size_t *index) {
    pthread_mutex_lock(&p->lock);
    bool more = p->failed == SIZE_MAX && p->next < p->n;
    if (more) *index = p->next++;
    pthread_mutex_unlock(&p->lock);
    return more;
}

static void note(pool *p, size_t index, tnn_status status, const tnn_error *err) {
    pthread_mutex_lock(&p->lock);
    if (index < p->failed) {
        p->failed = index;
        p->status = status;
        p->error = *err;
    }
    pthread_mutex_unlock(&p->lock);
}

static void *work(void *argument) {
    worker *w = argument;
    size_t index;
    while (take(w->pool, &index)) {
        tnn_error err = {0};
        tnn_status status = w->pool->fn(w->pool->context, index, w->thread, &err);
        if (status != TNN_OK) note(w->pool, index, status, &err);
    }
    return NULL;
}

static void run(pool *p, worker *workers, int n_threads) {
    for (int t = 0; t < n_threads; t++) {
        workers[t] = (worker){.pool = p, .thread = t};
        if (t > 0) workers[t].runs = pthread_create(&workers[t].id, NULL, work, &workers[t]) == 0;
    }
    work(&workers[0]);
    for (int t = 1; t < n_threads; t++)
        if (workers[t].runs) pthread_join(workers[t].id, NULL);
}

tnn_status tnn_parallel(size_t n, int n_threads, tnn_parallel_fn *fn, void *context, tnn_error *err) {
    pool p = {.fn = fn, .context = context, .n = n, .failed = SIZE_MAX};
    size_t threads = n_threads < 1 ? 1 : (size_t)n_threads < n ? (size_t)n_threads : n > 0 ? n : 1;
    worker *workers = tnn_alloc(threads, sizeof *workers);
    if (workers == NULL) return tnn_fail_nomem(err);
    bool locked = pthread_mutex_init(&p.lock, NULL) == 0;
    if (locked) run(&p, workers, (int)threads);
    if (locked) pthread_mutex_destroy(&p.lock);
    tnn_free(workers);
    if (!locked) return tnn_fail_nomem(err);
    if (p.status != TNN_OK && err != NULL) *err = p.error;
    return p.status;
}
