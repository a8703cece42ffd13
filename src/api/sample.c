#include "api/sample.h"

#include <string.h>

#include "eval/interp.h"
#include "ir/recipe.h"
#include "passes/prepare.h"
#include "quant/products.h"
#include "quant/quant_rows.h"
#include "tflite/layout.h"
#include "tflite/lower.h"

typedef struct sample_tensor {
    tnn_dtype dtype;
    uint8_t rank;
    int64_t dims[5];
} sample_tensor;

/* The first tensor of a call is an input of the program; the others are inputs or, as weights are, constants. */
typedef struct sample {
    sample_tensor first, others;
    bool constants;
} sample;

#define F32 TNN_DTYPE_F32
#define IMAGE {F32, 4, {1, 4, 6, 6}}

/* The first that an operator takes is used. */
static const sample samples[] = {
    {IMAGE, IMAGE, false},                                                  /* element by element */
    {{TNN_DTYPE_BOOL, 4, {1, 4, 6, 6}}, IMAGE, false},                      /* where */
    {{TNN_DTYPE_I32, 4, {1, 4, 6, 6}}, {TNN_DTYPE_I32, 4, {1, 4, 6, 6}}, false}, /* bits */
    {IMAGE, {F32, 4, {4, 4, 3, 3}}, true},                                  /* convolutions */
    {{F32, 3, {1, 4, 6}}, {F32, 3, {4, 4, 3}}, true},
    {{F32, 5, {1, 4, 6, 6, 6}}, {F32, 5, {4, 4, 3, 3, 3}}, true},
    {IMAGE, {F32, 1, {4}}, true},                                           /* numbers a channel */
    {{F32, 2, {6, 6}}, {F32, 2, {6, 6}}, true},                             /* matrices */
    {{F32, 2, {6, 6}}, {F32, 2, {6, 6}}, false},
    {{F32, 1, {6}}, {F32, 1, {6}}, false},                                  /* vectors */
    {{F32, 3, {1, 4, 6}}, {F32, 3, {1, 4, 6}}, false},
    {{F32, 5, {1, 4, 6, 6, 6}}, {F32, 5, {1, 4, 6, 6, 6}}, false},
    {{F32, 2, {6, 6}}, {TNN_DTYPE_I64, 2, {6, 6}}, false},                  /* places */
    {{F32, 2, {6, 6}}, {TNN_DTYPE_I64, 1, {6}}, false},
    {{TNN_DTYPE_I64, 2, {6, 6}}, {F32, 2, {6, 6}}, false},
};

/* What is not a tensor: kernels, factors and groups of 2 or 1, the size 6 of the last dimension. */
typedef struct setting {
    int64_t integer; /* what is no dimension */
    size_t n_items;  /* of lists whose length is free */
    bool optional;   /* tensors that may be absent are given */
} setting;

static const setting settings[] = {{2, 2, true}, {2, 2, false}, {2, 1, true}, {1, 2, false}, {6, 1, true}, {6, 1, false}};

enum { N_SAMPLES = sizeof samples / sizeof *samples, N_SETTINGS = sizeof settings / sizeof *settings };

/* One attempt at a call. */
typedef struct attempt {
    const sample *sample;
    const setting *setting;
    tnn_model *model;
    tnn_graph *graph;
    tnn_interp *interp;
    size_t n_tensors; /* of the call so far */
} attempt;

/* ---- arguments ---- */

static tnn_status make_tensor(attempt *a, tnn_obj *out, tnn_error *err) {
    bool first = a->n_tensors++ == 0;
    const sample_tensor *t = first ? &a->sample->first : &a->sample->others;
    tnn_shape shape = {.rank = t->rank};
    const tnn_recipe *recipe;
    tnn_value *value;
    for (uint8_t k = 0; k < t->rank; k++) shape.dims[k] = tnn_size_const(t->dims[k]);
    if (first || !a->sample->constants) {
        TNN_TRY(tnn_graph_input(&value, a->graph, "x", t->dtype, &shape, err));
    } else {
        TNN_TRY(tnn_recipe_fill(&recipe, a->model->arena, t->dtype, t->rank, t->dims, 0.5, 1, err));
        TNN_TRY(tnn_graph_constant(&value, a->graph, "weight", recipe, err));
    }
    return tnn_interp_tensor(a->interp, value, NULL, out, err);
}

static bool is_dim(const tnn_schema_arg *arg) {
    return strcmp(arg->name, "dim") == 0 || strcmp(arg->name, "dims") == 0 || strcmp(arg->name, "axis") == 0;
}

