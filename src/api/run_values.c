/* tnn_model_run_values: the wanted values become the outputs of a copy of the model, before its composites are expanded, so
 * that each keeps its name whatever computes it then. */
#include <string.h>

#include "api/run_model.h"
#include "base/alloc.h"
#include "ir/clone.h"
#include "ops/run.h"
#include "passes/passes.h"

/* What tnn_arrays owns. */
typedef struct arrays_owner {
    tnn_arena *arena; /* items and names */
    tnn_tensor *tensors;
    size_t n;
} arrays_owner;

static void owner_free(arrays_owner *owner) {
    if (owner == NULL) return;
    for (size_t i = 0; owner->tensors != NULL && i < owner->n; i++) tnn_tensor_clear(&owner->tensors[i]);
    tnn_free(owner->tensors);
    tnn_arena_free(owner->arena);
    tnn_free(owner);
}

void tnn_arrays_free(tnn_arrays *arrays) {
    owner_free(arrays->owner);
    *arrays = (tnn_arrays){0};
}

static tnn_status owner_new(arrays_owner **out, tnn_error *err) {
    *out = tnn_alloc_zero(1, sizeof **out);
    if (*out == NULL) return tnn_fail_nomem(err);
    (*out)->arena = tnn_arena_new();
    return (*out)->arena == NULL ? tnn_fail_nomem(err) : TNN_OK;
}

/* ---- what is wanted ---- */

static tnn_value *find(const tnn_graph *g, const char *name) {
    for (size_t i = 0; i < g->n_inputs; i++)
        if (strcmp(g->inputs[i]->name, name) == 0) return g->inputs[i];
    for (const tnn_node *node = g->first; node != NULL; node = node->next)
        for (uint32_t k = 0; k < node->n_outputs; k++)
            if (strcmp(node->outputs[k]->name, name) == 0) return node->outputs[k];
    return NULL;
}

static tnn_status want_named(tnn_graph *g, const char *const *names, size_t n_names, tnn_error *err) {
    for (size_t i = 0; i < n_names; i++) {
        tnn_value *value = find(g, names[i]);
        if (value == NULL)
            return tnn_fail(err, TNN_ERR_INVALID, names[i], "is no input of the model and no result of an operator");
        TNN_TRY(tnn_graph_output(g, value, NULL, err));
    }
    return TNN_OK;
}

static tnn_status want_all(tnn_graph *g, tnn_error *err) {
    for (size_t i = 0; i < g->n_inputs; i++) TNN_TRY(tnn_graph_output(g, g->inputs[i], NULL, err));
    for (const tnn_node *node = g->first; node != NULL; node = node->next)
        for (uint32_t k = 0; k < node->n_outputs; k++) TNN_TRY(tnn_graph_output(g, node->outputs[k], NULL, err));
    return TNN_OK;
}

static tnn_status want(tnn_graph *g, const char *const *names, size_t n_names, tnn_error *err) {
    g->n_outputs = 0;
    if (names == NULL) return want_all(g, err);
    TNN_TRY(want_named(g, names, n_names, err));
    return tnn_pass_dead(g, err);
}

/* ---- the run ---- */

/* The names as they are before composites become other values. */
static tnn_status name_items(tnn_arrays *out, arrays_owner *owner, const tnn_graph *g, tnn_error *err) {
    owner->tensors = tnn_alloc_zero(g->n_outputs, sizeof *owner->tensors);
    out->items = TNN_NEW_ARRAY(owner->arena, g->n_outputs, tnn_named_array);
    if (owner->tensors == NULL || out->items == NULL) return tnn_fail_nomem(err);
    owner->n = out->n = g->n_outputs;
    for (size_t i = 0; i < out->n; i++) {
        out->items[i].name = tnn_arena_str(owner->arena, g->outputs[i]->name);
        if (out->items[i].name == NULL) return tnn_fail_nomem(err);
    }
    return TNN_OK;
}

static tnn_status run(const tnn_graph *g, const tnn_array *inputs, tnn_arrays *out, arrays_owner *owner, tnn_error *err) {
    tnn_tensor *in = TNN_NEW_ARRAY(owner->arena, g->n_inputs, tnn_tensor);
    if (in == NULL) return tnn_fail_nomem(err);
    for (size_t i = 0; i < g->n_inputs; i++) in[i] = tnn_array_borrow(&inputs[i]);
    TNN_TRY(tnn_graph_run(g, in, owner->tensors, err));
    for (size_t i = 0; i < out->n; i++) out->items[i].array = tnn_array_of(&owner->tensors[i]);
    return TNN_OK;
}

static tnn_status run_copy(tnn_graph *g, const tnn_array *inputs, const char *const *names, size_t n_names,
                           tnn_arrays *out, arrays_owner *owner, tnn_error *err) {
    TNN_TRY(want(g, names, n_names, err));
    TNN_TRY(name_items(out, owner, g, err));
    TNN_TRY(tnn_pass_expand(g, NULL, err));
    return run(g, inputs, out, owner, err);
}

tnn_status tnn_model_run_values(const tnn_model *model, const tnn_array *inputs, const char *const *names,
                                size_t n_names, tnn_arrays *out, tnn_error *err) {
    const tnn_graph *g = model->graphs[0];
    arrays_owner *owner = NULL;
    tnn_model *work = NULL;
    *out = (tnn_arrays){0};
    for (size_t i = 0; i < g->n_inputs; i++) TNN_TRY(tnn_array_check(&inputs[i], g->inputs[i], g->inputs[i]->name, err));
    tnn_status status = owner_new(&owner, err);
    if (status == TNN_OK) status = tnn_graph_model_clone(&work, model, err);
    if (status == TNN_OK) status = run_copy(work->graphs[0], inputs, names, n_names, out, owner, err);
    tnn_graph_model_free(work);
    if (status == TNN_OK) {
        out->owner = owner;
    } else {
        owner_free(owner);
        *out = (tnn_arrays){0};
    }
    return status;
}
