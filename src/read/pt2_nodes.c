/* A program's nodes, evaluated in order: arguments, the call, names for the results. */
#include <string.h>

#include "read/module_type.h"
#include "read/pt2_load.h"
#include "read/pt2_origin.h"
#include "read/pt2_target.h"

/* Arguments. */

typedef struct arguments {
    tnn_obj *items;
    size_t n;
    const char **keywords; /* of the last n_keywords items */
    size_t n_keywords;
} arguments;

enum { KIND_POSITIONAL = 1, KIND_KEYWORD = 2 };

/* Files of older minor versions do not say the kind: there every argument is known by its name. */
static tnn_status is_keyword(const tnn_json *input, const char *name, bool *keyword, tnn_error *err) {
    tnn_json kind = tnn_json_optional(input, "kind");
    int64_t code = *name != '\0' ? KIND_KEYWORD : KIND_POSITIONAL;
    if (kind.value != NULL) TNN_TRY(tnn_json_int(&code, &kind, err));
    *keyword = code == KIND_KEYWORD;
    return TNN_OK;
}

static tnn_status add_argument(tnn_pt2_load *load, tnn_pt2_scope *scope, const tnn_json *input, arguments *args,
                               tnn_error *err) {
    const char *name = NULL;
    tnn_json arg;
    bool keyword = false;
    TNN_TRY(tnn_json_member_text(&name, input, "name", err));
    TNN_TRY(tnn_json_member(&arg, input, "arg", err));
    TNN_TRY(is_keyword(input, name, &keyword, err));
    if (!keyword && args->n_keywords > 0) {
        return tnn_json_fail(input, TNN_ERR_MALFORMED, err, "argument by position behind one by name");
    }
    TNN_TRY(tnn_pt2_argument(load, scope, &arg, &args->items[args->n], err));
    args->n++;
    if (keyword) args->keywords[args->n_keywords++] = name;
    return TNN_OK;
}

/* All arguments of a node, from number `first` on. */
static tnn_status read_arguments(tnn_pt2_load *load, tnn_pt2_scope *scope, const tnn_json *node, size_t first,
                                 arguments *args, tnn_error *err) {
    tnn_json inputs;
    size_t n = 0;
    memset(args, 0, sizeof *args);
    TNN_TRY(tnn_json_member(&inputs, node, "inputs", err));
    TNN_TRY(tnn_json_count(&n, &inputs, err));
    args->items = TNN_NEW_ARRAY(load->scratch, n, tnn_obj);
    args->keywords = TNN_NEW_ARRAY(load->scratch, n, const char *);
    if (args->items == NULL || args->keywords == NULL) return tnn_fail_nomem(err);
    for (size_t i = first; i < n; i++) {
        tnn_json input = tnn_json_item(&inputs, i);
        TNN_TRY(add_argument(load, scope, &input, args, err));
    }
    return TNN_OK;
}

/* Calls. */

/* The inputs and outputs of a nested graph are local names. */
static tnn_status bind_inputs(tnn_pt2_load *load, tnn_pt2_scope *inner, const arguments *args, tnn_error *err) {
    tnn_json inputs;
    size_t n = 0;
    TNN_TRY(tnn_json_member(&inputs, &inner->graph, "inputs", err));
    TNN_TRY(tnn_json_count(&n, &inputs, err));
    if (n != args->n) {
        return tnn_json_fail(&inputs, TNN_ERR_MALFORMED, err, "graph has %zu inputs, %zu are given", n, args->n);
    }
    for (size_t i = 0; i < n; i++) {
        tnn_json input = tnn_json_item(&inputs, i), inside;
        const char *kind = NULL, *name = NULL;
        TNN_TRY(tnn_json_union(&kind, &inside, &input, err));
        TNN_TRY(tnn_json_member_text(&name, &inside, strcmp(kind, "as_tensor") == 0 ? "name" : "as_name", err));
        TNN_TRY(tnn_pt2_bind(load, inner, name, args->items[i], err));
    }
    return TNN_OK;
}

static tnn_status graph_results(tnn_pt2_load *load, tnn_pt2_scope *inner, tnn_obj *out, tnn_error *err) {
    tnn_json outputs;
    size_t n = 0;
    TNN_TRY(tnn_json_member(&outputs, &inner->graph, "outputs", err));
    TNN_TRY(tnn_json_count(&n, &outputs, err));
    tnn_obj *items = TNN_NEW_ARRAY(load->scratch, n, tnn_obj);
    if (items == NULL) return tnn_fail_nomem(err);
    for (size_t i = 0; i < n; i++) {
        tnn_json output = tnn_json_item(&outputs, i);
        TNN_TRY(tnn_pt2_argument(load, inner, &output, &items[i], err));
    }
    return tnn_obj_list_new(load->interp, TNN_OBJ_TUPLE, items, n, out, err);
}

