/* Bytes of a Python pickle, protocols 2 to 5, to a plain tree. Nothing is executed: a global is a name from a fixed
 * list, a call stays a record of what would be called with what.
 *
 *   LIST, TUPLE, SET      items
 *   DICT                  items: key, value, key, value ...; collections.OrderedDict becomes one
 *   GLOBAL                text: "torch._utils._rebuild_tensor_v2"
 *   REDUCE                callable (a GLOBAL), args (a TUPLE): what Python would call to make the object
 *   PERSISTENT            args: the id, for torch the tuple ('storage', type, key, location, n_elems)
 *
 * An object may be shared by several places (memo). Cycles are refused, and nesting is at most max_depth, so the
 * tree may be walked by recursion; but walking everything can take exponential time when a file shares on purpose. */
#ifndef TNN_READ_PICKLE_H
#define TNN_READ_PICKLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"

typedef enum tnn_pickle_kind {
    TNN_PICKLE_NONE,
    TNN_PICKLE_BOOL,
    TNN_PICKLE_INT,
    TNN_PICKLE_FLOAT,
    TNN_PICKLE_STRING,
    TNN_PICKLE_BYTES,
    TNN_PICKLE_LIST,
    TNN_PICKLE_TUPLE,
    TNN_PICKLE_SET,
    TNN_PICKLE_DICT,
    TNN_PICKLE_GLOBAL,
    TNN_PICKLE_REDUCE,
    TNN_PICKLE_PERSISTENT
} tnn_pickle_kind;

typedef struct tnn_pickle tnn_pickle;
struct tnn_pickle {
    tnn_pickle_kind kind;
    uint32_t height;   /* 1 + the largest of what it holds; set by tnn_pickle_check */
    int64_t integer;   /* INT, BOOL */
    double number;     /* FLOAT */
    const char *text;  /* STRING, GLOBAL: NUL-terminated; BYTES; length bytes */
    size_t length;
    tnn_pickle **items; /* containers */
    size_t n_items, cap_items;
    tnn_pickle *callable, *args; /* REDUCE; args also PERSISTENT */
    tnn_pickle *state;           /* what BUILD gave, or NULL */
    const void *made;            /* what the reader of the tree made of the object; NULL at first */
};

typedef struct tnn_pickle_options {
    uint32_t max_depth;   /* nesting of containers */
    uint64_t max_objects; /* objects and items of containers in all */
    /* To tell what a file holds, not to use it: globals that are not on the list stay as names, anything may be a
     * callable, a REDUCE may have items, and neither cycles nor depth are checked: who walks such a tree bounds the walk. */
    bool lenient;
    bool classes; /* a TorchScript archive: globals of its own program, "__torch__.…", may appear */
} tnn_pickle_options;

tnn_pickle_options tnn_pickle_options_default(void);

/* Read the pickle at the beginning of `data`; the tree lives in `arena`. `name` is for messages.
 * Errors: TNN_ERR_MALFORMED with the position, TNN_ERR_UNSUPPORTED (an opcode or a global that is not on the list,
 * named; a cycle), TNN_ERR_LIMIT (depth, count, an integer beyond 64 bits), TNN_ERR_NOMEM. */
tnn_status tnn_pickle_load(tnn_pickle **out, tnn_arena *arena, const void *data, size_t size, const char *name,
                           const tnn_pickle_options *options, tnn_error *err);

/* The same for the pickle at `*position` of `data`, which is moved behind it. */
tnn_status tnn_pickle_load_at(tnn_pickle **out, tnn_arena *arena, const void *data, size_t size, size_t *position,
                              const char *name, const tnn_pickle_options *options, tnn_error *err);

/* No cycles, height at most max_depth. tnn_pickle_load does it.
 * Errors: TNN_ERR_UNSUPPORTED (a cycle), TNN_ERR_LIMIT. */
tnn_status tnn_pickle_check(tnn_pickle *root, uint32_t max_depth, const char *name, tnn_error *err);

/* Value of a string key in a DICT; NULL: absent, or not a DICT. */
tnn_pickle *tnn_pickle_get(const tnn_pickle *dict, const char *key);

/* Is it a REDUCE of this global? */
bool tnn_pickle_calls(const tnn_pickle *object, const char *global);

/* Is "module.name" on the list of globals that may appear? */
bool tnn_pickle_allows(const char *global);

#endif
