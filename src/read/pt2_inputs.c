/* What the program starts from: its inputs with their sizes, the numbers of symbols, names of parameters. */
#include <string.h>

#include "eval/strides.h"
#include "ir/checked.h"
#include "read/pt2_load.h"

typedef struct user_input {
    const char *name;
    tnn_json meta;
    const tnn_input_spec *spec; /* the user's, or NULL */
    const tnn_listed *sample;   /* the example's, where the program does not say all sizes; or NULL */
} user_input;

typedef struct input_list {
    user_input *items;
    size_t n;
} input_list;

/* Reading the signature. */

static tnn_status add_tensor(tnn_pt2_scope *scope, const tnn_json *name, input_list *list, tnn_error *err) {
    user_input *input = &list->items[list->n];
    TNN_TRY(tnn_json_text(&input->name, name, err));
    TNN_TRY(tnn_json_member(&input->meta, &scope->tensor_values, input->name, err));
    list->n++;
    return TNN_OK;
}

/* {"arg": {"as_tensor": {"name": "x"}}}; numbers and None were fixed when the program was exported. */
static tnn_status add_user_input(tnn_pt2_scope *scope, const tnn_json *value, input_list *list, tnn_error *err) {
    const char *kind = NULL;
    tnn_json arg, inner, name;
    TNN_TRY(tnn_json_member(&arg, value, "arg", err));
    TNN_TRY(tnn_json_union(&kind, &inner, &arg, err));
    if (strcmp(kind, "as_tensor") == 0) {
        TNN_TRY(tnn_json_member(&name, &inner, "name", err));
        return add_tensor(scope, &name, list, err);
    }
    bool fixed = strcmp(kind, "as_none") == 0 || strcmp(kind, "as_int") == 0 || strcmp(kind, "as_float") == 0 ||
                 strcmp(kind, "as_bool") == 0 || strcmp(kind, "as_string") == 0;
    if (fixed) return TNN_OK;
    return tnn_json_fail(&arg, TNN_ERR_UNSUPPORTED, err,
                         "input of kind %.40s is not supported, inputs are tensors: export with that number fixed",
                         kind);
}

/* A parameter is only named here; it is made when a node asks for it. */
static tnn_status name_constant(tnn_pt2_load *load, tnn_pt2_scope *scope, const tnn_json *value, const char *role,
                                const char *path_key, tnn_error *err) {
    tnn_json arg;
    const char *name = NULL, *path = NULL;
    TNN_TRY(tnn_json_member(&arg, value, "arg", err));
    TNN_TRY(tnn_json_member_text(&name, &arg, "name", err));
    TNN_TRY(tnn_json_member_text(&path, value, path_key, err));
    tnn_pt2_binding *binding = TNN_NEW(load->scratch, tnn_pt2_binding);
    if (binding == NULL) return tnn_fail_nomem(err);
    binding->constant = path;
    tnn_state_dict_know(&load->state, path);
    binding->role = role;
    return tnn_strmap_set(&scope->names, name, binding) == TNN_OK ? TNN_OK : tnn_fail_nomem(err);
}

/* {"arg": {"name": …}}: what orders effects, of which there are none here. */
static tnn_status bind_token(tnn_pt2_load *load, tnn_pt2_scope *scope, const tnn_json *value, tnn_error *err) {
    const char *name = NULL;
    tnn_json arg;
    TNN_TRY(tnn_json_member(&arg, value, "arg", err));
    TNN_TRY(tnn_json_member_text(&name, &arg, "name", err));
    return tnn_pt2_bind(load, scope, name, tnn_obj_none(), err);
}

static tnn_status read_spec(tnn_pt2_load *load, tnn_pt2_scope *scope, const tnn_json *spec, input_list *list,
                            tnn_error *err) {
    const char *kind = NULL;
    tnn_json value;
    TNN_TRY(tnn_json_union(&kind, &value, spec, err));
    if (strcmp(kind, "user_input") == 0) return add_user_input(scope, &value, list, err);
    if (strcmp(kind, "parameter") == 0) return name_constant(load, scope, &value, "parameter", "parameter_name", err);
    if (strcmp(kind, "buffer") == 0) return name_constant(load, scope, &value, "buffer", "buffer_name", err);
    if (strcmp(kind, "tensor_constant") == 0) {
        return name_constant(load, scope, &value, "tensor_constant", "tensor_constant_name", err);
    }
    if (strcmp(kind, "token") == 0) return bind_token(load, scope, &value, err);
    if (strcmp(kind, "constant_input") == 0) return TNN_OK;
    return tnn_json_fail(spec, TNN_ERR_UNSUPPORTED, err, "input of kind %.40s is not supported", kind);
}

/* What the user says. */

