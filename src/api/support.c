#include "tinynn/support.h"

#include <stdlib.h>
#include <string.h>

#include "api/sample.h"
#include "base/alloc.h"
#include "base/arena.h"
#include "base/strbuf.h"
#include "eval/native.h"
#include "ops/composites.h"
#include "ops/list.h"
#include "ops/refused.h"
#include "quant/quant_rows.h"
#include "tflite/int8_rules.h"

typedef struct entry {
    const char *name;      /* PyTorch's, with the overload where it matters */
    const char *how;       /* "operator", "composite", "rewritten", "view or copy", "refused", "TFLite operator" */
    const char *signature; /* of the operators of the graph, "" for other names */
    const char *reason;    /* of a refusal, otherwise "" */
    const char *called;    /* signature by which a sample is called; NULL: it is not */
    const char *becomes;   /* TFLite operators of the sample, "MUL, ADD"; "" where no sample fits */
    const char *why_float; /* of an operator of the graph that stays float in a file of integers, or may; otherwise NULL */
    const char *floats;    /* operators of the sample that stay float in a file of integers, "sin, div", "none"; "": no reals */
} entry;

typedef struct table {
    entry *rows;
    size_t n;
} table;

static void add(table *t, const char *name, const char *how, const char *signature, const char *called) {
    t->rows[t->n++] = (entry){name, how, signature, "", called, "", NULL, ""};
}

static int by_name(const void *a, const void *b) {
    const entry *x = a, *y = b;
    int order = strcmp(x->name, y->name);
    return order != 0 ? order : strcmp(x->signature, y->signature);
}

static size_t count_spellings(void) {
    size_t n = 0;
    while (tnn_spelling_at(n) != NULL) n++;
    return n;
}

static void list_all(table *t) {
    for (size_t i = 0; tnn_spelling_at(i) != NULL; i++)
        add(t, tnn_spelling_at(i)->name, "rewritten", "", tnn_spelling_at(i)->signature);
    for (size_t i = 0; i < tnn_n_native_rows; i++)
        add(t, tnn_native_rows[i].name, "view or copy", "", tnn_native_rows[i].signature);
    for (size_t i = 0; i < TNN_OP_COUNT; i++) {
        add(t, tnn_op_rows[i]->op.name, "operator", tnn_op_rows[i]->op.signature, tnn_op_rows[i]->op.signature);
        t->rows[t->n - 1].why_float = tnn_quant_row_at(i)->why;
    }
    for (size_t i = 0; i < TNN_COMPOSITE_COUNT; i++)
        add(t, tnn_composite_rows[i]->op.name, "composite", tnn_composite_rows[i]->op.signature,
            tnn_composite_rows[i]->op.signature);
}

static size_t count_refused(void) {
    size_t n = 0;
    for (size_t i = 0; i < tnn_n_refused_rows; i++, n++)
        for (const char *at = tnn_refused_rows[i].names; *at != '\0'; at++) n += *at == ' ';
    return n;
}

static tnn_status list_refused(table *t, tnn_arena *arena, tnn_error *err) {
    for (size_t i = 0; i < tnn_n_refused_rows; i++) {
        const char *at = tnn_refused_rows[i].names;
        for (size_t n; *at != '\0'; at += n + (at[n] == ' ')) {
            n = strcspn(at, " ");
            entry *e = &t->rows[t->n++];
            *e = (entry){tnn_arena_strn(arena, at, n), "refused", "", tnn_refused_rows[i].reason, NULL, "", NULL, ""};
            if (e->name == NULL) return tnn_fail_nomem(err);
        }
    }
    return TNN_OK;
}

static size_t count_rules(void) {
    size_t n = 0;
    while (tnn_int8_rule_at(n) != NULL) n++;
    return n;
}

/* Those that are computed in integers. They stand behind all others. */
static void list_rules(table *t) {
    for (size_t i = 0; tnn_int8_rule_at(i) != NULL; i++)
        add(t, tnn_int8_rule_at(i)->row->op.name, "TFLite operator", "", NULL);
}

/* Rows with a signature of their own are operators of the graph, which a spelling of the same name may hide. */
static tnn_status sample_row(entry *e, tnn_arena *arena, tnn_error *err) {
    tnn_strbuf names = {0}, floats = {0};
    const char *name = *e->signature == '\0' ? e->name : tnn_arena_printf(arena, "%s.primitive", e->name);
    if (name == NULL) return tnn_fail_nomem(err);
    tnn_status status = tnn_sample_operators(&names, &floats, name, e->called, err);
    if (status == TNN_OK && names.length > 0) e->becomes = tnn_arena_str(arena, names.data);
    if (status == TNN_OK && floats.length > 0) e->floats = tnn_arena_str(arena, floats.data);
    bool failed = names.failed || floats.failed || e->becomes == NULL || e->floats == NULL;
    if (status == TNN_OK && failed) status = tnn_fail_nomem(err);
    tnn_strbuf_free(&names);
    tnn_strbuf_free(&floats);
    return status;
}

