/* Names in a generated program: identifiers of Python, each given once. What they name has a key; names may follow those
 * of another program: what has a key that is known there gets the name that it has there, all else a name that is not
 * taken there. */
#ifndef TNN_CODEGEN_NAMES_H
#define TNN_CODEGEN_NAMES_H

#include "base/strmap.h"

typedef struct tnn_names {
    tnn_strmap taken;
    tnn_strmap counts; /* of names with a number, by their kind: uint32_t */
    tnn_strmap given;  /* names by their keys */
    const struct tnn_names *followed; /* NULL: none */
} tnn_names;

/* Errors: TNN_ERR_NOMEM, without details. */
tnn_status tnn_names_init(tnn_names *names, tnn_arena *arena, const tnn_names *followed);

/* What nobody else may be called. Errors: TNN_ERR_NOMEM, without details. */
tnn_status tnn_names_reserve(tnn_names *names, const char *const *reserved, size_t n);

/* "layer1.0.conv1" is "layer1_0_conv1"; what begins with a digit gets `prefix` ("module_"); a name that is taken gets
 * "_1", "_2" … NULL: no memory. */
const char *tnn_names_of_path(tnn_names *names, const char *key, const char *path, const char *prefix);

/* "add_0_f", "add_1_f" …: the next name of its kind, by the format `"%s_%u" ending`. NULL: no memory. */
const char *tnn_names_numbered(tnn_names *names, const char *key, const char *kind, const char *ending);

#endif
