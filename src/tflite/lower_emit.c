/* Writing TFLite nodes and the constants they need. */
#include "tflite/lower.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "ir/recipe.h"

/* "add/pad" for an intermediate of the node whose result is "add". */
static const char *result_name(tnn_lower *l, const char *suffix) {
    if (l->node == NULL) return suffix;
    const char *base = l->node->outputs[0]->name;
    return suffix == NULL ? base : tnn_arena_printf(l->arena, "%s/%s", base, suffix);
}

static tnn_shape shape_of(const tnn_box *dims) {
    tnn_shape shape = {.rank = dims->rank};
    for (uint8_t k = 0; k < dims->rank; k++) shape.dims[k] = tnn_size_const(dims->at[k]);
    return shape;
}

/* ---- operators ---- */

tnn_status tnn_emit_begin(tnn_emit *e, tnn_lower *l, const tnn_tfl_row *row, tnn_error *err) {
    memset(e, 0, sizeof *e);
    e->lower = l;
    e->row = row;
    const tnn_schema *schema;
    TNN_TRY(tnn_op_schema(&schema, l->out->model, &row->op, err));
    assert(schema->n_args <= sizeof e->args / sizeof e->args[0]);
    for (size_t i = 0; i < schema->n_args; i++)
        if (schema->args[i].has_default) e->args[i] = *schema->args[i].default_value;
    return TNN_OK;
}

void tnn_emit_tensor(tnn_emit *e, tnn_value *tensor) { e->args[e->n_tensors++] = tnn_arg_of_tensor(tensor); }

void tnn_emit_tensors(tnn_emit *e, tnn_value **tensors, size_t n) {
    e->args[e->n_tensors++] = tnn_arg_of_tensors(tensors, n);
}

static tnn_arg *option(tnn_emit *e, const char *name) {
    const tnn_schema *schema = NULL;
    tnn_status status = tnn_op_schema(&schema, e->lower->out->model, &e->row->op, NULL);
    int index = status == TNN_OK ? tnn_schema_find(schema, name) : -1;
    assert(index >= 0);
    return &e->args[index];
}

void tnn_emit_int(tnn_emit *e, const char *name, int64_t value) { *option(e, name) = tnn_arg_of_int(value); }
void tnn_emit_float(tnn_emit *e, const char *name, double value) { *option(e, name) = tnn_arg_of_float(value); }
void tnn_emit_bool(tnn_emit *e, const char *name, bool value) { *option(e, name) = tnn_arg_of_bool(value); }

void tnn_emit_activation(tnn_emit *e, const tnn_node *node) {
    static const int code[] = {[TNN_ACT_NONE] = TNN_TFL_ACT_NONE, [TNN_ACT_RELU] = TNN_TFL_ACT_RELU,
                               [TNN_ACT_RELU6] = TNN_TFL_ACT_RELU6, [TNN_ACT_RELU_N1_TO_1] = TNN_TFL_ACT_RELU_N1_TO_1};
    tnn_emit_int(e, "fused_activation_function", code[node->activation]);
}

static void set_origin(tnn_node *out, const tnn_node *from) {
    if (from == NULL) return;
    out->name = from->name;
    out->scope = from->scope;
    out->source = from->source;
    out->why_float = from->why_float;
    out->wants_int4 = from->wants_int4;
}

tnn_status tnn_emit_end_many(tnn_emit *e, const char *suffix, tnn_dtype dtype, const tnn_box *dims,
                             tnn_value **outs, size_t n_outs, tnn_error *err) {
    tnn_lower *l = e->lower;
    const tnn_schema *schema;
    TNN_TRY(tnn_op_schema(&schema, l->out->model, &e->row->op, err));
    const char *name = result_name(l, suffix);
    tnn_node *node;
    TNN_TRY(tnn_graph_node(&node, l->out, NULL, &e->row->op, e->args, schema->n_args, err));
    set_origin(node, l->node);
    tnn_shape shape = shape_of(dims);
    for (size_t k = 0; k < n_outs; k++) TNN_TRY(tnn_node_output(&outs[k], node, name, dtype, &shape, err));
    return TNN_OK;
}

tnn_status tnn_emit_end(tnn_emit *e, const char *suffix, tnn_dtype dtype, const tnn_box *dims, tnn_value **out,
                        tnn_error *err) {
    return tnn_emit_end_many(e, suffix, dtype, dims, out, 1, err);
}

tnn_status tnn_emit_unary(tnn_lower *l, const tnn_tfl_row *row, const char *suffix, tnn_value *x, tnn_value **out,
                          tnn_error *err) {
    tnn_emit e;
    tnn_box dims = tnn_box_of(x);
    TNN_TRY(tnn_emit_begin(&e, l, row, err));
    tnn_emit_tensor(&e, x);
    return tnn_emit_end(&e, suffix, x->dtype, &dims, out, err);
}

