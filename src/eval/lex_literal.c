#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "eval/lex.h"

static bool is_digit(int c) { return c >= '0' && c <= '9'; }

static int hex_value(int c) {
    if (is_digit(c)) return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

static tnn_status add_digit(tnn_lexer *lexer, int64_t *value, int base, int digit, uint64_t position,
                            tnn_error *err) {
    if (*value > (INT64_MAX - digit) / base)
        return tnn_lexer_fail(lexer, position, "an integer does not fit into 64 bits", err);
    *value = *value * base + digit;
    return TNN_OK;
}

static tnn_status take_hex(tnn_lexer *lexer, tnn_token *out, tnn_error *err) {
    tnn_cursor_skip(&lexer->in, 2);
    if (hex_value(tnn_lexer_peek(lexer, 0)) < 0)
        return tnn_lexer_fail(lexer, out->position, "0x without digits", err);
    out->kind = TNN_TOK_INT;
    for (int digit; (digit = hex_value(tnn_lexer_peek(lexer, 0))) >= 0; tnn_cursor_skip(&lexer->in, 1))
        TNN_TRY(add_digit(lexer, &out->integer, 16, digit, out->position, err));
    return TNN_OK;
}

/* Bytes of digits, with a point and an exponent where there are any. */
static size_t number_length(const tnn_lexer *lexer, bool *is_float) {
    size_t n = 0;
    *is_float = false;
    while (is_digit(tnn_lexer_peek(lexer, n))) n++;
    if (tnn_lexer_peek(lexer, n) == '.') {
        *is_float = true;
        for (n++; is_digit(tnn_lexer_peek(lexer, n));) n++;
    }
    if ((tnn_lexer_peek(lexer, n) | 32) != 'e') return n;
    size_t digits = n + 1;
    if (tnn_lexer_peek(lexer, digits) == '+' || tnn_lexer_peek(lexer, digits) == '-') digits++;
    if (!is_digit(tnn_lexer_peek(lexer, digits))) return n;
    *is_float = true;
    for (n = digits; is_digit(tnn_lexer_peek(lexer, n));) n++;
    return n;
}

/* strtod wants the decimal point of the program's locale. */
static tnn_status take_float(tnn_lexer *lexer, size_t n, tnn_token *out, tnn_error *err) {
    const char *point = localeconv()->decimal_point;
    const char *bytes = (const char *)tnn_cursor_bytes(&lexer->in, n);
    const char *dot = memchr(bytes, '.', n);
    size_t before = dot ? (size_t)(dot - bytes) : n;
    const char *head = tnn_arena_strn(lexer->arena, bytes, before);
    const char *tail = tnn_arena_strn(lexer->arena, dot ? dot + 1 : "", dot ? n - before - 1 : 0);
    const char *text = head && tail ? tnn_arena_printf(lexer->arena, "%s%s%s", head, dot ? point : "", tail) : NULL;
    if (!text) return tnn_fail_nomem(err);
    out->kind = TNN_TOK_FLOAT;
    out->number = strtod(text, NULL);
    return TNN_OK;
}

tnn_status tnn_lexer_number(tnn_lexer *lexer, tnn_token *out, tnn_error *err) {
    if (tnn_lexer_peek(lexer, 0) == '0' && (tnn_lexer_peek(lexer, 1) | 32) == 'x') return take_hex(lexer, out, err);
    bool is_float;
    size_t n = number_length(lexer, &is_float);
    if (is_float) return take_float(lexer, n, out, err);
    out->kind = TNN_TOK_INT;
    for (size_t k = 0; k < n; k++, tnn_cursor_skip(&lexer->in, 1))
        TNN_TRY(add_digit(lexer, &out->integer, 10, tnn_lexer_peek(lexer, 0) - '0', out->position, err));
    return TNN_OK;
}

/* Bytes of the string being read; never longer than its source. */
typedef struct text_buffer {
    char *bytes;
    size_t n;
} text_buffer;

static void put_utf8(text_buffer *text, uint32_t code) {
    if (code < 0x80) {
        text->bytes[text->n++] = (char)code;
    } else if (code < 0x800) {
        text->bytes[text->n++] = (char)(0xC0 | (code >> 6));
        text->bytes[text->n++] = (char)(0x80 | (code & 63));
    } else {
        text->bytes[text->n++] = (char)(0xE0 | (code >> 12));
        text->bytes[text->n++] = (char)(0x80 | ((code >> 6) & 63));
        text->bytes[text->n++] = (char)(0x80 | (code & 63));
    }
}

/* \xHH or \uHHHH; a NUL would end the C string early and is refused. */
static tnn_status take_hex_escape(tnn_lexer *lexer, size_t n_digits, text_buffer *text, tnn_error *err) {
    uint32_t code = 0;
    for (size_t k = 0; k < n_digits; k++, tnn_cursor_skip(&lexer->in, 1)) {
        int digit = hex_value(tnn_lexer_peek(lexer, 0));
        if (digit < 0) return tnn_lexer_fail(lexer, lexer->in.pos, "an escape lacks hexadecimal digits", err);
        code = code * 16 + (uint32_t)digit;
    }
    if (code == 0) return tnn_lexer_fail(lexer, lexer->in.pos, "a string holds a NUL", err);
    put_utf8(text, code);
    return TNN_OK;
}

/* \OOO: a byte, as TorchScript writes what is not ASCII. The first digit is already there. */
static tnn_status take_octal_escape(tnn_lexer *lexer, int first, text_buffer *text, tnn_error *err) {
    int code = first - '0';
    for (int k = 0; k < 2 && tnn_lexer_peek(lexer, 0) >= '0' && tnn_lexer_peek(lexer, 0) <= '7'; k++) {
        code = code * 8 + tnn_lexer_peek(lexer, 0) - '0';
        tnn_cursor_skip(&lexer->in, 1);
    }
    if (code == 0 || code > 255)
        return tnn_lexer_fail(lexer, lexer->in.pos, "an octal escape is no byte from 1 to 255", err);
    text->bytes[text->n++] = (char)code;
    return TNN_OK;
}

static tnn_status take_escape(tnn_lexer *lexer, text_buffer *text, tnn_error *err) {
    static const char letters[] = "ntrabfv\\'\"", meanings[] = "\n\t\r\a\b\f\v\\'\"";
    tnn_cursor_skip(&lexer->in, 1);
    int c = tnn_lexer_peek(lexer, 0);
    tnn_cursor_skip(&lexer->in, 1);
    if (c == 'x') return take_hex_escape(lexer, 2, text, err);
    if (c == 'u') return take_hex_escape(lexer, 4, text, err);
    if (c >= '0' && c <= '7') return take_octal_escape(lexer, c, text, err);
    if (c == '\n') {
        lexer->line++;
        return TNN_OK;
    }
    const char *found = c ? strchr(letters, c) : NULL;
    if (!found) return tnn_lexer_fail(lexer, lexer->in.pos - 1, "unknown escape in a string", err);
    text->bytes[text->n++] = meanings[found - letters];
    return TNN_OK;
}

static bool at_quotes(const tnn_lexer *lexer, int quote, size_t n) {
    for (size_t k = 0; k < n; k++)
        if (tnn_lexer_peek(lexer, k) != quote) return false;
    return true;
}

/* Bytes up to the closing quotes, escapes still written out; SIZE_MAX when they are missing. */
static size_t string_length(const tnn_lexer *lexer, int quote, size_t n_quotes) {
    size_t n = 0;
    for (int c; (c = tnn_lexer_peek(lexer, n)) != 0; n++) {
        if (c == '\n' && n_quotes == 1) return SIZE_MAX;
        if (c == '\\') {
            n++;
            continue;
        }
        size_t k = 0;
        while (k < n_quotes && tnn_lexer_peek(lexer, n + k) == quote) k++;
        if (k == n_quotes) return n;
    }
    return SIZE_MAX;
}

tnn_status tnn_lexer_string(tnn_lexer *lexer, bool raw, tnn_token *out, tnn_error *err) {
    int quote = tnn_lexer_peek(lexer, 0);
    size_t n_quotes = at_quotes(lexer, quote, 3) ? 3 : 1;
    tnn_cursor_skip(&lexer->in, n_quotes);
    size_t n = string_length(lexer, quote, n_quotes);
    if (n == SIZE_MAX || n > tnn_cursor_left(&lexer->in))
        return tnn_lexer_fail(lexer, out->position, "a string is not closed", err);
    text_buffer text = {TNN_NEW_ARRAY(lexer->arena, n + 1, char), 0};
    if (!text.bytes) return tnn_fail_nomem(err);
    size_t end = lexer->in.pos + n;
    while (lexer->in.pos < end) {
        int c = tnn_lexer_peek(lexer, 0);
        if (c == '\\' && !raw) {
            TNN_TRY(take_escape(lexer, &text, err));
            continue;
        }
        if (c == '\n') lexer->line++;
        text.bytes[text.n++] = (char)c;
        tnn_cursor_skip(&lexer->in, 1);
    }
    tnn_cursor_skip(&lexer->in, n_quotes);
    out->kind = TNN_TOK_STRING;
    out->text = text.bytes;
    return TNN_OK;
}