static tnn_status call_inline(tnn_pt2_load *load, tnn_pt2_scope *scope, const tnn_json *node,
                              const tnn_pt2_target *target, tnn_obj *out, tnn_error *err) {
    arguments args;
    tnn_pt2_scope inner;
    tnn_json inputs, arg, holder, graph;
    TNN_TRY(tnn_json_member(&inputs, node, "inputs", err));
    tnn_json input = tnn_json_item(&inputs, target->graph_index);
    TNN_TRY(tnn_json_member(&arg, &input, "arg", err));
    TNN_TRY(tnn_json_member(&holder, &arg, "as_graph", err));
    TNN_TRY(tnn_json_member(&graph, &holder, "graph", err));
    TNN_TRY(read_arguments(load, scope, node, target->first_input, &args, err));
    TNN_TRY(tnn_pt2_scope_init(load, &inner, &graph, err));
    inner.depth = scope->depth + 1;
    TNN_TRY(bind_inputs(load, &inner, &args, err));
    TNN_TRY(tnn_pt2_run(load, &inner, err));
    return graph_results(load, &inner, out, err);
}

static tnn_status call(tnn_pt2_load *load, tnn_pt2_scope *scope, const tnn_json *node, const tnn_pt2_target *target,
                       tnn_obj *out, tnn_error *err) {
    arguments args;
    if (target->kind == TNN_PT2_TARGET_INLINE) {
        return call_inline(load, scope, node, target, out, err);
    }
    TNN_TRY(read_arguments(load, scope, node, target->first_input, &args, err));
    if (target->kind == TNN_PT2_TARGET_PYTHON) {
        return tnn_interp_run(load->interp, target->text, "f", args.items, args.n, out, err);
    }
    return tnn_interp_call(load->interp, target->name, target->overload, args.items, args.n, args.keywords,
                           args.n_keywords, out, err);
}

/* Results. */

static tnn_status disagree(const tnn_json *meta, const tnn_pt2_meta *file, tnn_dtype dtype, const tnn_shape *shape,
                           tnn_error *err) {
    tnn_strbuf text = {0};
    tnn_strbuf_printf(&text, "the file says %s", tnn_dtype_name(file->dtype));
    tnn_shape_print(&text, &file->shape);
    tnn_strbuf_printf(&text, ", the program gives %s", tnn_dtype_name(dtype));
    tnn_shape_print(&text, shape);
    tnn_status status = text.failed ? tnn_fail_nomem(err)
                                    : tnn_json_fail(meta, TNN_ERR_MALFORMED, err, "%s", text.data);
    tnn_strbuf_free(&text);
    return status;
}

/* Where the file has a symbol for a size because it depends on data, and that is a constant, its number is known now. */
static tnn_status learn_sizes(tnn_pt2_load *load, const tnn_json *meta, const tnn_shape *shape, tnn_error *err) {
    tnn_json sizes;
    size_t rank = 0;
    TNN_TRY(tnn_json_member(&sizes, meta, "sizes", err));
    TNN_TRY(tnn_json_count(&rank, &sizes, err));
    for (size_t i = 0; i < rank && rank == shape->rank; i++) {
        tnn_json size = tnn_json_item(&sizes, i);
        const char *text = NULL;
        bool has_hint = false;
        int64_t hint = 0;
        TNN_TRY(tnn_sym_int_read(&size, &text, &has_hint, &hint, err));
        if (text != NULL && !has_hint) TNN_TRY(tnn_symbols_solve(&load->symbols, text, shape->dims[i].hint, err));
    }
    return TNN_OK;
}

/* The file records the type of every tensor: inference must come to the same. */
static tnn_status check_type(tnn_pt2_load *load, tnn_pt2_scope *scope, const char *name, const tnn_obj *obj,
                             tnn_error *err) {
    tnn_json meta = tnn_json_optional(&scope->tensor_values, name);
    if (!load->checks || obj->kind != TNN_OBJ_TENSOR || meta.value == NULL) return TNN_OK;
    tnn_pt2_meta file;
    tnn_dtype dtype;
    tnn_shape shape;
    tnn_interp_type(obj->as.tensor, &dtype, &shape);
    TNN_TRY(learn_sizes(load, &meta, &shape, err));
    TNN_TRY(tnn_pt2_meta_type(&file, &load->symbols, &meta, err));
    if (dtype == file.dtype && tnn_shape_equal_hints(&shape, &file.shape)) return TNN_OK;
    return disagree(&meta, &file, dtype, &shape, err);
}

