/* Status codes and the error record that every fallible function fills.
 *
 * A function returns TNN_OK or a code; the details stand in the `tnn_error` that the caller owns and
 * passes last. The record holds no pointers and needs no release. It may be NULL where the details are
 * not wanted. On TNN_OK its content is unspecified. */
#ifndef TINYNN_ERROR_H
#define TINYNN_ERROR_H

#include <stdint.h>

#if defined(__GNUC__) && defined(TNN_BUILDING_LIBRARY)
#define TNN_API __attribute__((visibility("default")))
#else
#define TNN_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

typedef enum tnn_status {
    TNN_OK = 0,
    TNN_ERR_INVALID,     /* an argument or option of the caller's is wrong */
    TNN_ERR_MALFORMED,   /* the input breaks its format */
    TNN_ERR_UNSUPPORTED, /* the input is legal, tinynn cannot do it */
    TNN_ERR_NOMEM,       /* memory ran out */
    TNN_ERR_IO,          /* the operating system refused: missing, unreadable, unwritable, full */
    TNN_ERR_LIMIT,       /* the input exceeds a limit of the options */
    TNN_ERR_INTERNAL,    /* a mistake of ours: a stage left a graph that does not verify */
    TNN_ERR_CANCELLED    /* the caller's progress function said so */
} tnn_status;

#define TNN_NO_POSITION UINT64_MAX

typedef struct tnn_error {
    tnn_status code;
    uint64_t position;  /* byte in the file or part that `where` names; TNN_NO_POSITION: none */
    char where[160];    /* file, part of a file or node that the error is about; "" when none */
    char message[800];  /* one line: what was found, what was expected */
} tnn_error;

/* The code's name, for example "malformed". Never NULL. */
TNN_API const char *tnn_status_name(tnn_status status);

/* Write `where @position: message` into `out`, cut to `out_bytes` with its final NUL.
 * Returns the length of the whole text, as snprintf does. */
TNN_API int tnn_error_format(const tnn_error *error, char *out, uint64_t out_bytes);

#ifdef __cplusplus
}
#endif
#endif
