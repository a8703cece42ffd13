/* A text that grows. Failure is sticky: after memory ran out, every later call does nothing. */
#ifndef TNN_BASE_STRBUF_H
#define TNN_BASE_STRBUF_H

#include <stdbool.h>
#include <stddef.h>

#include "base/fail.h"

typedef struct tnn_strbuf {
    char *data; /* NUL-terminated once anything was added; NULL before */
    size_t length, cap;
    bool failed;
} tnn_strbuf;

void tnn_strbuf_add(tnn_strbuf *buf, const char *text);
void tnn_strbuf_addn(tnn_strbuf *buf, const char *text, size_t length);
void tnn_strbuf_printf(tnn_strbuf *buf, const char *format, ...) TNN_PRINTF(2, 3);
/* A JSON string literal with its quotes. */
void tnn_strbuf_json(tnn_strbuf *buf, const char *text);
/* A text in HTML, between tags or in quotes. */
void tnn_strbuf_html(tnn_strbuf *buf, const char *text);
/* The text, owned by the caller and released by tnn_free; NULL when memory ran out. `buf` is empty after. */
char *tnn_strbuf_take(tnn_strbuf *buf);
void tnn_strbuf_free(tnn_strbuf *buf);

#endif