static tnn_status make_item(attempt *a, const tnn_schema_arg *arg, tnn_obj *out, tnn_error *err) {
    switch (arg->type.base) {
    case TNN_TYPE_TENSOR: case TNN_TYPE_OPERAND: return make_tensor(a, out, err);
    case TNN_TYPE_INT: *out = tnn_obj_int(tnn_size_const(is_dim(arg) ? -1 : a->setting->integer)); return TNN_OK;
    case TNN_TYPE_FLOAT: case TNN_TYPE_SCALAR: *out = tnn_obj_float(0.5); return TNN_OK;
    case TNN_TYPE_BOOL: *out = tnn_obj_bool(false); return TNN_OK;
    case TNN_TYPE_DTYPE: *out = tnn_obj_dtype(TNN_DTYPE_I32); return TNN_OK;
    case TNN_TYPE_STRING: case TNN_TYPE_MEMORY_FORMAT: case TNN_TYPE_GRAPH: case TNN_TYPE_ANY: break;
    }
    return tnn_fail(err, TNN_ERR_UNSUPPORTED, NULL, "no sample of %s", arg->name);
}

static tnn_status make_list(attempt *a, const tnn_schema_arg *arg, tnn_obj *out, tnn_error *err) {
    bool is_free = arg->type.fixed_n == 0;
    size_t n = is_dim(arg) ? 1 : is_free ? a->setting->n_items : (size_t)arg->type.fixed_n;
    tnn_obj_list *list = TNN_NEW(a->model->arena, tnn_obj_list);
    if (list == NULL) return tnn_fail_nomem(err);
    list->items = TNN_NEW_ARRAY(a->model->arena, n, tnn_obj);
    if (list->items == NULL) return tnn_fail_nomem(err);
    list->n = list->cap = n;
    for (size_t i = 0; i < n; i++) TNN_TRY(make_item(a, arg, &list->items[i], err));
    *out = (tnn_obj){.kind = TNN_OBJ_LIST, .as.list = list};
    return TNN_OK;
}

/* ---- the call ---- */

/* "conv2d.padding" as name and overload. */
static tnn_status split_name(const attempt *a, const char *full, const char **name, const char **overload,
                             tnn_error *err) {
    const char *dot = strchr(full, '.');
    *overload = dot == NULL ? "" : dot + 1;
    *name = tnn_arena_strn(a->model->arena, full, dot == NULL ? strlen(full) : (size_t)(dot - full));
    return *name == NULL ? tnn_fail_nomem(err) : TNN_OK;
}

static tnn_status return_results(attempt *a, const tnn_obj *result, tnn_error *err) {
    tnn_value *value;
    if (result->kind == TNN_OBJ_TENSOR) {
        TNN_TRY(tnn_interp_read(a->interp, result->as.tensor, &value, err));
        return tnn_graph_output(a->graph, value, NULL, err);
    }
    bool list = result->kind == TNN_OBJ_LIST || result->kind == TNN_OBJ_TUPLE;
    for (size_t i = 0; list && i < result->as.list->n; i++)
        TNN_TRY(return_results(a, &result->as.list->items[i], err));
    return TNN_OK;
}

/* Required arguments come before the first that has a default; those that are keywords have their names. */
static tnn_status call(attempt *a, const char *full, const char *signature, tnn_error *err) {
    const char *name, *overload, *keywords[32];
    tnn_obj args[32], result;
    size_t n = 0, n_keywords = 0;
    tnn_schema *schema;
    TNN_TRY(split_name(a, full, &name, &overload, err));
    TNN_TRY(tnn_schema_parse(&schema, a->model->arena, signature, err));
    for (size_t i = 0; i < schema->n_args; i++) {
        const tnn_schema_arg *arg = &schema->args[i];
        if (arg->has_default) continue;
        if (n == 32) return tnn_fail(err, TNN_ERR_UNSUPPORTED, NULL, "no sample of so many arguments");
        bool absent = arg->type.optional && (arg->type.base != TNN_TYPE_TENSOR || !a->setting->optional);
        args[n] = tnn_obj_none();
        if (!absent) TNN_TRY((arg->type.list ? make_list : make_item)(a, arg, &args[n], err));
        n++;
        if (arg->keyword_only) keywords[n_keywords++] = arg->name;
    }
    TNN_TRY(tnn_interp_call(a->interp, name, overload, args, n, keywords, n_keywords, &result, err));
    TNN_TRY(return_results(a, &result, err));
    return a->graph->n_outputs > 0 ? TNN_OK : tnn_fail(err, TNN_ERR_UNSUPPORTED, NULL, "no tensor is made");
}

/* ---- its conversion ---- */

static tnn_status lower(const attempt *a, bool channels_last, tnn_model *target, tnn_graph **out, tnn_error *err) {
    tnn_layout_options options = {.channels_last_io = channels_last};
    tnn_layout_result result = {0};
    tnn_prepare_options prepare = {.level = TNN_PREPARE_ALL, .can_fuse = tnn_lower_can_fuse};
    TNN_TRY(tnn_pass_prepare(a->graph, &prepare, err));
    TNN_TRY(tnn_layout_assign(a->graph, &options, &result, err));
    return tnn_lower_graph(a->graph, target, NULL, NULL, out, err);
}

static void print_names(tnn_strbuf *out, const tnn_graph *graph) {
    for (const tnn_node *node = graph->first; node != NULL; node = node->next)
        tnn_strbuf_printf(out, "%s%s", node == graph->first ? "" : ", ", node->op->name);
}

