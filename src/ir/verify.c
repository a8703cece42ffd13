/* The checks that a graph is whole. */
#include "ir/verify.h"

#include "ir/recipe.h"

typedef struct verifier {
    const tnn_graph *graph;
    tnn_arena *arena;
    tnn_strmap names;
    const tnn_value **known; /* by id: values that may be used by the node that is looked at */
    size_t *n_uses;          /* by id: uses by the nodes looked at so far */
    tnn_error *err;
} verifier;

static tnn_status fail_value(const verifier *v, const tnn_value *value, const char *what) {
    return tnn_fail(v->err, TNN_ERR_INTERNAL, NULL, "value %%%s %s", value->name, what);
}

static tnn_status fail_node(const verifier *v, const tnn_node *node, const char *what) {
    return tnn_fail(v->err, TNN_ERR_INTERNAL, tnn_node_where(node), "%s %s", node->op->name, what);
}

/* `value` may be used from now on. */
static tnn_status define(verifier *v, const tnn_value *value) {
    if (value->id >= v->graph->model->next_value_id) return fail_value(v, value, "has an id that was never given");
    if (v->known[value->id]) return fail_value(v, value, "is produced twice, or shares its id");
    if (!value->name) return tnn_fail(v->err, TNN_ERR_INTERNAL, NULL, "a value has no name");
    if (tnn_strmap_find(&v->names, value->name)) return fail_value(v, value, "shares its name with another");
    if (value->shape.rank > TNN_MAX_RANK) return fail_value(v, value, "has too many dimensions");
    v->known[value->id] = value;
    return tnn_strmap_set(&v->names, value->name, v->arena) == TNN_OK ? TNN_OK : tnn_fail_nomem(v->err);
}

static tnn_status check_constant(verifier *v, const tnn_value *value) {
    const tnn_recipe *recipe = value->constant;
    if (recipe->dtype != value->dtype) return fail_value(v, value, "has another dtype than its recipe");
    if (recipe->rank != value->shape.rank) return fail_value(v, value, "has another rank than its recipe");
    for (uint8_t i = 0; i < recipe->rank; i++) {
        if (value->shape.dims[i].hint != recipe->dims[i] || value->shape.dims[i].expr) {
            return fail_value(v, value, "has another shape than its recipe");
        }
    }
    return define(v, value);
}

/* A value is read by a node or is an output of the graph. */
static tnn_status check_read(verifier *v, const tnn_value *value) {
    if (!value) return tnn_fail(v->err, TNN_ERR_INTERNAL, NULL, "a value is missing");
    if (value->id < v->graph->model->next_value_id && v->known[value->id] == value) return TNN_OK;
    if (value->constant && !value->producer) return check_constant(v, value);
    return fail_value(v, value, "is used before it is produced");
}

/* Whether `node` stands in the value's list of users. */
static bool has_user(const tnn_value *value, const tnn_node *node) {
    for (size_t i = 0; i < value->n_users; i++) {
        if (value->users[i] == node) return true;
    }
    return false;
}

static tnn_status check_use(verifier *v, const tnn_node *node, const tnn_value *value) {
    TNN_TRY(check_read(v, value));
    if (!has_user(value, node)) return fail_node(v, node, "is missing among the users of an operand");
    v->n_uses[value->id]++;
    return TNN_OK;
}

static tnn_status check_arg(verifier *v, const tnn_node *node, size_t index) {
    const tnn_arg *arg = &node->args[index];
    if (!tnn_arg_fits(arg, &node->schema->args[index].type)) {
        return tnn_fail(v->err, TNN_ERR_INTERNAL, tnn_node_where(node), "%s: argument %s is of a wrong kind",
                        node->op->name, node->schema->args[index].name);
    }
    if (arg->kind == TNN_ARG_TENSOR) return check_use(v, node, arg->as.tensor);
    for (uint32_t i = 0; arg->kind == TNN_ARG_TENSORS && i < arg->n; i++) {
        if (arg->as.tensors[i]) TNN_TRY(check_use(v, node, arg->as.tensors[i]));
    }
    return TNN_OK;
}

static tnn_status check_outputs(verifier *v, const tnn_node *node) {
    if (node->activation != TNN_ACT_NONE && node->n_outputs == 0) return fail_node(v, node, "activates nothing");
    for (uint32_t i = 0; i < node->n_outputs; i++) {
        const tnn_value *value = node->outputs[i];
        if (value->producer != node || value->output_index != i) {
            return fail_node(v, node, "gives a value that names another producer");
        }
        if (value->constant) return fail_node(v, node, "gives a constant");
        TNN_TRY(define(v, value));
    }
    return TNN_OK;
}

