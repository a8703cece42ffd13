#include "codegen/literal.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ir/elems.h"
#include "ir/recipe.h"

static bool reads_back(const char *text, double number, bool single) {
    double read = strtod(text, NULL);
    return single ? (float)read == (float)number : read == number;
}

void tnn_literal_number(tnn_strbuf *out, double number, bool single) {
    char text[40];
    if (isnan(number) || isinf(number)) {
        tnn_strbuf_printf(out, "float(\"%s\")", isnan(number) ? "nan" : number > 0 ? "inf" : "-inf");
        return;
    }
    for (int digits = 1; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, number);
        if (reads_back(text, number, single)) break;
    }
    char *exponent = strstr(text, "e+");
    if (exponent && atoi(exponent + 2) < 16) snprintf(text, sizeof text, "%.1f", number);
    else if (exponent) memmove(exponent + 1, exponent + 2, strlen(exponent + 2) + 1);
    tnn_strbuf_add(out, text);
    if (!strpbrk(text, ".e")) tnn_strbuf_add(out, ".0");
}

/* Python's formatters put spaces around these. */
void tnn_literal_size(tnn_strbuf *out, tnn_size size) {
    tnn_strbuf text = {0};
    tnn_size_print(&text, size);
    for (const char *c = text.data ? text.data : ""; *c; c++) {
        if (c[0] == '/' && c[1] == '/') {
            tnn_strbuf_add(out, " // ");
            c++;
        } else if (*c == '*') tnn_strbuf_add(out, " * ");
        else tnn_strbuf_addn(out, c, 1);
    }
    out->failed = out->failed || text.failed;
    tnn_strbuf_free(&text);
}

static void add_memory_format(tnn_strbuf *out, tnn_memory_format format) {
    static const char *const names[] = {
        [TNN_MEMORY_CONTIGUOUS] = "contiguous_format", [TNN_MEMORY_PRESERVE] = "preserve_format",
        [TNN_MEMORY_CHANNELS_LAST] = "channels_last", [TNN_MEMORY_CHANNELS_LAST_3D] = "channels_last_3d"};
    tnn_strbuf_printf(out, "torch.%s", names[format]);
}

/* Item `k` of a list. */
static void add_item(tnn_strbuf *out, const tnn_arg *arg, uint32_t k) {
    if (arg->kind == TNN_ARG_INTS) tnn_literal_size(out, arg->as.sizes[k]);
    else if (arg->kind == TNN_ARG_FLOATS) tnn_literal_number(out, arg->as.numbers[k], false);
    else if (arg->kind == TNN_ARG_BOOLS) tnn_strbuf_add(out, arg->as.bools[k] ? "True" : "False");
    else tnn_strbuf_json(out, arg->as.texts[k]);
}

static void add_items(tnn_strbuf *out, const tnn_arg *arg) {
    for (uint32_t k = 0; k < arg->n; k++) {
        if (k > 0) tnn_strbuf_add(out, ", ");
        add_item(out, arg, k);
    }
}

static bool is_list(const tnn_arg *arg) {
    return arg->kind == TNN_ARG_INTS || arg->kind == TNN_ARG_FLOATS || arg->kind == TNN_ARG_BOOLS ||
           arg->kind == TNN_ARG_STRINGS;
}

static void add_list(tnn_strbuf *out, const tnn_arg *arg) {
    tnn_strbuf_add(out, "[");
    add_items(out, arg);
    tnn_strbuf_add(out, "]");
}

void tnn_literal_arg(tnn_strbuf *out, const tnn_arg *arg) {
    switch (arg->kind) {
    case TNN_ARG_INT: tnn_literal_size(out, arg->as.size); break;
    case TNN_ARG_FLOAT: tnn_literal_number(out, arg->as.number, false); break;
    case TNN_ARG_BOOL: tnn_strbuf_add(out, arg->as.integer ? "True" : "False"); break;
    case TNN_ARG_STRING: tnn_strbuf_json(out, arg->as.text); break;
    case TNN_ARG_DTYPE: tnn_strbuf_printf(out, "torch.%s", tnn_dtype_name((tnn_dtype)arg->as.integer)); break;
    case TNN_ARG_MEMORY_FORMAT: add_memory_format(out, (tnn_memory_format)arg->as.integer); break;
    case TNN_ARG_INTS:
    case TNN_ARG_FLOATS:
    case TNN_ARG_BOOLS:
    case TNN_ARG_STRINGS: add_list(out, arg); break;
    case TNN_ARG_NONE:
    case TNN_ARG_TENSOR:
    case TNN_ARG_TENSORS:
    case TNN_ARG_GRAPH: tnn_strbuf_add(out, "None"); break;
    }
}

static bool items_equal(const tnn_arg *arg) {
    for (uint32_t k = 1; k < arg->n; k++) {
        if (arg->kind == TNN_ARG_INTS && !tnn_size_same(arg->as.sizes[0], arg->as.sizes[k])) return false;
        if (arg->kind == TNN_ARG_FLOATS && arg->as.numbers[0] != arg->as.numbers[k]) return false;
    }
    return arg->kind == TNN_ARG_INTS || arg->kind == TNN_ARG_FLOATS;
}

void tnn_literal_parameter(tnn_strbuf *out, const tnn_arg *arg, bool collapse) {
    if (!is_list(arg)) tnn_literal_arg(out, arg);
    else if (arg->n == 0) tnn_strbuf_add(out, "None");
    else if (arg->n == 1 || (collapse && items_equal(arg))) add_item(out, arg, 0);
    else {
        tnn_strbuf_add(out, "(");
        add_items(out, arg);
        tnn_strbuf_add(out, ")");
    }
}

/* ---- tensors ---- */

typedef struct elements {
    const tnn_recipe *recipe;
    const uint8_t *bytes;
    int64_t next;
} elements;

static void add_element(tnn_strbuf *out, elements *e) {
    tnn_dtype dtype = e->recipe->dtype;
    if (dtype == TNN_DTYPE_BOOL) tnn_strbuf_add(out, tnn_elem_integer(e->bytes, dtype, e->next) ? "True" : "False");
    else if (!tnn_dtype_is_float(dtype))
        tnn_strbuf_printf(out, "%lld", (long long)tnn_elem_integer(e->bytes, dtype, e->next));
    else tnn_literal_number(out, tnn_elem_number(e->bytes, dtype, e->next), dtype != TNN_DTYPE_F64);
    e->next++;
}

static void add_dimension(tnn_strbuf *out, elements *e, unsigned dim) {
    if (dim == e->recipe->rank) {
        add_element(out, e);
        return;
    }
    tnn_strbuf_add(out, "[");
    for (int64_t k = 0; k < e->recipe->dims[dim]; k++) {
        if (k > 0) tnn_strbuf_add(out, ", ");
        add_dimension(out, e, dim + 1);
    }
    tnn_strbuf_add(out, "]");
}

tnn_status tnn_literal_tensor(tnn_strbuf *out, const tnn_recipe *recipe, tnn_arena *arena, tnn_error *err) {
    uint8_t *bytes = TNN_NEW_ARRAY(arena, (size_t)tnn_recipe_bytes(recipe) + 1, uint8_t);
    if (!bytes) return tnn_fail_nomem(err);
    TNN_TRY(tnn_recipe_read(recipe, 0, tnn_recipe_count(recipe), bytes, err));
    elements e = {recipe, bytes, 0};
    add_dimension(out, &e, 0);
    return TNN_OK;
}