static tnn_status sample_all(table *t, tnn_arena *arena, tnn_error *err) {
    for (size_t i = 0; i < t->n; i++)
        if (t->rows[i].called != NULL) TNN_TRY(sample_row(&t->rows[i], arena, err));
    return TNN_OK;
}

static bool is_of_tflite(const entry *e) { return strcmp(e->how, "TFLite operator") == 0; }

static const tnn_int8_rule *rule_named(const char *name) {
    size_t i = 0;
    while (strcmp(tnn_int8_rule_at(i)->row->op.name, name) != 0) i++;
    return tnn_int8_rule_at(i);
}

/* What is computed in integers: "yes", "no: (why)", "but for sin, div", "its result is no real number". */
static void print_int8(tnn_strbuf *out, const entry *e) {
    if (is_of_tflite(e)) tnn_strbuf_add(out, tnn_int8_rule_text(rule_named(e->name)));
    else if (*e->floats == '\0') return;
    else if (strcmp(e->floats, "none") == 0) tnn_strbuf_add(out, "yes");
    else if (e->why_float != NULL && strcmp(e->floats, e->name) == 0) tnn_strbuf_printf(out, "no: %s", e->why_float);
    else tnn_strbuf_printf(out, "but for %s", e->floats);
}

static void print_json_int8(tnn_strbuf *out, const entry *e) {
    tnn_strbuf text = {0};
    print_int8(&text, e);
    tnn_strbuf_json(out, text.length > 0 ? text.data : "");
    out->failed = out->failed || text.failed;
    tnn_strbuf_free(&text);
}

static void print_json(tnn_strbuf *out, const table *t) {
    tnn_strbuf_add(out, "[");
    for (size_t i = 0; i < t->n; i++) {
        const entry *e = &t->rows[i];
        tnn_strbuf_add(out, i == 0 ? "\n  {\"name\": " : ",\n  {\"name\": ");
        tnn_strbuf_json(out, e->name);
        tnn_strbuf_printf(out, ", \"how\": \"%s\", \"signature\": ", e->how);
        tnn_strbuf_json(out, e->signature);
        tnn_strbuf_add(out, ", \"reason\": ");
        tnn_strbuf_json(out, e->reason);
        tnn_strbuf_add(out, ", \"becomes\": ");
        tnn_strbuf_json(out, e->becomes);
        tnn_strbuf_add(out, ", \"int8\": ");
        print_json_int8(out, e);
        tnn_strbuf_add(out, "}");
    }
    tnn_strbuf_add(out, "\n]\n");
}

/* "rewritten", or "refused: it draws random numbers". */
static void print_state(tnn_strbuf *out, const entry *e) {
    tnn_strbuf_add(out, e->how);
    if (*e->reason != '\0') tnn_strbuf_printf(out, ": %s", e->reason);
}

static size_t name_length(const char *at) { return strcspn(at, ","); }

static const char *next_name(const char *at) {
    at += name_length(at);
    return *at == ',' ? at + 2 : at;
}

/* How often the name at `at` stands in the list, or 0 when it stood there before. */
static size_t count_name(const char *names, const char *at) {
    size_t n = 0, length = name_length(at);
    for (const char *other = names; *other != '\0'; other = next_name(other)) {
        bool same = name_length(other) == length && strncmp(other, at, length) == 0;
        if (same && other < at) return 0;
        n += same;
    }
    return n;
}

/* " MUL", " 3: 2 MUL, ADD", or the number alone of those that are too many to be read. */
static void print_becomes(tnn_strbuf *out, const char *names) {
    enum { TOO_MANY = 21 };
    size_t total = 0, n;
    for (const char *at = names; *at != '\0'; at = next_name(at)) total++;
    if (total > 1) tnn_strbuf_printf(out, " %zu%s", total, total < TOO_MANY ? ":" : "");
    for (const char *at = names; *at != '\0' && total < TOO_MANY; at = next_name(at)) {
        if ((n = count_name(names, at)) == 0) continue;
        tnn_strbuf_add(out, at == names ? " " : ", ");
        if (n > 1) tnn_strbuf_printf(out, "%zu ", n);
        tnn_strbuf_addn(out, at, name_length(at));
    }
}

