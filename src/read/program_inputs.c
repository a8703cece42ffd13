/* Arguments of a program's method: tensors by what the user says or by an example, the rest by its type. */
#include <stdio.h>
#include <string.h>

#include "read/program_load.h"

/* Specs of the user. */

static const tnn_input_spec *take_spec(tnn_program_load *load, size_t index) {
    load->used_specs[index] = true;
    return &load->options->inputs[index];
}

/* Is the spec one that nobody has taken yet, with that name? */
static bool is_named(const tnn_program_load *load, size_t index, const char *name) {
    const char *given = load->options->inputs[index].name;
    return !load->used_specs[index] && given != NULL && strcmp(given, name) == 0;
}

static bool names_spec(const tnn_program_load *load, const char *name) {
    for (size_t i = 0; i < load->options->n_inputs; i++) {
        if (is_named(load, i, name)) return true;
    }
    return false;
}

/* The spec of that name; NULL: none. */
static const tnn_input_spec *find_named_spec(tnn_program_load *load, const char *name) {
    for (size_t i = 0; i < load->options->n_inputs; i++) {
        if (is_named(load, i, name)) return take_spec(load, i);
    }
    return NULL;
}

/* The same, else the next one without a name. */
static const tnn_input_spec *find_spec(tnn_program_load *load, const char *name) {
    const tnn_input_spec *named = find_named_spec(load, name);
    if (named != NULL) return named;
    for (size_t i = 0; i < load->options->n_inputs; i++) {
        if (!load->used_specs[i] && load->options->inputs[i].name == NULL) return take_spec(load, i);
    }
    return NULL;
}

/* Is there one left that `name`, or a part of it ("x_0"), would take? */
static bool has_spec(const tnn_program_load *load, const char *name) {
    size_t length = strlen(name);
    for (size_t i = 0; i < load->options->n_inputs; i++) {
        const char *given = load->options->inputs[i].name;
        if (load->used_specs[i]) continue;
        if (given == NULL) return true;
        if (strncmp(given, name, length) == 0 && (given[length] == '\0' || given[length] == '_')) return true;
    }
    return false;
}

tnn_status tnn_program_specs(tnn_program_load *load, tnn_error *err) {
    load->used_specs = TNN_NEW_ARRAY(load->scratch, load->options->n_inputs, bool);
    return load->used_specs == NULL ? tnn_fail_nomem(err) : TNN_OK;
}

tnn_status tnn_program_specs_check(const tnn_program_load *load, tnn_error *err) {
    for (size_t i = 0; i < load->options->n_inputs; i++) {
        const char *name = load->options->inputs[i].name;
        if (load->used_specs[i]) continue;
        tnn_strbuf names = {0};
        for (size_t k = 0; k < load->graph->n_inputs; k++) {
            tnn_strbuf_printf(&names, "%s%s", k == 0 ? "" : ", ", load->graph->inputs[k]->name);
        }
        const char *all = names.data == NULL ? "" : names.data;
        tnn_status status = name != NULL ? tnn_fail(err, TNN_ERR_INVALID, load->file,
                                                    "the model has no input \"%s\"; it has: %s", name, all)
                                         : tnn_fail(err, TNN_ERR_INVALID, load->file,
                                                    "sizes are given for more than the %zu inputs: %s",
                                                    load->graph->n_inputs, all);
        tnn_strbuf_free(&names);
        return status;
    }
    return TNN_OK;
}

/* Making tensors. */

static tnn_status spec_shape(const tnn_program_load *load, const char *name, const tnn_example *example,
                             const tnn_input_spec *spec, tnn_dtype *dtype, tnn_shape *shape, tnn_error *err) {
    bool has_example = example->dtype != TNN_DTYPE_NONE;
    tnn_dtype usual = has_example ? example->dtype : TNN_DTYPE_F32;
    *dtype = spec->dtype == TNN_DTYPE_NONE ? usual : spec->dtype;
    if (has_example && spec->rank != example->rank) {
        return tnn_fail(err, TNN_ERR_INVALID, load->file, "input %s has %u dimensions, %u are given", name,
                        example->rank, spec->rank);
    }
    shape->rank = spec->rank;
    for (unsigned i = 0; i < spec->rank; i++) {
        if (spec->dims[i] < 0) {
            return tnn_fail(err, TNN_ERR_INVALID, load->file, "input %s: size %lld is negative", name,
                            (long long)spec->dims[i]);
        }
        shape->dims[i] = tnn_size_const(spec->dims[i]);
    }
    return TNN_OK;
}

