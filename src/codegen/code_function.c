#include "codegen/code_function.h"

#include <stdlib.h>
#include <string.h>

#include "codegen/literal.h"
#include "codegen/code_view.h"

/* ---- arguments ---- */

static bool is_mode(const tnn_code *code, const tnn_schema_arg *wanted, const tnn_arg *arg) {
    bool names = strcmp(wanted->name, "train") == 0 || strcmp(wanted->name, "training") == 0;
    return names && arg->kind == TNN_ARG_BOOL && (arg->as.integer != 0) == code->trains;
}

static void add_tensor(const tnn_code *code, const tnn_value *value, tnn_strbuf *out) {
    tnn_strbuf_add(out, value && code->texts[value->id] ? code->texts[value->id] : "None");
}

static void add_arg(const tnn_code *code, const tnn_node *node, size_t k, tnn_strbuf *out) {
    const tnn_arg *arg = &node->args[k];
    if (is_mode(code, &node->schema->args[k], arg)) tnn_strbuf_add(out, "self.training");
    else if (arg->kind == TNN_ARG_TENSOR) add_tensor(code, arg->as.tensor, out);
    else if (arg->kind == TNN_ARG_TENSORS) {
        tnn_strbuf_add(out, "[");
        for (uint32_t i = 0; i < arg->n; i++) {
            if (i > 0) tnn_strbuf_add(out, ", ");
            add_tensor(code, arg->as.tensors[i], out);
        }
        tnn_strbuf_add(out, "]");
    } else tnn_literal_arg(out, arg);
}

/* Arguments that say where and how tensors lie in memory, not what they are. */
static bool is_placement(const char *name) {
    static const char *const names[] = {"cudnn_enable", "cudnn_enabled", "device", "layout", "non_blocking", "pin_memory"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i], name) == 0) return true;
    return false;
}

static bool is_default(const tnn_node *node, size_t k) {
    const tnn_schema_arg *arg = &node->schema->args[k];
    if (is_placement(arg->name)) return true;
    return arg->has_default && tnn_arg_equal(&node->args[k], arg->default_value);
}

/* ---- words of a form ---- */

static bool is_word_char(char c) {
    return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static int find_arg(const tnn_node *node, const char *name, size_t length) {
    for (size_t k = 0; k < node->schema->n_args; k++)
        if (strlen(node->schema->args[k].name) == length && memcmp(node->schema->args[k].name, name, length) == 0)
            return (int)k;
    return -1;
}

/* Does the form name the argument, be it behind `NAME=`? */
static bool mentions(const char *form, const char *name) {
    size_t length = strlen(name);
    for (const char *at = form; (at = strstr(at, name)) != NULL; at += length) {
        bool begins = at == form || (!is_word_char(at[-1]) && at[-1] != '.');
        if (begins && !is_word_char(at[length]) && at[length] != '=' && at[length] != '(') return true;
    }
    return false;
}

/* The items of `list`, ", " between them. */
static bool next_item(const char **at, const char **begin, size_t *length) {
    if (!**at || **at == ')') return false;
    *begin = *at;
    *length = strcspn(*at, ",)");
    *at += *length;
    while (**at == ',' || **at == ' ') (*at)++;
    return true;
}

/* ---- does a form fit? ---- */

static bool has_value(const tnn_node *node, size_t k, const char *literal, size_t length) {
    tnn_strbuf text = {0};
    tnn_literal_parameter(&text, &node->args[k], true);
    bool same = text.data && strlen(text.data) == length && memcmp(text.data, literal, length) == 0;
    char *end;
    double number = text.data ? strtod(text.data, &end) : 0;
    same = same || (text.data && end != text.data && *end == '\0' && number == strtod(literal, NULL));
    tnn_strbuf_free(&text);
    return same;
}

static bool condition_holds(const tnn_node *node, const char *item, size_t length) {
    size_t name = strcspn(item, "=");
    int k = find_arg(node, item, name);
    return k >= 0 && has_value(node, (size_t)k, item + name + 1, length - name - 1);
}

static bool form_fits(const tnn_node *node, const tnn_code_form *form) {
    const char *at = form->when ? form->when : "", *item;
    size_t length;
    while (next_item(&at, &item, &length))
        if (!condition_holds(node, item, length)) return false;
    for (size_t k = 0; k < node->schema->n_args; k++) {
        const char *name = node->schema->args[k].name;
        bool meant = form->when && strstr(form->when, name);
        if (!meant && !is_default(node, k) && !mentions(form->text, name)) return false;
    }
    return true;
}

static const tnn_code_form *find_form(const tnn_node *node) {
    for (size_t i = 0; i < tnn_n_code_forms; i++)
        if (strcmp(tnn_code_forms[i].op, node->op->name) == 0 && form_fits(node, &tnn_code_forms[i]))
            return &tnn_code_forms[i];
    return NULL;
}

/* ---- writing a form ---- */

static size_t n_spatial(const tnn_node *node) {
    static const char *const lists[] = {"stride", "kernel_size", "output_size"};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        const tnn_arg *list = tnn_node_arg(node, lists[i]);
        if (list && list->n > 0) return list->n;
    }
    return tnn_node_arg(node, "kernel_size")->n;
}

