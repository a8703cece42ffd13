/* Which module of torch.nn a node is a call of: a row of ops/modules.h whose call says all that the node does.
 *
 * The words of the row's call are met with the node's arguments one by one, which gives a text for each parameter of the
 * constructor that the call mentions, and the tensors. Sizes of the tensors say the rest. */
#include <stdlib.h>
#include <string.h>

#include "codegen/literal.h"
#include "codegen/program.h"
#include "ir/recipe.h"
#include "ops/list.h"

#define MAX_PARAMETERS 24

typedef struct parameter {
    const char *name, *text;
} parameter;

typedef struct match {
    tnn_code *code;
    tnn_code_step *step;
    tnn_code_module *module;
    parameter parameters[MAX_PARAMETERS];
    size_t n_parameters;
    bool failed; /* no memory */
} match;

/* ---- words ---- */

typedef struct word {
    const char *text;
    size_t length;
} word;

static bool word_is(word w, const char *text) { return strlen(text) == w.length && memcmp(w.text, text, w.length) == 0; }

/* The next word of a list that `separators` part; false behind the last. */
static bool next_word(const char **at, const char *separators, word *out) {
    while (**at && strchr(separators, **at)) (*at)++;
    out->text = *at;
    out->length = strcspn(*at, separators);
    *at += out->length;
    return out->length > 0;
}

static bool has_word(const char *list, word wanted) {
    word w;
    while (next_word(&list, " !", &w))
        if (w.length == wanted.length && memcmp(w.text, wanted.text, w.length) == 0) return true;
    return false;
}

/* Equal as text, or as numbers: 6 is 6.0. */
static bool same_literal(const char *a, word b) {
    char *a_end, *b_end;
    if (word_is(b, a)) return true;
    double x = strtod(a, &a_end), y = strtod(b.text, &b_end);
    return a_end != a && *a_end == '\0' && b_end == b.text + b.length && x == y;
}

/* ---- parameters ---- */

static const char *find_parameter(const match *m, word name) {
    for (size_t i = 0; i < m->n_parameters; i++)
        if (word_is(name, m->parameters[i].name)) return m->parameters[i].text;
    return NULL;
}

static void set_parameter(match *m, word name, const char *text) {
    const char *copy = tnn_arena_strn(m->code->arena, name.text, name.length);
    m->failed = m->failed || !copy || !text;
    if (m->failed || m->n_parameters == MAX_PARAMETERS || find_parameter(m, name)) return;
    m->parameters[m->n_parameters++] = (parameter){copy, text};
}

static const char *arg_text(match *m, const tnn_arg *arg, bool collapse) {
    tnn_strbuf text = {0};
    tnn_literal_parameter(&text, arg, collapse);
    const char *copy = text.failed ? NULL : tnn_arena_str(m->code->arena, text.data);
    tnn_strbuf_free(&text);
    m->failed = m->failed || !copy;
    return copy ? copy : "";
}

static bool is_symbolic(const tnn_arg *arg) {
    if (arg->kind == TNN_ARG_INT) return arg->as.size.expr != NULL;
    for (uint32_t k = 0; arg->kind == TNN_ARG_INTS && k < arg->n; k++)
        if (arg->as.sizes[k].expr) return true;
    return false;
}

static bool bind_parameter(match *m, word name, const tnn_arg *arg) {
    bool shape = word_is(name, "normalized_shape");
    if (arg->kind == TNN_ARG_TENSOR || arg->kind == TNN_ARG_TENSORS || is_symbolic(arg)) return false;
    set_parameter(m, name, arg_text(m, arg, !shape));
    return true;
}

/* ---- tensors ---- */

static tnn_value *find_tensor(const match *m, word name) {
    for (size_t i = 0; i < m->module->n_tensors; i++)
        if (word_is(name, m->module->tensors[i].name)) return m->module->tensors[i].value;
    return NULL;
}

static bool bind_tensor(match *m, const char *name, tnn_value *value) {
    tnn_code_module *module = m->module;
    if (!name || !value || !value->constant || !(value->is_parameter || value->is_buffer)) return false;
    tnn_code_tensor *grown = tnn_arena_grow(m->code->arena, module->tensors, module->n_tensors, &module->cap_tensors,
                                            module->n_tensors + 1, sizeof *grown);
    m->failed = m->failed || !grown;
    if (m->failed) return false;
    module->tensors = grown;
    grown[module->n_tensors++] = (tnn_code_tensor){name, value};
    return true;
}