static user_input *find_input(const input_list *list, const char *name) {
    for (size_t i = 0; i < list->n; i++) {
        if (strcmp(list->items[i].name, name) == 0) return &list->items[i];
    }
    return NULL;
}

static tnn_status no_such_input(const tnn_pt2_load *load, const input_list *list, const char *name, tnn_error *err) {
    tnn_strbuf names = {0};
    for (size_t i = 0; i < list->n; i++) tnn_strbuf_printf(&names, "%s%s", i == 0 ? "" : ", ", list->items[i].name);
    const char *all = names.data == NULL ? "" : names.data;
    tnn_status status =
        name != NULL ? tnn_fail(err, TNN_ERR_INVALID, load->file, "the model has no input \"%s\"; it has: %s", name,
                                all)
                     : tnn_fail(err, TNN_ERR_INVALID, load->file, "sizes are given for more than the %zu inputs: %s",
                                list->n, all);
    tnn_strbuf_free(&names);
    return status;
}

static tnn_status match_specs(tnn_pt2_load *load, const input_list *list, tnn_error *err) {
    size_t next = 0;
    for (size_t i = 0; i < load->options->n_inputs; i++) {
        const tnn_input_spec *spec = &load->options->inputs[i];
        user_input *input = spec->name != NULL ? find_input(list, spec->name)
                                               : next < list->n ? &list->items[next++] : NULL;
        if (input == NULL) return no_such_input(load, list, spec->name, err);
        if (input->spec != NULL) {
            return tnn_fail(err, TNN_ERR_INVALID, load->file, "sizes of input %s are given twice", input->name);
        }
        input->spec = spec;
    }
    return TNN_OK;
}

static tnn_status check_spec(const tnn_pt2_load *load, const user_input *input, tnn_dtype dtype, size_t rank,
                             tnn_error *err) {
    const tnn_input_spec *spec = input->spec;
    if (spec->rank != rank) {
        return tnn_fail(err, TNN_ERR_INVALID, load->file, "input %s has %zu dimensions, %u are given", input->name,
                        rank, spec->rank);
    }
    if (spec->dtype != TNN_DTYPE_NONE && spec->dtype != dtype) {
        return tnn_fail(err, TNN_ERR_INVALID, load->file, "input %s is %s, %s is given: the type cannot be changed",
                        input->name, tnn_dtype_name(dtype), tnn_dtype_name(spec->dtype));
    }
    for (size_t i = 0; i < rank; i++) {
        if (spec->dims[i] >= 0) continue;
        return tnn_fail(err, TNN_ERR_INVALID, load->file, "input %s: size %lld is negative", input->name,
                        (long long)spec->dims[i]);
    }
    return TNN_OK;
}

/* Numbers of the symbols. */

/* The number dimension `index` has: the user's, or the example's. */
static tnn_status dim_number(const user_input *input, size_t index, const tnn_json *size, const char **text,
                             bool *known, int64_t *number, tnn_error *err) {
    TNN_TRY(tnn_sym_int_read(size, text, known, number, err));
    if (!*known && input->sample != NULL && index < input->sample->rank) {
        *known = true;
        *number = input->sample->dims[index];
    }
    if (input->spec == NULL || index >= input->spec->rank) return TNN_OK;
    *known = true;
    *number = input->spec->dims[index];
    return TNN_OK;
}

/* A dimension that is one symbol gives it its number. The user's number counts before the example's. */
static tnn_status number_symbol(tnn_pt2_load *load, const user_input *input, const char *text, int64_t number,
                                tnn_error *err) {
    size_t length = 0;
    const char *begin = tnn_srepr_symbol(text, &length);
    if (begin == NULL) return tnn_symbols_solve(&load->symbols, text, number, err);
    const char *name = tnn_arena_strn(load->scratch, begin, length);
    if (name == NULL) return tnn_fail_nomem(err);
    const int64_t *known = tnn_symbols_hint(&load->symbols, name);
    if (known == NULL && number >= 1) return tnn_symbols_set(&load->symbols, name, number, err);
    if (known == NULL) {
        return tnn_fail(err, input->spec == NULL ? TNN_ERR_MALFORMED : TNN_ERR_INVALID, load->file,
                        "input %s: size %s is %lld, a size that may vary is at least 1", input->name, name,
                        (long long)number);
    }
    if (*known == number || input->spec == NULL) return TNN_OK;
    return tnn_fail(err, TNN_ERR_INVALID, load->file, "input %s: size %s is %lld here and %lld elsewhere", input->name,
                    name, (long long)number, (long long)*known);
}

