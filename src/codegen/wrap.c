#include "codegen/wrap.h"

#include <string.h>

#define LINE 88

typedef struct piece {
    const char *text;
    size_t length;
} piece;

/* Characters, not bytes, of UTF-8. */
static size_t width(piece p) {
    size_t n = 0;
    for (size_t i = 0; i < p.length; i++) n += ((unsigned char)p.text[i] & 0xC0) != 0x80;
    return n;
}

static void add_indent(tnn_strbuf *out, unsigned depth) {
    for (unsigned i = 0; i < depth; i++) tnn_strbuf_add(out, "    ");
}

static void add_line(tnn_strbuf *out, piece p, const char *end, unsigned depth) {
    add_indent(out, depth);
    tnn_strbuf_addn(out, p.text, p.length);
    tnn_strbuf_printf(out, "%s\n", end);
}

static bool fits(piece p, size_t more, unsigned depth) { return depth * 4 + width(p) + more <= LINE; }

/* The position behind a string that begins here. */
static size_t skip_string(piece p, size_t at) {
    char quote = p.text[at++];
    while (at < p.length && p.text[at] != quote) at += p.text[at] == '\\' ? 2 : 1;
    return at < p.length ? at + 1 : p.length;
}

static bool opens(char c) { return c == '(' || c == '[' || c == '{'; }

static bool closes(char c) { return c == ')' || c == ']' || c == '}'; }

/* Where the last bracket of the outermost level opens and closes; false when there is none. */
static bool last_bracket(piece p, size_t *open, size_t *close) {
    int level = 0;
    bool found = false;
    for (size_t i = 0; i < p.length;) {
        if (p.text[i] == '"') {
            i = skip_string(p, i);
            continue;
        }
        if (opens(p.text[i]) && level++ == 0) *open = i;
        if (closes(p.text[i]) && --level == 0) {
            *close = i;
            found = true;
        }
        i++;
    }
    return found;
}

/* The end of the first item of a list without brackets around it. */
static size_t item_end(piece p) {
    int level = 0;
    for (size_t i = 0; i < p.length;) {
        if (p.text[i] == '"') {
            i = skip_string(p, i);
            continue;
        }
        if (opens(p.text[i])) level++;
        if (closes(p.text[i])) level--;
        if (p.text[i] == ',' && level == 0) return i;
        i++;
    }
    return p.length;
}

static void add_broken(tnn_strbuf *out, piece p, const char *end, unsigned depth);

static void add_fitting(tnn_strbuf *out, piece p, const char *end, unsigned depth) {
    if (fits(p, strlen(end), depth)) add_line(out, p, end, depth);
    else add_broken(out, p, end, depth);
}

/* A line an item, each with a comma. */
static void add_items(tnn_strbuf *out, piece items, unsigned depth) {
    while (items.length > 0) {
        size_t n = item_end(items);
        add_fitting(out, (piece){items.text, n}, ",", depth);
        while (n < items.length && (items.text[n] == ',' || items.text[n] == ' ')) n++;
        items = (piece){items.text + n, items.length - n};
    }
}

static bool is_name_char(char c) {
    return c == '_' || c == ']' || c == ')' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* Lists have a line an item at once, arguments of calls only where they do not fit into one line. */
static void add_body(tnn_strbuf *out, piece body, bool is_call, unsigned depth) {
    bool single = item_end(body) == body.length;
    if ((is_call || single) && fits(body, 0, depth)) add_line(out, body, "", depth);
    else if (single && is_call) add_broken(out, body, "", depth);
    else add_items(out, body, depth);
}

/* Where the right side of an assignment begins; 0: it is none. */
static size_t right_side(piece p) {
    for (size_t i = 0; i + 3 < p.length; i++)
        if (memcmp(p.text + i, " = ", 3) == 0) return i + 3;
    return 0;
}

/* Where an operator between two operands stands, outside of brackets; 0: there is none. */
static size_t find_operator(piece p) {
    static const char *const operators[] = {" + ", " - ", " * ", " / ", " % ", " == ", " != ", " < ", " <= ", " > ",
                                            " >= ", " & ", " | ", " ^ ", " << ", " >> "};
    int level = 0;
    for (size_t i = 0; i < p.length; i++) {
        if (p.text[i] == '"') i = skip_string(p, i) - 1;
        else if (opens(p.text[i])) level++;
        else if (closes(p.text[i])) level--;
        for (size_t k = 0; level == 0 && p.text[i] == ' ' && k < sizeof operators / sizeof *operators; k++)
            if (p.length - i > strlen(operators[k]) && memcmp(p.text + i, operators[k], strlen(operators[k])) == 0)
                return i;
    }
    return 0;
}

/* The right side of an assignment in parentheses. */
static void add_parenthesized(tnn_strbuf *out, piece p, size_t right, unsigned depth) {
    add_line(out, (piece){p.text, right}, "(", depth);
    add_fitting(out, (piece){p.text + right, p.length - right}, "", depth + 1);
    add_line(out, (piece){")", 1}, "", depth);
}

static void add_broken(tnn_strbuf *out, piece p, const char *end, unsigned depth) {
    size_t open = 0, close = 0, right = right_side(p);
    bool breaks = last_bracket(p, &open, &close) && close - open > 1;
    if (right > 0 && (!breaks || find_operator(p) > 0 || !fits((piece){p.text, open + 1}, 0, depth))) {
        add_parenthesized(out, p, right, depth);
        return;
    }
    size_t between = find_operator(p);
    if (between > 0) {
        add_line(out, (piece){p.text, between}, "", depth);
        p = (piece){p.text + between + 1, p.length - between - 1};
    }
    if (between > 0 || !breaks) {
        add_line(out, p, end, depth);
        return;
    }
    bool is_call = open > 0 && is_name_char(p.text[open - 1]);
    add_line(out, (piece){p.text, open + 1}, "", depth);
    add_body(out, (piece){p.text + open + 1, close - open - 1}, is_call, depth + 1);
    add_indent(out, depth);
    tnn_strbuf_addn(out, p.text + close, p.length - close);
    tnn_strbuf_printf(out, "%s\n", end);
}

void tnn_wrap_statement(tnn_strbuf *out, const char *statement, unsigned depth) {
    add_fitting(out, (piece){statement, strlen(statement)}, "", depth);
}