static bool bind_tensor_word(match *m, word name, const tnn_arg *arg) {
    if (arg->kind == TNN_ARG_NONE) return true;
    const char *copy = tnn_arena_strn(m->code->arena, name.text, name.length);
    m->failed = m->failed || !copy;
    return arg->kind == TNN_ARG_TENSOR && bind_tensor(m, copy, arg->as.tensor);
}

/* ---- recurrent networks ---- */

/* Those of one layer and direction after another. */
static bool bind_weights(match *m, const tnn_arg *arg) {
    static const word has_biases = {"bias", 4}, bidirectional = {"bidirectional", 13}, layers = {"num_layers", 10};
    const char *texts[3] = {find_parameter(m, has_biases), find_parameter(m, bidirectional), find_parameter(m, layers)};
    if (arg->kind != TNN_ARG_TENSORS || !texts[0] || !texts[1] || !texts[2]) return false;
    uint32_t directions = strcmp(texts[1], "True") == 0 ? 2 : 1, n = (uint32_t)atoi(texts[2]) * directions;
    uint32_t each = n > 0 ? arg->n / n : 0;
    bool biases = strcmp(texts[0], "True") == 0;
    for (uint32_t i = 0; each > 0 && i < n * each; i++) {
        static const char *const names[] = {"weight_ih", "weight_hh", "bias_ih", "bias_hh", "weight_hr"};
        uint32_t which = i % each, layer = i / each / directions;
        if (!biases && which == 2) which = 4;
        if (which > 4) return false;
        const char *end = i / each % directions == 1 ? "_reverse" : "";
        if (!bind_tensor(m, tnn_arena_printf(m->code->arena, "%s_l%u%s", names[which], layer, end), arg->as.tensors[i]))
            return false;
    }
    return each > 0 && n * each == arg->n;
}

static bool is_zero(const tnn_value *value) {
    const tnn_node *node = value->producer;
    if (value->constant)
        return value->constant->kind == TNN_RECIPE_FILL && value->constant->as.fill.number == 0;
    return node && tnn_node_is(node, TNN_OP_full) && tnn_arg_number(&node->args[1]) == 0;
}

static void add_operand(match *m, tnn_value *value) { m->step->operands[m->step->n_operands++] = value; }

/* The first state of h, or of h and c; zeros are what a module takes by itself. */
static bool bind_states(match *m, const tnn_arg *arg) {
    bool zero = true;
    if (arg->kind == TNN_ARG_TENSOR) zero = is_zero(arg->as.tensor);
    for (uint32_t i = 0; arg->kind == TNN_ARG_TENSORS && i < arg->n; i++) zero = zero && is_zero(arg->as.tensors[i]);
    if (zero) return true;
    if (arg->kind == TNN_ARG_TENSOR) add_operand(m, arg->as.tensor);
    for (uint32_t i = 0; arg->kind == TNN_ARG_TENSORS && i < arg->n; i++) add_operand(m, arg->as.tensors[i]);
    return true;
}

/* ---- a call ---- */

/* Without statistics a normalization takes those of its batch in either mode. */
static bool mode_fits(const match *m, const tnn_arg *arg) {
    static const word mean = {"running_mean", 12};
    bool trains = arg->kind == TNN_ARG_BOOL && arg->as.integer;
    return trains == m->code->trains || (trains && has_word(m->module->row->tensors, mean) && !find_tensor(m, mean));
}

static bool is_literal(word w) {
    return strchr("-0123456789'", w.text[0]) || word_is(w, "True") || word_is(w, "False") || word_is(w, "None");
}

static bool meets_literal(match *m, word w, const tnn_arg *arg) {
    const char *text = arg_text(m, arg, true);
    size_t length = strlen(text);
    if (w.text[0] == '\'') /* "constant" is 'constant' */
        return length == w.length && memcmp(text + 1, w.text + 1, length - 2) == 0;
    return same_literal(text, w);
}

static bool meet(match *m, word w, const tnn_arg *arg) {
    if (word_is(w, "input") || word_is(w, "other")) {
        if (arg->kind == TNN_ARG_TENSOR) add_operand(m, arg->as.tensor);
        return arg->kind == TNN_ARG_TENSOR;
    }
    if (word_is(w, "states")) return bind_states(m, arg);
    if (word_is(w, "weights")) return true; /* when their numbers are known */
    if (word_is(w, "training")) return mode_fits(m, arg);
    if (is_literal(w)) return meets_literal(m, w, arg);
    if (has_word(m->module->row->tensors, w)) return bind_tensor_word(m, w, arg);
    return bind_parameter(m, w, arg);
}