/* The dimensions of one input: `plain` those that are one symbol, otherwise the others. */
static tnn_status number_input(tnn_pt2_load *load, const user_input *input, bool plain, tnn_error *err) {
    tnn_json sizes;
    size_t rank = 0, length = 0;
    TNN_TRY(tnn_json_member(&sizes, &input->meta, "sizes", err));
    TNN_TRY(tnn_json_count(&rank, &sizes, err));
    for (size_t i = 0; i < rank; i++) {
        tnn_json size = tnn_json_item(&sizes, i);
        const char *text = NULL;
        bool known = false;
        int64_t number = 0;
        TNN_TRY(dim_number(input, i, &size, &text, &known, &number, err));
        if (text == NULL || !known || plain != (tnn_srepr_symbol(text, &length) != NULL)) continue;
        TNN_TRY(number_symbol(load, input, text, number, err));
    }
    return TNN_OK;
}

/* Does the program leave out a size of this input? */
static tnn_status lacks_number(const user_input *input, bool *out, tnn_error *err) {
    tnn_json sizes;
    size_t rank = 0;
    *out = false;
    TNN_TRY(tnn_json_member(&sizes, &input->meta, "sizes", err));
    TNN_TRY(tnn_json_count(&rank, &sizes, err));
    for (size_t i = 0; i < rank && !*out; i++) {
        tnn_json size = tnn_json_item(&sizes, i);
        const char *text = NULL;
        bool known = false;
        int64_t number = 0;
        TNN_TRY(tnn_sym_int_read(&size, &text, &known, &number, err));
        *out = !known;
    }
    return TNN_OK;
}

/* Give the inputs their examples when one of them needs it. */
static tnn_status match_samples(tnn_pt2_load *load, input_list *list, tnn_error *err) {
    tnn_listing samples;
    bool lacks = false;
    for (size_t i = 0; i < list->n && !lacks; i++) TNN_TRY(lacks_number(&list->items[i], &lacks, err));
    if (!lacks) return TNN_OK;
    TNN_TRY(tnn_pt2_samples(load, &samples, err));
    if (samples.n_tensors != list->n) return TNN_OK;
    for (size_t i = 0; i < list->n; i++) list->items[i].sample = &samples.tensors[i];
    return TNN_OK;
}

/* The user's numbers first, then the example's; plain symbols before expressions of them. */
static tnn_status number_symbols(tnn_pt2_load *load, const input_list *list, tnn_error *err) {
    for (int round = 0; round < 4; round++) {
        bool plain = round < 2, by_user = round % 2 == 0;
        for (size_t i = 0; i < list->n; i++) {
            if ((list->items[i].spec != NULL) != by_user) continue;
            TNN_TRY(number_input(load, &list->items[i], plain, err));
        }
    }
    return TNN_OK;
}

/* The file leaves a number out when its program was exported without an example of that size. */
static tnn_status require_numbers(tnn_pt2_load *load, const user_input *input, tnn_error *err) {
    tnn_json sizes;
    size_t rank = 0;
    TNN_TRY(tnn_json_member(&sizes, &input->meta, "sizes", err));
    TNN_TRY(tnn_json_count(&rank, &sizes, err));
    for (size_t i = 0; i < rank; i++) {
        tnn_json size = tnn_json_item(&sizes, i);
        tnn_size number;
        load->symbols.missing = NULL;
        tnn_status status = tnn_symbols_size(&load->symbols, &size, &number, err);
        if (status == TNN_OK) continue;
        if (load->symbols.missing == NULL) return status;
        return tnn_fail(err, TNN_ERR_UNSUPPORTED, load->file,
                        "input %s: the file has no example for size %s; give the sizes of this input", input->name,
                        load->symbols.missing);
    }
    return TNN_OK;
}

static tnn_status check_range(tnn_pt2_load *load, const tnn_json *ranges, const char *name, int64_t hint,
                              tnn_error *err) {
    tnn_json range = tnn_json_optional(ranges, name);
    tnn_json low = tnn_json_optional(&range, "min_val"), high = tnn_json_optional(&range, "max_val");
    int64_t min = INT64_MIN, max = INT64_MAX;
    if (low.value != NULL) TNN_TRY(tnn_json_int(&min, &low, err));
    if (high.value != NULL) TNN_TRY(tnn_json_int(&max, &high, err));
    if (hint >= min && hint <= max) return TNN_OK;
    return tnn_fail(err, load->overridden ? TNN_ERR_INVALID : TNN_ERR_MALFORMED, load->file,
                    "size %s is %lld, the program was exported for %lld to %lld", name, (long long)hint,
                    (long long)min, (long long)max);
}

static tnn_status check_ranges(tnn_pt2_load *load, tnn_error *err) {
    tnn_json ranges = tnn_json_optional(&load->pt2->program, "range_constraints");
    for (size_t i = 0; i < load->symbols.hints.n_entries; i++) {
        const tnn_strmap_entry *entry = &load->symbols.hints.entries[i];
        TNN_TRY(check_range(load, &ranges, entry->key, *(const int64_t *)entry->value, err));
    }
    return TNN_OK;
}