static void print_row(tnn_strbuf *out, const entry *e) {
    tnn_strbuf_printf(out, "| `%s` | ", e->name);
    print_state(out, e);
    tnn_strbuf_add(out, " |");
    print_becomes(out, e->becomes);
    tnn_strbuf_add(out, *e->floats == '\0' ? " |" : " | ");
    print_int8(out, e);
    tnn_strbuf_add(out, *e->signature == '\0' ? " | |\n" : " | `");
    for (const char *s = e->signature; *s != '\0'; s++) tnn_strbuf_addn(out, *s == '|' ? "\\|" : s, *s == '|' ? 2 : 1);
    if (*e->signature != '\0') tnn_strbuf_add(out, "` |\n");
}

static void print_tflite_row(tnn_strbuf *out, const entry *e) {
    tnn_strbuf_printf(out, "| `%s` | ", e->name);
    print_int8(out, e);
    tnn_strbuf_add(out, " |\n");
}

static void print_markdown(tnn_strbuf *out, const table *t) {
    tnn_strbuf_add(out,
                   "# Operators\n\n"
                   "Printed by `tinynn support --markdown` from the tables of the library. A name is PyTorch's, with the\n"
                   "overload where it matters; in-place forms (`add_`) of all of them are known.\n\n"
                   "- *operator*: a node of the graph with its own lowering to TFLite\n"
                   "- *composite*: a node of the graph that is expanded to operators before it is lowered\n"
                   "- *rewritten*: another spelling, evaluated to operators, composites and views while a model is read\n"
                   "- *view or copy*: done by the tensor layer; costs an operator only where a copy is needed\n"
                   "- *refused*: known, and not possible; the reason is what the error says\n\n"
                   "*becomes*: the number and the names of the TFLite operators of a small program that calls it once, with\n"
                   "default arguments and usual shapes; *none* where that costs nothing. Other arguments may need more or\n"
                   "fewer; nothing stands there where no sample fits.\n\n"
                   "*int8*: whether `tinynn quantize` computes that program in integers, *but for* those operators of it that\n"
                   "stay float; nothing stands there where there are no real numbers.\n\n"
                   "| name | meaning | becomes | int8 | signature |\n| --- | --- | --- | --- | --- |\n");
    for (size_t i = 0; i < t->n; i++)
        if (!is_of_tflite(&t->rows[i])) print_row(out, &t->rows[i]);
    tnn_strbuf_add(out,
                   "\n## TFLite's operators in integers\n\n"
                   "All others of those that tinynn writes work on floats, whole numbers or truth values.\n\n"
                   "| TFLite operator | int8 |\n| --- | --- |\n");
    for (size_t i = 0; i < t->n; i++)
        if (is_of_tflite(&t->rows[i])) print_tflite_row(out, &t->rows[i]);
}

static void print_text(tnn_strbuf *out, const table *t) {
    for (size_t i = 0; i < t->n; i++) {
        tnn_strbuf_printf(out, "%-44s ", t->rows[i].name);
        print_state(out, &t->rows[i]);
        tnn_strbuf_add(out, "\n");
    }
}

static void print(tnn_strbuf *out, tnn_support_format format, const table *t) {
    if (format == TNN_SUPPORT_JSON) print_json(out, t);
    else if (format == TNN_SUPPORT_MARKDOWN) print_markdown(out, t);
    else print_text(out, t);
}

tnn_status tnn_support(tnn_support_format format, char **out, tnn_error *err) {
    size_t n = count_spellings() + tnn_n_native_rows + TNN_OP_COUNT + TNN_COMPOSITE_COUNT + count_refused() +
               count_rules();
    table t = {tnn_alloc_zero(n, sizeof(entry)), 0};
    tnn_arena *names = tnn_arena_new();
    tnn_strbuf text = {0};
    *out = NULL;
    tnn_status status = t.rows == NULL || names == NULL ? tnn_fail_nomem(err) : TNN_OK;
    if (status == TNN_OK) {
        list_all(&t);
        list_rules(&t);
        status = list_refused(&t, names, err);
    }
    if (status == TNN_OK && format != TNN_SUPPORT_TEXT) status = sample_all(&t, names, err);
    if (status == TNN_OK) {
        qsort(t.rows, t.n, sizeof *t.rows, by_name);
        print(&text, format, &t);
        *out = tnn_strbuf_take(&text);
        if (*out == NULL) status = tnn_fail_nomem(err);
    }
    tnn_arena_free(names);
    tnn_free(t.rows);
    return status;
}
