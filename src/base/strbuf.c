/* Growing text, and the release of texts that were given to users. */
#include "base/strbuf.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "tinynn/model.h"

/* Room for `more` characters and the final NUL. */
static bool reserve(tnn_strbuf *buf, size_t more) {
    if (buf->failed) return false;
    if (more < buf->cap - buf->length) return true;
    size_t need = buf->length + more + 1;
    size_t cap = buf->cap < 64 ? 64 : buf->cap;
    while (cap < need && cap <= SIZE_MAX / 2) cap *= 2;
    char *data = need <= buf->length || cap < need ? NULL : tnn_realloc(buf->data, cap, 1);
    buf->failed = data == NULL;
    if (buf->failed) return false;
    buf->data = data;
    buf->cap = cap;
    return true;
}

void tnn_strbuf_addn(tnn_strbuf *buf, const char *text, size_t length) {
    if (!reserve(buf, length)) return;
    if (length != 0) memcpy(buf->data + buf->length, text, length);
    buf->length += length;
    buf->data[buf->length] = '\0';
}

void tnn_strbuf_add(tnn_strbuf *buf, const char *text) {
    tnn_strbuf_addn(buf, text, strlen(text));
}

void tnn_strbuf_printf(tnn_strbuf *buf, const char *format, ...) {
    va_list args;
    va_start(args, format);
    int length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (length < 0) buf->failed = true;
    if (length < 0 || !reserve(buf, (size_t)length)) return;
    va_start(args, format);
    vsnprintf(buf->data + buf->length, (size_t)length + 1, format, args);
    va_end(args);
    buf->length += (size_t)length;
}

static bool is_tail(unsigned char byte) {
    return (byte & 0xC0) == 0x80;
}

/* Bytes of the well-formed UTF-8 character at `s`, 0 when it is none (RFC 3629: no overlong forms, no
 * surrogates, nothing above U+10FFFF). Stops at the final NUL. */
static size_t utf8_length(const unsigned char *s) {
    if (s[0] < 0x80) return 1;
    if (s[0] < 0xC2 || s[0] > 0xF4 || !is_tail(s[1])) return 0;
    if (s[0] < 0xE0) return 2;
    if ((s[0] == 0xE0 && s[1] < 0xA0) || (s[0] == 0xED && s[1] > 0x9F)) return 0;
    if (!is_tail(s[2])) return 0;
    if (s[0] < 0xF0) return 3;
    if ((s[0] == 0xF0 && s[1] < 0x90) || (s[0] == 0xF4 && s[1] > 0x8F)) return 0;
    return is_tail(s[3]) ? 4 : 0;
}

void tnn_strbuf_json(tnn_strbuf *buf, const char *text) {
    tnn_strbuf_add(buf, "\"");
    for (const unsigned char *s = (const unsigned char *)text; *s != '\0';) {
        size_t length = utf8_length(s);
        if (length == 0) {
            tnn_strbuf_add(buf, "\\ufffd");
            length = 1;
        } else if (*s < 0x20) {
            tnn_strbuf_printf(buf, "\\u%04x", *s);
        } else {
            if (*s == '"' || *s == '\\') tnn_strbuf_add(buf, "\\");
            tnn_strbuf_addn(buf, (const char *)s, length);
        }
        s += length;
    }
    tnn_strbuf_add(buf, "\"");
}

void tnn_strbuf_html(tnn_strbuf *buf, const char *text) {
    for (const unsigned char *s = (const unsigned char *)text; *s != '\0';) {
        size_t length = utf8_length(s);
        bool plain = length > 0 && *s >= 0x20 && strchr("&<>\"'", *s) == NULL;
        if (plain) tnn_strbuf_addn(buf, (const char *)s, length);
        else tnn_strbuf_printf(buf, "&#%u;", length > 0 && *s >= 0x20 ? (unsigned)*s : 0xFFFDu);
        s += length > 0 ? length : 1;
    }
}

char *tnn_strbuf_take(tnn_strbuf *buf) {
    tnn_strbuf_addn(buf, "", 0);
    char *text = buf->data;
    if (buf->failed) {
        tnn_free(text);
        text = NULL;
    }
    memset(buf, 0, sizeof *buf);
    return text;
}

void tnn_strbuf_free(tnn_strbuf *buf) {
    tnn_free(buf->data);
    memset(buf, 0, sizeof *buf);
}

void tnn_text_free(char *text) {
    tnn_free(text);
}