static tnn_status check_type(verifier *v, const tnn_value *value, tnn_dtype dtype, const tnn_shape *shape) {
    if (value->dtype == dtype && tnn_shape_equal_hints(&value->shape, shape)) return TNN_OK;
    tnn_strbuf text = {0};
    tnn_strbuf_add(&text, tnn_dtype_name(value->dtype));
    tnn_shape_print(&text, &value->shape);
    tnn_strbuf_printf(&text, ", inference says %s", tnn_dtype_name(dtype));
    tnn_shape_print(&text, shape);
    tnn_status status = text.failed ? tnn_fail_nomem(v->err)
                                    : tnn_fail(v->err, TNN_ERR_INTERNAL, tnn_node_where(value->producer),
                                               "%%%s is %s", value->name, text.data);
    tnn_strbuf_free(&text);
    return status;
}

static tnn_status check_inference(verifier *v, const tnn_node *node, tnn_verify_infer_fn *infer) {
    tnn_dtype *dtypes = TNN_NEW_ARRAY(v->arena, node->n_outputs, tnn_dtype);
    tnn_shape *shapes = TNN_NEW_ARRAY(v->arena, node->n_outputs, tnn_shape);
    if (!dtypes || !shapes) return tnn_fail_nomem(v->err);
    TNN_TRY(infer(node, dtypes, shapes, v->err));
    for (uint32_t i = 0; i < node->n_outputs; i++) {
        TNN_TRY(check_type(v, node->outputs[i], dtypes[i], &shapes[i]));
    }
    return TNN_OK;
}

static tnn_status check_node(verifier *v, const tnn_node *node, tnn_verify_infer_fn *infer) {
    if (node->graph != v->graph) return fail_node(v, node, "names another graph");
    if (node->next ? node->next->prev != node : v->graph->last != node) return fail_node(v, node, "is linked wrongly");
    for (size_t i = 0; i < node->schema->n_args; i++) TNN_TRY(check_arg(v, node, i));
    TNN_TRY(check_outputs(v, node));
    return infer ? check_inference(v, node, infer) : TNN_OK;
}

static tnn_status check_inputs(verifier *v) {
    for (size_t i = 0; i < v->graph->n_inputs; i++) {
        const tnn_value *value = v->graph->inputs[i];
        if (value->producer || value->constant) return fail_value(v, value, "is an input with a content");
        TNN_TRY(define(v, value));
    }
    return TNN_OK;
}

/* Every entry in a list of users was found in the node's arguments: the numbers agree. */
static tnn_status check_user_counts(verifier *v) {
    for (uint32_t id = 0; id < v->graph->model->next_value_id; id++) {
        const tnn_value *value = v->known[id];
        if (value && value->n_users != v->n_uses[id]) return fail_value(v, value, "has a wrong number of users");
    }
    return TNN_OK;
}

static tnn_status check_graph(verifier *v, tnn_verify_infer_fn *infer) {
    size_t n_nodes = 0;
    TNN_TRY(check_inputs(v));
    for (const tnn_node *node = v->graph->first; node; node = node->next, n_nodes++) {
        TNN_TRY(check_node(v, node, infer));
    }
    if (n_nodes != v->graph->n_nodes) return tnn_fail(v->err, TNN_ERR_INTERNAL, NULL, "the count of nodes is wrong");
    for (size_t i = 0; i < v->graph->n_outputs; i++) TNN_TRY(check_read(v, v->graph->outputs[i]));
    return check_user_counts(v);
}

tnn_status tnn_graph_verify(const tnn_graph *graph, tnn_verify_infer_fn *infer, tnn_error *err) {
    verifier v = {.graph = graph, .arena = tnn_arena_new(), .err = err};
    tnn_status status;
    if (!v.arena) return tnn_fail_nomem(err);
    tnn_strmap_init(&v.names, v.arena);
    v.known = TNN_NEW_ARRAY(v.arena, graph->model->next_value_id, const tnn_value *);
    v.n_uses = TNN_NEW_ARRAY(v.arena, graph->model->next_value_id, size_t);
    status = v.known && v.n_uses ? check_graph(&v, infer) : tnn_fail_nomem(err);
    tnn_arena_free(v.arena);
    return status;
}