/* Making the inputs. */

/* Dense strides for new sizes, the dimensions in the order that the old strides have. */
static void restride(const tnn_shape *shape, int64_t *strides) {
    bool done[TNN_MAX_RANK] = {false};
    int64_t next = 1, fresh[TNN_MAX_RANK];
    for (unsigned k = 0; k < shape->rank; k++) {
        int least = -1;
        for (int i = shape->rank - 1; i >= 0; i--) {
            if (!done[i] && (least < 0 || strides[i] < strides[least])) least = i;
        }
        done[least] = true;
        fresh[least] = next;
        int64_t size = shape->dims[least].hint > 0 ? shape->dims[least].hint : 1;
        if (!tnn_mul_i64(next, size, &next)) next = INT64_MAX;
    }
    memcpy(strides, fresh, shape->rank * sizeof *strides);
}

/* The user's sizes instead of the file's; a size that is an expression must come to the same. */
static tnn_status apply_spec(tnn_pt2_load *load, const user_input *input, tnn_pt2_meta *meta, tnn_error *err) {
    bool changed = false;
    for (unsigned i = 0; i < meta->shape.rank; i++) {
        tnn_size *dim = &meta->shape.dims[i];
        int64_t given = input->spec->dims[i];
        if (dim->hint == given) continue;
        if (dim->expr != NULL) {
            return tnn_fail(err, TNN_ERR_INVALID, load->file,
                            "input %s: dimension %u is %lld by the other sizes, %lld is given", input->name, i,
                            (long long)dim->hint, (long long)given);
        }
        *dim = tnn_size_const(given);
        changed = true;
    }
    if (changed) restride(&meta->shape, meta->strides);
    return TNN_OK;
}

static tnn_status make_input(tnn_pt2_load *load, tnn_pt2_scope *scope, const user_input *input, tnn_error *err) {
    tnn_pt2_meta meta;
    tnn_value *value = NULL;
    tnn_obj obj;
    TNN_TRY(tnn_pt2_meta_read(&meta, &load->symbols, &input->meta, err));
    if (input->spec != NULL) TNN_TRY(apply_spec(load, input, &meta, err));
    TNN_TRY(tnn_graph_input(&value, load->graph, input->name, meta.dtype, &meta.shape, err));
    bool plain = tnn_strides_are_contiguous(&meta.shape, meta.strides);
    TNN_TRY(tnn_interp_tensor(load->interp, value, plain ? NULL : meta.strides, &obj, err));
    return tnn_pt2_bind(load, scope, input->name, obj, err);
}

/* Ranks before symbols are numbered, so that a spec never runs over. */
static tnn_status check_specs(const tnn_pt2_load *load, const input_list *list, tnn_error *err) {
    for (size_t i = 0; i < list->n; i++) {
        tnn_json sizes, code;
        tnn_dtype dtype = TNN_DTYPE_NONE;
        size_t rank = 0;
        if (list->items[i].spec == NULL) continue;
        TNN_TRY(tnn_json_member(&code, &list->items[i].meta, "dtype", err));
        TNN_TRY(tnn_pt2_dtype(&dtype, &code, err));
        TNN_TRY(tnn_json_member(&sizes, &list->items[i].meta, "sizes", err));
        TNN_TRY(tnn_json_count(&rank, &sizes, err));
        TNN_TRY(check_spec(load, &list->items[i], dtype, rank, err));
    }
    return TNN_OK;
}

tnn_status tnn_pt2_inputs(tnn_pt2_load *load, tnn_pt2_scope *scope, const tnn_json *signature, tnn_error *err) {
    tnn_json specs;
    input_list list = {NULL, 0};
    size_t n = 0;
    TNN_TRY(tnn_json_member(&specs, signature, "input_specs", err));
    TNN_TRY(tnn_json_count(&n, &specs, err));
    list.items = TNN_NEW_ARRAY(load->scratch, n, user_input);
    if (list.items == NULL) return tnn_fail_nomem(err);
    for (size_t i = 0; i < n; i++) {
        tnn_json spec = tnn_json_item(&specs, i);
        TNN_TRY(read_spec(load, scope, &spec, &list, err));
    }
    TNN_TRY(match_specs(load, &list, err));
    TNN_TRY(check_specs(load, &list, err));
    TNN_TRY(match_samples(load, &list, err));
    TNN_TRY(number_symbols(load, &list, err));
    TNN_TRY(check_ranges(load, err));
    for (size_t i = 0; i < list.n; i++) TNN_TRY(require_numbers(load, &list.items[i], err));
    for (size_t i = 0; i < list.n; i++) TNN_TRY(make_input(load, scope, &list.items[i], err));
    return TNN_OK;
}