tnn_box tnn_box_broadcast(const tnn_box *a, const tnn_box *b) {
    tnn_box out = a->rank >= b->rank ? *a : *b;
    const tnn_box *other = a->rank >= b->rank ? b : a;
    uint8_t lead = (uint8_t)(out.rank - other->rank);
    for (uint8_t k = 0; k < other->rank; k++)
        if (out.at[lead + k] == 1) out.at[lead + k] = other->at[k];
    return out;
}

tnn_status tnn_emit_binary(tnn_lower *l, const tnn_tfl_row *row, const char *suffix, tnn_value *x, tnn_value *y,
                           tnn_value **out, tnn_error *err) {
    tnn_emit e;
    tnn_box a = tnn_box_of(x), b = tnn_box_of(y), dims = tnn_box_broadcast(&a, &b);
    TNN_TRY(tnn_emit_begin(&e, l, row, err));
    tnn_emit_tensor(&e, x);
    tnn_emit_tensor(&e, y);
    return tnn_emit_end(&e, suffix, x->dtype, &dims, out, err);
}

/* ---- constants ---- */

tnn_status tnn_lower_constant(tnn_lower *l, const char *suffix, const tnn_recipe *recipe, tnn_value **out,
                              tnn_error *err) {
    return tnn_graph_constant(out, l->out, result_name(l, suffix), recipe, err);
}

tnn_status tnn_lower_ints(tnn_lower *l, const char *suffix, const int64_t *values, const tnn_box *dims,
                          tnn_value **out, tnn_error *err) {
    int64_t n = tnn_box_count(dims);
    int32_t *narrow = TNN_NEW_ARRAY(l->arena, (size_t)n, int32_t);
    if (narrow == NULL) return tnn_fail_nomem(err);
    for (int64_t i = 0; i < n; i++) {
        if (values[i] < INT32_MIN || values[i] > INT32_MAX)
            return tnn_fail(err, TNN_ERR_UNSUPPORTED, result_name(l, suffix),
                            "%lld does not fit into TFLite's 32 bits", (long long)values[i]);
        narrow[i] = (int32_t)values[i];
    }
    const tnn_recipe *recipe;
    TNN_TRY(tnn_recipe_copy(&recipe, l->arena, narrow, TNN_DTYPE_I32, dims->rank, dims->at, err));
    return tnn_lower_constant(l, suffix, recipe, out, err);
}

tnn_status tnn_lower_scalar(tnn_lower *l, tnn_dtype dtype, double value, tnn_value **out, tnn_error *err) {
    const tnn_recipe *recipe;
    int64_t integer = tnn_dtype_is_float(dtype) ? 0 : (int64_t)value;
    TNN_TRY(tnn_recipe_fill(&recipe, l->arena, dtype, 0, NULL, value, integer, err));
    return tnn_lower_constant(l, "scalar", recipe, out, err);
}

tnn_status tnn_lower_fill(tnn_lower *l, const char *suffix, double value, const tnn_box *dims, tnn_value **out,
                          tnn_error *err) {
    const tnn_recipe *recipe;
    TNN_TRY(tnn_recipe_fill(&recipe, l->arena, TNN_DTYPE_F32, dims->rank, dims->at, value, 0, err));
    return tnn_lower_constant(l, suffix, recipe, out, err);
}

/* ---- other shape, other type ---- */

/* A RESHAPE of this tensor to these dimensions that is there already. */
static tnn_value *find_reshape(const tnn_value *tensor, const tnn_box *dims) {
    for (size_t i = 0; i < tensor->n_users; i++) {
        const tnn_node *user = tensor->users[i];
        if (user->op != &tnn_tfl_RESHAPE.op) continue;
        tnn_box have = tnn_box_of(user->outputs[0]);
        if (tnn_box_equal(&have, dims)) return user->outputs[0];
    }
    return NULL;
}

/* "weight/reshape" for a constant in another form: the model may have a "weight_1". */
static tnn_status derived_constant(tnn_lower *l, const tnn_value *from, const char *how, const tnn_recipe *recipe,
                                   tnn_value **out, tnn_error *err) {
    const char *name = tnn_arena_printf(l->arena, "%s/%s", from->name, how);
    return name == NULL ? tnn_fail_nomem(err) : tnn_graph_constant(out, l->out, name, recipe, err);
}

static tnn_status reshape_constant(tnn_lower *l, const tnn_value *tensor, const tnn_box *dims, tnn_value **out,
                                   tnn_error *err) {
    const tnn_recipe *recipe;
    TNN_TRY(tnn_recipe_reshape(&recipe, l->arena, tensor->constant, dims->rank, dims->at, err));
    return derived_constant(l, tensor, "reshape", recipe, out, err);
}