static bool same_sizes(const tnn_example *example, const tnn_shape *shape) {
    for (unsigned i = 0; i < shape->rank; i++) {
        if (example->dims[i] != shape->dims[i].hint) return false;
    }
    return example->dtype != TNN_DTYPE_NONE && example->rank == shape->rank;
}

static tnn_status keep_input(tnn_program_load *load, const tnn_obj *obj, tnn_error *err) {
    size_t n = load->graph->n_inputs;
    tnn_obj *grown = tnn_arena_grow(load->scratch, load->inputs, n - 1, &load->cap_inputs, n, sizeof *grown);
    if (grown == NULL) return tnn_fail_nomem(err);
    load->inputs = grown;
    grown[n - 1] = *obj;
    return TNN_OK;
}

tnn_status tnn_program_tensor(tnn_program_load *load, const char *name, const tnn_example *example, tnn_obj *out,
                              tnn_error *err) {
    const tnn_input_spec *spec = find_spec(load, name);
    tnn_shape shape = {.rank = example->rank};
    tnn_dtype dtype = example->dtype;
    tnn_value *value = NULL;
    for (unsigned i = 0; i < shape.rank; i++) shape.dims[i] = tnn_size_const(example->dims[i]);
    if (spec != NULL) TNN_TRY(spec_shape(load, name, example, spec, &dtype, &shape, err));
    if (dtype == TNN_DTYPE_NONE) {
        return tnn_fail(err, TNN_ERR_INVALID, load->file,
                        "the file does not say which shape input \"%s\" has: give it (--input %s=1x3x224x224)", name,
                        name);
    }
    TNN_TRY(tnn_graph_input(&value, load->graph, name, dtype, &shape, err));
    const int64_t *strides = same_sizes(example, &shape) ? example->strides : NULL;
    TNN_TRY(tnn_interp_tensor(load->interp, value, strides, out, err));
    return keep_input(load, out, err);
}

const char *tnn_program_item_name(const tnn_program_load *load, const char *name, size_t index) {
    return tnn_arena_printf(load->model->arena, "%s_%zu", name, index);
}

/* From types. */

static tnn_status tuple_of_types(tnn_program_load *load, const char *name, const tnn_ast *types, tnn_obj *out,
                                 tnn_error *err) {
    size_t n = types->kind == TNN_AST_TUPLE ? types->as.list.n : 1;
    tnn_obj *items = TNN_NEW_ARRAY(load->scratch, n, tnn_obj);
    if (items == NULL) return tnn_fail_nomem(err);
    for (size_t i = 0; i < n; i++) {
        const char *part = tnn_program_item_name(load, name, i);
        if (part == NULL) return tnn_fail_nomem(err);
        const tnn_ast *type = types->kind == TNN_AST_TUPLE ? types->as.list.items[i] : types;
        TNN_TRY(tnn_program_typed(load, part, type, &items[i], err));
    }
    return tnn_obj_list_new(load->interp, TNN_OBJ_TUPLE, items, n, out, err);
}

/* As many items as there are specs for them. */
static tnn_status list_of_type(tnn_program_load *load, const char *name, const tnn_ast *type, tnn_obj *out,
                               tnn_error *err) {
    TNN_TRY(tnn_list_new(load->interp, TNN_OBJ_LIST, 0, out, err));
    for (size_t i = 0; i < load->options->n_inputs; i++) {
        const char *part = tnn_program_item_name(load, name, i);
        tnn_obj item;
        if (part == NULL) return tnn_fail_nomem(err);
        if (!has_spec(load, part)) break;
        TNN_TRY(tnn_program_typed(load, part, type, &item, err));
        TNN_TRY(tnn_list_push(load->interp, out->as.list, item, err));
    }
    return TNN_OK;
}

/* The keys are what the specs' names have behind the argument's: "batch_image". */
static tnn_status dict_of_type(tnn_program_load *load, const char *name, const tnn_ast *types, tnn_obj *out,
                               tnn_error *err) {
    size_t length = strlen(name);
    TNN_TRY(tnn_dict_new(load->interp, out, err));
    if (types->kind != TNN_AST_TUPLE || types->as.list.n != 2) return TNN_OK;
    for (size_t i = 0; i < load->options->n_inputs; i++) {
        const char *given = load->options->inputs[i].name;
        bool ours = given != NULL && strncmp(given, name, length) == 0 && given[length] == '_';
        tnn_obj value;
        if (!ours || load->used_specs[i]) continue;
        const char *whole = tnn_arena_str(load->model->arena, given);
        if (whole == NULL) return tnn_fail_nomem(err);
        TNN_TRY(tnn_program_typed(load, whole, types->as.list.items[1], &value, err));
        TNN_TRY(tnn_dict_set(load->interp, out->as.dict, tnn_obj_string(whole + length + 1), value, err));
    }
    return TNN_OK;
}

