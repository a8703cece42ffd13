/* Arguments of a program's nodes to objects of the evaluator. */
#include <string.h>

#include "read/pt2_load.h"

typedef tnn_status argument_fn(tnn_pt2_load *load, tnn_pt2_scope *scope, const tnn_json *value, tnn_obj *out,
                               tnn_error *err);

static tnn_status read_none(tnn_pt2_load *load, tnn_pt2_scope *scope, const tnn_json *value, tnn_obj *out,
                            tnn_error *err) {
    (void)load, (void)scope, (void)value, (void)err;
    *out = tnn_obj_none();
    return TNN_OK;
}

static tnn_status read_int(tnn_pt2_load *load, tnn_pt2_scope *scope, const tnn_json *value, tnn_obj *out,
                           tnn_error *err) {
    (void)load, (void)scope;
    int64_t number = 0;
    TNN_TRY(tnn_json_int(&number, value, err));
    *out = tnn_obj_int(tnn_size_const(number));
    return TNN_OK;
}

static tnn_status read_float(tnn_pt2_load *load, tnn_pt2_scope *scope, const tnn_json *value, tnn_obj *out,
                             tnn_error *err) {
    (void)load, (void)scope;
    double number = 0;
    TNN_TRY(tnn_json_number(&number, value, err));
    *out = tnn_obj_float(number);
    return TNN_OK;
}

static tnn_status read_bool(tnn_pt2_load *load, tnn_pt2_scope *scope, const tnn_json *value, tnn_obj *out,
                            tnn_error *err) {
    (void)load, (void)scope;
    bool boolean = false;
    TNN_TRY(tnn_json_bool(&boolean, value, err));
    *out = tnn_obj_bool(boolean);
    return TNN_OK;
}

static tnn_status read_string(tnn_pt2_load *load, tnn_pt2_scope *scope, const tnn_json *value, tnn_obj *out,
                              tnn_error *err) {
    (void)scope;
    const char *text = NULL;
    TNN_TRY(tnn_json_text(&text, value, err));
    text = tnn_arena_str(load->model->arena, text);
    if (text == NULL) return tnn_fail_nomem(err);
    *out = tnn_obj_string(text);
    return TNN_OK;
}

static tnn_status read_dtype(tnn_pt2_load *load, tnn_pt2_scope *scope, const tnn_json *value, tnn_obj *out,
                             tnn_error *err) {
    (void)load, (void)scope;
    tnn_dtype dtype = TNN_DTYPE_NONE;
    TNN_TRY(tnn_pt2_dtype(&dtype, value, err));
    *out = tnn_obj_dtype(dtype);
    return TNN_OK;
}

static tnn_status read_memory_format(tnn_pt2_load *load, tnn_pt2_scope *scope, const tnn_json *value, tnn_obj *out,
                                     tnn_error *err) {
    (void)load, (void)scope;
    static const tnn_memory_format formats[5] = {TNN_MEMORY_CONTIGUOUS, TNN_MEMORY_CONTIGUOUS,
                                                 TNN_MEMORY_CHANNELS_LAST, TNN_MEMORY_CHANNELS_LAST_3D,
                                                 TNN_MEMORY_PRESERVE};
    static const char *const names[5] = {"", "ContiguousFormat", "ChannelsLast", "ChannelsLast3d", "PreserveFormat"};
    int64_t code = 0;
    for (int i = 1; i < 5; i++) {
        if (tnn_pt2_enum_is(value, names[i])) code = i;
    }
    if (code == 0) TNN_TRY(tnn_json_int(&code, value, err));
    if (code < 1 || code > 4) {
        return tnn_json_fail(value, TNN_ERR_MALFORMED, err, "%lld is no memory format", (long long)code);
    }
    *out = tnn_obj_memory_format(formats[code]);
    return TNN_OK;
}

/* {"name": "conv2d"} */
static tnn_status read_tensor(tnn_pt2_load *load, tnn_pt2_scope *scope, const tnn_json *value, tnn_obj *out,
                              tnn_error *err) {
    tnn_json name;
    TNN_TRY(tnn_json_member(&name, value, "name", err));
    return tnn_pt2_lookup(load, scope, &name, out, err);
}

/* {"as_name": "sym_size_int"}, or a number under as_int, as_float, as_bool. */
static tnn_status read_symbolic(tnn_pt2_load *load, tnn_pt2_scope *scope, const tnn_json *value, tnn_obj *out,
                                tnn_error *err) {
    const char *kind = NULL;
    tnn_json inner;
    TNN_TRY(tnn_json_union(&kind, &inner, value, err));
    if (strcmp(kind, "as_name") == 0) return tnn_pt2_lookup(load, scope, &inner, out, err);
    return tnn_pt2_argument(load, scope, value, out, err);
}

static tnn_status read_list(tnn_pt2_load *load, tnn_pt2_scope *scope, const tnn_json *value, argument_fn *read_item,
                            tnn_obj *out, tnn_error *err) {
    size_t n = 0;
    TNN_TRY(tnn_json_count(&n, value, err));
    tnn_obj *items = TNN_NEW_ARRAY(load->scratch, n, tnn_obj);
    if (items == NULL) return tnn_fail_nomem(err);
    for (size_t i = 0; i < n; i++) {
        tnn_json item = tnn_json_item(value, i);
        TNN_TRY(read_item(load, scope, &item, &items[i], err));
    }
    return tnn_obj_list_new(load->interp, TNN_OBJ_LIST, items, n, out, err);
}

static tnn_status read_ints(tnn_pt2_load *load, tnn_pt2_scope *scope, const tnn_json *value, tnn_obj *out,
                            tnn_error *err) {
    return read_list(load, scope, value, read_int, out, err);
}

typedef struct argument_kind {
    const char *name;
    argument_fn *read;
    bool list;         /* of what `read` reads */
} argument_kind;

static const argument_kind kinds[] = {
    {"as_tensor", read_tensor, false},
    {"as_int", read_int, false},
    {"as_ints", read_int, true},
    {"as_none", read_none, false},
    {"as_float", read_float, false},
    {"as_bool", read_bool, false},
    {"as_tensors", read_tensor, true},
    {"as_sym_int", read_symbolic, false},
    {"as_sym_ints", read_symbolic, true},
    {"as_scalar_type", read_dtype, false},
    {"as_memory_format", read_memory_format, false},
    {"as_layout", read_none, false},
    {"as_device", read_none, false},
    {"as_string", read_string, false},
    {"as_strings", read_string, true},
    {"as_floats", read_float, true},
    {"as_bools", read_bool, true},
    {"as_sym_bool", read_symbolic, false},
    {"as_sym_bools", read_symbolic, true},
    {"as_sym_float", read_symbolic, false},
    {"as_sym_floats", read_symbolic, true},
    {"as_optional_tensor", tnn_pt2_argument, false},
    {"as_optional_tensors", tnn_pt2_argument, true},
    {"as_int_lists", read_ints, true},
};

tnn_status tnn_pt2_argument(tnn_pt2_load *load, tnn_pt2_scope *scope, const tnn_json *arg, tnn_obj *out,
                            tnn_error *err) {
    const char *kind = NULL;
    tnn_json value;
    TNN_TRY(tnn_json_union(&kind, &value, arg, err));
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (strcmp(kinds[i].name, kind) != 0) continue;
        return kinds[i].list ? read_list(load, scope, &value, kinds[i].read, out, err)
                             : kinds[i].read(load, scope, &value, out, err);
    }
    return tnn_json_fail(arg, TNN_ERR_UNSUPPORTED, err, "argument of kind %.40s is not supported", kind);
}
