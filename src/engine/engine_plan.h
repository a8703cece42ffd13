/* The plan of an engine, and what the makers of its steps call. */
#ifndef TNN_ENGINE_ENGINE_PLAN_H
#define TNN_ENGINE_ENGINE_PLAN_H

#include "engine/engine.h"
#include "engine/onednn.h"
#include "engine/place.h"
#include "ir/tensor.h"

typedef enum tnn_buffer_kind {
    TNN_BUFFER_STATE,    /* in the memory of a state */
    TNN_BUFFER_CONSTANT, /* the engine's own */
    TNN_BUFFER_INPUT,    /* array `index` of the caller */
    TNN_BUFFER_OUTPUT
} tnn_buffer_kind;

typedef struct tnn_buffer {
    tnn_buffer_kind kind;
    size_t bytes;
    size_t index;         /* INPUT, OUTPUT */
    void *data;           /* CONSTANT */
    uint32_t first, last; /* steps that use it; first > last: none */
} tnn_buffer;

typedef struct tnn_step tnn_step;

typedef struct tnn_step_call {
    const tnn_step *step;
    void *const *in;  /* first elements of step->in */
    void *const *out; /* of step->out */
    void *scratch;    /* step->scratch_bytes, aligned to 64 */
    tnn_dnnl_stream *stream;
} tnn_step_call;

typedef tnn_status tnn_step_fn(const tnn_step_call *call, tnn_error *err);

struct tnn_step {
    tnn_step_fn *run; /* NULL: nothing is computed, the results are views */
    const tnn_node *node;
    const void *data; /* the kernel's own */
    const tnn_place *in, *out;
    uint32_t n_in, n_out;
    size_t scratch_bytes;
    uint32_t scratch;          /* the buffer, where scratch_bytes is not 0 */
    tnn_activation activation; /* what the kernel leaves to do on result 0, which is packed float32 */
    tnn_value *const *ready;   /* values that are computed after the step */
    uint32_t n_ready;
};

struct tnn_engine {
    tnn_arena *arena; /* holds all */
    const tnn_graph *graph;
    tnn_dnnl *dnnl;
    int n_threads;
    tnn_step *steps;
    size_t n_steps, cap_steps;
    tnn_buffer *buffers;
    size_t n_buffers, cap_buffers;
    tnn_place *places; /* by id of the value */
    bool *is_computed; /* by id: has a place */
    size_t n_values;
    size_t n_reference;
    uint32_t max_in, max_out; /* of a step */
};

/* Another place of a value: the same elements in another order. */
typedef struct tnn_plan_copy tnn_plan_copy;

typedef struct tnn_planner {
    tnn_engine *engine;
    const tnn_engine_options *options;
    bool *placed;           /* by id: has a place yet */
    tnn_plan_copy **copies; /* by id */
} tnn_planner;

/* Make the steps of a node; `*done` false, and no steps, where there is no fast kernel for it. */
typedef tnn_status tnn_plan_fn(tnn_planner *p, const tnn_node *node, bool *done, tnn_error *err);

typedef struct tnn_plan_row {
    tnn_plan_fn *plan; /* NULL: the reference kernel */
    bool activates;    /* applies node->activation; a node that has one and does not is left to the reference kernel */
} tnn_plan_row;

/* By TNN_OP_… */
extern const tnn_plan_row tnn_plan_rows[];

/* By the reference kernel. */
tnn_plan_fn tnn_plan_reference;

/* The numbers of a constant as the options say; released by tnn_tensor_clear. */
tnn_status tnn_plan_constant(tnn_planner *p, const tnn_value *value, tnn_tensor *out, tnn_error *err);

/* Where a value is, or in `order` without gaps, for which steps are added when it is asked for first. */
tnn_status tnn_plan_get(tnn_planner *p, const tnn_value *value, tnn_place *out, tnn_error *err);
tnn_status tnn_plan_get_in(tnn_planner *p, const tnn_value *value, const tnn_order *order, tnn_place *out,
                           tnn_error *err);
/* As it is where it has no gaps, in whatever order; else in PyTorch's. */
tnn_status tnn_plan_get_packed(tnn_planner *p, const tnn_value *value, tnn_place *out, tnn_error *err);
/* A float32 number as a place without dimensions. */
tnn_status tnn_plan_number(tnn_planner *p, double number, tnn_place *out, tnn_error *err);

/* A new place for a value, its own from now on. */
tnn_status tnn_plan_result(tnn_planner *p, const tnn_value *value, const tnn_order *order, tnn_place *out,
                           tnn_error *err);
/* Its place is this one, on memory that is there. */
void tnn_plan_set(tnn_planner *p, const tnn_value *value, const tnn_place *place);

/* Append a step. All of `step` is copied but `node` and `data`; those that have ready values name the node's outputs.
 * `scratch` is given. */
tnn_status tnn_plan_add(tnn_planner *p, const tnn_step *step, tnn_error *err);
/* The usual step: operands and one result of a node, done after it. `activation` is what is left of node->activation. */
tnn_status tnn_plan_add_node(tnn_planner *p, const tnn_node *node, tnn_step_fn *run, const void *data,
                             const tnn_place *in, uint32_t n_in, const tnn_place *out, tnn_activation activation,
                             size_t scratch_bytes, tnn_error *err);
/* Results that are views, all of them placed. */
tnn_status tnn_plan_add_view(tnn_planner *p, const tnn_node *node, tnn_error *err);
/* Copy elements; same dtype and shape, `from` may be expanded. */
tnn_status tnn_plan_add_copy(tnn_planner *p, const tnn_place *from, const tnn_place *to, tnn_error *err);

/* A new buffer. Errors: TNN_ERR_LIMIT, TNN_ERR_NOMEM. */
tnn_status tnn_plan_buffer(tnn_planner *p, const tnn_buffer *buffer, uint32_t *index, tnn_error *err);

/* Is the value float32? NULL is not. */
static inline bool tnn_plan_is_f32(const tnn_value *value) {
    return value != NULL && value->dtype == TNN_DTYPE_F32;
}

#endif
