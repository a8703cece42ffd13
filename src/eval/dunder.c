/* Operators that a program writes as methods: x.__add__(y), x.__rsub__(1). */
#include <string.h>

#include "eval/arith.h"
#include "eval/dunder.h"

static const struct {
    const char *name; /* without the underscores at its ends */
    tnn_ast_op op;
} operators[] = {
    {"add", TNN_AST_ADD},           {"sub", TNN_AST_SUB},        {"mul", TNN_AST_MUL},
    {"truediv", TNN_AST_DIV},       {"div", TNN_AST_DIV},        {"floordiv", TNN_AST_FLOORDIV},
    {"mod", TNN_AST_MOD},           {"pow", TNN_AST_POW},        {"matmul", TNN_AST_MATMUL},
    {"and", TNN_AST_BIT_AND},       {"or", TNN_AST_BIT_OR},      {"xor", TNN_AST_BIT_XOR},
    {"lshift", TNN_AST_SHIFT_LEFT}, {"rshift", TNN_AST_SHIFT_RIGHT},
};

static const struct {
    const char *name;
    tnn_ast_op op;
} comparisons[] = {{"eq", TNN_AST_EQ}, {"ne", TNN_AST_NE}, {"lt", TNN_AST_LT},
                   {"le", TNN_AST_LE}, {"gt", TNN_AST_GT}, {"ge", TNN_AST_GE}};

static const struct {
    const char *name;
    tnn_ast_op op;
} unaries[] = {{"neg", TNN_AST_NEG}, {"pos", TNN_AST_POS}, {"invert", TNN_AST_INVERT}};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* "add" of "__add__"; false: no such name, or a long one. */
static bool strip(const char *name, char *out, size_t room) {
    size_t n = strlen(name);
    bool fits = n > 4 && n - 4 < room && memcmp(name, "__", 2) == 0 && strcmp(name + n - 2, "__") == 0;
    if (fits) memcpy(out, name + 2, n - 4);
    out[fits ? n - 4 : 0] = '\0';
    return fits;
}

static const tnn_ast_op *find_operator(const char *name) {
    for (size_t k = 0; k < COUNT(operators); k++)
        if (strcmp(operators[k].name, name) == 0) return &operators[k].op;
    return NULL;
}

static tnn_status call_binary(tnn_interp *interp, const char *name, const tnn_obj *self, const tnn_obj *other,
                              tnn_obj *out, bool *done, tnn_error *err) {
    const tnn_ast_op *op = find_operator(name);
    bool swapped = !op && name[0] == 'r';
    if (swapped) op = find_operator(name + 1);
    *done = true;
    for (size_t k = 0; k < COUNT(comparisons); k++)
        if (strcmp(comparisons[k].name, name) == 0)
            return tnn_arith_compare(interp, comparisons[k].op, self, other, out, err);
    *done = op != NULL;
    if (!op) return TNN_OK;
    return tnn_arith_binary(interp, *op, swapped ? other : self, swapped ? self : other, out, err);
}

tnn_status tnn_dunder_call(tnn_interp *interp, const tnn_name *method, const tnn_obj *args, size_t n_args, tnn_obj *out,
                           bool *done, tnn_error *err) {
    char name[16];
    *done = false;
    if (!strip(method->text, name, sizeof(name))) return TNN_OK;
    if (n_args == 1) return call_binary(interp, name, &method->self, &args[0], out, done, err);
    for (size_t k = 0; n_args == 0 && k < COUNT(unaries); k++) {
        if (strcmp(unaries[k].name, name) != 0) continue;
        *done = true;
        return tnn_arith_unary(interp, unaries[k].op, &method->self, out, err);
    }
    return TNN_OK;
}
