/* How an error is raised and passed up. */
#ifndef TNN_BASE_FAIL_H
#define TNN_BASE_FAIL_H

#include <stddef.h>

#include "tinynn/error.h"

#if defined(__GNUC__)
#define TNN_PRINTF(format_index, first_arg) __attribute__((format(printf, format_index, first_arg)))
#else
#define TNN_PRINTF(format_index, first_arg)
#endif

/* Pass a failure up to the caller. */
#define TNN_TRY(call)                                                                              \
    do {                                                                                           \
        tnn_status try_status_ = (call);                                                           \
        if (try_status_ != TNN_OK) return try_status_;                                             \
    } while (0)

/* Fill `err` (may be NULL) and return `code`. `where` may be NULL. Line breaks in the text become spaces. */
tnn_status tnn_fail(tnn_error *err, tnn_status code, const char *where, const char *format, ...)
    TNN_PRINTF(4, 5);

/* The same with a position in the input. */
tnn_status tnn_fail_at(tnn_error *err, tnn_status code, const char *where, uint64_t position,
                       const char *format, ...) TNN_PRINTF(5, 6);

/* TNN_ERR_NOMEM. Inline, so that compilers see that it never returns TNN_OK. */
static inline tnn_status tnn_fail_nomem(tnn_error *err) {
    tnn_fail(err, TNN_ERR_NOMEM, NULL, "out of memory");
    return TNN_ERR_NOMEM;
}

/* Put "outer: " before `err->where`, or set it when it is empty: a reader of a part names the whole file. */
void tnn_error_prefix(tnn_error *err, const char *outer);

#endif
