/* Arguments of nodes. */
#include <assert.h>
#include <string.h>

#include "ir/graph.h"

int64_t tnn_arg_int(const tnn_arg *arg) {
    if (arg->kind == TNN_ARG_INT) return arg->as.size.hint;
    assert(arg->kind == TNN_ARG_BOOL || arg->kind == TNN_ARG_DTYPE || arg->kind == TNN_ARG_MEMORY_FORMAT);
    return arg->as.integer;
}

double tnn_arg_number(const tnn_arg *arg) {
    return arg->kind == TNN_ARG_FLOAT ? arg->as.number : (double)tnn_arg_int(arg);
}

bool tnn_arg_bool(const tnn_arg *arg) {
    return tnn_arg_int(arg) != 0;
}

tnn_value *tnn_arg_tensor(const tnn_arg *arg) {
    assert(arg->kind == TNN_ARG_TENSOR || arg->kind == TNN_ARG_NONE);
    return arg->kind == TNN_ARG_TENSOR ? arg->as.tensor : NULL;
}

tnn_arg tnn_arg_none(void) {
    return (tnn_arg){.kind = TNN_ARG_NONE};
}

tnn_arg tnn_arg_of_tensor(tnn_value *value) {
    return value ? (tnn_arg){.kind = TNN_ARG_TENSOR, .as.tensor = value} : tnn_arg_none();
}

tnn_arg tnn_arg_of_tensors(tnn_value **values, size_t n) {
    return (tnn_arg){.kind = TNN_ARG_TENSORS, .n = (uint32_t)n, .as.tensors = values};
}

tnn_arg tnn_arg_of_int(int64_t value) {
    return tnn_arg_of_size(tnn_size_const(value));
}

tnn_arg tnn_arg_of_size(tnn_size size) {
    return (tnn_arg){.kind = TNN_ARG_INT, .as.size = size};
}

tnn_arg tnn_arg_of_sizes(tnn_size *sizes, size_t n) {
    return (tnn_arg){.kind = TNN_ARG_INTS, .n = (uint32_t)n, .as.sizes = sizes};
}

tnn_arg tnn_arg_of_float(double value) {
    return (tnn_arg){.kind = TNN_ARG_FLOAT, .as.number = value};
}

tnn_arg tnn_arg_of_bool(bool value) {
    return (tnn_arg){.kind = TNN_ARG_BOOL, .as.integer = value};
}

tnn_arg tnn_arg_of_string(const char *text) {
    return (tnn_arg){.kind = TNN_ARG_STRING, .as.text = text};
}

tnn_arg tnn_arg_of_dtype(tnn_dtype dtype) {
    return (tnn_arg){.kind = TNN_ARG_DTYPE, .as.integer = dtype};
}

static bool tensors_fit(const tnn_arg *arg, const tnn_schema_type *type) {
    if (type->base != TNN_TYPE_TENSOR) return arg->n == 0;
    for (uint32_t i = 0; i < arg->n; i++) {
        if (!arg->as.tensors[i] && !type->item_optional) return false;
    }
    return true;
}

static bool list_fits(const tnn_arg *arg, const tnn_schema_type *type) {
    switch (arg->kind) {
    case TNN_ARG_TENSORS:
        return tensors_fit(arg, type);
    case TNN_ARG_INTS:
        return arg->n == 0 || type->base == TNN_TYPE_INT || type->base == TNN_TYPE_SCALAR;
    case TNN_ARG_FLOATS:
        return arg->n == 0 || type->base == TNN_TYPE_FLOAT || type->base == TNN_TYPE_SCALAR;
    case TNN_ARG_BOOLS:
        return arg->n == 0 || type->base == TNN_TYPE_BOOL;
    case TNN_ARG_STRINGS:
        return arg->n == 0 || type->base == TNN_TYPE_STRING;
    case TNN_ARG_NONE:
    case TNN_ARG_TENSOR:
    case TNN_ARG_INT:
    case TNN_ARG_FLOAT:
    case TNN_ARG_BOOL:
    case TNN_ARG_STRING:
    case TNN_ARG_DTYPE:
    case TNN_ARG_MEMORY_FORMAT:
    case TNN_ARG_GRAPH:
        break;
    }
    return false;
}