/* What the call does not mention is as PyTorch has it. */
static bool is_default(const tnn_node *node, size_t k) {
    const tnn_schema_arg *arg = &node->schema->args[k];
    if (strncmp(arg->name, "cudnn_enable", 12) == 0) return true;
    return arg->has_default && tnn_arg_equal(&node->args[k], arg->default_value);
}

static bool meet_words(match *m, const char *at, const tnn_node *node) {
    word w;
    size_t k = 0;
    for (; *at != ')' && next_word(&at, ", )", &w); k++) {
        if (k == node->schema->n_args || !meet(m, w, &node->args[k])) return false;
        if (word_is(w, "batch_first") && !bind_weights(m, &node->args[2])) return false;
    }
    for (; k < node->schema->n_args; k++)
        if (!is_default(node, k)) return false;
    while (*at == ')' || *at == ' ') at++;
    if (!*at) return true;
    next_word(&at, "=", &w);
    set_parameter(m, w, tnn_arena_str(m->code->arena, at + 1));
    return true;
}

static bool meet_call(match *m, const char *call, const tnn_node *node) {
    size_t length = strcspn(call, "(");
    m->n_parameters = 0;
    m->module->n_tensors = 0;
    m->step->n_operands = 0;
    if (strlen(node->op->name) != length || memcmp(node->op->name, call, length) != 0) return false;
    return meet_words(m, call + length + 1, node);
}

/* ---- sizes ---- */

static const tnn_shape *shape_of(const match *m, word tensor) {
    if (word_is(tensor, "input")) return &m->step->operands[0]->shape;
    const tnn_value *value = find_tensor(m, tensor);
    return value ? &value->shape : NULL;
}

/* weight[1], weight[1]*groups, weight[0]/4, weight[2:] */
static void add_size(match *m, word name, const tnn_shape *shape, const char *index) {
    char *end;
    unsigned dim = (unsigned)strtoul(index, &end, 10);
    if (dim >= shape->rank) return;
    if (*end == ':') {
        tnn_size dims[TNN_MAX_RANK];
        memcpy(dims, shape->dims, sizeof dims);
        tnn_arg rest = tnn_arg_of_sizes(dims + dim, (size_t)shape->rank - dim);
        set_parameter(m, name, arg_text(m, &rest, true));
        return;
    }
    int64_t size = shape->dims[dim].hint;
    if (end[1] == '/') size /= strtol(end + 2, NULL, 10);
    if (end[1] == '*') {
        word times = {end + 2, strcspn(end + 2, " ")};
        const char *factor = find_parameter(m, times);
        size *= factor ? strtol(factor, NULL, 10) : 1;
    }
    set_parameter(m, name, tnn_arena_printf(m->code->arena, "%lld", (long long)size));
}

static void add_sizes(match *m) {
    const char *at = m->module->row->sizes;
    word item;
    while (next_word(&at, " ", &item)) {
        word name = {item.text, strcspn(item.text, "=")};
        word tensor = {item.text + name.length + 1, strcspn(item.text + name.length + 1, "[?")};
        const tnn_shape *shape = shape_of(m, tensor);
        if (tensor.text[tensor.length] == '?') set_parameter(m, name, shape ? "True" : "False");
        else if (shape) add_size(m, name, shape, tensor.text + tensor.length + 1);
    }
}

/* A bias that no parameter of its own rules is there where the weight is. */
static bool tensors_fit(const match *m) {
    static const word weight = {"weight", 6}, bias = {"bias", 4}, mean = {"running_mean", 12}, var = {"running_var", 11};
    const tnn_module_row *row = m->module->row;
    bool own = strstr(row->sizes, "bias=bias?") || !has_word(row->tensors, bias);
    if (!own && (find_tensor(m, weight) == NULL) != (find_tensor(m, bias) == NULL)) return false;
    return (find_tensor(m, mean) == NULL) == (find_tensor(m, var) == NULL);
}

/* ---- the constructor ---- */

/* Nothing to say: the default, or the stride of a pool, which is its kernel's size when it is left out. */
static bool left_out(const match *m, word name, word initial, const char *text) {
    static const word kernel = {"kernel_size", 11}, weight = {"weight", 6}, bias = {"bias", 4};
    if (!text || same_literal(text, initial)) return true;
    if (word_is(name, "stride") && word_is(initial, "None")) return strcmp(text, find_parameter(m, kernel)) == 0;
    bool affine = word_is(name, "bias") && has_word(m->module->row->tensors, bias);
    return affine && !find_tensor(m, weight);
}

