#include "codegen/names.h"

#include <string.h>

static const char *const keywords[] = {
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del",
    "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal",
    "not", "or", "pass", "raise", "return", "try", "while", "with", "yield", "self", "torch",
};

static tnn_status copy_taken(tnn_strmap *to, const tnn_strmap *from) {
    for (size_t i = 0; i < from->n_entries; i++)
        if (tnn_strmap_set(to, from->entries[i].key, from->entries[i].value) != TNN_OK) return TNN_ERR_NOMEM;
    return TNN_OK;
}

/* Counts go on apart from those that they begin with. */
static tnn_status copy_counts(tnn_strmap *to, const tnn_strmap *from) {
    for (size_t i = 0; i < from->n_entries; i++) {
        uint32_t *count = TNN_NEW(to->arena, uint32_t);
        if (!count || tnn_strmap_set(to, from->entries[i].key, count) != TNN_OK) return TNN_ERR_NOMEM;
        *count = *(const uint32_t *)from->entries[i].value;
    }
    return TNN_OK;
}

tnn_status tnn_names_init(tnn_names *names, tnn_arena *arena, const tnn_names *followed) {
    tnn_strmap_init(&names->taken, arena);
    tnn_strmap_init(&names->counts, arena);
    tnn_strmap_init(&names->given, arena);
    names->followed = followed;
    if (!followed) return TNN_OK;
    tnn_status status = copy_taken(&names->taken, &followed->taken);
    return status == TNN_OK ? copy_counts(&names->counts, &followed->counts) : status;
}

tnn_status tnn_names_reserve(tnn_names *names, const char *const *reserved, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (tnn_strmap_set(&names->taken, reserved[i], names) != TNN_OK) return TNN_ERR_NOMEM;
    return TNN_OK;
}

static bool is_keyword(const char *name) {
    for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++)
        if (strcmp(keywords[i], name) == 0) return true;
    return false;
}

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

static bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

/* `name` itself, or with the first number that makes it free. */
static const char *take(tnn_names *names, const char *name) {
    const char *free_name = name;
    for (unsigned n = 1; free_name && (tnn_strmap_find(&names->taken, free_name) || is_keyword(free_name)); n++)
        free_name = tnn_arena_printf(names->taken.arena, "%s_%u", name, n);
    if (!free_name || tnn_strmap_set(&names->taken, free_name, names) != TNN_OK) return NULL;
    return free_name;
}

/* What `key` is called in the program that is followed; NULL: it is not there. */
static const char *followed_name(const tnn_names *names, const char *key) {
    return names->followed ? tnn_strmap_get(&names->followed->given, key) : NULL;
}

static const char *give(tnn_names *names, const char *key, const char *name) {
    if (!name) return NULL;
    char *copy = tnn_arena_str(names->given.arena, name);
    return copy && tnn_strmap_set(&names->given, key, copy) == TNN_OK ? copy : NULL;
}

const char *tnn_names_of_path(tnn_names *names, const char *key, const char *path, const char *prefix) {
    const char *known = followed_name(names, key);
    if (known) return give(names, key, known);
    char *name = tnn_arena_printf(names->taken.arena, "%s%s", is_digit(path[0]) || !path[0] ? prefix : "", path);
    for (char *c = name; c && *c; c++)
        if (!is_letter(*c) && !is_digit(*c)) *c = '_';
    return name ? give(names, key, take(names, name)) : NULL;
}

const char *tnn_names_numbered(tnn_names *names, const char *key, const char *kind, const char *ending) {
    const char *known = followed_name(names, key);
    if (known) return give(names, key, known);
    uint32_t *count = tnn_strmap_get(&names->counts, kind);
    if (!count) {
        count = TNN_NEW(names->taken.arena, uint32_t);
        if (!count || tnn_strmap_set(&names->counts, kind, count) != TNN_OK) return NULL;
    }
    const char *name = tnn_arena_printf(names->taken.arena, "%s_%u%s", kind, *count, ending);
    (*count)++;
    return name ? give(names, key, take(names, name)) : NULL;
}