/* A part of a form, arguments in the place of their names. */
static void add_part(const tnn_code *code, const tnn_node *node, const char *part, size_t length, tnn_strbuf *out) {
    for (const char *at = part; at < part + length;) {
        size_t n = 0;
        while (at + n < part + length && is_word_char(at[n])) n++;
        int k = n > 0 && (at == part || at[-1] != '.') ? find_arg(node, at, n) : -1;
        if (k >= 0) add_arg(code, node, (size_t)k, out);
        else if (strncmp(at, "{n}", 3) == 0) tnn_strbuf_printf(out, "%zu", n_spatial(node));
        else if (*at == '\'') tnn_strbuf_add(out, "\"");
        else tnn_strbuf_addn(out, at, n > 0 ? n : 1);
        at += k >= 0 || n > 0 ? n : strncmp(at, "{n}", 3) == 0 ? 3 : 1;
    }
}

typedef struct argument_list {
    tnn_strbuf *out;
    size_t n;     /* written so far */
    bool by_name; /* one was left out: the next are written with names */
} argument_list;

static void add_comma(argument_list *list) {
    if (list->n++ > 0) tnn_strbuf_add(list->out, ", ");
}

/* An item of a call: `stride`, `dtype=dtype`, `mode='linear'`. */
static void add_item(const tnn_code *code, const tnn_node *node, const char *item, size_t length,
                     argument_list *list) {
    const char *equals = memchr(item, '=', length);
    const char *value = equals ? equals + 1 : item;
    size_t value_length = length - (size_t)(value - item);
    int k = find_arg(node, value, value_length);
    if (k >= 0 && is_default(node, (size_t)k)) {
        list->by_name = list->by_name || !equals;
        return;
    }
    add_comma(list);
    if (equals) tnn_strbuf_addn(list->out, item, (size_t)(value - item));
    else if (list->by_name) tnn_strbuf_printf(list->out, "%.*s=", (int)length, item);
    add_part(code, node, value, value_length, list->out);
}

static void write_form(const tnn_code *code, const tnn_node *node, const char *form, tnn_strbuf *out) {
    size_t head = strcspn(form, "(");
    const char *at = form + head, *item;
    size_t length;
    argument_list list = {.out = out};
    add_part(code, node, form, head, out);
    if (!*at) return;
    tnn_strbuf_add(out, "(");
    at++;
    while (next_item(&at, &item, &length)) add_item(code, node, item, length, &list);
    tnn_strbuf_add(out, ")");
}

/* ---- other calls ---- */

/* All arguments in the order of the signature. */
static void write_call(const tnn_code *code, const tnn_node *node, tnn_strbuf *out) {
    argument_list list = {.out = out};
    tnn_strbuf_add(out, "(");
    for (size_t k = 0; k < node->schema->n_args; k++) {
        const tnn_schema_arg *arg = &node->schema->args[k];
        if (is_default(node, k)) {
            list.by_name = true;
            continue;
        }
        add_comma(&list);
        if (list.by_name || arg->keyword_only) tnn_strbuf_printf(out, "%s=", arg->name);
        add_arg(code, node, k, out);
    }
    tnn_strbuf_add(out, ")");
}

/* special_expit is torch.special.expit. */
static bool write_space(const char *name, size_t length, tnn_strbuf *out) {
    static const char *const spaces[] = {"special", "linalg", "fft"};
    for (size_t i = 0; i < sizeof spaces / sizeof *spaces; i++) {
        size_t n = strlen(spaces[i]);
        if (strncmp(name, spaces[i], n) != 0 || name[n] != '_') continue;
        tnn_strbuf_printf(out, "torch.%s.%.*s", spaces[i], (int)(length - n - 1), name + n + 1);
        return true;
    }
    return false;
}

static tnn_status write_plain(tnn_code *code, const tnn_node *node, tnn_strbuf *out, tnn_error *err) {
    const char *name = node->op->name;
    size_t length = strcspn(name, ".");
    if (tnn_code_is_torch_function(name, length)) tnn_strbuf_printf(out, "torch.%.*s", (int)length, name);
    else if (!write_space(name, length, out)) {
        if (node->op->list != TNN_OPLIST_SPELLING)
            return tnn_fail(err, TNN_ERR_UNSUPPORTED, tnn_node_where(node), "operator %s cannot be written as a program",
                            name);
        code->n_guessed++;
        tnn_strbuf_printf(out, "torch.ops.aten.%s", name);
    }
    write_call(code, node, out);
    return TNN_OK;
}

tnn_status tnn_code_function(tnn_code *code, const tnn_node *node, tnn_strbuf *out, tnn_error *err) {
    if (tnn_code_view(code, node, out)) return TNN_OK;
    const tnn_code_form *form = find_form(node);
    if (!form) return write_plain(code, node, out, err);
    write_form(code, node, form->text, out);
    return TNN_OK;
}

/* ---- kinds ---- */

const char *tnn_code_kind(const tnn_code *code, const tnn_node *node) {
    const char *view = tnn_code_view_kind(node);
    if (view) return view;
    const char *name = tnn_arena_strn(code->arena, node->op->name, strcspn(node->op->name, "."));
    return name;
}