/* {"name": …} of a tensor, {"as_name": …} of a number. */
static tnn_status bind_result(tnn_pt2_load *load, tnn_pt2_scope *scope, const tnn_json *value, bool tensor,
                              tnn_obj obj, tnn_error *err) {
    const char *name = NULL;
    TNN_TRY(tnn_json_member_text(&name, value, tensor ? "name" : "as_name", err));
    TNN_TRY(check_type(load, scope, name, &obj, err));
    return tnn_pt2_bind(load, scope, name, obj, err);
}

static bool is_sequence(const tnn_obj *obj) { return obj->kind == TNN_OBJ_LIST || obj->kind == TNN_OBJ_TUPLE; }

static tnn_status bind_list(tnn_pt2_load *load, tnn_pt2_scope *scope, const tnn_json *names, const tnn_obj *result,
                            tnn_error *err) {
    size_t n = 0;
    TNN_TRY(tnn_json_count(&n, names, err));
    if (!is_sequence(result) || result->as.list->n != n) {
        return tnn_json_fail(names, TNN_ERR_MALFORMED, err, "the file has %zu results, the program gives %zu", n,
                             is_sequence(result) ? result->as.list->n : 1);
    }
    for (size_t i = 0; i < n; i++) {
        tnn_json name = tnn_json_item(names, i);
        TNN_TRY(bind_result(load, scope, &name, true, result->as.list->items[i], err));
    }
    return TNN_OK;
}

/* One Argument among a node's outputs. */
static tnn_status bind_output(tnn_pt2_load *load, tnn_pt2_scope *scope, const tnn_json *output, tnn_obj obj,
                              tnn_error *err) {
    const char *kind = NULL;
    tnn_json value;
    TNN_TRY(tnn_json_union(&kind, &value, output, err));
    if (strcmp(kind, "as_tensors") == 0) return bind_list(load, scope, &value, &obj, err);
    if (strcmp(kind, "as_tensor") == 0) return bind_result(load, scope, &value, true, obj, err);
    if (strncmp(kind, "as_sym_", 7) == 0) return bind_result(load, scope, &value, false, obj, err);
    if (strcmp(kind, "as_none") == 0) return TNN_OK;
    return tnn_json_fail(output, TNN_ERR_UNSUPPORTED, err, "result of kind %.40s is not supported", kind);
}

/* Is the only output one tensor, where the operator may give a tuple of one? */
static bool wants_item(const tnn_json *output, const tnn_obj *result) {
    tnn_json list = tnn_json_optional(output, "as_tensors");
    return list.value == NULL && is_sequence(result) && result->as.list->n == 1;
}

/* The operator's results, from number `first` on; those before are nothing. */
static tnn_status bind_outputs(tnn_pt2_load *load, tnn_pt2_scope *scope, const tnn_json *node, size_t first,
                               tnn_obj result, tnn_error *err) {
    tnn_json outputs;
    size_t n = 0;
    TNN_TRY(tnn_json_member(&outputs, node, "outputs", err));
    TNN_TRY(tnn_json_count(&n, &outputs, err));
    for (size_t i = 0; i < first && i < n; i++) {
        tnn_json output = tnn_json_item(&outputs, i);
        TNN_TRY(bind_output(load, scope, &output, tnn_obj_none(), err));
    }
    if (n <= first) return TNN_OK;
    if (n - first == 1) {
        tnn_json output = tnn_json_item(&outputs, first);
        tnn_obj obj = wants_item(&output, &result) ? result.as.list->items[0] : result;
        return bind_output(load, scope, &output, obj, err);
    }
    n -= first;
    if (!is_sequence(&result) || result.as.list->n != n) {
        return tnn_json_fail(&outputs, TNN_ERR_MALFORMED, err, "the file has %zu results, the program gives %zu", n,
                             is_sequence(&result) ? result.as.list->n : 1);
    }
    for (size_t i = 0; i < n; i++) {
        tnn_json output = tnn_json_item(&outputs, first + i);
        TNN_TRY(bind_output(load, scope, &output, result.as.list->items[i], err));
    }
    return TNN_OK;
}

/* Going on after something that is not supported: the result is a tensor of the type that the file records, so that
 * what follows can be looked at too. The graph is thrown away in the end. */
static tnn_status invent_tensor(tnn_pt2_load *load, tnn_pt2_scope *scope, const tnn_json *value, tnn_error *err) {
    const char *name = NULL;
    tnn_json meta;
    tnn_pt2_meta type;
    tnn_value *made = NULL;
    tnn_obj obj;
    TNN_TRY(tnn_json_member_text(&name, value, "name", err));
    TNN_TRY(tnn_json_member(&meta, &scope->tensor_values, name, err));
    TNN_TRY(tnn_pt2_meta_type(&type, &load->symbols, &meta, err));
    TNN_TRY(tnn_graph_value(&made, load->graph, name, type.dtype, &type.shape, err));
    TNN_TRY(tnn_interp_tensor(load->interp, made, NULL, &obj, err));
    return tnn_pt2_bind(load, scope, name, obj, err);
}