static bool is_number(const tnn_arg *arg) {
    return arg->kind == TNN_ARG_INT || arg->kind == TNN_ARG_FLOAT || arg->kind == TNN_ARG_BOOL;
}

static bool item_fits(const tnn_arg *arg, const tnn_schema_type *type) {
    bool tensor = arg->kind == TNN_ARG_TENSOR && arg->as.tensor != NULL;
    switch (type->base) {
    case TNN_TYPE_TENSOR:
        return tensor;
    case TNN_TYPE_OPERAND:
        return tensor || is_number(arg);
    case TNN_TYPE_INT:
        return arg->kind == TNN_ARG_INT;
    case TNN_TYPE_FLOAT: /* as in PyTorch, an int will do */
        return arg->kind == TNN_ARG_FLOAT || arg->kind == TNN_ARG_INT;
    case TNN_TYPE_BOOL:
        return arg->kind == TNN_ARG_BOOL;
    case TNN_TYPE_SCALAR:
        return is_number(arg);
    case TNN_TYPE_STRING:
        return arg->kind == TNN_ARG_STRING;
    case TNN_TYPE_DTYPE:
        return arg->kind == TNN_ARG_DTYPE;
    case TNN_TYPE_MEMORY_FORMAT:
        return arg->kind == TNN_ARG_MEMORY_FORMAT;
    case TNN_TYPE_GRAPH:
        return arg->kind == TNN_ARG_GRAPH;
    case TNN_TYPE_ANY:
        return true;
    }
    return false;
}

bool tnn_arg_fits(const tnn_arg *arg, const tnn_schema_type *type) {
    if (type->base == TNN_TYPE_ANY) return true;
    if (arg->kind == TNN_ARG_NONE) return type->optional;
    return type->list ? list_fits(arg, type) : item_fits(arg, type);
}

static bool sizes_equal(const tnn_arg *a, const tnn_arg *b) {
    for (uint32_t i = 0; i < a->n; i++) {
        if (!tnn_size_same(a->as.sizes[i], b->as.sizes[i])) return false;
    }
    return true;
}

static bool texts_equal(const tnn_arg *a, const tnn_arg *b) {
    for (uint32_t i = 0; i < a->n; i++) {
        if (strcmp(a->as.texts[i], b->as.texts[i]) != 0) return false;
    }
    return true;
}

/* By bits, so that a NaN equals itself. */
static bool numbers_equal(const double *a, const double *b, size_t n) {
    return n == 0 || memcmp(a, b, n * sizeof *a) == 0;
}

bool tnn_arg_equal(const tnn_arg *a, const tnn_arg *b) {
    if (a->kind != b->kind || a->n != b->n) return false;
    switch (a->kind) {
    case TNN_ARG_NONE:
        return true;
    case TNN_ARG_TENSOR:
        return a->as.tensor == b->as.tensor;
    case TNN_ARG_TENSORS:
        return a->n == 0 || memcmp(a->as.tensors, b->as.tensors, a->n * sizeof *a->as.tensors) == 0;
    case TNN_ARG_INT:
        return tnn_size_same(a->as.size, b->as.size);
    case TNN_ARG_FLOAT:
        return numbers_equal(&a->as.number, &b->as.number, 1);
    case TNN_ARG_INTS:
        return sizes_equal(a, b);
    case TNN_ARG_FLOATS:
        return numbers_equal(a->as.numbers, b->as.numbers, a->n);
    case TNN_ARG_BOOLS:
        return a->n == 0 || memcmp(a->as.bools, b->as.bools, a->n) == 0;
    case TNN_ARG_STRING:
        return strcmp(a->as.text, b->as.text) == 0;
    case TNN_ARG_STRINGS:
        return texts_equal(a, b);
    case TNN_ARG_BOOL:
    case TNN_ARG_DTYPE:
    case TNN_ARG_MEMORY_FORMAT:
        return a->as.integer == b->as.integer;
    case TNN_ARG_GRAPH:
        return a->as.graph == b->as.graph;
    }
    return false;
}