/* A MEAN or SUM that nobody has read yet can give its result without the dimensions that it kept. */
static bool drop_kept_dims(tnn_value *tensor, const tnn_box *dims) {
    const tnn_node *node = tensor->producer;
    if (node == NULL || tensor->n_users > 0) return false;
    if (node->op != &tnn_tfl_MEAN.op && node->op != &tnn_tfl_SUM.op) return false;
    tnn_arg *keep = &node->args[tnn_schema_find(node->schema, "keep_dims")];
    tnn_box left = tnn_box_of(node->args[0].as.tensor), have = tnn_box_of(tensor), squeezed = {.rank = 0};
    if (!keep->as.integer || left.rank != have.rank) return false;
    for (uint8_t k = 0; k < have.rank; k++)
        if (left.at[k] == have.at[k]) squeezed.at[squeezed.rank++] = have.at[k];
    if (!tnn_box_equal(&squeezed, dims)) return false;
    *keep = tnn_arg_of_bool(false);
    tensor->shape = shape_of(dims);
    return true;
}

tnn_status tnn_lower_reshape(tnn_lower *l, tnn_value *tensor, const tnn_box *dims, tnn_value **out,
                             tnn_error *err) {
    tnn_box have = tnn_box_of(tensor);
    *out = tensor;
    if (tnn_box_equal(&have, dims)) return TNN_OK;
    assert(tnn_box_count(&have) == tnn_box_count(dims));
    if (tensor->constant != NULL) return reshape_constant(l, tensor, dims, out, err);
    if (drop_kept_dims(tensor, dims)) return TNN_OK;
    if (tensor->producer != NULL && tensor->producer->op == &tnn_tfl_RESHAPE.op)
        return tnn_lower_reshape(l, tensor->producer->args[0].as.tensor, dims, out, err);
    *out = find_reshape(tensor, dims);
    if (*out != NULL) return TNN_OK;
    tnn_value *shape;
    tnn_box one = {.rank = 1, .at = {dims->rank}};
    tnn_emit e;
    TNN_TRY(tnn_lower_ints(l, "shape", dims->at, &one, &shape, err));
    TNN_TRY(tnn_emit_begin(&e, l, &tnn_tfl_RESHAPE, err));
    tnn_emit_tensor(&e, tensor);
    tnn_emit_tensor(&e, shape);
    return tnn_emit_end(&e, "reshape", tensor->dtype, dims, out, err);
}

tnn_status tnn_lower_cast(tnn_lower *l, tnn_value *tensor, tnn_dtype dtype, tnn_value **out, tnn_error *err) {
    *out = tensor;
    if (tensor->dtype == dtype) return TNN_OK;
    if (tensor->constant != NULL) {
        const tnn_recipe *recipe;
        TNN_TRY(tnn_recipe_cast(&recipe, l->arena, tensor->constant, dtype, err));
        return derived_constant(l, tensor, "cast", recipe, out, err);
    }
    tnn_emit e;
    tnn_box dims = tnn_box_of(tensor);
    TNN_TRY(tnn_emit_begin(&e, l, &tnn_tfl_CAST, err));
    tnn_emit_tensor(&e, tensor);
    tnn_emit_int(&e, "in_data_type", tnn_tfl_type(tensor->dtype));
    tnn_emit_int(&e, "out_data_type", tnn_tfl_type(dtype));
    return tnn_emit_end(&e, "cast", dtype, &dims, out, err);
}

/* ---- arguments of the node ---- */

int64_t tnn_node_int(const tnn_node *node, const char *name) { return tnn_arg_int(tnn_node_arg(node, name)); }

double tnn_node_number(const tnn_node *node, const char *name, double if_none) {
    const tnn_arg *arg = tnn_node_arg(node, name);
    return arg->kind == TNN_ARG_NONE ? if_none : tnn_arg_number(arg);
}

bool tnn_node_bool(const tnn_node *node, const char *name) { return tnn_arg_bool(tnn_node_arg(node, name)); }

bool tnn_node_is_none(const tnn_node *node, const char *name) {
    return tnn_node_arg(node, name)->kind == TNN_ARG_NONE;
}

size_t tnn_node_list_n(const tnn_node *node, const char *name) {
    const tnn_arg *arg = tnn_node_arg(node, name);
    return arg->kind == TNN_ARG_INTS ? arg->n : 0;
}

int64_t tnn_node_list_int(const tnn_node *node, const char *name, size_t index) {
    const tnn_arg *arg = tnn_node_arg(node, name);
    return arg->as.sizes[arg->n == 1 ? 0 : index].hint;
}

uint8_t tnn_node_dim(int64_t dim, uint8_t rank) { return (uint8_t)(dim < 0 ? dim + rank : dim); }

tnn_value *tnn_node_tensor(const tnn_node *node, const char *name) { return tnn_arg_tensor(tnn_node_arg(node, name)); }

tnn_status tnn_lower_need_float(const tnn_node *node, tnn_error *err) {
    tnn_dtype dtype = node->outputs[0]->dtype;
    if (dtype == TNN_DTYPE_F32) return TNN_OK;
    return tnn_lower_refuse(node, err, "TFLite has a kernel for float32, this is %s", tnn_dtype_name(dtype));
}

tnn_status tnn_lower_refuse(const tnn_node *node, tnn_error *err, const char *format, ...) {
    char text[400];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return tnn_fail(err, TNN_ERR_UNSUPPORTED, tnn_node_where(node), "%s", text);
}