static bool is_real(const tnn_value *value) { return value != NULL && value->dtype == TNN_DTYPE_F32; }

static bool touches_reals(const tnn_node *node) {
    bool real = false;
    for (size_t i = 0; i < tnn_node_n_operands(node); i++) real = real || is_real(tnn_node_operand(node, i));
    for (uint32_t k = 0; k < node->n_outputs; k++) real = real || is_real(node->outputs[k]);
    return real;
}

/* Is there one of the operator before? */
static bool is_repeated(const tnn_node *node) {
    for (const tnn_node *other = node->prev; other != NULL; other = other->prev)
        if (other->op == node->op && touches_reals(other) && tnn_quant_kind_of(other) == TNN_QUANT_FLOAT) return true;
    return false;
}

static tnn_status print_floats(tnn_strbuf *out, tnn_graph *graph, tnn_error *err) {
    bool any = false, some = false;
    TNN_TRY(tnn_quant_products(graph, err));
    for (const tnn_node *node = graph->first; node != NULL; node = node->next) {
        bool real = touches_reals(node), stays = real && tnn_quant_kind_of(node) == TNN_QUANT_FLOAT;
        any = any || real;
        if (!stays || is_repeated(node)) continue;
        tnn_strbuf_printf(out, "%s%s", some ? ", " : "", node->op->name);
        some = true;
    }
    if (any && !some) tnn_strbuf_add(out, "none");
    return TNN_OK;
}

/* What a sample becomes. */
typedef struct outcome {
    tnn_strbuf names, floats;
    size_t n; /* operators; SIZE_MAX: it does not fit */
} outcome;

/* What is returned as it is, or is known before the model runs, has no nodes left. */
static tnn_status convert(const attempt *a, bool channels_last, outcome *out, tnn_error *err) {
    tnn_model *target;
    tnn_graph *lowered;
    TNN_TRY(tnn_graph_model_new(&target, "sample", err));
    tnn_status status = lower(a, channels_last, target, &lowered, err);
    bool free_of_charge = a->graph->first == NULL;
    if (status == TNN_OK) out->n = free_of_charge ? 0 : lowered->n_nodes;
    if (status == TNN_OK && free_of_charge) tnn_strbuf_add(&out->names, "none");
    else if (status == TNN_OK) print_names(&out->names, lowered);
    if (status == TNN_OK) status = print_floats(&out->floats, a->graph, err);
    tnn_graph_model_free(target);
    return status;
}

/* Whatever is wrong but lack of memory: the sample does not fit. */
static tnn_status try_sample(attempt a, bool channels_last, const char *name, const char *signature, outcome *out,
                             tnn_error *err) {
    TNN_TRY(tnn_graph_model_new(&a.model, "sample", err));
    tnn_status status = tnn_graph_new(&a.graph, a.model, "sample", err);
    if (status == TNN_OK) status = tnn_interp_new(&a.interp, a.graph, NULL, NULL, err);
    if (status == TNN_OK) status = call(&a, name, signature, err);
    if (status == TNN_OK) status = convert(&a, channels_last, out, err);
    tnn_interp_free(a.interp);
    tnn_graph_model_free(a.model);
    return status == TNN_ERR_NOMEM ? status : TNN_OK;
}

static void print_outcome(const outcome *from, tnn_strbuf *out, tnn_strbuf *floats) {
    tnn_strbuf_addn(out, from->names.data, from->names.length);
    tnn_strbuf_addn(floats, from->floats.data, from->floats.length);
}

/* By the order of four dimensions that suits the operator. */
static tnn_status try_orders(attempt a, const char *name, const char *signature, tnn_strbuf *out, tnn_strbuf *floats,
                             bool *found, tnn_error *err) {
    outcome tried[2] = {{.n = SIZE_MAX}, {.n = SIZE_MAX}};
    tnn_status status = try_sample(a, false, name, signature, &tried[0], err);
    *found = tried[0].n != SIZE_MAX;
    if (status == TNN_OK && *found) status = try_sample(a, true, name, signature, &tried[1], err);
    const outcome *best = &tried[tried[1].n < tried[0].n];
    if (status == TNN_OK && *found && (best->names.failed || best->floats.failed)) status = tnn_fail_nomem(err);
    if (status == TNN_OK && *found) print_outcome(best, out, floats);
    for (int i = 0; i < 2; i++) {
        tnn_strbuf_free(&tried[i].names);
        tnn_strbuf_free(&tried[i].floats);
    }
    return status;
}

tnn_status tnn_sample_operators(tnn_strbuf *out, tnn_strbuf *floats, const char *name, const char *signature,
                                tnn_error *err) {
    bool found = false;
    for (size_t s = 0; s < N_SAMPLES; s++)
        for (size_t i = 0; i < N_SETTINGS && !found; i++) {
            attempt a = {.sample = &samples[s], .setting = &settings[i]};
            TNN_TRY(try_orders(a, name, signature, out, floats, &found, err));
        }
    return TNN_OK;
}