/* "a, b=1, c='x'": false where a parameter without default is not known. */
static bool add_arguments(match *m, tnn_strbuf *out) {
    const char *at = m->module->row->parameters;
    word item;
    while (next_word(&at, ", ", &item)) {
        word name = {item.text, strcspn(item.text, "=,")};
        bool optional = name.length < item.length;
        word initial = {name.text + name.length + 1, optional ? item.length - name.length - 1 : 0};
        const char *text = find_parameter(m, name), *comma = out->length > 0 ? ", " : "";
        if (!optional && !text) return false;
        if (!optional) tnn_strbuf_printf(out, "%s%s", comma, text);
        else if (!left_out(m, name, initial, text))
            tnn_strbuf_printf(out, "%s%.*s=%s", comma, (int)name.length, name.text, text);
    }
    return true;
}

/* Modules are made with float32, and say so where theirs is another type. */
static void add_dtype(const match *m, tnn_strbuf *out) {
    if (m->module->n_tensors == 0 || m->module->tensors[0].value->dtype == TNN_DTYPE_F32) return;
    tnn_strbuf_printf(out, "%sdtype=torch.%s", out->length > 0 ? ", " : "",
                      tnn_dtype_name(m->module->tensors[0].value->dtype));
}

/* Python's formatters want double quotes. */
static void fix_quotes(char *text) {
    for (; *text; text++)
        if (*text == '\'') *text = '"';
}

static bool construct(match *m) {
    tnn_strbuf text = {0};
    add_sizes(m);
    bool good = tensors_fit(m) && add_arguments(m, &text);
    if (good) add_dtype(m, &text);
    char *copy = good && !text.failed ? tnn_arena_str(m->code->arena, text.data ? text.data : "") : NULL;
    m->failed = m->failed || text.failed || (good && !copy);
    tnn_strbuf_free(&text);
    if (copy) fix_quotes(copy);
    m->module->arguments = copy;
    return copy != NULL;
}

/* ---- the module ---- */

static bool same_module(const tnn_code_module *a, const tnn_code_module *b) {
    if (strcmp(a->arguments, b->arguments) != 0 || a->n_tensors != b->n_tensors) return false;
    for (size_t i = 0; i < a->n_tensors; i++)
        if (a->tensors[i].value != b->tensors[i].value) return false;
    return true;
}

static const tnn_module_row *row_of(const tnn_code *code, const tnn_node *node) {
    const char *type = node->scope ? tnn_strmap_get(&code->model->module_types, node->scope) : NULL;
    return type ? tnn_module_find(type) : NULL;
}

static size_t count_operands(const tnn_node *node) {
    size_t n = 0;
    for (size_t k = 0; k < node->schema->n_args; k++) n += node->args[k].kind == TNN_ARG_TENSORS ? node->args[k].n : 1;
    return n;
}

static bool meet_row(match *m, const tnn_node *node) {
    for (size_t i = 0; i < TNN_MODULE_MAX_CALLS && m->module->row->calls[i] && !m->failed; i++)
        if (meet_call(m, m->module->row->calls[i], node) && construct(m)) return true;
    return false;
}

tnn_status tnn_code_find_module(tnn_code *code, tnn_code_step *step, tnn_error *err) {
    const tnn_node *node = step->node;
    const tnn_module_row *row = row_of(code, node);
    if (!row || node->activation != TNN_ACT_NONE) return TNN_OK;
    match m = {.code = code, .step = step, .module = TNN_NEW(code->arena, tnn_code_module)};
    step->operands = TNN_NEW_ARRAY(code->arena, count_operands(node) + 1, tnn_value *);
    if (!m.module || !step->operands) return tnn_fail_nomem(err);
    *m.module = (tnn_code_module){.row = row, .path = node->scope};
    bool met = meet_row(&m, node);
    if (m.failed) return tnn_fail_nomem(err);
    if (!met) return TNN_OK;
    tnn_code_module *known = tnn_strmap_get(&code->modules, node->scope);
    if (known && !same_module(known, m.module)) return TNN_OK;
    step->module = known ? known : m.module;
    if (!known && tnn_strmap_set(&code->modules, node->scope, m.module) != TNN_OK) return tnn_fail_nomem(err);
    return TNN_OK;
}