static tnn_status invent_output(tnn_pt2_load *load, tnn_pt2_scope *scope, const tnn_json *output, tnn_error *err) {
    tnn_json tensor = tnn_json_optional(output, "as_tensor"), tensors = tnn_json_optional(output, "as_tensors");
    size_t n = 0;
    if (tensor.value != NULL) return invent_tensor(load, scope, &tensor, err);
    if (tensors.value != NULL) TNN_TRY(tnn_json_count(&n, &tensors, err));
    for (size_t i = 0; i < n; i++) {
        tnn_json item = tnn_json_item(&tensors, i);
        TNN_TRY(invent_tensor(load, scope, &item, err));
    }
    return TNN_OK;
}

static tnn_status invent_outputs(tnn_pt2_load *load, tnn_pt2_scope *scope, const tnn_json *node, tnn_error *err) {
    tnn_json outputs;
    size_t n = 0;
    TNN_TRY(tnn_json_member(&outputs, node, "outputs", err));
    TNN_TRY(tnn_json_count(&n, &outputs, err));
    for (size_t i = 0; i < n; i++) {
        tnn_json output = tnn_json_item(&outputs, i);
        TNN_TRY(invent_output(load, scope, &output, err));
    }
    return TNN_OK;
}

/* One node. */

static tnn_status evaluate(tnn_pt2_load *load, tnn_pt2_scope *scope, const tnn_json *node,
                           const tnn_pt2_target *target, tnn_error *err) {
    tnn_obj result = tnn_obj_none();
    TNN_TRY(call(load, scope, node, target, &result, err));
    return bind_outputs(load, scope, node, target->first_output, result, err);
}

/* Say which node it was. */
static tnn_status explain(const tnn_pt2_load *load, const tnn_pt2_origin *origin, tnn_status status, tnn_error *err) {
    if (err == NULL || status == TNN_ERR_NOMEM) return status;
    char where[128];
    tnn_error text = {.where = ""};
    tnn_fail(&text, status, NULL, "%.40s: node \"%.40s\"%s%.40s%s", load->file, origin->name,
             origin->scope == NULL ? "" : " (", origin->scope == NULL ? "" : origin->scope,
             origin->scope == NULL ? "" : ")");
    memcpy(where, text.message, sizeof where);
    where[sizeof where - 1] = '\0';
    err->where[0] = '\0';
    tnn_error_prefix(err, where);
    return status;
}

static tnn_status run_node(tnn_pt2_load *load, tnn_pt2_scope *scope, const tnn_json *node, tnn_error *err) {
    tnn_pt2_origin origin;
    tnn_pt2_target target;
    tnn_error own = {.message = ""};
    TNN_TRY(tnn_pt2_origin_read(&origin, load->model->arena, node, err));
    TNN_TRY(tnn_pt2_node_target(&target, load, node, err));
    if (load->options->as_written) TNN_TRY(tnn_module_type_note(load->model, origin.scope, origin.type, err));
    tnn_interp_set_origin(load->interp, origin.name, origin.scope, origin.source);
    tnn_status status = target.kind == TNN_PT2_TARGET_UNKNOWN ? TNN_ERR_UNSUPPORTED
                                                              : evaluate(load, scope, node, &target, &own);
    if (status == TNN_OK) return TNN_OK;
    bool may_go_on = status == TNN_ERR_UNSUPPORTED && target.kind != TNN_PT2_TARGET_INLINE && !load->broken;
    if (!may_go_on) {
        if (err != NULL) *err = own;
        return explain(load, &origin, status, err);
    }
    if (target.kind != TNN_PT2_TARGET_UNKNOWN) {
        TNN_TRY(tnn_lack_set_add(&load->lacks, target.shown, own.message, origin.scope, origin.source, err));
    }
    return invent_outputs(load, scope, node, err);
}

tnn_status tnn_pt2_run(tnn_pt2_load *load, tnn_pt2_scope *scope, tnn_error *err) {
    size_t n = 0;
    TNN_TRY(tnn_json_count(&n, &scope->nodes, err));
    for (size_t i = 0; i < n; i++) {
        tnn_json node = tnn_json_item(&scope->nodes, i);
        TNN_TRY(run_node(load, scope, &node, err));
    }
    return TNN_OK;
}