static tnn_status from_generic(tnn_program_load *load, const char *name, const char *generic, const tnn_ast *inner,
                               tnn_obj *out, tnn_error *err) {
    *out = tnn_obj_none();
    if (strcmp(generic, "List") == 0) return list_of_type(load, name, inner, out, err);
    if (strcmp(generic, "Tuple") == 0) return tuple_of_types(load, name, inner, out, err);
    if (strcmp(generic, "Dict") == 0) return dict_of_type(load, name, inner, out, err);
    bool optional = strcmp(generic, "Optional") == 0;
    if (optional && !has_spec(load, name)) return TNN_OK;
    if (optional) return tnn_program_typed(load, name, inner, out, err);
    return tnn_fail(err, TNN_ERR_UNSUPPORTED, load->file, "argument \"%s\" is a %.40s, which cannot be an input", name,
                    generic);
}

/* A number of the program is fixed by a spec of one dimension with its name: sr=16000. */
static tnn_status fixed_number(tnn_program_load *load, const char *name, const char *type, tnn_obj *out, bool *done,
                               tnn_error *err) {
    const tnn_input_spec *spec = find_named_spec(load, name);
    *done = spec != NULL && spec->rank == 1;
    if (spec != NULL && !*done) {
        return tnn_fail(err, TNN_ERR_INVALID, load->file, "argument \"%s\" is a %.20s: give one number (--input %s=1)",
                        name, type, name);
    }
    if (!*done) return TNN_OK;
    if (strcmp(type, "float") == 0) *out = tnn_obj_float((double)spec->dims[0]);
    else if (strcmp(type, "bool") == 0) *out = tnn_obj_bool(spec->dims[0] != 0);
    else *out = tnn_obj_int(tnn_size_const(spec->dims[0]));
    return TNN_OK;
}

static bool is_number_type(const tnn_ast *type) {
    if (type == NULL || type->kind != TNN_AST_NAME) return false;
    const char *name = type->as.text;
    return strcmp(name, "int") == 0 || strcmp(name, "float") == 0 || strcmp(name, "bool") == 0;
}

tnn_status tnn_program_typed(tnn_program_load *load, const char *name, const tnn_ast *type, tnn_obj *out,
                             tnn_error *err) {
    const tnn_example none = {.dtype = TNN_DTYPE_NONE};
    bool named = type != NULL && type->kind == TNN_AST_NAME;
    bool is_tensor = type == NULL || (named && strcmp(type->as.text, "Tensor") == 0) ||
                     (type->kind == TNN_AST_ATTRIBUTE && strcmp(type->as.attribute.name, "Tensor") == 0);
    if (is_tensor) return tnn_program_tensor(load, name, &none, out, err);
    bool generic = type->kind == TNN_AST_SUBSCRIPT && type->as.subscript.object->kind == TNN_AST_NAME;
    if (generic)
        return from_generic(load, name, type->as.subscript.object->as.text, type->as.subscript.index, out, err);
    bool done = false;
    if (is_number_type(type)) TNN_TRY(fixed_number(load, name, type->as.text, out, &done, err));
    if (done) return TNN_OK;
    if (is_number_type(type)) {
        return tnn_fail(err, TNN_ERR_INVALID, load->file,
                        "argument \"%s\" is a %.40s without a default: give its value (--input %s=1)", name,
                        type->as.text, name);
    }
    return tnn_fail(err, TNN_ERR_UNSUPPORTED, load->file,
                    "argument \"%s\" is a %.40s and has no default: inputs are tensors", name,
                    named ? type->as.text : "class of the program");
}

/* An argument with a default is left alone unless the user speaks of it; of one that is no tensor by its name. */
bool tnn_program_wants(const tnn_program_load *load, const tnn_param *param) {
    const tnn_ast *type = param->annotation;
    bool plain = type != NULL && type->kind == TNN_AST_NAME && strcmp(type->as.text, "Tensor") != 0;
    if (param->default_value == NULL) return true;
    return plain ? names_spec(load, param->name) : has_spec(load, param->name);
}

