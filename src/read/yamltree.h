/* YAML as a tree, by libyaml, with getters that say where a value stands.
 *
 * A node that an alias names is one node with several parents; it counts against the limit wherever it is named, so
 * that a walk over the tree is bounded. Tags but those of texts, lists and mappings are refused, and so are two keys
 * of one name. */
#ifndef TNN_READ_YAMLTREE_H
#define TNN_READ_YAMLTREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

typedef enum tnn_yaml_kind { TNN_YAML_SCALAR, TNN_YAML_SEQUENCE, TNN_YAML_MAPPING } tnn_yaml_kind;

typedef struct tnn_yaml tnn_yaml;
struct tnn_yaml {
    tnn_yaml_kind kind;
    bool plain;            /* a scalar that is not quoted: it may be null */
    const char *text;      /* SCALAR */
    const tnn_yaml **keys; /* MAPPING: n scalars */
    const tnn_yaml **items; /* SEQUENCE: n; MAPPING: the values of the keys */
    size_t n;
    uint64_t n_nodes;      /* this one and all below */
    const char *file;      /* for messages */
    uint64_t line, column; /* from 1 */
};

typedef struct tnn_yaml_limits {
    size_t max_bytes;   /* default 4 MiB */
    uint32_t max_depth; /* default 64 */
    uint64_t max_nodes; /* default 100,000 */
} tnn_yaml_limits;

tnn_yaml_limits tnn_yaml_limits_default(void);

/* The one document of a text; an empty one is null. All lives in `arena`, `file` is borrowed.
 *   limits  NULL: defaults
 * Errors: TNN_ERR_MALFORMED with line and column, TNN_ERR_LIMIT, TNN_ERR_NOMEM. */
tnn_status tnn_yaml_parse(const tnn_yaml **out, tnn_arena *arena, const void *text, size_t n_bytes, const char *file,
                          const tnn_yaml_limits *limits, tnn_error *err);

/* "line 3, column 5: …" of the node's file. */
tnn_status tnn_yaml_fail(const tnn_yaml *at, tnn_status code, tnn_error *err, const char *format, ...) TNN_PRINTF(4, 5);

/* The value of a key; NULL when the mapping lacks it or it is null. */
const tnn_yaml *tnn_yaml_get(const tnn_yaml *mapping, const char *key);

/* Errors: TNN_ERR_MALFORMED (another kind; a key that is none of `n_known`, with the nearest of them). */
tnn_status tnn_yaml_expect(const tnn_yaml *at, tnn_yaml_kind kind, tnn_error *err);
tnn_status tnn_yaml_expect_keys(const tnn_yaml *at, const char *const *known, size_t n_known, tnn_error *err);

/* The text of a scalar that is not null; NULL for `at` NULL. Errors: TNN_ERR_MALFORMED. */
tnn_status tnn_yaml_text(const char **out, const tnn_yaml *at, tnn_error *err);

#endif
