/* Tensors in a pickle of torch.save. */
#include <string.h>

#include "read/saved.h"

static const char *const tensor_calls[] = {
    "torch._utils._rebuild_tensor_v2",
    "torch._utils._rebuild_tensor_v3",
    "torch._utils._rebuild_tensor",
    "torch._utils._rebuild_qtensor",
};

static const char *const parameter_calls[] = {
    "torch._utils._rebuild_parameter",
    "torch._utils._rebuild_parameter_with_state",
};

enum { N_TENSOR_CALLS = sizeof tensor_calls / sizeof *tensor_calls,
       N_PARAMETER_CALLS = sizeof parameter_calls / sizeof *parameter_calls };

static bool calls_one(const tnn_pickle *object, const char *const *globals, size_t n) {
    for (size_t i = 0; i < n; i++) {
        if (tnn_pickle_calls(object, globals[i])) return true;
    }
    return false;
}

static const tnn_pickle *argument(const tnn_pickle *call, size_t index) {
    const tnn_pickle *args = call->args;
    return args->kind == TNN_PICKLE_TUPLE && index < args->n_items ? args->items[index] : NULL;
}

bool tnn_saved_is_tensor(const tnn_pickle *object) {
    return calls_one(object, tensor_calls, N_TENSOR_CALLS) || calls_one(object, parameter_calls, N_PARAMETER_CALLS);
}

static tnn_status malformed(const char *where, const char *what, tnn_error *err) {
    return tnn_fail(err, TNN_ERR_MALFORMED, where, "tensor in the pickle: %s", what);
}

typedef struct storage_type {
    const char *storage, *elements;
} storage_type;

static const storage_type storage_types[] = {
    {"FloatStorage", "float32"},    {"DoubleStorage", "float64"},  {"HalfStorage", "float16"},
    {"BFloat16Storage", "bfloat16"}, {"LongStorage", "int64"},     {"IntStorage", "int32"},
    {"ShortStorage", "int16"},      {"CharStorage", "int8"},       {"ByteStorage", "uint8"},
    {"BoolStorage", "bool"},        {"ComplexFloatStorage", "complex64"}, {"ComplexDoubleStorage", "complex128"},
    {"QInt8Storage", "qint8"},      {"QUInt8Storage", "quint8"},   {"QInt32Storage", "qint32"},
};

/* "torch.FloatStorage", "torch.storage.FloatStorage", "torch.float32": the element type that the last part names. */
static const char *element_type(const char *global) {
    const char *dot = strrchr(global, '.');
    const char *name = dot == NULL ? global : dot + 1;
    for (size_t i = 0; i < sizeof storage_types / sizeof *storage_types; i++) {
        if (strcmp(storage_types[i].storage, name) == 0) return storage_types[i].elements;
    }
    return name;
}

/* ('storage', type, key, location, n_elems); `dtype` is the argument of a tensor over an untyped storage, or NULL. */
static tnn_status read_storage(tnn_saved_tensor *out, const tnn_pickle *storage, const tnn_pickle *dtype,
                               const char *where, tnn_error *err) {
    const tnn_pickle *id = storage != NULL && storage->kind == TNN_PICKLE_PERSISTENT ? storage->args : NULL;
    bool fits = id != NULL && id->kind == TNN_PICKLE_TUPLE && id->n_items >= 5 &&
                id->items[0]->kind == TNN_PICKLE_STRING && strcmp(id->items[0]->text, "storage") == 0 &&
                id->items[1]->kind == TNN_PICKLE_GLOBAL && id->items[2]->kind == TNN_PICKLE_STRING;
    if (!fits) return malformed(where, "its storage is not ('storage', type, key, location, count)", err);
    bool named = dtype != NULL && dtype->kind == TNN_PICKLE_GLOBAL;
    out->storage = id->items[2]->text;
    out->type = element_type(named ? dtype->text : id->items[1]->text);
    out->dtype = tnn_dtype_from_name(out->type);
    return TNN_OK;
}

/* A tuple, list or torch.Size of integers that are not negative. */
static tnn_status read_numbers(int64_t *out, size_t *n, const tnn_pickle *list, const char *where, tnn_error *err) {
    if (list != NULL && tnn_pickle_calls(list, "torch.Size")) list = argument(list, 0);
    bool fits = list != NULL && (list->kind == TNN_PICKLE_TUPLE || list->kind == TNN_PICKLE_LIST);
    if (!fits) return malformed(where, "its sizes or strides are no tuple", err);
    if (list->n_items > TNN_MAX_RANK) {
        return tnn_fail(err, TNN_ERR_UNSUPPORTED, where, "tensor has %zu dimensions, at most %d are supported",
                        list->n_items, TNN_MAX_RANK);
    }
    *n = list->n_items;
    for (size_t i = 0; i < list->n_items; i++) {
        const tnn_pickle *item = list->items[i];
        if (item->kind != TNN_PICKLE_INT || item->integer < 0) return malformed(where, "a size is no number", err);
        out[i] = item->integer;
    }
    return TNN_OK;
}

static tnn_status read_window(tnn_saved_tensor *out, const tnn_pickle *call, const char *where, tnn_error *err) {
    const tnn_pickle *offset = argument(call, 1);
    const tnn_pickle *dtype = tnn_pickle_calls(call, tensor_calls[1]) ? argument(call, 6) : NULL;
    size_t n_dims = 0, n_strides = 0;
    TNN_TRY(read_storage(out, argument(call, 0), dtype, where, err));
    if (offset == NULL || offset->kind != TNN_PICKLE_INT || offset->integer < 0) {
        return malformed(where, "its offset is no number", err);
    }
    out->offset = offset->integer;
    TNN_TRY(read_numbers(out->dims, &n_dims, argument(call, 2), where, err));
    TNN_TRY(read_numbers(out->strides, &n_strides, argument(call, 3), where, err));
    if (n_dims != n_strides) return malformed(where, "sizes and strides differ in number", err);
    out->rank = (uint8_t)n_dims;
    return TNN_OK;
}

tnn_status tnn_saved_tensor_read(tnn_saved_tensor *out, const tnn_pickle *object, const char *where, tnn_error *err) {
    memset(out, 0, sizeof *out);
    out->is_parameter = calls_one(object, parameter_calls, N_PARAMETER_CALLS);
    if (out->is_parameter) object = argument(object, 0);
    bool fits = object != NULL && calls_one(object, tensor_calls, N_TENSOR_CALLS);
    if (!fits) return malformed(where, "a parameter without a tensor", err);
    return read_window(out, object, where, err);
}
