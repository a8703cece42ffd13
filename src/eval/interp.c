#include "eval/interp.h"

#include <string.h>

#include "eval/handle.h"
#include "eval/frame.h"

tnn_interp_options tnn_interp_options_default(void) {
    tnn_interp_options options = {.max_steps = 10000000, .max_depth = 200, .expand_composites = false};
    return options;
}

tnn_status tnn_interp_new(tnn_interp **out, tnn_graph *graph, tnn_node *before,
                          const tnn_interp_options *options, tnn_error *err) {
    tnn_arena *arena = graph->model->arena;
    tnn_interp *interp = *out = TNN_NEW(arena, tnn_interp);
    if (!interp) return tnn_fail_nomem(err);
    interp->graph = graph;
    interp->before = before;
    interp->arena = arena;
    interp->options = options ? *options : tnn_interp_options_default();
    interp->constants = tnn_obj_none();
    tnn_strmap_init(&interp->targets, arena);
    tnn_strmap_init(&interp->modules, arena);
    tnn_strmap_init(&interp->packages, arena);
    return TNN_OK;
}

/* Everything lies in the model's arena: handles and lists stay readable as long as the model. */
void tnn_interp_free(tnn_interp *interp) {
    if (interp) interp->graph = NULL;
}

void tnn_interp_set_origin(tnn_interp *interp, const char *name, const char *scope, tnn_source source) {
    interp->origin.name = name;
    interp->origin.scope = scope;
    interp->origin.source = source;
}

const tnn_origin *tnn_interp_origin(const tnn_interp *interp) { return &interp->origin; }

tnn_status tnn_interp_tensor(tnn_interp *interp, tnn_value *value, const int64_t *strides, tnn_obj *out,
                             tnn_error *err) {
    return tnn_handle_new(interp, value, strides, out, err);
}

void tnn_interp_type(const tnn_handle *handle, tnn_dtype *dtype, tnn_shape *shape) {
    *dtype = tnn_handle_dtype(handle);
    *shape = handle->shape;
}

tnn_status tnn_interp_step(tnn_interp *interp, uint64_t n, tnn_error *err) {
    uint64_t left = interp->options.max_steps - interp->n_steps;
    if (n <= left) {
        interp->n_steps += n;
        return TNN_OK;
    }
    return tnn_fail(err, TNN_ERR_LIMIT, interp->origin.name, "evaluation takes more than %llu steps",
                    (unsigned long long)interp->options.max_steps);
}

tnn_status tnn_interp_enter(tnn_interp *interp, tnn_error *err) {
    if (interp->depth >= interp->options.max_depth)
        return tnn_fail(err, TNN_ERR_LIMIT, interp->origin.name, "evaluation is nested more than %lu deep",
                        (unsigned long)interp->options.max_depth);
    interp->depth++;
    return TNN_OK;
}

void tnn_interp_leave(tnn_interp *interp) { interp->depth--; }

tnn_status tnn_interp_run(tnn_interp *interp, const char *text, const char *function, const tnn_obj *args,
                          size_t n_args, tnn_obj *out, tnn_error *err) {
    const tnn_name *name;
    uint32_t depth = interp->depth;
    TNN_TRY(tnn_run_module(interp, text, function, &name, err));
    tnn_status status = tnn_run_function(interp, name, args, n_args, NULL, 0, out, err);
    interp->depth = depth;
    return status;
}
