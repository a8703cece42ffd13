/* tnn_runner: a copy of the model, prepared and planned for the engine. */
#include "tinynn/run.h"

#include <string.h>

#include "api/run_model.h"
#include "base/alloc.h"
#include "engine/engine.h"
#include "ir/clone.h"
#include "ops/row.h"
#include "passes/passes.h"
#include "passes/prepare.h"

struct tnn_runner {
    tnn_model *work;
    tnn_engine *engine;
    tnn_engine_state *state;
    const void **inputs; /* room for the addresses of one run */
    void **outputs;
};

tnn_runner_options tnn_runner_options_default(void) {
    return (tnn_runner_options){.n_threads = 1};
}

/* ---- making ---- */

static bool is_other_float(const tnn_value *value) {
    return value != NULL && tnn_dtype_is_float(value->dtype) && value->dtype != TNN_DTYPE_F32;
}

/* Passes that fold compute in float32, so a graph with other floats is only expanded. */
static bool has_other_floats(const tnn_graph *g) {
    for (size_t i = 0; i < g->n_inputs; i++) {
        if (is_other_float(g->inputs[i])) return true;
    }
    for (const tnn_node *node = g->first; node != NULL; node = node->next) {
        for (size_t i = 0; i < tnn_node_n_operands(node); i++) {
            if (is_other_float(tnn_node_operand(node, i))) return true;
        }
        for (uint32_t i = 0; i < node->n_outputs; i++) {
            if (is_other_float(node->outputs[i])) return true;
        }
    }
    return false;
}

static tnn_status prepare(tnn_graph *g, tnn_error *err) {
    tnn_prepare_options options = {.level = TNN_PREPARE_ALL, .can_fuse = tnn_engine_can_fuse};
    return has_other_floats(g) ? tnn_pass_expand(g, NULL, err) : tnn_pass_prepare(g, &options, err);
}

static tnn_status fill_runner(tnn_runner *r, const tnn_model *model, const tnn_runner_options *options, tnn_error *err) {
    tnn_engine_options engine = tnn_engine_options_default();
    engine.n_threads = options->n_threads;
    TNN_TRY(tnn_graph_model_clone(&r->work, model, err));
    tnn_graph *g = r->work->graphs[0];
    TNN_TRY(prepare(g, err));
    TNN_TRY(tnn_engine_new(&r->engine, g, &engine, err));
    TNN_TRY(tnn_engine_state_new(&r->state, r->engine, NULL, err));
    r->inputs = tnn_alloc_zero(g->n_inputs, sizeof *r->inputs);
    r->outputs = tnn_alloc_zero(g->n_outputs, sizeof *r->outputs);
    return r->inputs == NULL || r->outputs == NULL ? tnn_fail_nomem(err) : TNN_OK;
}

tnn_status tnn_runner_new(tnn_runner **out, const tnn_model *model, const tnn_runner_options *options, tnn_error *err) {
    tnn_runner_options defaults = tnn_runner_options_default();
    if (options == NULL) options = &defaults;
    *out = NULL;
    if (options->n_threads < 1)
        return tnn_fail(err, TNN_ERR_INVALID, NULL, "n_threads is %d, expected 1 or more", options->n_threads);
    tnn_runner *r = tnn_alloc_zero(1, sizeof *r);
    if (r == NULL) return tnn_fail_nomem(err);
    tnn_status status = fill_runner(r, model, options, err);
    if (status == TNN_OK) *out = r;
    else tnn_runner_free(r);
    return status;
}

void tnn_runner_free(tnn_runner *runner) {
    if (runner == NULL) return;
    tnn_engine_state_free(runner->state);
    tnn_engine_free(runner->engine);
    tnn_graph_model_free(runner->work);
    tnn_free(runner->inputs);
    tnn_free(runner->outputs);
    tnn_free(runner);
}

size_t tnn_runner_n_nodes(const tnn_runner *runner) {
    return tnn_engine_n_nodes(runner->engine);
}

size_t tnn_runner_n_slow(const tnn_runner *runner) {
    return tnn_engine_n_reference(runner->engine);
}

/* ---- running ---- */

static tnn_status check(const tnn_graph *g, const tnn_array *inputs, const tnn_array *outputs, tnn_error *err) {
    for (size_t i = 0; i < g->n_inputs; i++)
        TNN_TRY(tnn_array_check(&inputs[i], g->inputs[i], g->inputs[i]->name, err));
    for (size_t i = 0; i < g->n_outputs; i++)
        TNN_TRY(tnn_array_check(&outputs[i], g->outputs[i], g->output_names[i], err));
    return TNN_OK;
}

tnn_status tnn_runner_run(tnn_runner *runner, const tnn_array *inputs, tnn_array *outputs, tnn_error *err) {
    const tnn_graph *g = runner->work->graphs[0];
    TNN_TRY(check(g, inputs, outputs, err));
    for (size_t i = 0; i < g->n_inputs; i++) runner->inputs[i] = inputs[i].data;
    for (size_t i = 0; i < g->n_outputs; i++) runner->outputs[i] = outputs[i].data;
    return tnn_engine_run(runner->engine, runner->state, runner->inputs, runner->outputs, NULL, err);
}

/* ---- running many ---- */

typedef struct many {
    const tnn_graph *graph;
    const tnn_array *inputs;
    tnn_array *outputs;
} many;

static tnn_status fill_sample(void *context, size_t sample, int thread, const void **inputs, tnn_error *err) {
    const many *m = context;
    size_t n = m->graph->n_inputs;
    (void)thread;
    TNN_TRY(check(m->graph, m->inputs + sample * n, m->outputs + sample * m->graph->n_outputs, err));
    for (size_t i = 0; i < n; i++) inputs[i] = m->inputs[sample * n + i].data;
    return TNN_OK;
}

static tnn_status take_sample(void *context, size_t sample, int thread, const void *const *outputs, tnn_error *err) {
    const many *m = context;
    size_t n = m->graph->n_outputs;
    (void)thread;
    (void)err;
    for (size_t i = 0; i < n; i++) {
        tnn_array *out = &m->outputs[sample * n + i];
        tnn_tensor tensor = tnn_array_borrow(out);
        memcpy(out->data, outputs[i], (size_t)tensor.n_elems * tnn_dtype_bytes(out->dtype));
    }
    return TNN_OK;
}

tnn_status tnn_runner_run_many(const tnn_runner *runner, size_t n_samples, int n_threads, const tnn_array *inputs,
                               tnn_array *outputs, tnn_error *err) {
    many m = {runner->work->graphs[0], inputs, outputs};
    tnn_engine_job job = {.context = &m, .n_samples = n_samples, .n_threads = n_threads, .fill = fill_sample,
                          .done = take_sample};
    return tnn_engine_for_each(runner->engine, &job, err);
}
